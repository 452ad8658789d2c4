//! Tables: regions as sets of values, and how rows are found. A table that loses its short way must not lose it in silence.

use concord_engine::evaluate::{Value, evaluate};
use concord_engine::plan::case::{Case, Datum};
use concord_engine::plan::{AnswerKind, Plan, Region, Shape, Step, Table, merge_rows};
use concord_tests::text::Tried;
use concord_wasm::emit::{Way, ways};

use crate::generate::{self, Random};
use crate::packages::{LIBRARY, authored, compile};

fn shown(plan: &Plan) -> Vec<String> {
    ways(plan).into_iter().map(|(table, strict, general)| format!("{table}: {strict:?}, {general:?}")).collect()
}

#[test]
fn the_tables_of_the_library_keep_their_ways() {
    let found: Vec<String> = LIBRARY.into_iter().map(authored).flat_map(|package| shown(&package.plan)).collect();
    let expected = [
        "respiration: Grid, Masks",
        "saturation: Grid, Masks",
        "oxygen: Grid, Masks",
        "blood_pressure: Grid, Masks",
        "heart: Grid, Masks",
        "mind: Grid, Masks",
        "warmth: Grid, Masks",
        "response: Grid, Masks",
        "stage: Grid, Masks",
        "flag: Grid, Masks",
        "excluded: Grid, Masks",
    ];
    assert_eq!(found, expected);
}

/// The ways of a table with a column `a` of 0 to 9, or `b`, which may be none as well.
fn way_of(rows: &[&str]) -> (Way, Way) {
    let rows: Vec<String> = rows.iter().enumerate().map(|(place, row)| format!("{row} | {place}")).collect();
    let package = compile(&format!(
        "package a.b {{ version 1.0.0 title \"t\" owner \"o\" use audit status draft review by 2030-01-01 source x \"y\" }}
subject S {{
  a : integer 0..9
  b : optional integer 0..9
  c : integer 0..999
  d : integer 0..999
}}
table t {{
  {}
}}",
        rows.join("\n  ").replacen(" | 0", " | x", 1)
    ));
    let (_, strict, general) = ways(&package.plan)[0];
    (strict, general)
}

#[test]
fn every_kind_of_cell_has_its_ways() {
    assert_eq!(way_of(&["a", "<= 3", "4..8", "9"]), (Way::Grid, Way::Masks));
    assert_eq!(way_of(&["a", "not 5", "5"]), (Way::Grid, Way::Masks));
    assert_eq!(way_of(&["b", "none", "not none"]), (Way::Grid, Way::Masks));
    assert_eq!(way_of(&["b", "none, 3", "not { none, 3 }"]), (Way::Grid, Way::Masks));
    let many: Vec<String> = (0..70).map(|row| format!("{}..{}", row * 10, row * 10 + 9)).collect();
    let many: Vec<&str> = ["c"].into_iter().chain(many.iter().map(String::as_str)).chain([">= 700"]).collect();
    assert_eq!(way_of(&many), (Way::Grid, Way::Tried));
    let squares: Vec<String> = (0..70).map(|row| format!("{row}  {row}")).collect();
    let rest = (0..70).flat_map(|row| [format!("{row}  < {row}"), format!("{row}  > {row}")]);
    let squares: Vec<String> = squares.into_iter().chain(rest.skip(1)).chain([">= 70  any".to_owned()]).collect();
    let squares: Vec<&str> = ["c  d"].into_iter().chain(squares.iter().map(String::as_str)).collect();
    assert_eq!(way_of(&squares), (Way::Tried, Way::Tried));
}

const SHAPE: Shape = Shape::range(-3, 4).or_none();

/// Everything that the shape allows.
fn whole() -> impl Iterator<Item = Option<i64>> {
    (SHAPE.low..=SHAPE.high).map(Some).chain([None])
}

fn region(random: &mut Random) -> Region {
    let parts = (0..random.below(4)).map(|_| {
        let (a, b) = (random.between(-3, 4), random.between(-3, 4));
        Region::range(a, b, SHAPE)
    });
    let parts = parts.fold(Region::nothing(), |sum, part| sum.union(&part));
    if random.percent(30) { parts.union(&Region::none()) } else { parts }
}

#[test]
fn regions_are_sets_of_values() {
    let mut random = Random::new(1);
    for _ in 0..2_000 {
        let (a, b) = (region(&mut random), region(&mut random));
        let (either, rest) = (a.union(&b), a.complement(SHAPE));
        for value in whole() {
            assert_eq!(either.contains(value), a.contains(value) || b.contains(value), "{a:?} {b:?}");
            assert_ne!(rest.contains(value), a.contains(value), "{a:?}");
        }
        assert_eq!(a.is_all(SHAPE), whole().all(|value| a.contains(value)), "{a:?}");
        assert_eq!(a.is_empty(), !whole().any(|value| a.contains(value)), "{a:?}");
        assert_eq!(a.common(&b).is_some(), whole().any(|value| a.contains(value) && b.contains(value)), "{a:?} {b:?}");
        let (low, high) = (random.between(-3, 4), random.between(-3, 4));
        assert_eq!(a.covers(low, high.max(low)), (low..=high.max(low)).all(|v| a.contains(Some(v))), "{a:?}");
        assert_eq!(a.meets(low, high.max(low)), (low..=high.max(low)).any(|v| a.contains(Some(v))), "{a:?}");
        let mask = random.bits();
        assert_eq!(Region::of_mask(mask).mask(), mask);
    }
}

/// Leaves each table two answers to give.
fn with_two_answers(plan: &mut Plan, random: &mut Random) {
    for step in &mut plan.steps {
        let Step::Table(table) = step else { continue };
        let answers: Vec<_> = table.rows.iter().filter_map(|row| row.outputs.clone()).take(2).collect();
        for outputs in table.rows.iter_mut().filter_map(|row| row.outputs.as_mut()) {
            outputs.clone_from(&answers[random.below(answers.len())]);
        }
    }
}

/// The first table of a plan: what it reads is the same however the rows of tables are put together.
fn first_table(plan: &Plan) -> Option<&Table> {
    plan.steps.iter().find_map(|step| if let Step::Table(table) = step { Some(table) } else { None })
}

#[test]
fn rows_put_together_answer_the_same_and_need_no_more() {
    let mut random = Random::new(1);
    let (mut merged_tables, mut fewer_needs) = (0, 0);
    for _ in 0..6_000 {
        let mut plan = generate::plan(&mut random);
        with_two_answers(&mut plan, &mut random);
        let mut merged = plan.clone();
        merge_rows(&mut merged);
        let (Some(table), Some(after)) = (first_table(&plan), first_table(&merged)) else { continue };
        if table.rows.len() == after.rows.len() {
            continue;
        }
        merged_tables += 1;
        for _ in 0..20 {
            let (case, settings) = (generate::case(&mut random, &plan), generate::settings(&mut random, &plan));
            let (one, other) = (evaluate(&plan, &case, &settings), evaluate(&merged, &case, &settings));
            for cell in &table.output_cells {
                let [a, b] = [&one, &other].map(|of| *of.cells.get(*cell).unwrap());
                assert_eq!(Value { needs: 0, ..b }, Value { needs: 0, ..a }, "{table:#?}\n{case:?}");
                assert_eq!(b.needs & !a.needs, 0, "{table:#?}\n{case:?}");
                fewer_needs += u32::from(a.needs != b.needs);
            }
        }
    }
    println!("{merged_tables} tables, {fewer_needs} answers that need less");
    assert!(merged_tables > 50 && fewer_needs > 50);
}

/// A table that says `any`: 1 where `a` is at most 4 or `b` at most 6, in overlapping rows, and 0 elsewhere; in any order.
fn overlapping(random: &mut Random) -> Vec<String> {
    let mut rows = vec!["<= 4 any | 1".to_owned(), "any <= 6 | 1".to_owned(), "> 4 > 6 | 0".to_owned()];
    for _ in 0..random.below(4) {
        let (from, to) = (random.between(0, 4), random.between(0, 4));
        let within = format!("{}..{}", from.min(to), from.max(to));
        rows.push(if random.percent(50) { format!("{within} any | 1") } else { format!("any {within} | 1") });
    }
    for place in (1..rows.len()).rev() {
        rows.swap(place, random.below(place + 1));
    }
    rows
}

#[test]
fn rows_that_agree_answer_in_any_order_and_are_held_to_it() {
    let mut random = Random::new(6);
    for _ in 0..200 {
        let rows = overlapping(&mut random);
        let tried = |rows: &[String]| {
            let rows = rows.join("\n  ");
            let subject = "subject S {\n  a : integer 0..9\n  b : integer 0..9\n}\n";
            Tried::sample(&format!("{subject}table t any {{\n  a b | x\n  {rows}\n}}\n"))
        };
        let plan = tried(&rows).compiled.package.unwrap().plan;
        let answer = plan.answers.iter().find_map(|answer| match &answer.kind {
            AnswerKind::Output { cell, .. } => Some(*cell),
            _ => None,
        });
        let sides = || [Datum::Missing].into_iter().chain((0..10).map(Datum::Known));
        for (a, b) in sides().flat_map(|a| sides().map(move |b| (a, b))) {
            let case = Case { facts: vec![a, b], ..Case::default() };
            let found = *evaluate(&plan, &case, &vec![]).cells.get(answer.unwrap()).unwrap();
            let fits =
                |of: Datum, most: i64| if let Datum::Known(of) = of { vec![of <= most] } else { vec![true, false] };
            let either: Vec<bool> =
                fits(a, 4).into_iter().flat_map(|a| fits(b, 6).into_iter().map(move |b| a || b)).collect();
            let ends = (i64::from(either.iter().all(|yes| *yes)), i64::from(either.iter().any(|yes| *yes)));
            assert_eq!((found.low, found.high), ends, "{rows:?} {a:?} {b:?}");
        }
        let other: Vec<String> = rows
            .iter()
            .map(|row| if row.starts_with("<= 4") { "<= 4 any | 2".to_owned() } else { row.clone() })
            .collect();
        let told = tried(&other).messages();
        assert!(told.contains("error[E0410]: two rows of `t` answer for the same patient"), "{told}");
    }
}

/// A table of two columns, the second of which may be none: the rows of each begin at these cuts.
fn between_cuts((low, high): (i64, i64), cuts: &[i64], random: &mut Random) -> Plan {
    let starts = [low].into_iter().chain(cuts.iter().copied());
    let ends = cuts.iter().map(|cut| cut - 1).chain([high]);
    let ways = 1 + random.between(1, 30);
    let rows = || starts.clone().zip(ends.clone()).enumerate();
    let rows_of = |name: &str, last: String| {
        let rows =
            rows().map(|(place, (from, to))| format!("  {from}..{to} | {}\n", i64::try_from(place).unwrap() % ways));
        format!("table of_{name} {{\n  {name} | points\n{}{last}}}\n", rows.collect::<String>())
    };
    let subject = format!("subject S {{\n  a : integer {low}..{high}\n  b : optional integer {low}..{high}\n}}\n");
    let (of_a, of_b) = (rows_of("a", String::new()), rows_of("b", "  none | 40\n".to_owned()));
    compile(&concord_tests::text::whole(&format!("{subject}{of_a}{of_b}"))).plan
}

/// Where many limits stand side by side in one word, each must be told from its neighbours: on it, before it, and at both ends of the range.
#[test]
fn limits_are_told_apart_however_many_and_however_wide() {
    let mut random = Random::new(7);
    let widths =
        [1, 2, 3, 7, 15, 16, 31, 63, 64, 127, 128, 255, 511, 1_000, 16_384, 32_767, 32_768, 70_000, 5_000_000_000];
    for (width, turn) in widths.into_iter().flat_map(|width| (0..6).map(move |turn| (width, turn))) {
        let low = if turn == 0 { 0 } else { random.between(-2 * width, width) };
        let high = low + width;
        let cuts = (0..random.between(1, 24)).map(|_| random.between(low + 1, high));
        let mut cuts: Vec<i64> = if turn == 1 { (low + 1..=high).take(40).collect() } else { cuts.collect() };
        cuts.sort_unstable();
        cuts.dedup();
        let plan = between_cuts((low, high), &cuts, &mut random);
        let values: Vec<i64> = cuts.iter().flat_map(|cut| [cut - 1, *cut]).chain([low, high]).collect();
        let any = |random: &mut Random| {
            let [one, other] = [0; 2].map(|_| values[random.below(values.len())]);
            if one == other || random.percent(60) {
                Datum::Known(one)
            } else {
                Datum::Between(one.min(other), one.max(other))
            }
        };
        let known = values.iter().map(|value| vec![Datum::Known(*value); 2]).collect::<Vec<_>>();
        let others = [vec![Datum::Missing; 2], vec![Datum::Known(low), Datum::None]];
        let open = (0..60).map(|_| vec![any(&mut random), any(&mut random)]).collect::<Vec<_>>();
        let cases: Vec<Case> =
            known.into_iter().chain(others).chain(open).map(|facts| Case { facts, ..Case::default() }).collect();
        crate::sentences::same_in_module(&plan, &cases);
        crate::differential::agree(&plan);
    }
}
