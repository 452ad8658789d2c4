//! One value of a case in JSON: which kind of JSON a type takes.

use super::json_text::Node;
use super::value::{self, ValueFault};
use concord_engine::plan::Input;
use concord_engine::plan::case::Datum;
use concord_engine::values::types::Type;

/// The value, checked against its declared type and range.
pub(super) fn read_input(input: &Input, node: Node<'_>) -> Result<Datum, ValueFault> {
    if node.is_null() {
        return Ok(Datum::Missing);
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
            value::read_text(ty, input.shape, &text)
        }
    }
}

/// Where an input of this name stands.
pub(super) fn place_of(inputs: &[Input], name: &str) -> Option<usize> {
    inputs.iter().position(|input| input.name == name)
}
