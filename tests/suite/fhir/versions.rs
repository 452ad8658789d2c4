//! Which of several versions of a resource stands: held against the plain rule that compares each with each other, and in a time that does not grow with
//! the square of them.

use concord_engine::values::calendar::read_instant;
use concord_fhir::{Wanted, read};
use serde_json::{Value, json};

use super::{AS_OF, bundle, fact, observed, quantity, wanted};

/// A version by its number, the minute of its change, and what it says.
type Version = (Option<u64>, Option<u64>, u64);

fn resource(&(number, minute, value): &Version) -> Value {
    let mut of = observed("2708-6", "2026-03-29T09:00:00Z", quantity(90.0 + value as f64, "%"));
    let mut meta = json!({});
    if let Some(number) = number {
        meta["versionId"] = number.to_string().into();
    }
    if let Some(minute) = minute {
        meta["lastUpdated"] = format!("2026-03-29T10:0{minute}:00Z").into();
    }
    of["id"] = "1".into();
    of["meta"] = meta;
    of
}

/// The value of the one that is later than each other, or says the same.
fn expected(all: &[Version]) -> Option<u64> {
    let is_after = |own: &Version, other: &Version| {
        let signs = [own.0.zip(other.0), own.1.zip(other.1)].into_iter().flatten().map(|(own, other)| own.cmp(&other));
        let signs: Vec<_> = signs.collect();
        signs.iter().any(|sign| sign.is_gt()) && !signs.iter().any(|sign| sign.is_lt())
    };
    all.iter().find(|own| all.iter().all(|other| own.2 == other.2 || is_after(own, other))).map(|own| own.2)
}

fn found(all: &[Version], wanted: &Wanted) -> Option<u64> {
    let resources: Vec<Value> = all.iter().map(resource).collect();
    let mapped = read(&bundle(&resources), wanted, Some(read_instant(AS_OF).unwrap())).unwrap();
    mapped.case.get("spo2").map(|value| value.as_u64().unwrap() - 90)
}

#[test]
fn the_one_that_stands_is_later_than_each_other() {
    let wanted = wanted();
    let each = [None, Some(1), Some(2)];
    let one = |number: usize| (each[number % 3], each[number / 3 % 3], (number / 9 % 3) as u64);
    let (mut stood, mut tried) = (0, 0);
    let mut hold = |all: &[Version]| {
        let expected = expected(all);
        assert_eq!(found(all, &wanted), expected, "{all:?}");
        stood += usize::from(expected.is_some());
        tried += 1;
    };
    for first in 0..18 {
        for second in 0..18 {
            for third in 0..18 {
                hold(&[one(first), one(second), one(third)]);
            }
        }
    }
    let mut state = 7_usize;
    for _ in 0..5_000 {
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 33
        };
        let all: Vec<Version> = (0..4 + next() % 4).map(|_| one(next() % 27)).collect();
        hold(&all);
    }
    assert!(stood > 500 && tried - stood > 500, "{stood} of {tried}");
}

/// A record system that sends thousands of versions of one resource does not stop whoever reads them.
#[test]
fn thousands_of_versions_are_read_at_once() {
    let wanted = wanted();
    let without = |count: u64, value: fn(u64) -> u64| -> Vec<Version> {
        (0..count).map(|number| (None, None, value(number))).collect()
    };
    assert_eq!(found(&without(20_000, |number| number / 10_000 * (1 + number % 2)), &wanted), None);
    assert_eq!(found(&without(20_000, |_| 3), &wanted), Some(3));
    let numbered: Vec<Version> = (0..20_000).map(|number| (Some(number), None, number % 7)).collect();
    assert_eq!(found(&numbered, &wanted), Some(19_999 % 7));
}

/// What has the length of a date is none for that.
#[test]
fn a_date_has_digits_where_digits_stand() {
    let born = |text: &str| {
        let of = json!({ "resourceType": "Patient", "id": "1", "birthDate": text });
        fact("born", &[of])
    };
    assert_eq!(born("1980-04-01"), Ok(json!("1980-04-01")));
    assert_eq!(born("1980-04"), Ok(json!({ "from": "1980-04-01", "to": "1980-04-30" })));
    assert_eq!(born("1980"), Ok(json!({ "from": "1980-01-01", "to": "1980-12-31" })));
    for text in
        ["1980W10", "1980/04", "1980-+1", "+980", "-980", "198-004", "+98-104", "1980-4-", "1980 04", "19800401"]
    {
        assert!(born(text).is_err(), "{text}: {:?}", born(text));
    }
}
