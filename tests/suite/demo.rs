//! The demonstration group: one command, a chapter for every rule that judges cases, and what was planted is found.

use crate::cli::run;
use crate::packages::{TempFolder, library};
use concord_cli::audit::definition::load_definition;
use concord_engine::plan::AnswerKind;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A measure, the member that was made to differ in it, and where the report has to place it.
const PLANTED: [(&str, &str, &str, &str); 14] = [
    ("acute.sepsis", "antibiotics_1h", "ZZ01", "above 99.8%"),
    ("children.pews_neonatal", "term_admissions", "ZZ11", "above 99.8%"),
    ("clinical.vte", "risk_assessed", "ZZ09", "below 99.8%"),
    ("conformance.data", "codes_known", "ZZ11", "below 99.8%"),
    ("diagnostics.endoscopy", "screening_colonoscopies", "ZZ11", "below 99.8%"),
    ("diagnostics.imaging_dm01", "examined_in_six_weeks", "ZZ10", "below 99.8%"),
    ("elective.rtt", "incomplete_18_weeks", "ZZ05", "below 99.8%"),
    ("eye.cataract", "second_refused_for_acuity", "ZZ02", "above 99.8%"),
    ("eye.rop", "first_examination", "ZZ12", "below 99.8%"),
    ("labs.critical_results", "told_2h", "ZZ04", "below 99.8%"),
    ("mh.followup_crisis", "followed_up_72h", "ZZ08", "below 99.8%"),
    ("ortho.hip_fracture_bpt", "surgery_36h", "ZZ06", "below 99.8%"),
    ("theatres.cancelled_operations", "last_minute", "ZZ04", "above 99.8%"),
    ("workforce.rota_tcs2016", "rotas_within_limits", "ZZ10", "below 99.8%"),
];

fn definition() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("rules/demo.toml")
}

/// Runs the audit of a definition, and gives its folder.
#[track_caller]
fn audited(file: &Path) -> TempFolder {
    let folder = TempFolder::new();
    let out = folder.path("report");
    let ran = run(&["audit", file.to_str().unwrap(), "--out", out.to_str().unwrap(), "--quiet"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    folder
}

#[test]
fn every_rule_that_judges_cases_has_a_chapter() {
    let root = definition().parent().unwrap().to_owned();
    let runs = load_definition(&definition()).unwrap().runs;
    let within = |run: &Path| run.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
    let audited: BTreeSet<String> = runs.iter().map(|run| within(&run.rules)).collect();
    let judges = library().iter().filter(|of| {
        let package = of.package();
        let obliges = package.plan.answers.iter().any(|answer| matches!(answer.kind, AnswerKind::Obligation(_)));
        obliges || !package.measures.is_empty()
    });
    assert_eq!(audited, judges.map(|of| of.path.clone()).collect());
}

#[test]
fn what_was_planted_is_found() {
    let folder = audited(&definition());
    let table = folder.read("report/organisations.csv");
    let mut lines = table.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let head = lines.next().unwrap();
    let column = |name: &str| head.iter().position(|cell| *cell == name).unwrap();
    let (package, measure, member, place) =
        (column("package"), column("measure"), column("organisation"), column("place"));
    let rows: Vec<Vec<&str>> = lines.collect();
    for planted in PLANTED {
        let of = |row: &&Vec<&str>| (row[package], row[measure], row[member]) == (planted.0, planted.1, planted.2);
        let row = rows.iter().find(of).unwrap_or_else(|| panic!("{planted:?} is not in the table"));
        assert_eq!(row[place], planted.3, "{planted:?}");
    }
    let page = folder.read("report/report.html");
    assert!(page.contains("(invented)"), "the members are named as what they are");
}

/// The first runs of the definition twice: the same bytes, in whatever order the cores have come to them.
#[test]
fn the_same_data_make_the_same_report() {
    let text = std::fs::read_to_string(definition()).unwrap();
    let runs: Vec<&str> = text.split("\n[[run]]\n").take(7).collect();
    let root = definition().parent().unwrap().to_str().unwrap().to_owned();
    let absolute = |text: String| {
        let text = text.replace("= \"demo/", &format!("= \"{root}/demo/"));
        let text = text.replace("[\"demo/", &format!("[\"{root}/demo/"));
        text.replace("rules         = \"", &format!("rules         = \"{root}/"))
    };
    let folder = TempFolder::new();
    let file = folder.write("some.toml", absolute(runs.join("\n[[run]]\n")).as_bytes());
    let (first, second) = (audited(&file), audited(&file));
    for name in ["results.json", "organisations.csv", "report.html"] {
        let name = format!("report/{name}");
        assert_eq!(first.read(&name), second.read(&name), "{name}");
    }
}
