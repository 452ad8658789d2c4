//! What the reader and the writer know of a subject, as constant data: types and keys.

use std::collections::BTreeSet;

use concord_engine::plan::belongs::{expected, expected_setting, setting_shape};
use concord_engine::plan::{AnswerKind, Class, Contract, Input, Parameter, Plan, Shape};
use concord_engine::values::types::{Type, of_one};

use super::frame::MOST_KEYS;
use super::literals::{escaped, literal, names, short};
use super::{listed, spelt};
use crate::emit::assembler::{EmitError, Node, Width, int};
use crate::emit::walk::Context;

/// Offsets in a type, after its kind: digits after the point; whether it may be none; how the unit of a number is written.
pub(super) const PLACES: u32 = 1;
pub(super) const OPTIONAL: u32 = 2;
pub(super) const UNIT: u32 = 3;
/// What stands there: of money, whose sign stands before the number; and of whole numbers whose unit is a word, which is kept as it is said of one, and
/// has an `s` more of any other.
pub(super) const MONEY: u8 = 1;
pub(super) const IN_WORDS: u8 = 2;
/// Of a number what stands after it, of choices their names, of all others what belongs there in words.
pub(super) const EXPECTED: u32 = 4;
/// The declared range, where there is an order.
pub(super) const LOW: u32 = 8;
pub(super) const HIGH: u32 = 16;
/// The units in which a number may be given, or 0.
pub(super) const UNITS: u32 = 24;
/// Of a parameter that is one of several names or a code, what belongs there in words.
pub(super) const BELONGS: u32 = 24;

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
    Code,
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
            Type::Code => Kind::Code,
            Type::Organisation | Type::Text => return Err(EmitError::NoSuch("a type of JSON", 0)),
        })
    }
}

/// Whether a type is of a kind.
pub(super) fn is_kind(ty: &Node, kind: Kind) -> Node {
    ty.load(Width::unsigned(1), 0).eq(&int(kind as i64))
}

/// What is done with a value of the case under a key that is not a fact's: no type stands so low.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Action {
    Label = 1,
    AsOf,
    Events,
    NotSupplied,
}

impl Action {
    /// The last.
    pub(super) const LAST: i64 = Action::NotSupplied as i64;
}

/// What is done with a key of an event: its name was read before; its time.
pub(super) const NAME: u32 = 1;
pub(super) const TIME: u32 = 2;

/// See the module.
pub(crate) struct Tables {
    /// The keys of a case; those of facts come first.
    pub(super) case: u32,
    /// How many they are.
    pub(super) case_keys: usize,
    /// Where among them `as_of` stands, where a case must say it.
    pub(super) as_of: Option<u32>,
    /// The parameters, how many they are, and which of them the standard fixes.
    pub(super) settings: u32,
    pub(super) settings_count: usize,
    pub(super) fixed: u64,
    /// The kinds of event: an entry each, whose value is the table of its keys.
    pub(super) kinds: u32,
    /// The most keys of an event; that of its time comes first.
    pub(super) most_event_keys: usize,
    /// The kinds of value that are read.
    pub(super) kinds_read: Vec<Kind>,
    /// Where the codes that the package lists start, and end.
    pub(super) listed: u32,
    pub(super) listed_end: u32,
    /// The most bytes of what belongs somewhere, in words.
    pub(super) longest_expected: usize,
    /// Whether any number has other units.
    pub(super) has_units: bool,
}

/// The address of a type. One that is read has a shape.
pub(super) fn describe(context: &mut Context<'_>, ty: &Type, shape: Option<Shape>) -> Result<u32, EmitError> {
    describe_in(context, ty, shape, None)
}

fn describe_in(
    context: &mut Context<'_>,
    ty: &Type,
    shape: Option<Shape>,
    units: Option<u32>,
) -> Result<u32, EmitError> {
    let mut bytes = head(context, ty, shape)?;
    if let Some(shape) = shape.filter(|_| bytes.first().is_some_and(|kind| i64::from(*kind) <= Kind::LAST_ORDERED)) {
        bytes.extend([shape.low.to_le_bytes(), shape.high.to_le_bytes()].concat());
    }
    bytes.extend(units.map_or(Vec::new(), |units| units.to_le_bytes().to_vec()));
    context.constant(&bytes)
}

/// What of a type stands before its range.
fn head(context: &mut Context<'_>, ty: &Type, shape: Option<Shape>) -> Result<Vec<u8>, EmitError> {
    let (mut places, mut written) = (0, 0);
    let words = match ty {
        Type::Enum { variants, .. } => {
            if variants.iter().any(|name| escaped(name) != *name) {
                return Err(EmitError::Invalid("a choice whose name JSON does not write as it is".to_owned()));
            }
            names(context, variants)?
        }
        Type::Number { places: digits, unit } => {
            places = *digits;
            if unit.as_deref() == Some("GBP") {
                (written, context.shows_money) = (MONEY, true);
            }
            let one = unit.as_deref().and_then(of_one).filter(|_| places == 0);
            if one.is_some() {
                (written, context.counts_words) = (IN_WORDS, true);
            }
            let after = match one.or(unit.as_deref()) {
                None | Some("GBP") => String::new(),
                Some("%") => "%".to_owned(),
                Some(unit) => format!(" {}", escaped(unit)),
            };
            literal(context, &after)?
        }
        ty => shape.map_or(Ok(0), |shape| literal(context, &escaped(&expected(ty, shape))))?,
    };
    let optional = shape.is_some_and(|shape| shape.optional);
    let mut bytes = vec![Kind::of(ty)? as u8, places, u8::from(optional), written];
    bytes.extend(words.to_le_bytes());
    Ok(bytes)
}

/// Everything that is read.
fn inputs(plan: &Plan) -> impl Iterator<Item = &Input> {
    plan.subject.inputs.iter().chain(plan.subject.events.iter().flat_map(|kind| &kind.fields))
}

/// The address of the type of something that is read.
fn input(context: &mut Context<'_>, input: &Input) -> Result<u32, EmitError> {
    let has_units = inputs(context.plan).any(|input| !input.also.is_empty());
    let is_number = matches!(input.ty, Type::Number { .. });
    let units = (has_units && is_number).then(|| spelt::list(context, input)).transpose()?;
    describe_in(context, &input.ty, Some(input.shape), units)
}

/// The address of the type of a parameter, with the values that a member may set it to: of every kind, as what may be set is ordered as
/// it is declared. What of codes may be set is not a range.
fn setting(context: &mut Context<'_>, parameter: &Parameter) -> Result<u32, EmitError> {
    let (kind, shape) = (Kind::of(&parameter.ty)?, setting_shape(parameter));
    if kind.is_ordered() {
        return describe_in(context, &parameter.ty, Some(shape), Some(0));
    }
    let head = head(context, &parameter.ty, Some(shape))?;
    let (low, high) = if kind == Kind::Code { (i64::MIN, i64::MAX) } else { (shape.low, shape.high) };
    let belongs = literal(context, &escaped(&expected_setting(parameter)))?;
    context.constant(&[head.as_slice(), &low.to_le_bytes(), &high.to_le_bytes(), &belongs.to_le_bytes()].concat())
}

/// Keys with what is done with their values, one after the other; one without ends them. A name that is taken otherwise fits no key.
fn table(context: &mut Context<'_>, keys: &[(&str, u32)], taken: &[&str]) -> Result<u32, EmitError> {
    if keys.len() > MOST_KEYS {
        return Err(EmitError::TooLarge("more than 256 facts and labels, or fields of an event"));
    }
    let mut bytes = Vec::new();
    for (place, (name, action)) in (0..=u8::MAX).zip(keys) {
        bytes.extend(action.to_le_bytes());
        bytes.push(place);
        if *action > Action::LAST as u32 && taken.contains(name) {
            bytes.extend([1, 0xFF]);
            continue;
        }
        bytes.push(short(name)?);
        bytes.extend(name.as_bytes());
    }
    bytes.extend([0; 4]);
    context.constant(&bytes)
}

impl Tables {
    /// Of the subject of a plan.
    pub(crate) fn of(context: &mut Context<'_>) -> Result<Tables, EmitError> {
        let plan = context.plan;
        let subject = &plan.subject;
        let mut keys: Vec<(&str, u32)> = Vec::new();
        for fact in &subject.inputs {
            keys.push((&fact.name, input(context, fact)?));
        }
        keys.extend(subject.labels.iter().map(|label| (label.name.as_str(), Action::Label as u32)));
        let fixed = [("as_of", Action::AsOf), ("events", Action::Events), ("not_supplied", Action::NotSupplied)];
        let taken = fixed.map(|(name, _)| name);
        keys.retain(|(name, action)| *action > Action::LAST as u32 || !taken.contains(name));
        let as_of = crate::emit::assembler::address(keys.len())?;
        keys.extend(fixed.map(|(name, action)| (name, action as u32)));
        if keys.iter().all(|(name, _)| *name != "case") {
            keys.push(("case", Action::Label as u32));
        }
        let (kinds, most_event_keys) = kinds(context, plan)?;
        let types = inputs(plan).map(|input| &input.ty).chain(plan.parameters.iter().map(|parameter| &parameter.ty));
        let kinds_read: BTreeSet<Kind> = types.map(Kind::of).collect::<Result<_, _>>()?;
        let mut settings: Vec<(&str, u32)> = Vec::new();
        let (mut fixed, mut longest) = (0_u64, 0);
        for (place, parameter) in (0_u32..).zip(&plan.parameters) {
            settings.push((&parameter.name, setting(context, parameter)?));
            fixed |= u64::from(parameter.contract == Contract::Fixed).wrapping_shl(place);
            longest = longest.max(expected_setting(parameter).len());
        }
        let is_code = |ty: &Type| *ty == Type::Code;
        let written = plan.answers.iter().filter_map(|answer| match &answer.kind {
            AnswerKind::Value { ty, .. } | AnswerKind::Output { ty, .. } => Some(ty),
            AnswerKind::Obligation(_) => None,
        });
        let mut written = written.chain(plan.parameters.iter().map(|parameter| &parameter.ty));
        let has_codes = inputs(plan).any(|input| is_code(&input.ty)) || written.any(is_code);
        let (listed, listed_end) = if has_codes { listed::listed(context)? } else { (0, 0) };
        let asked_when = subject.uses_as_of || !subject.events.is_empty();
        Ok(Tables {
            case: table(context, &keys, &taken)?,
            case_keys: keys.len(),
            as_of: asked_when.then_some(as_of),
            settings: table(context, &settings, &[])?,
            settings_count: settings.len(),
            fixed,
            kinds,
            most_event_keys,
            listed,
            listed_end,
            kinds_read: kinds_read.into_iter().collect(),
            // Nothing that is read, nothing that is expected.
            longest_expected: inputs(plan)
                .map(|input| expected(&input.ty, input.shape).len())
                .fold(longest, usize::max)
                .saturating_mul(2),
            has_units: inputs(plan).any(|input| !input.also.is_empty()),
        })
    }
}

/// The kinds of event by name, each with a table of its keys; and the most keys that one has.
fn kinds(context: &mut Context<'_>, plan: &Plan) -> Result<(u32, usize), EmitError> {
    let mut most = 0;
    let mut kinds = Vec::new();
    for (_, kind) in plan.subject.events.placed() {
        // Its time comes first, so that it is always at the same place.
        let mut keys = vec![("at", TIME), ("event", NAME)];
        for field in &kind.fields {
            keys.push((&field.name, input(context, field)?));
        }
        most = most.max(keys.len());
        kinds.push((kind.name.as_str(), table(context, &keys, &["at", "event"])?));
    }
    Ok((table(context, &kinds, &[])?, most))
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
