//! Whose messages of HL7 are: a patient has several identifiers (PID-3), of which the first counts where the mapping names none; two numbers turn out to be one
//! patient (A40 and its like, with MRG), as FHIR says by `link`; a message may be about several, and one may cancel another.

use super::hl7_place::{Message, Place};
use super::told::Told;
use crate::data::mapping::{Activity, Binding};
use crate::data::names::tidy;
use std::collections::{BTreeMap, BTreeSet};

/// Two patients of one identity, or two numbers of one patient: the one in MRG is the one in PID.
const MERGES: [&str; 6] = ["A18", "A30", "A34", "A36", "A39", "A40"];
/// Two patients, the one beside the other.
const OF_TWO: [&str; 3] = ["A17", "A24", "A37"];
/// What another message says did not happen, or was entered by mistake.
const CANCELS: [&str; 13] = ["A11", "A12", "A13", "A25", "A26", "A27", "A32", "A33", "A38", "A52", "A53", "A54", "A55"];
/// The identifiers of a patient, in the order of MRG: those of the patient, the account, and the number that older messages have.
const PRIOR: [(usize, usize); 3] = [(3, 1), (18, 3), (2, 4)];
/// Kinds of identifier that are named.
const MOST_NAMED: usize = 4;

/// Where the mapping has the name of a case.
#[derive(Default)]
struct Names {
    case: Option<Vec<Place>>,
    within: Vec<Place>,
    /// Kinds of message that the mapping makes something of.
    known: BTreeSet<String>,
    /// It takes the first identifier of a patient, of whatever kind.
    takes_first: bool,
}

impl Names {
    fn of(binding: &Binding) -> Names {
        let places = |column: usize| -> Vec<Place> {
            // A column of the mapping has a name.
            let column = binding.columns.get(column).map_or("", String::as_str);
            column.split(" or ").filter_map(Place::read).collect()
        };
        let case = match binding.case.as_slice() {
            [one] => Some(places(*one)),
            _ => None,
        };
        // An export that names no organisation has none.
        let within = binding.within_column().map(places).unwrap_or_default();
        let made = binding.activities.iter().filter(|(_, is)| !matches!(is, Activity::LeftOut));
        let takes_first =
            binding.case.iter().flat_map(|column| places(*column)).any(|place| place.is_first_of("PID", 3));
        Names { case, within, known: made.map(|(name, _)| name.clone()).collect(), takes_first }
    }
}

/// What is known of all messages before they are read.
#[derive(Default)]
pub(super) struct Patients {
    names: Names,
    /// By organisation and name, the name that took its place; none where two did.
    merged: BTreeMap<(String, String), Option<String>>,
    /// Kinds of identifier that stand first.
    firsts: BTreeSet<String>,
    /// Messages about several patients, and those that cancel others or join numbers in a way that is not followed, by what they are.
    of_several: u64,
    cancelled: BTreeMap<String, u64>,
    unfollowed: BTreeMap<String, u64>,
}

impl Patients {
    pub(super) fn of(binding: &Binding) -> Patients {
        Patients { names: Names::of(binding), ..Patients::default() }
    }

    pub(super) fn add(&mut self, message: &Message) {
        // What cannot be read says nothing.
        let kind = message.part(0, "MSH", 9, 2).or_else(|| message.word(0, "EVN", 1)).unwrap_or_default();
        if self.names.takes_first {
            self.firsts.extend(message.kind_of_first("PID", 3));
        }
        let patients = message.all("PID", 3).count();
        let count = |all: &mut BTreeMap<String, u64>| *all.entry(kind.clone()).or_default() += 1;
        if CANCELS.contains(&kind.as_str()) && !self.names.known.contains(&kind) {
            count(&mut self.cancelled);
        }
        if message.all("MRG", 1).next().is_some() {
            if !(MERGES.contains(&kind.as_str()) && self.merge(message)) {
                count(&mut self.unfollowed);
            }
        } else if OF_TWO.contains(&kind.as_str()) {
            count(&mut self.unfollowed);
        } else {
            self.of_several += u64::from(patients > 1);
        }
    }

    /// Takes note of the names that a message joins; whether it could.
    fn merge(&mut self, message: &Message) -> bool {
        let Some(case) = &self.names.case else { return false };
        let within = text_of(message, 0, &self.names.within);
        let mut joined = false;
        for row in message.places_of("MRG") {
            let pair = case.iter().find_map(|place| {
                let (_, prior) = PRIOR.iter().find(|(field, _)| place.is_of("PID", *field))?;
                Some((message.text(row, &place.at("MRG", *prior))?, message.text(row, place)?))
            });
            let Some((old, new)) = pair.map(|(old, new)| (tidy(&old).into_owned(), tidy(&new).into_owned())) else {
                return false;
            };
            if old != new {
                let slot = self.merged.entry((within.clone(), old)).or_insert_with(|| Some(new.clone()));
                // Of two that took its place nobody knows which has what was sent before.
                *slot = slot.take().filter(|known| *known == new);
            }
            joined = true;
        }
        joined
    }

    /// The name that a row's case has now; none where it is as it stands.
    pub(super) fn now(&self, message: &Message, row: usize) -> Option<String> {
        if self.merged.is_empty() {
            return None;
        }
        let within = text_of(message, row, &self.names.within);
        let mut name = text_of(message, row, self.names.case.as_ref()?);
        let mut met = BTreeSet::new();
        while met.insert(name.clone()) {
            match self.merged.get(&(within.clone(), name.clone())) {
                Some(Some(next)) => name.clone_from(next),
                _ => break,
            }
        }
        (met.len() > 1).then_some(name)
    }

    /// What a reader of the results must know.
    pub(super) fn told(&self) -> Vec<Told> {
        let named: Vec<String> = self.firsts.iter().take(MOST_NAMED).map(|kind| format!("`{kind}`")).collect();
        let first = (named.len() > 1).then(|| {
            // There are two or more.
            let one = self.firsts.iter().next().map_or("", String::as_str);
            Told::once(format!(
                "The identifier of a patient that stands first (PID-3) is not always of the same kind ({}), and the first counts: one patient may be two cases. Name the one that counts, as `PID-3[{one}].1`.",
                named.join(", ")
            ))
        });
        let joined = Told::counted(
            self.merged.values().flatten().count() as u64,
            ("number of a patient was", "numbers of patients were"),
            "merged into another (MRG): what was sent under it is of that patient",
        );
        let two = Told::counted(
            self.merged.values().filter(|new| new.is_none()).count() as u64,
            ("number of a patient was", "numbers of patients were"),
            "merged into two others, and stands for itself",
        );
        let several = Told::counted(
            self.of_several,
            ("message is", "messages are"),
            "about several patients (PID), and what it says as a whole is of the first alone",
        );
        let cancelled = kinds_of(
            &self.cancelled,
            ("message cancels", "messages cancel"),
            "what another says, which counts all the same: make an event of each where the rule can tell",
        );
        let unfollowed = kinds_of(
            &self.unfollowed,
            ("message joins, moves or parts", "messages join, move or part"),
            "numbers of patients, accounts or visits, which is not followed: one patient may be two cases, or two one",
        );
        let weighs = [first, two, several, cancelled, unfollowed].into_iter().flatten().map(Told::weighing);
        weighs.chain(joined).collect()
    }
}

/// What a row has at the first of some places that is there, as names are read.
fn text_of(message: &Message, row: usize, places: &[Place]) -> String {
    // What is not there is as if it were empty.
    let text = places.iter().find_map(|place| message.text(row, place)).unwrap_or_default();
    tidy(&text).into_owned()
}

/// How many messages of some kinds there are, with these.
fn kinds_of(found: &BTreeMap<String, u64>, nouns: (&'static str, &'static str), text: &str) -> Option<Told> {
    let kinds: Vec<&str> = found.keys().map(String::as_str).collect();
    Told::counted(found.values().sum(), nouns, &format!("{text} ({})", kinds.join(", ")))
}
