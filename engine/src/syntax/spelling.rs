//! "Did you mean": the nearest of a few known words.

/// How far a word may be off: nothing in a very short word, one slip in a short one, two in a longer one.
fn allowance(word: &str) -> usize {
    match word.chars().count() {
        0..=3 => 0,
        4..=5 => 1,
        _ => 2,
    }
}

/// The nearest of `known` to `word`, if near enough; the first of those equally near.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    near(word, known, 1).first().copied()
}

/// Those of `known` that are near to `word`, the nearest first, so many at most.
pub fn near<'k>(word: &str, known: impl IntoIterator<Item = &'k str>, most: usize) -> Vec<&'k str> {
    let known: Vec<&str> = known.into_iter().collect();
    // What differs in capitals alone is meant, however short it is.
    if let Some(same) = known.iter().find(|candidate| candidate.eq_ignore_ascii_case(word)) {
        return vec![same];
    }
    let limit = allowance(word);
    if limit == 0 || word.len() > 60 {
        return Vec::new();
    }
    let mut found: Vec<(usize, &str)> = Vec::new();
    for candidate in known {
        if candidate.len().abs_diff(word.len()) > limit || found.iter().any(|(_, other)| *other == candidate) {
            continue;
        }
        let off = distance(word, candidate);
        if off <= limit {
            found.push((off, candidate));
        }
    }
    found.sort_by_key(|(off, _)| *off);
    found.into_iter().take(most).map(|(_, candidate)| candidate).collect()
}

/// `a`, `b` or `c`, each in its quotes.
pub fn alternatives(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} or {last}", before.join(", ")),
        _ => quoted.concat(),
    }
}

/// Edits between two short words: a letter put in, left out, changed, or two neighbours swapped.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().flat_map(char::to_lowercase).collect();
    let b: Vec<char> = b.chars().flat_map(char::to_lowercase).collect();
    let mut two_back: Vec<usize> = Vec::new();
    let mut back: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], k: usize| row.get(k).copied().unwrap_or(usize::MAX / 2);
            let mut least = (at(&back, j) + usize::from(x != y)).min(at(&back, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                least = least.min(at(&two_back, j - 1) + 1);
            }
            row.push(least);
        }
        two_back = std::mem::replace(&mut back, row);
    }
    back.last().copied().unwrap_or(0)
}
