//! Enums, and the subject's facts and events.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::coding::Coded;
use crate::plan::{EventKind, FieldId, Id, Input, InputId, KindId, Label, LabelId, Needs, Shape, Unknown};
use crate::syntax::tree::{self, Name};
use crate::text::Span;
use crate::types::Builder;
use crate::types::builder::reader::Reader;
use crate::types::package::declared_type::MOST_CHOICES;
use crate::types::package::lasting::{END_PLACE, LENGTH};
use crate::values::types::{Points, Type};

/// Why a field of an event is not one of several.
const EVERY: &str =
    "every event of a record is one, and a query over them says which counts: `lowest value of Lactate`";

/// What a fact of the subject became.
#[derive(Clone, Copy, Debug)]
pub(in crate::types) enum Role {
    Input(InputId),
    Label(LabelId),
    Failed,
}

impl Reader<'_> {
    /// The enums of the package.
    pub(in crate::types) fn enums(&mut self) -> Vec<Type> {
        for tree in &self.names().enums {
            let variants = &tree.variants;
            self.all_have_points(tree);
            for (index, tree::Variant { name, .. }) in variants.iter().enumerate() {
                if variants.iter().take(index).any(|before| before.name.node == name.node) {
                    let title = format!("`{}` is listed twice in `{}`", name.node, tree.name.node);
                    self.faults.push(Diagnostic::error(codes::E0302, name.span, title, "listed again here"));
                }
            }
            self.all_are_called_otherwise(tree);
            if variants.len() > MOST_CHOICES {
                let (name, count) = (&tree.name.node, variants.len());
                let title = format!("`{name}` has {count} choices; at most {MOST_CHOICES} are allowed");
                let fault = Diagnostic::error(codes::E0306, tree.name.span, title, "too many choices");
                self.faults.push(fault.help("use a code list for long lists of codes"));
            }
        }
        enum_types(self.names())
    }

    /// A report has a row for each choice under its title: two of one title could not be told apart.
    fn all_are_called_otherwise(&mut self, tree: &tree::Enum) {
        let called = |choice: &tree::Variant| {
            // Without a title a choice is shown by its name.
            choice.label.as_deref().unwrap_or(&choice.name.node).trim().to_owned()
        };
        for (index, choice) in tree.variants.iter().enumerate() {
            let same = tree.variants.iter().take(index).find(|before| called(before) == called(choice));
            let Some(same) = same.filter(|same| same.name.node != choice.name.node) else { continue };
            let title = format!("two choices of `{}` are called \"{}\"", tree.name.node, called(choice));
            let fault = Diagnostic::warning(codes::W0401, choice.name.span, title, "called so again here");
            self.faults.push(
                fault.because(same.name.span, "the first").help(
                    "give each a title of its own: reports have a row for each, and nobody could tell them apart",
                ),
            );
        }
    }

    /// Points are plain numbers, and either every choice has them or none.
    fn all_have_points(&mut self, tree: &tree::Enum) {
        let given = tree.variants.iter().filter_map(|choice| choice.points.as_ref());
        if let Some(unit) = given.clone().find_map(|number| number.unit.as_ref()) {
            let fault =
                Diagnostic::error(codes::E0502, unit.span, "points have no unit", "a plain number belongs here");
            return self.faults.push(fault.help("leave the unit out"));
        }
        if given.clone().next().is_none() {
            return;
        }
        if let Some(without) = tree.variants.iter().find(|choice| choice.points.is_none()) {
            let title = format!("`{}` gives points to some of its choices only", tree.name.node);
            let fault = Diagnostic::error(codes::E0322, without.name.span, title, "how many points?");
            self.faults.push(fault.help("give every choice its points, `= 0` where it counts nothing"));
        } else if points_of(tree).is_none() {
            let title = "the number is too large to be stored exactly";
            self.faults.push(Diagnostic::error(codes::E0604, tree.name.span, title, "points of this enum"));
        }
    }
}

impl Builder<'_> {
    pub(in crate::types) fn subject(&mut self) {
        self.coded_choices();
        let Some(tree) = self.names().subject else {
            return;
        };
        self.plan.name_subject(&tree.name.node);
        self.subject_is_there(tree);
        for (place, fact) in tree.facts.iter().enumerate() {
            let owner = self.names().owner_of_fact(place);
            let role = self.declared_by(owner, |b| Some(b.fact(fact))).unwrap_or(Role::Failed);
            self.roles.push(role);
        }
        for (place, event) in tree.events.iter().enumerate() {
            let kind = KindId::at(place);
            let owner = self.names().owner_of_event(place);
            let read = self.declared_by(owner, |b| Some(b.event(kind, event)));
            let read = read.unwrap_or_else(|| self.unread_event(kind, event));
            self.plan.event(read);
        }
    }

    /// A subject that takes over what is not there.
    fn subject_is_there(&mut self, tree: &tree::Subject) {
        let Some(path) = tree.takes.as_ref().filter(|_| self.names().owners.is_empty()) else { return };
        let title = format!("there is no subject `{}`", path.text());
        let fault = Diagnostic::error(codes::E0316, path.span, title, "not found");
        self.faults.push(fault.help("write `use area.package as name` below the header, and name its subject: `subject Patient : name.Patient { … }`"));
    }

    /// Works on what a package declares: this one, or one whose subject it takes over.
    pub(in crate::types) fn declared_by<T>(
        &mut self,
        owner: Option<usize>,
        work: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let taken = self.names().subject.and_then(|subject| subject.takes.as_ref());
        match (owner, taken) {
            (Some(package), Some(path)) => self.within(package, None, path.span, work),
            _ => work(self),
        }
    }

    fn event(&mut self, kind: KindId, event: &tree::Event) -> EventKind {
        let unsupplied = self.unknown(Unknown::Events(kind), event.name.span);
        let untimed = self.unknown(Unknown::Time(kind), event.name.span);
        self.codings(&event.from, Coded::Event(kind));
        let mut fields: Vec<Input> = self.carried(kind, event);
        fields.extend(event.lasts.map(|span| self.declared_end(kind, span)));
        for field in &event.fields {
            self.takes_none(field, EVERY);
            self.has_a_key(&field.name, &["event"]);
            let built_in = event.lasts.is_some() && field.name.node == LENGTH;
            if built_in || fields.iter().any(|earlier| earlier.name == field.name.node) {
                let title = format!("`{}` has two fields called `{}`", event.name.node, field.name.node);
                self.faults.push(Diagnostic::error(codes::E0302, field.name.span, title, "declared again here"));
            }
            let unknown = Unknown::Field { kind, field: FieldId::at(fields.len()) };
            fields.extend(self.field(field, unknown));
        }
        let ends = event.lasts.map(|_| FieldId::at(END_PLACE));
        EventKind { name: event.name.node.clone(), fields: fields.into(), unsupplied, untimed, ends }
    }

    /// A record has keys of its own beside those of facts and fields: a fact of such a name could not be sent.
    fn has_a_key(&mut self, name: &Name, keys: &[&str]) {
        if keys.contains(&name.node.as_str()) {
            let title = format!("`{}` is a key of every record, so no fact can be sent by that name", name.node);
            let fault = Diagnostic::error(codes::E0208, name.span, title, "a key of records as JSON");
            self.faults.push(fault.help(format!("choose another name, such as `own_{}`", name.node)));
        }
    }

    fn fact(&mut self, fact: &tree::Fact) -> Role {
        self.has_a_key(&fact.name, &["as_of", "events", "not_supplied"]);
        let Some((ty, shape)) = self.reader().declared_type(&fact.ty, true) else {
            return Role::Failed;
        };
        let name = fact.name.node.clone();
        let also = self.other_units(fact, &ty);
        if ty.is_label() {
            let label = self.plan.label(Label { name, ty });
            self.codings(&fact.from, Coded::Label(label));
            self.takes_none(fact, "what only labels a case is taken as it is");
            return Role::Label(label);
        }
        let place = InputId::at(self.plan.subject.inputs.len());
        let unknown = self.unknown(Unknown::Fact(place), fact.name.span);
        self.codings(&fact.from, Coded::Fact(place));
        self.taking(fact, &ty, place);
        Role::Input(self.plan.input(Input { name, ty, shape, unknown, also }))
    }

    pub(in crate::types) fn field(&mut self, field: &tree::Fact, unknown: Unknown) -> Option<Input> {
        let (mut ty, mut shape) = self.reader().declared_type(&field.ty, true)?;
        if ty == Type::Organisation {
            (ty, shape) = (Type::Code, Shape::range(crate::values::codes::LOWEST, crate::values::codes::HIGHEST));
        }
        if ty.is_label() {
            let fault = Diagnostic::error(
                codes::E0506,
                field.ty.span,
                "a field of an event can be a code, but not text",
                "text",
            );
            return self
                .fault(fault.help("declare it `code` if it is a short code; free text never takes part in a rule"));
        }
        let also = self.other_units(field, &ty);
        if let Unknown::Field { kind, field: place } = unknown {
            self.codings(&field.from, Coded::Field(kind, place));
        }
        let unknown = self.unknown(unknown, field.name.span);
        Some(Input { name: field.name.node.clone(), ty, shape, unknown, also })
    }

    /// A bit for something that can be missing.
    pub(in crate::types) fn unknown(&mut self, unknown: Unknown, span: Span) -> u8 {
        let place = self.plan.unknown(unknown);
        if place == Needs::BITS as usize {
            let limit = crate::plan::MAX_UNKNOWNS;
            let title =
                format!("a package may have at most {limit} facts, fields, events and parameters that can be missing");
            let fault = Diagnostic::error(crate::diagnostics::codes::E0305, span, title, "this is one too many");
            self.faults.push(fault.help("split the package, or remove facts that no rule uses; an event counts twice: an export may not supply it, and its time may be unknown"));
        }
        u8::try_from(place).unwrap_or(u8::MAX)
    }
}

/// The points of an enum, where all its choices have them.
fn points_of(tree: &tree::Enum) -> Option<Points> {
    let places = tree.variants.iter().filter_map(|choice| choice.points.as_ref()).map(|number| number.places).max()?;
    let scaled = |number: &tree::Number| {
        let by = 10_i64.checked_pow(u32::from(places - number.places))?;
        number.digits.checked_mul(by).filter(|value| value.unsigned_abs() < 1 << 50)
    };
    let values = tree.variants.iter().map(|choice| choice.points.as_ref().and_then(scaled)).collect::<Option<_>>()?;
    Some(Points { places, values })
}

/// The enums of a package as types.
pub(in crate::types) fn enum_types(names: &crate::names::Names<'_>) -> Vec<Type> {
    let of = |tree: &&tree::Enum| Type::Enum {
        name: tree.name.node.clone(),
        variants: tree.variants.iter().map(|choice| choice.name.node.clone()).collect(),
        labels: tree.variants.iter().map(|choice| choice.label.clone()).collect(),
        points: points_of(tree),
    };
    names.enums.iter().map(of).collect()
}
