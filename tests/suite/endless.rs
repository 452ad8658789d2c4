//! Modules that are damaged so that a call never ends: they are refused after a while, by everything that takes a module from a file.

use std::thread;

use crate::cli::{fed, run};
use crate::packages::TempFolder;
use concord_cli::data::read::sha256_of;

const NEWS2: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/clinical/news2");

/// A number in LEB128, and what comes after it.
fn number(bytes: &[u8]) -> (usize, &[u8]) {
    let length = bytes.iter().position(|byte| *byte < 128).unwrap() + 1;
    let (digits, rest) = bytes.split_at(length);
    (digits.iter().rev().fold(0, |number, digit| number << 7 | usize::from(digit & 127)), rest)
}

/// The content of a section of a module.
fn section(module: &[u8], wanted: u8) -> &[u8] {
    let mut rest = &module[8..];
    loop {
        let (bytes, content) = number(&rest[1..]);
        if rest[0] == wanted {
            return &content[..bytes];
        }
        rest = &content[bytes..];
    }
}

/// The number of the function that is exported so.
fn exported(module: &[u8], wanted: &str) -> usize {
    let (_, mut rest) = number(section(module, 7));
    loop {
        let (bytes, after) = number(rest);
        let (name, after) = after.split_at(bytes);
        let (function, after) = number(&after[1..]);
        if name == wanted.as_bytes() {
            return function;
        }
        rest = after;
    }
}

/// The same module, but that a function which it exports turns in a loop for ever.
pub fn endless(module: &[u8], function: &str) -> Vec<u8> {
    let (_, mut rest) = number(section(module, 10));
    for _ in 0..exported(module, function) {
        let (bytes, body) = number(rest);
        rest = &body[bytes..];
    }
    let (bytes, body) = number(rest);
    let at = body.as_ptr() as usize - module.as_ptr() as usize;
    // No locals; loop, branch to it, end; unreachable; as many nops as it takes; end.
    let mut other = vec![0x00, 0x03, 0x40, 0x0c, 0x00, 0x0b, 0x00];
    other.resize(bytes - 1, 0x01);
    other.push(0x0b);
    let mut module = module.to_vec();
    module[at..at + bytes].copy_from_slice(&other);
    module
}

#[test]
fn a_module_that_does_not_end_is_refused() {
    let folder = TempFolder::new();
    let built = folder.path("built.wasm");
    assert_eq!(run(&["build", NEWS2, "-o", built.to_str().unwrap()]).code, 0);
    let module = std::fs::read(&built).unwrap();
    let alone = TempFolder::new();
    let written = |function: &str| {
        let path = alone.write(&format!("{function}.wasm"), &endless(&module, function));
        path.to_str().unwrap().to_owned()
    };
    let (tries, says, answers) = (written("self_test"), written("describe"), written("explain_json"));
    let why = "it did not come to an end within 10 s: it is damaged";
    thread::scope(|scope| {
        for path in [&tries, &says] {
            scope.spawn(move || {
                let ran = run(&["verify", path]);
                assert!(ran.code == 4 && ran.err.contains(why), "{}: {}", ran.code, ran.err);
            });
        }
        scope.spawn(|| {
            let ran = fed(&["eval", &tries, "--json"], std::iter::once(b"{}".to_vec()));
            assert!(ran.code == 4 && ran.out.is_empty() && ran.err.contains(why), "{}: {}", ran.code, ran.err);
        });
        scope.spawn(|| {
            let ran = fed(&["eval", &answers, "--json", "--deadline", "1 s"], std::iter::once(b"{}".to_vec()));
            assert!(ran.code == 5 && ran.out.is_empty(), "{}: {}", ran.code, ran.err);
        });
    });
}

/// A module of which something runs as soon as it is started is none of a rule: nobody could stop that.
#[test]
fn nothing_of_a_module_runs_before_it_is_asked() {
    let (types, functions, start) = ([1, 4, 1, 0x60, 0, 0], [3, 2, 1, 0], [8, 1, 0]);
    // No locals; loop, branch to it, end; end.
    let code = [10, 9, 1, 7, 0, 0x03, 0x40, 0x0c, 0, 0x0b, 0x0b];
    let module = [b"\0asm\x01\0\0\0".as_slice(), &types, &functions, &start, &code].concat();
    let folder = TempFolder::new();
    let path = folder.write("loop.wasm", &module);
    let said = format!(
        "{{\"module\":{{\"sha256\":\"{}\",\"file\":\"loop.wasm\"}},\"binary_interface\":3}}",
        sha256_of(&module)
    );
    folder.write("loop.manifest.json", said.as_bytes());
    let path = path.to_str().unwrap();
    let why = "something of it would run before it is asked";
    let ran = run(&["verify", path]);
    assert!(ran.code == 4 && ran.err.contains(why), "{}: {}", ran.code, ran.err);
    for more in [&["--json"][..], &["--json", "--deadline", "1 s"]] {
        let ran = fed(&[&["eval", path], more].concat(), std::iter::once(b"{}".to_vec()));
        assert!(ran.code != 0 && ran.out.is_empty() && ran.err.contains(why), "{more:?}: {}: {}", ran.code, ran.err);
    }
}
