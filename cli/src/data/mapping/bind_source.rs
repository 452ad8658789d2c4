//! What a mapping says of its files held against their form: what may be said of which, how times are written, and where rows look things up;
//! see [`super::bind()`].

use super::bind::{Binder, JoinRule, OnlyRule};
use super::file::{Format, Rows};
use super::time::TimeRule;
use crate::data::names::tidy;

impl Binder<'_> {
    /// A line of NDJSON is a case already: what else the mapping says would be ignored.
    pub(super) fn nothing_more_than_lines(&mut self) {
        let file = self.file;
        let is_fhir = file.source.format == Format::Fhir;
        let says = !file.facts.is_empty()
            || file.labels.values().any(|from| !is_fhir || from.get_ref().constant.is_none())
            || !file.join.is_empty()
            || !file.case.columns.is_empty()
            || !file.events.map.is_empty()
            || !file.events.only.is_empty()
            || !file.events.columns.is_empty()
            || file.script.is_some();
        if file.source.format.is_of_cases() && says {
            let (message, help) = match is_fhir {
                true => (
                    "resources of FHIR are read by the codes of the rule, and nothing of them is mapped",
                    "leave [case], [facts], [events], [join] and [script] out; a label can be a `constant`",
                ),
                false => (
                    "a line of NDJSON is a case already, and nothing of it is mapped",
                    "leave [case], [facts], [labels], [events], [join] and [script] out",
                ),
            };
            self.error(None, "source.format", message.to_owned(), Some(help.to_owned()));
        }
    }

    /// Which forms of file a part of the mapping is for.
    pub(super) fn fits_the_format(&mut self) {
        let (source, script) = (&self.file.source, self.file.script.as_ref());
        if let Some(script) = script.filter(|_| source.format.has_gaps()) {
            let message = "a script is for rows of CSV".to_owned();
            self.error(Some(script.span().start), "script", message, None);
        }
        let is_ocel = source.format == Format::Ocel;
        if is_ocel != source.objects.is_some() || (source.relation.is_some() && !is_ocel) {
            let help = "say format = \"ocel\" and objects = \"Patient\", the type of object that is a case";
            let message = "`objects` and `relation` are for an event log of objects, which needs the first".to_owned();
            self.error(None, "source", message, Some(help.to_owned()));
        }
        let is_log = matches!(source.format, Format::Xes | Format::Ocel | Format::Hl7);
        if is_log && source.rows == Rows::Cases {
            let help = "say rows = \"events\" in [source]";
            self.error(None, "source.rows", "in such a file each row is an event".to_owned(), Some(help.to_owned()));
        }
    }

    /// What rows must say to count.
    pub(super) fn only(&mut self) -> Vec<OnlyRule> {
        let file = self.file;
        if file.source.rows == Rows::Cases && !file.events.only.is_empty() {
            let message = "`only` says which rows are events that count, and is for rows = \"events\"".to_owned();
            self.error(None, "events.only", message, None);
        }
        let mut all = Vec::new();
        for (name, texts) in &file.events.only {
            if texts.is_empty() {
                let help = "name the texts of rows that count; \"\" is that of rows that say nothing";
                let message = format!("`{name}` may hold no text, so that no row would count");
                self.error(None, "events.only", message, Some(help.to_owned()));
            }
            let texts = texts.iter().map(|text| tidy(text).into_owned()).collect();
            all.push(OnlyRule { column: self.column(name), texts });
        }
        all
    }

    /// The files that rows look things up in, once all columns are known.
    pub(super) fn joins(&mut self) -> Vec<JoinRule> {
        let file = self.file;
        let mut joins = Vec::new();
        for (name, spanned) in &file.join {
            let (at, offset, before) = (format!("join.{name}"), Some(spanned.span().start), format!("{name}."));
            let columns = self.columns.iter().enumerate();
            let columns = columns.filter_map(|(place, own)| Some((place, own.strip_prefix(&before)?.to_owned())));
            let columns: Vec<(usize, String)> = columns.collect();
            if columns.is_empty() {
                let help = format!("name one of its columns as `{before}column`, or leave it out");
                self.error(offset, &at, "nothing is taken from this file".to_owned(), Some(help));
            }
            if file.join.keys().any(|other| spanned.get_ref().on.starts_with(&format!("{other}."))) {
                self.error(offset, &at, "`on` is a column of the rows, and of no second file".to_owned(), None);
            }
            let on = self.column(&spanned.get_ref().on);
            joins.push(JoinRule { name: name.clone(), on, columns });
        }
        joins
    }

    /// Texts that mean "missing": those of a value, or else of the source.
    pub(super) fn missing(&self, own: Option<&Vec<String>>) -> Vec<String> {
        let source = &self.file.source;
        let mut missing = own.unwrap_or(&source.missing).clone();
        if (source.format.has_gaps() || !self.file.join.is_empty()) && !missing.iter().any(String::is_empty) {
            missing.push(String::new());
        }
        missing
    }

    pub(super) fn bind_time(&mut self) {
        let Some(spanned) = &self.file.time else {
            return;
        };
        let (at, time) = (Some(spanned.span().start), spanned.get_ref());
        let Some(zone) = &time.zone else {
            let help = "write zone = \"Europe/London\", or zone = \"in text\" where each time carries its own";
            self.error(at, "time", "the times have no time zone".to_owned(), Some(help.to_owned()));
            return;
        };
        let typed = self.file.source.format == Format::Parquet && time.because.is_none();
        match TimeRule::of(time.format.as_deref(), zone, typed) {
            Ok(rule) => {
                if rule.overrides_the_text() && time.because.is_none() {
                    let message = format!("the times carry a zone of their own, but are to be read as {zone}");
                    let help = "say why: because = \"…\"; the report shows it";
                    self.error(at, "time", message, Some(help.to_owned()));
                }
                let because = time.because.iter().map(|why| format!(": {why}")).collect::<String>();
                let whose =
                    if zone == "in text" { "the zone they carry".to_owned() } else { format!("{zone} local time") };
                self.notes.push(format!("Times are read as {whose}{because}."));
                self.time = Some(rule);
            }
            Err((message, help)) => self.error(at, "time", message, help),
        }
    }

    /// The rule for times, or an error that they are used and no zone is named.
    pub(super) fn times_at(&mut self, offset: Option<usize>, at: &str) -> Option<TimeRule> {
        if self.time.is_none() && self.file.time.is_none() {
            let help = "add [time] with format and zone: a time without a zone is no time";
            self.error(offset, at, "times are read, but the mapping names no zone".to_owned(), Some(help.to_owned()));
        }
        self.time.clone()
    }
}
