//! Indentation and columns.

use std::collections::BTreeMap;

use super::lines::{Line, slice};
use super::roles::{Cells, Roles};
use super::spacing::write;
use crate::syntax::tokens::{Kind, Lexed, Token};
use crate::text::Span;

/// What two neighbouring lines must share for their columns to be set together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    /// The first words of the entries of a block.
    Key,
    /// The colon of facts.
    Colon,
    /// The labels of an enum's values.
    Label,
    /// The equals sign of definitions.
    Equals,
    /// The conditions of a `choose`.
    When,
    /// The brace of declarations on one line, the colon of events.
    Brace,
}

/// A line laid out but for its columns.
struct Laid {
    indent: usize,
    /// Before and after the place that is aligned.
    parts: (String, String),
    column: Option<Column>,
    comment: String,
    gap: bool,
}

/// The whole text.
pub fn layout(lines: &[Line], text: &str, lexed: &Lexed, roles: &Roles) -> String {
    let widths = widths(text, lexed, roles);
    let context = Context { text, lexed, roles, widths };
    let mut state = State { depth: 0, example: Vec::new(), arrow: false };
    let mut laid: Vec<Laid> = lines.iter().map(|line| context.line(line, &mut state)).collect();
    pad(&mut laid);
    align_comments(&mut laid);
    let mut out = String::new();
    for (index, line) in laid.iter().enumerate() {
        let opened = index.checked_sub(1).and_then(|at| laid.get(at)).is_some_and(|last| last.ends_with('{'));
        let closes = line.parts.0.starts_with('}');
        if line.gap && !opened && !closes {
            out.push('\n');
        }
        let whole = format!("{}{}{}{}", " ".repeat(line.indent), line.parts.0, line.parts.1, line.comment);
        out.push_str(whole.trim_end());
        out.push('\n');
    }
    out
}

/// Comments at the ends of neighbouring lines begin in one column, two spaces behind the longest.
fn align_comments(lines: &mut [Laid]) {
    let width = |line: &Laid| line.indent + line.parts.0.chars().count() + line.parts.1.chars().count();
    let trails = |line: &Laid| !line.comment.is_empty() && !line.parts.0.is_empty();
    for run in lines.chunk_by_mut(|a, b| trails(a) && trails(b) && !b.gap) {
        let widest = run.iter().map(width).max().unwrap_or(0);
        for line in run.iter_mut().filter(|line| trails(line)) {
            line.comment.insert_str(0, &" ".repeat(widest - width(line) + 2));
        }
    }
}

impl Laid {
    fn ends_with(&self, sign: char) -> bool {
        let end = if self.parts.1.is_empty() { &self.parts.0 } else { &self.parts.1 };
        end.ends_with(sign) && self.comment.is_empty()
    }
}

/// Sets the columns of each run of lines that share one. In a block of entries, what continues an entry
/// and what comments on it does not end the run.
fn pad(lines: &mut [Laid]) {
    let mut group: Vec<usize> = Vec::new();
    for index in 0..=lines.len() {
        let line = lines.get(index);
        let first = group.first().and_then(|at| lines.get(*at));
        if let (Some(line), Some(first)) = (line, first) {
            let keyed = matches!(first.column, Some(Column::Key | Column::When));
            if line.column == first.column && line.indent == first.indent && (keyed || !line.gap) {
                group.push(index);
                continue;
            }
            let closes = line.indent == first.indent && line.parts.0.starts_with('}');
            if keyed && (line.indent > first.indent || closes || line.parts.0.is_empty()) {
                continue;
            }
        }
        let next = line.is_some_and(|line| line.column.is_some());
        widen(lines, &group);
        group.clear();
        if next {
            group.push(index);
        }
    }
}

fn widen(lines: &mut [Laid], group: &[usize]) {
    let width = |lines: &[Laid], at: usize| lines.get(at).map_or(0, |line| line.parts.0.chars().count());
    let widest = group.iter().map(|at| width(lines, *at)).max().unwrap_or(0);
    for at in group {
        let missing = widest - width(lines, *at);
        if let Some(line) = lines.get_mut(*at) {
            line.parts.0.push_str(&" ".repeat(missing + 1));
        }
    }
}

struct State {
    depth: usize,
    /// For each open brace: whether it is an example's.
    example: Vec<bool>,
    /// Past the `=>` of an example.
    arrow: bool,
}

struct Context<'a> {
    text: &'a str,
    lexed: &'a Lexed,
    roles: &'a Roles,
    widths: BTreeMap<u32, Vec<usize>>,
}

impl Context<'_> {
    fn line(&self, line: &Line, state: &mut State) -> Laid {
        let tokens = self.lexed.tokens.get(line.tokens.clone()).unwrap_or(&[]);
        let comment = line.comment.and_then(|which| self.lexed.comments.get(which));
        let comment = comment.map(|comment| slice(self.text, comment.span).to_owned()).unwrap_or_default();
        let indent = self.indent(tokens, state);
        let start = tokens.first().map(|token| token.span.start);
        let row = start.and_then(|start| self.roles.rows.get(&start));
        let (parts, column) = match row {
            Some(cells) => ((self.row(cells, tokens), String::new()), None),
            None => self.plain(tokens, state),
        };
        self.follow(tokens, state);
        Laid { indent, parts, column, comment, gap: line.gap }
    }

    fn indent(&self, tokens: &[Token], state: &State) -> usize {
        let Some(first) = tokens.first() else {
            return state.depth * 2;
        };
        let start = first.span.start;
        let in_example = state.example.last() == Some(&true);
        if first.kind == Kind::Sign("}") {
            return state.depth.saturating_sub(1) * 2;
        }
        if in_example {
            let behind_arrow = state.arrow && first.kind != Kind::Sign("=>");
            return state.depth * 2 + if behind_arrow { 3 } else { 0 };
        }
        let entry = self.roles.entries.contains(&start)
            || self.roles.keyed.contains(&start)
            || self.roles.rows.contains_key(&start)
            || state.depth > 0 && slice(self.text, first.span) == "membership";
        state.depth * 2 + if entry { 0 } else { 2 }
    }

    /// A line that is not a table's: its text, cut where it is aligned.
    fn plain(&self, tokens: &[Token], state: &State) -> ((String, String), Option<Column>) {
        let whole = |tokens: &[Token]| write(self.text, tokens, state.example.last() == Some(&true));
        let Some(first) = tokens.first() else {
            return (Default::default(), None);
        };
        let word = slice(self.text, first.span);
        let find = |sign| tokens.iter().position(|token| token.kind == Kind::Sign(sign));
        let ends = tokens.last().is_some_and(|last| last.kind == Kind::Sign("}"));
        let (at, column) = if self.roles.keyed.contains(&first.span.start) {
            let two = matches!(word, "in" | "review" | "stage");
            (Some(1 + usize::from(two)), Column::Key)
        } else if let Some(end) = self.roles.answers.get(&first.span.start) {
            (tokens.iter().position(|token| token.span.start >= *end), Column::When)
        } else if state.depth > 0 && find(":") == Some(1) {
            (Some(1), Column::Colon)
        } else if self.roles.variants.contains(&first.span.start) && find("=") == Some(1) {
            (Some(1), Column::Equals)
        } else if self.roles.variants.contains(&first.span.start)
            && matches!(tokens, [_, label] | [_, label, _] if label.kind == Kind::Text)
        {
            (Some(1), Column::Label)
        } else if state.depth == 0 && word == "define" && matches!(find("="), Some(2 | 4)) {
            (find("="), Column::Equals)
        } else if state.depth == 0 && word == "events" && find("=") == Some(2) {
            (Some(2), Column::Equals)
        } else if ends && find("{") == Some(2) || word == "event" && find(":") == Some(2) {
            (Some(2), Column::Brace)
        } else {
            (None, Column::Key)
        };
        match at.and_then(|at| tokens.split_at_checked(at)) {
            Some((before, after)) if !after.is_empty() => ((whole(before), whole(after)), Some(column)),
            _ => ((whole(tokens), String::new()), None),
        }
    }

    /// A row with its cells in columns, the bar between conditions and answers.
    fn row(&self, cells: &Cells, tokens: &[Token]) -> String {
        let empty = Vec::new();
        let widths = self.widths.get(&cells.table).unwrap_or(&empty);
        let mut out = String::new();
        let written = cells.inputs.iter().chain(&cells.outputs).map(|span| cell(self.text, tokens, *span));
        for (index, cell) in written.enumerate() {
            if index == cells.inputs.len() {
                out.push_str("| ");
            }
            let next_is_bar = index + 1 == cells.inputs.len();
            let width = widths.get(index).copied().unwrap_or(0);
            let missing = width.saturating_sub(cell.chars().count()) + if next_is_bar { 1 } else { 2 };
            out.push_str(&cell);
            out.push_str(&" ".repeat(missing));
        }
        let end = cells.outputs.last().map_or(0, |span| span.end);
        let tail: Vec<Token> = tokens.iter().filter(|token| token.span.start >= end).copied().collect();
        out.push_str(&write(self.text, &tail, true));
        out.trim_end().to_owned()
    }

    /// Keeps count of braces and of where an example's expectations begin.
    fn follow(&self, tokens: &[Token], state: &mut State) {
        let example = tokens.first().is_some_and(|first| slice(self.text, first.span) == "example");
        for token in tokens {
            match token.kind {
                Kind::Sign("{") => {
                    let inside = state.example.last() == Some(&true);
                    state.example.push(inside || example && state.depth == 0);
                    state.depth += 1;
                }
                Kind::Sign("}") => {
                    state.example.pop();
                    state.depth = state.depth.saturating_sub(1);
                    state.arrow = state.arrow && state.depth > 0;
                }
                Kind::Sign("=>") => state.arrow = true,
                _ => {}
            }
        }
    }
}

fn cell(text: &str, tokens: &[Token], span: Span) -> String {
    let inside: Vec<Token> =
        tokens.iter().filter(|t| t.span.start >= span.start && t.span.end <= span.end).copied().collect();
    write(text, &inside, true)
}

/// The width of each column of each table. The single `impossible` of a row sets no width.
fn widths(text: &str, lexed: &Lexed, roles: &Roles) -> BTreeMap<u32, Vec<usize>> {
    let mut widths: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for cells in roles.rows.values() {
        let columns = widths.entry(cells.table).or_default();
        for (index, span) in cells.inputs.iter().chain(&cells.outputs).enumerate() {
            let low = lexed.tokens.partition_point(|token| token.span.start < span.start);
            let high = lexed.tokens.partition_point(|token| token.span.start < span.end);
            let width = cell(text, lexed.tokens.get(low..high).unwrap_or(&[]), *span).chars().count();
            if columns.len() <= index {
                columns.resize(index + 1, 0);
            }
            let spans_all = slice(text, *span) == "impossible";
            if let Some(widest) = columns.get_mut(index).filter(|_| !spans_all) {
                *widest = width.max(*widest);
            }
        }
    }
    widths
}
