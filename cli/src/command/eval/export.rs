//! A decision record for every case of an export, read by a mapping as an audit reads it.

use std::path::{Path, PathBuf};

use super::answering::{Answering, Reply, day_of};
use super::record::{broken, headed};
use super::sink::Sink;
use crate::args::Eval;
use crate::audit::meant;
use crate::command::wanted::wanted_of;
use crate::data::read::{
    Export, InOrder, Noted, Part, ReadError, ReadOptions, ReadSoFar, Source, Told, Way, load_mapping,
};
use crate::exit::Exit;
use crate::files::{Aside, takes_at_once};
use crate::output::Output;
use crate::progress::Progress;

/// How many cases go to the module at once.
const BATCH: usize = 1_024;

/// Answers the cases of the export while it is read, and says what was refused.
pub fn run(args: &Eval, as_of: Option<i64>, answering: &mut Answering<'_>, output: &Output) -> Result<Exit, Exit> {
    let (Some(map), Some(as_of)) = (&args.map, as_of) else {
        let help = "events count up to --as-of, such as 2026-10-31T23:59:59Z, in every case that does not say";
        output.error("an export needs --map and --as-of", Some(help));
        return Err(Exit::Usage);
    };
    // Beside a pipe or a device no file may stand.
    let out = args.out.as_deref().filter(|out| out.as_os_str() != "-" && !takes_at_once(out));
    let mut sink = Sink::new(args.out.as_deref(), output)?;
    let aside = Aside::of(out);
    let rejects = out.map(rejects_beside);
    let refuse = |error: ReadError| {
        output.error(&error.to_string(), None);
        error.exit()
    };
    let mapping = load_mapping(answering.package, map).map_err(refuse)?;
    let options = ReadOptions {
        show_values: args.show_values,
        rejects: rejects.clone(),
        as_of,
        own_as_of: true,
        wanted: wanted_of(&mapping, &answering.manifest(), output)?,
        scratch: Some(aside.path().join("names")),
        unhashed: None,
    };
    let source = Source { plan: &answering.package.plan, mapping: &mapping, paths: &args.data, options: &options };
    concord_serve::when_told_to_stop(aside.abandoned(sink.begun())).unwrap_or_else(|why| output.warning(&why));
    let Answered { export, lines, cases, impossible } =
        answered((source, args.held.memory), answering, &aside, output)?;
    told(&export, output)?;
    lines.each(|_, texts| texts.iter().try_for_each(|text| sink.line(text))).map_err(refuse)??;
    sink.finish()?;
    sum_up(&export, cases, rejects.as_deref(), output);
    if impossible > 0 {
        output.error(
            &format!("{impossible} cases reach a row that claims to be impossible; no answer is given to them"),
            None,
        );
        return Ok(Exit::Rule);
    }
    Ok(Exit::Fine)
}

/// What came of the cases of an export.
struct Answered {
    export: Export,
    /// A record for each, by its place in the export.
    lines: InOrder,
    cases: u64,
    /// Of them, those that reach a row that claims to be impossible.
    impossible: u64,
}

/// Answers the cases while the export is read; of one that must be read again, what was answered does not count.
fn answered(
    (source, memory): (Source<'_>, u64),
    answering: &mut Answering<'_>,
    aside: &Aside,
    output: &Output,
) -> Result<Answered, Exit> {
    let refuse = |error: ReadError| {
        output.error(&error.to_string(), None);
        error.exit()
    };
    let mut progress = Progress::start("answering", output);
    let mut way = Way::of(source, memory, aside.path()).map_err(refuse)?;
    loop {
        let (mut lines, mut cases, mut impossible) = (InOrder::at(&aside.path().join("answers")), 0, 0);
        let (mut answered, mut noted) = (Ok(()), Noted::of(source));
        let mut show = |so_far: ReadSoFar| progress.at(so_far.bytes, Some(so_far.total), "bytes");
        let mut take = |part: Part| {
            cases += part.cases.len() as u64;
            noted.add(part.all());
            answered = answer(&part, answering, &mut lines).map(|broken| impossible += broken);
            answered.is_ok().then_some(part)
        };
        let read = way.read(&mut take, &mut show);
        answered?;
        if let Some(export) = way.came_to(read.map_err(refuse)?).map_err(refuse)? {
            progress.end();
            let export = noted.complete(export).map_err(refuse)?;
            return Ok(Answered { export, lines, cases, impossible });
        }
    }
}

/// Says what an audit of the export says before its report; what makes no report makes no answers.
fn told(export: &Export, output: &Output) -> Result<(), Exit> {
    export.told.iter().filter(|told| told.weighs).for_each(|told| output.warning(&Told::exactly(told)));
    match meant::refused(export) {
        // An export without a row has no answer to a wrong question.
        Some((why, _)) if export.data.rows > 0 => {
            let help = match export.data.rows_used {
                0 => "correct the mapping or the export; nothing was answered",
                _ => "is the year of --as-of right? Nothing was answered",
            };
            output.error(&why, Some(help));
            Err(Exit::Data)
        }
        Some((why, _)) => {
            output.warning(&why);
            Ok(())
        }
        None => Ok(()),
    }
}

/// Answers cases one after another; how many reach a row that claims to be impossible.
fn answer(part: &Part, answering: &mut Answering<'_>, lines: &mut InOrder) -> Result<u64, Exit> {
    let mut impossible = 0;
    let mut named = part.ids.iter().zip(&part.order);
    let days = part.cases.chunk_by(|a, b| day_of(a) == day_of(b));
    for cases in days.flat_map(|day| day.chunks(BATCH)) {
        for (case, reply) in cases.iter().zip(answering.many(cases, part.absent)?) {
            let record = match reply {
                Reply::Answers(answers, settings) => answering.records.of(case, &settings, &answers),
                Reply::Broken(why) => {
                    impossible += 1;
                    broken(&why)
                }
            };
            // Each case has its name and its place.
            let (id, place) = named.next().map_or((None, 0), |(id, place)| (Some(id.as_str()), *place));
            // A place in memory is never longer than 64 bits can count.
            let place = u64::try_from(place).unwrap_or(u64::MAX);
            lines.add(place, &[&headed(None, id, record).to_string()]);
        }
    }
    Ok(impossible)
}

/// `answers.ndjson` has `answers.rejects.csv` beside it.
fn rejects_beside(out: &Path) -> PathBuf {
    out.with_extension("rejects.csv")
}

/// `1050 cases answered from 15214 rows; 2 rows and 3 values refused: see answers.rejects.csv`
fn sum_up(export: &Export, cases: u64, rejects: Option<&Path>, output: &Output) {
    let data = &export.data;
    let counted = |count: u64, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    let mut words = format!("{} answered from {}", counted(cases, "case"), counted(data.rows, "row"));
    if data.rows_rejected + data.values_rejected > 0 {
        let (rows, values) = (counted(data.rows_rejected, "row"), counted(data.values_rejected, "value"));
        words.push_str(&format!("; {rows} and {values} refused"));
        words.extend(rejects.map(|rejects| format!(": see {}", rejects.display())));
    }
    output.note(&words);
}
