//! Where to begin: the first lines of the report, for a reader with three minutes. Which organisations to visit, and which data to settle.

use maud::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};

use super::outline::Outline;
use super::parts;
use crate::results::{Answer, Audit, Better, Cause, MeasureResult, MemberResult, PartKind, Results};
use crate::words;

/// So many organisations are named to be visited first.
const FIRST: usize = 2;
/// And so many whose data are to be settled.
const NAMED: usize = 6;

/// An organisation to visit: why, and of how many cases it would be otherwise were they to fare as those of the others, with all allowed for that is taken off
/// its distance before.
struct Visit<'a> {
    member: &'a MemberResult,
    page: Option<&'a str>,
    cause: &'a Cause,
    better: Better,
    cases: f64,
    of: u64,
    allowed: Vec<PartKind>,
}

/// The first lines; nothing where no organisations are compared, and in a report of many standards, which says it of all together.
pub fn begin(results: &Results, outline: &Outline) -> Markup {
    let members = || {
        let audits = results.audits.iter().zip(&outline.audits);
        audits.flat_map(|(audit, section)| section.pages(audit).map(move |(member, page)| (audit, member, page)))
    };
    let mut visits: Vec<Visit<'_>> = members().filter_map(|(audit, member, page)| visit(audit, member, page)).collect();
    visits.sort_by(|a, b| b.cases.total_cmp(&a.cases).then_with(|| a.member.code.cmp(&b.member.code)));
    let mut seen = BTreeSet::new();
    visits.retain(|visit| seen.insert(visit.member.code.as_str()));
    let told = |answer: Answer| -> BTreeMap<&str, (Option<&str>, &'static str)> {
        let first = members().filter_map(|(_, member, page)| {
            let cause = member.causes.iter().find(|cause| cause.kind.answer() == answer)?;
            Some((member.code.as_str(), (page, cause.kind.words())))
        });
        first.collect()
    };
    let (data, rules) = (told(Answer::Data), told(Answer::Rule));
    html! {
        @if !outline.is_long() && (!visits.is_empty() || !data.is_empty() || !rules.is_empty()) {
            section class="begin" aria-labelledby="begin" {
                h2 id="begin" { "Where to begin" }
                ul {
                    @for visit in visits.iter().take(FIRST) {
                        li {
                            strong { "Visit " (parts::leading(visit.page, &html! { (visit.member.code) @if let Some(name) = &visit.member.name { " " (name) } })) "." }
                            " " (visit.cause.text) ". " @if visit.of > 0 { (visit.at_the_others_rate()) }
                        }
                    }
                    @if visits.len() > FIRST {
                        li { "Then " (words::count((visits.len() - FIRST) as u64)) " more" @if visits.iter().all(|visit| visit.of > 0) { ", of whom fewer patients are concerned" } ": see " a href="#why" { "Why organisations differ" } "." }
                    }
                    @if !data.is_empty() { li { "Before their rates are compared, settle the data of " (named(&data)) "." } }
                    @if !rules.is_empty() { li { "Agree which rule counts with " (named(&rules)) "." } }
                }
            }
        }
    }
}

/// Organisations with what was found of each, in short.
fn named(all: &BTreeMap<&str, (Option<&str>, &'static str)>) -> Markup {
    html! {
        @for (place, (code, (page, what))) in all.iter().take(NAMED).enumerate() {
            @if place > 0 { ", " }
            (parts::leading(*page, &html! { (code) })) " (" (what.to_lowercase().replace("utc", "UTC")) ")"
        }
        @if all.len() > NAMED { " and " (words::count((all.len() - NAMED) as u64)) " more" }
    }
}

/// The reason to visit an organisation that concerns most of its cases; none where nothing there is worse than at the others.
fn visit<'a>(audit: &'a Audit, member: &'a MemberResult, page: Option<&'a str>) -> Option<Visit<'a>> {
    let causes = member.causes.iter().filter(|cause| cause.kind.answer() == Answer::Visit);
    let found = causes.filter_map(|cause| {
        let about = cause.about.as_ref()?;
        let is_about = |measure: &&MeasureResult| measure.name == *about || measure.judges() == Some(about);
        if let Some(figure) = audit.figures.iter().find(|figure| figure.name == *about) {
            // How many people a number is about nobody knows.
            return Some(Visit { member, page, cause, better: figure.better, cases: 0.0, of: 0, allowed: Vec::new() });
        }
        let measure = audit.measures.iter().find(is_about)?;
        let why = member.measures.iter().find(|why| why.measure == measure.name)?;
        let of = measure.organisations.iter().find(|of| of.code == member.code)?.counts.denominator;
        let left = why.parts.iter().find(|part| part.kind == PartKind::Practice)?.size;
        let worse = match why.better {
            Better::Higher => -left,
            Better::Lower => left,
            Better::Neither => 0.0,
        };
        let others = why.parts.iter().filter(|part| part.kind != PartKind::Practice && part.size != 0.0);
        let allowed = others.map(|part| part.kind).collect();
        let cases = worse * of as f64;
        (worse > 0.0).then_some(Visit { member, page, cause, better: why.better, cases, of, allowed })
    });
    found.max_by(|a, b| a.cases.total_cmp(&b.cases))
}

impl Visit<'_> {
    /// How many cases it would be otherwise for, to the nearest 5, as no such number is exact.
    fn at_the_others_rate(&self) -> String {
        let fives = (self.cases / 5.0).round() as u64 * 5;
        let many = if fives <= 5 { "a few".to_owned() } else { format!("about {}", words::count(fives)) };
        let of = words::count(self.of);
        let at = match self.allowed_for() {
            None => "At the rate of the others".to_owned(),
            Some(allowed) => format!("With {allowed} allowed for, at the rate of the others"),
        };
        match self.better {
            Better::Higher => format!("{at} it would be met in {many} more of its {of} cases."),
            _ => format!("{at} {many} fewer of its {of} cases would count."),
        }
    }

    /// What is taken off its distance before, in words: without it the number is another.
    fn allowed_for(&self) -> Option<String> {
        let words = self.allowed.iter().map(|kind| match kind {
            PartKind::Rule => "the rule that it ran",
            PartKind::Data => "what is unknown",
            PartKind::Excused => "documented reasons",
            PartKind::CaseMix => "case mix",
            PartKind::Practice => "practice",
        });
        let words: Vec<&str> = words.collect();
        let (last, before) = words.split_last()?;
        Some(if before.is_empty() { (*last).to_owned() } else { format!("{} and {last}", before.join(", ")) })
    }
}
