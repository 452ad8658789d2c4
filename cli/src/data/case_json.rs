//! One case from JSON, strictly: every fault is found, placed and said, and nothing is guessed.
//!
//! ```json
//! { "case": "A17", "as_of": "2026-03-29T12:00:00Z",
//!   "age": 71, "temperature": 38.4, "on_oxygen": true, "scale": "scale_1", "trust": "RM3", "observe_every": "none",
//!   "events": [ { "event": "Triage", "at": "2026-03-29T09:00:00Z" }, { "event": "Lactate", "at": null, "value": 2.1 } ],
//!   "not_supplied": ["Antibiotics"] }
//! ```
//!
//! * A fact that is absent or `null` is missing. `"none"` is recorded as none, where the type is optional.
//! * Numbers are exact: `37.10` and `3.71e1` are 37.1; `37.15` is refused where one place is declared.
//! * Yes/no is `true` or `false`; enums, durations (`"1 h 30 min"`, `"PT1H30M"`), dates, times and labels are strings.
//! * Of a number, duration, date or time a range may be all that is known: `"<0.5"`, `">=15.0"`, `{ "from": 17, "to": 20 }`. Of an
//!   instant, and of `at`, a day alone is any time of that day in London: `"2026-03-29"`.
//! * `"at": null` is an event that happened at an unknown time; `not_supplied` names kinds of event that the sender
//!   does not record, or not completely. `case` is the sender's name for the case; it takes no part in the logic.

use super::case_path::{dotted, join};
use super::case_value::{place_of, read_input};
use super::input_error::InputError;
use super::interval::{Ends, read_moment};
use super::json_text::{Document, Node};
use super::refused_value::{Refused, RefusedValue};
use super::value::{self, ValueFault};
use crate::words::acts;
use concord_engine::plan::belongs::expected;
use concord_engine::plan::case::{Case, Datum};
use concord_engine::plan::{Input, Plan, Shape};
use concord_engine::syntax::spelling::nearest;
use concord_engine::values::calendar;
use concord_engine::values::codes::{Codebook, Codes};
use concord_engine::values::patterns::MAX_LABEL;
use concord_engine::values::types::Type;
use std::collections::BTreeMap;

/// The largest case that is read, in bytes.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;
/// How many errors are listed.
const MAX_ERRORS: usize = 50;

/// How to read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Keys that the subject does not have are ignored and listed rather than refused.
    pub ignore_unknown: bool,
    /// Messages may show the values found; they are patient data.
    pub show_values: bool,
    /// The instant asked about where the case does not say.
    pub as_of: Option<i64>,
    /// Whether the case must say it, or the caller, even where no rule uses it.
    pub needs_as_of: bool,
}

/// A case that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseInput {
    /// The sender's name for it.
    pub id: Option<String>,
    /// What the logic sees.
    pub case: Case,
    /// Paths of keys ignored under [`Options::ignore_unknown`].
    pub ignored: Vec<String>,
}

/// Reads one case of the plan's subject.
///
/// # Errors
/// All that is wrong with it, in order of the text, up to 50.
pub fn read_case(plan: &Plan, text: &[u8], options: Options) -> Result<CaseInput, Vec<InputError>> {
    read(plan, text, options, None).map(|(input, _)| input)
}

/// Reads one case of an export: a value that does not fit is refused by itself, as it is in a row, counts as missing, and is told.
///
/// # Errors
/// All else that is wrong with it.
pub fn read_case_of_export(
    plan: &Plan,
    text: &[u8],
    options: Options,
) -> Result<(CaseInput, Vec<RefusedValue>), Vec<InputError>> {
    let (input, refused) = read(plan, text, options, Some(Refused::default()))?;
    Ok((input, refused.map(|refused| refused.values).into_iter().flatten().collect()))
}

fn read(
    plan: &Plan,
    text: &[u8],
    options: Options,
    refused: Option<Refused>,
) -> Result<(CaseInput, Option<Refused>), Vec<InputError>> {
    let document = Document::check(text, MAX_BYTES).map_err(|error| vec![*error])?;
    let mut reader = Reader::new(plan, options, document);
    reader.refused = refused;
    let read = reader.case();
    match read {
        Some((id, case)) if reader.errors.is_empty() => {
            Ok((CaseInput { id, case, ignored: reader.ignored }, reader.refused))
        }
        _ => Err(reader.finish()),
    }
}

pub(super) struct Reader<'a> {
    pub(super) plan: &'a Plan,
    options: Options,
    document: Document<'a>,
    errors: Vec<InputError>,
    unlisted: usize,
    ignored: Vec<String>,
    /// Values that do not fit, where these are refused by themselves.
    pub(super) refused: Option<Refused>,
    /// The codes that only the case brings.
    codes: Codes,
}

/// Key and value of each entry of an object.
pub(super) type Entries<'a> = Vec<(Node<'a>, Node<'a>)>;

impl<'a> Reader<'a> {
    pub(super) fn new(plan: &'a Plan, options: Options, document: Document<'a>) -> Reader<'a> {
        let (errors, ignored) = (Vec::new(), Vec::new());
        Reader { plan, options, document, errors, unlisted: 0, ignored, refused: None, codes: Codes::default() }
    }

    /// What was wrong, in order of the text.
    pub(super) fn finish(mut self) -> Vec<InputError> {
        self.errors.sort_by_key(|error| (error.line, error.column));
        if let (true, Some(last)) = (self.unlisted > 0, self.errors.last().cloned()) {
            self.errors.push(InputError {
                code: "D19",
                path: String::new(),
                at: String::new(),
                expected: None,
                message: format!("{} more errors are not listed", self.unlisted),
                help: None,
                ..last
            });
        }
        self.errors
    }

    pub(super) fn fault(
        &mut self,
        code: &'static str,
        path: &str,
        node: Node<'_>,
        message: String,
        help: Option<String>,
    ) {
        if self.errors.len() >= MAX_ERRORS {
            self.unlisted += 1;
            return;
        }
        let (line, column) = self.document.place(node);
        let (path, at) = (dotted(path), path.to_owned());
        self.errors.push(InputError { code, path, at, line, column, expected: None, message, help });
    }

    /// Says of the fault just told what belongs there.
    pub(super) fn expecting(&mut self, expected: &str) {
        if let Some(last) = self.errors.last_mut().filter(|_| self.unlisted == 0) {
            last.expected = Some(expected.to_owned());
        }
    }

    pub(super) fn wrong_kind(&mut self, path: &str, node: Node<'_>, expected: &str) {
        let found = self.found(node);
        self.fault("D07", path, node, format!("expected {expected}, found {found}"), None);
        self.expecting(expected);
    }

    /// The kind of what was found, and the value itself only if asked.
    fn found(&self, node: Node<'_>) -> String {
        let kind = node.kind();
        if self.options.show_values {
            let shown: String = node.text().chars().take(80).collect();
            format!("{kind} {shown}")
        } else {
            kind.to_owned()
        }
    }

    fn case(&mut self) -> Option<(Option<String>, Case)> {
        let root = self.document.root();
        let entries = self.entries("", root, "an object with the facts of one case")?;
        let subject = &self.plan.subject;
        let mut id = None;
        let mut as_of = self.options.as_of;
        let mut says_as_of = false;
        let mut case = Case {
            facts: vec![Datum::Missing; subject.inputs.len()],
            labels: vec![None; subject.labels.len()],
            ..Case::default()
        };
        let mut seen = BTreeMap::new();
        for (key, node) in entries {
            let Some(name) = self.name("", key, &mut seen) else { continue };
            match name.as_str() {
                "as_of" => {
                    says_as_of = true;
                    as_of = self.instant("/as_of", node).or(as_of);
                }
                "events" => self.take_events(node, &mut case),
                "not_supplied" => case.not_supplied |= self.not_supplied(node),
                _ => {
                    let path = join("", &name);
                    if let Some(place) = place_of(&subject.inputs, &name) {
                        self.input_at(&subject.inputs, place, &path, node, &mut case.facts);
                    } else if let Some(place) = subject.labels.iter().position(|l| l.name == name) {
                        let (label, _) = self.or_missing(&path, node, |reader| reader.label(&path, node));
                        put(&mut case.labels, place, label);
                    } else if name == "case" {
                        id = self.label(&path, node);
                    } else {
                        let message = format!("`{}` has no fact of this name", subject.name);
                        let near = nearest(&name, self.names_of_subject());
                        self.unknown_key(&path, key, message, near);
                    }
                }
            }
        }
        let asked_when = self.options.needs_as_of || subject.uses_as_of || !subject.events.is_empty();
        if as_of.is_none() && !says_as_of && asked_when {
            let help = "say up to when events count, such as \"as_of\": \"2026-03-29T12:00:00Z\"";
            let message = "`as_of` is missing".to_owned();
            self.fault("D12", "/as_of", root, message, Some(help.to_owned()));
        }
        // Where it is needed and not given, that is a fault by now.
        case.as_of = as_of.unwrap_or_default();
        // Where nothing is refused, no kind of event lacks any.
        case.not_supplied |= self.refused.as_ref().map_or(0, |refused| refused.kinds);
        case.sort_events(subject);
        case.codes = std::mem::take(&mut self.codes);
        Some((id, case))
    }

    fn names_of_subject(&self) -> Vec<&'a str> {
        let subject = &self.plan.subject;
        let facts = subject.inputs.iter().map(|input| input.name.as_str());
        let labels = subject.labels.iter().map(|label| label.name.as_str());
        let fixed = ["as_of", "events", "not_supplied", "case"];
        facts.chain(labels).chain(fixed).collect()
    }

    /// The entries of an object, as written.
    pub(super) fn entries(&mut self, path: &str, node: Node<'a>, what: &str) -> Option<Entries<'a>> {
        let pairs = node.entries();
        if pairs.is_none() {
            self.wrong_kind(path, node, what);
        }
        pairs
    }

    /// The name that a key spells, unless it is none or came before.
    pub(super) fn name(&mut self, path: &str, key: Node<'a>, seen: &mut BTreeMap<String, Node<'a>>) -> Option<String> {
        let Some(name) = key.string() else {
            self.fault("D04", path, key, "this key is not a valid string".to_owned(), None);
            return None;
        };
        if let Some(first) = seen.get(&name) {
            let (line, column) = self.document.place(*first);
            let message = format!("the key occurs twice, first in line {line}, column {column}");
            self.fault("D05", &join(path, &name), key, message, None);
            return None;
        }
        seen.insert(name.clone(), key);
        Some(name)
    }

    /// A key that does not belong: an error with the nearest one that does, unless such keys are ignored.
    pub(super) fn unknown_key(&mut self, path: &str, key: Node<'_>, message: String, near: Option<&str>) {
        if self.options.ignore_unknown {
            self.ignored.push(dotted(path));
            return;
        }
        self.fault("D06", path, key, message, near.map(|near| format!("did you mean `{near}`?")));
    }

    pub(super) fn input_at(&mut self, inputs: &[Input], place: usize, path: &str, node: Node<'_>, into: &mut [Datum]) {
        if let Some(input) = inputs.get(place) {
            let (datum, _) = self.or_missing(path, node, |reader| reader.input(input, path, node));
            put(into, place, datum);
        }
    }

    /// What is read at a place, and whether it stands: in a case of an export, a value that does not fit is refused by itself.
    pub(super) fn or_missing<T>(&mut self, path: &str, node: Node<'_>, read: impl FnOnce(&mut Self) -> T) -> (T, bool) {
        let before = self.errors.len();
        let value = read(self);
        let Some(refused) = &mut self.refused else { return (value, true) };
        let Some(first) = self.errors.drain(before..).next() else { return (value, true) };
        refused.keep(path, node, first);
        (value, false)
    }

    fn input(&mut self, input: &Input, path: &str, node: Node<'_>) -> Datum {
        match read_input(input, node, &mut Codebook { package: &self.plan.codes, case: &mut self.codes }) {
            Ok(datum) => datum,
            Err(ValueFault::WrongKind) => {
                self.wrong_kind(path, node, &expected(&input.ty, input.shape));
                Datum::Missing
            }
            Err(fault) => {
                let help = match &fault {
                    ValueFault::UnknownVariant(Some(near)) => Some(format!("did you mean `{near}`?")),
                    _ => None,
                };
                let mut message = fault.reason(input);
                if self.options.show_values {
                    message = format!("{message}, found {}", self.found(node));
                }
                self.fault(fault.code(), path, node, message, help);
                self.expecting(&expected(&input.ty, input.shape));
                Datum::Missing
            }
        }
    }

    fn label(&mut self, path: &str, node: Node<'_>) -> Option<String> {
        if node.is_null() {
            return None;
        }
        let Some(text) = node.string() else {
            self.wrong_kind(path, node, "a string");
            return None;
        };
        let length = text.chars().count();
        if !(1..=MAX_LABEL).contains(&length) {
            let message = format!("expected 1 to {MAX_LABEL} characters, found {length}");
            self.fault("D17", path, node, message, None);
            return None;
        }
        if acts(&text) {
            let message =
                "expected text without control characters and without those that turn its direction".to_owned();
            self.fault("D17", path, node, message, None);
            return None;
        }
        Some(text)
    }

    /// An instant.
    fn instant(&mut self, path: &str, node: Node<'_>) -> Option<i64> {
        self.time(path, node, |text| calendar::read_instant(text).map(|at| (at, at))).map(|(at, _)| at)
    }

    /// An instant, or the first and the last millisecond of a day.
    pub(super) fn moment(&mut self, path: &str, node: Node<'_>) -> Option<Ends> {
        self.time(path, node, read_moment)
    }

    fn time(&mut self, path: &str, node: Node<'_>, read: fn(&str) -> Result<Ends, &'static str>) -> Option<Ends> {
        let wanted = expected(&Type::Instant, Shape::range(0, 0));
        let Some(text) = node.string() else {
            self.wrong_kind(path, node, &wanted);
            return None;
        };
        let read = read(&text);
        if let Err(why) = read {
            self.fault(value::code_of_time(why), path, node, why.to_owned(), None);
            self.expecting(&wanted);
        }
        read.ok()
    }
}

fn put<T>(into: &mut [T], place: usize, value: T) {
    if let Some(slot) = into.get_mut(place) {
        *slot = value;
    }
}
