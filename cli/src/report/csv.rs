//! The figures of the report as flat CSV files (RFC 4180), safe to open in a spreadsheet.
//!
//! Figures are written in full; text that a spreadsheet would take for a formula gets an apostrophe.

mod charts;
mod members;
mod table;

use crate::results::{
    Audit, Better, ControlChart, Counts, FigureValue, MeasureResult, ObligationResult, Rate, Results, Shown, Verdicts,
};
use crate::words::{instead, visible};
use table::{Field, Table, text, which};

/// The names of the files.
pub const NAMES: [&str; 13] = [
    "verdicts.csv",
    "readings.csv",
    "measures.csv",
    "figures.csv",
    "organisations.csv",
    "chart_points.csv",
    "strata.csv",
    "data.csv",
    "reasons.csv",
    "why.csv",
    "checks.csv",
    "delays.csv",
    "paths.csv",
];

/// Each file's name and content.
pub fn files(results: &Results) -> Vec<(String, String)> {
    let tables = [
        verdicts,
        readings,
        measures,
        figures,
        organisations,
        charts::chart_points,
        strata,
        data,
        members::reasons,
        members::why,
        members::checks,
        members::delays,
        members::paths,
    ];
    NAMES
        .into_iter()
        .zip(tables)
        .map(|(name, table)| (name.to_string(), visible(&table(results).content).into_owned()))
        .collect()
}

fn obligations(results: &Results) -> impl Iterator<Item = (&Audit, &ObligationResult)> {
    results.audits.iter().flat_map(|audit| audit.obligations.iter().map(move |obligation| (audit, obligation)))
}

fn all_measures(results: &Results) -> impl Iterator<Item = (&Audit, &MeasureResult)> {
    results.audits.iter().flat_map(|audit| audit.measures.iter().map(move |measure| (audit, measure)))
}

/// The figures that are numbers or shares by value: in all, by organisation and by group.
fn figures(results: &Results) -> Table {
    let mut table = Table::new(
        "package version measure organisation split group figure lower upper at_least cases excluded open unknown z z_adjusted p q place place_adjusted unit upper_at_least without",
    );
    for audit in &results.audits {
        for figure in &audit.figures {
            let of = |organisation: &str, split: &str, group: &str, value: &FigureValue| {
                let mut row = which(audit, &figure.name);
                row.extend([text(organisation), text(split), text(group)]);
                row.extend(figure_fields(value));
                row
            };
            let unit = |of: &FigureValue| {
                let open = of.estimate.is_some_and(|estimate| estimate.upper_at_least);
                vec![text(unit(&figure.shown)), Field::Flag(open), shown(of.without, of.hidden, 4)]
            };
            table.row(audit, &[of("", "", "", &figure.total), not_compared(), unit(&figure.total)].concat());
            for organisation in &figure.organisations {
                let mut row = of(&organisation.code, "", "", &organisation.value);
                let compared = [organisation.z, organisation.z_adjusted, organisation.p, organisation.q];
                row.extend(compared.map(Field::Figure));
                row.extend([text(&organisation.place), text(&organisation.place_adjusted)]);
                row.extend(unit(&organisation.value));
                table.row(audit, &row);
            }
            for (split, groups) in &figure.strata {
                for (group, value) in groups {
                    table.row(audit, &[of("", split, group, value), not_compared(), unit(value)].concat());
                }
            }
        }
    }
    table
}

/// What the figures of a measure are in: lengths of time are in milliseconds, shares between 0 and 1.
fn unit(shown: &Shown) -> &str {
    match shown {
        Shown::Duration => "ms",
        Shown::Number { unit: Some(unit), .. } => unit,
        Shown::Number { unit: None, .. } | Shown::Share => "",
    }
}

fn not_compared() -> Vec<Field> {
    let mut empty: Vec<Field> = (0..4).map(|_| Field::Figure(None)).collect();
    empty.extend([text(""), text("")]);
    empty
}

fn figure_fields(value: &FigureValue) -> Vec<Field> {
    let interval = value.estimate.and_then(|estimate| estimate.interval);
    let count = |count: u64, place: u8| shown(count, value.hidden, place);
    vec![
        Field::Figure(value.estimate.map(|estimate| estimate.value)),
        Field::Figure(interval.map(|(low, _)| low)),
        Field::Figure(interval.map(|(_, high)| high)),
        Field::Flag(value.estimate.is_some_and(|estimate| estimate.at_least)),
        count(value.cases, 0),
        count(value.excluded, 1),
        count(value.open, 2),
        count(value.unknown, 3),
    ]
}

fn verdicts(results: &Results) -> Table {
    let mut table =
        Table::new("package version obligation organisation met late missed open unknown excused not_applicable");
    for (audit, obligation) in obligations(results) {
        let all = std::iter::once(("", &obligation.verdicts));
        let each = obligation.organisations.iter().map(|(code, verdicts)| (code.as_str(), verdicts));
        for (organisation, verdicts) in all.chain(each) {
            let mut row = which(audit, &obligation.name);
            row.push(text(organisation));
            row.extend(seven(verdicts));
            table.row(audit, &row);
        }
        let is_split = !obligation.organisations.is_empty();
        for (code, _) in
            silent(audit, is_split, |audit| audit.obligations.iter().any(|of| !of.organisations.is_empty()))
        {
            let mut row = which(audit, &obligation.name);
            row.push(text(code));
            row.extend(seven(&Verdicts::default()));
            table.row(audit, &row);
        }
    }
    table
}

/// Members of which no case is, in a table that is split by organisation, or that would be if another had sent something.
fn silent(audit: &Audit, is_split: bool, others: impl Fn(&Audit) -> bool) -> &[(String, Option<String>)] {
    if is_split || !others(audit) { &audit.silent } else { &[] }
}

/// A count, or what stands for it: bit `place` of what is hidden.
fn shown(n: u64, hidden: u8, place: u8) -> Field {
    instead(hidden, place).map_or(Field::Count(n), Field::Hidden)
}

fn seven(v: &Verdicts) -> [Field; 7] {
    [(v.met, 2), (v.late, 3), (v.missed, 4), (v.open, 5), (v.unknown, 6), (v.excused, 1), (v.not_applicable, 0)]
        .map(|(n, place)| shown(n, v.hidden, place))
}

fn readings(results: &Results) -> Table {
    let mut table =
        Table::new("package version obligation question the_rule_asks_this numerator denominator rate low95 high95");
    for (audit, obligation) in obligations(results) {
        for reading in &obligation.readings {
            let mut row = which(audit, &obligation.name);
            row.extend([
                text(&reading.question),
                Field::Flag(reading.is_the_rule),
                shown(reading.numerator, reading.hidden, 0),
                shown(reading.denominator, reading.hidden, 1),
            ]);
            row.extend(rate(reading.rate.as_ref()));
            table.row(audit, &row);
        }
    }
    table
}

fn rate(rate: Option<&Rate>) -> [Field; 3] {
    [rate.map(|r| r.value), rate.map(|r| r.low), rate.map(|r| r.high)].map(Field::Figure)
}

fn counts(counts: &Counts) -> Vec<Field> {
    let c = counts;
    let mut fields: Vec<Field> = [(c.numerator, 0), (c.denominator, 1), (c.excluded, 2), (c.open, 3), (c.unknown, 4)]
        .map(|(n, place)| shown(n, c.hidden, place))
        .into();
    fields.extend(rate(counts.rate.as_ref()));
    fields
}

fn measures(results: &Results) -> Table {
    let mut table = Table::new(
        "package version measure numerator denominator excluded open unknown rate low95 high95 target \
         target_unverified centre phi tau2 outside95 outside998 outside95_adjusted outside998_adjusted \
         differ_p median_odds_ratio icc mean lower upper variation assurance better \
         target_from since_numerator since_denominator since_rate",
    );
    for (audit, measure) in all_measures(results) {
        let mut row = which(audit, &measure.name);
        row.extend(counts(&measure.total));
        row.push(text(measure.target.as_ref().map_or("", |target| &target.text)));
        row.push(measure.target.as_ref().map_or(text(""), |target| Field::Flag(target.unverified)));
        row.extend(comparison(measure));
        row.extend(change(measure.chart.as_ref()));
        row.push(text(match measure.better {
            Better::Higher => "higher",
            Better::Lower => "lower",
            Better::Neither => "neither",
        }));
        row.extend(since(measure));
        table.row(audit, &row);
    }
    table
}

/// From which day the target counts, and the periods from then on, where others begin before.
fn since(measure: &MeasureResult) -> Vec<Field> {
    let from = measure.target.as_ref().and_then(|target| target.from.as_deref());
    // Of most targets no day is said.
    let mut fields = vec![text(from.unwrap_or(""))];
    match &measure.standing.since {
        None => fields.extend([const { Field::Figure(None) }; 3]),
        Some(of) => {
            fields.extend([shown(of.numerator, of.hidden, 0), shown(of.denominator, of.hidden, 1)]);
            fields.push(Field::Figure(of.rate.map(|rate| rate.value)));
        }
    }
    fields
}

fn comparison(measure: &MeasureResult) -> Vec<Field> {
    let funnel = measure.funnel.as_ref();
    let mut fields: Vec<Field> =
        [funnel.map(|f| f.centre), funnel.map(|f| f.phi), funnel.map(|f| f.tau2)].map(Field::Figure).into();
    match funnel {
        Some(funnel) => fields.extend(funnel.outside.as_flattened().iter().map(|n| Field::Count(*n))),
        None => fields.extend([const { Field::Figure(None) }; 4]),
    }
    fields.push(Field::Figure(funnel.and_then(|funnel| funnel.differ)));
    let spread = measure.spread.as_ref();
    fields.extend([spread.map(|s| s.median_odds_ratio), spread.map(|s| s.icc)].map(Field::Figure));
    fields
}

fn change(chart: Option<&ControlChart>) -> Vec<Field> {
    let mut fields: Vec<Field> =
        [chart.map(|c| c.mean), chart.and_then(|c| c.lower), chart.and_then(|c| c.upper)].map(Field::Figure).into();
    fields.push(text(chart.map_or("", |c| &c.variation)));
    fields.push(text(chart.and_then(|c| c.assurance.as_deref()).unwrap_or("")));
    fields
}

fn organisations(results: &Results) -> Table {
    let mut table = Table::new(
        "package version measure organisation name numerator denominator excluded open unknown rate low95 \
         high95 z z_adjusted p q place place_adjusted shrunken gap expected too_few_to_flag cause",
    );
    for (audit, measure) in all_measures(results) {
        for organisation in &measure.organisations {
            let mut row = which(audit, &measure.name);
            row.push(text(&organisation.code));
            row.push(text(organisation.name.as_deref().unwrap_or("")));
            row.extend(counts(&organisation.counts));
            row.extend([organisation.z, organisation.z_adjusted, organisation.p, organisation.q].map(Field::Figure));
            row.extend([text(&organisation.place), text(&organisation.place_adjusted)]);
            row.extend([organisation.shrunken, organisation.gap, organisation.expected].map(Field::Figure));
            row.push(Field::Flag(organisation.few));
            row.push(text(organisation.cause.as_deref().unwrap_or("")));
            table.row(audit, &row);
        }
        let is_split = !measure.organisations.is_empty();
        for (code, name) in
            silent(audit, is_split, |audit| audit.measures.iter().any(|of| !of.organisations.is_empty()))
        {
            let mut row = which(audit, &measure.name);
            // Where no name is known, none is shown.
            row.extend([text(code), text(name.as_deref().unwrap_or(""))]);
            row.extend(counts(&Counts::default()));
            row.extend((0..4).map(|_| Field::Figure(None)));
            row.extend([text("sent nothing"), text("sent nothing")]);
            row.extend((0..3).map(|_| Field::Figure(None)));
            row.extend([Field::Flag(true), text("")]);
            table.row(audit, &row);
        }
    }
    table
}

fn strata(results: &Results) -> Table {
    let mut table =
        Table::new("package version measure split group numerator denominator excluded open unknown rate low95 high95");
    for (audit, measure) in all_measures(results) {
        for stratum in &measure.strata {
            for (group, of_group) in &stratum.groups {
                let mut row = which(audit, &measure.name);
                row.extend([text(&stratum.title), text(group)]);
                row.extend(counts(of_group));
                table.row(audit, &row);
            }
        }
    }
    table
}

fn data(results: &Results) -> Table {
    let mut table =
        Table::new("package version mapping rows rows_used rows_rejected values_rejected cases events organisations");
    for audit in &results.audits {
        let data = &audit.data;
        let mut row = which(audit, &data.mapping);
        let all = [data.rows, data.rows_used, data.rows_rejected, data.values_rejected, data.cases, data.events];
        row.extend(all.into_iter().zip(0..).map(|(count, place)| shown(count, data.hidden, place)));
        row.push(Field::Count(data.organisations));
        table.row(audit, &row);
    }
    table
}
