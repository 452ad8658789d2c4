//! What the writer knows of reasons, as constant data: the templates of the plan, each with the cells and texts that fill it in.

use std::collections::BTreeSet;

use concord_engine::explain::{MANY, MemberTemplate, Part, Template, WORST_FIRST};
use concord_engine::plan::{Answer, AnswerId, AnswerKind, Id, Kinds, Plan, Step, StepId};
use concord_engine::values::codes::MOST_CHARACTERS;
use concord_engine::values::types::Type;

use super::descriptors::{Kind, bytes_of_choices, describe};
use super::literals::{escaped, list, literal};
use super::places::{cell, offset};
use crate::emit::assembler::{EmitError, address};
use crate::emit::walk::Context;

/// Which template a reason has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    Value,
    Path,
    Table,
    Obligation,
    Bundle,
}

/// Offsets in a reason: after its form, what stands for its source, or 0.
pub(super) const REASON_SOURCE: u32 = 4;
/// The parts that it shows.
pub(super) const REASON_PARTS: u32 = 8;
/// Of a table: the cell of its row; its rows, a text each, below 0 that of one marked impossible; its name.
pub(super) const REASON_ROW: u32 = 12;
pub(super) const REASON_ROWS: u32 = 16;
pub(super) const REASON_NAME: u32 = 20;
/// Of a path: how far its answers stand from the first, and the kinds of event that are followed.
pub(super) const REASON_LEFT: u32 = 12;
pub(super) const REASON_REACHED: u32 = 16;
pub(super) const REASON_LEFT_AT: u32 = 20;
pub(super) const REASON_KINDS: u32 = 24;
/// Of a bundle: its members, and how many.
pub(super) const REASON_MEMBERS: u32 = 12;
pub(super) const REASON_MEMBERS_COUNT: u32 = 16;

/// Bytes of a part.
pub(super) const PART_BYTES: u32 = 16;
/// Its offsets: after what it is, its name, its type, its number, or how far an answer stands from the first; of counts, whether there are many, and the kinds.
pub(super) const PART_NAME: u32 = 4;
pub(super) const PART_TYPE: u32 = 8;
pub(super) const PART_NUMBER: u32 = 12;
pub(super) const PART_KINDS: u32 = 8;
/// What a part is.
pub(super) const FACT: i64 = 0;
pub(super) const PARAMETER: i64 = 1;
pub(super) const ANSWERED: i64 = 2;
pub(super) const COUNTS: i64 = 3;

/// Bytes of a member of a bundle.
pub(super) const MEMBER: u32 = 16;
/// Its offsets: after its words, the cell of its verdict, how far its answer stands from the first or −1, the parts that a condition shows.
pub(super) const MEMBER_CELL: u32 = 4;
pub(super) const MEMBER_ANSWER: u32 = 8;
pub(super) const MEMBER_PARTS: u32 = 12;

/// See the module.
pub(super) struct Reasons {
    /// Where each answer's reason stands.
    pub(super) of: Vec<u32>,
    /// Which forms there are.
    pub(super) forms: BTreeSet<Form>,
    /// Whether events are counted, or named.
    pub(super) names_events: bool,
    /// Whether there is a table of which nothing is shown that it saw.
    pub(super) bare_tables: bool,
    /// The names of the kinds of event.
    pub(super) events: u32,
    /// The kinds of value that are shown.
    pub(super) kinds: BTreeSet<Kind>,
    /// The verdicts from the worst to the mildest, each with what stands before those that have it; then what stands before those of
    /// which it is not known.
    pub(super) verdicts: u32,
    /// The most bytes that come out.
    pub(super) most_bytes: usize,
}

impl Reasons {
    /// Of the answers of a plan.
    pub(super) fn of(context: &mut Context<'_>) -> Result<Reasons, EmitError> {
        let plan = context.said;
        let names = plan.subject.events.iter().map(|kind| literal(context, &escaped(&kind.name)));
        let names = names.collect::<Result<Vec<_>, _>>()?;
        let mut verdicts = Vec::new();
        for verdict in WORST_FIRST {
            verdicts.extend([verdict as u32, literal(context, &format!("{}: ", verdict.name()))?]);
        }
        verdicts.extend([u32::MAX, literal(context, "not known: ")?]);
        let mut reasons = Reasons {
            of: Vec::new(),
            forms: BTreeSet::new(),
            names_events: false,
            bare_tables: false,
            events: list(context, &names)?,
            kinds: BTreeSet::new(),
            verdicts: list(context, &verdicts)?,
            most_bytes: 0,
        };
        for answer in plan.answers.iter() {
            let reason = reasons.reason(context, answer)?;
            reasons.of.push(reason);
        }
        Ok(reasons)
    }

    fn reason(&mut self, context: &mut Context<'_>, answer: &Answer) -> Result<u32, EmitError> {
        let plan = context.said;
        let source = match &answer.source {
            Some(source) => literal(context, &format!(",\"source\":\"{}\"", escaped(source)))?,
            None => 0,
        };
        // An answer may have no source.
        self.most_bytes += 640 + answer.source.as_ref().map_or(0, |source| 2 * escaped(source).len());
        let (form, rest) = match Template::of(plan, answer) {
            Template::Value(parts) => (Form::Value, vec![self.parts(context, &parts)?]),
            Template::Nothing => (Form::Value, vec![0]),
            Template::Path(path) => {
                self.names_events = true;
                self.most_bytes +=
                    plan.subject.events.iter().map(|kind| 2 * escaped(&kind.name).len() + 8).sum::<usize>();
                for answer in [path.left, path.reached, path.left_at] {
                    self.show(self.answered(plan, answer))?;
                }
                let [low, high] = halves(path.kinds.0);
                let [left, reached, left_at] =
                    [path.left, path.reached, path.left_at].map(|answer| offset(plan, answer.place()));
                (Form::Path, vec![0, left, reached, left_at, low, high])
            }
            Template::Table(step, parts) => (Form::Table, self.table(context, step, &parts)?),
            Template::Obligation(parts) => (Form::Obligation, vec![self.parts(context, &parts)?]),
            Template::Bundle(members) => (Form::Bundle, self.bundle(context, &members)?),
        };
        self.forms.insert(form);
        let head = [form as u32, source];
        list(context, &[head.as_slice(), &rest].concat())
    }

    /// Parts as a list, their number first; 0 where there are none.
    fn parts(&mut self, context: &mut Context<'_>, parts: &[Part]) -> Result<u32, EmitError> {
        let plan = context.said;
        let mut lines = vec![address(parts.len())?];
        for part in parts {
            let (what, name, ty, number) = match part {
                Part::Fact(fact) => {
                    let input = plan.subject.inputs.get(*fact).ok_or(EmitError::no_such("fact", *fact))?;
                    (FACT, &input.name, &input.ty, address(fact.place())?)
                }
                Part::Parameter(of) => {
                    let parameter = plan.parameters.get(*of).ok_or(EmitError::no_such("parameter", *of))?;
                    (PARAMETER, &parameter.name, &parameter.ty, address(of.place())?)
                }
                Part::Answer(of) => {
                    let answer = plan.answers.get(*of).ok_or(EmitError::no_such("answer", *of))?;
                    let ty = self.answered(plan, *of).ok_or(EmitError::no_such("answer", *of))?;
                    (ANSWERED, &answer.name, ty, offset(plan, of.place()))
                }
                Part::Counts(kinds) => {
                    lines.extend(self.counts(plan, *kinds)?);
                    continue;
                }
            };
            self.show(Some(ty))?;
            self.most_bytes += escaped(name).len() + 32;
            let name = literal(context, &format!("{} ", escaped(name)))?;
            let what = u32::try_from(what).map_err(|_| EmitError::TooLarge("a part of a reason"))?;
            lines.extend([what, name, describe(context, ty, None)?, number]);
        }
        if parts.is_empty() { Ok(0) } else { list(context, &lines) }
    }

    fn counts(&mut self, plan: &Plan, kinds: Kinds) -> Result<[u32; 4], EmitError> {
        self.names_events = true;
        let known = kinds.places().filter(|kind| plan.subject.events.get(*kind).is_some());
        let known = known.fold(Kinds::default(), |all, kind| all.and(Kinds::one(kind)));
        self.most_bytes += plan.subject.events.iter().map(|kind| escaped(&kind.name).len() + 32).sum::<usize>();
        let [low, high] = halves(known.0);
        let what = u32::try_from(COUNTS).map_err(|_| EmitError::TooLarge("a part of a reason"))?;
        Ok([what, u32::from(kinds.0.count_ones() > MANY), low, high])
    }

    /// The type of an answer that is a value.
    fn answered<'p>(&self, plan: &'p Plan, answer: AnswerId) -> Option<&'p Type> {
        match &plan.answers.get(answer)?.kind {
            AnswerKind::Value { ty, .. } | AnswerKind::Output { ty, .. } => Some(ty),
            AnswerKind::Obligation(_) => None,
        }
    }

    /// A value of this type is shown, or what is possible of it.
    fn show(&mut self, ty: Option<&Type>) -> Result<(), EmitError> {
        let Some(ty) = ty else { return Ok(()) };
        self.kinds.insert(Kind::of(ty)?);
        let unit = if let Type::Number { unit: Some(unit), .. } = ty { 2 * escaped(unit).len() } else { 0 };
        let code = if *ty == Type::Code { 2 * 4 * MOST_CHARACTERS } else { 0 };
        self.most_bytes += 160 + 2 * unit + bytes_of_choices(ty) + code;
        Ok(())
    }

    fn table(&mut self, context: &mut Context<'_>, step: StepId, parts: &[Part]) -> Result<Vec<u32>, EmitError> {
        let Some(Step::Table(table)) = context.said.steps.get(step) else {
            return Err(EmitError::no_such("table", step));
        };
        self.bare_tables |= parts.is_empty();
        let mut rows = Vec::new();
        let mut longest = 0;
        for row in &table.rows {
            let text = escaped(&row.text);
            longest = longest.max(text.len());
            rows.push(literal(context, &text)? | u32::from(row.outputs.is_none()) << 31);
        }
        let name = escaped(&table.name);
        self.most_bytes += 2 * (longest + name.len());
        let (name, row) = (literal(context, &name)?, cell(context, table.row_cell)?);
        Ok(vec![self.parts(context, parts)?, row, list(context, &rows)?, name])
    }

    fn bundle(&mut self, context: &mut Context<'_>, members: &[MemberTemplate]) -> Result<Vec<u32>, EmitError> {
        let mut lines = Vec::new();
        for MemberTemplate { words, verdict, answer, used } in members {
            let words = escaped(words);
            self.most_bytes += words.len() + 160;
            if let Some(AnswerKind::Obligation(of)) = answer.and_then(|of| Some(&context.said.answers.get(of)?.kind)) {
                self.most_bytes += of.excuses.iter().map(|excuse| 2 * escaped(excuse).len()).sum::<usize>();
            }
            let own = answer.map_or(u32::MAX, |answer| offset(context.said, answer.place()));
            lines.extend([literal(context, &words)?, cell(context, *verdict)?, own, self.parts(context, used)?]);
        }
        Ok(vec![0, list(context, &lines)?, address(members.len())?])
    }
}

/// A mask as two words.
#[allow(clippy::cast_possible_truncation, reason = "each word is a half")]
const fn halves(mask: u64) -> [u32; 2] {
    [mask as u32, (mask >> 32) as u32]
}
