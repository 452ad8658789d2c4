//! No statistic panics, and none answers with a NaN or an infinity, on any input.

use concord_engine::variation::Direction;
use concord_engine::variation::attribute_chart::{EventRate, Prime, p_chart, u_chart};
use concord_engine::variation::control_chart::{ChartOptions, Observation, Profile, xmr};
use concord_engine::variation::delays::{WeekBand, band_percentile, delay_percentiles};
use concord_engine::variation::funnel::{FunnelOptions, ObservedExpected, Widening, proportion_funnel, ratio_funnel};
use concord_engine::variation::proportion::Proportion;
use concord_engine::variation::spread::spread;
use concord_engine::variation::standardise::{StratumCount, indirect};

/// Marsaglia's xorshift: the same inputs on every run.
struct Inputs(u64);

impl Inputs {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    /// Small, large and extreme counts.
    fn count(&mut self) -> u64 {
        match self.below(8) {
            0 => 0,
            1 => 1,
            2 => self.below(1_000_000),
            3 => self.below(1 << 52),
            _ => self.below(60),
        }
    }

    fn proportion(&mut self) -> Proportion {
        let denominator = self.count();
        let numerator = match self.below(6) {
            0 => 0,
            1 => denominator,
            _ => self.next() % (denominator + 1),
        };
        Proportion { numerator, denominator }
    }

    fn number(&mut self) -> f64 {
        match self.below(24) {
            0 => f64::NAN,
            1 => f64::INFINITY,
            2 => f64::MAX,
            3 => -f64::MAX,
            4 => f64::MIN_POSITIVE,
            5 => 5e-324,
            6 => -0.0,
            7..=11 => self.below(10) as f64,
            _ => self.below(1_000_000) as f64 / 997.0,
        }
    }

    fn many<T>(&mut self, of: impl Fn(&mut Self) -> T) -> Vec<T> {
        let length = self.below(20);
        (0..length).map(|_| of(self)).collect()
    }
}

#[track_caller]
fn sound(answer: &impl std::fmt::Debug) {
    let text = format!("{answer:?}");
    assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
}

const PROFILES: [Profile; 4] = [Profile::MAKING_DATA_COUNT, Profile::SPREADSHEET, Profile::POWER_BI, Profile::ABSPC];

#[test]
fn charts_are_sound_on_any_input() {
    let mut inputs = Inputs(0x9e37_79b9_7f4a_7c15);
    for round in 0..4000 {
        let options = ChartOptions {
            profile: PROFILES[round % 4],
            direction: Direction::LowerIsBetter,
            target: inputs.below(2).eq(&0).then(|| inputs.number()),
            fix_after: inputs.below(3).eq(&0).then(|| inputs.below(9) as usize),
        };
        let tame = round % 2 == 0;
        let series = inputs.many(|i| Observation {
            value: if tame { i.below(30) as f64 } else { i.number() },
            rebase: i.below(9) == 0,
            after_gap: i.below(9) == 0,
        });
        sound(&xmr(&series, &options));
        let direction = Direction::HigherIsBetter;
        let profile = &PROFILES[round % 4];
        sound(&p_chart(&inputs.many(Inputs::proportion), Prime::Always, direction, profile));
        let rates = inputs.many(|i| EventRate { events: i.count(), exposure: i.number() });
        sound(&u_chart(&rates, Prime::WhenOverDispersed, direction, profile));
    }
}

#[test]
fn funnels_and_spread_are_sound_on_any_input() {
    let mut inputs = Inputs(0x2545_f491_4f6c_dd1d);
    for round in 0..100 {
        let widening = [Widening::Additive, Widening::Multiplicative][round % 2];
        let options = FunnelOptions { widening, ..Default::default() };
        let units = inputs.many(Inputs::proportion);
        let funnel = proportion_funnel(&units, &options);
        sound(&funnel);
        if let Ok(funnel) = funnel {
            sound(&funnel.model.curve(1.0, 1e7, 20));
        }
        let ratios = inputs.many(|i| ObservedExpected { observed: i.count(), expected: i.number() });
        sound(&ratio_funnel(&ratios, &options));
        sound(&spread(&units, 0.95));
        let rows = inputs.many(|i| {
            let p = i.proportion();
            StratumCount {
                organisation: format!("organisation {}", i.below(4)),
                stratum: format!("stratum {}", i.below(4)),
                events: p.numerator,
                cases: p.denominator,
            }
        });
        sound(&indirect(&rows, 0.95));
    }
}

#[test]
fn delays_are_sound_on_any_input() {
    let mut inputs = Inputs(0xd1b5_4a32_d192_ed03);
    for _ in 0..4000 {
        let delays = inputs.many(|i| i.next() as i64);
        sound(&delay_percentiles(&delays, &[1, 500, 900, 950, 999], 0.95));
        let bands = inputs.many(|i| WeekBand { week: i.below(106) as u32, patients: i.count() });
        let found = band_percentile(&bands, 950, Some(104));
        sound(&found.map(|f| (f.weeks(), f.tenths())));
    }
}
