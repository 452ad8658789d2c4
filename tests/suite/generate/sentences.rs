//! Random packages as text: expressions over a few facts and events, with every operator that the language has.

use super::random::Random;

/// A package with a few random definitions; some of it may be refused.
pub fn text(random: &mut Random) -> String {
    let mut text = String::from(SUBJECT);
    text.push_str(&of_event(random));
    for number in 0..3 {
        let depth = 1 + random.below(3);
        let expression = match random.below(4) {
            0 => test(random, depth),
            _ => number_of(random, depth),
        };
        text.push_str(&format!("define d{number} = {expression}\n"));
    }
    text.push_str(&choice(random));
    text.push_str(&bundle(random));
    text
}

/// What is said of one event, and used in [`test`] and [`number_of`].
fn of_event(random: &mut Random) -> String {
    let (x, y) = (random.between(-6, 6), random.between(0, 2));
    let condition = pick(random, &["value > b", "level is not none and level > 1", "value * value > 9 or yes_no"]);
    format!(
        "define odd of Result = {condition}\n\
         table grade of Result {{\n  value level | grade rank\n  > {x} > {y} | 1 high\n  > {x} ..{y} | 2 low\n  > {x} none | 3 low\n  \
         ..{x} any | value high\n}}\n"
    )
}

/// A bundle of an obligation and of conditions.
fn bundle(random: &mut Random) -> String {
    let [filter, applies, excused, one, other] = std::array::from_fn(|_| test(random, 1));
    format!(
        "obligation f {{ applies when {applies} from (first Call else as of) expect Result where {filter} within 6 h }}\n\
         obligation g {{ all of f, {one}, {other} excused when {excused} because \"so\" }}\n"
    )
}

/// Answers, each under a condition.
fn choice(random: &mut Random) -> String {
    let mut text = format!("choose e {}{{\n", pick(random, &["first ", "first ", ""]));
    for number in 0..1 + random.below(4) {
        let depth = random.below(3);
        text.push_str(&format!("  {number} when {}\n", test(random, depth)));
    }
    text + "  9 otherwise\n}\n"
}

const SUBJECT: &str = r#"package sample.random {
  version   1.0.0
  title     "Random"
  source    s "Source"
  owner     "Tests"
  use       audit
  status    draft
  review by 2027-12-31
}

enum Colour { red = 1, amber = -0.5, green = 3 }

subject Patient {
  a      : integer -20..20
  b      : integer 0..9
  c      : integer -9..-2
  o      : optional integer -5..5
  colour : optional Colour
  yes_no : yes/no
  born   : date
  event Result { value : integer -7..7, level : optional integer 0..3 }
  event Visit  { value : integer 0..9, level : optional integer 0..9 }
  event Stay   : span { side : yes/no }
  event Call
  event Discharge
  ends with Discharge
}

obligation answered {
  from   first Call
  expect Result within 3 h
}

obligation quiet {
  applies when b > 4
  from      first Call
  expect no Result where value > 3
}

obligation checked {
  excused when colour is red because "a red card"
  for each Call
  expect Result where value > 0 within 2 h
}

events Scored = Result where value > 0 or Visit where (level is none or yes_no)
events Aside  = Stay where side
events Spoken = Call or Visit where value > 3

"#;

fn pick<'a>(random: &mut Random, of: &[&'a str]) -> &'a str {
    of.get(random.below(of.len())).copied().unwrap_or("a")
}

fn leaf(random: &mut Random) -> String {
    let figure = random.between(-9, 9).to_string();
    pick(
        random,
        &[
            "a",
            "a",
            "b",
            "b",
            "c",
            "c",
            "o",
            "(o else 3)",
            "(value of last Result else 0)",
            "(colour.points else 2)",
            &figure,
        ],
    )
    .to_owned()
}

/// A number.
fn number_of(random: &mut Random, depth: usize) -> String {
    if depth == 0 {
        return leaf(random);
    }
    let d = depth - 1;
    let x = number_of(random, d);
    match random.below(27) {
        0 | 1 => format!("abs({x})"),
        2 => format!("(-({x}))"),
        3 => format!("({x} + {})", number_of(random, d)),
        4 => format!("({x} - {})", number_of(random, d)),
        5 => format!("(({x}) * ({}))", number_of(random, d)),
        6 => format!("(round {x} / (abs({}) + 1) to {} places)", number_of(random, d), random.below(3)),
        7 => {
            let how = pick(random, &["up", "down", "half up", "half even"]);
            format!("(round {x} / c to 1 place {how})")
        }
        8 => {
            let fold = pick(random, &["highest", "lowest", "sum"]);
            format!("({fold} of ({x}), ({}), b)", number_of(random, d))
        }
        9 | 10 => format!("(if {} then {x} else {})", test(random, d), number_of(random, d)),
        11 => format!("(({x}) else {})", number_of(random, d)),
        12 => format!("(round {} to 2 places)", formula(random, d)),
        13 => format!("(count of {}, {}, yes_no)", test(random, d), test(random, d)),
        14 => {
            let function = pick(random, &["first", "last", "2nd", "lowest", "highest", "sum", "median"]);
            let field = pick(random, &["value", "(abs(value))", "level", "(value * value)"]);
            format!("(({function} {field} of {} {}) else 1)", scored(random), window(random))
        }
        24 => {
            let function = pick(random, &["first", "last", "2nd", "lowest", "highest", "sum"]);
            format!("(({function} (grade.grade) of Result {}) else 1)", window(random))
        }
        15 => format!("(count {} {})", any_events(random), window(random)),
        16 => {
            let (from, to) = (moment(random), moment(random));
            format!("(round ({} from {from} to {to}) / 1 {} to 0 places)", "days", "days")
        }
        17 => format!("(round (years from born to {}) / 1 years to 0 places)", moment(random)),
        18 => format!("(round overlap({}, {}, 22:00, 06:00) / 1 h to 1 place)", moment(random), moment(random)),
        19 => format!("(if b > 0 then (round {x} / b to 1 place) else o)"),
        20 => format!("(if o is not none and o > 0 then (round ln(o) + b to 2 places) else {x})"),
        21 => format!("(if o is none then {x} else (highest of o, ({x} else b)))"),
        22 => {
            let [a, b, c, d] = std::array::from_fn(|_| moment(random));
            format!("(round overlap({a}, {b}, {c}, {d}) / 1 h to 1 place)")
        }
        25 => {
            let (events, from, to) = (lasting(random), moment(random), moment(random));
            format!("(round covered({events}, {from}, {to}) / 1 h to 1 place)")
        }
        26 => {
            let function = pick(random, &["first", "last", "2nd", "lowest", "highest"]);
            format!("(round (({function} length of {} {}) else 1 h) / 1 h to 1 place)", lasting(random), window(random))
        }
        _ => x,
    }
}

/// Events that have an end as well as a start.
fn lasting(random: &mut Random) -> &'static str {
    pick(random, &["Stay", "Aside"])
}

/// Something inside a rounding, as a publication would print it.
fn formula(random: &mut Random, depth: usize) -> String {
    let x = if depth == 0 { leaf(random) } else { number_of(random, depth - 1) };
    match random.below(8) {
        0 => format!("exp(min({x}, 5))"),
        1 => format!("ln(max({x}, 0.5))"),
        2 => format!("log10(max({x}, 1))"),
        3 => format!("sqrt(max({x}, 0))"),
        4 => format!("(max({x}, 1)) ^ 0.5"),
        5 => format!("(max(min({x}, 9), -9)) ^ {}", random.between(0, 3)),
        6 => format!("2 * exp(-(max({x}, 0))) - sqrt(b)"),
        _ => format!("(1 + b) ^ (min(max({x}, -2), 2))"),
    }
}

/// A condition.
fn test(random: &mut Random, depth: usize) -> String {
    let d = depth.saturating_sub(1);
    let x = if depth == 0 { leaf(random) } else { number_of(random, d) };
    let other = if depth == 0 { random.between(-9, 9).to_string() } else { number_of(random, d) };
    match random.below(28) {
        0..3 => format!("({x}) {} ({other})", pick(random, &["<", "<=", ">", ">=", "=", "is not"])),
        3 => format!("({x}) in -3..4"),
        4 => format!("({x}) is one of 1, 2, 5"),
        5 => "o is none".to_owned(),
        6 => "o is not none".to_owned(),
        7 => format!("colour is {}", pick(random, &["red", "amber", "green"])),
        8 => "colour in { red, green }".to_owned(),
        9 if depth > 0 => format!("(({}) and ({}))", test(random, d), test(random, d)),
        10 if depth > 0 => format!("(({}) or ({}))", test(random, d), test(random, d)),
        11 if depth > 0 => format!("(not ({}))", test(random, d)),
        12 if depth > 0 => {
            let quantifier = pick(random, &["any", "all"]);
            format!("({quantifier} of ({}), ({}))", test(random, d), test(random, d))
        }
        13 => format!("(any {} where value > {})", scored(random), random.between(-6, 6)),
        20 => {
            let which = pick(random, &["first", "last", "2nd"]);
            format!("({which} {} is {})", any_events(random), pick(random, &["Scored", "Call", "Visit"]))
        }
        21 => {
            let which = pick(random, &["next", "previous"]);
            let found = format!("{which} {} is one of Visit, Call", any_events(random));
            format!("(all {} have {found})", any_events(random))
        }
        22 => {
            let which = pick(random, &["next", "previous"]);
            format!("(any {} where {which} {} is not none)", scored(random), any_events(random))
        }
        25 => format!(
            "(any Result where value > {} and {})",
            random.between(-6, 6),
            pick(random, &["odd", "not odd", "rank is low"])
        ),
        26 => format!("(any {} where end is {}none)", lasting(random), pick(random, &["", "not "])),
        27 => format!(
            "(any Stay called s where side and (count Result during s) {} {})",
            pick(random, &["=", ">"]),
            random.below(3)
        ),
        14 => format!("(all Result have abs(value) <= {})", random.between(0, 6)),
        16 => format!("(b = 0 or (round {x} / b to 1 place) > 1.5)"),
        17 => format!("{} is {}{}", obligation(random), pick(random, &["", "not "]), verdict(random)),
        18 => format!("{} in {{ {}, {} }}", obligation(random), verdict(random), verdict(random)),
        19 => format!("{} is {}", obligation(random), obligation(random)),
        15 => format!("weekday of {} is monday", moment(random)),
        _ => "yes_no".to_owned(),
    }
}

/// Events of one kind or several that have a value.
fn scored(random: &mut Random) -> String {
    let figure = random.between(-6, 6);
    match random.below(6) {
        0 => "Scored".to_owned(),
        1 => format!("(Result where value > {figure} or Visit)"),
        2 => "(Scored where level is not none)".to_owned(),
        _ => "Result".to_owned(),
    }
}

/// Events of any kinds; not `Visit` and `Result` alone, so that comparisons with other kinds are not refused.
fn any_events(random: &mut Random) -> String {
    match random.below(4) {
        0 => scored(random).replace("Result where", "Call or Result where"),
        _ => pick(random, &["event", "(Call or Result)", "Spoken", "(Spoken or Scored where at < as of)"]).to_owned(),
    }
}

fn obligation(random: &mut Random) -> &'static str {
    pick(random, &["answered", "quiet", "checked"])
}

fn verdict(random: &mut Random) -> &'static str {
    pick(random, &["met", "met", "late", "missed", "open", "excused", "not_applicable"])
}

fn window(random: &mut Random) -> String {
    match random.below(8) {
        6 => format!("during {}", lasting(random)),
        7 => format!("during {} {}, if any", pick(random, &["first", "last"]), lasting(random)),
        0 => "before (last Call else as of)".to_owned(),
        1 => "within 24 h before as of".to_owned(),
        2 => "since 2026-04-02 06:00".to_owned(),
        _ => String::new(),
    }
}

fn moment(random: &mut Random) -> &'static str {
    pick(
        random,
        &[
            "as of",
            "(first Call else as of)",
            "(last Result else as of)",
            "2026-04-01 12:00",
            "(later of first Call, as of, last Result)",
            "(earlier of first Result, last Call, 2026-04-01 12:00)",
            "((later of first Call, last Result) else as of)",
        ],
    )
}
