//! Members of a run: their exports side by side as one, and the rules that each ran.

mod join;
mod missing;
mod named;

pub use join::{OfMember, join};
pub use missing::missing;
pub(super) use named::Named;

use concord_engine::evaluate::Outcome;
use concord_engine::plan::case::{Case, Settings};
use concord_engine::plan::library::Member;
use concord_engine::plan::{AnswerKind, Package, Plan, Verdict};
use concord_engine::values::calendar::{DAY, local_from_instant};
use std::collections::BTreeMap;

/// What is said of a member in the definition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberRun {
    /// Its code.
    pub code: String,
    /// The version that it ran, where it is said.
    pub version: Option<String>,
    /// Whether that version's rules are given, so that its cases are judged by them too.
    pub judged: bool,
    /// The first day on which it ran that version.
    pub from: Option<i64>,
    /// The last.
    pub until: Option<i64>,
}

impl MemberRun {
    /// Whether it ran that version on a day.
    #[must_use]
    pub fn holds_on(&self, day: i64) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// The verdicts of a case, one for each obligation of the group's plan: none where the rules that judged do not have it; then none where it is
/// unknown.
pub type AsRun = Vec<Option<Option<Verdict>>>;

/// What a plan says of a case, in the order of the group's obligations.
#[must_use]
pub fn verdicts(group: &Plan, plan: &Plan, outcome: &Outcome) -> AsRun {
    let named = |name: &str| {
        let answer = plan.answers.iter().find(|answer| answer.name == name)?;
        let AnswerKind::Obligation(cells) = &answer.kind else { return None };
        Some(outcome.verdict(plan, cells))
    };
    let obligations = group.answers.iter().filter(|answer| matches!(answer.kind, AnswerKind::Obligation(_)));
    obligations.map(|answer| named(&answer.name)).collect()
}

/// The settings that a member ran, whether or not their approval holds: that is said apart. None where it has none.
#[must_use]
pub fn settings_run(package: &Package, code: &str) -> Option<Settings> {
    let member = called(package, code)?;
    let mut settings: Settings = vec![None; package.plan.parameters.len()];
    for (place, slot) in settings.iter_mut().enumerate() {
        let own = member.settings.iter().find(|setting| concord_engine::plan::Id::place(setting.parameter) == place);
        *slot = own.map(|setting| setting.value);
    }
    settings.iter().any(Option::is_some).then_some(settings)
}

/// The settings of a member that every member has to make, as there is no value of the group's: those whose approval holds on a day.
#[must_use]
pub fn settings_required(package: &Package, code: &str, day: i64) -> Settings {
    let mut settings: Settings = vec![None; package.plan.parameters.len()];
    let member = called(package, code);
    let parameters = package.plan.parameters.iter().zip(&mut settings).enumerate();
    for (place, (_, slot)) in parameters.filter(|(_, (parameter, _))| parameter.value.is_none()) {
        let own = member.iter().flat_map(|member| &member.settings);
        let own = own.filter(|setting| concord_engine::plan::Id::place(setting.parameter) == place);
        *slot = own.filter(|setting| setting.holds_on(day)).map(|setting| setting.value).next();
    }
    settings
}

/// What most members set, of each parameter that every member has to set for itself: of those whose approval holds on a day, the value that
/// most have, the least of equally many. None of what fewer than two set.
#[must_use]
pub fn settings_usual(package: &Package, day: i64) -> Settings {
    let usual = |place: usize| {
        let mut often: BTreeMap<i64, usize> = BTreeMap::new();
        let own = package.members.iter().flat_map(|member| &member.settings);
        for setting in own.filter(|own| concord_engine::plan::Id::place(own.parameter) == place && own.holds_on(day)) {
            *often.entry(setting.value).or_default() += 1;
        }
        let most = often.values().copied().max().filter(|_| often.values().sum::<usize>() > 1)?;
        often.into_iter().find(|(_, members)| *members == most).map(|(value, _)| value)
    };
    let required = package.plan.parameters.iter().enumerate();
    required.map(|(place, parameter)| if parameter.value.is_none() { usual(place) } else { None }).collect()
}

/// The member with a code.
pub(super) fn called<'p>(package: &'p Package, code: &str) -> Option<&'p Member> {
    package.members.iter().find(|member| member.code == code)
}

/// The day in London on which a case begins, since 1970; that of its end where no time is known.
#[must_use]
pub fn first_day(case: &Case) -> i64 {
    let first = case.events.iter().filter_map(|event| event.at.known()).min();
    local_from_instant(first.unwrap_or(case.as_of)).div_euclid(DAY)
}
