//! The words that newcomers bring from other languages and from prose, and the construct that each of them means here.
//!
//! Every example is text of the language; a test reads each of them.

/// A word, or several in a row, that the language does not have.
#[derive(Clone, Copy, Debug)]
pub struct Newcomer {
    /// In small letters, words apart.
    pub said: &'static str,
    /// What is written instead.
    pub meant: &'static str,
    /// That construct, up to three times.
    pub examples: &'static [&'static str],
}

const RANGE: &str = "a range is `a..b` after `in`, and both ends count";
const RANGES: &[&str] =
    &["age in 18..64", "temperature in 36.1..38.0 °C", "date of first Arrival in 2026-04-01..2026-04-30"];
const ABOVE: &str = "compare with `>`";
const ABOVES: &[&str] = &["age > 65", "systolic > 180 mmHg", "last Departure - first Arrival > 4 h"];
const AT_LEAST: &str = "compare with `>=`";
const AT_LEASTS: &[&str] = &["age >= 65", "(count Fall) >= 2", "weight >= 50.0 kg"];
const BELOW: &str = "compare with `<`";
const BELOWS: &[&str] = &["age < 16", "systolic < 90 mmHg", "(count Fall) < 2"];
const AT_MOST: &str = "compare with `<=`";
const AT_MOSTS: &[&str] = &["age <= 16", "systolic <= 90 mmHg", "last Departure - first Arrival <= 4 h"];
const EQUAL: &str = "compare with `is` or `=`";
const EQUALS: &[&str] = &["route is oral", "total = 3", "weight is none"];
const UNEQUAL: &str = "write `is not`";
const UNEQUALS: &[&str] = &["route is not oral", "weight is not none", "not frail"];
const YES_NO: &str = "a condition is `yes` or `no`";
const YES_NOS: &[&str] = &["frail is yes", "not frail", "if age >= 65 then yes else no"];
const NONE: &str = "`none` says that there is none; what a case leaves out is missing, and nothing is written for it";
const NONES: &[&str] = &["weight is none", "weight is not none", "weight else 70.0 kg"];
const UNKNOWN: &str =
    "what a case leaves out is unknown by itself: nothing is written for it, and no rule can ask for it";
const CHOICE: &str = "one of several is `if … then … else`, or a table";
const CHOICES: &[&str] = &["if age >= 65 then 2 else if age >= 18 then 1 else 0"];
const AMONG: &str = "ask with `in`, or ask the events; of what is in a text no rule can ask";
const AMONGS: &[&str] = &["route in { oral, intravenous }", "status in treated", "any Fall where harm is severe"];
const DEFINE: &str = "a value is named with `define`";
const DEFINES: &[&str] = &["define adult = age >= 18", "define total \"Total score\" = respiration + pulse"];
const SUBJECT: &str = "what is recorded stands in the subject";
const SUBJECTS: &[&str] = &["subject Patient { age : integer 0..130 years, frail : yes/no }"];
const NOW: &str = "the moment as of which a case is judged is `as of`";
const NOWS: &[&str] = &["as of - first Arrival", "years from born to as of", "last Review within 24 h before as of"];
const EVENTS: &str = "a rule has no loops: a query goes over the events";
const QUERIES: &[&str] =
    &["count Fall where harm is severe", "all Shift have finish - at <= 13 h", "highest value of Lactate"];
const DURING: &str = "a rule has no loops; what lies in an event that lasts is asked with `during`";
const SPANS: &[&str] =
    &["count Fall during WardStay", "any Fall during last WardStay, if any", "covered(Device, first Admission, as of)"];
const DAILY: &str = "what is due on each day of something that lasts is judged `for each day of` it";
const DAILIES: &[&str] = &["for each day of WardStay", "for each whole day of WardStay where emergency"];
const EXPECT: &str = "what has to be done is an obligation";
const EXPECTS: &[&str] = &["obligation review { from first Fall expect MedicalReview within 30 min }"];
const NEXT: &str = "what comes next or came before is asked with `next` and `previous`";
const NEXTS: &[&str] =
    &["all Triage have next event is Review", "any Fall where next Review - at > 1 h", "previous Fall is not none"];
const MIDDLE: &str = "there is no mean of events; there is the median, the sum and the number";
const MIDDLES: &[&str] = &["median value of Creatinine", "sum (finish - at) of Shift", "count Shift"];
const COUNT: &str = "how many events there are is asked with `count`, how many of several values hold with `count of`";
const COUNTS: &[&str] = &["count Fall where harm is severe", "(count Fall) >= 2", "count of frail, alone"];
const LENGTH: &str = "what lies between two days or moments is counted `from` one `to` the other";
const LENGTHS: &[&str] =
    &["days from first Admission to last Discharge", "years from born to as of", "last Departure - first Arrival"];
const WINDOW: &str = "a window says what it is counted from";
const WINDOWS: &[&str] = &["last Review within 24 h before as of", "count Fall within 24 h after first Triage, if any"];
const EXTREME: &str = "of events it is `highest` and `lowest`, of several values `highest of` and `lowest of`";
const EXTREMES: &[&str] = &["highest value of Lactate", "lowest value of Lactate", "highest of systolic, 90 mmHg"];
const HAPPEN: &str = "whether something happened is asked with `any`";
const HAPPENS: &[&str] = &["any Fall", "not any Fall", "any Fall where harm is severe"];
const ARITHMETIC: &str =
    "numbers and lengths of time are worked out with `+`, `-` and `*`, and divided with `/` inside a `round`";
const SUMS: &[&str] = &["systolic + 2 * diastolic", "due_on + 30 days", "round weight / height to 1 place"];
const EITHER: &str = "one of two and not both is said with `is not`, where both are yes or no";
const EITHERS: &[&str] = &["frail is not alone", "(frail and not alone) or (alone and not frail)"];
const COMMENT: &str = "a comment begins with `//`";
const COMMENTS: &[&str] = &["// as the guideline has it"];

const fn word(said: &'static str, meant: &'static str, examples: &'static [&'static str]) -> Newcomer {
    Newcomer { said, meant, examples }
}

/// Longer phrases before their beginnings.
pub const NEWCOMERS: &[Newcomer] = &[
    word("greater than or equal", AT_LEAST, AT_LEASTS),
    word("less than or equal", AT_MOST, AT_MOSTS),
    word("no more than", AT_MOST, AT_MOSTS),
    word("not more than", AT_MOST, AT_MOSTS),
    word("no less than", AT_LEAST, AT_LEASTS),
    word("not less than", AT_LEAST, AT_LEASTS),
    word("does not equal", UNEQUAL, UNEQUALS),
    word("greater than", ABOVE, ABOVES),
    word("more than", ABOVE, ABOVES),
    word("older than", ABOVE, ABOVES),
    word("later than", ABOVE, ABOVES),
    word("less than", BELOW, BELOWS),
    word("fewer than", BELOW, BELOWS),
    word("younger than", BELOW, BELOWS),
    word("at least", AT_LEAST, AT_LEASTS),
    word("at most", AT_MOST, AT_MOSTS),
    word("up to", AT_MOST, AT_MOSTS),
    word("not equal", UNEQUAL, UNEQUALS),
    word("years since", LENGTH, LENGTHS),
    word("months since", LENGTH, LENGTHS),
    word("weeks since", LENGTH, LENGTHS),
    word("days since", LENGTH, LENGTHS),
    word("hours since", LENGTH, LENGTHS),
    word("minutes since", LENGTH, LENGTHS),
    word("years between", LENGTH, LENGTHS),
    word("months between", LENGTH, LENGTHS),
    word("weeks between", LENGTH, LENGTHS),
    word("days between", LENGTH, LENGTHS),
    word("hours between", LENGTH, LENGTHS),
    word("minutes between", LENGTH, LENGTHS),
    word("number", COUNT, COUNTS),
    word("how many", COUNT, COUNTS),
    word("the last", WINDOW, WINDOWS),
    word("the past", WINDOW, WINDOWS),
    word("none of", "write `not` before `any of`", &["not any of frail, alone", "(count of frail, alone) = 0"]),
    word("gt", ABOVE, ABOVES),
    word("ge", AT_LEAST, AT_LEASTS),
    word("gte", AT_LEAST, AT_LEASTS),
    word("lt", BELOW, BELOWS),
    word("le", AT_MOST, AT_MOSTS),
    word("lte", AT_MOST, AT_MOSTS),
    word("eq", EQUAL, EQUALS),
    word("ne", UNEQUAL, UNEQUALS),
    word("but", "conditions are joined with `and`", &["frail and not alone"]),
    word("equal to", EQUAL, EQUALS),
    word("between", RANGE, RANGES),
    word("above", ABOVE, ABOVES),
    word("over", ABOVE, ABOVES),
    word("exceeds", ABOVE, ABOVES),
    word("below", BELOW, BELOWS),
    word("under", BELOW, BELOWS),
    word("equals", EQUAL, EQUALS),
    word("true", YES_NO, YES_NOS),
    word("false", YES_NO, YES_NOS),
    word("null", NONE, NONES),
    word("nil", NONE, NONES),
    word("undefined", NONE, NONES),
    word("missing", NONE, NONES),
    word("unknown", UNKNOWN, &[]),
    word("otherwise", CHOICE, CHOICES),
    word("elif", CHOICE, CHOICES),
    word("elsif", CHOICE, CHOICES),
    word("elseif", CHOICE, CHOICES),
    word("switch", CHOICE, CHOICES),
    word("case", CHOICE, CHOICES),
    word("match", CHOICE, CHOICES),
    word("contains", AMONG, AMONGS),
    word("includes", AMONG, AMONGS),
    word("exists", AMONG, AMONGS),
    word(
        "either",
        "join two conditions with `or`, or list them after `any of`; events of either kind stand in brackets",
        &["frail or alone", "any of frail, alone", "first (Fall or Collapse)"],
    ),
    word(
        "both",
        "join two conditions with `and`, or list them after `all of`",
        &["frail and alone", "all of frail, alone"],
    ),
    word("neither", "write `not` before the alternatives", &["not (frail or alone)", "not any of frail, alone"]),
    word(
        "twice",
        "count the events and compare, or expect so many",
        &["(count Fall) >= 2", "2nd Fall is not none", "expect 2 BloodCulture within 1 h"],
    ),
    word("followed by", NEXT, NEXTS),
    word("preceded by", NEXT, NEXTS),
    word("immediately", NEXT, NEXTS),
    word("today", NOW, NOWS),
    word("now", NOW, NOWS),
    word("ago", NOW, NOWS),
    word("average", MIDDLE, MIDDLES),
    word("mean", MIDDLE, MIDDLES),
    word("max", EXTREME, EXTREMES),
    word("maximum", EXTREME, EXTREMES),
    word("largest", EXTREME, EXTREMES),
    word("minimum", EXTREME, EXTREMES),
    word("smallest", EXTREME, EXTREMES),
    word("happened", HAPPEN, HAPPENS),
    word("occurred", HAPPEN, HAPPENS),
    word("recorded", UNKNOWN, &[]),
    word("documented", UNKNOWN, &[]),
    word("while", DURING, SPANS),
    word("daily", DAILY, DAILIES),
    word("blank", NONE, NONES),
    word("empty", NONE, NONES),
    word("xor", EITHER, EITHERS),
    word("loop", EVENTS, QUERIES),
    word("foreach", EVENTS, QUERIES),
    word(
        "unless",
        "an exception is a condition, and in an obligation an `excused when`",
        &["applies when age >= 18 and not palliative", "excused when palliative because \"end-of-life care plan\""],
    ),
    word("plus", ARITHMETIC, SUMS),
    word("minus", ARITHMETIC, SUMS),
    word("times", ARITHMETIC, SUMS),
    word("divided by", ARITHMETIC, SUMS),
    word("must", EXPECT, EXPECTS),
    word("shall", EXPECT, EXPECTS),
    word("should", EXPECT, EXPECTS),
    word("let", DEFINE, DEFINES),
    word("var", DEFINE, DEFINES),
    word("const", DEFINE, DEFINES),
    word("set", DEFINE, DEFINES),
    word("def", DEFINE, DEFINES),
    word("function", DEFINE, DEFINES),
    word("rule", DEFINE, DEFINES),
    word("return", DEFINE, DEFINES),
    word("input", SUBJECT, SUBJECTS),
    word("field", SUBJECT, SUBJECTS),
    word("fact", SUBJECT, SUBJECTS),
    word("import", "another package is named with `use`", &["use clinical.news2 as news2"]),
    word("include", "another package is named with `use`", &["use clinical.news2 as news2"]),
    word("todo", COMMENT, COMMENTS),
    word("note", COMMENT, COMMENTS),
    word("rem", COMMENT, COMMENTS),
];

/// Numbers below twenty, and the tens.
const NUMBERS: [(&str, i64); 27] = [
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
];

/// The number that a word says, in small letters: `two`, `thirty`.
#[must_use]
pub fn number_in_words(word: &str) -> Option<i64> {
    NUMBERS.iter().find(|(said, _)| *said == word).map(|(_, number)| *number)
}

/// The newcomer that these words, one after another, begin with; capitals do not matter.
#[must_use]
pub fn meant_by(words: &[&str]) -> Option<&'static Newcomer> {
    NEWCOMERS.iter().find(|one| {
        let said: Vec<&str> = one.said.split(' ').collect();
        said.len() <= words.len() && said.iter().zip(words).all(|(a, b)| a.eq_ignore_ascii_case(b))
    })
}

impl Newcomer {
    /// The sign that it stands for, where it compares.
    #[must_use]
    pub fn sign(&self) -> Option<&'static str> {
        match self.meant {
            ABOVE => Some(">"),
            AT_LEAST => Some(">="),
            BELOW => Some("<"),
            AT_MOST => Some("<="),
            _ => None,
        }
    }

    /// The one word of the language that it is, where it is one.
    #[must_use]
    pub fn word(&self) -> Option<&'static str> {
        match self.said {
            "true" => Some("yes"),
            "false" => Some("no"),
            "null" | "nil" => Some("none"),
            _ => None,
        }
    }

    /// What to write instead, with examples.
    #[must_use]
    pub fn help(&self) -> String {
        let examples: Vec<String> = self.examples.iter().map(|example| format!("`{example}`")).collect();
        if examples.is_empty() { self.meant.to_owned() } else { format!("{}: {}", self.meant, examples.join(", ")) }
    }
}
