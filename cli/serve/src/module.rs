//! One module that is served: what its manifest says of it, and its instances. It is tried with the golden cases that it carries
//! before anybody is answered from it.

use std::sync::Arc;
use std::time::Duration;

use concord_engine::plan::fingerprint::hex;
use concord_fhir::Wanted;
use concord_wasm::abi::MANIFEST_SECTION;
use concord_wasm::run::{Alone, Loaded};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::pool::Pool;

/// Says whether a manifest bears a signature that counts, or why not.
pub type Signed = Arc<dyn Fn(&[u8], &[u8]) -> Result<(), String> + Send + Sync>;

/// On which terms a module is served.
#[derive(Clone)]
pub struct Terms {
    /// Whether it may be a draft.
    pub allow_draft: bool,
    /// The longest that one case may take.
    pub deadline: Duration,
    /// Whether its manifest must be signed, and by whom.
    pub signed: Option<Signed>,
}

/// What stands in the files of a module.
pub struct Files {
    /// NAME.wasm.
    pub module: Vec<u8>,
    /// NAME.manifest.json.
    pub manifest: Option<Vec<u8>>,
    /// NAME.manifest.json.sig.
    pub signature: Option<Vec<u8>>,
}

impl Files {
    /// The hash of the module, as records have it.
    pub fn hash(&self) -> String {
        format!("sha256:{}", hex(&Sha256::digest(&self.module)))
    }

    /// Holds the module to the manifest beside it, and that to its signature.
    fn hold(&self, terms: &Terms) -> Result<(), String> {
        let Some(manifest) = &self.manifest else {
            let needed = terms.signed.is_some();
            return if needed { Err("no signed manifest stands beside it".to_owned()) } else { Ok(()) };
        };
        let said: Value = serde_json::from_slice(manifest).map_err(|_| "the manifest beside it is none".to_owned())?;
        // A manifest that names no module is of none.
        let said = said.pointer("/module/sha256").and_then(Value::as_str).unwrap_or_default();
        if self.hash().strip_prefix("sha256:") != Some(said) {
            return Err("it is not the module that the manifest beside it is of".to_owned());
        }
        match (&terms.signed, &self.signature) {
            (None, _) => Ok(()),
            (Some(_), None) => Err("the manifest beside it is not signed".to_owned()),
            (Some(signed), Some(signature)) => signed(manifest, signature),
        }
    }
}

/// A module that is served.
pub struct Served {
    /// `clinical.news2`.
    pub package: String,
    /// `1.0.0`.
    pub version: String,
    /// The hash of its logic.
    pub fingerprint: String,
    /// `sha256:` and the hash of its bytes.
    pub hash: String,
    /// The days on which it is in force, as `2026-04-01`; open where there is none.
    pub in_force: [Option<String>; 2],
    /// All that it says of itself.
    pub manifest: Value,
    /// What it takes of FHIR; or why it takes nothing.
    pub wanted: Result<Wanted, String>,
    /// Its instances.
    pub pool: Pool,
}

impl Served {
    /// Reads a module and tries it.
    ///
    /// # Errors
    /// Why it is not served, in words.
    pub fn read(files: &Files, terms: &Terms) -> Result<Served, String> {
        let bytes = &files.module;
        files.hold(terms)?;
        let carried = concord_wasm::abi::carried(bytes, MANIFEST_SECTION)?;
        let carried = carried.ok_or("it carries no manifest; build it without --no-json")?;
        let manifest: Value =
            serde_json::from_str(&carried).map_err(|error| format!("its manifest is none: {error}"))?;
        let said = |at: &str| manifest.pointer(at).and_then(Value::as_str).map(str::to_owned);
        let (Some(package), Some(version), Some(fingerprint)) =
            (said("/logic/package"), said("/logic/version"), said("/logic/fingerprint"))
        else {
            return Err("its manifest does not say whose logic it is".to_owned());
        };
        if said("/logic/status").as_deref() != Some("approved") && !terms.allow_draft {
            return Err(format!("{package} {version} is a draft, which is served with --allow-draft only"));
        }
        let loaded = Loaded::compile(bytes, Some(terms.deadline)).map_err(|error| error.to_string())?;
        let tried = tried(&loaded, &carried)?;
        let in_force = [said("/logic/in_force/from"), said("/logic/in_force/until")];
        let (hash, wanted, pool) = (files.hash(), Wanted::of(&manifest), Pool::new(loaded, tried));
        Ok(Served { package, version, fingerprint, hash, in_force, manifest, wanted, pool })
    }

    /// Whether it is in force on a day.
    pub fn holds_on(&self, day: &str) -> bool {
        let [from, until] = &self.in_force;
        from.as_deref().is_none_or(|from| from <= day) && until.as_deref().is_none_or(|until| day <= until)
    }

    /// Its version as numbers, by which versions are put in order.
    pub fn numbers(&self) -> Vec<u64> {
        // The compiler writes numbers alone; whatever else stands first.
        self.version.split('.').map(|part| part.parse().unwrap_or(0)).collect()
    }
}

/// An instance that answers its golden cases as it must.
fn tried(loaded: &Loaded, carried: &str) -> Result<Alone, String> {
    let mut running = loaded.start().map_err(|error| error.to_string())?;
    if !running.takes_json() {
        return Err("it takes no cases as JSON".to_owned());
    }
    if running.describe().map_err(|error| error.to_string())?.as_deref() != Some(carried.as_bytes()) {
        return Err("it describes itself otherwise than the file does".to_owned());
    }
    match running.self_test().map_err(|error| error.to_string())? {
        Some(0) => {}
        failures => {
            let failures = failures.map_or_else(|| "none of".to_owned(), |failures| format!("all but {failures} of"));
            return Err(format!("it answers {failures} its golden cases as it must"));
        }
    }
    Ok(running)
}
