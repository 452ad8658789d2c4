//! Lists of numbers in memory: search, sorting, the median.

use super::registry::Helpers;
use super::routines::Routine;
use crate::emit::assembler::{Bin, Code, Node, SLOT, Turns, Ty, Width, int, long};

/// Where numbers stand in memory, and how many they are.
pub(crate) struct List {
    pub(crate) address: Node,
    pub(crate) length: Node,
}

/// Where days stand in memory, four bytes each, and how many they are.
pub(crate) struct Days {
    pub(crate) address: Node,
    pub(crate) length: Node,
}

/// The bytes of a day there.
pub(crate) const DAY: Width = Width::signed(4);

fn entry(list: &Node, place: &Node) -> Node {
    list.add(&place.shl(SLOT.log2()))
}

/// See [`Routine::Below`].
pub(super) fn below(code: &mut Code, list: &Node, count: &Node, x: &Node) {
    let low = search(code, (list, count), x, SLOT);
    code.push(&low);
}

/// How many of a sorted list of numbers so wide are less than another.
pub(super) fn search(code: &mut Code, (list, count): (&Node, &Node), x: &Node, width: Width) -> Node {
    let low = code.variable(&int(0));
    let high = code.variable(count);
    let done = code.block();
    let top = code.repeat_for(Turns::Halvings);
    code.leave_when(done, &low.bin(Bin::GeS, &high));
    let middle = code.share(&low.add(&high).bin(Bin::ShrU, &int(1)));
    let value = list.add(&middle.shl(width.log2())).load(width, 0).to(Ty::I64);
    let less = code.share(&value.bin(Bin::LtS, x));
    code.set(&low, &middle.add(&int(1)).when(&less, &low));
    code.set(&high, &high.when(&less, &middle));
    code.leave(top);
    code.end();
    code.end();
    low
}

/// See [`Routine::Sort`]: heapsort, `count · log count` steps whatever the values.
pub(super) fn sort(code: &mut Code, list: &Node, count: &Node) {
    let start = code.variable(&count.bin(Bin::ShrU, &int(1)));
    let end = code.variable(count);
    let root = code.local(Ty::I32);
    let value = code.local(Ty::I64);
    let done = code.block();
    let top = code.repeat_for(Turns::Sorted);
    code.when(&start);
    code.set(&start, &start.sub(&int(1)));
    code.set(&value, &entry(list, &start).load(SLOT, 0));
    code.otherwise();
    code.set(&end, &end.sub(&int(1)));
    code.leave_when(done, &end.bin(Bin::LeS, &int(0)));
    code.set(&value, &entry(list, &end).load(SLOT, 0));
    code.store(&entry(list, &end), 0, &list.load(SLOT, 0), SLOT);
    code.end();
    code.set(&root, &start);
    sift(code, list, &root, &end, &value);
    code.store(&entry(list, &root), 0, &value, SLOT);
    code.leave(top);
    code.end();
    code.end();
    code.push(&int(0));
}

/// Moves the greater children up until `value` may stand at the root.
fn sift(code: &mut Code, list: &Node, root: &Node, end: &Node, value: &Node) {
    let child = code.local(Ty::I32);
    let found = code.block();
    let down = code.repeat_for(Turns::Halvings);
    code.set(&child, &root.shl(1).add(&int(1)));
    code.leave_when(found, &child.bin(Bin::GeS, end));
    code.when(&child.add(&int(1)).bin(Bin::LtS, end));
    let (left, right) = (entry(list, &child).load(SLOT, 0), entry(list, &child).load(SLOT, 8));
    code.set(&child, &child.add(&left.bin(Bin::LtS, &right)));
    code.end();
    let greater = code.share(&entry(list, &child).load(SLOT, 0));
    code.leave_when(found, &value.bin(Bin::GeS, &greater));
    code.store(&entry(list, root), 0, &greater, SLOT);
    code.set(root, &child);
    code.leave(down);
    code.end();
    code.end();
}

/// See [`Routine::Median`].
pub(crate) fn median(code: &mut Code, helpers: &mut Helpers, list: &Node, count: &Node) {
    code.when(&count.not());
    code.finish(&long(0));
    code.end();
    let sorted = helpers.call(Routine::Sort, vec![list.clone(), count.clone()]);
    code.share(&sorted);
    let upper = code.share(&entry(list, &count.bin(Bin::ShrU, &int(1))));
    let odd = count.bin(Bin::And, &int(1));
    let lower = code.share(&upper.when(&odd, &upper.sub(&int(8))));
    code.push(&upper.load(SLOT, 0).add(&lower.load(SLOT, 0)));
}
