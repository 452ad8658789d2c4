//! What is told beside the tables as counts: what unknown cases lack, times and paths of organisations, what a member's own rules change, and how many of
//! each group organisations have, of which it is made what they are expected to have.

use super::known::{ByBoth, MixOf, PathOf};
use super::piece::Piece;
use super::sums::{Bounds, Place};
use super::tables::{Judged, Tables, Wholes};
use super::taken_back::tells_mix;
use crate::audit::disclose::Disclosure;
use crate::results::{MeasureResult, ObligationResult, StratumResult};
use std::collections::{BTreeMap, BTreeSet};

/// What is told of a count as it may be told, or of what stands for one that is suppressed.
fn told(shown: u64) -> Bounds {
    (Disclosure::On.least(shown), Disclosure::On.most(shown))
}

impl Tables<'_> {
    /// What unknown cases lack: each may lack several things.
    pub(super) fn needs(&mut self, at: usize, of: &ObligationResult, [.., unknown]: [Place; 7]) {
        let needs = self.list(Piece::Needs(at), &of.needs);
        for need in &needs {
            let others = self.unheard();
            self.sums.add(unknown, vec![*need, others]);
        }
        if !needs.is_empty() && self.given.needs.get(at) == Some(&true) {
            let [all, twice] = [(); 2].map(|()| self.unheard());
            self.sums.add(all, needs);
            self.sums.add(all, vec![unknown, twice]);
        }
    }

    /// What is told of each organisation.
    pub(super) fn beside(&mut self, obligations: &[Judged]) {
        let mut skipped: BTreeMap<String, Vec<Place>> = BTreeMap::new();
        for (at, member) in self.audit.members.iter().enumerate() {
            for delay in &member.delays {
                self.delay(at, (member.code.as_str(), delay.obligation.as_str(), delay.n), obligations);
            }
            if let Some(path) = self.given.paths.get(&member.code).filter(|_| member.path.is_some()) {
                self.path(at, path, &mut skipped);
            }
            let changes = member.rules.iter().flat_map(|rule| &rule.changes);
            for name in changes.map(|change| &change.obligation).collect::<BTreeSet<&String>>() {
                self.as_run(at, (member.code.as_str(), name.as_str()), obligations);
            }
        }
        for (name, mut skipped) in skipped {
            let mut lines = self.audit.data.completeness.iter().zip(&self.missing);
            let Some((_, missing)) = lines.find(|(line, _)| line.kind == "event" && line.name == name) else {
                continue;
            };
            let missing = *missing;
            if skipped.len() < self.members.len() || !self.given.without.contains(&name) {
                skipped.push(self.unheard());
            }
            self.sums.add(missing, skipped);
        }
    }

    /// The place of an obligation, and what became of it at an organisation, where that is whose case it is.
    fn judged_at<'j>(&self, (code, name): (&str, &str), all: &'j [Judged]) -> Option<(usize, &'j AtOne)> {
        let number = self.audit.obligations.iter().position(|of| of.name == name)?;
        let own = all.get(number)?.organisations.iter().find(|(of, _)| of == code);
        own.map(|(_, own)| (number, own)).filter(|_| self.given.obligations.get(number) == Some(&true))
    }

    /// How many times there are, where these are all that was done.
    fn delay(&mut self, at: usize, (code, name, n): (&str, &str, u64), obligations: &[Judged]) {
        let Some((number, (_, wholes))) = self.judged_at((code, name), obligations) else { return };
        if self.given.timed.get(code).and_then(|of| of.get(number)) == Some(&true) {
            let piece = self.piece(Piece::MemberDelay(at, number), false);
            let timed = self.sums.count(told(n), piece);
            self.sums.add(wholes.done, vec![timed]);
        }
    }

    /// Who skips a step did not do it again, nor after the next one, nor is on the usual path.
    fn path(&mut self, at: usize, of: &PathOf, all_skipped: &mut BTreeMap<String, Vec<Place>>) {
        let Some(cases) = self.members.get(at).copied() else { return };
        let piece = self.piece(Piece::Path(at), false);
        let on_path = self.sums.count(told(of.on_path), piece);
        if let Some((commonest, false)) = of.commonest {
            let commonest = self.sums.count(told(commonest), piece);
            self.among(cases, vec![on_path, commonest], false);
        }
        let (mut before, mut astray) = (None, Vec::new());
        for step in &of.steps {
            let [skipped, again] = [step.skipped, step.again].map(|count| self.sums.count(told(count), piece));
            let wrong = step.wrong.map(|wrong| self.sums.count(told(wrong), piece));
            self.among(cases, vec![skipped, again], false);
            for wrong in [before, wrong] {
                self.among(cases, [on_path, skipped].into_iter().chain(wrong).collect(), false);
            }
            all_skipped.entry(step.step.clone()).or_default().push(skipped);
            astray.extend([skipped].into_iter().chain(wrong));
            before = wrong;
        }
        if of.accounted {
            let [off, all] = [(); 2].map(|()| self.unheard());
            self.sums.add(cases, vec![on_path, off]);
            self.sums.add(all, astray);
            // Some may have done several of these.
            self.among(all, vec![off], are_apart(of));
        }
    }

    /// Cases that a member's own rules judge: by both, met by the one, by the other, by both, and by neither.
    fn as_run(&mut self, at: usize, (code, name): (&str, &str), obligations: &[Judged]) {
        let Some((number, (verdicts, wholes))) = self.judged_at((code, name), obligations) else { return };
        let ([_, _, met, late, missed, ..], decided) = (*verdicts, wholes.decided);
        let Some(ByBoth { told: counts, all }) = self.given.as_run.get(code).and_then(|of| of.get(number)) else {
            return;
        };
        let piece = self.piece(Piece::Change(at, number), false);
        let [cases, standard, own, otherwise] = counts.map(|count| self.sums.count(told(count), piece));
        let [both, one, other, neither, not] = [(); 5].map(|()| self.unheard());
        self.sums.add(standard, vec![both, one]);
        self.sums.add(own, vec![both, other]);
        self.sums.add(otherwise, vec![one, other]);
        self.sums.add(cases, vec![both, one, other, neither]);
        self.sums.add(not, vec![late, missed]);
        self.among(not, vec![other, neither], *all);
        self.among(met, vec![standard], *all);
        self.among(decided, vec![cases], *all);
    }

    /// How many of each group each organisation has, of the splits by which something is told of them.
    pub(super) fn mixed(&mut self, at: usize, of: &MeasureResult, (rows, splits): (&[Named], &[Split<'_>])) {
        let Some(mixes) = self.given.mixes.get(at) else { return };
        for (nth, mix) in mixes.iter().enumerate().filter(|(_, mix)| tells_mix(self.audit, of, mix)) {
            self.mix((at, nth), mix, of.counts_unknown_against(), (rows, splits));
        }
    }

    fn mix(&mut self, (at, nth): (usize, usize), mix: &MixOf, against: bool, (rows, splits): (&[Named], &[Split<'_>])) {
        let piece = self.piece(Piece::Mix(at, nth), false);
        let split = splits.iter().find(|(split, _)| split.title == mix.title);
        let mut of_each: BTreeMap<&String, [Vec<Place>; 3]> = BTreeMap::new();
        for group in &mix.groups {
            let whole = self.met_of(group.of, piece);
            let cells = group.cells.iter().map(|(code, cases)| (code, self.met_of(*cases, piece)));
            let cells: Vec<(&String, [Place; 3])> = cells.collect();
            for (at, all) in whole.iter().enumerate() {
                self.sums.add(*all, cells.iter().filter_map(|(_, cell)| cell.get(at).copied()).collect());
            }
            for (code, cell) in cells {
                of_each.entry(code).or_default().iter_mut().zip(cell).for_each(|(all, cell)| all.push(cell));
            }
            let named = split.and_then(|(split, rows)| {
                split.groups.iter().zip(rows).find(|((name, _), _)| *name == group.name).map(|(_, row)| *row)
            });
            if let Some(row) = named {
                self.decided(row, whole.map(|place| vec![place]), (against, group.whole));
            }
        }
        for (code, cells) in of_each {
            if let Some((_, row)) = rows.iter().find(|(of, _)| of.as_ref() == Some(code)) {
                self.decided(*row, cells, (against, mix.whole.contains(code)));
            }
        }
    }

    /// Of so many cases so many are met, and the rest are not.
    fn met_of(&mut self, [met, of]: [u64; 2], piece: usize) -> [Place; 3] {
        let [met, of] = [met, of].map(|count| self.sums.count(told(count), piece));
        let rest = self.unheard();
        self.sums.add(of, vec![met, rest]);
        [met, of, rest]
    }

    /// These are those of a denominator that are decided, or some of them.
    fn decided(&mut self, row: [Place; 6], [met, mut parts, mut rest]: [Vec<Place>; 3], (against, all): (bool, bool)) {
        let [numerator, denominator, _, _, unknown, not] = row;
        self.among(numerator, met, all);
        rest.extend(against.then_some(unknown));
        self.among(not, rest, all);
        parts.extend(against.then_some(unknown));
        self.among(denominator, parts, all);
    }
}

/// Whether nobody can have done two of what is told of a path: skipped a step, and done one after the next.
fn are_apart(of: &PathOf) -> bool {
    let skipped = of.steps.iter().enumerate().filter(|(_, step)| step.skipped > 0).map(|(at, _)| (at, false));
    let turned = of.steps.iter().enumerate().filter(|(_, step)| step.wrong.is_some_and(|wrong| wrong > 0));
    let all: Vec<(usize, bool)> = skipped.chain(turned.map(|(at, _)| (at, true))).collect();
    let apart = |one: &(usize, bool), other: &(usize, bool)| match (one, other) {
        ((skipped, false), (turned, true)) | ((turned, true), (skipped, false)) => {
            skipped == turned || *skipped == turned + 1
        }
        _ => false,
    };
    all.iter().enumerate().all(|(nth, one)| all.iter().skip(nth + 1).all(|other| apart(one, other)))
}

/// What became of an obligation at an organisation, with its sums.
type AtOne = ([Place; 7], Wholes);
/// The row of an organisation, or of all.
type Named = (Option<String>, [Place; 6]);
/// A split with its rows.
type Split<'a> = (&'a StratumResult, Vec<[Place; 6]>);
