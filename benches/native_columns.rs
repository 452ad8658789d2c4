//! NEWS2 as a Rust programmer would write it for whole columns: numbers of 16 bits, eight rows at a time, without branches, so that the
//! compiler makes of it instructions of 128 bits, which is what every 64-bit machine of Intel's kind has.

use crate::native::Observation;

const LANES: usize = 8;
type Lanes = [i16; LANES];

/// What goes in: a column for each fact, in the order of the rule, in blocks of eight rows.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    blocks: Vec<[Lanes; 10]>,
}

/// What comes out of eight rows: in scope, total, single red, risk, minutes until review, continuous, minutes until observed; −1 for none.
pub type Answers = [Lanes; 7];

impl Columns {
    /// Of these observations; those of the last eight that are not there are 0.
    #[must_use]
    pub fn of(seen: &[Observation]) -> Columns {
        let block = |seen: &[Observation]| {
            let mut block = [[0; LANES]; 10];
            for (lane, one) in seen.iter().enumerate() {
                let whole = |value: u16| i16::try_from(value).unwrap_or(i16::MAX);
                let facts = [
                    i16::from(one.age),
                    i16::from(one.pregnant),
                    i16::from(one.respiration_rate),
                    i16::from(one.spo2),
                    one.scale as i16,
                    i16::from(one.on_oxygen),
                    whole(one.systolic),
                    whole(one.pulse),
                    one.consciousness as i16,
                    whole(one.temperature),
                ];
                let places = block.iter_mut().filter_map(|column| column.get_mut(lane));
                places.zip(facts).for_each(|(place, fact)| *place = fact);
            }
            block
        };
        Columns { blocks: seen.chunks(LANES).map(block).collect() }
    }

    /// NEWS2 of all rows.
    pub fn answer(&self, out: &mut Vec<Answers>) {
        out.clear();
        out.extend(self.blocks.iter().map(news2));
    }
}

/// A value for each lane.
#[inline(always)]
fn each(of: impl Fn(usize) -> i16) -> Lanes {
    std::array::from_fn(of)
}

/// The sum of what is added where a value reaches each cut.
#[inline(always)]
fn points<const CUTS: usize>(x: &Lanes, first: i16, cuts: [(i16, i16); CUTS]) -> Lanes {
    let mut sum = [first; LANES];
    for (cut, more) in cuts {
        for (sum, x) in sum.iter_mut().zip(x) {
            *sum = sum.wrapping_add(if *x >= cut { more } else { 0 });
        }
    }
    sum
}

#[inline(always)]
fn add(a: &Lanes, b: &Lanes) -> Lanes {
    let mut sum = *a;
    sum.iter_mut().zip(b).for_each(|(sum, b)| *sum = sum.wrapping_add(*b));
    sum
}

#[inline(always)]
fn choose(condition: &Lanes, a: &Lanes, b: &Lanes) -> Lanes {
    let mut chosen = *b;
    for ((chosen, a), condition) in chosen.iter_mut().zip(a).zip(condition) {
        *chosen = if *condition != 0 { *a } else { *chosen };
    }
    chosen
}

#[inline(always)]
fn map(x: &Lanes, of: impl Fn(i16) -> i16) -> Lanes {
    let mut mapped = *x;
    mapped.iter_mut().for_each(|x| *x = of(*x));
    mapped
}

fn news2(block: &[Lanes; 10]) -> Answers {
    let [age, pregnant, rate, spo2, scale, oxygen, systolic, pulse, mind, temperature] = block;
    let respiration = points(rate, 3, [(9, -2), (12, -1), (21, 2), (25, 1)]);
    let scale_1 = points(spo2, 3, [(92, -1), (94, -1), (96, -1)]);
    let on_air = points(spo2, 3, [(84, -1), (86, -1), (88, -1)]);
    let on_oxygen = points(spo2, 0, [(93, 1), (95, 1), (97, 1)]);
    let scale_2 = add(&on_air, &choose(oxygen, &on_oxygen, &[0; LANES]));
    let saturation = choose(scale, &scale_2, &scale_1);
    let pressure = points(systolic, 3, [(91, -1), (101, -1), (111, -1), (220, 3)]);
    let heart = points(pulse, 3, [(41, -2), (51, -1), (91, 1), (111, 1), (131, 1)]);
    let mind = points(mind, 0, [(1, 3)]);
    let warmth = points(temperature, 3, [(351, -2), (361, -1), (381, 1), (391, 1)]);
    let parts = [respiration, saturation, pressure, heart, mind, warmth];
    let (mut total, mut red) = (map(oxygen, |yes| yes.wrapping_add(yes)), [0; LANES]);
    for part in &parts {
        total = add(&total, part);
        red = choose(&map(part, |points| i16::from(points == 3)), &[1; LANES], &red);
    }
    let low = choose(&red, &[1; LANES], &[0; LANES]);
    let some = map(&total, |total| i16::from(total >= 1));
    let risk = points(&total, 0, [(5, 2), (7, 1)]);
    let risk = choose(&map(&total, |total| i16::from(total < 5)), &low, &risk);
    let review = points(&total, -1, [(5, 61), (7, -30)]);
    let continuous = points(&total, 0, [(7, 1)]);
    let observe = choose(&red, &[60; LANES], &[360; LANES]);
    let observe = choose(&some, &observe, &[720; LANES]);
    let observe = choose(&map(&total, |total| i16::from(total >= 5)), &[60; LANES], &observe);
    let observe = choose(&continuous, &[-1; LANES], &observe);
    let adult = map(age, |age| i16::from(age >= 16));
    let in_scope = each(|lane| {
        let of = |lanes: &Lanes| lanes.get(lane).copied().unwrap_or(0);
        of(&adult) & (of(pregnant) ^ 1)
    });
    [in_scope, total, red, risk, review, continuous, observe]
}
