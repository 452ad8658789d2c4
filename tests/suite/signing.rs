//! `concord keygen`, `sign` and `verify`: a module that was changed by one bit, another key, another rule, another interface: each is
//! refused.

use std::fs;

use concord_cli::command::sign::names;
use concord_cli::signing::check;
use concord_engine::plan::fingerprint::hex;
use sha2::{Digest as _, Sha256};

use crate::cli::{Ran, fed, run};
use crate::packages::TempFolder;

const NEWS2: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/clinical/news2");
const RETURNS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/flow/emergency_returns");

/// A signed module in a folder of its own, and two pairs of keys.
struct Signed {
    folder: TempFolder,
}

impl Signed {
    fn new() -> Signed {
        let signed = Signed { folder: TempFolder::new() };
        for keys in ["ours", "theirs"] {
            assert_eq!(run(&["keygen", "-o", &signed.path(keys)]).code, 0);
        }
        assert_eq!(run(&["build", NEWS2, "-o", &signed.path("news2.wasm")]).code, 0);
        let ran = run(&["sign", &signed.path("news2.wasm"), "--key", &signed.path("ours.key.pem")]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        signed
    }

    fn path(&self, name: &str) -> String {
        self.folder.path(name).to_str().unwrap().to_owned()
    }

    fn verify(&self, more: &[&str]) -> Ran {
        let (module, key) = (self.path("news2.wasm"), self.path("ours.pub.pem"));
        let arguments = ["verify", &module, "--key", &key];
        run(&arguments.iter().copied().chain(more.iter().copied()).collect::<Vec<_>>())
    }

    /// Changes a file and says what `verify` makes of it.
    fn changed(&self, name: &str, change: impl Fn(&mut Vec<u8>)) -> Ran {
        let before = fs::read(self.path(name)).unwrap();
        let mut bytes = before.clone();
        change(&mut bytes);
        fs::write(self.path(name), &bytes).unwrap();
        let ran = self.verify(&["--rule", NEWS2]);
        fs::write(self.path(name), before).unwrap();
        ran
    }
}

#[test]
fn a_signed_module_is_verified_down_to_its_source() {
    let signed = Signed::new();
    let ran = signed.verify(&["--rule", NEWS2]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for said in ["signature  made with the key", "interface  version", "compiles to these bytes and this manifest"] {
        assert!(ran.err.contains(said), "{}", ran.err);
    }
    let ran = run(&["verify", &signed.path("news2.wasm")]);
    assert_eq!(ran.code, 0);
    assert!(ran.err.contains("signature  not checked") && ran.err.contains("source     not compared"), "{}", ran.err);
}

/// Every bit counts: of the module, of its manifest, of the signature.
#[test]
fn one_bit_flipped_is_refused() {
    let signed = Signed::new();
    for name in ["news2.wasm", "news2.manifest.json", "news2.manifest.json.sig"] {
        let bytes = fs::read(signed.path(name)).unwrap().len();
        for at in (0..bytes).step_by((bytes / 9).max(1)) {
            let ran = signed.changed(name, |file| file[at] ^= 1 << (at % 8));
            assert_eq!(ran.code, 4, "byte {at} of {name}: {}", ran.err);
        }
        let shorter = signed.changed(name, |file| file.truncate(file.len() - 1));
        assert_eq!(shorter.code, 4, "{name}");
    }
}

/// What the manifest names beside the module is held to it as well, and what belongs to a signed module and is not there is no fault of the command line.
#[test]
fn a_module_for_batches_is_the_one_that_the_manifest_names() {
    let signed = Signed::new();
    let (module, batches) = (signed.path("news2.wasm"), signed.path("news2.batch.wasm"));
    assert!(!signed.verify(&[]).err.contains("batches"));
    assert_eq!(run(&["build", NEWS2, "--batch", "-o", &module]).code, 0);
    assert_eq!(run(&["sign", &module, "--key", &signed.path("ours.key.pem")]).code, 0);
    let ran = signed.verify(&["--rule", NEWS2]);
    assert!(ran.code == 0 && ran.err.contains("batches    SHA-256 "), "{}", ran.err);
    let ran = signed.changed("news2.batch.wasm", |file| file[100] ^= 1);
    assert!(ran.code == 4 && ran.err.contains("news2.batch.wasm: it is not the module for batches"), "{}", ran.err);
    fs::remove_file(&batches).unwrap();
    let ran = signed.verify(&[]);
    assert!(ran.code == 0 && ran.err.contains("batches    not compared: news2.batch.wasm is not there"), "{}", ran.err);
    fs::remove_file(signed.path("news2.manifest.json.sig")).unwrap();
    let ran = signed.verify(&[]);
    assert!(ran.code == 4 && ran.err.contains("a signed module is three files"), "{}", ran.err);
}

/// A file cut short, or one that is no module, is a module that is refused, whichever command is given it.
#[test]
fn a_module_that_is_none_is_refused_as_a_module() {
    let folder = TempFolder::new();
    let module = folder.path("news2.wasm").to_str().unwrap().to_owned();
    assert_eq!(run(&["--quiet", "build", NEWS2, "-o", &module]).code, 0);
    let whole = fs::read(&module).unwrap();
    let case = folder.write("case.json", b"{}").to_str().unwrap().to_owned();
    for content in [whole.get(..5000).unwrap(), b"", b"{}"] {
        fs::write(&module, content).unwrap();
        for arguments in [
            vec!["eval", &module, "-i", &case],
            vec!["inspect", &module],
            vec!["bindings", &module, "--lang", "c"],
            vec!["replay", &module, "-i", &case, "-r", &case],
            vec!["verify", &module],
        ] {
            let ran = run(&arguments);
            assert_eq!(ran.code, 4, "{arguments:?}: {}", ran.err);
        }
    }
}

#[test]
fn another_key_and_another_rule_are_refused() {
    let signed = Signed::new();
    let ran = run(&["verify", &signed.path("news2.wasm"), "--key", &signed.path("theirs.pub.pem")]);
    assert_eq!(ran.code, 4, "{}", ran.err);
    assert!(ran.err.contains("was not made with this key"), "{}", ran.err);
    let ran = signed.verify(&["--rule", RETURNS]);
    assert_eq!(ran.code, 4, "{}", ran.err);
    assert!(ran.err.contains("its logic is"), "{}", ran.err);
    let ran = run(&["verify", &signed.path("news2.wasm"), "--key", &signed.path("ours.key.pem")]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("ours.key.pem: this is not an Ed25519 public key"), "{}", ran.err);
    assert!(!ran.err.contains("do not use this module"), "{}", ran.err);
}

/// A signer does not sign what the manifest does not name, and keys are never written over.
#[test]
fn what_does_not_belong_together_is_not_signed() {
    let signed = Signed::new();
    fs::write(signed.path("news2.wasm"), b"\0asm\x01\0\0\0").unwrap();
    let ran = run(&["sign", &signed.path("news2.wasm"), "--key", &signed.path("ours.key.pem")]);
    assert_eq!(ran.code, 4, "{}", ran.err);
    let ran = run(&["keygen", "-o", &signed.path("ours")]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("is there already"), "{}", ran.err);
}

/// Every bit that is signed or signs: one flipped anywhere in a module, in its manifest or in the signature is seen.
#[test]
fn no_bit_anywhere_is_without_a_guard() {
    let signed = Signed::new();
    assert_eq!(run(&["build", RETURNS, "--no-json", "-o", &signed.path("news2.wasm")]).code, 0);
    let ran = run(&["sign", &signed.path("news2.wasm"), "--key", &signed.path("ours.key.pem")]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let read = |name: &str| fs::read(signed.path(name)).unwrap();
    let (mut module, mut manifest) = (read("news2.wasm"), read("news2.manifest.json"));
    let (mut signature, key) = (read("news2.manifest.json.sig"), signed.folder.read("ours.pub.pem"));
    assert!(names(&manifest, &module).is_ok() && check(&key, &manifest, &signature).is_ok());
    for bit in 0..8 * module.len() {
        module[bit / 8] ^= 1 << (bit % 8);
        assert!(names(&manifest, &module).is_err(), "bit {bit} of the module");
        module[bit / 8] ^= 1 << (bit % 8);
    }
    for bit in 0..8 * signature.len() {
        signature[bit / 8] ^= 1 << (bit % 8);
        assert!(check(&key, &manifest, &signature).is_err(), "bit {bit} of the signature");
        signature[bit / 8] ^= 1 << (bit % 8);
    }
    for at in 0..manifest.len() {
        manifest[at] ^= 1 << (at % 8);
        assert!(check(&key, &manifest, &signature).is_err(), "a bit of byte {at} of the manifest");
        manifest[at] ^= 1 << (at % 8);
    }
}

/// A module of another interface, though its manifest names it and our own key has signed both.
#[test]
fn another_version_of_the_interface_is_refused() {
    let signed = Signed::new();
    let mut module = fs::read(signed.path("news2.wasm")).unwrap();
    let before = hex(&Sha256::digest(&module));
    // The first global, `abi_version`: i32, constant, `i32.const 3`, end.
    let said = [0x7f, 0x00, 0x41, 3, 0x0b];
    let at = module.windows(said.len()).position(|bytes| *bytes == said).expect("it says which version it speaks");
    module[at + 3] = 4;
    fs::write(signed.path("news2.wasm"), &module).unwrap();
    let renamed = signed.folder.read("news2.manifest.json").replace(&before, &hex(&Sha256::digest(&module)));
    let other = renamed.replace("\"binary_interface\": 3", "\"binary_interface\": 4");
    assert_ne!(renamed, other);
    for manifest in [renamed, other] {
        fs::write(signed.path("news2.manifest.json"), &manifest).unwrap();
        let ran = run(&["sign", &signed.path("news2.wasm"), "--key", &signed.path("ours.key.pem")]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let ran = signed.verify(&[]);
        assert_eq!(ran.code, 4, "{}", ran.err);
        assert!(ran.err.contains("it speaks version 4 of the binary interface"), "{}", ran.err);
    }
}

#[test]
fn a_setting_outside_the_contract_is_refused() {
    let sepsis = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/acute/sepsis");
    for setting in ["antibiotics_within=PT14M", "antibiotics_within=61 min", "antibiotics_within=x", "no_such=1"] {
        let ran = fed(&["eval", sepsis, "--json", "--set", setting], std::iter::once(b"{}".to_vec()));
        assert_ne!(ran.code, 0, "{setting}");
        assert!(ran.out.is_empty() && !ran.err.is_empty(), "{setting}: {} {}", ran.out, ran.err);
    }
}

/// The same rule in two folders gives the same module, manifest and vectors, to the byte.
#[test]
fn where_a_rule_stands_is_no_part_of_what_it_compiles_to() {
    let folder = TempFolder::new();
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/acute/sepsis");
    let built = ["here", "some where/else"].map(|place| {
        let rule = folder.path(place).join("acute/sepsis");
        fs::create_dir_all(&rule).unwrap();
        for name in ["sepsis.concord", "cases.md"] {
            fs::copy(format!("{source}/{name}"), rule.join(name)).unwrap();
        }
        let module = rule.join("built.wasm");
        let ran = run(&["build", rule.to_str().unwrap(), "-o", module.to_str().unwrap()]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        ["wasm", "manifest.json", "vectors.json"].map(|ending| fs::read(module.with_extension(ending)).unwrap())
    });
    assert!(built[0] == built[1], "other bytes in another folder");
}
