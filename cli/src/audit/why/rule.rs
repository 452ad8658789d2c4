//! Rules that a member ran otherwise than the group: settings of its own, with or without an approval that holds, and other versions; and what
//! that changes, as its cases are judged by both.

use crate::audit::members::{MemberRun, called, settings_required, settings_usual};
use crate::audit::options::Options;
use crate::results::{CauseKind, RuleDifference};
use concord_engine::plan::library::MemberSetting;
use concord_engine::plan::{Id, Package, ParameterId};
use concord_engine::values::calendar::show_date;

/// What is known of a member's rules.
#[derive(Default)]
pub(in crate::audit) struct Rules {
    pub(in crate::audit) differences: Vec<RuleDifference>,
    /// What each of them is one of.
    pub(super) of: Vec<Of>,
    /// By place of the obligation: the share met by the group's standard and as the member ran it.
    pub(in crate::audit) rates: Vec<Option<(f64, f64)>>,
    /// It ran a version of which the rules are not given: how far that explains a difference cannot be told.
    pub(in crate::audit) unknown: Option<String>,
}

/// What a difference is one of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// A setting that it made.
    Setting(ParameterId),
    /// One that it has not made, or that does not count: beside what is unknown there is no other way in which it was run.
    Unset,
    Version,
}

impl Of {
    /// The setting that it made.
    pub(super) fn setting(self) -> Option<ParameterId> {
        if let Of::Setting(parameter) = self { Some(parameter) } else { None }
    }
}

/// What the rules of a member differ in.
pub(super) fn differences(package: &Package, code: &str, options: &Options) -> Rules {
    let mut rules = Rules::default();
    let runs: Vec<&MemberRun> = options.members.iter().filter(|run| run.code == code).collect();
    for (of, difference) in
        settings(package, code, options.as_of).into_iter().chain(unset(package, code, options.as_of))
    {
        rules.of.push(of);
        rules.differences.push(difference);
    }
    for run in &runs {
        let Some(version) = run.version.as_ref().filter(|version| **version != package.credentials.version) else {
            continue;
        };
        let text = format!("it ran version {version}{}; the group's is {}", days(run), package.credentials.version);
        if !run.judged {
            rules.unknown = Some(format!("{text}, and the rules of that version are not given"));
        }
        rules.of.push(Of::Version);
        rules.differences.push(RuleDifference { kind: CauseKind::Version, text, required: false, changes: Vec::new() });
    }
    rules
}

fn days(run: &MemberRun) -> String {
    let from = run.from.map(|day| format!(" from {}", show_date(day))).unwrap_or_default();
    let until = run.until.map(|day| format!(" until {}", show_date(day))).unwrap_or_default();
    format!("{from}{until}")
}

fn settings(package: &Package, code: &str, as_of: i64) -> Vec<(Of, RuleDifference)> {
    let Some(member) = called(package, code) else { return Vec::new() };
    let usual = settings_usual(package, as_of);
    let own = member.settings.iter().filter_map(|setting| {
        let parameter = package.plan.parameters.get(setting.parameter)?;
        let show = |value: i64| package.plan.show(&parameter.ty, value);
        // What every member has to set for itself is held against what most set.
        let required = parameter.value.is_none();
        let other = parameter.value.or(usual.get(setting.parameter.place()).copied().flatten())?;
        if other == setting.value {
            return None;
        }
        let whose = if required { "most members have" } else { "the group's is" };
        let (kind, approval) = approval(setting, as_of);
        if required && kind != CauseKind::OwnSetting {
            // It does not count; what that leaves unknown is told apart.
            return None;
        }
        let (name, own) = (&parameter.name, show(setting.value));
        let text = format!("its own `{name}` is {own}, {whose} {}; {approval}", show(other));
        Some((Of::Setting(setting.parameter), RuleDifference { kind, text, required, changes: Vec::new() }))
    });
    own.collect()
}

/// What it has not set, and others have.
fn unset(package: &Package, code: &str, as_of: i64) -> Vec<(Of, RuleDifference)> {
    let (own, usual) = (settings_required(package, code, as_of), settings_usual(package, as_of));
    let parameters = package.plan.parameters.iter().zip(own).zip(usual);
    let unset =
        parameters.filter(|((parameter, own), usual)| parameter.value.is_none() && own.is_none() && usual.is_some());
    let told = unset.map(|((parameter, _), _)| {
        let name = &parameter.name;
        let set = called(package, code).into_iter().flat_map(|member| &member.settings);
        let of_it = |setting: &&MemberSetting| {
            package.plan.parameters.get(setting.parameter).is_some_and(|parameter| parameter.name == *name)
        };
        let (kind, what) = match set.filter(of_it).max_by_key(|setting| setting.approval.on) {
            None => (CauseKind::NotSet, format!("it has not set `{name}`")),
            Some(setting) => {
                let (kind, approval) = approval(setting, as_of);
                (kind, format!("its own `{name}` does not count ({approval})"))
            }
        };
        let text = format!("{what}, which every member sets for itself: what rests on it is not known");
        (Of::Unset, RuleDifference { kind, text, required: true, changes: Vec::new() })
    });
    told.collect()
}

fn approval(setting: &MemberSetting, as_of: i64) -> (CauseKind, String) {
    let by = format!("approved by {} on {}", setting.approval.by, show_date(setting.approval.on));
    match setting.until {
        Some(until) if until < as_of => {
            (CauseKind::ApprovalOver, format!("{by}, and that approval was over on {}", show_date(until)))
        }
        _ if as_of < setting.approval.on => (CauseKind::NotBegun, format!("{by}, which is after the end of the data")),
        Some(until) => (CauseKind::OwnSetting, format!("{by} until {}", show_date(until))),
        None => (CauseKind::OwnSetting, by),
    }
}
