//! `concord inspect`: what a package decides and what it needs; of a module, what it carries.

use super::sign::read;
use crate::args::{Inspect, SchemaOf};
use crate::data::answer_schema::record_schema;
use crate::data::schema::input_schema;
use crate::description::describe;
use crate::exit::Exit;
use crate::files::{file_name, is_module};
use crate::manifest::{self, manifest_schema, written};
use crate::output::Output;
use crate::project;

/// Describes a package as JSON, or prints a JSON Schema.
pub fn run(args: &Inspect, output: &Output) -> Exit {
    inspect(args, output).unwrap_or_else(|exit| exit)
}

fn inspect(args: &Inspect, output: &Output) -> Result<Exit, Exit> {
    if is_module(&args.rule) {
        return inspect_module(args, output);
    }
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

/// The manifest that a module carries, as it stands beside it.
fn inspect_module(args: &Inspect, output: &Output) -> Result<Exit, Exit> {
    let module = read(&args.rule, output)?;
    let name = args.rule.display();
    let refuse = |why: &str, help: &str| {
        output.error(&format!("{name}: {why}"), Some(help));
        Exit::Usage
    };
    let carried = manifest::carried(&module).map_err(|why| {
        refuse(&why, "`concord build` writes modules");
        Exit::Rule
    })?;
    let carried = carried.ok_or_else(|| {
        refuse("it carries no manifest", "it was built with --no-json: its manifest stands beside it")
    })?;
    let text = match args.schema {
        None => written(&manifest::beside(carried, None, &file_name(&args.rule), &module)),
        Some(SchemaOf::Manifest) => written(&manifest_schema()),
        Some(SchemaOf::Case | SchemaOf::Record) => {
            return Err(refuse("a module carries no such schema", "give the rule file, or the folder that holds it"));
        }
    };
    output.data(&text)?;
    Ok(Exit::Fine)
}
