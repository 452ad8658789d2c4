//! What a decision costs in instructions, counted by callgrind, code compiled at run time and all: figures that a busy machine does not
//! move. Each has a limit, and the table says what was measured when the limit was set; what is measured goes to standard output.
//!
//! Where there is no valgrind, nothing is counted, and it is said so.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first thing that is not as it should be"
)]

use std::hint::black_box;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::{env, fs, process};

use concord_benches::inputs::{observations, partial_observations};
use concord_benches::module::{Loaded, answered};
use concord_benches::native_columns::Columns;
use concord_benches::{native, news2_plan};
use concord_engine::plan::CellId;
use concord_wasm::abi::Identity;
use concord_wasm::run::{Calls, Instance, Program};

/// What is counted, of a record call half by the module and half by the call itself, of which the engine takes 220, and where they are called from up to 70 more or less, as that
/// is laid out: its name, what it took when the limit was set, and the most that it may take; instructions a decision.
const COUNTED: [(&str, u64, u64); 9] = [
    ("native, `match`, one at a time", 140, 160),
    ("native, 128 bits", 24, 25),
    ("record call", 505, 525),
    ("batch", 284, 295),
    ("batch, 1.5 % missing", 469, 485),
    ("batch by lanes", 25, 27),
    ("batch by lanes, 1.5 % missing", 237, 250),
    ("record call, 1.5 % missing", 659, 685),
    ("JSON in and out", 14_976, 15_100),
];

/// Decisions of each, a multiple of 64.
const ROWS: usize = 6_400;
/// The same where each is a text.
const TEXTS: usize = 200;

fn main() -> ExitCode {
    if env::args().nth(1).as_deref() == Some("work") {
        work();
        return ExitCode::SUCCESS;
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("!! valgrind is missing: the instructions of a decision were NOT counted");
        return ExitCode::SUCCESS;
    }
    let counts = counted();
    assert_eq!(counts.len(), COUNTED.len(), "what was counted is not what is in the table");
    println!("{:32} {:>10} {:>10} {:>10}", "instructions a decision", "counted", "measured", "at most");
    let mut holds = true;
    for ((name, measured, most), count) in COUNTED.iter().zip(counts) {
        let note = if count > *most { "  TOO MANY" } else { "" };
        println!("{name:32} {count:>10} {measured:>10} {most:>10}{note}");
        holds &= count <= *most;
    }
    if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Counts all in one run: callgrind writes down what it has counted whenever [`boundary`] is called.
fn counted() -> Vec<u64> {
    let folder = env::temp_dir().join(format!("concord-instructions-{}", process::id()));
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("counts");
    let done = Command::new("valgrind")
        .args(["--tool=callgrind", "--dump-before=*instructions*boundary*", "--dump-instr=no", "--quiet"])
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(env::current_exe().unwrap())
        .arg("work")
        .status()
        .unwrap();
    assert!(done.success(), "valgrind: {done}");
    // Of the parts, the first is all that comes before the first boundary; after that, work and what comes between take turns.
    let counts = (0..COUNTED.len()).zip(COUNTED).map(|(work, (name, ..))| {
        let each = if name.starts_with("JSON") { TEXTS } else { ROWS };
        total(&folder.join(format!("counts.{}", 2 * work + 2))) / u64::try_from(each).unwrap()
    });
    let counts = counts.collect();
    fs::remove_dir_all(&folder).unwrap();
    counts
}

/// What one part counted.
fn total(part: &Path) -> u64 {
    let text = fs::read_to_string(part).unwrap_or_else(|why| panic!("{}: {why}", part.display()));
    let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
    total.and_then(|total| total.trim().parse().ok()).expect("a part has a total")
}

/// Where one piece of work ends and another begins.
#[inline(never)]
fn boundary(place: usize) {
    black_box(place);
}

/// Does some work between two boundaries, once more before so that it is ready.
fn counted_work(mut work: impl FnMut()) {
    work();
    boundary(0);
    work();
    boundary(1);
}

/// All that is counted, in the order of the table.
fn work() {
    let plan = news2_plan().unwrap();
    let program = Program::compile(&plan).unwrap();
    let wanted = |cell: CellId| answered(&plan, cell);
    let (complete, whole) = (observations(ROWS), partial_observations(ROWS, 0));
    let partial = partial_observations(ROWS, 15);
    let mut out = Vec::with_capacity(ROWS);
    counted_work(|| {
        out.clear();
        out.extend(black_box(&complete).iter().map(native::news2));
        black_box(&out);
    });
    let columns = Columns::of(&complete);
    let mut answers = Vec::with_capacity(ROWS / 8);
    counted_work(|| {
        black_box(&columns).answer(&mut answers);
        black_box(&answers);
    });
    let mut whole = Loaded::new(&program, &whole, wanted).unwrap();
    let mut partial = Loaded::new(&program, &partial, wanted).unwrap();
    counted_work(|| {
        black_box(whole.each().unwrap());
    });
    counted_work(|| {
        black_box(whole.all().unwrap());
    });
    counted_work(|| {
        black_box(partial.all().unwrap());
    });
    let lanes = Program::for_batches(&plan).unwrap();
    assert!(lanes.by_lanes(), "NEWS2 is a rule for lanes");
    let mut whole_lanes = Loaded::new(&lanes, &partial_observations(ROWS, 0), wanted).unwrap();
    let mut partial_lanes = Loaded::new(&lanes, &partial_observations(ROWS, 15), wanted).unwrap();
    counted_work(|| {
        black_box(whole_lanes.all().unwrap());
    });
    counted_work(|| {
        black_box(partial_lanes.all().unwrap());
    });
    counted_work(|| {
        black_box(partial.each().unwrap());
    });
    let identity = Identity {
        package: "clinical.news2".to_owned(),
        version: "1.0.0".to_owned(),
        is_approved: false,
        unverified: true,
        fingerprint: "0".repeat(64),
    };
    let mut named = Program::compile_named(&plan, Some(&identity), Calls::Many).unwrap().instance().unwrap();
    let texts: Vec<String> = complete.iter().take(TEXTS).map(text).collect();
    counted_work(|| texts.iter().for_each(|text| answer(&mut named, text)));
}

fn answer(instance: &mut Instance, text: &str) {
    black_box(instance.evaluate_json(text.as_bytes()).unwrap());
}

/// Observations as JSON.
fn text(seen: &native::Observation) -> String {
    let mind = ["alert", "new_confusion", "voice", "pain", "unresponsive"].get(seen.consciousness as usize).unwrap();
    format!(
        "{{\"age\":{},\"pregnant\":{},\"respiration_rate\":{},\"spo2\":{},\"scale\":\"scale_{}\",\"on_oxygen\":{},\"systolic\":{},\
         \"pulse\":{},\"consciousness\":\"{mind}\",\"temperature\":{}.{}}}",
        seen.age,
        seen.pregnant,
        seen.respiration_rate,
        seen.spo2.max(30),
        seen.scale as u8 + 1,
        seen.on_oxygen,
        seen.systolic,
        seen.pulse,
        seen.temperature / 10,
        seen.temperature % 10,
    )
}
