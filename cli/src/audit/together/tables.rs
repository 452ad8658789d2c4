//! The tables of an audit as counts and sums: every sum that a reader knows to hold between what is told.

use super::known::Given;
use super::piece::{Piece, is_spent};
use super::sums::{ANY, NOWHERE, Place, Sums};
use crate::audit::disclose::{Disclosure, stands_for};
use crate::results::{Audit, Counts, FigureValue, MeasureResult, ObligationResult, StratumResult, WITHHELD};
use std::collections::BTreeSet;

/// An audit as counts and sums.
pub(super) struct Tables<'a> {
    pub(super) audit: &'a Audit,
    pub(super) given: &'a Given,
    pub(super) sums: Sums,
    /// The pieces, and whether nothing of them is told any more.
    pub(super) pieces: Vec<(Piece, bool)>,
    all: Place,
    /// The cases of each organisation, in the order of members.
    pub(super) members: Vec<Place>,
    unnamed: Place,
    /// The cases that lack something, in the order of what is complete.
    pub(super) missing: Vec<Place>,
}

impl<'a> Tables<'a> {
    pub(super) fn of(audit: &'a Audit, given: &'a Given) -> Tables<'a> {
        let mut sums = Sums::default();
        let cases = stands_for(audit.data.cases, audit.data.hides(crate::results::place::CASES));
        let all = sums.count(cases, 0);
        let named = Disclosure::On.stand_in(given.unnamed);
        let unnamed = sums.count((Disclosure::On.least(named), Disclosure::On.most(named)), 0);
        let pieces = vec![(Piece::Cases, true)];
        let mut tables = Tables { audit, given, sums, pieces, all, members: Vec::new(), unnamed, missing: Vec::new() };
        tables.organisations();
        tables.export();
        let obligations: Vec<Judged> =
            audit.obligations.iter().enumerate().map(|(at, of)| tables.obligation(at, of)).collect();
        for (at, of) in audit.measures.iter().enumerate() {
            let judged = audit.obligations.iter().position(|o| of.obligation.as_ref() == Some(&o.name));
            // A measure of an obligation counts its verdicts as they are, where the same are decided.
            let judged = judged.filter(|o| given.unset.get(at) == given.obligations_unset.get(*o));
            let judged = judged.and_then(|o| Some((obligations.get(o)?, o)));
            tables.measure(at, of, judged);
        }
        (0..audit.figures.len()).for_each(|at| tables.figure(at));
        tables.beside(&obligations);
        tables
    }

    pub(super) fn piece(&mut self, piece: Piece, spent: bool) -> usize {
        self.pieces.push((piece, spent));
        self.pieces.len() - 1
    }

    /// The counts of a row.
    fn row<const N: usize>(&mut self, piece: Piece, counts: [u64; N], hidden: u8) -> [Place; N] {
        let (spent, of_split) = (is_spent::<N>(hidden), matches!(piece, Piece::Split(..)));
        // A split of which groups are told can still be withheld.
        let piece = self.piece(piece, spent && !of_split);
        let mut at = 0_u8;
        counts.map(|count| {
            let (is_hidden, is_rate) = (hidden >> at & 1 != 0, at < 2);
            at += 1;
            // What is withheld because it is few may be 0 as well.
            let told = match (is_hidden && hidden & WITHHELD != 0, spent && !(of_split && is_rate)) {
                (true, true) => (0, ANY),
                (true, false) => (0, stands_for(0, true).1),
                _ => stands_for(count, is_hidden),
            };
            self.sums.count(told, piece)
        })
    }

    /// A count that no table has, and that people may work out.
    pub(super) fn untold(&mut self) -> Place {
        self.sums.count((0, ANY), 0)
    }

    /// A count of which nobody knows whether there is any.
    pub(super) fn unheard(&mut self) -> Place {
        self.sums.count((0, ANY), NOWHERE)
    }

    /// The cases of organisations, in all and by month.
    fn organisations(&mut self) {
        for (at, member) in self.audit.members.iter().enumerate() {
            let told = match member.cases {
                // Who is listed has a case.
                None if member.cases_withheld => (1, ANY),
                cases => stands_for(cases.unwrap_or_default(), cases.is_none()),
            };
            let piece = self.piece(Piece::Member(at), member.cases_withheld);
            let cases = self.sums.count(told, piece);
            self.members.push(cases);
            if !member.months.is_empty() {
                let piece = self.piece(Piece::Months(at), false);
                let months = member.months.iter().map(|(_, of)| stands_for(of.unwrap_or_default(), of.is_none()));
                let months = months.map(|told| self.sums.count(told, piece)).collect();
                self.sums.add(cases, months);
            }
        }
        if !self.members.is_empty() {
            let listed = self.piece(Piece::Organisations, false);
            let parts = self.members.clone();
            parts.into_iter().for_each(|member| self.some(listed, vec![member]));
            let parts = self.members.iter().copied().chain([self.unnamed]).collect();
            self.sums.add(self.all, parts);
        }
    }

    /// Rows, reasons for which they are refused, and what is complete.
    fn export(&mut self) {
        let data = &self.audit.data;
        let counts = [data.rows, data.rows_used, data.rows_rejected, data.values_rejected, data.events];
        let bits = data.hidden & 0b1111 | data.hidden >> 1 & 1 << 4 | data.hidden & WITHHELD;
        let [rows, used, refused, values, _] = self.row(Piece::Rows, counts, bits);
        let mut left_out = self.list(Piece::LeftOut, &data.rows_left_out);
        if self.given.left_out && left_out.is_empty() {
            left_out.push(self.unheard());
        }
        self.sums.add(rows, [vec![used, refused], left_out].concat());
        if !data.reject_reasons.is_empty() {
            let reasons = self.list(Piece::Reasons, &data.reject_reasons);
            let whole = self.untold();
            self.sums.add(whole, vec![refused, values]);
            self.sums.add(whole, reasons);
        }
        for (at, line) in data.completeness.iter().enumerate() {
            let [present, missing] = self.row(Piece::Complete(at), [line.present, line.missing], line.hidden);
            self.sums.add(self.all, vec![present, missing]);
            self.missing.push(missing);
        }
    }

    /// A list that names nothing without a case; where it was withheld, something that nobody knows.
    pub(super) fn list(&mut self, piece: Piece, list: &[(String, u64)]) -> Vec<Place> {
        if list.is_empty() {
            return Vec::new();
        }
        let piece = self.piece(piece, false);
        list.iter().map(|(_, count)| self.sums.count(stands_for(*count, *count == 0), piece)).collect()
    }

    fn obligation(&mut self, at: usize, of: &ObligationResult) -> Judged {
        let total = self.row(Piece::Verdicts(at), of.verdicts.each(), of.verdicts.hidden);
        let wholes = self.wholes(total, self.all);
        let mine = self.given.obligations.get(at) == Some(&true);
        let mut organisations = Vec::new();
        for (nth, (code, verdicts)) in of.organisations.iter().enumerate() {
            let row = self.row(Piece::OrganisationVerdicts(at, nth), verdicts.each(), verdicts.hidden);
            let member = self.audit.members.iter().position(|member| member.code == *code);
            let cases = member.filter(|_| mine).and_then(|member| self.members.get(member)).copied();
            let cases = cases.unwrap_or_else(|| self.unheard());
            let wholes = self.wholes(row, cases);
            organisations.push((code.clone(), (row, wholes)));
        }
        if !organisations.is_empty() {
            let rest = total.map(|_| if mine { self.untold() } else { self.unheard() });
            self.columns(&total, organisations.iter().map(|(_, (row, _))| *row).chain([rest]));
            let named = mine && organisations.len() == self.members.len();
            if named {
                self.sums.add(self.unnamed, rest.to_vec());
            }
        }
        if !of.excuses.is_empty() {
            let excuses = self.list(Piece::Excuses(at), &of.excuses);
            let [_, excused, ..] = total;
            self.sums.add(excused, excuses);
        }
        self.times(at, of, total, wholes);
        self.needs(at, of, total);
        self.readings(at, of, total, wholes);
        Judged { total: (total, wholes), organisations }
    }

    /// What lies between verdicts and all cases, each in the next: met and late, with missed, with unknown.
    fn wholes(&mut self, v: [Place; 7], cases: Place) -> Wholes {
        let [not_applicable, excused, met, late, missed, open, unknown] = v;
        let [done, decided, perhaps] = [(); 3].map(|()| self.unheard());
        self.sums.add(done, vec![met, late]);
        self.sums.add(decided, vec![done, missed]);
        self.sums.add(perhaps, vec![decided, unknown]);
        self.sums.add(cases, vec![perhaps, not_applicable, excused, open]);
        Wholes { cases, done, decided, perhaps }
    }

    /// Of these counts at least one is not 0, as what is told names them.
    fn some(&mut self, of: usize, counts: Vec<Place>) {
        let some = self.sums.count((1, ANY), of);
        self.sums.add(some, counts);
    }

    /// The questions, in their order: each is asked of sums of verdicts.
    fn readings(&mut self, at: usize, of: &ObligationResult, v: [Place; 7], wholes: Wholes) {
        let [_, _, met, late, missed, _, _] = v;
        let asked = [
            (vec![late], wholes.done),
            (vec![late, missed], wholes.decided),
            (vec![late], wholes.cases),
            (vec![met], wholes.perhaps),
        ];
        for (nth, (reading, (some, all))) in of.readings.iter().zip(asked).enumerate() {
            let counts = [reading.numerator, reading.denominator];
            let [numerator, denominator] = self.row(Piece::Reading(at, nth), counts, reading.hidden);
            self.sums.add(numerator, some);
            self.sums.add(denominator, vec![all]);
        }
    }

    fn measure(&mut self, at: usize, of: &MeasureResult, judged: Option<(&Judged, usize)>) {
        let total = self.counts(Piece::Measure(at), &of.total);
        let listed = self.given.listed.get(at) == Some(&true);
        let against = of.counts_unknown_against();
        let all_set = self.given.unset.get(at).is_some_and(BTreeSet::is_empty);
        if let Some((judged, _)) = judged.filter(|_| all_set) {
            self.as_judged(&total, judged.total, against);
        }
        let mine = self.given.measures.get(at) == Some(&true);
        let mut rates = Vec::new();
        let mut charted = vec![(None, total)];
        for (nth, rate) in of.organisations.iter().enumerate() {
            let row = self.counts(Piece::Rate(at, nth), &rate.counts);
            let by_name = self.piece(Piece::Organisations, false);
            self.named(listed, by_name, &row);
            let same = judged.filter(|(_, o)| mine && self.given.obligations.get(*o) == Some(&true));
            let verdicts =
                same.and_then(|(judged, _)| judged.organisations.iter().find(|(code, _)| *code == rate.code));
            if let Some((_, verdicts)) = verdicts {
                self.as_judged(&row, *verdicts, against);
            }
            let unset = self.given.unset.get(at).is_some_and(|unset| unset.contains(&Some(rate.code.clone())));
            rates.extend((!unset).then_some(row));
            charted.push((Some(rate.code.clone()), row));
        }
        let charts = of.charts.iter().enumerate().map(|(nth, chart)| (Some(nth), chart));
        for (nth, chart) in of.chart.iter().map(|chart| (None, chart)).chain(charts) {
            let periods = self.given.over_time.get(at).and_then(|periods| periods.get(&chart.organisation));
            let whole = charted.iter().find(|(code, _)| *code == chart.organisation);
            if let Some(((_, whole), periods)) = whole.zip(periods) {
                self.over_time(Piece::Chart(at, nth), chart, (whole, periods));
            }
        }
        if !rates.is_empty() {
            let rest = total.map(|_| if mine && self.given.unnamed == 0 { self.nothing() } else { self.unheard() });
            self.columns(&total, rates.into_iter().chain([rest]));
        }
        let mut splits: Vec<(&StratumResult, Vec<[Place; 6]>)> = Vec::new();
        for (nth, split) in of.strata.iter().enumerate() {
            let rows = split.groups.iter().map(|(_, counts)| self.counts(Piece::Split(at, nth), counts));
            let rows: Vec<[Place; 6]> = rows.collect();
            if !rows.is_empty() {
                self.columns(&total, rows.iter().copied());
            }
            let by_name = self.piece(Piece::Split(at, nth), false);
            rows.iter().for_each(|row| self.named(listed, by_name, row));
            for (one, groups) in &splits {
                self.crossed((one, groups), (split, &rows));
            }
            splits.push((split, rows));
        }
        self.mixed(at, of, (&charted, &splits));
    }

    /// A split by two at once adds up to each of these: its groups are named by both.
    fn crossed(&mut self, one: (&StratumResult, &[[Place; 6]]), both: (&StratumResult, &[[Place; 6]])) {
        let Some((first, second)) = both.0.title.split_once(" × ").filter(|_| !both.1.is_empty()) else { return };
        for ((name, _), row) in one.0.groups.iter().zip(one.1) {
            let (before, after) = (format!("{name}, "), format!(", {name}"));
            let among = |group: &str| match (one.0.title == first, one.0.title == second) {
                (true, _) => group.starts_with(&before),
                (_, true) => group.ends_with(&after),
                _ => false,
            };
            let named = both.0.groups.iter().zip(both.1);
            let rows: Vec<[Place; 6]> = named.filter(|((group, _), _)| among(group)).map(|(_, row)| *row).collect();
            if !rows.is_empty() {
                self.columns(row, rows.into_iter());
            }
        }
    }

    /// Numerator, denominator, excluded, open, unknown, and what is in the denominator and not in the numerator.
    fn counts(&mut self, piece: Piece, c: &Counts) -> [Place; 6] {
        let counts = [c.numerator, c.denominator, c.excluded, c.open, c.unknown];
        let [numerator, denominator, excluded, open, unknown] = self.row(piece, counts, c.hidden);
        let rest = self.untold();
        self.sums.add(denominator, vec![numerator, rest]);
        [numerator, denominator, excluded, open, unknown, rest]
    }

    /// A row that is listed counts a case.
    fn named(&mut self, listed: bool, of: usize, row: &[Place; 6]) {
        let [_, denominator, excluded, open, unknown, _] = *row;
        if listed {
            self.some(of, vec![denominator, excluded, open, unknown]);
        }
    }

    /// What a measure of an obligation counts is what became of it.
    fn as_judged(&mut self, counts: &[Place; 6], (verdicts, wholes): ([Place; 7], Wholes), against: bool) {
        let [numerator, denominator, of_excused, of_open, of_unknown, _] = *counts;
        let [_, excused, met, _, _, open, unknown] = verdicts;
        self.sums.add(denominator, vec![if against { wholes.perhaps } else { wholes.decided }]);
        let same = [(numerator, met), (of_excused, excused), (of_open, open), (of_unknown, unknown)];
        same.into_iter().for_each(|(count, verdict)| self.sums.add(count, vec![verdict]));
    }

    fn nothing(&mut self) -> Place {
        self.sums.count((0, 0), 0)
    }

    fn figure(&mut self, at: usize) {
        let Some(of) = self.audit.figures.get(at) else { return };
        let row = |tables: &mut Self, piece: Piece, f: &FigureValue| {
            tables.row(piece, [f.cases, f.excluded, f.open, f.unknown, f.without], f.hidden)
        };
        let total = row(self, Piece::Figure(at), &of.total);
        let mine = self.given.figures.get(at) == Some(&true) && self.given.unnamed == 0;
        let is_of_all = self.given.figures_of_all.get(at) == Some(&true);
        let all_set = self.given.figures_unset.get(at).is_some_and(BTreeSet::is_empty);
        if is_of_all && all_set {
            self.sums.add(self.all, total.to_vec());
        }
        if !of.organisations.is_empty() {
            let rest = total.map(|_| if mine { self.nothing() } else { self.unheard() });
            let by_name = self.piece(Piece::Organisations, false);
            let mut rows = Vec::new();
            for (nth, own) in of.organisations.iter().enumerate() {
                let all = row(self, Piece::FigureOf(at, nth), &own.value);
                let unset =
                    self.given.figures_unset.get(at).is_some_and(|unset| unset.contains(&Some(own.code.clone())));
                // Of one that is in no total everything may be unknown, and what is named has a case all the same.
                self.some(by_name, all.to_vec());
                let member = self.audit.members.iter().position(|member| member.code == own.code);
                let cases = member.and_then(|at| self.members.get(at)).copied();
                if let Some(cases) = cases.filter(|_| is_of_all && all_set && mine) {
                    self.sums.add(cases, all.to_vec());
                }
                rows.extend((!unset).then_some(all));
            }
            self.columns(&total, rows.into_iter().chain([rest]));
        }
        for (nth, (_, groups)) in of.strata.iter().enumerate().filter(|(_, (_, groups))| !groups.is_empty()) {
            let rows: Vec<_> = groups.iter().map(|(_, value)| row(self, Piece::FigureSplit(at, nth), value)).collect();
            let by_name = self.piece(Piece::FigureSplit(at, nth), false);
            rows.iter().for_each(|row| self.some(by_name, row.to_vec()));
            self.columns(&total, rows.into_iter());
        }
    }

    /// The rows of a table add up to one.
    fn columns<const N: usize>(&mut self, total: &[Place; N], rows: impl Iterator<Item = [Place; N]>) {
        let mut columns = vec![Vec::new(); N];
        rows.for_each(|row| columns.iter_mut().zip(row).for_each(|(column, count)| column.push(count)));
        total.iter().zip(columns).for_each(|(whole, parts)| self.sums.add(*whole, parts));
    }
}

/// What became of an obligation: the counts of verdicts of all, and of each organisation, with their sums.
pub(super) struct Judged {
    total: ([Place; 7], Wholes),
    pub(super) organisations: Vec<(String, ([Place; 7], Wholes))>,
}

/// Sums of verdicts: all cases; those done, in time or late; with those missed; and with those that are not known.
#[derive(Clone, Copy)]
pub(super) struct Wholes {
    cases: Place,
    pub(super) done: Place,
    pub(super) decided: Place,
    perhaps: Place,
}
