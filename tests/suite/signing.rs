//! `concord keygen`, `sign` and `verify`: a module that was changed by one bit, another key, another rule, another interface: each is
//! refused.

use std::fs;

use crate::cli::{Ran, run};
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
    assert_eq!(ran.code, 4, "{}", ran.err);
    assert!(ran.err.contains("not an Ed25519 public key"), "{}", ran.err);
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
