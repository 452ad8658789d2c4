//! A mapping never guesses: units, zones, centuries, days and hours that a text does not say are refused or unknown.

use super::{CASES, EVENTS, HEADER, package, read, read_rows, refused};
use concord_cli::data::mapping::time::{ReadTime, TimeRule, Why};
use concord_engine::plan::case::Datum::{self, Between, Known, Missing};
use concord_engine::plan::case::When;
use concord_engine::values::calendar::{HOUR, read_date, read_instant};

#[test]
fn an_hour_shown_twice_is_from_its_first_pass_to_its_second_and_an_hour_left_out_is_refused() {
    let rows = format!("{HEADER}A;Triage;2015-10-25T02:30:00Z;X;;;;\nA;Triage;2015-03-29T02:30:00Z;X;;;;\n");
    let export = read_rows(EVENTS, &rows);
    assert_eq!(export.cases[0].events.len(), 1);
    let [first, second] = ["00:30", "01:30"].map(|pass| read_instant(&format!("2015-10-25T{pass}:00Z")).unwrap());
    assert_eq!(export.cases[0].events[0].at, When::Between(first, second));
    assert_eq!((export.data.rows_used, export.data.rows_rejected), (1, 1));
    assert_eq!(export.cases[0].not_supplied, 0b01, "a triage may be missing, so its verdicts are unknown");
    let note = "1 event has a time in the hour that the clock shows twice in autumn, and so any time from its first pass to its second.";
    assert!(export.data.notes.iter().any(|said| said == note), "{:?}", export.data.notes);
}

#[test]
fn a_date_is_any_time_of_its_day() {
    let days = EVENTS.replace("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d");
    let export = read_rows(&days, &format!("{HEADER}A;Triage;2015-10-25;X;;;;\nA;Triage;2015-13-25;X;;;;\n"));
    let [first, next] = ["2015-10-24T22:00:00Z", "2015-10-25T23:00:00Z"].map(|at| read_instant(at).unwrap());
    assert_eq!(export.cases[0].events[0].at, When::Between(first, next - 1), "a day of 25 hours in Amsterdam");
    assert_eq!(export.data.rows_rejected, 1);
    let note = "1 event has a date without a time of day, and so any time of that day.";
    assert!(export.data.notes.iter().any(|said| said == note), "{:?}", export.data.notes);
}

#[test]
fn formats_of_time() {
    let read = |format, zone, text| TimeRule::new(Some(format), zone).unwrap().read(text);
    let nine = read_instant("2026-01-05T09:00:00Z").map(ReadTime::At);
    assert_eq!(read("%d/%m/%Y %H:%M", "Europe/London", "05/01/2026 09:00"), nine);
    assert_eq!(read("%d/%m/%Y %I:%M %p", "Europe/London", "05/01/2026 09:00 AM"), nine);
    assert_eq!(read("rfc3339", "in text", "2026-01-05T10:00:00+01:00"), nine);
    assert_eq!(read("rfc3339", "Europe/London", "2026-01-05T09:00:00.000Z"), nine);
    assert_eq!(read("%Y%m%d%H%M%z", "in text", "202601051000+0100"), nine);
    assert_eq!(read("%Y-%m-%dT%H:%M:%SZ", "in text", "2026-01-05T09:00:00Z"), nine);
    assert_eq!(read("%Y-%m-%d %H:%M:%S+00:00", "in text", "2026-01-05 09:00:00+00:00"), nine);
    assert_eq!(read("%s", "in text", "1767603600"), nine);
    for format in ["%Y-%m-%d", "%Y-%m-%d %H"] {
        let text = if format.len() > 8 { "2026-01-05 09" } else { "2026-01-05" };
        let [first, next] = ["2026-01-05T00:00:00Z", "2026-01-06T00:00:00Z"].map(|at| read_instant(at).unwrap());
        assert_eq!(read(format, "Europe/London", text), Ok(ReadTime::Between(first, next - 1, Why::NoClock)));
    }
    assert_eq!(read("%m/%Y", "Europe/London", "01/2026"), Ok(ReadTime::Unknown(Why::NoClock)));
    let [first, second] = ["2026-10-25T00:59:00Z", "2026-10-25T01:59:00Z"].map(|at| read_instant(at).unwrap());
    let twice = Ok(ReadTime::Between(first, second, Why::Twice));
    assert_eq!(read("%Y-%m-%d %H:%M", "Europe/London", "2026-10-25 01:59"), twice);
    let offset = read_instant("2026-10-25T01:59:00Z").map(ReadTime::At);
    assert_eq!(read("%Y-%m-%d %H:%M%z", "in text", "2026-10-25 01:59+0000"), offset);
    assert!(read("%d/%m/%Y %H:%M", "Europe/London", "5 Jan 2026").is_err());
    assert!(read("%Y-%m-%d %H:%M", "Europe/London", "2026-03-29 01:30").is_err(), "no clock showed it");
    assert!(read("rfc3339", "in text", "2026-01-05T10:00:00").is_err());
    assert!(read("rfc3339", "Europe/London", "2026-01-05T10").is_err(), "an hour alone");
}

/// What a format of times is refused for.
fn format_refused(format: &str, zone: &str) -> String {
    TimeRule::new(Some(format), zone).unwrap_err().0
}

#[test]
fn formats_that_would_guess_are_refused() {
    for format in ["%d-%b-%y", "%d-%b-%y %H:%M", "%D %T", "%g-W%V-%u"] {
        assert!(format_refused(format, "Europe/London").contains("century would be a guess"), "{format}");
    }
    assert!(format_refused("%d/%m/%Y %I:%M", "Europe/London").contains("one of twelve"));
    assert!(format_refused("%d/%m/%Y %H:%M %Z", "Europe/London").contains("`%Z` cannot be read"));
    assert!(format_refused("%d/%m/%Y", "in text").contains("no %z"));
    assert!(format_refused("%d/%m/%Y %H:%M BST", "in text").contains("no %z"));
    assert!(format_refused("%s", "Europe/London").contains("in UTC"));
    let claims = |format| TimeRule::new(Some(format), "Europe/London").unwrap().overrides_the_text();
    for format in ["rfc3339", "%FT%TZ", "%F %T UTC", "%F %T+0100", "%F %T%:z", "%F %H:%M BST", "%F %T.000Z"] {
        assert!(claims(format), "{format}");
    }
    assert!(!claims("%F %T") && !claims("%d-%m-%Y at %H:%M"));
}

/// The mapping of cases with another rule for a fact.
fn with_fact(name: &str, rule: &str) -> String {
    let start = CASES.find(&format!("\n{name} ")).unwrap() + 1;
    let end = start + CASES[start..].find('\n').unwrap();
    format!("{}{name} = {rule}{}", &CASES[..start], &CASES[end..])
}

/// A fact of a case whose one row has this text in its place.
#[track_caller]
fn fact(map: &str, name: &str, text: &str) -> Datum {
    let columns = ["age", "temp", "kg", "birth", "wait"];
    let of = ["age", "temperature", "weight", "born", "waited"].iter().position(|fact| *fact == name).unwrap();
    let cells: Vec<&str> = columns.iter().enumerate().map(|(place, _)| if place == of { text } else { "" }).collect();
    let export = read_rows(map, &format!("RM3;1;{};;;\n", cells.join(";")));
    let place = package().plan.subject.inputs.iter().position(|input| input.name == name).unwrap();
    export.cases[0].facts[place]
}

#[test]
fn a_date_in_an_instant_is_the_day_of_a_named_zone() {
    let day = |text: &str| Known(read_date(text).unwrap());
    let born = |rule: &str| with_fact("born", rule);
    let utc = born(r#"{ column = "birth", format = "%Y-%m-%dT%H:%M:%SZ" }"#);
    assert_eq!(fact(&utc, "born", "2010-06-14T23:00:00Z"), day("2010-06-15"));
    assert_eq!(fact(&utc, "born", "2010-12-14T23:00:00Z"), day("2010-12-14"));
    let iso = born(r#"{ column = "birth", format = "rfc3339" }"#);
    assert_eq!(fact(&iso, "born", "2010-06-15T01:00:00+02:00"), day("2010-06-15"));
    let offset = born(r#"{ column = "birth", format = "%Y-%m-%d %H:%M%z", zone = "America/New_York" }"#);
    assert_eq!(fact(&offset, "born", "2010-06-15 03:00+0000"), day("2010-06-14"));
    let written = born(r#"{ column = "birth", format = "%Y-%m-%d %H:%M" }"#);
    assert_eq!(fact(&written, "born", "2010-06-14 23:00"), day("2010-06-14"), "a clock on the wall in London");
    let in_utc = utc.replace("zone   = \"Europe/London\"", "zone   = \"UTC\"");
    let said = refused(&in_utc);
    assert!(said[0].contains("the zone whose calendar it follows is not named"), "{said:?}");
    assert!(said[0].contains("zone = \"Europe/London\""), "{said:?}");
}

#[test]
fn a_time_of_a_fact_is_read_in_the_zone_it_claims() {
    let arrived = |rule: &str| CASES.replace("[facts]", &format!("[facts]\narrived = {rule}"));
    let said = refused(&arrived(r#"{ column = "value", format = "%Y-%m-%dT%H:%MZ" }"#));
    assert!(said[0].contains("the times claim a zone of their own"), "{said:?}");
    let map = arrived(r#"{ column = "value", format = "%Y-%m-%dT%H:%MZ", zone = "in text" }"#);
    let export = read_rows(&map, "RM3;1;;;;;;05-07-2026 09:00;;2026-07-05T09:00Z\n");
    let place = package().plan.subject.inputs.iter().position(|input| input.name == "arrived").unwrap();
    let case = &export.cases[0];
    assert_eq!(case.facts[place], Known(case.events[0].at.known().unwrap() + HOUR));
    let map = arrived(r#"{ column = "value", format = "%Y-%m-%d" }"#);
    let export = read_rows(&map, "RM3;1;;;;;;05-07-2026 09:00;;2026-07-05\n");
    let [first, next] = ["2026-07-04T23:00:00Z", "2026-07-05T23:00:00Z"].map(|at| read_instant(at).unwrap());
    assert_eq!(export.cases[0].facts[place], Between(first, next - 1));
    let note = "1 value is an instant known to the day, or in the hour that comes twice, and used as a range.";
    assert!(export.data.notes.iter().any(|said| said == note), "{:?}", export.data.notes);
}

#[test]
fn dates_that_would_guess_are_refused() {
    let born = |rule: &str| refused(&with_fact("born", rule))[0].clone();
    assert!(born(r#"{ column = "birth", format = "%d-%b-%y" }"#).contains("century would be a guess"));
    assert!(born(r#"{ column = "birth", format = "%m/%Y" }"#).contains("the format has no day (where a month"));
    assert!(born(r#"{ column = "birth", format = "%Y" }"#).contains("the format has no month"));
    let age = refused(&with_fact("age", r#"{ column = "age", format = "%Y" }"#));
    assert!(age[0].contains("for dates and times"), "{age:?}");
    let label = CASES.replace("{ column = \"site\" }", "{ column = \"site\", values = { a = \"b\" } }");
    assert!(refused(&label)[0].contains("a label is text as it stands"));
}

#[test]
fn a_unit_is_the_declared_one_or_is_converted_or_is_refused() {
    let weight = |rule: &str| with_fact("weight", rule);
    let known = weight(r#"{ column = "kg", unit = "g" }"#);
    assert_eq!(fact(&known, "weight", "80500"), Known(805));
    assert_eq!(fact(&weight(r#"{ column = "kg", unit = "kg" }"#), "weight", "80,5"), Known(805));
    let waited = with_fact("waited", r#"{ column = "wait", unit = "min" }"#);
    assert_eq!(fact(&waited, "waited", "90"), Known(90 * 60_000));
    let said = |rule: &str| refused(&weight(rule))[0].clone();
    let stone = said(r#"{ column = "kg", unit = "stone" }"#);
    assert!(stone.contains("`stone` is not `kg`, which is declared (say `times`"), "{stone}");
    assert!(said(r#"{ column = "kg", unit = "mmol" }"#).contains("`mmol` is not `kg`"));
    assert!(said(r#"{ column = "kg", unit = "g", times = "0.01" }"#).contains("leave `times` out"));
    assert!(said(r#"{ column = "kg", unit = "kg", times = "6.35" }"#).contains("leave `times` out"));
    assert!(said(r#"{ column = "kg", times = "0" }"#).contains("`times` is 0"));
    let fahrenheit = refused(&with_fact("temperature", r#"{ column = "temp", unit = "°F", times = "0.5556" }"#));
    assert!(fahrenheit[0].contains("leave `times` out"), "{fahrenheit:?}");
    let fahrenheit = with_fact("temperature", r#"{ column = "temp", unit = "°F" }"#);
    assert_eq!(fact(&fahrenheit, "temperature", "98,6"), Known(370));
    assert_eq!(fact(&fahrenheit, "temperature", "100"), Between(377, 378));
    assert_eq!(fact(&fahrenheit, "temperature", "100,4"), Known(380));
    for unit in ["[degF]", "°F"] {
        let written = with_fact("temperature", &format!("{{ column = \"temp\", unit = \"{unit}\" }}"));
        assert_eq!(fact(&written, "temperature", "98,6"), Known(370), "{unit}");
    }
    assert_eq!(
        fact(&with_fact("temperature", r#"{ column = "temp", unit = "Cel" }"#), "temperature", "37"),
        Known(370)
    );
    let letter = refused(&with_fact("temperature", r#"{ column = "temp", unit = "F" }"#));
    assert!(letter[0].contains("write `°C` or `°F`") && !letter[0].contains("times"), "{letter:?}");
    let born = refused(&with_fact("born", r#"{ column = "birth", unit = "days" }"#));
    assert!(born[0].contains("for numbers and durations"), "{born:?}");
    let (export, _) = read(&weight(r#"{ column = "kg", unit = "stone", times = "6.35" }"#), &[], false);
    let notes = export.unwrap().data.notes;
    assert!(notes.iter().any(|note| note.contains("is exported in stone; it is multiplied by 6.35")), "{notes:?}");
    assert_eq!(fact(&weight(r#"{ column = "kg", unit = "g" }"#), "weight", "heavy"), Missing);
}

#[test]
fn what_a_conversion_brings_between_two_values_lies_between_them() {
    let map = EVENTS.replace("{ column = \"lac\" }", "{ column = \"lac\", unit = \"mg/dL\", times = \"0.111\" }");
    let rows = format!(
        "{HEADER}A;Lactate;2015-01-05T10:00:00Z;X;;;;17.7\nA;Triage;2015-01-05T11:00:00Z;X;;;;\nA;Lactate;2015-01-05T09:00:00Z;X;;;;200\n"
    );
    let export = read_rows(&map, &rows);
    let values: Vec<_> = export.cases[0].events.iter().filter_map(|event| event.fields.first()).collect();
    assert_eq!(values, [&Known(222), &Between(19, 20)], "200 times 0.111 is exact");
    let beyond = read_rows(&map, &format!("{HEADER}A;Lactate;2015-01-05T10:00:00Z;X;;;;360.7\n"));
    assert_eq!(beyond.data.values_rejected, 1, "40.04 is above 40.0, whatever it is rounded to");
    let facts = with_fact("weight", r#"{ column = "kg", unit = "lb" }"#);
    assert_eq!(fact(&facts, "weight", "-1"), Missing);
    let export = read_rows(&facts, "RM3;1;;;150;;;;;\n");
    let place = package().plan.subject.inputs.iter().position(|input| input.name == "weight").unwrap();
    assert_eq!(export.cases[0].facts[place], Between(680, 681));
}
