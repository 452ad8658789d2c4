//! What the reader and the writer know of a subject, as constant data: types, keys, answers, what can be missing.

use std::collections::BTreeSet;

use concord_engine::plan::belongs::{expected, expected_setting, setting_shape};
use concord_engine::plan::{AnswerKind, CellId, Class, Contract, FieldId, Id, Input, KindId, Plan, Shape};
use concord_engine::values::types::Type;

use super::frame::{FIELD, MOST_KEYS, NAME, ROW, TIME};
use super::literals::{escaped, list, literal};
use crate::abi::none_of;
use crate::emit::assembler::{EmitError, Node, address, int};
use crate::emit::walk::Context;

/// Offsets in a type: after its kind, digits after the point or how many choices.
pub(super) const PLACES: u32 = 4;
/// The declared range.
pub(super) const LOW: u32 = 8;
pub(super) const HIGH: u32 = 16;
/// The names of its choices, as they are read: so many addresses.
pub(super) const CHOICES: u32 = 24;
/// What stands before and after a number.
pub(super) const BEFORE: u32 = 28;
pub(super) const AFTER: u32 = 32;
/// What belongs there, in words.
pub(super) const EXPECTED: u32 = 36;
/// Whether it may be none.
pub(super) const OPTIONAL: u32 = 40;
/// The names of its choices, as they are written.
pub(super) const WRITTEN: u32 = 44;

/// The kinds of value; those that have an order come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Number,
    Duration,
    Instant,
    Date,
    TimeOfDay,
    YesNo,
    Enum,
    NhsNumber,
}

impl Kind {
    /// The last that has an order.
    pub(super) const LAST_ORDERED: i64 = Kind::TimeOfDay as i64;

    pub(super) fn is_ordered(self) -> bool {
        self <= Kind::TimeOfDay
    }

    pub(super) fn of(ty: &Type) -> Result<Kind, EmitError> {
        Ok(match ty {
            Type::Number { .. } => Kind::Number,
            Type::Duration => Kind::Duration,
            Type::Instant => Kind::Instant,
            Type::Date => Kind::Date,
            Type::TimeOfDay => Kind::TimeOfDay,
            Type::YesNo => Kind::YesNo,
            Type::Enum { .. } => Kind::Enum,
            Type::NhsNumber => Kind::NhsNumber,
            Type::Organisation | Type::Text | Type::Code => return Err(EmitError::NoSuch("a type of JSON", 0)),
        })
    }
}

/// Whether cases of a plan can be read and answered inside its module. Codes and numbers in several units are left to hosts: what stands
/// for a code that does not pack depends on the other codes of the case, and units are converted in integers of twice the width.
#[must_use]
pub fn is_readable(plan: &Plan) -> bool {
    let fields = plan.subject.events.iter().flat_map(|kind| &kind.fields);
    let mut inputs = plan.subject.inputs.iter().chain(fields);
    let answers = plan.answers.iter().filter_map(|answer| match &answer.kind {
        AnswerKind::Value { ty, .. } | AnswerKind::Output { ty, .. } => Some(ty),
        AnswerKind::Obligation(_) => None,
    });
    let mut written = answers.chain(plan.parameters.iter().map(|parameter| &parameter.ty));
    inputs.all(|input| input.also.is_empty() && Kind::of(&input.ty).is_ok()) && written.all(|ty| Kind::of(ty).is_ok())
}

/// What is done with a value of the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Action {
    Fact,
    Label,
    AsOf,
    Events,
    NotSupplied,
}

/// Keys or names in the constant data.
#[derive(Clone, Copy, Default)]
pub(super) struct Table {
    pub(super) address: u32,
    pub(super) count: u32,
}

impl Table {
    pub(super) fn nodes(self) -> (Node, Node) {
        (int(i64::from(self.address)), int(i64::from(self.count)))
    }
}

/// See the module.
pub(crate) struct Tables {
    /// The keys of a case.
    pub(super) case: Table,
    /// Where among them `as_of` stands, where a case must say it.
    pub(super) as_of: Option<u32>,
    /// What is done with them.
    pub(super) actions: Vec<Action>,
    /// The parameters.
    pub(super) settings: Table,
    /// The kinds of event.
    pub(super) kinds: Table,
    /// The most keys of an event.
    pub(super) most_event_keys: u32,
    /// The kinds of value that are read.
    pub(super) kinds_read: Vec<Kind>,
}

/// A key under construction.
struct Key {
    name: String,
    action: i64,
    ty: u32,
    slot: u32,
    bit: i64,
}

/// The address of a type.
pub(super) fn describe(context: &mut Context<'_>, ty: &Type, shape: Option<Shape>) -> Result<u32, EmitError> {
    let belongs = shape.map(|shape| expected(ty, shape));
    described(context, ty, shape.unwrap_or(Shape::range(0, 0)), belongs.as_deref())
}

fn described(context: &mut Context<'_>, ty: &Type, shape: Shape, expected: Option<&str>) -> Result<u32, EmitError> {
    let mut choices = [0, 0];
    let (mut before, mut after) = (literal(context, "")?, literal(context, "")?);
    let places = match ty {
        Type::Enum { variants, .. } => {
            for (list_of, names) in
                choices.iter_mut().zip([variants.clone(), variants.iter().map(|name| escaped(name)).collect()])
            {
                let names = names.iter().map(|name| literal(context, name)).collect::<Result<Vec<_>, _>>()?;
                *list_of = list(context, &names)?;
            }
            address(variants.len())?
        }
        Type::Number { places, unit } => {
            match unit.as_deref() {
                None => {}
                Some("GBP") => before = literal(context, "£")?,
                Some("%") => after = literal(context, "%")?,
                Some(unit) => after = literal(context, &escaped(&format!(" {unit}")))?,
            }
            u32::from(*places)
        }
        _ => 0,
    };
    let expected = match expected {
        Some(expected) => literal(context, &escaped(expected))?,
        None => 0,
    };
    let [read, written] = choices;
    let bytes = [
        (Kind::of(ty)? as u32).to_le_bytes().as_slice(),
        &places.to_le_bytes(),
        &shape.low.to_le_bytes(),
        &shape.high.to_le_bytes(),
        &read.to_le_bytes(),
        &before.to_le_bytes(),
        &after.to_le_bytes(),
        &expected.to_le_bytes(),
        &u32::from(shape.optional).to_le_bytes(),
        &written.to_le_bytes(),
    ]
    .concat();
    context.constant(&bytes)
}

fn table(context: &mut Context<'_>, keys: &[Key]) -> Result<Table, EmitError> {
    if keys.len() > MOST_KEYS {
        return Err(EmitError::TooLarge("more than 256 facts and labels, or fields of an event"));
    }
    let mut bytes = Vec::new();
    for key in keys {
        let name = literal(context, &key.name)? + 4;
        let action = u32::try_from(key.action).map_err(|_| EmitError::TooLarge("more than 64 kinds of event"))?;
        for part in [name, address(key.name.len())?, action, key.ty, key.slot, 0] {
            bytes.extend(part.to_le_bytes());
        }
        bytes.extend(key.bit.to_le_bytes());
    }
    let start = if bytes.is_empty() { 0 } else { context.constant(&bytes)? };
    Ok(Table { address: start, count: address(keys.len())? })
}

impl Tables {
    /// Of the subject of a plan.
    pub(crate) fn of(context: &mut Context<'_>) -> Result<Tables, EmitError> {
        let plan = context.plan;
        let subject = &plan.subject;
        let mut keys: Vec<Key> = Vec::new();
        for (number, input) in (0_u32..).zip(&subject.inputs) {
            let slot = context.map.record + crate::abi::IN_FACTS + 8 * number;
            let ty = describe(context, &input.ty, Some(input.shape))?;
            let bit = 1_i64.wrapping_shl(number);
            keys.push(Key { name: input.name.clone(), action: Action::Fact as i64, ty, slot, bit });
        }
        let plain =
            |name: &str, action: Action| Key { name: name.to_owned(), action: action as i64, ty: 0, slot: 0, bit: 0 };
        keys.extend(subject.labels.iter().map(|label| plain(&label.name, Action::Label)));
        let fixed = [("as_of", Action::AsOf), ("events", Action::Events), ("not_supplied", Action::NotSupplied)];
        keys.retain(|key| fixed.iter().all(|(name, _)| key.name != *name));
        let as_of = address(keys.len())?;
        keys.extend(fixed.map(|(name, action)| plain(name, action)));
        if keys.iter().all(|key| key.name != "case") {
            keys.push(plain("case", Action::Label));
        }
        let has_facts = keys.iter().any(|key| key.action == Action::Fact as i64);
        let mut actions = vec![Action::Label, Action::AsOf, Action::Events, Action::NotSupplied];
        actions.extend(has_facts.then_some(Action::Fact));
        actions.sort_unstable();
        let case = table(context, &keys)?;
        let asked_when = subject.uses_as_of || !subject.events.is_empty();
        let (kinds, most_event_keys) = kinds(context, plan)?;
        let fields = subject.events.iter().flat_map(|kind| &kind.fields);
        let inputs = subject.inputs.iter().chain(fields);
        let types = inputs.map(|input| &input.ty).chain(plan.parameters.iter().map(|parameter| &parameter.ty));
        let kinds_read: BTreeSet<Kind> = types.map(Kind::of).collect::<Result<_, _>>()?;
        let kinds_read = kinds_read.into_iter().collect();
        let settings = settings(context, plan)?;
        Ok(Tables { case, as_of: asked_when.then_some(as_of), actions, settings, kinds, most_event_keys, kinds_read })
    }
}

/// The parameters by name: whether the standard fixes each, and what a member's value must be.
fn settings(context: &mut Context<'_>, plan: &Plan) -> Result<Table, EmitError> {
    let mut keys = Vec::new();
    for (slot, parameter) in (0_u32..).step_by(8).zip(&plan.parameters) {
        let ty = described(context, &parameter.ty, setting_shape(parameter), Some(&expected_setting(parameter)))?;
        let action = i64::from(parameter.contract == Contract::Fixed);
        keys.push(Key { name: parameter.name.clone(), action, ty, slot, bit: 1_i64.wrapping_shl(slot / 8) });
    }
    table(context, &keys)
}

/// The kinds of event by name, each with a table of its keys; and the most keys that one has.
fn kinds(context: &mut Context<'_>, plan: &Plan) -> Result<(Table, u32), EmitError> {
    let mut most = 0;
    let mut keys = Vec::new();
    for (number, kind) in plan.subject.events.placed() {
        let mut fields = Vec::new();
        for (field, input) in kind.fields.placed() {
            fields.push(field_key(context, field, input)?);
        }
        fields.retain(|key| key.name != "event" && key.name != "at");
        let plain = |name: &str, action| Key { name: name.to_owned(), action, ty: 0, slot: 0, bit: 0 };
        fields.extend([plain("event", NAME), plain("at", TIME)]);
        let of = table(context, &fields)?;
        most = most.max(of.count);
        let place = KindId::place(number);
        let bit = crate::emit::assembler::bit(place)?.cast_signed();
        let action = i64::from(address(place)?);
        keys.push(Key { name: kind.name.clone(), action, ty: of.address, slot: of.count, bit });
    }
    Ok((table(context, &keys)?, most))
}

fn field_key(context: &mut Context<'_>, field: FieldId, input: &Input) -> Result<Key, EmitError> {
    let bytes = context.layout.event_fields.get(field).map(|column| column.bytes);
    let bytes = bytes.ok_or(EmitError::no_such("field", field))?;
    let ty = describe(context, &input.ty, Some(input.shape))?;
    let slot = ROW + FIELD * address(field.place())?;
    Ok(Key { name: input.name.clone(), action: 0, ty, slot, bit: none_of(bytes) })
}

/// Whether values stand as sets.
pub(super) fn is_set(shape: Shape) -> bool {
    shape.class == Class::Set
}

/// The most bytes that the choices of a type take, twice.
pub(super) fn bytes_of_choices(ty: &Type) -> usize {
    match ty {
        Type::Enum { variants, .. } => variants.iter().map(|name| 2 * escaped(name).len() + 8).sum(),
        _ => 0,
    }
}

/// The address of a cell that comes out.
pub(super) fn cell(context: &mut Context<'_>, cell: CellId) -> Result<u32, EmitError> {
    let place = context.layout.output_of(cell).ok_or(EmitError::no_such("cell", cell))?;
    let output = *context.layout.outputs.get(place).ok_or(EmitError::no_such("cell", cell))?;
    // A value that cannot be none has no mark; none of its values is the least integer there is.
    let none = if output.shape.optional { none_of(output.bytes) } else { i64::MIN };
    let slot = context.map.record_out + output.slot;
    let bytes =
        [slot.to_le_bytes().as_slice(), &u32::from(is_set(output.shape)).to_le_bytes(), &none.to_le_bytes()].concat();
    context.constant(&bytes)
}
