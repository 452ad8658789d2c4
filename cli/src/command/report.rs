//! `concord report`: the page again, from results alone.

use std::fs;
use std::io::Read as _;

use crate::args::Report;
use crate::exit::Exit;
use crate::files;
use crate::output::Output;
use crate::report::html;
use crate::results::Results;

/// Reads results.json and writes the HTML.
pub fn run(args: &Report, output: &Output) -> Exit {
    draw(args, output).unwrap_or_else(|exit| exit)
}

fn draw(args: &Report, output: &Output) -> Result<Exit, Exit> {
    let name = args.results.display().to_string();
    let fail = |why: String, exit: Exit| {
        output.error(&format!("{name}: {why}"), None);
        exit
    };
    files::not_over(&args.out, [&args.results], output)?;
    let mut text = String::new();
    if name == "-" {
        std::io::stdin().lock().read_to_string(&mut text).map_err(|e| fail(e.to_string(), Exit::Data))?;
    } else {
        text = fs::read_to_string(&args.results).map_err(|e| fail(e.to_string(), Exit::Usage))?;
    }
    let results: Results =
        serde_json::from_str(&text).map_err(|e| fail(format!("not the results of an audit: {e}"), Exit::Data))?;
    let page = html::page(&results);
    match &args.out {
        None => output.data(&page)?,
        Some(path) => {
            files::write(path, page.as_bytes(), output)?;
            output.note(&format!("report: {}", path.display()));
        }
    }
    Ok(Exit::Fine)
}
