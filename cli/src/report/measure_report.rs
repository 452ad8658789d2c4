//! The measures as FHIR R4 `MeasureReport`s: one of all together and one for each organisation, in a bundle.
//!
//! Nothing is in it that `results.json` has not. A count that small-number control suppresses is absent with the reason `masked`, as R4 has it
//! for what is known and not told.

use crate::results::{Audit, Better, Counts, FigureResult, FigureValue, MeasureResult, Results};
use serde_json::{Value, json};

/// The file in the folder of a report.
pub const NAME: &str = "measure_reports.json";

const POPULATION: &str = "http://terminology.hl7.org/CodeSystem/measure-population";
const NOTATION: &str = "http://terminology.hl7.org/CodeSystem/measure-improvement-notation";
const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
/// Codes of organisations in England.
const ODS: &str = "https://fhir.nhs.uk/Id/ods-organization-code";

/// Whose report it is: a code and a name; none of all together.
type Reporter<'a> = Option<(&'a str, Option<&'a str>)>;

/// The bundle.
#[must_use]
pub fn bundle(results: &Results) -> Value {
    let mut entries = Vec::new();
    for audit in &results.audits {
        let of = Of { results, audit, start: start(audit) };
        audit.measures.iter().for_each(|measure| of.measure(measure, &mut entries));
        audit.figures.iter().for_each(|figure| of.figure(figure, &mut entries));
    }
    // A list that is there is moved into the bundle: the macro would copy all of it.
    let mut bundle = json!({ "resourceType": "Bundle", "type": "collection", "timestamp": results.run.as_of });
    put(&mut bundle, "entry", entries);
    bundle
}

/// The first day of the month in which the first case begins, where organisations are compared or a chart has one.
fn start(audit: &Audit) -> Option<String> {
    let months = audit.members.iter().flat_map(|member| member.months.iter().map(|(month, _)| month.clone()));
    let charts = audit.measures.iter().filter_map(|measure| measure.chart.as_ref());
    let points = charts.filter_map(|chart| chart.points.first()).map(|point| point.period.clone());
    // Weeks and quarters are no dates of FHIR.
    let first = months.chain(points).filter(|period| period.len() == 7 && !period.contains(' ')).min();
    first.map(|month| format!("{month}-01"))
}

struct Of<'a> {
    results: &'a Results,
    audit: &'a Audit,
    start: Option<String>,
}

impl Of<'_> {
    fn measure(&self, measure: &MeasureResult, entries: &mut Vec<Value>) {
        let against = measure.counts_unknown_against();
        let strata: Vec<Value> =
            measure.strata.iter().map(|split| stratifier(&split.title, &split.groups, against)).collect();
        let group = group_of(&measure.title, &measure.total, against);
        entries.push(self.report((&measure.name, measure.better), None, with(group, "stratifier", strata)));
        for of in &measure.organisations {
            let group = group_of(&measure.title, &of.counts, against);
            let reporter = Some((of.code.as_str(), of.name.as_deref()));
            entries.push(self.report((&measure.name, measure.better), reporter, group));
        }
    }

    fn figure(&self, figure: &FigureResult, entries: &mut Vec<Value>) {
        let of = |value: &FigureValue| {
            let cases = population(Some("measure-population"), "Cases", value.cases, value.hidden & 1 != 0);
            group(
                &figure.title,
                vec![cases],
                value.estimate.filter(|estimate| !estimate.at_least).map(|estimate| estimate.value),
            )
        };
        entries.push(self.report((&figure.name, figure.better), None, of(&figure.total)));
        for organisation in &figure.organisations {
            let reporter = Some((organisation.code.as_str(), organisation.name.as_deref()));
            entries.push(self.report((&figure.name, figure.better), reporter, of(&organisation.value)));
        }
    }

    fn report(&self, (name, better): (&str, Better), reporter: Reporter<'_>, group: Value) -> Value {
        let logic = &self.audit.logic;
        let end = &self.results.run.as_of;
        let mut resource = json!({
            "resourceType": "MeasureReport",
            "status": "complete",
            "type": "summary",
            "measure": format!("urn:concord:{}:{name}|{}", logic.package, logic.version),
            "date": end,
            // Without a month of its own it ends on the day from which on nothing counts.
            "period": { "start": self.start.as_ref().unwrap_or(end), "end": end },
        });
        put(&mut resource, "group", vec![group]);
        let notation = match better {
            Better::Higher => Some("increase"),
            Better::Lower => Some("decrease"),
            Better::Neither => None,
        };
        if let Some(code) = notation {
            resource =
                with(resource, "improvementNotation", json!({ "coding": [{ "system": NOTATION, "code": code }] }));
        }
        if let Some((code, name)) = reporter {
            let identifier = json!({ "identifier": { "system": ODS, "value": code } });
            let named = name.map_or_else(|| identifier.clone(), |name| with(identifier.clone(), "display", name));
            resource = with(resource, "reporter", named);
        }
        let mut entry = json!({});
        put(&mut entry, "resource", resource);
        entry
    }
}

/// An object with one more field; an empty list is none.
fn with(mut object: Value, key: &str, value: impl Into<Value>) -> Value {
    let value = value.into();
    if !value.as_array().is_some_and(Vec::is_empty) {
        put(&mut object, key, value);
    }
    object
}

/// Puts one more field into an object.
fn put(object: &mut Value, key: &str, value: impl Into<Value>) {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(key.to_owned(), value.into());
    }
}

fn group_of(title: &str, counts: &Counts, against: bool) -> Value {
    group(title, populations(counts, against), counts.rate.map(|rate| rate.value))
}

fn group(title: &str, populations: Vec<Value>, score: Option<f64>) -> Value {
    let mut group = json!({ "code": { "text": title } });
    put(&mut group, "population", populations);
    match score {
        Some(score) => with(group, "measureScore", json!({ "value": score })),
        None => group,
    }
}

/// As R4 has them: the exclusions are among the denominator, and that is among the initial population, so that the rate is the numerator over the denominator
/// without its exclusions. Those not yet due, and the unknown that are left out, are in the initial population alone.
fn populations(counts: &Counts, against: bool) -> Vec<Value> {
    let Counts { numerator, denominator, excluded, open, unknown, .. } = *counts;
    let hidden = |places: &[u8]| places.iter().any(|place| counts.hidden >> place & 1 != 0);
    let beside: &[u8] = if against { &[1, 2, 3] } else { &[1, 2, 3, 4] };
    let initial = denominator + excluded + open + if against { 0 } else { unknown };
    vec![
        population(Some("initial-population"), "Initial population", initial, hidden(beside)),
        population(Some("numerator"), "Numerator", numerator, hidden(&[0])),
        population(Some("denominator"), "Denominator, with the excused", denominator + excluded, hidden(&[1, 2])),
        population(Some("denominator-exclusion"), "Excused", excluded, hidden(&[2])),
        population(None, "Of how many the rate is", denominator, hidden(&[1])),
        population(None, "Not yet due", open, hidden(&[3])),
        population(None, "Unknown", unknown, hidden(&[4])),
    ]
}

/// A count of cases; what is suppressed is absent, and says so.
fn population(code: Option<&str>, text: &str, count: u64, hidden: bool) -> Value {
    let concept = json!({ "text": text });
    let concept = match code {
        Some(code) => with(concept, "coding", json!([{ "system": POPULATION, "code": code }])),
        None => concept,
    };
    let mut population = json!({});
    put(&mut population, "code", concept);
    if hidden {
        return with(population, "_count", json!({ "extension": [{ "url": ABSENT, "valueCode": "masked" }] }));
    }
    with(population, "count", count)
}

fn stratifier(title: &str, groups: &[(String, Counts)], against: bool) -> Value {
    let strata = groups.iter().map(|(name, counts)| {
        let stratum = json!({ "value": { "text": name }, "population": populations(counts, against) });
        match counts.rate {
            Some(rate) => with(stratum, "measureScore", json!({ "value": rate.value })),
            None => stratum,
        }
    });
    json!({ "code": [{ "text": title }], "stratum": strata.collect::<Vec<_>>() })
}
