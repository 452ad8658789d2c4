//! The bits of a text one after the other, each with its odds.

use super::views::{APART_DOWN, APART_UP, OfEach, SHIFT_BITS, SHIFTS, VIEWS, Views, digest};

/// No text has more bytes than these bits say.
pub(crate) const MOST_BITS: u32 = 24;
/// The bytes that are looked for, and the bits of their digest.
pub(crate) const KEY_BYTES: u32 = 3;
pub(crate) const KEY_BITS: u32 = 15;
/// After a stretch of so many bytes that came before, one bit says whether the next does.
pub(crate) const LONG: u32 = 16;
/// The odds that another does are these, halved for each bit of the length, and the least that they are.
pub(crate) const OTHER: u32 = 80_000;
pub(crate) const OTHER_LEAST: u32 = 63;
/// What a view sees where no byte would come.
const NONE: u64 = 1 << u8::BITS;

/// What is asked of a text.
#[derive(Clone, Copy)]
pub(super) enum Asked {
    /// Whether the byte is another than this.
    Other(u8),
    /// This bit of the byte, from the lowest.
    Bit(u32),
}

/// The text of so many bytes, of which each bit is given for its odds, its byte's place and what it is; none where one is not given.
pub(super) fn text(bytes: usize, mut bit: impl FnMut(u16, usize, Asked) -> Option<bool>) -> Option<Vec<u8>> {
    let (mut views, mut stretch) = (Views::new(), Stretch::new());
    let mut text: Vec<u8> = Vec::with_capacity(bytes);
    while text.len() < bytes {
        let at = text.len();
        let next = stretch.next(&text);
        let mut byte = None;
        if let Some(next) = next.filter(|_| stretch.length >= LONG) {
            byte = (!bit(stretch.odds(), at, Asked::Other(next))?).then_some(next);
        }
        let byte = match byte {
            Some(byte) => byte,
            None => {
                views.look(&stretch.seen(next), stretch.kind());
                let mut byte = 1;
                for place in (0..u8::BITS).rev() {
                    let one = bit(views.odds(byte), at, Asked::Bit(place))?;
                    views.follow(one);
                    byte = byte << 1 | u32::from(one);
                }
                u8::try_from(byte & 0xFF).ok()?
            }
        };
        text.push(byte);
        stretch.came(next, byte);
    }
    Some(text)
}

/// How what comes next came before.
struct Stretch {
    /// For each digest of bytes where what follows them stood last, and 1; 0 where they did not come yet.
    places: Vec<u32>,
    /// The last eight bytes, the last of them highest.
    before: u64,
    /// Where the byte that would come next stands.
    from: usize,
    /// How many bytes came already, from where it was found.
    length: u32,
}

impl Stretch {
    fn new() -> Stretch {
        let places = vec![0; 1 << KEY_BITS];
        Stretch { places, before: 0, from: 0, length: 0 }
    }

    /// The byte that would come next, where the last ones came before.
    fn next(&mut self, text: &[u8]) -> Option<u8> {
        let key = digest(self.before >> (u64::BITS - u8::BITS * KEY_BYTES)) >> (u32::BITS - KEY_BITS);
        if let Some(place) = usize::try_from(key).ok().and_then(|key| self.places.get_mut(key)) {
            if self.length == 0 {
                self.length = u32::from(*place > 0);
                // Where there is none, nothing is read.
                self.from = usize::try_from(place.saturating_sub(1)).unwrap_or(0);
            }
            // No text has so many bytes.
            *place = u32::try_from(text.len() + 1).unwrap_or(0);
        }
        if self.length > 0 { text.get(self.from).copied() } else { None }
    }

    /// How long it is, in bits of its length.
    fn kind(&self) -> u32 {
        u32::BITS - self.length.leading_zeros()
    }

    /// The odds that another byte comes.
    fn odds(&self) -> u16 {
        u16::try_from((OTHER >> self.kind()) + OTHER_LEAST).unwrap_or(u16::MAX)
    }

    /// What each view sees.
    fn seen(&self, next: Option<u8>) -> OfEach<u32> {
        let next = u64::from(self.kind()) << 9 | next.map_or(NONE, u64::from);
        let mut seen = [digest(next); VIEWS as usize];
        let mut shifts = SHIFTS;
        // The last is of the byte that would come next, and the one before it of bytes that stand apart.
        for seen in seen.iter_mut().rev().skip(1).rev() {
            let shift = shifts & ((1 << SHIFT_BITS) - 1);
            let apart = self.before >> APART_DOWN << APART_UP;
            *seen = digest(if shifts == 0 { apart } else { (self.before >> shift).wrapping_add(shifts) });
            shifts >>= SHIFT_BITS;
        }
        seen
    }

    /// What came.
    fn came(&mut self, next: Option<u8>, byte: u8) {
        self.length = if next == Some(byte) { self.length + 1 } else { 0 };
        self.from += 1;
        self.before = self.before >> u8::BITS | u64::from(byte) << (u64::BITS - u8::BITS);
    }
}
