//! Parquet files of every writer at hand, what they may have that is not read, and damaged ones.

use crate::packages::{Random, data_file};
use concord_parquet::{Cell, Fault, Means, Parquet};
use std::io::Cursor;

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(data_file(&format!("formats/{name}.parquet"))).unwrap()
}

/// Columns of a file with their texts: `~` for what is no text, nothing for what is missing.
fn columns(bytes: &[u8], skip: &[&str]) -> Result<Vec<(String, Vec<String>)>, Fault> {
    let mut file = Parquet::open(Cursor::new(bytes))?;
    let wanted: Vec<usize> =
        (0..file.columns().len()).filter(|place| !skip.contains(&file.columns()[*place].name.as_str())).collect();
    let mut columns: Vec<(String, Vec<String>)> =
        wanted.iter().map(|place| (file.columns()[*place].name.clone(), Vec::new())).collect();
    for group in 0..file.groups() {
        let mut rows = file.group(group, &wanted)?;
        while rows.next_row()? {
            for (place, (_, texts)) in columns.iter_mut().enumerate() {
                texts.push(match rows.cell(place) {
                    Cell::Missing => String::new(),
                    Cell::Text(text) => text.to_owned(),
                    Cell::NotText => "~".to_owned(),
                });
            }
        }
    }
    Ok(columns)
}

#[test]
fn every_writer_is_read_to_the_same_texts() {
    let text = std::fs::read_to_string(data_file("formats/expected.tsv")).unwrap();
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split('\t').collect()).collect();
    let arrow = ["arrow-1-snappy", "arrow-2-gzip", "arrow-lz4", "arrow-delta", "arrow-int96"];
    for name in arrow.into_iter().chain(["polars", "duckdb", "duckdb-2", "checked-1", "checked-2"]) {
        let found = columns(&sample(name), &[]).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        assert!(found.len() >= if name.starts_with("checked") { 5 } else { 11 }, "{name} has {} columns", found.len());
        for (column, texts) in found {
            let place = names.iter().position(|name| *name == column).unwrap();
            let expected: Vec<&str> = rows.iter().map(|row| row[place]).collect();
            assert_eq!(texts, expected, "{name}: {column}");
        }
    }
}

#[test]
fn what_is_unusual_is_read_or_named() {
    let found = columns(&sample("others"), &["codes.list.element"]).unwrap();
    let expected: [(&str, [&str; 5]); 7] = [
        (
            "id",
            [
                "00000000-0000-0000-0000-000000000005",
                "00000000-0400-0000-0000-000000000005",
                "00000000-0800-0000-0000-000000000005",
                "00000000-0c00-0000-0000-000000000005",
                "00000000-1000-0000-0000-000000000005",
            ],
        ),
        ("patient.id", ["A", "B", "", "", "C"]),
        ("patient.age", ["7", "", "", "1", "2"]),
        ("unsigned", ["0", "1", "18446744073709551615", "", "7"]),
        ("not_text", ["ok", "~", "", "x", "y"]),
        ("real", ["NaN", "inf", "1000000000000000000000", "0.0000001", &format!("0.{}5", "0".repeat(323))]),
        ("nothing", [""; 5]),
    ];
    for ((name, texts), (own, of)) in found.iter().zip(&expected) {
        assert_eq!((name.as_str(), texts.as_slice()), (*own, of.map(str::to_owned).as_slice()));
    }
    assert_eq!(found.len(), expected.len());
    let said = |name: &str| columns(&sample(name), &[]).unwrap_err().to_string();
    assert_eq!(said("others"), "the Parquet file has lists in `codes.list.element`, which is not read");
    assert_eq!(said("arrow-brotli"), "the Parquet file has pages packed with Brotli, which is not read");
    let sepsis = Parquet::open(Cursor::new(sample("sepsis"))).unwrap();
    assert_eq!((sepsis.rows(), sepsis.groups()), (15_214, 3));
    assert_eq!(sepsis.columns()[2].means, Means::Time { utc: false, units: 1_000_000 });
}

#[test]
fn a_group_without_rows_is_read_as_that() {
    let found = columns(&sample("empty-group"), &[]).unwrap();
    assert_eq!(found[1].1, ["-500", "-499", "-496", "", "-484", "-475", "-464", "-451"]);
    assert_eq!(found[0].1.len(), 8);
    let none = columns(&sample("no-rows"), &[]).unwrap();
    assert!(none.len() == 2 && none.iter().all(|(_, texts)| texts.is_empty()));
}

/// Where a writer gave the checksums of its pages, no bit that changed on the way changes a text.
#[test]
fn a_page_is_held_to_its_checksum() {
    for name in ["checked-1", "checked-2"] {
        let whole = sample(name);
        let texts = columns(&whole, &[]).unwrap();
        let (mut tried, mut refused) = (0, 0);
        // What the file says of itself stands at its end.
        for place in (4..whole.len() * 2 / 3).step_by(23) {
            let mut bytes = whole.clone();
            bytes[place] ^= 1 << (place % 8);
            tried += 1;
            match columns(&bytes, &[]) {
                Ok(found) => assert!(found == texts, "{name}: byte {place}"),
                Err(_) => refused += 1,
            }
        }
        assert!(refused > tried * 3 / 4, "{name}: {refused} of {tried}");
    }
}

/// A damaged file is refused, or read to something; nothing panics, and nothing is believed that would fill the memory.
#[test]
fn damaged_files_are_refused_or_read() {
    let mut random = Random::seeded(0x9a7);
    for name in ["others", "arrow-1-snappy", "arrow-2-gzip", "arrow-delta", "arrow-lz4", "duckdb-2", "polars"] {
        let whole = sample(name);
        let mut refused = 0;
        for _ in 0..120 {
            let mut bytes = whole.clone();
            for _ in 0..=random.below(3) {
                // More often in what the file says of itself, which stands at its end.
                let from = if random.below(2) == 0 { 0 } else { bytes.len() as u64 * 2 / 3 };
                let place = usize::try_from(from + random.below(bytes.len() as u64 - from)).unwrap();
                bytes[place] = u8::try_from(random.below(256)).unwrap();
            }
            if random.below(8) == 0 {
                bytes.truncate(usize::try_from(random.below(bytes.len() as u64)).unwrap());
            }
            refused += usize::from(columns(&bytes, &[]).is_err());
        }
        assert!(refused > 10, "{name}: {refused}");
    }
    for short in [b"".as_slice(), b"PAR1", b"PAR1PAR1", b"PAR1\x00\x00\x00\x00PAR1", b"PAR1\xff\xff\xff\xffPAR1"] {
        let fault = columns(short, &[]).unwrap_err().to_string();
        assert!(fault.starts_with("the Parquet file is damaged: "), "{fault}");
    }
}
