//! Exports in long form, a row an observation: what a row is, the rule says by the codes after `from`, and no code is typed twice.

use super::bind::{Activity, Binder, FactRule};
use super::cell::CellRule;
use super::file::{ByCode, From, Take};
use crate::data::names::tidy;
use crate::data::other_unit;
use concord_engine::plan::coding::{Coded, Which};
use concord_engine::plan::{FieldId, Input, InputId, KindId};
use concord_engine::syntax::spelling::nearest;
use concord_engine::values::systems::{SYSTEMS, called};
use std::collections::BTreeMap;
use toml::Spanned;

impl Binder<'_> {
    /// What each code of the export is, by the codes of the rule.
    pub(super) fn activities_by_code(&mut self) -> BTreeMap<String, Activity> {
        let (file, package) = (self.file, self.package);
        let mut found = BTreeMap::new();
        let Some(spanned) = &file.events.by_code else { return found };
        let (by, offset) = (spanned.get_ref(), Some(spanned.span().start));
        let Some(system) = called(&by.system) else {
            let near = nearest(&by.system, SYSTEMS.iter().map(|system| system.word));
            let words = SYSTEMS.map(|system| system.word).join(", ");
            let help = near.map_or(format!("the systems are {words}"), |near| format!("did you mean `{near}`?"));
            self.error(offset, "events.by_code", format!("there is no code system `{}`", by.system), Some(help));
            return found;
        };
        for coding in package.codings.iter().filter(|coding| coding.system == system) {
            let activity = match coding.of {
                Coded::Fact(input) => self.fact_by_code(input, spanned).map(|rule| Activity::Fact(Box::new(rule))),
                Coded::Event(kind) => Some(Activity::Event(kind, self.field_by_code(kind, &coding.code, spanned))),
                // A field comes with its event, and a label from a column of its own.
                Coded::Field(..) | Coded::Label(_) => None,
            };
            found.extend(activity.map(|activity| (tidy(&coding.code).into_owned(), activity)));
        }
        if found.is_empty() {
            let message = format!("no fact and no event of the rule has a code of {}", system.title);
            let help = format!("write `from {} …` after them in the subject", system.word);
            self.error(offset, "events.by_code", message, Some(help));
        } else {
            self.notes.push(format!("Rows are found by their codes of {}.", system.title));
        }
        found
    }

    fn fact_by_code(&mut self, input: InputId, by: &Spanned<ByCode>) -> Option<FactRule> {
        let plan = self.plan;
        let declared = plan.subject.inputs.get(input)?;
        let Some(cell) = self.value_by_code(declared, by) else {
            let message = format!("`{}` has a code, and no column holds its value", declared.name);
            let help = "say `value = \"…\"` in `by_code`".to_owned();
            self.error(Some(by.span().start), "events.by_code", message, Some(help));
            return None;
        };
        let said = by.get_ref().take;
        let taking = self.package.takings.iter().find(|taking| taking.fact == input).copied();
        if let Some((taking, _)) = taking.zip(said).filter(|(taking, take)| !is_same(taking.which, *take)) {
            let (which, name) = (taking.which.word(), &declared.name);
            let message = format!("the rule says `taking {which}` of `{name}`, and `take` says otherwise");
            let help = "leave `take` out: which of several values counts is a clinical choice, and the rule makes it";
            self.error(Some(by.span().start), "events.by_code", message, Some(help.to_owned()));
        }
        // As for every fact, the first row that has it counts unless something else is said.
        Some(FactRule { input, cell, take: said.unwrap_or_default(), taking })
    }

    /// The field that has the code of its event takes the value.
    fn field_by_code(&mut self, kind: KindId, code: &str, by: &Spanned<ByCode>) -> Vec<(FieldId, CellRule)> {
        let (plan, package) = (self.plan, self.package);
        let field = package.codings.iter().find_map(|coding| match coding.of {
            Coded::Field(of, field) if of == kind && coding.code == code => Some(field),
            _ => None,
        });
        let input = |field| plan.subject.events.get(kind)?.fields.get(field);
        let rule = field.and_then(|field| Some((field, self.value_by_code(input(field)?, by)?)));
        rule.into_iter().collect()
    }

    fn value_by_code(&mut self, input: &Input, by: &Spanned<ByCode>) -> Option<CellRule> {
        let said = by.get_ref();
        let has_unit = other_unit::spelt(input).next().is_some();
        let from = From {
            column: Some(said.value.clone()?),
            unit_column: said.unit.clone().filter(|_| has_unit),
            ..From::default()
        };
        self.cell(input, &Spanned::new(by.span(), from), "events.by_code")
    }
}

/// Whether a mapping says of rows what the rule says of values.
fn is_same(which: Which, take: Take) -> bool {
    matches!((which, take), (Which::First, Take::First) | (Which::Last, Take::Last))
}
