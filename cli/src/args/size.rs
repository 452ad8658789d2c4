//! Sizes of memory as people write them.

use clap::Args;

/// What may be held of an export.
#[derive(Args, Debug)]
pub struct Held {
    /// Memory for an export whose rows are not grouped by case, such as 256M; one that takes more is set apart by case in files on disk
    #[arg(long, value_name = "SIZE", default_value = "1G", value_parser = bytes)]
    pub memory: u64,
}

/// `256M` in bytes.
///
/// # Errors
/// What was expected.
pub fn bytes(text: &str) -> Result<u64, String> {
    let (number, times) = match text.strip_suffix(['k', 'K', 'm', 'M', 'g', 'G']) {
        None => (text, 1),
        Some(number) if text.ends_with(['k', 'K']) => (number, 1 << 10),
        Some(number) if text.ends_with(['m', 'M']) => (number, 1 << 20),
        Some(number) => (number, 1 << 30),
    };
    let number: Option<u64> = number.parse().ok();
    number.and_then(|number| number.checked_mul(times)).ok_or_else(|| "expected a size such as 256M or 2G".to_owned())
}
