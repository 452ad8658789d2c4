//! Many comparisons at once: adjusted p values.
//!
//! State the family beside every use (all trusts × all rules of the report).
//! These apply to funnel and rule comparisons and not to control charts, whose
//! signals are not hypothesis tests.

use serde::Serialize;

use super::{Fault, maths};

/// How p values are adjusted for being many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Adjustment {
    /// False discovery rate, independent or positively dependent tests
    /// (Benjamini & Hochberg 1995). The default of the audit.
    BenjaminiHochberg,
    /// False discovery rate under any dependence (Benjamini & Yekutieli 2001).
    BenjaminiYekutieli,
    /// Family-wise error rate, step-down (Holm 1979).
    Holm,
}

/// The adjusted p values, in the order of the input, each 0 to 1.
///
/// A comparison is flagged at rate `q` when its adjusted value is at most `q`.
/// Empty input gives an empty answer; a value outside 0 to 1, or a NaN, is refused.
pub fn adjust(p_values: &[f64], method: Adjustment) -> Result<Vec<f64>, Fault> {
    if let Some(index) = p_values.iter().position(|p| !(0.0..=1.0).contains(p)) {
        return Err(Fault::NotAProbability { index });
    }
    let mut order: Vec<(usize, f64)> = p_values.iter().copied().enumerate().collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let m = order.len();
    let stepped = match method {
        Adjustment::BenjaminiHochberg => step_up(&order, m as f64),
        Adjustment::BenjaminiYekutieli => {
            let harmonic = maths::total((1..=m).map(|i| 1.0 / i as f64));
            step_up(&order, m as f64 * harmonic)
        }
        Adjustment::Holm => step_down(&order),
    };
    let mut by_position: Vec<(usize, f64)> = stepped;
    by_position.sort_by_key(|(index, _)| *index);
    Ok(by_position.into_iter().map(|(_, p)| p).collect())
}

/// From the largest down: `min over j ≥ i of scale · p(j) / j`.
fn step_up(order: &[(usize, f64)], scale: f64) -> Vec<(usize, f64)> {
    let mut least = 1.0_f64;
    order
        .iter()
        .enumerate()
        .rev()
        .map(|(rank, (index, p))| {
            least = least.min(p * scale / (rank + 1) as f64);
            (*index, least)
        })
        .collect()
}

/// From the smallest up: `max over j ≤ i of (m - j + 1) · p(j)`.
fn step_down(order: &[(usize, f64)]) -> Vec<(usize, f64)> {
    let mut greatest = 0.0_f64;
    order
        .iter()
        .enumerate()
        .map(|(rank, (index, p))| {
            greatest = greatest.max((p * (order.len() - rank) as f64).min(1.0));
            (*index, greatest)
        })
        .collect()
}
