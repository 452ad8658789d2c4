//! Where the locals of a function live once it is cut: in the one function that names them, or in memory, where every part finds them.

use std::collections::BTreeMap;
use std::ops::Range;

use super::assigned::Flow;
use super::regions::local;
use crate::emit::assembler::error::EmitError;
use crate::emit::assembler::instruction::Instruction as I;
use crate::emit::assembler::types::Ty;

/// A part of a function.
pub(super) struct Part {
    pub(super) range: Range<usize>,
    /// The parts inside it, in order.
    pub(super) inside: Vec<usize>,
    pub(super) flow: Flow,
}

/// What a part does with a local.
#[derive(Clone, Copy, Default)]
struct Use {
    reads: bool,
    writes: bool,
}

/// See the module.
pub(super) struct Homes {
    /// Of each local that has one, its address.
    addresses: BTreeMap<u32, u32>,
    uses: BTreeMap<u32, BTreeMap<usize, Use>>,
    /// The address after the last.
    pub(super) end: u32,
}

/// The parts: the whole function first, then its regions, each after that around it.
pub(super) fn parts(body: &[I], regions: Vec<Range<usize>>, locals: usize) -> Vec<Part> {
    let mut ranges = regions;
    ranges.push(0..body.len());
    ranges.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    let mut parts: Vec<Part> = Vec::new();
    let mut around: Vec<usize> = Vec::new();
    for range in ranges {
        while around.last().and_then(|last| parts.get(*last)).is_some_and(|last| last.range.end <= range.start) {
            around.pop();
        }
        let number = parts.len();
        if let Some(outer) = around.last().and_then(|last| parts.get_mut(*last)) {
            outer.inside.push(number);
        }
        around.push(number);
        let flow = Flow::of(body, range.clone(), locals);
        parts.push(Part { range, inside: Vec::new(), flow });
    }
    parts
}

/// The part to which each instruction belongs: the innermost.
fn owners(parts: &[Part], length: usize) -> Vec<usize> {
    let mut owners = vec![0; length];
    for (number, part) in parts.iter().enumerate() {
        owners.get_mut(part.range.clone()).into_iter().flatten().for_each(|owner| *owner = number);
    }
    owners
}

impl Homes {
    /// Homes from an address on.
    pub(super) fn of(body: &[I], parts: &[Part], types: &[Ty], from: u32) -> Result<Homes, EmitError> {
        let mut uses: BTreeMap<u32, BTreeMap<usize, Use>> = BTreeMap::new();
        for (instruction, owner) in body.iter().zip(owners(parts, body.len())) {
            let Some(local) = local(instruction) else { continue };
            let of = uses.entry(local).or_default().entry(owner).or_default();
            of.reads |= matches!(instruction, I::LocalGet(_));
            of.writes |= !matches!(instruction, I::LocalGet(_));
        }
        let shared = uses.iter().filter(|(local, uses)| {
            // What a part finds where it left it when it was last called is not its own either.
            let returns = |number: &usize| *number > 0 && exposed(parts, *number, **local);
            uses.len() > 1 || uses.keys().any(returns)
        });
        let (mut addresses, mut end) = (BTreeMap::new(), from);
        for (local, _) in shared {
            let ty = usize::try_from(*local).ok().and_then(|local| types.get(local));
            let ty = ty.ok_or(EmitError::Invalid(format!("no local {local}")))?;
            addresses.insert(*local, end);
            end = end.checked_add(ty.home()).ok_or(EmitError::TooLarge("more is worked out than fits in memory"))?;
        }
        Ok(Homes { addresses, uses, end })
    }

    /// Where a local lives in memory, if it does.
    pub(super) fn address(&self, local: u32) -> Option<u32> {
        self.addresses.get(&local).copied()
    }

    /// The locals that live in memory.
    pub(super) fn all(&self) -> impl Iterator<Item = (u32, u32)> {
        self.addresses.iter().map(|(local, address)| (*local, *address))
    }

    /// Whether any part writes a local.
    pub(super) fn is_written(&self, local: u32) -> bool {
        self.uses.get(&local).is_some_and(|uses| uses.values().any(|of| of.writes))
    }

    /// The locals in memory that a part without parts inside keeps in locals of its own: each with its address, whether it is read
    /// from there at first, and whether it is written there in the end.
    pub(super) fn copies(&self, parts: &[Part], number: usize) -> Vec<Copy> {
        let Some(part) = parts.get(number) else { return Vec::new() };
        let mut copies = Vec::new();
        for (local, address) in self.all() {
            let Some(uses) = self.uses.get(&local) else { continue };
            let Some(own) = uses.get(&number) else { continue };
            let exposed = part.flow.exposed.contains(local);
            let read = uses.iter().any(|(other, of)| *other != number && of.reads);
            let leaves = own.writes && (read || exposed);
            let finds = exposed || (leaves && !part.flow.at_exit.contains(local));
            copies.push(Copy { local, address, finds, leaves });
        }
        copies
    }
}

/// See [`Homes::copies`].
pub(super) struct Copy {
    pub(super) local: u32,
    pub(super) address: u32,
    pub(super) finds: bool,
    pub(super) leaves: bool,
}

fn exposed(parts: &[Part], number: usize, local: u32) -> bool {
    parts.get(number).is_some_and(|part| part.flow.exposed.contains(local))
}
