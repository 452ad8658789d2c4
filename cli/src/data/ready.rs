//! What an export is ready for: which facts and events of a rule its mapping gives, and which answers can be given without the rest. That is
//! tried on the rule's own cases: judged whole, and judged without what the export does not give.

use super::mapping::file::Format;
use super::mapping::{Activity, Binding};
use super::read::Mapping;
use crate::results::Data;
use concord_engine::evaluate::{Outcome, evaluate};
use concord_engine::explain::unknown_name;
use concord_engine::plan::case::{Case, Datum};
use concord_engine::plan::coding::Coded;
use concord_engine::plan::library::Example;
use concord_engine::plan::{Answer, AnswerKind, CellId, FieldId, Id, InputId, KindId, Kinds, Package, Plan};
use std::collections::BTreeSet;

/// What an export gives of a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    facts: BTreeSet<InputId>,
    labels: Vec<bool>,
    /// Kinds of event that it cannot have.
    lacks: u64,
    fields: BTreeSet<(KindId, FieldId)>,
    /// Facts and kinds that are mapped, and that no case of the data has.
    never_facts: BTreeSet<InputId>,
    never_kinds: u64,
}

/// How far an answer can be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready {
    /// Its name in the rule.
    pub name: String,
    /// The rule's own cases that decide it.
    pub cases: usize,
    /// Those of them that still do.
    pub decided: usize,
    /// What the others want.
    pub wants: Vec<String>,
}

/// Names of what a subject has: mapped and there, mapped and never seen in the data, not mapped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Mapped.
    pub given: Vec<String>,
    /// Mapped, and in no case of the data.
    pub never: Vec<String>,
    /// Not mapped.
    pub lacking: Vec<String>,
}

impl Given {
    /// What a mapping gives; with the account of data read by it, what never comes up in them.
    #[must_use]
    pub fn of(package: &Package, mapping: &Mapping, data: Option<&Data>) -> Given {
        let plan = &package.plan;
        let binding = &mapping.binding;
        let mut given = Given {
            facts: binding.facts.iter().map(|fact| fact.input).collect(),
            labels: vec![false; plan.subject.labels.len()],
            lacks: binding.not_supplied,
            fields: BTreeSet::new(),
            never_facts: BTreeSet::new(),
            never_kinds: 0,
        };
        for label in &binding.labels {
            given.labels.iter_mut().skip(label.label.place()).take(1).for_each(|slot| *slot = true);
        }
        given.events(binding);
        match mapping.file.source.format {
            Format::Ndjson => given.all(plan),
            Format::Fhir => given.coded(package),
            _ => {}
        }
        if let Some(data) = data.filter(|data| data.cases > 0) {
            let never = |kind: &str, name: &str| {
                data.completeness.iter().any(|line| line.kind == kind && line.name == name && line.present == 0)
            };
            let facts = plan.subject.inputs.placed().filter(|(_, input)| never("fact", &input.name));
            given.never_facts = facts.map(|(fact, _)| fact).filter(|fact| given.facts.contains(fact)).collect();
            let kinds = plan.subject.events.placed().filter(|(_, kind)| never("event", &kind.name));
            given.never_kinds = kinds.fold(0, |bits, (kind, _)| bits | Kinds::one(kind).0) & !given.lacks;
        }
        given
    }

    fn events(&mut self, binding: &Binding) {
        for activity in binding.activities.values() {
            match activity {
                Activity::Fact(fact) => {
                    self.facts.insert(fact.input);
                }
                Activity::Event(kind, fields) => self.fields.extend(fields.iter().map(|(field, _)| (*kind, *field))),
                Activity::Facts | Activity::LeftOut => {}
            }
        }
        for event in &binding.column_events {
            self.fields.extend(event.fields.iter().map(|(field, _)| (event.kind, *field)));
        }
    }

    /// A case in JSON may have all that the subject has.
    fn all(&mut self, plan: &Plan) {
        self.lacks = 0;
        self.labels.iter_mut().for_each(|slot| *slot = true);
        self.facts = plan.subject.inputs.placed().map(|(fact, _)| fact).collect();
        let fields = plan.subject.events.placed();
        self.fields = fields.flat_map(|(kind, of)| of.fields.placed().map(move |(field, _)| (kind, field))).collect();
    }

    /// Of resources of FHIR all is read that the rule gives a code, and the end of what lasts.
    fn coded(&mut self, package: &Package) {
        for coding in &package.codings {
            match coding.of {
                Coded::Fact(fact) => drop(self.facts.insert(fact)),
                Coded::Event(kind) => self.lacks &= !Kinds::one(kind).0,
                Coded::Field(kind, field) => drop(self.fields.insert((kind, field))),
                // A label has a constant in the mapping, or nothing.
                Coded::Label(_) => {}
            }
        }
        let lasting = package.plan.subject.events.placed().filter_map(|(kind, of)| Some((kind, of.ends?)));
        self.fields.extend(lasting);
    }

    /// The facts by name.
    #[must_use]
    pub fn facts(&self, plan: &Plan) -> Names {
        let mut names = Names::default();
        for (fact, input) in plan.subject.inputs.placed() {
            names.add(&input.name, self.facts.contains(&fact), self.never_facts.contains(&fact));
        }
        names
    }

    /// The kinds of event by name.
    #[must_use]
    pub fn events_by_name(&self, plan: &Plan) -> Names {
        let mut names = Names::default();
        for (kind, of) in plan.subject.events.placed() {
            names.add(&of.name, !Kinds(self.lacks).contain(kind), Kinds(self.never_kinds).contain(kind));
        }
        names
    }

    /// Fields of events that it gives, as `Lactate.value`, of those kinds that it gives.
    #[must_use]
    pub fn fields(&self, plan: &Plan) -> Names {
        let mut names = Names::default();
        for (kind, of) in plan.subject.events.placed().filter(|(kind, _)| !Kinds(self.lacks).contain(*kind)) {
            for (field, input) in of.fields.placed() {
                names.add(&format!("{}.{}", of.name, input.name), self.fields.contains(&(kind, field)), false);
            }
        }
        names
    }

    /// The labels by name.
    #[must_use]
    pub fn labels(&self, plan: &Plan) -> Names {
        let mut names = Names::default();
        for (label, given) in plan.subject.labels.iter().zip(&self.labels) {
            names.add(&label.name, *given, false);
        }
        names
    }

    /// The case as this export would have it.
    fn without(&self, case: &Case) -> Case {
        let lacks = self.lacks | self.never_kinds;
        let mut case = case.clone();
        case.not_supplied |= lacks;
        case.events.retain(|event| !Kinds(lacks).contain(event.kind));
        for (place, datum) in case.facts.iter_mut().enumerate() {
            let fact = InputId::at(place);
            if !self.facts.contains(&fact) || self.never_facts.contains(&fact) {
                *datum = Datum::Missing;
            }
        }
        for event in &mut case.events {
            for (place, datum) in event.fields.iter_mut().enumerate() {
                if !self.fields.contains(&(event.kind, FieldId::at(place))) {
                    *datum = Datum::Missing;
                }
            }
        }
        case
    }

    /// How far each answer can be given, tried on the rule's own cases.
    #[must_use]
    pub fn ready(&self, package: &Package, examples: &[&Example]) -> Vec<Ready> {
        let plan = &package.plan;
        let judged: Vec<(Outcome, Outcome)> = examples
            .iter()
            .map(|example| {
                let settings = example.settings_for(plan.parameters.len());
                let whole = evaluate(plan, &example.case, &settings);
                (whole, evaluate(plan, &self.without(&example.case), &settings))
            })
            .collect();
        plan.answers.iter().map(|answer| ready(plan, answer, &judged)).collect()
    }
}

impl Names {
    fn add(&mut self, name: &str, given: bool, never: bool) {
        let list = match (given, never) {
            (false, _) => &mut self.lacking,
            (true, true) => &mut self.never,
            (true, false) => &mut self.given,
        };
        list.push(name.to_owned());
    }
}

fn ready(plan: &Plan, answer: &Answer, judged: &[(Outcome, Outcome)]) -> Ready {
    let cell: CellId = match &answer.kind {
        AnswerKind::Value { cell, .. } | AnswerKind::Output { cell, .. } => *cell,
        AnswerKind::Obligation(cells) => cells.verdict,
    };
    let decides = |outcome: &Outcome| outcome.broken.is_none() && outcome.only(plan, cell).is_some();
    let (mut cases, mut decided, mut wants) = (0, 0, BTreeSet::new());
    for (_, own) in judged.iter().filter(|(whole, _)| decides(whole)) {
        cases += 1;
        if decides(own) {
            decided += 1;
        } else {
            // The outcome has every cell of an answer.
            let needs = own.cells.get(cell).map_or(0, |value| value.needs);
            let bits = (0..plan.unknowns.len()).filter(|bit| needs >> bit & 1 == 1);
            wants.extend(bits.map(|bit| unknown_name(plan, bit)));
        }
    }
    Ready { name: answer.name.clone(), cases, decided, wants: wants.into_iter().collect() }
}
