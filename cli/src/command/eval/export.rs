//! A decision record for every case of an export, read by a mapping as an audit reads it.

use std::path::{Path, PathBuf};

use super::answering::{Answering, Reply, day_of};
use super::record::{broken, headed};
use super::sink::Sink;
use crate::args::Eval;
use crate::command::wanted::wanted_of;
use crate::data::read::{Export, ReadError, ReadOptions, ReadSoFar, load_mapping, read_export};
use crate::exit::Exit;
use crate::output::Output;
use crate::progress::Progress;

/// How many cases go to the module at once.
const BATCH: usize = 1_024;

/// Answers the cases of the export one after another, and says what was refused.
pub fn run(args: &Eval, as_of: Option<i64>, answering: &mut Answering<'_>, output: &Output) -> Result<Exit, Exit> {
    let (Some(map), Some(as_of)) = (&args.map, as_of) else {
        let help = "events count up to --as-of, such as 2026-10-31T23:59:59Z, in every case that does not say";
        output.error("an export needs --map and --as-of", Some(help));
        return Err(Exit::Usage);
    };
    let mut sink = Sink::new(args.out.as_deref(), output)?;
    let rejects = args.out.as_deref().filter(|out| out.as_os_str() != "-").map(rejects_beside);
    let options = ReadOptions {
        show_values: args.show_values,
        rejects: rejects.clone(),
        as_of,
        own_as_of: true,
        ..ReadOptions::default()
    };
    let export = read(args, map, options, answering, output)?;
    let total = export.cases.len() as u64;
    let mut progress = Progress::start("answering", output);
    let (mut done, mut impossible) = (0, 0_u64);
    let mut ids = export.ids.iter();
    let days = export.cases.chunk_by(|a, b| day_of(a) == day_of(b));
    for cases in days.flat_map(|day| day.chunks(BATCH)) {
        for (case, reply) in cases.iter().zip(answering.many(cases)?) {
            let record = match reply {
                Reply::Answers(answers, settings) => answering.records.of(case, &settings, &answers),
                Reply::Broken(why) => {
                    impossible += 1;
                    broken(&why)
                }
            };
            sink.line(&headed(None, ids.next().map(String::as_str), record).to_string())?;
        }
        done += cases.len() as u64;
        progress.at(done, Some(total), "cases");
    }
    sink.finish()?;
    progress.end();
    sum_up(&export, rejects.as_deref(), output);
    if impossible > 0 {
        output.error(
            &format!("{impossible} cases reach a row that claims to be impossible; no answer is given to them"),
            None,
        );
        return Ok(Exit::Rule);
    }
    Ok(Exit::Fine)
}

fn read(
    args: &Eval,
    map: &Path,
    options: ReadOptions,
    answering: &Answering<'_>,
    output: &Output,
) -> Result<Export, Exit> {
    let refuse = |error: ReadError| {
        output.error(&error.to_string(), None);
        error.exit()
    };
    let mapping = load_mapping(answering.package, map).map_err(refuse)?;
    let options = ReadOptions { wanted: wanted_of(&mapping, &answering.manifest(), output)?, ..options };
    let mut progress = Progress::start("reading", output);
    let mut show = |so_far: ReadSoFar| progress.at(so_far.bytes, Some(so_far.total), "bytes");
    read_export(&answering.package.plan, &mapping, &args.data, &options, &mut show).map_err(refuse)
}

/// `answers.ndjson` has `answers.rejects.csv` beside it.
fn rejects_beside(out: &Path) -> PathBuf {
    out.with_extension("rejects.csv")
}

/// `1050 cases answered from 15214 rows; 2 rows and 3 values refused: see answers.rejects.csv`
fn sum_up(export: &Export, rejects: Option<&Path>, output: &Output) {
    let data = &export.data;
    let counted = |count: u64, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    let mut words = format!("{} answered from {}", counted(data.cases, "case"), counted(data.rows, "row"));
    if data.rows_rejected + data.values_rejected > 0 {
        let (rows, values) = (counted(data.rows_rejected, "row"), counted(data.values_rejected, "value"));
        words.push_str(&format!("; {rows} and {values} refused"));
        words.extend(rejects.map(|rejects| format!(": see {}", rejects.display())));
    }
    output.note(&words);
}
