//! `concord sign`: a signature over the manifest of a module, which names the module by its hash.

use std::fs;
use std::path::Path;

use concord_engine::plan::fingerprint::hex;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::args::Sign;
use crate::exit::Exit;
use crate::output::Output;
use crate::{files, signing};

/// Signs a module that is the one its manifest names.
pub fn run(args: &Sign, output: &Output) -> Exit {
    sign(args, output).unwrap_or_else(|exit| exit)
}

fn sign(args: &Sign, output: &Output) -> Result<Exit, Exit> {
    let module = read(&args.module, output)?;
    let beside = args.module.with_extension("manifest.json");
    let manifest = read(&beside, output)?;
    names(&manifest, &module).map_err(|why| {
        output.error(
            &format!("{}: {why}", beside.display()),
            Some("build the module again: `concord build` writes both"),
        );
        Exit::Rule
    })?;
    let key = read(&args.key, output)?;
    let signature = signing::sign(&String::from_utf8_lossy(&key), &manifest).map_err(|why| {
        output.error(&format!("{}: {why}", args.key.display()), None);
        Exit::Usage
    })?;
    let path = signing::beside(&beside);
    files::write(&path, &signature, output)?;
    output.note(&format!("signed  {}  the manifest, and by its hash the module", path.display()));
    Ok(Exit::Fine)
}

/// The bytes of a file.
pub fn read(path: &Path, output: &Output) -> Result<Vec<u8>, Exit> {
    fs::read(path).map_err(|error| {
        output.error(&format!("{}: {error}", path.display()), None);
        Exit::Usage
    })
}

/// The text of a public key, where it is one: what is wrong with it says nothing of what it is held to.
pub fn public_key(path: &Path, output: &Output) -> Result<String, Exit> {
    let key = String::from_utf8_lossy(&read(path, output)?).into_owned();
    signing::is_public_key(&key).map_err(|why| {
        let help = "give the public key of whoever signed, NAME.pub.pem as `concord keygen` writes it";
        output.error(&format!("{}: {why}", path.display()), Some(help));
        Exit::Usage
    })?;
    Ok(key)
}

/// The manifest, where it names this module by its hash.
pub fn names(manifest: &[u8], module: &[u8]) -> Result<Value, String> {
    let manifest: Value =
        serde_json::from_slice(manifest).map_err(|error| format!("this is not a manifest: {error}"))?;
    let named = manifest.pointer("/module/sha256").and_then(Value::as_str).ok_or("it names no module")?;
    let found = hex(&Sha256::digest(module));
    if named == found {
        return Ok(manifest);
    }
    Err(format!("it names a module with SHA-256 {named}, and the file has {found}"))
}
