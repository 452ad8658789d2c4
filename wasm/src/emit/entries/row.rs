//! The columns of a batch: where each fact comes from and where each output goes, found out before the first row.

use std::collections::BTreeMap;

use concord_engine::plan::{AnswerKind, CellId, Plan};

use super::incomplete_row::fact_of;
use super::wanted::Needed;
use crate::abi::{Column, Output, none_of};
use crate::emit::assembler::{Bin, Code, EmitError, Node, POINTER, Width, flag, int, long};
use crate::emit::runtime::{Helper, next_row};
use crate::emit::strict::Known;
use crate::emit::walk::Context;

/// The most columns whose addresses are kept in locals: more than that, and a function is cut.
const MOST_KEPT: usize = 16;

/// Where a fact comes from.
struct Source {
    values: Node,
    /// The bits of a row that count: none where the fact is not needed, so that each row finds the same value of its range.
    rows: Node,
}

/// Where facts come from.
pub(super) struct Sources {
    sources: Vec<Option<Source>>,
}

impl Sources {
    /// The columns of the facts that are used; of one that is not needed some value of its range, whatever stands in its column.
    pub(super) fn of(
        code: &mut Code,
        context: &mut Context<'_>,
        columns: &Node,
        needed: &Needed,
    ) -> Result<Sources, EmitError> {
        let inputs: Vec<(Column, i64)> = context
            .layout
            .inputs
            .iter()
            .copied()
            .zip(context.plan.subject.inputs.iter().map(|input| input.shape.low))
            .collect();
        let kept = inputs.iter().filter(|(column, _)| column.used).count() <= MOST_KEPT;
        let mut sources = Vec::new();
        for (number, (column, least)) in (0_u8..).zip(inputs) {
            if !column.used {
                sources.push(None);
                continue;
            }
            let values = columns.load(POINTER, column.pointer);
            let keep = |code: &mut Code, node: Node| if kept { code.share(&node) } else { node };
            let (values, rows) = match needed.fact(number) {
                None => (values, int(-1)),
                Some(needed) => {
                    let bytes: Vec<u8> = least.to_le_bytes().into_iter().take(usize::from(column.bytes)).collect();
                    let any = int(i64::from(context.constant(&bytes)?));
                    let rows = keep(code, int(0).sub(&needed));
                    (values.when(&rows, &any), rows)
                }
            };
            let values = keep(code, values);
            sources.push(Some(Source { values, rows }));
        }
        Ok(Sources { sources })
    }

    /// The value of a fact in a row.
    pub(super) fn value(&self, code: &mut Code, number: u8, column: &Column, row: &Node) -> Known {
        let width = Width::signed(column.bytes);
        let value = code.share(&self.address(number, column, row).load(width, 0));
        let none = Node::Const(value.ty(), none_of(column.bytes));
        let none = if column.optional { value.eq(&none) } else { flag(false) };
        Known { value, none: code.share(&none) }
    }

    /// Where the value of a fact stands in a row.
    pub(super) fn address(&self, number: u8, column: &Column, row: &Node) -> Node {
        let width = Width::signed(column.bytes);
        let source = self.sources.get(usize::from(number)).and_then(Option::as_ref);
        // A fact that is not used is not asked for.
        source.map_or(int(0), |source| source.values.add(&row.bin(Bin::And, &source.rows).shl(width.log2())))
    }

    /// From where on a fact stands in the rows from one on; where it is not needed, or not there, whatever nobody reads stands in its place.
    pub(super) fn from(&self, code: &mut Code, (number, column): (u8, &Column), row: &Node, nowhere: u32) -> Node {
        let source = self.sources.get(usize::from(number)).and_then(Option::as_ref);
        let nowhere = int(i64::from(nowhere));
        let from = source.map_or(nowhere.clone(), |source| {
            let is_there = source.values.both(&source.rows);
            source.values.add(&row.shl(Width::signed(column.bytes).log2())).when(&is_there, &nowhere)
        });
        code.variable(&from)
    }

    /// Takes from the bits of 64 rows those in which something needed is missing.
    pub(super) fn valid(
        &self,
        code: &mut Code,
        context: &mut Context<'_>,
        (columns, row): (&Node, &Node),
        needed: &Needed,
        rows: &Node,
    ) {
        if context.reads.inputs == 0 {
            return;
        }
        let rest = code.variable(&needed.facts);
        code.when(&rest.ne(&long(0)));
        let top = code.repeat();
        let word = context.helpers.call(Helper::Valid, vec![fact_of(columns, &rest), row.clone()]);
        code.set(rows, &word.bin(Bin::And, rows));
        next_row(code, &rest, top);
        code.end();
    }
}

/// Where an output goes.
pub(super) struct Target {
    pub(super) column: Node,
    /// The bits of a row that count: none where nobody wants the output, which then goes where nobody reads.
    pub(super) rows: Node,
    pub(super) width: Width,
    /// Its place among the outputs.
    pub(super) place: usize,
}

/// Where outputs go: the answers, and what few hosts ask for, which one test passes by where no one does. No test stands between one answer
/// and the next, so that what several need is worked out once.
pub(super) struct Outputs {
    answers: Vec<Target>,
    others: Vec<Target>,
    any_other: Node,
}

impl Outputs {
    /// Of the block of outputs.
    pub(super) fn of(code: &mut Code, context: &Context<'_>, out: &Node) -> Outputs {
        let outputs = &context.layout.outputs;
        let (answers, others): (Vec<_>, Vec<_>) =
            outputs.iter().enumerate().partition(|(_, output)| is_answer(context.plan, output.cell));
        let unwanted = int(i64::from(context.map.unwanted));
        let any_other = code.variable(&int(0));
        for (_, output) in &others {
            code.set(&any_other, &any_other.bin(Bin::Or, &out.load(POINTER, output.pointer)));
        }
        let kept = answers.len() <= MOST_KEPT;
        let answer = |(place, output): (usize, &Output)| {
            let pointer = out.load(POINTER, output.pointer);
            let keep = |code: &mut Code, node: Node| if kept { code.share(&node) } else { node };
            let rows = keep(code, int(0).sub(&pointer.ne(&int(0))));
            let column = keep(code, pointer.when(&rows, &unwanted));
            Target { column, rows, width: Width::signed(output.bytes), place }
        };
        let answers = answers.into_iter().map(answer).collect();
        let other = |(place, output): (usize, &Output)| {
            let (column, rows) = (out.load(POINTER, output.pointer), int(-1));
            Target { column, rows, width: Width::signed(output.bytes), place }
        };
        let others = others.into_iter().map(other).collect();
        Outputs { answers, others, any_other }
    }

    /// None, where they go another way.
    pub(super) fn none() -> Outputs {
        Outputs { answers: Vec::new(), others: Vec::new(), any_other: int(0) }
    }

    /// Writes the outputs of a row.
    pub(super) fn write(&self, code: &mut Code, row: &Node, values: &[Node]) {
        self.each(code, |code, target| {
            if let Some(value) = values.get(target.place) {
                code.store(&target.address(row), 0, value, target.width);
            }
        });
    }

    /// From where on each answer stands in the rows from one on, by its place among the outputs.
    pub(super) fn from(&self, code: &mut Code, row: &Node) -> BTreeMap<usize, Node> {
        self.answers.iter().map(|target| (target.place, code.variable(&target.address(row)))).collect()
    }

    /// Does something for each output: the answers, and where any of them is wanted the others that are.
    pub(super) fn each(&self, code: &mut Code, write: impl Fn(&mut Code, &Target)) {
        self.answers.iter().for_each(|target| write(code, target));
        if self.others.is_empty() {
            return;
        }
        code.when(&self.any_other);
        for target in &self.others {
            let column = code.share(&target.column);
            code.when(&column);
            write(code, &Target { column, rows: int(-1), width: target.width, place: target.place });
            code.end();
        }
        code.end();
    }
}

impl Target {
    /// Where a row of it stands.
    pub(super) fn address(&self, row: &Node) -> Node {
        self.column.add(&row.bin(Bin::And, &self.rows).shl(self.width.log2()))
    }
}

/// Whether a cell is part of an answer.
fn is_answer(plan: &Plan, cell: CellId) -> bool {
    plan.answers.iter().any(|answer| match &answer.kind {
        AnswerKind::Value { cell: own, .. } | AnswerKind::Output { cell: own, .. } => *own == cell,
        AnswerKind::Obligation(of) => [of.verdict, of.trigger, of.due, of.done, of.excuse].contains(&cell),
    })
}
