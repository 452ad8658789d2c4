//! What a calendar or a clock may show between two moments; `concord_engine::values::periods` says what that is.

use concord_engine::plan::Call;
use concord_engine::values::calendar::{DAY, HOUR};

use super::calendar::{day_of, month_of, weekday, year_of};
use super::numbers::floor;
use super::registry::Helpers;
use super::routines::Routine;
use crate::emit::assembler::{Bin, Code, Node, Ty, long};

/// See [`Routine::Ends`]. Most of what is asked about is one moment.
pub(super) fn ends(code: &mut Code, helpers: &mut Helpers, call: Call, first: &Node, last: &Node) {
    code.when(&first.eq(last));
    let exact = helpers.call(Routine::Call(call), vec![first.clone()]);
    let exact = code.share(&exact);
    code.finish(&packed(&exact, &exact));
    code.end();
    match call {
        Call::LocalTime => local_times(code, helpers, first, last),
        Call::Week => weeks(code, helpers, first, last),
        Call::Month => {
            let [first, last] = civil(code, helpers, [first, last]);
            within(code, &year_of(&first).eq(&year_of(&last)), [&month_of(&first), &month_of(&last)], 12);
        }
        _ => {
            let [first, last] = civil(code, helpers, [first, last]);
            let month = |packed: &Node| packed.bin(Bin::ShrS, &long(5));
            within(code, &month(&first).eq(&month(&last)), [&day_of(&first), &day_of(&last)], 31);
        }
    }
}

/// The least, and in the upper half the greatest: both fit.
fn packed(least: &Node, greatest: &Node) -> Node {
    greatest.shl(32).bin(Bin::Or, least)
}

/// These two where both lie in the same period; otherwise from 1 to the most there is.
fn within(code: &mut Code, same: &Node, [first, last]: [&Node; 2], most: i64) {
    let found = packed(first, last).when(same, &packed(&long(1), &long(most)));
    code.push(&found);
}

/// Dates as [`Routine::Civil`] packs them.
fn civil(code: &mut Code, helpers: &mut Helpers, dates: [&Node; 2]) -> [Node; 2] {
    dates.map(|date| {
        let packed = helpers.call(Routine::Civil, vec![date.clone()]);
        code.share(&packed)
    })
}

fn weeks(code: &mut Code, helpers: &mut Helpers, first: &Node, last: &Node) {
    let [thursday, until] = [first, last].map(|date| {
        let weekday = weekday(code, date).to(Ty::I64);
        code.share(&date.sub(&weekday).add(&long(3)))
    });
    let [year, same] = civil(code, helpers, [&thursday, &until]);
    let [week, last] = [first, last].map(|date| {
        let week = helpers.call(Routine::Call(Call::Week), vec![date.clone()]);
        code.share(&week)
    });
    within(code, &year_of(&year).eq(&year_of(&same)), [&week, &last], 53);
}

fn local_times(code: &mut Code, helpers: &mut Helpers, first: &Node, last: &Node) {
    let [(start, summer), (end, still)] = [first, last].map(|instant| {
        let local = helpers.call(Routine::Local, vec![instant.clone()]);
        let local = code.share(&local);
        (local.clone(), code.share(&local.ne(instant)))
    });
    let [(day, start), (same, end)] = [start, end].map(|local| floor(code, &local, &long(DAY)));
    code.when(&day.ne(&same));
    code.finish(&packed(&long(0), &long(DAY - 1)));
    code.end();
    let back = code.share(&summer.both(&still.not()));
    let (one, two) = (long(HOUR), long(2 * HOUR - 1));
    let start = one.when(&back.both(&start.bin(Bin::GtS, &one)), &start);
    let end = two.when(&back.both(&end.bin(Bin::LtS, &two)), &end);
    code.push(&packed(&start, &end));
}
