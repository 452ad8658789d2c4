//! Rules that a member ran otherwise than the group: settings of its own, with or without an approval that holds, and other versions; and what
//! that changes, as its cases are judged by both.

use super::as_run::AsRunTally;
use crate::audit::members::{MemberRun, called};
use crate::audit::options::Options;
use crate::results::{CauseKind, RuleChange, RuleDifference};
use concord_engine::plan::Package;
use concord_engine::plan::library::MemberSetting;
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

/// The rules of one member, with what came of its cases by them beside the group's.
pub(in crate::audit) fn rules_of(package: &Package, code: &str, as_run: &AsRunTally<'_>, options: &Options) -> Rules {
    let mut rules = differences(package, code, options);
    if let Some(changes) = as_run.changes(code, &options.disclosure) {
        rules.rates = changes.iter().map(|change| change.as_ref().map(|change| change.rates)).collect();
        let changes: Vec<RuleChange> = changes.into_iter().flatten().collect();
        for difference in &mut rules.differences {
            difference.changes.clone_from(&changes);
        }
    }
    rules
}

/// What the rules of a member differ in.
pub(super) fn differences(package: &Package, code: &str, options: &Options) -> Rules {
    let mut rules = Rules::default();
    let runs: Vec<&MemberRun> = options.members.iter().filter(|run| run.code == code).collect();
    rules.differences.extend(settings(package, code, options.as_of));
    for run in &runs {
        let Some(version) = run.version.as_ref().filter(|version| **version != package.credentials.version) else {
            continue;
        };
        let text = format!("it ran version {version}{}; the group's is {}", days(run), package.credentials.version);
        if !run.judged {
            rules.unknown = Some(format!("{text}, and the rules of that version are not given"));
        }
        rules.differences.push(RuleDifference { kind: CauseKind::Version, text, changes: Vec::new() });
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
    let own = member.settings.iter().filter_map(|setting| {
        let parameter = package.plan.parameters.get(setting.parameter)?;
        let show = |value: i64| package.plan.show(&parameter.ty, value);
        let group = match parameter.value {
            Some(value) if value == setting.value => return None,
            Some(value) => format!("the group's is {}", show(value)),
            // What every member has to say for itself is no difference from the group.
            None => return None,
        };
        let (kind, approval) = approval(setting, as_of);
        let text = format!("its own `{}` is {}, {group}; {approval}", parameter.name, show(setting.value));
        Some(RuleDifference { kind, text, changes: Vec::new() })
    });
    own.collect()
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
