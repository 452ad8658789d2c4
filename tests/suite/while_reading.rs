//! An export that is judged while it is read gives the audit of one that is held until its end, grouped by case or not.

use crate::audit::{judged, off};
use crate::packages::{Random, TempFolder, authored, data_file};
use concord_cli::audit::{self, Judge, Limits, Options};
use concord_cli::data::read::{ReadOptions, Source, load_mapping, read_export};
use concord_cli::results::Logic;
use concord_engine::evaluate::{Outcome, evaluate};
use concord_engine::plan::case::Case;
use concord_engine::plan::{AnswerId, Package};
use concord_engine::values::calendar::read_instant;

const COLUMNS: &str = "case_id;activity;timestamp;age;crp;lacticacid;leucocytes;infectionsuspected;sirscriteria2ormore;hypotensie;hypoxie;oligurie;disfuncorg;trust\n";
/// More cases than make three parts.
const CASES: usize = 13_000;

/// The rows of a case: a triage, and perhaps an antibiotic and a lactate.
fn rows(random: &mut Random, number: usize) -> Vec<String> {
    let trust = ["R1", "R2", "R3"][number % 3];
    let row = |what: &str, minute: u64, age: &str, lactate: &str| {
        let day = number % 28 + 1;
        format!(
            "P{number};{what};2014-03-{day:02}T{:02}:{:02}:00Z;{age};NA;{lactate};NA;true;true;false;false;false;NA;{trust}\n",
            8 + minute / 60,
            minute % 60
        )
    };
    let mut rows = vec![row("ER Sepsis Triage", 0, &(20 + random.below(70)).to_string(), "NA")];
    if random.below(4) > 0 {
        rows.push(row("IV Antibiotics", random.below(200), "NA", "NA"));
    }
    if random.below(3) > 0 {
        rows.push(row("LacticAcid", random.below(200), "NA", "2.4"));
    }
    rows
}

/// The interpreter as a judge, and as others beside it.
pub struct Sides<'a> {
    pub package: &'a Package,
    /// How many cases it judged itself.
    pub own: usize,
}

impl Judge for Sides<'_> {
    fn logic(&self) -> Logic {
        audit::logic(self.package, &vec![None; self.package.plan.parameters.len()], "", "")
    }

    fn judge(&mut self, cases: &[Case]) -> Result<Vec<Outcome>, String> {
        self.own += cases.len();
        let settings = vec![None; self.package.plan.parameters.len()];
        Ok(cases.iter().map(|case| evaluate(&self.package.plan, case, &settings)).collect())
    }

    fn others(&mut self, count: usize) -> Vec<Box<dyn Judge + Send + '_>> {
        let other = |_| -> Box<dyn Judge + Send + '_> { Box::new(Sides { package: self.package, own: 0 }) };
        (0..count).map(other).collect()
    }

    fn explain(&mut self, _: AnswerId, case: &Case) -> Vec<String> {
        vec![format!("{} events", case.events.len())]
    }
}

/// Holds an export to all ways of judging it; how many cases were judged by one reader where several had pieces of it.
fn same(map: &str, rows: &str, what: &str) -> usize {
    let (package, folder) = (authored("acute/sepsis"), TempFolder::new());
    let mapping = load_mapping(&package, &folder.write("map.toml", map.as_bytes())).unwrap_or_else(|e| panic!("{e}"));
    let paths = [folder.write("data.csv", format!("{COLUMNS}{rows}").as_bytes())];
    let rejects = |name: &str| ReadOptions {
        rejects: Some(folder.path(name)),
        as_of: read_instant("2015-01-01T00:00:00Z").unwrap(),
        ..ReadOptions::default()
    };
    let (held, streamed) = (rejects("rejects.csv"), rejects("rejects.csv"));
    let export = read_export(&package.plan, &mapping, &paths, &held, &mut |_| {}).unwrap();
    let text = std::fs::read_to_string(folder.path("rejects.csv")).ok();
    let whole = judged(&package, &export, &off());
    let source = Source { plan: &package.plan, mapping: &mapping, paths: &paths, options: &streamed };
    let mut alone = 0;
    for (memory, threads, cases, piece) in [
        (u64::MAX, 8, 1_024, 40_000),
        (0, 1, 1, 700),
        (u64::MAX, 2, 256, 700),
        (0, 2, 65_536, 300_000),
        (u64::MAX, 1, 7, 1),
        (u64::MAX, 3, 256, usize::MAX >> 1),
    ] {
        let turn = audit::Turn::default();
        let limits = Limits { memory, scratch: folder.path("rows"), threads, piece, turn };
        let options = Options { batch: cases, ..off() };
        let mut judge = Sides { package: &package, own: 0 };
        let found = audit::while_reading(&package, source, &mut judge, (&options, &limits), &mut |_| {}).unwrap();
        alone += if threads > 1 && piece < rows.len() / 2 { judge.own } else { 0 };
        assert!(found == whole, "{what}: another audit");
        assert_eq!(std::fs::read_to_string(folder.path("rejects.csv")).ok(), text, "{what}");
        let left = std::fs::read_dir(folder.path("rows"))
            .into_iter()
            .flatten()
            .filter(|e| e.as_ref().unwrap().path().is_file());
        assert_eq!(left.count(), 0, "{what}: rows stay behind");
    }
    alone
}

#[test]
fn an_export_is_judged_the_same_while_it_is_read() {
    let map = std::fs::read_to_string(data_file("sepsis/sepsis.map.toml")).unwrap();
    let map = map.replace("constant = \"NL-SEPSIS\"", "column = \"trust\"");
    let names =
        ["ER Registration", "ER Triage", "IV Liquid", "CRP", "Leucocytes", "Admission NC", "Admission IC", "Return ER"];
    let carried = |name: &&str| !names.contains(name) && !name.starts_with("Release");
    let all_carried: String = map
        .lines()
        .filter(|line| line.split('"').nth(1).is_none_or(|name| !line.starts_with('"') || carried(&name)))
        .map(|line| format!("{line}\n"))
        .collect();
    let mut random = Random::seeded(7);
    let cases: Vec<Vec<String>> = (0..CASES).map(|number| rows(&mut random, number)).collect();
    let grouped = cases.concat().concat();
    assert_eq!(same(&all_carried, &grouped, "grouped"), 0, "it is read in pieces");
    assert_eq!(same(&map, &grouped, "with names that nobody carries"), 0, "it is read in pieces, twice");
    same(&all_carried, &format!("{grouped}{}", cases[5][0]), "with a row that comes back");
    // A short row names a case that was handed over, one of the part at hand, and none.
    let short = |name: &str| format!("{name};Unknown\n");
    same(
        &all_carried,
        &format!("{grouped}{}{}", short("P12"), short("nobody")),
        "with a short row of a case that is over",
    );
    let lost = [cases[..6_000].concat().concat(), short("P5999"), short("P6000"), cases[6_000..].concat().concat()];
    same(&all_carried, &lost.concat(), "with short rows");
    // Names of cases so far on lie in files until the end.
    let late = format!("{grouped}{}", cases[11_500][0]);
    same(&all_carried, &late, "with a row that comes back late");
    let short_late = format!("{grouped}{}", short("P11500"));
    same(&all_carried, &short_late, "with a short row of a late case that is over");
    let lost = [cases[..12_500].concat().concat(), short("P12499"), short("P12500"), cases[12_500..].concat().concat()];
    same(&all_carried, &lost.concat(), "with late short rows");
    let alike = grouped.replace("P12600;", "p 12500;").replace("P12700;", "p300;");
    same(&all_carried, &alike, "with names that differ in capitals and blanks");
    let shared = grouped.replace("P11800;", "P11801;");
    same(&all_carried, &shared, "with a number that two trusts share, late");
    let unknown = grouped.replacen("P9000;ER Sepsis Triage", "P9000;Something", 1).replacen(";R2\n", ";\n", 3);
    let unknown =
        unknown.replacen("P400;IV", "P400;Iv", 9).replacen(";2.4;", ";2,4 h;", 40).replacen(":00Z;5", ":00;5", 9);
    assert_eq!(same(&all_carried, &unknown, "with rows refused and organisations missing"), 0, "it is read in pieces");
    let shared = grouped.replace("P1300;", "P1;");
    same(&all_carried, &shared, "with a number that two trusts share");
    let mut shuffled: Vec<String> = cases.concat();
    for place in (1..shuffled.len()).rev() {
        shuffled.swap(place, usize::try_from(random.below(place as u64 + 1)).unwrap());
    }
    same(&map, &shuffled.concat(), "shuffled");
    for (place, row) in
        [(100, short("P1")), (20_000, short("P1")), (300, short("nobody")), (400, "x;P2;y\n".to_owned())]
    {
        shuffled.insert(place, row);
    }
    let rows = shuffled.concat().replacen(";R2\n", ";\n", 40).replace("P1300;", "P1;").replacen("ER Sepsis", "No", 9);
    same(&all_carried, &rows, "shuffled, with faults");
}

/// Ends of lines, quotes and empty lines: in pieces, or from the start to the end.
#[test]
fn an_export_is_judged_the_same_in_whatever_pieces() {
    let map = std::fs::read_to_string(data_file("sepsis/sepsis.map.toml")).unwrap();
    let map = map.replace("constant = \"NL-SEPSIS\"", "column = \"trust\"");
    let mut random = Random::seeded(11);
    let cases: Vec<Vec<String>> = (0..1_500).map(|number| rows(&mut random, number)).collect();
    let grouped = cases.concat().concat();
    let in_pieces = [
        ("as Windows ends lines", grouped.replace('\n', "\r\n")),
        ("without an end of the last line", grouped.trim_end().to_owned()),
        ("with letters of several bytes", grouped.replace("R1", "Überall").replace("P77;", "Päßé 77;")),
        ("with rows of one case in the midst", {
            let row = cases[700][0].clone();
            grouped.replacen(&row, &row.repeat(300), 1)
        }),
    ];
    for (what, rows) in in_pieces {
        assert_eq!(same(&map, &rows, what), 0, "{what}: it is read in pieces");
    }
    let whole = [
        ("with a quote", grouped.replacen(";R2\n", ";\"R2\"\n", 1)),
        ("with a line in quotes", grouped.replacen(";R2\n", ";\"R2\n\"\n", 1)),
        ("with an empty line", grouped.replacen(";R2\n", ";R2\n\n", 1)),
        ("with a line that ends as none does", grouped.replacen(";R3\n", ";R3\r", 1)),
        ("with a short row", grouped.replacen(";R3\n", "\n", 1)),
        ("with blanks around a name", grouped.replace("P900;", " P900;").replacen(" P900;", "P900;", 1)),
        ("cut in its last row", grouped[..grouped.len() - 40].to_owned()),
    ];
    for (what, rows) in whole {
        same(&map, &rows, what);
    }
}
