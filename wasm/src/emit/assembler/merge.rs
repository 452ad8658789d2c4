//! Locals that are never needed at the same time are one local, above all where one is a copy of the other: the copy is then none. What is
//! set and not got later is not set.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::code::Code;
use super::instruction::Instruction as I;
use super::live::Live;
use super::locals::Locals;
use super::types::Ty;

/// Locals that are one: those, and those that they may not be one with.
struct Class {
    ty: Ty,
    members: Locals,
    apart: Locals,
    /// Whether one of them is a parameter, which stays where it is.
    fixed: bool,
}

impl Class {
    fn may_take(&self, other: &Class) -> bool {
        self.ty == other.ty && !(self.fixed && other.fixed) && !self.apart.meets(&other.members)
    }

    fn take(&mut self, other: &Class) {
        self.members.add(&other.members);
        self.apart.add(&other.apart);
        self.fixed |= other.fixed;
    }
}

impl Code {
    /// Makes locals one; whether anything is otherwise than it was.
    pub(super) fn merge(&mut self) -> bool {
        if !self.body.iter().any(|instruction| matches!(instruction, I::LocalSet(_) | I::LocalTee(_))) {
            return false;
        }
        let mut live = Live::of(&self.body, self.locals.len());
        let has_unread = self.drop_unread(&live);
        if has_unread {
            live = Live::of(&self.body, self.locals.len());
        }
        let (mut classes, copies) = self.classes(&live);
        let mut copies: Vec<((u32, u32), u32)> = copies.into_iter().collect();
        copies.sort_by_key(|(pair, count)| (Reverse(*count), *pair));
        for ((one, other), _) in copies {
            join(&mut classes, one, other);
        }
        let mut merged: Vec<Class> = Vec::new();
        for class in classes {
            match merged.iter_mut().find(|other| other.may_take(&class)) {
                Some(other) => other.take(&class),
                None => merged.push(class),
            }
        }
        let mut homes: Vec<u32> = (0..).take(self.locals.len()).collect();
        for class in merged {
            // A parameter has the least number of those that may be one with it.
            let Some(home) = class.members.all().next() else { continue };
            for member in class.members.all() {
                if let Some(place) = usize::try_from(member).ok().and_then(|member| homes.get_mut(member)) {
                    *place = home;
                }
            }
        }
        let is_same = (0..).zip(&homes).all(|(local, home)| local == *home);
        let before = self.body.len();
        self.rename(&homes);
        has_unread || !is_same || self.body.len() < before
    }

    /// Sets whose value nothing gets are none; whether there were any.
    fn drop_unread(&mut self, live: &Live) -> bool {
        let unread = |(place, instruction): (usize, &I)| match instruction {
            I::LocalSet(local) | I::LocalTee(local) => !live.is_next(place, *local),
            _ => false,
        };
        if !self.body.iter().enumerate().any(unread) {
            return false;
        }
        let body = self.take_body();
        for (place, instruction) in body.into_iter().enumerate() {
            match instruction {
                I::LocalSet(local) if !live.is_next(place, local) => {
                    self.body.push(instruction);
                    match self.expression_before(self.body.len() - 1) {
                        Some((start, _)) => self.body.truncate(start),
                        None => {
                            self.body.pop();
                            self.body.push(I::Drop);
                        }
                    }
                }
                I::LocalTee(local) if !live.is_next(place, local) => {}
                other => self.body.push(other),
            }
        }
        true
    }

    /// Each local by itself, with those that it may not be one with; and how often one is set to another.
    fn classes(&self, live: &Live) -> (Vec<Class>, BTreeMap<(u32, u32), u32>) {
        let count = self.locals.len();
        let alone = |(local, ty): (u32, &Ty)| {
            let mut members = Locals::none(count);
            members.insert(local);
            Class { ty: *ty, members, apart: Locals::none(count), fixed: local < self.parameters }
        };
        let mut classes: Vec<Class> = (0..).zip(&self.locals).map(alone).collect();
        let mut copies = BTreeMap::new();
        let mut keep_apart = |one: u32, other: u32| {
            for (one, other) in [(one, other), (other, one)] {
                if let Some(class) = usize::try_from(one).ok().and_then(|one| classes.get_mut(one)) {
                    class.apart.insert(other);
                }
            }
        };
        // What is 0 at first is not where a parameter is.
        for local in live.first.all().filter(|local| *local >= self.parameters) {
            (0..self.parameters).for_each(|parameter| keep_apart(local, parameter));
        }
        for (place, instruction) in self.body.iter().enumerate() {
            let (I::LocalSet(local) | I::LocalTee(local)) = instruction else { continue };
            let from = match place.checked_sub(1).and_then(|before| self.body.get(before)) {
                Some(I::LocalGet(from) | I::LocalTee(from)) if from != local => Some(*from),
                _ => None,
            };
            if let Some(from) = from {
                *copies.entry((from.min(*local), from.max(*local))).or_insert(0) += 1;
            }
            let later = live.next(place);
            later.filter(|other| other != local && Some(*other) != from).for_each(|other| keep_apart(*local, other));
        }
        (classes, copies)
    }

    /// Puts each local where another is; what is then set to itself is not set.
    fn rename(&mut self, homes: &[u32]) {
        let home =
            |local: u32| usize::try_from(local).ok().and_then(|local| homes.get(local)).copied().unwrap_or(local);
        for instruction in self.take_body() {
            let instruction = match instruction {
                I::LocalGet(local) => I::LocalGet(home(local)),
                I::LocalSet(local) => I::LocalSet(home(local)),
                I::LocalTee(local) => I::LocalTee(home(local)),
                other => other,
            };
            match (self.body.last(), &instruction) {
                (Some(I::LocalGet(one)), I::LocalSet(other)) if one == other => drop(self.body.pop()),
                (Some(I::LocalTee(one)), I::LocalSet(other)) if one == other => {
                    self.body.pop();
                    self.body.push(instruction);
                }
                (Some(I::LocalGet(one) | I::LocalTee(one)), I::LocalTee(other)) if one == other => {}
                _ => self.body.push(instruction),
            }
        }
    }
}

/// Makes the classes of two locals one, if they may be.
fn join(classes: &mut Vec<Class>, one: u32, other: u32) {
    let of = |local: u32| classes.iter().position(|class| class.members.contains(local));
    let (Some(one), Some(other)) = (of(one), of(other)) else { return };
    let (first, last) = (one.min(other), one.max(other));
    let may = classes.get(first).zip(classes.get(last)).is_some_and(|(one, other)| one.may_take(other));
    if first == last || !may {
        return;
    }
    let taken = classes.remove(last);
    if let Some(class) = classes.get_mut(first) {
        class.take(&taken);
    }
}
