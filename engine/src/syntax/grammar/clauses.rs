//! Clauses, examples and codes as they are written elsewhere, where the grammar could not go on: each with how it is written here.

use super::fault::Wanted;
use super::given::truth;
use super::habits::{back, elsewhere, is_number, whole};
use super::input::Tokens;
use super::newcomers::range_of;
use super::obligation::ordinal;
use super::spoken::spoken;
use super::words::is_name_at;
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tokens::Kind;
use crate::text::Span;

/// Words for a rate without the unknown.
const LEFT_OUT: &[&str] = &["excluded", "ignored", "omitted", "skipped", "dropped", "removed"];
/// Words for the number of events that are needed, and for the number that is allowed.
const NEEDED: &[&[&str]] = &[&["at", "least"], &["no", "fewer", "than"], &["no", "less", "than"]];
const ALLOWED: &[&[&str]] = &[&["at", "most"], &["no", "more", "than"], &["up", "to"]];
/// And for the number that is too many.
const BELOW: &[&[&str]] = &[&["less", "than"], &["fewer", "than"]];

/// The message for what stands here, if it is such a habit.
pub fn clause(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    condition_expected(here, wanted)
        .or_else(|| one_length(here, wanted))
        .or_else(|| obligation_measured(here, wanted))
        .or_else(|| if_for_when(here, wanted))
        .or_else(|| points_of_a_choice(here, wanted))
        .or_else(|| of_the_unknown(here, wanted))
        .or_else(|| all_cases(here, wanted))
        .or_else(|| so_many(here))
        .or_else(|| first_word(here, wanted))
        .or_else(|| deadline(here, wanted))
        .or_else(|| sign_before_a_value(here, wanted))
        .or_else(|| arrow(here))
        .or_else(|| dash_in_a_range(here, wanted))
        .or_else(|| bare_code(here, wanted))
}

/// `unknown excluded`
fn of_the_unknown(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let asked = matches!(wanted, Wanted::Entry("what is done with the unknown", _));
    asked.then(|| {
        let title = "the unknown count against, or are left out";
        let fault = elsewhere(here.span(), title)
            .help("`unknown counts against` makes each of them a miss, `unknown left out` leaves them out of the rate");
        if LEFT_OUT.contains(&here.text(0)) { fault.edit(here.span(), "left out") } else { fault }
    })
}

/// `of all cases`
fn all_cases(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let measured = matches!(wanted, Wanted::Entry("what is measured", _));
    (measured && here.is_word("all") && here.is_word_at(1, "cases")).then(|| {
        let span = Span { end: here.token(1).span.start, ..here.span() };
        elsewhere(here.span(), "`of cases` are all of them").help("leave out `all`").edit(span, "")
    })
}

/// `expect at least 2 Review`, `expect no more than 2 Fall`
fn so_many(here: Tokens<'_>) -> Option<Diagnostic> {
    let first = (0..4).filter_map(|step| back(here, step)).find(|at| at.is_word("expect"))?.next();
    let words = |all: &&&[&str]| all.iter().zip(0..).all(|(word, ahead)| first.is_word_at(ahead, word));
    let said = |all: &[&[&str]]| all.iter().find(words).map(|said| said.len());
    let sign = |signs: &[&str]| signs.iter().any(|sign| first.is_sign(sign)).then_some(1);
    let or_more = (is_number(first) && first.is_word_at(1, "or") && first.is_word_at(2, "more")).then_some(0);
    let needed = said(NEEDED).or_else(|| sign(&[">="])).or(or_more);
    let below = || said(BELOW).or_else(|| sign(&["<"])).map(|words| (words, 0));
    let allowed = || said(ALLOWED).or_else(|| sign(&["<="])).map(|words| (words, 1));
    let (words, more) = needed
        .map(|words| (words, None))
        .or_else(|| below().or_else(allowed).map(|(words, more)| (words, Some(more))))?;
    let number = first.skip(words);
    let count = whole(number).and_then(|count| u32::try_from(count).ok())?;
    let (title, written) = match more {
        None => ("how many are needed is a number before the event", count.to_string()),
        // `fewer than 1` is none at all.
        Some(more) if count + more == 1 => ("that it must not happen is said with `no`", "no".to_owned()),
        Some(more) => {
            ("that no more may happen is said of the first that is too many", format!("no {}", ordinal(count + more)))
        }
    };
    let last = if or_more.is_some() { number.skip(2) } else { number };
    let span = first.span().to(last.span());
    let help = format!("write `expect {written} {}`", last.text(1));
    Some(elsewhere(span, title).help(help).edit(span, written))
}

/// `when frail`, `if frail`, `each Fall`, `for every Fall`, and `and Review` after what is expected
fn first_word(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    if !matches!(wanted, Wanted::Entry("a clause", _)) {
        return None;
    }
    let every =
        back(here, 1).filter(|last| last.is_word("every") && back(*last, 1).is_some_and(|at| at.is_word("for")));
    if let Some(every) = every {
        let fault = elsewhere(every.span(), "each event is judged with `for each`");
        return Some(fault.help("`every` says how often: `every 4 h`").edit(every.span(), "each"));
    }
    let at = here.span();
    if let Some(fault) = article(here).or_else(|| to_what_is_expected(here)).or_else(|| comma_between(here)) {
        return Some(fault);
    }
    match here.text(0) {
        "when" | "if" if declared_as(here, "event", here.text(1)) => Some(counts_from(here)),
        "if" if one_of_two_lengths(here) => {
            let fault = elsewhere(at, "how long there is may depend on something: the choice stands in brackets");
            Some(fault.help("as in `within (if frail then 1 h else 4 h)`"))
        }
        "when" | "if" => {
            let fault = elsewhere(at, "for whom an obligation applies is said with `applies when`");
            Some(
                fault
                    .help("`applies when age >= 65`; of each event by itself `for each Fall where harm`")
                    .edit(at, "applies when"),
            )
        }
        "each" => {
            let fault = elsewhere(at, "each event is judged with `for each`");
            Some(fault.help("write `for each Fall`").edit(at, "for each"))
        }
        "after" | "following" | "once" | "upon" if is_name_at(here, 1) => Some(counts_from(here)),
        "on" if declared_as(here, "event", here.text(1)) => Some(counts_from(here)),
        said if is_called(here) && declared_as(here, "event", said) => {
            let field = back(here, 1)?;
            let span = field.span().to(at);
            let written = format!("{said} where {}", field.text(0));
            let fault = elsewhere(span, "which of the events are meant stands after `where`");
            Some(fault.help(format!("write `for each {written}`")).edit(span, written))
        }
        said if is_name_at(here, 0) && is_called(here) => {
            let place = Span { end: at.start, ..at };
            let fault = elsewhere(at, "the current event is given a name with `called`");
            Some(fault.help(format!("write `called {said}`")).edit(place, "called "))
        }
        "and" => {
            let fault = elsewhere(at, "an obligation expects one thing");
            Some(fault.help("write an obligation for each, and `obligation bundle { all of first_one, second_one }` for both together"))
        }
        _ => None,
    }
}

/// `expect Review in 1 h`
fn deadline(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let clause = matches!(wanted, Wanted::Entry("a clause", _));
    let length = is_number(here.next()) || spoken(here.next()).is_some();
    let begins = matches!(here.text(0), "in" | "inside") && length;
    (clause && begins).then(|| {
        elsewhere(here.span(), "how long there is for it is said with `within`")
            .help("write `within 1 h`")
            .edit(here.span(), "within")
    })
}

/// `frail = yes` and `frail: yes` in an example
fn sign_before_a_value(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let value = matches!(wanted, Wanted::Thing("a value or a name")) && !here.in_table;
    let sign = here.is_sign("=") || here.is_sign(":");
    back(here, 1)
        .filter(|last| value && sign && is_name_at(*last, 0))
        .map(|name| {
            // A sign that touches the name leaves the blank after it.
            let end = if here.gap() == 0 { here.span().end } else { here.token(1).span.start };
            let title = "a name and its value stand side by side";
            elsewhere(here.span(), title)
                .help(format!("leave out `{}`: `{} yes`, `{} 3`", here.text(0), name.text(0), name.text(0)))
                .edit(Span { end, ..here.span() }, "")
        })
        .map(|fault| truth(fault, here.next()))
}

/// `frail yes -> risk high`
fn arrow(here: Tokens<'_>) -> Option<Diagnostic> {
    (here.is_sign("-") && here.is_sign_at(1, ">") && here.next().gap() == 0).then(|| {
        let span = here.span().to(here.token(1).span);
        elsewhere(span, "what must come out stands after `=>`").help("write `=>`").edit(span, "=>")
    })
}

/// `integer 0-130 years`
fn dash_in_a_range(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let dots = matches!(wanted, Wanted::Sign(".."));
    (dots && here.is_sign("-") && is_number(here.next())).then(|| range_of(here))
}

/// `codes treated { 30, E11.4 }`
fn bare_code(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let code = matches!(wanted, Wanted::Thing("a code in double quotes"))
        && matches!(here.kind(), Kind::Name | Kind::Number { .. });
    code.then(|| {
        let mut last = here;
        while last.next().gap() == 0 && !(last.is_sign_at(1, ",") || last.is_sign_at(1, "}") || last.next().at_end()) {
            last = last.next();
        }
        let span = here.span().to(last.span());
        let written = format!("\"{}\"", here.text_of(span));
        let fault = Diagnostic::error(codes::E0201, span, "a code stands in double quotes", "written without them");
        fault.help(format!("write `{written}`")).edit(span, written)
    })
}

/// `after Discharge`, `when Discharge`
fn counts_from(here: Tokens<'_>) -> Diagnostic {
    let event = here.text(1);
    let from = if declared_as(here, "event", event) { "from first" } else { "from" };
    let fault = elsewhere(here.span(), "what an obligation counts from stands after `from`");
    fault.help(format!("write `{from} {event}`")).edit(here.span(), from)
}

/// `expect an Appointment`
fn article(here: Tokens<'_>) -> Option<Diagnostic> {
    let said = back(here, 1).filter(|said| matches!(said.text(0), "a" | "an" | "the") && is_name_at(here, 0))?;
    back(said, 1).filter(|word| matches!(word.text(0), "expect" | "first" | "last" | "each" | "from"))?;
    let span = Span { end: here.span().start, ..said.span() };
    Some(elsewhere(said.span(), "an event is named without an article").help("leave it out").edit(span, ""))
}

/// `from first Discharge to Clinic within 6 h`
fn to_what_is_expected(here: Tokens<'_>) -> Option<Diagnostic> {
    (here.is_word("to") && declared_as(here, "event", here.text(1))).then(|| {
        let fault = elsewhere(here.span(), "what has to happen stands after `expect`");
        fault.help(format!("write `expect {}`", here.text(1))).edit(here.span(), "expect")
    })
}

/// `within 6 h, excused when …`; `for each Fall, Stay` and `expect Review, Level`, where the comma joins two events.
fn comma_between(here: Tokens<'_>) -> Option<Diagnostic> {
    if !here.is_sign(",") {
        return None;
    }
    let event = declared_as(here, "event", here.text(1));
    let said = back(here, 1).map_or("", |last| last.text(0));
    let before = |words: &[&str]| (1..4).filter_map(|by| back(here, by)).any(|at| words.contains(&at.text(0)));
    if event && before(&["each"]) {
        let fault = elsewhere(here.span(), "events of either kind stand in brackets");
        return Some(fault.help(format!("write `for each ({said} or {})`", here.text(1))));
    }
    if event && before(&["expect"]) {
        let fault = elsewhere(here.span(), "an obligation expects one thing");
        return Some(fault.help(format!(
            "write an obligation for each, and `obligation bundle {{ all of first_one, second_one }}` for both together; where either will do, `expect ({said} or {})`",
            here.text(1)
        )));
    }
    Some(elsewhere(here.span(), "clauses have nothing between them").help("leave it out").edit(here.span(), ""))
}

/// `within 1 h if frail else 4 h`
fn one_of_two_lengths(here: Tokens<'_>) -> bool {
    let within = (1..6).filter_map(|by| back(here, by)).any(|at| at.is_word("within"));
    let goes_on = |ahead: &usize| !here.token(*ahead).starts_line && !here.is_sign_at(*ahead, "}");
    within && (1..12).take_while(goes_on).any(|ahead| here.is_word_at(ahead, "else"))
}

/// Whether a text declares a name with a word before it.
fn declared_as(here: Tokens<'_>, word: &str, name: &str) -> bool {
    let tokens = here.shared.tokens;
    let is = |place: usize, wanted: &str| tokens.get(place).is_some_and(|token| here.text_of(token.span) == wanted);
    (1..tokens.len()).any(|place| is(place, name) && is(place - 1, word))
}

/// Whether a name follows an event of `for each` directly: `for each Reading r`.
fn is_called(here: Tokens<'_>) -> bool {
    let each = back(here, 2).filter(|each| each.is_word("each") && is_name_at(here, 0));
    each.is_some_and(|each| back(each, 1).is_some_and(|word| word.is_word("for")))
}

/// `expect temp in 2.0..8.0`, `expect approved = yes`, `expect 2 <= temp`: what is expected is an event.
fn condition_expected(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let compares = |at: Tokens<'_>| {
        matches!(at.kind(), Kind::Sign("=" | "==" | "<" | "<=" | ">" | ">=" | "!=" | "<>")) || at.is_word("is")
    };
    let range = here.is_word("in") && (here.is_sign_at(2, "..") || here.is_sign_at(1, "{"));
    let clause = matches!(wanted, Wanted::Entry("a clause", _)) && (compares(here) || range);
    let figure = matches!(here.kind(), Kind::Number { .. }) && compares(here.next());
    let expected = if figure {
        Some(here)
    } else {
        (1..6).filter_map(|by| back(here, by)).find(|at| back(*at, 1).is_some_and(|word| word.is_word("expect")))
    };
    let first = expected.filter(|at| (clause || figure) && back(*at, 1).is_some_and(|word| word.is_word("expect")))?;
    let last = (0..12).take_while(|ahead| *ahead == 0 || !here.token(*ahead).starts_line).last().map_or(
        here.span(),
        |ahead| {
            let at = here.skip(ahead);
            if at.is_sign("}") { at.previous().map_or(here.span(), |last| last.span) } else { at.span() }
        },
    );
    let fault = elsewhere(first.span().to(last), "what is expected is an event, and not a condition");
    Some(fault.help("name the event, and say after `where` which of them will do: `expect Reading where temp in 2.0..8.0`; a condition without an event is a `define`, and `met when` of a measure counts it"))
}

/// `within 6 to 8 weeks`: a deadline is one length.
fn one_length(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let joined = here.is_word("to") || here.is_word("or") || here.is_sign("..");
    if matches!(wanted, Wanted::Entry("a clause", _)) && here.is_word("between") {
        return two_lengths_between(here);
    }
    if let Some(fault) = hours_and_minutes(here) {
        return Some(fault);
    }
    let low = back(here, 1).filter(|low| joined && is_number(*low) && is_number(here.next()))?;
    back(low, 1).filter(|word| word.is_word("within"))?;
    let high = here.next();
    let unit = Some(high.next()).filter(|unit| unit.kind() == Kind::Unit);
    let span = low.span().to(unit.unwrap_or(high).span());
    Some(lengths(span, high.text(0), unit.map_or("", |unit| unit.text(0))))
}

/// `within 1 h 30 min`: a length has one unit.
fn hours_and_minutes(here: Tokens<'_>) -> Option<Diagnostic> {
    let minutes = whole(here).filter(|minutes| here.is_unit_at(1, "min") && (1..60).contains(minutes))?;
    let number = back(here, 2).filter(|number| number.is_unit_at(1, "h"))?;
    let written = format!("{} min", whole(number)?.checked_mul(60)?.checked_add(minutes)?);
    let span = number.span().to(here.next().span());
    Some(elsewhere(span, "a length has one unit").help(format!("write `{written}`")).edit(span, written))
}

/// `expect Review between 30 min and 60 min`
fn two_lengths_between(here: Tokens<'_>) -> Option<Diagnostic> {
    let low = Some(here.next()).filter(|low| is_number(*low))?;
    let and = low.skip(1 + usize::from(low.next().kind() == Kind::Unit));
    let high = Some(and.next()).filter(|high| (and.is_word("and") || and.is_word("to")) && is_number(*high))?;
    let unit = Some(high.next()).filter(|unit| unit.kind() == Kind::Unit)?;
    Some(lengths(here.span().to(unit.span()), high.text(0), unit.text(0)))
}

/// The message for two lengths in the place of one.
pub fn lengths(span: Span, high: &str, unit: &str) -> Diagnostic {
    let days = match unit {
        "day" | "days" => high.parse::<u32>().ok(),
        "week" | "weeks" => high.parse::<u32>().ok().and_then(|weeks| weeks.checked_mul(7)),
        _ => None,
    };
    let latest = days.map_or_else(|| format!("{high} {unit}"), |days| format!("{days} calendar days"));
    elsewhere(span, "a deadline is one length").help(format!(
        "the latest that will do is `within {}`; where too early is wrong as well, that is a second obligation",
        latest.trim_end()
    ))
}

/// `of approval`, `of each hourly unknown …`: what is measured is an obligation.
fn obligation_measured(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    if matches!(wanted, Wanted::Entry("what is measured", _)) {
        let place = Span { end: here.span().start, ..here.span() };
        let known = is_name_at(here, 0) && declared_as(here, "obligation", here.text(0));
        let fault = elsewhere(here.span(), "what is measured is named with `obligation` before it");
        return known.then(|| fault.help(format!("write `of obligation {}`", here.text(0))).edit(place, "obligation "));
    }
    let name = back(here, 1).filter(|_| matches!(wanted, Wanted::Word("in")))?;
    let each =
        back(name, 1).filter(|each| each.is_word("each") && back(*each, 1).is_some_and(|of| of.is_word("of")))?;
    let known = declared_as(here, "obligation", name.text(0));
    let span = each.span().to(name.span());
    let fault = elsewhere(span, "each event is measured in the obligation that judges it");
    let said = name.text(0);
    Some(if known {
        fault
            .help(format!("write `of obligation {said}`, or `of each E in {said}` with the event that it judges"))
            .edit(each.span(), "obligation")
    } else {
        fault.help(format!("write `of each {said} in NAME`, with the name of the obligation"))
    })
}

/// `excused if died`, `applies where frail`
fn if_for_when(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let word =
        matches!(wanted, Wanted::Word("when")) && matches!(here.text(0), "if" | "where" | "for" | "to" | "whenever");
    let clause = back(here, 1).filter(|last| word && matches!(last.text(0), "excused" | "applies" | "met"))?;
    let title = format!("the condition stands after `{} when`", clause.text(0));
    Some(elsewhere(here.span(), &title).help("write `when`").edit(here.span(), "when"))
}

/// `choose points { male 1, female 2 }`
fn points_of_a_choice(here: Tokens<'_>, wanted: Wanted) -> Option<Diagnostic> {
    let choice = matches!(wanted, Wanted::Thing(thing) if thing.starts_with("`when`"));
    let value = is_number(here) || here.is_sign(":") || here.is_sign("=") || here.is_sign("=>") || here.is_sign("|");
    let said = back(here, 1).filter(|last| choice && value && is_name_at(*last, 0))?;
    let number = if is_number(here) { here } else { here.next() };
    let (said, number) = (said.text(0), if is_number(number) { number.text(0) } else { "1" });
    let fault = elsewhere(here.span(), "in a `choose` the answer stands first, and then the condition");
    Some(fault.help(format!("write `{number} when sex is {said}`, each on a line of its own; the points of a choice can also stand in its `enum`, `{said} = {number}`, and are asked for with `sex.points`")))
}
