//! The flags of what looks into an export before it is audited.

use std::path::PathBuf;

use clap::Args;

use crate::exit;

/// Say what is in an export that nobody has mapped yet, and draft its mapping
#[derive(Args, Debug)]
#[command(after_help = exit::HELP)]
pub struct Profile {
    /// An export: delimited text, JSON with an object on each line, XES or Parquet, perhaps packed
    pub data: PathBuf,
    /// Draft a mapping to the subject of this rule file or folder, instead of a description
    #[arg(long, value_name = "RULE", conflicts_with = "json")]
    pub map: Option<PathBuf>,
    /// File to write the draft to; standard output by default
    #[arg(short, long, value_name = "FILE", requires = "map")]
    pub out: Option<PathBuf>,
    /// The column that names the case, where another is taken for it
    #[arg(long, value_name = "COLUMN")]
    pub case: Option<String>,
    /// The column that says what happened
    #[arg(long, value_name = "COLUMN")]
    pub activity: Option<String>,
    /// The column that says when
    #[arg(long, value_name = "COLUMN")]
    pub time: Option<String>,
    /// Show small numbers too, for a reason
    #[arg(long, value_name = "REASON")]
    pub no_disclosure_control: Option<String>,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// Say what an export is ready for, rule by rule, before it is audited
#[derive(Args, Debug)]
#[command(after_help = exit::HELP)]
pub struct Map {
    /// Hold the mapping against the rules; nothing is written
    #[arg(long, required = true)]
    pub check: bool,
    /// The mapping
    pub map: PathBuf,
    /// Rule files, or folders to search for them
    #[arg(required = true)]
    pub rules: Vec<PathBuf>,
    /// Exported files: what is mapped and never comes up in them is told
    #[arg(long, value_name = "FILE")]
    pub data: Vec<PathBuf>,
    /// Count events up to this instant, RFC 3339 with its zone; all of them by default
    #[arg(long, value_name = "INSTANT", requires = "data")]
    pub as_of: Option<String>,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}
