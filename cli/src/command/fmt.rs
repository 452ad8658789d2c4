//! `concord fmt`: every rule file in the standard layout.

use std::fs::{self, File};

use concord_engine::diagnostics::render;
use concord_engine::format::format;
use concord_engine::text::{Source, with_line_ends};

use crate::args::Fmt;
use crate::exit::Exit;
use crate::output::Output;
use crate::{files, project};

/// Formats every rule file named, or says which would change.
pub fn run(args: &Fmt, output: &Output) -> Exit {
    run_all(args, output).unwrap_or_else(|exit| exit)
}

fn run_all(args: &Fmt, output: &Output) -> Result<Exit, Exit> {
    let mut worst = Exit::Fine;
    for path in project::rule_files(&args.paths, output)? {
        let name = path.display().to_string();
        let as_it_is = fs::read_to_string(&path).map_err(|error| {
            output.error(&format!("{name}: {error}"), None);
            Exit::Usage
        })?;
        let text = with_line_ends(as_it_is.clone());
        match format(&text) {
            Ok(laid_out) if laid_out == as_it_is => {}
            Ok(_) if args.check => {
                output.data(&format!("{name}\n"))?;
                worst = Exit::Findings;
            }
            Ok(laid_out) => {
                // One that its author may not write stays as it is.
                File::options().write(true).open(&path).map_err(|error| {
                    output.error(&format!("{name}: {error}"), None);
                    Exit::Limit
                })?;
                files::write(&path, laid_out.as_bytes(), output)?;
                output.note(&format!("formatted {name}"));
            }
            Err(faults) => {
                let sources = [Source { name, text }];
                faults.iter().for_each(|f| output.drawn(&render::human(f, &sources, output.colour)));
                worst = Exit::Findings;
            }
        }
    }
    Ok(worst)
}
