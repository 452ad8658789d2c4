//! Cases as JSON, one a line, in the form of [`crate::data::case_json`].
//!
//! Each line is held against the subject's JSON Schema as well as read; the schema refuses nothing that the reader takes, so a
//! line that it alone refuses is refused too, and says so. A value that does not fit is refused by itself, as it is in a row: it counts
//! as missing, and the schema is asked about the rest.

use super::Reader;
use super::apart::Apart;
use super::cut::is_cut;
use super::error::ReadError;
use super::files::{name_of, stopped};
use super::rejects::Fault;
use super::row_text::RowAt;
use crate::data::case_json::{Options, read_case_of_export};
use crate::data::line::read_line;
use crate::data::names::tidy;
use crate::data::refused_value::RefusedValue;
use crate::data::schema::case_schema;
use crate::results::DataFile;
use concord_engine::plan::case::Case;
use concord_engine::plan::{Id, Plan};
use jsonschema::Validator;
use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;
use std::path::Path;

impl Reader<'_> {
    /// Reads a file; nothing where reading on leads to nothing.
    pub(super) fn ndjson(&mut self, path: &Path) -> Result<Option<DataFile>, ReadError> {
        let name = name_of(path);
        let mut reader = self.begun(path)?;
        let mut line = Vec::new();
        let mut number = 0;
        loop {
            line.clear();
            number += 1;
            let length = read_line(&mut reader, &mut line).map_err(|error| stopped(path, &error))?;
            if length == 0 {
                break;
            }
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            if number == 1 && line.starts_with(b"\xef\xbb\xbf") {
                line.drain(..3);
            }
            if is_cut(&line) {
                self.tell_cut(&name, "a line");
            }
            self.counts.rows += 1;
            self.assembler.number += 1;
            let at = RowAt { file: &name, line: number };
            match (&mut self.apart, std::str::from_utf8(&line)) {
                (Some(apart), Ok(text)) => set_apart(apart, at, self.counts.rows, text),
                _ => self.line(at, &line)?,
            }
            if self.is_over() {
                return Ok(None);
            }
            if self.counts.rows.is_multiple_of(1_024) {
                self.report_progress(reader.get_ref().bytes());
            }
        }
        let file = reader.into_inner().finish(path, number - 1)?;
        self.done.bytes += file.bytes;
        Ok(Some(file))
    }

    /// Takes the case of a line, or refuses it.
    pub(super) fn line(&mut self, at: RowAt<'_>, line: &[u8]) -> Result<(), ReadError> {
        let validator = match self.validator.take() {
            Some(validator) => validator,
            None => validator_of(self.plan)?,
        };
        match self.record(&place_of(at), line, &validator) {
            Ok((id, case, refused)) => {
                self.counts.used += 1;
                self.counts.ranges(self.plan, &case);
                self.assembler.begin(&id, case);
                for RefusedValue { path, reason, found, .. } in refused {
                    self.rejects.value(at.file, at.line, &Fault { column: path, reason, found });
                }
            }
            Err(fault) => self.rejects.row(at.file, at.line, &fault),
        }
        self.validator = Some(validator);
        Ok(())
    }

    fn record(
        &mut self,
        place: &str,
        line: &[u8],
        validator: &Validator,
    ) -> Result<(String, Case, Vec<RefusedValue>), Fault> {
        let options = Options { as_of: Some(self.options.as_of), ..Options::default() };
        let (mut input, refused) = read_case_of_export(self.plan, line, options).map_err(|errors| {
            let first = errors.into_iter().next();
            first.map_or_else(
                || Fault::of_row("the record cannot be read"),
                |error| Fault {
                    column: error.path,
                    reason: format!("{} {}", error.code, error.message),
                    found: String::new(),
                },
            )
        })?;
        let mut has_list = true;
        let fits = |mut record: Value| {
            has_list = record.get("events").is_some();
            for value in &refused {
                record.pointer_mut(&value.at).into_iter().for_each(|place| *place = Value::Null);
            }
            validator.is_valid(&record)
        };
        if !serde_json::from_slice(line).is_ok_and(fits) {
            return Err(Fault::of_row("D18 the record does not fit the JSON Schema of the subject"));
        }
        self.counts.no_list += u64::from(!has_list && !self.plan.subject.events.is_empty());
        if !self.options.own_as_of && input.case.as_of != self.options.as_of {
            let reason = "the record has an `as_of` of its own, and the audit another".to_owned();
            return Err(Fault { column: "as_of".to_owned(), reason, found: String::new() });
        }
        for label in input.case.labels.iter_mut().flatten() {
            *label = tidy(label).into_owned();
        }
        let id = input.id.map_or_else(|| place.to_owned(), |id| tidy(&id).into_owned());
        if id.is_empty() || input.case.labels.iter().flatten().any(String::is_empty) {
            return Err(Fault::of_row("a name has no letter that anybody sees"));
        }
        self.hand_over_before(&id);
        let within = self.mapping.binding.within;
        let organisation = within.and_then(|label| input.case.labels.get(label.place())?.as_deref());
        if let Some(before) = self.assembler.found(&id, organisation) {
            return Err(self.case_again(before, &input.case, &refused));
        }
        Ok((id, input.case, refused))
    }
}

/// What a case is called that has no name.
fn place_of(at: RowAt<'_>) -> String {
    format!("{}, line {}", at.file, at.line)
}

fn validator_of(plan: &Plan) -> Result<Validator, ReadError> {
    let validator = jsonschema::validator_for(&case_schema(plan, &plan.subject.name));
    validator.map_err(|error| ReadError::Unbalanced(format!("the subject's schema is not one: {error}")))
}

/// The name of a case, and nothing else of it.
#[derive(Deserialize)]
struct Called<'a> {
    #[serde(borrow)]
    case: Option<Cow<'a, str>>,
}

/// Sets a line apart by the name of its case; one that cannot be read is refused when it is read again.
fn set_apart(apart: &mut Apart, at: RowAt<'_>, number: u64, line: &str) {
    let called = serde_json::from_str(line).ok().and_then(|Called { case }| Some(tidy(&case?).into_owned()));
    let name = called.unwrap_or_else(|| place_of(at));
    apart.put(&name, (number, at.line), std::iter::once(Some(Cow::Borrowed(line))));
}
