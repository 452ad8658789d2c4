//! Words of prose and signs in the place of others, where the grammar could not go on: each with how it is written here.

use super::fault::Wanted;
use super::habits::{back, elsewhere, is_number};
use super::input::Tokens;
use super::lists::listed;
use super::newcomers::declared;
use super::spoken::spoken_around;
use super::words::is_name_at;
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::newcomers::meant_by;
use crate::syntax::tokens::Kind;
use crate::text::Span;
use crate::values::units::is_unit;

/// The most words of a sentence that are told as one.
const FURTHEST: usize = 60;

/// The message for what stands here, if it is such a habit.
pub fn prose(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    possessive(here)
        .or_else(|| spoken_around(here))
        .or_else(|| braces_after_is(here))
        .or_else(|| sign_for_sign(here, wanted))
        .or_else(|| listed(here))
        .or_else(|| years_old(here))
        .or_else(|| unit_after_a_slash(here))
        .or_else(|| turned_sign(here))
        .or_else(|| for_then(here, wanted))
        .or_else(|| beside_each_other(here, wanted))
        .or_else(|| closes_nothing(here, wanted))
        .or_else(|| and_or(here))
        .or_else(|| number_and_over(here))
        .or_else(|| without_if(here, wanted))
        .or_else(|| ordinal_in_words(here))
        .or_else(|| without_where(here, wanted))
        .or_else(|| sentence(here, wanted))
}

/// `define x: …`, `define x := …`, `define x as …`; `age = integer`: one sign in the place of another.
fn sign_for_sign(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let Wanted::Sign(sign @ ("=" | ":" | "{")) = wanted else { return None };
    let glued = here.token(1).span.start == here.span().end;
    let said = match here.text(0) {
        ":" | "-" if glued && (here.is_sign_at(1, "=") || here.is_sign_at(1, ">")) => {
            here.span().to(here.next().span())
        }
        ":" | "=" | "==" | "=>" => here.span(),
        "is" | "as" | "equals" | "means" if sign == "=" => here.span(),
        _ => return None,
    };
    let fault = elsewhere(said, &format!("`{}` is written `{sign}` here", here.text_of(said)));
    if sign == "{" {
        return Some(fault.help("what it says stands between `{` and `}`"));
    }
    let before = if here.gap() == 0 && sign == "=" { " " } else { "" };
    Some(fault.help(format!("write `{sign}`")).edit(said, format!("{before}{sign}")))
}

/// `65 years old`, `65 years of age`
pub fn years_old(here: Tokens<'_>) -> Option<Diagnostic> {
    let words = if here.is_word("old") { 1 } else { 2 };
    let of_age = here.is_word("of") && here.is_word_at(1, "age");
    let unit = back(here, 1).filter(|last| {
        let of_time = matches!(last.text(0), "year" | "years" | "month" | "months" | "weeks" | "days");
        last.kind() == Kind::Unit && of_time && (words == 1 || of_age)
    })?;
    let last = here.token(words - 1).span;
    let from = Span { start: unit.span().end, end: last.end, ..last };
    let title = format!("a number of {} has nothing after it", unit.text(0));
    Some(elsewhere(here.span().to(last), &title).help("leave it out").edit(from, ""))
}

/// `0..100 /min`: a rate is `per min`.
fn unit_after_a_slash(here: Tokens<'_>) -> Option<Diagnostic> {
    let unit = here.next();
    let written = format!("per {}", unit.text(0));
    let rate = here.is_sign("/") && unit.gap() == 0 && is_unit(&written) && back(here, 1).is_some_and(is_number);
    rate.then(|| {
        let span = here.span().to(unit.span());
        let title = format!("`{}` is not a unit that the language knows", here.text_of(span));
        let fault = Diagnostic::error(codes::E0210, span, title, "a unit belongs here");
        let blank = if here.gap() == 0 { " " } else { "" };
        fault.help(format!("write `{written}`")).edit(span, format!("{blank}{written}"))
    })
}

/// `age => 65`, `age =< 65`
fn turned_sign(here: Tokens<'_>) -> Option<Diagnostic> {
    let compared = |at: Tokens<'_>| is_number(at) || is_name_at(at, 0);
    let (span, written) = if here.is_sign("=>") && !here.token(0).starts_line && is_number(here.next()) {
        back(here, 1).filter(|last| compared(*last))?;
        (here.span(), ">=")
    } else {
        let equals = back(here, 1).filter(|last| here.is_sign("<") && last.is_sign("=") && here.gap() == 0)?;
        (equals.span().to(here.span()), "<=")
    };
    let title = format!("`{}` is written `{written}`", here.text_of(span));
    Some(elsewhere(span, &title).help(format!("write `{written}`")).edit(span, written))
}

/// `if age > 65: 2 else 1`
fn for_then(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let sign = here.is_sign(":") || here.is_sign(",") || here.is_sign("=>");
    (matches!(wanted, Wanted::Word("then")) && sign).then(|| {
        let title = format!("`{}` is written `then` here", here.text(0));
        let blank = if here.gap() == 0 { " " } else { "" };
        elsewhere(here.span(), &title).help("write `then`").edit(here.span(), format!("{blank}then"))
    })
}

/// `age > 65, frail`, and `age, frail | points` as the header of a table
fn beside_each_other(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    if here.is_sign(",") && matches!(wanted, Wanted::Thing("the name of a column, or `|`,")) {
        let fault = elsewhere(here.span(), "the columns of a table have blanks between them");
        return Some(fault.help("leave it out").edit(here.span(), " "));
    }
    if let Some(fault) = values_with_commas(here, wanted) {
        return Some(fault);
    }
    let conditions = matches!(wanted, Wanted::Entry("a declaration", _)) && here.is_sign(",");
    conditions.then(|| {
        elsewhere(here.span(), "a comma does not join two values").help("conditions are joined with `and` or with `or`")
    })
}

/// `route is oral, iv`, `route not in oral, iv`: one of several values, of which none is declared as something of its own.
fn values_with_commas(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let in_brackets = matches!(wanted, Wanted::Sign(")"));
    let goes_on = in_brackets || matches!(wanted, Wanted::Entry("a declaration" | "a clause", _));
    let follows = goes_on && here.is_sign(",");
    let value = |at: Tokens<'_>| is_name_at(at, 0) && !declared(at) || is_number(at);
    let first = back(here, 1).filter(|first| follows && value(*first))?;
    let last_word = back(first, 1)?;
    let before = back(last_word, 1)?;
    let (begins, within) = match (before.text(0), last_word.text(0)) {
        ("is", "not") | ("not", "in") => (before, "not in"),
        ("is", "in") => (before, "in"),
        (_, "is" | "in" | "=") => (last_word, "in"),
        _ => return None,
    };
    back(begins, 1).filter(|asked| is_name_at(*asked, 0))?;
    let mut values = vec![first.text(0)];
    let mut at = here;
    while (at.is_sign(",") || at.is_word("or")) && values.len() < FURTHEST {
        let next = if at.is_sign(",") && at.next().is_word("or") { at.skip(2) } else { at.next() };
        if !value(next) || next.token(0).starts_line {
            return None;
        }
        values.push(next.text(0));
        at = next.next();
    }
    // What goes on is another condition.
    if !(at.token(0).starts_line || at.at_end() || at.is_sign("}") || in_brackets && at.is_sign(")")) {
        return None;
    }
    let last = at.previous()?.span;
    let (span, written) = (begins.span().to(last), format!("{within} {{ {} }}", values.join(", ")));
    let fault = elsewhere(span, "one of several values is asked with `in`, and they stand in braces");
    Some(fault.help(format!("write `{written}`")).edit(span, written))
}

/// `route is { oral, iv }`
fn braces_after_is(here: Tokens<'_>) -> Option<Diagnostic> {
    let last = back(here, 1).filter(|_| here.is_sign("{") && (is_name_at(here, 1) || is_number(here.next())))?;
    let negated = last.is_word("not") && back(last, 1).is_some_and(|is| is.is_word("is"));
    let begins = if negated { back(last, 1)? } else { last };
    if !negated && !last.is_word("is") {
        return None;
    }
    let span = begins.span().to(last.span());
    let written = if negated { "not in" } else { "in" };
    let fault = elsewhere(span, "one of several values is asked with `in`");
    Some(fault.help(format!("write `{written}`")).edit(span, written))
}

/// `patient's age`: whose it is says the subject.
fn possessive(here: Tokens<'_>) -> Option<Diagnostic> {
    let marked = |at: Tokens<'_>| {
        let said = at.text(0);
        at.kind() == Kind::Text && at.gap() == 0 && (said.starts_with("'s ") || said.starts_with("’s "))
    };
    let text = [here, here.next()].into_iter().find(|at| marked(*at))?;
    let owner = Tokens { at: text.at.checked_sub(1)?, ..text };
    let article = back(owner, 1).filter(|at| at.text(0).eq_ignore_ascii_case("the"));
    let start = article.unwrap_or(owner).span().start;
    let mark = text.text(0).chars().next().map_or(0, char::len_utf8);
    // After the mark come an `s` and a blank.
    let end = text.span().start.saturating_add(u32::try_from(mark).unwrap_or(0)).saturating_add(2);
    let span = Span { start, end, ..text.span() };
    let fault = elsewhere(span, "a fact has its name alone: whose it is says the subject");
    Some(fault.help("leave it out, as in `age >= 65`").edit(span, ""))
}

/// `age > 65)`
fn closes_nothing(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let extra = matches!(wanted, Wanted::Entry("a declaration", _)) && here.is_sign(")");
    extra.then(|| {
        let fault = Diagnostic::error(codes::E0211, here.span(), "this `)` closes nothing", "no `(` is open here");
        fault.edit(here.span(), "")
    })
}

/// `a and/or b`
fn and_or(here: Tokens<'_>) -> Option<Diagnostic> {
    let and = back(here, 1).filter(|and| and.is_word("and") && here.is_sign("/") && here.next().is_word("or"))?;
    let span = and.span().to(here.next().span());
    Some(elsewhere(span, "`and/or` is `or`: one of them, or both").help("write `or`").edit(span, "or"))
}

/// `age = 65+` outside a table
fn number_and_over(here: Tokens<'_>) -> Option<Diagnostic> {
    let plus = [Some(here), back(here, 1)].into_iter().flatten().find(|at| at.is_sign("+"));
    let plus = plus.or_else(|| Some(Tokens { at: here.at.checked_sub(1)?, ..here }).filter(|at| at.is_sign("+")))?;
    let number = back(plus, 1).filter(|number| is_number(*number) && plus.gap() == 0)?;
    let sign = back(number, 1).filter(|sign| sign.is_sign("=") || sign.is_sign(">=") || sign.is_word("is"))?;
    let span = sign.span().to(plus.span());
    let written = format!(">= {}", number.text(0));
    let title = format!("`{}` is written `{written}`", here.text_of(span));
    Some(elsewhere(span, &title).help("`65..` is a range of a table").edit(span, written))
}

/// `age > 65 then 2 else 1`, `2 if age > 65 else 1`
fn without_if(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let goes_on = matches!(wanted, Wanted::Entry("a declaration", _)) && !here.token(0).starts_line;
    let word = matches!(here.text(0), "then" | "if" | "else") && goes_on;
    word.then(|| {
        let fault = elsewhere(here.span(), "the condition stands first, after `if`");
        fault.help("as in `if age >= 65 then 2 else 1`")
    })
}

/// `second Fall`: which of the events it is stands in figures.
fn ordinal_in_words(here: Tokens<'_>) -> Option<Diagnostic> {
    let said = back(here, 1).filter(|_| is_name_at(here, 0) && declared(here))?;
    let written = match said.text(0).to_ascii_lowercase().as_str() {
        "second" => "2nd",
        "third" => "3rd",
        "fourth" => "4th",
        "fifth" => "5th",
        _ => return None,
    };
    let title = format!("`{}` is written `{written}`", said.text(0));
    Some(elsewhere(said.span(), &title).help(format!("write `{written} {}`", here.text(0))).edit(said.span(), written))
}

/// `any Reading with temp > 8`, `any Reading temp > 8`, `first Reading temp`
fn without_where(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let goes_on = matches!(wanted, Wanted::Entry("a declaration", _) | Wanted::Sign(")"));
    let event = back(here, 1).filter(|last| goes_on && here.kind() == Kind::Name && is_name_at(*last, 0))?;
    let tokens = here.shared.tokens;
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token| here.text_of(token.span) == word);
    if !(1..tokens.len()).any(|place| is(place, event.text(0)) && is(place - 1, "event")) {
        return None;
    }
    let title = "which of the events are meant stands after `where`";
    if matches!(here.text(0), "with" | "whose" | "having" | "which" | "that" | "when" | "if") {
        let has = matches!(here.text(1), "has" | "have") && here.text(0) != "with";
        let span = if has { here.span().to(here.next().span()) } else { here.span() };
        return Some(elsewhere(span, title).help("write `where`").edit(span, "where"));
    }
    let compares = matches!(here.token(1).kind, Kind::Sign("=" | "<" | "<=" | ">" | ">=")) || here.next().is_word("is");
    let place = Span { end: here.span().start, ..here.span() };
    Some(if compares {
        elsewhere(here.span(), title).help(format!("write `where {}`", here.text(0))).edit(place, "where ")
    } else {
        if here.is_word("on") {
            let fault = elsewhere(here.span(), title);
            return Some(
                fault.help("as in `where weekday of at in { saturday, sunday }`, `where date of at = 2026-04-01`"),
            );
        }
        // `last Level below 1.0` compares, and `first Fall at weekend` says when.
        let words: Vec<&str> = (0..4).map(|ahead| here.text(ahead)).collect();
        if meant_by(&words).is_some() || here.is_word("at") || !declared(here) {
            return None;
        }
        let function = back(event, 1).filter(|at| matches!(at.text(0), "first" | "last"))?;
        let span = function.span().to(here.span());
        let written = format!("{} of {} {}", here.text(0), function.text(0), event.text(0));
        let fault = elsewhere(span, "what was recorded with an event is asked with `of`");
        fault.help(format!("write `{written}`")).edit(span, written)
    })
}

/// `If the patient is over 65 then …` where a declaration belongs.
fn sentence(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let word = |ahead: usize| here.token(ahead).kind == Kind::Name && (ahead == 0 || !here.token(ahead).starts_line);
    let begins = matches!(wanted, Wanted::Entry("a declaration", _)) && here.token(0).starts_line;
    let asks = matches!(here.text(0).to_ascii_lowercase().as_str(), "if" | "when" | "unless" | "then" | "else");
    let line = (1..FURTHEST).take_while(|ahead| !here.token(*ahead).starts_line);
    let signs = line.clone().any(|ahead| matches!(here.token(ahead).kind, Kind::Sign("{" | ":" | "=" | "|")));
    let words = line.filter(|ahead| word(*ahead)).count();
    if !begins || !word(0) || !(asks || words > 4 && !signs) {
        return None;
    }
    let last = (0..FURTHEST).take_while(|ahead| *ahead == 0 || !here.token(*ahead).starts_line).last().unwrap_or(0);
    let span = here.span().to(here.token(last).span);
    let help = "what is recorded stands in the `subject`, what is decided in a `define`, and what has to be done in an `obligation`: \
                `define frail = age >= 65 and falls >= 2`, `obligation review { applies when frail  from first Fall  expect Review within 24 h }`";
    Some(
        Diagnostic::error(
            codes::E0213,
            span,
            "a rule is made of declarations, not of sentences",
            "none of this is read",
        )
        .help(help),
    )
}
