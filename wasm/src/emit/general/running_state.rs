//! What a running query has gathered, kept for the next event.

use super::General;
use super::gather::Gathered;
use crate::emit::assembler::Node;

/// The locals in which a query gathers, with two copies of them; none where it gathers in memory.
pub(super) struct State {
    parts: Vec<Node>,
    /// Nothing gathered.
    empty: Vec<Node>,
    /// What is kept.
    kept: Vec<Node>,
}

impl State {
    /// Of a query that has gathered nothing yet.
    pub(super) fn of(general: &mut General<'_, '_>, gathered: &Gathered) -> State {
        let parts: Vec<Node> =
            parts(gathered).into_iter().filter(|part| matches!(part, Node::Local(..))).cloned().collect();
        let mut copy = || parts.iter().map(|part| general.code.variable(part)).collect();
        let (empty, kept) = (copy(), copy());
        State { parts, empty, kept }
    }

    /// Keeps what is gathered.
    pub(super) fn keep(&self, general: &mut General<'_, '_>, gathered: &Gathered) {
        match gathered {
            Gathered::Kept(kept) => kept.keep(general),
            _ => copy(general, &self.kept, &self.parts),
        }
    }

    /// Goes back to what was kept.
    pub(super) fn resume(&self, general: &mut General<'_, '_>, gathered: &Gathered) {
        match gathered {
            Gathered::Kept(kept) => kept.resume(general),
            _ => copy(general, &self.parts, &self.kept),
        }
    }

    /// Forgets what was kept.
    pub(super) fn forget(&self, general: &mut General<'_, '_>, gathered: &Gathered) {
        match gathered {
            Gathered::Kept(kept) => kept.forget(general),
            _ => copy(general, &self.kept, &self.empty),
        }
    }
}

fn copy(general: &mut General<'_, '_>, to: &[Node], from: &[Node]) {
    to.iter().zip(from).for_each(|(to, from)| general.code.set(to, from));
}

/// What is gathered from event to event; what is started anew at each event is not among it.
fn parts(gathered: &Gathered) -> Vec<&Node> {
    match gathered {
        Gathered::Nearest { union, certain, stopped, reach, bound, .. } => {
            let mut parts = union.parts();
            parts.extend([certain, stopped, reach]);
            parts.extend(bound.iter().map(|bound| &bound.value));
            parts
        }
        Gathered::Count { low, high, needs } | Gathered::Sum { low, high, needs, .. } => vec![low, high, needs],
        Gathered::Any { certain, possible, needs } => vec![certain, possible, needs],
        Gathered::Ends { ends, .. } => {
            vec![&ends.low, &ends.high, &ends.found, &ends.certain, &ends.bound, &ends.needs]
        }
        Gathered::Kept(_) | Gathered::Shared { .. } | Gathered::Nth { .. } | Gathered::Median(_) => Vec::new(),
    }
}
