//! Texts that end where the memory ends, or a little before, in an instance that has answered: the module takes more memory and answers as it
//! does wherever a text stands. Some of these modules keep codes of the case, for which there is a room of its own.

use concord_wasm::run::{Calls, Instance, Program, RunError};

use super::identity;
use crate::hostile::RULES;
use crate::packages::authored;

type Entry = fn(&mut Instance, i32, i32) -> Result<Option<i32>, RunError>;

const ENTRIES: [Entry; 3] = [Instance::call_json, Instance::call_explain_json, Instance::call_configure_json];
const TEXTS: [&[u8]; 4] =
    [b"", b"{", b"{}", b"{\"events\": [{\"event\": \"none\", \"code\": \"A code that does not pack\"}]}"];
/// More than what stands in a frame before the text.
const NEAR: usize = 2_300;

/// What comes out of a text that stands at an address.
fn answered(instance: &mut Instance, entry: Entry, text: &[u8], at: usize) -> (i32, Vec<u8>) {
    instance.memory()[at..at + text.len()].copy_from_slice(text);
    let called = entry(instance, i32::try_from(at).unwrap(), i32::try_from(text.len()).unwrap());
    let left = instance.memory().len() - at - text.len();
    let status = called.unwrap_or_else(|error| panic!("{text:?}, with {left} bytes after it: {error}")).unwrap();
    let (at, bytes) = instance.call_json_out().unwrap().unwrap();
    let (at, bytes) = (usize::try_from(at).unwrap(), usize::try_from(bytes).unwrap());
    (status, instance.memory()[at..at + bytes].to_vec())
}

#[test]
fn a_text_at_the_end_of_the_memory_is_answered() {
    for rule in RULES.into_iter().chain(["cancer/cwt", "labs/blood_culture"]) {
        let program = Program::compile_named(&authored(rule).plan, Some(&identity()), Calls::Many).unwrap();
        let mut elsewhere = program.instance().unwrap();
        for (number, left) in (0..NEAR).step_by(61).enumerate() {
            // Every second is odd, so that texts stand anywhere.
            let left = left + number % 2;
            let mut instance = program.instance().unwrap();
            instance.evaluate_json(b"{}").unwrap();
            for (entry, text) in ENTRIES.into_iter().flat_map(|entry| TEXTS.map(|text| (entry, text))) {
                elsewhere.call_reset().unwrap();
                let at = elsewhere.call_alloc(1_000).unwrap().unwrap();
                let expected = answered(&mut elsewhere, entry, text, usize::try_from(at).unwrap());
                let end = instance.memory().len();
                instance.call_reset().unwrap();
                let found = answered(&mut instance, entry, text, end - left - text.len());
                assert!(
                    found == expected,
                    "{rule}: {text:?}, with {left} bytes after it: {found:?} and not {expected:?}"
                );
            }
        }
    }
}
