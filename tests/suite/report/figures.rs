//! Every figure of the results as a reader should find it, worked out apart from the report's own code.

use concord_cli::results::*;

/// Thousands apart, the slow way.
fn count(n: u64) -> String {
    match n / 1_000 {
        0 => n.to_string(),
        thousands => format!("{},{:03}", count(thousands), n % 1_000),
    }
}

fn percent(p: f64) -> String {
    match p {
        p if p > 0.0 && p < 0.0005 => "under 0.1%".into(),
        p if p < 1.0 && p > 0.9995 => "over 99.9%".into(),
        p => format!("{:.1}%", p * 100.0),
    }
}

fn of(numerator: u64, denominator: u64) -> String {
    format!("{} of {}", count(numerator), count(denominator))
}

/// Each once.
pub fn all(results: &Results) -> std::collections::BTreeSet<String> {
    let mut figures: Vec<String> = vec![results.run.version.clone(), results.format.to_string()];
    for audit in &results.audits {
        figures.extend(data(&audit.data));
        figures.extend(audit.obligations.iter().flat_map(obligation));
        figures.extend(audit.measures.iter().flat_map(measure));
        figures.extend(audit.members.iter().flat_map(member));
    }
    figures.into_iter().collect()
}

fn data(data: &Data) -> Vec<String> {
    let mut figures = vec![
        data.rows,
        data.rows_used,
        data.rows_rejected,
        data.values_rejected,
        data.cases,
        data.events,
        data.organisations,
    ];
    figures.extend(data.rows_left_out.iter().chain(&data.reject_reasons).map(|(_, n)| n));
    figures.extend(data.completeness.iter().flat_map(|c| [c.present, c.missing]));
    let mut figures: Vec<String> = figures.into_iter().map(count).collect();
    figures.push(data.mapping_sha256.clone());
    figures.extend(data.files.iter().map(|file| file.sha256.clone()));
    figures
}

fn verdicts(v: &Verdicts) -> String {
    [v.met, v.late, v.missed, v.open, v.unknown, v.excused, v.not_applicable].map(count).join(" ")
}

fn obligation(result: &ObligationResult) -> Vec<String> {
    let v = &result.verdicts;
    let all = [v.met, v.late, v.missed, v.open, v.unknown, v.excused, v.not_applicable];
    let mut figures: Vec<String> = all.map(count).into();
    figures.extend(result.organisations.iter().map(|(code, v)| format!("{code} {}", verdicts(v))));
    figures.extend(result.needs.iter().chain(&result.excuses).map(|(name, n)| format!("{name} {}", count(*n))));
    for reading in &result.readings {
        figures.push(of(reading.numerator, reading.denominator));
        figures.extend(
            reading.rate.iter().flat_map(|r| [percent(r.value), format!("{} to {}", percent(r.low), percent(r.high))]),
        );
    }
    if let Some(delay) = &result.delay {
        figures.push(count(delay.n));
        figures.extend(delay.bins.iter().map(|(_, n)| count(*n)));
        figures.extend(
            ["44 min", "43 min to 45 min", "2 h 31 min", "2 h 28 min to 2 h 34 min", "4 h 10 min", "limit 1 h"]
                .map(String::from),
        );
    }
    figures.extend(result.cases.iter().flat_map(|case| [case.case.clone(), case.verdict.clone()]));
    figures
}

fn measure(result: &MeasureResult) -> Vec<String> {
    let t = &result.total;
    let mut figures = vec![of(t.numerator, t.denominator), count(t.excluded), count(t.open), count(t.unknown)];
    figures.extend(result.organisations.iter().map(organisation));
    if let Some(funnel) = &result.funnel {
        figures.extend([percent(funnel.centre), format!("φ {:.2}", funnel.phi), format!("τ² {:.4}", funnel.tau2)]);
        figures.extend(funnel.outside.iter().flatten().map(|n| of(*n, result.organisations.len() as u64)));
        figures.extend(
            funnel
                .limits
                .iter()
                .chain(&funnel.limits_adjusted)
                .map(|l| [l.low998, l.low95, l.high95, l.high998].map(percent).join(" ")),
        );
    }
    figures.extend(result.spread.iter().flat_map(|s| [format!("{:.2}", s.median_odds_ratio), percent(s.icc)]));
    for chart in result.chart.iter().chain(&result.charts) {
        figures.extend([Some(chart.mean), chart.lower, chart.upper].into_iter().flatten().map(percent));
        figures.extend(chart.points.iter().map(|p| of(p.numerator, p.denominator)));
    }
    figures.extend(result.chart.iter().flat_map(|chart| &chart.points).map(|p| percent(p.value)));
    figures
}

fn signed(z: Option<f64>) -> String {
    z.map(|z| format!("{z:.2}").replace("-0.00", "0.00").replace('-', "−")).unwrap_or_default()
}

fn probability(p: Option<f64>) -> String {
    p.map(|p| if p < 0.001 { "under 0.001".into() } else { format!("{p:.3}") }).unwrap_or_default()
}

fn gap(gap: Option<f64>) -> String {
    let text = gap.map(|gap| format!("{:+.1}", gap * 100.0)).unwrap_or_default();
    if text.ends_with("0.0") && text.len() == 4 { "0.0".into() } else { text.replace('-', "−") }
}

/// The row of the table of organisations, as far as its arrows.
fn organisation(o: &OrganisationRate) -> String {
    let (c, rate) = (&o.counts, o.counts.rate.unwrap_or(Rate { value: 0.0, low: 0.0, high: 0.0 }));
    let arrow = |place: &str| match () {
        () if place.contains("above") => format!("▲ {place}"),
        () if place.contains("below") => format!("▼ {place}"),
        () => place.to_string(),
    };
    let parts = [
        percent(rate.value),
        gap(o.gap),
        of(c.numerator, c.denominator),
        format!("{} to {}", percent(rate.low), percent(rate.high)),
        count(c.excluded),
        count(c.open),
        count(c.unknown),
        arrow(&o.place_adjusted),
        signed(o.z_adjusted),
        probability(o.p),
        probability(o.q),
        arrow(&o.place),
        signed(o.z),
        percent(o.shrunken.unwrap_or_default()),
    ];
    parts.join(" ")
}

/// All that is said of an organisation.
fn member(of: &MemberResult) -> Vec<String> {
    let mut figures = vec![of.code.clone()];
    figures.extend(of.cases.map(count));
    figures.extend(of.months.iter().filter_map(|(_, cases)| cases.map(count)));
    // As sentences they begin with a capital.
    let rest = |text: &str| text.split_once(' ').map(|(_, rest)| rest.to_owned()).unwrap_or_default();
    figures.extend(of.causes.iter().map(|cause| rest(&cause.text)));
    figures.extend(of.rules.iter().map(|rule| rest(&rule.text)));
    figures.extend(of.checks.iter().flat_map(|check| [rest(&check.text), check.effect.clone()]));
    for change in of.rules.iter().flat_map(|rule| &rule.changes) {
        figures.extend([percent(change.rates.0), percent(change.rates.1)]);
        figures.extend(change.cases.map(count));
    }
    for why in &of.measures {
        figures.extend([why.rate.0, why.rate.1, why.rate.2, why.group, why.bounds.0, why.bounds.1].map(percent));
        figures.extend([gap(Some(why.gap)), why.sentence.clone()]);
        figures.extend(why.parts.iter().map(|part| gap(Some(part.size))));
        figures.extend(why.expected.map(percent));
        let ratio =
            why.ratio.iter().flat_map(|(ratio, interval)| [Some(*ratio), interval.map(|i| i.0), interval.map(|i| i.1)]);
        figures.extend(ratio.flatten().map(|ratio| signed(Some(ratio))));
    }
    if let Some(path) = &of.path {
        figures.extend([path.on_path, path.usual, path.share].into_iter().flatten().map(percent));
        figures.extend(path.ways.map(count));
        let steps = path.steps.iter().flat_map(|step| [step.skipped, step.again, step.after_next]);
        figures.extend(steps.flatten().flat_map(|(own, usual)| [own, usual]).flatten().map(percent));
    }
    figures.extend(of.delays.iter().map(|delay| count(delay.n)));
    figures
}
