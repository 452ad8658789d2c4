//! Settings for one evaluation: a member's own, from the members' files, and those given on the command line as `NAME=VALUE` in the
//! rule's own words.

use concord_engine::plan::case::Settings;
use concord_engine::plan::library::Member;
use concord_engine::plan::{Id, Package, ParameterId, Plan};
use concord_engine::values::calendar::show_date;

use crate::data::answer_json::read_setting;
use crate::data::value::within_contract;
use crate::exit::Exit;
use crate::output::Output;

/// What was asked for, before the day of the case is known.
pub struct Asked<'a> {
    plan: &'a Plan,
    member: Option<&'a Member>,
    given: Vec<(ParameterId, i64)>,
}

impl<'a> Asked<'a> {
    /// Reads what was asked for; a setting outside the contract is refused.
    ///
    /// # Errors
    /// Where a name or value is not known, or the contract does not allow it: said on standard error.
    pub fn read(package: &'a Package, member: Option<&str>, given: &[String], output: &Output) -> Result<Self, Exit> {
        let member = match member {
            Some(code) => Some(member_called(package, code, output)?),
            None => None,
        };
        let plan = &package.plan;
        let given = given.iter().map(|text| setting(plan, text, output)).collect::<Result<_, _>>()?;
        Ok(Asked { plan, member, given })
    }

    /// The settings for a case asked about on a day (since 1970). A member's setting whose approval does not hold on that day is left
    /// out and noted: the group's value counts, where there is one.
    #[must_use]
    pub fn on(&self, day: i64, output: &Output) -> Settings {
        let mut settings: Settings = vec![None; self.plan.parameters.len()];
        let mut set = |parameter: ParameterId, value: i64| {
            if let Some(place) = settings.get_mut(parameter.place()) {
                *place = Some(value);
            }
        };
        for (member, setting) in self.member.iter().flat_map(|m| m.settings.iter().map(move |s| (m, s))) {
            if setting.holds_on(day) {
                set(setting.parameter, setting.value);
                continue;
            }
            let parameter = self.plan.parameters.get(setting.parameter);
            let name = parameter.map_or("", |p| &p.name);
            let instead = not_applied(parameter.is_some_and(|p| p.value.is_some()));
            let from = show_date(setting.approval.on);
            let until = setting.until.map(|until| format!(" to {}", show_date(until))).unwrap_or_default();
            let why = format!("its approval holds from {from}{until}, not on {}", show_date(day));
            output.note(&format!("`{name}` as set by {} is not applied: {why}; {instead}", member.code));
        }
        self.given.iter().for_each(|(parameter, value)| set(*parameter, *value));
        settings
    }
}

/// What counts in the place of a setting that does not hold.
#[must_use]
pub fn not_applied(group_gives_one: bool) -> &'static str {
    if group_gives_one { "the group's value counts" } else { "it counts as not set, as the group gives no value" }
}

fn member_called<'a>(package: &'a Package, code: &str, output: &Output) -> Result<&'a Member, Exit> {
    package.members.iter().find(|m| m.code == code).ok_or_else(|| {
        let known: Vec<&str> = package.members.iter().map(|m| m.code.as_str()).collect();
        let help = match known.as_slice() {
            [] => "no members folder was found above the rule".to_owned(),
            known => format!("the members are {}", known.join(", ")),
        };
        output.error(&format!("there is no member `{code}`"), Some(&help));
        Exit::Usage
    })
}

/// `NAME=VALUE`: the parameter and its value.
fn setting(plan: &Plan, text: &str, output: &Output) -> Result<(ParameterId, i64), Exit> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    let found = plan.parameters.placed().find(|(_, p)| p.name == name);
    let Some((index, parameter)) = found else {
        let known: Vec<&str> = plan.parameters.iter().map(|p| p.name.as_str()).collect();
        let help = match known.as_slice() {
            [] => "this package has no parameters".to_owned(),
            known => format!("its parameters are {}", known.join(", ")),
        };
        output.error(&format!("there is no parameter `{name}`"), Some(&help));
        return Err(Exit::Usage);
    };
    let value = read_setting(plan, &parameter.ty, parameter.shape, value).map_err(|why| {
        output.error(&format!("--set {name}: {why}"), None);
        Exit::Usage
    })?;
    within_contract(parameter, value).map_err(|why| {
        output.error(&why, None);
        Exit::Rule
    })?;
    Ok((index, value))
}
