//! The examples of a rule as vectors for hosts: what goes in and what must come out, as JSON and as bytes. Whoever embeds the module
//! runs them before trusting it.

use std::fmt::Write as _;

use concord_engine::plan::Package;
use concord_engine::plan::fingerprint::hex;
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::golden::Tried;
use crate::module::{Bytes, Module};
use crate::output::Output;

/// The version of this format.
const FORMAT: u32 = 2;

/// The vectors of a module's examples, as text: a line each, so that a difference between two versions can be read.
///
/// # Errors
/// Where the module stops: said on standard error.
pub fn vectors(package: &Package, module: &mut Module, tried: Vec<Tried<'_>>, output: &Output) -> Result<String, Exit> {
    let head = json!({ "vectors": FORMAT, "package": package.credentials.path, "module": module.sha256() });
    let head = head.to_string();
    let mut text = format!("{},\n\"cases\": [", head.trim_end_matches('}'));
    for (number, tried) in tried.into_iter().enumerate() {
        let vector = vector(package, module, tried, output)?;
        let comma = if number == 0 { "" } else { "," };
        let vector = serde_json::to_string(&vector).map_err(|_| Exit::Internal)?;
        write!(text, "{comma}\n{vector}").map_err(|_| Exit::Internal)?;
    }
    text.push_str("\n]}\n");
    Ok(text)
}

fn vector(package: &Package, module: &mut Module, mut tried: Tried<'_>, output: &Output) -> Result<Value, Exit> {
    let case = &tried.example.case;
    let Bytes { placed, given: memory, out, outcome } = module.evaluate_with_bytes(case, &tried.settings, output)?;
    let answers = tried.answers(package, module.program(), &outcome);
    let parts = [
        ("name", tried.example.name.as_str().into()),
        ("case", tried.case),
        ("settings", tried.set.into()),
        ("answers", answers.into()),
        ("memory", json!({ "at": placed.record, "bytes": hex(&memory), "record_out": placed.out })),
        ("record_out", hex(&out).into()),
    ];
    Ok(parts.into_iter().map(|(name, part): (_, Value)| (name.to_owned(), part)).collect())
}
