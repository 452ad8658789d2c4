//! What stands out, in words, with the size of it: a pure function of the audits.
//!
//! A board reads eight sentences, not thirty: one for each standard missed, one for each obligation, one for how far the
//! organisations differ, one for change; data problems only where they are large enough to move a figure.

mod measures;
mod obligations;
mod organisations;
mod ranked;

use crate::results::{Audit, Headline, ObligationResult, Tone};
use crate::words::counted;
use obligations::not_done;
use ranked::{Rank, Ranked, say};

/// No more sentences than this.
const MOST: usize = 8;
/// Of a report with more obligations, at least so many are named.
const LEAST_OBLIGATIONS: usize = 4;

/// The sentences: concerns first and data last; within a tone the standards missed, then obligations, organisations, change.
#[must_use]
pub fn headlines(audits: &[Audit]) -> Vec<Headline> {
    let mut all = Vec::new();
    for audit in audits {
        measures::of_measures(audit, &mut all);
        let mut obligations: Vec<&ObligationResult> = audit.obligations.iter().collect();
        obligations.sort_by(|a, b| not_done(b).total_cmp(&not_done(a)));
        for obligation in obligations {
            let measure = audit.measures.iter().find(|measure| measure.name == obligation.name);
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
    all.sort_by_key(|(rank, headline)| (tone(headline), *rank));
    while all.len() > MOST {
        let obligations = all.iter().filter(|(rank, _)| *rank == Rank::Obligation).count();
        let last = all.iter().rposition(|(rank, _)| *rank == Rank::Obligation);
        match last.filter(|_| obligations > LEAST_OBLIGATIONS) {
            Some(last) => drop(all.remove(last)),
            None => all.truncate(MOST),
        }
    }
    all.into_iter().map(|(_, headline)| headline).collect()
}

/// Rows and values refused, from 1 in 100 rows on.
fn of_data(audit: &Audit, all: &mut Ranked) {
    let data = &audit.data;
    if (data.rows_rejected + data.values_rejected).saturating_mul(100) < data.rows.max(1) {
        return;
    }
    let text = format!(
        "{}: {} and {} did not fit and were refused, out of {}.",
        audit.logic.title,
        counted(data.rows_rejected, "row", "rows"),
        counted(data.values_rejected, "value", "values"),
        counted(data.rows, "row", "rows")
    );
    say(all, Rank::Data, Tone::Data, &audit.id, text);
}
