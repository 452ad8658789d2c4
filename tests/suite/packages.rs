//! What several tests need: packages from text, and the files of the test data.

use concord_engine::compile;
use concord_engine::plan::Plan;
use concord_engine::text::Source;
use std::path::{Path, PathBuf};

/// The plan of a package that must compile.
#[track_caller]
pub fn compile(text: &str) -> Plan {
    let source = Source { name: "sample.concord".to_owned(), text: text.to_owned() };
    let compiled = compile::compile(0, &source, &[]);
    compiled.plan.unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics))
}

/// A file of `tests/data`.
pub fn data_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}
