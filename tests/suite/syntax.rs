//! The lexer and the grammar: the samples read without a fault; wrong texts say what is wrong.

use concord_engine::diagnostics::Diagnostic;
use concord_engine::syntax::parse;

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
