//! Names that mean nothing here, or too much: what was probably meant.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::{Symbol, unsupported};
use crate::plan::{Id, KindId, ParameterId};
use crate::syntax::newcomers::{meant_by, number_in_words};
use crate::syntax::spelling::{alternatives, near};
use crate::syntax::tree::{self, ExprKind};
use crate::text::Span;
use crate::types::expressions::choice::choice;
use crate::types::package::subject::Role;
use crate::types::{Builder, Place, Typed};
use crate::values::types::Type;

/// How many near names are told.
const MOST: usize = 3;

impl Builder<'_> {
    /// A name in the place of a value that nothing declares.
    pub(super) fn unknown_name<T>(&mut self, name: &str, span: Span, place: Place) -> Option<T> {
        let last = name.rsplit('.').next().unwrap_or(name);
        if self.kinds_from(place).any(|kind| self.carries_unread(kind) || self.is_faulty_field(kind, last)) {
            return None; // may be a fact of a package that cannot be used, which is said where it is used
        }
        if let Some(found) = meant_by(&[name]) {
            if found.said == "otherwise" {
                let title = "`otherwise` is no value, and no cell of a table";
                let fault = Diagnostic::error(codes::E0213, span, title, "written in another way");
                return self.fault(fault.help("a row for all others has `any` in each cell, in a table in which the first row that fits answers: `table risk first { … any  any | low }`; in a `choose` the last answer is `low otherwise`"));
            }
            let title = format!("the language has no `{name}`");
            let fault = Diagnostic::error(codes::E0213, span, title, "written in another way");
            let fault = fault.help(found.help());
            return self.fault(found.word().into_iter().fold(fault, |fault, word| fault.edit(span, word)));
        }
        let small = name.to_ascii_lowercase();
        if let Some(word) = ["yes", "no", "none"].into_iter().find(|word| **word == *small) {
            let title = format!("`{name}` is written `{word}`");
            let fault = Diagnostic::error(codes::E0213, span, title, "words of the language have small letters");
            return self.fault(fault.edit(span, word));
        }
        if let Some(number) = number_in_words(&small) {
            let title = format!("`{name}` is written `{number}`");
            let fault = Diagnostic::error(codes::E0213, span, title, "numbers are written in figures");
            return self.fault(fault.help(format!("write `{number}`")).edit(span, number.to_string()));
        }
        let fault = Diagnostic::error(codes::E0303, span, format!("nothing here is called `{name}`"), "not declared");
        if let Some(event) = self.event_nearly(name) {
            let help = format!("it may be the event `{event}`: `any {event}`, `count {event}`, `first {event}`");
            return self.fault(fault.help(help));
        }
        if let Some(help) = self.event_and_field(name) {
            return self.fault(fault.help(help));
        }
        if let Some(help) = self.field_of_an_event(name).or_else(|| self.time_of_nothing(name)) {
            return self.fault(fault.help(help));
        }
        let lasting = self.kinds_from(place).any(|kind| self.at_hand.lasting.contain(kind));
        if lasting && matches!(&*small, "start" | "starts" | "began" | "begin" | "from" | "duration") {
            let help = "the start of an event that lasts is its `at`, what lies between its start and its `end` is its `length`";
            return self.fault(fault.help(help));
        }
        let fields = self.names_at_hand(place);
        let variants = self.names().enums.iter().flat_map(|e| &e.variants).map(|choice| choice.name.node.as_str());
        let values = self.names().of_kind(has_value);
        let near = near(name, values.chain(fields.iter().map(String::as_str)).chain(variants), MOST);
        if near.is_empty() {
            let help = "declare it as a fact, a define, a table or a parameter, or correct the name";
            return self.fault(fault.help(help));
        }
        self.fault(did_you_mean(fault, &near, span))
    }

    /// The event of which a name is the plural, or differs in capitals alone.
    fn event_nearly(&self, name: &str) -> Option<&str> {
        let mut events = self.plan.subject.events.iter().map(|event| event.name.as_str());
        let one = name.strip_suffix('s');
        events.find(|event| event.eq_ignore_ascii_case(name) || one.is_some_and(|one| event.eq_ignore_ascii_case(one)))
    }

    /// Whether an event declares a field of this name whose declaration is faulty, which is said there.
    pub(in crate::types) fn is_faulty_field(&self, kind: KindId, name: &str) -> bool {
        let written = self.names().subject.and_then(|subject| subject.events.get(kind.place()));
        let declared = written.is_some_and(|event| event.fields.iter().any(|field| field.name.node == name));
        let built = self.plan.subject.events.get(kind).is_some_and(|e| e.fields.iter().any(|field| field.name == name));
        declared && !built
    }

    /// What to say of `Fall.harm`: an event is asked for its facts in a query.
    pub(in crate::types) fn event_and_field(&self, name: &str) -> Option<String> {
        let (event, field) = name.split_once('.')?;
        let kind = self.plan.subject.events.iter().find(|e| e.name == event)?;
        kind.fields.iter().find(|f| f.name == field).map(|_| {
            format!(
                "a fact of an event is asked of one of them: `{field} of last {event}`, `any {event} where {field} …`"
            )
        })
    }

    /// What to say of `this.at`: an event goes by a name where one is given to it.
    fn time_of_nothing(&self, name: &str) -> Option<String> {
        let called = name.strip_suffix(".at")?;
        Some(match self.names().get(called) {
            Some(Symbol::Event(_) | Symbol::Events(_)) => {
                format!("the time of one such event is `first {called}` or `last {called}`, and inside a query `at`")
            }
            _ => format!(
                "an event goes by a name where that is given to it: `for each Fall called {called}`, `any Fall called {called} where …`"
            ),
        })
    }

    /// `smoker is unknown`: whether a fact is missing is never asked, but `unknown` may be a choice.
    pub(super) fn is_unknown<T>(&mut self, value: &tree::Expr, span: Span, place: Place) -> Option<T> {
        let said = self.context.words(value.span);
        let asked = self.context.words(Span { start: value.span.end, ..span });
        let word = if asked.ends_with("unknown") { "unknown" } else { "known" };
        let mark = self.faults.mark();
        let ty = self.expr(value, None, place).map(|typed| typed.ty);
        self.faults.take_out(mark);
        if let Some(Type::Enum { name, variants, .. }) = ty
            && variants.iter().any(|variant| variant == word)
        {
            let listed = if asked.starts_with("is not") { "not in" } else { "in" };
            let written = format!("{said} {listed} {{ {word} }}");
            let title = format!("`is {word}` asks whether something is recorded, and `{word}` is a choice of `{name}`");
            let fault = Diagnostic::error(codes::E0319, span, title, "which is meant?");
            return self
                .fault(fault.help(format!("the choice is asked for in a list: `{written}`")).edit(span, written));
        }
        let help = format!(
            "what a case leaves out is unknown, and so is what rests on it: nothing is written for that; \
             that there is none is recorded, of an `optional` fact, and asked with `{said} is none`"
        );
        self.fault(unsupported(span, "asking whether a fact is known").help(help))
    }

    /// What to say of a name that is a field of events: it has a value for one of them at a time.
    fn field_of_an_event(&self, name: &str) -> Option<String> {
        let event = self.plan.subject.events.iter().find(|e| e.fields.iter().any(|field| field.name == name))?;
        let event = &event.name;
        Some(format!(
            "it is a fact of the event `{event}`, and has a value for one such event: `{name} of first {event}`, `any {event} where {name} …`; what is said of each of them is declared so: `define x of {event} = …`, `table x of {event} {{ … }}`"
        ))
    }

    /// A name that is a choice of the enum expected and something else as well is not taken for either.
    pub(super) fn one_meaning(&mut self, name: &str, ty: &Type, span: Span) -> Option<()> {
        let Type::Enum { name: of, .. } = ty else { return Some(()) };
        let Some(symbol) = self.names().get(name).filter(|symbol| self.could_be(*symbol, ty)) else { return Some(()) };
        let title = format!("`{name}` is a choice of `{of}` and {}", symbol.kind());
        let fault = Diagnostic::error(codes::E0319, span, title, "which is meant?");
        let fault = if self.names().get(of).is_some_and(|symbol| matches!(symbol, Symbol::Enum(_))) {
            let choice = format!("{of}.{name}");
            fault.help(format!("if the choice is meant, write `{choice}`; give {} another name", the(symbol)))
        } else {
            fault.help(format!("give {} another name", the(symbol)))
        };
        self.fault(fault)
    }

    /// Whether a name could be meant where a value of this enum is expected. What is declared with a type is told by it; a
    /// definition is whatever its author makes of it.
    fn could_be(&self, symbol: Symbol, ty: &Type) -> bool {
        match symbol {
            Symbol::Fact(_) | Symbol::Parameter(_) => self.declared_as(symbol) == Some(ty),
            symbol => has_value(symbol),
        }
    }

    fn declared_as(&self, symbol: Symbol) -> Option<&Type> {
        match symbol {
            Symbol::Fact(index) => match self.roles.get(index)? {
                Role::Input(place) => self.plan.subject.inputs.get(*place).map(|input| &input.ty),
                Role::Label(_) | Role::Failed => None,
            },
            Symbol::Parameter(index) => self.plan.parameters.get(ParameterId::at(index)).map(|parameter| &parameter.ty),
            _ => None,
        }
    }

    /// A choice that several enums have, where nothing says which of them is expected.
    pub(super) fn choice_of_several<T>(&mut self, name: &str, span: Span, enums: &[usize]) -> Option<T> {
        let enums: Vec<&str> =
            enums.iter().filter_map(|place| self.names().enums.get(*place)).map(|e| e.name.node.as_str()).collect();
        let full: Vec<String> = enums.iter().map(|of| format!("{of}.{name}")).collect();
        let full: Vec<&str> = full.iter().map(String::as_str).collect();
        let title = format!("`{name}` is a choice of several enums: {}", enums.join(", "));
        let fault = Diagnostic::error(codes::E0319, span, title, "which is meant?");
        self.fault(fault.help(format!("write {}", alternatives(&full))))
    }

    /// A choice where only a fixed value can stand, so that nothing else of that name can be meant.
    pub(in crate::types) fn fixed_choice(&mut self, tree: &tree::Expr, ty: &Type) -> Option<Typed> {
        let ExprKind::Path(path) = &tree.kind else { return None };
        let [name] = path.parts.as_slice() else { return None };
        let (typed, means) = choice(ty, &name.node)?;
        self.saw(path.span, &typed, means);
        Some(typed)
    }
}

/// Whether a name of this kind stands for a value.
fn has_value(symbol: Symbol) -> bool {
    matches!(
        symbol,
        Symbol::Fact(_)
            | Symbol::Parameter(_)
            | Symbol::Table(_)
            | Symbol::Output(..)
            | Symbol::Define(_)
            | Symbol::Obligation(_)
    )
}

/// `the fact`, `the define`.
fn the(symbol: Symbol) -> String {
    let kind = symbol.kind();
    format!("the {}", kind.split_once(' ').map_or(kind, |(_, noun)| noun))
}

/// Names the near ones; where only one is near, as a change.
pub(in crate::types) fn did_you_mean(fault: Diagnostic, near: &[&str], span: Span) -> Diagnostic {
    match near {
        [] => fault,
        [only] => fault.help(format!("did you mean `{only}`?")).edit(span, *only),
        several => fault.help(format!("did you mean {}?", alternatives(several))),
    }
}
