//! What is taken back of organisations where what it rests on is withheld: reasons, paths, what own rules change, and what they are expected to have.

use super::known::MixOf;
use crate::results::{Audit, Cause, CauseKind, MeasureResult, MemberResult};

/// What is usual among organisations may be what one has of which nothing is told.
pub(super) fn without_usual(of: &mut MemberResult) {
    let Some(path) = &mut of.path else { return };
    path.usual = None;
    for step in &mut path.steps {
        let shares = [&mut step.skipped, &mut step.again, &mut step.after_next];
        shares.into_iter().flatten().for_each(|(_, usual)| *usual = None);
    }
}

/// What its own rules change of an obligation at an organisation; that they differ stays.
pub(super) fn change(audit: &mut Audit, at: usize, name: &str) {
    let Some(member) = audit.members.get_mut(at) else { return };
    for rule in &mut member.rules {
        let before = rule.words();
        rule.changes.retain(|change| change.obligation != name);
        let told = member.causes.iter_mut().filter(|cause| cause.text == before);
        told.for_each(|cause| cause.text = rule.words());
    }
    let (code, rules) = (member.code.clone(), &member.rules);
    for measure in audit.measures.iter_mut().filter(|of| of.obligation.as_deref() == Some(name)) {
        member.measures.retain(|why| why.measure != measure.name);
        for rate in measure.organisations.iter_mut().filter(|rate| rate.code == code) {
            let of_rule = rules.iter().find(|rule| {
                rate.cause.as_ref().is_some_and(|cause| {
                    cause.strip_prefix(&rule.text).is_some_and(|rest| rest.starts_with(": by what"))
                })
            });
            of_rule.into_iter().for_each(|rule| rate.cause = Some(rule.text.clone()));
        }
    }
}

/// So many parts of a whole are told of a rate that organisations are expected to have where the counts behind it are withheld.
const COARSE: f64 = 10.0;

fn coarse(rate: f64) -> f64 {
    (rate * COARSE).round() / COARSE
}

/// Whether something is told of a measure that is made of how many of each group organisations have.
pub(super) fn tells_mix(audit: &Audit, of: &MeasureResult, mix: &MixOf) -> bool {
    let fine = |rate: f64| (coarse(rate) - rate).abs() > f64::EPSILON;
    let unlike = of.unlike.as_ref();
    let expected = of.organisations.iter().any(|rate| rate.expected.is_some() || rate.alone.is_some())
        || of.nested.contains(&mix.title)
        || unlike.is_some_and(|of| [of.low.1, of.high.1, of.least.1, of.most.1].into_iter().any(fine));
    let causes = || audit.members.iter().flat_map(|member| &member.causes);
    (mix.used && expected) || causes().any(|cause| is_of_mix(cause, &of.name, mix))
}

/// Whether a reason is that an organisation has far more of one of its groups.
fn is_of_mix(cause: &Cause, measure: &str, mix: &MixOf) -> bool {
    let about = cause.about.as_deref() == Some(measure);
    cause.kind == CauseKind::CaseMix && about && cause.text.contains(&format!("(by {})", mix.title))
}

/// That organisations are not alike is still told, and by which groups; not how many of each they have.
pub(super) fn mix_of(audit: &mut Audit, at: usize, mix: &MixOf) {
    let Some(of) = audit.measures.get_mut(at) else { return };
    let name = of.name.clone();
    if mix.used {
        of.organisations.iter_mut().for_each(|rate| (rate.expected, rate.alone) = (None, None));
        of.nested.retain(|title| *title != mix.title);
        if let Some(unlike) = &mut of.unlike {
            let rates = [&mut unlike.low.1, &mut unlike.high.1, &mut unlike.least.1, &mut unlike.most.1];
            rates.into_iter().for_each(|rate| *rate = coarse(*rate));
        }
    }
    for member in &mut audit.members {
        member.causes.retain(|cause| !(is_of_mix(cause, &name, mix) || mix.used && is_part_of(cause, &name)));
        member.measures.retain(|why| !mix.used || why.measure != name);
    }
}

/// Whether a reason tells what who its cases are does to a rate.
fn is_part_of(cause: &Cause, measure: &str) -> bool {
    cause.kind == CauseKind::CaseMix && cause.about.as_deref() == Some(measure)
}

/// Takes back the reasons that were found of an organisation in some measures and obligations.
pub(super) fn give_no_reason(audit: &mut Audit, code: &str, about: &[String]) {
    for member in &mut audit.members {
        let is_about = |cause: &Cause| cause.about.as_ref().is_some_and(|of| about.contains(of));
        if member.code == code {
            member.causes.retain(|cause| !is_about(cause));
        }
        // What is usual elsewhere may be what that one has.
        member.causes.iter_mut().filter(|cause| is_about(cause)).for_each(|cause| without_elsewhere(&mut cause.text));
    }
}

/// What is usual elsewhere may be what one has whose number of cases is withheld.
pub(super) fn say_nothing_of_others(of: &mut MemberResult) {
    without_usual(of);
    let (causes, checks) = (of.causes.iter_mut().map(|of| &mut of.text), of.checks.iter_mut().map(|of| &mut of.text));
    causes.chain(checks).for_each(without_elsewhere);
}

/// Of a reason, how many cases, or what share of them, is usual elsewhere.
fn without_elsewhere(text: &mut String) {
    let Some((own, rest)) = text.split_once(", elsewhere ") else { return };
    // Where nothing comes after it, all of it is that.
    let (usual, rest) = rest.split_at(rest.find([';', ':']).unwrap_or(rest.len()));
    if usual.ends_with('%') {
        *text = format!("{own}{rest}");
    } else if usual.ends_with(|letter: char| letter.is_ascii_digit()) {
        *text = format!("{own}, fewer than elsewhere{rest}");
    }
}

/// Takes back what was found of an organisation in some measures and obligations.
pub(super) fn say_nothing(audit: &mut Audit, code: &str, about: &[String]) {
    give_no_reason(audit, code, about);
    for member in audit.members.iter_mut().filter(|member| member.code == code) {
        member.measures.retain(|why| !about.contains(&why.measure));
        member.delays.retain(|delay| !about.contains(&delay.obligation));
    }
}
