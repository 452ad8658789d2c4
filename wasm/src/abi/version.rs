//! Which interface it is, and its limits.

/// The version of the binary interface.
pub const ABI_VERSION: i32 = 3;
/// The most pages of 64 KiB a module's memory may grow to.
pub const MAX_PAGES: u64 = 16_384;
/// The events of a case for which every module has a workspace of its own.
pub const WORKSPACE_EVENTS: u32 = 64;
