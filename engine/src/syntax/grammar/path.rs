//! The standard path of a pathway: its stages.

use nom::Parser;
use nom::combinator::{cut, opt};

use super::declarations::label;
use super::fault::{Res, told};
use super::input::Tokens;
use super::query::bare_query;
use super::recover::{Block, block, keyword};
use super::words::{named, phrase, word};
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tree::{Pathway, Query, Stage, StageKind};

const STARTS: &[&str] = &["stage"];

/// `NAME ["label"] { stages }`
pub fn path<'a>(start: Tokens<'a>, input: Tokens<'a>) -> Res<'a, Pathway> {
    let (rest, name) = named("the name of the path")(input)?;
    let (rest, label) = label(rest)?;
    let (rest, stages) = block(Block { starts: STARTS, commas: false }, stage)(rest)?;
    Ok((rest, Pathway { name, label, stages, span: rest.since(start) }))
}

/// `stage NAME ["label"] ["optional"] ["repeated"] ( event | "one of" { events } | "any order" { events } )`
fn stage(input: Tokens<'_>) -> Res<'_, Stage> {
    let (rest, _) = keyword(STARTS, "a line of the path")(input)?;
    let (rest, name) = cut(named("the name of the stage")).parse(rest)?;
    let (rest, label) = label(rest)?;
    let (rest, optional) = opt(word("optional")).parse(rest)?;
    let (rest, repeated) = opt(word("repeated")).parse(rest)?;
    let (rest, (kind, events)) = cut(events).parse(rest)?;
    let (optional, repeated) = (optional.is_some(), repeated.is_some());
    Ok((rest, Stage { name, label, optional, repeated, kind, events, span: rest.since(input) }))
}

fn events(input: Tokens<'_>) -> Res<'_, (StageKind, Vec<Query>)> {
    let several = |rest| block(Block { starts: &[], commas: true }, event)(rest);
    if let Ok((rest, _)) = phrase(&["any", "order"])(input) {
        let (rest, events) = several(rest)?;
        return Ok((rest, (StageKind::All, events)));
    }
    if let Ok((rest, _)) = phrase(&["one", "of"])(input) {
        let (rest, events) = several(rest)?;
        return Ok((rest, (StageKind::One, events)));
    }
    let (rest, only) = event(input)?;
    Ok((rest, (StageKind::One, vec![only])))
}

/// `Fluids where volume > 500`
fn event(input: Tokens<'_>) -> Res<'_, Query> {
    let (rest, query) = bare_query(input, false)?;
    if query.function.is_some() || query.field.is_some() || query.have.is_some() {
        let title = "a stage names an event and, with `where`, which of them belong to it";
        let fault = Diagnostic::error(codes::E0201, query.span, title, "a query over several events");
        return told(input, fault.help("write the event alone, such as `Fluids where volume > 500`"));
    }
    Ok((rest, query))
}
