//! Measures whose figure is a number, from the rule to the report: published waits, invoices by value, falls per 1,000 bed days.

use crate::cli::run;
use crate::packages::{TempFolder, data_file};
use serde_json::Value;

/// Runs an audit of invented rows, and gives its results.
fn audited(rule: &str, package: &str, facts: &str, labels: &str, rows: &str) -> (TempFolder, Value) {
    let folder = TempFolder::new();
    let mapping = format!(
        "package = \"{package}\"\nversion = \"1.0.0\"\ntitle = \"Rows\"\n[source]\nformat = \"csv\"\n[facts]\n{facts}\n[labels]\n{labels}\n"
    );
    let rule = folder.write("rule.concord", rule.as_bytes());
    let map = folder.write("map.toml", mapping.as_bytes());
    let data = folder.write("rows.csv", rows.as_bytes());
    let out = folder.path("report");
    let text = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    let arguments = [
        "audit",
        &text(&rule),
        "--data",
        &text(&data),
        "--map",
        &text(&map),
        "--as-of",
        "2026-03-01T00:00:00Z",
        "--no-disclosure-control",
        "invented rows",
        "--json",
        "--out",
        &text(&out),
    ];
    let ran = run(&arguments);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let results: Value = serde_json::from_str(&ran.out).unwrap();
    (folder, results["audits"][0].clone())
}

fn figure<'a>(audit: &'a Value, name: &str) -> &'a Value {
    let figures = audit["figures"].as_array().unwrap();
    figures.iter().find(|figure| figure["name"] == name).unwrap_or_else(|| panic!("no {name} in {audit}"))
}

fn estimate(value: &Value) -> f64 {
    value["estimate"]["value"].as_f64().unwrap_or_else(|| panic!("no figure: {value}"))
}

/// The figures that NHS England published for each provider of the excerpt, to the tenth of a week; "104+" in the open band.
#[test]
fn the_published_median_and_95th_percentile_of_waits_come_out() {
    let excerpt = std::fs::read_to_string(data_file("nhs/rtt_completed_2025-09_excerpt.csv")).unwrap();
    let mut compared = 0;
    for part in ["admitted", "nonadmitted"] {
        let mut rows = String::from("provider,weeks,patients\n");
        let mut published = Vec::new();
        for line in excerpt.lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            if fields[0] != part || fields[3] != "C_999" {
                continue;
            }
            published.push((fields[2].to_owned(), fields[5].to_owned(), fields[6].to_owned()));
            for band in fields[7].split(' ') {
                let (weeks, patients) = band.split_once(':').unwrap();
                rows.push_str(&format!("{},{weeks},{patients}\n", fields[2]));
            }
        }
        let facts = "weeks = { column = \"weeks\" }\npatients = { column = \"patients\" }";
        let rule = include_str!("samples/rtt_waits.concord");
        let (_, audit) = audited(rule, "flow.completed_waits", facts, "provider = { column = \"provider\" }", &rows);
        for (provider, median, p95) in &published {
            for (name, wanted) in [("median_wait", median), ("p95_wait", p95)] {
                let organisations = figure(&audit, name)["organisations"].as_array().unwrap();
                let own = organisations.iter().find(|own| own["code"] == provider.as_str()).unwrap();
                let found = estimate(&own["value"]);
                let open = own["value"]["estimate"]["at_least"] == true;
                let said =
                    if open { "104+".to_owned() } else { format!("{:.1}", (found * 10.0 + 1e-9).round() / 10.0) };
                assert_eq!(&said, wanted, "{part} {provider} {name}");
                compared += 1;
            }
        }
    }
    assert!(compared >= 20, "{compared}");
}

const INVOICES: &str = r#"package sample.invoices {
  version   1.0.0
  title     "Invoices"
  source    bppc "Better Payment Practice Code" unverified
  owner     "Standards Group"
  use       operational
  status    draft
  review by 2027-12-31
}

subject Invoice {
  trust    : organisation
  received : date
  due_on   : optional date
  paid_on  : optional date
  amount   : decimal £0.00..£9_999_999.99
}

define payable_by = later of due_on, (received + 30 days)
define in_time    = paid_on is not none and paid_on <= payable_by

measure by_number {
  title   "Paid in time, by number"
  of      cases
  met     when in_time
  unknown counts against
  target  >= 95 %
}

measure by_value {
  title    "Paid in time, by value"
  of       cases
  met      when in_time
  weighted by amount
  unknown  counts against
  target   >= 95 %
}

measure spent {
  title  "Value of invoices"
  value  sum of amount
  neither is better
}
"#;

/// By hand: £100.10 and £50.00 in time, £200.25 a day late, £1.65 never paid, and £48.00 of which nothing is known but its value:
/// 2 of 5 by number, £150.10 of £400.00 by value.
#[test]
fn invoices_are_paid_by_number_and_by_value() {
    let rows = "trust,received,due,paid,amount\n\
        RM3,2026-01-31,2026-03-15,2026-03-15,100.10\n\
        RM3,2026-01-31,none,2026-03-02,50.00\n\
        RM3,2026-01-31,none,2026-03-03,200.25\n\
        RM3,2026-01-31,none,none,1.65\n\
        RM3,2026-01-31,none,,48.00\n";
    let facts = "received = { column = \"received\", format = \"%Y-%m-%d\" }\n\
        due_on = { column = \"due\", format = \"%Y-%m-%d\", none = [\"none\"] }\n\
        paid_on = { column = \"paid\", format = \"%Y-%m-%d\", none = [\"none\"] }\n\
        amount = { column = \"amount\" }";
    let (folder, audit) = audited(INVOICES, "sample.invoices", facts, "trust = { column = \"trust\" }", rows);
    let number = &audit["measures"][0]["total"];
    assert_eq!((number["numerator"].as_u64(), number["denominator"].as_u64()), (Some(2), Some(5)));
    let value = figure(&audit, "by_value");
    assert!((estimate(&value["total"]) - 150.10 / 400.0).abs() < 1e-12, "{value}");
    assert_eq!((value["total"]["cases"].as_u64(), value["total"]["unknown"].as_u64()), (Some(5), Some(1)));
    assert_eq!(estimate(&figure(&audit, "spent")["total"]), 400.0);
    let page = folder.read("report/report.html");
    for said in ["£400.00", "37.5%", "each case counts for its amount"] {
        assert!(page.contains(said), "the page does not say {said}");
    }
    let table = folder.read("report/figures.csv");
    let spent = table.lines().find(|line| line.starts_with("sample.invoices,1.0.0,spent,,,,400,,,no,5,0,0,0"));
    assert!(spent.is_some_and(|line| line.ends_with(",GBP,no,0,1,2026-03-01")), "{table}");
}

const WARDS: &str = r#"package sample.wards {
  version   1.0.0
  title     "Wards"
  source    s "A source" unverified
  owner     "Standards Group"
  use       operational
  status    draft
  review by 2027-12-31
}

subject WardMonth {
  trust    : organisation
  month    : date
  falls    : integer 0..999
  bed_days : integer 0..99_999
  waited   : optional duration
}

measure falls {
  title "Falls per 1,000 bed days"
  value sum of falls per 1000 bed_days
  target <= 6.5
  by    trust, month of month
}

measure waited {
  title "Mean wait for a bed"
  value mean of waited
  by    trust
}
"#;

/// By hand: 12 falls in 3,000 bed days are 4 per 1,000; the exact interval of 12 events is 6.200575 to 20.961585 (tables of the Poisson
/// distribution), so 2.066858 to 6.987195. A mean of 1 h and 2 h is 1 h 30 min; a none has no wait.
#[test]
fn falls_are_counted_per_1000_bed_days() {
    let rows = "trust,month,falls,bed_days,waited\n\
        RM3,2026-01-01,5,1000,1 h\n\
        RM3,2026-02-01,3,1000,none\n\
        RRF,2026-01-01,4,1000,2 h\n\
        RRF,2026-02-01,,900,\n";
    let facts = "month = { column = \"month\", format = \"%Y-%m-%d\" }\nfalls = { column = \"falls\" }\nbed_days = { column = \"bed_days\" }\n\
        waited = { column = \"waited\", none = [\"none\"] }";
    let (folder, audit) = audited(WARDS, "sample.wards", facts, "trust = { column = \"trust\" }", rows);
    let falls = figure(&audit, "falls");
    assert_eq!(estimate(&falls["total"]), 4.0);
    let interval = &falls["total"]["estimate"]["interval"];
    assert!((interval[0].as_f64().unwrap() - 2.066_858).abs() < 1e-5, "{interval}");
    assert!((interval[1].as_f64().unwrap() - 6.987_195).abs() < 1e-5, "{interval}");
    assert_eq!(falls["total"]["unknown"].as_u64(), Some(1));
    assert_eq!(falls["target"]["text"], "at most 6.5");
    let organisations = falls["organisations"].as_array().unwrap();
    assert_eq!(organisations.iter().map(|own| estimate(&own["value"])).collect::<Vec<_>>(), [4.0, 4.0]);
    assert_eq!(organisations[0]["place"], "inside");
    assert_eq!(falls["chart"]["points"].as_array().unwrap().len(), 2);
    assert_eq!(estimate(&figure(&audit, "waited")["total"]), 5_400_000.0);
    let page = folder.read("report/report.html");
    assert!(page.contains("1 h 30 min") && page.contains("4.00"), "the page does not say the figures");
}

const STAFFING: &str = r#"package sample.staffing {
  version   1.0.0
  title     "Ward staffing"
  source    nhs "Ward staffing" unverified
  owner     "Standards Group"
  use       operational
  status    draft
  review by 2027-12-31
}

subject WardMonth {
  trust        : organisation
  worked       : decimal 0.00..1000.00 h
  planned      : decimal 0.00..1000.00 h
  patient_days : decimal 0.0..1000.0
  falls        : integer 0..99
  waited       : duration
  open         : duration
}

measure fill       { value sum of worked per 100 planned target >= 90 by trust }
measure care_hours { value sum of worked per 1 patient_days neither is better }
measure falls      { value sum of falls per 10 patient_days target <= 1.5 }
measure waiting    { value sum of waited per 100 open neither is better }
measure wait       { value sum of waited per 10 falls target <= 30 min }
"#;

/// By hand: 9.00 h and 18.00 h worked of 10.00 h and 20.00 h planned are 90 of 100; 27 h for 4.5 days are 6 h a day; 3 falls in 4.5 days are 6.67 in ten;
/// 30 min of 2 h are 25 of 100, which has no unit; and 30 min for 3 falls are 100 min for ten.
#[test]
fn so_many_of_a_number_with_places_are_so_many_of_it() {
    let rows = "trust,worked,planned,days,falls,waited,open\n\
        RM3,9.00,10.00,1.5,1,10 min,1 h\n\
        RRF,18.00,20.00,3.0,2,20 min,1 h\n";
    let facts = "worked = { column = \"worked\" }\nplanned = { column = \"planned\" }\npatient_days = { column = \"days\" }\n\
        falls = { column = \"falls\" }\nwaited = { column = \"waited\" }\nopen = { column = \"open\" }";
    let (folder, audit) = audited(STAFFING, "sample.staffing", facts, "trust = { column = \"trust\" }", rows);
    for (name, wanted) in
        [("fill", 90.0), ("care_hours", 6.0), ("falls", 20.0 / 3.0), ("waiting", 25.0), ("wait", 6_000_000.0)]
    {
        let found = estimate(&figure(&audit, name)["total"]);
        assert!((found - wanted).abs() < 1e-9 * wanted, "{name}: {found}, not {wanted}");
    }
    let ratios: Vec<f64> =
        figure(&audit, "fill")["organisations"].as_array().unwrap().iter().map(|own| estimate(&own["value"])).collect();
    assert_eq!(ratios, [90.0, 90.0]);
    let page = folder.read("report/report.html");
    assert!(page.contains("1 h 40 min") && page.contains("25.00"), "the page does not say the figures");
}

const SHARED: &str = r#"package sample.shared {
  version   1.0.0
  title     "Cancer waits, shared"
  source    cwt "National cancer waiting times monitoring guidance" unverified
  owner     "Standards Group"
  use       audit
  status    draft
  review by 2027-12-31
}

subject Pathway {
  referrer       : organisation
  treater        : organisation
  within_62      : yes/no
  late_transfer  : yes/no
  late_treatment : yes/no
}

table referrer_share first {
  within_62  late_transfer  late_treatment | share
  no         yes            no             | 1.0
  no         no             yes            | 0.0
  yes        yes            any            | 0.0
  any        any            any            | 0.5
}

measure waits {
  title   "Treated within 62 days"
  of      cases
  met     when within_62
  shared  by referrer referrer_share, treater 1.0 - referrer_share
  unknown counts against
  target  >= 85 %
}
"#;

/// By hand, six patients of which five are known and three were in time: 3 of 6 in all, each counted once.
/// RM3: half of the first (in time), all of the second (late), half of the third (late), all of the fourth which it referred to itself (in time),
/// and half of the last, unknown and counted against: 1.5 of 3.5. RRF: half of the first, none of the second, half of the third, all of the fifth
/// (in time): 1.5 of 2.0. What is left of the last is nobody's, since who treated is not known: 1.5 + 1.5 of 5.5.
#[test]
fn cases_that_organisations_share_count_once() {
    let rows = "referrer,treater,within,transfer,treatment\n\
        RM3,RRF,yes,no,no\n\
        RM3,RRF,no,yes,no\n\
        RM3,RRF,no,yes,yes\n\
        RM3,RM3,yes,no,yes\n\
        RM3,RRF,yes,yes,no\n\
        RM3,,,no,no\n";
    let facts = "within_62 = { column = \"within\" }\nlate_transfer = { column = \"transfer\" }\nlate_treatment = { column = \"treatment\" }";
    let labels = "referrer = { column = \"referrer\" }\ntreater = { column = \"treater\" }";
    let (folder, audit) = audited(SHARED, "sample.shared", facts, labels, rows);
    let waits = figure(&audit, "waits");
    assert!((estimate(&waits["total"]) - 0.5).abs() < 1e-12, "{waits}");
    assert_eq!((waits["total"]["cases"].as_u64(), waits["total"]["unknown"].as_u64()), (Some(6), Some(1)));
    let own = |code: &str| waits["organisations"].as_array().unwrap().iter().find(|own| own["code"] == code).unwrap();
    assert!((estimate(&own("RM3")["value"]) - 1.5 / 3.5).abs() < 1e-12, "{waits}");
    assert!((estimate(&own("RRF")["value"]) - 1.5 / 2.0).abs() < 1e-12, "{waits}");
    assert_eq!((own("RM3")["value"]["cases"].as_u64(), own("RRF")["value"]["cases"].as_u64()), (Some(5), Some(3)));
    let page = folder.read("report/report.html");
    assert!(page.contains("each case counts once in all, and by its shares for each of: referrer, treater"));
}

const RETURNS: &str = r#"package sample.returns {
  version   1.0.0
  title     "Monthly returns"
  source    s "A source" unverified
  owner     "Standards Group"
  use       operational
  status    draft
  review by 2027-12-31
}

subject Return {
  trust      : organisation
  attended   : integer 0..99_999
  in_time    : integer 0..99_999
  hours      : integer 0..99_999
  bed_days   : integer 0..99_999
}

measure against { of count attended met count in_time unknown counts against by trust }
measure left    { of count attended met count in_time unknown left out by trust }
measure care    { value sum of hours per 1 bed_days by trust }
"#;

/// By hand: 950 of 1,000 are known. Of the second record, for 200, it is not known how many; of the third, more were within than attended; of the fourth not
/// even how many there were. Hours that were worked where nobody lay are hours: 150 + 75 for 10 days.
#[test]
fn a_record_that_is_not_whole_stands_for_as_many_as_it_says() {
    let rows = "trust,attended,in_time,hours,bed_days\n\
        RM3,1000,950,150,10\n\
        RRF,200,,75,0\n\
        RMC,100,300,0,0\n\
        RMC,,20,,\n";
    let facts = "attended = { column = \"attended\" }\nin_time = { column = \"in_time\" }\nhours = { column = \"hours\" }\n\
        bed_days = { column = \"bed_days\" }";
    let (_folder, audit) = audited(RETURNS, "sample.returns", facts, "trust = { column = \"trust\" }", rows);
    let counts = |name: &str| {
        let measures = audit["measures"].as_array().unwrap();
        let measure = measures.iter().find(|measure| measure["name"] == name).unwrap();
        ["numerator", "denominator", "unknown"].map(|count| measure["total"][count].as_u64().unwrap())
    };
    assert_eq!(counts("against"), [950, 1300, 301]);
    assert_eq!(counts("left"), [950, 1000, 301]);
    assert_eq!(estimate(&figure(&audit, "care")["total"]), 22.5);
}
