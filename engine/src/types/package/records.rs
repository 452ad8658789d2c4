//! What records call a fact or an event, `from snomed …`, and the other units in which they have it, `or mg/dL at 88.42`. Neither is part of
//! the logic: they say how cases are read.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::coding::{ChoiceCoding, Coded, Coding, Taking, Which};
use crate::plan::{Id, InputId, OtherUnit};
use crate::syntax::spelling::{alternatives, near};
use crate::syntax::tree;
use crate::syntax::tree::Number;
use crate::types::Builder;
use crate::values::dimension::{self, Conversion};
use crate::values::substances::{SUBSTANCES, Substance};
use crate::values::systems::{self, NotOne, SYSTEMS, System};
use crate::values::types::{Type, decimal};

/// What is said of a system for a word that is nearly its name.
const OTHER_NAMES: [(&str, &str); 9] = [
    ("SNOMED", "snomed"),
    ("snomed_ct", "snomed"),
    ("sct", "snomed"),
    ("LOINC", "loinc"),
    ("ICD10", "icd10"),
    ("icd", "icd10"),
    ("opcs", "opcs4"),
    ("dmd", "dm_d"),
    ("data_dictionary", "nhs_data_dictionary"),
];

/// Milliseconds of an hour and of a day of 24 hours.
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

impl Builder<'_> {
    /// The codes of something, each checked as far as its system allows.
    pub(in crate::types) fn codings(&mut self, from: &[tree::Coding], of: Coded) {
        for tree in from {
            let Some(system) = self.system(tree) else { continue };
            if self.checks(system, tree).is_some() && self.names_one(system, tree, of).is_some() {
                self.plan.coding(Coding { of, system, code: tree.code.node.clone() });
            }
        }
    }

    /// The codes of the choices of enums. A code stands once in an enum.
    pub(in crate::types) fn coded_choices(&mut self) {
        let mut all: Vec<ChoiceCoding> = Vec::new();
        for tree in &self.names().enums {
            let of = &tree.name.node;
            for (choice, variant) in tree.variants.iter().enumerate() {
                for coding in &variant.from {
                    let Some(system) = self.system(coding).filter(|system| self.checks(system, coding).is_some())
                    else {
                        continue;
                    };
                    let code = coding.code.node.clone();
                    let same = |other: &&ChoiceCoding| other.of == *of && other.system == system && other.code == code;
                    if let Some(first) = all.iter().find(same) {
                        let first = tree.variants.get(first.choice).map_or("", |variant| variant.name.node.as_str());
                        let title = format!("`{code}` is the code of two things");
                        let fault =
                            Diagnostic::error(codes::E0326, coding.code.span, title, format!("`{first}` has it"));
                        self.faults.push(
                            fault.help("a record that has it can mean one choice only: leave it out here or there"),
                        );
                        continue;
                    }
                    all.push(ChoiceCoding { of: of.clone(), choice, system, code });
                }
            }
        }
        self.plan.choices(all);
    }

    /// Which of several a fact is.
    pub(in crate::types) fn taking(&mut self, fact: &tree::Fact, ty: &Type, place: InputId) {
        let Some(tree) = &fact.taking else { return };
        let which = match tree.which {
            "first" => Which::First,
            "highest" => Which::Highest,
            "lowest" => Which::Lowest,
            _ => Which::Last,
        };
        if which.is_by_size() && !matches!(ty, Type::Number { .. }) {
            let title = format!("`{}` is no number, so none is the {}", fact.name.node, tree.which);
            let fault = Diagnostic::error(codes::E0327, tree.span, title, "by its size");
            self.faults.push(fault.help("take the `first` or the `last`, or list the choices as points of an enum"));
            return;
        }
        let within = match &tree.within {
            None => None,
            Some(number) => match self.look_back(number) {
                None => return,
                within => within,
            },
        };
        self.plan.taking(Taking { fact: place, which, within });
    }

    /// How far back a fact may lie: to the millisecond, as its time is one.
    fn look_back(&mut self, number: &Number) -> Option<i64> {
        let length = self.reader().in_milliseconds(number)?;
        let days =
            number.unit.as_ref().is_some_and(|unit| unit.text.starts_with("day") || unit.text.starts_with("week"));
        if length > 0 && !(days && length > DAY) {
            return Some(length);
        }
        let fault = Diagnostic::error(codes::E0327, number.span, "this is no time to look back", "how long?");
        self.fault(if length > 0 {
            fault.help(format!("several days can be counted in two ways: write `{} h`", length / HOUR))
        } else {
            fault.help("write a time above 0, such as `12 h`")
        })
    }

    /// What cannot be one of several says so.
    pub(in crate::types) fn takes_none(&mut self, fact: &tree::Fact, help: &str) {
        if let Some(tree) = &fact.taking {
            let title = format!("`{}` is not one of several", fact.name.node);
            let fault = Diagnostic::error(codes::E0327, tree.span, title, "not here");
            self.faults.push(fault.help(help));
        }
    }

    fn system(&mut self, tree: &tree::Coding) -> Option<&'static System> {
        let word = tree.system.node.as_str();
        if let Some(system) = systems::called(word) {
            return Some(system);
        }
        let title = format!("there is no code system `{word}`");
        let fault = Diagnostic::error(codes::E0324, tree.system.span, title, "not known");
        let other = OTHER_NAMES.iter().find(|(other, _)| other.eq_ignore_ascii_case(word)).map(|(_, meant)| *meant);
        let words = || SYSTEMS.iter().map(|system| system.word);
        let meant = other.map_or_else(|| near(word, words(), 3), |meant| vec![meant]);
        if let [first, others @ ..] = meant.as_slice() {
            let fault = fault.help(format!("did you mean {}?", alternatives(&meant)));
            return self.fault(if others.is_empty() { fault.edit(tree.system.span, *first) } else { fault });
        }
        let all: Vec<String> = SYSTEMS.iter().map(|system| format!("`{}`", system.word)).collect();
        self.fault(fault.help(format!("the systems are {}", all.join(", "))))
    }

    /// Whether the code can be one of its system.
    fn checks(&mut self, system: &System, tree: &tree::Coding) -> Option<()> {
        let code = &tree.code.node;
        let Err(why) = system.check(code) else { return Some(()) };
        let title = format!("`{code}` is no identifier of {}", system.title);
        let fault = Diagnostic::error(codes::E0325, tree.code.span, title, "no such identifier");
        self.fault(match why {
            NotOne::Form(looks) => fault.help(format!("one is {looks}")),
            NotOne::Check(fits) => fault.help(format!(
                "its last digit checks the others, and would be {fits}: a digit is wrong, or two are exchanged; copy it from its source again"
            )),
            NotOne::NoConcept => fault.help(
                "the two digits before the last say what it names, and these name no concept: give the concept, not one of its descriptions",
            ),
        })
    }

    /// Whether no other fact or event has the code: what is found by it is one thing.
    fn names_one(&mut self, system: &'static System, tree: &tree::Coding, of: Coded) -> Option<()> {
        let alike = |other: Coded| match (of, other) {
            (Coded::Field(kind, _), Coded::Field(another, _)) => kind == another,
            (Coded::Event(_), Coded::Event(_)) => true,
            (Coded::Fact(_) | Coded::Label(_), Coded::Fact(_) | Coded::Label(_)) => true,
            _ => false,
        };
        let same = |coding: &&Coding| coding.system == system && coding.code == tree.code.node && alike(coding.of);
        let Some(first) = self.plan.codings().iter().find(same).map(|coding| coding.of) else { return Some(()) };
        let title = format!("`{}` is the code of two things", tree.code.node);
        let label = if first == of { "given twice".to_owned() } else { format!("`{}` has it", self.called(first)) };
        let fault = Diagnostic::error(codes::E0326, tree.code.span, title, label);
        self.fault(fault.help("what a record holds under a code can be one thing only: leave it out here or there"))
    }

    fn called(&self, of: Coded) -> String {
        let subject = &self.plan.subject;
        match of {
            Coded::Fact(fact) => subject.inputs.get(fact).map(|input| input.name.clone()),
            Coded::Label(label) => subject.labels.get(label).map(|label| label.name.clone()),
            Coded::Event(kind) => subject.events.get(kind).map(|kind| kind.name.clone()),
            // The fields of the kind that is being declared are not in the plan yet.
            Coded::Field(_, field) => Some(format!("field {}", field.place() + 1)),
        }
        .unwrap_or_default()
    }

    /// The other units of a fact or a field, with how each becomes the declared one.
    pub(in crate::types) fn other_units(&mut self, tree: &tree::Fact, ty: &Type) -> Vec<OtherUnit> {
        let mut units: Vec<OtherUnit> = Vec::new();
        for other in &tree.also {
            let Type::Number { unit: Some(declared), .. } = ty else {
                let title = format!("`{}` has no unit, so it has no other", tree.name.node);
                let fault = Diagnostic::error(codes::E0619, other.span, title, "another unit");
                self.faults.push(fault.help(
                    "only a number with a unit is recorded in several: `integer 10..3000 µmol/L or mg/dL at 88.42`",
                ));
                return units;
            };
            let known = [declared.as_str()].into_iter().chain(units.iter().map(|unit| unit.unit.as_str()));
            if known.into_iter().any(|known| dimension::same(known, &other.unit.text)) {
                let title = format!("`{}` is given twice", other.unit.text);
                self.faults.push(Diagnostic::error(codes::E0619, other.unit.span, title, "given before"));
                continue;
            }
            if let Some(conversion) = self.conversion_of(other, declared) {
                units.push(OtherUnit { unit: other.unit.text.clone(), conversion });
            }
        }
        units
    }

    fn conversion_of(&mut self, other: &tree::OtherUnit, declared: &str) -> Option<Conversion> {
        let unit = other.unit.text.as_str();
        let by_months =
            [unit, declared].iter().any(|u| dimension::unit(u).is_some_and(|u| u.dimension == "calendar months"));
        if by_months {
            let title = format!("`{unit}` and `{declared}` are counted and not converted");
            let fault = Diagnostic::error(codes::E0619, other.span, title, "completed months and years");
            return self.fault(
                fault.help("30 months are 2 completed years and not 2.5: declare two facts, or a date of birth"),
            );
        }
        match (dimension::conversion(unit, declared), &other.at) {
            (Some(conversion), None) => Some(conversion),
            (Some(_), Some(at)) => {
                let title = format!("`{unit}` and `{declared}` convert by themselves");
                let fault = Diagnostic::error(codes::E0618, at.span, title, "not needed");
                self.fault(fault.help("leave `at` out: both measure the same thing"))
            }
            (None, Some(at)) => {
                let by = (at.digits > 0 && at.unit.is_none()).then(|| Conversion::by(at.digits, at.places)).flatten();
                if by.is_some() {
                    return by;
                }
                let title = format!("`at` says how many {declared} one {unit} is");
                let fault = Diagnostic::error(codes::E0618, at.span, title, "not a number above 0");
                self.fault(fault.help("a plain number belongs here, as in `or mg/dL at 88.42`"))
            }
            (None, None) => self.no_factor(other, declared),
        }
    }

    fn no_factor(&mut self, other: &tree::OtherUnit, declared: &str) -> Option<Conversion> {
        let unit = other.unit.text.as_str();
        let title = format!("how many {declared} one {unit} is depends on what is measured");
        let fault = Diagnostic::error(codes::E0617, other.span, title, "at how many?");
        let fits = |s: &&Substance| dimension::same(s.mass, unit) && dimension::same(s.amount, declared);
        let known: Vec<String> = SUBSTANCES
            .iter()
            .filter(fits)
            .filter_map(|s| {
                let name = s.to_amount.split("_in_").next()?;
                let (digits, places) = s.factor;
                Some(format!("`at {}` of {name}", decimal(digits, places)))
            })
            .collect();
        self.fault(fault.help(match known.as_slice() {
            [] => format!("say it after the unit: `or {unit} at 2.5`, where one {unit} is 2.5 {declared}"),
            known => format!("say it after the unit: {}", known.join(", ")),
        }))
    }
}
