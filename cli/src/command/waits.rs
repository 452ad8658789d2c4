//! `concord waits`: medians and 95th percentiles from the weekly bands of a waiting-time return, held against those that it publishes.

use std::path::Path;

use concord_engine::variation::delays::{BandPercentile, WeekBand, band_percentile};

use crate::args::Waits;
use crate::exit::Exit;
use crate::output::Output;
use crate::words::{count, no_formula};

/// The column with all bands of a row: `0:8 1:1 2:1`, weeks and patients.
const BANDS: &str = "bands";
/// The column with what the bands of a row add up to.
const TOTAL: &str = "total";
/// The first week of the open last band of the national return, where `bands` has them all.
const OPEN_FROM: u32 = 104;
/// Columns with published figures, by how their names begin, and the percentile in thousandths.
const PUBLISHED: [(&[&str], u16); 2] = [
    (&["median_published", "average (median) waiting time"], 500),
    (&["p95_published", "95th percentile waiting time"], 950),
];

/// Where a file has what.
struct Columns {
    /// Those that say whose return it is.
    names: Vec<usize>,
    bands: Option<usize>,
    /// Columns of one band each, with its first week.
    weeks: Vec<(usize, u32)>,
    /// The first week of the open last band.
    open_from: Option<u32>,
    /// What the bands of a row add up to, as the file has it.
    total: Option<usize>,
    published: [Option<usize>; 2],
}

/// How many published figures there are, and how many come out.
#[derive(Default)]
struct Held {
    published: [u64; 2],
    same: [u64; 2],
}

/// Prints each return with its figures; exit code 1 where a published one does not come out.
pub fn run(args: &Waits, output: &Output) -> Exit {
    waits(&args.file, output).unwrap_or_else(|exit| exit)
}

fn waits(path: &Path, output: &Output) -> Result<Exit, Exit> {
    let refuse = |line: u64, why: &str| {
        let at = if line == 0 { String::new() } else { format!(", line {line}") };
        output.error(&format!("{}{at}: {why}", path.display()), None);
        Exit::Data
    };
    let mut reader = csv::ReaderBuilder::new().from_path(path).map_err(|error| refuse(0, &error.to_string()))?;
    let header = reader.headers().map_err(|error| refuse(0, &error.to_string()))?.clone();
    let columns = Columns::of(&header).map_err(|why| refuse(1, &why))?;
    if columns.bands.is_none() && columns.weeks.is_empty() {
        return Err(refuse(1, "no column `bands` (0:8 1:1 …), and none such as `Gt 00 To 01 Weeks`"));
    }
    let mut lines = csv::Writer::from_writer(Vec::new());
    let names = columns.names.iter().filter_map(|column| header.get(*column));
    let head = names.chain(["patients", "median_weeks", "p95_weeks", "as_published"]);
    lines.write_record(head).map_err(|_| Exit::Internal)?;
    let (mut held, mut rows, mut differ) = (Held::default(), 0, 0);
    for record in reader.records() {
        let record = record.map_err(|error| refuse(0, &error.to_string()))?;
        let line = record.position().map_or(0, csv::Position::line);
        let bands = columns.bands_of(&record).map_err(|why| refuse(line, &why))?;
        let patients: u64 = bands.iter().map(|band| band.patients).sum();
        if let Some(total) = columns.total_of(&record).filter(|total| *total != patients) {
            let [bands, total] = [patients, total].map(count);
            output.warning(&format!(
                "{}, line {line}: its bands add up to {bands}, its total is {total}",
                path.display()
            ));
            differ += 1;
        }
        let found = PUBLISHED.map(|(_, per_mille)| band_percentile(&bands, per_mille, columns.open_from));
        let same = held.hold(&columns, &record, patients, found);
        let own = columns.names.iter().map(|column| record.get(*column).unwrap_or_default());
        let own = own.map(|text| no_formula(text).into_owned());
        let fields =
            own.chain([patients.to_string()]).chain(found.map(|found| columns.said(found))).chain([same.to_owned()]);
        lines.write_record(fields).map_err(|_| Exit::Internal)?;
        rows += 1;
    }
    let bytes = lines.into_inner().map_err(|_| Exit::Internal)?;
    output.data(&String::from_utf8(bytes).map_err(|_| Exit::Internal)?)?;
    let figures = ["medians", "95th percentiles"].into_iter().zip(held.published.into_iter().zip(held.same));
    let figures =
        figures.map(|(what, (all, same))| format!("{} of {} published {what} come out", count(same), count(all)));
    output.note(&format!("{} returns; {}", count(rows), figures.collect::<Vec<_>>().join("; ")));
    Ok(if held.published == held.same && differ == 0 { Exit::Fine } else { Exit::Findings })
}

impl Columns {
    fn of(header: &csv::StringRecord) -> Result<Columns, String> {
        let name = |column: &str| column.trim().to_lowercase();
        let find = |beginnings: &[&str]| {
            header.iter().position(|column| beginnings.iter().any(|beginning| name(column).starts_with(beginning)))
        };
        let bands = header.iter().position(|column| name(column) == BANDS);
        let found = header.iter().enumerate();
        let found: Vec<(usize, u32, Option<u32>)> =
            found.filter_map(|(place, column)| weeks_of(&name(column)).map(|(week, end)| (place, week, end))).collect();
        for (place, week, end) in &found {
            let wide = end.is_some_and(|end| end != week + 1);
            let beyond = end.is_none() && found.iter().any(|(_, other, _)| other > week);
            let column = header.get(*place).unwrap_or_default().trim();
            if wide {
                return Err(format!("`{column}` is no band of one week, so no percentile can be told within it"));
            }
            if beyond {
                return Err(format!("`{column}` is open, and other bands lie beyond it"));
            }
        }
        let open_from = found.iter().find(|(_, _, end)| end.is_none()).map(|(_, week, _)| *week);
        let weeks: Vec<(usize, u32)> = found.into_iter().map(|(place, week, _)| (place, week)).collect();
        let total = header.iter().position(|column| name(column) == TOTAL);
        let published = PUBLISHED.map(|(beginnings, _)| find(beginnings));
        let other = |place: &usize| bands != Some(*place) && weeks.iter().all(|(week, _)| week != place);
        let names = (0..header.len()).filter(other).collect();
        let open_from = if bands.is_some() { Some(OPEN_FROM) } else { open_from };
        Ok(Columns { names, bands, weeks, open_from, total, published })
    }

    /// What a row says that its bands add up to.
    fn total_of(&self, record: &csv::StringRecord) -> Option<u64> {
        record.get(self.total?)?.trim().replace(',', "").parse().ok()
    }

    /// To the tenth of a week, as published; `104+` in the open last band.
    fn said(&self, found: Option<BandPercentile>) -> String {
        match found {
            None => "-".to_owned(),
            // In the open band it is at least the week from which that is open.
            Some(found) if found.open_ended => format!("{}+", self.open_from.unwrap_or(found.week)),
            Some(found) => format!("{}.{}", found.tenths() / 10, found.tenths() % 10),
        }
    }

    fn bands_of(&self, record: &csv::StringRecord) -> Result<Vec<WeekBand>, String> {
        let number = |text: &str| {
            text.trim().replace(',', "").parse::<u64>().map_err(|_| "a band is no number of patients".to_owned())
        };
        if let Some(column) = self.bands {
            let bands = record.get(column).unwrap_or_default().split_whitespace();
            let bands = bands.map(|band| {
                let (week, patients) = band.split_once(':').ok_or("a band is not written as weeks:patients")?;
                let week = week.parse().map_err(|_| "a band has no number of weeks".to_owned())?;
                Ok(WeekBand { week, patients: number(patients)? })
            });
            return bands.collect();
        }
        let bands = self.weeks.iter().map(|(column, week)| match record.get(*column).map(str::trim) {
            None | Some("" | "-") => Ok(WeekBand { week: *week, patients: 0 }),
            Some(text) => Ok(WeekBand { week: *week, patients: number(text)? }),
        });
        bands.collect()
    }
}

/// The week from which a column such as `Gt 00 To 01 Weeks SUM 1` counts, and up to which; of `Gt 104 Weeks SUM 1`, which is open, none.
fn weeks_of(name: &str) -> Option<(u32, Option<u32>)> {
    let mut rest = name.strip_prefix("gt ")?.split_whitespace();
    let week = rest.next()?.parse().ok()?;
    match rest.next()? {
        "to" => Some((week, Some(rest.next()?.parse().ok()?))),
        word => word.starts_with("week").then_some((week, None)),
    }
}

/// To the tenth of a week as a spreadsheet shows it: worked out in floating point, taken to its 15 digits, and rounded half up. What lies exactly halfway
/// between two tenths may fall short of it there, and is printed low.
fn shown_in_a_spreadsheet(found: BandPercentile, patients: u64, per_mille: u16) -> Option<String> {
    let before = (u128::from(patients) * u128::from(per_mille)).checked_sub(found.part)? / 1000;
    let wanted = f64::from(per_mille) / 1000.0 * patients as f64;
    let weeks = f64::from(found.week) + (wanted - before as f64) / (found.of / 1000) as f64;
    let text = format!("{weeks:.14e}");
    let (digits, exponent) = text.split_once('e')?;
    let digits: u128 = digits.replace('.', "").parse().ok()?;
    let tenth = 10_u128.checked_pow(13_u32.checked_add_signed(-exponent.parse::<i32>().ok()?)?)?;
    let tenths = (2 * digits + tenth) / (2 * tenth);
    Some(format!("{}.{}", tenths / 10, tenths % 10))
}

impl Held {
    /// Counts what a row publishes; in a word, whether that comes out.
    fn hold(
        &mut self,
        columns: &Columns,
        record: &csv::StringRecord,
        patients: u64,
        found: [Option<BandPercentile>; 2],
    ) -> &'static str {
        let (mut any, mut all, mut low) = (false, true, false);
        let counts = self.published.iter_mut().zip(&mut self.same);
        let found = PUBLISHED.iter().zip(found).map(|((_, per_mille), found)| (*per_mille, found));
        for ((column, (per_mille, found)), (published, same)) in columns.published.iter().zip(found).zip(counts) {
            let Some(text) = column.and_then(|column| record.get(column)).map(str::trim) else { continue };
            // Of few patients nothing is published.
            if matches!(text, "" | "-" | "*") {
                continue;
            }
            any = true;
            *published += 1;
            if text == columns.said(found) {
                *same += 1;
            } else if found
                .filter(|found| !found.open_ended)
                .and_then(|found| shown_in_a_spreadsheet(found, patients, per_mille))
                .as_deref()
                == Some(text)
            {
                (*same, low) = (*same + 1, true);
            } else {
                all = false;
            }
        }
        match (any, all, low) {
            (false, ..) => "not published",
            (_, false, _) => "no",
            (_, _, true) => {
                "yes, printed low: it lies halfway between two tenths, and a spreadsheet falls short of that"
            }
            _ => "yes",
        }
    }
}
