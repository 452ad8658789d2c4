//! Which parts of a function become functions of their own.
//!
//! From the inside out: what is in a block goes into groups until the block is small enough, then what is around it. A group is a
//! run of statements; it ends where the fewest locals are read on both sides.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::statements::Statement;
use crate::emit::assembler::instruction::Instruction as I;

/// What a call takes in place of a group, in bytes.
const CALL: usize = 8;

/// How large a function may become.
#[derive(Clone, Copy)]
pub(super) struct Size {
    pub(super) bytes: usize,
    pub(super) locals: usize,
}

impl Size {
    fn holds(self, bytes: usize, locals: usize) -> bool {
        bytes <= self.bytes && locals <= self.locals
    }
}

/// A run of statements, or a group that has become one call.
#[derive(Clone)]
struct Item {
    part: Range<usize>,
    bytes: usize,
    fixed: bool,
    locals: BTreeSet<u32>,
}

/// The regions of a function, none of which overlaps another in part.
pub(super) fn regions(body: &[I], statements: &[Statement], size: Size) -> Vec<Range<usize>> {
    let mut choice = Choice { body, size, found: Vec::new() };
    choice.shrink(statements, size.bytes);
    choice.found
}

struct Choice<'a> {
    body: &'a [I],
    size: Size,
    found: Vec<Range<usize>>,
}

impl Choice<'_> {
    /// Makes statements small enough; what is left of them.
    fn shrink(&mut self, statements: &[Statement], most: usize) -> Item {
        let size = Size { bytes: most, ..self.size };
        let part = span(statements.iter().map(|statement| statement.start..statement.end));
        if statements.iter().map(|statement| statement.bytes).sum::<usize>() <= size.bytes {
            let whole = self.sum(statements.iter().map(|statement| self.whole(statement)));
            if size.holds(whole.bytes, whole.locals.len()) {
                return Item { part, ..whole };
            }
        }
        let mut items: Vec<Item> = statements.iter().map(|statement| self.shrink_inside(statement)).collect();
        let mut before = (usize::MAX, usize::MAX);
        loop {
            let left = self.sum(items.iter().cloned());
            let now = (left.bytes, left.locals.len());
            if size.holds(now.0, now.1) || now >= before {
                return Item { part, ..left };
            }
            before = now;
            items = self.grouped(items, size);
        }
    }

    /// A statement as it is.
    fn whole(&self, statement: &Statement) -> Item {
        let part = statement.start..statement.end;
        let locals = self.locals(part.clone());
        Item { part, bytes: statement.bytes, fixed: statement.fixed, locals }
    }

    /// A statement, made small enough for a group where its blocks allow it.
    fn shrink_inside(&mut self, statement: &Statement) -> Item {
        let mut whole = self.whole(statement);
        if self.size.holds(whole.bytes, whole.locals.len()) || statement.bodies.is_empty() {
            return whole;
        }
        let bodies = &statement.bodies;
        let inside: usize = bodies.iter().flatten().map(|inner| inner.bytes).sum();
        let outside = statement.bytes.saturating_sub(inside);
        // Each block may keep its share of what a group holds.
        let share = self.size.bytes.saturating_sub(outside) / bodies.len().max(1);
        let left: Vec<Item> = bodies.iter().map(|body| self.shrink(body, share)).collect();
        whole.bytes = outside + left.iter().map(|item| item.bytes).sum::<usize>();
        let bodies: Vec<Range<usize>> = left.iter().map(|item| item.part.clone()).collect();
        whole.locals = left.into_iter().flat_map(|item| item.locals).collect();
        let own = whole.part.clone().filter(|place| !bodies.iter().any(|body| body.contains(place)));
        whole.locals.extend(own.filter_map(|place| self.body.get(place).and_then(local)));
        whole
    }

    fn locals(&self, part: Range<usize>) -> BTreeSet<u32> {
        self.body.get(part).into_iter().flatten().filter_map(local).collect()
    }

    fn sum(&self, items: impl Iterator<Item = Item>) -> Item {
        let mut sum = Item { part: 0..0, bytes: 0, fixed: false, locals: BTreeSet::new() };
        for item in items {
            sum.bytes += item.bytes;
            sum.fixed |= item.fixed;
            sum.locals.extend(item.locals);
        }
        sum
    }

    /// The same with groups in place of items, the largest first, until the rest is small enough.
    fn grouped(&mut self, items: Vec<Item>, size: Size) -> Vec<Item> {
        let groups = self.groups(&items);
        let mut order: Vec<usize> = (0..groups.len()).collect();
        let weight = |group: &Item| group.bytes.max(group.locals.len() * self.size.bytes / self.size.locals.max(1));
        // Each place is one of the groups.
        order.sort_by_key(|place| std::cmp::Reverse(groups.get(*place).map_or(0, |(_, group)| weight(group))));
        let mut taken = BTreeSet::new();
        let (mut bytes, mut uses) = (0, BTreeMap::new());
        for item in &items {
            bytes += item.bytes;
            item.locals.iter().for_each(|local| *uses.entry(*local).or_insert(0_usize) += 1);
        }
        for place in order {
            let Some((range, group)) = groups.get(place) else { continue };
            if size.holds(bytes, uses.len()) || group.fixed || group.bytes <= 2 * CALL {
                continue;
            }
            taken.insert(place);
            bytes = bytes + CALL - group.bytes.min(bytes);
            for item in items.get(range.clone()).into_iter().flatten() {
                for local in &item.locals {
                    if let Some(count) = uses.get_mut(local) {
                        *count -= 1;
                    }
                }
            }
            uses.retain(|_, count| *count > 0);
        }
        let mut left = Vec::new();
        for (place, (range, group)) in groups.into_iter().enumerate() {
            if taken.contains(&place) {
                self.found.push(group.part.clone());
                left.push(Item { bytes: CALL, locals: BTreeSet::new(), ..group });
            } else {
                left.extend(items.get(range).into_iter().flatten().cloned());
            }
        }
        left
    }

    /// Runs of items that fit in a function each, with their places; what is fixed stands alone.
    fn groups(&self, items: &[Item]) -> Vec<(Range<usize>, Item)> {
        let across = across(items);
        let mut groups = Vec::new();
        let mut first = 0;
        while first < items.len() {
            let end = self.end_of_group(items, first, &across);
            let members = items.get(first..end).into_iter().flatten();
            let part = span(members.clone().map(|item| item.part.clone()));
            groups.push((first..end, Item { part, ..self.sum(members.cloned()) }));
            first = end;
        }
        groups
    }

    /// Where the group that starts at an item ends: of the places in its second half that with the fewest locals on both sides.
    fn end_of_group(&self, items: &[Item], first: usize, across: &[usize]) -> usize {
        let (mut bytes, mut locals) = (0, BTreeSet::<u32>::new());
        let mut best = (first + 1, usize::MAX);
        for (place, item) in items.iter().enumerate().skip(first) {
            bytes += item.bytes;
            locals.extend(&item.locals);
            let alone = place == first;
            if !alone && (item.fixed || !self.size.holds(bytes, locals.len())) {
                return best.0;
            }
            let half = bytes * 2 >= self.size.bytes || locals.len() * 2 >= self.size.locals;
            let held = across.get(place).copied().filter(|_| half);
            if held.is_none_or(|held| held <= best.1) {
                best = (place + 1, held.unwrap_or(usize::MAX)); // before the half any later end is better
            }
            if alone && item.fixed {
                return best.0;
            }
        }
        items.len()
    }
}

/// From the first to the last.
fn span(parts: impl Iterator<Item = Range<usize>>) -> Range<usize> {
    parts.reduce(|all, part| all.start..part.end).unwrap_or(0..0) // nothing takes no room
}

/// How many locals are named both before and after the end of each item.
fn across(items: &[Item]) -> Vec<usize> {
    let mut ends: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
    for (place, item) in items.iter().enumerate() {
        for local in &item.locals {
            ends.entry(*local).or_insert((place, place)).1 = place;
        }
    }
    let mut across = vec![0; items.len()];
    for (first, last) in ends.into_values() {
        across.get_mut(first..last).into_iter().flatten().for_each(|count| *count += 1);
    }
    across
}

/// The local that an instruction speaks of.
pub(super) fn local(instruction: &I) -> Option<u32> {
    match instruction {
        I::LocalGet(local) | I::LocalSet(local) | I::LocalTee(local) => Some(*local),
        _ => None,
    }
}
