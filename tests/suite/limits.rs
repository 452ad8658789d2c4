//! Large packages: how long the checks take. The times are for a release build; a machine that is busy gets five times as long.

use crate::packages::Random;
use concord_engine::compile::{Compiled, compile};
use concord_engine::diagnostics::Severity;
use concord_engine::text::Source;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

pub const HEADER: &str = "package scratch.large {
  version   1.0.0
  title     \"Large\"
  source    s \"Source\"
  owner     \"Group\"
  use       audit
  status    draft
  review by 2027-12-31
}
";

const BUSY: u32 = if cfg!(debug_assertions) { 100 } else { 5 };

#[track_caller]
fn checked(text: String, limit: Duration) -> Compiled {
    let source = Source { name: "large.concord".to_owned(), text };
    let started = Instant::now();
    let compiled = compile(&source);
    let took = started.elapsed();
    println!("{} lines: {took:?}", source.text.lines().count());
    assert!(took < limit * BUSY, "{took:?}");
    compiled
}

/// Tables of twenty rows, definitions and obligations over them, until there are so many lines.
pub fn lines(count: usize) -> String {
    let mut text = HEADER.to_owned();
    text += "enum Colour { red, green, blue }\nsubject Case {\n";
    (0..40).for_each(|f| writeln!(text, "  f{f} : integer 0..1000").unwrap());
    text += "  c : Colour\n  event A { v : integer 0..100 }\n  event B\n}\n";
    for part in 0.. {
        if text.lines().count() + 30 > count {
            break;
        }
        writeln!(text, "table t{part} {{\n  f{} c | points", part % 40).unwrap();
        for low in (0..1000).step_by(100) {
            let high = if low < 900 { low + 99 } else { 1000 };
            writeln!(text, "  {low}..{high} red | {low}\n  {low}..{high} green, blue | {}", low + 1).unwrap();
        }
        writeln!(text, "}}\ndefine d{part} = t{part} + f{} * 2", (part + 1) % 40).unwrap();
        writeln!(text, "define e{part} = if d{part} > 500 then t{part} else 3").unwrap();
        writeln!(text, "obligation o{part} {{ from first A where v > {} expect B within 1 h }}", part % 90).unwrap();
    }
    (0..).take(count - text.lines().count()).for_each(|z| writeln!(text, "define z{z} = f{} + {z}", z % 40).unwrap());
    text
}

#[test]
fn five_thousand_lines_are_checked_in_a_fifth_of_a_second() {
    let text = lines(5_000);
    assert_eq!(text.lines().count(), 5_000);
    let compiled = checked(text, Duration::from_millis(200));
    assert!(compiled.package.is_some(), "{:#?}", compiled.diagnostics);
}

type Region = [(u64, u64); 12];

/// Halves a region again and again, at random places, into so many parts.
fn halved(random: &mut Random, region: Region, parts: usize, into: &mut Vec<Region>) {
    let open: Vec<usize> = (0..12).filter(|column| region[*column].0 < region[*column].1).collect();
    if parts == 1 || open.is_empty() {
        into.push(region);
        return;
    }
    let column = open[usize::try_from(random.below(open.len() as u64)).unwrap()];
    let (low, high) = region[column];
    let middle = low + random.below(high - low);
    let (mut left, mut right) = (region, region);
    (left[column].1, right[column].0) = (middle, middle + 1);
    halved(random, left, parts / 2, into);
    halved(random, right, parts - parts / 2, into);
}

fn wide_table(policy: &str, rows: &[Region]) -> String {
    let mut text = format!("{HEADER}subject Case {{\n");
    (0..12).for_each(|f| writeln!(text, "  f{f} : integer 0..99").unwrap());
    text += &format!("}}\ntable t{policy} {{\n ");
    (0..12).for_each(|f| write!(text, " f{f}").unwrap());
    text += " | points\n";
    for (number, row) in rows.iter().enumerate() {
        for (low, high) in row {
            let whole = (*low, *high) == (0, 99);
            write!(text, " {}", if whole { "any".to_owned() } else { format!("{low}..{high}") }).unwrap();
        }
        writeln!(text, " | {}", number % 7).unwrap();
    }
    text + "}\n"
}

const LIMIT: Duration = Duration::from_secs(5);
const WHOLE: Region = [(0, 99); 12];

#[test]
fn a_table_of_twelve_columns_and_two_thousand_rows_is_proved_or_refuted() {
    let mut rows = Vec::new();
    halved(&mut Random::seeded(2_000), WHOLE, 2_000, &mut rows);
    assert!(rows.len() > 1_900);
    let whole = checked(wide_table("", &rows), LIMIT);
    assert!(whole.package.is_some(), "{:#?}", whole.diagnostics);
    rows.pop();
    let gap = checked(wide_table("", &rows), LIMIT);
    assert!(gap.diagnostics.iter().any(|d| d.code.0 == "E0409"), "{:#?}", gap.diagnostics);
    rows.push(WHOLE);
    let overlap = checked(wide_table("", &rows), LIMIT);
    assert!(overlap.diagnostics.iter().any(|d| d.code.0 == "E0410"), "{:#?}", overlap.diagnostics);
}

#[test]
fn rows_that_hide_one_another_are_found_in_time() {
    let random = &mut Random::seeded(12);
    let mut rows: Vec<Region> = Vec::new();
    for restricted in (0..1_999).map(|row| 1 + row % 10) {
        let mut row = WHOLE;
        for _ in 0..restricted {
            let (a, b) = (random.below(100), random.below(100));
            row[usize::try_from(random.below(12)).unwrap()] = (a.min(b), a.max(b));
        }
        rows.push(row);
    }
    rows.push(WHOLE);
    checked(wide_table(" first", &rows), LIMIT);
}

/// Compiles in a thread with a quarter of the stack that the command line has; the codes of what is wrong.
fn codes_of(text: String) -> Vec<&'static str> {
    let thread = std::thread::Builder::new().stack_size(8 << 20);
    let compiled = thread.spawn(move || checked(text, LIMIT)).unwrap().join().unwrap();
    compiled.diagnostics.iter().map(|fault| fault.code.0).collect()
}

#[test]
fn a_chain_of_definitions_is_built_in_the_order_of_the_text() {
    let mut text = format!("{HEADER}define d0 = 1\n");
    (1..20_000).for_each(|place| writeln!(text, "define d{place} = d{} + 0", place - 1).unwrap());
    assert_eq!(codes_of(text), Vec::<&str>::new());
}

#[test]
fn a_chain_of_definitions_against_the_order_of_the_text_does_not_use_up_the_stack() {
    let chain = |length: usize| {
        let mut text = HEADER.to_owned();
        (0..length).for_each(|place| writeln!(text, "define d{place} = d{} + 0", place + 1).unwrap());
        text.push_str(&format!("define d{length} = 1\n"));
        text
    };
    assert_eq!(codes_of(chain(40)), Vec::<&str>::new());
    assert_eq!(codes_of(chain(20_000)), ["E0206"]);
}

#[test]
fn the_longest_expression_is_built() {
    let (open, close, rest) = ("(".repeat(60), ")".repeat(60), " + 1".repeat(399));
    assert_eq!(codes_of(format!("{HEADER}define d = {open}1{close}{rest}\n")), Vec::<&str>::new());
}

#[test]
fn definitions_of_the_deepest_expressions_do_not_use_up_the_stack() {
    let mut text = HEADER.to_owned();
    for place in 0..62 {
        let (open, close) = ("(0 + ".repeat(60), ")".repeat(60));
        writeln!(text, "define d{place} = {open}d{}{close}", place + 1).unwrap();
    }
    text += "define d62 = 1\n";
    assert_eq!(codes_of(text), ["E0206"]);
}

/// That the parts of a bundle are excused is one of its reasons too, and no set has more than 63.
#[test]
fn a_bundle_has_one_reason_more_than_its_lines() {
    let faults = |lines: usize| {
        let subject = "subject P {\n  n : integer 0..99\n  event A\n  event B\n}\nobligation a { from first A expect B within 1 h }\n";
        let excused = (0..lines).map(|line| format!("  excused when n = {line} because \"r{line}\"\n"));
        let text = format!("{HEADER}{subject}obligation o {{\n  all of a\n{}}}\n", excused.collect::<String>());
        let compiled = compile(&Source { name: "bundle.concord".to_owned(), text });
        let errors = compiled.diagnostics.into_iter().filter(|fault| fault.severity == Severity::Error);
        errors.map(|fault| fault.code.0).collect::<Vec<_>>()
    };
    assert_eq!((faults(61), faults(62)), (vec![], vec!["E0306"]));
}
