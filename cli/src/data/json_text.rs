//! JSON as text with places: values are kept as they were written, so that numbers stay exact and errors point.
//!
//! `serde_json` checks the grammar once, without recursion however deep the nesting; a [`Node`] is a piece of the text.

use super::input_error::InputError;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// A text that is well-formed JSON.
pub struct Document<'a> {
    text: &'a str,
    root: &'a RawValue,
}

/// One value of a document.
#[derive(Clone, Copy)]
pub struct Node<'a>(&'a RawValue);

impl<'a> Document<'a> {
    /// Checks size, encoding and grammar.
    ///
    /// # Errors
    /// The first fault; its message holds nothing of the text.
    pub fn check(bytes: &'a [u8], limit: usize) -> Result<Document<'a>, Box<InputError>> {
        let whole = |code, message: String| InputError {
            code,
            path: String::new(),
            at: String::new(),
            line: 1,
            column: 1,
            expected: None,
            message,
            help: None,
        };
        if bytes.len() > limit {
            let (size, mib) = (bytes.len(), limit / 1024 / 1024);
            let message = format!("the input has {size} bytes; the limit is {mib} MiB");
            return Err(Box::new(whole("D03", message)));
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            // As the error says so itself, so many bytes are there.
            let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
            // And are text.
            let valid = std::str::from_utf8(valid).unwrap_or_default();
            let (line, column) = line_and_column(valid, valid.len());
            Box::new(InputError { line, column, ..whole("D02", "the input is not UTF-8 from here on".to_owned()) })
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.trim_matches([' ', '\t', '\n', '\r']).is_empty() {
            return Err(Box::new(whole("D01", "the input is empty: expected one JSON object".to_owned())));
        }
        let root = serde_json::from_str(text).map_err(|error| {
            let message = error.to_string();
            // The first part of a split is always there.
            let reason = message.split(" at line ").next().unwrap_or_default();
            Box::new(InputError {
                line: error.line().max(1),
                column: error.column().max(1),
                ..whole("D04", format!("not well-formed JSON: {reason}"))
            })
        })?;
        Ok(Document { text, root })
    }

    /// The outermost value.
    #[must_use]
    pub fn root(&self) -> Node<'a> {
        Node(self.root)
    }

    /// Line and column of a value, from 1.
    #[must_use]
    pub fn place(&self, node: Node<'_>) -> (usize, usize) {
        let start = self.text.as_ptr().addr();
        let offset = node.0.get().as_ptr().addr().saturating_sub(start);
        line_and_column(self.text, offset)
    }
}

impl<'a> Node<'a> {
    /// As written.
    #[must_use]
    pub fn text(self) -> &'a str {
        self.0.get()
    }

    /// What kind of value it is, in words.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self.text().as_bytes().first() {
            Some(b'{') => "an object",
            Some(b'[') => "a list",
            Some(b'"') => "a string",
            Some(b't' | b'f') => "true or false",
            Some(b'n') => "null",
            _ => "a number",
        }
    }

    /// Whether it is `null`.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.text() == "null"
    }

    /// Whether it is a number.
    #[must_use]
    pub fn is_number(self) -> bool {
        matches!(self.text().as_bytes().first(), Some(b'-' | b'0'..=b'9'))
    }

    /// The text of a string; none for other kinds, and for a string that is no Unicode.
    #[must_use]
    pub fn string(self) -> Option<String> {
        let quoted = self.text().starts_with('"');
        quoted.then(|| serde_json::from_str(self.text()).ok())?
    }

    /// The values of a list; none for other kinds.
    #[must_use]
    pub fn items(self) -> Option<Vec<Node<'a>>> {
        let list = self.text().starts_with('[');
        let items: Vec<&RawValue> = list.then(|| serde_json::from_str(self.text()).ok())??;
        Some(items.into_iter().map(Node).collect())
    }

    /// Keys and values of an object as written, doubles included; none for other kinds.
    #[must_use]
    pub fn entries(self) -> Option<Vec<(Node<'a>, Node<'a>)>> {
        let object = self.text().starts_with('{');
        let pairs: Pairs<'a> = object.then(|| serde_json::from_str(self.text()).ok())??;
        Some(pairs.0)
    }
}

struct Pairs<'a>(Vec<(Node<'a>, Node<'a>)>);

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PairsVisitor;
        impl<'de> Visitor<'de> for PairsVisitor {
            type Value = Vec<(Node<'de>, Node<'de>)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some((key, value)) = map.next_entry::<&RawValue, &RawValue>()? {
                    pairs.push((Node(key), Node(value)));
                }
                Ok(pairs)
            }
        }
        deserializer.deserialize_map(PairsVisitor).map(Pairs)
    }
}

fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    concord_engine::text::line_and_column(text, u32::try_from(offset).unwrap_or(u32::MAX))
}
