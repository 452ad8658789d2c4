//! Text in Windows-1252 as bytes of UTF-8, while it is read.

use std::io::{self, Read};

/// So many bytes are read at once.
const PIECE: usize = 64 * 1024;

/// The WHATWG table from 0x80 to 0x9F; all others are those of Latin-1.
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// What was read and not yet handed on.
#[derive(Default)]
pub(super) struct Windows1252 {
    text: Vec<u8>,
    at: usize,
}

impl Windows1252 {
    /// Fills a buffer with text, reading on where none is left.
    pub(super) fn read(&mut self, source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.text.len() {
            let mut piece = Vec::new();
            source.by_ref().take(PIECE as u64).read_to_end(&mut piece)?;
            self.at = 0;
            if piece.is_ascii() {
                self.text = piece;
            } else {
                self.text.clear();
                for byte in piece {
                    self.text.extend_from_slice(letter(byte).encode_utf8(&mut [0; 4]).as_bytes());
                }
            }
        }
        // There is text from here on, or the end was reached.
        let mut rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.read(buffer)?;
        self.at += length;
        Ok(length)
    }
}

fn letter(byte: u8) -> char {
    let high = byte.checked_sub(0x80).and_then(|place| HIGH.get(usize::from(place)));
    high.copied().unwrap_or(char::from(byte))
}
