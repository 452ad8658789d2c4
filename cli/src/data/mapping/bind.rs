//! A mapping held against a plan: every name in it must be one the subject has.

use super::cell::{CellRule, TextFrom};
use super::error::MappingError;
use super::file::{ActivityFile, Format, From, MappingFile, Rows, Take, line_of};
use super::time::TimeRule;
use crate::data::names::tidy;
use concord_engine::plan::coding::Taking;
use concord_engine::plan::{AnswerKind, FieldId, InputId, KindId, Kinds, LabelId, Package, Plan, Responsible};
use concord_engine::syntax::spelling::nearest;
use concord_engine::values::types::Type;
use std::collections::BTreeMap;
use toml::Spanned;

/// A mapping, ready to run.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The columns it uses.
    pub columns: Vec<String>,
    /// What a row is.
    pub rows: Rows,
    /// The columns that together name a case; none: each row is one.
    pub case: Vec<usize>,
    /// Facts.
    pub facts: Vec<FactRule>,
    /// Labels.
    pub labels: Vec<LabelRule>,
    /// The organisation within which a case is named: two that share a number are two cases. None where the mapping says which row counts.
    pub within: Option<LabelId>,
    /// Column of the activity and of its time.
    pub activity: Option<(usize, usize)>,
    /// Activities.
    pub activities: BTreeMap<String, Activity>,
    /// Rows of which nothing says what they are are left out, and not refused.
    pub leave_out_others: bool,
    /// Events with a column of their own.
    pub column_events: Vec<ColumnEvent>,
    /// How the times of events are written.
    pub time: Option<TimeRule>,
    /// Texts that mean "missing" in any column.
    pub missing: Vec<String>,
    /// What rows must say to count.
    pub only: Vec<OnlyRule>,
    /// Of messages, the column into which the reader writes why a row does not count.
    pub standing: Option<usize>,
    /// Files that rows look things up in.
    pub joins: Vec<JoinRule>,
    /// Bit `k`: nothing in the mapping makes an event of kind `k`.
    pub not_supplied: u64,
    /// What the report says of it.
    pub notes: Vec<String>,
}

/// What rows must say in a column to count.
#[derive(Clone, Debug)]
pub struct OnlyRule {
    /// The column.
    pub column: usize,
    /// The texts that it may hold.
    pub texts: Vec<String>,
}

impl OnlyRule {
    /// Whether a row that says this counts.
    #[must_use]
    pub fn holds(&self, text: &str) -> bool {
        self.texts.iter().any(|own| own == text)
    }
}

/// A file that rows look things up in.
#[derive(Clone, Debug)]
pub struct JoinRule {
    /// Its name.
    pub name: String,
    /// The column of the key.
    pub on: usize,
    /// The columns that come from it, with their names there.
    pub columns: Vec<(usize, String)>,
}

impl Binding {
    /// Whether a column comes from another file than the row.
    #[must_use]
    pub fn is_joined(&self, column: usize) -> bool {
        self.joins.iter().any(|join| join.columns.iter().any(|(own, _)| *own == column))
    }
}

/// A fact.
#[derive(Clone, Debug)]
pub struct FactRule {
    /// Which.
    pub input: InputId,
    /// How its text becomes a value.
    pub cell: CellRule,
    /// Which row counts.
    pub take: Take,
    /// Which value counts by its time or size, where the rule says it of what is found by its code.
    pub taking: Option<Taking>,
}

/// A label.
#[derive(Clone, Debug)]
pub struct LabelRule {
    /// Which.
    pub label: LabelId,
    /// Where its text comes from.
    pub from: TextFrom,
    /// Texts that mean "missing".
    pub missing: Vec<String>,
    /// Which row counts.
    pub take: Take,
    /// The mapping says so.
    pub take_is_said: bool,
}

/// What an activity is.
#[derive(Clone, Debug)]
pub enum Activity {
    /// Left out knowingly.
    LeftOut,
    /// The row has only facts.
    Facts,
    /// A fact of the case, in this row alone.
    Fact(Box<FactRule>),
    /// An event: its kind, and its fields.
    Event(KindId, Vec<(FieldId, CellRule)>),
}

/// An event with a column of its own.
#[derive(Clone, Debug)]
pub struct ColumnEvent {
    /// Of which kind.
    pub kind: KindId,
    /// The column that says when.
    pub at: usize,
    /// Its fields.
    pub fields: Vec<(FieldId, CellRule)>,
}

impl Binding {
    /// The column of the organisation within which a case is named.
    #[must_use]
    pub fn within_column(&self) -> Option<usize> {
        let rule = self.labels.iter().find(|rule| Some(rule.label) == self.within)?;
        if let TextFrom::Column(column) = rule.from { Some(column) } else { None }
    }
}

/// Binds a mapping to a package. `text` is the mapping file, for line numbers.
///
/// # Errors
/// All that does not fit.
pub fn bind(package: &Package, file: &MappingFile, text: &str) -> Result<Binding, Vec<MappingError>> {
    let mut binder = Binder {
        package,
        plan: &package.plan,
        file,
        text,
        columns: Vec::new(),
        time: None,
        notes: Vec::new(),
        errors: Vec::new(),
    };
    let binding = binder.bind(&package.credentials.path);
    if binder.errors.is_empty() { Ok(binding) } else { Err(binder.errors) }
}

pub(super) struct Binder<'a> {
    pub(super) package: &'a Package,
    pub(super) plan: &'a Plan,
    pub(super) file: &'a MappingFile,
    text: &'a str,
    pub(super) columns: Vec<String>,
    pub(super) time: Option<TimeRule>,
    pub(super) notes: Vec<String>,
    errors: Vec<MappingError>,
}

impl Binder<'_> {
    fn bind(&mut self, package: &str) -> Binding {
        let file = self.file;
        if file.package.get_ref() != package {
            let message = format!("the mapping is for `{}`, not for `{}`", file.package.get_ref(), package);
            self.error(Some(file.package.span().start), "package", message, None);
        }
        self.nothing_more_than_lines();
        self.fits_the_format();
        self.bind_time();
        let case = file.case.columns.iter().map(|name| self.column(name)).collect();
        let facts = self.facts();
        let labels = self.labels();
        let within = self.within(&labels);
        let activity = self.activity();
        let activities = self.activities();
        let column_events = self.column_events();
        let made = activities.values().filter_map(|activity| match activity {
            Activity::Event(kind, _) => Some(*kind),
            _ => None,
        });
        let made = made.chain(column_events.iter().map(|event| event.kind));
        let made = made.fold(Kinds::default(), |made, kind| made.and(Kinds::one(kind)));
        let kinds = self.plan.subject.events.placed().map(|(kind, _)| Kinds::one(kind));
        let not_supplied = kinds.fold(0, |mask, kind| mask | kind.0) & !made.0;
        self.notes.extend(file.notes.iter().cloned());
        let only = self.only();
        let standing = (file.source.format == Format::Hl7).then(|| self.column("how the result stands"));
        let joins = self.joins();
        if file.source.format.is_of_cases() {
            self.column("whole line");
        }
        Binding {
            columns: std::mem::take(&mut self.columns),
            rows: file.source.rows,
            case,
            facts,
            labels,
            within,
            activity,
            activities,
            leave_out_others: file.events.by_code.as_ref().is_some_and(|by| by.get_ref().leave_out_others),
            column_events,
            time: self.time.clone(),
            missing: self.missing(None),
            only,
            standing,
            joins,
            not_supplied,
            notes: std::mem::take(&mut self.notes),
        }
    }

    /// The organisation that a column fills and that answers for most obligations, the first of the subject among equals, unless the mapping
    /// says which of several rows counts.
    fn within(&self, labels: &[LabelRule]) -> Option<LabelId> {
        let each = self.file.source.format == Format::Ndjson;
        let fits = |label: &LabelId| {
            each || labels
                .iter()
                .any(|rule| rule.label == *label && matches!(rule.from, TextFrom::Column(_)) && !rule.take_is_said)
        };
        let organisations = self.plan.subject.labels.placed().filter(|(_, label)| label.ty == Type::Organisation);
        let answers = |label: LabelId| {
            let by = Some(Responsible::Label(label));
            let obligations = self
                .plan
                .answers
                .iter()
                .filter(|answer| matches!(&answer.kind, AnswerKind::Obligation(cells) if cells.responsible == by));
            obligations.count()
        };
        let fitting: Vec<LabelId> = organisations.map(|(label, _)| label).filter(fits).collect();
        fitting.into_iter().rev().max_by_key(|label| answers(*label))
    }

    pub(super) fn error(&mut self, offset: Option<usize>, at: &str, message: String, help: Option<String>) {
        self.errors.push(MappingError {
            line: offset.map(|offset| line_of(self.text, offset)),
            at: at.to_owned(),
            message,
            help,
        });
    }

    pub(super) fn column(&mut self, name: &str) -> usize {
        if let Some(place) = self.columns.iter().position(|column| column == name) {
            return place;
        }
        self.columns.push(name.to_owned());
        self.columns.len() - 1
    }

    pub(super) fn unknown_name(&mut self, offset: Option<usize>, at: &str, what: &str, near: Option<&str>) {
        let message = format!("`{}` has no {what} of this name", self.plan.subject.name);
        self.error(offset, at, message, near.map(|near| format!("did you mean `{near}`?")));
    }

    fn activity(&mut self) -> Option<(usize, usize)> {
        let (events, rows) = (&self.file.events, self.file.source.rows);
        let coded = events.by_code.as_ref().map(|by| &by.get_ref().column);
        if let (Some(_), Some(by)) = (&events.activity, &events.by_code) {
            let message = "`activity` and `by_code` both say what a row is".to_owned();
            self.error(Some(by.span().start), "events.by_code", message, Some("leave one of them out".to_owned()));
        }
        match (rows, events.activity.as_ref().or(coded), &events.at) {
            (Rows::Events, Some(activity), Some(at)) => {
                self.times_at(None, "events");
                Some((self.column(activity), self.column(at)))
            }
            (Rows::Cases, None, None) if events.map.is_empty() && events.left_out.is_empty() => None,
            (Rows::Events, ..) => {
                let message = "rows are events: `activity` (or `by_code`) and `at` must name their columns".to_owned();
                self.error(None, "events", message, None);
                None
            }
            (Rows::Cases, ..) => {
                let message = "rows are cases: `activity`, `at`, `left_out` and `map` are for rows = \"events\"";
                self.error(None, "events", message.to_owned(), None);
                None
            }
        }
    }

    fn activities(&mut self) -> BTreeMap<String, Activity> {
        let file = self.file;
        let mut activities = self.activities_by_code();
        for name in &file.events.left_out {
            activities.insert(tidy(name).into_owned(), Activity::LeftOut);
        }
        for (name, spanned) in &file.events.map {
            let (at, offset) = (format!("events.map.{name}"), Some(spanned.span().start));
            let ActivityFile { event, fields } = spanned.get_ref();
            let activity = match event {
                None => Some(Activity::Facts),
                Some(event) => {
                    self.event(event, fields, offset, &at).map(|(kind, fields)| Activity::Event(kind, fields))
                }
            };
            let Some(activity) = activity else { continue };
            if activities.insert(tidy(name).into_owned(), activity).is_some() {
                self.error(offset, &at, "the activity is both mapped and left out".to_owned(), None);
            }
        }
        activities
    }

    fn column_events(&mut self) -> Vec<ColumnEvent> {
        let file = self.file;
        let mut made = Vec::new();
        for (place, spanned) in file.events.columns.iter().enumerate() {
            let (at, offset) = (format!("events.columns[{place}]"), Some(spanned.span().start));
            let event = spanned.get_ref();
            self.times_at(offset, &at);
            let column = self.column(&event.at);
            if let Some((kind, fields)) = self.event(&event.event, &event.fields, offset, &at) {
                made.push(ColumnEvent { kind, at: column, fields });
            }
        }
        made
    }

    fn event(
        &mut self,
        name: &str,
        from: &BTreeMap<String, Spanned<From>>,
        offset: Option<usize>,
        at: &str,
    ) -> Option<(KindId, Vec<(FieldId, CellRule)>)> {
        let plan = self.plan;
        let kinds = &plan.subject.events;
        let Some((kind, of)) = kinds.placed().find(|(_, kind)| kind.name == name) else {
            let near = nearest(name, kinds.iter().map(|kind| kind.name.as_str()));
            self.unknown_name(offset, at, "event", near);
            return None;
        };
        let mut fields = Vec::new();
        for (name, from) in from {
            let at = format!("{at}.fields.{name}");
            let offset = Some(from.span().start);
            let Some((place, input)) = of.fields.placed().find(|(_, f)| f.name == *name) else {
                let near = nearest(name, of.fields.iter().map(|field| field.name.as_str()));
                self.unknown_name(offset, &at, "field", near);
                continue;
            };
            if from.get_ref().take.is_some() {
                self.error(offset, &at, "`take` is for facts: a field comes from the event's own row".to_owned(), None);
            }
            self.separator(input, from, offset, &at);
            if let Some(cell) = self.cell(input, from, &at) {
                fields.push((place, cell));
            }
        }
        if fields.iter().filter(|(_, cell): &&(FieldId, CellRule)| cell.separator.is_some()).count() > 1 {
            let message = "two fields of the event have a `separator`: each code makes an event, so there can be one";
            self.error(offset, at, message.to_owned(), None);
        }
        Some((kind, fields))
    }
}
