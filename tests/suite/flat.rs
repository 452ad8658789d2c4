//! Nothing is held of an audit that need not be: exports of members, the file of all cases and the answers of `eval` come out the same, byte by
//! byte, in whatever way an export is read, and take as much memory for ten times as many cases.

use crate::audit::off;
use crate::cli::run;
use crate::packages::{Random, TempFolder, authored, data_file};
use crate::while_reading::Sides;
use concord_cli::audit::cases::Sink;
use concord_cli::audit::members::MemberRun;
use concord_cli::audit::{self, Limits, OfRun, Options};
use concord_cli::data::read::{InOrder, Mapping, ReadError, ReadOptions, Source, load_mapping};
use concord_cli::results::Audit;
use concord_engine::plan::Package;
use concord_engine::values::calendar::read_instant;
use std::collections::BTreeSet;
use std::path::PathBuf;

pub const COLUMNS: &str = "case_id;activity;timestamp;age;crp;lacticacid;leucocytes;infectionsuspected;sirscriteria2ormore;hypotensie;hypoxie;oligurie;disfuncorg;trust\n";

/// The mapping of such rows; with names that no row carries, or without.
pub fn map(with_others: bool) -> String {
    let map = std::fs::read_to_string(data_file("sepsis/sepsis.map.toml")).unwrap();
    let map = map.replace("constant = \"NL-SEPSIS\"", "column = \"trust\"");
    let carried = ["ER Sepsis Triage", "IV Antibiotics", "LacticAcid"];
    let is_other = |line: &str| line.split('"').nth(1).is_some_and(|name| !carried.contains(&name));
    let lines = map.lines().filter(|line| with_others || !line.starts_with('"') || !is_other(line));
    lines.map(|line| format!("{line}\n")).collect()
}

/// The rows of a case.
pub fn rows(random: &mut Random, id: &str, number: u64, trust: &str) -> Vec<String> {
    let row = |what: &str, minute: u64, age: &str, lactate: &str| {
        let (day, month, hour) = (number % 28 + 1, number / 28 % 12 + 1, 8 + minute / 60);
        let time = format!("2014-{month:02}-{day:02}T{hour:02}:{:02}:00Z", minute % 60);
        format!("{id};{what};{time};{age};NA;{lactate};NA;true;true;false;false;false;NA;{trust}\n")
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

pub fn shuffled<T>(mut rows: Vec<T>, random: &mut Random) -> Vec<T> {
    for place in (1..rows.len()).rev() {
        rows.swap(place, usize::try_from(random.below(place as u64 + 1)).unwrap());
    }
    rows
}

/// Rows of the file of cases, as they come.
#[derive(Clone, Default)]
struct Rows(Vec<[String; 11]>);

impl Sink for Rows {
    fn row(&mut self, fields: [String; 11]) -> Result<(), String> {
        self.0.push(fields);
        Ok(())
    }
}

struct Member {
    code: Option<&'static str>,
    mapping: Mapping,
    paths: [PathBuf; 1],
}

fn reading() -> ReadOptions {
    ReadOptions { as_of: read_instant("2015-01-01T00:00:00Z").unwrap(), ..ReadOptions::default() }
}

/// What comes of members' exports with such limits, with rows or without (then they are read in pieces), and how many cases were judged by one who
/// had no others beside.
fn audited(
    package: &Package,
    members: &[Member],
    limits: (u64, usize, usize, bool),
    folder: &TempFolder,
) -> (Audit, Rows, usize) {
    let (mut judge, mut rows, reading) = (Sides { package, own: 0 }, Rows::default(), reading());
    let exports: Vec<OfRun<'_>> = members
        .iter()
        .map(|Member { code, mapping, paths }| {
            let source = Source { plan: &package.plan, mapping, paths, options: &reading };
            OfRun { code: *code, source }
        })
        .collect();
    let (memory, threads, cases, listed) = limits;
    let turn = audit::Turn::default();
    let limits = Limits { memory, scratch: folder.path("rows"), threads, piece: 5_000, turn };
    let options = Options { batch: cases, members: runs(), ..off() };
    let sink = listed.then_some(&mut rows as &mut dyn Sink);
    let counted = audit::count_while_reading(package, &exports, &mut judge, (&options, &limits), (sink, &mut |_| {}));
    let found = counted.unwrap().finish(&mut judge);
    (found, rows, judge.own)
}

fn runs() -> Vec<MemberRun> {
    ["R1", "R2", "R3"].map(|code| MemberRun { code: code.to_owned(), ..MemberRun::default() }).to_vec()
}

/// A file of several organisations and three members that number their patients alike; one export is shuffled, and in one a row comes back.
/// And the rows of all, with each name as it is shown.
fn exports() -> (Vec<Vec<String>>, String) {
    let (mut random, mut all, mut exports, mut taken) =
        (Random::seeded(12), String::new(), Vec::new(), BTreeSet::new());
    for (place, code) in CODES.into_iter().enumerate() {
        let (mut own, mut ids) = (Vec::new(), Vec::new());
        for number in 0..3_000 {
            // The first names its organisations; the others do so now and then, and have some numbers that nobody has.
            let trust = if place == 0 || random.below(50) == 0 { "R7" } else { "" };
            let id = if random.below(10) == 0 { format!("P{number}-{place}") } else { format!("P{number}") };
            let said = if trust.is_empty() { code.unwrap_or_default() } else { trust };
            let shown = if taken.contains(&id) { format!("{id} ({})", code.unwrap()) } else { id.clone() };
            own.extend(rows(&mut random, &id, number, trust).into_iter().map(|row| {
                let as_shown = row.replacen(&format!("{id};"), &format!("{shown};"), 1);
                (as_shown.replace(&format!(";{trust}\n"), &format!(";{said}\n")), row)
            }));
            ids.push(id);
        }
        taken.extend(ids);
        if place == 2 {
            own = shuffled(own, &mut random);
        }
        if place == 3 {
            own.push(own[4].clone());
        }
        let (shown, own): (Vec<String>, Vec<String>) = own.into_iter().unzip();
        all.push_str(&shown.concat());
        exports.push(own);
    }
    (exports, all)
}

const CODES: [Option<&str>; 4] = [None, Some("R1"), Some("R2"), Some("R3")];

#[test]
fn members_come_out_as_one_export_of_all() {
    let (package, folder) = (authored("acute/sepsis"), TempFolder::new());
    let member = |code: Option<&'static str>, rows: &str, with_others: bool| {
        let name = code.unwrap_or("all");
        let map = folder.write(&format!("{name}.toml"), map(with_others).as_bytes());
        let mapping = load_mapping(&package, &map).unwrap();
        let path = folder.write(&format!("{name}-{}.csv", rows.len()), format!("{COLUMNS}{rows}").as_bytes());
        Member { code, mapping, paths: [path] }
    };
    let (exports, all) = exports();
    let one = [member(None, &all, false)];
    let (expected, rows, _) = audited(&package, &one, (u64::MAX, 1, 1_024, true), &folder);
    assert!(rows.0.iter().any(|row| row[0].ends_with(" (R3)")));
    // And with names that no row of one member carries, so that it is read again.
    for with_others in [false, true] {
        let pairs = CODES.iter().zip(&exports);
        let members: Vec<Member> =
            pairs.map(|(code, rows)| member(*code, &rows.concat(), with_others && *code == Some("R1"))).collect();
        let (mut first, mut alone) = (None, usize::MAX);
        for limits in [
            (u64::MAX, 1, 1_024, true),
            (0, 3, 7, true),
            (u64::MAX, 2, 65_536, true),
            (0, 1, 256, false),
            (0, 3, 256, false),
            (u64::MAX, 2, 1_024, false),
        ] {
            let found = audited(&package, &members, limits, &folder);
            let is_listed = limits.3;
            match (limits.1, is_listed) {
                (1, false) => alone = found.2,
                // The file of several organisations and that of one member are in order, and read in pieces.
                (_, false) => assert!(found.2 + 5_000 < alone, "{} of {alone}", found.2),
                _ => {}
            }
            if !with_others {
                assert!(!is_listed || found.1.0 == rows.0, "{limits:?}: other rows");
                assert!(found.0.obligations == expected.obligations, "{limits:?}: other obligations");
                assert!(found.0.measures == expected.measures, "{limits:?}: other measures");
                let counts =
                    |audit: &Audit| [audit.data.cases, audit.data.rows, audit.data.events, audit.data.organisations];
                assert_eq!(counts(&found.0), counts(&expected), "{limits:?}");
            }
            let first = first.get_or_insert_with(|| found.clone());
            let same = first.0 == found.0 && (!is_listed || first.1.0 == found.1.0);
            assert!(same, "{limits:?}: another audit, {with_others}");
        }
    }
}

#[test]
fn texts_come_back_in_order() {
    let (folder, mut random) = (TempFolder::new(), Random::seeded(3));
    let mut all = InOrder::at(&folder.path("texts"));
    let mut expected: Vec<(u64, Vec<String>)> = Vec::new();
    let mut kept = (all.so_far(), 0);
    for run in 0..40 {
        let mut place = random.below(5_000);
        for _ in 0..random.below(200) {
            place += 40;
            // Each place in one run alone, perhaps with several texts.
            let own = place / 40 * 40 + run;
            for _ in 0..1 + random.below(2) {
                let long = "ä".repeat(usize::try_from(random.below(if run == 7 { 90_000 } else { 9 })).unwrap());
                all.add(own, &[&own.to_string(), &long]);
                expected.push((own, vec![own.to_string(), long]));
            }
        }
        match random.below(6) {
            0 => kept = (all.so_far(), expected.len()),
            1 if kept.1 > 0 => {
                all.cut(kept.0);
                expected.truncate(kept.1);
            }
            _ => {}
        }
    }
    expected.sort_by_key(|(place, _)| *place);
    let mut found = Vec::new();
    let came: Result<Result<(), ()>, ReadError> = all.each(|place, texts| {
        found.push((place, texts));
        Ok(())
    });
    assert_eq!(came, Ok(Ok(())));
    assert!(found == expected && expected.len() > 1_000, "{}", expected.len());
}

fn arguments<'a>(rules: &'a str, map: &'a str, data: &'a str, out: &'a str) -> [&'a str; 10] {
    ["eval", rules, "--map", map, "--data", data, "--as-of", "2015-01-01T00:00:00Z", "--out", out]
}

/// In the order of the first rows, in whatever way the export is read; of a pipe too, which can be read only once.
#[test]
fn answers_stand_in_the_order_of_the_export() {
    let (folder, mut random) = (TempFolder::new(), Random::seeded(4));
    let cases = (0..1_500).flat_map(|number| rows(&mut random, &format!("P{number}"), number, "R1")).collect();
    let rows: Vec<String> = shuffled(cases, &mut random);
    let mut first = Vec::new();
    rows.iter().map(|row| row.split(';').next().unwrap()).for_each(|id| {
        if !first.contains(&id) {
            first.push(id);
        }
    });
    let data = folder.write("data.csv", format!("{COLUMNS}{}", rows.concat()).as_bytes());
    let map = folder.write("map.toml", map(true).as_bytes());
    let rules = format!("{}/../rules/acute/sepsis", env!("CARGO_MANIFEST_DIR"));
    let answered = |data: &str, more: &[&str]| {
        let out = folder.path("answers.ndjson");
        let own = arguments(&rules, map.to_str().unwrap(), data, out.to_str().unwrap());
        let ran = run(&[&own[..], more].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.err.contains(&format!("1500 cases answered from {} rows", rows.len())), "{}", ran.err);
        assert!(!folder.path("answers.rows.partial").exists());
        folder.read("answers.ndjson")
    };
    let held = answered(data.to_str().unwrap(), &[]);
    let id = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["case"].as_str().unwrap().to_owned();
    assert_eq!(held.lines().map(id).collect::<Vec<_>>(), first);
    assert!(answered(data.to_str().unwrap(), &["--memory", "0"]) == held);
    #[cfg(unix)]
    {
        let pipe = folder.path("pipe.csv");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let (to, text) = (pipe.clone(), std::fs::read(&data).unwrap());
        let writing = std::thread::spawn(move || std::fs::write(to, text).unwrap());
        assert!(answered(pipe.to_str().unwrap(), &["--memory", "0"]) == held);
        writing.join().unwrap();
    }
}

/// The most memory that a run takes, in KiB.
#[cfg(target_os = "linux")]
fn peak(arguments: &[&str]) -> u64 {
    let mut child = std::process::Command::new(crate::packages::concord())
        .args(arguments)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut most = 0;
    loop {
        // What has ended has no line of its memory.
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
        most = line.and_then(|line| line.parse().ok()).unwrap_or(most);
        if let Some(ended) = child.try_wait().unwrap() {
            assert!(ended.success(), "{arguments:?}");
            return most;
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
}

/// 40,000 cases that are held take 30 MB and more.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_cases() {
    const MORE: u64 = 18 << 10;
    let (folder, mut random) = (TempFolder::new(), Random::seeded(5));
    let path = |name: &str| folder.path(name).to_str().unwrap().to_owned();
    let rules = format!("{}/../rules/acute/sepsis", env!("CARGO_MANIFEST_DIR"));
    let all = folder.write("all.toml", map(true).as_bytes());
    folder.write("some.toml", map(false).as_bytes());
    let mut peaks = Vec::new();
    for cases in [2_000, 40_000_u64] {
        let by_case = (0..cases).map(|number| rows(&mut random, &format!("P{number}"), number, "R1").concat());
        let by_case: Vec<String> = by_case.collect();
        folder.write("grouped.csv", format!("{COLUMNS}{}", by_case.concat()).as_bytes());
        let half = by_case.len() / 2;
        for (name, own) in [("one.csv", &by_case[..half]), ("other.csv", &by_case[half..])] {
            folder.write(name, format!("{COLUMNS}{}", own.concat()).as_bytes());
        }
        let rows = by_case.iter().flat_map(|case| case.split_inclusive('\n')).map(str::to_owned).collect();
        folder.write("shuffled.csv", format!("{COLUMNS}{}", shuffled(rows, &mut random).concat()).as_bytes());
        let member = |code: &str, file: &str, map: &str| {
            format!("[[run.member]]\ncode = {code:?}\ndata = [{file:?}]\nmap = {map:?}\n")
        };
        let definition = format!(
            "title = \"T\"\n[[run]]\nrules = {rules:?}\nas_of = \"2015-01-01T00:00:00Z\"\ndisclosure = \"off\"\nbecause = \"made up\"\n{}{}",
            member("R1", "one.csv", "some.toml"),
            member("R2", "other.csv", "all.toml")
        );
        let definition = folder.write("audit.toml", definition.as_bytes());
        let (report, listed, answers) = (path("report"), path("cases.csv"), path("answers.ndjson"));
        let (map, shuffled, grouped) = (all.to_str().unwrap(), path("shuffled.csv"), path("grouped.csv"));
        let audit = ["audit", &rules, "--map", map, "--data", &shuffled, "--as-of", "2015-01-01T00:00:00Z"];
        let eval = arguments(&rules, map, &grouped, &answers);
        peaks.push([
            (
                "members, with all cases",
                peak(&["audit", definition.to_str().unwrap(), "--out", &report, "--cases", &listed]),
            ),
            ("shuffled, in 4 MB", peak(&[&audit[..], &["--out", &report, "--memory", "4M"]].concat())),
            ("answers", peak(&[&eval[..], &["--bare"]].concat())),
        ]);
    }
    for ((what, few), (_, many)) in peaks[0].iter().zip(peaks[1]) {
        assert!(many < few + MORE, "{what}: {few} KiB of 2,000 cases, {many} KiB of 40,000");
    }
}
