//! A member's settings as JSON: all of them or none are put in force.

use super::body::{Body, WORD, Written, is};
use super::case::{Keys, entries};
use super::descriptors::{EXPECTED, HIGH, LOW};
use super::entry::refuse_outside;
use super::frame::{BASE, FAULTS, KNOWN, LIST, MISSING, OUT, OUT_START, PLACE, RANGE, ROWS, SEEN_CASE, TAG, VALUE};
use super::keys::{KEY_ACTION, KEY_BIT, KEY_SLOT, KEY_TYPE};
use super::routines::Routine;
use crate::emit::assembler::{Bin, Node, SLOT, Ty, address, int, long};
use crate::emit::entries::Entry;

/// Codes of faults.
const WRONG_KIND: i64 = 7;
const OUT_OF_RANGE: i64 = 8;
const FIXED: i64 = 24;

/// Where the settings read stand: a mask of them, then the value of each.
const VALUES: u32 = 8;

/// `configure_json(address, bytes) -> status`.
pub(super) fn configure_json(b: &mut Body<'_, '_>) -> Written {
    let [from, bytes] = b.parameters();
    refuse_outside(b, &from, &bytes);
    let status = b.call(Routine::Configure, &[&from, &bytes]);
    b.code.push(&status);
    Ok(())
}

/// See [`Routine::Configure`]: a parameter that is not named has the group's value again.
pub(super) fn configure(b: &mut Body<'_, '_>) -> Written {
    let [from, bytes] = b.parameters();
    let refused = b.call(Routine::Take, &[&from, &bytes, &int(1)]);
    b.finish_when(&refused, &refused);
    b.set(&OUT_START, &int(0));
    b.set(&OUT, &int(0));
    let end = int(i64::from(address(b.context.plan.parameters.len())?));
    let (place, set) = (b.local(&int(0)), b.local(&ROWS.load(SLOT, 0)));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &place.eq(&end));
        let is_set = set.bin(Bin::ShrU, &place.to(Ty::I64)).bin(Bin::And, &long(1)).to(Ty::I32);
        b.either(
            &is_set,
            |b| {
                let value = ROWS.add(&place.shl(3)).load(SLOT, VALUES);
                b.local(&Entry::Configure.call(vec![place.clone(), value]));
                Ok(())
            },
            |b| {
                b.local(&Entry::Unconfigure.call(vec![place.clone()]));
                Ok(())
            },
        )?;
        b.advance(&place, 1);
        Ok(())
    })?;
    b.code.push(&int(0));
    Ok(())
}

/// See [`Routine::Settings`].
pub(super) fn settings(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    b.white(&at)?;
    b.code.store(&ROWS, 0, &long(0), SLOT);
    for global in [&LIST, &PLACE, &FAULTS] {
        b.set(global, &int(0));
    }
    b.when(&is(&at.load(super::body::BYTE, 0), b'{').not(), |b| {
        let expected = b.literal("an object with a member's settings")?;
        let after = b.call(Routine::Skip, &[&at]);
        b.go_on(&after);
        let told = b.call(Routine::Fault, &[&int(WRONG_KIND), &at, &int(0), &int(0), &expected, &after]);
        b.code.finish(&told);
        Ok(())
    })?;
    let table = b.tables.settings;
    for line in 0..table.count.div_ceil(8) {
        b.code.store(&BASE, SEEN_CASE + 8 * line, &long(0), SLOT);
    }
    let (lines, count) = table.nodes();
    let seen = b.local(&BASE.add(&int(i64::from(SEEN_CASE))));
    entries(b, &at, &Keys { table: &lines, count: &count, seen: &seen }, setting)?;
    b.code.push(&at);
    Ok(())
}

/// One setting: of the type and within the contract, and of a parameter that members may set. `null` is as if it were not there.
fn setting(b: &mut Body<'_, '_>, line: &Node, at: &Node, key: &Node) -> Written {
    let start = b.local(at);
    let ty = b.local(&line.load(WORD, KEY_TYPE));
    let after = b.call(Routine::Value, &[&ty, at, key]);
    b.go_on(&after);
    b.set(at, &after);
    b.when(&TAG.ne(&int(MISSING)), |b| {
        let outside = VALUE.bin(Bin::LtS, &ty.load(SLOT, LOW)).either(&VALUE.bin(Bin::GtS, &ty.load(SLOT, HIGH)));
        let wrong = b.local(&int(OUT_OF_RANGE).when(&outside, &int(0)));
        b.set(&wrong, &int(FIXED).when(&line.load(WORD, KEY_ACTION).both(&wrong.not()), &wrong));
        b.set(&wrong, &int(WRONG_KIND).when(&TAG.eq(&int(RANGE)), &wrong));
        b.either(
            &wrong,
            |b| {
                let belongs = int(0).when(&wrong.eq(&int(FIXED)), &ty.load(WORD, EXPECTED));
                let told = b.call(Routine::Fault, &[&wrong, &start, key, &int(0), &belongs, at]);
                b.set(at, &told);
                Ok(())
            },
            |b| {
                const { assert!(KNOWN != MISSING) };
                b.code.store(&ROWS.add(&line.load(WORD, KEY_SLOT)), VALUES, &VALUE, SLOT);
                b.code.store(&ROWS, 0, &ROWS.load(SLOT, 0).bin(Bin::Or, &line.load(SLOT, KEY_BIT)), SLOT);
                Ok(())
            },
        )
    })
}
