//! A module is checked before it is trusted.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use concord_engine::plan::fingerprint::hex;
use concord_wasm::abi::ABI_VERSION;
use concord_wasm::run::{Alone, Loaded, RunError, interface};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::decision::Decision;
use crate::error::Error;
use crate::hooks::{Call, Hooks};
use crate::info::Manifest;
use crate::pool::Pool;
use crate::rule::{Rule, Said};
use crate::table::Placing;

/// For those who set no deadline: longer than any process runs.
pub(crate) const NO_DEADLINE: Duration = Duration::from_secs(3_000_000_000);

/// How a rule is loaded.
#[derive(Clone, Default)]
pub struct Loading {
    sha256: Option<String>,
    fingerprint: Option<String>,
    allow_draft: bool,
    trust: bool,
    hooks: Hooks,
}

impl Loading {
    /// Drafts are refused, and golden cases answered first.
    #[must_use]
    pub fn new() -> Loading {
        Loading::default()
    }

    /// The hash that the file must have, in hexadecimal digits.
    #[must_use]
    pub fn sha256(mut self, hash: impl Into<String>) -> Loading {
        self.sha256 = Some(hash.into().to_ascii_lowercase());
        self
    }

    /// The fingerprint that its logic must have.
    #[must_use]
    pub fn fingerprint(mut self, hash: impl Into<String>) -> Loading {
        self.fingerprint = Some(hash.into().to_ascii_lowercase());
        self
    }

    /// Lets a rule answer that nobody has approved.
    #[must_use]
    pub fn allow_draft(mut self) -> Loading {
        self.allow_draft = true;
        self
    }

    /// Takes a module that has not answered its golden cases first.
    #[must_use]
    pub fn without_verifying(mut self) -> Loading {
        self.trust = true;
        self
    }

    /// Is told of every call, for metrics: nothing of the patient.
    #[must_use]
    pub fn on_call(mut self, tell: impl Fn(&Call<'_>) + Send + Sync + 'static) -> Loading {
        self.hooks.call = Some(Arc::new(tell));
        self
    }

    /// Is told of every answer, for the decision log, and of the SHA-256 of the case's text as it went in.
    #[must_use]
    pub fn on_decision(mut self, tell: impl Fn(&Decision, &str) + Send + Sync + 'static) -> Loading {
        self.hooks.decision = Some(Arc::new(tell));
        self
    }

    /// Loads a file.
    pub(crate) fn file(&self, path: &Path) -> Result<Rule, Error> {
        let bytes = fs::read(path).map_err(|error| Error::unread(path, &error))?;
        match fs::read(path.with_extension("manifest.json")) {
            Ok(beside) => {
                let named = serde_json::from_slice(&beside).map(|said: Manifest| said.module.sha256);
                if named.map_or(true, |named| named != hash(&bytes)) {
                    return Err(refused("sha256", "it is not the module that the manifest beside it names"));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::unread(path, &error)),
        }
        self.bytes(bytes)
    }

    /// Loads a module.
    pub(crate) fn bytes(&self, bytes: Vec<u8>) -> Result<Rule, Error> {
        let sha256 = hash(&bytes);
        if self.sha256.as_ref().is_some_and(|wanted| *wanted != sha256) {
            return Err(refused("sha256", format!("its SHA-256 is {sha256}")));
        }
        let not_one = |error: RunError| refused("module", error);
        let loaded = Loaded::compile(&bytes, Some(NO_DEADLINE)).map_err(not_one)?;
        let mut first = loaded.start().map_err(|error| match interface(&bytes) {
            Ok(ABI_VERSION) => refused("interface", error),
            Ok(version) => refused("interface", format!("it speaks version {version} of the interface")),
            Err(error) => refused("interface", error),
        })?;
        let mut said = self.admit(&mut first)?;
        said.info.sha256 = sha256;
        Ok(Rule::new(bytes, said, Pool::new(loaded, first), self.hooks.clone()))
    }

    /// Reads what a module says of itself, and decides whether it may answer.
    fn admit(&self, first: &mut Alone) -> Result<Said, Error> {
        let text = first.describe()?.filter(|_| first.takes_json());
        let text = text.ok_or_else(|| refused("json", "it does not take cases as JSON, or carries no manifest"))?;
        let said: Manifest = serde_json::from_slice(&text).map_err(|error| refused("json", error))?;
        if !said.module.json {
            return Err(refused("json", "it does not say that it takes cases as JSON"));
        }
        #[derive(Deserialize)]
        struct Placed {
            layout: Placing,
        }
        let placed: Placed = serde_json::from_slice(&text).map_err(|error| refused("json", error))?;
        if !placed.layout.is_whole() {
            return Err(refused("json", "its manifest is damaged: it does not say where columns lie"));
        }
        let fingerprint = &said.logic.fingerprint;
        if self.fingerprint.as_ref().is_some_and(|wanted| wanted != fingerprint) {
            return Err(refused("fingerprint", format!("the fingerprint of its logic is {fingerprint}")));
        }
        if said.logic.status != "approved" && !self.allow_draft {
            return Err(refused("draft", "it is a draft that nobody has approved"));
        }
        if !self.trust {
            match first.self_test()? {
                Some(0) => {}
                Some(wrong) => {
                    let why = format!("golden cases that are not answered as they must be: {wrong}");
                    return Err(refused("self_test", why));
                }
                None => return Err(refused("self_test", "it carries no golden cases")),
            }
        }
        Ok(Said { info: said.logic, schema: said.layout, placing: placed.layout })
    }
}

pub(crate) fn refused(code: &'static str, why: impl ToString) -> Error {
    Error::RuleRefused(code, why.to_string())
}

pub(crate) fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
