//! Facts, labels and fields of a mapping held against a plan; see [`super::bind()`].

use super::bind::{Binder, FactRule, LabelRule};
use super::cell::{CellRule, TextFrom};
use super::file::{From, Take};
use super::time::TimeRule;
use crate::data::number::read_numeral;
use crate::data::value::none;
use concord_engine::plan::Input;
use concord_engine::plan::case::Datum;
use concord_engine::syntax::spelling::nearest;
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
            let take = from.get_ref().take.unwrap_or_default();
            let declared = plan.subject.inputs.get(input);
            if take == Take::Any && declared.is_some_and(|input| input.ty != Type::YesNo) {
                self.error(offset, &at, "`take = \"any\"` is for yes/no facts".to_owned(), None);
            }
            if let Some(cell) = declared.and_then(|input| self.cell(input, from, &at)) {
                rules.push(FactRule { input, cell, take });
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
            if let Some(source) = self.text_from(from, offset, &at) {
                let missing = from.missing.clone().unwrap_or_else(|| file.source.missing.clone());
                let take = from.take.unwrap_or_default();
                rules.push(LabelRule { label, from: source, missing, take });
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
        let factor = from.times.as_ref().and_then(|text| {
            let factor = read_numeral(text);
            if factor.is_err() {
                self.error(offset, at, "`times` is not a number".to_owned(), None);
            }
            factor.ok()
        });
        if let (Some(times), Some(unit)) = (&from.times, &from.unit) {
            self.notes.push(format!(
                "`{}` is exported in {unit}; it is multiplied by {times} and rounded to the declared places.",
                input.name
            ));
        }
        let codes = self.codes(input, from, offset, at);
        Some(CellRule {
            from: source,
            missing: from.missing.clone().unwrap_or_else(|| self.file.source.missing.clone()),
            none: from.none.clone(),
            codes,
            decimal_comma: self.file.source.decimal_comma,
            date_format: from.format.clone(),
            time,
            factor,
        })
    }

    fn instant_rule(&mut self, from: &From, offset: Option<usize>, at: &str) -> Option<TimeRule> {
        let rule = self.times_at(offset, at)?;
        let Some(format) = &from.format else {
            return Some(rule);
        };
        let zone = self.file.time.as_ref().and_then(|time| time.get_ref().zone.clone());
        TimeRule::new(Some(format), &zone.unwrap_or_default())
            .map_err(|message| self.error(offset, at, message, None))
            .ok()
    }

    /// The export's codes: each must stand for a value of the type, for `none`, or for `missing`.
    fn codes(&mut self, input: &Input, from: &From, offset: Option<usize>, at: &str) -> BTreeMap<String, Datum> {
        let plain = CellRule {
            from: TextFrom::Constant(String::new()),
            missing: vec!["missing".to_owned()],
            none: Vec::new(),
            codes: BTreeMap::new(),
            decimal_comma: false,
            date_format: None,
            time: None,
            factor: None,
        };
        let mut codes = BTreeMap::new();
        for (code, meaning) in &from.values {
            let read = plain.read(input, meaning).map(|(datum, _)| datum);
            match read.or_else(|fault| if meaning == "none" { none(input.shape) } else { Err(fault) }) {
                Ok(datum) => {
                    codes.insert(code.clone(), datum);
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
