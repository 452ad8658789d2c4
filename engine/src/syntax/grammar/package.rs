//! The package header.

use nom::Parser;
use nom::combinator::opt;

use super::expression::expression;
use super::fault::{Res, Wanted, missing};
use super::input::Tokens;
use super::recover::{Block, block, keyword};
use super::words::{after, date, named, pathed, phrase, word, word_on_line, worded};
use crate::syntax::tokens::Kind;
use crate::syntax::tree::{Meta, MetaKind, Package};
use crate::text::Spanned;

const ENTRIES: &[&str] =
    &["version", "title", "source", "owner", "use", "status", "in", "review", "hazard", "supersedes", "judged"];

/// `clinical.news2 { version 1.0.0 … }`
pub fn package<'a>(start: Tokens<'a>, input: Tokens<'a>) -> Res<'a, Package> {
    let (rest, path) = pathed("the name of the package")(input)?;
    let (rest, entries) = block(Block { starts: ENTRIES, commas: false }, entry)(rest)?;
    Ok((rest, Package { doc: start.doc(), path, entries, span: rest.since(start) }))
}

fn entry(input: Tokens<'_>) -> Res<'_, Meta> {
    let (rest, which) = keyword(ENTRIES, "an entry of the package")(input)?;
    let (rest, kind) = match which {
        "version" => version(rest),
        "title" => header("the title in double quotes").map(|said| MetaKind::Title(said.node)).parse(rest),
        "source" => source(rest),
        "owner" => header("the owner in double quotes").map(|said| MetaKind::Owner(said.node)).parse(rest),
        "use" => word_on_line.map(MetaKind::Use).parse(rest),
        "status" => status(rest),
        "in" => in_force(rest),
        "judged" => after("on", expression).map(MetaKind::JudgedOn).parse(rest),
        "review" => after("by", date).map(MetaKind::ReviewBy).parse(rest),
        "hazard" => (header("the hazard's number in double quotes"), header("the hazard in double quotes"))
            .map(|(id, said)| MetaKind::Hazard { id: id.node, text: said.node })
            .parse(rest),
        _ => pathed("the name of a package").map(MetaKind::Supersedes).parse(rest),
    }?;
    Ok((rest, Meta { kind, span: rest.since(input) }))
}

/// A text of the header.
fn header<'a>(thing: &'static str) -> impl Fn(Tokens<'a>) -> Res<'a, Spanned<String>> + Copy {
    worded(thing, "whoever relies on this standard reads here what it is, what it rests on and who answers for it")
}

fn version(input: Tokens<'_>) -> Res<'_, MetaKind> {
    if input.kind() != Kind::Version {
        return missing(input, Wanted::Thing("a version of three numbers, such as 1.0.0,"));
    }
    Ok((input.next(), MetaKind::Version(input.text(0).to_owned())))
}

/// `rcp "…" [unverified]`
fn source(input: Tokens<'_>) -> Res<'_, MetaKind> {
    let (rest, id) = named("a short name for the source")(input)?;
    let (rest, said) = header("the citation in double quotes")(rest)?;
    let (rest, unverified) = opt(word("unverified")).parse(rest)?;
    Ok((rest, MetaKind::Source { id, citation: said.node, unverified: unverified.is_some() }))
}

/// `draft` or `approved by "…" on DATE`
fn status(input: Tokens<'_>) -> Res<'_, MetaKind> {
    let (rest, which) = keyword(&["draft", "approved"], "the status")(input)?;
    if which == "draft" {
        return Ok((rest, MetaKind::StatusDraft));
    }
    let by = header("who approved it, in double quotes");
    (after("by", by), after("on", date)).map(|(by, on)| MetaKind::StatusApproved { by: by.node, on }).parse(rest)
}

/// `force from DATE [until DATE]`
fn in_force(input: Tokens<'_>) -> Res<'_, MetaKind> {
    let (rest, _) = phrase(&["force", "from"])(input)?;
    (date, opt(after("until", date))).map(|(from, until)| MetaKind::InForce { from, until }).parse(rest)
}
