//! Facts, labels and fields of a mapping held against a plan; see [`super::bind()`].

use super::bind::{Binder, FactRule, LabelRule};
use super::cell::{CellRule, ReadCell, Stands, TextFrom};
use super::date::{DateRule, DateWords};
use super::file::{Format, From, Take};
use super::format::Refusal;
use super::time::TimeRule;
use super::units::conversion;
use crate::data::other_unit;
use crate::data::value::none;
use concord_engine::plan::Input;
use concord_engine::plan::case::Datum;
use concord_engine::syntax::spelling::nearest;
use concord_engine::values::codes::{Codebook, Codes};
use concord_engine::values::types::Type;
use std::collections::BTreeMap;
use toml::Spanned;

impl Binder<'_> {
    pub(super) fn facts(&mut self) -> Vec<FactRule> {
        let (plan, file) = (self.plan, self.file);
        let mut rules = Vec::new();
        for (name, from) in &file.facts {
            let at = format!("facts.{name}");
            let offset = Some(from.span().start);
            let Some(input) = plan.subject.inputs.position(|input| input.name == *name) else {
                let names = plan.subject.inputs.iter().map(|input| input.name.as_str());
                self.unknown_name(offset, &at, "fact", nearest(name, names));
                continue;
            };
            // As the page of mappings says, the whole field is taken unless something else is said.
            let take = from.get_ref().take.unwrap_or_default();
            let declared = plan.subject.inputs.get(input);
            if take == Take::Any && declared.is_some_and(|input| input.ty != Type::YesNo) {
                self.error(offset, &at, "`take = \"any\"` is for yes/no facts".to_owned(), None);
            }
            let several = from.get_ref().separator.is_some();
            self.must(offset, &at, !several, "`separator` is for a field of an event: a fact has one value");
            if let Some(cell) = declared.and_then(|input| self.cell(input, from, &at)) {
                rules.push(FactRule { input, cell, take, taking: None });
            }
        }
        rules
    }

    pub(super) fn labels(&mut self) -> Vec<LabelRule> {
        let (plan, file) = (self.plan, self.file);
        let mut rules = Vec::new();
        for (name, spanned) in &file.labels {
            let (at, offset, from) = (format!("labels.{name}"), Some(spanned.span().start), spanned.get_ref());
            let Some(label) = plan.subject.labels.position(|label| label.name == *name) else {
                let names = plan.subject.labels.iter().map(|label| label.name.as_str());
                self.unknown_name(offset, &at, "label", nearest(name, names));
                continue;
            };
            let plain = From {
                column: from.column.clone(),
                constant: from.constant.clone(),
                missing: from.missing.clone(),
                take: from.take,
                ..From::default()
            };
            let holds = *from == plain;
            self.must(
                offset,
                &at,
                holds,
                "a label is text as it stands: it takes `column` or `constant`, `missing` and `take`",
            );
            if let Some(source) = self.text_from(from, offset, &at) {
                let missing = self.missing(from.missing.as_ref());
                let organisation = plan.subject.labels.get(label).is_some_and(|label| label.ty == Type::Organisation);
                // Two organisations in one case are no answer to which is meant; of other labels the first row counts, as for facts.
                let take = from.take.unwrap_or(if organisation { Take::Only } else { Take::First });
                let take_is_said = from.take.is_some();
                rules.push(LabelRule { label, from: source, missing, take, take_is_said });
            }
        }
        rules
    }

    fn text_from(&mut self, from: &From, offset: Option<usize>, at: &str) -> Option<TextFrom> {
        match (&from.column, &from.constant) {
            (Some(column), None) => Some(TextFrom::Column(self.column(column))),
            (None, Some(constant)) => Some(TextFrom::Constant(constant.clone())),
            _ => {
                self.error(offset, at, "expected either `column` or `constant`".to_owned(), None);
                None
            }
        }
    }

    pub(super) fn cell(&mut self, input: &Input, spanned: &Spanned<From>, at: &str) -> Option<CellRule> {
        let (offset, from) = (Some(spanned.span().start), spanned.get_ref());
        let source = self.text_from(from, offset, at)?;
        let time = if input.ty == Type::Instant { self.instant_rule(from, offset, at) } else { None };
        let date = if input.ty == Type::Date { self.date_rule(from, offset, at)? } else { DateRule::Iso };
        if !matches!(input.ty, Type::Instant | Type::Date) {
            let timely = from.format.is_some() || from.zone.is_some() || from.day.is_some();
            self.must(offset, at, !timely, "`format`, `zone` and `day` are for dates and times");
        }
        let converted = conversion(input, from.unit.as_deref(), from.times.as_deref());
        let converted = converted.map_err(|refusal| self.refuse(offset, at, refusal)).ok().flatten();
        let factor = converted.map(|(factor, note)| {
            self.notes.push(note);
            factor
        });
        let unit_column = self.unit_column(input, from, offset, at);
        let codes = self.codes(input, from, offset, at);
        Some(CellRule {
            from: source,
            missing: self.missing(from.missing.as_ref()),
            none: from.none.clone(),
            codes,
            separator: from.separator.clone(),
            decimal_comma: self.file.source.decimal_comma,
            date,
            time,
            factor,
            is_text: self.file.source.format == Format::Csv,
            unit_column,
        })
    }

    /// The column of a unit: of which values that can be said.
    fn unit_column(&mut self, input: &Input, from: &From, offset: Option<usize>, at: &str) -> Option<usize> {
        let name = from.unit_column.as_ref()?;
        let has_unit = other_unit::spelt(input).next().is_some();
        self.must(offset, at, has_unit, "`unit_column` is for a number that has a unit");
        let alone = from.unit.is_none() && from.times.is_none() && from.values.is_empty();
        self.must(offset, at, alone, "`unit_column` stands without `unit`, `times` and `values`");
        self.notes.push(format!("`{}` is read in the unit that the export gives with each value.", input.name));
        Some(self.column(name))
    }

    /// Several codes in one field: of which fields that can be said.
    pub(super) fn separator(&mut self, input: &Input, from: &Spanned<From>, offset: Option<usize>, at: &str) {
        let Some(separator) = &from.get_ref().separator else { return };
        self.must(offset, at, input.ty == Type::Code, "`separator` is for codes");
        self.must(offset, at, from.get_ref().column.is_some(), "`separator` needs a `column`");
        self.must(offset, at, !separator.trim().is_empty(), "`separator` is a sign such as \";\", not a blank");
    }

    fn refuse(&mut self, offset: Option<usize>, at: &str, (message, help): Refusal) {
        self.error(offset, at, message, help);
    }

    fn must(&mut self, offset: Option<usize>, at: &str, holds: bool, message: &str) {
        if !holds {
            self.error(offset, at, message.to_owned(), None);
        }
    }

    /// How a time is written: as in `[time]`, but for a format or a zone of its own.
    fn instant_rule(&mut self, from: &From, offset: Option<usize>, at: &str) -> Option<TimeRule> {
        let general = if from.zone.is_none() { self.times_at(offset, at) } else { self.time.clone() };
        let rule = if from.format.is_none() && from.zone.is_none() {
            general?
        } else {
            let words = self.file.time.as_ref().map(toml::Spanned::get_ref);
            let format = from.format.as_deref().or(words.and_then(|time| time.format.as_deref()));
            let zone = from.zone.as_deref().or(words.and_then(|time| time.zone.as_deref()))?;
            let said = words.is_some_and(|time| time.because.is_some());
            let typed = self.file.source.format == Format::Parquet && !said;
            let rule = TimeRule::of(format, zone, typed).map_err(|refusal| self.refuse(offset, at, refusal)).ok()?;
            if rule.overrides_the_text() && words.is_none_or(|time| time.because.is_none()) {
                let message = format!("the times claim a zone of their own, and are to be read as {zone}");
                let help = "say zone = \"in text\" to read what they claim, or because = \"…\" in [time]";
                self.error(offset, at, message, Some(help.to_owned()));
            }
            rule
        };
        self.must(offset, at, from.day.is_none(), "`day` is for dates");
        Some(rule)
    }

    /// How a date is written; where the text is an instant, the day of it in the zone that is named.
    fn date_rule(&mut self, from: &From, offset: Option<usize>, at: &str) -> Option<DateRule> {
        let general = self.file.time.as_ref().and_then(|time| time.get_ref().zone.as_deref());
        let overrides = self.time.as_ref().is_some_and(TimeRule::overrides_the_text);
        let words = DateWords {
            format: from.format.as_deref(),
            first_day: from.day.is_some(),
            zone: from.zone.as_deref().or(general),
            overridden: overrides && from.zone.is_none(),
            typed: self.file.source.format == Format::Parquet || self.is_of_parquet(from.column.as_deref()),
        };
        DateRule::new(words).map_err(|refusal| self.refuse(offset, at, refusal)).ok()
    }

    /// Whether a column comes from a second file whose values have types.
    fn is_of_parquet(&self, column: Option<&str>) -> bool {
        let join = column.and_then(|column| self.file.join.get(column.split_once('.')?.0));
        let file = join.map(|join| std::path::Path::new(&join.get_ref().file));
        file.and_then(std::path::Path::extension).is_some_and(|word| word.eq_ignore_ascii_case("parquet"))
    }

    /// The export's codes: each must stand for a value of the type, for `none`, or for `missing`. A choice of that name is the choice, as it is in
    /// a case as JSON; texts of what is not known are then listed as such.
    fn codes(&mut self, input: &Input, from: &From, offset: Option<usize>, at: &str) -> BTreeMap<String, Stands> {
        let plain = CellRule {
            from: TextFrom::Constant(String::new()),
            missing: if is_choice(input, MISSING) { Vec::new() } else { vec![MISSING.to_owned()] },
            none: Vec::new(),
            codes: BTreeMap::new(),
            separator: None,
            decimal_comma: false,
            date: DateRule::Iso,
            time: None,
            factor: None,
            is_text: false,
            unit_column: None,
        };
        let mut codes = BTreeMap::new();
        for (code, meaning) in &from.values {
            let of_case = &mut Codes::default();
            let read = plain.read(input, meaning, &mut Codebook { package: &self.plan.codes, case: of_case });
            let read = match read {
                Ok(ReadCell { datum: Datum::Known(_), .. }) if input.ty == Type::Code => {
                    Ok(Stands::ForCode(meaning.clone()))
                }
                Err(_) if meaning == "none" => none(input.shape).map(Stands::For),
                read => read.map(|cell| Stands::For(cell.datum)),
            };
            match read {
                Ok(stands) => {
                    codes.insert(code.clone(), stands);
                }
                Err(fault) => {
                    let message = format!("`{meaning}`: {}", fault.reason(input));
                    self.error(offset, at, message, None);
                }
            }
        }
        codes
    }
}

/// The word of a mapping for what is not known.
const MISSING: &str = "missing";

fn is_choice(input: &Input, word: &str) -> bool {
    matches!(&input.ty, Type::Enum { variants, .. } if variants.iter().any(|variant| variant == word))
}
