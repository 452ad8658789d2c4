//! `concord explain CODE`: what a message means, with a wrong text and its correction.

use concord_engine::diagnostics::codes;

use crate::args::Explain;
use crate::data::{input_error, pages};
use crate::exit::Exit;
use crate::output::Output;

/// Prints a code's page, or all codes.
pub fn run(args: &Explain, output: &Output) -> Exit {
    explain(args, output).unwrap_or_else(|exit| exit)
}

fn explain(args: &Explain, output: &Output) -> Result<Exit, Exit> {
    let Some(code) = &args.code else {
        for entry in codes::ALL {
            output.data(&format!("{}  {}\n", entry.code.0, entry.title))?;
        }
        for (code, title) in input_error::CODES {
            output.data(&format!("{code}    {title}\n"))?;
        }
        return Ok(Exit::Fine);
    };
    if let Some(entry) = codes::find(code) {
        let text = if args.json {
            let value = serde_json::json!({ "code": entry.code.0, "title": entry.title, "page": entry.page });
            format!("{value}\n")
        } else {
            format!("{}\n", entry.page.trim_end())
        };
        output.data(&text)?;
        return Ok(Exit::Fine);
    }
    if let Some((code, page)) = pages::find(code) {
        let title = input_error::CODES.iter().find(|(c, _)| *c == code).map_or("", |(_, title)| title);
        let text = if args.json {
            format!("{}\n", serde_json::json!({ "code": code, "title": title, "page": page }))
        } else {
            format!("{}\n", page.trim_end())
        };
        output.data(&text)?;
        return Ok(Exit::Fine);
    }
    output.error(&format!("there is no code `{code}`"), Some("`concord explain` lists all codes"));
    Ok(Exit::Usage)
}
