//! Room for the values of a median, for as long as it is asked.

use concord_engine::plan::{Function, Query};

use super::domain::Domain;
use crate::emit::assembler::EmitError;
use crate::emit::memory::Lists;

/// Does what a query takes, with lists of its own where it asks for a median: those inside it have others.
pub(crate) fn with_lists<'p, D: Domain<'p>, T>(
    d: &mut D,
    query: &Query,
    work: impl FnOnce(&mut D, Option<Lists>) -> Result<T, EmitError>,
) -> Result<T, EmitError> {
    if query.function != Function::MedianDoubled {
        return work(d, None);
    }
    let lists = d.context().map.lists(d.context().medians);
    d.context_mut().medians += 1;
    let value = work(d, Some(lists));
    d.context_mut().medians -= 1;
    value
}
