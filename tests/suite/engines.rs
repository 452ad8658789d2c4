//! The corpus as files: every module with its manifest and its vectors, and with a script of calls whose every address, byte and result
//! is written down, so that a program of some lines replays it in any engine. `tests/engines` holds those programs, and the hosts of
//! `wasm/hosts` answer the same files: they are what `concord build` writes.
//!
//! The files are written to `target/vectors` by what runs the modules here, and what comes out is held to the reference interpreter.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use concord_cli::command::build::vectors::vectors;
use concord_cli::data::case_out::case_out;
use concord_cli::golden::{golden, tried};
use concord_cli::manifest;
use concord_cli::module::Module;
use concord_cli::output::Output;
use concord_cli::project;
use concord_engine::evaluate::evaluate;
use concord_engine::plan::Package;
use concord_engine::plan::case::{Case, Settings};
use concord_engine::plan::fingerprint::hex;
use concord_engine::plan::library::Example;
use concord_tests::sections::{files, sections};
use concord_tests::text::Tried;
use concord_wasm::run::{Instance, PlacedBatch, Program};

use crate::generate::{self, Random};
use crate::json_in_module::broken;
use crate::packages::{LIBRARY, compile};

/// Random cases of a rule of the library, and of a package of the corpus.
const RANDOM: [usize; 2] = [40, 3];

const QUIET: Output = Output::quiet();

/// Where the files are written.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("../vectors")
}

/// A script in the making, and the module that it is played to.
struct Script<'a> {
    program: Program,
    instance: &'a mut Instance,
    set: Settings,
    text: String,
    trials: usize,
}

impl Script<'_> {
    fn line(&mut self, line: &str) {
        writeln!(self.text, "{line}").unwrap();
    }

    fn trial(&mut self, name: &str) {
        self.trials += 1;
        self.line(&format!("trial {}", name.replace('\n', " ")));
    }

    fn call(&mut self, call: &str, result: i32) {
        self.line(&format!("call {call} = {result}"));
    }

    /// Bytes that the host writes, once the memory reaches so far.
    fn put(&mut self, at: u32, end: u32) {
        let bytes = &self.instance.memory()[at as usize..end as usize];
        let line = format!("put {at} {}", hex(bytes));
        self.line(&format!("room {end}"));
        self.line(&line);
    }

    fn get(&mut self, at: u32, bytes: u32) {
        if bytes > 0 {
            let line = format!("get {at} {}", hex(&self.instance.memory()[at as usize..(at + bytes) as usize]));
            self.line(&line);
        }
    }

    fn configure(&mut self, settings: &Settings) {
        for (number, value) in settings.iter().enumerate() {
            match value {
                same if *same == self.set[number] => {}
                Some(value) => self.call(&format!("configure {number} {value}L"), 0),
                None => self.call(&format!("unconfigure {number}"), 0),
            }
        }
        self.set.clone_from(settings);
        self.instance.configure(settings).unwrap();
    }

    fn workspace(&mut self, given: Option<(u32, u32)>) {
        if let Some((at, bytes)) = given {
            let most = self.instance.call_set_workspace(at, bytes).unwrap();
            self.call(&format!("set_workspace {at} {bytes}"), most);
        }
    }

    /// One case through the record entry.
    fn record(&mut self, name: &str, case: &Case, settings: &Settings) {
        self.trial(&format!("{name}: record"));
        self.configure(settings);
        let heap = self.program.layout().heap;
        self.instance.memory()[heap as usize..].fill(0);
        let placed = self.instance.place_record(case).unwrap();
        self.put(heap, placed.end);
        self.workspace(placed.workspace);
        let status = self.instance.call_record(placed.record, placed.out).unwrap();
        self.call(&format!("evaluate_record {} {}", placed.record, placed.out), status);
        let layout = self.program.layout();
        let bytes = if status == 0 { 8 + layout.record_out_parts } else { layout.record_out };
        self.get(placed.out, bytes);
        let reference = self.program.visible(&evaluate(self.program.plan(), case, settings));
        assert_eq!(self.instance.evaluate(case, settings).unwrap(), reference, "{name}");
        self.workspace(placed.workspace.map(|_| (0, 0)));
    }

    /// Many cases through the batch entry.
    fn batch(&mut self, cases: &[Case], settings: &Settings) {
        self.trial(&format!("{} cases: batch", cases.len()));
        self.configure(settings);
        let heap = self.program.layout().heap;
        self.instance.memory()[heap as usize..].fill(0);
        let placed = self.instance.place_batch(cases).unwrap();
        self.put(heap, placed.end);
        self.workspace(placed.workspace);
        let PlacedBatch { columns, out, status, lows, detail, .. } = placed;
        let rows = u32::try_from(cases.len()).unwrap();
        let incomplete = self.instance.call_batch(rows, columns, out).unwrap();
        self.call(&format!("evaluate_batch {rows} {columns} {out}"), incomplete);
        self.get(status, 4 * rows);
        lows.iter().for_each(|(at, bytes)| self.get(*at, rows * u32::from(*bytes)));
        self.get(detail, incomplete.cast_unsigned() * self.program.layout().record_out);
        self.workspace(placed.workspace.map(|_| (0, 0)));
    }

    /// One text through the JSON entry, where there is one.
    fn json(&mut self, name: &str, text: &[u8], settings: &Settings) {
        if !self.instance.takes_json() {
            return;
        }
        self.trial(&format!("{name}: JSON"));
        self.configure(settings);
        let reset = self.instance.call_reset().unwrap().unwrap();
        self.call("reset", reset);
        let bytes = u32::try_from(text.len()).unwrap();
        let at = self.instance.call_alloc(bytes.cast_signed()).unwrap().unwrap();
        self.call(&format!("alloc {bytes}"), at);
        let start = at as usize;
        self.instance.memory()[start..start + text.len()].copy_from_slice(text);
        self.put(at.cast_unsigned(), at.cast_unsigned() + bytes);
        let status = self.instance.call_json(at, bytes.cast_signed()).unwrap().unwrap();
        self.call(&format!("evaluate_json {at} {bytes}"), status);
        let (out, length) = self.instance.call_json_out().unwrap().unwrap();
        self.call("json_out", out);
        self.call("json_out_bytes", length);
        self.get(out.cast_unsigned(), length.cast_unsigned());
        let reset = self.instance.call_reset().unwrap().unwrap();
        self.call("reset", reset);
    }

    /// Everything that is tried of a package.
    fn package(&mut self, package: &Package, examples: &[&Example], random: &mut Random, count: usize) {
        let plan = &package.plan;
        let mut cases: Vec<(String, Settings, Case)> = Vec::new();
        for example in examples {
            cases.push((example.name.clone(), example.settings_for(plan.parameters.len()), example.case.clone()));
        }
        for number in 0..count {
            let settings =
                if number % 4 == 0 { generate::settings(random, plan) } else { vec![None; plan.parameters.len()] };
            cases.push((format!("random case {number}"), settings, generate::case(random, plan)));
        }
        let mut batches: Vec<(&Settings, Vec<Case>)> = Vec::new();
        for (number, (name, settings, case)) in cases.iter().enumerate() {
            self.record(name, case, settings);
            let text = case_out(plan, case).to_string();
            self.json(name, text.as_bytes(), settings);
            if number % 4 == 0 {
                self.json(&format!("{name}, broken"), &broken(random, &text), settings);
            }
            match batches.iter_mut().find(|(with, _)| *with == settings) {
                Some((_, cases)) => cases.push(case.clone()),
                None => batches.push((settings, vec![case.clone()])),
            }
        }
        let fit = |cases: &[Case]| self.in_the_first_memory(cases);
        let batches: Vec<_> = batches.iter().map(|(settings, cases)| (*settings, fit(cases), cases)).collect();
        for (settings, most, cases) in batches {
            cases.chunks(most).for_each(|cases| self.batch(cases, settings));
        }
    }

    /// How many of these cases at a time leave the memory as large as it is at the start: some hosts cannot grow it.
    fn in_the_first_memory(&self, cases: &[Case]) -> usize {
        let mut instance = self.program.instance().unwrap();
        let bytes = instance.memory().len();
        let mut most = cases.len();
        while most > 1 && instance.place_batch(&cases[..most]).unwrap().end as usize > bytes {
            most = most * 2 / 3;
        }
        most
    }
}

/// Writes the files of a package; the line of the index about it, and how many trials it has.
fn write(name: &str, title: &str, package: &Package, examples: &[&Example], count: usize) -> (String, usize) {
    let tried = tried(package, examples);
    let module = Module::whole_of(package, (&golden(&tried), examples.len()), None, &QUIET);
    let mut module = module.unwrap_or_else(|_| panic!("{title} has no module"));
    let failures = module.program().instance().unwrap().call_self_test().unwrap();
    assert!(matches!(failures, None | Some(0)), "{title} fails its own test: {failures:?}");
    let beside = |ending: &str| folder().join(format!("{name}.{ending}"));
    let file = format!("{name}.wasm");
    fs::write(beside("wasm"), module.bytes()).unwrap();
    let carried = manifest::manifest(package, module.layout(), module.takes_json(), examples.len());
    let said = manifest::beside(carried, None, &file, module.bytes());
    fs::write(beside("manifest.json"), serde_json::to_string_pretty(&said).unwrap()).unwrap();
    let texts = vectors(package, &mut module, tried, &QUIET).unwrap_or_else(|_| panic!("{title} has no vectors"));
    fs::write(beside("vectors.json"), texts).unwrap();
    let program = module.program().clone();
    let mut instance = program.instance().unwrap();
    let set = vec![None; package.plan.parameters.len()];
    let mut script = Script { program, instance: &mut instance, set, text: String::new(), trials: 0 };
    script.package(package, examples, &mut Random::new(1), count);
    fs::write(beside("calls"), &script.text).unwrap();
    (format!("{name} {} {title}\n", script.trials), script.trials)
}

/// NEWS2 with another limit of the pulse, which carries the golden cases of NEWS2: a module that fails its own test, for hosts to refuse.
fn one_that_answers_otherwise() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules/clinical/news2");
    let (loaded, package) = project::one(&path, &QUIET).unwrap_or_else(|_| panic!("NEWS2 does not compile"));
    let examples: Vec<&Example> = loaded.examples().collect();
    let text = fs::read_to_string(path.join("news2.concord")).unwrap();
    let other = text.replace("51..90   | 0", "51..91   | 0").replace("91..110  | 1", "92..110  | 1");
    assert_ne!(other, text);
    let golden = golden(&tried(&package, &examples));
    let module = Module::whole_of(&compile(&other), (&golden, examples.len()), None, &QUIET);
    let module = module.unwrap_or_else(|_| panic!("the other NEWS2 has no module"));
    assert!(module.program().instance().unwrap().call_self_test().unwrap().is_some_and(|failures| failures > 0));
    let folder = folder().join("wrong");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("news2.wasm"), module.bytes()).unwrap();
}

/// `tests/engines` replays what this writes.
#[test]
fn the_corpus_is_written_as_files() {
    let _ = fs::remove_dir_all(folder());
    fs::create_dir_all(folder()).unwrap();
    let (mut index, mut trials, mut modules) = (String::new(), 0, 0);
    let mut one = |name: &str, title: &str, package: &Package, examples: &[&Example], count: usize| {
        let (line, more) = write(name, title, package, examples, count);
        index.push_str(&line);
        trials += more;
        modules += 1;
    };
    for rule in LIBRARY {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules").join(rule);
        let (loaded, package) = project::one(&path, &QUIET).unwrap_or_else(|_| panic!("{rule} does not compile"));
        let examples: Vec<&Example> = loaded.examples().collect();
        one(&rule.replace('/', "."), &format!("rules/{rule}"), &package, &examples, RANDOM[0]);
    }
    one_that_answers_otherwise();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for path in files(&root).unwrap() {
        let file = path.strip_prefix(&root).unwrap().with_extension("").to_string_lossy().replace('/', "-");
        let read = sections(&fs::read_to_string(&path).unwrap());
        for (place, section) in read.iter().enumerate().filter(|(_, s)| s.blocks("concord").next().is_some()) {
            let tried = Tried::of(section).1;
            let used = tried.used.iter().map(|(_, compiled)| compiled);
            for (number, compiled) in std::iter::once(&tried.compiled).chain(used).enumerate() {
                let Some(package) = &compiled.package else { continue };
                let examples: Vec<&Example> = package.examples.iter().chain(&compiled.cases).collect();
                let title = format!("{file}: {}", section.name);
                one(&format!("{file}-{place}-{number}"), &title, package, &examples, RANDOM[1]);
            }
        }
    }
    fs::write(folder().join("index.txt"), &index).unwrap();
    println!("{modules} modules, {trials} trials in {}", folder().display());
    assert!(modules > 100 && trials > 1_000, "{modules} {trials}");
}
