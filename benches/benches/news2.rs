//! NEWS2: native Rust, the module's record call and its batch, and what making the module costs; all in one run.
//!
//! The table printed first is the one to read: medians of interleaved rounds, so that a noisy machine is unfair to all alike.

use std::hint::black_box;

use concord_benches::inputs::{observations, partial_observations};
use concord_benches::measure::{Work, medians};
use concord_benches::module::{Loaded, answered};
use concord_benches::native_columns::Columns;
use concord_benches::{native, news2_plan};
use concord_engine::plan::{AnswerKind, CellId};
use concord_wasm::emit::emit;
use concord_wasm::run::{Program, RunError};
use criterion::{Criterion, Throughput};

const ROWS: usize = 10_000;
const ROUNDS: usize = 31;

/// The table, against the first.
fn show(works: &[Work<'_>], medians: &[f64]) {
    let native = medians.first().copied().unwrap_or(1.0);
    for (work, median) in works.iter().zip(medians) {
        println!("{:32} {median:12.1} ns  {:8.2} × native", work.name, median / native);
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
    let (columns, mut answers) = (Columns::of(&complete), Vec::with_capacity(ROWS / 8));
    let (mut one, mut many) = (Loaded::new(&program, &whole, wanted)?, Loaded::new(&program, &partial, wanted)?);
    let mut works = vec![
        Work::new("native match, one at a time", ROWS, || {
            out.clear();
            out.extend(black_box(&complete).iter().map(native::news2));
            black_box(&out);
        }),
        Work::new("native, Option, 1.5 % missing", ROWS, || {
            partial_out.clear();
            partial_out.extend(black_box(&partial).iter().map(native::partial_news2));
            black_box(&partial_out);
        }),
        Work::new("native, columns at 128 bits", ROWS, || {
            black_box(&columns).answer(&mut answers);
            black_box(&answers);
        }),
        Work::new("record call", ROWS, || drop(black_box(one.each()))),
        Work::new("record call, 1.5 % missing", ROWS, || drop(black_box(many.each()))),
        Work::new("batch, answers", ROWS, || drop(black_box(loaded.all()))),
        Work::new("batch, answers and table rows", ROWS, || drop(black_box(rows_too.all()))),
        Work::new("batch, answers, 1.5 % missing", ROWS, || drop(black_box(some_missing.all()))),
        Work::new("batch by lanes", ROWS, || drop(black_box(by_lanes.all()))),
        Work::new("batch by lanes, 1.5 % missing", ROWS, || drop(black_box(missing_by_lanes.all()))),
        Work::new("emit", 1, || drop(black_box(emit(&plan)))),
        Work::new("emit and compile", 1, || drop(black_box(Program::compile(&plan)))),
        Work::new("instance", 1, || drop(black_box(program.instance()))),
    ];
    let medians = medians(&mut works, ROUNDS);
    show(&works, &medians);
    println!("module {} bytes, for batches {} bytes", program.bytes().len(), lanes.bytes().len());
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("news2");
    for Work { name, per, mut run } in works {
        group.throughput(Throughput::Elements(u64::try_from(per).unwrap_or(1)));
        group.bench_function(name, |bench| bench.iter(&mut run));
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
