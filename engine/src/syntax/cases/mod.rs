//! Cases beside a rule: `cases.md`, where each fenced `case` block under a heading is an example body.
//!
//! A case that is passed over looks like one that passed. So a block that was meant as a case and cannot be one, a block that
//! never ends, a case that expects nothing and a heading without a case are all faults.

mod blocks;

use self::blocks::{Block, Heading, Piece, pieces};
use super::grammar::parse_example_body;
use super::tree::Example;
use crate::diagnostics::{Diagnostic, codes};
use crate::text::{Span, Spanned};

/// Reads every `case` block of a Markdown file; the heading above a block is the case's name.
#[must_use]
pub fn parse_cases(source: u32, text: &str) -> (Vec<Example>, Vec<Diagnostic>) {
    let mut reader = Reader::new(source);
    for piece in pieces(source, text) {
        match piece {
            Piece::Heading(heading) => reader.sections.push(Section { heading, answered_for: false, blocks: 0 }),
            Piece::Block(block) => reader.block(&block, true),
        }
    }
    reader.empty_sections();
    (reader.examples, reader.faults)
}

/// Reads cases that are to be answered and need expect nothing: the `case` blocks of a Markdown file, or one body that stands
/// without a fence.
#[must_use]
pub fn parse_questions(source: u32, text: &str) -> (Vec<Example>, Vec<Diagnostic>) {
    let mut reader = Reader::new(source);
    let pieces = pieces(source, text);
    if !pieces.iter().any(|piece| matches!(piece, Piece::Block(_))) {
        let (example, faults) = parse_example_body(source, reader.name(), text, 0);
        return (vec![example], faults);
    }
    for piece in pieces {
        match piece {
            Piece::Heading(heading) => reader.sections.push(Section { heading, answered_for: true, blocks: 0 }),
            Piece::Block(block) => reader.block(&block, false),
        }
    }
    (reader.examples, reader.faults)
}

struct Reader {
    source: u32,
    sections: Vec<Section>,
    examples: Vec<Example>,
    faults: Vec<Diagnostic>,
}

/// A heading and what stands under it, up to the next.
struct Section {
    heading: Heading,
    /// It has a case, or a block that was told of.
    answered_for: bool,
    blocks: usize,
}

impl Reader {
    fn new(source: u32) -> Reader {
        Reader { source, sections: Vec::new(), examples: Vec::new(), faults: Vec::new() }
    }

    fn name(&self) -> Spanned<String> {
        let nowhere = || Spanned { node: String::new(), span: Span { source: self.source, start: 0, end: 0 } };
        self.sections.last().map_or_else(nowhere, |section| section.heading.name.clone())
    }

    fn block(&mut self, block: &Block<'_>, must_expect: bool) {
        let before = self.faults.len();
        let is_case = block.is_case();
        let (read, faults) = parse_example_body(self.source, self.name(), block.body, block.body_at);
        self.faults.extend(block.fault(faults.is_empty() && !read.expect.is_empty()));
        if is_case {
            self.case(read, faults, block, must_expect);
        }
        if let Some(section) = self.sections.last_mut() {
            section.blocks += 1;
            section.answered_for |= is_case || self.faults.len() > before;
        }
    }

    fn case(&mut self, example: Example, faults: Vec<Diagnostic>, block: &Block<'_>, must_expect: bool) {
        if must_expect && faults.is_empty() && example.expect.is_empty() {
            let fault =
                Diagnostic::error(codes::E1003, block.opener, "this case expects nothing", "nothing after `=>`");
            self.faults.push(fault.help(EXPECTS_NOTHING));
        }
        self.examples.push(example);
        self.faults.extend(faults);
    }

    /// A heading names a case or gathers those below it. The title of the file may stand alone.
    fn empty_sections(&mut self) {
        let levels: Vec<usize> = self.sections.iter().map(|section| section.heading.level).collect();
        for (place, section) in self.sections.iter().enumerate() {
            let is_title = place == 0 && section.heading.level == 1 && section.blocks == 0;
            let gathers = levels.get(place + 1).is_some_and(|next| *next > section.heading.level);
            if section.answered_for || is_title || gathers {
                continue;
            }
            let title = "no case of this section is run";
            let fault = Diagnostic::error(codes::E1005, section.heading.name.span, title, "no `case` block below");
            let help = "write the case in a block that opens with ```case; what is no case stands above the first heading, \
                or as a paragraph without one";
            self.faults.push(fault.help(help));
        }
    }
}

/// What to do about a case that expects nothing.
pub(super) const EXPECTS_NOTHING: &str =
    "say after `=>` what must come out, worked out by hand: `=> total 3, risk low`";
