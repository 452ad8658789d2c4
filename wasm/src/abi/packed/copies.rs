//! Where in a text the same bytes came before.

/// How many places are tried for a copy, and of how many bytes it is long enough.
const TRIES: usize = 24;
const ENOUGH: usize = 256;
/// What a byte is taken to cost, in bits.
const OF_A_BYTE: usize = 6;
/// The bytes that a place is found by, and the bits of their digest.
const KEY: usize = 3;
const KEY_BITS: u32 = 15;

/// A copy of what came before.
#[derive(Clone, Copy)]
pub(super) struct Copied {
    /// How far back it starts.
    pub(super) back: usize,
    /// How many bytes it has.
    pub(super) length: usize,
    /// The bits that it is taken to save.
    pub(super) gain: usize,
}

/// No copy.
const NOTHING: Copied = Copied { back: 0, length: 0, gain: 0 };

impl Copied {
    /// Whether it is so long that nothing better is looked for.
    pub(super) fn is_long(self) -> bool {
        self.length >= ENOUGH / 4
    }
}

/// The places of a text that came before, found by the bytes that stand there.
pub(super) struct Copies<'t> {
    text: &'t [u8],
    /// For each place the one before it of the same key.
    before: Vec<Option<usize>>,
    /// For each key the last place.
    last: Vec<Option<usize>>,
}

impl Copies<'_> {
    pub(super) fn of(text: &[u8]) -> Copies<'_> {
        Copies { text, before: Vec::with_capacity(text.len()), last: vec![None; 1 << KEY_BITS] }
    }

    /// The best copy from a place on; its gain is 0 where none saves anything. One may start as far back as the last one did.
    pub(super) fn best(&mut self, at: usize, last: Option<usize>) -> Copied {
        self.know(at);
        let again = last.and_then(|back| self.copied(at, back, 0)).filter(|copied| copied.length > 1);
        let mut best = again.unwrap_or(NOTHING);
        let mut from = self.key(at).and_then(|key| self.last.get(key).copied().flatten());
        // What was looked for further on has made more places known.
        while from.is_some_and(|from| from >= at) {
            from = self.next(from);
        }
        for _ in 0..TRIES {
            let Some(back) = from.and_then(|from| at.checked_sub(from)) else { break };
            let Some(copied) = self.copied(at, back, bits(back)) else { break };
            if copied.length >= KEY && copied.gain > best.gain {
                best = copied;
            }
            if copied.length >= ENOUGH {
                break;
            }
            from = self.next(from);
        }
        best
    }

    /// The place before another of the same key.
    fn next(&self, from: Option<usize>) -> Option<usize> {
        from.and_then(|from| self.before.get(from).copied().flatten())
    }

    /// Makes all places before this one known.
    fn know(&mut self, at: usize) {
        while self.before.len() < at {
            let place = self.before.len();
            let last = self.key(place).and_then(|key| self.last.get_mut(key));
            self.before.push(last.and_then(|last| last.replace(place)));
        }
    }

    fn key(&self, at: usize) -> Option<usize> {
        let [a, b, c] = *self.text.get(at..)?.first_chunk::<KEY>()?;
        let digest = u32::from_le_bytes([a, b, c, 0]).wrapping_mul(2_654_435_761) >> (32 - KEY_BITS);
        usize::try_from(digest).ok()
    }

    fn copied(&self, at: usize, back: usize, cost: usize) -> Option<Copied> {
        let from = self.text.get(at.checked_sub(back)?..)?;
        let length = from.iter().zip(self.text.get(at..)?).take_while(|(a, b)| a == b).count();
        Some(Copied { back, length, gain: (OF_A_BYTE * length).saturating_sub(cost + bits(length)) })
    }
}

/// The bits of a number as it is written, were all as likely.
fn bits(number: usize) -> usize {
    let mut bits = 1;
    let mut rest = number;
    while rest > 1 {
        bits += 2;
        rest >>= 1;
    }
    bits
}
