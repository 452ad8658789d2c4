//! What a query gathers from possible events: candidates, counts, sums, ends, medians.

use concord_engine::plan::{Class, Function, Query, Shape};

use super::General;
use super::events::{EventStep, FoundEvent};
use super::member::Member;
use super::nearest::{self, Kept};
use super::value::{Possible, Union};
use crate::emit::assembler::{Bin, EmitError, Label, Node, Ty, flag, int, long};
use crate::emit::memory::{Lists, NEAREST_REACH, NEAREST_STOPPED};

/// See the module.
pub(super) enum Gathered {
    Nearest {
        last: bool,
        renews: bool,
        union: Union,
        certain: Node,
        stopped: Node,
        reach: Node,
        bound: Option<Bound>,
    },
    /// the same, see [`nearest`]: gathered at an address
    Kept(Kept),
    /// the same, see [`nearest`]; of the time of the events, or of another value
    Shared {
        last: bool,
        time: bool,
    },
    Nth {
        n: i64,
        union: Union,
        nth: Nth,
    },
    Count {
        low: Node,
        high: Node,
        needs: Node,
    },
    Any {
        certain: Node,
        possible: Node,
        needs: Node,
    },
    Sum {
        shape: Shape,
        low: Node,
        high: Node,
        needs: Node,
        event: OfEvent,
    },
    Ends {
        lowest: bool,
        ends: Ends,
        event: OfEvent,
    },
    Median(Median),
}

/// What a median gathers.
pub(super) struct Median {
    /// The least and the greatest of each value.
    pub(super) lists: Lists,
    pub(super) count: Node,
    pub(super) ends: Ends,
    /// Every event that may have a value certainly has one.
    pub(super) all_certain: Node,
    pub(super) event: OfEvent,
}

/// What the events that certainly belong say of the time or place of the nearest.
pub(super) struct Bound {
    last: bool,
    pub(super) value: Node,
}

impl Bound {
    fn new(general: &mut General<'_, '_>, query: &Query) -> Option<Bound> {
        let last = query.function == Function::Last;
        let start = long(if last { i64::MIN } else { i64::MAX });
        query.is_bounded().then(|| Bound { last, value: general.code.variable(&start) })
    }

    fn take(&self, general: &mut General<'_, '_>, member: &Member) {
        general.code.when(&member.certain);
        let value = if self.last {
            general.max(&self.value, &member.value.low)
        } else {
            general.min(&self.value, &member.value.high)
        };
        general.code.set(&self.value, &value);
        general.code.end();
    }

    /// Narrows what was gathered.
    pub(super) fn narrow(&self, general: &mut General<'_, '_>, union: &Union) {
        let (end, held) = if self.last {
            (&union.low, general.max(&union.low, &self.value))
        } else {
            (&union.high, general.min(&union.high, &self.value))
        };
        general.code.set(end, &held);
    }
}

/// How many belong.
pub(crate) struct Nth {
    pub(crate) certain: Node,
    /// Of those at known times.
    certain_before: Node,
    pub(crate) possible: Node,
    could_be: Node,
}

/// The least and the greatest so far.
pub(crate) struct Ends {
    pub(crate) low: Node,
    pub(crate) high: Node,
    pub(crate) found: Node,
    /// An event certainly has a value; for `lowest` and `highest` what that says of the answer.
    pub(crate) certain: Node,
    pub(super) bound: Node,
    pub(crate) needs: Node,
}

/// What the alternatives of one event come to.
pub(super) struct OfEvent {
    pub(crate) least: Node,
    pub(crate) most: Node,
    pub(crate) some: Node,
    pub(crate) none: Node,
    /// Under one alternative it is certainly none.
    pub(super) hollow: Node,
    pub(crate) sure: Node,
    pub(super) present: Node,
    pub(crate) needs: Node,
}

impl OfEvent {
    fn new(general: &mut General<'_, '_>) -> OfEvent {
        let code = &mut *general.code;
        let mut flag = || code.local(Ty::I32);
        let (some, none, hollow, sure, present) = (flag(), flag(), flag(), flag(), flag());
        let mut number = || code.local(Ty::I64);
        OfEvent { least: number(), most: number(), needs: number(), some, none, hollow, sure, present }
    }

    fn start(&self, general: &mut General<'_, '_>) {
        general.code.set(&self.least, &long(i64::MAX));
        general.code.set(&self.most, &long(i64::MIN));
        general.code.set(&self.needs, &long(0));
        for part in [&self.some, &self.none, &self.hollow, &self.sure, &self.present] {
            general.code.set(part, &flag(false));
        }
    }

    fn take(&self, general: &mut General<'_, '_>, member: &Member, many: &Node) {
        let value = &member.value;
        let low = value.low.to(Ty::I64).bin(Bin::Mul, many).when(&value.some, &long(i64::MAX));
        let high = value.high.to(Ty::I64).bin(Bin::Mul, many).when(&value.some, &long(i64::MIN));
        let (least, most) = (general.min(&self.least, &low), general.max(&self.most, &high));
        general.code.set(&self.least, &least);
        general.code.set(&self.most, &most);
        let raised = [
            (&self.some, value.some.clone()),
            (&self.none, value.none.clone()),
            (&self.hollow, value.some.not()),
            (&self.sure, member.certain.clone()),
            (&self.present, flag(true)),
        ];
        for (part, raise) in raised {
            general.code.set(part, &part.either(&raise));
        }
        let needs = self.needs.bin(Bin::Or, &member.needs).bin(Bin::Or, &value.needs);
        general.code.set(&self.needs, &needs);
    }

    /// It certainly belongs and certainly has a value, if it has one at all.
    pub(crate) fn certain(&self, general: &mut General<'_, '_>) -> Node {
        general.code.share(&self.sure.both(&self.none.not()))
    }
}

impl Ends {
    fn new(general: &mut General<'_, '_>, lowest: bool) -> Ends {
        let code = &mut *general.code;
        Ends {
            low: code.variable(&long(i64::MAX)),
            high: code.variable(&long(i64::MIN)),
            found: code.variable(&flag(false)),
            certain: code.variable(&flag(false)),
            bound: code.variable(&long(if lowest { i64::MAX } else { i64::MIN })),
            needs: code.variable(&long(0)),
        }
    }

    pub(super) fn widen(&self, general: &mut General<'_, '_>, event: &OfEvent) {
        let (low, high) = (general.min(&self.low, &event.least), general.max(&self.high, &event.most));
        general.code.set(&self.low, &low);
        general.code.set(&self.high, &high);
        general.code.set(&self.found, &flag(true));
    }

    pub(crate) fn need(&self, general: &mut General<'_, '_>, event: &OfEvent) {
        general.code.set(&self.needs, &self.needs.bin(Bin::Or, &event.needs));
    }

    pub(crate) fn value(&self, general: &mut General<'_, '_>, low: Node, high: Node) -> Possible {
        let (some, none, needs) = (self.found.clone(), self.certain.not(), self.needs.clone());
        Possible { low, high, some, none, needs }.settled(general.code, Class::Range)
    }
}

impl Gathered {
    pub(crate) fn new<'p>(
        general: &mut General<'_, 'p>,
        query: &'p Query,
        shape: Shape,
        lists: Option<Lists>,
    ) -> Result<Gathered, EmitError> {
        let zero = |general: &mut General<'_, '_>| general.code.variable(&long(0));
        let no = |general: &mut General<'_, '_>| general.code.variable(&flag(false));
        Ok(match query.function {
            Function::First | Function::Last if general.context.repeats.keeps_nearest() => {
                Gathered::Kept(Kept::new(general, query, shape)?)
            }
            Function::First | Function::Last => Gathered::Nearest {
                last: query.function == Function::Last,
                renews: false,
                reach: general.code.variable(&long(if query.function == Function::Last { i64::MIN } else { i64::MAX })),
                union: Union::new(general.code, shape.or_none()),
                certain: no(general),
                stopped: no(general),
                bound: Bound::new(general, query),
            },
            Function::Nth(n) => {
                let nth = Nth {
                    certain: zero(general),
                    certain_before: zero(general),
                    possible: zero(general),
                    could_be: no(general),
                };
                Gathered::Nth { n: i64::from(n), union: Union::new(general.code, shape.or_none()), nth }
            }
            Function::Count => Gathered::Count { low: zero(general), high: zero(general), needs: zero(general) },
            Function::Any => Gathered::Any { certain: no(general), possible: no(general), needs: zero(general) },
            Function::Sum => Gathered::Sum {
                shape,
                low: zero(general),
                high: zero(general),
                needs: zero(general),
                event: OfEvent::new(general),
            },
            Function::Lowest | Function::Highest => {
                let lowest = query.function == Function::Lowest;
                Gathered::Ends { lowest, ends: Ends::new(general, lowest), event: OfEvent::new(general) }
            }
            Function::MedianDoubled => Gathered::Median(Median {
                lists: lists.ok_or(EmitError::NoEvent)?,
                count: general.code.variable(&int(0)),
                ends: Ends::new(general, false),
                all_certain: general.code.variable(&flag(true)),
                event: OfEvent::new(general),
            }),
        })
    }

    /// The same of a running query: of `first` or `last` one that certainly belongs may count instead of all that was gathered before it.
    pub(super) fn running<'p>(
        general: &mut General<'_, 'p>,
        query: &'p Query,
        shape: Shape,
        renews: bool,
    ) -> Result<Gathered, EmitError> {
        if matches!(query.function, Function::First | Function::Last) && general.context.repeats.keeps_nearest() {
            return Ok(Gathered::Kept(Kept::running(general, query, shape, renews)?));
        }
        let mut gathered = Gathered::new(general, query, shape, None)?;
        if let Gathered::Nearest { renews: may, .. } = &mut gathered {
            *may = renews;
        }
        Ok(gathered)
    }

    /// Before the alternatives of an event.
    pub(crate) fn start(&self, general: &mut General<'_, '_>, event: &FoundEvent, skip: Label) {
        let timed = &event.timed;
        match self {
            Gathered::Nearest { stopped, .. } => general.code.leave_when(skip, &timed.both(stopped)),
            Gathered::Kept(kept) => kept.leave_when_past(general, event, skip),
            Gathered::Shared { .. } => general.code.leave_when(skip, &timed.both(&NEAREST_STOPPED)),
            Gathered::Nth { n, nth, .. } => {
                let room = nth.certain_before.bin(Bin::LtS, &long(*n));
                let reached = nth.possible.bin(Bin::GeS, &long(n - 1));
                general.code.set(&nth.could_be, &room.both(&reached).either(&timed.not()));
            }
            Gathered::Sum { event, .. } | Gathered::Ends { event, .. } | Gathered::Median(Median { event, .. }) => {
                event.start(general);
            }
            Gathered::Count { .. } | Gathered::Any { .. } => {}
        }
    }

    /// Before an alternative of an event that stands somewhere in this part of the order: leaves it when the event comes after one that
    /// certainly belongs, whenever it came.
    pub(super) fn start_alternative(
        &self,
        general: &mut General<'_, '_>,
        step: &EventStep,
        order: &Possible,
        next: Label,
    ) {
        let (last, reach) = match self {
            Gathered::Nearest { last, reach, .. } => (last, reach),
            Gathered::Shared { last, .. } => (last, &NEAREST_REACH),
            _ => return,
        };
        let beyond = if *last { order.high.bin(Bin::LtS, reach) } else { order.low.bin(Bin::GtS, reach) };
        general.code.leave_when(next, &beyond.both(&step.event.timed.not()));
    }

    /// Before a member's value: whether a block was opened of what is done only when the value matters.
    pub(super) fn start_member(&self, general: &mut General<'_, '_>, step: &EventStep, belongs: &Possible) -> bool {
        let Gathered::Nth { union, nth, .. } = self else { return false };
        union.need(general.code, &belongs.needs);
        let certain = belongs.low.to(Ty::I64);
        let before = belongs.low.both(&step.event.timed).to(Ty::I64);
        general.code.set(&nth.certain, &nth.certain.add(&certain));
        general.code.set(&nth.certain_before, &nth.certain_before.add(&before));
        general.code.set(&nth.possible, &nth.possible.add(&step.more()));
        general.code.when(&nth.could_be);
        true
    }

    /// Takes one member in.
    pub(crate) fn take(&self, general: &mut General<'_, '_>, step: &EventStep, member: &Member) {
        match self {
            Gathered::Nearest { last, renews, union, certain, stopped, reach, bound } => {
                if *renews {
                    general.code.when(&step.event.timed.both(&member.certain));
                    union.clear(general.code);
                    general.code.set(certain, &flag(false));
                    general.code.end();
                }
                if let Some(order) = general.scopes.last().map(|event| event.order.clone()) {
                    let held = if *last { general.max(reach, &order.low) } else { general.min(reach, &order.high) };
                    general.code.set(reach, &held.when(&member.certain, reach));
                }
                if let Some(bound) = bound {
                    bound.take(general, member);
                }
                // What its time needs may be what its value needs.
                let value = Possible { needs: long(0), ..member.value.clone() };
                let time = general.scopes.last().is_some_and(|event| event.at.needs.is_same(&member.value.needs));
                let needs = if time { member.needs.clone() } else { member.needs.bin(Bin::Or, &member.value.needs) };
                union.join(general.code, &mut general.context.helpers, &value);
                union.need(general.code, &needs);
                general.code.set(certain, &certain.either(&member.certain));
                if !renews {
                    general.code.set(stopped, &stopped.either(&step.event.timed.both(&member.certain)));
                }
            }
            Gathered::Kept(kept) => kept.take(general, step, member),
            Gathered::Shared { time: true, .. } => nearest::take_time(general, &member.certain, &member.needs),
            Gathered::Shared { .. } => nearest::take_value(general, &member.certain, &member.needs, &member.value),
            Gathered::Nth { union, .. } => {
                union.join(general.code, &mut general.context.helpers, &member.value);
                union.need(general.code, &member.needs);
            }
            Gathered::Count { low, high, needs } => {
                general.code.set(low, &low.add(&member.certain.to(Ty::I64)));
                general.code.set(high, &high.add(&step.more()));
                general.code.set(needs, &needs.bin(Bin::Or, &member.belonging));
            }
            Gathered::Any { certain, possible, needs } => {
                general.code.set(certain, &certain.either(&member.certain));
                general.code.set(possible, &flag(true));
                general.code.set(needs, &needs.bin(Bin::Or, &member.belonging));
            }
            Gathered::Sum { event, .. } => event.take(general, member, &step.many()),
            Gathered::Ends { event, .. } | Gathered::Median(Median { event, .. }) => {
                event.take(general, member, &long(1))
            }
        }
    }
}
