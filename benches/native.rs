//! NEWS2 as a Rust programmer would write it: enums, `match`, `Option` for what is missing.

/// Which SpO2 scale applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Scale {
    One,
    Two,
}

/// ACVPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Consciousness {
    Alert,
    NewConfusion,
    Voice,
    Pain,
    Unresponsive,
}

/// Clinical risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Risk {
    Low,
    LowMedium,
    Medium,
    High,
}

/// One set of observations.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Observation {
    pub age: u8,
    pub pregnant: bool,
    pub respiration_rate: u8,
    pub spo2: u8,
    pub scale: Scale,
    pub on_oxygen: bool,
    pub systolic: u16,
    pub pulse: u16,
    pub consciousness: Consciousness,
    /// Tenths of a degree.
    pub temperature: u16,
}

/// What NEWS2 says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct News2 {
    pub in_scope: bool,
    pub respiration: u8,
    pub saturation: u8,
    pub oxygen: u8,
    pub blood_pressure: u8,
    pub heart: u8,
    pub mind: u8,
    pub warmth: u8,
    pub total: u8,
    pub single_red: bool,
    pub risk: Risk,
    /// Minutes.
    pub review_within: Option<u16>,
    pub continuous: bool,
    /// Minutes.
    pub observe_every: Option<u16>,
}

/// Points for the respiration rate.
#[must_use]
pub fn respiration(rate: u8) -> u8 {
    match rate {
        0..=8 => 3,
        9..=11 => 1,
        12..=20 => 0,
        21..=24 => 2,
        _ => 3,
    }
}

/// Points for the oxygen saturation.
#[must_use]
pub fn saturation(scale: Scale, spo2: u8, on_oxygen: bool) -> u8 {
    match (scale, spo2, on_oxygen) {
        (Scale::One, 0..=91, _) => 3,
        (Scale::One, 92..=93, _) => 2,
        (Scale::One, 94..=95, _) => 1,
        (Scale::One, _, _) => 0,
        (Scale::Two, 0..=83, _) => 3,
        (Scale::Two, 84..=85, _) => 2,
        (Scale::Two, 86..=87, _) => 1,
        (Scale::Two, 88..=92, _) => 0,
        (Scale::Two, _, false) => 0,
        (Scale::Two, 93..=94, true) => 1,
        (Scale::Two, 95..=96, true) => 2,
        (Scale::Two, _, true) => 3,
    }
}

fn blood_pressure(systolic: u16) -> u8 {
    match systolic {
        0..=90 => 3,
        91..=100 => 2,
        101..=110 => 1,
        111..=219 => 0,
        _ => 3,
    }
}

fn heart(pulse: u16) -> u8 {
    match pulse {
        0..=40 => 3,
        41..=50 => 1,
        51..=90 => 0,
        91..=110 => 1,
        111..=130 => 2,
        _ => 3,
    }
}

fn mind(consciousness: Consciousness) -> u8 {
    match consciousness {
        Consciousness::Alert => 0,
        _ => 3,
    }
}

fn warmth(temperature: u16) -> u8 {
    match temperature {
        0..=350 => 3,
        351..=360 => 1,
        361..=380 => 0,
        381..=390 => 1,
        _ => 2,
    }
}

/// Risk, review within, continuous, observe every.
fn response(total: u8, single_red: bool) -> (Risk, Option<u16>, bool, Option<u16>) {
    match (total, single_red) {
        (7.., _) => (Risk::High, Some(30), true, None),
        (5..=6, _) => (Risk::Medium, Some(60), false, Some(60)),
        (1..=4, true) => (Risk::LowMedium, None, false, Some(60)),
        (1..=4, false) => (Risk::Low, None, false, Some(360)),
        (0, _) => (Risk::Low, None, false, Some(720)),
    }
}

/// NEWS2 of complete observations.
#[must_use]
pub fn news2(seen: &Observation) -> News2 {
    let respiration = respiration(seen.respiration_rate);
    let saturation = saturation(seen.scale, seen.spo2, seen.on_oxygen);
    let oxygen = if seen.on_oxygen { 2 } else { 0 };
    let blood_pressure = blood_pressure(seen.systolic);
    let heart = heart(seen.pulse);
    let mind = mind(seen.consciousness);
    let warmth = warmth(seen.temperature);
    let total = respiration + saturation + oxygen + blood_pressure + heart + mind + warmth;
    let single_red = [respiration, saturation, blood_pressure, heart, mind, warmth].contains(&3);
    let (risk, review_within, continuous, observe_every) = response(total, single_red);
    News2 {
        in_scope: seen.age >= 16 && !seen.pregnant,
        respiration,
        saturation,
        oxygen,
        blood_pressure,
        heart,
        mind,
        warmth,
        total,
        single_red,
        risk,
        review_within,
        continuous,
        observe_every,
    }
}

/// Observations of which some may be missing.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "the names say it")]
pub struct PartialObservation {
    pub age: Option<u8>,
    pub pregnant: Option<bool>,
    pub respiration_rate: Option<u8>,
    pub spo2: Option<u8>,
    pub scale: Option<Scale>,
    pub on_oxygen: Option<bool>,
    pub systolic: Option<u16>,
    pub pulse: Option<u16>,
    pub consciousness: Option<Consciousness>,
    pub temperature: Option<u16>,
}

/// NEWS2, or nothing where anything is missing: all that plain `Option` gives.
#[must_use]
pub fn partial_news2(seen: &PartialObservation) -> Option<News2> {
    Some(news2(&Observation {
        age: seen.age?,
        pregnant: seen.pregnant?,
        respiration_rate: seen.respiration_rate?,
        spo2: seen.spo2?,
        scale: seen.scale?,
        on_oxygen: seen.on_oxygen?,
        systolic: seen.systolic?,
        pulse: seen.pulse?,
        consciousness: seen.consciousness?,
        temperature: seen.temperature?,
    }))
}
