//! What is to be reached, each with its peer in the same run and the limit: `cargo bench -p concord-benches --bench goals [-- CASES]`.
//!
//! The last goals take Polars and DuckDB, which `python3`, or the interpreter that `PYTHON` names, must find. Times are only worth reading on a quiet
//! machine; what is counted in instructions, `cargo test -p concord-tests --test instructions` holds on any.

use std::hint::black_box;

use concord_benches::inputs::{observations, partial_observations};
use concord_benches::measure::{Work, medians};
use concord_benches::module::{Loaded, answered};
use concord_benches::native_columns::Columns;
use concord_benches::ten::{Failure, laid_out, ours, peers};
use concord_benches::text::{self, CASE, Peer, Placed};
use concord_benches::{native, news2_plan};
use concord_engine::plan::{CellId, Plan};
use concord_wasm::emit::emit;
use concord_wasm::run::{Calls, Program, RunError};

const ROWS: usize = 10_000;
const TEXTS: usize = 2_000;
const ROUNDS: usize = 31;
const CASES: usize = 1_000_000;

/// Which way a limit holds.
#[derive(Clone, Copy)]
enum Limit {
    AtMost(f64),
    AtLeast(f64),
}

/// Says what was reached.
fn say(goal: &str, what: &str, reached: f64, unit: &str, limit: Limit) {
    let (held, words) = match limit {
        Limit::AtMost(most) => (reached <= most, format!("at most {most}")),
        Limit::AtLeast(least) => (reached >= least, format!("at least {least}")),
    };
    let note = if held { "" } else { "  NOT REACHED" };
    println!("{goal}  {what:44} {reached:10.2} {unit:24} {words:14}{note}");
}

fn main() -> Result<(), Failure> {
    let plan = news2_plan()?;
    rows(&plan)?;
    texts(&plan)?;
    modules(&plan)?;
    let cases = std::env::args().filter_map(|word| word.parse().ok()).next().unwrap_or(CASES);
    constraints(cases)
}

/// Decisions of NEWS2: by lanes, one by one, with all that explains them, and with something missing.
fn rows(plan: &Plan) -> Result<(), RunError> {
    let (program, lanes) = (Program::compile(plan)?, Program::for_batches(plan)?);
    let stopping = Program::compile_named(plan, None, Calls::Limited)?;
    let (complete, whole) = (observations(ROWS), partial_observations(ROWS, 0));
    let partial = partial_observations(ROWS, 15);
    let wanted = |cell: CellId| answered(plan, cell);
    let (columns, mut answers) = (Columns::of(&complete), Vec::with_capacity(ROWS / 8));
    let mut out = Vec::with_capacity(ROWS);
    let mut by_lanes = Loaded::new(&lanes, &whole, wanted)?;
    let mut missing_by_lanes = Loaded::new(&lanes, &partial, wanted)?;
    let mut each = Loaded::new(&program, &whole, wanted)?;
    let mut all = Loaded::new(&program, &whole, wanted)?;
    let mut rows_too = Loaded::new(&program, &whole, |_| true)?;
    let mut missing = Loaded::new(&program, &partial, wanted)?;
    let mut stopped = Loaded::new(&stopping, &whole, wanted)?;
    let mut works = [
        Work::new("native at 128 bits", ROWS, || {
            black_box(&columns).answer(&mut answers);
            black_box(&answers);
        }),
        Work::new("native, one at a time", ROWS, || {
            out.clear();
            out.extend(black_box(&complete).iter().map(native::news2));
            black_box(&out);
        }),
        Work::new("batch by lanes", ROWS, || drop(black_box(by_lanes.all()))),
        Work::new("by lanes, 1.5 % missing", ROWS, || drop(black_box(missing_by_lanes.all()))),
        Work::new("record call", ROWS, || drop(black_box(each.each()))),
        Work::new("batch", ROWS, || drop(black_box(all.all()))),
        Work::new("with rows of tables", ROWS, || drop(black_box(rows_too.all()))),
        Work::new("1.5 % missing", ROWS, || drop(black_box(missing.all()))),
        Work::new("that can be stopped", ROWS, || drop(black_box(stopped.all()))),
    ];
    let times = medians(&mut works, ROUNDS);
    let [native, one, lanes, lanes_missing, record, batch, explained, missing, stopped] = times.as_slice() else {
        return Ok(());
    };
    say("P1", "NEWS2, a batch by lanes", lanes / native, "× native at 128 bits", Limit::AtMost(1.15));
    say("P2", "NEWS2, a call a record", record / one, "× native, one by one", Limit::AtMost(2.0));
    say("P3", "every sub-score and row", explained / batch, "× the answers alone", Limit::AtMost(1.4));
    say("P3", "1.5 % of the facts missing", missing / batch, "× complete rows", Limit::AtMost(1.3));
    say("P3", "1.5 % of the facts missing, by lanes", lanes_missing / lanes, "× complete rows", Limit::AtMost(1.3));
    say("P3", "code that can be stopped", stopped / batch, "× code that runs on", Limit::AtMost(1.05));
    Ok(())
}

/// A case in and its record out.
fn texts(plan: &Plan) -> Result<(), RunError> {
    let program = text::program(plan)?;
    let (mut peer, mut placed) = (Peer::new(&program, CASE)?, Placed::new(&program, CASE)?);
    let mut works = [
        Work::new("serde_json", TEXTS, || (0..TEXTS).for_each(|_| peer.call())),
        Work::new("module", TEXTS, || (0..TEXTS).for_each(|_| placed.call())),
    ];
    if let [serde, module] = medians(&mut works, ROUNDS).as_slice() {
        say("P2", "JSON in and out", module / serde, "× serde_json", Limit::AtMost(0.6));
        say("P2", "JSON in and out", module / 1e3, "µs", Limit::AtMost(1.0));
    }
    Ok(())
}

/// What making a module costs, and how large it is.
fn modules(plan: &Plan) -> Result<(), RunError> {
    let (small, named) = (Program::compile(plan)?, text::program(plan)?);
    let mut works = [
        Work::new("rule file to module", 1, || {
            let plan = black_box(news2_plan());
            drop(black_box(plan.map(|plan| emit(&plan))));
        }),
        Work::new("plan to module", 1, || drop(black_box(emit(plan)))),
        Work::new("instance", 100, || (0..100).for_each(|_| drop(black_box(small.instance())))),
    ];
    if let [all, emitted, instance] = medians(&mut works, ROUNDS).as_slice() {
        say("P5", "NEWS2, rule file to module", all / 1e6, "ms", Limit::AtMost(2.0));
        say("P5", "NEWS2, plan to module", emitted / 1e6, "ms", Limit::AtMost(1.0));
        say("P5", "NEWS2, an instance", instance / 1e3, "µs", Limit::AtMost(20.0));
    }
    let kilobytes = |program: &Program| f64::from(u32::try_from(program.bytes().len()).unwrap_or(u32::MAX)) / 1e3;
    say("P5", "NEWS2, the module without JSON", kilobytes(&small), "KB", Limit::AtMost(4.0));
    say("P5", "NEWS2, the module with JSON", kilobytes(&named), "KB", Limit::AtMost(12.0));
    Ok(())
}

/// Ten timed constraints, with equal counts.
fn constraints(cases: usize) -> Result<(), Failure> {
    let (program, log) = laid_out(cases)?;
    let module = ours(&program, &log)?;
    let of = format!("ten constraints, {} events, {:.0} ms", log.kinds.len(), module.seconds * 1e3);
    for (name, peer) in peers(&log, &module)?.unwrap_or_default() {
        let (unit, least) = if name == "polars" { ("× Polars", 45.0) } else { ("× DuckDB", 200.0) };
        say("P6", &of, peer.seconds / module.seconds, unit, Limit::AtLeast(least));
    }
    Ok(())
}
