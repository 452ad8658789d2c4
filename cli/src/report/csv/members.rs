//! Why organisations differ, as tables.

use super::table::{Field, Table, text, which};
use crate::results::{Audit, Days, MemberResult, PartKind, Results};

fn members(results: &Results) -> impl Iterator<Item = (&Audit, &MemberResult)> {
    results.audits.iter().flat_map(|audit| audit.members.iter().map(move |member| (audit, member)))
}

/// The reasons named of each organisation.
pub(super) fn reasons(results: &Results) -> Table {
    let mut table = Table::new("package version organisation name reason about text");
    for (audit, member) in members(results) {
        for cause in &member.causes {
            let mut row = which(audit, &member.code);
            let about = cause.about.as_deref().unwrap_or_default();
            row.extend([
                text(member.name.as_deref().unwrap_or_default()),
                text(cause.kind.words()),
                text(about),
                text(&cause.text),
            ]);
            table.row(audit, &row);
        }
    }
    table
}

/// Each gap and its parts, as shares.
pub(super) fn why(results: &Results) -> Table {
    let mut table = Table::new(
        "package version organisation measure rate low95 high95 group gap rule data excused case_mix practice practice_low95 practice_high95 \
         worst best expected observed_over_expected ratio_low95 ratio_high95 compared",
    );
    for (audit, member) in members(results) {
        for why in &member.measures {
            let mut row = which(audit, &member.code);
            row.push(text(&why.measure));
            let size = |kind: PartKind| why.parts.iter().find(|part| part.kind == kind);
            let interval = size(PartKind::Practice).and_then(|part| part.interval);
            let ratio = why.ratio.as_ref();
            let figures = [Some(why.rate.0), Some(why.rate.1), Some(why.rate.2), Some(why.group), Some(why.gap)]
                .into_iter()
                .chain(PartKind::ALL.map(|kind| size(kind).map(|part| part.size)))
                .chain([interval.map(|(low, _)| low), interval.map(|(_, high)| high)])
                .chain([Some(why.bounds.0), Some(why.bounds.1), why.expected, ratio.map(|(ratio, _)| *ratio)])
                .chain([ratio.and_then(|(_, i)| i.map(|i| i.0)), ratio.and_then(|(_, i)| i.map(|i| i.1))]);
            row.extend(figures.map(Field::Figure));
            row.push(Field::Flag(why.compared));
            table.row(audit, &row);
        }
    }
    table
}

/// What the data of each organisation show.
pub(super) fn checks(results: &Results) -> Table {
    let mut table = Table::new("package version organisation check text effect");
    for (audit, member) in members(results) {
        for check in &member.checks {
            let mut row = which(audit, &member.code);
            row.extend([text(check.kind.words()), text(&check.text), text(&check.effect)]);
            table.row(audit, &row);
        }
    }
    table
}

/// How long it took at each organisation, in milliseconds; where days of a kind are counted, so many times 24 h.
pub(super) fn delays(results: &Results) -> Table {
    let mut table = Table::new(
        "package version organisation obligation cases median_ms median_low95_ms median_high95_ms p90_ms p90_low95_ms p90_high95_ms usual_median_ms days",
    );
    for (audit, member) in members(results) {
        for delay in &member.delays {
            let mut row = which(audit, &member.code);
            row.extend([text(&delay.obligation), Field::Count(delay.n)]);
            let of = |quantile: crate::results::Quantile| [Some(quantile.value), quantile.low, quantile.high];
            let times = of(delay.median).into_iter().chain(of(delay.p90)).chain([delay.usual]);
            row.extend(times.map(|time| Field::Figure(time.map(|time| time as f64))));
            row.push(text(delay.days.map_or("", Days::name)));
            table.row(audit, &row);
        }
    }
    table
}

/// Each step of the usual path at each organisation, as shares of its cases.
pub(super) fn paths(results: &Results) -> Table {
    let mut table = Table::new(
        "package version organisation place step skipped skipped_usual after_next after_next_usual again again_usual on_path on_path_usual ways order_known",
    );
    for (audit, member) in members(results) {
        let Some(path) = &member.path else { continue };
        for (place, step) in path.steps.iter().enumerate() {
            let mut row = which(audit, &member.code);
            row.extend([Field::Count(place as u64 + 1), text(&step.step)]);
            let shares = [step.skipped, step.after_next, step.again].into_iter();
            let shares = shares.flat_map(|of| [of.and_then(|(own, _)| own), of.and_then(|(_, usual)| usual)]);
            row.extend(shares.chain([path.on_path, path.usual]).map(Field::Figure));
            row.push(path.ways.map_or(Field::Figure(None), Field::Count));
            row.push(path.known.map_or(Field::Figure(None), Field::Count));
            table.row(audit, &row);
        }
    }
    table
}
