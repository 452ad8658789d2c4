//! The flags of `concord audit`, and of what is asked of audits and returns afterwards.

use std::path::PathBuf;

use clap::Args;

use super::size;
use crate::exit;

/// Audit members' exports and report variation
#[derive(Args, Debug)]
#[command(after_help = exit::HELP)]
pub struct Audit {
    /// An audit definition (.toml), which says all of that itself; or a rule file or folder, with --data, --map and --as-of
    pub rules: PathBuf,
    /// Exported files; - for standard input
    #[arg(long, value_name = "FILE")]
    pub data: Vec<PathBuf>,
    /// The mapping from the export to the rule's subject
    #[arg(long, value_name = "FILE")]
    pub map: Option<PathBuf>,
    /// Count events up to this instant, RFC 3339 with its zone
    #[arg(long, value_name = "INSTANT")]
    pub as_of: Option<String>,
    /// Split every measure by the value of this fact too; may be repeated
    #[arg(long, value_name = "FACT")]
    pub split: Vec<String>,
    /// Folder for the report; replaced only when the audit is complete
    #[arg(short, long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Turn small-number disclosure control off, for a reason that the report prints
    #[arg(long, value_name = "REASON")]
    pub no_disclosure_control: Option<String>,
    /// Let the file of refused rows show the values found, which are patient data
    #[arg(long)]
    pub show_values: bool,
    /// What may be held of an export.
    #[command(flatten)]
    pub held: size::Held,
    /// How many threads may work at once: as many as this machine has cores, where nothing is said. No answer depends on it
    #[arg(long, value_name = "NUMBER")]
    pub threads: Option<usize>,
    /// Write a row for each case and obligation that applies to it, with verdict, times and reasons, to this CSV file, which is patient data; refused while small numbers are protected
    #[arg(long, value_name = "FILE")]
    pub cases: Option<PathBuf>,
    /// Write what was counted to this file, for `concord merge`; its counts are exact, small ones too
    #[arg(long, value_name = "FILE")]
    pub tallies: Option<PathBuf>,
    /// Keep what is finished of an audit of several standards beside the report until it is complete, and take up what an audit that was stopped had finished
    #[arg(long, conflicts_with_all = ["cases", "tallies"])]
    pub resume: bool,
    /// Print the results as JSON on standard output
    #[arg(long)]
    pub json: bool,
}

/// One report from what members of a group counted each for itself, with audit --tallies
#[derive(Args, Debug)]
#[command(after_help = exit::HELP)]
pub struct Merge {
    /// The files that the members wrote
    #[arg(required = true)]
    pub tallies: Vec<PathBuf>,
    /// The rules by which they counted; once for each package
    #[arg(long, value_name = "RULES", required = true)]
    pub rules: Vec<PathBuf>,
    /// Title of the report; that of the first file by default
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Folder for the report
    #[arg(short, long, visible_alias = "report", value_name = "FOLDER", default_value = "report")]
    pub out: PathBuf,
}

/// Draw the report again from results.json
#[derive(Args, Debug)]
pub struct Report {
    /// results.json of an audit; - for standard input
    pub results: PathBuf,
    /// File to write the HTML to; standard output by default
    #[arg(short, long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Pick rows from a file that `audit --cases` wrote
#[derive(Args, Debug)]
pub struct Cases {
    /// The file
    pub file: PathBuf,
    /// Only of this organisation
    #[arg(long, value_name = "CODE")]
    pub organisation: Option<String>,
    /// Only of this obligation, by its name in the rule
    #[arg(long, value_name = "NAME")]
    pub obligation: Option<String>,
    /// Only with this verdict: met, late, missed, open, unknown, excused
    #[arg(long, value_name = "VERDICT")]
    pub verdict: Option<String>,
    /// Only of this case
    #[arg(long, value_name = "CASE")]
    pub case: Option<String>,
}

/// Medians and 95th percentiles from the weekly bands of a waiting-time return, held against those published
#[derive(Args, Debug)]
#[command(after_help = exit::HELP)]
pub struct Waits {
    /// A CSV file with a row a return: bands as `0:8 1:1 …` in a column `bands`, or in columns such as `Gt 00 To 01 Weeks`
    pub file: PathBuf,
}
