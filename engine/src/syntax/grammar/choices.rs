//! Types as they are written elsewhere: choices within the subject, and words behind a type.

use super::habits::{back, elsewhere};
use super::input::Tokens;
use super::words::{RESERVED, is_name_at};
use crate::diagnostics::Diagnostic;
use crate::syntax::tokens::Kind;
use crate::text::Span;

/// The most tokens of a list of choices that are read for it.
const FURTHEST: usize = 400;

/// Words behind a type that say `optional`, each as its words.
const OPTIONAL: &[&[&str]] =
    &[&["optional"], &["(", "optional", ")"], &["nullable"], &["null"], &["or", "none"], &["or", "null"], &["?"]];
/// Words behind a type that say nothing: every fact is asked for.
const REQUIRED: &[&[&str]] = &[&["not", "null"], &["required"], &["mandatory"], &["(", "required", ")"]];

/// What stands behind a type and belongs before it, or nowhere: the message, how many tokens it is, and whether it says `optional`.
pub fn behind_a_type<'a>(start: Tokens<'a>, rest: Tokens<'a>) -> Option<(Diagnostic, usize, bool)> {
    let said = |words: &&&[&str]| {
        words
            .iter()
            .zip(0..)
            .all(|(word, ahead)| rest.text(ahead).eq_ignore_ascii_case(word) && !rest.token(ahead).starts_line)
    };
    let (words, optional) = match OPTIONAL.iter().find(said) {
        Some(words) => (words, true),
        None => (REQUIRED.iter().find(said)?, false),
    };
    // `optional : date` is a fact of this name.
    if rest.is_sign_at(words.len(), ":") {
        return None;
    }
    let last = rest.token(words.len() - 1).span;
    let at = rest.span().to(last);
    let from = rest.previous().map_or(at.start, |last| last.span.end);
    let fault = if optional {
        let first = Span { end: start.span().start, ..start.span() };
        let fault = elsewhere(at, "`optional` stands before the type");
        fault.help(format!("write `optional {}`", start.text(0))).edit(first, "optional ")
    } else {
        elsewhere(at, "every fact is asked for, unless it is `optional`").help("leave it out")
    };
    Some((fault.edit(Span { start: from, ..at }, ""), words.len(), optional))
}

/// `skin : text { dry, broken }`, `{ a, b }`, `enum { a, b }`, `"a" | "b"`, `male/female`, `(a, b)`: where a type belongs.
pub fn choices(here: Tokens<'_>) -> Option<Diagnostic> {
    let word = ["enum", "text", "choice", "string", "select", "varchar", "list", "one of", "category", "code"]
        .into_iter()
        .any(|word| here.text(0).eq_ignore_ascii_case(word));
    let opened = if word && opens(here.next()) { here.next() } else { here };
    let list = if opens(opened) { opened.next() } else { opened };
    let bare = !opens(opened);
    let yes = |at: Tokens<'_>, word: &str| at.text(0).trim_matches('"').eq_ignore_ascii_case(word);
    if yes(list, "yes") && yes(list.skip(2), "no") {
        let commas = bare && list.is_sign_at(1, ",");
        if commas {
            return None;
        }
        if let Some(last) = unknown_behind(list.skip(3)) {
            let last = if bare { last } else { Some(last.next()).filter(|end| opens_end(*end))? };
            let span = here.span().to(last.span());
            let title = "what a case leaves out is unknown by itself, and no answer of its own";
            return Some(elsewhere(span, title).help("write `yes/no`").edit(span, "yes/no"));
        }
        let third = list.skip(4);
        if bare && list.is_sign_at(3, "/") && third.kind() == Kind::Name && !third.token(0).starts_line {
            let fault = elsewhere(here.span().to(third.span()), "yes and no are two answers, and there is no third");
            return Some(fault.help(
                "answers of another kind are an `enum` above the subject, as in `enum Answer { positive, negative, unclear }`",
            ));
        }
        return (!bare && opens_end(list.skip(3))).then(|| {
            let span = here.span().to(list.skip(3).span());
            elsewhere(span, "yes and no are a type of their own").help("write `yes/no`").edit(span, "yes/no")
        });
    }
    let joint = |at: Tokens<'_>| {
        if bare {
            at.is_sign("|") || at.is_sign("/") || at.is_word("or")
        } else {
            at.is_sign(",") || at.is_sign("|") || at.is_sign("/")
        }
    };
    let mut found = vec![choice(list)?];
    let mut at = list.next();
    while joint(at) && !at.at_end() && found.len() < FURTHEST && !(bare && at.token(0).starts_line) {
        // A comma may stand behind the last.
        if opens_end(at.next()) {
            at = at.next();
            break;
        }
        found.push(choice(at.next())?);
        at = at.skip(2);
    }
    let last = if bare { Tokens { at: at.at.checked_sub(1)?, ..at } } else { at };
    if bare && found.len() < 2 || !bare && !opens_end(at) {
        return None;
    }
    Some(of_its_own(here, here.span().to(last.span()), &found))
}

/// The last of `/unknown`, `| not known`, `, don't know`, which goes with yes and no elsewhere.
fn unknown_behind(at: Tokens<'_>) -> Option<Tokens<'_>> {
    let joint = ["/", "|", ",", "("].iter().any(|sign| at.is_sign(sign)) || at.is_word("or");
    let word = if at.is_sign("(") && at.next().is_word("or") { at.skip(2) } else { at.next() };
    if at.is_sign("(") {
        let known = matches!(word.text(0), "unknown" | "unsure" | "missing" | "na");
        return Some(word.next()).filter(|end| known && end.is_sign(")"));
    }
    if !joint || word.token(0).starts_line {
        return None;
    }
    let said = word.text(0).trim_matches('"').to_ascii_lowercase();
    match said.as_str() {
        "not" if matches!(word.text(1), "known" | "recorded" | "sure" | "applicable" | "stated") => Some(word.next()),
        "n" | "N" if word.is_sign_at(1, "/") => Some(word.skip(2)),
        "unknown" | "unsure" | "missing" | "null" | "na" | "none" | "unrecorded" | "uncertain" | "not known"
        | "not recorded" | "don't know" | "not stated" => Some(word),
        _ => None,
    }
}

fn opens(at: Tokens<'_>) -> bool {
    at.is_sign("{") || at.is_sign("(")
}

fn opens_end(at: Tokens<'_>) -> bool {
    at.is_sign("}") || at.is_sign(")")
}

/// A choice as it is written in an `enum`.
fn choice(at: Tokens<'_>) -> Option<String> {
    if at.kind() != Kind::Text {
        return is_name_at(at, 0).then(|| at.text(0).to_owned());
    }
    let said = at.text(0).trim_matches(['"', '“', '”', '‘', '’', '\'']).trim();
    let name = name_of(said)?;
    Some(if name == said { name } else { format!("{name} \"{said}\"") })
}

/// Words as one name: `Face to face` is `face_to_face`.
pub fn name_of(said: &str) -> Option<String> {
    let parts: Vec<&str> =
        said.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|part| !part.is_empty()).collect();
    let joined = parts.join("_");
    let name = if joined == said { joined } else { joined.to_ascii_lowercase() };
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic());
    (begins && name.len() <= 60 && !RESERVED.contains(&name.as_str())).then_some(name)
}

/// The message, with an `enum` put before the subject.
fn of_its_own(here: Tokens<'_>, span: Span, found: &[String]) -> Diagnostic {
    let fact =
        back(here, 2).filter(|at| is_name_at(*at, 0)).or_else(|| back(here, 3)).map_or("choice", |at| at.text(0));
    let name = unused(here, &capital(fact));
    let declared = format!("enum {name} {{ {} }}", found.join(", "));
    let fault = elsewhere(span, "the choices of a fact stand in an `enum` of their own")
        .help(format!("above the subject write `{declared}`, and here `{name}`"));
    let subject =
        (0..here.at).rev().map(|at| Tokens { at, ..here }).find(|at| at.is_word("subject") && at.token(0).starts_line);
    match subject {
        Some(subject) if subject.doc().is_empty() => {
            let place = Span { end: subject.span().start, ..subject.span() };
            fault.edit(place, format!("{declared}\n\n")).edit(span, name)
        }
        _ => fault,
    }
}

/// `smoking_status` as the name of a type: `SmokingStatus`.
fn capital(fact: &str) -> String {
    let upper = |part: &str| {
        let mut letters = part.chars();
        letters.next().map_or_else(String::new, |first| format!("{}{}", first.to_ascii_uppercase(), letters.as_str()))
    };
    fact.split('_').map(upper).collect()
}

/// A name that the text does not have yet.
fn unused(here: Tokens<'_>, name: &str) -> String {
    let taken = here.shared.tokens.iter().any(|token| here.text_of(token.span) == name);
    if taken { format!("{name}Choice") } else { name.to_owned() }
}
