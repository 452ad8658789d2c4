//! What the writer knows of the answers, as constant data.

use std::collections::BTreeSet;

use concord_engine::explain::unknown_name;
use concord_engine::plan::{AnswerKind, Claim, DueBy, Id, KindId, Plan, Step, Unknown, Verdict};
use concord_engine::values::types::Type;

use super::descriptors::{Kind, bytes_of_choices, describe};
use super::literals::{NAME, OTHER, escaped, list, literal};
use super::places::{cell, obligation_of, offset};
use super::reasons::{Form, Reasons};
use crate::abi::Identity;
use crate::emit::assembler::{EmitError, address};
use crate::emit::walk::Context;

/// Offsets in an answer: after its name, its type, or 0 of an obligation; its cell; why it is so, a template.
pub(super) const ANSWER_TYPE: u32 = 4;
pub(super) const ANSWER_CELL: u32 = 8;
pub(super) const ANSWER_BECAUSE: u32 = 12;
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
/// Of a bundle, the answers that are its parts, and how many.
pub(super) const ANSWER_PARTS: u32 = 44;
pub(super) const ANSWER_PARTS_COUNT: u32 = 48;

/// Bytes of what can be missing: its form; the names in it. Of an obligation that is not decided the other name is the answer itself.
pub(super) const NEED: u32 = 12;
pub(super) const NEED_NAME: u32 = 4;
pub(super) const NEED_OTHER: u32 = 8;

/// See the module.
pub(crate) struct Outputs {
    /// What stands before `as_of`.
    pub(super) head: u32,
    /// Where the answers start, and end.
    pub(super) answers: u32,
    pub(super) answers_end: u32,
    /// The type of verdicts.
    pub(super) verdicts: u32,
    pub(super) has_values: bool,
    pub(super) has_verdicts: bool,
    /// Whether any obligation may be excused.
    pub(super) has_excuses: bool,
    /// What can be missing.
    pub(super) needs: u32,
    /// The form of an obligation that is not decided, where one may be needed.
    pub(super) decision: Option<u32>,
    /// The kinds of value that are written as data.
    pub(super) kinds: Vec<Kind>,
    /// Those that only reasons show.
    pub(super) kinds_of_reasons: Vec<Kind>,
    /// For each parameter, what stands before its value, and its type.
    pub(super) settings: u32,
    /// For each claim, what is said when it is broken.
    pub(super) claims: u32,
    /// What the deadlines of obligations fall on.
    pub(super) due_by: Vec<DueBy>,
    /// The forms of reasons.
    pub(super) forms: Vec<Form>,
    /// Whether reasons name events.
    pub(super) names_events: bool,
    /// Whether there is a table of which nothing is shown that it saw.
    pub(super) bare_tables: bool,
    pub(super) events: u32,
    pub(super) worst_first: u32,
    /// The most bytes that come out.
    pub(super) most_bytes: u32,
}

impl Outputs {
    /// Of a plan, in a module of this name.
    pub(crate) fn of(context: &mut Context<'_>, identity: &Identity) -> Result<Outputs, EmitError> {
        let plan = context.plan;
        let head = head(identity, plan);
        let mut most_bytes = head.len() + 4_096;
        let mut kinds = BTreeSet::new();
        let mut settings = Vec::new();
        for parameter in &plan.parameters {
            kinds.insert(Kind::of(&parameter.ty)?);
            settings.push(literal(context, &format!("\"{}\":", escaped(&parameter.name)))?);
            settings.push(describe(context, &parameter.ty, None)?);
            most_bytes += parameter.name.len() + 512;
        }
        let settings = list(context, &settings)?;
        let obligations = || plan.answers.iter().filter_map(obligation_of);
        let has_verdicts = obligations().next().is_some();
        let mut verdicts = 0;
        if has_verdicts {
            kinds.insert(Kind::Enum);
            verdicts = describe(context, &verdict_type(), None)?;
        }
        let of_needs = plan.unknowns.iter().enumerate().map(|(bit, _)| 4 * unknown_name(plan, bit).len() + 320);
        let bytes_of_needs: usize = of_needs.sum();
        let excuses = excuses(context, plan)?;
        let reasons = Reasons::of(context)?;
        most_bytes += reasons.most_bytes;
        let (lines, first) = lines(context, plan, &excuses, &reasons.of)?;
        // What refers to an answer says where it will stand.
        let answers = match first {
            Some(first) => own_list(context, &lines.concat(), first)?,
            None => list(context, &lines.concat())?,
        };
        for answer in &plan.answers {
            let ty = match &answer.kind {
                AnswerKind::Value { ty, .. } | AnswerKind::Output { ty, .. } => ty.clone(),
                AnswerKind::Obligation(_) => verdict_type(),
            };
            kinds.insert(Kind::of(&ty)?);
            // What is no obligation has no excuses.
            let words: usize = obligation_of(answer).map_or(0, |of| of.excuses.iter().map(String::len).sum());
            most_bytes += 1_024 + answer.name.len() * 2 + bytes_of_needs + bytes_of_choices(&ty) + 4 * words;
        }
        let (needs, decision) = needs(context, plan, answers)?;
        let claims = claims(context, plan)?;
        Ok(Outputs {
            head: literal(context, &head)?,
            answers,
            answers_end: answers + 4 * address(lines.iter().map(Vec::len).sum())?,
            verdicts,
            has_values: plan.answers.iter().any(|answer| obligation_of(answer).is_none()),
            has_verdicts,
            has_excuses: obligations().any(|of| !of.excuses.is_empty()),
            needs,
            decision,
            kinds_of_reasons: reasons.kinds.difference(&kinds).copied().collect(),
            kinds: kinds.into_iter().collect(),
            settings,
            claims,
            due_by: obligations().map(|of| of.due_by).collect(),
            forms: reasons.forms.into_iter().collect(),
            names_events: reasons.names_events,
            bare_tables: reasons.bare_tables,
            events: reasons.events,
            worst_first: reasons.verdicts,
            most_bytes: address(most_bytes)?,
        })
    }
}

/// What stands before what differs from case to case.
fn head(Identity { package, version, is_approved, unverified, fingerprint }: &Identity, plan: &Plan) -> String {
    let status = if *is_approved { "approved" } else { "draft" };
    let [package, version, fingerprint] = [package, version, fingerprint].map(|text| escaped(text));
    let rest = match (plan.subject.uses_as_of, plan.parameters.is_empty()) {
        (true, _) => "\"",
        (_, false) => "null",
        _ => "null,\"settings\":{},\"answers\":{\"",
    };
    format!(
        "{{\"package\":\"{package}\",\"version\":\"{version}\",\"status\":\"{status}\",\"unverified\":{unverified},\
         \"fingerprint\":\"{fingerprint}\",\"as_of\":{rest}"
    )
}

/// Verdicts as a type.
fn verdict_type() -> Type {
    Type::Enum {
        name: "verdict".to_owned(),
        variants: Verdict::ALL.map(|verdict| verdict.name().to_owned()).to_vec(),
        labels: Vec::new(),
        points: None,
    }
}

/// The reasons of the excuses of each obligation, and how many.
fn excuses(context: &mut Context<'_>, plan: &Plan) -> Result<Vec<(u32, usize)>, EmitError> {
    let mut all = Vec::new();
    for answer in &plan.answers {
        let excuses = obligation_of(answer).map_or(&[][..], |of| &of.excuses);
        let of = excuses.iter().map(|reason| literal(context, &escaped(reason))).collect::<Result<Vec<_>, _>>()?;
        all.push((list(context, &of)?, of.len()));
    }
    Ok(all)
}

/// The answers, and where the first must stand, where that matters.
type Lines = (Vec<Vec<u32>>, Option<u32>);

/// The answers. Those that are parts of others are lists of where they stand, which are written first.
fn lines(
    context: &mut Context<'_>,
    plan: &Plan,
    excuses: &[(u32, usize)],
    because: &[u32],
) -> Result<Lines, EmitError> {
    let mut lines = Vec::new();
    let mut parts = Vec::new();
    for ((answer, (reasons, count)), because) in plan.answers.iter().zip(excuses).zip(because) {
        let name = literal(context, &escaped(&answer.name))?;
        lines.push(match &answer.kind {
            AnswerKind::Value { ty, cell: of, .. } | AnswerKind::Output { ty, cell: of, .. } => {
                vec![name, describe(context, ty, None)?, cell(context, *of)?, *because]
            }
            AnswerKind::Obligation(of) => {
                let cells = [of.trigger, of.due, of.done, of.excuse].map(|of| cell(context, of));
                let mut line = vec![name, 0, cell(context, of.verdict)?, *because];
                line.extend(cells.into_iter().collect::<Result<Vec<_>, _>>()?);
                line.extend([of.due_by as u32, *reasons, address(*count)?, 0, 0]);
                line
            }
        });
        let members = obligation_of(answer).map_or(&[][..], |of| &of.members);
        parts.push(members.iter().filter_map(|member| member.answer).collect::<Vec<_>>());
    }
    // The lists of parts come first, and then the answers; so it is known where each of these stands.
    let all: usize = parts.iter().map(Vec::len).sum();
    if all == 0 {
        return Ok((lines, None));
    }
    let start = context.data.next()?;
    let first = start + 4 * address(all)?;
    let mut list_of_parts = Vec::new();
    for (place, parts) in parts.iter().enumerate() {
        let here = start + 4 * address(list_of_parts.len())?;
        for part in parts {
            list_of_parts.push(first + offset(plan, part.place()));
        }
        if let Some(line) = lines.get_mut(place).filter(|_| !parts.is_empty()) {
            line.truncate(11);
            line.extend([here, address(parts.len())?]);
        }
    }
    own_list(context, &list_of_parts, start)?;
    Ok((lines, Some(first)))
}

/// A list at the address that others give for it.
fn own_list(context: &mut Context<'_>, of: &[u32], at: u32) -> Result<u32, EmitError> {
    let bytes: Vec<u8> = of.iter().flat_map(|address| address.to_le_bytes()).collect();
    let start = context.data.own(&bytes)?;
    if start == at { Ok(at) } else { Err(EmitError::Invalid("a list stands elsewhere than is said of it".to_owned())) }
}

/// What can be missing; and the form of an obligation that is not decided, if one is among it.
fn needs(context: &mut Context<'_>, plan: &Plan, answers: u32) -> Result<(u32, Option<u32>), EmitError> {
    let mut all = Vec::new();
    let mut decision = None;
    let event = |kind: KindId| plan.subject.events.get(kind).map_or("?", |event| event.name.as_str());
    for what in &plan.unknowns {
        let (kind, form, names) = match what {
            Unknown::Fact(fact) => {
                // The plan has every fact of which something can be missing.
                let name = plan.subject.inputs.get(*fact).map_or("", |of| of.name.as_str());
                ("fact", format!("\"fact\":\"{NAME}\",\"text\":\"{NAME}\""), [name, ""])
            }
            Unknown::Field { kind, field } => {
                let field = plan.subject.events.get(*kind).and_then(|of| of.fields.get(*field));
                let name = field.map_or("?", |of| of.name.as_str());
                let text = format!("\"event\":\"{OTHER}\",\"field\":\"{NAME}\",\"text\":\"{NAME} of {OTHER}\"");
                ("field", text, [name, event(*kind)])
            }
            Unknown::Time(kind) => {
                let text = format!("\"event\":\"{NAME}\",\"text\":\"time of {NAME}\"");
                ("time", text, [event(*kind), ""])
            }
            Unknown::Events(kind) => {
                let text = format!("\"event\":\"{NAME}\",\"text\":\"{NAME} (not supplied)\"");
                ("events", text, [event(*kind), ""])
            }
            Unknown::Parameter(of) => {
                let name = plan.parameters.get(*of).map_or("?", |of| of.name.as_str());
                let text = format!("\"parameter\":\"{NAME}\",\"text\":\"parameter {NAME}\"");
                ("parameter", text, [name, ""])
            }
            Unknown::Decision(of) => {
                let name = plan.answers.get(*of).map_or("?", |of| of.name.as_str());
                let text = format!("\"answer\":\"{NAME}\",\"text\":\"time ({NAME} is open)\"");
                ("decision", text, [name, ""])
            }
        };
        let form = literal(context, &format!("{{\"kind\":\"{kind}\",{form}}}"))?;
        let [name, mut other] = [literal(context, &escaped(names[0]))?, literal(context, &escaped(names[1]))?];
        if let Unknown::Decision(of) = what {
            other = 0;
            if plan.answers.get(*of).and_then(obligation_of).is_some() {
                decision = Some(form);
                other = answers + offset(plan, of.place());
            }
        }
        all.extend([form, name, other]);
    }
    Ok((list(context, &all)?, decision))
}

/// What is said when each claim is broken: the table, and the row that is impossible. Where no row of a table applies, which proved tables
/// do not know, its first row stands for all, of which nothing is said.
fn claims(context: &mut Context<'_>, plan: &Plan) -> Result<u32, EmitError> {
    let mut lines = Vec::new();
    for Claim { step, row } in context.layout.claims.clone() {
        let Some(Step::Table(table)) = plan.steps.get(step) else { return Err(EmitError::NoSuch("table", row)) };
        let row = table.rows.get(row).filter(|row| row.outputs.is_none());
        // Of a row that is none nothing is said, as above.
        for name in [table.name.as_str(), row.map_or("", |row| row.text.as_str())] {
            lines.push(literal(context, &escaped(name))?);
        }
    }
    list(context, &lines)
}
