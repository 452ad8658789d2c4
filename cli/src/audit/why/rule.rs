//! Rules that a member ran otherwise than the group: settings of its own, with or without an approval that holds, and other versions; and what
//! that changes, as its cases are judged by both.

use crate::audit::disclose::Disclosure;
use crate::audit::judge::{AuditError, Judge};
use crate::audit::members::{AsRun, MemberRun, called};
use crate::audit::options::Options;
use crate::audit::places::Places;
use crate::data::read::Export;
use crate::results::{CauseKind, RuleChange, RuleDifference};
use concord_engine::plan::case::Case;
use concord_engine::plan::library::MemberSetting;
use concord_engine::plan::{Package, Verdict};
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

/// The rules of one member, its cases judged by them beside the group's.
pub(in crate::audit) fn rules_of(
    package: &Package,
    places: &Places<'_>,
    code: &str,
    export: &Export,
    judge: &mut dyn Judge,
    options: &Options,
) -> Result<Rules, AuditError> {
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
    if rules.differences.is_empty() {
        return Ok(rules);
    }
    let rows = places.rows_of(code);
    let changes = compared(places, &rows, export, judge, (code, options))?;
    rules.rates = changes.iter().map(|change| change.as_ref().map(|change| change.rates)).collect();
    let changes: Vec<RuleChange> = changes.into_iter().flatten().collect();
    for difference in &mut rules.differences {
        difference.changes.clone_from(&changes);
    }
    Ok(rules)
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

/// By obligation, how its cases come out by both.
fn compared(
    places: &Places<'_>,
    rows: &[usize],
    export: &Export,
    judge: &mut dyn Judge,
    (code, options): (&str, &Options),
) -> Result<Vec<Option<RuleChange>>, AuditError> {
    let mut sums: Vec<[u64; 4]> = vec![[0; 4]; places.obligations.len()];
    for batch in rows.chunks(options.batch.max(1)) {
        let cases: Vec<Case> = batch.iter().filter_map(|row| export.cases.get(*row).cloned()).collect();
        let group = judge.judge(&cases).map_err(AuditError::Judge)?;
        let Some(own) = judge.as_run(code, &cases).map_err(AuditError::Judge)? else { return Ok(Vec::new()) };
        for (outcome, own) in group.iter().zip(&own) {
            let standard: AsRun =
                places.obligations.iter().map(|(_, cells)| Some(outcome.verdict(places.plan(), cells))).collect();
            for ((sum, standard), own) in sums.iter_mut().zip(standard).zip(own) {
                add(sum, standard.flatten(), own.flatten());
            }
        }
    }
    let changes = sums.iter().zip(&places.obligations).map(|(sum, (answer, _))| {
        let title = answer.label.clone().unwrap_or_else(|| answer.name.clone());
        change(*sum, answer.name.clone(), title, &options.disclosure)
    });
    Ok(changes.collect())
}

/// Of cases that both decide: how many, met by the standard, met as run, and judged otherwise.
fn add([all, standard, own, otherwise]: &mut [u64; 4], by_standard: Option<Verdict>, as_run: Option<Verdict>) {
    let decided = |verdict: &Verdict| matches!(verdict, Verdict::Met | Verdict::Late | Verdict::Missed);
    let (Some(one), Some(other)) = (by_standard.filter(decided), as_run.filter(decided)) else { return };
    let met = |verdict: Verdict| u64::from(verdict == Verdict::Met);
    (*all, *standard, *own) = (*all + 1, *standard + met(one), *own + met(other));
    *otherwise += u64::from(met(one) != met(other));
}

fn change(sum: [u64; 4], obligation: String, title: String, disclosure: &Disclosure) -> Option<RuleChange> {
    if sum[3] == 0 {
        return None;
    }
    let ([all, standard, own, otherwise], hidden) = disclosure.hide(sum);
    if hidden & 0b0111 != 0 || all == 0 {
        return None;
    }
    let rates = (standard.min(all) as f64 / all as f64, own.min(all) as f64 / all as f64);
    Some(RuleChange { obligation, title, rates, cases: (hidden & 0b1000 == 0).then_some(otherwise) })
}
