//! How likely each bit is, by the place that it has.

/// Places of odds: whether a copy comes, after a byte and after a copy.
pub(crate) const COPY: u32 = 0;
/// Whether it starts as far back as the last, asked after a byte only.
pub(crate) const AGAIN: u32 = 2;
/// How far back: for each bit of the number whether there is one, and which.
pub(crate) const BACK: u32 = 3;
/// How many bytes less one.
pub(crate) const LENGTH: u32 = BACK + 2 * MOST_BITS;
/// A byte: the bits that came before, after a 1, are the place.
pub(crate) const BYTES: u32 = LENGTH + 2 * MOST_BITS;
/// How many places there are.
pub(crate) const PLACES: u32 = BYTES + 256;
/// The most bits of a number below its highest.
pub(crate) const MOST_BITS: u32 = 24;
/// The bits of odds.
pub(crate) const ODDS_BITS: u32 = 16;
/// The bytes of the odds of all places, as whole slots.
pub(crate) const ODDS_BYTES: u32 = (PLACES * ODDS_BITS / 8).next_multiple_of(8);
/// The odds of a bit that may as well be 0 as 1.
pub(crate) const EVEN: u16 = 1 << (ODDS_BITS - 1);
/// Odds move by the distance halved so often.
pub(crate) const RATE: u32 = 4;

/// Odds that follow the bits.
pub(super) struct Odds([u16; PLACES as usize]);

impl Odds {
    pub(super) fn even() -> Odds {
        Odds([EVEN; PLACES as usize])
    }

    /// The odds of a place.
    pub(super) fn of(&self, place: u32) -> u16 {
        usize::try_from(place).ok().and_then(|place| self.0.get(place)).copied().unwrap_or(EVEN)
    }

    /// They follow a bit.
    pub(super) fn follow(&mut self, place: u32, bit: bool) {
        if let Some(odds) = usize::try_from(place).ok().and_then(|place| self.0.get_mut(place)) {
            *odds = if bit { *odds + ((u16::MAX - *odds) >> RATE) } else { *odds - (*odds >> RATE) };
        }
    }
}
