//! How long pieces of work take, side by side: medians of rounds in which all of them take turns, so that a noisy machine is unfair to all alike.

use std::time::{Duration, Instant};

/// A piece of work.
pub struct Work<'a> {
    /// What it is called.
    pub name: &'static str,
    /// How often it does what is measured.
    pub per: usize,
    /// The work.
    pub run: Box<dyn FnMut() + 'a>,
}

impl<'a> Work<'a> {
    /// Work that does what is measured so often.
    pub fn new(name: &'static str, per: usize, run: impl FnMut() + 'a) -> Work<'a> {
        Work { name, per, run: Box::new(run) }
    }
}

#[allow(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn time(work: &mut dyn FnMut()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// Medians of so many rounds in nanoseconds, of doing once what is measured.
pub fn medians(works: &mut [Work<'_>], rounds: usize) -> Vec<f64> {
    let mut times = vec![Vec::new(); works.len()];
    for _ in 0..rounds {
        for (work, times) in works.iter_mut().zip(&mut times) {
            times.push(time(&mut work.run));
        }
    }
    let each = times.iter_mut().zip(works);
    each.map(|(times, work)| median(times) * 1e9 / f64::from(u32::try_from(work.per).unwrap_or(1))).collect()
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, Duration::as_secs_f64)
}
