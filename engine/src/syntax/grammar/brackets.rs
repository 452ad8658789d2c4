//! Brackets as they are written elsewhere: `round(x, 0)`, `count(Reading where …)`, `(a ? 1 : 0)`, `now()`, `if(a, 1, 0)`.

use super::habits::{back, elsewhere, whole};
use super::input::Tokens;
use super::lists::items;
use super::words::is_name_at;
use crate::diagnostics::Diagnostic;
use crate::syntax::newcomers::meant_by;
use crate::syntax::tokens::Kind;
use crate::text::Span;

/// The most tokens in a pair of brackets that are read for it.
const FURTHEST: usize = 200;
/// What takes one or a figure from the events.
const OF_EVENTS: &[&str] = &["count", "any", "all", "first", "last", "latest", "sum", "median", "lowest", "highest"];

/// The message for what stands at `rest`, where the brackets opened at `opener` should close, if it is such a habit.
pub fn inside_brackets(rest: Tokens<'_>, opener: Span) -> Option<Diagnostic> {
    let at = (0..rest.at).rev().find(|at| rest.shared.tokens.get(*at).is_some_and(|token| token.span == opener))?;
    let opened = Tokens { at, ..rest };
    let closer = closing(rest);
    let if_called = || back(opened, 1).filter(|name| rest.is_sign(",") && name.is_word("if"));
    question(rest, opened)
        .or_else(|| rounded(rest, opened, closer?))
        .or_else(|| query(rest, opened, closer?))
        .or_else(|| condition(if_called()?, opened))
}

/// `now()`, `IF(a, 1, 0)`: what is called without anything in its brackets, or is no function here.
pub fn called(name: Tokens<'_>) -> Option<Diagnostic> {
    let said = name.text(0);
    let opened = name.next();
    if said.eq_ignore_ascii_case("if") {
        return condition(name, opened);
    }
    if said.eq_ignore_ascii_case("round") {
        let closer = closing(opened.next())?;
        let comma = commas(opened, closer).first().copied()?;
        return rounded(comma, opened, closer);
    }
    if let Some(fault) = of_a_sheet(name, opened) {
        return Some(fault);
    }
    if !opened.is_sign_at(1, ")") {
        return None;
    }
    let span = name.span().to(opened.next().span());
    if matches!(said.to_ascii_lowercase().as_str(), "now" | "today" | "getdate" | "sysdate" | "current_date") {
        let fault = elsewhere(span, "the moment as of which a case is judged is `as of`");
        let day = matches!(said.to_ascii_lowercase().as_str(), "today" | "current_date");
        let written = if day { "date of as of" } else { "as of" };
        return Some(fault.help("write `as of`, and `date of as of` for its day").edit(span, written));
    }
    let fault = elsewhere(span, &format!("nothing is called by `{said}()`"));
    Some(match meant_by(&[said]) {
        Some(meant) => fault.help(meant.help()),
        None => fault.help("a value is named without brackets").edit(span, said),
    })
}

/// `if(a, b, c)`, as in Excel, with those inside it; without `c` what holds otherwise is none.
fn condition(name: Tokens<'_>, opened: Tokens<'_>) -> Option<Diagnostic> {
    let closer = closing(opened.next())?;
    let found = commas(opened, closer);
    let span = name.span().to(closer.span());
    let mut fault = elsewhere(span, "one of two is `if … then … else`").help("as in `if age >= 65 then 2 else 1`");
    if found.len() == 1 {
        fault = fault.help("say what holds otherwise as well: `if age >= 65 then 2 else none`");
    }
    let mut at = name;
    while at.at < closer.at {
        if at.text(0).eq_ignore_ascii_case("if") && at.next().is_sign("(") && at.next().gap() == 0 {
            fault = in_words(fault, at, at.next())?;
        }
        at = at.next();
    }
    Some(fault)
}

fn in_words(fault: Diagnostic, name: Tokens<'_>, opened: Tokens<'_>) -> Option<Diagnostic> {
    let closer = closing(opened.next())?;
    let found = commas(opened, closer);
    let fault = fault.edit(name.span().to(opened.span()), "(if ");
    match found.as_slice() {
        [then] => Some(fault.edit(then.span(), " then").edit(closer.span(), " else none)")),
        [then, otherwise] => Some(fault.edit(then.span(), " then").edit(otherwise.span(), " else")),
        _ => None,
    }
}

/// `AND(a, b)`, `ISBLANK(a)`, `COALESCE(a, 0)`, `DATEDIFF(day, a, b)`: functions of spreadsheets and databases.
fn of_a_sheet(name: Tokens<'_>, opened: Tokens<'_>) -> Option<Diagnostic> {
    let (items, _) = items(opened.next())?;
    let closer = closing(opened.next())?;
    let said = name.text(0).to_ascii_lowercase();
    let written = match (said.as_str(), items.as_slice()) {
        ("not", [one]) => format!("(not {})", bracketed(one)),
        ("and", [_, _, ..]) => format!("(all of {})", items.join(", ")),
        ("or", [_, _, ..]) => format!("(any of {})", items.join(", ")),
        ("isnull" | "isblank" | "isna" | "isempty" | "is_null", [one]) => format!("({one} is none)"),
        ("coalesce" | "ifnull" | "nvl" | "isnull" | "iferror", [one, other]) => {
            return Some(stands_for_none(name, closer, one, other));
        }
        ("countif" | "countifs", [events, conditions @ ..]) => query_of(events, conditions),
        ("count" | "counta", [events]) if name.text(0) != "count" && !events.contains(' ') => {
            format!("(count {events})")
        }
        ("count", [_, _, ..]) => format!("(count of {})", items.join(", ")),
        ("sumif" | "sumifs", [events, condition, field]) => format!("(sum {field} of {events} where {condition})"),
        ("year" | "quarter" | "month" | "week" | "weekday" | "day" | "hour" | "date" | "time", [one]) => {
            format!("({said} of {})", bracketed(one))
        }
        ("ifs", pairs) if pairs.len() > 1 && pairs.len() % 2 == 0 => several(pairs),
        ("xor", [one, other]) => format!("({one} is not {other})"),
        ("min", [_, _, ..]) if name.text(0) != "min" => format!("(lowest of {})", items.join(", ")),
        ("max", [_, _, ..]) if name.text(0) != "max" => format!("(highest of {})", items.join(", ")),
        ("sum", [_, _, ..]) => format!("(sum of {})", items.join(", ")),
        ("abs", [one]) if name.text(0) != "abs" => format!("abs({one})"),
        ("datediff" | "datedif" | "date_diff" | "timestampdiff", times) => return Some(between(name, closer, times)),
        _ => return None,
    };
    let span = name.span().to(closer.span());
    let fault = elsewhere(span, &format!("the language has no function `{}`", name.text(0)));
    Some(fault.help(format!("write `{written}`")).edit(span, written))
}

/// `COUNTIF(Fall, harm)`
fn query_of(events: &str, conditions: &[String]) -> String {
    if conditions.is_empty() {
        return format!("(count {events})");
    }
    format!("(count {events} where {})", conditions.join(" and "))
}

/// `IFS(a, 1, b, 2)`
fn several(pairs: &[String]) -> String {
    let words = pairs.chunks(2).filter_map(|pair| match pair {
        [condition, value] if condition.eq_ignore_ascii_case("true") => Some(value.clone()),
        [condition, value] => Some(format!("if {condition} then {value} else")),
        _ => None,
    });
    let said = words.collect::<Vec<_>>().join(" ");
    if said.ends_with(" else") { format!("({said} none)") } else { format!("({said})") }
}

/// `COALESCE(a, 0)`: what is missing is never another value here.
fn stands_for_none(name: Tokens<'_>, closer: Tokens<'_>, one: &str, other: &str) -> Diagnostic {
    let span = name.span().to(closer.span());
    let written = format!("({one} else {other})");
    let fault = elsewhere(span, &format!("the language has no function `{}`", name.text(0)));
    let help = format!(
        "where `{one}` is `optional` and recorded as none, `{written}` says what stands for that; what is merely missing stays unknown, and nothing stands for it"
    );
    fault.help(help).edit(span, written)
}

/// `DATEDIFF(hour, a, b)`, `DATEDIF(a, b, "Y")`: the unit that is written, and from which time to which. A change is shown only where both are
/// sure: MySQL's `DATEDIFF(a, b)` and BigQuery's `DATE_DIFF(a, b, DAY)` have the later time first, others the earlier.
fn between(name: Tokens<'_>, closer: Tokens<'_>, times: &[String]) -> Diagnostic {
    let span = name.span().to(closer.span());
    let fault = elsewhere(span, &format!("the language has no function `{}`", name.text(0)));
    let called = name.text(0).to_ascii_lowercase();
    let sheet = called == "datedif";
    let sure = match times {
        [part, from, to] if !sheet && unit_of(part, false).is_some() => Some((unit_of(part, false), from, to)),
        [from, to, part] if called != "date_diff" => Some((unit_of(part, sheet), from, to)),
        _ => None,
    };
    let Some((Some(unit), from, to)) = sure else {
        return fault.help(
            "say what is counted, and from which of the two to which, the earlier first: `days from a to b`, also `years`, `months`, `weeks`, `hours` and `minutes`; what lies between to the minute is `b - a`",
        );
    };
    let written = format!("({unit} from {} to {})", bracketed(from), bracketed(to));
    let help = if matches!(unit, "hours" | "minutes") {
        let (from, to) = (bracketed(from), bracketed(to));
        format!(
            "write `{written}`, which counts whole {unit}; to the minute it is `{to} - {from}`, which is compared with a length of time such as `90 min`"
        )
    } else {
        format!("write `{written}`")
    };
    fault.help(help).edit(span, written)
}

/// The unit that a part of a date names, in a database or in a sheet, where it is called `"D"`, `"M"` or `"Y"`.
fn unit_of(said: &str, sheet: bool) -> Option<&'static str> {
    let said = said.trim_matches(['"', '\'']).to_ascii_lowercase();
    Some(match (said.as_str(), sheet) {
        ("d", true) | ("day" | "days" | "dd" | "d", false) => "days",
        ("m", true) | ("month" | "months" | "mm" | "m", false) => "months",
        ("y", true) | ("year" | "years" | "yyyy" | "yy", false) => "years",
        ("week" | "weeks" | "wk" | "ww", false) => "weeks",
        ("hour" | "hours" | "hh", false) => "hours",
        ("minute" | "minutes" | "mi", false) => "minutes",
        _ => return None,
    })
}

fn bracketed(said: &str) -> String {
    if said == "as of" || !said.contains(' ') || said.starts_with('(') { said.to_owned() } else { format!("({said})") }
}

/// The `)` that belongs to brackets of which `at` is inside.
fn closing(at: Tokens<'_>) -> Option<Tokens<'_>> {
    let mut depth = 0_usize;
    let mut rest = at;
    for _ in 0..FURTHEST {
        match rest.text(0) {
            "(" => depth += 1,
            ")" if depth == 0 => return Some(rest),
            ")" => depth -= 1,
            _ if rest.at_end() => return None,
            _ => {}
        }
        rest = rest.next();
    }
    None
}

/// The commas of a pair of brackets, not those within others.
fn commas<'a>(opened: Tokens<'a>, closer: Tokens<'a>) -> Vec<Tokens<'a>> {
    let (mut depth, mut found, mut rest) = (0_usize, Vec::new(), opened.next());
    while rest.at < closer.at {
        match rest.text(0) {
            "(" | "{" => depth += 1,
            ")" | "}" => depth = depth.saturating_sub(1),
            "," if depth == 0 => found.push(rest),
            _ => {}
        }
        rest = rest.next();
    }
    found
}

/// `(sex = female ? 1 : 0)`
fn question(rest: Tokens<'_>, opened: Tokens<'_>) -> Option<Diagnostic> {
    let fault = rest.is_sign("?").then(|| elsewhere(rest.span(), "one of two is `if … then … else`"))?;
    let fault = fault.help("as in `if age >= 65 then 2 else 1`");
    let colon = (1..FURTHEST).map(|ahead| rest.skip(ahead)).take_while(|at| !at.at_end()).find(|at| at.is_sign(":"));
    let Some(colon) = colon else { return Some(fault) };
    let begins = Span { start: opened.span().end, end: opened.next().span().start, ..opened.span() };
    Some(fault.edit(begins, "if ").edit(rest.span(), "then").edit(colon.span(), "else"))
}

/// `round(x, 0)`
fn rounded(rest: Tokens<'_>, opened: Tokens<'_>, closer: Tokens<'_>) -> Option<Diagnostic> {
    let name = back(opened, 1).filter(|name| name.text(0).eq_ignore_ascii_case("round") && rest.is_sign(","))?;
    let places = whole(rest.next()).filter(|_| rest.skip(2).at == closer.at);
    let span = name.span().to(closer.span());
    let fault = elsewhere(span, "how finely a number is rounded stands after `to`");
    let Some(places) = places else {
        return Some(fault.help("write `round x to 1 place`"));
    };
    let word = if places == 1 { "place" } else { "places" };
    let value = Span { start: opened.span().end, end: rest.span().start, ..span };
    let written = format!("(round ({}) to {places} {word})", rest.text_of(value).trim());
    Some(fault.help(format!("write `{written}`")).edit(span, written))
}

/// `count(Reading where temp > 8)`
fn query(rest: Tokens<'_>, opened: Tokens<'_>, closer: Tokens<'_>) -> Option<Diagnostic> {
    let name = back(opened, 1).filter(|name| {
        let known = OF_EVENTS.contains(&name.text(0).to_ascii_lowercase().as_str());
        known && name.kind() == Kind::Name && is_name_at(opened, 1)
    })?;
    let goes_on =
        matches!(rest.text(0), "where" | "have" | "within" | "after" | "before" | "since" | "until" | "during");
    goes_on.then(|| {
        let span = name.span().to(closer.span());
        let asked = Span { start: opened.span().end, end: closer.span().start, ..span };
        let written = format!("({} {})", name.text(0).to_ascii_lowercase(), rest.text_of(asked).trim());
        let fault = elsewhere(span, "what is asked of the events stands without brackets, or as a whole in them");
        fault.help(format!("write `{written}`")).edit(span, written)
    })
}
