//! What a rule wants of a record: its facts and events with their codes, as the manifest of its module has them.

use concord_engine::plan::coding::Which;
use concord_engine::values::dimension::Conversion;
use serde_json::Value;

use crate::shapes::Coding;

/// A code of a system, by the address of the system; of OPCS-4 resources are published with several addresses, so it has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Code {
    pub system: Option<String>,
    pub code: String,
}

impl Code {
    /// Whether a code of a record is this one.
    pub fn is(&self, system: Option<&str>, code: &str) -> bool {
        let same_system = match (&self.system, system) {
            (Some(own), Some(other)) => own == other,
            (None, Some(other)) => other.to_lowercase().contains("opcs"),
            (_, None) => false,
        };
        same_system && self.code == code
    }
}

/// How a value is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    YesNo,
    Number {
        places: u8,
        unit: String,
    },
    Enum,
    Date,
    Instant,
    Code,
    /// What no resource has a value of, or only labels a case.
    Other,
}

/// A fact, or a field of an event.
#[derive(Clone, Debug)]
pub(crate) struct Thing {
    pub name: String,
    pub codes: Vec<Code>,
    pub kind: Kind,
    /// The least and the greatest integer that it may be.
    pub ends: (i64, i64),
    /// Other units in which it may be recorded, and how each becomes its own.
    pub units: Vec<(String, Conversion)>,
    /// Of an enum, the choices that have codes.
    pub choices: Vec<(String, Vec<Code>)>,
    /// Which of several it is, and within how many milliseconds before the instant asked about.
    pub taking: Option<(Which, Option<i64>)>,
}

/// A kind of event.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub name: String,
    pub codes: Vec<Code>,
    pub fields: Vec<Thing>,
    /// Of what lasts, the field that says when it was over.
    pub end: Option<String>,
}

impl Event {
    /// Whether it may be that something was given: systems of observations, diagnoses and operations have no code for that.
    pub fn may_be_given(&self) -> bool {
        const SYSTEMS: [&str; 2] = ["http://snomed.info/sct", "https://dmd.nhs.uk"];
        self.codes.iter().any(|code| code.system.as_deref().is_some_and(|system| SYSTEMS.contains(&system)))
    }
}

/// What a rule wants of a record.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub(crate) facts: Vec<Thing>,
    pub(crate) events: Vec<Event>,
}

impl Wanted {
    /// As a manifest says it.
    ///
    /// # Errors
    /// Where nothing in it has a code, so that no record can be read by it.
    pub fn of(manifest: &Value) -> Result<Wanted, String> {
        let facts = array(manifest.pointer("/layout/facts")).filter_map(thing).collect();
        let events = array(manifest.pointer("/layout/events")).filter_map(event).collect();
        let wanted = Wanted { facts, events };
        let coded = wanted.facts.iter().any(|fact| !fact.codes.is_empty())
            || wanted.events.iter().any(|event| !event.codes.is_empty());
        let none = "no fact and no event of this rule has a code by which records know it: `spo2 : integer 30..100 % from loinc 2708-6`";
        coded.then_some(wanted).ok_or_else(|| none.to_owned())
    }
}

impl Wanted {
    /// Whether a code of a fact or of a kind of event stands anywhere in a text.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        let events = self.events.iter().flat_map(|kind| &kind.codes);
        let mut all = self.facts.iter().flat_map(|fact| &fact.codes).chain(events);
        all.any(|code| text.contains(&format!("\"{}\"", code.code)))
    }

    /// Whether a code is one of the rule's.
    pub(crate) fn has(&self, coding: &Coding) -> bool {
        let Some(code) = coding.code.as_deref() else { return false };
        let facts = self.facts.iter().flat_map(|fact| &fact.codes);
        let choices = self.facts.iter().flat_map(|fact| &fact.choices).flat_map(|(_, codes)| codes);
        let fields = self.events.iter().flat_map(|kind| &kind.fields);
        let fields =
            fields.flat_map(|field| field.codes.iter().chain(field.choices.iter().flat_map(|(_, codes)| codes)));
        let events = self.events.iter().flat_map(|kind| &kind.codes);
        facts.chain(choices).chain(fields).chain(events).any(|own| own.is(coding.system.as_deref(), code))
    }
}

fn array(of: Option<&Value>) -> impl Iterator<Item = &Value> {
    of.and_then(Value::as_array).into_iter().flatten()
}

fn text(of: &Value, name: &str) -> Option<String> {
    of.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// An integer, as text where some readers of JSON would round it.
fn integer(of: &Value, name: &str) -> Option<i64> {
    let of = of.get(name)?;
    of.as_i64().or_else(|| of.as_str()?.parse().ok())
}

fn codes(of: &Value) -> Vec<Code> {
    let one = |coding: &Value| Some(Code { system: text(coding, "system"), code: text(coding, "code")? });
    array(of.get("codings")).filter_map(one).collect()
}

fn event(of: &Value) -> Option<Event> {
    let fields: Vec<Thing> = array(of.get("fields")).filter_map(thing).collect();
    let end = of.get("ends").and_then(Value::as_u64).and_then(|place| usize::try_from(place).ok());
    let end = end.and_then(|place| fields.get(place)).map(|field| field.name.clone());
    Some(Event { name: text(of, "name")?, codes: codes(of), fields, end })
}

fn thing(of: &Value) -> Option<Thing> {
    let ty = of.get("type")?;
    let kind = match ty.get("kind")?.as_str()? {
        "yes_no" => Kind::YesNo,
        "number" => {
            let places = ty.get("places").and_then(Value::as_u64).and_then(|places| u8::try_from(places).ok())?;
            // A plain number has no unit.
            Kind::Number { places, unit: text(ty, "unit").unwrap_or_default() }
        }
        "enum" => Kind::Enum,
        "date" => Kind::Date,
        "instant" => Kind::Instant,
        "code" => Kind::Code,
        _ => Kind::Other,
    };
    let unit = |of: &Value| {
        let part = |name: &str| integer(of, name);
        Some((text(of, "unit")?, Conversion { times: part("times")?, plus: part("plus")?, over: part("over")? }))
    };
    let choice = |of: &Value| Some((text(of, "choice")?, codes(of)));
    Some(Thing {
        name: text(of, "name")?,
        codes: codes(of),
        kind,
        ends: (integer(of, "from")?, integer(of, "to")?),
        units: array(of.get("other_units")).filter_map(unit).collect(),
        choices: array(of.get("choices")).filter_map(choice).collect(),
        taking: of.get("taking").and_then(taking),
    })
}

fn taking(of: &Value) -> Option<(Which, Option<i64>)> {
    let which = match of.get("which")?.as_str()? {
        "first" => Which::First,
        "last" => Which::Last,
        "highest" => Which::Highest,
        "lowest" => Which::Lowest,
        _ => return None,
    };
    let within = of.get("within").and_then(Value::as_str);
    // A length that cannot be read is not "any length".
    let within = within.map(|within| milliseconds(within).unwrap_or(0)); // nothing lies within it
    Some((which, within))
}

/// `PT12H`, `PT1H30M`, `PT0.5S` in milliseconds: what a manifest has.
fn milliseconds(text: &str) -> Option<i64> {
    let mut rest = text.strip_prefix("PT")?;
    let mut all = 0_i64;
    for (letter, size) in [('H', 3_600_000), ('M', 60_000), ('S', 1000)] {
        if let Some((count, after)) = rest.split_once(letter) {
            let (whole, fraction) = count.split_once('.').unwrap_or((count, ""));
            let thousandths = if fraction.is_empty() { 0 } else { format!("{fraction:0<3}").parse::<i64>().ok()? };
            all += whole.parse::<i64>().ok()?.checked_mul(size)? + thousandths * size / 1000;
            rest = after;
        }
    }
    rest.is_empty().then_some(all)
}
