//! The runs of an audit are made side by side: whatever the threads, the same report, the same words in the same order, and the same failure.

use crate::cli::run;
use crate::packages::TempFolder;
use crate::stopped::{all, definition};

/// What an audit on so many threads comes to: its exit code, what it told but for how long it took, and its files.
fn audited(folder: &TempFolder, definition: &str, threads: &str) -> (i32, String, Vec<(String, Vec<u8>)>) {
    let out = folder.path(&format!("report{threads}"));
    let ran = run(&["audit", definition, "--out", out.to_str().unwrap(), "--threads", threads]);
    let told = ran.err.lines().filter(|line| !line.starts_with("done in "));
    let told: Vec<&str> = told.collect();
    let files = if out.exists() { all(&out).into_iter().collect() } else { Vec::new() };
    (ran.code, told.join("\n").replace(&format!("report{threads}"), "report"), files)
}

#[track_caller]
fn is_the_same_on_all_threads(folder: &TempFolder, definition: &str) -> (i32, String) {
    let (code, told, files) = audited(folder, definition, "1");
    for threads in ["2", "3", "8"] {
        assert_eq!(audited(folder, definition, threads), (code, told.clone(), files.clone()), "{threads} threads");
    }
    (code, told)
}

#[test]
fn runs_side_by_side_come_to_the_same() {
    let folder = TempFolder::new();
    let (code, told) = is_the_same_on_all_threads(&folder, &definition(&folder));
    assert_eq!(code, 0, "{told}");
}

#[test]
fn the_first_run_that_fails_is_told_and_no_other() {
    let folder = TempFolder::new();
    let text = std::fs::read_to_string(definition(&folder)).unwrap();
    let wrong = |text: &str, right: &str, wrong: &str| {
        assert!(text.contains(right), "{right}");
        folder.write("wrong.toml", text.replace(right, wrong).as_bytes()).to_str().unwrap().to_owned()
    };
    // The third run, and the second as well.
    let third = wrong(&text, "sepsis.parquet", "nowhere.parquet");
    let (code, told) = is_the_same_on_all_threads(&folder, &third);
    assert!(code != 0 && told.contains("nowhere.parquet"), "{code}: {told}");
    let text = std::fs::read_to_string(&third).unwrap();
    let both = wrong(&text, "ae.map.toml", "nowhere.map.toml");
    let (code, told) = is_the_same_on_all_threads(&folder, &both);
    assert!(code != 0 && told.contains("nowhere.map.toml") && !told.contains("nowhere.parquet"), "{code}: {told}");
    assert!(!folder.path("report8").exists() && !folder.path("report8.partial").exists());
}
