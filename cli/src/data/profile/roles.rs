//! Which columns say whose case it is, what happened and when: told by their names and by how often their values come up again.

use super::Asked;
use super::column::{Column, Holds};

/// What columns that name a case are called, the likeliest first.
const CASE: [&str; 16] = [
    "case",
    "pathway",
    "attendance",
    "encounter",
    "spell",
    "episode",
    "referral",
    "visit",
    "patient",
    "pseudo",
    "nhs",
    "hospital",
    "subject",
    "id",
    "nr",
    "number",
];
/// What columns that say what happened are called.
const ACTIVITY: [&str; 10] =
    ["activity", "concept:name", "event", "action", "procedure", "task", "step", "status", "what", "type"];
/// What columns that say when are called.
const TIME: [&str; 8] = ["time", "timestamp", "when", "date", "at", "start", "recorded", "occurred"];
/// What columns with an organisation's code are called.
const ORGANISATION: [&str; 6] = ["trust", "organisation", "provider", "hospital", "site", "practice"];
/// More rows to a case are no case.
const MOST_ROWS: u64 = 10_000;

/// Which columns say what, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    /// Whose case it is.
    pub case: Option<String>,
    /// What happened, where a row is an event.
    pub activity: Option<String>,
    /// When.
    pub time: Option<String>,
    /// At which organisation.
    pub organisation: Option<String>,
}

impl Roles {
    /// Whether a row is an event of a case, and not a whole one.
    #[must_use]
    pub fn rows_are_events(&self) -> bool {
        self.activity.is_some() && self.time.is_some()
    }

    pub(super) fn of(columns: &[Column], rows: u64, asked: &Asked) -> Result<Roles, String> {
        let known = |name: &Option<String>| match name {
            Some(name) if columns.iter().all(|column| column.name != *name) => {
                Err(format!("it has no column `{name}`"))
            }
            name => Ok(name.clone()),
        };
        let (case, activity, time) = (known(&asked.case)?, known(&asked.activity)?, known(&asked.time)?);
        let clock = |column: &&Column| column.times.first().is_some_and(|form| form.clock);
        let time = time.or_else(|| likeliest(columns.iter().filter(clock), &TIME));
        let may_say = |column: &&Column| {
            // What is said of a whole case is not what happened in it.
            let texts = matches!(column.holds, Holds::Codes | Holds::Texts) && !column.name.starts_with("case:");
            texts && column.values().is_some_and(|values| values.len() > 1 && values.len() as u64 * 2 <= column.filled)
        };
        let activity = activity.or_else(|| likeliest(columns.iter().filter(may_say), &ACTIVITY));
        let events = activity.is_some() && time.is_some();
        let may_name = |column: &&Column| {
            let different = column.different.unwrap_or(rows).max(1);
            let often = rows / different;
            let fits = if events { (1..=MOST_ROWS).contains(&often) && different < rows } else { different == rows };
            // A case may be called `NA`.
            let named = column.filled + column.missing.values().sum::<u64>() == rows;
            fits && named && !matches!(column.holds, Holds::Codes | Holds::Times | Holds::SerialDates)
        };
        let case = case.or_else(|| likeliest(columns.iter().filter(may_name), &CASE));
        let others = columns.iter().filter(|column| Some(&column.name) != case.as_ref());
        let organisation = others.filter(|column| column.holds != Holds::Times).find(|column| is_organisation(column));
        let organisation = organisation.map(|column| column.name.clone());
        let roles = Roles { case, activity, time, organisation };
        // A row a case may well have many times; none of them is that of its event.
        Ok(if events { roles } else { Roles { activity: None, time: None, ..roles } })
    }
}

/// Whether a column is called as one with an organisation's code.
pub(super) fn is_organisation(column: &Column) -> bool {
    let lower = column.name.to_lowercase();
    ORGANISATION.iter().any(|word| lower.contains(word))
}

/// The column whose name has the likeliest word; the first of several.
fn likeliest<'c>(columns: impl Iterator<Item = &'c Column>, words: &[&str]) -> Option<String> {
    let rank = |column: &Column| {
        let name = column.name.to_lowercase();
        words.iter().position(|word| name.contains(word))
    };
    let ranked = columns.filter_map(|column| Some((rank(column)?, column)));
    ranked.min_by_key(|(rank, _)| *rank).map(|(_, column)| column.name.clone())
}
