//! Audits that are stopped: by Ctrl-C, by a kill at any moment, by a full disk or a broken file. What was there before stays, and nothing half-made does.

use crate::cli::run;
use crate::flat;
use crate::packages::{Random, TempFolder, concord, data_file};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

fn rules() -> String {
    format!("{}/../rules/acute/sepsis", env!("CARGO_MANIFEST_DIR"))
}

fn started(arguments: &[&str]) -> Child {
    Command::new(concord()).args(arguments).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap()
}

/// Everything in a folder, by name; folders with a slash.
pub fn all(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let named = entries.map(|entry| {
        let name = entry.file_name().to_str().unwrap().to_owned();
        if entry.path().is_dir() {
            (format!("{name}/"), Vec::new())
        } else {
            (name, std::fs::read(entry.path()).unwrap())
        }
    });
    named.collect()
}

#[cfg(unix)]
#[test]
fn an_audit_that_is_interrupted_leaves_nothing_behind() {
    let folder = TempFolder::new();
    let pipe = folder.path("d.csv");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let (map, out, cases) = (data_file("sepsis/sepsis.map.toml"), folder.path("out"), folder.path("cases.csv"));
    let rules = rules();
    let arguments = ["audit", &rules, "--map", map.to_str().unwrap(), "--data", pipe.to_str().unwrap()];
    let rest = ["--as-of", "2015-12-31T00:00:00Z", "--out", out.to_str().unwrap(), "--cases", cases.to_str().unwrap()];
    for signal in ["-INT", "-TERM"] {
        let mut child = started(&[&arguments[..], &rest[..], &["--no-disclosure-control", "published"]].concat());
        // It waits for what nobody writes.
        let begun = Instant::now();
        while !folder.path("out.partial").exists() || !folder.path("cases.csv.partial").exists() {
            assert!(begun.elapsed() < Duration::from_secs(60), "it never began");
            std::thread::sleep(Duration::from_millis(20));
        }
        std::thread::sleep(Duration::from_millis(200));
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(130));
        let left: Vec<String> = std::fs::read_dir(folder.path(""))
            .unwrap()
            .map(|e| e.unwrap().file_name().to_str().unwrap().to_owned())
            .collect();
        assert_eq!(left, ["d.csv"]);
    }
}

/// Three standards in one report, and members of which one has its rows in no order: it takes long enough to be killed in the midst of it.
pub fn definition(folder: &TempFolder) -> String {
    let run = |rules: &str, data: &str, map: &str, as_of: &str| {
        let paths = [data, map].map(|path| data_file(path).to_str().unwrap().to_owned());
        let rules = format!("{}/../rules/{rules}", env!("CARGO_MANIFEST_DIR"));
        format!(
            "[[run]]\nrules = {rules:?}\ndata = [{:?}]\nmap = {:?}\nas_of = {as_of:?}\ndisclosure = \"off\"\nbecause = \"published\"\n",
            paths[0], paths[1]
        )
    };
    let sepsis = run("acute/sepsis", "sepsis/sepsis.csv", "sepsis/sepsis.map.toml", "2015-12-31T00:00:00+01:00");
    let returns =
        run("flow/emergency_returns", "nhs/ae_attendances.csv", "nhs/ae.map.toml", "2019-04-30T00:00:00+01:00");
    let parquet = run("acute/sepsis", "formats/sepsis.parquet", "formats/sepsis.map.toml", "2015-12-31T00:00:00+01:00");
    let text = format!("title = \"Four\"\n{sepsis}{returns}{parquet}{}", members(folder));
    folder.write("audit.toml", text.as_bytes()).to_str().unwrap().to_owned()
}

/// A run of two members, whose patients have the same numbers.
fn members(folder: &TempFolder) -> String {
    let mut random = Random::seeded(0x4e4e);
    let map = folder.write("members.toml", flat::map(true).as_bytes());
    let mut text = format!(
        "[[run]]\nrules = {:?}\nmap = {map:?}\nas_of = \"2015-01-01T00:00:00Z\"\ndisclosure = \"off\"\nbecause = \"made up\"\n",
        rules()
    );
    for code in ["R1", "R2"] {
        let mut rows: Vec<String> =
            (0..1_500).flat_map(|number| flat::rows(&mut random, &format!("P{number}"), number, "")).collect();
        if code == "R2" {
            rows = flat::shuffled(rows, &mut random);
        }
        let data = folder.write(&format!("{code}.csv"), format!("{}{}", flat::COLUMNS, rows.concat()).as_bytes());
        text.push_str(&format!("[[run.member]]\ncode = {code:?}\ndata = [{data:?}]\n"));
    }
    text
}

#[test]
fn an_audit_that_was_killed_is_taken_up_to_the_same_bytes() {
    let folder = TempFolder::new();
    let definition = definition(&folder);
    let out = |name: &str| folder.path(name).to_str().unwrap().to_owned();
    let whole = out("whole");
    let begun = Instant::now();
    assert_eq!(run(&["audit", &definition, "--out", &whole]).code, 0);
    // With so little memory, what is in no order is set apart in files.
    let resumed = |place: &str| ["audit", &definition, "--out", place, "--memory", "0", "--resume"].map(str::to_owned);
    let length = u64::try_from(begun.elapsed().as_millis()).unwrap();
    let expected = all(Path::new(&whole));
    let mut dice = Random::seeded(0x9111);
    let mut taken_up = 0;
    for number in 0..10 {
        let place = out(&format!("report{number}"));
        // From the beginning to a little beyond the end.
        let arguments = resumed(&place);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let mut child = started(&arguments);
        std::thread::sleep(Duration::from_millis(length * (2 * number + dice.below(3)) / 20));
        child.kill().unwrap();
        child.wait().unwrap();
        let ran = run(&arguments);
        assert_eq!(ran.code, 0, "{}", ran.err);
        taken_up += ran.err.matches("taken up").count();
        assert_eq!(all(Path::new(&place)), expected);
        assert!(!folder.path(&format!("report{number}.finished")).exists());
        assert!(!folder.path(&format!("report{number}.partial")).exists());
    }
    assert!(taken_up > 0, "nothing was finished before a kill");
}

#[test]
fn what_has_changed_is_not_taken_up() {
    let folder = TempFolder::new();
    let definition = definition(&folder);
    let out = folder.path("out").to_str().unwrap().to_owned();
    // One after another, the third run fails, after two that are finished.
    let text = folder.read("audit.toml");
    folder.write("audit.toml", text.replace("formats/sepsis.parquet", "formats/arrow-brotli.parquet").as_bytes());
    let ran = run(&["audit", &definition, "--out", &out, "--resume", "--threads", "1"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains("no column is called `case_id`"), "{}", ran.err);
    assert!(folder.path("out.finished").is_dir() && !folder.path("out").exists());
    let text = text.replacen("2015-12-31T00:00:00+01:00", "2015-12-30T00:00:00+01:00", 1);
    folder.write("audit.toml", text.as_bytes());
    let ran = run(&["audit", &definition, "--out", &out, "--resume"]);
    assert_eq!((ran.code, ran.err.matches("taken up").count()), (0, 1), "{}", ran.err);
    assert!(!folder.path("out.finished").exists());
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_said_and_leaves_the_last_report() {
    let folder = TempFolder::new();
    let (map, data) = (data_file("sepsis/sepsis.map.toml"), data_file("sepsis/sepsis.csv"));
    let out = folder.path("out");
    let rules = rules();
    let arguments = ["audit", &rules, "--map", map.to_str().unwrap(), "--data", data.to_str().unwrap(), "--out"];
    let rest = [out.to_str().unwrap(), "--as-of", "2015-12-31T00:00:00Z", "--no-disclosure-control", "published"];
    let arguments = [&arguments[..], &rest[..]].concat();
    assert_eq!(run(&arguments).code, 0);
    let before = all(&out);
    let err = limited(&arguments);
    assert!(err.contains("could not be written: File too large"), "{err}");
    assert_eq!(all(&out), before);
    assert!(!folder.path("out.partial").exists());
}

/// No file may be larger than some 100 KB, and a write that would make it so fails, as on a full disk: what is said then.
#[cfg(unix)]
fn limited(arguments: &[&str]) -> String {
    let limited = format!("trap '' XFSZ; ulimit -f 256; exec \"{}\" \"$@\"", concord().display());
    let ran = Command::new("sh").args(["-c", &limited, "sh"]).args(arguments).output().unwrap();
    let err = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!(ran.status.code(), Some(5), "{err}");
    err
}

/// Whatever is written meanwhile: rows set apart, the list of all cases, answers.
#[cfg(unix)]
#[test]
fn a_full_disk_is_said_of_what_is_not_held() {
    let (folder, mut random) = (TempFolder::new(), Random::seeded(0xd15c));
    let rules = rules();
    let map = folder.write("map.toml", flat::map(false).as_bytes());
    let rows = (0..3_000).flat_map(|number| flat::rows(&mut random, &format!("P{number}"), number, "R1")).collect();
    let rows = flat::shuffled::<String>(rows, &mut random).concat();
    let data = folder.write("data.csv", format!("{}{rows}", flat::COLUMNS).as_bytes());
    let own = ["--map", map.to_str().unwrap(), "--data", data.to_str().unwrap(), "--as-of", "2015-01-01T00:00:00Z"];
    let before = all(&folder.path(""));
    let out = |name: &str| folder.path(name).to_str().unwrap().to_owned();
    let (report, cases, answers) = (out("report"), out("cases.csv"), out("answers.ndjson"));
    let audit = [&["audit", &rules, "--out", &report, "--no-disclosure-control", "made up"], &own[..]].concat();
    let eval = [&["eval", &rules, "--out", &answers], &own[..]].concat();
    // Of one file in which all is set apart, not one of 64 is too large.
    for (arguments, more, said) in [
        (&audit, ["--cases", &cases], "wait that are not held in memory: File too large"),
        (&eval, ["--memory", "1G"], "wait that are not held in memory: File too large"),
    ] {
        let err = limited(&[&arguments[..], &more].concat());
        assert!(err.contains(said), "{err}");
        assert_eq!(all(&folder.path("")), before);
    }
}

/// What goes on at once is no file to be replaced, and a folder is wanted where a report is.
#[cfg(unix)]
#[test]
fn a_pipe_a_device_and_a_file_are_what_they_were() {
    use std::os::unix::fs::FileTypeExt as _;
    let folder = TempFolder::new();
    let (map, data, rules) = (data_file("sepsis/sepsis.map.toml"), data_file("sepsis/sepsis.csv"), rules());
    let out = |name: &str| folder.path(name).to_str().unwrap().to_owned();
    let own = ["--map", map.to_str().unwrap(), "--data", data.to_str().unwrap(), "--as-of", "2015-12-31T00:00:00Z"];
    let audit = [&["audit", &rules, "--no-disclosure-control", "published"], &own[..]].concat();
    let (report, cases, pipe) = (out("report"), out("cases.csv"), out("pipe"));
    assert_eq!(run(&[&audit[..], &["--out", &report, "--cases", &cases]].concat()).code, 0);
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let from = pipe.clone();
    let reading = std::thread::spawn(move || std::fs::read(from).unwrap());
    assert_eq!(run(&[&audit[..], &["--out", &report, "--cases", &pipe]].concat()).code, 0);
    assert!(reading.join().unwrap() == std::fs::read(&cases).unwrap());
    assert!(std::fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo());
    // Linked, so that no fault replaces the device.
    let full = out("full");
    std::os::unix::fs::symlink("/dev/full", &full).unwrap();
    if Path::new("/dev/full").exists() {
        for arguments in [
            [&audit[..], &["--out", &report, "--cases", &full]].concat(),
            [&audit[..], &["--out", &report, "--tallies", &full]].concat(),
            [&["eval", &rules, "--out", &full], &own[..]].concat(),
        ] {
            let ran = run(&arguments);
            assert!(ran.code == 5 && ran.err.contains("No space left on device"), "{} {}", ran.code, ran.err);
            assert!(std::fs::symlink_metadata(&full).unwrap().is_symlink());
        }
    }
    let kept = folder.write("kept.txt", b"kept");
    let ran = run(&[&audit[..], &["--out", kept.to_str().unwrap()]].concat());
    assert_eq!((ran.code, folder.read("kept.txt")), (2, "kept".to_owned()), "{}", ran.err);
    assert!(!folder.path("kept.txt.partial").exists());
}

#[test]
fn a_broken_file_is_said() {
    let folder = TempFolder::new();
    let map = data_file("sepsis/sepsis.map.toml");
    let text = std::fs::read(data_file("sepsis/sepsis.csv")).unwrap();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, &text).unwrap();
    let packed = packed.finish().unwrap();
    let mut flipped = packed.clone();
    flipped[packed.len() - 6] ^= 1;
    for (name, bytes) in [("cut.csv.gz", &packed[..packed.len() / 2]), ("flipped.csv.gz", &flipped[..])] {
        let data = folder.write(name, bytes);
        let (rules, out) = (rules(), folder.path("out"));
        let arguments = ["audit", &rules, "--map", map.to_str().unwrap(), "--data", data.to_str().unwrap(), "--out"];
        let ran = run(&[&arguments[..], &[out.to_str().unwrap(), "--as-of", "2015-12-31T00:00:00Z"]].concat());
        assert!(ran.code == 3 && ran.err.contains(name) && !out.exists(), "{}", ran.err);
    }
}
