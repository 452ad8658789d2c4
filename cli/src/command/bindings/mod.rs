//! `concord bindings`: the types of a rule's case and answers for a program in another language, so that its compiler knows them.
//!
//! They are made from the manifest, of a rule or of a module alone: [`subject`] reads it, and each language has a file of its own.

mod c;
mod csharp;
mod go;
mod java;
mod names;
mod python;
mod subject;
mod typescript;

use serde_json::Value;

use super::sign::read;
use crate::args::{Bindings, Language};
use crate::exit::Exit;
use crate::files::is_module;
use crate::manifest;
use crate::module::Module;
use crate::output::Output;
use crate::project;
use subject::Subject;

/// Prints the types.
pub fn run(args: &Bindings, output: &Output) -> Exit {
    bindings(args, output).unwrap_or_else(|exit| exit)
}

fn bindings(args: &Bindings, output: &Output) -> Result<Exit, Exit> {
    let manifest = if is_module(&args.rule) { carried(args, output)? } else { compiled(args, output)? };
    let subject = Subject::read(&manifest).ok_or(Exit::Internal)?;
    let text = match args.lang {
        Language::C => c::write(&subject),
        Language::Csharp => csharp::write(&subject),
        Language::Go => go::write(&subject),
        Language::Java => java::write(&subject),
        Language::Python => python::write(&subject),
        Language::Ts => typescript::write(&subject),
    };
    output.data(&text)?;
    Ok(Exit::Fine)
}

/// The manifest that the module of a rule would carry.
fn compiled(args: &Bindings, output: &Output) -> Result<Value, Exit> {
    let (_, package) = project::one(&args.rule, output)?;
    let module = Module::build_plain(&package, output)?;
    Ok(manifest::manifest(&package, module.layout(), true, 0))
}

/// The manifest that a module carries.
fn carried(args: &Bindings, output: &Output) -> Result<Value, Exit> {
    let module = read(&args.rule, output)?;
    let name = args.rule.display();
    let refuse = |why: &str| {
        output.error(&format!("{name}: {why}"), Some("give the rule file, or the folder that holds it"));
        Exit::Usage
    };
    let carried = manifest::carried(&module).map_err(|why| {
        refuse(&why);
        Exit::Rule
    })?;
    carried.ok_or_else(|| refuse("it carries no manifest: it was built with --no-json"))
}
