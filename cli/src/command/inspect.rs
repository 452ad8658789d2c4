//! `concord inspect`: what a package decides and what it needs.

use crate::args::Inspect;
use crate::data::schema::input_schema;
use crate::description::describe;
use crate::exit::Exit;
use crate::output::Output;
use crate::project;

/// Describes a package as JSON, or prints the JSON Schema of its cases.
pub fn run(args: &Inspect, output: &Output) -> Exit {
    inspect(args, output).unwrap_or_else(|exit| exit)
}

fn inspect(args: &Inspect, output: &Output) -> Result<Exit, Exit> {
    let (_, package) = project::one(&args.rule, output)?;
    let value = if args.schema { input_schema(&package) } else { describe(&package) };
    let text = serde_json::to_string_pretty(&value).map_err(|_| Exit::Internal)?;
    output.data(&format!("{text}\n"))?;
    Ok(Exit::Fine)
}
