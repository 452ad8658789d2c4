//! What a call of the batch entry needs: a fact, kind of event or parameter that no wanted output depends on may be missing, and a row is
//! complete all the same. What claims depend on is always needed, and where no output is wanted all of it is: such a host asks for what
//! comes out of incomplete rows.

use crate::abi::OUT_COLUMNS;
use crate::emit::assembler::{Bin, Code, EmitError, Node, POINTER, Ty, Width, count, int, long};
use crate::emit::walk::{Context, Dependence};

/// Bits of what is needed.
pub(super) struct Needed {
    pub(super) facts: Node,
    pub(super) kinds: Node,
    pub(super) parameters: Node,
    /// The facts that are needed whatever is wanted.
    always: u64,
}

/// One of the three.
struct Kind {
    all: u64,
    of: fn(&Dependence) -> u64,
}

impl Needed {
    /// Of the outputs whose pointers are not 0.
    pub(super) fn of(code: &mut Code, context: &mut Context<'_>, out: &Node) -> Result<Needed, EmitError> {
        let each: Vec<Dependence> =
            context.layout.outputs.iter().map(|output| context.dependence.cell(output.cell)).collect();
        let kinds = [
            Kind { all: context.reads.inputs, of: |of| of.facts },
            Kind { all: context.layout.kinds_used, of: |of| of.kinds },
            Kind { all: context.open_parameters()?, of: |of| of.parameters },
        ];
        let claims = context.dependence.claims;
        // Where each output needs all of a kind, there is nothing to find out.
        let is_open = |kind: &Kind| each.iter().any(|of| ((kind.of)(of) | (kind.of)(&claims)) & kind.all != kind.all);
        let places = kinds.each_ref().map(|kind| {
            if is_open(kind) {
                code.variable(&long(((kind.of)(&claims) & kind.all).cast_signed()))
            } else {
                long(kind.all.cast_signed())
            }
        });
        let mut open = Vec::new();
        for (kind, place) in kinds.iter().zip(&places).filter(|(kind, _)| is_open(kind)) {
            let width = Width::unsigned(bytes_for(kind.all));
            let masks = each
                .iter()
                .flat_map(|of| ((kind.of)(of) & kind.all).to_le_bytes().into_iter().take(usize::from(width.bytes)));
            let masks: Vec<u8> = masks.collect();
            open.push((kind, place, width, context.constant(&masks)?));
        }
        if !open.is_empty() {
            let (slot, any) = (code.variable(&int(0)), code.variable(&int(0)));
            let top = code.repeat();
            code.when(&out.add(&slot).load(POINTER, OUT_COLUMNS));
            for (_, place, width, masks) in &open {
                let mask = slot.bin(Bin::ShrU, &int(i64::from(3 - width.log2()))).load(*width, *masks);
                let more = place.bin(Bin::Or, &mask.to(Ty::I64));
                code.set(place, &more);
            }
            code.set(&any, &int(1));
            code.end();
            code.set(&slot, &slot.add(&int(8)));
            code.leave_when(top, &slot.bin(Bin::LtS, &count(8 * each.len())?));
            code.end();
            code.when(&any.not());
            open.iter().for_each(|(kind, place, ..)| code.set(place, &long(kind.all.cast_signed())));
            code.end();
        }
        let [facts, kinds, parameters] = places;
        let always = claims.facts | each.iter().fold(u64::MAX, |all, of| all & of.facts);
        Ok(Needed { facts, kinds, parameters, always })
    }

    /// Whether a fact is needed, where that is known only when the module runs.
    pub(super) fn fact(&self, number: u8) -> Option<Node> {
        if self.facts.constant().is_some() || self.always >> number & 1 == 1 {
            return None;
        }
        Some(self.facts.bin(Bin::ShrU, &long(i64::from(number))).to(Ty::I32).bin(Bin::And, &int(1)))
    }
}

/// The least bytes that hold a mask.
fn bytes_for(mask: u64) -> u8 {
    match mask {
        0..=0xFF => 1,
        0x100..=0xFFFF => 2,
        _ => 8,
    }
}
