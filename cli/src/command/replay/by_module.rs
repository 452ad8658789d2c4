//! Cases judged again by a module alone, which is all that whoever embeds it has.

use std::path::Path;
use std::time::Duration;

use concord_wasm::run::{Alone, Replied, RunError};
use serde_json::{Map, Value};

use crate::command::sign::read;
use crate::exit::Exit;
use crate::manifest;
use crate::output::Output;

/// How long a case may take: nothing is known of a module that lies in a file but that it answers its own cases.
const LONGEST: Duration = Duration::from_secs(60);

/// A module that answers, and what it says of itself.
pub struct ByModule {
    module: Alone,
    logic: Value,
}

impl ByModule {
    /// The module of a file, which answers its own cases first.
    ///
    /// # Errors
    /// Where it does not, or takes no cases as JSON: said on standard error.
    pub fn start(path: &Path, output: &Output) -> Result<ByModule, Exit> {
        let bytes = read(path, output)?;
        let refuse = |why: String, help: &str, exit: Exit| {
            output.error(&format!("{}: {why}", path.display()), Some(help));
            exit
        };
        let unfit = |why| refuse(why, "do not use this module; ask whoever gave it to you", Exit::Rule);
        let carried = manifest::carried(&bytes).map_err(unfit)?;
        let mut module = Alone::start(&bytes, Some(LONGEST)).map_err(|error| unfit(error.to_string()))?;
        match module.self_test().map_err(|error| unfit(error.to_string()))? {
            Some(0) | None => {}
            Some(failures) => return Err(unfit(format!("its self-test fails: {failures}"))),
        }
        let logic = carried.filter(|_| module.takes_json()).and_then(|carried| carried.get("logic").cloned());
        let logic = logic.ok_or_else(|| {
            let why = "this module does not take cases as JSON".to_owned();
            refuse(why, "give the rule: `concord replay RULE`", Exit::Usage)
        })?;
        Ok(ByModule { module, logic })
    }

    /// The package, its version, and the fingerprint of its logic.
    pub fn identity(&self) -> [String; 3] {
        // What a manifest does not say is shown as nothing, and no record has it.
        let said = |name: &str| self.logic.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        [said("package"), said("version"), said("fingerprint")]
    }

    /// The instant at which a case is judged, where the rule asks for one, and its answers, with the settings and the instant of its record.
    ///
    /// # Errors
    /// Where the module refuses the case or the settings, or stops: said on standard error.
    pub fn answers(
        &mut self,
        which: &str,
        (case, record): (&Map<String, Value>, &Map<String, Value>),
        output: &Output,
    ) -> Result<(Option<String>, Map<String, Value>), Exit> {
        let stopped = |error: RunError| {
            output.error(&format!("{which}: {error}"), None);
            Exit::Rule
        };
        // A record without settings was made with the group's own.
        let settings = record.get("settings").cloned().unwrap_or_else(|| Map::new().into());
        let mut case = case.clone();
        if let (false, Some(as_of)) =
            (case.contains_key("as_of"), record.get("as_of").filter(|as_of| as_of.is_string()))
        {
            case.insert("as_of".to_owned(), as_of.clone());
        }
        let mut replied = self.module.configure_json(settings.to_string().as_bytes()).map_err(stopped)?;
        if matches!(replied, Replied::Answered(_)) {
            replied = self.module.evaluate_json(Value::Object(case).to_string().as_bytes()).map_err(stopped)?;
        }
        let (text, answered) = match replied {
            Replied::Answered(text) => (text, true),
            Replied::Refused(text) | Replied::Broken(text) => (text, false),
        };
        let said: Map<String, Value> = serde_json::from_slice(&text).map_err(|_| Exit::Internal)?;
        match said.get("answers").and_then(Value::as_object).filter(|_| answered) {
            Some(answers) => Ok((said.get("as_of").and_then(Value::as_str).map(str::to_owned), answers.clone())),
            None => {
                output.error(&format!("{which}: the module does not answer this: {}", Value::Object(said)), None);
                Err(Exit::Data)
            }
        }
    }
}
