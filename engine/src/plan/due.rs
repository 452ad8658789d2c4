//! What a deadline falls on: an instant, or a day that counts in full.

/// What the deadlines of an obligation fall on. Its due is an instant in any case: of a day the last millisecond in London.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueBy {
    /// an instant
    Instant,
    /// a day: one so many calendar days or months on, or a date
    Day,
    /// a day so many working days on
    WorkingDay,
    /// of a bundle whose parts differ: what that of its first open part falls on
    Part,
}

impl DueBy {
    /// What those of several together fall on; an instant where there is none.
    #[must_use]
    pub fn of_all(several: impl IntoIterator<Item = DueBy>) -> DueBy {
        let both = |one: DueBy, other: DueBy| match (one, other) {
            _ if one == other => one,
            (DueBy::Day | DueBy::WorkingDay, DueBy::Day | DueBy::WorkingDay) => DueBy::Day,
            _ => DueBy::Part,
        };
        several.into_iter().reduce(both).unwrap_or(DueBy::Instant)
    }
}
