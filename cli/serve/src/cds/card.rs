//! A decision record as a card.

use std::sync::atomic::{AtomicU64, Ordering};

use concord_engine::plan::fingerprint::hex;
use concord_fhir::Report;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::clock::stamp;
use crate::hooks::{Card, Indicator, Override, Service};
use crate::module::Served;

/// The most characters that a summary may have.
const SUMMARY: usize = 140;

/// The card of a record; none where the answer makes none, whatever is missing.
///
/// # Errors
/// Where the record has no such answer: that is a fault of the service, and no answer without a card.
pub fn card(service: &Service, served: &Served, record: &Value, report: &Report) -> Result<Option<Value>, String> {
    let name = &service.card.answer;
    let found = record.get("answers").and_then(|answers| Some((answers, answers.get(name)?)));
    let (answers, deciding) = found.ok_or_else(|| format!("the record has no answer `{name}`"))?;
    let is_whole = said(deciding).is_some_and(|kind| kind != "value" || deciding.get("value").is_some());
    if !is_whole {
        return Err(format!("the answer `{name}` has no kind, or no value"));
    }
    let Some((indicator, is_known)) = indicator(&service.card(served), deciding) else { return Ok(None) };
    let mut summary = filled(&service.line(served), answers);
    if !is_known {
        summary = format!("Cannot be said: {} not recorded. {summary}", in_short(&needs(deciding)));
    }
    let mut card = Map::new();
    card.insert("uuid".to_owned(), uuid(record).into());
    card.insert("summary".to_owned(), cut(&summary).into());
    card.insert("indicator".to_owned(), indicator.name().into());
    card.insert("source".to_owned(), source(served));
    card.insert("detail".to_owned(), detail(answers, deciding, report).into());
    let reasons = service.reasons(served);
    if !reasons.is_empty() {
        let reasons: Vec<Value> = reasons.iter().map(reason).collect();
        card.insert("overrideReasons".to_owned(), reasons.into());
    }
    card.insert("extension".to_owned(), json!({ "uk.concord.decision": record, "uk.concord.fhir": report.json() }));
    Ok(Some(card.into()))
}

/// Of which kind an answer is.
fn said(answer: &Value) -> Option<&str> {
    answer.get("kind").and_then(Value::as_str)
}

/// How urgent an answer is, and whether it is known. One that is unknown is as urgent as what all that is possible comes to, and where that differs a warning.
fn indicator(card: &Card, answer: &Value) -> Option<(Indicator, bool)> {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let of = |value: &Value| card.indicator(&plain(value));
    let text = |name: &str| answer.get(name).and_then(Value::as_str);
    match (said(answer)?, text("verdict")) {
        ("value", _) => of(answer.get("value")?).map(|indicator| (indicator, true)),
        ("none", _) => card.indicator("none").map(|indicator| (indicator, true)),
        ("verdict", Some(verdict)) if verdict != "unknown" => {
            card.indicator(verdict).map(|indicator| (indicator, true))
        }
        _ => {
            let possible = answer.get("possible");
            let values = possible.and_then(Value::as_array).or_else(|| possible?.get("values")?.as_array());
            // Of a range nothing is known to be without a card.
            let Some(values) = values else { return Some((Indicator::Warning, false)) };
            // It is said only where none is possible.
            let or_none = possible.and_then(|of| of.get("or_none")).and_then(Value::as_bool).unwrap_or(false);
            let none = or_none.then(|| card.indicator("none"));
            let all: Vec<Option<Indicator>> = values.iter().map(of).chain(none).collect();
            let worst = all.iter().max().copied().flatten()?;
            let same = all.iter().all(|one| *one == Some(worst));
            Some(if same { (worst, true) } else { (Indicator::Warning, false) })
        }
    }
}

/// A text with answers in the places of their names.
fn filled(text: &str, answers: &Value) -> String {
    let mut parts = text.split('{');
    // What stands before the first brace is text.
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        let said = answers.get(name).and_then(|answer| answer.get("text")).and_then(Value::as_str);
        let said = said.unwrap_or("unknown");
        // People read "17 to 20" more easily than "unknown, 17..20", and it says the same.
        let said = said.strip_prefix("unknown, ").unwrap_or(said).replace("..", " to ");
        whole.push_str(&said);
        whole.push_str(rest);
    }
    whole
}

/// At most as long as a summary may be, cut at a word.
fn cut(text: &str) -> String {
    if text.chars().count() <= SUMMARY {
        return text.to_owned();
    }
    let short: String = text.chars().take(SUMMARY - 1).collect();
    let end = short.rfind(' ').unwrap_or(short.len());
    format!("{}…", short.get(..end).unwrap_or(&short))
}

fn needs(answer: &Value) -> Vec<String> {
    let all = answer.get("needs").and_then(Value::as_array).into_iter().flatten();
    all.filter_map(|need| need.get("text")?.as_str()).map(str::to_owned).collect()
}

/// The first few names, as words, and how many more there are.
fn in_short(names: &[String]) -> String {
    const FEW: usize = 3;
    let few: Vec<String> = names.iter().take(FEW).map(|name| name.replace('_', " ")).collect();
    match names.len().saturating_sub(FEW) {
        0 => few.join(", "),
        more => format!("{} and {more} more", few.join(", ")),
    }
}

fn source(served: &Served) -> Value {
    let said = |name: &str| served.manifest.pointer(&format!("/logic/{name}")).and_then(Value::as_str);
    let title = said("title").unwrap_or(&served.package);
    let status = if said("status") == Some("approved") { "" } else { ", a draft that nobody has approved for use" };
    json!({ "label": format!("{title}, version {}{status}", served.version) })
}

/// The reasons in Markdown: of the answer that makes the card, then what is missing, of all answers and in the record.
fn detail(answers: &Value, deciding: &Value, report: &Report) -> String {
    let mut lines = Vec::new();
    let because = deciding.get("because").and_then(Value::as_array).into_iter().flatten();
    lines.extend(because.filter_map(Value::as_str).map(|line| format!("* {}", escaped(line))));
    lines.extend(deciding.get("source").and_then(Value::as_str).map(|source| format!("* Source: {}", escaped(source))));
    let mut missing: Vec<String> =
        answers.as_object().into_iter().flatten().flat_map(|(_, answer)| needs(answer)).collect();
    missing.sort();
    missing.dedup();
    if !missing.is_empty() {
        lines.push(format!("* Not recorded, and would settle what is unknown: {}", escaped(&missing.join(", "))));
    }
    lines.extend(
        report.missing.iter().map(|(what, why)| format!("* In the record, but not used: {}: {why}", escaped(what))),
    );
    let untimed =
        report.untimed.iter().flat_map(|(what, whys)| whys.iter().map(move |(why, count)| (what, why, count)));
    lines.extend(untimed.map(|(what, why, count)| format!("* In the record: {}: {count} {why}", escaped(what))));
    if report.partial {
        lines.push(
            "* Not everything is there, as the record system says: what is missing may have been done".to_owned(),
        );
    }
    if !report.not_given.is_empty() {
        lines.push(format!(
            "* Not sent along, so that nobody knows whether there is any: {}",
            report.not_given.join(", ")
        ));
    }
    lines.join("\n")
}

/// What others wrote, so that nothing of it acts as Markdown or HTML.
fn escaped(text: &str) -> String {
    let mut whole = String::new();
    for c in text.chars() {
        match c {
            '<' => whole.push_str("&lt;"),
            '>' => whole.push_str("&gt;"),
            '&' => whole.push_str("&amp;"),
            '\\' | '*' | '_' | '`' | '[' | ']' | '#' | '|' | '!' => {
                whole.push('\\');
                whole.push(c);
            }
            c => whole.push(c),
        }
    }
    whole
}

fn reason(of: &Override) -> Value {
    json!({ "code": of.code, "system": of.system, "display": of.display })
}

/// An id that no other card has: of the record, the time and the number of the card.
fn uuid(record: &Value) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let hash = hex(&Sha256::digest(format!("{record} {} {number} {}", stamp(), std::process::id())));
    // The hash is longer than that.
    let part = |from: usize, to: usize| hash.get(from..to).unwrap_or_default();
    // Version 8 of RFC 9562: an id made in a way of one's own.
    format!("{}-{}-8{}-a{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}
