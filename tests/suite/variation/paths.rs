//! Variants and differences from a standard path, worked out by hand.

use concord_engine::variation::conformance::{DifferenceCounts, Divergence, compare};
use concord_engine::variation::paths::VariantCounts;

fn words(path: &str) -> Vec<&str> {
    path.split_whitespace().collect()
}

const CASES: [(&str, &str); 8] = [
    ("Wigan", "arrive triage treat leave"),
    ("Wigan", "arrive triage treat leave"),
    ("Salford", "arrive treat triage leave"),
    ("Salford", "arrive triage treat leave"),
    ("Salford", "arrive treat triage leave"),
    ("Wigan", "arrive leave"),
    ("Salford", ""),
    ("Wigan", "arrive leave"),
];

#[test]
fn variants_are_counted_for_each_organisation_and_the_group() {
    let mut counts = VariantCounts::new();
    for (organisation, path) in CASES {
        counts.add(organisation, &words(path));
    }
    let found = counts.variants();
    assert_eq!(found.cases, 8);
    let listed: Vec<(String, u64, f64)> =
        found.variants.iter().map(|v| (v.activities.join(" "), v.cases, v.coverage)).collect();
    assert_eq!(
        listed,
        [
            ("arrive triage treat leave".to_owned(), 3, 0.375),
            ("arrive leave".to_owned(), 2, 0.625),
            ("arrive treat triage leave".to_owned(), 2, 0.875),
            (String::new(), 1, 1.0),
        ]
    );
    assert_eq!(found.variants[0].by_organisation, [("Salford".to_owned(), 1), ("Wigan".to_owned(), 2)]);
    let [salford, wigan] = found.organisations.as_slice() else { panic!("two organisations") };
    assert_eq!((salford.cases, salford.variants, salford.commonest), (4, 3, 2));
    assert_eq!(salford.commonest_share, 0.5);
    assert_eq!((wigan.cases, wigan.variants, wigan.commonest), (4, 2, 0));
    assert_eq!(VariantCounts::new().variants().variants, []);
}

#[test]
fn counting_in_parts_gives_the_same_variants() {
    let whole = CASES.iter().fold(VariantCounts::new(), |mut counts, (o, path)| {
        counts.add(o, &words(path));
        counts
    });
    for cut in 0..=CASES.len() {
        let mut parts = [VariantCounts::new(), VariantCounts::new()];
        for (i, (organisation, path)) in CASES.iter().enumerate() {
            parts[usize::from(i < cut)].add(organisation, &words(path));
        }
        let [mut first, second] = parts;
        first.merge(&second);
        assert_eq!(first.variants(), whole.variants());
    }
}

const STANDARD: &str = "arrive triage bloods treat leave";

#[test]
fn the_standard_path_has_no_difference() {
    let found = compare(&words(STANDARD), &words(STANDARD));
    assert_eq!(found, Default::default());
}

fn divergence(position: usize, expected: &str, found: &str) -> Option<Divergence> {
    let word = |w: &str| (!w.is_empty()).then(|| w.to_owned());
    Some(Divergence { position, expected: word(expected), found: word(found) })
}

#[test]
fn skipped_repeated_and_extra_steps_are_told_apart() {
    let path = "arrive triage scan treat triage triage scan leave";
    let found = compare(&words(STANDARD), &words(path));
    assert_eq!(found.first, divergence(2, "bloods", "scan"));
    assert_eq!(found.skipped, ["bloods"]);
    assert_eq!(found.repeated, [("triage".to_owned(), 2)]);
    assert_eq!(found.extra, [("scan".to_owned(), 2)]);
    assert!(found.out_of_order.is_empty());
}

#[test]
fn the_fewest_steps_are_called_out_of_order() {
    let moved = |path: &str| compare(&words(STANDARD), &words(path)).out_of_order;
    // Leaving first moves one step, not four.
    assert_eq!(moved("leave arrive triage bloods treat"), ["leave"]);
    assert_eq!(moved("triage bloods treat leave arrive"), ["arrive"]);
    assert_eq!(moved("arrive bloods triage treat leave"), ["triage"]);
    assert_eq!(moved("leave treat bloods triage arrive"), ["treat", "bloods", "triage", "arrive"]);
    // A step repeated later is a repeat, judged by its first time.
    assert!(moved("arrive triage bloods treat triage leave").is_empty());
}

#[test]
fn a_path_that_ends_early_or_late_diverges_there() {
    let first = |path: &str| compare(&words(STANDARD), &words(path)).first;
    assert_eq!(first("arrive triage"), divergence(2, "bloods", ""));
    assert_eq!(first(""), divergence(0, "arrive", ""));
    assert_eq!(first(&format!("{STANDARD} return")), divergence(5, "", "return"));
}

#[test]
fn a_standard_may_ask_for_a_step_twice() {
    let standard = words("dose wait dose");
    assert_eq!(compare(&standard, &words("dose wait")).skipped, ["dose"]);
    assert_eq!(compare(&standard, &words("dose dose wait dose")).repeated, [("dose".to_owned(), 1)]);
}

#[test]
fn differences_are_counted_by_case() {
    let standard = words(STANDARD);
    let mut counts = DifferenceCounts::new();
    for (path, cases) in [(STANDARD, 5), ("arrive triage treat leave", 3), ("arrive", 4)] {
        counts.add(&compare(&standard, &words(path)), cases);
    }
    let found = counts.summary();
    assert_eq!((found.cases, found.on_standard), (12, 5));
    let named = |n: &str, cases| (n.to_owned(), cases);
    assert_eq!(found.skipped, [named("bloods", 7), named("leave", 4), named("treat", 4), named("triage", 4)]);
    assert_eq!(found.first[0], (divergence(1, "triage", "").unwrap(), 4));
    assert_eq!(found.first[1], (divergence(2, "bloods", "treat").unwrap(), 3));
}
