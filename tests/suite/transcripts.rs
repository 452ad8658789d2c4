//! What the documents show is what comes out: each `$ concord …` in a `console` block runs, and `authoring.md` is tested
//! throughout.
//!
//! A line of `…` stands for any lines. A block that begins with a comment `# in FOLDER` runs in that folder of the
//! repository; a block after `<!-- not run -->` is left alone.

use crate::packages::{TempFolder, concord};
use concord_tests::sections::{Block, Piece, Section, sections, updating};
use concord_tests::text::Tried;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

/// Held while a document is read and written again.
static WRITING: Mutex<()> = Mutex::new(());

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// The README and the pages of `docs`.
fn documents() -> Vec<PathBuf> {
    let mut all = concord_tests::sections::files(&root().join("docs")).unwrap();
    all.extend(Some(root().join("README.md")).filter(|path| path.is_file()));
    all
}

/// Runs the commands of a block one after another in one folder; what is shown and what came.
fn transcript(block: &str, folder: &Path) -> (String, String) {
    let mut came = String::new();
    for line in block.lines() {
        let Some(words) = line.strip_prefix("$ concord") else {
            if line.starts_with('#') {
                came.push_str(&format!("{line}\n"));
            }
            continue;
        };
        let script = format!("exec \"$CONCORD\"{words} 2>&1");
        let output =
            Command::new("sh").args(["-c", &script]).current_dir(folder).env("CONCORD", concord()).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        let text: String = text.lines().map(|line| format!("{}\n", line.trim_end())).collect();
        came.push_str(&format!("{line}\n{text}"));
    }
    (block.to_owned(), came)
}

/// Whether the lines agree: `…` alone stands for any lines, within a line for any words.
fn agrees(shown: &[&str], came: &[&str]) -> bool {
    match shown.split_first() {
        None => came.is_empty(),
        Some((&"…", rest)) => (0..=came.len()).any(|skip| agrees(rest, &came[skip..])),
        Some((line, rest)) => came.split_first().is_some_and(|(first, after)| fits(line, first) && agrees(rest, after)),
    }
}

fn fits(shown: &str, came: &str) -> bool {
    match shown.split_once('…') {
        None => shown == came,
        Some((before, after)) => came.strip_prefix(before).is_some_and(|left| {
            left.char_indices().map(|(at, _)| at).chain([left.len()]).any(|at| fits(after, &left[at..]))
        }),
    }
}

/// A folder for the commands of a section. Where a document shows the repository's own rules and data, they are there.
fn folder_for(document: &Path) -> TempFolder {
    let own = TempFolder::new();
    if !document.ends_with("docs/authoring.md") {
        std::fs::create_dir(own.path("target")).unwrap();
        for name in ["rules", "tests"] {
            std::os::unix::fs::symlink(root().join(name), own.path(name)).unwrap();
        }
    }
    own
}

fn not_run(section: &Section, at: usize) -> bool {
    let before = section.pieces[..at].iter().rev();
    let mut prose = before.map_while(|piece| if let Piece::Prose(text) = piece { Some(text.trim()) } else { None });
    prose.find(|line| !line.is_empty()).is_some_and(|line| line == "<!-- not run -->")
}

#[test]
fn every_transcript_runs_as_it_is_shown() {
    let _held = WRITING.lock();
    for path in documents() {
        let mut read = sections(&std::fs::read_to_string(&path).unwrap());
        for section in &mut read {
            // Commands of one section work on the same files.
            let own = folder_for(&path);
            for at in 0..section.pieces.len() {
                let Piece::Block(Block { kind, text }) = &section.pieces[at] else { continue };
                if let Some((_, name)) = kind.split_once(" file=") {
                    own.write(name, text.as_bytes());
                }
                if kind != "console" || !text.contains("$ concord") || not_run(section, at) {
                    continue;
                }
                let place = text.lines().next().and_then(|line| line.strip_prefix("# in "));
                let folder = place.map_or_else(|| own.path("."), |place| root().join(place));
                let (shown, came) = transcript(text, &folder);
                let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
                let (a, b) = (lines(&shown), lines(&came));
                let (a, b): (Vec<&str>, Vec<&str>) =
                    (a.iter().map(String::as_str).collect(), b.iter().map(String::as_str).collect());
                if updating() && !shown.contains('…') {
                    section.pieces[at] = Piece::Block(Block { kind: "console".to_owned(), text: came });
                } else {
                    assert!(agrees(&a, &b), "{} shows\n{shown}\nand this came\n{came}", path.display());
                }
            }
        }
        if updating() {
            std::fs::write(&path, read.iter().map(Section::written).collect::<String>()).unwrap();
        }
    }
}

/// Twenty-one errors: the wrong text raises the message exactly as printed; the corrected text is clean.
#[test]
fn the_errors_of_the_authoring_guide_are_as_printed() {
    let _held = WRITING.lock();
    let path = root().join("docs/authoring.md");
    let mut read = sections(&std::fs::read_to_string(&path).unwrap());
    let mut shown = 0;
    for section in &mut read {
        let Some(wrong) = section.blocks("concord wrong").next().map(str::to_owned) else { continue };
        let tried = Tried::sample(&wrong);
        if updating() {
            for piece in &mut section.pieces {
                if let Piece::Block(Block { kind, text }) = piece
                    && kind == "text"
                {
                    *text = format!("{}\n", tried.messages());
                }
            }
        } else {
            let printed: String = section.blocks("text").collect();
            assert_eq!(printed.trim_end(), tried.messages(), "{}", section.name);
        }
        let corrected = section.blocks("concord").next().unwrap();
        let clean = Tried::sample(corrected);
        assert!(clean.compiled.diagnostics.is_empty(), "{}: {}", section.name, clean.messages());
        shown += 1;
    }
    assert!(shown >= 20, "{shown} errors are shown");
    if updating() {
        std::fs::write(&path, read.iter().map(Section::written).collect::<String>()).unwrap();
    }
}

/// What the guide shows of the library's rules stands in them as it is shown, piece by piece.
#[test]
fn the_authoring_guide_quotes_the_library() {
    let read = sections(&std::fs::read_to_string(root().join("docs/authoring.md")).unwrap());
    let mut shown = 0;
    for (folder, text) in read.iter().flat_map(|section| section.blocks_of("concord from=")) {
        let name = folder.rsplit('/').next().unwrap();
        let rule = std::fs::read_to_string(root().join(format!("{folder}/{name}.concord"))).unwrap();
        for piece in text.trim_end().split("\n\n") {
            assert!(rule.contains(piece), "{folder} does not say\n{piece}");
        }
        shown += 1;
    }
    assert_eq!(shown, 6, "rules that the guide shows");
}
