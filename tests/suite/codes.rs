//! Codes of any characters: equal where their texts are, in the interpreter, in the module and on the way in and out.

use concord_engine::evaluate::evaluate;
use concord_engine::explain::explain;
use concord_engine::plan::Package;
use concord_engine::plan::case::{Case, Datum};
use concord_engine::plan::fingerprint::fingerprint;
use concord_engine::values::codes::{Codebook, Codes, HIGHEST, LOWEST, OF_CASE, OF_PACKAGE, is_code, pack, unpack};
use concord_tests::text::whole;
use concord_wasm::run::Program;

use crate::generate::Random;
use crate::packages::compile;

const LETTERS: [char; 16] = ['A', 'a', 'B', '0', '1', '.', '-', '?', '&', '/', ' ', '*', '†', 'é', 'µ', '"'];

/// A text of a few characters of few letters, so that many are alike.
fn text(random: &mut Random) -> String {
    let most = if random.percent(10) { 40 } else { 3 };
    let text: String = (0..=random.below(most)).map(|_| LETTERS[random.below(LETTERS.len())]).collect();
    if is_code(&text) { text } else { "?".to_owned() }
}

fn package(named: &[String]) -> Package {
    let quoted = |code: &String| format!("\"{}\"", code.replace('"', "\\\""));
    let list: Vec<String> = named.iter().map(quoted).collect();
    compile(&whole(&format!(
        "subject Pair {{\n  a : code\n  b : code\n}}\ncodes named {{ {} }}\ndefine same = a is b\ndefine listed = a in named\ndefine it = a\n",
        list.join(", ")
    )))
}

#[test]
fn codes_are_equal_where_their_texts_are() {
    let mut random = Random::new(15);
    for _ in 0..40 {
        let named: Vec<String> = (0..random.between(1, 8)).map(|_| text(&mut random)).collect();
        let plan = package(&named).plan;
        let program = Program::compile(&plan).unwrap();
        let mut instance = program.instance().unwrap();
        let mut cases = Vec::new();
        let mut wanted = Vec::new();
        for _ in 0..50 {
            let (a, b) = (text(&mut random), text(&mut random));
            let mut codes = Codes::default();
            let mut book = Codebook { package: &plan.codes, case: &mut codes };
            let facts = [&a, &b].map(|code| Datum::Known(book.number(code).unwrap())).to_vec();
            cases.push(Case { facts, codes, ..Case::default() });
            let (a, b) = (a.to_ascii_uppercase(), b.to_ascii_uppercase());
            wanted.push((a == b, named.iter().any(|code| code.to_ascii_uppercase() == a), a));
        }
        let outcomes = instance.evaluate_batch(&cases, &Vec::new()).unwrap();
        for ((case, outcome), (same, listed, it)) in cases.iter().zip(&outcomes).zip(&wanted) {
            assert_eq!(outcome, &evaluate(&plan, case, &Vec::new()));
            let said: Vec<String> =
                explain(&plan, case, &Vec::new(), outcome).iter().map(|answer| answer.result.text()).collect();
            let word = |yes: &bool| if *yes { "yes" } else { "no" };
            assert_eq!(said, [word(same), word(listed), it.as_str()]);
        }
    }
}

#[test]
fn no_two_kinds_of_number_meet() {
    let mut codes = Codes::default();
    let lowest_packed = pack("___________").unwrap();
    assert!(lowest_packed > OF_PACKAGE);
    assert_eq!(unpack(lowest_packed), "___________");
    for (place, code) in ["?", "!", "A&E", "?"].into_iter().enumerate() {
        let number = codes.number(code).unwrap();
        assert_eq!(codes.text(number), Some(code));
        assert!((LOWEST..=HIGHEST).contains(&number) && number <= OF_PACKAGE && number > OF_CASE, "{place}");
    }
    let mut of_case = Codes::default();
    let mut book = Codebook { package: &codes, case: &mut of_case };
    assert_eq!(book.number("!"), codes.find("!"));
    assert_eq!(book.number("A40"), pack("a40"));
    assert_eq!(book.number("%"), Some(OF_CASE));
    assert_eq!([" A", "A ", "", "A\u{200b}", "A\tB", "A\u{a0}B"].map(is_code), [false; 6]);
}

/// The fingerprint goes by the codes, not by the numbers that the order of the text gives them.
#[test]
fn the_order_of_the_text_is_no_part_of_the_logic() {
    let text = |one: &str, other: &str, row: &str| {
        compile(&whole(&format!(
            "codes x {{ {one} }}\ncodes y {{ {other} }}\nsubject P {{\n  a : code\n}}\ndefine p = a in x\ndefine q = a in y\ntable t first {{\n  a | n\n  {row} | 1\n  any | 2\n}}\n"
        )))
    };
    let whole = text("\"?\", \"!\"", "\"A&E\"", "\"?\", \"A&E\"");
    let same = text("\"!\", \"?\"", "\"a&e\"", "\"A&E\", \"?\"");
    let other = text("\"!\", \"?\"", "\"A&F\"", "\"A&E\", \"?\"");
    assert_eq!(fingerprint(&whole), fingerprint(&same));
    assert_ne!(fingerprint(&whole), fingerprint(&other));
}
