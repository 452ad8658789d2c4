//! The form of a file: quotes, delimiters, names with what nobody sees, and lines.

use super::{EVENTS, HEADER, read, read_rows};
use concord_cli::data::names::{near_twins, tidy};
use concord_cli::data::read::ReadError;
use concord_cli::words::{acts, visible};

/// What is wrong with the quotes of a file, if anything.
fn quotes(text: &str) -> Option<(u64, Option<u64>)> {
    match read(EVENTS, &[("data.csv", text.as_bytes())], false).0 {
        Ok(_) => None,
        Err(ReadError::Quotes(_, opened, closed)) => Some((opened, closed)),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn quotes_close_at_the_end_of_a_field_or_the_file_is_refused() {
    let row = |remark: &str| format!("{HEADER}A;Triage;2015-01-05T09:00:00Z;{remark};71;;;\n");
    for sound in ["\"X\"", "\"a\"\"b\"", "\"a;b\"", "\"a\nb\"", "5\" tube", "\"\"", "\"X\" ", "\"\"\"X\"\"\""] {
        assert_eq!(quotes(&row(sound)), None, "{sound}");
    }
    assert_eq!(quotes(&row("\"X")), Some((2, None)));
    assert_eq!(quotes(&row("\"X\"Y")), Some((2, Some(2))));
    let later = format!("{}A;Triage;2015-01-05T09:00:00Z;\"Y\";71;;;\n", row("\"X"));
    assert_eq!(quotes(&later), Some((2, Some(3))));
    assert_eq!(quotes(&format!("\u{feff}{}", row("X"))), None);
    assert_eq!(quotes(&row("\"X\"").replace('\n', "\r\n")), None);
}

#[test]
fn lines_are_counted_beside_rows() {
    let lines = |text: String| {
        let data = read_rows(EVENTS, &text).data;
        (data.files[0].lines.unwrap(), data.rows)
    };
    let row = "A;Triage;2015-01-05T09:00:00Z;\"X\nY\";71;;;";
    assert_eq!(lines(format!("{HEADER}{row}\n")), (3, 1));
    assert_eq!(lines(format!("{HEADER}{row}")), (3, 1));
    assert_eq!(lines(HEADER.to_owned()), (1, 0));
}

#[test]
fn columns_activities_and_labels_are_found_whatever_nobody_sees_in_them() {
    let header = HEADER.replace("id;", "\u{feff}id\u{a0};").replace(";lac", "; lac ");
    let export = read_rows(
        EVENTS,
        &format!(
            "{header}A;Triage\u{a0};2015-01-05T09:00:00Z;X\u{200b};71;;;\nA;Lactate; 2015-01-05T10:00:00Z;X ;;;;2.1\u{200d}\n"
        ),
    );
    assert_eq!((export.data.rows_rejected, export.data.values_rejected, export.data.organisations), (0, 0, 1));
    assert_eq!(export.cases[0].labels[0].as_deref(), Some("X"));
}

#[test]
fn a_name_that_acts_on_what_shows_it_is_refused() {
    let rows =
        format!("{HEADER}A\u{1b}[2J;Triage;2015-01-05T09:00:00Z;X;;;;\nB;Triage;2015-01-05T09:00:00Z;X\u{7};;;;\n");
    let (export, folder) = read(EVENTS, &[("data.csv", rows.as_bytes())], true);
    let export = export.unwrap();
    assert_eq!(export.ids, ["B"]);
    assert_eq!(export.cases[0].labels[0], None);
    let rejects = folder.read("rejects.csv");
    assert!(!rejects.contains(['\u{1b}', '\u{7}']) && rejects.contains("X\\u0007"), "{rejects}");
}

#[test]
fn organisations_that_differ_in_capitals_are_told() {
    let rows = "A;Triage;2015-01-05T09:00:00Z;RM3;;;;\nB;Triage;2015-01-05T09:00:00Z;rm3;;;;\n";
    let notes = read_rows(EVENTS, &format!("{HEADER}{rows}")).data.notes;
    let said = "2 codes of organisations differ from another only in capitals, blanks, accents or letters that look alike; they are kept apart: `RM3`, `rm3`.";
    assert!(notes.iter().any(|note| note == said), "{notes:?}");
}

#[test]
fn rows_of_another_delimiter_are_told() {
    let commas = EVENTS.replace(
        "delimiter = \";\"\n",
        "columns = [\"id\", \"what\", \"when\", \"org\", \"age\", \"o2\", \"pall\", \"lac\"]\n",
    );
    let export = read_rows(&commas, "A;Triage;2015-01-05T09:00:00Z;X;;;;\n");
    let (reason, _) = &export.data.reject_reasons[0];
    assert!(reason.ends_with("the row has 1 fields, but the header has 8; is `delimiter = \";\"` meant?"), "{reason}");
}

#[test]
fn what_is_shown_is_written_out() {
    assert_eq!(tidy(" 943\u{200d}476\u{feff} "), "943476");
    assert_eq!(tidy("C3\u{a0}"), "C3");
    assert_eq!(tidy("St\u{2009}Mary"), "St Mary");
    assert_eq!(visible("a\u{1b}[31m\nb\u{202e}c\td"), "a\\u001b[31m\nb\\u202ec\td");
    assert!(acts("a\nb") && acts("\u{2066}x") && acts("\u{85}") && !acts("Z\u{fc}rich, “ward 3”"));
    assert_eq!(near_twins(["A 1", "a1", "B", "C", "c "].into_iter()), 4);
    assert_eq!(near_twins(["Z\u{fc}rich", "Zu\u{308}rich", "Zug"].into_iter()), 2);
}
