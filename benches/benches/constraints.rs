//! Ten timed constraints over a million cases in memory: the module's batch, and Polars and DuckDB on the same columns in the same run.
//!
//! `cargo bench -p concord-benches --bench constraints [-- CASES]`. Polars, DuckDB and pyarrow must be where `python3`, or the interpreter that
//! `PYTHON` names, finds them; without them only the module is measured, and the output says so. Every count is compared. After `count` only the
//! module is run, for callgrind.

use concord_benches::ten::{Failure, laid_out, ours, peers};

const CASES: usize = 1_000_000;

fn main() -> Result<(), Failure> {
    let cases = std::env::args().filter_map(|word| word.parse().ok()).next().unwrap_or(CASES);
    let (program, log) = laid_out(cases)?;
    println!("{} cases, {} events, one thread", log.cases(), log.kinds.len());
    let module = ours(&program, &log)?;
    println!("module  {:9.1} ms", module.seconds * 1e3);
    for (name, count) in &module.counts {
        println!("  {name:16} {count:9}");
    }
    if std::env::args().any(|word| word == "count") {
        return Ok(());
    }
    for (name, peer) in peers(&log, &module)?.unwrap_or_default() {
        println!("{name:7} {:9.1} ms  {:6.1} × the module", peer.seconds * 1e3, peer.seconds / module.seconds);
    }
    Ok(())
}
