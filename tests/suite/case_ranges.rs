//! What is known only as a range: a case in JSON and one in the notation of `cases.md` say the same, and what is no range is refused.

use crate::generate::{self, Random};
use crate::packages::compile;
use concord_cli::data::case_json::{Options, read_case};
use concord_cli::data::case_text::read_cases;
use concord_engine::plan::case::{Case, Datum, When};
use concord_engine::plan::{Input, Plan};
use concord_engine::values::calendar::read_instant;

const OPTIONS: Options = Options { ignore_unknown: false, show_values: false, as_of: Some(0), needs_as_of: false };

fn plan() -> Plan {
    compile(include_str!("samples/case.concord")).plan
}

fn json(plan: &Plan, text: &str) -> Result<Case, &'static str> {
    read_case(plan, text.as_bytes(), OPTIONS).map(|read| read.case).map_err(|faults| faults[0].code)
}

fn text(plan: &Plan, text: &str) -> Result<Case, &'static str> {
    let read = read_cases(plan, text, OPTIONS).map_err(|faults| faults[0].code)?;
    Ok(read.into_iter().next().unwrap().input.case)
}

fn at(text: &str) -> i64 {
    read_instant(text).unwrap()
}

/// One fact, in JSON and as written.
#[track_caller]
fn fact(name: &str, in_json: &str, written: &str) -> Datum {
    let plan = plan();
    let place = plan.subject.inputs.iter().position(|input: &Input| input.name == name).unwrap();
    let one = json(&plan, &format!("{{\"{name}\": {in_json}}}")).unwrap();
    let other = text(&plan, &format!("{name} {written}")).unwrap();
    assert_eq!(one, other, "{in_json} and {written}");
    one.facts[place]
}

#[test]
fn a_result_beyond_the_limit_is_a_range_up_to_the_declared_end() {
    assert_eq!(fact("temperature", "\"<37.1\"", "<37.1"), Datum::Between(250, 370));
    assert_eq!(fact("temperature", "\"< 37.10\"", "< 37.1"), Datum::Between(250, 370));
    assert_eq!(fact("temperature", "\"<=37.1\"", "<= 37.1 °C"), Datum::Between(250, 371));
    assert_eq!(fact("temperature", "\"≤ 37.1\"", "<=37.1"), Datum::Between(250, 371));
    assert_eq!(fact("temperature", "\">37.1\"", ">37.1"), Datum::Between(372, 450));
    assert_eq!(fact("temperature", "\"≥37.1\"", ">=37.1"), Datum::Between(371, 450));
    assert_eq!(fact("temperature", "\"<100\"", "<100"), Datum::Between(250, 450), "what is declared is known as well");
    assert_eq!(fact("temperature", "\"<25.1\"", "<25.1"), Datum::Known(250), "only one is left");
    assert_eq!(fact("age", "{\"from\": 17, \"to\": 20}", "17..20 years"), Datum::Between(17, 20));
    assert_eq!(fact("age", "{\"to\": 17, \"from\": 17}", "17..17"), Datum::Known(17));
    assert_eq!(fact("waited", "\"<1 h\"", "<1 h").to_owned(), Datum::Between(0, 3_599_999));
    let range = "{\"from\": \"PT1H\", \"to\": \"90 min\"}";
    assert_eq!(fact("waited", range, "1 h..90 min"), Datum::Between(3_600_000, 5_400_000));
    let born = fact("born", "{\"from\": \"1970-01-02\", \"to\": \"1970-01-05\"}", "1970-01-02..1970-01-05");
    assert_eq!(born, Datum::Between(1, 4));
}

#[test]
fn a_day_is_any_time_of_it_where_an_instant_is_wanted() {
    let spring = Datum::Between(at("2026-03-29T00:00Z"), at("2026-03-29T22:59:59.999Z"));
    assert_eq!(fact("arrived", "\"2026-03-29\"", "2026-03-29"), spring, "23 hours");
    let days = "{\"from\": \"2026-10-25\", \"to\": \"2026-10-26T12:00Z\"}";
    let autumn = Datum::Between(at("2026-10-24T23:00Z"), at("2026-10-26T12:00Z"));
    assert_eq!(fact("arrived", days, "2026-10-25..2026-10-26 12:00"), autumn);
    let before = fact("arrived", "\"<2026-03-29\"", "<2026-03-29");
    assert!(matches!(before, Datum::Between(_, last) if last == at("2026-03-28T23:59:59.999Z")), "{before:?}");
}

#[test]
fn the_time_of_an_event_may_be_a_range() {
    let plan = plan();
    let read = |in_json: &str, written: &str| {
        let event = format!("{{\"events\": [{{\"event\": \"Lactate\", \"at\": {in_json}, \"value\": \"<0.5\"}}]}}");
        let one = json(&plan, &event).unwrap();
        assert_eq!(one, text(&plan, &format!("Lactate at {written} {{ value <0.5 }}")).unwrap());
        assert_eq!(one.events[0].fields[0], Datum::Between(0, 4));
        one.events[0].at
    };
    assert_eq!(read("null", "unknown"), When::Unknown);
    let day = When::Between(at("2026-07-05T23:00Z"), at("2026-07-06T22:59:59.999Z"));
    assert_eq!(read("\"2026-07-06\"", "2026-07-06"), day);
    let hour = "{\"from\": \"2026-07-06T09:00+01:00\", \"to\": \"2026-07-06T10:00+01:00\"}";
    let between = When::Between(at("2026-07-06T08:00Z"), at("2026-07-06T09:00Z"));
    assert_eq!(read(hour, "2026-07-06 09:00..2026-07-06 10:00"), between);
}

#[test]
fn what_is_no_range_is_refused() {
    let plan = plan();
    let refused = [
        ("{\"age\": \"<0\"}", "age <0", "D08"),
        ("{\"age\": {\"from\": 20, \"to\": 17}}", "age 20..17", "D08"),
        ("{\"age\": {\"from\": 120, \"to\": 140}}", "age 120..140", "D08"),
        ("{\"temperature\": \"<37.15\"}", "temperature <37.15", "D09"),
        ("{\"on_oxygen\": {\"from\": false, \"to\": true}}", "on_oxygen no..yes", "D07"),
        ("{\"scale\": \"<scale_1\"}", "scale <scale_1", ""),
        ("{\"age\": {\"from\": 17}}", "", "D07"),
        ("{\"age\": {\"from\": 17, \"to\": 20, \"or\": 30}}", "", "D07"),
        ("{\"age\": \"17..20\"}", "", "D07"),
        (
            "{\"events\": [{\"event\": \"Triage\", \"at\": {\"from\": \"2026-03-30\", \"to\": \"2026-03-29\"}}]}",
            "Triage at 2026-03-30..2026-03-29",
            "D08",
        ),
        ("{\"events\": [{\"event\": \"Triage\", \"at\": {\"from\": \"2026-03-30\"}}]}", "", "D07"),
    ];
    for (in_json, written, code) in refused {
        let found = json(&plan, in_json).unwrap_err();
        assert!(found == code || code.is_empty(), "{in_json}: {found}");
        if !written.is_empty() {
            let found = text(&plan, written).unwrap_err();
            assert!(found == code || code.is_empty(), "{written}: {found}");
        }
    }
}

#[test]
fn random_cases_have_ranges_of_facts_fields_and_times() {
    let mut random = Random::new(12);
    let (mut facts, mut fields, mut times) = (0, 0, 0);
    let is_range = |datum: &&Datum| matches!(datum, Datum::Between(..));
    for _ in 0..200 {
        let plan = generate::plan_of_a_rule(&mut random);
        for _ in 0..20 {
            let case = generate::case(&mut random, &plan);
            facts += case.facts.iter().filter(is_range).count();
            fields += case.events.iter().flat_map(|event| &event.fields).filter(is_range).count();
            times += case.events.iter().filter(|event| matches!(event.at, When::Between(..))).count();
        }
    }
    assert!(facts > 100 && fields > 100 && times > 100, "{facts} facts, {fields} fields, {times} times");
}

#[test]
fn weeks_of_what_is_in_days_are_seven_days_each() {
    let rule = "subject S {\n  gestation : integer 154..310 days\n}\n\ndefine early = gestation < 34 weeks\n";
    let plan = compile(&concord_tests::text::whole(rule)).plan;
    let known = |written: &str| text(&plan, &format!("gestation {written}")).unwrap().facts[0];
    assert_eq!(known("30 weeks"), Datum::Known(210));
    assert_eq!(known("30 weeks 3 days"), Datum::Known(213));
    assert_eq!(known("< 32 weeks"), Datum::Between(154, 223));
    assert_eq!(known("<= 30 weeks 1 day"), Datum::Between(154, 211));
    assert_eq!(known("30 weeks..32 weeks"), Datum::Between(210, 224));
    assert_eq!(text(&plan, "gestation 45 weeks"), Err("D08"));
}
