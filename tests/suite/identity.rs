//! One fingerprint, one answer: whatever a case is read by belongs to it, and nothing that is for people alone.

use concord_engine::plan::fingerprint::fingerprint;
use concord_tests::text::whole;

use crate::packages::compile;

const TEXT: &str = "enum Mind { alert \"Alert\" from snomed 248234008, confused }
codes wards { \"A1\", \"B2\" }
subject Stay {
  creatinine : integer 10..3000 µmol/L or mg/dL at 88.42
  weight     : decimal 0.0..400.0 kg or lb or g
  spo2       : integer 30..100 % from snomed 1104311000000102 or loinc 2708-6 taking lowest within 24 h
  mind       : Mind
  ward       : code
  event Lactate { value : decimal 0.0..30.0 mmol/L or mg/dL at 0.111 from loinc 2524-7 }
  event Review from snomed 404684003
}
parameter limit : integer 0..100 = 10
  local 5..20 for full, associate \"may be stricter\"
define high   = creatinine > 100 µmol/L
define heavy  = weight > 100.0 kg
define low    = spo2 < 90 %
define awake  = mind is alert
define here   = ward in wards
define raised = (count Lactate where value > 2.0 mmol/L) > limit
define seen   = any Review
";

fn printed(text: &str) -> String {
    fingerprint(&compile(&whole(text)))
}

fn with(from: &str, to: &str) -> String {
    assert!(TEXT.contains(from), "{from}");
    printed(&TEXT.replace(from, to))
}

/// Each of these can make another answer of one case, or let a member set what the other does not.
#[test]
fn what_a_case_is_read_by_is_in_the_fingerprint() {
    let changes = [
        (" or mg/dL at 88.42", ""),
        ("at 88.42", "at 8.842"),
        ("mg/dL at 88.42", "mg/L at 8.842"),
        (" or lb or g", " or lb"),
        (" or lb or g", ""),
        (" or mg/dL at 0.111", ""),
        ("at 0.111", "at 0.11"),
        (" from snomed 248234008", ""),
        ("snomed 248234008", "snomed 431314004"),
        ("alert \"Alert\" from snomed 248234008, confused", "alert \"Alert\", confused from snomed 248234008"),
        (" from loinc 2524-7", ""),
        (" or loinc 2708-6", ""),
        (" from snomed 404684003", ""),
        ("from snomed 404684003", "from snomed 431314004"),
        (" taking lowest within 24 h", ""),
        ("taking lowest", "taking highest"),
        ("within 24 h", "within 12 h"),
        (" within 24 h", ""),
        (" for full, associate", ""),
        (" for full, associate", " for full"),
        ("5..20", "5..21"),
        ("local 5..20", "local any"),
        ("= 10\n", "= 11\n"),
        ("\"B2\"", "\"B3\""),
    ];
    let mut prints = vec![printed(TEXT)];
    for (from, to) in changes {
        let print = with(from, to);
        assert!(!prints.contains(&print), "{from} → {to}");
        prints.push(print);
    }
}

/// Names of what is no fact, event or answer, words for people, comments and the order of what has none.
#[test]
fn what_changes_no_answer_is_not() {
    let print = printed(TEXT);
    let changes = [
        ("kg or lb or g", "kg or g or lb"),
        ("snomed 1104311000000102 or loinc 2708-6", "loinc 2708-6 or snomed 1104311000000102"),
        ("for full, associate", "for associate, full"),
        ("may be stricter", "may differ"),
        ("\"Alert\"", "\"Awake and alert\""),
        ("Mind", "State"),
        ("wards", "places"),
        ("\"A1\", \"B2\"", "\"B2\", \"A1\""),
        ("subject Stay", "subject Visit"),
        ("define low ", "// low\n/// Low.\ndefine low \"Low\" "),
    ];
    for (from, to) in changes {
        assert_eq!(with(from, to), print, "{from} → {to}");
    }
    let (first, last) = TEXT.split_once("define high").unwrap();
    let mut lines: Vec<&str> = last.lines().collect();
    let high = format!("define high{}", lines.remove(0));
    lines.push(&high);
    assert_eq!(printed(&format!("{first}{}\n", lines.join("\n"))), print);
}
