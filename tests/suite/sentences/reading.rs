//! What the sentence of an obligation says, read from the language page and from nothing else.

use std::fmt::Write as _;

use concord_engine::plan::Verdict;

use super::timelines::Event;

/// The kinds of event: A is what something is expected from, B what is expected, C what ends the time for it.
pub const KINDS: [&str; 3] = ["A", "B", "C"];

/// The minutes of `within`, and the minute of `by`.
const WITHIN: i64 = 2;
const BY: i64 = 2;

/// Some kinds of event: bit `k` stands for [`KINDS`]`[k]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Set(pub u8);

impl Set {
    pub const ALL: Set = Set(0b111);

    pub const fn one(kind: usize) -> Set {
        Set(1 << kind)
    }

    pub fn has(self, event: &Event) -> bool {
        self.0 >> event.kind & 1 == 1
    }

    /// As a sentence names it.
    pub fn named(self) -> String {
        let names: Vec<&str> =
            (0..KINDS.len()).filter(|kind| self.0 >> kind & 1 == 1).map(|kind| KINDS[kind]).collect();
        match (self, names.as_slice()) {
            (Set::ALL, _) => "event".to_owned(),
            (_, [only]) => (*only).to_owned(),
            (_, several) => format!("({})", several.join(" or ")),
        }
    }
}

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
    BeforeFirst(Set),
    BeforeLast(Set),
    /// The first after the trigger.
    BeforeNext(Set),
}

/// A sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    pub judges: Judges,
    /// What it is expected from.
    pub from: Set,
    pub no: bool,
    pub what: Set,
    /// How many of them.
    pub times: usize,
    pub until: Until,
    pub earlier: Option<bool>,
}

impl Form {
    pub fn sentence(&self) -> String {
        let mut text = match self.judges {
            Judges::Plain => String::new(),
            Judges::FromFirst => format!("from first {}  ", self.from.named()),
            Judges::ForEach => format!("for each {}  ", self.from.named()),
        };
        let times = match (self.no, self.times) {
            (_, 1) => String::new(),
            (true, 2) => "2nd ".to_owned(),
            (true, 3) => "3rd ".to_owned(),
            (_, times) => format!("{times} "),
        };
        write!(text, "expect {}{times}{}", if self.no { "no " } else { "" }, self.what.named()).unwrap();
        text += &match self.until {
            Until::Ever | Until::Over => String::new(),
            Until::Within => format!(" within {WITHIN} min"),
            Until::ByClock => format!(" by 09:0{BY} same day"),
            Until::ByFirst(kind) => format!(" by (first {})", KINDS[kind]),
            Until::BeforeFirst(set) => format!(" before first {}", set.named()),
            Until::BeforeLast(set) => format!(" before last {}", set.named()),
            Until::BeforeNext(set) => format!(" before next {}", set.named()),
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
        let triggers = (0..seen.len()).filter(|place| self.from.has(&seen[*place]));
        let verdicts: Vec<Verdict> = match self.judges {
            Judges::Plain => vec![self.judge(&seen, None, now)],
            Judges::FromFirst => triggers.take(1).map(|place| self.judge(&seen, Some(place), now)).collect(),
            Judges::ForEach => triggers.map(|place| self.judge(&seen, Some(place), now)).collect(),
        };
        let counts = Verdict::ALL.map(|verdict| verdicts.iter().filter(|v| **v == verdict).count() as i64);
        let worst = [Verdict::Missed, Verdict::Late, Verdict::Open, Verdict::Met];
        (counts, worst.into_iter().find(|verdict| verdicts.contains(verdict)).unwrap_or(Verdict::NotApplicable))
    }

    /// One judgement. What is expected never is the event that it is expected from or before; where several are expected, the last of
    /// them counts.
    fn judge(&self, seen: &[Event], trigger: Option<usize>, now: i64) -> Verdict {
        let end = match self.until {
            Until::BeforeFirst(set) => Some(seen.iter().position(|event| set.has(event))),
            Until::BeforeLast(set) => Some(seen.iter().rposition(|event| set.has(event))),
            Until::BeforeNext(set) => {
                let after = trigger.map_or(0, |trigger| trigger + 1);
                Some((after..seen.len()).find(|place| set.has(&seen[*place])))
            }
            _ => None,
        };
        let earlier = self.earlier.unwrap_or(end.is_some());
        let start = trigger.filter(|_| !earlier).map_or(i64::MIN, |place| seen[place].at);
        let itself = [trigger, end.flatten()];
        let mut done = (0..seen.len())
            .filter(|place| self.what.has(&seen[*place]) && seen[*place].at >= start)
            .filter(|place| !itself.contains(&Some(*place)));
        let first = done.nth(self.times - 1);
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
