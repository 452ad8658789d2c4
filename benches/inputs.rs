//! Fixed inputs, from a seed.

use crate::native::{Consciousness, Observation, PartialObservation, Scale};

/// A stream of pseudo-random numbers (splitmix64).
pub struct Random(u64);

impl Random {
    /// The stream of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// One of `0 .. count`.
    pub fn below(&mut self, count: u16) -> u16 {
        u16::try_from(self.bits() % u64::from(count.max(1))).unwrap_or(0)
    }

    /// Around a middle, four draws deep, so that the ends are rare.
    fn around(&mut self, middle: u16, spread: u16) -> u16 {
        let sum: u16 = (0..4).map(|_| self.below(spread)).sum();
        (middle + sum / 2).saturating_sub(spread)
    }
}

/// So many sets of observations of a mixed ward.
#[must_use]
pub fn observations(count: usize) -> Vec<Observation> {
    let mut random = Random::new(20_171_219);
    (0..count).map(|_| observation(&mut random)).collect()
}

fn observation(random: &mut Random) -> Observation {
    let byte = |value: u16, most: u16| u8::try_from(value.min(most)).unwrap_or(0);
    Observation {
        age: byte(14 + random.below(90), 130),
        pregnant: random.below(40) == 0,
        respiration_rate: byte(random.around(18, 12), 100),
        spo2: byte(random.around(95, 9), 100),
        scale: if random.below(8) == 0 { Scale::Two } else { Scale::One },
        on_oxygen: random.below(5) == 0,
        systolic: random.around(125, 60),
        pulse: random.around(85, 50),
        consciousness: match random.below(20) {
            0 => Consciousness::NewConfusion,
            1 => Consciousness::Voice,
            _ => Consciousness::Alert,
        },
        temperature: random.around(370, 22),
    }
}

/// The same, with so many in a thousand of the values missing, each for itself.
#[must_use]
pub fn partial_observations(count: usize, missing: u16) -> Vec<PartialObservation> {
    let mut random = Random::new(1_948);
    let complete = observations(count);
    let made = complete.iter().map(|seen| {
        let mut here = || random.below(1000) >= missing;
        PartialObservation {
            age: here().then_some(seen.age),
            pregnant: here().then_some(seen.pregnant),
            respiration_rate: here().then_some(seen.respiration_rate),
            spo2: here().then_some(seen.spo2),
            scale: here().then_some(seen.scale),
            on_oxygen: here().then_some(seen.on_oxygen),
            systolic: here().then_some(seen.systolic),
            pulse: here().then_some(seen.pulse),
            consciousness: here().then_some(seen.consciousness),
            temperature: here().then_some(seen.temperature),
        }
    });
    made.collect()
}

impl PartialObservation {
    /// The facts in the order of the rule.
    #[must_use]
    pub fn facts(&self) -> [Option<i64>; 10] {
        [
            self.age.map(i64::from),
            self.pregnant.map(i64::from),
            self.respiration_rate.map(i64::from),
            self.spo2.map(i64::from),
            self.scale.map(|scale| scale as i64),
            self.on_oxygen.map(i64::from),
            self.systolic.map(i64::from),
            self.pulse.map(i64::from),
            self.consciousness.map(|mind| mind as i64),
            self.temperature.map(i64::from),
        ]
    }
}
