//! What is set and from when: parameters, the dates from which figures hold, and what members may set.

pub(in crate::types) mod dated;
pub(in crate::types) mod member;
pub(in crate::types) mod parameter;
