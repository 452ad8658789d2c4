//! A member's settings.

use nom::Parser;
use nom::combinator::{cut, opt};

use super::expression::expression;
use super::fault::Res;
use super::input::Tokens;
use super::recover::{Block, block};
use super::words::{REASON, after, date, named, pathed, sign, word, worded};
use crate::syntax::tree::{Member, Name, Setting};

const ORGANISATION: &str =
    "a member is called by its code and its name, as in `member \"RRF\" \"Wrightington, Wigan and Leigh\"`";

/// `"RRF" "Wrightington, Wigan and Leigh" { membership associate  settings }`
pub fn member<'a>(start: Tokens<'a>, input: Tokens<'a>) -> Res<'a, Member> {
    let (rest, code) = worded("the organisation code in double quotes", ORGANISATION)(input)?;
    let (rest, title) = worded("the name of the organisation in double quotes", ORGANISATION)(rest)?;
    let (rest, lines) = block(Block { starts: &[], commas: false }, line)(rest)?;
    let (mut tier, mut settings) = (None, Vec::new());
    for one in lines {
        match one {
            Line::Tier(name) => tier = tier.or(Some(name)),
            Line::Setting(setting) => settings.push(*setting),
        }
    }
    Ok((rest, Member { code, title: title.node, tier, settings, span: rest.since(start) }))
}

enum Line {
    Tier(Name),
    Setting(Box<Setting>),
}

fn line(input: Tokens<'_>) -> Res<'_, Line> {
    if input.is_word("membership") && !input.is_sign_at(1, ".") && !input.is_sign_at(1, "=") {
        return cut(named("the name of a membership tier")).map(Line::Tier).parse(input.next());
    }
    setting.map(|one| Line::Setting(Box::new(one))).parse(input)
}

/// `PATH = VALUE [because "…"] [approved by "…" on DATE] [until DATE]`
fn setting(input: Tokens<'_>) -> Res<'_, Setting> {
    let (rest, target) = pathed("`membership` or the name of a parameter")(input)?;
    let (rest, _) = sign("=")(rest)?;
    let (rest, value) = cut(expression).parse(rest)?;
    let (rest, because) = opt(after("because", worded("the reason in double quotes", REASON))).parse(rest)?;
    let by = (word("by"), worded("who approved it, in double quotes", REASON), word("on"), date);
    let (rest, approved) = opt(after("approved", by)).parse(rest)?;
    let (rest, until) = opt(after("until", date)).parse(rest)?;
    let because = because.map(|said| said.node);
    let approved_by = approved.map(|(_, by, _, on)| (by.node, on));
    Ok((rest, Setting { target, value, because, approved_by, until, span: rest.since(input) }))
}
