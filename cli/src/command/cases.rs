//! `concord cases`: rows picked from a file that `concord audit --cases` wrote.

use std::collections::BTreeSet;

use concord_engine::plan::Verdict;

use crate::args::Cases;
use crate::exit::Exit;
use crate::output::Output;
use crate::words::{count, no_formula, visible};

/// So many codes or names are listed.
const MOST_NAMED: usize = 12;

/// Prints the header and the rows that fit; how many there are goes to standard error.
pub fn run(args: &Cases, output: &Output) -> Exit {
    pick(args, output).unwrap_or_else(|exit| exit)
}

fn pick(args: &Cases, output: &Output) -> Result<Exit, Exit> {
    let name = args.file.display();
    let refuse = |error: csv::Error| {
        output.error(&format!("{name}: {error}"), None);
        Exit::Data
    };
    let mut reader = csv::Reader::from_path(&args.file).map_err(refuse)?;
    let header = reader.headers().map_err(refuse)?.clone();
    let asked = [
        ("organisation", &args.organisation),
        ("obligation", &args.obligation),
        ("verdict", &args.verdict),
        ("case", &args.case),
    ];
    is_verdict(args.verdict.as_deref(), output)?;
    let mut wanted: Vec<(usize, String)> = Vec::new();
    for (column, value) in asked {
        let Some(value) = value else { continue };
        let Some(place) = header.iter().position(|named| named == column) else {
            output.error(
                &format!("{name}: no column `{column}`"),
                Some("`concord audit --cases FILE` writes such a file"),
            );
            return Err(Exit::Data);
        };
        // As it was written: what a spreadsheet would take for a formula has a quote before it there.
        wanted.push((place, no_formula(&visible(value)).into_owned()));
    }
    let case = header.iter().position(|named| named == "case");
    let mut lines = csv::Writer::from_writer(Vec::new());
    lines.write_record(&header).map_err(refuse)?;
    // An organisation or an obligation that no row has may be one that there is not.
    let named = |name: &str| header.iter().position(|column| column == name);
    let of_few = [named("organisation"), named("obligation")];
    let mut met: Vec<BTreeSet<String>> = vec![BTreeSet::new(); wanted.len()];
    let (mut all, mut found) = (0, 0);
    for record in reader.records() {
        let record = record.map_err(refuse)?;
        all += 1;
        for ((place, _), met) in wanted.iter().zip(&mut met) {
            let own = record.get(*place).filter(|own| of_few.contains(&Some(*place)) && !met.contains(*own));
            met.extend(own.map(str::to_owned));
        }
        if wanted
            .iter()
            .all(|(place, value)| record.get(*place).is_some_and(|field| is(field, value, Some(*place) == case)))
        {
            found += 1;
            lines.write_record(&record).map_err(refuse)?;
        }
    }
    let bytes = lines.into_inner().map_err(|_| Exit::Internal)?;
    output.data(&String::from_utf8(bytes).map_err(|_| Exit::Internal)?)?;
    for ((place, value), met) in wanted.iter().zip(&met).filter(|((place, _), _)| of_few.contains(&Some(*place))) {
        let column = header.get(*place).filter(|_| !met.contains(value));
        column.into_iter().for_each(|column| output.warning(&absent(column, value, met)));
    }
    output.note(&format!("{} of {} rows", count(found), count(all)));
    Ok(Exit::Fine)
}

/// What is said of an organisation or an obligation of which there is no row.
fn absent(column: &str, value: &str, met: &BTreeSet<String>) -> String {
    let some = met.iter().take(MOST_NAMED).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match met.len().saturating_sub(MOST_NAMED) {
        _ if met.is_empty() => format!("no row is of the {column} `{value}`: there is none at all"),
        0 => format!("no row is of the {column} `{value}`; there are rows of {some}"),
        more => {
            format!("no row is of the {column} `{value}`; there are rows of {some} and {} more", count(more as u64))
        }
    }
}

/// Whether a field is what is asked for; a case that two members have by the same name is written `0014 (T02)`, and found by its own name too.
fn is(field: &str, value: &str, is_case: bool) -> bool {
    let own = field.strip_suffix(')').and_then(|field| field.rsplit_once(" (")).map(|(own, _)| own);
    field == value || (is_case && own == Some(value))
}

/// A verdict that there is not would find nobody, as if there were none of them.
fn is_verdict(asked: Option<&str>, output: &Output) -> Result<(), Exit> {
    let written = Verdict::ALL.iter().filter(|verdict| **verdict != Verdict::NotApplicable);
    let all: Vec<&str> = written.map(|verdict| verdict.name()).chain(["unknown"]).collect();
    let Some(none) = asked.filter(|asked| !all.contains(asked)) else { return Ok(()) };
    let help = format!("the verdicts are {}; an obligation that does not apply has no row", all.join(", "));
    output.error(&format!("--verdict: no row has the verdict `{none}`"), Some(&help));
    Err(Exit::Usage)
}
