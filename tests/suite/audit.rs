//! The audit on real data: published figures come out, the questions stay apart, and small numbers stay protected.

use crate::packages::{TempFolder, authored, compile, data_file};
use concord_cli::audit::definition::{load_definition, load_organisations, read_definition};
use concord_cli::audit::{self, AuditError, Disclosure, Judge, Options};
use concord_cli::data::read::{Export, ReadOptions, load_mapping, read_export};
use concord_cli::report::{csv, html};
use concord_cli::results::{Audit, Logic, Results, Run, Tone, Verdicts};
use concord_engine::evaluate::{Outcome, evaluate};
use concord_engine::plan::case::{Case, Datum, Occurrence};
use concord_engine::plan::{AnswerId, Id, KindId, Package};
use concord_engine::values::calendar::{DAY, HOUR, read_instant};
use concord_wasm::run::Program;
use std::collections::BTreeMap;
use std::path::Path;

fn instant(text: &str) -> i64 {
    read_instant(text).unwrap()
}

pub fn off() -> Options {
    Options {
        disclosure: Disclosure::Off("a test".to_owned()),
        as_of: instant("2019-04-30T00:00:00Z") / DAY,
        ..Options::default()
    }
}

fn read(package: &Package, map: &str, data: &str, as_of: &str) -> Export {
    let mapping = load_mapping(package, &data_file(map)).unwrap_or_else(|error| panic!("{error}"));
    let options = ReadOptions { as_of: instant(as_of), ..ReadOptions::default() };
    read_export(&package.plan, &mapping, &[data_file(data)], &options, &mut |_| {}).unwrap()
}

/// Any way to judge a batch, with an explanation that says how many events there were.
pub struct By<'a, F> {
    pub package: &'a Package,
    pub batch: F,
}

impl<F: FnMut(&[Case]) -> Result<Vec<Outcome>, String>> Judge for By<'_, F> {
    fn logic(&self) -> Logic {
        audit::logic(self.package, &vec![None; self.package.plan.parameters.len()], "", "")
    }
    fn judge(&mut self, cases: &[Case]) -> Result<Vec<Outcome>, String> {
        (self.batch)(cases)
    }
    fn explain(&mut self, _: AnswerId, case: &Case) -> Vec<String> {
        vec![format!("{} events", case.events.len())]
    }
}

pub fn judged(package: &Package, export: &Export, options: &Options) -> Audit {
    let settings = vec![None; package.plan.parameters.len()];
    let batch = |cases: &[Case]| Ok(cases.iter().map(|case| evaluate(&package.plan, case, &settings)).collect());
    audit::audit(package, export, &mut By { package, batch }, options).unwrap()
}

/// Cases made by hand, as if they had been read.
pub fn made_up(cases: Vec<Case>) -> Export {
    let data = sepsis_log(&sample()).data;
    Export {
        ids: (0..cases.len()).map(|n| n.to_string()).collect(),
        cases,
        absent: 0,
        otherwise: Vec::new(),
        told: Vec::new(),
        data,
        after: 0,
    }
}

pub fn results(audits: Vec<Audit>) -> Results {
    let run = Run { title: String::new(), as_of: String::new(), version: String::new(), disclosure: String::new() };
    audit::results(run, audits)
}

/// The same through the compiled module, as the command runs it.
fn judged_by_module(package: &Package, export: &Export, options: &Options) -> Audit {
    let settings = vec![None; package.plan.parameters.len()];
    let mut instance = Program::compile(&package.plan).unwrap().instance().unwrap();
    let batch = |cases: &[Case]| instance.evaluate_batch(cases, &settings).map_err(|error| error.to_string());
    audit::audit(package, export, &mut By { package, batch }, options).unwrap()
}

fn sepsis_log(package: &Package) -> Export {
    read(package, "sepsis/sepsis.map.toml", "sepsis/sepsis.csv", "2015-12-31T00:00:00+01:00")
}

fn returns(package: &Package) -> Export {
    read(package, "nhs/ae.map.toml", "nhs/ae_attendances.csv", "2019-04-30T00:00:00+01:00")
}

/// The authored package over the log of patients, through the module.
fn sepsis(options: &Options) -> Audit {
    let package = authored("acute/sepsis");
    let export = sepsis_log(&package);
    judged_by_module(&package, &export, options)
}

/// The authored package over the providers' returns, through the module.
fn emergency(options: &Options) -> Audit {
    let package = authored("flow/emergency_returns");
    let export = returns(&package);
    judged_by_module(&package, &export, options)
}

/// What the authored package does not ask: a split by a fact, a measure of cases, a target, an excuse by a fact.
fn sample() -> Package {
    compile(include_str!("samples/audit_sepsis.concord"))
}

#[test]
fn module_and_interpreter_give_the_same_audits() {
    for (rules, export) in [("acute/sepsis", sepsis_log as fn(&Package) -> Export), ("flow/emergency_returns", returns)]
    {
        let package = authored(rules);
        assert_eq!(
            judged_by_module(&package, &export(&package), &off()),
            judged(&package, &export(&package), &off()),
            "{rules}"
        );
    }
}

#[test]
fn antibiotics_are_late_in_481_of_823_and_other_questions_have_other_answers() {
    let audit = sepsis(&off());
    let antibiotics = &audit.obligations[0];
    let verdicts = Verdicts { not_applicable: 1, met: 342, late: 481, missed: 226, ..Verdicts::default() };
    assert_eq!(antibiotics.verdicts, verdicts);
    let readings: Vec<_> = antibiotics.readings.iter().map(|r| (r.numerator, r.denominator, r.is_the_rule)).collect();
    assert_eq!(readings, [(481, 823, false), (707, 1_049, true), (481, 1_050, false)]);
    let percent: Vec<_> =
        antibiotics.readings.iter().map(|r| format!("{:.1}", 100.0 * r.rate.unwrap().value)).collect();
    assert_eq!(percent, ["58.4", "67.4", "45.8"]);
    let delay = antibiotics.delay.as_ref().unwrap();
    assert_eq!((delay.n, delay.limit), (823, Some(HOUR)));
    let in_time = delay.bins.iter().filter(|(edge, _)| edge.is_some_and(|edge| edge <= HOUR));
    assert_eq!(in_time.map(|(_, count)| count).sum::<u64>(), 342, "the limit is an edge of the histogram");
    assert_eq!(delay.bins.iter().map(|(_, count)| count).sum::<u64>(), 823);
    assert_eq!(antibiotics.cases.len(), 20);
    assert!(antibiotics.cases[0].verdict.starts_with("late by "));
    assert!(antibiotics.cases[0].because[0].ends_with(" events"));
    assert_eq!(antibiotics.cases[10].verdict, "missed");
    let measure = &audit.measures[0];
    assert_eq!((measure.total.numerator, measure.total.denominator), (342, 1_049));
    let said = audit::headlines(std::slice::from_ref(&audit));
    assert_eq!(
        said[0].text,
        "Antibiotics within 1 hour of sepsis triage: not met in 707 of 1,049 (67.4%): 481 late, 226 not done. Where it was done, \
         half took 1 h 32 min or longer, one in ten 3 h 56 min or longer. The latest period, Feb 2015 (6 of 27 met), is special \
         cause for concern (2 of 3 near a limit)."
    );
    assert_eq!(said.len(), 5, "a sentence an obligation: {said:#?}");
    let order = said.iter().find(|headline| headline.text.starts_with("Lactate taken before")).unwrap();
    assert!(order.text.contains("not met in 161 of 823 (19.6%): 127 in the wrong order, half of them by "));
    assert!(said.iter().all(|headline| !headline.text.contains('-') && !headline.text.contains('−')), "{said:#?}");
    assert!(measure.organisations.is_empty() && measure.funnel.is_none(), "one hospital compares with nobody");
}

#[test]
fn a_measure_is_split_by_every_stratum_that_its_rule_declares() {
    let package = sample();
    let audit = judged(&package, &sepsis_log(&package), &off());
    let [antibiotics, treated] = audit.measures.as_slice() else { panic!() };
    let groups = |place: usize| -> Vec<_> {
        let stratum = &antibiotics.strata[place];
        stratum.groups.iter().map(|(name, counts)| (name.as_str(), counts.numerator, counts.denominator)).collect()
    };
    let titles: Vec<_> = antibiotics.strata.iter().map(|stratum| stratum.title.as_str()).collect();
    assert_eq!(titles, ["age band 16..64, 65..79, 80..", "sirs_2_or_more"]);
    // Counted from the file by hand-written code that shares nothing with ours.
    assert_eq!(groups(0), [("16 to 64 years", 88, 294), ("65 to 79 years", 102, 322), ("80 years and over", 152, 433)]);
    assert_eq!(groups(1), [("no", 3, 197), ("yes", 339, 852)]);
    let total = treated.total;
    assert_eq!((total.numerator, total.denominator, total.excluded, total.unknown), (20, 20, 18, 0));
    assert!(treated.strata.is_empty());
}

#[test]
fn every_row_and_patient_of_the_log_is_accounted_for() {
    let data = sepsis(&off()).data;
    assert_eq!((data.rows, data.rows_used, data.rows_rejected, data.values_rejected), (15_214, 15_214, 0, 0));
    assert_eq!((data.cases, data.events, data.organisations), (1_050, 15_214, 1));
    let present = |name: &str| data.completeness.iter().find(|line| line.name == name).unwrap().present;
    let counts = ["age", "SepsisTriage", "Antibiotics", "Lactate", "Return"].map(present);
    assert_eq!(counts, [1_050, 1_049, 823, 860, 294]);
    assert!(data.notes.iter().any(|note| note.contains("4,447 events have the same time")), "{:?}", data.notes);
    assert!(data.notes.iter().any(|note| note.contains("Europe/Amsterdam local time")));
}

#[test]
fn monthly_performance_equals_the_official_series_in_36_of_36_months() {
    let audit = emergency(&off());
    let mut official = BTreeMap::new();
    let mut reader = ::csv::Reader::from_path(data_file("nhs/ae_england_official_2010_2019.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|column| column == name).unwrap();
    for record in reader.records() {
        let record = record.unwrap();
        official.insert(
            record[0][..7].to_owned(),
            [record[column("pct_all")].to_owned(), record[column("pct_t1")].to_owned()],
        );
    }
    let tenth = |rate: f64| format!("{:.1}", rate * 100.0);
    for (place, (measure, published)) in audit.measures.iter().zip(["pct_all", "pct_t1"]).enumerate() {
        let chart = measure.chart.as_ref().unwrap();
        let official = |period: &str| tenth(official[period][place].parse().unwrap());
        let equal = chart.points.iter().filter(|point| tenth(point.value) == official(&point.period));
        assert_eq!((chart.points.len(), equal.count()), (36, 36), "{published}");
    }
}

#[test]
fn providers_are_compared_and_never_ranked() {
    let results = results(vec![emergency(&off())]);
    let audit = &results.audits[0];
    assert_eq!((audit.data.rows, audit.data.rows_used, audit.data.organisations), (12_765, 12_765, 274));
    let [measure, type_1] = audit.measures.as_slice() else { panic!() };
    assert_eq!(
        (measure.organisations.len(), type_1.organisations.len()),
        (274, 140),
        "only 140 have a type 1 department"
    );
    let unlike = measure.unlike().unwrap();
    assert_eq!((&*unlike.low.0, &*unlike.high.0), ("Major A&E", "Other, minor injury"));
    assert!(type_1.unlike().is_none() && type_1.spread.unwrap().median_odds_ratio < 2.0);
    assert_eq!((type_1.total.numerator, type_1.total.denominator), (38_218_582, 46_315_223));
    let codes: Vec<_> = measure.organisations.iter().map(|o| o.code.as_str()).collect();
    assert!(codes.is_sorted(), "in order of code");
    let funnel = measure.funnel.as_ref().unwrap();
    let [[plain95, plain998], [adjusted95, adjusted998]] = funnel.outside;
    // Chance is that of returns, which vary by month: of patients, 200 and more lie beyond 99.8 %.
    assert!(funnel.method.contains("Rao & Scott 1992") && funnel.phi > 2.0, "{} {}", funnel.method, funnel.phi);
    assert!(plain998 > 100 && plain998 <= plain95, "{:?}", funnel.outside);
    assert!(adjusted998 < plain998 / 5 && adjusted998 <= adjusted95, "{:?}", funnel.outside);
    let placed =
        |place: &str| measure.organisations.iter().filter(|o| o.place_adjusted.ends_with(place)).count() as u64;
    assert_eq!(placed("99.8%"), adjusted998);
    assert!(measure.organisations.iter().all(|o| o.q.unwrap() >= o.p.unwrap()));
    assert!(measure.spread.unwrap().median_odds_ratio > 1.5);
    assert!(measure.charts.len() > 200);
    assert_eq!(measure.chart.as_ref().unwrap().assurance.as_deref(), Some("consistently fails"));
    let said: Vec<_> = results.headlines.iter().map(|headline| headline.text.as_str()).collect();
    assert!(
        said[0].starts_with("Within 4 hours, all departments: 88.5%")
            && said[0].contains("6.5 points below the target")
    );
    assert!(said[0].contains("none of 36 periods reached it"), "{said:#?}");
    assert!(said.iter().any(|text| text.contains("type 1 departments: 82.5% over 140 organisations")), "{said:#?}");
    assert!(
        said.iter().all(|text| !text.contains("274 organisations")),
        "unlike departments make no headline: {said:#?}"
    );
}

#[test]
fn answers_do_not_depend_on_the_size_of_the_batch() {
    let one = sepsis(&Options { batch: 1, ..off() });
    assert_eq!(one, sepsis(&Options { batch: 333, ..off() }));
}

#[test]
fn small_numbers_are_protected_unless_switched_off() {
    let audit = sepsis(&Options::default());
    let antibiotics = &audit.obligations[0];
    let protected = Verdicts { met: 340, late: 480, missed: 225, hidden: 1, ..Verdicts::default() };
    assert_eq!(
        (antibiotics.verdicts, antibiotics.readings.len()),
        (protected, 3),
        "the one case to which it does not apply is hidden"
    );
    assert!(antibiotics.cases.is_empty());
    let order = &audit.obligations[4].delay.as_ref().unwrap();
    assert!(order.hidden != 0 && order.bins.iter().all(|(_, count)| count % 5 == 0), "{order:?}");
    let all = results(vec![audit.clone()]);
    let verdicts = csv::files(&all).into_iter().find(|(name, _)| name == "verdicts.csv").unwrap().1;
    assert!(verdicts.contains("antibiotics_1h,,340,480,225,0,0,0,1 to 7"), "{verdicts}");
    assert!(html::page(&all).contains("1 to 7"));
    let audit = serde_json::to_value(&audit).unwrap();
    assert_eq!(audit["obligations"][0]["readings"][0]["numerator"], 480);
    let audit = emergency(&Options::default());
    for organisation in &audit.measures[0].organisations {
        let counts = organisation.counts;
        let shown = [counts.numerator, counts.denominator, counts.excluded, counts.open, counts.unknown];
        assert!(shown.iter().all(|count| count % 5 == 0));
        assert!(counts.hidden & 3 == 0 || counts.rate.is_none());
    }
    let points = audit.measures[0].charts.iter().flat_map(|chart| &chart.points);
    assert!(points.into_iter().all(|point| point.numerator % 5 == 0 && point.denominator % 5 == 0));
}

/// Cases made by hand for the lactate rule: place of events as in the sample package.
fn case(trust: &str, age: Option<i64>, infection: Datum, events: &[(usize, Option<i64>)]) -> Case {
    let mut facts = vec![Datum::Missing; 7];
    facts[0] = age.map_or(Datum::Missing, Datum::Known);
    facts[1] = infection;
    let made = events.iter().map(|(kind, at)| Occurrence {
        kind: KindId::at(*kind),
        at: (*at).into(),
        fields: if *kind == 5 { vec![Datum::Missing] } else { Vec::new() },
    });
    Case { as_of: 10 * HOUR, facts, labels: vec![Some(trust.to_owned())], events: made.collect(), ..Case::default() }
}

#[test]
fn unknown_excused_and_open_are_counted_apart() {
    let package = sample();
    let (triage, lactate) = (2, 5);
    let yes = Datum::Known(1);
    let mut unsupplied = case("A", Some(50), yes, &[(triage, Some(0))]);
    unsupplied.not_supplied = 1 << lactate;
    let cases = vec![
        case("A", Some(50), yes, &[(triage, Some(0)), (lactate, Some(3 * HOUR))]),
        case("A", Some(50), yes, &[(triage, Some(0)), (lactate, Some(3 * HOUR + 1))]),
        case("B", Some(50), yes, &[(triage, Some(0))]),
        case("B", Some(50), yes, &[(triage, Some(9 * HOUR))]),
        case("B", Some(50), Datum::Known(0), &[(triage, Some(0))]),
        case("B", Some(15), yes, &[(triage, Some(0))]),
        case("B", None, yes, &[(triage, Some(0))]),
        case("B", Some(50), Datum::Missing, &[(triage, Some(0))]),
        case("B", Some(50), yes, &[(triage, Some(0)), (lactate, None)]),
        unsupplied,
    ];
    let audit = judged(&package, &made_up(cases), &off());
    let lactate = &audit.obligations[1];
    let all = Verdicts { not_applicable: 1, excused: 1, met: 1, late: 1, missed: 1, open: 1, unknown: 4, hidden: 0 };
    assert_eq!(lactate.verdicts, all);
    let of_a = Verdicts { met: 1, late: 1, unknown: 1, ..Verdicts::default() };
    assert_eq!(lactate.organisations[0], ("A".to_owned(), of_a));
    let needs: Vec<_> = lactate.needs.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    let expected = [("age", 1), ("infection_suspected", 1), ("Lactate (not supplied)", 1), ("time of Lactate", 1)];
    assert_eq!(needs, expected);
    assert_eq!(lactate.excuses, [("no infection suspected".to_owned(), 1)]);
    assert_eq!(lactate.readings.last().map(|r| (r.numerator, r.denominator)), Some((1, 7)));
    let looked_at: Vec<_> = lactate.cases.iter().map(|case| (case.case.as_str(), case.verdict.as_str())).collect();
    assert_eq!(looked_at, [("1", "late by 1 ms"), ("2", "missed")]);
    let headlines = audit::headlines(&[audit]);
    let said = headlines
        .iter()
        .find(|headline| headline.tone == Tone::Data && headline.text.contains("cannot be decided"))
        .unwrap();
    assert!(
        said.text.starts_with("Lactate within 3 hours of sepsis triage: 4 cases cannot be decided"),
        "{}",
        said.text
    );
}

#[test]
fn a_judge_that_fails_or_miscounts_stops_the_audit() {
    let package = sample();
    let export = made_up(vec![Case::default()]);
    let run = |outcomes: Result<Vec<Outcome>, String>| {
        let batch = |_: &[Case]| outcomes.clone();
        audit::audit(&package, &export, &mut By { package: &package, batch }, &off())
    };
    assert_eq!(run(Err("out of fuel".to_owned())), Err(AuditError::Judge("out of fuel".to_owned())));
    assert_eq!(run(Ok(Vec::new())), Err(AuditError::Outcomes { cases: 1, outcomes: 0 }));
}

#[test]
fn the_mappings_fit_the_authored_packages() {
    let definition = load_definition(&data_file("audit.toml")).unwrap();
    for run in definition.runs.iter().filter(|run| run.rules.exists()) {
        let name = run.rules.file_name().unwrap().to_str().unwrap();
        let text = std::fs::read_to_string(run.rules.join(format!("{name}.concord"))).unwrap();
        load_mapping(&compile(&text), &run.map).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn the_definition_of_the_test_audit_loads() {
    let definition = load_definition(&data_file("audit.toml")).unwrap();
    assert_eq!(definition.runs.len(), 2);
    let run = &definition.runs[0];
    assert!(run.map.exists() && run.data[0].exists());
    assert!(matches!(&run.disclosure, Disclosure::Off(because) if because.contains("published research data")));
    let wrong = |text: &str| read_definition(text, Path::new("")).unwrap_err();
    let whole =
        "title = \"T\"\n[[run]]\nrules = \"r\"\ndata = [\"d\"]\nmap = \"m\"\nas_of = \"2026-01-01T00:00:00Z\"\n";
    assert_eq!(read_definition(whole, Path::new("")).unwrap().runs[0].disclosure, Disclosure::On);
    assert!(wrong(&format!("{whole}disclosure = \"off\"\n")).contains("needs `because"));
    assert!(wrong(&format!("{whole}disclosed = true\n")).starts_with("line 7: unknown field `disclosed`"));
    assert!(wrong(&whole.replace("00Z", "00")).contains("no zone"));
    assert!(wrong(&whole.replace("[\"d\"]", "[]")).contains("names no file"));
    let folder = TempFolder::new();
    let names = folder.write("names.csv", b"name,code\n\"Salford Royal, NHS\",RM3\n");
    assert_eq!(
        load_organisations(&names).unwrap(),
        BTreeMap::from([("RM3".to_owned(), "Salford Royal, NHS".to_owned())])
    );
    let twice = folder.write("twice.csv", b"name,code\nSalford,RM3\nSalford,RM3\nBury,RM3\n");
    assert!(load_organisations(&twice).unwrap_err().contains("calls RM3 both"));
}
