//! Sizes of the plan as numbers of the module. What does not fit is an error: in a module, 0 means that there is nothing.

use super::error::EmitError;
use super::node::{Node, int};

/// An address, an offset or a number of bytes.
pub(crate) fn address(size: usize) -> Result<u32, EmitError> {
    u32::try_from(size).map_err(|_| EmitError::TooLarge("its parts do not fit in the memory of a module"))
}

/// A count or a place in an order, as an `I32` constant.
pub(crate) fn count(number: usize) -> Result<Node, EmitError> {
    let number = i32::try_from(number).map_err(|_| EmitError::TooLarge("more parts than a module can count"))?;
    Ok(int(i64::from(number)))
}

/// What stands in a place of a list.
pub(crate) fn at<T>(of: &[T], place: u32) -> Option<&T> {
    of.get(usize::try_from(place).ok()?)
}

/// A mask of 64 bits with this one.
pub(crate) fn bit(number: usize) -> Result<u64, EmitError> {
    let bit = u32::try_from(number).ok().and_then(|number| 1_u64.checked_shl(number));
    bit.ok_or(EmitError::TooLarge("more than 64 of what is kept as one bit each"))
}
