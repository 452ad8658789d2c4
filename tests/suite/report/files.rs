//! The CSV files beside the report.

use concord_cli::report::csv;

use super::sample;

#[test]
fn the_files_hold_every_row() {
    let results = sample::results();
    let files = csv::files(&results);
    let rows =
        |name: &str| files.iter().find(|(file, _)| file == name).map_or(0, |(_, content)| content.lines().count() - 1);
    assert_eq!(rows("verdicts.csv"), 2 * 275 + 1);
    assert_eq!(rows("readings.csv"), 10);
    assert_eq!(rows("measures.csv"), 3);
    assert_eq!(rows("organisations.csv"), 2 * 274);
    assert_eq!(rows("chart_points.csv"), 2 * 275 * 30);
    for (name, content) in &files {
        let mut reader = ::csv::Reader::from_reader(content.as_bytes());
        assert!(reader.records().all(|record| record.is_ok()), "{name}: rows of different length");
    }
}

#[test]
fn no_field_can_start_a_formula() {
    let mut results = sample::results();
    for (i, start) in ["=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", " =1", "＝1"].into_iter().enumerate()
    {
        let audit = results.audits.first_mut().expect("a first audit");
        audit.measures.first_mut().expect("a first measure").organisations.get_mut(i).expect("many").name =
            Some(start.into());
    }
    for (name, content) in csv::files(&results) {
        let mut reader = ::csv::Reader::from_reader(content.as_bytes());
        for field in reader.records().flatten().flat_map(|record| record.iter().map(str::to_string).collect::<Vec<_>>())
        {
            let starts = field.trim_start().starts_with(['=', '+', '-', '@', '\t', '＝']);
            assert!(!starts || field.parse::<f64>().is_ok(), "{name}: {field:?}");
        }
    }
}
