//! Special-cause rules: which points of a control chart are a signal.
//!
//! The rules are those of NHS England's "Making Data Count" as published in
//! NHSRplotthedots; where other NHS tools differ, the difference is a field of
//! [`Rules`]. Every point of a run is marked, not only the one that completes it.

use serde::Serialize;

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// An increase is an improvement.
    HigherIsBetter,
    /// A decrease is an improvement.
    LowerIsBetter,
    /// Neither: a special cause is only "high" or "low".
    Neutral,
}

/// On which side a signal lies; for a trend, where it heads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Above the mean, or increasing.
    High,
    /// Below the mean, or decreasing.
    Low,
}

/// The rule that marked a point: the first that applies, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Strictly outside a process limit.
    OutsideLimits,
    /// In a run of consecutive increases, or of decreases; a tie breaks it.
    Trend,
    /// Two of three consecutive points near a limit.
    TwoInThree,
    /// In a run strictly on one side of the mean.
    Shift,
}

/// Why a point is special-cause variation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Signal {
    /// The rule.
    pub rule: Rule,
    /// The side.
    pub side: Side,
}

/// What a point means, given which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// No signal.
    Common,
    /// A signal for the better.
    Improvement,
    /// A signal for the worse.
    Concern,
    /// A signal upwards where neither way is better.
    NeutralHigh,
    /// A signal downwards where neither way is better.
    NeutralLow,
}

impl Cause {
    /// What a signal means, given which way is better.
    pub fn of(signal: Option<Signal>, direction: Direction) -> Cause {
        match (signal.map(|s| s.side), direction) {
            (None, _) => Cause::Common,
            (Some(Side::High), Direction::HigherIsBetter) | (Some(Side::Low), Direction::LowerIsBetter) => {
                Cause::Improvement
            }
            (Some(Side::High), Direction::LowerIsBetter) | (Some(Side::Low), Direction::HigherIsBetter) => {
                Cause::Concern
            }
            (Some(Side::High), Direction::Neutral) => Cause::NeutralHigh,
            (Some(Side::Low), Direction::Neutral) => Cause::NeutralLow,
        }
    }
}

/// Which points the 2-in-3 rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TwoInThree {
    /// At least 2 of 3 between two thirds of the limit and the limit, all 3 on
    /// the same side of the mean (NHSRplotthedots).
    AllThreeOnOneSide,
    /// At least 2 of 3 beyond two thirds of the limit on the same side, points
    /// beyond the limit counted too; the third may be anywhere (PowerBI-SPC).
    TwoOnOneSide,
}

/// Lengths and variants of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rules {
    pub(super) trend_length: usize,
    pub(super) shift_length: usize,
    pub(super) two_in_three: TwoInThree,
}

/// A point with its centre line and limits, all in the unit of the value. Limits
/// may differ from point to point, as in a p chart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Position {
    pub(super) value: f64,
    pub(super) centre: f64,
    pub(super) lower: f64,
    pub(super) upper: f64,
    pub(super) near_lower: f64,
    pub(super) near_upper: f64,
}

impl Position {
    fn outside(self) -> Option<Side> {
        if self.value > self.upper {
            Some(Side::High)
        } else if self.value < self.lower {
            Some(Side::Low)
        } else {
            None
        }
    }

    fn beyond_near(self) -> Option<Side> {
        if self.value > self.near_upper {
            Some(Side::High)
        } else if self.value < self.near_lower {
            Some(Side::Low)
        } else {
            None
        }
    }

    fn side(self) -> Option<Side> {
        if self.value > self.centre {
            Some(Side::High)
        } else if self.value < self.centre {
            Some(Side::Low)
        } else {
            None
        }
    }

    /// Whether the 2-in-3 rule counts and marks this point, and on which side.
    fn close(self, variant: TwoInThree) -> Option<Side> {
        match variant {
            TwoInThree::AllThreeOnOneSide if self.outside().is_some() => None,
            _ => self.beyond_near(),
        }
    }
}

/// The signal of each point, for one group of points with common rules.
pub(super) fn signals(points: &[Position], rules: Rules) -> Vec<Option<Signal>> {
    let trend = trends(points, rules.trend_length);
    let near = two_in_three(points, rules.two_in_three);
    let sides: Vec<Option<Side>> = points.iter().map(|p| p.side()).collect();
    let shift = runs(&sides, rules.shift_length);
    points
        .iter()
        .zip(trend)
        .zip(near.into_iter().zip(shift))
        .map(|((point, trend), (near, shift))| {
            let found = [
                (Rule::OutsideLimits, point.outside()),
                (Rule::Trend, trend),
                (Rule::TwoInThree, near),
                (Rule::Shift, shift),
            ];
            found.into_iter().find_map(|(rule, side)| side.map(|side| Signal { rule, side }))
        })
        .collect()
}

/// Points of a run of at least `length` equal sides; a point on neither breaks it.
pub(super) fn runs(sides: &[Option<Side>], length: usize) -> Vec<Option<Side>> {
    let long = length.max(1);
    sides
        .chunk_by(|a, b| a == b)
        .flat_map(|run| run.iter().map(move |side| if run.len() >= long { *side } else { None }))
        .collect()
}

/// Points of a trend of `length` values, that is `length - 1` moves the same way.
/// A point that ends one trend and starts another takes the later direction.
fn trends(points: &[Position], length: usize) -> Vec<Option<Side>> {
    let moves: Vec<Option<Side>> = points
        .iter()
        .zip(points.iter().skip(1))
        .map(|(a, b)| {
            if b.value > a.value {
                Some(Side::High)
            } else if b.value < a.value {
                Some(Side::Low)
            } else {
                None
            }
        })
        .collect();
    let mut marked = in_trends(&moves, length);
    marked.truncate(points.len());
    marked
}

/// The same by the moves from each point to the next; there is one point more than moves.
pub(super) fn in_trends(moves: &[Option<Side>], length: usize) -> Vec<Option<Side>> {
    let moves = runs(moves, length.saturating_sub(1));
    let into = std::iter::once(None).chain(moves.iter().copied());
    let out_of = moves.iter().copied().chain(std::iter::once(None));
    out_of.zip(into).map(|(next, last)| next.or(last)).collect()
}

fn two_in_three(points: &[Position], variant: TwoInThree) -> Vec<Option<Side>> {
    let mut marked = vec![None; points.len()];
    for (start, window) in points.windows(3).enumerate() {
        for side in [Side::High, Side::Low] {
            let close = |p: &Position| p.close(variant) == Some(side);
            let together = match variant {
                TwoInThree::AllThreeOnOneSide => window.iter().all(|p| p.side() == Some(side)),
                TwoInThree::TwoOnOneSide => true,
            };
            if !together || window.iter().filter(|p| close(p)).count() < 2 {
                continue;
            }
            for (mark, point) in marked.iter_mut().skip(start).zip(window) {
                if close(point) {
                    *mark = Some(side);
                }
            }
        }
    }
    marked
}
