//! Where to begin: the first lines of the report, for a reader with three minutes. Which organisations to visit, and which data to settle.

use maud::{Markup, html};
use std::collections::BTreeMap;

use super::outline::Outline;
use crate::results::{Answer, Audit, Better, MemberResult, PartKind, Results};
use crate::words;

/// So many organisations are named to be visited first.
const FIRST: usize = 2;
/// And so many whose data are to be settled.
const NAMED: usize = 6;

/// An organisation to visit: of which measure, and how many more patients are not met than were they to fare as the group's.
struct Visit<'a> {
    member: &'a MemberResult,
    page: &'a str,
    title: &'a str,
    patients: f64,
}

/// The first lines; nothing where no organisations are compared, and in a report of many standards, which says it of all together.
pub fn begin(results: &Results, outline: &Outline) -> Markup {
    let members = || {
        let audits = results.audits.iter().zip(&outline.audits);
        audits.flat_map(|(audit, section)| {
            audit.members.iter().zip(&section.members).map(move |(member, page)| (audit, member, page.as_str()))
        })
    };
    let mut visits: Vec<Visit<'_>> = members().filter_map(|(audit, member, page)| visit(audit, member, page)).collect();
    visits.sort_by(|a, b| b.patients.total_cmp(&a.patients).then_with(|| a.member.code.cmp(&b.member.code)));
    let unsettled = members().filter(|(_, member, _)| has(member, Answer::Data));
    let mut pages: BTreeMap<&str, &str> = BTreeMap::new();
    for (_, member, page) in unsettled {
        pages.entry(&member.code).or_insert(page);
    }
    let unsettled: Vec<(&str, &str)> = pages.into_iter().collect();
    html! {
        @if !outline.is_long() && (!visits.is_empty() || !unsettled.is_empty()) {
            section class="begin" aria-labelledby="begin" {
                h2 id="begin" { "Where to begin" }
                ul {
                    @for visit in visits.iter().take(FIRST) {
                        li {
                            "Visit " a href=(format!("#{}", visit.page)) { (visit.member.code) @if let Some(name) = &visit.member.name { " " (name) } }
                            ": " (visit.title) ". " (patients(visit.patients))
                        }
                    }
                    @if visits.len() > FIRST {
                        li { "Then " (words::count((visits.len() - FIRST) as u64)) " more, of whom fewer patients are concerned: see " a href="#why" { "Why organisations differ" } "." }
                    }
                    @if !unsettled.is_empty() {
                        li {
                            "Before their rates are compared, settle the data of "
                            @for (place, (code, page)) in unsettled.iter().take(NAMED).enumerate() {
                                @if place > 0 { ", " }
                                a href=(format!("#{page}")) { (code) }
                            }
                            @if unsettled.len() > NAMED { " and " (words::count((unsettled.len() - NAMED) as u64)) " more" }
                            "."
                        }
                    }
                }
            }
        }
    }
}

fn has(member: &MemberResult, answer: Answer) -> bool {
    member.causes.iter().any(|cause| cause.kind.answer() == answer)
}

/// The measure in which most patients are concerned, of an organisation that is to be visited.
fn visit<'a>(audit: &'a Audit, member: &'a MemberResult, page: &'a str) -> Option<Visit<'a>> {
    if !has(member, Answer::Visit) {
        return None;
    }
    let concerned = member.measures.iter().filter_map(|why| {
        let measure = audit.measures.iter().find(|measure| measure.name == why.measure)?;
        let of = measure.organisations.iter().find(|of| of.code == member.code)?;
        let left = why.parts.iter().find(|part| part.kind == PartKind::Practice)?.size;
        let worse = match why.better {
            Better::Higher => -left,
            Better::Lower => left,
            Better::Neither => 0.0,
        };
        (worse > 0.0).then_some((why.title.as_str(), worse * of.counts.denominator as f64))
    });
    let (title, patients) = concerned.max_by(|a, b| a.1.total_cmp(&b.1))?;
    Some(Visit { member, page, title, patients })
}

/// To the nearest 5, as no such number is exact.
fn patients(more: f64) -> String {
    let fives = (more / 5.0).round() as u64 * 5;
    match fives {
        0 | 5 => "At the group's rate it would be otherwise for a few of its patients.".to_owned(),
        many => format!("At the group's rate it would be otherwise for about {} of its patients.", words::count(many)),
    }
}
