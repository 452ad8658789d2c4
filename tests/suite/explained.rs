//! Reasons by the module itself, on random cases of every package of the corpus: bundles, paths, tables, obligations repeated and excused,
//! whatever the language has.

use std::path::Path;

use concord_cli::data::case_out::case_out;
use concord_engine::explain::Template;
use concord_tests::sections::{files, sections};
use concord_tests::text::Tried;

use crate::generate::{self, Random};
use crate::json_in_module::{instance, number, same};

/// How many cases each package is asked; `CONCORD_TEXTS` asks for more.
const CASES: u64 = 12;

#[test]
fn every_package_of_the_corpus_says_why_as_the_command_line_does() {
    let cases = CASES.max(number("CONCORD_TEXTS", 0) / 1_000);
    let mut random = Random::new(number("CONCORD_SEED", 1));
    let mut seen = [0_u64; 6];
    for folder in ["constructs", "meaning", "packages"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(folder);
        let texts = files(&folder).unwrap().into_iter().map(|file| std::fs::read_to_string(file).unwrap());
        for section in texts.flat_map(|text| sections(&text)) {
            let (_, tried) = Tried::of(&section);
            let Some(package) = &tried.compiled.package else { continue };
            let plan = &package.plan;
            let mut instance = instance(plan);
            if plan.answers.is_empty() {
                continue;
            }
            for answer in plan.answers.iter() {
                seen[match Template::of(plan, answer) {
                    Template::Value(_) => 0,
                    Template::Path(_) => 1,
                    Template::Table(..) => 2,
                    Template::Obligation(_) => 3,
                    Template::Bundle(_) => 4,
                    Template::Nothing => 5,
                }] += 1;
            }
            for _ in 0..cases {
                let mut case = generate::case(&mut random, plan);
                case.labels = plan.subject.labels.iter().map(|_| None).collect();
                let settings = generate::settings(&mut random, plan);
                same(plan, &mut instance, case_out(plan, &case).to_string().as_bytes(), &settings);
            }
        }
    }
    println!("values, paths, tables, obligations, bundles, others: {seen:?}");
    assert!(seen[..5].iter().all(|count| *count > 0), "{seen:?}");
}
