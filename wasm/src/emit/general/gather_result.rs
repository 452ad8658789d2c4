//! What a query comes to, event by event and in the end.

use concord_engine::plan::{Class, MAX_EVENTS};

use super::General;
use super::gather::{Gathered, Median};
use super::nearest;
use super::value::{Possible, test};
use crate::emit::assembler::{Bin, Node, SLOT, Ty, flag, int, long};
use crate::emit::memory::PLACES;
use crate::emit::runtime::Routine;

impl Gathered {
    /// After the alternatives of an event.
    pub(crate) fn finish(&self, general: &mut General<'_, '_>) {
        match self {
            Gathered::Sum { low, high, needs, event, .. } => {
                let certain = event.certain(general);
                let zero = long(0);
                let (least, most) = (event.least.when(&event.some, &zero), event.most.when(&event.some, &zero));
                let (least, most) = (general.code.share(&least), general.code.share(&most));
                let (at_most, at_least) = (general.min(&least, &zero), general.max(&most, &zero));
                general.code.set(low, &low.add(&least.when(&certain, &at_most)));
                general.code.set(high, &high.add(&most.when(&certain, &at_least)));
                general.code.set(needs, &needs.bin(Bin::Or, &event.needs));
            }
            Gathered::Ends { lowest, ends, event } => {
                general.code.when(&event.some);
                ends.widen(general, event);
                ends.need(general, event);
                let certain = event.certain(general);
                general.code.when(&certain);
                let bound = if *lowest {
                    general.min(&ends.bound, &event.most)
                } else {
                    general.max(&ends.bound, &event.least)
                };
                general.code.set(&ends.bound, &bound);
                general.code.set(&ends.certain, &flag(true));
                general.code.end();
                general.code.end();
            }
            Gathered::Median(median) => median.finish(general),
            Gathered::Nearest { .. } | Gathered::Kept(_) | Gathered::Shared { .. } | Gathered::Nth { .. } => {}
            Gathered::Count { .. } | Gathered::Any { .. } => {}
        }
    }

    /// The answer.
    pub(crate) fn result(&self, general: &mut General<'_, '_>) -> Possible {
        match self {
            Gathered::Nearest { union, certain, bound, .. } => {
                if let Some(bound) = bound {
                    bound.narrow(general, union);
                }
                union.allow_none(general.code, &certain.not());
                union.value(general.code)
            }
            Gathered::Kept(kept) => kept.result(general),
            Gathered::Shared { .. } => nearest::result(general),
            Gathered::Nth { n, union, nth } => {
                general.code.when(&nth.possible.bin(Bin::LtS, &long(*n)));
                union.clear(general.code);
                general.code.end();
                union.allow_none(general.code, &nth.certain.bin(Bin::LtS, &long(*n)));
                union.value(general.code)
            }
            Gathered::Count { low, high, needs } => {
                let high = general.min(high, &long(MAX_EVENTS));
                Possible { low: low.clone(), high, some: flag(true), none: flag(false), needs: needs.clone() }
                    .settled(general.code, Class::Range)
            }
            Gathered::Any { certain, possible, needs } => test(general.code, certain, possible, needs),
            Gathered::Sum { shape, low, high, needs, .. } => {
                let mut clamped = |end: &Node| {
                    let end = general.max(end, &long(shape.low));
                    general.min(&end, &long(shape.high))
                };
                let (low, high) = (clamped(low), clamped(high));
                Possible { low, high, some: flag(true), none: flag(false), needs: needs.clone() }
                    .settled(general.code, Class::Range)
            }
            Gathered::Ends { lowest, ends, .. } => {
                let bounded = |end: &Node| ends.bound.when(&ends.certain, end);
                let low = if *lowest { ends.low.clone() } else { bounded(&ends.low) };
                let high = if *lowest { bounded(&ends.high) } else { ends.high.clone() };
                ends.value(general, low, high)
            }
            Gathered::Median(median) => median.result(general),
        }
    }
}

impl Median {
    /// Adds the least and the greatest value of an event to the lists.
    fn finish(&self, general: &mut General<'_, '_>) {
        let Median { lists, count, ends, all_certain, event } = self;
        general.code.when(&event.present);
        ends.need(general, event);
        let certain = event.certain(general).either(&event.sure.both(&event.some.not()));
        general.code.set(all_certain, &all_certain.both(&certain));
        general.code.when(&event.some);
        ends.widen(general, event);
        let one = event.certain(general).both(&event.hollow.not());
        general.code.set(&ends.certain, &ends.certain.either(&one));
        general.code.when(&count.bin(Bin::LtS, &PLACES));
        let place = count.shl(3);
        general.code.store(&lists.least.add(&place), 0, &event.least, SLOT);
        general.code.store(&lists.greatest.add(&place), 0, &event.most, SLOT);
        general.code.set(count, &count.add(&int(1)));
        general.code.end();
        general.code.end();
        general.code.end();
    }

    /// Twice the median.
    fn result(&self, general: &mut General<'_, '_>) -> Possible {
        let Median { lists, count, ends, all_certain, .. } = self;
        let low = general.code.variable(&ends.low.shl(1));
        let high = general.code.variable(&ends.high.shl(1));
        general.code.when(&all_certain.both(&ends.found));
        for (end, list) in [(&low, &lists.least), (&high, &lists.greatest)] {
            let middle = general.context.helpers.call(Routine::Median, vec![list.clone(), count.to(Ty::I32)]);
            general.code.set(end, &middle);
        }
        general.code.end();
        ends.value(general, low, high)
    }
}
