//! Cases of members whose rules differ from the group's, judged by both while they go by.

use super::rule::{Of, Rules, differences};
use crate::audit::disclose::Disclosure;
use crate::audit::judge::{AuditError, Judge};
use crate::audit::members::AsRun;
use crate::audit::options::Options;
use crate::audit::organisation::answering;
use crate::audit::places::Places;
use crate::audit::together::ByBoth;
use crate::results::RuleChange;
use concord_engine::evaluate::Outcome;
use concord_engine::plan::case::Case;
use concord_engine::plan::{Answer, Obligation, Package, ParameterId, Plan, Responsible, RestsOn, Verdict};
use std::collections::BTreeMap;

/// Sums by code of a member and obligation.
#[derive(Clone)]
pub(in crate::audit) struct AsRunTally<'a> {
    plan: &'a Plan,
    by: Option<Responsible>,
    obligations: Vec<(&'a Answer, &'a Obligation)>,
    /// Of each member whose rules differ; none where they judge as the group's do.
    pub(in crate::audit) members: BTreeMap<String, Option<Vec<[u64; 4]>>>,
}

impl<'a> AsRunTally<'a> {
    pub(in crate::audit) fn new(package: &'a Package, places: &Places<'a>, options: &Options) -> AsRunTally<'a> {
        let named = package.members.iter().map(|member| member.code.as_str());
        let codes = named.chain(options.members.iter().map(|run| run.code.as_str()));
        let differs = |code: &&str| !differences(package, code, options).differences.is_empty();
        let none = vec![[0; 4]; places.obligations.len()];
        let members = codes.filter(differs).map(|code| (code.to_owned(), Some(none.clone()))).collect();
        AsRunTally { plan: &package.plan, by: places.by(), obligations: places.obligations.clone(), members }
    }

    /// Adds cases with what came of them by the group's rules.
    pub(in crate::audit) fn add(
        &mut self,
        cases: &[Case],
        outcomes: &[Outcome],
        judge: &mut dyn Judge,
    ) -> Result<(), AuditError> {
        let (plan, by) = (self.plan, self.by);
        for (code, all) in &mut self.members {
            let Some(sums) = all else { continue };
            let pairs = cases.iter().zip(outcomes);
            let own = pairs.filter(|(case, outcome)| answering(plan, by, case, outcome).as_deref() == Some(code));
            let (own, group): (Vec<Case>, Vec<&Outcome>) = own.map(|(case, outcome)| (case.clone(), outcome)).unzip();
            if own.is_empty() {
                continue;
            }
            let Some(as_run) = judge.as_run(code, &own).map_err(AuditError::Judge)? else {
                *all = None;
                continue;
            };
            for (outcome, own) in group.iter().zip(&as_run) {
                let standard: AsRun =
                    self.obligations.iter().map(|(_, cells)| Some(outcome.verdict(plan, cells))).collect();
                for ((sum, standard), own) in sums.iter_mut().zip(standard).zip(own) {
                    add(sum, standard.flatten(), own.flatten());
                }
            }
        }
        Ok(())
    }

    /// Adds what was counted of other cases.
    pub(in crate::audit) fn take(&mut self, other: &AsRunTally<'_>) {
        for (all, own) in self.members.values_mut().zip(other.members.values()) {
            match (all.as_mut(), own) {
                (Some(sums), Some(own)) => {
                    let pairs = sums.iter_mut().flatten().zip(own.iter().flatten());
                    pairs.for_each(|(sum, own)| *sum += own);
                }
                _ => *all = None,
            }
        }
    }

    /// By code and place of the obligation, how the cases of members come out by both, as it may be told; and whether those that both decide are
    /// all that are decided: before counts of places are as they may be told.
    pub(in crate::audit) fn told(&self, places: &Places<'_>, disclosure: &Disclosure) -> BTreeMap<String, Vec<ByBoth>> {
        let of_member = |(code, sums): (&String, &Option<Vec<[u64; 4]>>)| {
            let judged = places.of(code).map_or(&[][..], |place| &place.judged);
            let all = sums.iter().flatten().enumerate().map(|(number, sum)| {
                let decided = judged.get(number).map(|judged| judged.decided());
                ByBoth { told: sum.map(|exact| disclosure.stand_in(exact)), all: decided == Some(sum[0]) }
            });
            (code.clone(), all.collect())
        };
        self.members.iter().map(of_member).collect()
    }

    /// The rules of one member, with what came of its cases by them beside the group's.
    pub(in crate::audit) fn rules_of(&self, package: &Package, code: &str, options: &Options) -> Rules {
        let mut rules = differences(package, code, options);
        if let Some(changes) = self.changes(code, &options.disclosure) {
            rules.rates = changes.iter().map(|change| change.as_ref().map(|change| change.rates)).collect();
            let versions = rules.of.contains(&Of::Version);
            let settings: Vec<ParameterId> = rules.of.iter().filter_map(|of| of.setting()).collect();
            let of_several = |cells: &Obligation| settings.iter().filter(|own| self.rests_on(cells, **own)).count() > 1;
            for (difference, of) in rules.differences.iter_mut().zip(&rules.of) {
                let own = changes.iter().zip(&self.obligations).filter(|(_, (_, cells))| match of {
                    // What it ran is that version, whatever it had set: what the settings alone change cannot be told.
                    Of::Version => true,
                    Of::Setting(parameter) => !versions && self.rests_on(cells, *parameter),
                    Of::Unset => false,
                });
                let is_setting = of.setting().is_some();
                let change = |(change, (_, cells)): (&Option<RuleChange>, &(&Answer, &Obligation))| {
                    Some(RuleChange { jointly: is_setting && of_several(cells), ..change.clone()? })
                };
                difference.changes = own.filter_map(change).collect();
            }
        }
        rules
    }

    fn rests_on(&self, cells: &Obligation, parameter: ParameterId) -> bool {
        RestsOn::of(self.plan, &[cells.verdict]).parameters.contains(&parameter)
    }

    /// By obligation, how the cases of a member come out by both; none where its rules do not differ.
    fn changes(&self, code: &str, disclosure: &Disclosure) -> Option<Vec<Option<RuleChange>>> {
        let sums = self.members.get(code)?.as_ref()?;
        let changes = sums.iter().zip(&self.obligations).map(|(sum, (answer, _))| {
            let title = answer.label.clone().unwrap_or_else(|| answer.name.clone());
            change(*sum, answer.name.clone(), title, disclosure)
        });
        Some(changes.collect())
    }
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
    Some(RuleChange { obligation, title, rates, cases: (hidden & 0b1000 == 0).then_some(otherwise), jointly: false })
}
