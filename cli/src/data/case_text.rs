//! Cases in the notation of `cases.md`: as authors write them, and as people paste them.
//!
//! One body, or the `case` blocks of a Markdown file. What is expected after `=>` is left alone. A value that does not fit is
//! refused with the same code as in JSON; a text that cannot be read, with the code of the language.

use super::case_events::ENDS_EARLY;
use super::case_json::{CaseInput, Options};
use super::case_path::{dotted, join};
use super::case_text_value::{read_ends, read_supplied, read_value};
use super::case_value::place_of;
use super::input_error::InputError;
use super::interval::when;
use super::value::{self, ValueFault};
use concord_engine::diagnostics::Diagnostic;
use concord_engine::plan::belongs::expected;
use concord_engine::plan::case::{Case, Datum, Occurrence, When};
use concord_engine::plan::{Input, KindId, Kinds, ParameterId, Plan};
use concord_engine::syntax::parse_questions;
use concord_engine::syntax::spelling::nearest;
use concord_engine::syntax::tree::{Example, Expr, ExprKind, Given, Name, Supplied};
use concord_engine::text::{Span, line_and_column};
use concord_engine::values::calendar::{FIRST_INSTANT, LAST_INSTANT};
use concord_engine::values::codes::{Codebook, Codes};
use concord_engine::values::types::Type;

/// A case that was read, and the settings that it gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseText {
    /// The case; its heading is its name.
    pub input: CaseInput,
    /// Parameters, by place, and what each is set to.
    pub settings: Vec<(ParameterId, i64)>,
}

/// Reads every case of a text.
///
/// # Errors
/// All that is wrong with any of them, in order of the text: with its grammar, or else with its values.
pub fn read_cases(plan: &Plan, text: &str, options: Options) -> Result<Vec<CaseText>, Vec<InputError>> {
    let (examples, faults) = parse_questions(0, text);
    if !faults.is_empty() {
        return Err(faults.into_iter().map(|fault| of_language(text, fault)).collect());
    }
    if examples.is_empty() || text.trim().is_empty() {
        let message = "there is no case here: one stands alone, or in a block that opens with ```case".to_owned();
        return Err(vec![of_place("D01", 1, 1, message, None)]);
    }
    let (mut cases, mut errors) = (Vec::new(), Vec::new());
    for example in &examples {
        let mut reader = Reader {
            plan,
            options,
            text,
            errors: Vec::new(),
            ignored: Vec::new(),
            settings: Vec::new(),
            codes: Codes::default(),
        };
        let case = reader.case(example);
        errors.append(&mut reader.errors);
        let id = Some(example.name.node.clone()).filter(|name| !name.is_empty());
        let input = CaseInput { id, case, ignored: reader.ignored };
        cases.push(CaseText { input, settings: reader.settings });
    }
    errors.sort_by_key(|error| (error.line, error.column));
    if errors.is_empty() { Ok(cases) } else { Err(errors) }
}

fn of_language(text: &str, fault: Diagnostic) -> InputError {
    let (line, column) = line_and_column(text, fault.primary.span.start);
    let message =
        if fault.primary.text.is_empty() { fault.title } else { format!("{}: {}", fault.title, fault.primary.text) };
    of_place(fault.code.0, line, column, message, fault.help)
}

fn of_place(code: &'static str, line: usize, column: usize, message: String, help: Option<String>) -> InputError {
    InputError { code, path: String::new(), at: String::new(), line, column, expected: None, message, help }
}

struct Reader<'a> {
    plan: &'a Plan,
    options: Options,
    text: &'a str,
    errors: Vec<InputError>,
    ignored: Vec<String>,
    settings: Vec<(ParameterId, i64)>,
    /// The codes that only the case brings.
    codes: Codes,
}

impl Reader<'_> {
    fn case(&mut self, example: &Example) -> Case {
        let subject = &self.plan.subject;
        let mut as_of = self.options.as_of;
        let mut says_as_of = false;
        let mut case = Case {
            facts: vec![Datum::Missing; subject.inputs.len()],
            labels: vec![None; subject.labels.len()],
            ..Case::default()
        };
        for given in &example.given {
            match given {
                Given::Fact { name, supplied } => self.fact(&mut case, name, supplied),
                Given::Event { name, at, fields, .. } => {
                    let path = join("/events", &case.events.len().to_string());
                    let event = self.event(&path, name, at.as_ref(), fields);
                    case.events.extend(event);
                }
                Given::NotSupplied(name) => {
                    let kind = self.kind("/not_supplied", name);
                    // A kind that there is not was told as a fault.
                    case.not_supplied |= kind.map_or(0, |kind| Kinds::one(kind).0);
                }
                Given::Like(_) => {} // written out when the file was read
                Given::AsOf(at) => {
                    says_as_of = true;
                    as_of = self.instant("/as_of", at).or(as_of);
                }
                Given::Parameter { name, value } => self.setting(name, value),
            }
        }
        let asked_when = self.options.needs_as_of || subject.uses_as_of || !subject.events.is_empty();
        if as_of.is_none() && !says_as_of && asked_when {
            let help = "add a line such as `as of 2026-03-29 12:00`, or say --as-of";
            self.fault("D12", "/as_of", example.name.span, "`as of` is missing".to_owned(), Some(help.to_owned()));
        }
        // Where it is needed and not given, that is a fault by now.
        case.as_of = as_of.unwrap_or_default();
        case.sort_events(subject);
        case.codes = std::mem::take(&mut self.codes);
        case
    }

    fn fault(&mut self, code: &'static str, path: &str, span: Span, message: String, help: Option<String>) {
        let (line, column) = line_and_column(self.text, span.start);
        let (path, at) = (dotted(path), path.to_owned());
        self.errors.push(InputError { code, path, at, line, column, expected: None, message, help });
    }

    fn fact(&mut self, case: &mut Case, name: &Name, supplied: &Supplied) {
        let subject = &self.plan.subject;
        let path = join("", &name.node);
        if let Some(input) = place_of(&subject.inputs, &name.node) {
            self.input_at(&subject.inputs, input, &path, supplied, &mut case.facts);
        } else if let Some(label) = subject.labels.iter().position(|label| label.name == name.node) {
            let kind = if let Supplied::Value(value) = supplied { Some(&value.kind) } else { None };
            let text = match kind {
                Some(ExprKind::Text(text)) => Some(text.clone()),
                Some(ExprKind::Path(path)) => {
                    Some(path.parts.iter().map(|p| p.node.as_str()).collect::<Vec<_>>().join("."))
                }
                _ => None,
            };
            match (text, case.labels.get_mut(label)) {
                (Some(text), Some(slot)) => *slot = Some(text),
                _ => self.fault("D07", &path, supplied.span(), "expected text".to_owned(), None),
            }
        } else {
            let facts = subject.inputs.iter().map(|input| input.name.as_str());
            let known = facts.chain(subject.labels.iter().map(|label| label.name.as_str()));
            self.unknown(&path, name, format!("`{}` has no fact of this name", subject.name), known);
        }
    }

    fn unknown<'k>(&mut self, path: &str, name: &Name, message: String, known: impl Iterator<Item = &'k str>) {
        if self.options.ignore_unknown {
            self.ignored.push(dotted(path));
            return;
        }
        let help = nearest(&name.node, known).map(|near| format!("did you mean `{near}`?"));
        self.fault("D06", path, name.span, message, help);
    }

    fn input_at(&mut self, inputs: &[Input], place: usize, path: &str, said: &Supplied, into: &mut [Datum]) {
        let (Some(input), Some(slot)) = (inputs.get(place), into.get_mut(place)) else { return };
        match read_supplied(input, said, &mut Codebook { package: &self.plan.codes, case: &mut self.codes }) {
            Ok(datum) => *slot = datum,
            Err(fault) => {
                let help = match &fault {
                    ValueFault::UnknownVariant(Some(near)) => Some(format!("did you mean `{near}`?")),
                    _ => None,
                };
                self.fault(fault.code(), path, said.span(), fault.reason(input), help);
                if let Some(last) = self.errors.last_mut() {
                    last.expected = Some(expected(&input.ty, input.shape));
                }
            }
        }
    }

    fn event(
        &mut self,
        path: &str,
        name: &Name,
        at: Option<&Supplied>,
        given: &[(Name, Supplied)],
    ) -> Option<Occurrence> {
        let kind = self.kind(&join(path, "event"), name)?;
        let of = self.plan.subject.events.get(kind)?;
        let at = at.map_or(When::Unknown, |at| self.when(&join(path, "at"), at));
        let mut fields = vec![Datum::Missing; of.fields.len()];
        for (field, value) in given {
            let path = join(path, &field.node);
            match place_of(&of.fields, &field.node) {
                Some(place) => self.input_at(&of.fields, place, &path, value, &mut fields),
                None => {
                    let known = of.fields.iter().map(|field| field.name.as_str());
                    self.unknown(&path, field, format!("`{}` has no field of this name", of.name), known);
                }
            }
        }
        let event = Occurrence { kind, at, fields };
        if let Some(end) = of.ends_early(&event).and_then(|field| of.fields.get(field)) {
            self.fault("D25", &join(path, &end.name), name.span, ENDS_EARLY.to_owned(), None);
        }
        Some(event)
    }

    fn kind(&mut self, path: &str, name: &Name) -> Option<KindId> {
        let kinds = &self.plan.subject.events;
        let found = kinds.position(|kind| kind.name == name.node);
        if found.is_none() {
            let near = nearest(&name.node, kinds.iter().map(|kind| kind.name.as_str()));
            let message = format!("`{}` has no event of this name", self.plan.subject.name);
            self.fault("D13", path, name.span, message, near.map(|near| format!("did you mean `{near}`?")));
        }
        found
    }

    fn instant(&mut self, path: &str, at: &Expr) -> Option<i64> {
        match read_value(&Type::Instant, at) {
            Ok(instant) => instant,
            Err(fault) => {
                let message = match &fault {
                    ValueFault::BadTime(why) => (*why).to_owned(),
                    _ => "expected a time such as 2026-03-29 09:00".to_owned(),
                };
                self.fault(fault.code(), path, at.span, message, None);
                None
            }
        }
    }

    fn when(&mut self, path: &str, at: &Supplied) -> When {
        match read_ends(&Type::Instant, (FIRST_INSTANT, LAST_INSTANT), at).and_then(when) {
            Ok(when) => when,
            Err(fault) => {
                let message = match &fault {
                    ValueFault::BadTime(why) => (*why).to_owned(),
                    ValueFault::Backwards => "the range ends below its start".to_owned(),
                    _ => "expected a time such as 2026-03-29 09:00".to_owned(),
                };
                self.fault(fault.code(), path, at.span(), message, None);
                When::Unknown
            }
        }
    }

    fn setting(&mut self, name: &Name, set_to: &Expr) {
        let path = join("/parameter", &name.node);
        let Some(place) = self.plan.parameters.position(|parameter| parameter.name == name.node) else {
            let known = self.plan.parameters.iter().map(|parameter| parameter.name.as_str());
            return self.unknown(&path, name, "the package has no parameter of this name".to_owned(), known);
        };
        let Some(parameter) = self.plan.parameters.get(place) else { return };
        if let (ExprKind::Text(code), Type::Code) = (&set_to.kind, &parameter.ty) {
            match (Codebook { package: &self.plan.codes, case: &mut self.codes }).number(code) {
                Some(set) => self.settings.push((place, set)),
                None => self.fault("D07", &path, set_to.span, "expected a code".to_owned(), None),
            }
            return;
        }
        match read_value(&parameter.ty, set_to) {
            Ok(Some(set)) => match value::within_contract(parameter, set) {
                Ok(()) => self.settings.push((place, set)),
                Err(why) => self.fault("D08", &path, set_to.span, why, None),
            },
            _ => {
                let message = format!("expected {}", expected(&parameter.ty, parameter.shape));
                self.fault("D07", &path, set_to.span, message, None);
            }
        }
    }
}
