//! Random packages as text in which each construct of the language occurs in its turn, so that a fault in what a construct is
//! turned into shows: what the plan says of it is held to the module, to every completion and to the bound.
//!
//! A hole `‹a|b›` of a text is filled with one of its parts, `‹2..9›` with a number.

use concord_engine::compile::{Texts, Unit, packages};
use concord_engine::plan::Package;
use concord_engine::text::Source;

use super::random::Random;
use super::said::{COMMON, CONSTRUCTS, SUBJECT, TAKEN_OVER};

/// How many of the constructs one package has.
const IN_ONE_PACKAGE: usize = 5;

/// Of how many packages one takes its subject over from another.
const SHARED: usize = 3;

/// A construct of which every part of a package that takes its subject over is an example.
pub const SHARED_SUBJECT: &str = "shared subject";

/// What a package is made of, and which constructs it has.
pub struct Written {
    pub package: Package,
    pub text: String,
    pub constructs: Vec<&'static str>,
}

/// The names of all constructs.
pub fn constructs() -> impl Iterator<Item = &'static str> {
    CONSTRUCTS.iter().map(|(name, _)| *name).chain([SHARED_SUBJECT])
}

/// The package whose turn it is: the next few constructs, with random figures. It must compile.
pub fn written(random: &mut Random, turn: usize) -> Written {
    let all = CONSTRUCTS.iter().cycle().skip(turn * IN_ONE_PACKAGE % CONSTRUCTS.len());
    let said: Vec<_> = all.take(IN_ONE_PACKAGE).collect();
    let mut constructs: Vec<&str> = said.iter().map(|(name, _)| *name).collect();
    let sentences: String = said.iter().map(|(_, text)| filled(random, text)).collect();
    let mut texts = Texts::default();
    let mut unit = |path: &str, text: String, uses| {
        let text = concord_tests::text::whole_as(path, &text);
        let text = text.replacen("  status    draft\n", "  status    draft\n  judged    on received\n", 1);
        Unit { rule: texts.rules(Source { name: format!("{path}.concord"), text }), uses, ..Unit::default() }
    };
    let units = if turn.is_multiple_of(SHARED) {
        constructs.push(SHARED_SUBJECT);
        let text = format!("{TAKEN_OVER}{sentences}");
        vec![unit("sample.own", text, vec![1]), unit("sample.common", format!("{SUBJECT}{COMMON}"), Vec::new())]
    } else {
        vec![unit("sample.own", format!("{SUBJECT}{sentences}"), Vec::new())]
    };
    let compiled = packages(&texts, &units).swap_remove(0);
    let package = compiled.package.unwrap_or_else(|| panic!("{sentences}\n{:#?}", compiled.diagnostics));
    Written { package, text: sentences, constructs }
}

/// A text with its holes filled.
fn filled(random: &mut Random, text: &str) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('‹') {
        let (hole, after) = after.split_once('›').unwrap_or_else(|| panic!("a hole without an end: {text}"));
        filled.push_str(before);
        let ends = hole.split_once("..").and_then(|(low, high)| Some((low.parse().ok()?, high.parse().ok()?)));
        match ends {
            Some((low, high)) => filled.push_str(&random.between(low, high).to_string()),
            None => {
                let parts: Vec<&str> = hole.split('|').collect();
                filled.push_str(parts[random.below(parts.len())]);
            }
        }
        rest = after;
    }
    filled + rest + "\n"
}
