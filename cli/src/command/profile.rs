//! `concord profile`: what is in an export that nobody has mapped yet, and a first mapping of it.

use std::fmt::Write as _;

use concord_engine::variation::disclosure::MOST_SUPPRESSED;
use serde_json::{Value, json};

use crate::args::Profile as Args;
use crate::audit::Disclosure;
use crate::data::profile::{Asked, Column, Form, Holds, Profile, Zones, draft, profile};
use crate::exit::Exit;
use crate::files;
use crate::output::Output;
use crate::project;
use crate::words::{SUPPRESSED, count, counted};

/// So many codes of a column are listed at most.
const MOST_LISTED: usize = 12;

/// Prints what is in the file, or a mapping of it.
pub fn run(args: &Args, output: &Output) -> Exit {
    print(args, output).unwrap_or_else(|exit| exit)
}

fn print(args: &Args, output: &Output) -> Result<Exit, Exit> {
    let asked = Asked { case: args.case.clone(), activity: args.activity.clone(), time: args.time.clone() };
    let found = profile(&args.data, &asked).map_err(|error| {
        output.error(&error.to_string(), None);
        error.exit()
    })?;
    if let Some(rules) = &args.map {
        let (_, package) = project::one(rules, output)?;
        let text = draft(&found, &package);
        return match &args.out {
            Some(file) => {
                files::not_over([file], [&args.data, rules], output)?;
                files::write(file, text.as_bytes(), output)?;
                let open = text.lines().filter(|line| line.starts_with("# settle:")).count();
                let lines = counted(open as u64, "line", "lines");
                output.note(&format!("draft: {}; {lines} to settle", file.display()));
                Ok(Exit::Fine)
            }
            None => output.data(&text).map(|()| Exit::Fine),
        };
    }
    let disclosure =
        args.no_disclosure_control.as_ref().map_or(Disclosure::On, |because| Disclosure::Off(because.clone()));
    if args.json {
        let text = serde_json::to_string(&as_json(&found, &disclosure)).map_err(|_| Exit::Internal)?;
        output.data(&format!("{text}\n"))?;
    } else {
        output.data(&in_words(&found, &disclosure))?;
    }
    Ok(Exit::Fine)
}

/// Codes that may be shown with their rows, the most frequent first; and how many more there are.
fn codes<'c>(column: &'c Column, disclosure: &Disclosure) -> (Vec<(&'c str, u64)>, usize) {
    let shown = column.codes.iter().filter_map(|(code, rows)| {
        // A code that few have may tell who has it.
        let rows = disclosure.count(*rows).filter(|rows| *rows > 0)?;
        Some((code.as_str(), rows))
    });
    let mut shown: Vec<(&str, u64)> = shown.collect();
    shown.sort_by_key(|(code, rows)| (std::cmp::Reverse(*rows), *code));
    let others = column.codes.len() - shown.len();
    (shown, others)
}

fn as_json(of: &Profile, disclosure: &Disclosure) -> Value {
    let n = |exact: u64| disclosure.count(exact);
    let columns = of.columns.iter().map(|column| {
        let (shown, others) = codes(column, disclosure);
        let times = column.times.iter().map(|form| {
            json!({ "format": form.format, "not_read": n(form.not_read), "clock": form.clock, "zone": zone_word(form.zone) })
        });
        let missing = column.missing.iter().map(|(text, rows)| json!({ "text": text, "rows": n(*rows) }));
        json!({
            "name": column.name,
            "holds": holds(column.holds).0,
            "filled": n(column.filled),
            "empty": n(column.empty),
            "missing": missing.collect::<Vec<_>>(),
            "different": different(column, disclosure),
            "codes": shown.iter().map(|(code, rows)| json!({ "code": code, "rows": rows })).collect::<Vec<_>>(),
            "other_codes": others,
            "times": times.collect::<Vec<_>>(),
            "several_formats": column.mixed,
        })
    });
    let cases = of.cases.map(|cases| {
        json!({
            "cases": n(cases.cases), "names": n(cases.names), "names_of_several": n(cases.shared),
            "most_rows": n(cases.most), "rows_without": n(cases.unnamed),
            "together": cases.together, "ties": cases.ties.and_then(n),
        })
    });
    let delimited = match of.form {
        Form::Delimited { between, above, header } => Some((between, above, header)),
        _ => None,
    };
    json!({
        "file": of.file,
        "format": of.form.name(),
        "delimiter": delimited.map(|(between, ..)| between),
        "rows_above_header": delimited.map(|(_, above, _)| above),
        "header": delimited.map(|(.., header)| header),
        "not_read": of.lists,
        "keys_not_shown": of.rare,
        "lines_not_read": n(of.unread),
        "rows": n(of.rows),
        "rows_uneven": n(of.uneven),
        "duplicates": n(of.duplicates),
        "other_encoding": of.other_encoding,
        "rows_are": if of.roles.rows_are_events() { "events" } else { "cases" },
        "case": of.roles.case,
        "activity": of.roles.activity,
        "time": of.roles.time,
        "organisation": of.roles.organisation,
        "cases": cases,
        "columns": columns.collect::<Vec<_>>(),
        "small_numbers": disclosure.words(),
    })
}

fn in_words(of: &Profile, disclosure: &Disclosure) -> String {
    let n = |exact: u64| disclosure.count(exact).map_or_else(|| SUPPRESSED.to_owned(), count);
    let mut text = String::new();
    let mut line = |words: &str| {
        text.push_str(words);
        text.push('\n');
    };
    let noun = |exact: u64, one: &'static str, many: &'static str| if exact == 1 && n(1) == "1" { one } else { many };
    let columns = counted(of.columns.len() as u64, "column", "columns");
    let rows = noun(of.rows, "row", "rows");
    line(&format!("{}: {} {rows}, {columns}, {}", of.file, n(of.rows), form(of.form)));
    about_columns(of).iter().for_each(|words| line(words));
    line(&rows_are(of, &n, disclosure));
    let facts = [
        (of.duplicates, "rows are exactly like an earlier one"),
        (of.uneven, "rows have another number of fields than the header"),
        (of.unread, "lines are no object of JSON"),
    ];
    facts.iter().filter(|(rows, _)| *rows > 0).for_each(|(rows, what)| line(&format!("{} {what}", n(*rows))));
    if of.other_encoding {
        line("some bytes are no UTF-8: the mapping must name the encoding");
    }
    let widest = of.columns.iter().map(|column| column.name.chars().count()).max().unwrap_or(0).max(6);
    line(&format!("\n{:widest$}  {:>9}  {:>9}  holds", "column", "filled", "different"));
    for column in &of.columns {
        let many = if column.different.is_none() { "many" } else { SUPPRESSED };
        let different = different(column, disclosure).map_or_else(|| many.to_owned(), count);
        let what = what(column, disclosure, &n);
        line(&format!("{:widest$}  {:>9}  {different:>9}  {what}", column.name, n(column.filled)));
    }
    if !disclosure.shows_cases() {
        line("\nsmall numbers are protected: 1 to 7 are not told, others are rounded to the nearest 5");
    }
    text
}

/// What the file is.
fn form(of: Form) -> String {
    match of {
        Form::Delimited { between: '\t', .. } => "tabs between fields".to_owned(),
        Form::Delimited { between, .. } => format!("`{between}` between fields"),
        Form::JsonLines => "an object of JSON on each line".to_owned(),
        Form::Xes => "an event log in XES: a row is an event, with what is said of its trace after `case:`".to_owned(),
        Form::Parquet => "a Parquet file".to_owned(),
    }
}

/// What is to be known of columns.
fn about_columns(of: &Profile) -> Vec<String> {
    let mut all = Vec::new();
    if let Form::Delimited { above, header, .. } = of.form {
        if above > 0 {
            all.push(format!(
                "its header is its row {}: leave out what stands above it, as an audit reads the first row as the header",
                above + 1
            ));
        }
        if !header {
            all.push("its first row has values, and no names of columns: a mapping names them, in order, as `columns` in [source]".to_owned());
        }
    }
    if !of.lists.is_empty() {
        all.push(format!("not read, as they hold lists or what has no text: {}", of.lists.join(", ")));
    }
    if of.rare > 0 {
        all.push(format!(
            "{} that few lines have not shown, as they may be names",
            counted(of.rare as u64, "key", "keys")
        ));
    }
    all
}

/// How many different values a column has; of codes that is known from their list.
fn different(column: &Column, disclosure: &Disclosure) -> Option<u64> {
    let different = column.different?;
    if column.holds == Holds::Codes { Some(different) } else { disclosure.count(different) }
}

/// What a row is, and how rows make cases.
fn rows_are(of: &Profile, n: &impl Fn(u64) -> String, disclosure: &Disclosure) -> String {
    let roles = &of.roles;
    let name = |role: &Option<String>| role.as_ref().map(|name| format!("`{name}`"));
    let mut words = match (name(&roles.case), roles.rows_are_events()) {
        (Some(case), true) => format!("a row is an event: {case} names the case"),
        (None, true) => "a row is an event: no column is known to name the case".to_owned(),
        (Some(case), false) => format!("a row is a case, which {case} names"),
        (None, false) => "a row is a case; no column is known to name it".to_owned(),
    };
    if let (Some(activity), Some(time)) = (name(&roles.activity), name(&roles.time)) {
        let _ = write!(words, ", {activity} says what happened and {time} when");
    }
    if let Some(cases) = of.cases {
        let stand = if cases.together { "stand together" } else { "do not all stand together" };
        // Of a number that is not shown the most that it may be.
        let (all, most) = (n(cases.cases), count(disclosure.count(cases.most).unwrap_or(MOST_SUPPRESSED)));
        let _ = match roles.organisation.as_ref().filter(|_| cases.shared > 0) {
            None => write!(words, "\n{all} cases of up to {most} rows, which {stand}"),
            Some(organisation) => write!(
                words,
                "\n{} different names in `{case}`, {} of them at more than one `{organisation}`: {all} cases of up to {most} rows, which {stand}, if each names its own; \
                 where a name is one patient wherever they are seen, a mapping says `take = \"first\"` of the organisation",
                n(cases.names),
                n(cases.shared),
                case = roles.case.as_deref().unwrap_or_default(), // there are cases, so a column names them
            ),
        };
        if cases.unnamed > 0 {
            let _ = write!(words, "; {} rows name none", n(cases.unnamed));
        }
        if let Some(ties) = cases.ties.filter(|ties| *ties > 0) {
            let _ = write!(words, "; {} rows share their time with another of the case", n(ties));
        }
    }
    words
}

/// What a column holds, in a line.
fn what(column: &Column, disclosure: &Disclosure, n: &impl Fn(u64) -> String) -> String {
    let mut words = holds(column.holds).1.to_owned();
    if column.holds == Holds::Codes {
        let (shown, others) = codes(column, disclosure);
        let list = shown.iter().take(MOST_LISTED).map(|(code, rows)| format!("{code} {}", count(*rows)));
        let mut list: Vec<String> = list.collect();
        let more = shown.len().saturating_sub(MOST_LISTED) + others;
        if more > 0 {
            list.push(format!("{more} more"));
        }
        let _ = write!(words, ": {}", list.join(", "));
    }
    for (place, form) in column.times.iter().enumerate() {
        let zone = match form.zone {
            Zones::None => "",
            Zones::InText => ", each with its zone",
            Zones::London => ", of a clock without a zone: name it",
            Zones::NotLondon => ", some in the hour that London's clock skips: another zone, such as UTC",
            Zones::PerhapsUtc => ", in summer cases begin an hour earlier in the day than in winter: perhaps UTC",
        };
        let _ = write!(words, "{} `{}`{zone}", if place == 0 { "" } else { "; or" }, form.format);
        if form.not_read > 0 {
            let _ = write!(words, " ({} are not so)", n(form.not_read));
        }
    }
    if !column.mixed.is_empty() {
        let formats: Vec<String> = column.mixed.iter().map(|format| format!("`{format}`")).collect();
        let _ = write!(words, " in several formats, {}: a mapping reads one", formats.join(" and "));
    }
    if column.filled > 0 && column.empty > 0 {
        let _ = write!(words, "; empty in {}", n(column.empty));
    }
    for (text, rows) in &column.missing {
        let _ = write!(words, "; `{text}` in {}", n(*rows));
    }
    words
}

/// In JSON, and in words.
fn holds(holds: Holds) -> (&'static str, &'static str) {
    match holds {
        Holds::Nothing => ("nothing", "nothing"),
        Holds::Times => ("times", "times"),
        Holds::Codes => ("codes", "codes"),
        Holds::WholeNumbers => ("whole_numbers", "whole numbers"),
        Holds::Numbers => ("numbers", "numbers"),
        Holds::CommaNumbers => ("comma_numbers", "numbers with a decimal comma"),
        Holds::SerialDates => (
            "serial_dates",
            "numbers that are dates as Excel counts them (45706.92 is 18 February 2025, 22:05): export them as dates",
        ),
        Holds::Texts => ("texts", "texts"),
    }
}

fn zone_word(zone: Zones) -> &'static str {
    match zone {
        Zones::InText => "in_text",
        Zones::London => "not_said",
        Zones::NotLondon => "not_london",
        Zones::PerhapsUtc => "perhaps_utc",
        Zones::None => "none",
    }
}
