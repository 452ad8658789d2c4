//! Places in a case: kept as JSON pointers, shown as people write them.

/// A path in the document, names and places separated by `/` and escaped as in a JSON pointer.
pub(super) fn join(path: &str, name: &str) -> String {
    let name = name.replace('~', "~0").replace('/', "~1");
    format!("{path}/{name}")
}

/// `events[3].at`
pub(super) fn dotted(path: &str) -> String {
    let mut shown = String::new();
    for part in path.split('/').skip(1) {
        let name = part.replace("~1", "/").replace("~0", "~");
        if !shown.is_empty() && name.bytes().all(|b| b.is_ascii_digit()) {
            shown.push_str(&format!("[{name}]"));
            continue;
        }
        if !shown.is_empty() {
            shown.push('.');
        }
        shown.push_str(&name);
    }
    shown
}
