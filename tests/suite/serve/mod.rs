//! `concord serve` through a real socket: its answers are those of the command line, whatever is wrong is told as what it is, and no request is
//! lost when modules change or the service ends.

mod answers;
mod changes;
mod client;
mod described;
mod hooks;
mod refusals;

use crate::cli::run;
use crate::packages::TempFolder;

/// The query for NEWS2.
const NEWS2: &str = "package=clinical.news2";
/// A case of NEWS2 without its temperature.
const CASE: &str = r#"{"age":71,"pregnant":false,"respiration_rate":25,"spo2":91,"scale":"scale_1","on_oxygen":true,"systolic":90,"pulse":131,"consciousness":"voice"}"#;

/// A folder with modules of these rules, each under the last part of its name.
fn modules(rules: &[&str]) -> TempFolder {
    let folder = TempFolder::new();
    for rule in rules {
        let name = rule.rsplit('/').next().unwrap();
        build(&folder, &format!("{}/../rules/{rule}", env!("CARGO_MANIFEST_DIR")), name);
    }
    folder
}

/// Builds a rule into the folder.
fn build(folder: &TempFolder, rule: &str, name: &str) {
    let module = folder.path(&format!("{name}.wasm"));
    let ran = run(&["build", rule, "-o", module.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
}

/// A rule of a version in force from a day, whose answer is a number.
fn numbered(version: &str, from: &str, answer: u8) -> String {
    format!(
        "package sample.numbered {{
  version {version}
  title \"Sample\"
  source nice \"NICE\"
  owner \"Group\"
  use audit
  status draft
  in force from {from}
  review by 2029-12-31
}}
subject Patient {{
  age : integer 0..130 years
}}
parameter old_from : integer 60..80 years = 65 years
  local 60..75 \"by agreement\"
define which = {answer}
define old = age >= old_from
"
    )
}

/// A module of such a rule.
fn build_numbered(folder: &TempFolder, name: &str, (version, from, answer): (&str, &str, u8)) {
    let source = TempFolder::new();
    let rule = source.write("numbered.concord", numbered(version, from, answer).as_bytes());
    build(folder, rule.to_str().unwrap(), name);
}
