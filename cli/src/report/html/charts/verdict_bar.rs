//! The seven verdicts as parts of one bar, told apart by pattern as well as colour.

use maud::{Markup, html};

use crate::results::Verdicts;
use crate::words;

/// A verdict as the report writes it.
pub struct Part {
    /// Also the CSS class and the pattern's name.
    pub key: &'static str,
    /// For people.
    pub name: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// Cases.
    pub cases: u64,
    /// Hidden, and 0 in `cases`: what stands for it.
    pub hidden: Option<&'static str>,
}

impl Part {
    /// The count as it may be shown.
    pub fn count(&self) -> String {
        self.hidden.map_or_else(|| words::count(self.cases), str::to_owned)
    }

    /// The share of a whole; none where the count is suppressed.
    pub fn share(&self, whole: u64) -> String {
        match self.hidden {
            Some(words::NOT_SHOWN) => words::NOT_SHOWN.into(),
            Some(_) => "suppressed".into(),
            None => words::share(self.cases, whole),
        }
    }
}

/// The seven, in the order of the bar: what happened, what is not settled, what is set aside.
pub fn parts(v: &Verdicts) -> [Part; 7] {
    let part = |key, name, cases, place: u8, meaning| {
        let hidden = words::instead(v.hidden, place);
        Part { key, name, meaning, cases, hidden }
    };
    [
        part("met", "Met", v.met, 2, "done, and in time"),
        part("late", "Late", v.late, 3, "done, but after the limit"),
        part("missed", "Missed", v.missed, 4, "not done, and the limit has passed"),
        part("open", "Open", v.open, 5, "not yet due when the data ended"),
        part("unknown", "Unknown", v.unknown, 6, "the record does not hold enough to say"),
        part("excused", "Excused", v.excused, 1, "a reason that the rule accepts is recorded"),
        part("none", "Not applicable", v.not_applicable, 0, "the rule does not ask anything of this case"),
    ]
}

/// The same of what must not happen: what is met did not, and what is missed did.
pub fn parts_where(v: &Verdicts, forbidden: bool) -> [Part; 7] {
    parts(v).map(|part| match part.key {
        "met" if forbidden => Part { meaning: "it did not happen", ..part },
        "missed" if forbidden => Part { meaning: "it happened, and must not", ..part },
        _ => part,
    })
}

/// All cases but those that are not shown.
pub fn total(v: &Verdicts) -> u64 {
    parts(v).iter().fold(0, |sum, part| sum.saturating_add(part.cases))
}

/// The bar over the parts that count; widths are shares, so that it fits any page.
pub fn bar(id: &str, title: &str, parts: &[Part]) -> Markup {
    let whole = parts.iter().fold(0_u64, |sum, part| sum.saturating_add(part.cases));
    let (title_id, desc_id) = (format!("{id}-t"), format!("{id}-d"));
    let mut x = 0.0;
    let placed: Vec<_> = parts
        .iter()
        .filter(|part| part.cases > 0 && whole > 0)
        .map(|part| {
            let width = part.cases as f64 / whole as f64 * 100.0;
            let left = x;
            x += width;
            (part, left, width)
        })
        .collect();
    html! {
        svg class="bar" role="img" width="100%" height="44" aria-labelledby=(title_id)
            aria-describedby=(desc_id) {
            title id=(title_id) { (title) }
            desc id=(desc_id) { (described(parts, whole)) }
            @for (part, left, width) in &placed {
                rect x=(format!("{left:.3}%")) y="1" width=(format!("{width:.3}%")) height="42"
                    class="part" fill=(format!("url(#v-{})", part.key)) {}
            }
        }
    }
}

fn described(parts: &[Part], whole: u64) -> String {
    let named: Vec<String> = parts
        .iter()
        .filter(|part| part.cases > 0 || part.hidden.is_some())
        .map(|part| format!("{} {} ({})", part.name, part.count(), part.share(whole)))
        .collect();
    format!("Of {}: {}.", words::counted(whole, "case", "cases"), named.join(", "))
}

/// A key's little square; the name stands beside it.
pub fn swatch(key: &str, name: &str) -> Markup {
    html! {
        svg class="swatch" width="20" height="20" aria-hidden="true" focusable="false" {
            title { (name) }
            rect x="1" y="1" width="18" height="18" class="part" fill=(format!("url(#v-{key})")) {}
        }
    }
}

/// The fills, once in a page.
pub fn patterns() -> Markup {
    let pattern = |key: &str, ground: &str, drawn: Markup| {
        html! {
            pattern id=(format!("v-{key}")) width="8" height="8" patternUnits="userSpaceOnUse" {
                rect width="8" height="8" fill=(ground) {}
                (drawn)
            }
        }
    };
    let lines = |d: &str, colour: &str, width: &str| {
        html! { path d=(d) stroke=(colour) stroke-width=(width) fill="none" {} }
    };
    html! {
        (pattern("met", "#005eb8", html! {}))
        (pattern("late", "#ffdf9e", lines("M-2 10L10 -2M-2 2L2 -2M6 10L10 6", "#7a4a00", "2")))
        (pattern("missed", "#8a1a10", lines("M0 0L8 8M8 0L0 8", "#fff", "1.4")))
        (pattern("open", "#d9ecfb", lines("M0 4H8", "#003087", "1.4")))
        (pattern("unknown", "#e8edee", lines("M4 0V8", "#4c6272", "2")))
        (pattern("excused", "#f0f4f5", html! { circle cx="4" cy="4" r="1.5" fill="#4c6272" {} }))
        (pattern("none", "#ffffff", html! {}))
    }
}
