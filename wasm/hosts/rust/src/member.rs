//! A member's settings: those of the manifest whose approval holds.

use concord_engine::values::calendar::{local_date, read_instant, show_date};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::decision::NotApplied;
use crate::error::{Error, Fault};
use crate::info::{Differs, Info};

/// The settings of a call, as JSON, and those of the member that do not hold.
pub(crate) fn settings(
    info: &Info,
    case: &[u8],
    member: Option<&str>,
    given: Option<&str>,
) -> Result<(String, Vec<NotApplied>), Error> {
    let given = given.unwrap_or("{}");
    let Some(code) = member else { return Ok((given.to_owned(), Vec::new())) };
    let Some(found) = info.members.iter().find(|member| member.code == code) else {
        let known: Vec<&str> = info.members.iter().map(|member| member.code.as_str()).collect();
        let expected = format!("one of {}", known.join(", "));
        return Err(Error::SettingRefused(vec![Fault {
            code: "member".to_owned(),
            at: String::new(),
            expected: Some(expected),
        }]));
    };
    // What is no object is left to the module, which says what is wrong with it.
    let Ok(mut own) = serde_json::from_str::<Map<String, Value>>(given) else {
        return Ok((given.to_owned(), Vec::new()));
    };
    let day = day(case);
    let mut not_applied = Vec::new();
    for differs in found.differs.iter().filter(|differs| !own.contains_key(&differs.parameter)).collect::<Vec<_>>() {
        if day.as_ref().is_some_and(|day| holds(differs, day)) {
            own.insert(differs.parameter.clone(), differs.value.clone());
        } else {
            let Differs { parameter, approved_on, until, .. } = differs.clone();
            not_applied.push(NotApplied { parameter, approved_on, until });
        }
    }
    Ok((Value::Object(own).to_string(), not_applied))
}

/// Whether a setting's approval holds on a day; days are text, which is in order.
fn holds(differs: &Differs, day: &String) -> bool {
    *day >= differs.approved_on && differs.until.as_ref().is_none_or(|until| day <= until)
}

/// The day in London of a case's `as_of`, where it has one that can be read.
fn day(case: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Judged {
        as_of: String,
    }
    let judged: Judged = serde_json::from_slice(case).ok()?;
    Some(show_date(local_date(read_instant(&judged.as_of).ok()?)))
}
