//! What an audit counts beyond the logic: a hash of each thing beside the fingerprint, so that counts are added up only where they are counts
//! of the same.
//!
//! All that a measure means is in it, who answers for an obligation, and what a member sets. Titles, citations, layout and the order of
//! declarations do not change it; cells are hashed by their content, never by their number.

use std::collections::BTreeMap;

use super::figure::{Figure, Shared, Statistic};
use super::fingerprint::{Hash, Hasher, hex, join, text, type_hash};
use super::library::{Basis, Measure, Stratum, StratumKind, Taken, Target};
use super::{AnswerKind, CellId, ColumnId, JudgedEach, LabelId, Package, Plan, Responsible};

/// By what it is (``measure `door_to_ecg` ``), a hash of what it means as 64 hexadecimal digits.
#[must_use]
pub fn counted(package: &Package) -> BTreeMap<String, String> {
    let Package { plan, measures, members, .. } = package;
    let of = Of { plan, hasher: Hasher::new(plan) };
    let mut all = BTreeMap::new();
    for measure in measures {
        all.insert(format!("measure `{}`", measure.name), hex(&of.measure(measure)));
    }
    for answer in &plan.answers {
        if let AnswerKind::Obligation(obligation) = &answer.kind {
            let who = of.responsible(obligation.responsible);
            let hash = join("obligation", &[who, text(&format!("{:?}", obligation.severity))]);
            all.insert(format!("obligation `{}`", answer.name), hex(&hash));
        }
    }
    for member in members.iter().filter(|member| !member.settings.is_empty()) {
        let settings = member.settings.iter().map(|setting| {
            let parameter = plan.parameters.get(setting.parameter).map_or("", |parameter| &parameter.name);
            text(&format!("{parameter} {} {} {:?}", setting.value, setting.approval.on, setting.until))
        });
        let hash = join("member", &settings.collect::<Vec<_>>());
        all.insert(format!("settings of member `{}`", member.code), hex(&hash));
    }
    all
}

struct Of<'a> {
    plan: &'a Plan,
    hasher: Hasher<'a>,
}

impl Of<'_> {
    fn cell(&self, cell: CellId) -> Hash {
        self.hasher.cell(cell)
    }

    fn column(&self, column: ColumnId) -> Hash {
        self.hasher.column(column, 0)
    }

    fn responsible(&self, responsible: Option<Responsible>) -> Hash {
        match responsible {
            None => text("nobody"),
            Some(Responsible::Label(label)) => self.label(label),
            Some(Responsible::Cell(cell)) => join("code in", &[self.cell(cell)]),
        }
    }

    fn label(&self, label: LabelId) -> Hash {
        text(&format!("label {}", self.plan.subject.labels.get(label).map_or("", |label| &label.name)))
    }

    fn measure(&self, measure: &Measure) -> Hash {
        // What people alone read is not among it.
        let Measure {
            name: _,
            title: _,
            source: _,
            basis,
            unknown_counts_against,
            targets,
            better,
            strata,
            weight,
            shared,
            responsible,
        } = measure;
        let targets = targets.iter().map(|target| {
            let Target { at_least, value, places, from, unverified: _ } = target;
            text(&format!("{at_least} {value} {places} {from:?}"))
        });
        let strata = strata.iter().map(|stratum| self.stratum(measure, stratum));
        let weight = weight.iter().flat_map(|weight| [self.cell(weight.cell), type_hash(&weight.ty)]);
        join(
            &format!("{unknown_counts_against} {better:?}"),
            &[
                self.basis(basis),
                join("targets", &targets.collect::<Vec<_>>()),
                join("by", &strata.collect::<Vec<_>>()),
                join("weight", &weight.collect::<Vec<_>>()),
                shared.as_ref().map_or_else(|| text("of one"), |shared| self.shared(shared)),
                self.responsible(*responsible),
            ],
        )
    }

    fn basis(&self, basis: &Basis) -> Hash {
        let answer = |answer| text(self.plan.answers.get(answer).map_or("", |answer| &answer.name));
        match basis {
            Basis::Obligation(of) => join("obligation", &[answer(*of)]),
            Basis::Each { obligation, judged } => {
                let each = self.plan.judged.get(*judged).map_or_else(Hash::default, |each| self.each(each));
                join("each", &[answer(*obligation), each])
            }
            Basis::Cases { of, met, excused } => {
                join("cases", &[self.cell(*of), self.cell(*met), self.excused(excused)])
            }
            Basis::Counts { of, met } => join("counts", &[self.cell(*of), self.cell(*met)]),
            Basis::Number(figure) => self.figure(figure),
        }
    }

    fn each(&self, each: &JudgedEach) -> Hash {
        let JudgedEach { kind, among, verdict, trigger, due, due_by, done, splits: _ } = each;
        let kind = self.plan.subject.events.get(*kind).map_or("", |kind| &kind.name);
        let columns = [among, verdict, trigger, due, done].map(|column| self.column(*column));
        join(&format!("{kind} {due_by:?}"), &columns)
    }

    fn excused(&self, excused: &[(CellId, String)]) -> Hash {
        let each = excused.iter().flat_map(|(cell, reason)| [self.cell(*cell), text(reason)]);
        join("excused", &each.collect::<Vec<_>>())
    }

    fn figure(&self, figure: &Figure) -> Hash {
        let Figure { of, excused, statistic, value, ty, words: _, per: _ } = figure;
        let (made, exposure) = match statistic {
            Statistic::Per { times, places, plain, exposure, events } => {
                (format!("per {times} {places} {plain} {events}"), self.cell(*exposure))
            }
            other => (format!("{other:?}"), Hash::default()),
        };
        join(&made, &[self.cell(*of), self.excused(excused), self.cell(*value), type_hash(ty), exposure])
    }

    fn shared(&self, shared: &Shared) -> Hash {
        let shares = shared.shares.iter();
        let each = shares.flat_map(|share| [self.responsible(Some(share.responsible)), self.cell(share.cell)]);
        join(&format!("shares of {}", shared.whole), &each.collect::<Vec<_>>())
    }

    fn stratum(&self, measure: &Measure, stratum: &Stratum) -> Hash {
        let taken = |taken: &Taken| match taken {
            Taken::Case(cell) => self.cell(*cell),
            Taken::Event(place) => self.split(measure, *place),
            Taken::Trigger => text("trigger"),
        };
        match &stratum.kind {
            StratumKind::Label(label) => self.label(*label),
            StratumKind::Cell(of, ty) => join("value", &[taken(of), type_hash(ty)]),
            StratumKind::Calendar(unit, of, ty) => join(&format!("{unit:?}"), &[taken(of), type_hash(ty)]),
            StratumKind::Band(of, ty, bands) => join(&format!("bands {bands:?}"), &[taken(of), type_hash(ty)]),
        }
    }

    /// What a split takes at each event that is judged.
    fn split(&self, measure: &Measure, place: usize) -> Hash {
        let Basis::Each { judged, .. } = measure.basis else { return Hash::default() };
        let column = self.plan.judged.get(judged).and_then(|each| each.splits.get(place));
        column.map_or_else(Hash::default, |column| self.column(*column))
    }
}
