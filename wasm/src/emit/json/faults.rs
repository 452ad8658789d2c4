//! What is wrong with a case: kept in the order of the text, then written as JSON.

use super::body::{BYTE, Body, WORD, Written, is};
use super::descriptors::{EXPECTED, HIGH, Kind, LOW, PLACES, is_kind};
use super::frame::{BASE, FAULT, FAULTS, LIST, MOST_FAULTS, PLACE, STRING, STRING_END};
use super::put::put_byte;
use super::routines::Routine;
use super::shown::put_number;
use super::strings::escape;
use super::told::MORE;
use crate::emit::assembler::{Bin, Node, SLOT, Ty, int, long};

/// See [`Routine::Fault`].
pub(super) fn fault(b: &mut Body<'_, '_>) -> Written {
    let [code, place, key, expected] = b.parameters();
    let number = b.local(&FAULTS);
    b.set(&FAULTS, &int(MOST_FAULTS + 1));
    b.stop_when(&number.bin(Bin::GeS, &int(MOST_FAULTS)));
    b.set(&FAULTS, &number.add(&int(1)));
    let at = b.local(&BASE.add(&number.bin(Bin::Mul, &int(i64::from(FAULT)))));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &at.eq(&BASE));
        let before = b.local(&at.sub(&int(i64::from(FAULT))));
        b.code.leave_when(out, &before.load(WORD, 0).bin(Bin::LeS, &place));
        for offset in (0..FAULT).step_by(8) {
            b.code.store(&at, offset, &before.load(SLOT, offset), SLOT);
        }
        b.set(&at, &before);
        Ok(())
    })?;
    for (offset, part) in (0..).step_by(4).zip([&place, &code, &LIST, &PLACE, &key, &expected]) {
        b.code.store(&at, offset, part, WORD);
    }
    Ok(())
}

/// See [`Routine::PutFaults`].
pub(super) fn put_faults(b: &mut Body<'_, '_>) -> Written {
    b.put("{\"refused\":[")?;
    let more = BASE.add(&int(MOST_FAULTS * i64::from(FAULT)));
    for (offset, part) in [(0, long(MORE << 32)), (8, long(0)), (16, long(0))] {
        b.code.store(&more, offset, &part, SLOT);
    }
    let fault = b.local(&BASE);
    b.repeat(|b, out, _| {
        b.run(Routine::PutFault, &[&fault]);
        b.set(&FAULTS, &FAULTS.sub(&int(1)));
        b.code.leave_when(out, &FAULTS.not());
        b.put(",")?;
        b.advance(&fault, i64::from(FAULT));
        Ok(())
    })?;
    b.put("]}")
}

/// See [`Routine::PutFault`]. A key is an address in what is read, or the rest of the path as a text below 0.
pub(super) fn put_fault(b: &mut Body<'_, '_>) -> Written {
    let [fault] = b.parameters();
    b.put("{\"code\":\"D")?;
    b.run(Routine::PutWhole, &[&fault.load(WORD, 4).to(Ty::I64), &int(2)]);
    b.put("\",\"at\":\"")?;
    let list = b.local(&fault.load(WORD, 8));
    b.when(&list, |b| {
        b.run(Routine::Put, &[&list]);
        b.put("/")?;
        b.run(Routine::PutWhole, &[&fault.load(WORD, 12).to(Ty::I64), &int(1)]);
        Ok(())
    })?;
    let key = b.local(&fault.load(WORD, 16));
    b.when(&key, |b| {
        b.put("/")?;
        b.either(
            &key.bin(Bin::GtS, &int(0)),
            |b| {
                b.call(Routine::String, &[&key]);
                b.run(Routine::PutName, &[&STRING, &STRING_END, &int(1)]);
                Ok(())
            },
            |b| {
                b.run(Routine::Put, &[&int(0).sub(&key)]);
                Ok(())
            },
        )
    })?;
    let expected = b.local(&fault.load(WORD, 20));
    b.when(&expected, |b| {
        b.put("\",\"expected\":\"")?;
        b.run(Routine::PutExpected, &[&expected]);
        Ok(())
    })?;
    b.put("\"}")
}

/// See [`Routine::PutName`]: `~` and `/` as a pointer has them, quotes and control characters as JSON has them.
pub(super) fn put_name(b: &mut Body<'_, '_>) -> Written {
    let [at, end, pointer] = b.parameters();
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &at.eq(&end));
        let c = b.byte(&at, 0);
        b.advance(&at, 1);
        let slash = is(&c, b'/');
        b.when(&slash.either(&is(&c, b'~')).both(&pointer), |b| {
            put_byte(b, &int(i64::from(b'~')));
            b.set(&c, &slash.add(&int(i64::from(b'0'))));
            Ok(())
        })?;
        let escaped = escape(b, &c)?;
        let escaped = b.local(&escaped);
        b.when(&escaped, |b| {
            put_byte(b, &int(i64::from(b'\\')));
            b.set(&c, &escaped);
            Ok(())
        })?;
        b.when(&c.bin(Bin::LtS, &int(32)), |b| {
            b.put("\\u00")?;
            put_byte(b, &c.bin(Bin::ShrU, &int(4)).add(&int(48)));
            b.set(&c, &c.bin(Bin::And, &int(15)));
            b.set(&c, &c.add(&int(48).when(&c.bin(Bin::LtS, &int(10)), &int(87))));
            Ok(())
        })?;
        put_byte(b, &c);
        Ok(())
    })
}

/// See [`Routine::PutExpected`]: a text, or the type of what belongs there as a negative address.
pub(super) fn put_expected(b: &mut Body<'_, '_>) -> Written {
    let [expected] = b.parameters();
    b.when(&expected.bin(Bin::GtS, &int(0)), |b| {
        b.run(Routine::Put, &[&expected]);
        b.code.stop();
        Ok(())
    })?;
    let ty = b.local(&int(0).sub(&expected));
    let kinds = b.tables.kinds_read.clone();
    if kinds.contains(&Kind::Number) {
        b.when(&is_kind(&ty, Kind::Number), |b| {
            number(b, &ty)?;
            b.code.stop();
            Ok(())
        })?;
    }
    if kinds.contains(&Kind::Enum) {
        b.when(&is_kind(&ty, Kind::Enum), |b| {
            b.put("one of ")?;
            let name = b.local(&ty.load(WORD, EXPECTED));
            let length = b.byte(&name, 0);
            b.repeat(|b, _, _| {
                b.run(Routine::PutBytes, &[&name.add(&int(1)), &length]);
                b.set(&name, &name.add(&length).add(&int(1)));
                b.set(&length, &name.load(BYTE, 0));
                b.stop_when(&length.not());
                b.put(", ")
            })
        })?;
    }
    b.run(Routine::Put, &[&ty.load(WORD, EXPECTED)]);
    Ok(())
}

/// `a number from 25.0 to 45.0 °C with at most 1 digit after the point`
fn number(b: &mut Body<'_, '_>, ty: &Node) -> Written {
    let places = b.byte(ty, PLACES);
    let (whole, any) = (b.literal("a whole number from ")?, b.literal("a number from ")?);
    b.run(Routine::Put, &[&any.when(&places, &whole)]);
    put_number(b, ty, &ty.load(SLOT, LOW), false)?;
    b.put(" to ")?;
    b.run(Routine::PutShown, &[ty, &ty.load(SLOT, HIGH)]);
    b.stop_when(&places.not());
    b.put(" with at most ")?;
    b.run(Routine::PutWhole, &[&places.to(Ty::I64), &int(1)]);
    let (one, more) = (b.literal(" digit after the point")?, b.literal(" digits after the point")?);
    b.run(Routine::Put, &[&more.when(&places.sub(&int(1)), &one)]);
    Ok(())
}
