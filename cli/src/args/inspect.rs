//! What is asked of a rule or of its module without a case: its description, and its types for programs.

use std::path::PathBuf;

use clap::Args;

/// Describe a rule package: facts, events, answers, parameters, fingerprint
#[derive(Args, Debug)]
pub struct Inspect {
    /// The rule file, or the folder that holds it; or a module (.wasm), whose manifest is printed
    pub rule: PathBuf,
    /// Print a JSON Schema instead: of a case, of a decision record, or of the manifest of a module
    #[arg(long, value_enum, value_name = "OF", num_args = 0..=1, require_equals = true, default_missing_value = "case")]
    pub schema: Option<SchemaOf>,
}

/// Print the types of a rule's case and answers for a program in another language
#[derive(Args, Debug)]
pub struct Bindings {
    /// The rule file, or the folder that holds it; or a module (.wasm)
    pub rule: PathBuf,
    /// The language
    #[arg(long, value_enum)]
    pub lang: Language,
}

/// A language that has a host, and types for it.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// C, a header
    C,
    /// C#
    Csharp,
    /// Go
    Go,
    /// Java 17
    Java,
    /// Python, with types
    Python,
    /// TypeScript
    Ts,
}

/// Of what a schema is printed.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaOf {
    /// A case, as `eval` reads it
    Case,
    /// A decision record, as `eval --json` prints it
    Record,
    /// The manifest that `build` writes beside a module
    Manifest,
}
