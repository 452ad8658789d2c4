//! The resources of a bundle, or those of a patient in an export, as a case: of each resource that is given several times, the version that stands.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::about::About;
use crate::beside::Beside;
use crate::making::{Making, Mapped};
use crate::opened::{Held, Opened};
use crate::shapes::Bundle;
use crate::version::{Version, standing};
use crate::wanted::Wanted;

/// The largest bundle.
const LARGEST: usize = 256 << 20;

/// What becomes of a resource before anything is read of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Stands,
    Left(&'static str),
    /// Nobody can tell which of several versions stands.
    Untold,
}

const TWICE: Fate = Fate::Left("given twice");
const EARLIER: Fate = Fate::Left("of an earlier version");
const DELETED: Fate = Fate::Left("deleted since");
const MOVED: Fate = Fate::Left("of another patient by a later version");
const MERGED: Fate = Fate::Left("of a record that was merged into another");

/// Reads a bundle as a case, to be judged as of an instant.
///
/// # Errors
/// Where it is no bundle of one patient, or only a part of one.
pub fn read(text: &[u8], wanted: &Wanted, as_of: Option<i64>) -> Result<Mapped, String> {
    read_whole(&[], text, wanted, as_of, |_, _| None)
}

/// The same of the patient of an identity, whom whoever asks has named, where the sender does not give some kinds of resource: what they might say is not known.
///
/// # Errors
/// As [`read`], and where it is of another patient.
pub fn read_about(
    patient: &str,
    lacking: &[&str],
    text: &[u8],
    (wanted, as_of): (&Wanted, Option<i64>),
) -> Result<Mapped, String> {
    let another = "the data are of another patient than the one who is named";
    read_whole(lacking, text, wanted, as_of, |about, beside| {
        about.are_another(patient, beside).then(|| another.to_owned())
    })
}

/// Reads a bundle as a case, unless there is a reason not to.
fn read_whole(
    lacking: &[&str],
    text: &[u8],
    wanted: &Wanted,
    as_of: Option<i64>,
    refused: impl Fn(&About, &Beside) -> Option<String>,
) -> Result<Mapped, String> {
    if text.len() > LARGEST {
        return Err(format!("the bundle is larger than {LARGEST} bytes"));
    }
    let bundle: Bundle<'_> = serde_json::from_slice(text)
        .map_err(|error| format!("this is no FHIR bundle: line {}, column {}", error.line(), error.column()))?;
    let opened = Opened::of(bundle)?;
    let beside = Beside::of(&opened, wanted, lacking);
    let made = made(&opened.held, beside.only(&opened.held).as_deref(), (wanted, &beside), as_of);
    if made.is_of_several() {
        return Err("the bundle is about several patients; a case is about one".to_owned());
    }
    refused(&made.about, &beside).map_or_else(|| Ok(made.case()), Err)
}

/// Reads resources of one patient, by the record that stands for it, gathered by whoever calls, as a case, to be judged as of an instant; with what
/// stands beside them.
///
/// # Errors
/// Where one of them is no resource.
pub fn gathered(
    patient: &str,
    resources: &[&str],
    (wanted, beside): (&Wanted, &Beside),
    as_of: Option<i64>,
) -> Result<Mapped, String> {
    let mut held = Vec::new();
    for text in resources {
        held.push(Held::alone(serde_json::from_str(text).map_err(|_| "a line is no resource".to_owned())?)?);
    }
    Ok(made(&held, Some(patient), (wanted, beside), as_of).case())
}

fn made<'w>(
    held: &[Held<'_>],
    patient: Option<&str>,
    (wanted, beside): (&'w Wanted, &'w Beside),
    as_of: Option<i64>,
) -> Making<'w> {
    let mut making = Making::new(About::of(held), (wanted, beside), as_of);
    for (held, fate) in held.iter().zip(fates(held, patient, beside)) {
        match fate {
            Fate::Stands => making.resource(held),
            Fate::Left(why) => making.leave_out(why),
            Fate::Untold => making.untold(held),
        }
    }
    making
}

/// What becomes of each.
fn fates(held: &[Held<'_>], patient: Option<&str>, beside: &Beside) -> Vec<Fate> {
    let mut fates = vec![Fate::Stands; held.len()];
    let mut groups: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (place, one) in held.iter().enumerate() {
        if let Some(id) = one.id.as_deref() {
            groups.entry((&one.head.resource_type, id)).or_default().push(place);
        }
    }
    for places in groups.into_values() {
        let bases: BTreeSet<Option<&str>> = places.iter().filter_map(|place| base(held, *place)).map(Some).collect();
        if bases.len() < 2 {
            settle(held, &places, (patient, beside), &mut fates);
            continue;
        }
        // Servers give the same identity to different resources.
        for own in bases.into_iter().chain([None]) {
            let places: Vec<usize> = places.iter().copied().filter(|place| base(held, *place) == own).collect();
            settle(held, &places, (patient, beside), &mut fates);
        }
    }
    // Who somebody is, the record says into which the others were merged.
    let is_of_old = |held: &Held<'_>| held.head.resource_type == "Patient" && held.id.as_deref() != patient;
    let old = held.iter().zip(&mut fates).filter(|(held, _)| patient.is_some() && is_of_old(held));
    old.for_each(|(_, fate)| *fate = MERGED);
    fates
}

fn base<'h>(held: &'h [Held<'_>], place: usize) -> Option<&'h str> {
    held.get(place)?.base.as_deref()
}

/// What becomes of the versions of one resource.
fn settle(held: &[Held<'_>], places: &[usize], (patient, beside): (Option<&str>, &Beside), fates: &mut [Fate]) {
    let versions: Vec<&Held<'_>> = places.iter().filter_map(|place| held.get(*place)).collect();
    let deleted: Vec<&Version> = versions.iter().flat_map(|one| beside.deletions(one)).collect();
    let gone = versions.len() + deleted.len();
    let elsewhere = versions.first().into_iter().flat_map(|one| beside.elsewhere(one, patient));
    let all: Vec<&Version> = versions.iter().map(|one| &one.version).chain(deleted).chain(elsewhere).collect();
    if all.len() < 2 {
        return;
    }
    let mut says = said_by(&versions);
    // Whether it was deleted or is another's, it is not this patient's.
    says.resize(all.len(), versions.len());
    let stands = standing(&all, &says);
    for (at, place) in places.iter().enumerate() {
        let fate = match stands {
            None => Fate::Untold,
            Some(stands) if stands == at => Fate::Stands,
            Some(stands) if stands >= gone => MOVED,
            Some(stands) if stands >= versions.len() => DELETED,
            Some(stands) if says.get(stands) == says.get(at) => TWICE,
            Some(_) => EARLIER,
        };
        fates.iter_mut().skip(*place).take(1).for_each(|own| *own = fate);
    }
}

/// Of each resource a number of what it says, but for what it says of its version: two that say the same have the same, below their count.
fn said_by(versions: &[&Held<'_>]) -> Vec<usize> {
    let mut numbers: BTreeMap<(Option<&str>, String), usize> = BTreeMap::new();
    let mut number = |of: &&Held<'_>| {
        let next = numbers.len();
        *numbers.entry((of.not_understood, content(of.text.get()))).or_insert(next)
    };
    versions.iter().map(&mut number).collect()
}

/// What a resource says without its `meta`, whatever the order of its keys; what cannot be read so, as it stands.
fn content(text: &str) -> String {
    let without_meta = || {
        let mut value: Value = serde_json::from_str(text).ok()?;
        value.as_object_mut()?.remove("meta");
        value.sort_all_objects();
        Some(value.to_string())
    };
    without_meta().unwrap_or_else(|| text.to_owned())
}
