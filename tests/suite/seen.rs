//! What stands at a place in a rule: type, range and meaning, as an editor would ask for them.

use concord_engine::compile::{self, Compiled, Texts, Unit};
use concord_engine::diagnostics::Diagnostic;
use concord_engine::names::{Names, Symbol};
use concord_engine::plan::{FieldId, Id, KindId};
use concord_engine::syntax;
use concord_engine::text::Source;
use concord_engine::types::{Meaning, Seen};
use concord_tests::text::whole;

const RULE: &str = r#"
enum Route { oral, intravenous }
subject Attendance {
  heart_rate : integer 0..300 per min
  event Antibiotics { route : Route }
  event Triage
}
parameter limit : integer 0..300 per min = 130 local 100..140
codes treated { "30", "31" }
table band { heart_rate | level
  < 60 | low
  60..100 | middle
  > 100 | high
}
define faster = heart_rate + 5 per min
define fast = faster > limit and band is high
define given = first Antibiotics where route is intravenous after first Triage
clock wait { start Triage  stop Antibiotics }
define waiting = wait.running
"#;

fn compiled(text: &str) -> Compiled {
    let source = Source { name: "sample.concord".to_owned(), text: text.to_owned() };
    let compiled = compile::compile(&source);
    assert!(compiled.package.is_some(), "{:#?}", compiled.diagnostics);
    compiled
}

/// What stands at the `^` of a piece of the rule, which is at the next letter.
#[track_caller]
fn at(piece: &str) -> Seen {
    let text = whole(RULE);
    let caret = piece.find('^').unwrap();
    let start = text.find(&piece.replace('^', "")).unwrap_or_else(|| panic!("no {piece}"));
    let offset = u32::try_from(start + caret).unwrap();
    compiled(&text).seen.at(0, offset).cloned().unwrap_or_else(|| panic!("nothing at {piece}"))
}

/// Type and range in words: `7..305 per min`.
fn value(seen: &Seen) -> String {
    let Some((ty, shape)) = &seen.value else { return "no value".to_owned() };
    let none = if shape.optional { " or none" } else { "" };
    format!("{:?} {}..{}{none}", ty, shape.low, shape.high)
}

#[test]
fn an_expression_has_a_type_and_a_proved_range() {
    let sum = at("faster = heart_rate ^+ 5");
    assert!(value(&sum).starts_with("Number") && value(&sum).ends_with("5..305"), "{}", value(&sum));
    let test = at("faster ^> limit");
    assert!(value(&test).starts_with("YesNo"), "{}", value(&test));
    let query = at("given = ^first Antibiotics");
    assert!(value(&query).starts_with("Instant") && value(&query).ends_with("or none"), "{}", value(&query));
}

#[test]
fn a_name_says_what_it_means() {
    let cases = [
        ("faster = ^heart_rate", Meaning::Declared(Symbol::Fact(0))),
        ("fast = ^faster >", Meaning::Declared(Symbol::Define(0))),
        ("faster > ^limit", Meaning::Declared(Symbol::Parameter(0))),
        ("and ^band is", Meaning::Declared(Symbol::Table(0))),
        ("band is ^high", Meaning::Choice(2)),
        ("where ^route is", Meaning::Field(KindId::at(0), FieldId::at(0))),
        ("route is ^intravenous", Meaning::Choice(1)),
        ("given = first ^Antibiotics", Meaning::Declared(Symbol::Event(0))),
        ("after first ^Triage", Meaning::Declared(Symbol::Event(1))),
        ("waiting = ^wait.running", Meaning::Declared(Symbol::Clock(0))),
        ("60..100 | ^middle", Meaning::Choice(1)),
    ];
    for (piece, means) in cases {
        assert_eq!(at(piece).means, Some(means), "{piece}");
    }
}

#[test]
fn a_meaning_leads_to_its_declaration() {
    let text = whole(RULE);
    let (file, _) = syntax::parse(0, &text);
    let mut faults: Vec<Diagnostic> = Vec::new();
    let names = Names::collect(&file, None, &mut faults);
    let span = names.declared_at(Symbol::Parameter(0)).unwrap();
    assert_eq!(&text[span.start as usize..span.end as usize], "limit");
}

#[test]
fn what_stands_between_is_not_known() {
    let text = whole(RULE);
    let offset = u32::try_from(text.find("enum Route").unwrap()).unwrap();
    assert_eq!(compiled(&text).seen.at(0, offset), None);
    assert_eq!(compiled(&text).seen.at(1, offset), None);
}

#[test]
fn each_place_is_seen_once_and_only_in_the_package_itself() {
    let read = |package: &str, name: &str| {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules").join(package);
        Source { name: name.to_owned(), text: std::fs::read_to_string(folder.join(name)).unwrap() }
    };
    let own = read("acute/deterioration", "deterioration.concord");
    let mut texts = Texts::default();
    let mut unit = |source: &Source, uses| Unit { rule: texts.rules(source.clone()), uses, ..Unit::default() };
    let units = [unit(&own, vec![1]), unit(&read("clinical/news2", "news2.concord"), Vec::new())];
    let compiled = compile::packages(&texts, &units).swap_remove(0);
    let spans: Vec<_> = compiled.seen.iter().map(|seen| seen.span).collect();
    assert!(spans.len() > 15, "{}", spans.len());
    assert!(spans.is_sorted() && spans.windows(2).all(|pair| pair[0] != pair[1]));
    assert!(compiled.seen.iter().any(|seen| matches!(seen.means, Some(Meaning::Imported(1)))));
    for span in spans {
        let words = own.text.get(span.start as usize..span.end as usize);
        assert!(words.is_some_and(|words| words.trim() == words), "{span:?} is not in the text: {words:?}");
    }
}
