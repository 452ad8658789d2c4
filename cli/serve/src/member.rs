//! A member's settings for a request: those of the manifest whose approval holds on the day as of which a case is judged. Which day that is, and what a caller sets
//! itself, only the module says, as in every host: whoever read either a second time would sometimes read it otherwise.

use concord_wasm::run::Replied;
use concord_wasm::run::approvals::{Approval, InForce, in_force, ways};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::faults::{codes, read};
use crate::module::Served;
use crate::pool::{Entry, Failure, GROUP};
use crate::problem::SETTINGS;
use crate::reply::Reply;

/// What a member has set otherwise than the group.
#[derive(Clone, Deserialize)]
struct Differs {
    parameter: String,
    value: Value,
    approved_on: String,
    until: Option<String>,
}

/// Under which settings a request is answered.
pub struct Terms {
    /// Those that it sends, as JSON.
    given: String,
    /// And those of its member that it does not set itself.
    differs: Vec<Differs>,
}

/// What a module replied, and the member's settings that were not in force.
pub struct Asked {
    /// What it replied.
    pub replied: Replied,
    /// By name, in the order of the manifest.
    pub not_applied: Vec<String>,
}

impl Terms {
    /// Of what a request sends, and of the member that it names.
    ///
    /// # Errors
    /// Where there is no such member, or the settings are refused.
    pub fn of(served: &Served, given: String, member: Option<&str>) -> Result<Terms, Box<Reply>> {
        let Some(code) = member else { return Ok(Terms { given, differs: Vec::new() }) };
        let members = served.manifest.pointer("/logic/members").and_then(Value::as_array);
        let code_of = |member: &Value| member.get("code").and_then(Value::as_str).map(str::to_owned);
        let found = members.into_iter().flatten().find(|member| code_of(member).as_deref() == Some(code));
        let Some(found) = found else {
            let known: Vec<String> = members.into_iter().flatten().filter_map(code_of).collect();
            let expected = match known.is_empty() {
                true => "none: this package has no members".to_owned(),
                false => format!("one of {}", known.join(", ")),
            };
            let fault = json!({ "code": "member", "at": "", "expected": expected });
            return Err(Box::new(SETTINGS.of_module(&json!({ "refused": [fault] }))));
        };
        let all = found.get("differs").and_then(Value::as_array).cloned().unwrap_or_default(); // one that has set nothing
        let mut terms = Terms { given, differs: Vec::new() };
        for differs in all.into_iter().filter_map(|differs| serde_json::from_value::<Differs>(differs).ok()) {
            if terms.given == GROUP {
                terms.differs.push(differs);
                continue;
            }
            // What the request sets itself the module refuses to have twice.
            match served.pool.ask(b"{}", Entry::Evaluate, &terms.with([&differs])) {
                Err(Failure::Settings(faults)) => {
                    let faults = read(&faults);
                    if !codes(&faults).contains(&"D05") {
                        return Err(Box::new(SETTINGS.of_module(&faults)));
                    }
                }
                _ => terms.differs.push(differs),
            }
        }
        Ok(terms)
    }

    /// Those of the request and of its member, whether or not they are in force.
    pub fn all(&self) -> String {
        self.with(&self.differs)
    }

    /// Puts a case to a module under the settings that are in force for it.
    ///
    /// # Errors
    /// As a pool has them.
    pub fn ask(&self, served: &Served, case: &[u8], entry: Entry) -> Result<Asked, Failure> {
        let ask = |way: &InForce| served.pool.ask(case, entry, &self.settings(way));
        let (approvals, mut broken) = (self.approvals(), None);
        for way in ways(&approvals) {
            let replied = match ask(&way) {
                Ok(Replied::Broken(said)) => {
                    broken = Some(Ok(Replied::Broken(said)));
                    continue;
                }
                Err(Failure::Settings(faults)) => {
                    broken = Some(Err(Failure::Settings(faults)));
                    continue;
                }
                replied => replied?,
            };
            // A case that is refused is so whatever is set.
            let Replied::Answered(record) = &replied else { return Ok(self.asked(replied, &way)) };
            let right = in_force(&approvals, as_of(record).as_deref());
            return Ok(if right == way { self.asked(replied, &way) } else { self.asked(ask(&right)?, &right) });
        }
        let none = in_force(&approvals, None);
        broken.unwrap_or_else(|| ask(&none)).map(|replied| self.asked(replied, &none))
    }

    fn asked(&self, replied: Replied, way: &InForce) -> Asked {
        let open = self.differs.iter().zip(way).filter(|(_, holds)| !**holds);
        Asked { replied, not_applied: open.map(|(differs, _)| differs.parameter.clone()).collect() }
    }

    fn approvals(&self) -> Vec<Approval<'_>> {
        self.differs.iter().map(|of| Approval { first: &of.approved_on, last: of.until.as_deref() }).collect()
    }

    fn settings(&self, way: &InForce) -> String {
        self.with(self.differs.iter().zip(way).filter(|(_, holds)| **holds).map(|(differs, _)| differs))
    }

    /// The settings of the request with these before them, so that the module sees what is given twice; what is no object stays as it is.
    fn with<'d>(&self, those: impl IntoIterator<Item = &'d Differs>) -> String {
        let said = |of: &Differs| format!("{}:{}", Value::from(of.parameter.as_str()), of.value);
        let said: Vec<String> = those.into_iter().map(said).collect();
        let blank = |letter: char| matches!(letter, ' ' | '\t' | '\r' | '\n');
        match self.given.trim_start_matches(blank).strip_prefix('{') {
            Some(rest) if !said.is_empty() => {
                let comma = if rest.trim_start_matches(blank).starts_with('}') { "" } else { "," };
                format!("{{{}{comma}{rest}", said.join(","))
            }
            _ => self.given.clone(),
        }
    }
}

/// The instant as of which a record was made.
fn as_of(record: &[u8]) -> Option<String> {
    /// All of a record that matters here.
    #[derive(Deserialize)]
    struct Judged {
        as_of: Option<String>,
    }
    serde_json::from_slice::<Judged>(record).ok()?.as_of
}
