//! What counts as known: exactly one thing is possible, whether of a range or of a set.

use concord_engine::evaluate::{Known, Value};
use concord_engine::plan::{Class, Shape};

fn possible(low: i64, high: i64, may_be_none: bool) -> Value {
    Value { low, high, may_be_some: true, may_be_none, needs: 1 }
}

#[test]
fn a_range_is_known_where_its_ends_meet() {
    assert_eq!(possible(7, 7, false).only(Class::Range), Some(Known::Value(7)));
    assert_eq!(possible(6, 7, false).only(Class::Range), None);
    assert_eq!(possible(7, 7, true).only(Class::Range), None);
}

/// Both ends of a set are its mask, so they meet whatever is possible.
#[test]
fn a_set_of_three_possible_variants_is_not_known() {
    let three = possible(0b1011, 0b1011, false);
    assert_eq!(three.only(Class::Set), None);
    assert!(!three.is_known(Class::Set));
    assert_eq!(three.settled(Class::Set).needs, 1);
    assert_eq!(Value::anything(Shape::set(3), 1).only(Class::Set), None);
}

#[test]
fn a_set_of_one_possible_variant_is_known_by_its_place() {
    assert_eq!(Value::choice(3).only(Class::Set), Some(Known::Value(3)));
    assert_eq!(possible(0b1000, 0b1000, true).only(Class::Set), None);
    assert_eq!(Value::choice(3).only(Class::Set).and_then(Known::place), Some(3));
}

#[test]
fn recorded_as_none_is_known() {
    for class in [Class::Range, Class::Set] {
        assert_eq!(Value::none().only(class), Some(Known::None));
    }
    assert_eq!(Known::None.value(), None);
}
