//! Exports in long form: the codes after `from` say what a row is, and values come in the units that the rule declares.

use super::read_of;
use crate::packages::compile;
use concord_cli::data::read::{Export, ReadError};
use concord_engine::plan::Package;
use concord_engine::plan::case::Datum::{self, Between, Known, Missing};
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
at      = "when"
by_code = { column = "code", system = "snomed", value = "value", unit = "unit", take = "last", leave_out_others = true }
"#;
const HEADER: &str = "id,code,value,unit,when\n";

fn package() -> Package {
    compile(&whole(
        "subject Stay {\n  spo2 : integer 30..100 % from snomed 431314004\n  creatinine : integer 10..3000 µmol/L or mg/dL at 88.42 from snomed 1107001000000108 or loinc 2160-0\n  event Lactate from snomed 1104311000000102 { value : decimal 0.0..30.0 mmol/L from snomed 1104311000000102, late : yes/no }\n}\ndefine x = count Lactate where value > 2.0 mmol/L\ndefine y = creatinine > 100 µmol/L or spo2 < 90%\n",
    ))
}

fn read(map: &str, rows: &str) -> Result<Export, ReadError> {
    let package = package();
    let map = format!("package = \"{}\"\n{map}", package.credentials.path);
    let rows = format!("{HEADER}{rows}");
    read_of(&package, "2026-01-10T00:00:00Z", &map, &[("data.csv", rows.as_bytes())], false).0
}

#[test]
fn rows_are_found_by_the_codes_of_the_rule() {
    let rows = "\
A,431314004,97,%,2026-01-05T09:00:00Z\n\
A,431314004,91,%,2026-01-05T10:00:00Z\n\
A,1107001000000108,2,mg/dL,2026-01-05T09:00:00Z\n\
A,1104311000000102,2.4,mmol/L,2026-01-05T09:00:00Z\n\
A,271649006,120,mmHg,2026-01-05T09:00:00Z\n\
B,1107001000000108,50,mg/dL,2026-01-05T09:00:00Z\n\
C,1107001000000108,120,umol/L,2026-01-05T09:00:00Z\n\
D,1107001000000108,120,mmol/L,2026-01-05T09:00:00Z\n\
E,1107001000000108,<1,mg/dL,2026-01-05T09:00:00Z\n";
    let export = read(MAP, rows).unwrap();
    let facts: Vec<(Datum, Datum)> = export.cases.iter().map(|case| (case.facts[0], case.facts[1])).collect();
    // 2 mg/dL are 176.84 µmol/L, 50 are 4421 and outside the range, mmol/L is not declared, less than 88.42 is at most 89.
    let wanted = [
        (Known(91), Between(176, 177)),
        (Missing, Missing),
        (Missing, Known(120)),
        (Missing, Missing),
        (Missing, Between(10, 89)),
    ];
    assert_eq!(facts, wanted);
    let events: Vec<_> = export.cases[0].events.iter().map(|event| event.fields.clone()).collect();
    assert_eq!(events, [[Known(24), Missing]]);
    let data = &export.data;
    assert_eq!(data.rows_left_out, [("other codes".to_owned(), 1)]);
    assert_eq!((data.rows, data.rows_used, data.rows_rejected, data.values_rejected), (9, 8, 0, 2));
    assert_eq!(data.completeness.iter().filter(|line| line.not_supplied).count(), 0);
}

#[test]
fn other_codes_are_refused_unless_they_are_left_out() {
    let map = MAP.replace(", leave_out_others = true", "");
    let export = read(&map, "A,271649006,120,mmHg,2026-01-05T09:00:00Z\n").unwrap();
    assert_eq!((export.data.rows_used, export.data.rows_rejected), (0, 1));
    let named = format!("{map}left_out = [\"271649006\"]\n");
    let export = read(&named, "A,271649006,120,mmHg,2026-01-05T09:00:00Z\n").unwrap();
    assert_eq!(export.data.rows_left_out, [("271649006".to_owned(), 1)]);
}

#[test]
fn what_cannot_be_found_by_its_code_is_refused() {
    let refused = |map: &str| match read(map, "") {
        Err(ReadError::Mapping(_, errors)) => errors.into_iter().map(|error| error.message).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let system = |word: &str| refused(&MAP.replace("snomed", word));
    assert_eq!(system("snomad"), ["there is no code system `snomad`"]);
    assert_eq!(system("opcs4"), ["no fact and no event of the rule has a code of OPCS-4"]);
    let no_value = MAP.replace("value = \"value\", ", "");
    let messages =
        ["`spo2` has a code, and no column holds its value", "`creatinine` has a code, and no column holds its value"];
    assert_eq!(refused(&no_value), messages);
    let both = MAP.replace("at      =", "activity = \"code\"\nat =");
    assert_eq!(refused(&both), ["`activity` and `by_code` both say what a row is"]);
}

/// A unit that the fact declares needs no factor, and nothing is rounded.
#[test]
fn a_declared_unit_is_converted_exactly() {
    let map = MAP.split("[events]").next().unwrap().replace("rows   = \"events\"", "rows = \"cases\"");
    let map = format!("{map}[facts]\ncreatinine = {{ column = \"value\", unit = \"mg/dL\" }}\n");
    let export = read(&map, "A,,2,,\nB,,25,,\n").unwrap();
    let facts: Vec<Datum> = export.cases.iter().map(|case| case.facts[1]).collect();
    // 25 mg/dL are 2210.5 µmol/L.
    assert_eq!(facts, [Between(176, 177), Between(2210, 2211)]);
}
