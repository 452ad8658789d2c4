//! Obligations mean what their sentence says: each form is held to a reading of the sentence that knows nothing of the engine, over
//! every small timeline; and where something is not known, to what that reading says of every way it may have been.
//!
//! Left out are the forms that the grammar refuses: `from` together with `before`, and anything but `before` without a start.

mod reading;
pub mod timelines;

use concord_engine::evaluate::{Outcome, evaluate};
use concord_engine::plan::case::{Case, Settings};
use concord_engine::plan::{Answer, AnswerKind, CellId, Plan, Verdict};
use concord_wasm::run::Program;

use crate::packages;
use reading::{Form, Judges, KINDS, Set, Until};
use timelines::{Timeline, case, known_between, placed, timelines};

/// The minutes on which events happen: at a trigger's instant, before a deadline, at it and after it.
const MINUTES: [i64; 4] = [0, 1, 2, 3];
/// The minutes on which those happen that the case does not tell of.
const ANY_MINUTE: [i64; 6] = [-1, 0, 1, 2, 3, 4];

/// The forms of a subject that does not end, and those that are decided by its end.
fn forms(ends: bool) -> Vec<Form> {
    use Judges::{ForEach, FromFirst, Plain};
    let times: &[Until] =
        if ends { &[Until::Over] } else { &[Until::Ever, Until::Within, Until::ByClock, Until::ByFirst(2)] };
    let [a, b, c] = [0, 1, 2].map(Set::one);
    let events = [Until::BeforeFirst(c), Until::BeforeLast(c), Until::BeforeFirst(a), Until::BeforeLast(b)];
    let events = if ends { &[] } else { events.as_slice() };
    let timed = times.iter().flat_map(|until| [(FromFirst, *until), (ForEach, *until)]);
    let ordered = events.iter().flat_map(|until| [(Plain, *until), (ForEach, *until)]);
    let mut forms = Vec::new();
    for (judges, until) in timed.chain(ordered) {
        for (what, no) in [(a, false), (a, true), (b, false), (b, true)] {
            let earlier: &[Option<bool>] = if judges == Plain { &[None] } else { &[None, Some(true), Some(false)] };
            let form = Form { judges, from: a, no, what, times: 1, until, earlier: None };
            forms.extend(earlier.iter().map(|earlier| Form { earlier: *earlier, ..form }));
        }
    }
    forms.extend(forms_of_sets(ends));
    forms
}

/// The forms in which a set stands in the place of one kind, those that expect several, and those that go on to the next event.
fn forms_of_sets(ends: bool) -> Vec<Form> {
    use Judges::{ForEach, FromFirst, Plain};
    let [a, b, c] = [0, 1, 2].map(Set::one);
    let (a_or_b, b_or_c, a_or_c) = (Set(0b011), Set(0b110), Set(0b101));
    let whats = [(b, 2), (a_or_b, 1), (a_or_b, 2), (b_or_c, 1), (b_or_c, 2), (Set::ALL, 3)];
    let places: &[(Judges, Set, Until)] = if ends {
        &[(FromFirst, a, Until::Over), (ForEach, a_or_c, Until::Over)]
    } else {
        &[
            (FromFirst, a, Until::Within),
            (FromFirst, a_or_c, Until::ByFirst(2)),
            (ForEach, a, Until::ByClock),
            (ForEach, a_or_b, Until::Within),
            (Plain, a, Until::BeforeFirst(b_or_c)),
            (Plain, a, Until::BeforeLast(Set::ALL)),
            (ForEach, a, Until::BeforeNext(a)),
            (ForEach, a_or_c, Until::BeforeNext(b_or_c)),
            (ForEach, b, Until::BeforeNext(Set::ALL)),
        ]
    };
    let mut forms = Vec::new();
    for (judges, from, until) in places.iter().copied() {
        let same = [(b, 1), (c, 1)].into_iter().filter(|_| from != a || matches!(until, Until::BeforeNext(_)));
        for (what, times) in whats.into_iter().chain(same) {
            let form = Form { judges, from, no: false, what, times, until, earlier: None };
            forms.extend([form, Form { no: true, ..form }]);
            let counts = judges == ForEach && times == 1 && what == a_or_b;
            forms.extend([Some(true), Some(false)].into_iter().filter(|_| counts).map(|e| Form { earlier: e, ..form }));
        }
    }
    forms
}

/// One rule with all forms, in their order.
fn plan(forms: &[Form], ends: bool) -> Plan {
    let events: Vec<String> = KINDS.iter().map(|kind| format!("  event {kind}\n")).collect();
    let ends = if ends { format!("  ends with {}\n", KINDS[2]) } else { String::new() };
    let mut text = format!("subject S {{\n{}{ends}}}\n", events.concat());
    for (number, form) in forms.iter().enumerate() {
        let clauses = form.sentence().replace("  ", "\n  ");
        text += &format!("obligation o{number} {{\n  {clauses}\n}}\n");
    }
    packages::compile(&concord_tests::text::whole(&text)).plan
}

/// The verdicts that an answer allows, as a mask, and of a repeated obligation what is possible for each count.
fn possible(answer: &Answer, outcome: &Outcome) -> (i64, Option<[(i64, i64); 6]>) {
    let AnswerKind::Obligation(obligation) = &answer.kind else { panic!("{} is no obligation", answer.name) };
    let ends = |cell: CellId| outcome.cells.get(cell).map(|value| (value.low, value.high)).unwrap();
    (ends(obligation.verdict).0, obligation.counts.map(|cells| cells.map(ends)))
}

fn names(mask: i64) -> String {
    let held = Verdict::ALL.into_iter().filter(|verdict| mask >> (*verdict as i64) & 1 == 1);
    held.map(Verdict::name).collect::<Vec<_>>().join(" or ")
}

fn shown(timeline: &Timeline, now: i64) -> String {
    let events: Vec<String> = timeline.iter().map(|event| format!("{}{}", KINDS[event.kind], event.at)).collect();
    format!("{} as of {now}", events.join(" "))
}

/// The first faults of each form, and how many there are.
#[derive(Default)]
struct Faults {
    of_form: Vec<Vec<String>>,
}

impl Faults {
    fn new(forms: &[Form]) -> Faults {
        Faults { of_form: vec![Vec::new(); forms.len()] }
    }

    fn none(&self, forms: &[Form]) {
        let told = self.of_form.iter().zip(forms).filter(|(faults, _)| !faults.is_empty());
        let told: Vec<String> = told
            .map(|(faults, form)| format!("{}: {} times, as {}", form.sentence(), faults.len(), faults[0]))
            .collect();
        assert!(told.is_empty(), "{} forms do not mean what they say\n{}", told.len(), told.join("\n"));
    }
}

/// The module answers as the interpreter does.
pub fn same_in_module(plan: &Plan, cases: &[Case]) {
    let program = Program::compile(plan).unwrap();
    let mut instance = program.instance().unwrap();
    for cases in cases.chunks(1000) {
        let batch = instance.evaluate_batch(cases, &Settings::new()).unwrap();
        for (case, found) in cases.iter().zip(batch) {
            assert_eq!(found, program.visible(&evaluate(plan, case, &Settings::new())), "{case:?}");
        }
    }
}

#[test]
fn every_form_means_what_it_says_on_every_timeline() {
    hold_all(false);
}

#[test]
fn what_has_no_deadline_is_decided_when_the_case_is_over() {
    hold_all(true);
    hold_untold(true);
}

#[test]
fn what_is_not_told_may_have_been_in_every_way() {
    hold_untold(false);
}

/// Forms that one rule may hold; a form from the first and the same for each stand together.
const IN_ONE_RULE: usize = 48;

/// Holds all forms to their reading on every timeline.
fn hold_all(ends: bool) {
    forms(ends).chunks(IN_ONE_RULE).for_each(|forms| hold(forms, ends));
}

fn hold(forms: &[Form], ends: bool) {
    let plan = plan(forms, ends);
    let mut faults = Faults::new(forms);
    let mut sample = Vec::new();
    for timeline in (0..=4).flat_map(|events| timelines(events, KINDS.len(), &MINUTES)) {
        for now in 0..=4 {
            let case = case(&timeline, &[], 0, now);
            let outcome = evaluate(&plan, &case, &Settings::new());
            for ((number, form), answer) in forms.iter().enumerate().zip(&plan.answers) {
                let (counts, verdict) = form.read(&timeline, now);
                let (mask, found) = possible(answer, &outcome);
                if mask != 1 << verdict as i64 || found.is_some_and(|found| found != counts.map(|count| (count, count)))
                {
                    let told = format!("{}: {}, not {}", shown(&timeline, now), verdict.name(), names(mask));
                    faults.of_form[number].push(told);
                }
            }
            sample.push(case);
        }
    }
    faults.none(forms);
    let sample: Vec<Case> = sample.into_iter().step_by(5).collect();
    same_in_module(&plan, &sample);
}

/// The number of the form that judges each where this one judges from the first.
fn for_each_of(forms: &[Form], number: usize) -> Option<usize> {
    let from = forms.get(number).filter(|form| form.judges == Judges::FromFirst && form.from == Set::one(0))?;
    forms.iter().position(|each| *each == Form { judges: Judges::ForEach, ..*from })
}

/// What a case does not tell: when events of these kinds happened, but for minutes between which it was, and kinds that are not supplied.
struct Untold {
    unplaced: &'static [usize],
    between: Option<(i64, i64)>,
    left_out: &'static [usize],
}

impl Untold {
    /// Every timeline that the case may be about; of a kind that is not supplied, up to two more.
    fn completions(&self, timeline: &Timeline) -> Vec<Timeline> {
        let more = |timelines: Vec<Timeline>, kind: usize, minutes: &[i64]| -> Vec<Timeline> {
            timelines.iter().flat_map(|timeline| placed(timeline, kind, minutes)).collect()
        };
        let (from, to) = self.between.unwrap_or((i64::MIN, i64::MAX));
        let minutes: Vec<i64> = ANY_MINUTE.into_iter().filter(|minute| (from..=to).contains(minute)).collect();
        let mut all = self.unplaced.iter().fold(vec![timeline.clone()], |all, kind| more(all, *kind, &minutes));
        for kind in self.left_out {
            let one = more(all.clone(), *kind, &ANY_MINUTE);
            let two = if self.unplaced.is_empty() { more(one.clone(), *kind, &ANY_MINUTE) } else { Vec::new() };
            all.extend(one);
            all.extend(two);
        }
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// What may be untold, and how many events are listed besides.
const UNTOLD: [(Untold, usize); 23] = {
    const fn of(unplaced: &'static [usize], left_out: &'static [usize]) -> Untold {
        Untold { unplaced, between: None, left_out }
    }
    const fn between(unplaced: &'static [usize], from: i64, to: i64) -> Untold {
        Untold { unplaced, between: Some((from, to)), left_out: &[] }
    }
    [
        (of(&[0], &[]), 3),
        (of(&[1], &[]), 3),
        (of(&[2], &[]), 3),
        (of(&[], &[0]), 2),
        (of(&[], &[1]), 2),
        (of(&[], &[2]), 2),
        (of(&[0, 0], &[]), 2),
        (of(&[1, 1], &[]), 2),
        (of(&[0, 1], &[]), 2),
        (of(&[1, 2], &[]), 2),
        (of(&[0, 2], &[]), 2),
        (of(&[0], &[1]), 2),
        (of(&[1], &[0]), 2),
        (of(&[1], &[2]), 2),
        (of(&[2], &[1]), 2),
        (between(&[0], 1, 2), 2),
        (between(&[1], 1, 2), 2),
        (between(&[2], 1, 2), 2),
        (between(&[0], 0, 1), 2),
        (between(&[1], 2, 3), 2),
        (between(&[0, 1], 1, 2), 1),
        (between(&[1, 2], 1, 2), 1),
        (between(&[0, 0], 0, 1), 1),
    ]
};

/// Holds all forms, where something is not told, to their reading of every way in which it may have been.
fn hold_untold(ends: bool) {
    forms(ends).chunks(IN_ONE_RULE).for_each(|forms| hold_where_untold(forms, ends));
}

fn hold_where_untold(forms: &[Form], ends: bool) {
    let plan = plan(forms, ends);
    let mut faults = Faults::new(forms);
    let mut sample = Vec::new();
    let (mut answers, mut known) = (0, 0);
    for (untold, listed) in &UNTOLD {
        let mask = untold.left_out.iter().fold(0, |mask, kind| mask | 1 << kind);
        for timeline in (0..=*listed).flat_map(|events| timelines(events, KINDS.len(), &MINUTES)) {
            let completions = untold.completions(&timeline);
            for now in [1, 3] {
                let mut case = case(&timeline, untold.unplaced, mask, now);
                if let Some((from, to)) = untold.between {
                    known_between(&mut case, from, to);
                }
                let outcome = evaluate(&plan, &case, &Settings::new());
                let told_of_one = timeline.iter().filter(|event| event.kind == 0 && event.at <= now).count() == 1
                    && !untold.unplaced.contains(&0)
                    && !untold.left_out.contains(&0);
                for ((number, form), answer) in forms.iter().enumerate().zip(&plan.answers) {
                    let (mask, found) = possible(answer, &outcome);
                    if let Some(each) = for_each_of(forms, number).filter(|_| told_of_one) {
                        let (same, _) = possible(&plan.answers[each], &outcome);
                        assert_eq!(names(mask), names(same), "{}, {}", form.sentence(), shown(&timeline, now));
                    }
                    (answers, known) = (answers + 1, known + u32::from(mask.count_ones() == 1));
                    let wrong = completions.iter().find(|completion| {
                        let (counts, verdict) = form.read(completion, now);
                        let held = |found: [(i64, i64); 6]| {
                            found.iter().zip(counts).all(|((low, high), count)| *low <= count && count <= *high)
                        };
                        mask >> verdict as i64 & 1 == 0 || !found.is_none_or(held)
                    });
                    if let Some(wrong) = wrong {
                        let (_, verdict) = form.read(wrong, now);
                        let Untold { unplaced, between, left_out } = untold;
                        let told = format!(
                            "{} unplaced {unplaced:?} between {between:?} left out {left_out:?}: {}, but {} where it was {}",
                            shown(&timeline, now),
                            names(mask),
                            verdict.name(),
                            shown(wrong, now)
                        );
                        faults.of_form[number].push(told);
                    }
                }
                sample.push(case);
            }
        }
    }
    println!("{known} of {answers} answers are known");
    assert!(known * 4 > answers, "{known} of {answers} answers are known");
    faults.none(forms);
    let sample: Vec<Case> = sample.into_iter().step_by(5).collect();
    same_in_module(&plan, &sample);
}
