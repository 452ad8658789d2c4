//! Every code a message can have, with its title and its page.
//!
//! A new code is one line here and one page in `pages/`. The families: E01 characters and words, E02
//! grammar, E03 names, E04 tables, E05 types and units, E06 numbers and ranges, E07 metadata, E08 members
//! and parameters, E09 obligations, clocks, paths and measures, E10 cases; W for what builds but deserves a second look.

use super::Code;

/// A code and what `concord explain` says of it.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The code.
    pub code: Code,
    /// One line.
    pub title: &'static str,
    /// Markdown: the meaning, a wrong example, the corrected text.
    pub page: &'static str,
}

macro_rules! codes {
    ($($name:ident $title:literal)*) => {
        $(#[doc = $title] pub const $name: Code = Code(stringify!($name));)*

        /// All codes in order.
        pub const ALL: &[Entry] = &[
            $(Entry { code: $name, title: $title, page: include_str!(concat!("pages/", stringify!($name), ".md")) },)*
        ];
    };
}

codes! {
    E0101 "a character that the language does not have"
    E0102 "text without its closing quote"
    E0103 "a number that cannot be stored exactly"
    E0104 "a date or time that does not exist"
    E0105 "a date written in another form"
    E0106 "a file that is too large"
    E0107 "a comma inside a number"
    E0201 "something else belongs here"
    E0202 "a word that is nearly a word of the language"
    E0203 "a bracket that is never closed"
    E0204 "`if` without `else`"
    E0205 "a comparison with more than two sides"
    E0206 "nested too deeply, or too long"
    E0207 "a table row that does not fit its header"
    E0208 "a word of the language used as a name"
    E0209 "two entries with nothing between them"
    E0210 "a word after a number that is not a unit"
    E0211 "a closing bracket with nothing to close"
    E0212 "`not` before a list without braces"
    E0213 "a word or a habit of another language"
    E0301 "a second subject in a package"
    E0302 "a name declared twice"
    E0303 "a name that nothing here has"
    E0304 "a declaration that depends on itself"
    E0305 "more things that can be missing than one package may have"
    E0306 "an enum with too many choices"
    E0307 "a type that does not exist"
    E0308 "a table with several outputs used as one value"
    E0309 "something other than a value used as one"
    E0310 "`at` outside an event query"
    E0311 "an event that is not declared"
    E0312 "event queries nested too deeply"
    E0313 "a query that events do not have"
    E0314 "a file that is not beside the rule"
    E0315 "a code that cannot be stored"
    E0316 "another package's answer where it has no meaning"
    E0317 "a package that cannot be used"
    E0318 "packages that use one another in a circle"
    E0319 "a name with two meanings"
    E0320 "a fact that not all events of a set have"
    E0321 "a table about an event that only a case can have"
    E0322 "points that a choice does not have"
    E0323 "what is said of one event, without the event"
    E0324 "a code system that is not known"
    E0325 "an identifier that does not check"
    E0326 "a code that names two things"
    E0327 "one of several that cannot be told"
    E0399 "a construct that this version does not support"
    E0402 "a table cell that does not compare with a fixed value"
    E0403 "a table output that is none in every row"
    E0404 "a table output with values of several kinds"
    E0405 "a table row outside the declared range"
    E0409 "a table that is not decided for every patient"
    E0410 "two rows that answer for the same patient"
    E0411 "a row that an earlier row hides"
    E0412 "an `impossible` row that a patient can reach"
    E0413 "a row that no patient can reach"
    E0414 "a table too large to prove complete"
    E0415 "a `collect` table that cannot collect its output"
    E0501 "a duration without a unit"
    E0502 "a value in another unit"
    E0503 "a value of another kind"
    E0504 "arithmetic that has no meaning"
    E0505 "a product of two quantities with units"
    E0506 "text or an organisation used in the logic"
    E0507 "choices compared by size"
    E0508 "`none` where nothing can be none"
    E0509 "values combined in a way that has no meaning"
    E0510 "a function that does not exist"
    E0511 "a comparison with `none`"
    E0601 "a number without a range"
    E0602 "an integer with decimal places"
    E0603 "a range that ends below its start"
    E0604 "a number too large to be stored exactly"
    E0605 "a value that depends on the case where a fixed one belongs"
    E0606 "a local time that comes twice or never"
    E0607 "a figure more precise than what is recorded"
    E0608 "a division that does not say how it is rounded"
    E0609 "arithmetic that could overflow"
    E0610 "a value outside its declared range"
    E0611 "a rounding or conversion that cannot be done"
    E0612 "a possible division by 0"
    E0613 "a real number where an exact one belongs"
    E0614 "a logarithm, root or power that may not exist"
    E0615 "a quantity in a formula without its unit"
    E0616 "an NHS number that does not check"
    E0617 "a second unit without its factor"
    E0618 "a factor that does not fit its unit"
    E0619 "a second unit where there can be none"
    E0701 "a file without a package"
    E0702 "a header entry given twice"
    E0703 "a use that does not exist"
    E0704 "entries of the header that contradict each other"
    E0705 "an incomplete header"
    E0706 "an advisory package without a hazard"
    E0707 "an unverified source in a package that is not a draft"
    E0708 "a citation of a source that the header does not give"
    E0709 "a dated figure without a date to judge by"
    E0801 "a parameter outside its own range"
    E0802 "a parameter without a value"
    E0803 "a locally required parameter with a value"
    E0804 "a value outside the members' contract"
    E0805 "dated values out of order or set locally"
    E0806 "a member's setting of a parameter that does not exist"
    E0807 "a member's setting outside the contract"
    E0808 "a member's setting without reason or approval"
    E0901 "a clause given twice"
    E0902 "an obligation that expects nothing"
    E0903 "an obligation without a trigger"
    E0904 "a trigger where none is needed"
    E0905 "a clause that changes nothing"
    E0906 "a measure without a policy for unknowns"
    E0907 "a measure that does not say what it counts"
    E0908 "a target that is not a percentage"
    E0909 "days that can be counted in two ways"
    E0910 "an example without `as of`"
    E0911 "a verdict expected from something other than an obligation"
    E0912 "a period's stop without a time"
    E0913 "a clock that nothing starts"
    E0914 "a path with too many ways through it"
    E0915 "a stage that no event can reach"
    E0916 "a path or a stage without events"
    E0917 "a line of a clock that changes nothing"
    E0918 "a bundle that expects something of its own"
    E0920 "nobody is named who answers for it"
    E0921 "what answers is not an organisation"
    E0922 "a target that contradicts its measure"
    E0923 "judgements of something that is not judged"
    E0924 "shares that do not add up to 1"
    E0925 "a day where an instant is due, or days that are not counted"
    E0926 "bands of a measure that share a value"
    E0930 "the days of an event that does not last"
    E0935 "a clock that starts or stops at no instant"
    E1001 "a block that looks like a case and is not run"
    E1002 "a block that is never closed"
    E1003 "a case that expects nothing"
    E1004 "a fact given twice"
    E1005 "a section without a case"
    E1006 "a case like one that is not there"
    E1007 "a background that cannot be one"
    E1008 "a case that nobody has answered"
    W0301 "a declaration that nothing uses"
    W0401 "a choice that is nearly another"
    W0501 "`not` over what may be none"
    W0502 "a window whose end may be none"
    W0503 "a condition that a query takes along"
    W0504 "whole hours held to a standard"
    W0505 "an `and` behind an `or`, without brackets"
    W0506 "a window behind the query of a condition"
    W0507 "an event's own name beside one of its kind"
    W0601 "a comparison that is always the same"
    W0602 "a code with a description after it"
    W0603 "a code of which a spreadsheet kept 15 digits"
    W0604 "working days of a clock that is paused"
    W0605 "a range of times that leaves out its last minute"
    W0901 "what can never be missed, or a measure of it"
}

/// The entry of a code, by its spelling: `E0409`.
#[must_use]
pub fn find(code: &str) -> Option<&'static Entry> {
    ALL.iter().find(|entry| entry.code.0.eq_ignore_ascii_case(code))
}
