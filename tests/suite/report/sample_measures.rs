//! The measures of the made-up audit: organisations, funnel, control charts.

use concord_cli::results::*;

use super::{Dice, MONTHS, ORGANISATIONS, TOWNS, code, rate};

/// A measure over all organisations.
pub fn measure(dice: &mut Dice, id: &str, title: &str, rate_of_group: f64, spread: f64, target: f64) -> MeasureResult {
    let mut organisations: Vec<OrganisationRate> =
        (0..ORGANISATIONS).map(|i| organisation(dice, i, rate_of_group, spread)).collect();
    let numerator = organisations.iter().map(|o| o.counts.numerator).sum();
    let denominator: u64 = organisations.iter().map(|o| o.counts.denominator).sum();
    let funnel = funnel(&mut organisations, numerator as f64 / denominator as f64);
    let charts =
        (0..ORGANISATIONS).map(|i| chart(dice, Some(code(i)), 60.0, rate_of_group, spread / 2.0, target)).collect();
    MeasureResult {
        strata: Vec::new(),
        id: id.into(),
        name: id.trim_start_matches("m-").into(),
        title: title.into(),
        source: "NICE NG253, 1.7.2".into(),
        basis: "cases in which sepsis was suspected in an emergency department, aged 16 or over".into(),
        total: Counts {
            hidden: 0,
            numerator,
            denominator,
            excluded: 18_904,
            open: 1_411,
            unknown: 23_467,
            rate: rate(numerator, denominator),
        },
        unknown_policy: "left out of the denominator, and shown".into(),
        better: Better::Higher,
        judgements: None,
        standing: Standing { reached: Some(rate_of_group >= target), periods: [0, 12, 0], latest: None, since: None },
        target: Some(Target {
            text: format!("at least {:.0}%", target * 100.0),
            value: target,
            at_least: true,
            unverified: target > 0.86,
            from: None,
        }),
        funnel: Some(funnel),
        differ: None,
        spread: Some(Spread { median_odds_ratio: 1.37, icc: 0.031 }),
        chart: Some(chart(dice, None, 11_000.0, rate_of_group, 0.006, target)),
        organisations,
        charts,
        obligation: None,
        of_others: false,
        unlike: None,
        nested: vec![],
        unset: None,
    }
}

fn organisation(dice: &mut Dice, i: u64, group: f64, spread: f64) -> OrganisationRate {
    let denominator = (60.0 + 4_400.0 * dice.next() * dice.next() * dice.next()) as u64;
    let odd = match i {
        31 => -0.3,
        88 => -0.24,
        140 => 0.2,
        201 => -0.22,
        _ => 0.0,
    };
    let true_rate = (group + spread * dice.normal() + odd).clamp(0.02, 0.985);
    let numerator = dice.binomial(denominator, true_rate);
    OrganisationRate {
        code: code(i),
        name: (i % 9 != 4).then(|| {
            format!(
                "{} University Hospitals NHS Foundation Trust",
                TOWNS.iter().cycle().nth(i as usize % 4).unwrap_or(&"")
            )
        }),
        counts: Counts {
            hidden: 0,
            numerator,
            denominator,
            excluded: denominator / 17,
            open: i % 6,
            unknown: denominator / 13,
            rate: rate(numerator, denominator),
        },
        z: None,
        z_adjusted: None,
        p: Some(0.2),
        q: Some(0.4),
        place: String::new(),
        place_adjusted: String::new(),
        gap: Some(numerator as f64 / denominator as f64 - group),
        shrunken: Some((numerator as f64 + group * 200.0) / (denominator as f64 + 200.0)),
        ..OrganisationRate::default()
    }
}

fn place(z: f64) -> String {
    let side = if z > 0.0 { "above" } else { "below" };
    match z.abs() {
        z if z > 3.090_232 => format!("{side} 99.8%"),
        z if z > 1.959_964 => format!("{side} 95%"),
        _ => "inside".into(),
    }
}

fn funnel(organisations: &mut [OrganisationRate], centre: f64) -> Funnel {
    let transformed = |p: f64| p.sqrt().asin();
    let score = |o: &OrganisationRate| {
        let n = o.counts.denominator as f64;
        (transformed(o.counts.numerator as f64 / n) - transformed(centre)) * 2.0 * n.sqrt()
    };
    let phi = organisations.iter().map(|o| score(o).clamp(-6.0, 6.0)).map(|z| z * z).sum::<f64>()
        / organisations.len() as f64;
    let tau2 = 0.0042 * (phi / 8.0);
    let mut outside = [[0; 2]; 2];
    for o in organisations.iter_mut() {
        let (z, variance) = (score(o), 0.25 / o.counts.denominator as f64);
        let adjusted = z * (variance / (variance + tau2)).sqrt();
        (o.z, o.z_adjusted, o.place, o.place_adjusted) = (Some(z), Some(adjusted), place(z), place(adjusted));
        (o.p, o.q) = (Some((1.0 - adjusted.abs() / 3.3).max(0.0002)), Some((1.0 - adjusted.abs() / 3.6).max(0.004)));
        for ([inner, outer], z) in outside.iter_mut().zip([z, adjusted]) {
            *inner += u64::from(z.abs() > 1.959_964);
            *outer += u64::from(z.abs() > 3.090_232);
        }
    }
    let limits = |tau2: f64| {
        let at = move |n: f64, z: f64| {
            (transformed(centre) + z * (0.25 / n + tau2).sqrt()).clamp(0.0, std::f64::consts::FRAC_PI_2).sin()
        };
        let at = move |n: f64, z: f64| at(n, z) * at(n, z);
        (1..=60)
            .map(|i| f64::from(i * i) * 1.25)
            .map(|n| Limits {
                n,
                low95: at(n, -1.959_964),
                high95: at(n, 1.959_964),
                low998: at(n, -3.090_232),
                high998: at(n, 3.090_232),
            })
            .collect()
    };
    Funnel {
        method:
            "Proportions on the arcsine square-root scale; winsorised at 10%; additive variance (Spiegelhalter 2005)."
                .into(),
        centre,
        differ: Some(0.0),
        differ_untold: false,
        widened_by: vec![(code(31), 0.18), (code(88), 0.11)],
        apart: vec![],
        phi,
        tau2,
        outside,
        limits: limits(0.0),
        limits_adjusted: limits(tau2),
    }
}

fn chart(dice: &mut Dice, organisation: Option<String>, n: f64, mean: f64, spread: f64, target: f64) -> ControlChart {
    let shift = if organisation.is_none() { 0.012 } else { spread * dice.normal() };
    let points: Vec<ChartPoint> =
        (0..MONTHS).map(|i| point(dice, i, n, mean + if i > 22 { shift } else { 0.0 })).collect();
    let mean = points.iter().map(|p| p.value).sum::<f64>() / points.len() as f64;
    let range = points.iter().zip(points.iter().skip(1)).map(|(a, b)| (b.value - a.value).abs()).sum::<f64>()
        / (points.len() - 1) as f64;
    let mut chart = ControlChart {
        organisation,
        method:
            "XmR chart, NHSRplotthedots profile: mean ± 2.66 × mean moving range, outlying moving ranges left out once."
                .into(),
        mean,
        lower: Some(mean - 2.66 * range),
        upper: Some(mean + 2.66 * range),
        points,
        gaps: vec![],
        not_judged: None,
        variation: "common cause".into(),
        assurance: None,
        shown: Shown::Share,
        weighed: false,
        before_target: None,
        trial_limits: false,
        rebased: vec![],
        rounded: false,
        unfinished: vec![],
        hardly: vec![],
    };
    mark_special(&mut chart);
    chart.assurance = Some(match target {
        t if Some(t) > chart.upper => "consistently fails".into(),
        t if Some(t) < chart.lower => "consistently passes".into(),
        _ => "hit and miss".into(),
    });
    chart
}

fn point(dice: &mut Dice, i: u32, n: f64, p: f64) -> ChartPoint {
    let denominator = (n * (0.85 + 0.3 * dice.next())) as u64;
    let numerator = dice.binomial(denominator, p.clamp(0.02, 0.98));
    let month = 3 + i;
    ChartPoint {
        period: format!("{}-{:02}", 2024 + month / 12, month % 12 + 1),
        numerator,
        denominator,
        value: numerator as f64 / denominator as f64,
        special_cause: None,
        direction: None,
        limits: None,
    }
}

/// Marks what lies outside the limits, and runs of 7 on one side.
fn mark_special(chart: &mut ControlChart) {
    let side: Vec<bool> = chart.points.iter().map(|p| p.value > chart.mean).collect();
    for (i, point) in chart.points.iter_mut().enumerate() {
        let above = point.value > chart.mean;
        let before = side.iter().take(i).rev().take_while(|s| **s == above).count();
        let after = side.iter().skip(i).take_while(|s| **s == above).count();
        let special = match () {
            () if Some(point.value) > chart.upper || Some(point.value) < chart.lower => "outside limits",
            () if before + after >= 7 => "7 on one side",
            () => continue,
        };
        point.special_cause = Some(special.into());
        point.direction = Some(if above { "improvement" } else { "concern" }.into());
    }
    if let Some(direction) = chart.points.last().and_then(|p| p.direction.clone()) {
        chart.variation = format!("special cause, {direction}");
    }
}
