//! What an attacker works out of counts within bounds and the sums between them: bounds are narrowed until nothing follows; then each end of what a small
//! count may be is tried, and falls where it fits nothing. It shares no code with the program.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A whole, and its parts.
pub(super) type Sum = (String, Vec<String>);
pub(super) type Counts = BTreeMap<String, (i64, i64)>;

struct Solver {
    sums: Vec<(usize, Vec<usize>)>,
    /// The sums of each count.
    of: Vec<Vec<usize>>,
}

impl Solver {
    /// Narrows all that follows from some sums; whether everything still fits.
    fn fits(&self, now: &mut [(i64, i64)], first: impl Iterator<Item = usize>) -> bool {
        let mut line: VecDeque<usize> = first.collect();
        let mut waits: BTreeSet<usize> = line.iter().copied().collect();
        while let Some(number) = line.pop_front() {
            waits.remove(&number);
            let (whole, parts) = &self.sums[number];
            let least: i64 = parts.iter().map(|part| now[*part].0).sum();
            let most: i64 = parts.iter().map(|part| now[*part].1).sum();
            let all = (now[*whole].0.max(least), now[*whole].1.min(most));
            let mut told = vec![(*whole, all)];
            told.extend(parts.iter().map(|part| {
                let own = now[*part];
                (*part, (own.0.max(all.0 - (most - own.1)), own.1.min(all.1 - (least - own.0))))
            }));
            for (place, bounds) in told {
                if bounds.0 > bounds.1 {
                    return false;
                }
                if bounds != now[place] {
                    now[place] = bounds;
                    line.extend(self.of[place].iter().copied().filter(|sum| waits.insert(*sum)));
                }
            }
        }
        true
    }

    /// Whether a count can be a number.
    fn can_be(&self, now: &[(i64, i64)], place: usize, number: i64) -> bool {
        let mut supposed = now.to_vec();
        supposed[place] = (number, number);
        self.fits(&mut supposed, self.of[place].iter().copied())
    }
}

/// What is left of each count once all sums are taken, and the ends of what is small tried.
pub(super) fn worked_out(counts: &Counts, sums: &[Sum]) -> Counts {
    let places: BTreeMap<&String, usize> = counts.keys().zip(0..).collect();
    let mut solver = Solver { sums: Vec::new(), of: vec![Vec::new(); counts.len()] };
    for (whole, parts) in sums {
        let (whole, parts) = (places[whole], parts.iter().map(|part| places[part]).collect::<Vec<_>>());
        parts.iter().chain([&whole]).for_each(|place| solver.of[*place].push(solver.sums.len()));
        solver.sums.push((whole, parts));
    }
    let mut now: Vec<(i64, i64)> = counts.values().copied().collect();
    assert!(solver.fits(&mut now, 0..solver.sums.len()), "what is told does not add up");
    let mut again = true;
    while again {
        again = false;
        for place in 0..now.len() {
            let small = |(least, most): (i64, i64)| least <= 7 && least < most && most <= 14;
            while small(now[place]) {
                let (least, most) = now[place];
                now[place] = match (solver.can_be(&now, place, least), solver.can_be(&now, place, most)) {
                    (false, _) => (least + 1, most),
                    (_, false) => (least, most - 1),
                    _ => break,
                };
                again = true;
                assert!(solver.fits(&mut now, solver.of[place].iter().copied()), "what is told does not add up");
            }
        }
    }
    counts.keys().cloned().zip(now).collect()
}
