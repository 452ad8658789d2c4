//! What is wrong with a case: kept in the order of the text, then written as JSON.

use super::body::{BYTE, Body, WORD, Written, is};
use super::frame::{BASE, FAULT, FAULTS, LIST, MOST_FAULTS, OUT, PLACE, STRING, STRING_END, TRUSTED};
use super::routines::Routine;
use crate::emit::assembler::{Bin, SLOT, Ty, int};

/// See [`Routine::Fault`].
pub(super) fn fault(b: &mut Body<'_, '_>) -> Written {
    let [code, place, key, suffix, expected, after] = b.parameters();
    b.go_on(&TRUSTED);
    let number = b.local(&FAULTS);
    b.set(&FAULTS, &int(MOST_FAULTS + 1));
    b.finish_when(&number.bin(Bin::GeS, &int(MOST_FAULTS)), &after);
    b.set(&FAULTS, &number.add(&int(1)));
    let at = b.local(&BASE.add(&number.bin(Bin::Mul, &int(i64::from(FAULT)))));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &at.eq(&BASE));
        let before = b.local(&at.sub(&int(i64::from(FAULT))));
        b.code.leave_when(out, &before.load(WORD, 0).bin(Bin::LeS, &place));
        for offset in [0, 8, 16, 24] {
            b.code.store(&at, offset, &before.load(SLOT, offset), SLOT);
        }
        b.set(&at, &before);
        Ok(())
    })?;
    for (offset, part) in
        [(0, &place), (4, &code), (8, &LIST), (12, &PLACE), (16, &key), (20, &suffix), (24, &expected)]
    {
        b.code.store(&at, offset, part, WORD);
    }
    b.code.push(&after);
    Ok(())
}

/// See [`Routine::PutFaults`].
pub(super) fn put_faults(b: &mut Body<'_, '_>) -> Written {
    b.put("{\"refused\":[")?;
    let told = b.local(&FAULTS);
    let many = b.local(&told.bin(Bin::GtS, &int(MOST_FAULTS)));
    b.set(&told, &int(MOST_FAULTS).when(&many, &told));
    let number = b.local(&int(0));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &number.eq(&told));
        b.when(&number, |b| b.put(","))?;
        let fault = BASE.add(&number.bin(Bin::Mul, &int(i64::from(FAULT))));
        b.call(Routine::PutFault, &[&fault]);
        b.advance(&number, 1);
        Ok(())
    })?;
    b.when(&many, |b| b.put(",{\"code\":\"D19\",\"at\":\"\"}"))?;
    b.put("]}")?;
    b.code.push(&int(0));
    Ok(())
}

/// See [`Routine::PutFault`].
pub(super) fn put_fault(b: &mut Body<'_, '_>) -> Written {
    let [fault] = b.parameters();
    b.put("{\"code\":\"D")?;
    b.call(Routine::PutWhole, &[&fault.load(WORD, 4).to(Ty::I64), &int(2)]);
    b.put("\",\"at\":\"")?;
    let list = b.local(&fault.load(WORD, 8));
    b.when(&list, |b| {
        b.call(Routine::Put, &[&list]);
        b.put("/")?;
        b.call(Routine::PutWhole, &[&fault.load(WORD, 12).to(Ty::I64), &int(1)]);
        Ok(())
    })?;
    let key = b.local(&fault.load(WORD, 16));
    b.when(&key, |b| {
        b.put("/")?;
        b.call(Routine::String, &[&key.add(&int(1))]);
        b.call(Routine::PutName, &[&STRING, &STRING_END]);
        Ok(())
    })?;
    let suffix = b.local(&fault.load(WORD, 20));
    b.when(&suffix, |b| {
        b.call(Routine::Put, &[&suffix]);
        Ok(())
    })?;
    let expected = b.local(&fault.load(WORD, 24));
    b.when(&expected, |b| {
        b.put("\",\"expected\":\"")?;
        b.call(Routine::Put, &[&expected]);
        Ok(())
    })?;
    b.put("\"}")?;
    b.code.push(&int(0));
    Ok(())
}

/// See [`Routine::PutName`]: `~` and `/` as a pointer has them, quotes and control characters as JSON has them.
pub(super) fn put_name(b: &mut Body<'_, '_>) -> Written {
    let [at, end] = b.parameters();
    b.repeat(|b, out, top| {
        b.code.leave_when(out, &at.eq(&end));
        let c = b.byte(&at, 0);
        b.advance(&at, 1);
        for (character, written) in [
            (b'~', "~0"),
            (b'/', "~1"),
            (b'"', "\\\""),
            (b'\\', "\\\\"),
            (8, "\\b"),
            (12, "\\f"),
            (10, "\\n"),
            (13, "\\r"),
            (9, "\\t"),
        ] {
            b.when(&is(&c, character), |b| {
                b.put(written)?;
                b.code.leave(top);
                Ok(())
            })?;
        }
        b.when(&c.bin(Bin::LtS, &int(32)), |b| {
            b.put("\\u00")?;
            b.code.store(&OUT, 0, &c.bin(Bin::ShrU, &int(4)).add(&int(48)), BYTE);
            let low = c.bin(Bin::And, &int(15));
            b.code.store(&OUT, 1, &low.add(&int(48).when(&low.bin(Bin::LtS, &int(10)), &int(87))), BYTE);
            b.advance(&OUT, 2);
            b.code.leave(top);
            Ok(())
        })?;
        b.code.store(&OUT, 0, &c, BYTE);
        b.advance(&OUT, 1);
        Ok(())
    })?;
    b.code.push(&int(0));
    Ok(())
}
