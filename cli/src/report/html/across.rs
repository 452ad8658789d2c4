//! The reasons of many standards together: where to go first, then one table for each thing to do.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::causes::{ANSWERS, folded, named};
use super::outline::{Outline, Section};
use super::parts::{self, Column};
use crate::results::{Answer, Cause, MemberResult, Results};
use crate::words;

/// How many counts of standards are told of at the head, the highest.
const COUNTS: usize = 2;

/// A reason, and where it was found.
#[derive(Clone, Copy)]
struct Found<'a> {
    section: &'a Section,
    member: &'a MemberResult,
    page: Option<&'a str>,
    cause: &'a Cause,
}

/// Who to visit first, then by what has to be done and by organisation, those with most found first.
pub fn causes(results: &Results, outline: &Outline) -> Markup {
    let found = found(results, outline);
    html! {
        (first(&found))
        @for (answer, heading, meaning) in ANSWERS {
            @let rows = rows(&found, answer);
            @if !rows.is_empty() { (folded(answer, rows.len(), heading, table(&rows, heading, meaning))) }
        }
        (nothing(results, outline))
    }
}

fn found<'a>(results: &'a Results, outline: &'a Outline) -> Vec<Found<'a>> {
    let chapters = results.audits.iter().zip(&outline.audits);
    let members =
        chapters.flat_map(|(audit, section)| section.pages(audit).map(move |(member, page)| (section, member, page)));
    let found = members.flat_map(|(section, member, page)| {
        member.causes.iter().map(move |cause| Found { section, member, page, cause })
    });
    found.collect()
}

/// In how many standards something has to be done about each organisation.
fn standards<'a>(found: &[Found<'a>], answer: Answer) -> BTreeMap<&'a str, usize> {
    let mut standards: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for Found { section, member, .. } in found.iter().filter(|found| found.cause.kind.answer() == answer) {
        let of = standards.entry(&member.code).or_default();
        if of.last() != Some(&section.id.as_str()) {
            of.push(&section.id);
        }
    }
    standards.into_iter().map(|(code, of)| (code, of.len())).collect()
}

fn rows<'a>(found: &[Found<'a>], answer: Answer) -> Vec<Found<'a>> {
    let standards = standards(found, answer);
    let most = |code: &str| std::cmp::Reverse(standards.get(code).copied());
    let mut rows: Vec<Found<'a>> = found.iter().filter(|found| found.cause.kind.answer() == answer).copied().collect();
    // Chapters of one organisation stay in their order.
    rows.sort_by(|a, b| (most(&a.member.code), &a.member.code).cmp(&(most(&b.member.code), &b.member.code)));
    rows
}

/// Where to go first: the organisations of the highest counts of standards.
fn first(found: &[Found<'_>]) -> Markup {
    let mut by_count: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for (code, standards) in standards(found, Answer::Visit).into_iter().filter(|(_, standards)| *standards > 1) {
        by_count.entry(standards).or_default().push(code);
    }
    let page = |code: &str| found.iter().find(|found| found.member.code == code);
    html! {
        @if !by_count.is_empty() {
            p class="lede" { "Where practice differs in most standards:" }
            ul class="first" {
                @for (standards, codes) in by_count.iter().rev().take(COUNTS) {
                    li {
                        @for (at, found) in codes.iter().filter_map(|code| page(code)).enumerate() {
                            @if at > 0 { ", " }
                            (named(found.member, found.page))
                        }
                        " in " strong { (standards) " standards" } @if codes.len() > 1 { " each" }
                    }
                }
            }
        }
    }
}

fn table(rows: &[Found<'_>], heading: &str, meaning: &str) -> Markup {
    let body = html! {
        @for (at, Found { section, member, page, cause }) in rows.iter().enumerate() {
            @let before = at.checked_sub(1).and_then(|before| rows.get(before)).is_some_and(|row| row.member.code == member.code);
            tr class=[(!before).then_some("another")] {
                th scope="row" class="organisation" { (named(member, *page)) }
                td { a href=(format!("#{}", section.id)) { (section.number) ". " (section.title) } }
                td class="place" { (parts::tag("plain", cause.kind.words())) }
                td { (words::stopped(&words::sentence(&cause.text))) }
            }
        }
    };
    let columns =
        [Column::Text("Organisation"), Column::Text("Standard"), Column::Text("Why"), Column::Text("What was found")];
    parts::table(heading, &format!("{heading}. {meaning}"), &columns, &body)
}

/// The standards that are in no table: in which nothing sets any organisation apart, in which one does without a reason that was looked for, and in which there is
/// nobody to hold one against.
fn nothing(results: &Results, outline: &Outline) -> Markup {
    let chapters = results.audits.iter().zip(&outline.audits);
    let (mut alike, mut beyond, mut alone): (Vec<&Section>, Vec<&Section>, Vec<&Section>) =
        (Vec::new(), Vec::new(), Vec::new());
    for (audit, section) in chapters {
        let members = &audit.members;
        if members.len() < 2 && members.iter().all(|member| member.causes.is_empty()) {
            alone.push(section);
        } else if members.iter().all(|member| member.causes.is_empty()) {
            let is_apart = members.iter().any(|member| audit.has_beyond(&member.code));
            if is_apart { beyond.push(section) } else { alike.push(section) }
        }
    }
    html! {
        (listed(&beyond, "an organisation lies beyond the 99.8% limits, and not for the worse, so that no reason is looked for"))
        (listed(&alike, "nothing was found that sets an organisation apart"))
        (listed(&alone, "there is no organisation to hold against another"))
    }
}

/// In so many standards something is so: which these are.
fn listed(standards: &[&Section], what: &str) -> Markup {
    html! {
        @if !standards.is_empty() {
            p {
                "In " (words::counted(standards.len() as u64, "standard", "standards")) " " (what) ": "
                @for (at, section) in standards.iter().enumerate() {
                    @if at > 0 { ", " }
                    a href=(format!("#{}", section.id)) { (section.number) " " (section.title) }
                }
                "."
            }
        }
    }
}
