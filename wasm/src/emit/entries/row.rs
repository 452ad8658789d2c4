//! The columns of a batch: where each fact comes from and where each output goes, found out before the first row.

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
            let (values, rows) = match needed.fact(number) {
                None => (values, int(-1)),
                Some(needed) => {
                    let bytes: Vec<u8> = least.to_le_bytes().into_iter().take(usize::from(column.bytes)).collect();
                    let any = int(i64::from(context.constant(&bytes)?));
                    (values.when(&needed, &any), int(0).sub(&needed))
                }
            };
            let (values, rows) = if kept { (code.share(&values), code.share(&rows)) } else { (values, rows) };
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
struct Target {
    column: Node,
    /// The bits of a row that count: none where nobody wants the output, which then goes where nobody reads.
    rows: Node,
    width: Width,
    place: usize,
}

/// Where outputs go: the answers, and what few hosts ask for, which one test passes by where no one does. No test stands between one output
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
        let mut target = |(place, output): (usize, &Output), kept: bool| {
            let pointer = out.load(POINTER, output.pointer);
            let (column, rows) = (pointer.when(&pointer, &unwanted), int(0).sub(&pointer.ne(&int(0))));
            let (column, rows) = if kept { (code.share(&column), code.share(&rows)) } else { (column, rows) };
            Target { column, rows, width: Width::signed(output.bytes), place }
        };
        let answers = answers.into_iter().map(|answer| target(answer, kept)).collect();
        let others = others.into_iter().map(|other| target(other, false)).collect();
        Outputs { answers, others, any_other }
    }

    /// Writes the outputs of a row.
    pub(super) fn write(&self, code: &mut Code, row: &Node, values: &[Node]) {
        self.each(code, row, |code, address, width, place| {
            if let Some(value) = values.get(place) {
                code.store(address, 0, value, width);
            }
        });
    }

    /// Writes each output: its place, with its address in a row and the width of its column.
    pub(super) fn each(&self, code: &mut Code, row: &Node, write: impl Fn(&mut Code, &Node, Width, usize)) {
        let each = |code: &mut Code, target: &Target| {
            let address = target.column.add(&row.bin(Bin::And, &target.rows).shl(target.width.log2()));
            write(code, &address, target.width, target.place);
        };
        self.answers.iter().for_each(|target| each(code, target));
        if !self.others.is_empty() {
            code.when(&self.any_other);
            self.others.iter().for_each(|target| each(code, target));
            code.end();
        }
    }
}

/// Whether a cell is part of an answer.
fn is_answer(plan: &Plan, cell: CellId) -> bool {
    plan.answers.iter().any(|answer| match &answer.kind {
        AnswerKind::Value { cell: own, .. } | AnswerKind::Output { cell: own, .. } => *own == cell,
        AnswerKind::Obligation(of) => [of.verdict, of.trigger, of.due, of.done, of.excuse].contains(&cell),
    })
}
