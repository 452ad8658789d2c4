//! `concord version`.

use concord_engine::plan::fingerprint::LANGUAGE;

use crate::args::Version;
use crate::exit::Exit;
use crate::output::Output;

/// Prints the version of the program and of the language.
pub fn run(args: &Version, output: &Output) -> Exit {
    let version = env!("CARGO_PKG_VERSION");
    let text = if args.json {
        format!("{}\n", serde_json::json!({ "concord": version, "language": LANGUAGE }))
    } else {
        format!("concord {version} ({LANGUAGE})\n")
    };
    match output.data(&text) {
        Ok(()) => Exit::Fine,
        Err(exit) => exit,
    }
}
