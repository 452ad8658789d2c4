//! What every report must hold, checked on the page and the files drawn from a made-up audit.

#[path = "report/sample.rs"]
mod sample;

#[path = "report/markup.rs"]
mod markup;

#[path = "report/figures.rs"]
mod figures;

#[path = "report/files.rs"]
mod files;

#[path = "report/measure_reports.rs"]
mod measure_reports;

use concord_cli::report::{csv, html};
use concord_cli::results::{Results, Verdicts};
use concord_cli::words;

fn page() -> String {
    html::page(&sample::results())
}

#[test]
fn a_sample_is_written_for_the_browser_check() {
    let page = page();
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("report.html");
    std::fs::write(&path, &page).expect("the folder for temporary files can be written");
    assert!(page.len() < 3_000_000, "{} bytes", page.len());
}

#[test]
fn every_number_of_the_results_is_on_the_page() {
    let words = markup::Words::of(&page());
    let missing: Vec<String> =
        figures::all(&sample::results()).into_iter().filter(|figure| !words.hold(figure)).collect();
    assert!(missing.is_empty(), "{} missing, such as {:?}", missing.len(), missing.iter().take(10).collect::<Vec<_>>());
}

#[test]
fn the_page_runs_nothing_and_fetches_nothing() {
    let page = page();
    for forbidden in ["<script", "javascript:", "<link", "<img", "<iframe", "<object", "@import", "http://", "https://"]
    {
        assert!(!page.to_lowercase().contains(forbidden), "{forbidden}");
    }
    for tag in markup::tags(&page) {
        for (name, value) in &tag.attributes {
            assert!(!name.starts_with("on"), "{name} in <{}>", tag.name);
            let local = !matches!(name.as_str(), "href" | "src" | "xlink:href") || value.starts_with('#');
            assert!(local, "{name}={value}");
        }
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn hostile_text_stays_text() {
    let hostile = "<img src=x onerror=\"alert(1)\"></title><script>alert(2)</script>";
    let json = serde_json::to_string(&sample::results()).expect("results are plain data");
    let quoted = serde_json::to_string(hostile).expect("a string");
    let quoted = quoted.trim_matches('"');
    let mut json = json;
    for name in [
        "North Vale",
        "Suspected sepsis",
        "Sepsis improvement group",
        "Give antibiotics",
        "Antibiotics within",
        "piperacillin",
        "time without a zone",
        "bed cleaned",
        "7 in 10",
        "end-of-life",
        "exports/",
        "June",
        "allergy_status",
        "outside limits",
    ] {
        json = json.replace(name, quoted);
    }
    let results: Results = serde_json::from_str(&json).expect("still results");
    let page = html::page(&results);
    assert!(page.contains("&lt;img src=x onerror="));
    let names: Vec<String> = markup::tags(&page).into_iter().map(|tag| tag.name).collect();
    assert!(!names.iter().any(|name| name == "img" || name == "script"));
    assert_eq!(names.len(), markup::tags(&html::page(&sample::results())).len());
}

#[test]
fn headings_go_down_one_step_at_a_time() {
    let mut before = 0;
    for tag in markup::tags(&page()).iter().filter(|tag| tag.opens()) {
        let Some(level) = tag.name.strip_prefix('h').and_then(|level| level.parse::<u32>().ok()) else {
            continue;
        };
        assert!(level <= before + 1, "h{level} after h{before}");
        assert!(level > 1 || before == 0, "a second h1");
        before = level;
    }
    assert!(before > 0);
}

#[test]
fn every_drawing_has_a_title_and_every_chart_a_description() {
    let page = page();
    for drawing in page.split("<svg").skip(1) {
        let drawing = drawing.split("</svg>").next().unwrap_or_default();
        assert!(drawing.contains("<title"), "{}", drawing.chars().take(200).collect::<String>());
        if drawing.contains("class=\"picture\"") {
            assert!(drawing.contains("<desc") && drawing.contains("role=\"img\""));
        }
    }
}

#[test]
fn every_table_has_a_caption_and_scopes_in_a_box_of_its_own_with_its_own_name() {
    let page = page();
    for table in page.split("<table>").skip(1) {
        let table = table.split("</table>").next().unwrap_or_default();
        assert!(table.starts_with("<caption>"));
        for head in table.split("<th").skip(1).filter(|head| !head.starts_with("ead")) {
            assert!(head.trim_start().starts_with("scope=") || head.contains("scope="), "{head}");
        }
    }
    assert_eq!(page.matches("<table").count(), page.matches("<table>").count());
    let tags = markup::tags(&page);
    let mut labels: Vec<&str> =
        tags.iter().filter(|tag| tag.get("role") == Some("region")).filter_map(|tag| tag.get("aria-label")).collect();
    let all = labels.len();
    labels.sort_unstable();
    labels.dedup();
    assert_eq!(labels.len(), all, "two boxes have one name");
}

#[test]
fn links_lead_somewhere_and_anchors_are_unique() {
    let page = page();
    let tags = markup::tags(&page);
    let mut ids: Vec<&str> = tags.iter().filter_map(|tag| tag.get("id")).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "two things have one id");
    for tag in &tags {
        if let Some(target) = tag.get("href").and_then(|href| href.strip_prefix('#')) {
            assert!(ids.binary_search(&target).is_ok(), "#{target} leads nowhere");
        }
        for names in ["aria-labelledby", "aria-describedby"] {
            if let Some(id) = tag.get(names) {
                assert!(ids.binary_search(&id).is_ok(), "{names}={id}");
            }
        }
    }
}

#[test]
fn draft_and_unverified_are_said_in_words() {
    let text = markup::text(&page());
    assert!(text.contains("This package is a draft: nobody has approved it for use."));
    assert!(text.contains("has not been checked against its source"));
    assert!(text.contains("approved by the orthopaedic clinical reference group"));
}

#[test]
fn organisations_stand_in_order_of_code_whatever_order_they_come_in() {
    let mut results = sample::results();
    for measure in results.audits.iter_mut().flat_map(|audit| &mut audit.measures) {
        measure.organisations.reverse();
        measure.charts.reverse();
    }
    let text = |results: &Results| markup::text(&html::page(results));
    let from = "All 274 organisations";
    let tables = |text: String| {
        text.split(from)
            .skip(1)
            .map(|part| part.split("The limits that are drawn").next().unwrap_or_default().to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(tables(text(&results)), tables(text(&sample::results())));
}

#[test]
fn nothing_at_all_is_still_a_report() {
    let empty = Results { headlines: vec![], audits: vec![], ..sample::results() };
    assert!(html::page(&empty).contains("Nothing stands out"));
    assert_eq!(csv::files(&empty).len(), 13);
}

#[test]
fn a_large_audit_stays_small_enough_to_open_and_says_where_the_rest_is() {
    let mut results = sample::results();
    let audits: Vec<_> = results.audits.iter().cloned().cycle().take(30).collect();
    results.audits = audits;
    let page = html::page(&results);
    assert!(page.len() < 12_000_000, "{} bytes", page.len());
    for file in ["organisations.csv", "verdicts.csv", "chart_points.csv"] {
        assert!(page.contains(file), "{file}");
    }
}

#[test]
fn the_same_anchor_twice_is_told_apart() {
    let mut results = sample::results();
    for audit in &mut results.audits {
        audit.id = "glance".into();
        audit.measures.iter_mut().for_each(|measure| measure.id = "main".into());
    }
    let page = html::page(&results);
    let tags = markup::tags(&page);
    let ids: Vec<&str> = tags.iter().filter_map(|tag| tag.get("id")).collect();
    let once: std::collections::BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(once.len(), ids.len());
}

#[test]
fn the_same_results_give_the_same_bytes() {
    assert_eq!(page(), page());
    assert_eq!(csv::files(&sample::results()), csv::files(&sample::results()));
}

#[test]
fn numbers_are_written_for_people() {
    assert_eq!(words::count(0), "0");
    assert_eq!(words::count(1_234), "1,234");
    assert_eq!(words::count(123_456_789), "123,456,789");
    assert_eq!(words::percent(0.584), "58.4%");
    assert_eq!(words::percent(0.000_01), "under 0.1%");
    assert_eq!(words::percent(0.999_99), "over 99.9%");
    assert_eq!(words::percent(1.0), "100.0%");
    assert_eq!(words::duration(7_500_000), "2 h 5 min");
    assert_eq!(words::duration(-300_000), "−5 min");
    assert_eq!(words::duration(45_000), "45 s");
    assert_eq!(words::duration(3_599_900), "1 h");
    assert_eq!(words::duration(273_600_000), "3 days 4 h");
    assert_eq!(words::duration(394_477_220_000), "4,566 days (12.5 years)");
    assert_eq!(words::duration(i64::MIN), "−106,751,991,167 days (292,271,023.0 years)");
    assert_eq!(words::decimal(-0.001, 2), "0.00");
    assert_eq!(words::period("2016-04"), "Apr 2016");
    assert_eq!(words::period("2016-13"), "2016-13");
    assert_eq!(words::instant("2026-10-31T09:30:00+01:00"), "31 October 2026 at 09:30 (UTC+01:00)");
    assert_eq!(words::instant("soon"), "soon");
}

#[test]
fn figures_that_are_no_figures_do_not_break_the_page() {
    let mut results = sample::results();
    for measure in results.audits.iter_mut().flat_map(|audit| &mut audit.measures) {
        if let Some(chart) = &mut measure.chart {
            (chart.mean, chart.lower, chart.upper) = (f64::NAN, Some(f64::NEG_INFINITY), Some(f64::INFINITY));
        }
        if let Some(funnel) = &mut measure.funnel {
            (funnel.centre, funnel.phi) = (f64::NAN, f64::INFINITY);
        }
    }
    for obligation in results.audits.iter_mut().flat_map(|audit| &mut audit.obligations) {
        obligation.verdicts = Verdicts { met: u64::MAX, late: u64::MAX, ..Verdicts::default() };
    }
    let page = html::page(&results);
    let drawn = markup::tags(&page);
    let broken = drawn.iter().flat_map(|tag| &tag.attributes).filter(|(name, value)| {
        matches!(name.as_str(), "d" | "x" | "y" | "cx" | "cy" | "width" | "height")
            && (value.contains("NaN") || value.contains("inf"))
    });
    assert_eq!(broken.count(), 0);
}
