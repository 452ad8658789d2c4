//! Clocks: what starts, stops, pauses and nullifies them.

use nom::Parser;
use nom::combinator::opt;

use super::declarations::label;
use super::expression::expression;
use super::fault::Res;
use super::input::Tokens;
use super::query::bare_query;
use super::recover::{Block, block, keyword};
use super::words::{after, named};
use crate::syntax::tree::{Clock, Edge};
use crate::text::Spanned;

const VERBS: &[&str] = &["start", "stop", "nullify", "pause", "resume", "continue"];

/// `NAME ["label"] { edges }`
pub fn clock<'a>(start: Tokens<'a>, input: Tokens<'a>) -> Res<'a, Clock> {
    let (rest, name) = named("the name of the clock")(input)?;
    let (rest, label) = label(rest)?;
    let (rest, edges) = block(Block { starts: VERBS, commas: false }, edge)(rest)?;
    Ok((rest, Clock { name, label, edges, span: rest.since(start) }))
}

/// `stop FirstTreatment [where …] [at …] [as treated]`
fn edge(input: Tokens<'_>) -> Res<'_, Edge> {
    let (rest, verb) = keyword(VERBS, "a line of the clock")(input)?;
    let verb = Spanned { node: verb.to_owned(), span: input.span() };
    let (rest, on) = bare_query(rest, false)?;
    let (rest, at) = opt(after("at", expression)).parse(rest)?;
    let (rest, label) = opt(after("as", named("a name for this edge"))).parse(rest)?;
    Ok((rest, Edge { verb, on, at, label, span: rest.since(input) }))
}
