//! `concord verify`: whether a module is the one that was signed, and the one that its rule compiles to.

use std::path::Path;

use concord_engine::plan::fingerprint::fingerprint;
use concord_wasm::abi::ABI_VERSION;
use concord_wasm::run::interface;
use serde_json::{Value, json};

use super::build::{examples_hold, for_batches};
use super::sign::{names, read};
use crate::args::Verify;
use crate::exit::Exit;
use crate::manifest::manifest;
use crate::module::Module;
use crate::output::Output;
use crate::{project, signing};

/// Checks a module from the outside in, and stops at the first thing that does not hold.
pub fn run(args: &Verify, output: &Output) -> Exit {
    verify(args, output).unwrap_or_else(|exit| exit)
}

/// What was checked, and what was found.
struct Found(Vec<(&'static str, String)>);

fn verify(args: &Verify, output: &Output) -> Result<Exit, Exit> {
    let module = read(&args.module, output)?;
    let beside = args.module.with_extension("manifest.json");
    let text = read(&beside, output)?;
    let refuse = |path: &Path, why: &str| {
        output.error(&format!("{}: {why}", path.display()), Some("do not use this module; ask whoever gave it to you"));
        Exit::Rule
    };
    let said = names(&text, &module).map_err(|why| refuse(&beside, &why))?;
    let mut found =
        Found(vec![("module", format!("SHA-256 {}, as its manifest says", said_text(&said, "/module/sha256")))]);
    let spoken = interface(&module).map_err(|error| refuse(&args.module, &error.to_string()))?;
    if spoken != ABI_VERSION || said.get("binary_interface") != Some(&json!(spoken)) {
        let why = format!("it speaks version {spoken} of the binary interface, and this program version {ABI_VERSION}");
        return Err(refuse(&args.module, &why));
    }
    found.0.push(("interface", format!("version {spoken}, no imports")));
    match &args.key {
        Some(key) => {
            let (public, signature) = (read(key, output)?, read(&signing::beside(&beside), output)?);
            let held = signing::check(&String::from_utf8_lossy(&public), &text, &signature);
            held.map_err(|why| refuse(&signing::beside(&beside), &why))?;
            found.0.push(("signature", format!("made with the key of {}", key.display())));
        }
        None => found.0.push(("signature", "not checked: give the public key with --key".to_owned())),
    }
    match &args.rule {
        Some(rule) => found.0.push(("source", rebuilt(rule, &module, &said, &refuse, output)?)),
        None => found.0.push(("source", "not compared: give the rule with --rule".to_owned())),
    }
    tell(args, &said, &found, output)
}

/// Compiles the rule again and holds module and manifest to what comes out.
fn rebuilt(
    rule: &Path,
    module: &[u8],
    said: &Value,
    refuse: &dyn Fn(&Path, &str) -> Exit,
    output: &Output,
) -> Result<String, Exit> {
    let (loaded, package) = project::one(rule, output)?;
    let logic = fingerprint(&package);
    if said_text(said, "/logic/fingerprint") != logic {
        let why = format!("its logic is {logic}, and the manifest says {}", said_text(said, "/logic/fingerprint"));
        return Err(refuse(rule, &why));
    }
    let plain = said.pointer("/module/json") == Some(&Value::Bool(false));
    let mut built = if plain { Module::build_plain(&package, output) } else { Module::build(&package, output) }?;
    if built.bytes() != module {
        return Err(refuse(
            rule,
            "it compiles to other bytes, though to the same logic: another version of Concord built the module",
        ));
    }
    let tried = examples_hold(rule, &loaded, &package, &mut built, output)?;
    let file = said_text(said, "/module/file");
    let batches = said.get("batches").map(|_| for_batches(&loaded, &package, output)).transpose()?;
    if manifest(&package, &built, batches.as_ref(), &file, tried) != *said {
        return Err(refuse(rule, "the manifest says something else than what the rule gives"));
    }
    Ok(format!("{} compiles to these bytes and this manifest; {tried} examples hold", rule.display()))
}

fn said_text(manifest: &Value, pointer: &str) -> String {
    manifest.pointer(pointer).and_then(Value::as_str).unwrap_or("nothing").to_owned()
}

fn tell(args: &Verify, said: &Value, found: &Found, output: &Output) -> Result<Exit, Exit> {
    let (package, version) = (said_text(said, "/logic/package"), said_text(said, "/logic/version"));
    let status = said_text(said, "/logic/status");
    if args.json {
        let checks = found.0.iter().map(|(what, result)| ((*what).to_owned(), json!(result)));
        let whole = json!({ "package": package, "version": version, "status": status, "verified": checks.collect::<serde_json::Map<_, _>>() });
        output.data(&format!("{whole}\n"))?;
        return Ok(Exit::Fine);
    }
    output.note(&format!("{package} {version} ({status})"));
    found.0.iter().for_each(|(what, result)| output.note(&format!("{what:<10} {result}")));
    Ok(Exit::Fine)
}
