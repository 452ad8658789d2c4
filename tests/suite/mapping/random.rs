//! Files put together at random.

use super::{EVENTS, HEADER, read};
use crate::packages::Random;
use concord_cli::data::read::ReadError;

#[test]
fn no_file_makes_the_reader_panic_or_lose_a_row() {
    let pieces = [
        "A",
        "NA",
        ";",
        ";",
        ";",
        "\n",
        "Triage",
        "Lactate",
        "Bill",
        "2015-01-05T09:00:00Z",
        "\"",
        "2.1",
        "-1e9",
        "J",
        "\u{e9}",
        "\r\n",
        " ",
    ];
    let mut random = Random::seeded(11);
    for _ in 0..300 {
        let mut rows = HEADER.to_owned();
        for _ in 0..random.below(120) {
            rows.push_str(random.one_of(&pieces));
        }
        let (export, _folder) = read(EVENTS, &[("data.csv", rows.as_bytes())], true);
        let data = match export {
            Ok(export) => export.data,
            // An odd quote makes the whole file unreadable.
            Err(ReadError::Quotes(..)) => continue,
            Err(error) => panic!("{error}: {rows}"),
        };
        let left_out: u64 = data.rows_left_out.iter().map(|(_, rows)| rows).sum();
        assert_eq!(data.rows, data.rows_used + left_out + data.rows_rejected);
    }
}
