//! Several codes in one field of an export: an event a code, and the rows are counted as they are.

use super::read_of;
use crate::packages::compile;
use concord_cli::data::read::{Export, ReadError};
use concord_engine::plan::Package;
use concord_engine::plan::case::Datum;
use concord_tests::text::whole;

const MAP: &str = r#"
version = "1"
title   = "A test"
[source]
format = "csv"
rows   = "events"
[case]
columns = ["id"]
[time]
zone = "in text"
[events]
activity = "what"
at       = "when"
[events.map]
"Coded" = { event = "Diagnosis", fields = { code = { column = "codes", separator = ";" }, place = { column = "place" } } }
"#;
const HEADER: &str = "id,what,when,codes,place\n";

fn package() -> Package {
    compile(&whole(
        "subject Stay {\n  kind : code\n  event Diagnosis { code : code, place : integer 0..99 }\n}\ndefine x = count Diagnosis\n",
    ))
}

fn read(map: &str, rows: &str) -> Result<Export, ReadError> {
    let package = package();
    let map = format!("package = \"{}\"\n{map}", package.credentials.path);
    let rows = format!("{HEADER}{rows}");
    read_of(&package, "2026-01-10T00:00:00Z", &map, &[("data.csv", rows.as_bytes())], false).0
}

/// The codes of the events of a case, with the other field.
fn codes(export: &Export, case: usize) -> Vec<(String, Datum)> {
    let (plan, case) = (package().plan, &export.cases[case]);
    let shown = |datum: Datum| match datum {
        Datum::Known(code) => plan.legend(case).code(code),
        other => format!("{other:?}"),
    };
    case.events.iter().map(|event| (shown(event.fields[0]), event.fields[1])).collect()
}

#[test]
fn each_code_makes_an_event_with_the_other_fields_of_the_row() {
    let rows = "\
A,Coded,2026-01-05T09:00:00Z,E11.9; h36.0* ;;E11.9,1\n\
B,Coded,2026-01-05T09:00:00Z,,2\n\
C,Coded,2026-01-05T09:00:00Z, ; ,3\n\
D,Coded,2026-01-05T09:00:00Z,A\tB;I10,4\n";
    let export = read(MAP, rows).unwrap();
    let of = |codes: &[&str], place: i64| -> Vec<(String, Datum)> {
        codes.iter().map(|code| ((*code).to_owned(), Datum::Known(place))).collect()
    };
    // Empty pieces are none, and what stands twice counts once.
    assert_eq!(codes(&export, 0), of(&["E11.9", "H36.0*"], 1));
    assert_eq!(codes(&export, 1), of(&["Missing"], 2));
    assert_eq!(codes(&export, 2), of(&["Missing"], 3));
    // A code that cannot be read is refused by itself.
    assert_eq!(codes(&export, 3), of(&["Missing", "I10"], 4));
    let data = &export.data;
    assert_eq!((data.rows, data.rows_used, data.events, data.values_rejected), (4, 4, 6, 1));
    assert_eq!(
        data.notes,
        [
            "Times are read as the zone they carry.",
            "2 rows hold several codes in one field, and make 4 events.",
            "1 code stands again in the same field, without a further event.",
            "2 events have the same time as the event before them; they keep the order of the file."
        ]
    );
}

#[test]
fn a_separator_is_for_one_field_of_codes() {
    let refused = |map: &str| match read(map, "") {
        Err(ReadError::Mapping(_, errors)) => errors.into_iter().map(|error| error.message).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let place = MAP.replace("{ column = \"place\" }", "{ column = \"place\", separator = \";\" }");
    assert_eq!(
        refused(&place),
        [
            "`separator` is for codes",
            "two fields of the event have a `separator`: each code makes an event, so there can be one"
        ]
    );
    let fact = format!("{MAP}[facts]\nkind = {{ column = \"codes\", separator = \";\" }}\n");
    assert_eq!(refused(&fact), ["`separator` is for a field of an event: a fact has one value"]);
    assert_eq!(refused(&MAP.replace("\";\"", "\" \"")), ["`separator` is a sign such as \";\", not a blank"]);
}

/// In a case as JSON it is the choice as well; what is not known has a list of its own.
#[test]
fn a_choice_called_missing_is_the_choice() {
    let package = compile(&whole(
        "enum Form { whole, missing }\nsubject Stay { event Seen { form : Form } }\ndefine gone = any Seen where form is missing\n",
    ));
    let field = "\"Seen\" = { event = \"Seen\", fields = { form = { column = \"codes\", values = { W = \"whole\", M = \"missing\" }, missing = [\"X\"] } } }";
    let (head, _) = MAP.split_once("\"Coded\"").unwrap();
    let map = format!("package = \"{}\"\n{head}{field}\n", package.credentials.path);
    let row = |case: &str, code: &str| format!("{case},Seen,2026-01-05T09:00:00Z,{code},\n");
    let rows = format!("{HEADER}{}{}{}", row("A", "W"), row("B", "M"), row("C", "X"));
    let read = read_of(&package, "2026-01-10T00:00:00Z", &map, &[("data.csv", rows.as_bytes())], false).0.unwrap();
    let found: Vec<Datum> = read.cases.iter().map(|case| case.events[0].fields[0]).collect();
    assert_eq!(found, [Datum::Known(0), Datum::Known(1), Datum::Missing]);
}
