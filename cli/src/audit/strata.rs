//! A measure split by what the rule declares beside organisation and period (bands, kinds, weekdays), and by what the audit asks for.

use super::group::Group;
use super::seen::Seen;
use super::split::Split;
use concord_engine::evaluate::Known;
use concord_engine::plan::library::{CalendarUnit, Measure, Stratum, StratumKind};
use concord_engine::plan::{Id, LabelId, Plan};
use concord_engine::values::calendar::{DAY, local_from_instant, weekday};
use concord_engine::values::codes::OF_PACKAGE;
use concord_engine::values::types::Type;
use std::collections::BTreeMap;

/// What is counted of each group of a split while cases go by.
pub(super) struct StratumTally<'a, T> {
    by: By<'a>,
    groups: BTreeMap<Group, T>,
}

/// Who asks for a split.
enum By<'a> {
    /// The rule.
    Rule(&'a Stratum),
    /// The audit.
    Audit(&'a Split),
}

/// The splits of a measure that are neither by organisation nor over time.
pub(super) fn strata<'a, T>(measure: &'a Measure, splits: &'a [Split]) -> Vec<StratumTally<'a, T>> {
    let others = measure.strata.iter().filter(|stratum| match &stratum.kind {
        StratumKind::Calendar(unit, ..) => *unit == CalendarUnit::Weekday,
        _ => measure.responsible.is_none_or(|responsible| !stratum.is_by(responsible)),
    });
    let start = |by| StratumTally { by, groups: BTreeMap::new() };
    others.map(By::Rule).chain(splits.iter().map(By::Audit)).map(start).collect()
}

/// The splits by which the organisations that a measure compares may be unlike; that by another organisation is none, as it may lie within one.
pub(super) fn mixes<'a, T>(plan: &Plan, measure: &'a Measure, splits: &'a [Split]) -> Vec<StratumTally<'a, T>> {
    if measure.compares().is_none() {
        return Vec::new();
    }
    let organisation = |label: LabelId| plan.subject.labels.get(label).is_some_and(|l| l.ty == Type::Organisation);
    let mut all = strata(measure, splits);
    all.retain(|split: &StratumTally<'_, T>| match &split.by {
        By::Rule(Stratum { kind: StratumKind::Label(label), .. }) => !organisation(*label),
        By::Rule(Stratum { kind: StratumKind::Calendar(..), .. }) => false,
        By::Rule(_) => true,
        By::Audit(split) => split.label().is_none_or(|label| !organisation(label)),
    });
    all
}

impl<T: Default> StratumTally<'_, T> {
    /// What is counted of the group that something seen falls in.
    pub(super) fn group(&mut self, seen: &Seen<'_>) -> &mut T {
        let group = match &self.by {
            By::Rule(stratum) => declared(stratum, seen),
            By::Audit(split) => split.group(seen.case),
        };
        self.of(group)
    }

    /// What is counted of a group; begun where it is new.
    pub(super) fn of(&mut self, group: Group) -> &mut T {
        self.groups.entry(group).or_default()
    }

    /// Each group with what is counted of it.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Group, &T)> {
        self.groups.iter()
    }

    /// Its title, and each group with what is shown of it.
    pub(super) fn named<U>(&self, show: impl Fn(&T) -> U) -> (String, Vec<(String, U)>) {
        let title = match &self.by {
            By::Rule(stratum) => stratum.title.clone(),
            By::Audit(split) => split.title.clone(),
        };
        (title, self.groups.iter().map(|(group, counted)| (self.name(group), show(counted))).collect())
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

/// The group that the rule's own split puts it in.
fn declared(stratum: &Stratum, seen: &Seen<'_>) -> Group {
    match &stratum.kind {
        StratumKind::Label(label) => {
            let label = seen.case.labels.get(label.place()).cloned().flatten();
            label.map_or(Group::Unknown, Group::Named)
        }
        StratumKind::Cell(taken, Type::Code) => match place(seen.taken(*taken)) {
            // Cases number what they bring each for itself.
            Group::At(value) if value <= OF_PACKAGE => Group::Named(seen.plan.legend(seen.case).code(value)),
            other => other,
        },
        StratumKind::Cell(taken, _) => place(seen.taken(*taken)),
        StratumKind::Calendar(_, taken, ty) => match place(seen.taken(*taken)) {
            Group::At(value) if *ty == Type::Date => Group::At(weekday(value)),
            Group::At(value) => Group::At(weekday(local_from_instant(value).div_euclid(DAY))),
            other => other,
        },
        StratumKind::Band(taken, _, bands) => match place(seen.taken(*taken)) {
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
