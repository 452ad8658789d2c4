//! Cases that are brought one by one: JSON, a case a line, the notation of `cases.md`.

use concord_engine::plan::ParameterId;
use std::io::BufRead;

use super::answering::{Answering, Reply};
use super::record::{broken, headed, refused};
use super::sink::Sink;
use super::words;
use crate::args::Eval;
use crate::data::case_json::{CaseInput, Options, read_case};
use crate::data::case_text::read_cases;
use crate::data::input_error::InputError;
use crate::data::line::read_line;
use crate::exit::Exit;
use crate::output::Output;

/// Answers cases and writes what comes of each.
pub struct Cases<'a, 'b> {
    pub args: &'a Eval,
    pub options: Options,
    pub answering: &'a mut Answering<'b>,
    pub sink: Sink<'a>,
    pub output: &'a Output,
    /// What the input is called in messages.
    pub name: String,
}

/// Which of several cases one is.
#[derive(Clone, Copy)]
enum Which {
    /// The only one.
    Only,
    /// One of several, on this line where each has a line.
    OneOf(Option<u64>),
}

impl Cases<'_, '_> {
    /// One case as JSON.
    pub fn json(mut self, text: &[u8]) -> Result<Exit, Exit> {
        let read = read_case(&self.answering.package.plan, text, self.options);
        let exit = match read {
            Ok(input) => self.answer(Which::Only, &input, &[])?,
            Err(errors) => self.refuse(Which::Only, &errors)?,
        };
        self.end(exit, 0, 0)
    }

    /// The cases of a text in the notation of `cases.md`: all of them, or none where anything cannot be read.
    pub fn notation(mut self, text: &[u8]) -> Result<Exit, Exit> {
        let Ok(text) = std::str::from_utf8(text) else {
            self.output.error(&format!("{}: this is not UTF-8", self.name), Some("save the file as UTF-8"));
            return Err(Exit::Data);
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let exit = match read_cases(&self.answering.package.plan, text, self.options) {
            Err(errors) => self.refuse(Which::Only, &errors)?,
            Ok(cases) => {
                let which = if cases.len() == 1 { Which::Only } else { Which::OneOf(None) };
                let mut worst = Exit::Fine;
                for case in &cases {
                    worst = worse(worst, self.answer(which, &case.input, &case.settings)?);
                }
                worst
            }
        };
        self.end(exit, 0, 0)
    }

    /// One case a line; one that is refused does not stop the others.
    pub fn lines(mut self, mut reader: impl BufRead) -> Result<Exit, Exit> {
        let (mut line, mut number, mut cases, mut refused) = (Vec::new(), 0, 0, 0);
        let mut worst = Exit::Fine;
        loop {
            line.clear();
            number += 1;
            let length = read_line(&mut reader, &mut line).map_err(|error| {
                self.output.error(&format!("{}: {error}", self.name), None);
                Exit::Data
            })?;
            if length == 0 {
                return self.end(worst, cases, refused);
            }
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            cases += 1;
            let which = Which::OneOf(Some(number));
            let exit = match read_case(&self.answering.package.plan, &line, self.options) {
                Ok(input) => self.answer(which, &input, &[])?,
                Err(mut errors) => {
                    refused += 1;
                    let before = usize::try_from(number - 1).unwrap_or(0);
                    errors.iter_mut().for_each(|error| error.line += before);
                    self.refuse(which, &errors)?
                }
            };
            worst = worse(worst, exit);
        }
    }

    fn answer(&mut self, which: Which, input: &CaseInput, own: &[(ParameterId, i64)]) -> Result<Exit, Exit> {
        let id = input.id.as_deref();
        match self.answering.one(input, own)? {
            Reply::Answers(answers, settings) if self.args.json => {
                let record = self.answering.records.of(&input.case, &settings, &answers);
                self.write(which, id, record)?;
            }
            Reply::Answers(answers, _) => {
                let notes = self.answering.records.notes(&input.case);
                self.write_words(which, id, &words::in_words(&answers, &notes, self.args.bare))?;
            }
            Reply::Broken(why) => {
                let place = self.place(which);
                self.output.error(
                    &format!("{place}{why}"),
                    Some("no answer is given; correct the record, or tell the owner of the package"),
                );
                if self.args.json {
                    self.write(which, id, broken(&why))?;
                }
                return Ok(Exit::Rule);
            }
        }
        Ok(Exit::Fine)
    }

    fn refuse(&mut self, which: Which, errors: &[InputError]) -> Result<Exit, Exit> {
        if self.args.json {
            self.write(which, None, refused(errors))?;
            return Ok(Exit::Data);
        }
        errors.iter().for_each(|error| self.output.line(&format!("{}: {error}", self.name)));
        if let Which::Only = which {
            let count = if errors.len() == 1 { "1 error".to_owned() } else { format!("{} errors", errors.len()) };
            self.output
                .line(&format!("{count} in the case, so nothing was answered; `concord explain CODE` says more"));
        }
        Ok(Exit::Data)
    }

    fn write(
        &mut self,
        which: Which,
        id: Option<&str>,
        record: serde_json::Map<String, serde_json::Value>,
    ) -> Result<(), Exit> {
        let text = match which {
            Which::Only => serde_json::to_string_pretty(&record).map_err(|_| Exit::Internal)?,
            Which::OneOf(line) => headed(line, id, record).to_string(),
        };
        self.sink.line(&text)
    }

    fn write_words(&mut self, which: Which, id: Option<&str>, answers: &str) -> Result<(), Exit> {
        let of = match (which, id) {
            (Which::Only, _) => words::heading(&self.answering.package.credentials),
            (Which::OneOf(Some(line)), Some(id)) => format!("line {line}, {id}"),
            (Which::OneOf(Some(line)), None) => format!("line {line}"),
            (Which::OneOf(None), id) => id.unwrap_or("a case without a name").to_owned(),
        };
        let end = if let Which::Only = which { "" } else { "\n" };
        self.sink.line(&format!("{of}\n\n{answers}{end}"))
    }

    fn place(&self, which: Which) -> String {
        if let Which::OneOf(Some(line)) = which { format!("{}, line {line}: ", self.name) } else { String::new() }
    }

    fn end(self, exit: Exit, cases: u64, refused: u64) -> Result<Exit, Exit> {
        self.sink.finish()?;
        if refused > 0 {
            self.output.line(&format!("{refused} of {cases} cases refused; `concord explain CODE` says more"));
        }
        Ok(exit)
    }
}

/// A rule that breaks its claims weighs more than a case that is refused.
fn worse(a: Exit, b: Exit) -> Exit {
    if (a as u8) < (b as u8) { b } else { a }
}
