//! Reads the published data that the tests compare with.

use std::path::PathBuf;

use concord_engine::variation::proportion::Proportion;

/// One row of A&E activity: an organisation's type-1 departments in a month.
pub struct Attendances {
    pub period: String,
    pub organisation: String,
    /// Attendances seen within four hours, of all attendances.
    pub within_four_hours: Proportion,
}

pub fn read(file: &str) -> csv::Reader<std::fs::File> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/nhs").join(file);
    csv::Reader::from_path(&path).expect("test data is in tests/data")
}

/// Type-1 rows in order of organisation and month.
pub fn type_1() -> Vec<Attendances> {
    let mut rows: Vec<Attendances> = read("ae_attendances.csv")
        .records()
        .map(|row| row.expect("a row"))
        .filter(|row| &row[2] == "1")
        .map(|row| {
            let count = |i: usize| row[i].parse::<f64>().expect("a count") as u64;
            Attendances {
                period: row[0].to_owned(),
                organisation: row[1].to_owned(),
                within_four_hours: Proportion { numerator: count(3) - count(4), denominator: count(3) },
            }
        })
        .collect();
    rows.sort_by(|a, b| (&a.organisation, &a.period).cmp(&(&b.organisation, &b.period)));
    rows
}

/// The organisations with type-1 attendances in March 2019, and their proportions.
pub fn march_2019() -> (Vec<String>, Vec<Proportion>) {
    type_1()
        .into_iter()
        .filter(|row| row.period == "2019-03-01" && row.within_four_hours.denominator > 0)
        .map(|row| (row.organisation, row.within_four_hours))
        .unzip()
}
