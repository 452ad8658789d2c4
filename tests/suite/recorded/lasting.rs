//! What lasts, as an export has it: an end that is the empty date of a system, and one before its start.

use super::{AS_OF, Given, map};

const STAYS: &str = "subject P {\n  event Stay : span {\n    ward : optional integer 1..9\n  }\n}\n\ndefine came = any Stay\ndefine long = any Stay where length > 2 days\ndefine many = count Stay >= 2\n";

fn stays(rows: &str) -> Given {
    let mapping = map(
        "[events]\nactivity = \"a\"\nat = \"t\"\n[events.map]\nBed = { event = \"Stay\", fields = { end = { column = \"e\" } } }\n",
    );
    Given::new(STAYS, &mapping, &format!("id,a,t,e\n{rows}"))
}

/// The list of what was refused.
fn refused(given: &Given) -> String {
    let ran = given.eval(AS_OF, &["--out", &given.path("answers.ndjson")]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    given.folder.read("answers.rejects.csv")
}

/// A stay that goes on, whose end a database writes as it writes an empty date: it counts, and when it ended is not known.
#[test]
fn an_empty_date_is_no_end() {
    for (end, why) in [
        ("1900-01-01 00:00", "it is 1 January 1900, the empty date of spreadsheets and databases"),
        ("1905-03-01 00:00", "it is before 1910"),
        ("9999-12-31 00:00", "it is 9999-12-31, which stands for no end"),
    ] {
        // The second row of a case is read by what was read before.
        let given = stays(&format!(
            "A,Bed,2026-01-05 10:00,2026-01-06 10:00\nA,Bed,2026-01-09 10:00,{end}\nA,Bed,2026-01-12 10:00,{end}\nB,Bed,2026-01-05 10:00,2026-01-06 10:00\n"
        ));
        assert_eq!(given.answers(AS_OF, "came"), ["yes", "yes"], "{end}");
        assert_eq!(given.answers(AS_OF, "many"), ["yes", "no"], "{end}");
        assert_eq!(given.answers(AS_OF, "long"), ["unknown", "no"], "{end}");
        let audit = given.audit(AS_OF);
        assert_eq!(audit.code, 0, "{}", audit.err);
        let rejects = refused(&given);
        assert_eq!(rejects.lines().filter(|line| line.contains(why)).count(), 2, "{end}: {rejects}");
    }
}

/// A stay that ends before it starts is wrong in one of its times, in words of its own: it is refused, and what does not rest on it is answered.
#[test]
fn a_stay_that_ends_before_it_starts_is_refused_by_itself() {
    let given = stays(
        "A,Bed,2026-01-05 10:00,2026-01-09 10:00\nA,Bed,2026-01-20 10:00,2026-01-10 10:00\nA,Bed,2026-01-22 10:00,2026-01-09 10:00\nB,Bed,2026-01-05 10:00,2026-01-06 10:00\n",
    );
    assert_eq!(given.answers(AS_OF, "long"), ["yes", "no"]);
    assert_eq!(given.answers(AS_OF, "many"), ["unknown", "no"]);
    let ran = given.eval(AS_OF, &[]);
    assert!(!ran.out.contains("impossible") && !ran.err.contains("impossible"), "{}{}", ran.out, ran.err);
    let audit = given.audit(AS_OF);
    assert!(audit.code == 0 && !audit.err.contains("impossible"), "{}", audit.err);
    let rejects = refused(&given);
    assert_eq!(rejects.lines().filter(|line| line.contains("the event ends before it starts")).count(), 2, "{rejects}");
}

/// The same of cases as JSON, one a line.
#[test]
fn so_is_one_of_a_case_as_json() {
    let mapping = "package = \"test.recorded\"\nversion = \"1\"\ntitle = \"m\"\n[source]\nformat = \"ndjson\"\n";
    let case = |id: &str, end: &str| {
        format!(
            "{{\"case\": \"{id}\", \"as_of\": \"2026-12-31T00:00:00Z\", \"events\": [{{\"event\": \"Stay\", \"at\": \"2026-01-05T10:00:00Z\", \"end\": \"{end}\"}}, {{\"event\": \"Stay\", \"at\": \"2026-02-05T10:00:00Z\", \"end\": \"2026-02-09T10:00:00Z\"}}]}}\n"
        )
    };
    let ends = [("A", "2026-01-04T10:00:00Z"), ("B", "2026-01-06T10:00:00Z"), ("C", "1900-01-01T00:00:00Z")];
    let given = Given::new(STAYS, mapping, &ends.map(|(id, end)| case(id, end)).concat());
    assert_eq!(given.answers(AS_OF, "long"), ["yes", "yes", "yes"]);
    assert_eq!(given.answers(AS_OF, "many"), ["unknown", "yes", "yes"]);
}
