//! `concord new`: a package that checks and whose test passes, to start from.

use std::fs;
use std::path::Path;

use concord_engine::compile::compile;
use concord_engine::text::Source;

use crate::args::New;
use crate::exit::Exit;
use crate::output::Output;

const RULE: &str = r#"/// Say here whom this is for, in a sentence.
package {path} {
  version   0.1.0
  title     "{title}"
  source    local "Name the published source here" unverified
  owner     "Name the group that answers for it"
  use       audit
  status    draft
  review by 2027-12-31
}

subject Case {
  age : integer 0..130 years
}

table group {
  age   | band
  < 16  | child
  >= 16 | adult
}

example "sixteenth birthday" {
  age 16
  => group adult
}
"#;

const CASES: &str = "# {title}: cases\n\nEach case is worked by hand from the published standard before the rule is written.\n\n\
## The day before the sixteenth birthday\n\nFifteen is below sixteen: child.\n\n```case\nage 15 => group child\n```\n\n\
## Age not recorded\n\nNothing is assumed.\n\n```case\n=> group unknown needs age\n```\n";

const WHY: &str = "# {title}: why it says what it says\n\n- **Source**:\n- **Owner**:\n- **Decisions**:\n- **Hazards**:\n- **To be reviewed by**:\n";

/// Makes the folder with rule, cases and reasons.
pub fn run(args: &New, output: &Output) -> Exit {
    match create(args, output) {
        Ok(()) => Exit::Fine,
        Err(exit) => exit,
    }
}

fn create(args: &New, output: &Output) -> Result<(), Exit> {
    let parts: Vec<String> = args.path.iter().filter_map(|p| p.to_str()).filter(|p| *p != ".").map(name).collect();
    let is_name = |part: &str| part.starts_with(|c: char| c.is_ascii_lowercase());
    // The folder around it is the area, where it can be one: `rules`, `2026` and `/` are none.
    let area = parts.iter().rev().nth(1).filter(|area| *area != "rules" && is_name(area));
    let tail: Vec<&str> = area.into_iter().chain(parts.last()).map(String::as_str).collect();
    let Some(last) = tail.last().filter(|l| !l.is_empty()) else {
        output.error("the folder needs a name", Some("for example `concord new rules/acute/sepsis`"));
        return Err(Exit::Usage);
    };
    if args.path.exists() {
        output.error(&format!("{} is there already", args.path.display()), Some("name a folder that does not exist"));
        return Err(Exit::Usage);
    }
    if !is_name(last) {
        let text = format!("a package cannot be called `{last}`: a name begins with a letter");
        output.error(&text, Some("give the folder a name that begins with one"));
        return Err(Exit::Usage);
    }
    let title = last.replace('_', " ");
    let fill = |text: &str| text.replace("{path}", &tail.join(".")).replace("{title}", &title);
    let rule = Source { name: String::new(), text: fill(RULE) };
    if compile(&rule).package.is_none() {
        let text = format!("a package cannot be called `{}`: a word of it means something in a rule", tail.join("."));
        output.error(&text, Some("add a word to the name of the folder"));
        return Err(Exit::Usage);
    }
    let write = |file: &Path, text: String| {
        fs::write(file, text).map_err(|error| {
            output.error(&format!("{}: {error}", file.display()), None);
            Exit::Limit
        })
    };
    fs::create_dir_all(&args.path).map_err(|error| {
        output.error(&format!("{}: {error}", args.path.display()), None);
        Exit::Limit
    })?;
    write(&args.path.join(format!("{last}.concord")), rule.text.clone())?;
    write(&args.path.join("cases.md"), fill(CASES))?;
    write(&args.path.join("why.md"), fill(WHY))?;
    output.note(&format!("made {}; next: concord test {}", args.path.display(), args.path.display()));
    Ok(())
}

fn name(part: &str) -> String {
    part.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect()
}
