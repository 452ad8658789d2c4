//! What every report must hold, checked on the page and the files drawn from a made-up audit.

#[path = "report/sample.rs"]
mod sample;

use concord_cli::report::html;

#[test]
fn a_sample_is_written_for_the_browser_check() {
    let page = html::page(&sample::results());
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("report.html");
    std::fs::write(&path, &page).expect("the folder for temporary files can be written");
    assert!(page.len() < 3_000_000, "{} bytes", page.len());
}
