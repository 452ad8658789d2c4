//! How results in messages of HL7 stand (OBX-11): one that a later row corrects or withdraws is none, whatever it said when it was sent, one that is not
//! final is no result yet, and nothing of an order that was cancelled is one.
//!
//! A row is about another where both are of the same case, test and part of it (OBX-3.1, OBX-4) and of the same order. Where they have no
//! number of an order to be compared, they must be of the same time, and of a withdrawn result the value too.

use super::hl7_place::{Message, Place};
use super::told::Told;
use crate::data::mapping::Binding;
use crate::data::names::tidy;
use std::collections::{BTreeMap, BTreeSet};

/// Why rows are left out.
pub(super) const NOT_FINAL: &str = "results that are not final";
pub(super) const PERHAPS: &str = "results that may be those that others correct or withdraw";
const REPLACED: &str = "results that were corrected or completed later";
const WITHDRAWN: &str = "results that were withdrawn later";
const NONE: &str = "deleted, wrong or not obtained results";
const CANCELLED: &str = "of cancelled orders";

/// What a row says of its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Final,
    /// Preliminary, pending, partial or not verified; or nothing that the standard knows.
    NotYet,
    /// What was sent before is final now, and is not sent again.
    Becomes,
    /// It takes the place of another.
    Corrects,
    /// It takes another away.
    Withdraws,
    /// There is none, and will be none.
    NotObtained,
    /// It never was one.
    Nothing,
}

impl Status {
    fn of(message: &Message, row: usize) -> Status {
        match message.word(row, "OBX", 11).as_deref() {
            Some("F" | "V") => Status::Final,
            Some("A" | "B" | "C") => Status::Corrects,
            Some("D" | "W") => Status::Withdraws,
            Some("X") => Status::NotObtained,
            Some("N" | "O") => Status::Nothing,
            Some("U") => Status::Becomes,
            Some(_) => Status::NotYet,
            // What does not say it of itself is as its order is.
            None => match message.word(row, "OBR", 25).as_deref() {
                Some("C") => Status::Corrects,
                Some("I" | "O" | "P" | "R" | "S") => Status::NotYet,
                _ => Status::Final,
            },
        }
    }
}

/// Whether a row is about the result of another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Same {
    Yes,
    No,
    Perhaps,
}

/// The row of a result.
struct Found {
    at: (usize, u64),
    status: Status,
    /// The numbers of the order, by those who carry it out and by those who placed it.
    orders: [Option<String>; 2],
    time: Option<String>,
    value: Option<String>,
}

impl Found {
    fn is_of(&self, other: &Found) -> Same {
        let of = |same: bool| if same { Same::Yes } else { Same::No };
        let orders = self.orders.iter().zip(&other.orders);
        let compared = orders.filter_map(|(one, other)| Some(one.as_ref()? == other.as_ref()?)).next();
        match (compared, &self.time, &other.time) {
            (Some(same), ..) => of(same),
            (None, Some(one), Some(other)) => of(one == other),
            _ => Same::Perhaps,
        }
    }

    /// The same of one that it takes away: without a number in common, another value is another result.
    fn takes_away(&self, other: &Found) -> Same {
        let numbered = self.orders.iter().zip(&other.orders).any(|(one, other)| one.is_some() && other.is_some());
        let differs = self.value.is_some() && other.value.is_some() && self.value != other.value;
        if differs && !numbered { Same::No } else { self.is_of(other) }
    }
}

/// What the mapping reads of messages that matters here.
pub(super) struct Given {
    /// The places that name a case and its organisation.
    names: Vec<Vec<Place>>,
    /// It reads OBX-11 or ORC-1 itself.
    reads_status: bool,
    reads_orders: bool,
}

impl Given {
    pub(super) fn of(binding: &Binding) -> Given {
        let column = |place: &usize| binding.columns.get(*place).map(String::as_str);
        let names = binding.case.iter().copied().chain(binding.within_column());
        let places = |column: &str| column.split(" or ").filter_map(Place::read).collect();
        let names = names.collect::<Vec<usize>>().iter().filter_map(column).map(places).collect();
        let reads =
            |place: &str| binding.columns.iter().any(|column| column.split(" or ").any(|own| own.trim() == place));
        Given { names, reads_status: reads("OBX-11"), reads_orders: reads("ORC-1") }
    }
}

/// What becomes of the results of an export.
#[derive(Default)]
pub(super) struct Results {
    /// Those of which some row says that they are not simply final.
    asked: BTreeSet<String>,
    /// Their rows, in the order of the export.
    found: BTreeMap<String, Vec<Found>>,
    /// By file and line, why a result is left out that was one when it was sent; an empty text where one that was not final became so.
    fates: BTreeMap<(usize, u64), &'static str>,
    /// Corrections of what the export does not have, and rows of which it is not known which result they are about.
    of_none: u64,
    of_some: u64,
    waiting: u64,
}

impl Results {
    pub(super) fn are_some(&self) -> bool {
        !self.asked.is_empty()
    }

    /// Takes note of results of which a row says that they are not simply final.
    pub(super) fn ask(&mut self, given: &Given, message: &Message) {
        for row in results(message) {
            if !matches!(Status::of(message, row), Status::Final | Status::Nothing) {
                self.asked.insert(key(given, message, row));
            }
        }
    }

    /// Takes note of the rows about these.
    pub(super) fn add(&mut self, given: &Given, file: usize, message: &Message) {
        for row in results(message).filter(|row| !is_cancelled(message, *row)) {
            let key = key(given, message, row);
            if self.asked.contains(&key) {
                let number = |field| message.word(row, "OBR", field).or_else(|| message.of_order(row, field));
                let found = Found {
                    at: (file, message.line(row)),
                    status: Status::of(message, row),
                    orders: [number(3), number(2)],
                    time: message.word(row, "OBX", 14).or_else(|| message.word(row, "OBR", 7)),
                    value: message.word(row, "OBX", 5),
                };
                self.found.entry(key).or_default().push(found);
            }
        }
    }

    /// Once all rows are known: what becomes of each.
    pub(super) fn settle(&mut self) {
        for (_, rows) in std::mem::take(&mut self.found) {
            let mut live: Vec<&Found> = Vec::new();
            for row in &rows {
                let waits = |other: &&Found| other.status == Status::NotYet && row.is_of(other) == Same::Yes;
                match row.status {
                    Status::Final | Status::NotYet | Status::NotObtained => {
                        for other in live.extract_if(.., |other| waits(&&**other)) {
                            self.fates.insert(other.at, REPLACED);
                        }
                        live.extend((row.status != Status::NotObtained).then_some(row));
                    }
                    Status::Becomes => {
                        let mut all = live.iter().filter(|other| waits(other));
                        match (all.next(), all.next()) {
                            (Some(one), None) => self.fates.insert(one.at, ""),
                            _ => self.fates.insert(row.at, NOT_FINAL),
                        };
                    }
                    Status::Corrects => {
                        self.replace((row, &mut live), REPLACED);
                        live.push(row);
                    }
                    Status::Withdraws => self.replace((row, &mut live), WITHDRAWN),
                    Status::Nothing => {}
                }
            }
            let waiting = live.iter().filter(|row| row.status == Status::NotYet && !self.fates.contains_key(&row.at));
            self.waiting += waiting.count() as u64;
        }
    }

    /// A row that takes the place of another, or takes it away.
    fn replace(&mut self, (row, live): (&Found, &mut Vec<&Found>), fate: &'static str) {
        let is = |other: &Found| if fate == WITHDRAWN { row.takes_away(other) } else { row.is_of(other) };
        let places = |wanted: Same, live: &[&Found]| -> Vec<(usize, u64)> {
            live.iter().filter(|other| is(other) == wanted).map(|other| other.at).collect()
        };
        let (mut same, perhaps) = (places(Same::Yes, live), places(Same::Perhaps, live));
        if same.len() > 1 && row.time.is_some() {
            let at_once = live.iter().filter(|other| is(other) == Same::Yes && other.time == row.time);
            let at_once: Vec<(usize, u64)> = at_once.map(|other| other.at).collect();
            same = if at_once.len() == 1 { at_once } else { same };
        }
        let (these, fate) = match (same.len(), perhaps.len()) {
            (1, _) => (same, fate),
            (0, 0) => {
                self.of_none += u64::from(row.status == Status::Corrects);
                return;
            }
            (0, _) => (perhaps, PERHAPS),
            _ => (same, PERHAPS),
        };
        self.of_some += u64::from(fate == PERHAPS);
        live.retain(|other| !these.contains(&other.at));
        self.fates.extend(these.into_iter().map(|at| (at, fate)));
    }

    /// Why a row is left out; an empty text where it counts.
    pub(super) fn standing(&self, given: &Given, at: (usize, u64), (message, row): (&Message, usize)) -> &'static str {
        if is_cancelled(message, row) && !given.reads_orders {
            return CANCELLED;
        }
        if row == 0 {
            return "";
        }
        match (self.fates.get(&at), Status::of(message, row)) {
            // A preliminary result is one where the mapping says how final its results are.
            (Some(&NOT_FINAL), _) if given.reads_status => NONE,
            (Some(&REPLACED), Status::NotYet) if given.reads_status => "",
            (Some(fate), _) => fate,
            (None, Status::Final | Status::Corrects) => "",
            (None, Status::NotYet) if given.reads_status => "",
            (None, Status::NotYet) => NOT_FINAL,
            (None, Status::Becomes | Status::Withdraws | Status::NotObtained | Status::Nothing) => NONE,
        }
    }

    /// What a reader of the results must know.
    pub(super) fn told(&self) -> Vec<Told> {
        let waiting = "final (OBX-11) and left out; its kind of event is not supplied in full";
        let of_none = "a result that the export does not have, and counts as a result of its own";
        let of_some = "not say by the number of an order or a time which: the results that may be meant are left out, and their kinds of event are not supplied in full";
        let corrects = ("row corrects", "rows correct");
        let names = ("row that corrects or withdraws a result does", "rows that correct or withdraw results do");
        let told = [
            Told::counted(self.waiting, ("result is not", "results are not"), waiting),
            Told::counted(self.of_none, corrects, of_none),
            Told::counted(self.of_some, names, of_some),
        ];
        told.into_iter().flatten().map(Told::weighing).collect()
    }
}

/// The rows of a message that are results.
fn results(message: &Message) -> impl Iterator<Item = usize> {
    let rows = if message.is_spoilt() { Vec::new() } else { message.rows() };
    rows.into_iter().skip(1)
}

/// Whose result it is, and of what.
fn key(given: &Given, message: &Message, row: usize) -> String {
    let names = given.names.iter().map(|all| all.iter().find_map(|place| message.text(row, place)));
    let test = [message.part(row, "OBX", 3, 1), message.word(row, "OBX", 4)];
    // What is not there is as if it were empty.
    let texts = names.chain(test).map(|text| tidy(&text.unwrap_or_default()).into_owned());
    texts.collect::<Vec<_>>().join("\u{1f}")
}

/// Whether the order of a row was cancelled (ORC-1, ORC-5, OBR-25); of a message, whether all of its orders were.
fn is_cancelled(message: &Message, row: usize) -> bool {
    let is = |text: Option<String>, words: &[&str]| text.is_some_and(|text| words.contains(&text.as_str()));
    let control = ["CA", "CR", "OC"];
    if row > 0 {
        return is(message.of_order(row, 1), &control)
            || is(message.of_order(row, 5), &["CA"])
            || is(message.word(row, "OBR", 25), &["X"]);
    }
    let all = |segment: &str, field: usize, words: &[&str]| {
        let mut own = message.all(segment, field);
        let first = own.next();
        first.is_some_and(|first| is(first, words) && own.all(|text| is(text, words)))
    };
    all("ORC", 1, &control) || all("ORC", 5, &["CA"]) || all("OBR", 25, &["X"])
}
