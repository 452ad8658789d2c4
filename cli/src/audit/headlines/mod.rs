//! What stands out, in words, with the size of it: a pure function of the audits.
//!
//! A board reads eight sentences, not thirty: one for each standard missed, one for each obligation, one for how far the
//! organisations differ, one for change; data problems only where they are large enough to move a figure.

mod measures;
mod obligations;
mod organisations;
mod ranked;

use crate::results::{Audit, Headline, Tone};
use crate::words::counted;
use ranked::{Matters, Rank, Ranked, say};

/// No more sentences than this.
const MOST: usize = 8;
/// And no more about data.
const MOST_OF_DATA: usize = 4;
/// Of a report with more obligations, at least so many are named.
const LEAST_OBLIGATIONS: usize = 4;

/// The sentences: concerns first and data last; within a tone the standards missed, then obligations, organisations, change; within these by
/// clinical weight and the number of people.
#[must_use]
pub fn headlines(audits: &[Audit]) -> Vec<Headline> {
    let mut all = Vec::new();
    for audit in audits {
        measures::of_measures(audit, &mut all);
        for obligation in &audit.obligations {
            let measure = audit.measures.iter().find(|measure| measure.obligation.as_ref() == Some(&obligation.name));
            obligations::of_obligation(obligation, measure, &mut all);
        }
        of_data(audit, &mut all);
    }
    let tone = |headline: &Headline| match headline.tone {
        Tone::Concern => 0,
        Tone::Good => 1,
        Tone::Note => 2,
        Tone::Data => 3,
    };
    all.sort_by_key(|(place, headline)| (tone(headline), *place));
    let (mut data, mut all): (Ranked, Ranked) = all.into_iter().partition(|(_, headline)| headline.tone == Tone::Data);
    data.truncate(MOST_OF_DATA);
    let most = MOST - data.len();
    while all.len() > most {
        let obligations = all.iter().filter(|(place, _)| place.rank == Rank::Obligation).count();
        let last = all.iter().rposition(|(place, _)| place.rank == Rank::Obligation);
        match last.filter(|_| obligations > LEAST_OBLIGATIONS) {
            Some(last) => drop(all.remove(last)),
            None => all.truncate(most),
        }
    }
    all.into_iter().chain(data).map(|(_, headline)| headline).collect()
}

/// What may make figures wrong, and rows and values refused from 1 in 100 rows on.
fn of_data(audit: &Audit, all: &mut Ranked) {
    let (data, title) = (&audit.data, &audit.logic.title);
    let anchor = format!("{}-data", audit.id);
    // In their order, and before what is counted.
    for (warning, before) in data.warnings.iter().zip((0..=u64::MAX).rev()) {
        let matters = Matters { severity: Some("high"), people: before, chart: None };
        say(all, Rank::Data, Tone::Data, &anchor, format!("{title}: {warning}"), matters);
    }
    if data.refused().saturating_mul(100) < data.rows.max(1) {
        return;
    }
    let refused = [(data.rows_rejected, "row", "rows"), (data.values_rejected, "value", "values")];
    let refused = refused.into_iter().filter(|(count, ..)| *count > 0);
    let refused: Vec<String> = refused.map(|(count, one, many)| counted(count, one, many)).collect();
    let text = format!(
        "{title}: {} did not fit and were refused, out of {}.",
        refused.join(" and "),
        counted(data.rows, "row", "rows")
    );
    let text = if data.refused() == 1 { text.replace("were refused", "was refused") } else { text };
    say(all, Rank::Data, Tone::Data, &anchor, text, Matters { people: data.refused(), ..Matters::default() });
}
