//! NEWS2: native Rust, the module's record call and its batch, and what making the module costs; all in one run.
//!
//! The table printed first is the one to read: medians of interleaved rounds, so that a noisy machine is unfair to all alike.

use std::hint::black_box;
use std::time::{Duration, Instant};

use concord_benches::inputs::{observations, partial_observations};
use concord_benches::module::{Loaded, answered};
use concord_benches::native_columns::Columns;
use concord_benches::{native, news2_plan};
use concord_engine::plan::{AnswerKind, CellId};
use concord_wasm::emit::emit;
use concord_wasm::run::{Program, RunError};
use criterion::{Criterion, Throughput};

const ROWS: usize = 10_000;
const ROUNDS: usize = 31;

/// What is measured: its name, how many records it does, the work.
type Work<'a> = (&'static str, usize, Box<dyn FnMut() + 'a>);

#[allow(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn time(work: &mut dyn FnMut()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// Medians in nanoseconds for each piece of work, rounds interleaved.
fn medians(works: &mut [Work<'_>]) -> Vec<f64> {
    let mut times = vec![Vec::new(); works.len()];
    for _ in 0..ROUNDS {
        for ((_, _, work), times) in works.iter_mut().zip(&mut times) {
            times.push(time(work));
        }
    }
    let middle = |times: &mut Vec<Duration>| {
        times.sort_unstable();
        times.get(times.len() / 2).map_or(0.0, Duration::as_secs_f64)
    };
    times
        .iter_mut()
        .zip(works)
        .map(|(times, (_, per, _))| middle(times) * 1e9 / f64::from(u32::try_from(*per).unwrap_or(1)))
        .collect()
}

/// The table, against the first.
fn show(works: &[Work<'_>], medians: &[f64]) {
    let native = medians.first().copied().unwrap_or(1.0);
    for ((name, ..), median) in works.iter().zip(medians) {
        println!("{name:32} {median:12.1} ns  {:8.2} × native", median / native);
    }
}

fn main() -> Result<(), RunError> {
    let plan = news2_plan().map_err(RunError::Trap)?;
    let program = Program::compile(&plan)?;
    let complete = observations(ROWS);
    let whole = partial_observations(ROWS, 0);
    let partial = partial_observations(ROWS, 15);
    let wanted = |cell: CellId| answered(&plan, cell);
    let mut loaded = Loaded::new(&program, &whole, wanted)?;
    let mut rows_too = Loaded::new(&program, &whole, |_| true)?;
    let mut some_missing = Loaded::new(&program, &partial, wanted)?;
    let lanes = Program::for_batches(&plan)?;
    let mut by_lanes = Loaded::new(&lanes, &whole, wanted)?;
    let mut missing_by_lanes = Loaded::new(&lanes, &partial, wanted)?;
    check(&program, &mut loaded, &complete)?;
    check(&lanes, &mut by_lanes, &complete)?;
    let mut out = Vec::with_capacity(ROWS);
    let mut partial_out = Vec::with_capacity(ROWS);
    let mut works: Vec<Work<'_>> = vec![
        (
            "native match, one at a time",
            ROWS,
            Box::new(|| {
                out.clear();
                out.extend(black_box(&complete).iter().map(native::news2));
                black_box(&out);
            }),
        ),
        (
            "native, Option, 1.5 % missing",
            ROWS,
            Box::new(|| {
                partial_out.clear();
                partial_out.extend(black_box(&partial).iter().map(native::partial_news2));
                black_box(&partial_out);
            }),
        ),
    ];
    let (columns, mut answers) = (Columns::of(&complete), Vec::with_capacity(ROWS / 8));
    works.push((
        "native, columns at 128 bits",
        ROWS,
        Box::new(move || {
            black_box(&columns).answer(&mut answers);
            black_box(&answers);
        }),
    ));
    let (mut one, mut many) = (Loaded::new(&program, &whole, wanted)?, Loaded::new(&program, &partial, wanted)?);
    works.push(("record call", ROWS, Box::new(move || drop(black_box(one.each())))));
    works.push(("record call, 1.5 % missing", ROWS, Box::new(move || drop(black_box(many.each())))));
    works.push(("batch, answers", ROWS, Box::new(|| drop(black_box(loaded.all())))));
    works.push(("batch, answers and table rows", ROWS, Box::new(|| drop(black_box(rows_too.all())))));
    works.push(("batch, answers, 1.5 % missing", ROWS, Box::new(|| drop(black_box(some_missing.all())))));
    works.push(("batch by lanes", ROWS, Box::new(|| drop(black_box(by_lanes.all())))));
    works.push(("batch by lanes, 1.5 % missing", ROWS, Box::new(|| drop(black_box(missing_by_lanes.all())))));
    works.push(("emit", 1, Box::new(|| drop(black_box(emit(&plan))))));
    works.push(("emit and compile", 1, Box::new(|| drop(black_box(Program::compile(&plan))))));
    works.push(("instance", 1, Box::new(|| drop(black_box(program.instance())))));
    let medians = medians(&mut works);
    show(&works, &medians);
    println!("module {} bytes, for batches {} bytes", program.bytes().len(), lanes.bytes().len());
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("news2");
    for (name, per, mut work) in works {
        group.throughput(Throughput::Elements(u64::try_from(per).unwrap_or(1)));
        group.bench_function(name, |bench| bench.iter(&mut work));
    }
    group.finish();
    criterion.final_summary();
    Ok(())
}

/// Speed counts only with equal answers: the totals of all rows.
fn check(program: &Program, loaded: &mut Loaded, complete: &[native::Observation]) -> Result<(), RunError> {
    loaded.all()?;
    let total = program.plan().answers.iter().find(|answer| answer.name == "total");
    let cell = total.and_then(|answer| match &answer.kind {
        AnswerKind::Value { cell, .. } => program.layout().output_of(*cell),
        _ => None,
    });
    for (row, seen) in (0..).zip(complete) {
        let ours = cell.and_then(|output| loaded.byte(output, row));
        if ours != Some(native::news2(seen).total) {
            return Err(RunError::Trap(format!("row {row}: {ours:?}, not {seen:?}")));
        }
    }
    Ok(())
}
