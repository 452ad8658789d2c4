//! What is counted of each organisation while cases go by, so that afterwards it can be told why it differs: its cases by month, how complete
//! and how precise its events are, and what became of each obligation.
//!
//! A judged case gives little: its organisation, its month, its events and verdicts. [`Places::settle`] puts every count through small-number
//! control before anything is made of it.

mod added;
mod guarded;
mod judged;
mod middle;
mod misplaced;
mod over_time;
mod path;
mod place;
mod totals;
mod waiting;

pub(super) use judged::Judged;
pub(super) use middle::middle;
use middle::middle_without;
pub(super) use misplaced::Far;
pub(super) use path::{TIMELESS, Ways};
use place::mark_of;
pub(super) use place::{Month, OfKind, Place};
pub(super) use totals::What;
use totals::{Known, Sorted, Totals};
pub(super) use waiting::Became;
use waiting::Waiting;

use super::by_code::{ByCode, CodesOf};
use super::disclose::Disclosure;
use crate::data::marks;
use crate::data::read::{ReadError, Spread, SpreadSoFar};
use concord_engine::plan::case::Case;
use concord_engine::plan::{
    Answer, AnswerKind, CellId, Id, Kinds, LabelId, Obligation, Package, Plan, Responsible, RestsOn,
};
use concord_engine::values::types::Type;
use concord_engine::variation::shifted::{Days, an_hour_early_within};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;

/// All organisations of an audit.
pub(super) struct Places<'a> {
    plan: &'a Plan,
    by: Option<Responsible>,
    /// The obligations of the plan, in its order.
    pub(super) obligations: Vec<(&'a Answer, &'a Obligation)>,
    /// Of each, the kinds of event that are expected, but for those that it begins with.
    pub(super) expected: Vec<Kinds>,
    codes: BTreeMap<String, usize>,
    /// The same by number.
    numbered: ByCode<Option<usize>>,
    found: Vec<Place>,
    /// The numbers of cases with those of the codes of their organisations, where not all may be held.
    marks: Option<Spread>,
    waiting: Waiting,
    /// Once all cases are in.
    pub(super) totals: Totals,
    /// How the counts of all were shown.
    pub(super) disclosure: Disclosure,
    /// Of each obligation, by its place, who takes no part in what the others have of it.
    left_out: Vec<Vec<usize>>,
    known: Known,
    sorted: Sorted,
    alike: OnceLock<Alike>,
}

/// By what codes are once put plainly: those that are the same then, with their cases.
type Alike = BTreeMap<String, Vec<(String, u64)>>;

impl<'a> Places<'a> {
    pub(super) fn new(package: &'a Package) -> Places<'a> {
        let plan = &package.plan;
        let label = plan.subject.labels.placed().find(|(_, label)| label.ty == Type::Organisation);
        let label = label.map(|(label, _): (LabelId, _)| Responsible::Label(label));
        let obligations = plan.answers.iter().filter_map(|answer| match &answer.kind {
            AnswerKind::Obligation(cells) => Some((answer, cells)),
            _ => None,
        });
        let obligations: Vec<_> = obligations.collect();
        let kinds = |cell: CellId| RestsOn::of(plan, &[cell]).kinds;
        let expected = obligations.iter().map(|(_, cells)| Kinds(kinds(cells.done).0 & !kinds(cells.trigger).0));
        Places {
            plan,
            by: package.measures.iter().find_map(|measure| measure.compares()).or(label),
            expected: expected.collect(),
            obligations,
            codes: BTreeMap::new(),
            numbered: ByCode::default(),
            found: Vec::new(),
            marks: None,
            waiting: Waiting::default(),
            totals: Totals::default(),
            disclosure: Disclosure::default(),
            left_out: Vec::new(),
            known: Known::default(),
            sorted: Sorted::default(),
            alike: OnceLock::new(),
        }
    }

    /// Lets the numbers of cases go to files in a folder; [`Places::count_copies`] must be called then.
    pub(super) fn set_out(&mut self, folder: PathBuf) {
        self.marks = Some(Spread::at(Some(folder)));
    }

    /// How far the numbers of cases are, which lie in files.
    pub(super) fn marks_so_far(&mut self) -> Result<Option<SpreadSoFar>, ReadError> {
        self.marks.as_mut().map(Spread::so_far).transpose()
    }

    /// Those numbers without what came after, to be put back into what was counted before.
    pub(super) fn marks_cut(&mut self, to: &Option<SpreadSoFar>) -> Option<Spread> {
        let mut marks = self.marks.take();
        marks.as_mut().zip(to.as_ref()).into_iter().for_each(|(marks, to)| marks.cut(to));
        marks
    }

    pub(super) fn set_marks(&mut self, marks: Option<Spread>) {
        self.marks = marks;
    }

    /// All cases are in: counts those that are exactly like an earlier one of their organisation, where they were not counted at once, or like one of another.
    pub(super) fn count_copies(&mut self) -> Result<(), ReadError> {
        self.count_waiting();
        let Some(marks) = self.marks.take() else { return Ok(()) };
        let by_code: BTreeMap<u64, usize> =
            self.codes.iter().map(|(code, place)| (marks::mark_of(code), *place)).collect();
        marks.in_order(|all| {
            for alike in all.chunk_by(|[one, _], [other, _]| one == other) {
                let is_elsewhere = alike.first() != alike.last();
                for same in alike.chunk_by(|a, b| a == b) {
                    let place = same.first().and_then(|[_, code]| self.found.get_mut(*by_code.get(code)?));
                    place.into_iter().for_each(|place| {
                        place.copies += same.len() as u64 - 1;
                        place.elsewhere += if is_elsewhere { same.len() as u64 } else { 0 };
                    });
                }
            }
        })
    }

    /// Adds the next case of the export, and what became of each obligation in it.
    pub(super) fn add(&mut self, codes: &CodesOf<'_>, case: &Case, became: &[Became]) {
        let Some(code) = codes.code(self.by) else { return };
        let place = *self.numbered.of_code(code).get_or_insert_with(|| {
            let next = self.found.len();
            *self.codes.entry(code.text.to_owned()).or_insert(next)
        });
        if place == self.found.len() {
            self.found.push(Place::new(self.plan, self.obligations.len()));
        }
        match (mark_of(case), &mut self.marks) {
            (Some(mark), Some(marks)) => marks.add([mark, marks::mark_of(code.text)]),
            (Some(mark), None) => self.found.get_mut(place).into_iter().for_each(|place| place.hold(mark)),
            (None, _) => {}
        }
        if self.waiting.push(place, case, became) {
            self.count_waiting();
        }
    }

    /// Counts the cases that wait.
    pub(super) fn count_waiting(&mut self) {
        self.waiting.empty(|place, case| {
            let place = self.found.get_mut(place);
            place.into_iter().for_each(|place| place.add((&self.obligations, &self.plan.holidays), case));
        });
    }

    /// The organisations in order of code.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Place)> {
        self.codes.iter().filter_map(|(code, place)| Some((code.as_str(), self.found.get(*place)?)))
    }

    /// What is counted of one; begun where it is new.
    pub(super) fn begun(&mut self, code: &str) -> Option<&mut Place> {
        let next = self.found.len();
        let place = *self.codes.entry(code.to_owned()).or_insert(next);
        if place == next {
            self.found.push(Place::new(self.plan, self.obligations.len()));
        }
        self.found.get_mut(place)
    }

    /// The plan.
    pub(super) fn plan(&self) -> &'a Plan {
        self.plan
    }

    /// One of them.
    pub(super) fn of(&self, code: &str) -> Option<&Place> {
        self.found.get(*self.codes.get(code)?)
    }

    /// By what a case tells its organisation.
    pub(super) fn by(&self) -> Option<Responsible> {
        self.by
    }

    /// All cases are in: with every count as it may be shown, or with what stands for one that is suppressed, and with what is made of times.
    pub(super) fn settle(&mut self, disclosure: &Disclosure) {
        self.count_waiting();
        self.disclosure = disclosure.clone();
        for place in &mut self.found {
            place.close();
            if !disclosure.shows_cases() {
                place.show(disclosure);
            }
            place.settle();
        }
        self.early();
        self.totals = Totals::of(&self.found);
    }

    /// Codes that are the same once put plainly.
    pub(super) fn alike(&self, plain: fn(&str) -> String) -> &Alike {
        self.alike.get_or_init(|| {
            let mut all = Alike::new();
            for (code, place) in self.iter() {
                all.entry(plain(code)).or_default().push((code.to_owned(), place.cases));
            }
            all
        })
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.found.len()
    }

    /// How far the days of each lie early in summer, by the first events of cases and by each kind.
    fn early(&mut self) {
        for what in 0..=self.plan.subject.events.len() {
            let days: Vec<Days> = self.found.iter().map(|place| place.days(what)).collect();
            // Those of cases are as they may be told.
            let within = |shown: u64| match what {
                0 => (self.disclosure.least(shown), self.disclosure.most(shown)),
                _ => (shown, shown),
            };
            let early = an_hour_early_within(&days, &within);
            self.found.iter_mut().zip(early).for_each(|(place, early)| place.early.push(early));
        }
    }

    /// Whether of some organisation nobody can say if its times of an obligation, by its place, are enough for a median.
    pub(super) fn leave_open(&self, number: usize) -> bool {
        self.found.iter().any(|place| place.judged.get(number).is_some_and(|judged| judged.open))
    }

    /// The middle one of what each organisation of some size has; worked out once by its name.
    pub(super) fn usual(&self, what: What, share: impl Fn(&Place) -> Option<f64>) -> Option<f64> {
        self.known.of(what, || middle(self.found.iter().filter_map(share).collect()))
    }

    /// The same of all others than one: what is elsewhere, of which it is no part itself. In a group of two that is what the other has.
    pub(super) fn elsewhere(&self, own: &Place, what: What, share: impl Fn(&Place) -> Option<f64>) -> Option<f64> {
        let all = self.sorted.of(what, || self.found.iter().filter_map(&share).collect());
        middle_without(&all, share(own))
    }

    /// How many all others have of something together; worked out once by its name.
    pub(super) fn of_others(&self, own: &Place, what: What, cases: impl Fn(&Place) -> u64) -> f64 {
        let all = self.known.of(what, || Some(self.found.iter().map(&cases).sum::<u64>() as f64));
        all.map_or(0.0, |all| all - cases(own) as f64) // it always finds some number
    }
}

/// What was counted while cases go by; the numbers of cases that lie in files, and cases that wait, are not.
impl Clone for Places<'_> {
    fn clone(&self) -> Self {
        Places {
            plan: self.plan,
            by: self.by,
            obligations: self.obligations.clone(),
            expected: self.expected.clone(),
            codes: self.codes.clone(),
            numbered: self.numbered.clone(),
            found: self.found.clone(),
            marks: None,
            waiting: Waiting::default(),
            totals: Totals::default(),
            disclosure: self.disclosure.clone(),
            left_out: self.left_out.clone(),
            known: Known::default(),
            sorted: Sorted::default(),
            alike: OnceLock::new(),
        }
    }
}

/// The place of a kind in a list by kind.
pub(super) fn kind_of<T>(list: &[T], kind: impl Id) -> Option<&T> {
    list.get(kind.place())
}
