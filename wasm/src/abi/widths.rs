//! How values lie in columns: as signed integers of the least width, the smallest of which stand for what is not a value.

use concord_engine::plan::Shape;

/// An event's time that is not known, in the column of times.
pub const TIME_UNKNOWN: i64 = i64::MIN;
/// An event's time that is known to lie between two instants, which stand in columns of their own.
pub const TIME_BETWEEN: i64 = TIME_UNKNOWN + 1;

/// The bytes of the smallest signed integer that holds a shape's values and `reserved` more below them where it is optional.
#[must_use]
pub fn bytes_of(shape: Shape, reserved: i64) -> u8 {
    let spare = if shape.optional { reserved } else { 0 };
    [
        (1, i64::from(i8::MIN), i64::from(i8::MAX)),
        (2, i64::from(i16::MIN), i64::from(i16::MAX)),
        (4, i64::from(i32::MIN), i64::from(i32::MAX)),
    ]
    .into_iter()
    .find(|(_, least, most)| shape.low >= least + spare && shape.high <= *most)
    .map_or(8, |(bytes, ..)| bytes)
}

/// The least integer of a width: none, in a column.
#[must_use]
pub const fn none_of(bytes: u8) -> i64 {
    match bytes {
        1 => i8::MIN as i64,
        2 => i16::MIN as i64,
        4 => i32::MIN as i64,
        _ => i64::MIN,
    }
}

/// In a column of event fields, what stands for a value that is missing.
#[must_use]
pub const fn missing_of(bytes: u8) -> i64 {
    none_of(bytes) + 1
}

/// In a column of event fields, what stands for a value between two, which stand in columns of their own.
#[must_use]
pub const fn between_of(bytes: u8) -> i64 {
    missing_of(bytes) + 1
}
