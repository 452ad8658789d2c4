//! The functions that read and write JSON inside a module. As with all helpers, only those are there that something calls.

use crate::emit::assembler::Ty;
use crate::emit::runtime::Codec;

/// One line for each: its name, its parameters and its result, if it has one.
macro_rules! routines {
    ($($(#[$doc:meta])* $name:ident ($($ty:ident),*) $(-> $result:ident)?;)*) => {
        /// The functions. Where a text is read, an address comes back: of what follows, or 0 where the first, trusting reading gives up.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Routine { $($(#[$doc])* $name),* }

        impl Routine {
            const ALL: &[Routine] = &[$(Routine::$name),*];

            /// As the helpers know it.
            pub(super) fn codec(self) -> Codec {
                let (parameters, result): (&[Ty], &[Ty]) = match self {
                    $(Routine::$name => (&[$(Ty::$ty),*], &[$(Ty::$result)?])),*
                };
                Codec { number: self as usize, parameters, result: result.first().copied() }
            }
        }
    };
}

routines! {
    /// (at) → after white space
    White(I32) -> I32;
    /// (at) → after the digits
    Digits(I32) -> I32;
    /// (at) → after white space of a text of words
    Blank(I32, I32) -> I32;
    /// (first of the content) → after a string, which stands in the globals of the string
    String(I32) -> I32;
    /// (the same), where there are escapes, in a buffer
    Unescape(I32) -> I32;
    /// (at) → four hexadecimal digits
    Hex(I32) -> I32;
    /// (code point, to) → after its bytes
    Encode(I32, I32) -> I32;
    /// (first of the content) → after a string, or 0
    SkipString(I32) -> I32;
    /// (at) → after a key and its colon, or 0
    SkipKey(I32) -> I32;
    /// (at) → after a number, or 0
    NumberEnd(I32) -> I32;
    /// (at) → after a value of any kind, or 0
    Skip(I32) -> I32;
    /// (from, to) → whether it is UTF-8
    Utf8(I32, I32) -> I32;
    /// (first character) → the fault of the whole text, or 0
    Check(I32) -> I32;
    /// (one, other, bytes) → whether they are the same; there is one at least
    Same(I32, I32, I32) -> I32;
    /// (keys, how many, likely) → the place of the string among them, or −1
    Find(I32, I32, I32) -> I32;
    /// (code, place, key, suffix, expected, after) → after
    Fault(I32, I32, I32, I32, I32, I32) -> I32;
    /// (place, key, after) → after, a key told that is not known, or came before
    UnknownKey(I32, I32) -> I32;
    /// (from, to, places) → fault
    Decimal(I32, I32, I32) -> I32;
    /// (at) → a number of two digits, or −1
    Two(I32) -> I32;
    /// (months since the year 0) → the first day
    FirstOfMonth(I64) -> I64;
    /// (from, to) → whether it is a date
    Date(I32, I32) -> I32;
    /// (from, to) → 0, or 1 for a time of day, or 2 for one that is too fine
    Clock(I32, I32) -> I32;
    /// (from, to) → fault
    Instant(I32, I32) -> I32;
    /// (from, to) → fault
    Moment(I32, I32) -> I32;
    /// (from, to) → the number of these digits, or what is beyond any
    Count(I32, I32) -> I64;
    /// (total, count, unit) → the sum
    Longer(I64, I64, I64) -> I64;
    /// (from, to) → fault
    Duration(I32, I32) -> I32;
    /// (from, to) → a duration in ISO 8601, or what is beyond any, or less than 0
    IsoDuration(I32, I32) -> I64;
    /// (from, to) → a duration in words, or less than 0
    WordsDuration(I32, I32) -> I64;
    /// (from, to) → the length of a unit, or 0
    Unit(I32, I32) -> I64;
    /// (from, to) → fault
    NhsNumber(I32, I32) -> I32;
    /// (type, from, to) → fault
    Choice(I32, I32, I32) -> I32;
    /// (type, at, key) → after
    Value(I32, I32, I32) -> I32;
    /// (type) → fault
    Text(I32) -> I32;
    /// (type, from, to) → fault
    Ends(I32, I32, I32) -> I32;
    /// (at) → after an object, of which the globals say whether it has two ends
    FromTo(I32) -> I32;
    /// (type, at) → after
    Range(I32, I32) -> I32;
    /// (type, at) → fault
    EndOf(I32, I32) -> I32;
    /// (at, key) → after
    Label(I32, I32) -> I32;
    /// (from, to) → whether it is a label
    IsLabel(I32, I32) -> I32;
    /// (at, key, suffix) → after
    MomentAt(I32, I32, I32) -> I32;
    /// (at) → after
    Case(I32) -> I32;
    /// (at, key) → after
    AsOf(I32, I32) -> I32;
    /// (key of the table) → 0
    KeepFact(I32) -> I32;
    /// (at, key) → after
    NotSupplied(I32, I32) -> I32;
    /// (at, key) → after
    Events(I32, I32) -> I32;
    /// (at) → how many items a list has
    Items(I32) -> I32;
    /// (at) → after
    Event(I32) -> I32;
    /// (at) → 1, or 0 to give up; the globals say which kind of event an object is of
    KindOf(I32) -> I32;
    /// (place of the name, key) → 1, or 0 to give up
    KindNamed(I32, I32) -> I32;
    /// (at, key) → after
    When(I32, I32) -> I32;
    /// () → 0, the events in order in columns
    Arrange() -> I32;
    /// (literal) → 0
    Put(I32) -> I32;
    /// (from, bytes) → 0
    PutBytes(I32, I32) -> I32;
    /// (from, to) → 0, as the part of a pointer
    PutName(I32, I32) -> I32;
    /// (whole number, least digits) → 0
    PutWhole(I64, I32) -> I32;
    /// (value, places, whether zeros at the end are left out) → 0
    PutDecimal(I64, I32, I32) -> I32;
    /// (milliseconds) → 0, in ISO 8601
    PutIso(I64) -> I32;
    /// (milliseconds) → 0, in words
    PutDuration(I64) -> I32;
    /// (days) → 0
    PutDate(I64) -> I32;
    /// (milliseconds) → 0
    PutClock(I64) -> I32;
    /// (milliseconds) → 0, its seconds and thousandths
    PutSeconds(I64, I32) -> I32;
    /// (instant) → 0
    PutUtc(I64) -> I32;
    /// (instant) → 0, as the clock in London shows it
    PutLocal(I64) -> I32;
    /// (days) → 0, in words
    PutDay(I64) -> I32;
    /// (type, value) → 0
    PutJson(I32, I64) -> I32;
    /// (type, value) → 0
    PutShown(I32, I64) -> I32;
    /// (cell) → 0, its value in the globals
    Cell(I32) -> I32;
    /// (type, mask) → 0
    PutChoices(I32, I64) -> I32;
    /// (type, mask, how many more) → 0
    PutChoicesShown(I32, I64, I32) -> I32;
    /// () → 0, what stands before the next of several
    Separate() -> I32;
    /// (mask) → 0
    PutNeeds(I64) -> I32;
    /// (obligation) → what its deadline falls on
    DueBy(I32) -> I32;
    /// (what it falls on, instant) → 0
    PutDue(I32, I64) -> I32;
    /// (day, day) → the working days between
    WorkingDaysBetween(I64, I64) -> I64;
    /// (how many, which) → 0
    PutDays(I64, I32) -> I32;
    /// (answer) → 0
    PutValue(I32) -> I32;
    /// (answer) → 0
    PutUnknown(I32) -> I32;
    /// (answer) → 0
    PutVerdict(I32) -> I32;
    /// (literal, cell) → whether it is known
    PutInstant(I32, I32) -> I32;
    /// (status) → 0, the whole record
    PutAnswers(I32) -> I32;
    /// () → 0
    PutSettings() -> I32;
    /// (type, least, greatest, whether it may be none) → 0
    PutPossible(I32, I64, I64, I32) -> I32;
    /// (answer) → 0, why it is so
    PutReasons(I32) -> I32;
    /// (literal) → 0, a line of reasons that begins so
    PutLine(I32) -> I32;
    /// (parts) → 0
    PutParts(I32) -> I32;
    /// (part) → 0, its value
    PutPart(I32) -> I32;
    /// (type, least, greatest) → 0
    PutRange(I32, I64, I64) -> I32;
    /// (answer, whether it is a part) → 0, its value, or what is possible of it
    PutNamed(I32, I32) -> I32;
    /// () → 0, how many events of each kind there are, from the base up
    CountEvents() -> I32;
    /// (kinds, whether they are many) → 0
    PutCounts(I64, I32) -> I32;
    /// (kinds, instant) → 0, the events of these kinds at it
    PutCame(I64, I64) -> I32;
    /// (reason) → 0
    PutTable(I32) -> I32;
    /// (rows, from, to) → 0, the first that has outputs
    PutRow(I32, I32, I32) -> I32;
    /// (reason) → 0
    PutPath(I32) -> I32;
    /// (answer, reason) → 0
    PutObligation(I32, I32) -> I32;
    /// (answer, reason) → 0
    PutBundle(I32, I32) -> I32;
    /// (member, verdict) → 0
    PutMember(I32, I64) -> I32;
    /// (answer, verdict) → 0
    PutOfMember(I32, I64) -> I32;
    /// (what it falls on, due, done) → 0
    PutLateBy(I32, I64, I64) -> I32;
    /// () → 0
    PutFaults() -> I32;
    /// (fault) → 0
    PutFault(I32) -> I32;
    /// (last address) → whether it is there
    Reserve(I32) -> I32;
    /// (address, bytes) → 0, the text where it is read
    Copy(I32, I32) -> I32;
    /// (whether it is settings) → 0, or 1 where something is wrong with the text
    Read(I32) -> I32;
    /// (address, bytes, whether it is settings) → 0 where the text was read, or the status of the call
    Take(I32, I32, I32) -> I32;
    /// (address, bytes) → the status of a case
    Evaluate(I32, I32) -> I32;
    /// (at) → after
    Settings(I32) -> I32;
    /// (from, to) → the digest of a text
    Digest(I32, I32) -> I64;
    /// (address, bytes) → the status of settings
    Configure(I32, I32) -> I32;
}

impl Routine {
    /// The one that the helpers know by a number.
    pub(super) fn of(codec: Codec) -> Option<Routine> {
        Routine::ALL.get(codec.number).copied()
    }
}
