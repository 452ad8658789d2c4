//! `concord explain CODE`: what a message means, with a wrong text and its correction.

use concord_engine::diagnostics::codes;
use concord_engine::syntax::spelling::nearest;

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
    let code = &spelt(code);
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
    let known = codes::ALL.iter().map(|entry| entry.code.0).chain(input_error::CODES.iter().map(|(code, _)| *code));
    let near = nearest(code, known).map(|near| format!("did you mean {near}? "));
    // Where none is near, the list alone helps.
    let help = format!("{}`concord explain` lists all codes", near.unwrap_or_default());
    output.error(&format!("there is no code `{code}`"), Some(&help));
    Ok(Exit::Usage)
}

/// A code as it is written: `E0409` of `e409` or `error[E0409]`, `D08` of `d8`.
fn spelt(code: &str) -> String {
    let bare = code.rsplit_once('[').map_or(code, |(_, code)| code).trim_end_matches([']', ':']).trim();
    let (letter, digits) = bare.split_at(bare.find(|c: char| c.is_ascii_digit()).unwrap_or(bare.len()));
    let width = if letter.eq_ignore_ascii_case("d") { 2 } else { 4 };
    if digits.is_empty() || letter.len() != 1 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return bare.to_owned();
    }
    let digits = digits.trim_start_matches('0');
    format!("{}{digits:0>width$}", letter.to_ascii_uppercase())
}
