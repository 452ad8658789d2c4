//! FHIR bundles, each read as a case by what the rule says of its facts and events.

use std::fs::File;
use std::io::{self, Cursor, Read as _};
use std::path::Path;

use concord_fhir::{Mapped, Wanted, read};
use flate2::read::MultiGzDecoder;
use serde_json::Value;

use super::input::Brought;
use super::sink::Sink;
use crate::args::Eval;
use crate::exit::Exit;
use crate::output::Output;

/// A bundle that was read, or cannot be: [`Exit::Data`].
pub struct Bundles {
    /// The cases, one a line where there are several bundles.
    pub cases: Brought,
    /// How well they could be read.
    pub exit: Exit,
}

/// Reads the bundles as cases of a module that says this of itself; what became of each is told. None where only the cases were wanted: they are
/// written.
pub fn cases(args: &Eval, manifest: &Value, as_of: Option<i64>, output: &Output) -> Result<Option<Bundles>, Exit> {
    let wanted = Wanted::of(manifest).map_err(|why| {
        output.error(&why, Some("give each fact its code; docs/language.md, \"What records call a fact\""));
        Exit::Usage
    })?;
    let mut texts = Vec::new();
    let mut exit = Exit::Fine;
    for path in &args.fhir {
        let name = path.display();
        let bytes = bytes(path).map_err(|error| {
            output.error(&format!("{name}: {error}"), None);
            Exit::Usage
        })?;
        match read(&bytes, &wanted, as_of) {
            Ok(Mapped { case, report }) => {
                report.lines().iter().for_each(|line| output.note(&format!("{name}: {line}")));
                texts.push(case.to_string());
            }
            Err(why) => {
                output.error(&format!("{name}: {why}"), None);
                exit = Exit::Data;
            }
        }
    }
    if args.as_case {
        let mut sink = Sink::new(args.out.as_deref(), output)?;
        texts.iter().try_for_each(|text| sink.line(text))?;
        sink.finish()?;
        return if exit == Exit::Fine { Ok(None) } else { Err(exit) };
    }
    let cases = match (args.fhir.len(), texts.pop()) {
        (_, None) => return Err(exit),
        (1, Some(only)) => Brought::Json(only.into_bytes()),
        (_, Some(last)) => {
            texts.push(last);
            Brought::Lines(Box::new(Cursor::new(texts.join("\n").into_bytes())))
        }
    };
    Ok(Some(Bundles { cases, exit }))
}

/// A file, unpacked where it is packed.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    /// More than this is no record of one patient.
    const MOST: u64 = 256 << 20;
    let file = File::open(path)?;
    let mut bytes = Vec::new();
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz")) {
        MultiGzDecoder::new(file).take(MOST + 1).read_to_end(&mut bytes)?;
    } else {
        file.take(MOST + 1).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// The worse of two ends.
pub fn worse(one: Exit, other: Exit) -> Exit {
    if (one as u8) < (other as u8) { other } else { one }
}
