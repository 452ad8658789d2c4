//! Rules that a member ran otherwise than the group: settings of its own, with or without an approval that holds, and other versions; and what
//! that changes, as its cases are judged by both.

use crate::audit::members::{MemberRun, called, settings_required, settings_usual};
use crate::audit::options::Options;
use crate::results::{CauseKind, RuleDifference};
use concord_engine::plan::library::MemberSetting;
use concord_engine::plan::{Id, Package};
use concord_engine::values::calendar::show_date;

/// What is known of a member's rules.
#[derive(Default)]
pub(in crate::audit) struct Rules {
    pub(in crate::audit) differences: Vec<RuleDifference>,
    /// By place of the obligation: the share met by the group's standard and as the member ran it.
    pub(in crate::audit) rates: Vec<Option<(f64, f64)>>,
    /// It ran a version of which the rules are not given: how far that explains a difference cannot be told.
    pub(in crate::audit) unknown: Option<String>,
}

/// What the rules of a member differ in.
pub(super) fn differences(package: &Package, code: &str, options: &Options) -> Rules {
    let mut rules = Rules::default();
    let runs: Vec<&MemberRun> = options.members.iter().filter(|run| run.code == code).collect();
    rules.differences.extend(settings(package, code, options.as_of));
    rules.differences.extend(unset(package, code, options.as_of));
    for run in &runs {
        let Some(version) = run.version.as_ref().filter(|version| **version != package.credentials.version) else {
            continue;
        };
        let text = format!("it ran version {version}{}; the group's is {}", days(run), package.credentials.version);
        if !run.judged {
            rules.unknown = Some(format!("{text}, and the rules of that version are not given"));
        }
        rules.differences.push(RuleDifference { kind: CauseKind::Version, text, required: false, changes: Vec::new() });
    }
    rules
}

fn days(run: &MemberRun) -> String {
    let from = run.from.map(|day| format!(" from {}", show_date(day))).unwrap_or_default();
    let until = run.until.map(|day| format!(" until {}", show_date(day))).unwrap_or_default();
    format!("{from}{until}")
}

fn settings(package: &Package, code: &str, as_of: i64) -> Vec<RuleDifference> {
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
        if required && kind == CauseKind::ApprovalOver {
            // It does not count; what that leaves unknown is told apart.
            return None;
        }
        let (name, own) = (&parameter.name, show(setting.value));
        let text = format!("its own `{name}` is {own}, {whose} {}; {approval}", show(other));
        Some(RuleDifference { kind, text, required, changes: Vec::new() })
    });
    own.collect()
}

/// What it has not set, and others have.
fn unset(package: &Package, code: &str, as_of: i64) -> Vec<RuleDifference> {
    let (own, usual) = (settings_required(package, code, as_of), settings_usual(package, as_of));
    let parameters = package.plan.parameters.iter().zip(own).zip(usual);
    let unset =
        parameters.filter(|((parameter, own), usual)| parameter.value.is_none() && own.is_none() && usual.is_some());
    let told = unset.map(|((parameter, _), _)| {
        let name = &parameter.name;
        let set = called(package, code).into_iter().flat_map(|member| &member.settings);
        let had = set.filter_map(|setting| package.plan.parameters.get(setting.parameter)).any(|of| of.name == *name);
        let (kind, what) = if had {
            (CauseKind::ApprovalOver, format!("no approval holds of its own `{name}`"))
        } else {
            (CauseKind::OwnSetting, format!("it has not set `{name}`"))
        };
        let text = format!("{what}, which every member sets for itself: what rests on it is not known");
        RuleDifference { kind, text, required: true, changes: Vec::new() }
    });
    told.collect()
}

fn approval(setting: &MemberSetting, as_of: i64) -> (CauseKind, String) {
    let by = format!("approved by {} on {}", setting.approval.by, show_date(setting.approval.on));
    match setting.until {
        Some(until) if until < as_of => {
            (CauseKind::ApprovalOver, format!("{by}, and that approval was over on {}", show_date(until)))
        }
        _ if as_of < setting.approval.on => {
            (CauseKind::ApprovalOver, format!("{by}, which is after the end of the data"))
        }
        Some(until) => (CauseKind::OwnSetting, format!("{by} until {}", show_date(until))),
        None => (CauseKind::OwnSetting, by),
    }
}
