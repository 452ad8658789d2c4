//! The calendar and the clock in London; `concord_engine::values` says what they mean.

use concord_engine::plan::Call;
use concord_engine::values::calendar::{DAY, HOUR, MOST_MONTHS};
use concord_engine::values::working_days::MOST;

use super::lists::{DAY as DAYS, Days, search};
use super::numbers::floor;
use super::registry::Helpers;
use super::routines::Routine;
use crate::emit::assembler::{Bin, Code, Node, Turns, Ty, int, long};

/// Days from 1 March to 1 January.
const FROM_MARCH: i64 = 306;

fn div(a: &Node, by: i64) -> Node {
    a.bin(Bin::DivS, &Node::Const(a.ty(), by))
}

fn times(a: &Node, by: i64) -> Node {
    a.bin(Bin::Mul, &Node::Const(a.ty(), by))
}

/// Howard Hinnant's algorithm. See [`Routine::Civil`].
pub(super) fn civil(code: &mut Code, days: &Node) {
    let (era, day_of_era) = floor(code, &days.add(&long(719_468)), &long(146_097));
    let doe = code.share(&day_of_era.to(Ty::I32));
    let leaps = doe.sub(&div(&doe, 1_460)).add(&div(&doe, 36_524)).sub(&div(&doe, 146_096));
    let yoe = code.share(&div(&leaps, 365));
    let before = times(&yoe, 365).add(&div(&yoe, 4)).sub(&div(&yoe, 100));
    let doy = code.share(&doe.sub(&before));
    let month_part = code.share(&div(&times(&doy, 5).add(&int(2)), 153));
    let day = doy.sub(&div(&times(&month_part, 153).add(&int(2)), 5)).add(&int(1));
    let early = code.share(&month_part.bin(Bin::LtS, &int(10)));
    let month = month_part.add(&int(3).when(&early, &int(-9)));
    let year = times(&era, 400).add(&yoe.add(&early.not()).to(Ty::I64));
    let packed = year.shl(9).add(&month.shl(5).add(&day).to(Ty::I64));
    code.push(&packed);
}

/// 1 March of a year.
fn first_of_march(code: &mut Code, year: &Node) -> Node {
    let [fours, hundreds, eras] = [4, 100, 400].map(|every| floor(code, year, &long(every)).0);
    times(year, 365).add(&fours).sub(&hundreds).add(&eras).sub(&long(719_468))
}

/// The day of the last Sunday of a month of 31 days, `before` days after 1 March having gone before its 31st.
fn last_sunday(code: &mut Code, year: &Node, before: i64) -> Node {
    let days = first_of_march(code, year).add(&long(before));
    let last = code.share(&days);
    let (_, after_sunday) = floor(code, &last.add(&long(4)), &long(7));
    last.sub(&after_sunday)
}

/// See [`Routine::Summer`].
pub(super) fn summer(code: &mut Code, helpers: &mut Helpers, instant: &Node) {
    let (day, _) = floor(code, instant, &long(DAY));
    let packed = helpers.call(Routine::Civil, vec![day]);
    let year = code.share(&packed.bin(Bin::ShrS, &long(9)));
    let [march, october] = [30, 244].map(|before| {
        let sunday = last_sunday(code, &year, before);
        code.share(&times(&sunday, DAY).add(&long(HOUR)))
    });
    code.push(&instant.bin(Bin::GeS, &march).both(&instant.bin(Bin::LtS, &october)));
}

/// See [`Routine::Local`].
pub(crate) fn local(code: &mut Code, helpers: &mut Helpers, instant: &Node) {
    let summer = helpers.call(Routine::Summer, vec![instant.clone()]);
    code.push(&instant.add(&times(&summer.to(Ty::I64), HOUR)));
}

/// See [`Routine::Call`]; those of one operand leave the second alone.
pub(super) fn call(code: &mut Code, helpers: &mut Helpers, call: Call, [a, b]: [&Node; 2]) {
    match call {
        Call::LocalDate => local_date(code, helpers, a),
        Call::LocalTime => local_time(code, helpers, a),
        Call::InstantOn => instant_on(code, helpers, a, b),
        Call::YearsBetween => years_between(code, helpers, a, b),
        Call::MonthsBetween => months_between(code, helpers, a, b),
        Call::MonthsAfter => months_after(code, helpers, a, b),
        Call::Year => part(code, helpers, a, year_of),
        Call::Month => part(code, helpers, a, month_of),
        Call::Day => part(code, helpers, a, day_of),
        Call::Week => week(code, helpers, a),
    }
}

fn local_date(code: &mut Code, helpers: &mut Helpers, instant: &Node) {
    let local = helpers.call(Routine::Local, vec![instant.clone()]);
    let (day, _) = floor(code, &local, &long(DAY));
    code.push(&day);
}

fn local_time(code: &mut Code, helpers: &mut Helpers, instant: &Node) {
    let local = helpers.call(Routine::Local, vec![instant.clone()]);
    let (_, time) = floor(code, &local, &long(DAY));
    code.push(&time);
}

fn instant_on(code: &mut Code, helpers: &mut Helpers, date: &Node, time: &Node) {
    let as_winter = code.share(&times(date, DAY).add(time));
    let as_summer = code.share(&as_winter.sub(&long(HOUR)));
    code.when(&helpers.call(Routine::Summer, vec![as_summer.clone()]));
    code.finish(&as_summer);
    code.end();
    code.when(&helpers.call(Routine::Summer, vec![as_winter.clone()]).not());
    code.finish(&as_winter);
    code.end();
    let (_, within) = floor(code, &as_winter, &long(HOUR));
    code.push(&as_winter.sub(&within));
}

/// The day of the week of a day: 0 is Monday.
pub(crate) fn weekday(code: &mut Code, day: &Node) -> Node {
    floor(code, &day.to(Ty::I64).add(&long(3)), &long(7)).1.to(Ty::I32)
}

/// See [`Routine::WorkingDays`]: one step a day, the place among the holidays moving along.
pub(super) fn working_days(code: &mut Code, date: &Node, count: &Node, holidays: &Days) {
    let none = long(0);
    let left = code.variable(count);
    code.set(&left, &none.when(&left.bin(Bin::LtS, &none), &left));
    code.set(&left, &long(MOST).when(&left.bin(Bin::GtS, &long(MOST)), &left));
    let day = code.variable(date);
    let weekday = weekday(code, date);
    let weekday = code.variable(&weekday);
    let tomorrow = code.share(&date.add(&long(1)));
    let next = search(code, (&holidays.address, &holidays.length), &tomorrow, DAYS);
    let next = code.variable(&holidays.address.add(&next.shl(DAYS.log2())));
    let end = code.share(&holidays.address.add(&holidays.length.shl(DAYS.log2())));
    let done = code.block();
    let top = code.repeat_for(Turns::WorkingDays);
    code.leave_when(done, &left.eq(&none));
    code.set(&day, &day.add(&long(1)));
    let sunday = weekday.eq(&int(6));
    code.set(&weekday, &int(0).when(&sunday, &weekday.add(&int(1))));
    let working = code.variable(&weekday.bin(Bin::LtS, &int(5)));
    code.when(&next.bin(Bin::LtS, &end));
    code.when(&next.load(DAYS, 0).to(Ty::I64).eq(&day));
    code.set(&next, &next.add(&int(i64::from(DAYS.bytes))));
    code.set(&working, &int(0));
    code.end();
    code.end();
    code.set(&left, &left.sub(&working.to(Ty::I64)));
    code.leave(top);
    code.end();
    code.end();
    code.push(&day);
}

pub(super) fn year_of(packed: &Node) -> Node {
    packed.bin(Bin::ShrS, &long(9))
}

pub(super) fn month_of(packed: &Node) -> Node {
    packed.bin(Bin::ShrS, &long(5)).bin(Bin::And, &long(15))
}

pub(super) fn day_of(packed: &Node) -> Node {
    packed.bin(Bin::And, &long(31))
}

/// A part of what [`Routine::Civil`] packs.
fn part(code: &mut Code, helpers: &mut Helpers, date: &Node, part: fn(&Node) -> Node) {
    let packed = helpers.call(Routine::Civil, vec![date.clone()]);
    code.push(&part(&packed));
}

/// The week in which the Thursday of a date lies.
fn week(code: &mut Code, helpers: &mut Helpers, date: &Node) {
    let weekday = weekday(code, date).to(Ty::I64);
    let thursday = code.share(&date.sub(&weekday).add(&long(3)));
    let packed = helpers.call(Routine::Civil, vec![thursday.clone()]);
    let year = code.share(&year_of(&packed).sub(&long(1)));
    let march = first_of_march(code, &year);
    code.push(&div(&thursday.sub(&march.add(&long(FROM_MARCH))), 7).add(&long(1)));
}

/// The same day of the month so many months on, or the last there is: the day before the first of the month after.
fn months_after(code: &mut Code, helpers: &mut Helpers, date: &Node, count: &Node) {
    let packed = helpers.call(Routine::Civil, vec![date.clone()]);
    let packed = code.share(&packed);
    let count = code.variable(count);
    for (beyond, end) in [(Bin::GtS, MOST_MONTHS), (Bin::LtS, -MOST_MONTHS)] {
        code.set(&count, &long(end).when(&count.bin(beyond, &long(end)), &count));
    }
    let months = code.share(&times(&year_of(&packed), 12).add(&month_of(&packed)).sub(&long(1)).add(&count));
    let [first, next] = [0, 1].map(|more| {
        let first = first_of_month(code, &months.add(&long(more)));
        code.share(&first)
    });
    let same = code.share(&first.add(&day_of(&packed)).sub(&long(1)));
    code.push(&same.when(&same.bin(Bin::LtS, &next), &next.sub(&long(1))));
}

/// The first day of a month, counted in months since the year 0.
pub(crate) fn first_of_month(code: &mut Code, months: &Node) -> Node {
    // Years begin with March, so that the day that comes and goes is their last.
    let (year, month) = floor(code, &months.sub(&long(2)), &long(12));
    let (year, month) = (code.share(&year), code.share(&month));
    let march = first_of_march(code, &year);
    march.add(&div(&times(&month, 153).add(&long(2)), 5))
}

/// Two dates as [`Routine::Civil`] packs them.
fn both_civil(code: &mut Code, helpers: &mut Helpers, from: &Node, to: &Node) -> (Node, Node) {
    let mut civil = |day: &Node| {
        let packed = helpers.call(Routine::Civil, vec![day.clone()]);
        code.share(&packed)
    };
    (civil(from), civil(to))
}

fn years_between(code: &mut Code, helpers: &mut Helpers, from: &Node, to: &Node) {
    let (from, to) = both_civil(code, helpers, from, to);
    let within = |packed: &Node| packed.bin(Bin::And, &long(511));
    let early = within(&to).bin(Bin::LtS, &within(&from));
    code.push(&year_of(&to).sub(&year_of(&from)).sub(&early.to(Ty::I64)));
}

fn months_between(code: &mut Code, helpers: &mut Helpers, from: &Node, to: &Node) {
    let (from, to) = both_civil(code, helpers, from, to);
    let months = |packed: &Node| times(&year_of(packed), 12).add(&month_of(packed));
    let early = day_of(&to).bin(Bin::LtS, &day_of(&from));
    code.push(&months(&to).sub(&months(&from)).sub(&early.to(Ty::I64)));
}

/// Two instants.
pub(super) struct Period<'a> {
    pub(super) start: &'a Node,
    pub(super) end: &'a Node,
}

/// Two times of day; the second is of the next day where it is not after the first.
pub(super) struct Window<'a> {
    pub(super) from: &'a Node,
    pub(super) until: &'a Node,
}

/// See [`Routine::Overlap`], and `concord_engine::values::calendar::overlap`, of which this is the same.
pub(crate) fn overlap(code: &mut Code, helpers: &mut Helpers, period: &Period<'_>, window: &Window<'_>) {
    let Window { from, until } = window;
    let past_midnight = code.share(&until.bin(Bin::LeS, from).to(Ty::I64));
    let of_day = |code: &mut Code, time: &Node| {
        let [after_from, after_until] = [from, until].map(|edge| not_below_0(code, &time.sub(edge)));
        after_from.sub(&after_until).add(&past_midnight.bin(Bin::Mul, time))
    };
    let [day, two, one] = [DAY, 2 * HOUR, HOUR].map(|time| of_day(code, &long(time)));
    let (day, moved) = (code.share(&day), code.share(&two.sub(&one)));
    let [end, start] = [period.end, period.start].map(|instant| {
        let summer = helpers.call(Routine::Summer, vec![instant.clone()]).to(Ty::I64);
        let summer = code.share(&summer);
        let (days, time) = floor(code, &instant.add(&times(&summer, HOUR)), &long(DAY));
        let time = code.share(&time);
        let of_last = of_day(code, &time);
        days.bin(Bin::Mul, &day).add(&of_last).sub(&summer.bin(Bin::Mul, &moved))
    });
    let total = not_below_0(code, &end.sub(&start));
    code.push(&total);
}

fn not_below_0(code: &mut Code, value: &Node) -> Node {
    let value = code.share(value);
    value.when(&value.bin(Bin::GtS, &long(0)), &long(0))
}
