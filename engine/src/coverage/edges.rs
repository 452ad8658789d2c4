//! Lines of clocks and stages of paths: an event fits each in some case. At one event the first line of a clock that fits counts.

use super::notes::{Notes, every_kind, fits, kind_named};
use super::{Aspect, Point};
use crate::evaluate::Evaluated;
use crate::plan::Kinds;
use crate::syntax::tree::{Events, EventsKind, Expr, Item, Query};

/// Notes the lines of clocks and the stages of paths.
pub(super) fn declare(notes: &mut Notes<'_>) {
    let of = notes.of;
    for item in &of.file.items {
        match item {
            Item::Clock(clock) => clock.edges.iter().for_each(|edge| {
                let what = format!("{}` of `{}", notes.words(edge.span), clock.name.node);
                notes.declare("", Point::of(Aspect::Line, edge.span, what));
            }),
            Item::Path(path) => path.stages.iter().for_each(|stage| {
                let what = format!("{}` of `{}", notes.words(stage.span), path.name.node);
                notes.declare("", Point::of(Aspect::Stage, stage.span, what));
            }),
            _ => {}
        }
    }
}

/// Marks those that an event of the case fits.
pub(super) fn mark(notes: &mut Notes<'_>, evaluated: &Evaluated<'_>) {
    let of = notes.of;
    for item in &of.file.items {
        match item {
            Item::Clock(clock) => {
                for event in 0..evaluated.case().events.len() {
                    if let Some(edge) = clock.edges.iter().find(|edge| belongs(notes, evaluated, &edge.on, event)) {
                        notes.mark(Aspect::Line, edge.span, "");
                    }
                }
            }
            Item::Path(path) => {
                for stage in &path.stages {
                    let all = 0..evaluated.case().events.len();
                    if all.into_iter().any(|event| stage.events.iter().any(|on| belongs(notes, evaluated, on, event))) {
                        notes.mark(Aspect::Stage, stage.span, "");
                    }
                }
            }
            _ => {}
        }
    }
}

/// Whether an event certainly belongs to what a line names.
fn belongs(notes: &Notes<'_>, evaluated: &Evaluated<'_>, query: &Query, event: usize) -> bool {
    among(notes, evaluated, &query.events, event)
        && query.filter.as_ref().is_none_or(|filter| holds(notes, evaluated, filter, event))
}

fn among(notes: &Notes<'_>, evaluated: &Evaluated<'_>, events: &Events, event: usize) -> bool {
    let is = |kinds: Kinds| evaluated.case().events.get(event).is_some_and(|event| kinds.contain(event.kind));
    let part = |part: &crate::syntax::tree::Part| {
        among(notes, evaluated, &part.events, event)
            && part.filter.as_ref().is_none_or(|filter| holds(notes, evaluated, filter, event))
    };
    match &events.kind {
        EventsKind::Every => is(every_kind(notes.of)),
        EventsKind::Either(parts) => parts.iter().any(part),
        EventsKind::Named(path) => {
            let name = path.text();
            let set = notes.of.file.items.iter().find_map(|item| match item {
                Item::Events(set) if set.name.node == name => Some(set),
                _ => None,
            });
            set.map_or_else(|| is(kind_named(notes.of, &name)), |set| set.parts.iter().any(part))
        }
    }
}

/// Whether a condition on the event certainly holds.
fn holds(notes: &Notes<'_>, evaluated: &Evaluated<'_>, filter: &Expr, event: usize) -> bool {
    let mut asked = notes.asked(filter.span).filter(|asked| fits(evaluated, &asked.around, &[event]));
    asked.any(|asked| evaluated.ask(&asked.expr, &[event]).is_yes())
}
