//! Lines of a file that may be longer than any case.

use super::case_json::MAX_BYTES;
use std::io::{BufRead, Read as _};

/// Reads one line, however long; only so much of it is kept as shows that it is too long. The answer is its length: 0 at the end.
///
/// # Errors
/// Where the file cannot be read.
pub fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<usize> {
    let most = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX).saturating_add(2);
    let mut length = reader.by_ref().take(most).read_until(b'\n', line)?;
    let mut rest = Vec::new();
    while line.len() > MAX_BYTES && line.last() != Some(&b'\n') && rest.last() != Some(&b'\n') {
        rest.clear();
        let more = reader.by_ref().take(1024 * 1024).read_until(b'\n', &mut rest)?;
        if more == 0 {
            break;
        }
        length += more;
    }
    Ok(length)
}
