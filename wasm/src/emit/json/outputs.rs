//! What the writer knows of the answers, as constant data.

use std::collections::BTreeSet;

use concord_engine::explain::unknown_name;
use concord_engine::plan::{Answer, AnswerKind, CellId, DueBy, Id, Obligation, Plan, Unknown, Verdict};
use concord_engine::values::types::Type;

use super::descriptors::{Kind, bytes_of_choices, cell, describe};
use super::literals::{escaped, list, literal};
use super::reasons::{Form, Reasons};
use crate::abi::{Identity, claim_in_words};
use crate::emit::assembler::{EmitError, address};
use crate::emit::walk::Context;

/// Bytes of an answer.
pub(super) const ANSWER: u32 = 56;
/// Offsets in an answer: after the text before its kind, whether it is an obligation; its type, that of a verdict too; its cell.
pub(super) const ANSWER_IS_VERDICT: u32 = 4;
pub(super) const ANSWER_TYPE: u32 = 8;
pub(super) const ANSWER_CELL: u32 = 12;
/// The cells of an obligation.
pub(super) const ANSWER_TRIGGER: u32 = 16;
pub(super) const ANSWER_DUE: u32 = 20;
pub(super) const ANSWER_DONE: u32 = 24;
pub(super) const ANSWER_EXCUSE: u32 = 28;
/// What its deadline falls on.
pub(super) const ANSWER_DUE_BY: u32 = 32;
/// The reasons of its excuses, and how many.
pub(super) const ANSWER_REASONS: u32 = 36;
pub(super) const ANSWER_REASONS_COUNT: u32 = 40;
/// Of a bundle, the places of its parts among the answers, and how many.
pub(super) const ANSWER_PARTS: u32 = 44;
pub(super) const ANSWER_PARTS_COUNT: u32 = 48;
/// Why it is so: a template.
pub(super) const ANSWER_BECAUSE: u32 = 52;

/// Offsets in a cell: after its slot, whether it is a set, and the mark of none.
pub(super) const CELL_IS_SET: u32 = 4;
pub(super) const CELL_NONE: u32 = 8;

/// Bytes of what can be missing: as a whole; before and after a deadline, and the place of the answer whose it is, or −1.
pub(super) const NEED: u32 = 16;
pub(super) const NEED_BEFORE: u32 = 4;
pub(super) const NEED_AFTER: u32 = 8;
pub(super) const NEED_ANSWER: u32 = 12;

/// See the module.
pub(crate) struct Outputs {
    /// What stands before `as_of`.
    pub(super) head: u32,
    /// The answers.
    pub(super) answers: u32,
    pub(super) has_values: bool,
    pub(super) has_verdicts: bool,
    /// What can be missing.
    pub(super) needs: u32,
    /// Whether that an obligation is decided is among it.
    pub(super) has_decisions: bool,
    /// The kinds of value that are written.
    pub(super) kinds: Vec<Kind>,
    /// For each parameter, what stands before its value, and its type.
    pub(super) settings: u32,
    /// For each claim, what is said when it is broken.
    pub(super) claims: u32,
    /// What the deadlines of obligations fall on.
    pub(super) due_by: Vec<DueBy>,
    /// The forms of reasons.
    pub(super) forms: Vec<Form>,
    /// Whether reasons name events; the names of the kinds, and the verdicts from the worst to the mildest.
    pub(super) names_events: bool,
    pub(super) events: u32,
    pub(super) verdicts: u32,
    /// The most bytes that come out.
    pub(super) most_bytes: u32,
}

impl Outputs {
    /// Of a plan, in a module of this name.
    pub(crate) fn of(context: &mut Context<'_>, identity: &Identity) -> Result<Outputs, EmitError> {
        let plan = context.plan;
        let head = head(identity);
        let mut most_bytes = head.len() + 4_096;
        let mut kinds = BTreeSet::new();
        let mut settings = Vec::new();
        for parameter in &plan.parameters {
            kinds.insert(Kind::of(&parameter.ty)?);
            settings.push(literal(context, &format!("\"{}\":", escaped(&parameter.name)))?);
            settings.push(describe(context, &parameter.ty, None)?);
            most_bytes += parameter.name.len() + 128;
        }
        let settings = list(context, &settings)?;
        let (needs, bytes_of_needs) = needs(context, plan)?;
        let reasons = Reasons::of(context)?;
        kinds.extend(&reasons.kinds);
        most_bytes += reasons.most_bytes;
        let mut answers = Vec::new();
        for ((number, answer), reason) in plan.answers.placed().zip(&reasons.of) {
            let ty = match &answer.kind {
                AnswerKind::Value { ty, .. } | AnswerKind::Output { ty, .. } => ty.clone(),
                AnswerKind::Obligation(_) => verdicts(),
            };
            kinds.insert(Kind::of(&ty)?);
            most_bytes += 1_024 + answer.name.len() * 2 + bytes_of_needs + bytes_of_choices(&ty);
            let mut line = match &answer.kind {
                AnswerKind::Value { cell, .. } | AnswerKind::Output { cell, .. } => {
                    value(context, answer, number.place(), *cell, &ty)?
                }
                AnswerKind::Obligation(of) => {
                    most_bytes += 4 * of.excuses.iter().map(String::len).sum::<usize>();
                    obligation(context, answer, number.place(), of, &ty)?
                }
            };
            line.last_mut().into_iter().for_each(|because| *because = *reason);
            answers.extend(line);
        }
        let claims = claims(context, plan)?;
        let obligations = || plan.answers.iter().filter_map(obligation_of);
        let due_by = obligations().map(|of| of.due_by).collect();
        let has_verdicts = obligations().next().is_some();
        Ok(Outputs {
            head: literal(context, &head)?,
            answers: list(context, &answers)?,
            has_values: plan.answers.iter().any(|answer| obligation_of(answer).is_none()),
            has_verdicts,
            needs,
            has_decisions: plan.unknowns.iter().any(|of| matches!(of, Unknown::Decision(_))),
            kinds: kinds.into_iter().collect(),
            settings,
            claims,
            due_by,
            forms: reasons.forms.into_iter().collect(),
            names_events: reasons.names_events,
            events: reasons.events,
            verdicts: reasons.verdicts,
            most_bytes: address(most_bytes)?,
        })
    }
}

fn obligation_of(answer: &Answer) -> Option<&Obligation> {
    match &answer.kind {
        AnswerKind::Obligation(of) => Some(of),
        _ => None,
    }
}

fn head(Identity { package, version, is_approved, unverified, fingerprint }: &Identity) -> String {
    let status = if *is_approved { "approved" } else { "draft" };
    let [package, version, fingerprint] = [package, version, fingerprint].map(|text| escaped(text));
    format!(
        "{{\"package\":\"{package}\",\"version\":\"{version}\",\"status\":\"{status}\",\"unverified\":{unverified},\
         \"fingerprint\":\"{fingerprint}\",\"as_of\":"
    )
}

/// Verdicts as a type.
fn verdicts() -> Type {
    Type::Enum {
        name: "verdict".to_owned(),
        variants: Verdict::ALL.map(|verdict| verdict.name().to_owned()).to_vec(),
        labels: Vec::new(),
        points: None,
    }
}

/// What stands before the kind of an answer.
fn before(context: &mut Context<'_>, answer: &Answer, place: usize, kind: &str) -> Result<u32, EmitError> {
    let comma = if place == 0 { "" } else { "," };
    literal(context, &format!("{comma}\"{}\":{{\"kind\":\"{kind}", escaped(&answer.name)))
}

type Line = [u32; (ANSWER / 4) as usize];

fn value(context: &mut Context<'_>, answer: &Answer, place: usize, of: CellId, ty: &Type) -> Result<Line, EmitError> {
    let mut line = [0; (ANSWER / 4) as usize];
    let parts = [before(context, answer, place, "")?, 0, describe(context, ty, None)?, cell(context, of)?];
    line.iter_mut().zip(parts).for_each(|(slot, part)| *slot = part);
    Ok(line)
}

fn obligation(
    context: &mut Context<'_>,
    answer: &Answer,
    place: usize,
    of: &Obligation,
    ty: &Type,
) -> Result<Line, EmitError> {
    let reasons = of.excuses.iter().map(|reason| literal(context, &escaped(reason))).collect::<Result<Vec<_>, _>>()?;
    let parts = of.members.iter().filter_map(|member| member.answer);
    let parts = parts.map(|answer| address(answer.place())).collect::<Result<Vec<_>, _>>()?;
    Ok([
        before(context, answer, place, "verdict\",\"verdict\":\"")?,
        1,
        describe(context, ty, None)?,
        cell(context, of.verdict)?,
        cell(context, of.trigger)?,
        cell(context, of.due)?,
        cell(context, of.done)?,
        cell(context, of.excuse)?,
        of.due_by as u32,
        list(context, &reasons)?,
        address(reasons.len())?,
        list(context, &parts)?,
        address(parts.len())?,
        0,
    ])
}

/// What can be missing, and the most bytes that all of it takes.
fn needs(context: &mut Context<'_>, plan: &Plan) -> Result<(u32, usize), EmitError> {
    let mut lines = Vec::new();
    let mut bytes = 0;
    for (bit, what) in plan.unknowns.iter().enumerate() {
        let data = need_as_data(plan, what);
        let whole = format!("{{{data},\"text\":\"{}\"}}", escaped(&unknown_name(plan, bit)));
        bytes += whole.len() + 160;
        let mut line = [literal(context, &whole)?, 0, 0, u32::MAX];
        if let Unknown::Decision(answer) = what
            && let Some(of) = plan.answers.get(*answer)
            && obligation_of(of).is_some()
        {
            line = [
                line[0],
                literal(context, &format!("{{{data},\"until\":\""))?,
                literal(context, &format!(" ({} is open)\"}}", escaped(&of.name)))?,
                address(answer.place())?,
            ];
        }
        lines.extend(line);
    }
    Ok((list(context, &lines)?, bytes))
}

fn need_as_data(plan: &Plan, what: &Unknown) -> String {
    let event = |kind| plan.subject.events.get(kind).map(|event| event.name.as_str());
    let (kind, parts) = match what {
        Unknown::Fact(fact) => ("fact", vec![("fact", plan.subject.inputs.get(*fact).map(|of| of.name.as_str()))]),
        Unknown::Field { kind, field } => {
            let field = plan.subject.events.get(*kind).and_then(|of| of.fields.get(*field));
            ("field", vec![("event", event(*kind)), ("field", field.map(|of| of.name.as_str()))])
        }
        Unknown::Time(kind) => ("time", vec![("event", event(*kind))]),
        Unknown::Events(kind) => ("events", vec![("event", event(*kind))]),
        Unknown::Parameter(of) => {
            ("parameter", vec![("parameter", plan.parameters.get(*of).map(|of| of.name.as_str()))])
        }
        Unknown::Decision(of) => ("decision", vec![("answer", plan.answers.get(*of).map(|of| of.name.as_str()))]),
    };
    let parts = parts.into_iter().map(|(key, name)| match name {
        Some(name) => format!(",\"{key}\":\"{}\"", escaped(name)),
        None => format!(",\"{key}\":null"),
    });
    format!("\"kind\":\"{kind}\"{}", parts.collect::<String>())
}

fn claims(context: &mut Context<'_>, plan: &Plan) -> Result<u32, EmitError> {
    let mut lines = Vec::new();
    for claim in context.layout.claims.clone() {
        let words = escaped(&claim_in_words(plan, claim));
        lines.push(literal(context, &format!("{{\"broken\":\"{words}\"}}"))?);
    }
    list(context, &lines)
}
