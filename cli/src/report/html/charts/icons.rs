//! Small signs: the tone of a finding, and the variation and assurance of a control chart.
//!
//! The signs are this report's own drawings, after the idea of NHS England's Making Data Count.
//! Each is drawn once in the page and used by reference; its words always stand beside it.

use maud::{Markup, PreEscaped, html};

use crate::results::{NOT_SURE, Tone};

/// What a control chart's latest point says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Nothing beyond chance.
    Common,
    /// Beyond chance, for the better.
    Improvement,
    /// Beyond chance, for the worse.
    Concern,
    /// Beyond chance, neither way is better.
    Neutral,
}

impl Cause {
    /// Read from the words of the results.
    pub fn of(words: &str) -> Cause {
        let words = words.to_lowercase();
        match () {
            () if words == NOT_SURE => Cause::Common,
            () if words.contains("improv") => Cause::Improvement,
            () if words.contains("concern") => Cause::Concern,
            () if words.contains("special") || words.contains("neither") || words.contains("neutral") => Cause::Neutral,
            () => Cause::Common,
        }
    }

    /// The key of its sign and of its CSS class.
    pub fn key(self) -> &'static str {
        match self {
            Cause::Common => "common",
            Cause::Improvement => "improvement",
            Cause::Concern => "concern",
            Cause::Neutral => "neutral",
        }
    }
}

/// The key of an assurance sign, from the words of the results.
pub fn assurance_key(words: &str) -> &'static str {
    let words = words.to_lowercase();
    match () {
        () if words.contains("fail") => "fails",
        () if words.contains("pass") => "passes",
        () => "hit",
    }
}

/// The key of a tone's sign.
pub fn tone_key(tone: Tone) -> &'static str {
    match tone {
        Tone::Concern => "tone-concern",
        Tone::Good => "tone-good",
        Tone::Note => "tone-note",
        Tone::Data => "tone-data",
    }
}

/// A tone in a word.
pub fn tone_word(tone: Tone) -> &'static str {
    match tone {
        Tone::Concern => "Concern",
        Tone::Good => "Good",
        Tone::Note => "Note",
        Tone::Data => "Data",
    }
}

/// A sign; its meaning stands in words beside it.
pub fn icon(key: &str, size: u32) -> Markup {
    html! {
        svg class="icon" width=(size) height=(size) viewBox="0 0 32 32" aria-hidden="true" focusable="false" {
            title { (meaning(key)) }
            use href=(format!("#i-{key}")) {}
        }
    }
}

fn meaning(key: &str) -> &'static str {
    match key {
        "common" => "common cause",
        "improvement" => "special cause: improvement",
        "concern" => "special cause: concern",
        "neutral" => "special cause: neither better nor worse",
        "fails" => "consistently fails the target",
        "passes" => "consistently passes the target",
        "hit" => "hit and miss",
        "tone-concern" => "concern",
        "tone-good" => "good",
        "tone-data" => "about the data",
        _ => "note",
    }
}

/// The signs, drawn once.
pub fn symbols() -> Markup {
    let ring = |colour: &str, inside: &str| {
        format!(
            "<circle cx=\"16\" cy=\"16\" r=\"14.5\" fill=\"#fff\" stroke=\"{colour}\" stroke-width=\"2.5\"/>{inside}"
        )
    };
    let letter = |colour: &str, text: &str| {
        ring(
            colour,
            &format!(
                "<path d=\"M4 22H28\" stroke=\"{colour}\" stroke-width=\"1.5\" stroke-dasharray=\"3 2\"/>\
                 <text x=\"16\" y=\"19\" text-anchor=\"middle\" font-size=\"15\" font-weight=\"700\" fill=\"{colour}\">{text}</text>"
            ),
        )
    };
    let wave = "<path d=\"M5 11H27M5 21H27\" stroke=\"#768692\" stroke-width=\"1.2\" stroke-dasharray=\"3 2\"/>\
                <path d=\"M6 17L10 14L14 19L18 14L22 18L26 15\" fill=\"none\" stroke=\"#4c6272\" stroke-width=\"2\"/>";
    let run = |colour: &str, mark: &str| {
        ring(
            colour,
            &format!(
                "<path d=\"M6 20L10 18L14 20L21 13\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>{mark}"
            ),
        )
    };
    let drawn: [(&str, String); 11] = [
        ("common", ring("#4c6272", wave)),
        ("improvement", run("#005eb8", "<path d=\"M22 6L27 11.5L22 17L17 11.5Z\" fill=\"#005eb8\"/>")),
        ("concern", run("#b34700", "<path d=\"M17.5 7.5H26V16H17.5Z\" fill=\"#b34700\"/>")),
        ("neutral", run("#330072", "<path d=\"M22 6.5L27.5 16H16.5Z\" fill=\"#330072\"/>")),
        ("fails", letter("#b34700", "F")),
        ("passes", letter("#005eb8", "P")),
        ("hit", letter("#4c6272", "?")),
        ("tone-concern", "<path d=\"M16 2L31 29H1Z\" fill=\"#8a1a10\"/><path d=\"M16 11V20M16 23V26\" stroke=\"#fff\" stroke-width=\"3\"/>".into()),
        ("tone-good", "<circle cx=\"16\" cy=\"16\" r=\"15\" fill=\"#007f3b\"/><path d=\"M9 16.5L14 22L23.5 11\" fill=\"none\" stroke=\"#fff\" stroke-width=\"3.5\"/>".into()),
        ("tone-note", "<circle cx=\"16\" cy=\"16\" r=\"15\" fill=\"#005eb8\"/><path d=\"M16 14V25M16 7.5V11\" stroke=\"#fff\" stroke-width=\"3.5\"/>".into()),
        ("tone-data", "<path d=\"M2 2H30V30H2Z\" fill=\"#4c6272\"/><path d=\"M8 24V17M16 24V8M24 24V13\" stroke=\"#fff\" stroke-width=\"4\"/>".into()),
    ];
    html! {
        @for (key, body) in &drawn {
            symbol id=(format!("i-{key}")) viewBox="0 0 32 32" { (PreEscaped(body)) }
        }
    }
}
