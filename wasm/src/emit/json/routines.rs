//! The functions that read and write JSON inside a module. As with all helpers, only those are there that something calls.

use crate::emit::assembler::Ty;
use crate::emit::runtime::Codec;

/// One line for each: its name, its parameters and its result, if it has one.
macro_rules! routines {
    ($($(#[$doc:meta])* $name:ident ($($ty:ident),*) $(-> $result:ident)?;)*) => {
        /// The functions. Where a text is read, an address comes back: of what follows, or of its end where it is not as it must be.
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
    /// () → the end of the text, of which it is kept that it is no JSON
    Bad() -> I32;
    /// (at, character) → after it
    Past(I32, I32) -> I32;
    /// (at) → after a key, its colon and white space
    Key(I32) -> I32;
    /// (at) → after the digits
    Digits(I32) -> I32;
    /// (at) → after white space of a text of words
    Blank(I32, I32) -> I32;
    /// (at) → after a string, which stands in the globals of the string
    String(I32) -> I32;
    /// (first of the content) → the same of one that is not plain, in a buffer
    Unescape(I32) -> I32;
    /// (at) → four hexadecimal digits, or −1
    Hex(I32) -> I32;
    /// (code point, to) → after its bytes
    Encode(I32, I32) -> I32;
    /// (character, characters, others, how many) → the other at its place, or 0
    Mapped(I32, I32, I32, I32) -> I32;
    /// (at) → after a character of UTF-8, which stands in a global, or 0
    Character(I32) -> I32;
    /// (from, to, ranges) → how many characters, or −1 where one is in the ranges
    Characters(I32, I32, I32) -> I32;
    /// (at) → after a number
    NumberEnd(I32) -> I32;
    /// (at) → after a value of any kind
    Skip(I32) -> I32;
    /// (at) → after one that is neither an object nor a list
    SkipPlain(I32) -> I32;
    /// (one, other, bytes) → whether they are the same
    Same(I32, I32, I32) -> I32;
    /// (table, likely) → the entry of the string, or 0
    Find(I32, I32) -> I32;
    /// (text) → whether the string is this
    Is(I32) -> I32;
    /// (table, which came before, likely, at) → at the value of a key, whose entry stands in a global; or after it, and 0
    Name(I32, I32, I32, I32) -> I32;
    /// (object, name, name or 0): where the values of two members stand, in globals
    Members(I32, I32, I32);
    /// (code, place, key, expected)
    Fault(I32, I32, I32, I32);
    /// (place): a key told that is not known, or came before
    UnknownKey(I32);
    /// (from, to, places) → fault
    Decimal(I32, I32, I32) -> I32;
    /// (type, from, to, unit) → fault
    Scaled(I32, I32, I32, I32) -> I32;
    /// (factor) → whether the number of 128 bits is too large then
    Times(I64) -> I32;
    /// (how often) → the same of so many tens
    TimesTen(I64) -> I32;
    /// (type) → fault of a number with its unit, which the globals of the members say
    InUnit(I32) -> I32;
    /// (at) → a number of two digits, or −1
    Two(I32) -> I32;
    /// (months since the year 0) → the first day
    FirstOfMonth(I32) -> I32;
    /// (from, to) → fault
    Date(I32, I32) -> I32;
    /// (from, to) → fault
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
    /// (from, to) → fault
    Code(I32, I32) -> I32;
    /// (from, to) → fault
    ListedCode(I32, I32) -> I32;
    /// (link, code) → the link to it, or that to which it belongs
    FindCode(I32, I32) -> I32;
    /// (type, from, to) → fault
    Choice(I32, I32, I32) -> I32;
    /// (type, at, key) → after
    Value(I32, I32, I32) -> I32;
    /// (type) → fault
    Text(I32) -> I32;
    /// (type, unit or 0) → fault of a value beyond another, or −1 where it is none
    Beyond(I32, I32) -> I32;
    /// (type, from, to) → fault
    Ends(I32, I32, I32) -> I32;
    /// (type, at) → fault
    EndOf(I32, I32) -> I32;
    /// (at, key) → after
    Label(I32, I32) -> I32;
    /// (at, key) → after
    MomentAt(I32, I32) -> I32;
    /// (at) → after
    Case(I32) -> I32;
    /// (at, key) → after
    AsOf(I32, I32) -> I32;
    /// (at, key, whether events) → after a list of events, or of the names of those that are not supplied
    List(I32, I32, I32) -> I32;
    /// (at) → after
    Event(I32) -> I32;
    /// (name, key): the kind of event that it names, in a global
    KindNamed(I32, I32);
    /// (at, key) → after
    When(I32, I32) -> I32;
    /// () → after the events, which stand in order in columns
    Arrange() -> I32;
    /// (text)
    Put(I32);
    /// (from, bytes)
    PutBytes(I32, I32);
    /// (byte)
    PutByte(I32);
    /// (form, name, other name): a text with the names where it says
    PutForm(I32, I32, I32);
    /// (from, to, whether as the part of a pointer)
    PutName(I32, I32, I32);
    /// (text, or a type below 0)
    PutExpected(I32);
    /// (whole number, least digits)
    PutWhole(I64, I32);
    /// (value, places, whether zeros at the end are left out)
    PutDecimal(I64, I32, I32);
    /// (milliseconds), in ISO 8601
    PutIso(I64);
    /// (milliseconds), in words
    PutDuration(I64);
    /// (days)
    PutDate(I64);
    /// (milliseconds, whether seconds are wanted where they are 0)
    PutClock(I64, I32);
    /// (instant)
    PutUtc(I64);
    /// (instant), as the clock in London shows it
    PutLocal(I64);
    /// (days), in words
    PutDay(I64);
    /// (code)
    PutCode(I64);
    /// (type, value)
    PutJson(I32, I64);
    /// (type, value), as the author would write it
    PutShown(I32, I64);
    /// (type, place): the name of a choice
    PutChoice(I32, I64);
    /// (type, mask)
    PutChoices(I32, I64);
    /// (type, mask, how many more)
    PutChoicesShown(I32, I64, I32);
    /// (): what stands before the next of several
    Separate();
    /// (cell): its value in the globals
    Cell(I32);
    /// (mask)
    PutNeeds(I64);
    /// (obligation) → what its deadline falls on
    DueBy(I32) -> I32;
    /// (what it falls on, instant)
    PutDue(I32, I64);
    /// (day, day) → the working days between
    WorkingDaysBetween(I64, I64) -> I64;
    /// (how many, which)
    PutDays(I64, I32);
    /// (answer)
    PutValue(I32);
    /// (type)
    PutUnknown(I32);
    /// (answer)
    PutVerdict(I32);
    /// (text, cell) → whether it is known
    PutInstant(I32, I32) -> I32;
    /// (): the whole record
    PutAnswers();
    /// ()
    PutSettings();
    /// (type, least, greatest, whether it may be none)
    PutPossible(I32, I64, I64, I32);
    /// (answer): why it is so
    PutReasons(I32);
    /// (text): a line of reasons that begins so
    PutLine(I32);
    /// (parts)
    PutParts(I32);
    /// (part): its value
    PutPart(I32);
    /// (type, least, greatest)
    PutRange(I32, I64, I64);
    /// (answer, whether it is a part): its value, or what is possible of it
    PutNamed(I32, I32);
    /// (): how many events of each kind there are, from the base up
    CountEvents();
    /// (kinds, whether they are many)
    PutCounts(I64, I32);
    /// (kinds, instant): the events of these kinds at it
    PutCame(I64, I64);
    /// (reason)
    PutTable(I32);
    /// (rows, from, to): the first that has outputs
    PutRow(I32, I32, I32);
    /// (reason)
    PutPath(I32);
    /// (answer, reason)
    PutObligation(I32, I32);
    /// (answer, reason)
    PutBundle(I32, I32);
    /// (member, verdict)
    PutMember(I32, I64);
    /// (answer, verdict)
    PutOfMember(I32, I64);
    /// (what it falls on, due, done)
    PutLateBy(I32, I64, I64);
    /// ()
    PutFaults();
    /// (fault)
    PutFault(I32);
    /// (last address) → whether it is there
    Reserve(I32) -> I32;
    /// (address, bytes): the text where it is read
    Copy(I32, I32);
    /// (whether it is settings) → how many faults
    Read(I32) -> I32;
    /// (address, bytes, whether it is settings) → 0 where the text was read, or the status of the call
    Take(I32, I32, I32) -> I32;
    /// (address, bytes) → the status of a case
    Evaluate(I32, I32) -> I32;
    /// (at) → after
    Settings(I32) -> I32;
    /// (address, bytes) → the status of settings
    Configure(I32, I32) -> I32;
    /// (from, to) → the digest of a text
    Digest(I32, I32) -> I64;
    /// (at) → the end of the line
    Line(I32) -> I32;
    /// (to, bytes, work) → whether there was room for so much of what is carried, and for the work from an address on
    Unpack(I32, I32, I32) -> I32;
    /// (odds) → the next bit of what is packed
    Bit(I32) -> I32;
}

impl Routine {
    /// The one that the helpers know by a number.
    pub(super) fn of(codec: Codec) -> Option<Routine> {
        Routine::ALL.get(codec.number).copied()
    }

    /// Whether it is called for each character, key or value of a case or an answer, or for each bit of what is packed.
    pub(super) fn is_often(self) -> bool {
        matches!(
            self,
            Routine::White
                | Routine::Past
                | Routine::Key
                | Routine::Digits
                | Routine::Mapped
                | Routine::String
                | Routine::Unescape
                | Routine::Encode
                | Routine::Character
                | Routine::NumberEnd
                | Routine::Skip
                | Routine::SkipPlain
                | Routine::Same
                | Routine::Find
                | Routine::Is
                | Routine::Name
                | Routine::Members
                | Routine::UnknownKey
                | Routine::Decimal
                | Routine::Two
                | Routine::Choice
                | Routine::Value
                | Routine::Ends
                | Routine::Put
                | Routine::PutBytes
                | Routine::PutByte
                | Routine::PutWhole
                | Routine::PutIso
                | Routine::PutDuration
                | Routine::PutJson
                | Routine::PutShown
                | Routine::PutChoice
                | Routine::Cell
                | Routine::PutAnswers
                | Routine::PutValue
                | Routine::Case
                | Routine::Digest
                | Routine::Unpack
                | Routine::Bit
        )
    }
}
