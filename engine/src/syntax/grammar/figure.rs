//! Measures whose figure is a number: `value median of wait`, `value sum of falls per 1000 bed_days`; and what a case counts for.

use nom::Parser;
use nom::combinator::{cut, opt};
use nom::multi::separated_list1;

use super::expression::sum;
use super::fault::{Res, Wanted, missing};
use super::input::Tokens;
use super::recover::keyword;
use super::words::{after, named, number, phrase, sign, spanned, word};
use crate::syntax::tokens::Kind;
use crate::syntax::tree::{Bands, Expr, Figure, Made, Number, Share};
use crate::text::Spanned;

const MADE: &[&str] = &["median", "percentile", "mean", "sum"];

/// `median [of] X [in bands of N [up to N]]`, `percentile N of X …`, `mean [of] X`, `sum [of] X [per N Y]`
pub fn figure(input: Tokens<'_>) -> Res<'_, Figure> {
    let (rest, (made, span)) = spanned(made)(input)?;
    let made = Spanned { node: made, span };
    let number = matches!(made.node, Made::Percentile(_)) && !input.is_word("median");
    let (rest, value) = if number { cut(after("of", sum)).parse(rest)? } else { cut(value).parse(rest)? };
    let (rest, bands) = opt(bands).parse(rest)?;
    let (rest, per) = opt(after("per", (cut(plain), cut(sum)))).parse(rest)?;
    Ok((rest, Figure { made, value, bands, per }))
}

/// The number of each case; `of` may stand before it.
fn value(input: Tokens<'_>) -> Res<'_, Expr> {
    sum(if input.is_word("of") { input.next() } else { input })
}

fn made(input: Tokens<'_>) -> Res<'_, Made> {
    let (rest, which) = keyword(MADE, "what is made of the numbers")(input)?;
    match which {
        "median" => Ok((rest, Made::Percentile(500))),
        "percentile" => percentile(rest),
        "mean" => Ok((rest, Made::Mean)),
        _ => Ok((rest, Made::Sum)),
    }
}

/// `95`, `97.5`: above 0 and below 100.
fn percentile(input: Tokens<'_>) -> Res<'_, Made> {
    if let Kind::Number { digits, places: places @ 0..=1, .. } = input.kind()
        && let Ok(per_mille) = u16::try_from(if places == 0 { digits.saturating_mul(10) } else { digits })
        && (1..1000).contains(&per_mille)
    {
        return Ok((input.next(), Made::Percentile(per_mille)));
    }
    cut(|i| missing(i, Wanted::Thing("a percentage between 0 and 100, such as 95"))).parse(input)
}

/// `in bands of 1 [up to 104]`
fn bands(input: Tokens<'_>) -> Res<'_, Bands> {
    let (rest, _) = phrase(&["in", "bands", "of"])(input)?;
    let (rest, width) = cut(number).parse(rest)?;
    let (rest, open) = opt((phrase(&["up", "to"]), cut(number))).parse(rest)?;
    Ok((rest, Bands { width, open_from: open.map(|(_, number)| number) }))
}

/// A number without a unit: the word after it is what the sum is taken per.
fn plain(input: Tokens<'_>) -> Res<'_, Number> {
    if let Kind::Number { digits, places, .. } = input.kind() {
        return Ok((input.next(), Number { digits, places, unit: None, span: input.span() }));
    }
    missing(input, Wanted::Thing("a whole number, such as 1000"))
}

/// After `weighted`: `by X`.
pub fn weight(input: Tokens<'_>) -> Res<'_, Expr> {
    (word("by"), cut(sum)).map(|(_, weight)| weight).parse(input)
}

/// After `shared`: `by A X, B Y`.
pub fn shares(input: Tokens<'_>) -> Res<'_, Vec<Share>> {
    let (rest, _) = word("by")(input)?;
    separated_list1(sign(","), cut(share)).parse(rest)
}

fn share(input: Tokens<'_>) -> Res<'_, Share> {
    (named("an organisation, and its share of each case"), cut(sum)).map(|(of, share)| Share { of, share }).parse(input)
}
