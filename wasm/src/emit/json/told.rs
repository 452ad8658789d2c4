//! The codes of faults: each is `D` and its number where faults are told, as in the reader of the command line, and has a page.

/// There is no text.
pub(super) const EMPTY: i64 = 1;
/// The text is not UTF-8.
pub(super) const NOT_UTF_8: i64 = 2;
/// The text has more bytes than fit.
pub(super) const TOO_LONG: i64 = 3;
/// The text is no JSON, or a name is no name.
pub(super) const NO_JSON: i64 = 4;
/// A key stands twice.
pub(super) const TWICE: i64 = 5;
/// A key that nobody knows.
pub(super) const UNKNOWN_KEY: i64 = 6;
/// A value of another kind.
pub(super) const WRONG_KIND: i64 = 7;
/// A value outside its range, a range that ends before it begins, or a number that is too large.
pub(super) const OUT_OF_RANGE: i64 = 8;
/// A number of more decimal places than are declared.
pub(super) const TOO_PRECISE: i64 = 9;
/// None of the choices.
pub(super) const NO_CHOICE: i64 = 10;
/// No date, time or length of time.
pub(super) const NO_TIME: i64 = 11;
/// A case that does not say as of when.
pub(super) const NO_AS_OF: i64 = 12;
/// No kind of event.
pub(super) const NO_KIND: i64 = 13;
/// An event that does not say when.
pub(super) const NO_AT: i64 = 14;
/// More events than a case may have.
pub(super) const TOO_MANY: i64 = 15;
/// A value that is always there is said to be none.
pub(super) const NOT_OPTIONAL: i64 = 16;
/// A text that may not label a case.
pub(super) const NO_LABEL: i64 = 17;
/// There are more faults than are told.
pub(super) const MORE: i64 = 19;
/// A time finer than a millisecond.
pub(super) const TOO_FINE: i64 = 20;
/// A number whose check digit does not fit.
pub(super) const CHECK_DIGIT: i64 = 21;
/// A unit that is not declared.
pub(super) const UNKNOWN_UNIT: i64 = 23;
/// A parameter that members may not set.
pub(super) const FIXED: i64 = 24;
/// An event that ends before it starts.
pub(super) const ENDS_EARLY: i64 = 25;
