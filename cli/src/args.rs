//! Every flag, defined once.

use std::path::PathBuf;

use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};

use crate::exit;

mod audit;
mod inspect;
mod profile;
mod serve;
mod size;

pub use audit::{Audit, Cases, Merge, Report, Waits};
pub use inspect::{Bindings, Inspect, Language, SchemaOf};
pub use profile::{Map, Profile};
pub use serve::Serve;

/// Write a clinical or operational standard once; run identical logic everywhere; see where practice differs.
#[derive(Debug, Parser)]
#[command(name = "concord", version, about, after_help = exit::HELP, max_term_width = 100, subcommand_required = true, arg_required_else_help = true)]
pub struct Cli {
    /// When to colour messages
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", env = "CONCORD_COLOR")]
    pub color: ColorChoice,
    /// Print only what is wrong
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Show progress even when standard error is not a terminal
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// What `concord` can do.
#[derive(Debug, Subcommand)]
#[allow(missing_docs, reason = "the commands' own arguments document them")]
pub enum Command {
    New(New),
    Check(Check),
    Fmt(Fmt),
    Test(Test),
    Packs(Packs),
    Eval(Eval),
    Build(Build),
    Keygen(Keygen),
    Sign(Sign),
    Verify(Verify),
    Replay(Replay),
    Inspect(Inspect),
    Serve(Serve),
    Bindings(Bindings),
    Audit(Audit),
    Report(Report),
    Profile(Profile),
    Map(Map),
    Merge(Merge),
    Cases(Cases),
    Waits(Waits),
    Explain(Explain),
    Completions(Completions),
    /// Print the manual page
    Man,
    Version(Version),
}

/// Start a package: a rule file and cases that pass
#[derive(Args, Debug)]
pub struct New {
    /// Folder to create; its last two parts name the package (rules/acute/sepsis becomes acute.sepsis)
    pub path: PathBuf,
}

/// Check rule files, and prove that every table decides every patient
#[derive(Args, Debug)]
#[command(after_help = exit::HELP)]
pub struct Check {
    /// Rule files, or folders to search for them
    #[arg(default_value = "rules")]
    pub paths: Vec<PathBuf>,
    /// How messages are written
    #[arg(long, value_enum, default_value_t = Format::Human, env = "CONCORD_FORMAT")]
    pub format: Format,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// The lowest severity that makes the command fail
    #[arg(long, value_enum, default_value_t = FailOn::Error, env = "CONCORD_FAIL_ON")]
    pub fail_on: FailOn,
}

/// Format rule files
#[derive(Args, Debug)]
pub struct Fmt {
    /// Rule files, or folders to search for them
    #[arg(default_value = "rules")]
    pub paths: Vec<PathBuf>,
    /// Change nothing; exit 1 and name the files that would change
    #[arg(long)]
    pub check: bool,
}

/// How messages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people, with the text and the fix
    Human,
    /// One line per message
    Short,
    /// One JSON object per line
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// GitHub annotations
    Github,
}

/// The lowest severity that makes the command fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the severities")]
pub enum FailOn {
    Note,
    Warning,
    Error,
    Never,
}

/// Run the examples in rule files and the cases beside them
#[derive(Args, Debug)]
#[command(after_help = exit::HELP)]
pub struct Test {
    /// Rule files, or folders to search for them
    #[arg(default_value = "rules")]
    pub paths: Vec<PathBuf>,
    /// Run only examples whose name contains this
    #[arg(long, value_name = "TEXT")]
    pub filter: Option<String>,
    /// One JSON object per example, and one per package for what is asked besides
    #[arg(long)]
    pub json: bool,
    /// Say what the cases of each package do not reach: rows, branches, verdicts, lines of clocks, stages, sides of thresholds, unknowns
    #[arg(long)]
    pub coverage: bool,
    /// Exit 1 where the cases of a package reach less than this of its rows, branches, verdicts, lines and stages
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub coverage_min: Option<u8>,
    /// Write the missing cases as Markdown for cases.md, each with its question and `=> ?` for the answer
    #[arg(long, conflicts_with = "json")]
    pub suggest: bool,
    /// Make small changes to the rules and name those that no case notices
    #[arg(long)]
    pub mutate: bool,
}

/// List packages: status, cases, what they reach, size of the module, rows of the catalogue served, date of review
#[derive(Args, Debug)]
#[command(after_help = exit::HELP)]
pub struct Packs {
    /// Rule files, or folders to search for them
    #[arg(default_value = "rules")]
    pub paths: Vec<PathBuf>,
    /// One JSON object per package
    #[arg(long)]
    pub json: bool,
    /// A table in Markdown
    #[arg(long, conflicts_with = "json")]
    pub markdown: bool,
}

/// Answer cases, with reasons
#[derive(Args, Debug)]
#[command(after_help = exit::HELP)]
pub struct Eval {
    /// The rule file, or the folder that holds it; or a module alone (.wasm), which takes cases as JSON
    pub rule: PathBuf,
    /// One case as JSON, several as NDJSON, or cases as cases.md has them; - for standard input
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub input: PathBuf,
    /// The instant to judge at, RFC 3339 with its zone, if the case does not give one
    #[arg(long, value_name = "INSTANT")]
    pub as_of: Option<String>,
    /// A member's setting, NAME=VALUE in the rule's own words; may be repeated
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub settings: Vec<String>,
    /// A member by its organisation code; its settings come from the members folder above the rule, or from the module
    #[arg(long, value_name = "CODE")]
    pub member: Option<String>,
    /// Print decision records and refusals as JSON: one object, or one per line for several cases
    #[arg(long)]
    pub json: bool,
    /// A FHIR R4 bundle instead of a case, read by the codes of the rule's facts and events; may be repeated
    #[arg(long, value_name = "FILE", conflicts_with_all = ["input", "data", "ignore_unknown"])]
    pub fhir: Vec<PathBuf>,
    /// Print the cases that the bundles come to, and no answers
    #[arg(long, requires = "fhir")]
    pub as_case: bool,
    /// Exported files instead of a case; a decision record per case, one per line
    #[arg(long, value_name = "FILE", requires = "map", conflicts_with_all = ["input", "ignore_unknown"])]
    pub data: Vec<PathBuf>,
    /// The mapping from the export to the rule's subject
    #[arg(long, value_name = "FILE", requires = "data")]
    pub map: Option<PathBuf>,
    /// What may be held of an export.
    #[command(flatten)]
    pub held: size::Held,
    /// File to write; refused rows of an export go to a file beside it. By default standard output
    #[arg(short, long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Ignore keys that the subject does not have, and list them
    #[arg(long)]
    pub ignore_unknown: bool,
    /// Let messages show the values found, which are patient data
    #[arg(long)]
    pub show_values: bool,
    /// The longest that one case may take, such as "10 s" or PT10S; one that takes longer ends the run with 5. A module takes a minute at most by default
    #[arg(long, value_name = "DURATION", conflicts_with = "data")]
    pub deadline: Option<String>,
    /// Leave out the reasons
    #[arg(long)]
    pub bare: bool,
}

/// Make a pair of keys to sign modules with
#[derive(Args, Debug)]
#[command(after_help = exit::HELP)]
pub struct Keygen {
    /// Files to write: NAME.key.pem, which signs, and NAME.pub.pem, which checks
    #[arg(short, long, value_name = "NAME", default_value = "concord")]
    pub out: PathBuf,
}

/// Sign a module and its manifest
#[derive(Args, Debug)]
#[command(after_help = exit::HELP)]
pub struct Sign {
    /// The module; its manifest stands beside it
    pub module: PathBuf,
    /// The private key, as keygen or OpenSSL made it
    #[arg(short, long, value_name = "FILE")]
    pub key: PathBuf,
}

/// Check that a module is the one that was signed, and the one that its rule compiles to
#[derive(Args, Debug)]
#[command(after_help = exit::HELP)]
pub struct Verify {
    /// The module; the signature stands beside it, and its manifest may
    pub module: PathBuf,
    /// The public key of whoever should have signed it
    #[arg(short, long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// The rule file, or the folder that holds it: it is compiled again and the bytes are compared
    #[arg(short, long, value_name = "RULE")]
    pub rule: Option<PathBuf>,
    /// Print what was checked as JSON
    #[arg(long)]
    pub json: bool,
}

/// Judge cases again and compare with the decision records that were made of them
#[derive(Args, Debug)]
#[command(after_help = exit::HELP)]
pub struct Replay {
    /// The rule file, or the folder that holds it; or the module
    pub rule: PathBuf,
    /// The cases: one as JSON, or one a line
    #[arg(short, long, value_name = "FILE")]
    pub input: PathBuf,
    /// Their decision records in the same order, as `eval --json` printed them
    #[arg(short, long, value_name = "FILE")]
    pub records: PathBuf,
    /// Print what differing answers were and are, which are patient data
    #[arg(long)]
    pub show_values: bool,
}

/// Compile each package to one WebAssembly module
#[derive(Args, Debug)]
#[command(after_help = exit::HELP)]
pub struct Build {
    /// The rule file, or a folder: each package in it is built
    pub rule: PathBuf,
    /// File to write, by default the package's path and .wasm, such as clinical.news2.wasm; or the folder to write to, as of several packages
    #[arg(short, long, value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Print what was built as JSON, an object on a line for each package
    #[arg(long)]
    pub json: bool,
    /// Leave out the functions that take a case as JSON: a smaller module, for hosts that fill records or columns
    #[arg(long)]
    pub no_json: bool,
    /// Write a module for batches as well, NAME.batch.wasm: the same answers, faster over columns of many cases
    #[arg(long)]
    pub batch: bool,
}

/// Explain a message's code, such as E0409
#[derive(Args, Debug)]
pub struct Explain {
    /// The code; if there is none, all codes are listed
    pub code: Option<String>,
    /// Print it as JSON
    #[arg(long)]
    pub json: bool,
}

/// Print a completion script for a shell
#[derive(Args, Debug)]
pub struct Completions {
    /// Which shell
    pub shell: clap_complete::Shell,
}

/// Print the version
#[derive(Args, Debug)]
pub struct Version {
    /// Print it as JSON
    #[arg(long)]
    pub json: bool,
}
