//! The bound on the operators of WebAssembly that a case costs, held to what an engine counts: on every case of the library, on random cases of it, and on
//! random plans. `cargo test --release --test suite fuel -- --nocapture` prints how close it is.

use concord_engine::plan::bound::WorkBound;
use concord_engine::plan::case::{Case, Settings, When};
use concord_engine::plan::{Package, Plan};
use concord_wasm::run::{Instance, Program};
use wasmtime::{Config, Engine, Instance as Running, Memory, Module, Store, TypedFunc};

use crate::generate::{self, Random};
use crate::packages::{LIBRARY, authored};

/// A module in an engine that counts.
struct Counting {
    store: Store<()>,
    memory: Memory,
    record: TypedFunc<(i32, i32), i32>,
    set_workspace: TypedFunc<(i32, i32), i32>,
    configure: TypedFunc<(i32, i64), i32>,
    /// The same where cases are laid out.
    instance: Instance,
    bound: WorkBound,
}

const PLENTY: u64 = 1 << 62;

impl Counting {
    fn new(plan: &Plan) -> Counting {
        let program = Program::compile(plan).unwrap();
        let engine = Engine::new(Config::new().consume_fuel(true)).unwrap();
        let module = Module::new(&engine, program.bytes()).unwrap();
        let mut store = Store::new(&engine, ());
        store.set_fuel(PLENTY).unwrap();
        let running = Running::new(&mut store, &module, &[]).unwrap();
        Counting {
            memory: running.get_memory(&mut store, "memory").unwrap(),
            record: running.get_typed_func(&mut store, "evaluate_record").unwrap(),
            set_workspace: running.get_typed_func(&mut store, "set_workspace").unwrap(),
            configure: running.get_typed_func(&mut store, "configure").unwrap(),
            instance: program.instance().unwrap(),
            bound: program.layout().operators.clone(),
            store,
        }
    }

    /// The operators that a case costs, and at most.
    fn count(&mut self, case: &Case, settings: &Settings) -> (u64, u64) {
        let placed = self.instance.place_record(case).unwrap();
        let bytes = self.instance.memory().to_vec();
        let more = (bytes.len() - self.memory.data_size(&self.store)) / 65_536;
        self.memory.grow(&mut self.store, more as u64).unwrap();
        let heap = placed.record as usize;
        self.memory.write(&mut self.store, heap, &bytes[heap..]).unwrap();
        let (address, bytes) = placed.workspace.unwrap_or((0, 0));
        self.set_workspace.call(&mut self.store, (address.cast_signed(), bytes.cast_signed())).unwrap();
        for (number, value) in (0..).zip(settings).filter_map(|(number, value)| Some((number, (*value)?))) {
            assert_eq!(self.configure.call(&mut self.store, (number, value)).unwrap(), 0);
        }
        self.store.set_fuel(PLENTY).unwrap();
        self.record.call(&mut self.store, (placed.record.cast_signed(), placed.out.cast_signed())).unwrap();
        let used = PLENTY - self.store.get_fuel().unwrap();
        let unplaced = case.events.iter().filter(|event| !matches!(event.at, When::Known(_))).count();
        (used, self.bound.at(case.events.len() as u64, unplaced as u64))
    }
}

/// The greatest share of its bound that a case used; no case uses more.
fn closest(plan: &Plan, cases: impl IntoIterator<Item = (Case, Settings)>) -> f64 {
    let mut counting = Counting::new(plan);
    let mut closest = 0.0_f64;
    for (case, settings) in cases {
        let (used, most) = counting.count(&case, &settings);
        assert!(used <= most, "{used} operators, and the bound is {most}: {case:?}");
        closest = closest.max(used as f64 / most as f64);
    }
    closest
}

/// Cases as they come, and some with many events: at one time, and at none.
fn cases(package: &Package, random: &mut Random) -> Vec<(Case, Settings)> {
    let plan = &package.plan;
    let mut cases: Vec<(Case, Settings)> =
        package.examples.iter().map(|of| (of.case.clone(), of.settings_for(plan.parameters.len()))).collect();
    for number in 0..300 {
        let mut case = generate::case(random, plan);
        if number % 30 == 0 && !case.events.is_empty() {
            let some = case.events.clone();
            let wanted = [70, 300][number / 30 % 2];
            case.events = some.into_iter().cycle().take(wanted).collect();
            case.sort_events(&plan.subject);
        }
        cases.push((case, generate::settings(random, plan)));
    }
    cases
}

#[test]
fn no_case_of_a_rule_costs_more_operators_than_the_manifest_says() {
    let mut random = Random::new(1);
    for rule in LIBRARY {
        let package = authored(rule);
        let cases = cases(&package, &mut random);
        let share = closest(&package.plan, cases);
        let bound = Program::compile(&package.plan).unwrap().layout().operators.to_string();
        println!("{rule}: {bound}; at most 1 in {:.1} of it used", 1.0 / share);
        assert!(share > 0.02, "{rule}: the bound is {:.0} times what any case uses", 1.0 / share);
    }
}

#[test]
fn no_case_of_a_random_plan_costs_more_operators_than_its_bound() {
    let mut random = Random::new(1);
    let mut shares = Vec::new();
    for _ in 0..150 {
        let plan = generate::plan(&mut random);
        let cases: Vec<_> =
            (0..20).map(|_| (generate::case(&mut random, &plan), generate::settings(&mut random, &plan))).collect();
        shares.push(closest(&plan, cases));
    }
    shares.sort_by(f64::total_cmp);
    println!("half of the plans use 1 in {:.1} or more, the least 1 in {:.1}", 1.0 / shares[75], 1.0 / shares[0]);
}
