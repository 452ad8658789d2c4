//! A member's settings from JSON, as strictly as a case: `{ "antibiotics_within": "PT45M", "later_dna_stops": "appointment" }`.
//!
//! Values are written as in a case, and as decision records show settings. `null` leaves the group's value.

use super::case_json::{MAX_BYTES, Options, Reader};
use super::case_path::join;
use super::case_value::read_input;
use super::input_error::InputError;
use super::json_text::{Document, Node};
use super::value::ValueFault;
use concord_engine::plan::belongs::{expected_setting, setting_shape};
use concord_engine::plan::case::{Datum, Settings};
use concord_engine::plan::{Contract, Input, Parameter, Plan};
use concord_engine::syntax::spelling::nearest;
use concord_engine::values::codes::{Codebook, Codes};
use concord_engine::values::types::Type;
use std::collections::BTreeMap;

/// Reads the settings of a plan's parameters, all of which a member may make.
///
/// # Errors
/// All that is wrong with them, in order of the text, up to 50.
pub fn read_settings(plan: &Plan, text: &[u8]) -> Result<Settings, Vec<InputError>> {
    let document = Document::check(text, MAX_BYTES).map_err(|error| vec![*error])?;
    let root = document.root();
    let mut reader = Reader::new(plan, Options::default(), document);
    let mut settings: Settings = vec![None; plan.parameters.len()];
    let mut seen = BTreeMap::new();
    // Where it is no object, that is told.
    let entries = reader.entries("", root, "an object with a member's settings").unwrap_or_default();
    for (key, node) in entries {
        let Some(name) = reader.name("", key, &mut seen) else { continue };
        let path = join("", &name);
        let found = plan.parameters.iter().zip(&mut settings).find(|(parameter, _)| parameter.name == name);
        let Some((parameter, place)) = found else {
            let near = nearest(&name, plan.parameters.iter().map(|parameter| parameter.name.as_str()));
            reader.unknown_key(&path, key, "the package has no parameter of this name".to_owned(), near);
            continue;
        };
        *place = setting(&mut reader, parameter, &path, node);
    }
    let faults = reader.finish();
    if faults.is_empty() { Ok(settings) } else { Err(faults) }
}

/// One setting, of the type and within the contract.
fn setting(reader: &mut Reader<'_>, parameter: &Parameter, path: &str, node: Node<'_>) -> Option<i64> {
    let belongs = expected_setting(parameter);
    let fault = match value(reader.plan, parameter, node) {
        Ok(Some(_)) if parameter.contract == Contract::Fixed => {
            let message = "the standard fixes this parameter for every member".to_owned();
            reader.fault("D24", path, node, message, None);
            return None;
        }
        Ok(setting) => return setting,
        Err(fault) => fault,
    };
    match fault {
        ValueFault::WrongKind => reader.wrong_kind(path, node, &belongs),
        fault => {
            let help = match &fault {
                ValueFault::UnknownVariant(Some(near)) => Some(format!("did you mean `{near}`?")),
                _ => None,
            };
            let message = match &fault {
                ValueFault::OutOfRange => format!("outside what members may set: expected {belongs}"),
                fault => fault.reason(&as_input(parameter)),
            };
            reader.fault(fault.code(), path, node, message, help);
            reader.expecting(&belongs);
        }
    }
    None
}

/// The value; none where it is left to the group.
fn value(plan: &Plan, parameter: &Parameter, node: Node<'_>) -> Result<Option<i64>, ValueFault> {
    let input = as_input(parameter);
    if parameter.ty == Type::Code && !node.is_null() {
        let text = node.string().ok_or(ValueFault::WrongKind)?;
        if text == "none" {
            return Err(ValueFault::NotOptional);
        }
        return plan.codes.find(&text).map(Some).ok_or(ValueFault::WrongKind);
    }
    let (codes, case) = (&plan.codes, &mut Codes::default());
    match read_input(&input, node, &mut Codebook { package: codes, case })? {
        Datum::Missing => Ok(None),
        Datum::Known(value) if (input.shape.low..=input.shape.high).contains(&value) => Ok(Some(value)),
        Datum::Known(_) => Err(ValueFault::OutOfRange),
        Datum::None | Datum::Between(..) => Err(ValueFault::WrongKind),
    }
}

/// A parameter as what a case would record of it.
fn as_input(parameter: &Parameter) -> Input {
    let shape = setting_shape(parameter);
    Input {
        name: parameter.name.clone(),
        ty: parameter.ty.clone(),
        shape,
        unknown: parameter.unknown,
        also: Vec::new(),
    }
}
