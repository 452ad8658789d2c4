//! Formats of times by letters, as Java, Excel, SQL and others write them (`dd/MM/yyyy HH:mm`), as the format with `%` that is meant.

/// What a run of one letter stands for, so that minutes are told from months.
#[derive(Clone, Copy, PartialEq)]
enum Last {
    Nothing,
    Hour,
    Other,
}

/// The format that is meant; nothing where it is not known for certain which.
#[must_use]
pub(super) fn meant(text: &str) -> Option<String> {
    let lower = text.trim().to_lowercase();
    if ["rfc3339", "rfc 3339", "iso", "iso8601", "iso 8601", "iso-8601"].contains(&lower.as_str()) {
        return Some("rfc3339".to_owned());
    }
    let half = ["am/pm", "tt", "am", "pm"].iter().any(|word| lower.contains(word)) || lower.ends_with(" a");
    let mut meant = String::new();
    let (mut last, mut rest) = (Last::Nothing, text.trim());
    while let Some(first) = rest.chars().next() {
        let (part, length, now) = match word(rest, half, last) {
            Some(found) => found,
            None if first.is_alphabetic() => run(rest, first, half, last)?,
            None => (first.to_string(), first.len_utf8(), last),
        };
        meant.push_str(&part);
        last = now;
        rest = rest.get(length..)?;
    }
    if meant.starts_with("%Y-%m-%dT%H:%M") && meant.ends_with(['Z', 'z']) {
        return Some("rfc3339".to_owned());
    }
    let says = |letter: &str| meant.contains(letter);
    (says("%Y") && (says("%m") || says("%b") || says("%B")) && says("%d")).then_some(meant)
}

/// A word that is no run of one letter: `HH24`, `MI`, `Mon`, `'T'`.
fn word(rest: &str, half: bool, last: Last) -> Option<(String, usize, Last)> {
    let hour = if half { "%I" } else { "%H" };
    let words = [
        ("hh24", "%H", Last::Hour),
        ("hh12", "%I", Last::Hour),
        ("month", "%B", Last::Other),
        ("mon", "%b", Last::Other),
        ("mi", "%M", Last::Other),
        ("am/pm", "%p", Last::Other),
        ("am", "%p", Last::Other),
        ("pm", "%p", Last::Other),
        ("'t'", "T", last),
        ("\"t\"", "T", last),
        ("'z'", "Z", last),
        (".sss", "%.f", Last::Other),
        (".fff", "%.f", Last::Other),
        (".ff", "%.f", Last::Other),
        ("t", "T", last),
        ("hh", hour, Last::Hour),
        ("h", hour, Last::Hour),
    ];
    let starts = |word: &str| rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let (word, part, now) = words.into_iter().find(|(word, ..)| starts(word) && (*word != "t" || !starts("tt")))?;
    // Fractions may have any number of places.
    let more = if part == "%.f" {
        rest.chars().skip(1).take_while(char::is_ascii_alphanumeric).count() + 1
    } else {
        word.len()
    };
    Some((part.to_owned(), more, now))
}

fn run(rest: &str, first: char, half: bool, last: Last) -> Option<(String, usize, Last)> {
    let length = rest.chars().take_while(|letter| letter.eq_ignore_ascii_case(&first)).count();
    let (part, now) = match (first.to_ascii_lowercase(), length) {
        ('y', 4) => ("%Y", Last::Other),
        ('y', 2) => ("%y", Last::Other),
        ('d', 1 | 2) => ("%d", Last::Other),
        ('d', 3) => ("%a", Last::Other),
        ('m', 1 | 2) if last == Last::Hour => ("%M", Last::Other),
        ('m', 1 | 2) => ("%m", Last::Other),
        ('m', 3) => ("%b", Last::Other),
        ('m', 4) => ("%B", Last::Other),
        ('s', 1 | 2) => ("%S", Last::Other),
        ('a', 1) | ('t', 2) if half => ("%p", Last::Other),
        ('x' | 'z' | 'k', _) => ("%z", Last::Other),
        _ => return None,
    };
    Some((part.to_owned(), length, now))
}
