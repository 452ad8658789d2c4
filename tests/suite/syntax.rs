//! The lexer and the grammar: the samples read without a fault; wrong texts say what is wrong.

use concord_engine::diagnostics::{Diagnostic, render};
use concord_engine::format::format;
use concord_engine::syntax::tree::{BinaryOp, ExprKind, Item};
use concord_engine::syntax::{parse, parse_example_body};
use concord_engine::text::{Source, Span, Spanned};

fn short(text: &str, faults: &[Diagnostic]) -> Vec<String> {
    let place = |d: &Diagnostic| concord_engine::text::line_and_column(text, d.primary.span.start);
    faults.iter().map(|d| format!("{}:{} {} {}", place(d).0, place(d).1, d.code.0, d.title)).collect()
}

#[test]
fn the_samples_read_without_a_fault() {
    for text in [include_str!("samples/news2.concord"), include_str!("samples/sepsis.concord")] {
        let (file, faults) = parse(0, text);
        assert_eq!(short(text, &faults), Vec::<String>::new());
        assert!(file.package.is_some());
    }
}

/// Each wrong text and what is said of it: line, column, code and title.
const WRONG: &[(&str, &[&str])] = &[
    ("define x = if a > 3 then 4", &["1:12 E0204 this `if` has no `else`, so it does not answer for everyone"]),
    ("define y = 1 < z < 5", &["1:18 E0205 a comparison has two sides; this one goes on"]),
    ("define z = (a + b\ndefine q = 1", &["1:12 E0203 this `(` is not closed"]),
    ("define z = \"abc\ndefine q = 1", &["1:12 E0102 this text has no closing quote"]),
    ("define z = a && b", &["1:14 E0101 `&&` is written `and`"]),
    ("define z = a ≥ 3", &["1:14 E0101 `≥` is written `>=`"]),
    ("define z = a ≠ 3", &["1:14 E0101 `≠` is written `is not`"]),
    ("define z = 3 – 2", &["1:14 E0101 `–` is written `-`"]),
    ("define z = 5 mins", &["1:14 E0210 `mins` is not a unit that the language knows"]),
    ("define z = 2026-02-29", &["1:12 E0104 `2026-02-29` is not a day in the calendar"]),
    ("define z = 25:00", &["1:12 E0104 `25:00` is not a time of day"]),
    ("define z = 1/4/2026", &["1:12 E0105 a date is written year first, with two digits for month and day"]),
    ("define z = 99999999999999999999", &["1:12 E0103 this number has too many digits"]),
    ("define z = 0.1234567891", &["1:12 E0103 this number has 10 decimal places"]),
    ("define z =\ndefine q = 2", &["1:11 E0201 a value or a name is missing"]),
    ("define none = 2", &["1:8 E0208 `none` is a word of the language and cannot be a name"]),
    ("define on-oxygen = 2", &["1:8 E0208 `on-oxygen` is not one name, because `-` means minus"]),
    ("obligaton o { }", &["1:1 E0202 `obligaton` is not a word of the language here"]),
    ("obligation o { excused when x becuase \"y\" }", &["1:31 E0202 `becuase` is not a word of the language here"]),
    (
        "obligation o { from x\n  foo bar\n  expct y }",
        &["2:3 E0201 a clause cannot begin with `foo`", "3:3 E0202 `expct` is not a word of the language here"],
    ),
    ("obligation o { from x\n\ndefine y = 3", &["1:14 E0203 this `{` is not closed"]),
    ("}\ndefine y = 3", &["1:1 E0211 this `}` closes nothing"]),
    ("subject S { a : integer 0..5 b : yes/no }", &["1:30 E0209 a comma or a new line belongs between two entries"]),
    ("subject S {\n a : boolean\n b integer\n}", &["2:6 E0202 there is no type `boolean`", "3:4 E0201 `:` is missing"]),
    (
        "table t {\n a b | c\n 1 | 2\n 1 2 | 3 4\n 1 2 | 3\n}",
        &[
            "3:2 E0207 this row has 1 condition, but the header calls for 2",
            "4:8 E0207 this row has 2 answers, but the header calls for 1",
        ],
    ),
    (
        "example \"e\" {\n a\n b 2\n => c\n}",
        &["2:3 E0201 a value on the same line is missing", "4:6 E0201 a value on the same line is missing"],
    ),
    ("define q = E within 3 h", &["1:14 E0201 `within` cannot follow here"]),
    ("define r = first E within 3 h", &["1:30 E0201 `before` or `after`, with what to count from, is missing"]),
];

#[test]
fn wrong_texts_say_what_is_wrong() {
    for (text, expected) in WRONG {
        let (_, faults) = parse(0, text);
        assert_eq!(short(text, &faults), *expected, "in {text:?}");
    }
}

/// What follows a fault is still read.
#[test]
fn reading_goes_on_after_a_fault() {
    let text =
        "define a = \ndefine b = 2\ntable t {\n x | y\n ? | 1\n 2 | 3\n}\nmeasure m { of foo\n unknown left out }";
    let (file, faults) = parse(0, text);
    assert_eq!(file.items.len(), 3, "{file:#?}");
    let said = short(text, &faults);
    assert_eq!(said.len(), 3, "{said:#?}");
}

#[test]
fn a_deep_or_long_text_is_refused_and_not_followed() {
    let deep = [
        format!("define x = {}1{}", "(".repeat(20_000), ")".repeat(20_000)),
        format!("define x = {}1", "-".repeat(20_000)),
        format!("define x = {}a", "not ".repeat(20_000)),
        format!("define x = {}", "first A where b is ".repeat(20_000)),
        format!("define x = {}", "if a then b else ".repeat(20_000)),
        format!("define x = 1{}", " + 1".repeat(20_000)),
        format!("define x = 1{}", " else 1".repeat(20_000)),
        format!("define x = a{}", " and a is 1".repeat(20_000)),
        format!("define x = a{}", " to min".repeat(20_000)),
        format!("table t {{\n a | b\n {}1 | 2\n}}", "not ".repeat(20_000)),
        format!("table t {{\n a | b\n {}1 | 2\n}}", "{".repeat(20_000)),
    ];
    for text in deep {
        let (_, faults) = parse(0, &text);
        let codes: Vec<&str> = faults.iter().map(|fault| fault.code.0).collect();
        assert!(codes.contains(&"E0206"), "{codes:?} in {:.60}", text);
        assert!(codes.len() < 4, "{:?} in {:.60}", short(&text, &faults), text);
    }
}

/// Texts made by cutting and joining the samples: nothing panics, and every span lies in the text.
#[test]
fn nothing_panics_on_mangled_samples() {
    let samples = [include_str!("samples/news2.concord"), include_str!("samples/sepsis.concord")];
    let mut state = 7_u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below.max(1)
    };
    for round in 0..600 {
        let mut text: Vec<char> = samples[round % 2].chars().collect();
        for _ in 0..=random(4) {
            let (at, length) = (random(text.len()), random(30));
            let end = (at + length).min(text.len());
            let moved: Vec<char> = text.drain(at..end).collect();
            if random(2) == 0 {
                let to = random(text.len());
                text.splice(to..to, moved);
            }
            let odd = ['{', '}', '(', '"', '\n', '|', '≤', '.', '-', '3', ',', 'µ', '£', '\u{0}'];
            let to = random(text.len());
            text.insert(to, odd[random(odd.len())]);
        }
        let text: String = text.into_iter().collect();
        let (_, faults) = parse(0, &text);
        if let Ok(once) = format(&text) {
            assert_eq!(format(&once).as_ref(), Ok(&once));
        }
        for fault in faults {
            let span = fault.primary.span;
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{fault:?}");
        }
    }
}

#[test]
fn a_formatted_text_stays_as_it_is() {
    let samples = [include_str!("samples/news2.concord"), include_str!("samples/sepsis.concord")];
    for text in samples {
        let once = format(text).unwrap();
        assert_eq!(format(&once).unwrap(), once);
        let squeezed: String = text.lines().map(|line| format!("   {}\n", line.trim())).collect();
        assert_eq!(format(&squeezed).unwrap(), once);
    }
}

/// The rule texts of a page.
fn page_samples(page: &str) -> Vec<&str> {
    page.split("```concord\n").skip(1).filter_map(|part| part.split("```").next()).collect()
}

/// Where a message offers edits, making them fixes that fault.
#[test]
fn edits_fix_the_fault() {
    for (text, _) in WRONG {
        let (_, faults) = parse(0, text);
        for fault in faults.iter().filter(|fault| !fault.edits.is_empty()) {
            let mut corrected = (*text).to_owned();
            for edit in fault.edits.iter().rev() {
                corrected.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.replacement);
            }
            let (_, after) = parse(0, &corrected);
            assert!(after.len() < faults.len(), "{text:?} became {corrected:?}: {:?}", short(&corrected, &after));
        }
    }
}

#[test]
fn a_message_in_each_form() {
    let text = "// π\ndefine z = 5 mins\n";
    let sources = [Source { name: "rules/a b.concord".to_owned(), text: text.to_owned() }];
    let (_, faults) = parse(0, text);
    let fault = &faults[0];
    let human = "error[E0210]: `mins` is not a unit that the language knows
  ╭▸ rules/a b.concord:2:14
  │
2 │ define z = 5 mins
  │              ━━━━ a unit belongs here
  ╰╴
help: did you mean `min`?
  ╭╴
2 - define z = 5 mins
2 + define z = 5 min
  ╰╴";
    assert_eq!(render::human(fault, &sources, false), human);
    assert!(render::human(fault, &sources, true).contains("\u{1b}["));
    let title = "`mins` is not a unit that the language knows";
    assert_eq!(render::short(fault, &sources), format!("rules/a b.concord:2:14: error[E0210]: {title}"));
    assert_eq!(
        render::github(fault, &sources),
        format!(
            "::error file=rules/a b.concord,line=2,col=14,endLine=2,endColumn=18,title=E0210::{title}%0Adid you mean `min`?"
        )
    );
    let json = render::json(fault, &sources);
    assert!(!json.contains('\n'));
    for part in ["\"code\":\"E0210\"", "\"line\":2,\"column\":14", "\"replacement\":\"min\""] {
        assert!(json.contains(part), "{json}");
    }
    let sarif = render::sarif(&faults, &sources, "0.1.0");
    for part in ["\"version\": \"2.1.0\"", "rules/a%20b.concord", "\"startColumn\": 14", "\"ruleId\": \"E0210\""] {
        assert!(sarif.contains(part), "{sarif}");
    }
}

/// Ten times the text takes about ten times as long, not a hundred.
#[test]
fn reading_is_linear() {
    let row = "  1..2  any  | 3\n";
    for tail in ["", "?"] {
        let text = format!("table t {{\n a b | c\n{}}}\ndefine x = {tail}\n", row.repeat(12_000)).repeat(3);
        let (_, faults) = parse(0, &text);
        assert!(faults.len() <= 6, "{faults:?}");
    }
    let (_, faults) = parse(0, &"define x = & ".repeat(100_000));
    assert_eq!(faults.len(), 200);
}

/// An example body in a `cases.md`: spans point into that file.
#[test]
fn a_case_reads_as_an_example_body() {
    let file = "# Case\n\n```\nspo2 91\nscale ?\n=> total 3, risk high\n```\n";
    let start = file.find("spo2").unwrap();
    let body = &file[start..file.rfind("```").unwrap()];
    let name = Spanned { node: "Case".to_owned(), span: Span::default() };
    let (example, faults) = parse_example_body(4, name, body, start as u32);
    assert_eq!((example.given.len(), example.expect.len()), (1, 2));
    let odd = faults[0].primary.span;
    assert_eq!((odd.source, &file[odd.start as usize..odd.end as usize]), (4, "?"));
}

/// Windows belong to the outermost query; a unit written once holds for both ends of a range.
#[test]
fn readings() {
    let shape = |text: &str| {
        let (file, faults) = parse(0, &format!("define x = {text}"));
        assert_eq!(short(text, &faults), Vec::<String>::new());
        match file.items.into_iter().next() {
            Some(Item::Define(define)) => define.expr.kind,
            other => panic!("{other:?}"),
        }
    };
    let ExprKind::Query(query) = shape("first A where b is last C after first D before E") else { panic!() };
    assert_eq!(query.windows.len(), 2);
    let ExprKind::Query(query) = shape("first A after (first B before C)") else { panic!() };
    assert_eq!(query.windows.len(), 1);
    let ExprKind::InRange { low, .. } = shape("x in 5..6 h") else { panic!() };
    let ExprKind::Number(low) = low.kind else { panic!() };
    assert_eq!(low.unit.map(|unit| unit.text), Some("h".to_owned()));
    let ExprKind::Binary { op, .. } = shape("a or b and not c is 3 + 4 * -d") else { panic!() };
    assert_eq!(op.node, BinaryOp::Or);
    let ExprKind::DateTime { civil_ms, utc } = shape("2026-01-05T10:00:30Z") else { panic!() };
    assert_eq!((civil_ms, utc), (1_767_607_230_000, true));
    let ExprKind::Quantified { .. } = shape("\n any of a, b is 3") else { panic!() };
    let ExprKind::Else { .. } = shape("value of last Lactate + 1 else 0") else { panic!() };
    let ExprKind::Round { .. } = shape("round -x ^ 2 to 0 places") else { panic!() };
    let ExprKind::Binary { .. } = shape("round - x ^ 2") else { panic!() };
    let ExprKind::Negate(power) = shape("-2 ^ 4") else { panic!() };
    let ExprKind::Binary { op, .. } = power.kind else { panic!() };
    assert_eq!(op.node, BinaryOp::Power);
    let ExprKind::Binary { op, right, .. } = shape("height to m ^ -0.5 ^ x") else { panic!() };
    assert_eq!(op.node, BinaryOp::Power);
    let ExprKind::Negate(_) = right.kind else { panic!() };
    let ExprKind::Binary { op, left, .. } = shape("height to m^2 * 3") else { panic!() };
    assert_eq!(op.node, BinaryOp::Multiply);
    let ExprKind::Binary { left, .. } = left.kind else { panic!() };
    let ExprKind::Convert { .. } = left.kind else { panic!() };
}

/// The examples of the language reference are read, and stand there as the formatter sets them.
#[test]
fn the_language_reference_reads() {
    for sample in page_samples(include_str!("../../docs/language.md")) {
        let (_, faults) = parse(0, sample);
        assert_eq!(short(sample, &faults), Vec::<String>::new(), "{sample}");
        assert_eq!(format(sample).unwrap(), sample);
    }
}
