//! Rows are split as the `csv` crate splits them, and named by the line in which they begin, whatever ends lines and wherever quotes stand.

use super::{EVENTS, HEADER, read};
use crate::packages::Random;

/// What a row is written as.
struct Written {
    /// The line in which it begins.
    line: u64,
    id: String,
    org: String,
    /// It has all its fields.
    is_whole: bool,
}

/// A file, and what its rows are.
fn file(random: &mut Random, rows: usize) -> (Vec<u8>, Vec<Written>) {
    let ends = ["\n", "\r\n", "\r"];
    let mut text =
        ["", "\u{feff}"][random.below(2) as usize].to_owned() + HEADER.trim_end() + ";note" + random.one_of(&ends);
    let mut expected = Vec::new();
    for number in 0..rows {
        for _ in 0..random.below(8).saturating_sub(5) {
            text += random.one_of(&ends);
        }
        let id = format!("P{number}");
        let org = random.one_of(&["R1", "R;1", "Zürich", "the \"old\" one", "🙂", "R,2"]).to_owned();
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let written = if org.contains([';', '"']) || random.below(3) == 0 { quoted(&org) } else { org.clone() };
        let what = random.one_of(&["Triage", "\"Triage\""]);
        let note = match random.below(6) {
            0 => quoted("two\nlines; and \"more\"\r\n"),
            1 => "a 5\" tube".to_owned(),
            2 => quoted(""),
            3 => "x".repeat(random.below(300) as usize),
            _ => String::new(),
        };
        let whole = random.below(20) > 0;
        let last = if whole { format!(";{note}") } else { String::new() };
        // A line feed ends a line for whoever opens the file.
        let line = 1 + text.matches('\n').count() as u64;
        text += &format!("{id};{what};2015-01-05T09:00:00Z;{written};71;;;{last}");
        if number + 1 < rows || random.below(2) == 0 {
            text += random.one_of(&ends);
        }
        expected.push(Written { line, id, org, is_whole: whole });
    }
    (text.into_bytes(), expected)
}

#[test]
fn rows_are_split_as_the_csv_crate_splits_them() {
    let mut random = Random::seeded(20);
    // The last are longer than what is read at once.
    for rows in (1..40).chain([5_000, 9_000]) {
        let (bytes, expected) = file(&mut random, rows);
        let mut reader = csv::ReaderBuilder::new().delimiter(b';').flexible(true).from_reader(bytes.as_slice());
        let theirs: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let theirs: Vec<(&str, &str, bool)> = theirs.iter().map(|r| (&r[0], &r[3], r.len() == 9)).collect();
        let planned: Vec<(&str, &str, bool)> = expected.iter().map(|row| (&*row.id, &*row.org, row.is_whole)).collect();
        assert_eq!(theirs, planned, "the test itself");

        let (export, folder) = read(EVENTS, &[("data.csv", bytes.as_slice())], false);
        let export = export.unwrap_or_else(|error| panic!("{error}"));
        let found = export.ids.iter().zip(&export.cases).map(|(id, case)| (&**id, case.labels[0].as_deref().unwrap()));
        let whole = theirs.iter().filter(|(.., whole)| *whole).map(|(id, org, _)| (*id, *org));
        assert!(found.eq(whole), "{rows} rows");
        let refused = std::fs::read_to_string(folder.path("rejects.csv")).unwrap_or_default();
        let refused = csv::Reader::from_reader(refused.as_bytes()).into_records().map(|row| row.unwrap()[1].to_owned());
        let short = expected.iter().filter(|row| !row.is_whole).map(|row| row.line.to_string());
        assert!(refused.eq(short), "{rows} rows");
    }
}
