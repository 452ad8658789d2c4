//! Declarations: which one begins here, and the small ones themselves.

use nom::Parser;
use nom::combinator::{cut, opt};
use nom::multi::separated_list1;

use super::coding::codings;
use super::expression::expression;
use super::fault::{Res, Wanted, missing};
use super::input::Tokens;
use super::recover::{Block, block, keyword};
use super::words::{TITLE, after, named, number, pathed, sign, text_of, word, worded};
use super::{choose, clock, example, measure, member, obligation, package, parameter, path, set, table, types};
use crate::diagnostics::{Diagnostic, codes as code};
use crate::syntax::tree::{Citation, Codes, Define, Enum, Item, Name, Package, Path, Use, Variant};
use crate::text::Spanned;

/// The words that begin a declaration.
pub const DECLARATIONS: &[&str] = &[
    "package",
    "use",
    "enum",
    "codes",
    "events",
    "subject",
    "parameter",
    "table",
    "choose",
    "define",
    "obligation",
    "clock",
    "path",
    "measure",
    "member",
    "example",
];

/// What stands at the top of a file.
pub enum Declared {
    Package(Package),
    Use(Use),
    Item(Box<Item>),
}

/// One declaration.
pub fn declaration(input: Tokens<'_>) -> Res<'_, Declared> {
    let (rest, which) = keyword(DECLARATIONS, "a declaration")(input)?;
    let (rest, read) = match which {
        "package" => {
            return cut(|i| package::package(input, i)).map(Declared::Package).parse(rest);
        }
        "use" => return cut(|i| use_line(input, i)).map(Declared::Use).parse(rest),
        "enum" => cut(|i| enumeration(input, i)).map(Item::Enum).parse(rest),
        "codes" => cut(|i| codes(input, i)).map(Item::Codes).parse(rest),
        "events" => cut(|i| set::event_set(input, i)).map(Item::Events).parse(rest),
        "subject" => cut(|i| types::subject(input, i)).map(Item::Subject).parse(rest),
        "parameter" => cut(|i| parameter::parameter(input, i)).map(Item::Parameter).parse(rest),
        "table" => cut(|i| table::table(input, i)).map(Item::Table).parse(rest),
        "choose" => cut(|i| choose::choose(input, i)).map(Item::Table).parse(rest),
        "define" => cut(|i| define(input, i)).map(Item::Define).parse(rest),
        "obligation" => cut(|i| obligation::obligation(input, i)).map(Item::Obligation).parse(rest),
        "clock" => cut(|i| clock::clock(input, i)).map(Item::Clock).parse(rest),
        "path" => cut(|i| path::path(input, i)).map(Item::Path).parse(rest),
        "measure" => cut(|i| measure::measure(input, i)).map(Item::Measure).parse(rest),
        "member" => cut(|i| member::member(input, i)).map(Item::Member).parse(rest),
        "example" => cut(|i| example::example(input, i)).map(Item::Example).parse(rest),
        _ => missing(input, Wanted::Entry("a declaration", DECLARATIONS)),
    }?;
    Ok((rest, Declared::Item(Box::new(read))))
}

/// `clinical.news2 as news2`
fn use_line<'a>(start: Tokens<'a>, input: Tokens<'a>) -> Res<'a, Use> {
    let (rest, path) = pathed("the name of a package")(input)?;
    let (rest, alias) = opt(after("as", named("a name"))).parse(rest)?;
    Ok((rest, Use { path, alias, span: rest.since(start) }))
}

/// `Scale { scale_1, scale_2 "label" }`, `Tone { normal = 0, flaccid = 3 "Flaccid" }`
fn enumeration<'a>(start: Tokens<'a>, input: Tokens<'a>) -> Res<'a, Enum> {
    let (rest, name) = named("the name of the list of values")(input)?;
    if rest.is_sign("{") && rest.is_sign_at(1, "}") {
        let title = format!("`{}` has no choices", name.node);
        let fault = Diagnostic::error(code::E0201, rest.next().span(), title, "a choice belongs here");
        rest.report(fault.help(format!("write them between the braces: `enum {} {{ low, high }}`", name.node)));
    }
    let (rest, variants) = block(Block { starts: &[], commas: true }, variant)(rest)?;
    Ok((rest, Enum { doc: start.doc(), name, variants, span: rest.since(start) }))
}

/// `flaccid [= 3] ["Flaccid"] [from snomed 398151007]`
fn variant(input: Tokens<'_>) -> Res<'_, Variant> {
    let (rest, name) = named("the name of a value")(input)?;
    let (rest, points) = if rest.is_sign("=") { cut(number).map(Some).parse(rest.next())? } else { (rest, None) };
    let (rest, label) = label(rest)?;
    let (rest, from) = codings(rest)?;
    Ok((rest, Variant { name, points, label, from }))
}

/// `iv_antibiotics from "antibiotics.csv"`, `treated { "30", "20" }` or `anticoagulants = warfarin + heparins`
fn codes<'a>(start: Tokens<'a>, input: Tokens<'a>) -> Res<'a, Codes> {
    let (rest, name) = named("the name of the code list")(input)?;
    let (rest, file) = opt(after("from", text_of("the name of a file in double quotes"))).parse(rest)?;
    let (rest, of) = if rest.is_sign("=") {
        separated_list1(sign("+"), cut(pathed("the name of a code list"))).parse(rest.next())?
    } else {
        (rest, Vec::new())
    };
    let (rest, codes) = if file.is_some() || !of.is_empty() {
        (rest, Vec::new())
    } else {
        block(Block { starts: &[], commas: true }, text_of("a code in double quotes"))(rest)?
    };
    Ok((rest, Codes { name, file, codes, of, span: rest.since(start) }))
}

/// `total [of EVENT] "Total score" = …`
fn define<'a>(start: Tokens<'a>, input: Tokens<'a>) -> Res<'a, Define> {
    let (rest, name) = named("the name of what is defined")(input)?;
    let (rest, of) = of_event(rest)?;
    let (rest, label) = label(rest)?;
    let (rest, _) = sign("=")(rest)?;
    let (rest, expr) = expression(rest)?;
    Ok((rest, Define { doc: start.doc(), name, of, label, expr, span: rest.since(start) }))
}

/// `of EVENT`, if what is declared is about one event.
pub fn of_event(input: Tokens<'_>) -> Res<'_, Option<Path>> {
    opt(after("of", pathed("the name of an event"))).parse(input)
}

/// A text for people, if there is one.
pub fn label(input: Tokens<'_>) -> Res<'_, Option<String>> {
    opt(worded("a title in double quotes", TITLE).map(|said| said.node)).parse(input)
}

/// Whether what stands here is no reference but the next entry on the line of a citation.
fn follows_a_citation(input: Tokens<'_>) -> bool {
    let word = input.text(0);
    word == "unverified" || word == "local" || input.starts.contains(&word) || DECLARATIONS.contains(&word)
}

const PLACE: &str = "the place in the source, in double quotes,";
const OF_PLACE: &str = "write where in the source it stands, as in `source nice \"1.7\"`, or leave the quotes out";

/// The rest of `source rcp ["place"] [unverified]`; a reference word before the place, as in
/// `source nice NG253 "1.7"`, becomes part of the place.
pub fn citation(input: Tokens<'_>) -> Res<'_, Citation> {
    let (mut rest, id) = named("the name of a source given in the package")(input)?;
    let same_line = |i: Tokens<'_>| !i.token(0).starts_line;
    let mut place = Vec::new();
    if same_line(rest) && !rest.is_word("unverified") && same_line(rest.next()) {
        let second: Res<'_, (Name, Spanned<String>)> = (named("a reference"), worded(PLACE, OF_PLACE)).parse(rest);
        if let Ok((after, (reference, said))) = second {
            place.extend([reference.node, said.node]);
            rest = after;
        }
    }
    if place.is_empty() {
        let (after, said) = opt(worded(PLACE, OF_PLACE)).parse(rest)?;
        place.extend(said.map(|said| said.node));
        rest = after;
    }
    if place.is_empty() && same_line(rest) && !follows_a_citation(rest) {
        let (after, reference) = opt(named("a reference")).parse(rest)?;
        place.extend(reference.map(|reference| reference.node));
        rest = after;
    }
    let place = (!place.is_empty()).then(|| place.join(" "));
    let (rest, unverified) = opt(word("unverified")).parse(rest)?;
    Ok((rest, Citation { id, place, unverified: unverified.is_some() }))
}
