//! Settings for cases that a module alone answers: those of the command line, and a member's, which its manifest has.

use concord_engine::syntax::spelling::nearest;
use concord_engine::values::calendar::{read_date, show_date};
use serde_json::{Map, Value};

use crate::exit::Exit;
use crate::output::Output;
use crate::settings::not_applied;

/// What was asked for, before the day of a case is known.
pub struct Settings {
    given: Map<String, Value>,
    member: Option<Value>,
    /// The parameters to which the group gives no value.
    left_to_members: Vec<String>,
}

impl Settings {
    /// Reads what was asked for, in the rule's own words, as JSON has it. Whether the contract allows it the module says.
    ///
    /// # Errors
    /// Where there is no such parameter or member: said on standard error.
    pub fn read(manifest: &Value, member: Option<&str>, given: &[String], output: &Output) -> Result<Settings, Exit> {
        let mut settings = Map::new();
        for text in given {
            // A setting without a value is refused by the module.
            let (name, value) = text.split_once('=').unwrap_or((text, ""));
            let Some(parameter) = parameter(manifest, name) else {
                return Err(no_parameter(manifest, name, output));
            };
            settings.insert(name.to_owned(), setting(parameter, value.trim()));
        }
        let member = member.map(|code| member_called(manifest, code, output)).transpose()?;
        let left = parameters(manifest).filter(|of| of.get("value").is_none_or(Value::is_null));
        let left_to_members = left.filter_map(|of| of.get("name")?.as_str().map(str::to_owned)).collect();
        Ok(Settings { given: settings, member, left_to_members })
    }

    /// Whether they depend on the day of a case.
    pub fn of_a_member(&self) -> bool {
        self.member.is_some()
    }

    /// Those for a case asked about on a day (since 1970). A member's setting whose approval does not hold then is left out and noted.
    pub fn on(&self, day: Option<i64>, output: &Output) -> Map<String, Value> {
        let mut settings = self.given.clone();
        let Some(day) = day else { return settings };
        let of = |differs: &Value, key: &str| differs.get(key).and_then(Value::as_str).map(str::to_owned);
        let differs = self.member.as_ref().and_then(|member| member.get("differs")?.as_array());
        for one in differs.into_iter().flatten() {
            let Some(name) = of(one, "parameter").filter(|name| !settings.contains_key(name)) else { continue };
            let (from, until) = (of(one, "approved_on"), of(one, "until"));
            let date = |text: &Option<String>| text.as_deref().and_then(|text| read_date(text).ok());
            let holds = date(&from).is_some_and(|from| from <= day) && date(&until).is_none_or(|until| day <= until);
            if holds {
                settings.extend(one.get("value").map(|value| (name, value.clone())));
                continue;
            }
            let until = until.map(|until| format!(" to {until}")).unwrap_or_default();
            // An approval always says from when it holds.
            let from = from.unwrap_or_default();
            let why = format!("its approval holds from {from}{until}, not on {}", show_date(day));
            let instead = not_applied(!self.left_to_members.contains(&name));
            output.note(&format!("the member's `{name}` is not applied: {why}; {instead}"));
        }
        settings
    }
}

/// Between which two values members may set a parameter, in the words of the rule: a length of time in the unit in which both are whole.
pub fn bounds(manifest: &Value, name: &str) -> Option<String> {
    const UNITS: [(i64, &str); 4] = [(86_400_000, " days"), (3_600_000, " h"), (60_000, " min"), (1_000, " s")];
    let of = parameter(manifest, name)?;
    if of.pointer("/type/kind")?.as_str() == Some("duration") {
        let end = |key: &str| of.pointer(&format!("/members_may_set/{key}"))?.as_i64();
        let (from, to) = (end("from")?, end("to")?);
        let (unit, word) = UNITS.into_iter().find(|(unit, _)| from % unit == 0 && to % unit == 0)?;
        return Some(format!("from {}{word} to {}{word}", from / unit, to / unit));
    }
    let all = manifest.pointer("/logic/parameters")?.as_array()?;
    let said = all.iter().find(|of| of.get("name").and_then(Value::as_str) == Some(name))?;
    let end = |key: &str| said.pointer(&format!("/members_may_set/{key}"))?.as_str();
    Some(format!("from {} to {}", end("from")?, end("to")?))
}

fn parameter<'m>(manifest: &'m Value, name: &str) -> Option<&'m Value> {
    parameters(manifest).find(|of| of.get("name").and_then(Value::as_str) == Some(name))
}

fn parameters(manifest: &Value) -> impl Iterator<Item = &Value> {
    manifest.pointer("/layout/parameters").and_then(Value::as_array).into_iter().flatten()
}

fn no_parameter(manifest: &Value, name: &str, output: &Output) -> Exit {
    let known: Vec<&str> = parameters(manifest).filter_map(|of| of.get("name")?.as_str()).collect();
    let help = match (known.as_slice(), nearest(name, known.iter().copied())) {
        ([], _) => "this rule has no parameters".to_owned(),
        (known, None) => format!("its parameters are {}", known.join(", ")),
        (known, Some(near)) => format!("did you mean `{near}`? Its parameters are {}", known.join(", ")),
    };
    output.error(&format!("there is no parameter `{name}`"), Some(&help));
    Exit::Usage
}

fn member_called(manifest: &Value, code: &str, output: &Output) -> Result<Value, Exit> {
    let members = || manifest.pointer("/logic/members").and_then(Value::as_array).into_iter().flatten();
    let code_of = |member: &'_ Value| member.get("code").and_then(Value::as_str).map(str::to_owned);
    members().find(|member| code_of(member).as_deref() == Some(code)).cloned().ok_or_else(|| {
        let known: Vec<String> = members().filter_map(code_of).collect();
        let help = if known.is_empty() {
            "the rule knows no members".to_owned()
        } else {
            format!("the members are {}", known.join(", "))
        };
        output.error(&format!("there is no member `{code}`"), Some(&help));
        Exit::Usage
    })
}

/// A setting in the rule's own words as JSON has it.
fn setting(parameter: &Value, text: &str) -> Value {
    let ty = |key: &str| parameter.pointer(&format!("/type/{key}")).and_then(Value::as_str);
    match (ty("kind"), text) {
        (Some("yes_no"), "yes" | "true") => true.into(),
        (Some("yes_no"), "no" | "false") => false.into(),
        (Some("number"), _) => {
            // What is no number is refused by the module.
            let bare = ty("unit").and_then(|unit| text.strip_suffix(unit)).unwrap_or(text).trim();
            serde_json::from_str(bare).unwrap_or_else(|_| text.into())
        }
        _ => text.into(),
    }
}
