//! A measure split by what the rule declares beside organisation and period (bands, kinds, weekdays), and by what the audit asks for.

use super::group::Group;
use super::options::Options;
use super::seen::Seen;
use super::split::Split;
use concord_engine::evaluate::Known;
use concord_engine::plan::library::{CalendarUnit, Measure, Stratum, StratumKind, Taken};
use concord_engine::plan::{Id, LabelId, Plan};
use concord_engine::values::calendar::{DAY, local_from_instant, weekday};
use concord_engine::values::codes::OF_PACKAGE;
use concord_engine::values::types::Type;
use std::collections::BTreeMap;

/// What is counted of each group of a split while cases go by.
#[derive(Clone)]
pub(super) struct StratumTally<'a, T> {
    by: By<'a>,
    /// Its place among the splits of its measure.
    nth: usize,
    /// The groups that have come up, and their places.
    groups: BTreeMap<Group, usize>,
    held: Vec<T>,
    /// The places of groups that are told by a small number, and of what is in none and what is not known.
    near: [usize; NEAR],
    /// What a place that is not there would have; each is there.
    nowhere: T,
}

/// So many groups are found without a search.
const NEAR: usize = 64;
/// How groups are called that are put together.
pub(super) const FEW: &str = "groups of fewer than 8";
/// A place of none.
const EMPTY: usize = usize::MAX;

/// Where the place of a group stands that is found without a search.
fn near(group: &Group) -> Option<usize> {
    match group {
        Group::At(value) => usize::try_from(*value).ok().filter(|value| *value < NEAR - 2),
        Group::Outside => Some(NEAR - 2),
        Group::Unknown => Some(NEAR - 1),
        Group::Named(_) | Group::Few | Group::Both(_) => None,
    }
}

/// Who asks for a split.
#[derive(Clone)]
enum By<'a> {
    /// The rule.
    Rule(&'a Stratum),
    /// The audit.
    Audit(&'a Split),
    /// Two of them at once.
    Both(Box<(By<'a>, By<'a>)>),
}

impl By<'_> {
    fn title(&self) -> String {
        match self {
            By::Rule(stratum) => stratum.title.clone(),
            By::Audit(split) => split.title.clone(),
            By::Both(both) => format!("{} × {}", both.0.title(), both.1.title()),
        }
    }

    /// Whether it is meant by this name: its title, or how that begins.
    fn is_called(&self, name: &str) -> bool {
        self.title() == name || self.title().starts_with(&format!("{name} "))
    }

    fn group(&self, seen: &Seen<'_>) -> Group {
        match self {
            By::Rule(stratum) => declared(stratum, seen),
            By::Audit(split) => split.group(seen.case),
            By::Both(both) => Group::Both(Box::new((both.0.group(seen), both.1.group(seen)))),
        }
    }

    fn name(&self, group: &Group) -> String {
        if let (By::Both(both), Group::Both(groups)) = (self, group) {
            return format!("{}, {}", both.0.name(&groups.0), both.1.name(&groups.1));
        }
        let value = match group {
            Group::Named(name) => return name.clone(),
            Group::At(value) => *value,
            Group::Outside if matches!(self, By::Rule(Stratum { kind: StratumKind::Band(..), .. })) => {
                return "in no band".to_owned();
            }
            Group::Outside => return "none".to_owned(),
            Group::Few => return FEW.to_owned(),
            Group::Unknown | Group::Both(_) => return "not known".to_owned(),
        };
        match self {
            By::Rule(stratum) => declared_name(&stratum.kind, value),
            By::Audit(split) => in_words(split.ty(), value),
            By::Both(_) => String::new(),
        }
    }

    /// Where the cases of a group are put if it may not be named: one that only an export names, and that is no organisation.
    fn unnamed(&self, group: &Group, organisation: &impl Fn(LabelId) -> bool) -> Option<Group> {
        let label = match self {
            By::Rule(Stratum { kind: StratumKind::Label(label), .. }) => Some(*label),
            By::Rule(_) => None,
            By::Audit(split) => split.label(),
            By::Both(both) => {
                let Group::Both(groups) = group else { return None };
                let unnamed = (both.0.unnamed(&groups.0, organisation), both.1.unnamed(&groups.1, organisation));
                let or = |few: &Option<Group>, group: &Group| few.as_ref().unwrap_or(group).clone();
                let is_named = unnamed.0.is_none() && unnamed.1.is_none();
                let put = || Group::Both(Box::new((or(&unnamed.0, &groups.0), or(&unnamed.1, &groups.1))));
                return (!is_named).then(put);
            }
        };
        (matches!(group, Group::Named(_)) && !label.is_some_and(organisation)).then_some(Group::Few)
    }

    /// Whether it tells organisations apart, or times, and not their patients.
    fn is_no_mix(&self, organisation: &impl Fn(LabelId) -> bool) -> bool {
        match self {
            By::Rule(Stratum { kind: StratumKind::Label(label), .. }) => organisation(*label),
            By::Rule(Stratum { kind: StratumKind::Calendar(..), .. }) => true,
            By::Rule(_) => false,
            By::Audit(split) => split.label().is_some_and(organisation),
            By::Both(both) => both.0.is_no_mix(organisation) || both.1.is_no_mix(organisation),
        }
    }
}

/// The splits of a measure that are neither by organisation nor over time.
pub(super) fn strata<'a, T: Default>(measure: &'a Measure, options: &'a Options) -> Vec<StratumTally<'a, T>> {
    let others = measure.strata.iter().filter(|stratum| match &stratum.kind {
        StratumKind::Calendar(unit, ..) => *unit == CalendarUnit::Weekday,
        _ => measure.responsible.is_none_or(|responsible| !stratum.is_by(responsible)),
    });
    let mut all: Vec<By<'a>> = others.map(By::Rule).collect();
    // What the rule splits by already is not split by twice.
    let of_rule: Vec<String> = all.iter().map(By::title).collect();
    all.extend(options.splits.iter().filter(|split| !of_rule.contains(&split.title)).map(By::Audit));
    let called = |name: &str| all.iter().find(|by| by.is_called(name)).cloned();
    let both = options.cross.iter().filter_map(|(one, other)| Some(By::Both(Box::new((called(one)?, called(other)?)))));
    let both: Vec<By<'a>> = both.collect();
    all.extend(both);
    all.into_iter().enumerate().map(|(nth, by)| StratumTally::new(by, nth)).collect()
}

/// Splits to be crossed that no measure has both of: a sentence that says which there are.
pub(super) fn not_crossed(measures: &[Measure], options: &Options) -> Option<String> {
    let has =
        |measure: &Measure, name: &str| strata::<()>(measure, options).iter().any(|split| split.by.is_called(name));
    let (one, other) =
        options.cross.iter().find(|(one, other)| !measures.iter().any(|m| has(m, one) && has(m, other)))?;
    let mut titles: Vec<String> =
        measures.iter().flat_map(|m| strata::<()>(m, options)).map(|split| format!("`{}`", split.by.title())).collect();
    titles.sort();
    titles.dedup();
    let there = if titles.is_empty() { "none".to_owned() } else { titles.join(", ") };
    Some(format!("cannot cross `{one}` and `{other}`: no measure is split by both; splits there are: {there}"))
}

/// The splits by which the organisations that a measure compares may be unlike; that by another organisation is none, as it may lie within one.
pub(super) fn mixes<'a, T: Default>(
    plan: &Plan,
    measure: &'a Measure,
    options: &'a Options,
) -> Vec<StratumTally<'a, T>> {
    if measure.compares().is_none() {
        return Vec::new();
    }
    let organisation = |label: LabelId| is_organisation(plan, label);
    let mut all = strata(measure, options);
    all.retain(|split: &StratumTally<'_, T>| !split.by.is_no_mix(&organisation));
    all
}

fn is_organisation(plan: &Plan, label: LabelId) -> bool {
    plan.subject.labels.get(label).is_some_and(|label| label.ty == Type::Organisation)
}

impl<'a, T: Default> StratumTally<'a, T> {
    fn new(by: By<'a>, nth: usize) -> Self {
        StratumTally { by, nth, groups: BTreeMap::new(), held: Vec::new(), near: [EMPTY; NEAR], nowhere: T::default() }
    }

    /// The groups of few by `is_few` that may not be named, and where their cases are put.
    pub(super) fn few(&self, plan: &Plan, is_few: impl Fn(&T) -> bool) -> BTreeMap<Group, Group> {
        let organisation = |label: LabelId| is_organisation(plan, label);
        let few = self.iter().filter(|(_, own)| is_few(own));
        few.filter_map(|(group, _)| Some((group.clone(), self.by.unnamed(group, &organisation)?))).collect()
    }

    /// The same with the cases of groups of `few` put where it says; `add` adds what two have.
    pub(super) fn put_together(&self, few: &BTreeMap<Group, Group>, mut add: impl FnMut(&mut T, &T)) -> Self {
        let mut all = StratumTally::new(self.by.clone(), self.nth);
        self.iter().for_each(|(group, own)| add(all.of(few.get(group).unwrap_or(group)), own));
        all
    }
}

impl<T: Default> StratumTally<'_, T> {
    /// The group that something seen falls in.
    pub(super) fn group(&self, seen: &Seen<'_>) -> Group {
        self.by.group(seen)
    }

    /// As it is called.
    pub(super) fn title(&self) -> String {
        self.by.title()
    }

    /// Whether another is the same split of its measure.
    pub(super) fn is_as<U>(&self, other: &StratumTally<'_, U>) -> bool {
        self.nth == other.nth
    }

    /// What is counted of a group; begun where it is new.
    pub(super) fn of(&mut self, group: &Group) -> &mut T {
        let near = near(group).and_then(|near| self.near.get_mut(near));
        let known = near.as_deref().copied().filter(|place| *place != EMPTY);
        let place = known.or_else(|| self.groups.get(group).copied()).unwrap_or_else(|| {
            self.groups.insert(group.clone(), self.held.len());
            self.held.push(T::default());
            self.held.len() - 1
        });
        near.into_iter().for_each(|near| *near = place);
        self.held.get_mut(place).unwrap_or(&mut self.nowhere)
    }
}

impl<T: Default> StratumTally<'_, T> {
    /// Adds what another has of each group.
    pub(super) fn take(&mut self, other: &StratumTally<'_, T>, mut add: impl FnMut(&mut T, &T)) {
        other.iter().for_each(|(group, own)| add(self.of(group), own));
    }
}

impl<T> StratumTally<'_, T> {
    /// Each group with what is counted of it.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Group, &T)> {
        self.groups.iter().filter_map(|(group, place)| Some((group, self.held.get(*place)?)))
    }

    /// Its title, and each group with what is shown of it.
    pub(super) fn named<U>(&self, show: impl Fn(&T) -> U) -> (String, Vec<(String, U)>) {
        let groups = self.iter().map(|(group, counted)| (self.by.name(group), show(counted)));
        (self.by.title(), groups.collect())
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
        StratumKind::Calendar(_, taken, ty) => {
            let day = |value: i64| if *ty == Type::Date { value } else { local_from_instant(value).div_euclid(DAY) };
            of_ends(seen, *taken, |value| Group::At(weekday(day(value))), day)
        }
        StratumKind::Band(taken, _, bands) => {
            let band = |value: i64| {
                let within = |(low, high): &(Option<i64>, Option<i64>)| {
                    low.is_none_or(|low| low <= value) && high.is_none_or(|high| value <= high)
                };
                bands.iter().position(within).and_then(|band| i64::try_from(band).ok())
            };
            let below = |value: i64| bands.iter().filter(|(_, high)| high.is_some_and(|high| high < value)).count();
            // Outside of all is one place between the same two.
            let place = |value: i64| (band(value), below(value));
            of_ends(seen, *taken, |value| band(value).map_or(Group::Outside, Group::At), place)
        }
    }
}

/// The group of what is known, or only known to lie from one value to another of the same day or band.
fn of_ends<T: PartialEq>(seen: &Seen<'_>, taken: Taken, group: impl Fn(i64) -> Group, of: impl Fn(i64) -> T) -> Group {
    match seen.taken(taken) {
        Some(Known::Value(value)) => group(value),
        None => {
            let ends = seen.ends(taken).filter(|(low, high)| of(*low) == of(*high));
            ends.map_or_else(|| place(None), |(low, _)| group(low))
        }
        known => place(known),
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
