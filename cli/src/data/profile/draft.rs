//! A first mapping of an export, made of its profile: what is alike by name, and a line to settle for each thing that is not.

use super::Profile;
use super::column::{Column, Holds};
use super::roles::is_organisation;
use super::source::Form;
use super::times::Zones;
use crate::data::read::alike;
use concord_engine::plan::{EventKind, Input, Package};
use concord_engine::values::types::Type;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const YES: [&str; 7] = ["yes", "y", "true", "t", "1", "j", "ja"];
const NO: [&str; 7] = ["no", "n", "false", "f", "0", "nee", "none"];

/// The mapping, as a file to be read through: lines that begin with `# settle:` say what it leaves open.
#[must_use]
pub fn draft(profile: &Profile, package: &Package) -> String {
    let mut draft = Draft { profile, text: String::new() };
    draft.head(package);
    draft.time();
    let subject = &package.plan.subject;
    draft.section("labels", subject.labels.iter().map(|label| (label.name.as_str(), label.ty == Type::Organisation)));
    draft.facts(subject.inputs.iter());
    if profile.roles.rows_are_events() {
        draft.activities(&subject.events.iter().collect::<Vec<_>>());
    } else {
        subject.events.iter().for_each(|kind| draft.column_event(kind));
    }
    draft.text
}

struct Draft<'a> {
    profile: &'a Profile,
    text: String,
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

impl Draft<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn settle(&mut self, what: &str) {
        self.line(&format!("# settle: {what}"));
    }

    fn head(&mut self, package: &Package) {
        let profile = self.profile;
        self.line("# A draft, made by names alone: read each line of it, and settle what it leaves open.");
        self.line(&format!("package = {}", quoted(&package.credentials.path)));
        self.line("version = \"0.1.0\"");
        self.line(&format!("title   = {}", quoted(&format!("Draft for {}", profile.file))));
        self.line(&format!("\n[source]\nformat    = {}", quoted(profile.form.name())));
        self.delimited();
        for name in &profile.lists {
            self.settle(&format!("{} holds lists, or what has no text: it is not read", quoted(name)));
        }
        let mut missing: Vec<String> = vec![quoted("")];
        for column in &profile.columns {
            missing.extend(column.missing.keys().map(|text| quoted(text)));
        }
        missing.sort();
        missing.dedup();
        if missing.len() > 1 {
            self.line(&format!("missing   = [{}]", missing.join(", ")));
        }
        if profile.columns.iter().any(|column| column.holds == Holds::CommaNumbers) {
            self.line("decimal_comma = true");
        }
        let events = profile.roles.rows_are_events();
        self.line(&format!("rows      = \"{}\"", if events { "events" } else { "cases" }));
        self.line("\n[case]");
        match &profile.roles.case {
            Some(case) => self.line(&format!("columns = [{}]", quoted(case))),
            None => self.settle("which columns name a case? Without `columns`, each row is one"),
        }
    }

    /// How delimited text is written.
    fn delimited(&mut self) {
        let profile = self.profile;
        if let Form::Delimited { between, above, header } = profile.form {
            if above > 0 {
                self.settle(&format!("the header is row {}: leave out what stands above it", above + 1));
            }
            if between != ',' {
                self.line(&format!("delimiter = {}", quoted(&between.to_string())));
            }
            if !header {
                let names: Vec<String> = profile.columns.iter().map(|column| quoted(&column.name)).collect();
                self.settle("the first row has values, and no names of columns: name them in order, here and below");
                self.line(&format!("columns   = [{}]", names.join(", ")));
            }
        }
        if profile.utf16 {
            self.line("encoding  = \"utf-16\"");
        }
        if profile.other_encoding {
            self.settle("some bytes are no UTF-8: which encoding is it?");
        }
    }

    fn time(&mut self) {
        let named = self.profile.roles.time.as_ref();
        let column = self.profile.columns.iter().find(|column| Some(&column.name) == named);
        let column = column.or_else(|| self.profile.columns.iter().find(|column| has_clock(column)));
        let Some(form) = column.and_then(|column| column.times.first()) else { return self.no_time() };
        let others: Vec<String> =
            column.iter().flat_map(|c| c.times.iter().skip(1)).map(|f| quoted(f.format)).collect();
        self.line("\n[time]");
        // What has a type of its own is read without a format.
        let typed = column.is_some_and(|column| self.profile.typed.contains(&column.name));
        if !typed {
            self.line(&format!("format = {}", quoted(form.format)));
        }
        if !typed && !others.is_empty() {
            self.settle(&format!("it may be {} as well", others.join(" or ")));
        }
        match form.zone {
            Zones::InText => self.line("zone   = \"in text\""),
            // Whoever follows a draft must not move half of a year by an hour unasked.
            Zones::PerhapsUtc => {
                self.settle("in summer cases begin an hour earlier in the day than in winter: ask whoever made the export, and leave one of these lines");
                self.open_zone();
            }
            Zones::NotLondon => {
                self.settle("some times stand in the hour that London's clock skips: ask in which zone they are, and leave one of these lines");
                self.open_zone();
            }
            Zones::London | Zones::None => {
                self.line("zone   = \"Europe/London\"");
                self.settle("is this the zone that the times are written in?");
            }
        }
    }

    /// No format reads a column of times: why, where that is known.
    fn no_time(&mut self) {
        for column in &self.profile.columns {
            if !column.mixed.is_empty() {
                let formats: Vec<String> = column.mixed.iter().map(|format| quoted(format)).collect();
                let (name, formats) = (quoted(&column.name), formats.join(" and "));
                self.settle(&format!("{name} has times in several formats, {formats}: have it exported in one, or make it one in a script"));
            }
            if column.holds == Holds::SerialDates {
                let name = quoted(&column.name);
                self.settle(&format!("{name} has dates as Excel counts them: have it exported as dates"));
            }
        }
    }

    /// The zone is left to be said.
    fn open_zone(&mut self) {
        self.line("# zone   = \"UTC\"");
        self.line("# zone   = \"Europe/London\"");
    }

    /// The column that is called nearly so.
    fn column(&self, name: &str) -> Option<&Column> {
        let names = self.profile.columns.iter().map(|column| column.name.as_str());
        let found = alike(name, names)?;
        self.profile.columns.iter().find(|column| column.name == found)
    }

    fn section<'n>(&mut self, title: &str, names: impl Iterator<Item = (&'n str, bool)>) {
        let mut names = names.peekable();
        if names.peek().is_none() {
            return;
        }
        self.line(&format!("\n[{title}]"));
        for (name, organisation) in names {
            let called = |column: &&Column| organisation && is_organisation(column);
            let found = self.column(name).or_else(|| self.profile.columns.iter().find(called));
            let found = found.map(|column| quoted(&column.name));
            if organisation && found.is_some() && self.profile.cases.is_some_and(|cases| cases.shared > 0) {
                self.settle("several organisations have cases of the same name, which are taken for different patients: where a name is one patient wherever they are seen, add take = \"first\"");
            }
            match found {
                Some(column) => self.line(&format!("{name} = {{ column = {column} }}")),
                None => self.settle(&format!("{name}: which column, or `{{ constant = \"…\" }}`?")),
            }
        }
    }

    fn facts<'i>(&mut self, inputs: impl Iterator<Item = &'i Input>) {
        let mut inputs = inputs.peekable();
        if inputs.peek().is_some() {
            self.line("\n[facts]");
        }
        for input in inputs {
            match self.from(input, false) {
                Some((from, open)) => {
                    open.iter().for_each(|what| self.settle(what));
                    self.line(&format!("{} = {from}", input.name));
                }
                None => self.settle(&format!("{}: no column is called so; it is missing", input.name)),
            }
        }
    }

    /// Where a fact or a field comes from, and what that leaves open; `ends` says that it is when something was over.
    fn from(&self, input: &Input, ends: bool) -> Option<(String, Vec<String>)> {
        let column = self.column(&input.name)?;
        let mut open = Vec::new();
        let mut from = format!("{{ column = {}", quoted(&column.name));
        let values = values(&input.ty, column);
        if !values.is_empty() {
            let pairs = values.iter().map(|(code, means)| format!("{} = {}", quoted(code), quoted(means)));
            // To a String nothing fails to be written.
            let _ = write!(from, ", values = {{ {} }}", pairs.collect::<Vec<_>>().join(", "));
        }
        if input.shape.optional && !column.missing.is_empty() {
            // Whoever follows a draft must not take what goes on for what nobody knows.
            from.push_str(", missing = [\"\"]");
            open.push(of_none(&column.missing, &quoted(&column.name), ends));
        }
        if ends && column.empty > 0 {
            open.push(format!(
                "where {} is empty the end counts as not known: where that means that it goes on, say missing = [], none = [\"\"]",
                quoted(&column.name)
            ));
        }
        if input.ty == Type::Date
            && !self.profile.typed.contains(&column.name)
            && let Some(form) = column.times.first().filter(|form| form.format != "%Y-%m-%d")
        {
            let _ = write!(from, ", format = {}", quoted(form.format));
        }
        from.push_str(" }");
        Some((from, open))
    }

    fn activities(&mut self, kinds: &[&EventKind]) {
        let roles = &self.profile.roles;
        let (Some(activity), Some(time)) = (roles.activity.clone(), roles.time.clone()) else { return };
        let values = self.profile.columns.iter().find(|column| column.name == activity).and_then(Column::values);
        let values: Vec<String> = values.into_iter().flat_map(|values| values.keys().cloned()).collect();
        let meant = |value: &str| {
            let found = alike(value, kinds.iter().map(|kind| kind.name.as_str()))?;
            kinds.iter().find(|kind| kind.name == found)
        };
        self.line(&format!("\n[events]\nactivity = {}\nat       = {}", quoted(&activity), quoted(&time)));
        let others: Vec<String> = values.iter().filter(|value| meant(value).is_none()).map(|v| quoted(v)).collect();
        if !others.is_empty() {
            self.settle("is nothing of what is left out needed?");
            self.line(&format!("left_out = [{}]", others.join(", ")));
        }
        self.line("\n[events.map]");
        for value in &values {
            let Some(kind) = meant(value) else { continue };
            let (mut fields, mut open) = (Vec::new(), Vec::new());
            for (place, field) in kind.fields.placed() {
                let Some((from, own)) = self.from(field, kind.ends == Some(place)) else { continue };
                fields.push(format!("{} = {from}", field.name));
                open.extend(own);
            }
            open.iter().for_each(|what| self.settle(what));
            let fields = fields.join(", ");
            let fields = if fields.is_empty() { String::new() } else { format!(", fields = {{ {fields} }}") };
            self.line(&format!("{} = {{ event = {}{fields} }}", quoted(value), quoted(&kind.name)));
        }
        for kind in kinds {
            if !values.iter().any(|value| meant(value).is_some_and(|of| of.name == kind.name)) {
                self.settle(&format!("{}: which activity is it? None is called so", kind.name));
            }
        }
    }

    /// An event with a column of its own.
    fn column_event(&mut self, kind: &EventKind) {
        match self.column(&kind.name).filter(|column| !column.times.is_empty()).map(|column| quoted(&column.name)) {
            Some(column) => {
                self.line(&format!("\n[[events.columns]]\nevent = {}\nat    = {column}", quoted(&kind.name)));
                let names: Vec<&str> = kind.fields.iter().map(|field| field.name.as_str()).collect();
                if !names.is_empty() {
                    let what = format!("which columns have `{}`? fields = {{ … }}", names.join("`, `"));
                    self.settle(&what);
                }
            }
            None => {
                self.line("");
                self.settle(&format!("{}: which column says when it was? None is called so", kind.name));
            }
        }
    }
}

/// What texts may mean where it may be recorded that there is none.
fn of_none(texts: &BTreeMap<String, u64>, column: &str, ends: bool) -> String {
    let all: Vec<String> = texts.keys().map(|text| quoted(text)).collect();
    let all = all.join(", ");
    let (is, not) =
        if ends { ("does it go on there", "is its end") } else { ("is it recorded that there is none", "is it") };
    format!(
        "{all} in {column}: {is} (none = [{all}]), or {not} not known (missing = [\"\", {all}])? Until that is said, such values are refused"
    )
}

fn has_clock(column: &Column) -> bool {
    column.times.first().is_some_and(|form| form.clock)
}

/// The export's codes with what they mean, where they are not written as the rule has them.
fn values(ty: &Type, column: &Column) -> Vec<(String, String)> {
    let codes = column.codes.keys();
    let found: Vec<(String, String)> = match ty {
        Type::YesNo => {
            let means = |code: &str| {
                let lower = code.to_lowercase();
                let is = |words: &[&str]| words.contains(&lower.as_str());
                if is(&YES) { Some("yes") } else { is(&NO).then_some("no") }
            };
            codes.filter_map(|code| Some((code.clone(), means(code)?.to_owned()))).collect()
        }
        Type::Enum { variants, .. } => {
            let first = |code: &str| {
                let mut starting = variants.iter().filter(|variant| variant.starts_with(&code.to_lowercase()));
                starting.next().filter(|_| starting.next().is_none() && !code.is_empty())
            };
            let means = |code: &str| {
                let known = alike(code, variants.iter().map(String::as_str));
                known.map(str::to_owned).or_else(|| first(code).cloned())
            };
            codes.filter_map(|code| Some((code.clone(), means(code)?))).collect()
        }
        _ => Vec::new(),
    };
    if found.iter().all(|(code, means)| code == means) { Vec::new() } else { found }
}
