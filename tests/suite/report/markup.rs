//! Just enough of an HTML reader to check a page that we wrote ourselves.

use std::collections::BTreeMap;

/// An opening or a closing tag.
pub struct Tag {
    /// In lower case.
    pub name: String,
    closes: bool,
    /// In order, values without their escapes undone.
    pub attributes: Vec<(String, String)>,
}

impl Tag {
    /// Whether it opens an element.
    pub fn opens(&self) -> bool {
        !self.closes
    }

    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// All tags outside the style sheet.
pub fn tags(page: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let page = without_style(page);
    let mut rest = page.as_str();
    while let Some((_, after)) = rest.split_once('<') {
        let (inside, tail) = after.split_at(tag_end(after));
        tags.push(tag(inside));
        rest = tail;
    }
    tags
}

fn without_style(page: &str) -> String {
    let (before, rest) = page.split_once("<style>").unwrap_or((page, ""));
    let (_, after) = rest.split_once("</style>").unwrap_or_default();
    format!("{before}{after}")
}

/// Where the tag ends: a `>` that no quote holds.
fn tag_end(text: &str) -> usize {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => return at,
            _ => {}
        }
    }
    text.len()
}

fn tag(text: &str) -> Tag {
    let closes = text.starts_with('/');
    let text = text.trim_start_matches('/').trim_end_matches('/');
    let (name, mut rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let mut attributes = Vec::new();
    while let Some((key, after)) = rest.split_once('=') {
        let mut parts = after.splitn(3, '"').skip(1);
        let value = parts.next().unwrap_or_default();
        attributes.push((key.trim().to_lowercase(), value.to_string()));
        rest = parts.next().unwrap_or_default();
    }
    Tag { name: name.to_lowercase(), closes, attributes }
}

/// The words of the page, tags made spaces, escapes undone.
pub fn text(page: &str) -> String {
    let mut out = String::new();
    for part in without_style(page).split('<') {
        let end = tag_end(part);
        out.push(' ');
        out.push_str(part.get(end + 1..).unwrap_or_default());
    }
    let out = out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of a page, for finding phrases in it quickly.
pub struct Words {
    words: Vec<String>,
    places: BTreeMap<String, Vec<usize>>,
}

impl Words {
    /// Words without the punctuation around them.
    pub fn of(page: &str) -> Words {
        let words: Vec<String> = text(page).split(' ').map(bare).filter(|word| !word.is_empty()).collect();
        let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, word) in words.iter().enumerate() {
            places.entry(word.clone()).or_default().push(place);
        }
        Words { words, places }
    }

    /// Whether the phrase stands somewhere, word for word.
    pub fn hold(&self, phrase: &str) -> bool {
        let phrase: Vec<String> = phrase.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect();
        let Some(first) = phrase.first() else {
            return true;
        };
        let places = self.places.get(first).map(Vec::as_slice).unwrap_or_default();
        places.iter().any(|place| self.words.iter().skip(*place).take(phrase.len()).eq(&phrase))
    }
}

fn bare(word: &str) -> String {
    word.trim_matches(['(', ')', ';', ',', '.', ':', '"']).to_string()
}
