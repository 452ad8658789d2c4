//! What is wrong with a TOML file, in the words of whoever wrote it: what stands there, what is expected, and how that is written.

use concord_engine::syntax::spelling::nearest;

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TomlFault {
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// How what the reader calls a structure is written.
const WRITTEN: [(&str, &str); 13] = [
    ("From", "{ column = \"…\" }"),
    ("ActivityFile", "{ event = \"…\" }"),
    ("ColumnEventFile", "[[events.columns]] with `event` and `at` below it"),
    ("Time", "[time] with `format` and `zone` below it"),
    ("Source", "[source] with `format` below it"),
    ("CaseId", "[case] with `columns = [\"…\"]` below it"),
    ("Events", "[events] with `activity` and `at` below it"),
    ("ByCode", "{ column = \"…\", system = \"…\" }"),
    ("Join", "{ file = \"…\", on = \"…\" }"),
    ("Script", "{ file = \"…\" }"),
    ("RunFile", "[[run]] with `rules`, `data`, `map` and `as_of` below it"),
    ("MemberFile", "[[run.member]] with `code` below it"),
    ("RebaseFile", "{ from = \"2026-01-01\", because = \"…\" }"),
];

/// In words.
#[must_use]
pub fn in_words(text: &str, error: &toml::de::Error) -> TomlFault {
    let start = error.span().map(|span| span.start);
    let said = error.message();
    let wrong = said.strip_prefix("invalid type: ").and_then(|said| said.split_once(", expected "));
    // A list in the place of several entries is read as these, and is too short or too long for them.
    let length = said.strip_prefix("invalid length ").and_then(|said| said.split_once(", expected "));
    let key = start.and_then(|start| key_before(text, start));
    let (message, help) = match wrong.or_else(|| length.map(|(_, wanted)| ("sequence", wanted))) {
        Some((found, wanted)) => wrong_type(key.as_deref(), found, wanted),
        None => (said.to_owned(), meant(said)),
    };
    TomlFault { line: start.map(|start| line_of(text, start)), message, help }
}

/// The key whose value begins at a place of the text, as in `key = `.
fn key_before(text: &str, start: usize) -> Option<String> {
    let line = text.get(..start)?.rsplit('\n').next()?;
    let (before, _) = line.rsplit_once('=')?;
    let key = before.trim_end().rsplit(['{', ',', ' ', '\t']).next()?.trim_matches(['"', '\'']);
    (!key.is_empty()).then(|| key.to_owned())
}

fn wrong_type(key: Option<&str>, found: &str, wanted: &str) -> (String, Option<String>) {
    let (kind, value) = found.split_once(' ').unwrap_or((found, ""));
    let value = value.trim_matches('`');
    let (is, plain) = match kind {
        "string" => (format!("the text {value}"), value.trim_matches('"')),
        "integer" => (format!("the number {value}"), value),
        "floating" => {
            let number = value.trim_start_matches("point ").trim_matches('`');
            (format!("the number {number}"), number)
        }
        "boolean" => (format!("`{value}`"), value),
        "sequence" => ("a list".to_owned(), ""),
        "map" | "table" => ("a table".to_owned(), ""),
        "datetime" => ("a date".to_owned(), ""),
        _ => (format!("`{found}`"), ""),
    };
    let written =
        |value: &str| key.map_or_else(|| format!("write {value}"), |key| format!("write {} = {value}", spelt(key)));
    let name = wanted.strip_prefix("struct ").and_then(|name| name.split(' ').next());
    let structure = name.and_then(|name| WRITTEN.iter().find(|(of, _)| *of == name));
    let (expected, help) = match wanted {
        _ if structure.is_some() => {
            let form =
                // There is one here.
                structure.map_or("", |(_, form)| *form).replacen('…', if plain.is_empty() { "…" } else { plain }, 1);
            (
                "several entries are".to_owned(),
                Some(if form.starts_with('{') { written(&form) } else { format!("write {form}") }),
            )
        }
        "a string" | "path string" | "string" => {
            ("a text is".to_owned(), Some(written(&format!("\"{}\"", if plain.is_empty() { "…" } else { plain }))))
        }
        "a sequence" | "an array" => {
            let item = if kind == "integer" {
                plain.to_owned()
            } else {
                format!("\"{}\"", if plain.is_empty() { "…" } else { plain })
            };
            ("a list is".to_owned(), Some(written(&format!("[{item}]"))))
        }
        "a boolean" => ("`true` or `false` is".to_owned(), None),
        "a character" | "a single character" => ("one sign in quotes is".to_owned(), Some(written("\",\""))),
        "a map" | "a table" | "map" => ("a table is".to_owned(), Some(written("{ … }"))),
        _ if wanted.starts_with("a tuple of size 2") => {
            ("a list of two is".to_owned(), Some(written("[[\"…\", \"…\"]]")))
        }
        _ if wanted.starts_with("struct ") => ("a table is".to_owned(), None),
        _ if wanted.starts_with("enum ") || wanted.contains("variant") => {
            ("one of its words in quotes is".to_owned(), None)
        }
        _ => (format!("{wanted} is"), None),
    };
    let what = key.map_or_else(|| "there is".to_owned(), |key| format!("`{key}` is"));
    (format!("{what} {is}, where {expected} expected"), help)
}

/// A key as it is written.
fn spelt(key: &str) -> String {
    let plain = key.chars().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-' | '.'));
    if plain { key.to_owned() } else { format!("\"{key}\"") }
}

/// What an entry or a word that nobody knows is nearly.
fn meant(message: &str) -> Option<String> {
    let (unknown, known) = message.split_once(", expected ")?;
    let unknown = unknown.split('`').nth(1)?;
    let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
    let lower = unknown.to_lowercase();
    let near = known.iter().find(|known| **known == lower).copied().or_else(|| nearest(unknown, known.iter().copied()));
    near.filter(|_| known.len() > 1).map(|near| format!("did you mean `{near}`?"))
}

/// The line, from 1, of a byte of the text.
#[must_use]
pub fn line_of(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().iter().take(offset);
    before.filter(|byte| **byte == b'\n').count() + 1
}
