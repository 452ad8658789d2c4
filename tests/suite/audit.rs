//! The audit on real data: published figures come out, and nothing is lost on the way.
use crate::packages::{compile, data_file};
use concord_cli::audit::{self, Disclosure, Options};
use concord_cli::data::read::{Export, Mapping, ReadOptions, load_mapping, read_export};
use concord_cli::report::model::{Audit, Results, Run};
use concord_engine::evaluate::evaluate;
use concord_engine::plan::Plan;
use concord_engine::plan::case::Case;
use concord_engine::values::calendar::{DAY, read_instant};

fn export(plan: &Plan, map: &str, data: &str, as_of: &str) -> Export {
    let mapping: Mapping = load_mapping(plan, &data_file(map)).unwrap_or_else(|error| panic!("{error}"));
    let options = ReadOptions { as_of: read_instant(as_of).unwrap(), ..ReadOptions::default() };
    read_export(plan, &mapping, &[data_file(data)], &options, &mut |_| {}).unwrap()
}

fn run(plan: &Plan, export: Export, options: &Options) -> Audit {
    let settings = vec![None; plan.parameters.len()];
    let logic = audit::logic(plan, &settings, "", "");
    let mut judge = |cases: &[Case]| Ok(cases.iter().map(|case| evaluate(plan, case, &settings)).collect());
    let mut explain = |_: usize, _: &Case| vec!["because".to_owned()];
    audit::audit(plan, logic, export, &mut judge, &mut explain, &mut |_| {}, options).unwrap()
}

fn sepsis() -> Plan {
    compile(include_str!("samples/audit_sepsis.concord"))
}

#[test]
fn antibiotics_are_late_in_481_of_823() {
    let plan = sepsis();
    let export = export(&plan, "sepsis/sepsis.map.toml", "sepsis/sepsis.csv", "2015-12-31T00:00:00+01:00");
    println!("{:#?}", export.data);
    let options = Options { disclosure: Disclosure::Off("test".to_owned()), as_of: read_instant("2015-12-31T00:00:00Z").unwrap() / DAY, ..Options::default() };
    let audit = run(&plan, export, &options);
    println!("{:#?}", audit.obligations);
    println!("{:#?}", audit.measures);
    for h in audit::headlines(&[audit]) { println!("{h:?}"); }
}
