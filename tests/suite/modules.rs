//! Modules as every engine takes them: no long functions, and memory by the events of a case.

use std::fmt::Write as _;

use concord_engine::evaluate::evaluate;
use concord_engine::plan::case::Case;
use concord_wasm::abi::WORKSPACE_EVENTS;
use concord_wasm::emit::Limits;
use concord_wasm::run::{Instance, Program};

use crate::differential;
use crate::limits::{HEADER, lines};
use crate::packages::{authored, compile};

/// A number of the binary format, and the place after it.
pub fn number(bytes: &[u8], mut at: usize) -> (usize, usize) {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = usize::from(bytes[at]);
        at += 1;
        value |= (byte & 127) << shift;
        shift += 7;
        if byte < 128 {
            return (value, at);
        }
    }
}

/// The bytes and locals of each function of a module.
fn functions(module: &[u8]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 8;
    while at < module.len() {
        let section = module[at];
        let (length, start) = number(module, at + 1);
        at = start + length;
        if section != 10 {
            continue;
        }
        let (count, mut function) = number(module, start);
        for _ in 0..count {
            let (length, body) = number(module, function);
            let (groups, mut group) = number(module, body);
            let mut locals = 0;
            for _ in 0..groups {
                let (count, ty) = number(module, group);
                locals += count;
                group = ty + 1;
            }
            found.push((length, locals));
            function = body + length;
        }
    }
    found
}

/// No function is larger than it may be.
#[track_caller]
pub fn assert_small(module: &[u8], limits: Limits) {
    let found = functions(module);
    assert!(!found.is_empty());
    let is_large = |(bytes, locals): &&(usize, usize)| *bytes > limits.bytes || *locals > limits.locals;
    let large: Vec<_> = found.iter().filter(is_large).collect();
    assert!(large.is_empty(), "bytes and locals of functions: {large:?}");
}

#[test]
fn the_limits_are_those_that_the_page_promises() {
    assert_eq!(Limits::ENGINES, Limits { bytes: 6_000, locals: 200, module: 64 << 10, brief: true });
}

fn subject() -> String {
    let mut text = format!("{HEADER}enum Colour {{ red, green }}\nsubject Case {{\n  c : Colour\n");
    (0..40).for_each(|f| writeln!(text, "  f{f} : integer 0..4999").unwrap());
    text + "}\n"
}

#[test]
fn a_table_of_five_hundred_rows_is_cut() {
    let names: Vec<String> = (0..40).map(|name| format!("define g{name} = f{name} * 3 + {name}\n")).collect();
    let mut text = subject() + names.concat().as_str() + "table t {\n  f0 c | points\n";
    for low in (0..5_000).step_by(20) {
        writeln!(text, "  {low}..{} red | g{}\n  {low}..{} green | {low}", low + 19, low / 20 % 40, low + 19).unwrap();
    }
    differential::agree(&compile(&(text + "}\n")).plan);
}

#[test]
fn a_sum_of_two_hundred_products_is_cut() {
    let sum: Vec<String> = (0..200).map(|term| format!("f{} * f{}", term % 40, term * 7 % 40)).collect();
    differential::agree(&compile(&format!("{}define d = {}\n", subject(), sum.join(" + "))).plan);
}

#[test]
fn what_is_nested_as_deep_as_may_be_is_cut() {
    let (mut nested, mut branches) = (String::from("f0"), String::from("f1"));
    (0..55).for_each(|depth| nested = format!("(f{} - {nested} * 1)", depth % 40));
    (0..18).for_each(|depth| {
        branches = format!("(if f{} > f{} then {branches} else f{})", depth % 40, (depth + 1) % 32, depth % 7)
    });
    differential::agree(&compile(&format!("{}define d = {nested}\ndefine e = {branches}\n", subject())).plan);
}

#[test]
fn a_thousand_lines_of_tables_and_obligations_are_cut() {
    let plan = compile(&lines(1_000)).plan;
    let program = Program::compile(&plan).unwrap();
    assert_small(program.bytes(), Limits::ENGINES);
    let mut instance = program.instance().unwrap();
    let case = Case { as_of: 1_700_000_000_000, ..Case::default() };
    let settings = vec![None; plan.parameters.len()];
    let reference = program.visible(&evaluate(&plan, &case, &settings));
    assert_eq!(instance.evaluate(&case, &settings).unwrap(), reference);
}

/// The waiting times of a patient with so many events, and a module of them.
fn waiting(events: usize) -> (Program, Case) {
    let package = authored("elective/rtt");
    let example = package.examples.iter().find(|example| example.case.events.len() > 1).unwrap();
    let mut case = example.case.clone();
    let last = case.events.last().unwrap().clone();
    case.events.resize(events, last);
    case.sort_events(&package.plan.subject);
    (Program::compile(&package.plan).unwrap(), case)
}

#[test]
fn a_case_of_more_events_takes_a_larger_workspace() {
    let mut memory = Vec::new();
    for events in [10, 64, 65, 300, 10, 65] {
        let (program, case) = waiting(events);
        let mut instance = program.instance().unwrap();
        let settings = vec![None; program.plan().parameters.len()];
        let reference = program.visible(&evaluate(program.plan(), &case, &settings));
        assert_eq!(instance.evaluate(&case, &settings).as_ref(), Ok(&reference));
        assert_eq!(instance.evaluate_batch(&[case.clone(), case], &settings), Ok(vec![reference.clone(), reference]));
        memory.push(instance.memory().len());
    }
    assert!(memory[0] <= 2 << 16 && memory[3] < 1 << 20, "{memory:?}");
}

/// A module and an instance of it in which a record of so many events stands at the heap, and where its record out goes.
fn with_record(events: usize) -> (Program, Instance, u32) {
    let (program, case) = waiting(events);
    let mut instance = program.instance().unwrap();
    let settings = vec![None; program.plan().parameters.len()];
    instance.evaluate(&case, &settings).unwrap();
    let out = program.layout().heap + program.layout().record_in;
    (program, instance, out)
}

#[test]
fn a_case_of_more_events_than_the_workspace_holds_is_refused() {
    let (program, mut instance, out) = with_record(10);
    let layout = program.layout();
    let count = (layout.heap + layout.record_in_events + 8) as usize;
    for hostile in [WORKSPACE_EVENTS + 1, 65_535, 65_536, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff] {
        instance.memory()[count..count + 4].copy_from_slice(&hostile.to_le_bytes());
        assert_eq!(instance.call_record(layout.heap, out), Ok(4), "{hostile}");
    }
    let columns = layout.heap + 4_096;
    let offsets = columns + layout.columns;
    let mut put = |at: u32, value: u32| {
        instance.memory()[at as usize..at as usize + 4].copy_from_slice(&value.to_le_bytes());
    };
    (0..layout.columns / 4).for_each(|slot| put(columns + 4 * slot, 0));
    put(columns + layout.columns_events, offsets);
    put(offsets, 7);
    put(offsets + 4, 7 + WORKSPACE_EVENTS + 1);
    assert_eq!(instance.call_batch(1, columns, offsets + 64), Ok(-2));
}

#[test]
fn a_workspace_that_is_not_the_hosts_or_too_small_is_refused() {
    let (program, mut instance, _) = with_record(10);
    let (heap, end) = (program.layout().heap, u32::try_from(instance.memory().len()).unwrap());
    let each = program.layout().workspace_each;
    let refused = [
        (heap - 8, 8_000),
        (8, 65_536),
        (heap, 0),
        (heap, each),
        (heap, u32::MAX),
        (end - 8_000, 8_001),
        (end, 8_000),
        (u32::MAX, 8_000),
        (0x7fff_fff8, 0x7fff_ffff),
    ];
    for (address, bytes) in refused {
        assert_eq!(instance.call_set_workspace(address, bytes), Ok(-1), "{address} {bytes}");
    }
    let beyond = program.layout().workspace_beyond;
    let places = 20_000 / each / 8 * 8;
    assert_eq!(instance.call_set_workspace(heap + 8, 20_000), Ok((places - beyond).cast_signed()));
    assert_eq!(instance.call_set_workspace(0, 0), Ok(WORKSPACE_EVENTS.cast_signed()));
}

/// Whatever stands around a workspace that is just large enough is left alone.
#[test]
fn nothing_is_written_outside_the_workspace() {
    const MARK: u8 = 0xa5;
    let (program, mut instance, out) = with_record(100);
    let layout = program.layout();
    let bytes = layout.workspace_each * layout.places(100);
    let start = u32::try_from(instance.memory().len()).unwrap() + 4_096;
    instance.reserve(u64::from(start + bytes) + 4_096).unwrap();
    let around = [start as usize - 4_096..start as usize, (start + bytes) as usize..(start + bytes) as usize + 4_096];
    around.iter().for_each(|range| instance.memory()[range.clone()].fill(MARK));
    assert!(instance.call_set_workspace(start, bytes).unwrap() >= 100);
    let before = instance.memory()[out as usize..(out + layout.record_out) as usize].to_vec();
    let record = instance.memory()[layout.heap as usize..(layout.heap + layout.record_in) as usize].to_vec();
    for missing in [0_u64, u64::MAX] {
        let at = layout.heap as usize;
        instance.memory()[at..at + 8].copy_from_slice(&missing.to_le_bytes());
        assert!((0..=1).contains(&instance.call_record(layout.heap, out).unwrap()));
        assert!(around.iter().all(|range| instance.memory()[range.clone()].iter().all(|byte| *byte == MARK)));
    }
    let at = layout.heap as usize;
    instance.memory()[at..at + record.len()].copy_from_slice(&record);
    instance.call_record(layout.heap, out).unwrap();
    assert_eq!(instance.memory()[out as usize..(out + layout.record_out) as usize], before);
}

/// A field that an event lacks counts for whoever asks for what it decides, though what was worked out before lacks what nobody asks for.
#[test]
fn what_events_lack_counts_where_only_some_outputs_are_wanted() {
    let text = "subject Operation {
          age : integer 0..120
          event Admitted { day_case : yes/no }
          event Operated
        }
        define adult = age >= 18
        path elective {
          stage admitted Admitted where day_case
          stage operated Operated
        }";
    differential::agree(&compile(&concord_tests::text::whole(text)).plan);
}
