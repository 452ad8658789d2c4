//! Cases beside a rule: `cases.md`, where each fenced `case` block under a heading is an example body, and what stands in a fenced
//! `background` block every case below it in its section has.
//!
//! A case that is passed over looks like one that passed. So a block that was meant as a case and cannot be one, a block that
//! never ends, a case that expects nothing and a heading without a case are all faults.

mod blocks;

use self::blocks::{Block, Heading, Piece, pieces};
use super::alike;
use super::grammar::parse_example_body;
use super::tree::{Example, Given};
use crate::diagnostics::{Diagnostic, codes};
use crate::text::{Span, Spanned};

/// Reads every `case` block of a Markdown file; the heading above a block is the case's name.
#[must_use]
pub fn parse_cases(source: u32, text: &str) -> (Vec<Example>, Vec<Diagnostic>) {
    let mut reader = Reader::new(source);
    for piece in pieces(source, text) {
        match piece {
            Piece::Heading(heading) => reader.section(heading, false),
            Piece::Block(block) => reader.block(&block, true),
        }
    }
    reader.empty_sections();
    reader.finish()
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
            Piece::Heading(heading) => reader.section(heading, true),
            Piece::Block(block) => reader.block(&block, false),
        }
    }
    reader.finish()
}

struct Reader {
    source: u32,
    sections: Vec<Section>,
    examples: Vec<Example>,
    /// What each of them has from the backgrounds around it.
    around: Vec<Vec<Given>>,
    /// What the cases of the sections around this place have in common, the outermost first.
    backgrounds: Vec<Background>,
    faults: Vec<Diagnostic>,
}

/// What every case of a section has.
struct Background {
    /// The level of the section's heading; 0 above the first.
    level: usize,
    given: Vec<Given>,
    opener: Span,
    /// Some case has it.
    had: bool,
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
        Reader {
            source,
            sections: Vec::new(),
            examples: Vec::new(),
            around: Vec::new(),
            backgrounds: Vec::new(),
            faults: Vec::new(),
        }
    }

    fn name(&self) -> Spanned<String> {
        let nowhere = || Spanned { node: String::new(), span: Span { source: self.source, start: 0, end: 0 } };
        self.sections.last().map_or_else(nowhere, |section| section.heading.name.clone())
    }

    fn section(&mut self, heading: Heading, answered_for: bool) {
        self.end_sections(heading.level);
        self.sections.push(Section { heading, answered_for, blocks: 0 });
    }

    /// Ends what stands below a heading of this level: its background goes no further.
    fn end_sections(&mut self, level: usize) {
        while let Some(last) = self.backgrounds.pop_if(|last| last.level >= level) {
            if !last.had {
                let title = "no case has this background";
                let fault = Diagnostic::error(codes::E1007, last.opener, title, "no `case` block below");
                self.faults
                    .push(fault.help("put it above the cases that have it, under their heading or one around it"));
            }
        }
    }

    fn finish(mut self) -> (Vec<Example>, Vec<Diagnostic>) {
        self.end_sections(0);
        let mut examples: Vec<&mut Example> = self.examples.iter_mut().collect();
        alike::write_out(&mut examples, &self.around, &mut self.faults);
        (self.examples, self.faults)
    }

    /// What stands in a `background` block.
    fn background(&mut self, read: Example, faults: Vec<Diagnostic>, opener: Span) {
        self.faults.extend(faults);
        let level = self.sections.last().map_or(0, |section| section.heading.level);
        let fault = |span, title: &str, label: &str| Diagnostic::error(codes::E1007, span, title, label);
        if let Some(first) = self.backgrounds.iter().find(|before| before.level == level) {
            let fault = fault(opener, "this section has a background already", "a second one");
            self.faults.push(fault.because(first.opener, "the first").help("put both in one block"));
            return;
        }
        if let Some(expected) = read.expect.first() {
            let fault = fault(expected.span, "a background expects nothing", "an answer belongs in a case");
            self.faults.push(fault.help("take `=>` and what follows it out, and say it in each case"));
        }
        if let Some(like) =
            read.given.iter().find_map(|one| if let Given::Like(of) = one { Some(of.span) } else { None })
        {
            let fault = fault(like, "a background is like no case", "give the facts and events themselves");
            self.faults.push(fault.help("let the cases say `like`, or write here what they share"));
        }
        let given = read.given.into_iter().filter(|one| !matches!(one, Given::Like(_))).collect();
        self.backgrounds.push(Background { level, given, opener, had: false });
    }

    fn block(&mut self, block: &Block<'_>, must_expect: bool) {
        let before = self.faults.len();
        let is_case = block.is_case();
        let (read, faults) = parse_example_body(self.source, self.name(), block.body, block.body_at);
        self.faults.extend(block.fault(faults.is_empty() && !read.expect.is_empty()));
        if block.is_background() {
            self.background(read, faults, block.opener);
        } else if is_case {
            self.case(read, faults, block, must_expect);
        }
        if let Some(section) = self.sections.last_mut() {
            section.blocks += 1;
            section.answered_for |= is_case || block.is_background() || self.faults.len() > before;
        }
    }

    fn case(&mut self, example: Example, faults: Vec<Diagnostic>, block: &Block<'_>, must_expect: bool) {
        if must_expect && faults.is_empty() && example.expect.is_empty() {
            let fault =
                Diagnostic::error(codes::E1003, block.opener, "this case expects nothing", "nothing after `=>`");
            self.faults.push(fault.help(EXPECTS_NOTHING));
        }
        let mut around = Vec::new();
        for background in self.backgrounds.iter_mut().rev() {
            background.had = true;
            around = alike::over(&around, &background.given);
        }
        self.examples.push(example);
        self.around.push(around);
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
