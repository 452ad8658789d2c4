//! A member's settings as JSON: all of them or none are put in force.

use concord_engine::values::codes::OF_CASE;

use super::body::{BYTE, Body, WORD, Written, is};
use super::case::{Keys, entries, object_only};
use super::descriptors::{BELONGS, HIGH, Kind, LOW, is_kind};
use super::frame::{ENTRY, KNOWN, MISSING, OUT, OUT_START, ROWS, SEEN_CASE, STRING, STRING_END, TAG, VALUE};
use super::keys::{KEY_PLACE, is_word};
use super::routines::Routine;
use super::scan::four;
use super::told::{FIXED, NOT_OPTIONAL, OUT_OF_RANGE, WRONG_KIND};
use crate::emit::assembler::{Bin, Node, SLOT, Ty, address, int, long};
use crate::emit::entries::Entry;

/// Where the settings read stand: a mask of them, then the value of each.
const VALUES: u32 = 8;

/// `configure_json(address, bytes) -> status`.
pub(super) fn configure_json(b: &mut Body<'_, '_>) -> Written {
    let [from, bytes] = b.parameters();
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
    b.code.store(&ROWS, 0, &long(0), SLOT);
    object_only(b, &at, "an object with a member's settings")?;
    let table = int(i64::from(b.tables.settings));
    let keys = Keys { table: &table, seen: SEEN_CASE, most: b.tables.settings_count };
    entries(b, &at, &keys, setting)?;
    b.code.push(&at);
    Ok(())
}

/// One setting: of the type and within the contract, and of a parameter that members may set. `null` is as if it were not there.
fn setting(b: &mut Body<'_, '_>, at: &Node, key: &Node) -> Written {
    if b.context.plan.parameters.is_empty() {
        return Ok(());
    }
    let (start, place) = (b.local(at), b.byte(&ENTRY, KEY_PLACE));
    let ty = b.local(&ENTRY.load(WORD, 0));
    let (wrong, belongs) = (b.local(&int(0)), b.local(&int(0).sub(&ty)));
    read(b, [&ty, at, key, &wrong, &belongs])?;
    b.when(&TAG.ne(&int(MISSING)), |b| {
        b.when(&wrong.not(), |b| {
            let outside = VALUE.bin(Bin::LtS, &ty.load(SLOT, LOW)).either(&VALUE.bin(Bin::GtS, &ty.load(SLOT, HIGH)));
            b.set(&wrong, &int(OUT_OF_RANGE).when(&outside, &int(0)));
            b.set(&wrong, &int(WRONG_KIND).when(&TAG.ne(&int(KNOWN)), &wrong));
            let fixed = b.tables.fixed.cast_signed();
            let fixed = long(fixed).bin(Bin::ShrU, &place.to(Ty::I64)).bin(Bin::And, &long(1)).to(Ty::I32);
            b.when(&fixed.both(&wrong.not()), |b| {
                b.set(&wrong, &int(FIXED));
                b.set(&belongs, &int(0));
                Ok(())
            })
        })?;
        b.either(
            &wrong,
            |b| {
                b.run(Routine::Fault, &[&wrong, &start, key, &belongs]);
                Ok(())
            },
            |b| {
                b.code.store(&ROWS.add(&place.shl(3)), VALUES, &VALUE, SLOT);
                let set = ROWS.load(SLOT, 0).bin(Bin::Or, &long(1).bin(Bin::Shl, &place.to(Ty::I64)));
                b.code.store(&ROWS, 0, &set, SLOT);
                Ok(())
            },
        )
    })
}

/// Reads the value of a setting: choices and codes as texts of which it is said otherwise what belongs there, all others as in a case.
fn read(b: &mut Body<'_, '_>, [ty, at, key, wrong, belongs]: [&Node; 5]) -> Written {
    let of = |kind: Kind| b.context.plan.parameters.iter().any(|parameter| Kind::of(&parameter.ty) == Ok(kind));
    let (choices, codes) = (of(Kind::Enum), of(Kind::Code));
    let is_of = |there: bool, kind: Kind| if there { is_kind(ty, kind) } else { int(0) };
    let is_code = b.local(&is_of(codes, Kind::Code));
    let named = is_of(choices, Kind::Enum).either(&is_code);
    let as_in_a_case = |b: &mut Body<'_, '_>| {
        let after = b.of(Routine::Value, &[ty, at, key]);
        b.set(at, &after);
        Ok(())
    };
    if !choices && !codes {
        return as_in_a_case(b);
    }
    b.either(
        &named,
        |b| {
            let is_null = at.load(WORD, 0).eq(&int(four(b"null")));
            b.set(&TAG, &int(MISSING).when(&is_null, &int(KNOWN)));
            b.set(wrong, &int(WRONG_KIND));
            b.set(belongs, &ty.load(WORD, BELONGS));
            b.set(&STRING, &int(0));
            let after = b.call(Routine::Skip, &[at]);
            b.when(&is(&at.load(BYTE, 0), b'"').both(&STRING.ne(&int(0))), |b| {
                if codes {
                    b.when(&is_code, |b| {
                        let fault = b.of(Routine::Code, &[&STRING, &STRING_END]);
                        b.set(wrong, &fault);
                        // One that only a case brings is none that the package names.
                        let listed = VALUE.bin(Bin::GtS, &long(OF_CASE));
                        b.set(wrong, &wrong.when(&listed, &int(WRONG_KIND)));
                        let is_none = is_word(b, "none")?;
                        b.set(wrong, &int(NOT_OPTIONAL).when(&is_none, wrong));
                        Ok(())
                    })?;
                }
                if choices {
                    b.when(&is_code.not(), |b| {
                        let fault = b.of(Routine::Text, &[ty]);
                        b.set(wrong, &fault);
                        Ok(())
                    })?;
                }
                Ok(())
            })?;
            b.set(at, &after);
            Ok(())
        },
        as_in_a_case,
    )
}
