//! An audit in one line, for the terminal.

use crate::results::{Audit, place};
use crate::words;

/// `Sepsis: the first hours: 1,050 cases, 15,214 events; 5 obligations, not done in 14.5% to 67.4% of cases`
#[must_use]
pub fn in_a_line(audit: &Audit) -> String {
    let data = &audit.data;
    let mut parts = vec![words::shown_counted(data.cases, data.hides(place::CASES), "case", "cases")];
    if data.organisations > 1 {
        parts.push(words::counted(data.organisations, "organisation", "organisations"));
    }
    let hidden = data.hides(place::ROWS_REJECTED) || data.hides(place::VALUES_REJECTED);
    let refused = (data.refused() > 0 || hidden).then(|| match data.refused() {
        0 => "1 to 7 rows or values refused".to_owned(),
        refused => format!("{} refused", words::counted(refused, "row or value", "rows or values")),
    });
    let unknown = audit.obligations.iter().map(|o| o.verdicts.unknown).max().filter(|most| *most > 0);
    let unknown = unknown.map(|most| format!("up to {} unknown", words::count(most)));
    let not_done = audit.obligations.iter().flat_map(|o| &o.readings).filter(|r| r.is_the_rule);
    let mut rates: Vec<f64> = not_done.filter_map(|r| Some(r.rate?.value)).collect();
    rates.sort_by(f64::total_cmp);
    let obligations = rates.first().zip(rates.last()).map(|(least, most)| {
        let all = words::counted(audit.obligations.len() as u64, "obligation", "obligations");
        let n = if rates.len() < audit.obligations.len() { format!("{} of {all} judged", rates.len()) } else { all };
        let range = if least < most {
            format!("{} to {}", words::percent(*least), words::percent(*most))
        } else {
            words::percent(*most)
        };
        format!("{n}, late or missed in {range} of cases")
    });
    let measures = audit.measures.iter().filter(|m| audit.obligations.is_empty() || m.funnel.is_some());
    let measures = measures.filter_map(|m| {
        let rate = words::percent(m.total.rate?.value);
        let apart = m.funnel.as_ref().map(|f| format!(", {} outside the 99.8% limits", words::count(f.outside[1][1])));
        Some(format!("{} {rate}{}", m.title, apart.unwrap_or_default()))
    });
    let figures = audit
        .figures
        .iter()
        .filter(|f| f.total.estimate.is_some())
        .map(|f| format!("{} {}", f.title, f.total.said(&f.shown)));
    let found: Vec<String> =
        refused.into_iter().chain(unknown).chain(obligations).chain(measures).chain(figures).collect();
    let found = found.into_iter().map(|part| format!("; {part}")).collect::<String>();
    format!("{}: {}{found}", audit.logic.title, parts.join(", "))
}
