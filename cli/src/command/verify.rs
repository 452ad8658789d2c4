//! `concord verify`: whether a module is the one that was signed, and the one that its rule compiles to.

use std::path::Path;
use std::{fs, io};

use concord_engine::plan::fingerprint::{fingerprint, hex};
use concord_wasm::abi::{ABI_VERSION, MANIFEST_SECTION, VECTORS_SECTION};
use concord_wasm::run::{Alone, interface};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::build::{examples_hold, for_batches};
use super::sign::{names, public_key, read};
use crate::args::Verify;
use crate::exit::Exit;
use crate::files::file_name;
use crate::manifest::{self, BATCH, written};
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
    if args.module.extension().is_some_and(|extension| extension == "json") {
        let title = format!("{}: this is not the module", args.module.display());
        output.error(
            &title,
            Some("give the module, NAME.wasm: the manifest and the signature beside it are read as well"),
        );
        return Err(Exit::Usage);
    }
    let module = read(&args.module, output)?;
    let refuse = |path: &Path, why: &str| {
        output.error(&format!("{}: {why}", path.display()), Some("do not use this module; ask whoever gave it to you"));
        Exit::Rule
    };
    let carried = manifest::carried(&module).map_err(|why| refuse(&args.module, &why))?;
    let beside = args.module.with_extension("manifest.json");
    let stands_beside = beside.exists() || carried.is_none();
    let text = match &carried {
        Some(carried) if !stands_beside => {
            written(&manifest::beside(carried.clone(), None, &file_name(&args.module), &module)).into_bytes()
        }
        _ => there(&beside, output)?,
    };
    let said = names(&text, &module).map_err(|why| refuse(&beside, &why))?;
    let sha256 = said_text(&said, "/module/sha256");
    let by = if stands_beside { ", as its manifest says" } else { "" };
    let mut found = Found(vec![("module", format!("SHA-256 {sha256}{by}"))]);
    // Nothing of a module runs before it is known who signed it.
    let signature = signature(args, (beside.as_path(), text.as_slice()), &refuse, output)?;
    let spoken = interface(&module).map_err(|error| refuse(&args.module, &error.to_string()))?;
    if spoken != ABI_VERSION || said.get("binary_interface") != Some(&json!(spoken)) {
        let why = format!("it speaks version {spoken} of the binary interface, and this program version {ABI_VERSION}");
        return Err(refuse(&args.module, &why));
    }
    found.0.push(("interface", format!("version {spoken}, no imports")));
    if let Some(carried) = &carried {
        // Of a module for batches beside it, it knows nothing; the rule does.
        let mut of_module = said.clone();
        of_module.as_object_mut().map(|said| said.shift_remove("batches"));
        if manifest::beside(carried.clone(), None, &said_text(&said, "/module/file"), &module) != of_module {
            return Err(refuse(&beside, "it says something else than the manifest that the module carries"));
        }
        found.0.extend(tried(&module).map_err(|why| refuse(&args.module, &why))?);
    }
    found.0.push(("signature", signature));
    found.0.extend(batches(args, &said, &refuse, output)?.map(|found| ("batches", found)));
    match &args.rule {
        Some(rule) => {
            let of = Rebuilt { rule, module: &module, said: &said, plain: carried.is_none() };
            found.0.push(("source", of.same(&refuse, output)?));
        }
        None => found.0.push(("source", "not compared: give the rule with --rule".to_owned())),
    }
    tell(args, &said, &found, output)
}

/// Who signed a manifest, where that is asked.
fn signature(
    args: &Verify,
    (beside, text): (&Path, &[u8]),
    refuse: &dyn Fn(&Path, &str) -> Exit,
    output: &Output,
) -> Result<String, Exit> {
    let Some(key) = &args.key else { return Ok("not checked: give the public key with --key".to_owned()) };
    let public = public_key(key, output)?;
    let signature = there(&signing::beside(beside), output)?;
    signing::check(&public, text, &signature).map_err(|why| refuse(&signing::beside(beside), &why))?;
    Ok(format!("made with the key of {}", key.display()))
}

/// A file that belongs to a module. One that is not there is no fault of the command line: what is to be checked is not vouched for.
fn there(path: &Path, output: &Output) -> Result<Vec<u8>, Exit> {
    fs::read(path).map_err(|error| {
        let help = "a signed module is three files, NAME.wasm, NAME.manifest.json and NAME.manifest.json.sig: ask whoever gave it to you for all of them";
        output.error(&format!("{}: {error}", path.display()), Some(help));
        if error.kind() == io::ErrorKind::NotFound { Exit::Rule } else { Exit::Usage }
    })
}

/// The module for batches that a manifest names, which hosts and audits take where it lies beside the module; none where it names none.
fn batches(
    args: &Verify,
    said: &Value,
    refuse: &dyn Fn(&Path, &str) -> Exit,
    output: &Output,
) -> Result<Option<String>, Exit> {
    let Some(wanted) = said.pointer("/batches/sha256").and_then(Value::as_str) else { return Ok(None) };
    let path = args.module.with_extension(BATCH);
    if !path.exists() {
        return Ok(Some(format!("not compared: {} is not there", file_name(&path))));
    }
    let sha256 = hex(&Sha256::digest(read(&path, output)?));
    if sha256 != wanted {
        let why = format!("it is not the module for batches that the manifest names: its SHA-256 is {sha256}");
        return Err(refuse(&path, &why));
    }
    Ok(Some(format!("SHA-256 {sha256}, as the manifest says")))
}

/// What a module that carries its manifest says of itself when it runs.
fn tried(module: &[u8]) -> Result<Vec<(&'static str, String)>, String> {
    let mut running = Alone::start(module, Some(Alone::PATIENCE)).map_err(|error| error.to_string())?;
    let described = running.describe().map_err(|error| error.to_string())?;
    let carried = concord_wasm::abi::carried(module, MANIFEST_SECTION)?;
    if described != carried.map(String::into_bytes) {
        return Err("it describes itself otherwise than the file does".to_owned());
    }
    let golden = match running.self_test().map_err(|error| error.to_string())? {
        Some(0) => {
            let vectors = concord_wasm::abi::carried(module, VECTORS_SECTION)?.unwrap_or_else(|| "{}".to_owned());
            let vectors: Value = serde_json::from_str(&vectors).map_err(|error| error.to_string())?;
            let cases = vectors.get("cases").and_then(Value::as_array).map_or(0, Vec::len);
            format!("{cases} golden cases that it carries are answered as they must be")
        }
        Some(failures) => return Err(format!("its self-test fails: {failures}")),
        None => "it takes no JSON, so it carries no golden cases".to_owned(),
    };
    Ok(vec![("self-test", golden)])
}

/// A module that is compiled again.
struct Rebuilt<'a> {
    rule: &'a Path,
    module: &'a [u8],
    said: &'a Value,
    /// Whether it carries nothing, and takes no JSON.
    plain: bool,
}

impl Rebuilt<'_> {
    /// Compiles the rule again and holds module and manifest to what comes out.
    fn same(&self, refuse: &dyn Fn(&Path, &str) -> Exit, output: &Output) -> Result<String, Exit> {
        let Rebuilt { rule, module, said, plain } = self;
        let (loaded, package) = project::one(rule, output)?;
        let logic = fingerprint(&package);
        if said_text(said, "/logic/fingerprint") != logic {
            let why = format!("its logic is {logic}, and the manifest says {}", said_text(said, "/logic/fingerprint"));
            return Err(refuse(rule, &why));
        }
        let examples: Vec<_> = loaded.examples().collect();
        let whole = || Module::whole(&package, &examples, None, output);
        let mut built = if *plain { Module::build_plain(&package, output) } else { whole() }?;
        if built.bytes() != *module {
            return Err(refuse(
                rule,
                "it compiles to other bytes, though to the same logic: another version of Concord built the module, or from other examples",
            ));
        }
        let tried = examples_hold(rule, &loaded, &package, &mut built, output)?;
        let carried = manifest::manifest(&package, built.layout(), built.takes_json(), tried);
        let batches = said.get("batches").map(|_| for_batches(&loaded, &package, output)).transpose()?;
        if manifest::beside(carried, batches.as_ref(), &said_text(said, "/module/file"), module) != **said {
            return Err(refuse(rule, "the manifest says something else than what the rule gives"));
        }
        Ok(format!("{} compiles to these bytes and this manifest; {tried} examples hold", rule.display()))
    }
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
