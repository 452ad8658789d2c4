//! `concord cases`: rows picked from a file that `concord audit --cases` wrote.

use concord_engine::plan::Verdict;

use crate::args::Cases;
use crate::exit::Exit;
use crate::output::Output;
use crate::words::count;

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
    let mut wanted: Vec<(usize, &str)> = Vec::new();
    for (column, value) in asked {
        let Some(value) = value else { continue };
        let Some(place) = header.iter().position(|named| named == column) else {
            output.error(
                &format!("{name}: no column `{column}`"),
                Some("`concord audit --cases FILE` writes such a file"),
            );
            return Err(Exit::Data);
        };
        wanted.push((place, value));
    }
    let case = header.iter().position(|named| named == "case");
    let mut lines = csv::Writer::from_writer(Vec::new());
    lines.write_record(&header).map_err(refuse)?;
    let (mut all, mut found) = (0, 0);
    for record in reader.records() {
        let record = record.map_err(refuse)?;
        all += 1;
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
    output.note(&format!("{} of {} rows", count(found), count(all)));
    Ok(Exit::Fine)
}

/// Whether a field is what is asked for; a case that two members have by the same name is written `0014 (T02)`, and found by its own name too.
fn is(field: &str, value: &str, is_case: bool) -> bool {
    let own = field.strip_suffix(')').and_then(|field| field.rsplit_once(" (")).map(|(own, _)| own);
    field == value || (is_case && own == Some(value))
}

/// A verdict that there is not would find nobody, as if there were none of them.
fn is_verdict(asked: Option<&str>, output: &Output) -> Result<(), Exit> {
    let all: Vec<&str> = Verdict::ALL.iter().map(|verdict| verdict.name()).chain(["unknown"]).collect();
    let Some(none) = asked.filter(|asked| !all.contains(asked)) else { return Ok(()) };
    let help = format!("the verdicts are {}", all.join(", "));
    output.error(&format!("--verdict: there is no verdict `{none}`"), Some(&help));
    Err(Exit::Usage)
}
