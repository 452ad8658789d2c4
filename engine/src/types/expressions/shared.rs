//! Facts that events of several kinds have in common: the same name and the same type in each of them.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Expr, FieldId, KindId, Kinds};
use crate::syntax::tree::Name;
use crate::types::builder::seen::Meaning;
use crate::types::expressions::fit::describe;
use crate::types::expressions::terms::hull;
use crate::types::{Builder, Typed};

impl Builder<'_> {
    /// A fact of an event at level 0 that may be of any of these kinds: each gives its own.
    pub(in crate::types) fn shared_fact(&mut self, kinds: Kinds, name: &Name) -> Option<(Typed, Meaning)> {
        let mut fields: Vec<(KindId, FieldId, Typed)> = Vec::new();
        let mut without: Vec<String> = Vec::new();
        for kind in kinds.places() {
            match self.fact_of_event(kind, &name.node, 0) {
                Some((place, typed)) => fields.push((kind, place, typed)),
                None => without.push(self.plan.subject.events.get(kind)?.name.clone()),
            }
        }
        let (first, place, ty, shape) = fields.first().map(|(k, p, f)| (*k, *p, f.ty.clone(), f.expr.shape))?;
        if !without.is_empty() {
            let title = format!("not every event here has `{}`", name.node);
            let label = match without.as_slice() {
                [one, two, three, more @ ..] if !more.is_empty() => {
                    format!("{one}, {two}, {three} and others have none")
                }
                [one] => format!("{one} has none"),
                several => format!("{} have none", several.join(", ")),
            };
            let fault = Diagnostic::error(codes::E0320, name.span, title, label);
            return self.fault(fault.help(self.ask_where_it_is(&name.node, &fields)));
        }
        if let Some((other, _, field)) = fields.iter().find(|(_, _, field)| field.ty != ty) {
            let event = |kind: KindId| self.plan.subject.events.get(kind).map_or("", |event| event.name.as_str());
            let title = format!("`{}` is not the same in every event here", name.node);
            let (one, two) = (describe(&ty), describe(&field.ty));
            let label = format!("{one} in {}, {two} in {}", event(first), event(*other));
            let fault = Diagnostic::error(codes::E0320, name.span, title, label);
            return self.fault(fault.help(self.ask_where_it_is(&name.node, &fields)));
        }
        let shape = fields.iter().fold(shape, |shape, (_, _, field)| hull(shape, field.expr.shape));
        let parts: Vec<(KindId, Expr)> = fields.into_iter().map(|(kind, _, field)| (kind, field.expr)).collect();
        let expr = self.plan.by_kind(shape, parts);
        Some((Typed { expr, ty }, Meaning::Field(first, place)))
    }

    fn ask_where_it_is(&self, name: &str, fields: &[(KindId, FieldId, Typed)]) -> String {
        let events = fields.iter().filter_map(|(kind, ..)| self.plan.subject.events.get(*kind));
        let sample = events.take(1).map(|event| format!("({} where {name} … or …)", event.name)).collect::<String>();
        format!("ask it of the events that have it, inside the set: `{sample}`")
    }
}
