//! Text in UTF-16 as bytes of UTF-8, while it is read.

use std::io::{self, Read};

/// What stands for half a character: no byte of UTF-8, so that the field it is in is refused.
const BROKEN: u8 = 0xff;
/// So many bytes are read at once.
const PIECE: usize = 64 * 1024;

/// What was read and not yet handed on.
#[derive(Default)]
pub(super) struct Utf16 {
    /// Whether the greater byte of a unit comes first; none before the first unit.
    greater_first: Option<bool>,
    /// The beginning of a character whose end is not read yet.
    begun: Vec<u8>,
    text: Vec<u8>,
    at: usize,
}

impl Utf16 {
    /// Fills a buffer with text, reading on where none is left.
    pub(super) fn read(&mut self, source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.text.len() {
            if !self.read_on(source)? {
                return Ok(0);
            }
        }
        // There is text from here on, as was just seen to.
        let mut rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.read(buffer)?;
        self.at += length;
        Ok(length)
    }

    /// Reads on; false at the end.
    fn read_on(&mut self, source: &mut impl Read) -> io::Result<bool> {
        let mut piece = std::mem::take(&mut self.begun);
        let before = piece.len();
        let length = source.by_ref().take(PIECE as u64).read_to_end(&mut piece)?;
        self.text.clear();
        self.at = 0;
        if length == 0 {
            self.text.extend((before > 0).then_some(BROKEN));
            return Ok(before > 0);
        }
        // Whichever byte of the first unit is nothing, or part of a byte order mark, tells; the first letters of an export are plain.
        let greater_first = *self.greater_first.get_or_insert(matches!(piece.as_slice(), [0 | 0xfe, ..]));
        let (whole, rest) = piece.as_chunks::<2>();
        let unit = |pair: &[u8; 2]| if greater_first { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) };
        let half = whole.last().filter(|last| (0xd800..0xdc00).contains(&unit(last)));
        self.begun.extend(half.into_iter().flatten().chain(rest));
        let whole = whole.split_last().filter(|_| half.is_some()).map_or(whole, |(_, before)| before);
        for letter in char::decode_utf16(whole.iter().map(unit)) {
            match letter {
                Ok(letter) => self.text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
                Err(_) => self.text.push(BROKEN),
            }
        }
        Ok(true)
    }
}
