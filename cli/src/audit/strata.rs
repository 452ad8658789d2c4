//! A measure split by what the rule declares beside organisation and period (bands, kinds, weekdays), and by what the audit asks for.

use super::disclose::Disclosure;
use super::group::Group;
use super::split::Split;
use crate::results::{Counts, StratumResult};
use concord_engine::evaluate::{Known, Outcome};
use concord_engine::plan::Plan;
use concord_engine::plan::case::Case;
use concord_engine::plan::library::{CalendarUnit, Measure, Stratum, StratumKind};
use concord_engine::values::calendar::{DAY, local_from_instant, weekday};
use concord_engine::values::types::Type;
use std::collections::BTreeMap;

/// Counts of one split while cases go by.
pub(super) struct StratumTally<'a> {
    plan: &'a Plan,
    by: By<'a>,
    groups: BTreeMap<Group, Counts>,
}

/// Who asks for a split.
enum By<'a> {
    /// The rule.
    Rule(&'a Stratum),
    /// The audit.
    Audit(&'a Split),
}

/// The splits of a measure that are neither by organisation nor over time.
pub(super) fn strata<'a>(plan: &'a Plan, measure: &'a Measure, splits: &'a [Split]) -> Vec<StratumTally<'a>> {
    let others = measure.strata.iter().filter(|stratum| match &stratum.kind {
        StratumKind::Label(_) => false,
        StratumKind::Calendar(unit, ..) => *unit == CalendarUnit::Weekday,
        StratumKind::Cell(..) | StratumKind::Band(..) => true,
    });
    let start = |by| StratumTally { plan, by, groups: BTreeMap::new() };
    others.map(By::Rule).chain(splits.iter().map(By::Audit)).map(start).collect()
}

impl StratumTally<'_> {
    /// The counts of the group that a case falls in.
    pub(super) fn group(&mut self, case: &Case, outcome: &Outcome) -> &mut Counts {
        let group = match &self.by {
            By::Rule(stratum) => self.declared(stratum, outcome),
            By::Audit(split) => split.group(case),
        };
        self.groups.entry(group).or_default()
    }

    fn declared(&self, stratum: &Stratum, outcome: &Outcome) -> Group {
        match &stratum.kind {
            StratumKind::Label(_) => Group::Unknown,
            StratumKind::Cell(cell, _) => place(outcome.only(self.plan, *cell)),
            StratumKind::Calendar(_, cell, ty) => match place(outcome.only(self.plan, *cell)) {
                Group::At(value) if *ty == Type::Date => Group::At(weekday(value)),
                Group::At(value) => Group::At(weekday(local_from_instant(value).div_euclid(DAY))),
                other => other,
            },
            StratumKind::Band(cell, _, bands) => match place(outcome.only(self.plan, *cell)) {
                Group::At(value) => {
                    let within = |(low, high): &(Option<i64>, Option<i64>)| {
                        low.is_none_or(|low| low <= value) && high.is_none_or(|high| value <= high)
                    };
                    let band = bands.iter().position(within).and_then(|band| i64::try_from(band).ok());
                    band.map_or(Group::Outside, Group::At)
                }
                other => other,
            },
        }
    }

    pub(super) fn finish(&self, disclosure: &Disclosure) -> StratumResult {
        let title = match &self.by {
            By::Rule(stratum) => stratum.title.clone(),
            By::Audit(split) => split.title.clone(),
        };
        let groups = self.groups.iter().map(|(group, counts)| (self.name(group), disclosure.counts(*counts)));
        StratumResult { title, groups: groups.collect() }
    }

    fn name(&self, group: &Group) -> String {
        let value = match group {
            Group::Named(name) => return name.clone(),
            Group::At(value) => *value,
            Group::Outside if matches!(self.by, By::Rule(Stratum { kind: StratumKind::Band(..), .. })) => {
                return "in no band".to_owned();
            }
            Group::Outside => return "none".to_owned(),
            Group::Unknown => return "not known".to_owned(),
        };
        match &self.by {
            By::Rule(stratum) => declared_name(&stratum.kind, value),
            By::Audit(split) => in_words(split.ty(), value),
        }
    }
}

fn declared_name(kind: &StratumKind, value: i64) -> String {
    match kind {
        StratumKind::Cell(_, ty) => in_words(ty, value),
        StratumKind::Band(_, ty, bands) => {
            let band = usize::try_from(value).ok().and_then(|band| bands.get(band).copied());
            match band.unwrap_or_default() {
                (Some(low), Some(high)) => format!("{} to {}", ty.show_bare(low), ty.show(high)),
                (Some(low), None) => format!("{} and over", ty.show(low)),
                (None, Some(high)) => format!("up to {}", ty.show(high)),
                (None, None) => "any".to_owned(),
            }
        }
        StratumKind::Calendar(..) => day_name(value).to_owned(),
        StratumKind::Label(_) => String::new(),
    }
}

/// A known value; a variant is its place.
fn place(only: Option<Known>) -> Group {
    match only {
        Some(Known::Value(value)) => Group::At(value),
        Some(Known::None) => Group::Outside,
        None => Group::Unknown,
    }
}

/// A variant by its label, where it has one.
fn in_words(ty: &Type, value: i64) -> String {
    if let Type::Enum { labels, .. } = ty
        && let Some(Some(label)) = usize::try_from(value).ok().and_then(|place| labels.get(place))
    {
        return label.clone();
    }
    ty.show(value)
}

fn day_name(day: i64) -> &'static str {
    const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    usize::try_from(day).ok().and_then(|day| DAYS.get(day)).copied().unwrap_or("no day")
}
