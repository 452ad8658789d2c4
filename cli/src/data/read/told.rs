//! What a reader of the results must know about the data, kept apart from its words: small-number control comes before any count is said.

use crate::words::counted;
use concord_engine::variation::disclosure::{Disclosed, disclose};
use std::borrow::Cow;

/// A count with the words for one and for many.
pub type Counted = (u64, Cow<'static, str>, Cow<'static, str>);

/// One thing to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// How often it is so, and what is counted, with its verb: `event has`, `events have`. None for what is not counted.
    pub count: Option<Counted>,
    /// The rest of the sentence, or all of it; `{}` in it stands for the second count.
    pub text: String,
    /// What else is counted in it.
    pub also: Option<Counted>,
    /// Whether figures may be wrong because of it.
    pub weighs: bool,
}

impl Told {
    /// What is so in a number of places; nothing where that is 0.
    pub(super) fn counted(count: u64, (one, many): (&'static str, &'static str), text: &str) -> Option<Told> {
        (count > 0).then(|| Told {
            count: Some((count, one.into(), many.into())),
            text: format!(" {text}."),
            also: None,
            weighs: false,
        })
    }

    /// What is so once.
    pub(super) fn once(text: String) -> Told {
        Told { count: None, text, also: None, weighs: false }
    }

    /// What is so of all the data, and figures may be wrong because of it.
    #[must_use]
    pub fn of_all(text: String) -> Told {
        Told::once(text).weighing()
    }

    /// The same, where figures may be wrong because of it.
    pub(super) fn weighing(self) -> Told {
        Told { weighs: true, ..self }
    }

    /// In words; `say` writes a count with its noun.
    #[must_use]
    pub fn words(&self, say: impl Fn(u64, &str, &str) -> String) -> String {
        let text = match &self.also {
            Some((count, one, many)) => self.text.replace("{}", &say(*count, one, many)),
            None => self.text.clone(),
        };
        match &self.count {
            Some((count, one, many)) => format!("{}{text}", say(*count, one, many)),
            None => text,
        }
    }

    /// In words, with the count as it is.
    #[must_use]
    pub fn exactly(&self) -> String {
        self.words(counted)
    }
}

/// A count that is hidden is no more than this.
pub(super) const HIDDEN: u64 = 7;

/// A count as far as small-number control lets anybody know it: whether something is told of a count that is hidden must not tell more of it.
pub(super) fn as_shown(count: u64) -> u64 {
    match disclose(count) {
        Disclosed::Count(count) => count,
        Disclosed::Suppressed => HIDDEN,
    }
}
