//! Events that last: `event Ward : span` has an `end` beside its `at`, as a field of its own.

use crate::plan::{FieldId, Id, Input, KindId, Kinds, Shape, Unknown};
use crate::text::Span;
use crate::types::Builder;
use crate::values::calendar::{FIRST_INSTANT, LAST_INSTANT};
use crate::values::types::Type;

/// When it is over; none while it goes on.
pub(in crate::types) const END: &str = "end";
/// The place of that among its fields: it stands before those that the author declares.
pub(in crate::types) const END_PLACE: usize = 0;
/// From its start to its end, or to `as of` while it goes on.
pub(in crate::types) const LENGTH: &str = "length";

/// Any instant.
pub(in crate::types) const INSTANT: Shape = Shape::range(FIRST_INSTANT, LAST_INSTANT);

impl Builder<'_> {
    /// The end of an event that lasts, as a field of it.
    pub(in crate::types) fn declared_end(&mut self, kind: KindId, span: Span) -> Input {
        self.at_hand.lasting = self.at_hand.lasting.and(Kinds::one(kind));
        let unknown = self.unknown(Unknown::Field { kind, field: FieldId::at(END_PLACE) }, span);
        Input { name: END.to_owned(), ty: Type::Instant, shape: INSTANT.or_none(), unknown, also: Vec::new() }
    }

    /// Whether events of a kind have an end as well as a start.
    pub(in crate::types) fn lasts(&self, kind: KindId) -> bool {
        self.at_hand.lasting.contain(kind)
    }
}
