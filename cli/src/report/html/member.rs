//! A page for each organisation: why it differs, how far from the others in each measure, its rules, its data, its delays and months.

use maud::{Markup, html};

use super::charts::funnel;
use super::charts::waterfall::waterfall;
use super::outline::{Section, slug};
use super::parts::{self, Column};
use crate::results::{
    Audit, CauseKind, Check, MemberDelay, MemberPath, MemberResult, PartKind, Quantile, RuleDifference, StepShare, Why,
};
use crate::words;

/// All organisations of an audit, one after the other, in order of code.
pub fn members(audit: &Audit, section: &Section) -> Markup {
    html! {
        @if !audit.members.is_empty() {
            h3 id=(section.members_id()) { "Organisations one by one" }
            p { "Each begins with the reasons that were found. The distance of a rate from that of the others is then taken apart: what another rule, what is unknown, documented reasons beyond the usual, and other patients account for; what is left is practice, with the interval of chance. The parts add up to the whole." }
            @for (place, (member, id)) in section.pages(audit).enumerate() {
                @if let Some(id) = id { (page(audit, member, section, (place + 1, id))) }
            }
            @if section.members.contains(&None) { (parts::elsewhere("Those about which nothing is to be done are", "why.csv")) }
        }
    }
}

fn page(audit: &Audit, member: &MemberResult, section: &Section, (place, id): (usize, &str)) -> Markup {
    // Two codes may differ in capitals alone, and labels must not.
    let label = |what: &str| format!("{}, organisation {place}, {}: {what}", section.number, member.code);
    html! {
        section class="member" aria-label=(label("why it differs")) {
            h4 id=(id) { (member.code) @if let Some(name) = &member.name { " " (name) } }
            p class="small" { @match member.cases {
                Some(cases) => (words::counted(cases, "case", "cases")),
                None if member.cases_withheld => "The number of its cases is not shown.",
                None => "1 to 7 cases",
            } }
            @if member.causes.is_empty() && audit.has_beyond(&member.code) {
                p { "It lies beyond the 99.8% limits, and not for the worse in a rate, so that no reason is looked for." }
            } @else if member.causes.is_empty() {
                p { "Nothing was found that sets it apart." }
            } @else {
                ul class="reasons" { @for cause in &member.causes {
                    li { (parts::tag("plain", cause.kind.words())) " " (words::stopped(&words::sentence(&cause.text))) }
                } }
            }
            (funnels(audit, section, &member.code))
            @if !member.measures.is_empty() { (whys(&member.measures, &label("How far from the others, and why"))) }
            @if !member.rules.is_empty() { (rules(&member.rules, &label("Rules"))) }
            @if !member.checks.is_empty() { (checks(&member.checks, &label("Its data"))) }
            @if !member.delays.is_empty() { (delays(&member.delays, &label("How long it took"))) }
            @if let Some(found) = &member.path { (path(found, &label("Its path"))) }
            @if !member.months.is_empty() { (months(&member.months, &label("Cases by month"))) }
        }
    }
}

/// Where it stands among the others, in each measure that has a funnel plot.
fn funnels(audit: &Audit, section: &Section, code: &str) -> Markup {
    let drawn = audit.measures.iter().zip(&section.measures).filter_map(|(measure, heading)| {
        let plot = funnel::own(&heading.id, measure, measure.funnel.as_ref()?, code)?;
        let of = measure.organisations.iter().find(|of| of.code == code)?;
        Some((heading, plot, of))
    });
    let drawn: Vec<_> = drawn.collect();
    html! {
        @if !drawn.is_empty() {
            ul class="own-funnels" { @for (heading, plot, of) in &drawn {
                li {
                    (plot)
                    span { a href=(format!("#{}", heading.id)) { (heading.title) } ": " (funnel::stands(of)) }
                }
            } }
            p class="small" { "Filled: " (code) "; dots: the other organisations; lines: the group's rate and the limits that allow for the usual spread." }
        }
    }
}

fn whys(measures: &[Why], label: &str) -> Markup {
    let sums = measures.iter().flat_map(|why| {
        let mut at = 0.0;
        let steps = why.parts.iter().map(move |part| {
            at += part.size;
            f64::abs(at)
        });
        steps.collect::<Vec<f64>>()
    });
    let reach = sums.fold(0.02, f64::max);
    let rows = html! { @for why in measures { (row(why, reach)) } };
    let columns = [
        Column::Text("Measure"),
        Column::Number("Rate"),
        Column::Number("Points from the others"),
        Column::Number("Rule"),
        Column::Number("Data"),
        Column::Number("Excused"),
        Column::Number("Case mix"),
        Column::Number("Practice"),
        Column::Drawing("From the others to its own, step by step"),
    ];
    html! {
        (parts::table(label, "How far from the others, in percentage points, and why", &columns, &rows))
        ul class="notes" { @for why in measures { li { strong { (why.title) ": " } (why.sentence) } } }
        (bounds(measures, &format!("{label}: bounds")))
    }
}

fn row(why: &Why, reach: f64) -> Markup {
    let part = |kind: PartKind| why.parts.iter().find(|part| part.kind == kind);
    let size = |kind: PartKind| part(kind).map_or_else(|| "–".to_owned(), |part| points(part.size));
    html! {
        tr {
            th scope="row" { a href=(format!("#{}", slug(&why.anchor))) { (why.title) } }
            td class="number strong" {
                (words::percent(why.rate.0)) br;
                span class="of" { (words::percent(why.rate.1)) " to " (words::percent(why.rate.2)) br; "the others " (words::percent(why.group)) }
            }
            td class="number strong" { (points(why.gap)) }
            td class="number" { (size(PartKind::Rule)) }
            td class="number" { (size(PartKind::Data)) }
            td class="number" { (size(PartKind::Excused)) }
            td class="number" { (size(PartKind::CaseMix)) }
            td class="number strong" {
                (size(PartKind::Practice))
                @if let Some((low, high)) = part(PartKind::Practice).and_then(|part| part.interval) {
                    br; span class="of" { (points(low)) " to " (points(high)) }
                }
                @if !why.compared { br; span class="of" { "not compared" } }
            }
            td class="drawing" { (waterfall(why, reach)) }
        }
    }
}

/// What a rate could be, and how it stands to what its groups would have.
fn bounds(measures: &[Why], label: &str) -> Markup {
    let rows = html! {
        @for why in measures {
            tr {
                th scope="row" { (why.title) }
                td class="number" { (words::percent(why.bounds.0)) " to " (words::percent(why.bounds.1)) }
                td class="number" { (why.expected.map_or_else(|| "–".to_owned(), words::percent)) }
                td class="number" {
                    @match &why.ratio {
                        Some((ratio, interval)) => {
                            (words::decimal(*ratio, 2))
                            @if let Some((low, high)) = interval { " (" (words::decimal(*low, 2)) " to " (words::decimal(*high, 2)) ")" }
                        },
                        None => "–",
                    }
                }
            }
        }
    };
    let columns = [
        Column::Text("Measure"),
        Column::Number("Worst and best rate, whatever is unknown"),
        Column::Number("Expected by its groups"),
        Column::Number("Observed over expected"),
    ];
    let caption = "What its rates could be, and how they stand to what its groups would have";
    parts::details("Bounds, and observed over expected", &parts::table(label, caption, &columns, &rows))
}

fn points(share: f64) -> String {
    words::signed(share * 100.0, 1)
}

fn rules(rules: &[RuleDifference], label: &str) -> Markup {
    // Of what it set beside another version the effect is not told apart from that of the version.
    let nothing = |rule: &RuleDifference| {
        let by_version = rule.kind != CauseKind::Version && rules.iter().any(|other| other.kind == CauseKind::Version);
        if by_version { "nothing that can be told apart from the version" } else { "nothing that can be told" }
    };
    let rows = html! {
        @for rule in rules {
            @if rule.changes.is_empty() {
                tr { th scope="row" { (words::sentence(&rule.text)) } td { (nothing(rule)) } td class="number" { "–" } td class="number" { "–" } td class="number" { "–" } }
            }
            @for change in &rule.changes {
                tr {
                    th scope="row" { (words::sentence(&rule.text)) }
                    td { (change.title) br; span class="of" {
                        @if rule.required { "judged by its own; beside it what most have" } @else { "judged by the group's standard; beside it what it ran" }
                        @if change.jointly { ", with all its own settings together: what each changes alone is not known" }
                    } }
                    td class="number" { (words::percent(change.rates.0)) }
                    td class="number" { (words::percent(change.rates.1)) }
                    td class="number" { (change.cases.map_or_else(|| "1 to 7".to_owned(), words::count)) }
                }
            }
        }
    };
    let columns = [
        Column::Text("What it ran"),
        Column::Text("What it changes"),
        Column::Number("As judged here"),
        Column::Number("By the other rule"),
        Column::Number("Cases judged otherwise"),
    ];
    parts::table(label, "Its rules, where they are not the group's", &columns, &rows)
}

fn checks(checks: &[Check], label: &str) -> Markup {
    let rows = html! {
        @for check in checks {
            tr {
                th scope="row" { (check.kind.words()) }
                td { (words::stopped(&words::sentence(&check.text))) }
                td { (check.effect) }
            }
        }
    };
    let columns =
        [Column::Text("Check"), Column::Text("What its data show"), Column::Text("What that does to its rates")];
    parts::table(label, "Its data, where they are not as elsewhere", &columns, &rows)
}

fn delays(delays: &[MemberDelay], label: &str) -> Markup {
    let rows = html! {
        @for delay in delays {
            tr {
                th scope="row" { (delay.title) }
                td class="number" { (words::count(delay.n)) }
                (quantile(delay, delay.median))
                (quantile(delay, delay.p90))
                td class="number" { (delay.usual.map_or_else(|| "not told".to_owned(), |usual| delay.words(usual))) }
            }
        }
    };
    let columns = [
        Column::Text("Obligation"),
        Column::Number("Cases with both times"),
        Column::Number("Half within"),
        Column::Number("Nine in ten within"),
        Column::Number("Usual median"),
    ];
    parts::table(label, "How long it took, with 95% intervals", &columns, &rows)
}

fn quantile(delay: &MemberDelay, quantile: Quantile) -> Markup {
    html! {
        td class="number" {
            (delay.words(quantile.value))
            @if let Some((low, high)) = quantile.low.zip(quantile.high) {
                br; span class="of" { (delay.words(low)) " to " (delay.words(high)) }
            }
        }
    }
}

fn path(path: &MemberPath, label: &str) -> Markup {
    let own = |share: Option<f64>| share.map_or_else(|| words::SUPPRESSED.to_owned(), words::percent);
    let share = |of: Option<StepShare>| of.map_or_else(|| "–".to_owned(), |(share, _)| own(share));
    let told = |usual: Option<f64>| usual.map_or_else(|| words::NOT_SHOWN.to_owned(), words::percent);
    let usual = |of: Option<StepShare>| of.map_or_else(|| "–".to_owned(), |(_, usual)| told(usual));
    let rows = html! {
        @for step in &path.steps {
            tr {
                th scope="row" { (step.step) }
                @for of in [step.skipped, step.after_next, step.again] {
                    td class="number" { (share(of)) br; span class="of" { "usual " (usual(of)) } }
                }
            }
        }
    };
    let columns = [
        Column::Text("Step"),
        Column::Number("Skipped"),
        Column::Number("After the next step"),
        Column::Number("Done again"),
    ];
    let named = if path.ways.is_some() { "the commonest" } else { "the commonest way," };
    let commonest =
        path.share.map(|share| format!("{named} with {}: {}", words::percent(share), path.commonest.join(" → ")));
    let ways = path.ways.map(|ways| format!("{} in all", words::counted(ways, "way", "ways")));
    let ways: Vec<String> = ways.into_iter().chain(commonest).collect();
    let has = match (path.on_path, path.known) {
        (None, _) if path.is_open => {
            "how many of its cases have all usual steps in this order is not told, as times are missing".to_owned()
        }
        (share, None) => format!("{} of its cases have all usual steps in this order", own(share)),
        (share, Some(known)) => format!(
            "of the {} whose order is known, {} have all usual steps in this one",
            words::counted(known, "case", "cases"),
            own(share)
        ),
    };
    let caption = format!(
        "Its path: {has} (usual {}){}{}",
        told(path.usual),
        if ways.is_empty() { "" } else { "; " },
        ways.join(", ")
    );
    parts::table(label, &caption, &columns, &rows)
}

fn months(months: &[(String, Option<u64>)], label: &str) -> Markup {
    let rows = html! {
        tr {
            th scope="row" { "Cases" }
            @for (_, cases) in months { td class="number" { (cases.map_or_else(|| "1 to 7".to_owned(), words::count)) } }
        }
    };
    let names: Vec<String> = months.iter().map(|(month, _)| words::period(month)).collect();
    let columns: Vec<Column<'_>> =
        std::iter::once(Column::Text("Month")).chain(names.iter().map(|name| Column::Number(name))).collect();
    parts::details("Cases by month", &parts::table(label, "Cases that begin in each month", &columns, &rows))
}
