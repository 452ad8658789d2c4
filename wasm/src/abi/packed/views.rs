//! Views of what came before: what each knows of the next bit, and how they are weighed.

/// The bits of odds: how often in so many cases a bit is 1.
pub(crate) const ODDS_BITS: u32 = 16;
/// Stretches are told apart by how many bits their length has: more kinds than there are.
pub(crate) const KINDS: u32 = 32;
/// How many views there are: of the last bytes, of two a little before them, and of the byte that came after them before.
pub(crate) const VIEWS: u32 = 6;
/// Something of each.
pub(super) type OfEach<T> = [T; VIEWS as usize];
/// How far the last eight bytes are shifted down for a view, in six bits each from the lowest up: what is left is of the last byte the
/// highest bit, then 1, 2 and 4 bytes.
pub(crate) const SHIFT_BITS: u32 = 6;
pub(crate) const SHIFTS: u64 = 63 | 56 << 6 | 48 << 12 | 32 << 18;
/// How far they are shifted down, and then up, for the view of the third and the fourth of them from the last.
pub(crate) const APART_DOWN: u32 = 32;
pub(crate) const APART_UP: u32 = 48;
/// What digests are multiplied by, and with the bits before, those of a view.
pub(crate) const DIGEST: u64 = 0x9E37_79B9_7F4A_7C15;
pub(crate) const STEP: u32 = 0x2F0B_4C47;
/// The bits of the place of what is known.
pub(crate) const TABLE_BITS: u32 = 19;
/// How many places there are.
const TABLE: usize = 1 << TABLE_BITS;
/// What is known of a bit: how far its odds, in 4,096, are above the half; and below that, in so many bits, how often it came.
pub(crate) const KNOWN_BITS: u32 = 4;
/// It is counted so far.
pub(crate) const OFTEN: i32 = (1 << KNOWN_BITS) - 1;
/// The curve: odds for each of so many steps, half of them below even. At 256 steps for against is as e to 1, and so on; nearly 3,000 to 1
/// at its ends.
pub(crate) const CURVE_BITS: u32 = 12;
/// Its first odds, in 2^32, and how much of them a step adds.
pub(crate) const CURVE_START: u64 = 1_441_000;
pub(crate) const CURVE_RATE: u32 = 40;
/// What is known and the weights stay as they are where the odds were wrong by no more than this.
pub(crate) const RIGHT: i32 = 512;
/// What a weight is at first, in so many bits after the point; and how its changes are shifted.
pub(crate) const WEIGHT: i32 = 15_000;
pub(crate) const WEIGHT_BITS: u32 = 16;
pub(crate) const WEIGHT_RATE: u32 = 15;

/// The digest of a number.
pub(super) fn digest(number: u64) -> u32 {
    let [_, _, _, _, bytes @ ..] = number.wrapping_mul(DIGEST).to_le_bytes();
    u32::from_le_bytes(bytes)
}

/// See the module.
pub(super) struct Views {
    /// What is known, by the place that a view gives.
    known: Vec<i16>,
    /// What each sees now.
    seen: OfEach<u32>,
    /// The place of what each knows of the bit, and where on the curve it is.
    places: OfEach<u32>,
    steps: OfEach<i32>,
    /// The weights, of which one row counts now: how far they have moved.
    weights: [OfEach<i32>; KINDS as usize],
    row: usize,
    /// The odds of the bit.
    odds: u16,
    curve: Curve,
}

impl Views {
    pub(super) fn new() -> Views {
        Views {
            known: vec![0; TABLE],
            seen: [0; VIEWS as usize],
            places: [0; VIEWS as usize],
            steps: [0; VIEWS as usize],
            weights: [[0; VIEWS as usize]; KINDS as usize],
            row: 0,
            odds: 0,
            curve: Curve::new(),
        }
    }

    /// They see something else, and are weighed by this row.
    pub(super) fn look(&mut self, seen: &OfEach<u32>, row: u32) {
        self.seen = *seen;
        // Kinds are few.
        self.row = usize::try_from(row).unwrap_or(0);
    }

    /// The odds of the next bit, after those before it of the byte, which stand after a 1.
    pub(super) fn odds(&mut self, before: u32) -> u16 {
        let known = <&[i16; TABLE]>::try_from(self.known.as_slice());
        // Both are there.
        let (Some(weights), Ok(known)) = (self.weights.get(self.row), known) else { return self.odds };
        let mut sum = 0_i32;
        let views = self.seen.iter().zip(&mut self.places).zip(&mut self.steps).zip(weights);
        for (((seen, place), step), weight) in views {
            *place = seen.wrapping_add(before).wrapping_mul(STEP) >> (u32::BITS - TABLE_BITS);
            // Every place is there, and what is not known yet is 0.
            *step = self.curve.step(in_table(*place).and_then(|place| known.get(place)).copied().unwrap_or(0));
            sum = sum.wrapping_add(step.wrapping_mul(weight.wrapping_add(WEIGHT)));
        }
        self.odds = self.curve.odds(sum >> WEIGHT_BITS);
        self.odds
    }

    /// What is known follows a bit, as do the weights.
    pub(super) fn follow(&mut self, one: bool) {
        let wrong = (i32::from(one) << ODDS_BITS) - i32::from(self.odds);
        let weights = self.weights.get_mut(self.row).filter(|_| wrong.abs() > RIGHT);
        let Some(weights) = weights else { return };
        let whole = if one { CURVE_HALF - 1 } else { -CURVE_HALF };
        for (step, weight) in self.steps.iter().zip(weights) {
            *weight = weight.wrapping_add(step.wrapping_mul(wrong) >> WEIGHT_RATE);
        }
        let Ok(known) = <&mut [i16; TABLE]>::try_from(self.known.as_mut_slice()) else { return };
        for place in self.places {
            let Some(known) = in_table(place).and_then(|place| known.get_mut(place)) else { continue };
            let (often, odds) = (i32::from(*known) & OFTEN, i32::from(*known) >> KNOWN_BITS);
            let odds = odds.wrapping_add(nearer(whole.wrapping_sub(odds), often));
            let [low, high, ..] = (odds << KNOWN_BITS | often.wrapping_add(1).min(OFTEN)).to_le_bytes();
            // Twelve bits and four fit.
            *known = i16::from_le_bytes([low, high]);
        }
    }
}

/// A place of what is known, of which there are as many as its bits tell apart.
fn in_table(place: u32) -> Option<usize> {
    usize::try_from(place).ok().map(|place| place & (TABLE - 1))
}

/// How far odds move that are so far away: twice that, divided by twice how often the bit came and 3. A division costs more than all else that
/// is done with a bit, and a multiplication comes to the same as far as odds can be away.
fn nearer(away: i32, often: i32) -> i32 {
    // It is counted no further than there are shares.
    let share = usize::try_from(often).ok().and_then(|often| SHARES.get(often)).copied().unwrap_or(0);
    let far = (away.unsigned_abs().wrapping_mul(2 * share) >> SHARE_BITS).cast_signed();
    if away < 0 { far.wrapping_neg() } else { far }
}

/// The bits of a share after the point: twice the farthest, times the largest share, fits, and what is rounded up is too little to show.
const SHARE_BITS: u32 = 18;
/// The share of each count, rounded up.
const SHARES: [u32; 1 << KNOWN_BITS] = [
    share(0),
    share(1),
    share(2),
    share(3),
    share(4),
    share(5),
    share(6),
    share(7),
    share(8),
    share(9),
    share(10),
    share(11),
    share(12),
    share(13),
    share(14),
    share(15),
];

const fn share(often: u32) -> u32 {
    (1_u32 << SHARE_BITS).div_ceil(2 * often + 3)
}

/// Half of it.
const CURVE_HALF: i32 = 1 << (CURVE_BITS - 1);

/// The curve of odds, both ways.
struct Curve {
    odds: Box<[u16; 1 << CURVE_BITS]>,
    steps: Box<[i16; 1 << CURVE_BITS]>,
}

impl Curve {
    /// Each odds are the last, and as much more as these times what is left, shifted.
    fn new() -> Curve {
        let (mut odds, mut steps) = (Box::new([0; 1 << CURVE_BITS]), Box::new([0; 1 << CURVE_BITS]));
        let mut all = CURVE_START;
        for (step, odds) in (-CURVE_HALF..CURVE_HALF).zip(odds.iter_mut()) {
            let of_step = u16::try_from(all >> 16).unwrap_or(u16::MAX);
            *odds = of_step;
            // Steps are at most four of these apart.
            for place in steps.iter_mut().skip(usize::from(of_step >> KNOWN_BITS)).take(4) {
                // All steps are of twelve bits.
                *place = i16::try_from(step).unwrap_or(0);
            }
            all += (all * ((1 << 32) - all)) >> CURVE_RATE;
        }
        Curve { odds, steps }
    }

    /// The last step whose odds are no more than what is known of a bit.
    fn step(&self, known: i16) -> i32 {
        let place = (known.cast_unsigned() ^ 1 << (u16::BITS - 1)) >> KNOWN_BITS;
        // There is one for each.
        self.steps.get(usize::from(place)).map_or(0, |step| i32::from(*step))
    }

    /// The odds of a step.
    fn odds(&self, step: i32) -> u16 {
        let place = usize::try_from(step.clamp(-CURVE_HALF, CURVE_HALF - 1) + CURVE_HALF).ok();
        place.and_then(|place| self.odds.get(place)).copied().unwrap_or(u16::MAX)
    }
}
