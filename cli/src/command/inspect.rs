//! `concord inspect`: what a package decides and what it needs.

use crate::args::{Inspect, SchemaOf};
use crate::data::answer_schema::record_schema;
use crate::data::schema::input_schema;
use crate::description::describe;
use crate::exit::Exit;
use crate::manifest::manifest_schema;
use crate::output::Output;
use crate::project;

/// Describes a package as JSON, or prints a JSON Schema.
pub fn run(args: &Inspect, output: &Output) -> Exit {
    inspect(args, output).unwrap_or_else(|exit| exit)
}

fn inspect(args: &Inspect, output: &Output) -> Result<Exit, Exit> {
    let (_, package) = project::one(&args.rule, output)?;
    let value = match args.schema {
        None => describe(&package),
        Some(SchemaOf::Case) => input_schema(&package),
        Some(SchemaOf::Record) => record_schema(&package),
        Some(SchemaOf::Manifest) => manifest_schema(),
    };
    let text = serde_json::to_string_pretty(&value).map_err(|_| Exit::Internal)?;
    output.data(&format!("{text}\n"))?;
    Ok(Exit::Fine)
}
