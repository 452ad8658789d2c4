//! What the sentence of an obligation says, read from the language page and from nothing else.

use std::fmt::Write as _;

use concord_engine::plan::Verdict;

use super::timelines::Event;

/// The kinds of event: A is what something is expected from, B what is expected, C what ends the time for it.
pub const KINDS: [&str; 3] = ["A", "B", "C"];
const A: usize = 0;

/// The minutes of `within`, and the minute of `by`.
const WITHIN: i64 = 2;
const BY: i64 = 2;

/// How often a sentence judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judges {
    Plain,
    FromFirst,
    ForEach,
}

/// The time that a sentence gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    Ever,
    /// No time, in a case that ends with C.
    Over,
    Within,
    ByClock,
    ByFirst(usize),
    BeforeFirst(usize),
    BeforeLast(usize),
}

/// A sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    pub judges: Judges,
    pub no: bool,
    pub what: usize,
    pub until: Until,
    pub earlier: Option<bool>,
}

impl Form {
    pub fn sentence(&self) -> String {
        let mut text = match self.judges {
            Judges::Plain => String::new(),
            Judges::FromFirst => "from first A  ".to_owned(),
            Judges::ForEach => "for each A  ".to_owned(),
        };
        write!(text, "expect {}{}", if self.no { "no " } else { "" }, KINDS[self.what]).unwrap();
        text += &match self.until {
            Until::Ever | Until::Over => String::new(),
            Until::Within => format!(" within {WITHIN} min"),
            Until::ByClock => format!(" by 09:0{BY}"),
            Until::ByFirst(kind) => format!(" by (first {})", KINDS[kind]),
            Until::BeforeFirst(kind) => format!(" before first {}", KINDS[kind]),
            Until::BeforeLast(kind) => format!(" before last {}", KINDS[kind]),
        };
        text += match self.earlier {
            None => "",
            Some(true) => "  earlier counts",
            Some(false) => "  earlier does not count",
        };
        text
    }

    /// How often the sentence comes to each verdict on a timeline as far as it has come, and the worst of them.
    pub fn read(&self, timeline: &[Event], now: i64) -> ([i64; 6], Verdict) {
        let seen: Vec<Event> = timeline.iter().copied().filter(|event| event.at <= now).collect();
        let triggers = (0..seen.len()).filter(|place| seen[*place].kind == A);
        let verdicts: Vec<Verdict> = match self.judges {
            Judges::Plain => vec![self.judge(&seen, None, now)],
            Judges::FromFirst => triggers.take(1).map(|place| self.judge(&seen, Some(place), now)).collect(),
            Judges::ForEach => triggers.map(|place| self.judge(&seen, Some(place), now)).collect(),
        };
        let counts = Verdict::ALL.map(|verdict| verdicts.iter().filter(|v| **v == verdict).count() as i64);
        let worst = [Verdict::Missed, Verdict::Late, Verdict::Open, Verdict::Met];
        (counts, worst.into_iter().find(|verdict| verdicts.contains(verdict)).unwrap_or(Verdict::NotApplicable))
    }

    /// One judgement. What is expected never is the event that it is expected from or before.
    fn judge(&self, seen: &[Event], trigger: Option<usize>, now: i64) -> Verdict {
        let end = match self.until {
            Until::BeforeFirst(kind) => Some(seen.iter().position(|event| event.kind == kind)),
            Until::BeforeLast(kind) => Some(seen.iter().rposition(|event| event.kind == kind)),
            _ => None,
        };
        let earlier = self.earlier.unwrap_or(end.is_some());
        let start = trigger.filter(|_| !earlier).map_or(i64::MIN, |place| seen[place].at);
        let itself = [trigger, end.flatten()];
        let mut done = (0..seen.len())
            .filter(|place| seen[*place].kind == self.what && seen[*place].at >= start)
            .filter(|place| !itself.contains(&Some(*place)));
        let first = done.next();
        if let Some(end) = end {
            let Some(end) = end else { return Verdict::NotApplicable };
            return match (first, self.no) {
                (Some(place), no) if place < end => {
                    if no {
                        Verdict::Missed
                    } else {
                        Verdict::Met
                    }
                }
                (_, true) => Verdict::Met,
                (Some(_), false) => Verdict::Late,
                (None, false) => Verdict::Missed,
            };
        }
        let due = match self.until {
            Until::Within => trigger.map(|place| seen[place].at + WITHIN),
            Until::ByClock => Some(BY),
            Until::Over => seen.iter().find(|event| event.kind == 2).map(|event| event.at),
            Until::ByFirst(kind) => match seen.iter().find(|event| event.kind == kind) {
                Some(event) => Some(event.at),
                None => return Verdict::NotApplicable,
            },
            _ => None,
        };
        let in_time = |place: usize| due.is_none_or(|due| seen[place].at <= due);
        match (first, self.no) {
            (Some(place), false) => {
                if in_time(place) {
                    Verdict::Met
                } else {
                    Verdict::Late
                }
            }
            (Some(place), true) if in_time(place) => Verdict::Missed,
            (_, no) if due.is_some_and(|due| due < now) => {
                if no {
                    Verdict::Met
                } else {
                    Verdict::Missed
                }
            }
            _ => Verdict::Open,
        }
    }
}
