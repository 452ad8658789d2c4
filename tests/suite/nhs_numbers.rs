//! NHS numbers: which check, and what a case or an export is told that brings one which does not.

use concord_cli::data::value::{ValueFault, read_text};
use concord_engine::plan::Shape;
use concord_engine::plan::case::Datum;
use concord_engine::values::nhs_number::{HIGHEST, LOWEST, NotOne, read, show};
use concord_engine::values::types::Type;

/// The ten digits after nine, by adding up from the other end: the whole weighted sum, check digit included, is a multiple of 11.
fn with_check(nine: i64) -> Option<i64> {
    (0..10).map(|check| nine * 10 + check).find(|number| {
        let digits = (0..10).map(|place| number / 10_i64.pow(place) % 10);
        digits.zip(1..).map(|(digit, weight)| digit * weight).sum::<i64>() % 11 == 0
    })
}

#[test]
fn the_last_digit_is_the_one_that_checks() {
    let mut without = 0;
    for nine in (0..1_000_000_000).step_by(99_991).chain(999_000_000..999_002_000).filter(|nine| *nine > 0) {
        let right = with_check(nine);
        without += u32::from(right.is_none());
        for check in 0..10 {
            let number = nine * 10 + check;
            let read = read(&show(number));
            assert_eq!(read, if right == Some(number) { Ok(number) } else { Err(NotOne::Check) }, "{number}");
        }
    }
    assert!(without > 900, "{without} have no check digit");
}

#[test]
fn one_wrong_digit_or_two_exchanged_do_not_check() {
    for number in (999_000_000..999_000_400).filter_map(with_check) {
        let digits = show(number).into_bytes();
        for place in 0..10 {
            for other in b'0'..=b'9' {
                let mut wrong = digits.clone();
                wrong[place] = other;
                let same = wrong == digits;
                assert_eq!(read(&String::from_utf8(wrong).unwrap()).is_ok(), same);
            }
            if place < 9 && digits[place] != digits[place + 1] {
                let mut wrong = digits.clone();
                wrong.swap(place, place + 1);
                assert_eq!(read(&String::from_utf8(wrong).unwrap()), Err(NotOne::Check));
            }
        }
    }
}

#[test]
fn a_number_that_does_not_check_is_refused_in_cases_and_exports() {
    let shape = Shape::range(LOWEST, HIGHEST);
    let value = |text: &str| read_text(&Type::NhsNumber, shape, text);
    assert_eq!(value("9990000018"), Ok(Datum::Known(9_990_000_018)));
    assert_eq!(value("999 000 0018"), Ok(Datum::Known(9_990_000_018)));
    assert_eq!(value("999-000-0018"), Ok(Datum::Known(9_990_000_018)));
    assert_eq!(value("9990000081"), Err(ValueFault::CheckDigit));
    assert_eq!(value("0000000000"), Err(ValueFault::CheckDigit));
    for text in ["", "999000001", "99900000188", "999 0000018", "99 9000 0018", "999 000 001A", "９９９0000018"] {
        assert_eq!(value(text), Err(ValueFault::WrongKind), "{text}");
    }
    assert_eq!((ValueFault::CheckDigit.code(), ValueFault::WrongKind.code()), ("D21", "D07"));
}
