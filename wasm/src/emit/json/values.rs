//! One value of a declared type, or what is wrong with it.

use super::body::{BYTE, Body, WORD, Written, is, least, most, within};
use super::descriptors::{EXPECTED, HIGH, Kind, LOW, OPTIONAL, PLACES};
use super::frame::{FROM, HIGHEST, KNOWN, MISSING, NONE, RANGE, STRING, STRING_END, TAG, TO, VALUE, WRONG};
use super::keys::is_word;
use super::routines::Routine;
use super::scan::four;
use crate::emit::assembler::{Bin, Label, Node, SLOT, int, long};

/// Codes of faults.
const WRONG_KIND: i64 = 7;
const OUT_OF_RANGE: i64 = 8;
const NOT_OPTIONAL: i64 = 16;

fn kind_of(ty: &Node) -> Node {
    ty.load(WORD, 0)
}

fn is_kind(ty: &Node, kind: Kind) -> Node {
    kind_of(ty).eq(&int(kind as i64))
}

/// Whether values of the type have an order, so that they can be given as a range.
fn is_ordered(ty: &Node) -> Node {
    kind_of(ty).bin(Bin::LeU, &int(Kind::LAST_ORDERED))
}

/// Whether both ends lie in the declared range.
fn in_range(ty: &Node) -> Node {
    let (low, high) = (ty.load(SLOT, LOW), ty.load(SLOT, HIGH));
    VALUE
        .bin(Bin::GeS, &low)
        .both(&HIGHEST.bin(Bin::LeS, &high))
        .both(&VALUE.bin(Bin::LeS, &high))
        .both(&HIGHEST.bin(Bin::GeS, &low))
}

/// A known value, or one between two.
fn tag(b: &mut Body<'_, '_>) {
    b.set(&TAG, &int(KNOWN).when(&VALUE.eq(&HIGHEST), &int(RANGE)));
}

/// See [`Routine::Value`].
pub(super) fn value(b: &mut Body<'_, '_>) -> Written {
    let [ty, at, key] = b.parameters();
    let c = b.byte(&at, 0);
    let fault = b.local(&int(WRONG_KIND));
    let after = b.local(&int(0));
    b.set(&TAG, &int(KNOWN));
    b.block(|b, read| {
        let is_number = is(&c, b'-').either(&within(&c, 48, 57));
        b.when(&is_number, |b| {
            let end = b.call(Routine::NumberEnd, &[&at]);
            b.go_on(&end);
            b.set(&after, &end);
            if b.tables.kinds_read.contains(&Kind::Number) {
                b.when(&is_kind(&ty, Kind::Number), |b| {
                    let wrong = b.call(Routine::Decimal, &[&at, &end, &ty.load(WORD, PLACES)]);
                    b.set(&HIGHEST, &VALUE);
                    b.set(&fault, &wrong.when(&wrong, &int(OUT_OF_RANGE).when(&in_range(&ty).not(), &int(0))));
                    Ok(())
                })?;
            }
            b.code.leave(read);
            Ok(())
        })?;
        b.when(&is(&c, b'"'), |b| {
            let end = b.call(Routine::String, &[&at.add(&int(1))]);
            b.go_on(&end);
            b.set(&after, &end);
            b.code.leave_when(read, &STRING.not());
            let wrong = b.call(Routine::Text, &[&ty]);
            b.set(&fault, &wrong);
            b.code.leave(read);
            Ok(())
        })?;
        b.when(&at.load(WORD, 0).eq(&int(four(b"null"))), |b| {
            b.set(&TAG, &int(MISSING));
            b.code.finish(&at.add(&int(4)));
            Ok(())
        })?;
        word_or_range(b, &Reading { ty: &ty, at: &at, c: &c, after: &after, fault: &fault }, read)?;
        let end = b.call(Routine::Skip, &[&at]);
        b.go_on(&end);
        b.set(&after, &end);
        Ok(())
    })?;
    b.finish_when(&fault.not(), &after);
    b.set(&TAG, &int(MISSING));
    let told = b.call(Routine::Fault, &[&fault, &at, &key, &int(0), &ty.load(WORD, EXPECTED), &after]);
    b.code.push(&told);
    Ok(())
}

/// A value that is being read: its type, where it stands and its first byte; what follows it, and what is wrong with it.
struct Reading<'n> {
    ty: &'n Node,
    at: &'n Node,
    c: &'n Node,
    after: &'n Node,
    fault: &'n Node,
}

/// A yes or no, or an object of two ends, where the type is one that takes it.
fn word_or_range(b: &mut Body<'_, '_>, reading: &Reading<'_>, read: Label) -> Written {
    let Reading { ty, at, c, after, fault } = reading;
    let kinds = b.tables.kinds_read.clone();
    if kinds.contains(&Kind::YesNo) {
        let no = is(c, b'f');
        b.when(&is_kind(ty, Kind::YesNo).both(&no.either(&is(c, b't'))), |b| {
            let end = b.call(Routine::Skip, &[at]);
            b.go_on(&end);
            b.set(after, &end);
            b.set(&VALUE, &long(0).when(&no, &long(1)));
            b.set(fault, &int(0));
            b.code.leave(read);
            Ok(())
        })?;
    }
    if kinds.iter().any(|kind| kind.is_ordered()) {
        b.when(&is(c, b'{').both(&is_ordered(ty)), |b| {
            let end = b.call(Routine::Range, &[ty, at]);
            b.go_on(&end);
            b.set(after, &end);
            b.set(fault, &WRONG);
            b.code.leave(read);
            Ok(())
        })?;
    }
    Ok(())
}

/// See [`Routine::Text`]: the string read last, as a value.
pub(super) fn text(b: &mut Body<'_, '_>) -> Written {
    let [ty] = b.parameters();
    let kinds = b.tables.kinds_read.clone();
    if kinds.iter().any(|kind| kind.is_ordered()) {
        beyond(b, &ty)?;
    }
    b.when(&is_word("none"), |b| {
        if kinds.contains(&Kind::Enum) {
            b.when(&is_kind(&ty, Kind::Enum), |b| {
                let wrong = b.call(Routine::Choice, &[&ty, &STRING, &STRING_END]);
                b.finish_when(&wrong.not(), &int(0));
                Ok(())
            })?;
        }
        b.set(&TAG, &int(NONE));
        b.code.finish(&int(0).when(&ty.load(WORD, OPTIONAL), &int(NOT_OPTIONAL)));
        Ok(())
    })?;
    let takes_text = is_kind(&ty, Kind::Number).either(&is_kind(&ty, Kind::YesNo)).not();
    b.finish_when(&takes_text.not(), &int(WRONG_KIND));
    let wrong = b.call(Routine::Ends, &[&ty, &STRING, &STRING_END]);
    b.finish_when(&wrong, &wrong);
    tag(b);
    b.code.push(&int(0).when(&in_range(&ty), &int(OUT_OF_RANGE)));
    Ok(())
}

/// `<0.5`: all declared values on one side of another.
fn beyond(b: &mut Body<'_, '_>, ty: &Node) -> Written {
    let c = b.byte(&STRING, 0);
    let next = b.byte(&STRING, 1);
    let foreign = c.eq(&int(0xE2)).both(&next.eq(&int(0x89))).both(&STRING_END.sub(&STRING).bin(Bin::GtS, &int(2)));
    let third = b.byte(&STRING, 2);
    let (at_most, at_least) = (foreign.both(&third.eq(&int(0xA4))), foreign.both(&third.eq(&int(0xA5))));
    let (at_most, at_least) = (b.local(&at_most), b.local(&at_least));
    let (less, more) = (is(&c, b'<'), is(&c, b'>'));
    let plain = less.either(&more);
    let equal = b.local(&plain.both(&is(&next, b'=')));
    let below = b.local(&less.either(&at_most));
    let signs = int(3).when(&at_most.either(&at_least), &plain.add(&equal));
    let signs = b.local(&signs);
    b.set(&equal, &equal.either(&at_most).either(&at_least));
    b.when(&signs.ne(&int(0)).both(&is_ordered(ty)), |b| sided(b, ty, &signs, &below, &equal))
}

/// After so many bytes of a sign, which means below or above, and the value itself or not.
fn sided(b: &mut Body<'_, '_>, ty: &Node, signs: &Node, below: &Node, equal: &Node) -> Written {
    let from = b.call(Routine::Blank, &[&STRING.add(signs), &STRING_END]);
    let wrong = b.call(Routine::Ends, &[ty, &from, &STRING_END]);
    b.finish_when(&wrong, &wrong);
    let apart = b.local(&long(0).when(equal, &long(1)));
    let (low, high) = (b.local(&ty.load(SLOT, LOW)), b.local(&ty.load(SLOT, HIGH)));
    let last = b.local(&HIGHEST.when(equal, &VALUE));
    let first = b.local(&VALUE.when(equal, &HIGHEST));
    let most_here = least(&high, &last.sub(&apart));
    let least_here = most(&low, &first.add(&apart));
    let (most_here, least_here) = (b.local(&most_here), b.local(&least_here));
    b.set(&VALUE, &low.when(below, &least_here));
    b.set(&HIGHEST, &most_here.when(below, &high));
    tag(b);
    b.code.finish(&int(OUT_OF_RANGE).when(&VALUE.bin(Bin::GtS, &HIGHEST), &int(0)));
    Ok(())
}

/// See [`Routine::Ends`].
pub(super) fn ends(b: &mut Body<'_, '_>) -> Written {
    let [ty, from, end] = b.parameters();
    for kind in b.tables.kinds_read.clone() {
        let ends = [&from, &end];
        b.when(&is_kind(&ty, kind), |b| {
            let wrong = match kind {
                Kind::Number => b.call(Routine::Decimal, &[&from, &end, &ty.load(WORD, PLACES)]),
                Kind::Duration => b.call(Routine::Duration, &ends),
                Kind::Instant => {
                    let wrong = b.call(Routine::Moment, &ends);
                    b.code.finish(&wrong);
                    return Ok(());
                }
                Kind::Date => {
                    let is_date = b.call(Routine::Date, &ends);
                    b.local(&int(0).when(&is_date, &int(11)))
                }
                Kind::TimeOfDay => {
                    let is_clock = b.call(Routine::Clock, &ends);
                    let wrong = int(20).when(&is_clock.eq(&int(2)), &int(11));
                    b.local(&int(0).when(&is_clock.eq(&int(1)), &wrong))
                }
                Kind::Enum => b.call(Routine::Choice, &[&ty, &from, &end]),
                Kind::NhsNumber => b.call(Routine::NhsNumber, &ends),
                Kind::YesNo => int(WRONG_KIND),
            };
            b.set(&HIGHEST, &VALUE);
            b.code.finish(&wrong);
            Ok(())
        })?;
    }
    b.code.push(&int(WRONG_KIND));
    Ok(())
}

/// See [`Routine::FromTo`]: an object of `from` and `to` and nothing else has two ends, any other none.
pub(super) fn from_to(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    let (from, to, count) = (b.local(&int(0)), b.local(&int(0)), b.local(&int(0)));
    b.set(&FROM, &int(0));
    b.past(&at, b'{');
    b.white(&at)?;
    b.finish_when(&is(&at.load(BYTE, 0), b'}'), &at.add(&int(1)));
    b.repeat(|b, out, _| {
        b.past(&at, b'"');
        let after = b.call(Routine::String, &[&at]);
        b.go_on(&after);
        let known = STRING.ne(&int(0));
        let (is_from, is_to) = (b.local(&known.both(&is_word("from"))), b.local(&known.both(&is_word("to"))));
        b.white(&after)?;
        b.past(&after, b':');
        b.white(&after)?;
        b.set(&from, &after.when(&is_from, &from));
        b.set(&to, &after.when(&is_to, &to));
        b.advance(&count, 1);
        let end = b.call(Routine::Skip, &[&after]);
        b.go_on(&end);
        b.white(&end)?;
        b.set(&at, &end.add(&int(1)));
        let c = b.byte(&end, 0);
        b.code.leave_when(out, &is(&c, b'}'));
        b.go_on(&is(&c, b','));
        b.white(&at)
    })?;
    b.set(&TO, &to);
    b.set(&FROM, &from.when(&count.eq(&int(2)).both(&to.ne(&int(0))), &int(0)));
    b.code.push(&at);
    Ok(())
}

/// See [`Routine::Range`].
pub(super) fn range(b: &mut Body<'_, '_>) -> Written {
    let [ty, at] = b.parameters();
    let after = b.call(Routine::FromTo, &[&at]);
    b.go_on(&after);
    b.set(&WRONG, &int(WRONG_KIND));
    b.finish_when(&FROM.not(), &after);
    let wrong = b.call(Routine::EndOf, &[&ty, &FROM]);
    b.set(&WRONG, &wrong);
    b.finish_when(&wrong, &after);
    let low = b.local(&VALUE);
    let wrong = b.call(Routine::EndOf, &[&ty, &TO]);
    b.set(&WRONG, &wrong);
    b.finish_when(&wrong, &after);
    b.set(&VALUE, &low);
    tag(b);
    let fits = VALUE.bin(Bin::LeS, &HIGHEST).both(&in_range(&ty));
    b.set(&WRONG, &int(0).when(&fits, &int(OUT_OF_RANGE)));
    b.code.push(&after);
    Ok(())
}

/// See [`Routine::EndOf`]: a number as a number, everything else as text. Where the first reading gives up, so will what tells the fault.
pub(super) fn end_of(b: &mut Body<'_, '_>) -> Written {
    let [ty, at] = b.parameters();
    let c = b.byte(&at, 0);
    let number = is_kind(&ty, Kind::Number);
    b.when(&number, |b| {
        b.finish_when(&is(&c, b'-').either(&within(&c, 48, 57)).not(), &int(WRONG_KIND));
        let end = b.call(Routine::NumberEnd, &[&at]);
        let wrong = b.call(Routine::Ends, &[&ty, &at, &end]);
        b.code.finish(&wrong);
        Ok(())
    })?;
    b.finish_when(&is(&c, b'"').not(), &int(WRONG_KIND));
    let after = b.call(Routine::String, &[&at.add(&int(1))]);
    b.finish_when(&after.not().either(&STRING.not()), &int(WRONG_KIND));
    let wrong = b.call(Routine::Ends, &[&ty, &STRING, &STRING_END]);
    b.code.push(&wrong);
    Ok(())
}
