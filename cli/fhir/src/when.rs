//! When something was, by whichever of FHIR's elements says so. What is done begins with its period; what is measured or found was so at some time within it.

use crate::shapes::{Event, Period};
use crate::time::Moment;
use crate::value::Why;

/// Nothing says when.
pub const WITHOUT: Why = "without a time";
const NO_ZONE: Why = "whose time has no zone";
const NO_TIME: Why = "whose time is none of the calendar";
const BACKWARDS: Why = "whose period ends before it starts";
const EMPTY_END: Why = "whose period ends with a date before 1910, the empty date of a system";
const IN_WORDS: Why = "whose time is in words";
const AN_AGE: Why = "whose time is an age";
const A_SCHEDULE: Why = "whose time is a schedule";

/// When something was.
#[derive(Clone, Copy, Debug)]
pub struct When {
    /// When it was, as something at one time.
    pub at: Moment,
    /// When it began, as something that lasts.
    pub begins: Moment,
    /// When it was over, as something that lasts; nothing where nothing is said of it.
    pub until: Option<Moment>,
    /// More than milliseconds were left out.
    pub finer: bool,
    /// Why its time is not known, or not as well as it might be.
    pub unread: Option<Why>,
}

impl When {
    fn at(at: Moment, finer: bool) -> When {
        When { at, begins: at, until: None, finer, unread: None }
    }

    fn unread(why: Why) -> When {
        When { unread: Some(why), ..When::at(Moment::Unknown, false) }
    }
}

/// A time as it is written.
fn time(text: &str) -> Result<(Moment, bool), Why> {
    let has_zone = text.split_once('T').is_none_or(|(_, clock)| clock.contains(['Z', '+', '-']));
    Moment::read(text).ok_or(if has_zone { NO_TIME } else { NO_ZONE })
}

/// What is said as one time.
fn instant(texts: &[&Option<String>]) -> Option<When> {
    let text = texts.iter().find_map(|text| text.as_deref())?;
    Some(match time(text) {
        Ok((at, finer)) => When::at(at, finer),
        Err(why) => When::unread(why),
    })
}

/// What is done begins with its period, and is not after the end of it; what was so at some time was so within it.
fn period(of: &Period, is_done: bool) -> When {
    let read = |text: &Option<String>| text.as_deref().map(time);
    let start = read(&of.start);
    // An empty date of a system is no end.
    let end = read(&of.end)
        .map(|end| end.and_then(|(end, finer)| if end.is_empty() { Err(EMPTY_END) } else { Ok((end, finer)) }));
    let moment = |read: Option<Result<(Moment, bool), Why>>| match read {
        Some(Ok((moment, _))) => moment,
        _ => Moment::Unknown,
    };
    let (first, last) = (moment(start), moment(end));
    let begins = if first == Moment::Unknown { last.or_before() } else { first };
    let within = match (first, last) {
        (first, Moment::Unknown) => first.or_after(),
        (Moment::Unknown, last) => last.or_before(),
        (first, last) => Moment::period(first, last),
    };
    let why = |read: Option<Result<(Moment, bool), Why>>| read.and_then(Result::err);
    let backwards = (within == Moment::Unknown && first != Moment::Unknown).then_some(BACKWARDS);
    let nothing = (start.is_none() && end.is_none()).then_some(WITHOUT);
    When {
        at: if is_done { begins } else { within },
        begins,
        until: of.end.is_some().then_some(last),
        finer: [start, end].into_iter().flatten().flatten().any(|(_, finer)| finer),
        unread: why(start).or(why(end)).or(backwards).or(nothing),
    }
}

/// When something of this kind was.
pub fn when(kind: &str, event: &Event) -> When {
    let is_done = kind != "Observation";
    let at =
        [&event.effective_date_time, &event.effective_instant, &event.performed_date_time, &event.occurrence_date_time];
    let lasts = [&event.effective_period, &event.performed_period, &event.period];
    let lasts = || lasts.into_iter().flatten().next().map(|of| period(of, is_done));
    let words = [&event.performed_string, &event.occurrence_string].into_iter().any(Option::is_some);
    let age = [&event.performed_age, &event.performed_range].into_iter().any(Option::is_some);
    let found = instant(&at).or_else(lasts).unwrap_or_else(|| {
        When::unread(match (words, age, &event.effective_timing) {
            (true, ..) => IN_WORDS,
            (_, true, _) => AN_AGE,
            (.., Some(_)) => A_SCHEDULE,
            _ => WITHOUT,
        })
    });
    // What was measured was measured before it was told.
    match event.issued.as_deref().and_then(Moment::read) {
        Some((issued, _)) if !is_done => not_after(found, issued.or_before()),
        _ => found,
    }
}

/// What is not known to the instant was not after another.
fn not_after(when: When, known: Moment) -> When {
    match when.at {
        Moment::At(_) => when,
        at => {
            // What cannot be read is told; what is said in another way was not needed.
            let unread = when.unread.filter(|why| ![WITHOUT, IN_WORDS, AN_AGE, A_SCHEDULE].contains(why));
            When { at: at.and(known), begins: when.begins.and(known), unread, ..when }
        }
    }
}

/// When a condition began: it was there when it was recorded, and when its record was changed last. One of which nothing is said at all is there now.
pub fn onset(event: &Event, updated: Option<i64>) -> When {
    let lasts = || event.onset_period.as_ref().map(|of| period(of, false));
    let found = instant(&[&event.onset_date_time]).or_else(lasts);
    let recorded = event.recorded_date.as_deref().and_then(Moment::read).map(|(recorded, _)| recorded.or_before());
    let known = match (recorded, updated.map(|at| Moment::At(at).or_before())) {
        (Some(one), Some(other)) => Some(one.and(other)),
        (one, other) => one.or(other),
    };
    let age = [&event.onset_age, &event.onset_range].into_iter().any(Option::is_some);
    let why = if age {
        AN_AGE
    } else if event.onset_string.is_some() {
        IN_WORDS
    } else {
        WITHOUT
    };
    let is_said = found.is_some();
    let found = found.unwrap_or_else(|| When::unread(why));
    // A period that has a start alone is that of a condition which goes on; one with an end is that in which it began.
    let began = if found.until.is_none() { found.begins } else { found.at };
    let found = When { at: began, begins: began, until: None, ..found };
    match known {
        Some(known) => not_after(found, known),
        None if is_said || event.recorded_date.is_some() => found,
        None => When { at: Moment::Present, unread: None, ..found },
    }
}

/// When a condition was over, where it is said to be.
pub fn abatement(event: &Event) -> Option<Moment> {
    let lasts = || event.abatement_period.as_ref().map(|of| period(of, false));
    let said = instant(&[&event.abatement_date_time]).or_else(lasts).map(|when| when.at);
    let other = [&event.abatement_string, &event.abatement_age, &event.abatement_range];
    said.or_else(|| other.into_iter().any(Option::is_some).then_some(Moment::Unknown))
}
