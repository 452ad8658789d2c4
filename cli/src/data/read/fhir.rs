//! Resources of FHIR R4, one a line, as a bulk export writes them: those of a patient, in whatever files, are a case, read as a bundle of them is. There is
//! nothing to map: the codes that the rule gives its facts and events say what each resource is.

use super::Reader;
use super::cut::is_cut;
use super::error::ReadError;
use super::files::{name_of, stopped};
use super::rejects::Fault;
use super::told::Told;
use crate::data::case_json::{MAX_BYTES, Options, read_case_of_export};
use crate::data::line::read_line;
use crate::data::mapping::cell::TextFrom;
use crate::results::DataFile;
use concord_engine::plan::Id;
use concord_engine::plan::case::Case;
use concord_fhir::{BY_NUMBER, Beside, FINER, Mapped, Number, Report, Wanted, Whose, gathered, whose};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Why resources make no case.
const OF_NOBODY: &str = "of no patient";
/// What is told of an export that is not whole.
const PARTIAL: &str = "An `OperationOutcome` in the export says that something is not in it: no kind of event is supplied in full, and nothing that was observed is known. Ask for the export again.";
/// What is told of resources that nobody can read.
const UNSURE: &str = "left out, and nobody can tell what they say, for the reason that stands with the rows left out: what they could change is unknown";

/// A line of a file.
pub(super) struct Resource {
    pub(super) number: usize,
    pub(super) file: usize,
    pub(super) line: u64,
    pub(super) text: String,
}

/// The resources of each patient, and the names of their files.
#[derive(Default)]
pub(super) struct Resources {
    of: BTreeMap<String, Vec<Resource>>,
    files: Vec<String>,
    /// The name of the file that is read.
    name: String,
    /// What those of all patients may refer to.
    beside: Beside,
    /// Those whose subject is named by a number, until all patients are known.
    numbered: Vec<(Number, Resource)>,
    /// Those that are left out and may have said something.
    unsure: u64,
}

impl Resources {
    pub(super) fn name_files(&mut self, names: &[String]) {
        self.files = names.to_vec();
    }

    /// What a reader of the report must know of them.
    pub(super) fn told(&self) -> Vec<Told> {
        let partial = self.beside.is_partial().then(|| Told::once(PARTIAL.to_owned()));
        let unsure = Told::counted(self.unsure, ("resource is", "resources are"), UNSURE);
        partial.into_iter().chain(unsure).map(Told::weighing).collect()
    }

    /// Those of each, with those of records that were merged into its own.
    fn by_standing(&mut self) -> BTreeMap<String, Vec<Resource>> {
        let mut all: BTreeMap<String, Vec<Resource>> = BTreeMap::new();
        for (patient, resources) in std::mem::take(&mut self.of) {
            all.entry(self.beside.standing(&patient).to_owned()).or_default().extend(resources);
        }
        all
    }

    pub(super) fn add(&mut self, patient: String, resource: Resource) {
        self.of.entry(patient).or_default().push(resource);
    }
}

impl Reader<'_> {
    /// Reads a file; nothing where reading on leads to nothing.
    pub(super) fn fhir(&mut self, path: &Path, file: usize) -> Result<Option<DataFile>, ReadError> {
        let name = name_of(path);
        let mut reader = self.begun(path)?;
        self.resources.name.clone_from(&name);
        let (mut text, mut line) = (Vec::new(), 0);
        loop {
            text.clear();
            line += 1;
            if read_line(&mut reader, &mut text).map_err(|error| stopped(path, &error))? == 0 {
                break;
            }
            if text.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            if is_cut(&text) {
                self.tell_cut(&name, "a line");
            }
            self.counts.rows += 1;
            self.assembler.number += 1;
            if let Err(fault) = self.resource((file, line), &text) {
                self.unplaced += 1;
                self.rejects.row(&name, line, &fault);
            }
            if self.counts.rows.is_multiple_of(1_024) {
                self.report_progress(reader.get_ref().bytes());
            }
        }
        self.resources.files.push(name);
        let file = reader.into_inner().finish(path, line - 1)?;
        self.done.bytes += file.bytes;
        Ok(Some(file))
    }

    /// Puts a resource to those of its patient, or those of a bundle to theirs.
    fn resource(&mut self, at: (usize, u64), text: &[u8]) -> Result<(), Fault> {
        let text = std::str::from_utf8(text).ok().filter(|text| text.len() <= MAX_BYTES);
        let text = text.ok_or_else(|| Fault::of_row("the line is no UTF-8, or longer than any resource"))?;
        let (of, called) = whose(text).map_err(|_| Fault::of_row("the line is no resource of FHIR"))?;
        let wanted = self.options.wanted.as_ref();
        match of {
            Whose::Nobody => self.of_nobody(OF_NOBODY),
            Whose::Unnamed(why) if wanted.is_some_and(|wanted| wanted.is_in(text)) => return Err(Fault::of_row(why)),
            Whose::Numbered(number) if wanted.is_some_and(|wanted| wanted.is_in(text)) => {
                self.of_number(number, at, text)?;
            }
            Whose::Numbered(_) | Whose::Unnamed(_) => self.of_nobody(OF_NOBODY),
            Whose::Beside => {
                let became = wanted.map_or(Ok(Some(OF_NOBODY)), |wanted| self.resources.beside.add(text, wanted));
                match became.map_err(Fault::of_row)? {
                    None => self.counts.used += 1,
                    Some(why) => self.of_nobody(why),
                }
            }
            Whose::Bundle => return self.bundle_on_a_line(at, text),
            Whose::Patient(patient) => {
                if let Some(called) = called {
                    self.resources.beside.place(&patient, &called, text);
                }
                self.of_patient(&patient, at, text);
            }
        }
        Ok(())
    }

    fn of_nobody(&mut self, why: &str) {
        *self.left_out.entry(why.to_owned()).or_default() += 1;
    }

    /// Puts a resource to those of whoever is known by a number: who that is was gone through before where resources are set apart, and waits else.
    fn of_number(&mut self, number: Number, at: (usize, u64), text: &str) -> Result<(), Fault> {
        if self.apart.is_none() {
            let ((file, line), own) = (at, self.assembler.number);
            let resource = Resource { number: own, file, line, text: text.to_owned() };
            self.resources.numbered.push((number, resource));
            return Ok(());
        }
        let known = self.resources.beside.known_by(&number).map(str::to_owned);
        let patient = known.ok_or_else(|| Fault::of_row(BY_NUMBER))?;
        self.of_patient(&patient, at, text);
        Ok(())
    }

    /// Puts those that waited to their patients.
    fn settle_numbered(&mut self) {
        for (number, resource) in std::mem::take(&mut self.resources.numbered) {
            match self.resources.beside.known_by(&number).map(str::to_owned) {
                Some(patient) => self.resources.add(patient, resource),
                None => {
                    self.unplaced += 1;
                    self.rejects.file(resource.file);
                    // Each resource is of one of the files.
                    let name = self.resources.files.get(resource.file).map_or("", String::as_str);
                    self.rejects.row(name, resource.line, &Fault::of_row(BY_NUMBER));
                }
            }
        }
    }

    fn of_patient(&mut self, patient: &str, (file, line): (usize, u64), text: &str) {
        match &mut self.apart {
            Some(apart) => {
                let place = (self.counts.rows, line);
                // Who was merged into whom was gone through before.
                let patient = self.resources.beside.standing(patient);
                apart.put(patient, place, std::iter::once(Some(Cow::Borrowed(text))));
            }
            None => {
                let number = self.assembler.number;
                self.resources.add(patient.to_owned(), Resource { number, file, line, text: text.to_owned() });
            }
        }
    }

    /// Puts each resource of a bundle to those of its patient; it counts as a row.
    fn bundle_on_a_line(&mut self, (file, line): (usize, u64), text: &str) -> Result<(), Fault> {
        let texts = self.resources.beside.open(text).map_err(Fault::of_row)?;
        if texts.is_empty() {
            self.counts.used += 1;
            return Ok(());
        }
        let name = self.resources.name.clone();
        for (place, text) in texts.into_iter().enumerate() {
            // The line itself is counted as the first.
            self.counts.rows += u64::from(place > 0);
            self.assembler.number += usize::from(place > 0);
            if let Err(fault) = self.resource((file, line), text.as_bytes()) {
                self.unplaced += 1;
                self.rejects.row(&name, line, &fault);
            }
        }
        Ok(())
    }

    /// Goes through all files for who was merged into whom, as resources that are set apart by patient must lie together.
    pub(super) fn before_resources(&mut self, paths: &[PathBuf]) -> Result<(), ReadError> {
        let mut text = Vec::new();
        for path in paths {
            let mut reader = self.begun(path)?;
            loop {
                text.clear();
                if read_line(&mut reader, &mut text).map_err(|error| stopped(path, &error))? == 0 {
                    break;
                }
                // What cannot be read is refused when it is read again.
                let Ok(text) = std::str::from_utf8(&text) else { continue };
                if text.contains("\"Patient\"") {
                    self.note_patient(text);
                }
            }
        }
        self.resources.beside.settle();
        Ok(())
    }

    fn note_patient(&mut self, text: &str) {
        match whose(text) {
            Ok((Whose::Patient(patient), Some(called))) => self.resources.beside.place(&patient, &called, text),
            Ok((Whose::Bundle, _)) => {
                // It is opened again, and says the same.
                let texts = self.resources.beside.open(text).unwrap_or_default();
                texts.into_iter().for_each(|text| self.note_patient(text));
            }
            _ => {}
        }
    }

    /// A resource that was set apart.
    pub(super) fn resource_again(&mut self, resource: Resource) {
        // It named its patient when it was set apart.
        let patient = match whose(&resource.text) {
            Ok((Whose::Patient(patient), _)) => Some(patient),
            Ok((Whose::Numbered(number), _)) => self.resources.beside.known_by(&number).map(str::to_owned),
            _ => None,
        };
        if let Some(patient) = patient {
            self.resources.add(patient, resource);
        }
    }

    /// Makes the cases of all patients whose resources are there, in the order of their first.
    pub(super) fn settle_resources(&mut self) {
        self.resources.beside.settle();
        self.settle_numbered();
        let mut patients: Vec<(String, Vec<Resource>)> = self.resources.by_standing().into_iter().collect();
        patients.iter_mut().for_each(|(_, resources)| resources.sort_by_key(|resource| resource.number));
        patients.sort_by_key(|(_, resources)| resources.first().map(|first| first.number));
        let options = self.options;
        let Some(wanted) = options.wanted.as_ref() else { return };
        for (patient, resources) in patients {
            if self.is_over() {
                return;
            }
            if let Some(first) = resources.first() {
                self.assembler.number = first.number;
            }
            let made = self.patient(&patient, &resources, wanted);
            for resource in &resources {
                self.rejects.file(resource.file);
                // A resource is of a file that was read.
                let name = self.resources.files.get(resource.file).map_or("", String::as_str);
                match &made {
                    Err(fault) => self.rejects.row(name, resource.line, fault),
                    Ok(_) => self.counts.used += 1,
                }
            }
            let Ok((case, report)) = made else { continue };
            // What is left out of a time is no resource.
            self.counts.finer += report.left_out.get(FINER).map_or(0, |count| *count as u64);
            for (why, count) in report.left_out.iter().filter(|(why, _)| **why != FINER) {
                let count = *count as u64;
                self.counts.used -= count;
                *self.left_out.entry((*why).to_owned()).or_default() += count;
            }
            self.resources.unsure += report.unsure as u64;
            if let Some(first) = resources.first() {
                self.missing_of(first, &report);
            }
            self.hand_over_before(&patient);
            self.counts.ranges(self.plan, &case);
            self.assembler.begin(&patient, case);
        }
    }

    /// What is missing of a case though its resources speak of it.
    fn missing_of(&mut self, first: &Resource, report: &Report) {
        self.rejects.file(first.file);
        // As above.
        let name = self.resources.files.get(first.file).map_or("", String::as_str);
        for (what, why) in report.refused() {
            let fault = Fault { column: what.to_owned(), reason: why.to_owned(), found: String::new() };
            self.rejects.value(name, first.line, &fault);
        }
        for (what, why, count) in report.times_refused() {
            let fault = Fault { column: format!("{what}.at"), reason: why.to_owned(), found: String::new() };
            (0..count).for_each(|_| self.rejects.value(name, first.line, &fault));
        }
    }

    /// The case of a patient, and what became of the resources.
    fn patient(&self, patient: &str, resources: &[Resource], wanted: &Wanted) -> Result<(Case, Report), Fault> {
        let as_of = Some(self.options.as_of);
        let texts: Vec<&str> = resources.iter().map(|resource| resource.text.as_str()).collect();
        let Mapped { case, report } =
            gathered(patient, &texts, (wanted, &self.resources.beside), as_of).map_err(Fault::of_row)?;
        let options = Options { as_of, ..Options::default() };
        let read = read_case_of_export(self.plan, case.to_string().as_bytes(), options);
        // What a resource says that cannot be read is in the report, and no part of the case.
        let (mut input, _) = read.map_err(|errors| {
            let first = errors.into_iter().next();
            first.map_or_else(
                || Fault::of_row("the resources of the patient make no case"),
                |error| Fault {
                    column: error.path,
                    reason: format!("{} {}", error.code, error.message),
                    found: String::new(),
                },
            )
        })?;
        if patient.chars().any(char::is_control) {
            return Err(Fault::of_row("the name of the case has a control character"));
        }
        let mapping = self.mapping;
        for rule in &mapping.binding.labels {
            if let (TextFrom::Constant(text), Some(slot)) = (&rule.from, input.case.labels.get_mut(rule.label.place()))
            {
                *slot = Some(text.clone());
            }
        }
        Ok((input.case, report))
    }
}
