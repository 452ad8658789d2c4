//! Markdown as the tests read it: headings, and the fenced blocks under each. A block that shows fences itself stands between
//! fences of four ticks.

use std::path::{Path, PathBuf};

/// What a block of another package is called; its path follows.
pub const USED: &str = "concord used ";

/// A fenced block: what stands after the ticks, and the lines inside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// `concord`, `messages`, `case`, `cases`, `console`.
    pub kind: String,
    /// The lines, each with its end.
    pub text: String,
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Lines outside any block.
    Prose(String),
    /// A block.
    Block(Block),
}

/// A heading and what stands under it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// The heading without its signs; empty before the first.
    pub name: String,
    /// Prose, the heading's own line included, and blocks, in order.
    pub pieces: Vec<Piece>,
}

impl Section {
    /// The text of the blocks of a kind.
    pub fn blocks<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a str> {
        self.pieces.iter().filter_map(move |piece| match piece {
            Piece::Block(block) if block.kind == kind => Some(block.text.as_str()),
            _ => None,
        })
    }

    /// The blocks whose kind begins in this way: the rest of the kind, and the text.
    pub fn blocks_of<'a>(&'a self, begins: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.pieces.iter().filter_map(move |piece| match piece {
            Piece::Block(block) => Some((block.kind.strip_prefix(begins)?, block.text.as_str())),
            Piece::Prose(_) => None,
        })
    }

    /// The section as it is written.
    #[must_use]
    pub fn written(&self) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Prose(text) => text.clone(),
            Piece::Block(Block { kind, text }) => {
                let fence = if text.lines().any(|line| line.trim_start().starts_with("```")) { "````" } else { "```" };
                format!("{fence}{kind}\n{text}{fence}\n")
            }
        };
        self.pieces.iter().map(piece).collect()
    }
}

/// Reads a Markdown text. Writing all sections again gives the same text.
#[must_use]
pub fn sections(text: &str) -> Vec<Section> {
    let mut all = vec![Section::default()];
    let mut block: Option<(&str, Block)> = None;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        let ticks = bare.len() - bare.trim_start_matches('`').len();
        let (fence, kind) = bare.split_at(ticks.min(4));
        match (&mut block, ticks >= 3) {
            (Some((open, _)), true) if *open == bare => {
                push(&mut all, Piece::Block(block.take().map(|(_, block)| block).unwrap_or_default()));
            }
            (Some((_, open)), _) => open.text.push_str(line),
            (None, true) => block = Some((fence, Block { kind: kind.to_owned(), text: String::new() })),
            (None, false) => {
                if line.starts_with('#') {
                    let name = line.trim_start_matches('#').trim().to_owned();
                    all.push(Section { name, pieces: Vec::new() });
                }
                push(&mut all, Piece::Prose(line.to_owned()));
            }
        }
    }
    all
}

fn push(all: &mut [Section], piece: Piece) {
    if let Some(section) = all.last_mut() {
        section.pieces.push(piece);
    }
}

/// All Markdown files under a folder, in order of their paths.
///
/// # Errors
/// Where a folder cannot be read.
pub fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            all.extend(files(&path)?);
        } else if path.extension().is_some_and(|e| e == "md") {
            all.push(path);
        }
    }
    all.sort();
    Ok(all)
}

/// Whether expectations are to be written again from what comes out: `CONCORD_UPDATE=1`.
#[must_use]
pub fn updating() -> bool {
    std::env::var_os("CONCORD_UPDATE").is_some_and(|v| v == "1")
}
