//! A column that the mapping names and a file does not have: which one may be meant, and which there are.

use super::near::alike;
use crate::words::visible;
use std::collections::BTreeSet;

/// So many columns are listed.
const MOST_LISTED: usize = 30;
/// No heading has more letters.
const LONGEST: usize = 60;

/// Whether a first line is a header, as far as anybody can tell: its texts are names and no values. Of one that is none nothing may be told.
pub(super) fn are_names<S: AsRef<str>>(names: &[S]) -> bool {
    let is_name = |name: &str| {
        let starts = name.chars().next().is_some_and(|first| !first.is_ascii_digit() && !"-+".contains(first));
        starts && name.chars().count() <= LONGEST && !name.contains(':')
    };
    let different: BTreeSet<&str> = names.iter().map(S::as_ref).collect();
    names.len() > 1 && different.len() == names.len() && names.iter().all(|name| is_name(name.as_ref()))
}

/// That no column is called so, and which may be meant.
pub(super) fn none_called<S: AsRef<str>>(wanted: &str, names: &[S]) -> String {
    let meant = alike(wanted, names.iter().map(S::as_ref)).filter(|_| are_names(names));
    let meant = meant.map(|name| format!(" (did you mean `{}`?)", visible(name)));
    // Where none is near, none is meant.
    format!("no column is called `{wanted}`{}", meant.unwrap_or_default())
}

/// Which columns there are.
pub(super) fn listed<S: AsRef<str>>(names: &[S]) -> Option<String> {
    if !are_names(names) {
        return None;
    }
    let some = names.iter().take(MOST_LISTED).map(|name| format!("`{}`", visible(name.as_ref())));
    let more = names.len().saturating_sub(MOST_LISTED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Some(format!("its columns are {}{more}", some.collect::<Vec<_>>().join(", ")))
}
