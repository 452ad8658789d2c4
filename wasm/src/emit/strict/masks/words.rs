//! One word for each kind of event, in which bit `i` is the case's `i`-th event.

use std::collections::BTreeMap;

use concord_engine::plan::{Id, KindId, Kinds};

use crate::emit::assembler::{Bin, Code, EmitError, Lane, Node, Ty, Vector, int, long};
use crate::emit::walk::{Context, EventSource};

/// The most events of a case, and the most kinds.
pub(crate) const MOST: i64 = 64;

/// See the module.
#[derive(Clone)]
pub(crate) struct Masks {
    pub(super) kinds: BTreeMap<KindId, Node>,
    all: Node,
}

impl Masks {
    /// Reads the kinds of a case's events, of which there are 1 to 64, sixteen at once: there are 64 bytes from the first one's on. All
    /// happened by the instant asked about.
    pub(crate) fn of(code: &mut Code, context: &Context<'_>, events: &EventSource) -> Result<Masks, EmitError> {
        let count = code.share(&events.last.sub(&events.first));
        let all = code.share(&long(-1).bin(Bin::ShrU, &long(MOST).sub(&count.to(Ty::I64))));
        let start = code.share(&events.kinds.add(&events.first));
        let kinds: Vec<KindId> = Kinds(context.layout.kinds_used).places().collect();
        let words = sixteen(code, &start, &kinds)?;
        let words: Vec<Node> = words.iter().map(|word| code.variable(word)).collect();
        code.when(&count.bin(Bin::GtS, &int(16)));
        let done = code.variable(&long(16));
        let top = code.repeat();
        let further = sixteen(code, &start.add(&done.to(Ty::I32)), &kinds)?;
        for (word, further) in words.iter().zip(&further) {
            code.set(word, &word.bin(Bin::Or, &further.bin(Bin::Shl, &done)));
        }
        code.set(&done, &done.add(&long(16)));
        code.leave_when(top, &done.bin(Bin::LtS, &count.to(Ty::I64)));
        code.end();
        code.end();
        let words = words.iter().map(|word| code.share(&word.bin(Bin::And, &all)));
        Ok(Masks { kinds: kinds.into_iter().zip(words).collect(), all: all.clone() })
    }

    pub(super) fn of_kinds(&self, kinds: Kinds) -> Node {
        if !knows(kinds) {
            return self.all.clone();
        }
        let words = kinds.places().filter_map(|kind| self.kinds.get(&kind));
        words.fold(long(0), |all, word| all.bin(Bin::Or, word))
    }
}

/// Whether words tell events of these kinds apart from all others; of more it is asked at each event.
pub(in crate::emit::strict) fn knows(kinds: Kinds) -> bool {
    kinds.0.count_ones() <= 8
}

/// Which of sixteen events are of each kind.
fn sixteen(code: &mut Code, at: &Node, kinds: &[KindId]) -> Result<Vec<Node>, EmitError> {
    let events = code.share(&Node::vector(Vector::Load(0), vec![at.clone()]));
    let words = kinds.iter().map(|kind| {
        let byte = u8::try_from(kind.place()).map_err(|_| EmitError::TooLarge("more than 64 kinds of event"))?;
        let kind = Node::vector(Vector::Const([byte; 16]), Vec::new());
        let same = Node::vector(Vector::Eq(Lane::I8), vec![events.clone(), kind]);
        Ok(Node::vector(Vector::Bits, vec![same]).to(Ty::I64))
    });
    words.collect()
}
