//! The corpus: every heading of `tests/corpus/**.md` and every page of a message's code is a test.
//!
//! `cargo test --test corpus` runs it, `cargo test --test corpus -- tables` a part of it; `CONCORD_UPDATE=1` writes the
//! expected messages again. Answers of cases are worked out by hand and never rewritten. See `tests/corpus/README.md`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first thing that is not as it should be"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use concord_engine::compile::{Compiled, changed};
use concord_engine::diagnostics::{Code, Diagnostic, Severity, codes};
use concord_engine::evaluate::evaluate;
use concord_engine::explain::expect::mismatches;
use concord_engine::plan::Package;
use concord_engine::plan::case::{Case, Settings};
use concord_engine::text::line_and_column;
use concord_tests::explained::differently;
use concord_tests::marks::{differences, marked, marks};
use concord_tests::sections::{Block, Piece, Section, USED, files, sections, updating};
use concord_tests::text::{Tried, whole, whole_as};
use concord_wasm::run::Program;
use libtest_mimic::{Arguments, Failed, Trial};

/// Codes that no text on a page can show: what raises them is made here.
const PAST_A_LIMIT: [&str; 2] = ["E0106", "E0414"];

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut trials = Vec::new();
    let mut met: BTreeSet<String> = PAST_A_LIMIT.iter().map(|code| (*code).to_owned()).collect();
    for path in files(&root.join("corpus")).expect("the corpus can be read") {
        let text = std::fs::read_to_string(&path).expect("a corpus file can be read");
        let file = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let mut read = sections(&text);
        if updating() {
            let again: String = read.iter().map(updated).collect();
            std::fs::write(&path, &again).expect("a corpus file can be written");
            read = sections(&again);
        }
        for section in &read {
            let texts = section.blocks("concord").chain(section.blocks_of(USED).map(|(_, text)| text));
            met.extend(texts.flat_map(marks).map(|mark| mark.code));
            met.extend(section.blocks("messages").flat_map(str::lines).filter_map(code_of).map(str::to_owned));
        }
        for section in read.into_iter().filter(|s| s.blocks("concord").next().is_some()) {
            let name = format!("{file}: {}", section.name);
            trials.push(Trial::test(name, move || one_section(&section).map_err(Failed::from)));
        }
    }
    for entry in codes::ALL {
        let code = entry.code.0;
        trials.push(Trial::test(format!("page of {code}"), move || page(code).map_err(Failed::from)));
    }
    trials.push(Trial::test("every code has a case that raises it", move || all_met(&met).map_err(Failed::from)));
    trials.push(Trial::test("a file past its limit", || past_a_limit().map_err(Failed::from)));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// The code of a message's first line: `error[E0409]: …`.
fn code_of(line: &str) -> Option<&str> {
    let after = line.strip_prefix("error[").or(line.strip_prefix("warning["))?;
    after.split_once(']').map(|(code, _)| code)
}

fn all_met(met: &BTreeSet<String>) -> Result<(), String> {
    let all = codes::ALL.iter().map(|entry| entry.code.0);
    let never: Vec<&str> = all.filter(|code| !met.contains(*code)).collect();
    if never.is_empty() { Ok(()) } else { Err(format!("no corpus case raises {}", never.join(", "))) }
}

fn past_a_limit() -> Result<(), String> {
    let large = format!("{}{}", " ".repeat(16 * 1024 * 1024), whole("define x = 1"));
    let columns = " a".repeat(44);
    let cells = "  0, 2, 4, 6".repeat(44);
    let wide = format!("subject S {{\n a : integer 0..7\n}}\ntable t {{\n{columns} | x\n{cells} | 1\n}}");
    for (code, text) in [("E0106", large), ("E0414", wide)] {
        let found: Vec<Code> = Tried::sample(&text).compiled.diagnostics.iter().map(|d| d.code).collect();
        if found != [codes::find(code).expect("it has a page").code] {
            return Err(format!("{code}: {found:?}"));
        }
    }
    Ok(())
}

fn one_section(section: &Section) -> Result<(), String> {
    let found = as_it_says(section);
    match (section.name.starts_with("not yet: "), found) {
        (false, found) => found,
        (true, Err(_)) => Ok(()),
        (true, Ok(())) => Err("this is so now: take `not yet: ` out of the heading".to_owned()),
    }
}

fn as_it_says(section: &Section) -> Result<(), String> {
    let (rule, tried) = Tried::of(section);
    let messages: Vec<&str> = section.blocks("messages").collect();
    let mut wrong = String::new();
    if messages.is_empty() || rule.contains("//~") {
        differences(&rule, &tried.told(None)).iter().for_each(|line| writeln!(wrong, "{line}").unwrap());
    }
    for (place, (path, text)) in section.blocks_of(USED).enumerate() {
        let found = differences(text, &tried.told(Some(place)));
        found.iter().for_each(|line| writeln!(wrong, "{path}: {line}").unwrap());
    }
    if !messages.is_empty() && messages.concat().trim_end() != tried.messages() {
        writeln!(wrong, "the messages are:\n{}", tried.messages()).unwrap();
    }
    for compiled in std::iter::once(&tried.compiled).chain(tried.used.iter().map(|(_, compiled)| compiled)) {
        answers(compiled, &tried, &mut wrong)?;
    }
    changes(section, &rule, &tried, &mut wrong);
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// Makes each change that a message shows: the message must be gone, and no error come in its place.
fn changes(section: &Section, rule: &str, tried: &Tried, wrong: &mut String) {
    let keys = |all: &[Diagnostic]| -> Vec<(Code, String)> {
        all.iter().filter(|d| d.severity == Severity::Error).map(|d| (d.code, d.title.clone())).collect()
    };
    let own = |d: &&Diagnostic| !d.edits.is_empty() && d.edits.iter().all(|edit| edit.span.source == 0);
    for fault in tried.compiled.diagnostics.iter().filter(own) {
        let Some(text) = changed(&whole(rule), &fault.edits) else {
            writeln!(wrong, "a change of {} does not fit the text", fault.code.0).unwrap();
            continue;
        };
        let used: Vec<String> = section.blocks_of(USED).map(|(path, text)| whole_as(path, text)).collect();
        let again = Tried::beside(text, tried.sources[1].text.clone(), &used, &[]).compiled.diagnostics;
        let mut left = keys(&tried.compiled.diagnostics);
        let new =
            keys(&again).into_iter().any(|key| left.iter().position(|k| *k == key).map(|at| left.remove(at)).is_none());
        let there = again.iter().filter(|d| d.code == fault.code && d.title == fault.title).count();
        let was = tried.compiled.diagnostics.iter().filter(|d| d.code == fault.code && d.title == fault.title).count();
        if new || there >= was {
            writeln!(wrong, "the change of {} {:?} leads to {again:#?}", fault.code.0, fault.edits).unwrap();
        }
    }
}

/// Holds the interpreter, the record entry, the batch entry and the module's own reasons against every example.
fn answers(compiled: &Compiled, tried: &Tried, wrong: &mut String) -> Result<(), String> {
    let Some(package @ Package { plan, examples, .. }) = &compiled.package else { return Ok(()) };
    let program = Program::compile(plan).map_err(|error| error.to_string())?;
    let mut instance = program.instance().map_err(|error| error.to_string())?;
    let mut batches: Vec<(Settings, Vec<Case>)> = Vec::new();
    for example in examples.iter().chain(&compiled.cases) {
        let settings = example.settings_for(plan.parameters.len());
        let reference = evaluate(plan, &example.case, &settings);
        for fault in mismatches(plan, example, &reference) {
            let source = &tried.sources[fault.span.source as usize];
            let (line, _) = line_and_column(&source.text, fault.span.start);
            let line = source.text.lines().nth(line - 1).unwrap_or_default().trim();
            writeln!(wrong, "`{}` should be {}, and is {}, in: {line}", fault.answer, fault.expected, fault.found)
                .unwrap();
        }
        let module = instance.evaluate(&example.case, &settings).map_err(|error| error.to_string())?;
        if module != program.visible(&reference) {
            writeln!(wrong, "the module's record entry answers `{}` differently", example.name).unwrap();
        }
        match batches.iter_mut().find(|(s, _)| *s == settings) {
            Some((_, cases)) => cases.push(example.case.clone()),
            None => batches.push((settings, vec![example.case.clone()])),
        }
    }
    for (settings, cases) in batches {
        let found = instance.evaluate_batch(&cases, &settings).map_err(|error| error.to_string())?;
        let wanted: Vec<_> = cases.iter().map(|case| program.visible(&evaluate(plan, case, &settings))).collect();
        if found != wanted {
            writeln!(wrong, "the module's batch entry answers differently").unwrap();
        }
    }
    for text in differently(package, examples.iter().chain(&compiled.cases))? {
        writeln!(wrong, "{text}").unwrap();
    }
    Ok(())
}

/// The section with its messages as they came.
fn updated(section: &Section) -> String {
    let (_, tried) = Tried::of(section);
    let has_messages = section.blocks("messages").next().is_some();
    let mut out = section.clone();
    let mut used = 0;
    for piece in &mut out.pieces {
        match piece {
            Piece::Block(Block { kind, text }) if kind == "concord" && (!has_messages || text.contains("//~")) => {
                *text = marked(text, &tried.told(None));
            }
            Piece::Block(Block { kind, text }) if kind.starts_with(USED) => {
                *text = marked(text, &tried.told(Some(used)));
                used += 1;
            }
            Piece::Block(Block { kind, text }) if kind == "messages" => *text = format!("{}\n", tried.messages()),
            _ => {}
        }
    }
    out.written()
}

fn page_path(code: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../engine/src/diagnostics/pages").join(format!("{code}.md"))
}

/// A page says what the code means, shows a wrong text that raises exactly it, its message, and the corrected text.
fn page(code: &str) -> Result<(), String> {
    let text = std::fs::read_to_string(page_path(code)).map_err(|error| error.to_string())?;
    let entry = codes::find(code).ok_or("no such code")?;
    let mut read = sections(&text);
    let names: Vec<&str> = read.iter().map(|s| s.name.as_str()).collect();
    let title = format!("{code}: {}", entry.title);
    if names != ["", title.as_str(), "Wrong", "Message", "Corrected"] {
        return Err(format!("the headings are {names:?}"));
    }
    let sample = |section: &Section, kind: &str| {
        let text = section.blocks(kind).next().map(whole)?;
        let used: Vec<String> = section.blocks_of(USED).map(|(path, text)| whole_as(path, text)).collect();
        Some(Tried::beside(text, section.blocks("cases").collect(), &used, &[]))
    };
    let clean = sample(&read[4], "concord").ok_or("no corrected text")?;
    if !clean.compiled.diagnostics.is_empty() || clean.compiled.package.is_none() {
        return Err(format!("the corrected text is not clean:\n{}", clean.messages()));
    }
    answers_of(&clean)?;
    if PAST_A_LIMIT.contains(&code) {
        return Ok(());
    }
    let wrong = sample(&read[2], "concord wrong").ok_or("no wrong text")?;
    let raised: Vec<&str> = wrong.compiled.diagnostics.iter().map(|d| d.code.0).collect();
    if raised.is_empty() || raised.iter().any(|found| *found != code) {
        return Err(format!("the wrong text raises {raised:?}\n{}", wrong.messages()));
    }
    if updating() {
        for piece in &mut read[3].pieces {
            if let Piece::Block(block) = piece {
                block.text = format!("{}\n", wrong.messages());
            }
        }
        let again: String = read.iter().map(Section::written).collect();
        return std::fs::write(page_path(code), again).map_err(|error| error.to_string());
    }
    let shown: String = read[3].blocks("text").collect();
    if shown.trim_end() == wrong.messages() { Ok(()) } else { Err(format!("the message is:\n{}", wrong.messages())) }
}

fn answers_of(tried: &Tried) -> Result<(), String> {
    let mut wrong = String::new();
    answers(&tried.compiled, tried, &mut wrong)?;
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}
