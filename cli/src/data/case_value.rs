//! One value of a case in JSON: which kind of JSON a type takes.

use super::interval::{Ends, between, beyond, is_ordered, read_moment};
use super::json_text::Node;
use super::number::read_decimal;
use super::other_unit;
use super::value::{self, ValueFault};
use concord_engine::plan::Input;
use concord_engine::plan::case::Datum;
use concord_engine::values::codes::Codebook;
use concord_engine::values::interval::Edge;
use concord_engine::values::types::Type;

/// The value, checked against its declared type and range.
pub(super) fn read_input(input: &Input, node: Node<'_>, codes: &mut Codebook<'_>) -> Result<Datum, ValueFault> {
    if node.is_null() {
        return Ok(Datum::Missing);
    }
    if let Type::Number { places, .. } = &input.ty
        && !input.also.is_empty()
        && let Some((value, unit)) = two(node, "value", "unit")
    {
        return in_unit(input, (value, unit), *places);
    }
    if is_ordered(&input.ty, input.shape)
        && let Some(range) = read_range(input, node)
    {
        return range;
    }
    match &input.ty {
        Type::YesNo if matches!(node.text(), "true" | "false") => Ok(Datum::Known(i64::from(node.text() == "true"))),
        Type::Number { places, .. } if node.is_number() => value::read_number(node.text(), *places, input.shape),
        ty => {
            let text = node.string().ok_or(ValueFault::WrongKind)?;
            let is_variant = matches!(ty, Type::Enum { variants, .. } if variants.contains(&text));
            if text == "none" && !is_variant {
                return value::none(input.shape);
            }
            if *ty == Type::Code {
                return value::code(&text, codes);
            }
            value::read_text(ty, input.shape, &text)
        }
    }
}

/// `{ "value": 1.2, "unit": "mg/dL" }`, or with a range as its value. The unit is spelt as it is declared.
fn in_unit(input: &Input, (value, unit): (Node<'_>, Node<'_>), places: u8) -> Result<Datum, ValueFault> {
    let unit = unit.string().ok_or(ValueFault::WrongKind)?;
    let spelt = other_unit::spelt(input).any(|declared| declared == unit);
    let factor = if spelt { other_unit::factor(input, &unit)? } else { return Err(ValueFault::UnknownUnit) };
    if value.is_number() {
        return other_unit::read(input, value.text(), factor, places);
    }
    if let Some((from, to)) = from_and_to(value).filter(|(from, to)| from.is_number() && to.is_number()) {
        let ends = |node: Node<'_>| other_unit::ends(node.text(), factor, places);
        return between(input.shape, (ends(from)?.0, ends(to)?.1));
    }
    let text = value.string().filter(|text| Edge::read(text).is_some()).ok_or(ValueFault::WrongKind)?;
    other_unit::read(input, &text, factor, places)
}

/// A value of which only a range is known: `"<0.5"`, `{ "from": 17, "to": 20 }`, a day where an instant is wanted.
fn read_range(input: &Input, node: Node<'_>) -> Option<Result<Datum, ValueFault>> {
    if let Some((from, to)) = from_and_to(node) {
        let ends = read_ends(&input.ty, from).and_then(|(low, _)| Ok((low, read_ends(&input.ty, to)?.1)));
        return Some(ends.and_then(|ends| between(input.shape, ends)));
    }
    let text = node.string()?;
    if let Some((edge, bound)) = Edge::read(&text) {
        return Some(ends_of_text(&input.ty, bound).and_then(|ends| beyond(input.shape, edge, ends)));
    }
    let is_moment = input.ty == Type::Instant && text != "none";
    is_moment.then(|| ends_of_text(&input.ty, &text).and_then(|ends| between(input.shape, ends)))
}

/// The two ends of an object that has these and nothing else.
pub(super) fn from_and_to(node: Node<'_>) -> Option<(Node<'_>, Node<'_>)> {
    two(node, "from", "to")
}

/// Two values of an object that has these and nothing else.
fn two<'n>(node: Node<'n>, one: &str, other: &str) -> Option<(Node<'n>, Node<'n>)> {
    let entries = node.entries()?;
    let of =
        |name: &str| entries.iter().find(|(key, _)| key.string().as_deref() == Some(name)).map(|(_, value)| *value);
    of(one).zip(of(other)).filter(|_| entries.len() == 2)
}

/// One end of a range: a number as a number, everything else as text.
fn read_ends(ty: &Type, node: Node<'_>) -> Result<Ends, ValueFault> {
    match (ty, node.string()) {
        (Type::Number { .. }, _) if node.is_number() => ends_of_text(ty, node.text()),
        (Type::Number { .. }, _) | (_, None) => Err(ValueFault::WrongKind),
        (_, Some(text)) => ends_of_text(ty, &text),
    }
}

fn ends_of_text(ty: &Type, text: &str) -> Result<Ends, ValueFault> {
    let value = match ty {
        Type::Instant => return read_moment(text).map_err(ValueFault::BadTime),
        Type::Number { places, .. } => read_decimal(text, *places).map_err(value::number_fault)?,
        ty => value::scaled(ty, text)?,
    };
    Ok((value, value))
}

/// Where an input of this name stands.
pub(super) fn place_of(inputs: &[Input], name: &str) -> Option<usize> {
    inputs.iter().position(|input| input.name == name)
}
