//! `choose`: answers, each with the condition under which it is given. They are read as the rows of a table.

use nom::Parser;
use nom::combinator::{cut, opt};

use super::declarations::{DECLARATIONS, citation, of_event};
use super::expression::expression;
use super::fault::{Res, Wanted, committed, missing, told};
use super::habits::elsewhere;
use super::input::Tokens;
use super::primary::atom;
use super::recover::{Block, block};
use super::words::{after, named, word};
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tree::{Asks, Policy, Row, RowOutput, Table};

/// The most tokens of a condition that are read for a message.
const FURTHEST: usize = 60;

/// `NAME [of EVENT] [first] { answers } [source …]`
pub fn choose<'a>(start: Tokens<'a>, input: Tokens<'a>) -> Res<'a, Table> {
    let (rest, name) = named("the name of what is chosen")(input)?;
    let (rest, of) = of_event(rest)?;
    let (rest, first) = opt(word("first")).parse(rest)?;
    let (rest, rows) = block(Block { starts: &[], commas: false }, answer)(rest)?;
    let (rest, source) = opt(after("source", citation)).parse(rest)?;
    let policy = if first.is_some() { Policy::First } else { Policy::Unique };
    let outputs = vec![name.clone()];
    let span = rest.since(start);
    Ok((rest, Table { doc: start.doc(), name, of, policy, inputs: Vec::new(), outputs, rows, source, span }))
}

/// `c01 when intensive_care`, `none otherwise`, `impossible when a and b`
fn answer(input: Tokens<'_>) -> Res<'_, Row> {
    if input.is_word("otherwise") && !input.token(1).starts_line && !matches!(input.text(1), "when" | "otherwise") {
        return told(input, answer_first(input));
    }
    if let Some(fault) = condition_first(input) {
        return told(input, fault);
    }
    let (rest, outputs) = if input.is_word("impossible") {
        (input.next(), RowOutput::Impossible(input.span()))
    } else {
        let (rest, value) = atom(input)?;
        (rest, RowOutput::Values(vec![value]))
    };
    let (rest, asks) = match rest.text(0) {
        "when" => {
            let (after, condition) = cut(expression).parse(rest.next())?;
            nothing_more(after)?;
            (after, Asks::When(condition))
        }
        "otherwise" => (rest.next(), Asks::Otherwise(rest.span())),
        _ => return cut(|i| missing(i, Wanted::Thing("`when` and a condition, or `otherwise`,"))).parse(rest),
    };
    Ok((rest, Row { asks, outputs, in_force: None, span: rest.since(input) }))
}

/// After a condition, the next answer or the end of the line.
fn nothing_more(rest: Tokens<'_>) -> Res<'_, ()> {
    let ends = rest.token(0).starts_line || rest.is_sign("}") || rest.at_end() || rest.is_word("impossible");
    let answer = || {
        let after = atom(rest).map(|(after, _)| after);
        after.is_ok_and(|after| after.is_word("when") || after.is_word("otherwise"))
    };
    if ends || answer() {
        Ok((rest, ()))
    } else {
        committed(missing(rest, Wanted::Entry("a declaration", DECLARATIONS)))
    }
}

/// `if age < 16 then child` and `else adult`: the answer stands first here, too.
fn condition_first(input: Tokens<'_>) -> Option<Diagnostic> {
    let on_line = |ahead: &usize| !input.token(*ahead).starts_line && !input.is_sign_at(*ahead, "}");
    let title = "in a `choose` the answer stands first, and then its condition";
    if input.is_word("else") && on_line(&1) {
        let span = input.span().to(input.next().span());
        let written = format!("{} otherwise", input.text(1));
        let fault = elsewhere(span, title).help(format!("write `{written}`"));
        let alone = !on_line(&2);
        return Some(if alone { fault.edit(span, written) } else { fault });
    }
    let asks = input.is_word("if") || input.is_word("when");
    let then = (1..FURTHEST).take_while(on_line).find(|ahead| input.is_word_at(*ahead, "then")).filter(|_| asks)?;
    let condition = input.text_of(input.token(1).span.to(input.token(then.saturating_sub(1)).span));
    let answer = input.skip(then + 1);
    let written = format!("{} when {condition}", answer.text(0));
    let span = input.span().to(answer.span());
    let fault = elsewhere(span, title).help(format!("write `{written}`"));
    let alone = then > 1 && !on_line(&(then + 2));
    Some(if alone { fault.edit(span, written) } else { fault })
}

/// `otherwise 3`: the answer stands first.
fn answer_first(input: Tokens<'_>) -> Diagnostic {
    let span = input.span().to(input.next().span());
    let title = "`otherwise` stands after its answer";
    let fault = Diagnostic::error(codes::E0201, span, title, "the other way round");
    let written = format!("{} otherwise", input.text(1));
    let alone = input.token(2).starts_line || input.is_sign_at(2, "}");
    let fault = fault.help("as in `none otherwise`");
    if alone { fault.edit(span, written) } else { fault }
}
