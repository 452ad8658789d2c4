//! A value of a resource as a case has it: exact, or the range in which it lies, or why it cannot be read.

use concord_engine::plan::coding::Which;
use concord_engine::values::dimension::{self, Conversion};
use concord_engine::values::interval::Edge;
use serde_json::{Value, json};

use crate::number::{Number, written};
use crate::shapes::{Coding, Concept, Quantity, Valued};
use crate::time::Moment;
use crate::ucum;
use crate::wanted::{Kind, Thing};

/// A value as a case has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    pub json: Value,
    /// Of a number that has no other beyond it, the integers between which it lies.
    pub size: Option<(i64, i64)>,
}

/// Why a value cannot be read.
pub type Why = &'static str;

/// There is nothing to read.
pub const NOTHING: Why = "it has no value";
/// The sender says so.
pub const SAID_NOTHING: Why = "the sender says that there is no value";
/// The unit is another.
const UNIT: Why = "its unit is none that converts to that of the rule";
/// The rule's range is narrower.
const OUTSIDE: Why = "it lies outside the range that the rule declares";
/// The value is of another kind.
const KIND: Why = "its value is of another kind than the rule's";

/// The value of an observation, or of a part of one.
pub fn value(thing: &Thing, of: &Valued<'_>) -> Result<Reading, Why> {
    if of.data_absent_reason.is_some() {
        return Err(SAID_NOTHING);
    }
    match &thing.kind {
        Kind::Number { places, unit } => match (&of.value_quantity, of.value_integer) {
            (Some(quantity), _) => number(thing, (*places, unit), quantity),
            (None, Some(integer)) if unit.is_empty() => {
                let number = Number::read(integer.get()).ok_or("it has too many digits")?;
                between(thing, *places, number.ends(PLAIN, *places))
            }
            _ => Err(missing(of)),
        },
        Kind::YesNo => match (of.value_boolean, &of.value_codeable_concept) {
            (Some(answer), _) => Ok(plain(answer.into())),
            (None, Some(concept)) => yes_or_no(concept),
            _ => Err(missing(of)),
        },
        Kind::Enum => {
            of.value_codeable_concept.as_ref().map_or(Err(missing(of)), |concept| choice(thing, &concept.coding))
        }
        Kind::Code => match of.value_codeable_concept.as_ref().map(|concept| concept.coding.as_slice()) {
            Some([Coding { code: Some(code), .. }]) => Ok(plain(code.as_str().into())),
            Some(_) => Err("it has several codes, or none"),
            None => Err(missing(of)),
        },
        Kind::Date | Kind::Instant => {
            let text = of.value_date_time.as_deref().ok_or_else(|| missing(of))?;
            let (moment, _) = Moment::read(text).ok_or("its time cannot be read")?;
            match (&thing.kind, moment) {
                (Kind::Instant, moment) => Ok(plain(moment.json())),
                (_, Moment::On(..)) => Ok(plain(moment.json())),
                _ => Err("it is an instant, and no date"),
            }
        }
        Kind::Other => Err("no resource has a value of its kind"),
    }
}

fn plain(json: Value) -> Reading {
    Reading { json, size: None }
}

/// Why there is nothing to read: nothing at all, or something else.
fn missing(of: &Valued<'_>) -> Why {
    let nothing = of.value_quantity.is_none()
        && of.value_codeable_concept.is_none()
        && of.value_boolean.is_none()
        && of.value_integer.is_none()
        && of.value_date_time.is_none()
        && of.value_string.is_none();
    if nothing { NOTHING } else { KIND }
}

/// The value as it is.
const PLAIN: Conversion = Conversion { times: 1, plus: 0, over: 1 };

fn number(thing: &Thing, (places, own): (u8, &str), quantity: &Quantity<'_>) -> Result<Reading, Why> {
    let value = quantity.value.ok_or(NOTHING)?;
    let into = conversion(thing, own, quantity)?;
    let number = Number::read(value.get()).ok_or("it has too many digits")?;
    let ends = number.ends(into, places);
    let Some(comparator) = quantity.comparator.as_deref() else { return between(thing, places, ends) };
    let (low, high) = ends.ok_or("it has too many digits")?;
    let (side, is_plain) = (Edge::read(comparator), low == high && into == PLAIN);
    let (side, _) = side.filter(|(_, rest)| rest.is_empty()).ok_or("its comparator is none of <, <=, > and >=")?;
    let is_below = matches!(side, Edge::Below | Edge::AtMost);
    let end = if is_below { high } else { low };
    within(thing, end, end)?;
    if is_plain {
        return Ok(plain(format!("{comparator}{}", written(end, places)).into()));
    }
    side.within_converted(thing.ends, (low, high)).ok_or(OUTSIDE)?;
    Ok(plain(format!("{}{}", if is_below { "<=" } else { ">=" }, written(end, places)).into()))
}

/// A number where it is one that the rule can have; otherwise between the two next to it.
fn between(thing: &Thing, places: u8, ends: Option<(i64, i64)>) -> Result<Reading, Why> {
    let (low, high) = ends.ok_or("it has too many digits")?;
    within(thing, low, high)?;
    let json = if low == high {
        written(low, places)
    } else {
        json!({ "from": written(low, places), "to": written(high, places) })
    };
    Ok(Reading { json, size: Some((low, high)) })
}

fn within(thing: &Thing, low: i64, high: i64) -> Result<(), Why> {
    let (least, greatest) = thing.ends;
    if least <= low && high <= greatest { Ok(()) } else { Err(OUTSIDE) }
}

/// How a quantity becomes the rule's own unit.
fn conversion(thing: &Thing, own: &str, quantity: &Quantity<'_>) -> Result<Conversion, Why> {
    let Quantity { unit, system, code, .. } = quantity;
    let Some(code) = code else {
        let bare = unit.is_none() && own.is_empty();
        return if bare { Ok(PLAIN) } else { Err("its unit has no code of UCUM") };
    };
    if system.as_deref().is_some_and(|system| system != "http://unitsofmeasure.org") {
        return Err("its unit has no code of UCUM");
    }
    let found = ucum::spelling(code).ok_or(UNIT)?;
    let same = ucum::is_same(found, own) || (found == "per min" && own == "bpm");
    let declared = || thing.units.iter().find(|(unit, _)| ucum::is_same(unit, found));
    match (same, declared()) {
        (true, _) => Ok(PLAIN),
        (false, Some((_, conversion))) => Ok(*conversion),
        // Completed months and years do not convert to one another.
        (false, None) => {
            let months = dimension::unit(own).is_some_and(|unit| unit.dimension == "calendar months");
            dimension::conversion(found, own).filter(|_| !months).ok_or(UNIT)
        }
    }
}

/// SNOMED CT's yes and no, and those of LOINC's lists of answers.
fn yes_or_no(concept: &Concept) -> Result<Reading, Why> {
    let is =
        |wanted: &[&str]| concept.coding.iter().any(|of| of.code.as_deref().is_some_and(|code| wanted.contains(&code)));
    match (is(&["373066001", "LA33-6"]), is(&["373067005", "LA32-8"])) {
        (true, false) => Ok(plain(true.into())),
        (false, true) => Ok(plain(false.into())),
        _ => Err("its code is neither yes nor no"),
    }
}

/// The choice that has one of these codes.
pub fn choice(thing: &Thing, codings: &[Coding]) -> Result<Reading, Why> {
    let has = |codes: &[crate::wanted::Code]| {
        codings
            .iter()
            .any(|of| of.code.as_deref().is_some_and(|code| codes.iter().any(|own| own.is(of.system.as_deref(), code))))
    };
    let mut found = thing.choices.iter().filter(|(_, codes)| has(codes));
    match (found.next(), found.next()) {
        (Some((choice, _)), None) => Ok(plain(choice.as_str().into())),
        (None, _) => Err("its code is that of none of the choices"),
        _ => Err("its codes are those of several choices"),
    }
}

/// What is the most or the least of several numbers, each of which lies between two.
pub fn extreme(thing: &Thing, which: Which, sizes: &[(i64, i64)]) -> Option<Reading> {
    let Kind::Number { places, .. } = thing.kind else { return None };
    let of = |end: fn(&(i64, i64)) -> i64| {
        let all = sizes.iter().map(end);
        if which == Which::Lowest { all.min() } else { all.max() }
    };
    between(thing, places, Some((of(|(low, _)| *low)?, of(|(_, high)| *high)?))).ok()
}
