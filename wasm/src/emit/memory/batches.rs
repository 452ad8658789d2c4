//! How the batch entry of a module goes about its rows.

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    /// one by one, as every engine can
    OneByOne,
    /// one by one, the events of each as bits where they are few
    AsBits,
    /// sixteen at once, by lanes
    ByLanes,
}
