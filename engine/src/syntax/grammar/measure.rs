//! Measures.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{cut, map, opt};
use nom::multi::separated_list1;

use super::comparison::comparison_sign;
use super::declarations::citation;
use super::expression::{expression, sum};
use super::fault::{Res, Wanted, missing};
use super::figure::{figure, shares, weight};
use super::input::Tokens;
use super::obligation::excused;
use super::primary::primary;
use super::recover::{Block, block, keyword};
use super::words::{TITLE, after, date, named, number, path, pathed, phrase, sign, word, worded};
use crate::syntax::tokens::Kind;
use crate::syntax::tree::{Better, Expr, ExprKind, Measure, MeasureEntry, MeasureKind, Number, Stratum, StratumKind};
use crate::text::Spanned;

const ENTRIES: &[&str] = &[
    "title", "source", "of", "met", "excused", "unknown", "target", "higher", "lower", "neither", "by", "for", "value",
    "weighted", "shared",
];
/// `month of x`
const PERIODS: &[&str] = &["year", "quarter", "month", "week", "weekday"];

/// `NAME { entries }`
pub fn measure<'a>(start: Tokens<'a>, input: Tokens<'a>) -> Res<'a, Measure> {
    let (rest, name) = named("the name of the measure")(input)?;
    let (rest, entries) = block(Block { starts: ENTRIES, commas: false }, entry)(rest)?;
    Ok((rest, Measure { doc: start.doc(), name, entries, span: rest.since(start) }))
}

fn entry(input: Tokens<'_>) -> Res<'_, MeasureEntry> {
    let (rest, which) = keyword(ENTRIES, "an entry of the measure")(input)?;
    let (rest, kind) = match which {
        "title" => worded("the title in double quotes", TITLE).map(|said| MeasureKind::Title(said.node)).parse(rest),
        "source" => citation.map(MeasureKind::Source).parse(rest),
        "of" => of(rest),
        "met" => alt((
            map(after("when", expression), MeasureKind::MetWhen),
            map(after("count", expression), MeasureKind::MetCount),
        ))
        .parse(rest),
        "excused" => excused.map(|(when, because)| MeasureKind::Excused { when, because }).parse(rest),
        "unknown" => unknown(rest),
        "value" => figure.map(MeasureKind::Value).parse(rest),
        "weighted" => weight.map(MeasureKind::Weighted).parse(rest),
        "shared" => shares.map(MeasureKind::Shared).parse(rest),
        "for" => named("the organisation that answers for it").map(MeasureKind::For).parse(rest),
        "target" => target(rest),
        "higher" => better(rest, Better::Higher),
        "lower" => better(rest, Better::Lower),
        "neither" => better(rest, Better::Neither),
        _ => separated_list1(sign(","), cut(stratum)).map(MeasureKind::By).parse(rest),
    }?;
    Ok((rest, MeasureEntry { kind, span: rest.since(input) }))
}

/// `is better`
fn better(input: Tokens<'_>, which: Better) -> Res<'_, MeasureKind> {
    phrase(&["is", "better"]).map(|_| MeasureKind::Better(which)).parse(input)
}

/// `obligation NAME`, `each EVENT in NAME`, `cases [where EXPR]`, `count EXPR`
fn of(input: Tokens<'_>) -> Res<'_, MeasureKind> {
    let (rest, which) = keyword(&["obligation", "each", "cases", "count"], "what is measured")(input)?;
    match which {
        "obligation" => pathed("the name of an obligation").map(MeasureKind::OfObligation).parse(rest),
        "each" => (named("the name of an event"), after("in", pathed("the name of an obligation")))
            .map(|(event, of)| MeasureKind::OfEach { event, of })
            .parse(rest),
        "cases" => opt(after("where", expression)).map(MeasureKind::OfCases).parse(rest),
        _ => expression.map(MeasureKind::OfCount).parse(rest),
    }
}

/// `counts against` or `left out`
fn unknown(input: Tokens<'_>) -> Res<'_, MeasureKind> {
    let (rest, which) = keyword(&["counts", "left"], "what is done with the unknown")(input)?;
    let against = which == "counts";
    let second = if against { "against" } else { "out" };
    word(second).map(|_| MeasureKind::Unknown { against }).parse(rest)
}

/// `>= 90 % [from DATE] [unverified]`
fn target(input: Tokens<'_>) -> Res<'_, MeasureKind> {
    let Some(op) = comparison_sign(input, true) else {
        return missing(input, Wanted::Thing("`>=` or `<=` and a number"));
    };
    (cut(number), opt(after("from", date)), opt(word("unverified")))
        .map(|(value, from, unverified)| MeasureKind::Target { op, value, from, unverified: unverified.is_some() })
        .parse(input.next())
}

/// `trust`, `month of trigger`, `age band 16..64, 65..79, 80..`
fn stratum(input: Tokens<'_>) -> Res<'_, Stratum> {
    let (rest, kind) = if PERIODS.contains(&input.text(0)) && input.is_word_at(1, "of") {
        let unit = Spanned { node: input.text(0).to_owned(), span: input.span() };
        cut(primary).map(|of| StratumKind::Calendar { unit: unit.clone(), of }).parse(input.skip(2))?
    } else if let Ok((rest, (of, _))) = (path, word("band")).parse(input) {
        let of = Expr { span: of.span, kind: ExprKind::Path(of) };
        cut(bands).map(|bands| StratumKind::Band { of: of.clone(), bands }).parse(rest)?
    } else {
        sum.map(StratumKind::Value).parse(input)?
    };
    Ok((rest, Stratum { kind, span: rest.since(input) }))
}

type Ends = (Option<Number>, Option<Number>);

/// A comma goes on with the bands when a number or two dots follow it.
fn bands(input: Tokens<'_>) -> Res<'_, Vec<Ends>> {
    let (mut rest, first) = band(input)?;
    let mut read = vec![first];
    while rest.is_sign(",") && band_ahead(rest.next()) {
        let (after, one) = cut(band).parse(rest.next())?;
        read.push(one);
        rest = after;
    }
    Ok((rest, read))
}

/// Whether a number or an open range begins here.
pub fn band_ahead(input: Tokens<'_>) -> bool {
    matches!(input.kind(), Kind::Number { .. } | Kind::Sign(".." | "-"))
}

fn band(input: Tokens<'_>) -> Res<'_, Ends> {
    let (rest, low) = opt(number).parse(input)?;
    let (rest, _) = sign("..")(rest)?;
    let high_ahead = matches!(rest.kind(), Kind::Number { .. } | Kind::Sign("-"));
    let (rest, high) = if high_ahead { cut(number).map(Some).parse(rest)? } else { (rest, None) };
    if low.is_none() && high.is_none() {
        return missing(rest, Wanted::Thing("a number at one end of the band"));
    }
    Ok((rest, (low, high)))
}
