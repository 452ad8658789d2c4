//! Names where they are used: what a path means at a place.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::syntax::spelling::near;
use crate::syntax::tree::{Name, Path};
use crate::text::Span;
use crate::types::builder::seen::Meaning;
use crate::types::expressions::choice::choice;
use crate::types::expressions::unknown::did_you_mean;
use crate::types::{Builder, Place, Typed};
use crate::values::types::Type;

impl Builder<'_> {
    /// The value of a name, or of something that is asked of one.
    pub(in crate::types) fn path(&mut self, path: &Path, expected: Option<&Type>, place: Place) -> Option<Typed> {
        let (typed, means) = match path.parts.as_slice() {
            [name] => self.name(name, path.span, expected, place)?,
            _ => self.dotted(path, place)?,
        };
        self.saw(path.span, &typed, means);
        Some(typed)
    }

    fn dotted(&mut self, path: &Path, place: Place) -> Option<(Typed, Meaning)> {
        let [first, second, further @ ..] = path.parts.as_slice() else { return None };
        if let Some(points) = self.points(path, place) {
            return Some((points?, Meaning::Points));
        }
        if further.is_empty()
            && let Some(found) = self.of_alias(&first.node, second, place)
        {
            return found;
        }
        if let Some(found) = self.imported(path, place) {
            return found;
        }
        if !further.is_empty() {
            return self.unknown_name(&path.text(), path.span, place);
        }
        match self.context.inlining() {
            Some(_) => self.inlined_part(path, place),
            None => self.part(&first.node, &second.node, path, place),
        }
    }

    fn name(&mut self, called: &Name, span: Span, expected: Option<&Type>, place: Place) -> Option<(Typed, Meaning)> {
        let name = called.node.as_str();
        // Inside another package its facts come from the event, but a name means there what it means in the package alone.
        let carried = !self.context.of_this_case();
        if !carried && let Some(found) = self.meaning_at_hand(called, place) {
            return found;
        }
        if let Some(variant) = expected.and_then(|ty| choice(ty, name)) {
            if let (Some(ty), false) = (expected, carried) {
                self.one_meaning(name, ty, span)?;
            }
            return Some(variant);
        }
        if let Some(symbol) = self.names().get(name) {
            if carried
                && matches!(symbol, Symbol::Fact(_))
                && let Some(fact) = self.meaning_at_hand(called, place)
            {
                return fact;
            }
            if !carried && let Some(found) = self.of_event(symbol, (name, span), place) {
                return found;
            }
            let typed = match self.context.other() {
                Some(_) if carried => self.inlined(symbol, name, span, place)?,
                Some(_) => self.inlined(symbol, name, span, Place::default())?,
                None => self.symbol(symbol, name, span)?,
            };
            return Some((typed, Meaning::Declared(symbol)));
        }
        let enums: Vec<usize> = self.names().enums_with(name).collect();
        if let [only] = enums.as_slice()
            && !matches!(expected, Some(Type::Enum { .. }))
        {
            return self.context.enums().get(*only).and_then(|ty| choice(ty, name));
        }
        if enums.len() > 1 && !matches!(expected, Some(Type::Enum { .. })) {
            return self.choice_of_several(name, span, &enums);
        }
        if let Some(Type::Enum { name: wanted, variants, .. }) = expected {
            if variants.is_empty() {
                return None; // said where it is declared
            }
            let near = near(name, variants.iter().map(String::as_str), 3);
            let title = format!("`{name}` is not one of the choices of `{wanted}`");
            let choices = variants.join(", ");
            let fault =
                Diagnostic::error(codes::E0303, span, title, "not a choice").note(format!("the choices are {choices}"));
            return self.fault(did_you_mean(fault, &near, span));
        }
        if expected == Some(&Type::Instant) && self.kinds_of_alias(name, place).is_some() {
            let at = Name { node: "at".to_owned(), span };
            return self.of_alias(name, &at, place)?;
        }
        self.unknown_name(name, span, place)
    }

    pub(super) fn is_bare_variant(&self, path: &Path, place: Place) -> bool {
        let [name] = path.parts.as_slice() else {
            return false;
        };
        self.names().get(&name.node).is_none() && !self.is_at_hand(&name.node, place)
    }
}
