//! Code with blocks as closures, for functions that read and write texts.

use crate::emit::assembler::{Bin, Code, EmitError, Label, Node, Width, int};
use crate::emit::entries::Entry;
use crate::emit::runtime::Helper;
use crate::emit::walk::Context;

use super::descriptors::{Kind, Tables};
use super::literals::literal;
use super::outputs::Outputs;
use super::routines::Routine;

/// Whether it could be written.
pub(super) type Written = Result<(), EmitError>;

/// A byte of a text.
pub(super) const BYTE: Width = Width::unsigned(1);
/// Two bytes.
pub(super) const HALF: Width = Width::unsigned(2);
/// Four bytes, or an address.
pub(super) const WORD: Width = Width::signed(4);

/// A function under construction.
pub(super) struct Body<'a, 'p> {
    pub(super) code: Code,
    pub(super) context: &'a mut Context<'p>,
    pub(super) tables: &'a Tables,
    pub(super) outputs: &'a Outputs,
    /// The entry for one case.
    pub(super) evaluate: Entry,
}

impl Body<'_, '_> {
    /// The parameters, as many as asked for.
    pub(super) fn parameters<const N: usize>(&self) -> [Node; N] {
        let mut numbers = 0..;
        // Numbers do not end.
        [(); N].map(|()| self.code.parameter(numbers.next().unwrap_or(0)))
    }

    /// A call of one of these functions, worked out where it stands.
    pub(super) fn call(&mut self, routine: Routine, operands: &[&Node]) -> Node {
        let call =
            self.context.helpers.call(Helper::Codec(routine.codec()), operands.iter().map(|o| (*o).clone()).collect());
        self.code.variable(&call)
    }

    /// The same, as a value that is used once, where nothing comes between.
    pub(super) fn of(&mut self, routine: Routine, operands: &[&Node]) -> Node {
        self.context.helpers.call(Helper::Codec(routine.codec()), operands.iter().map(|o| (*o).clone()).collect())
    }

    /// A call of one without result.
    pub(super) fn run(&mut self, routine: Routine, operands: &[&Node]) {
        let call = self.of(routine, operands);
        self.code.push(&call);
    }

    /// A call of a helper.
    pub(super) fn help(&mut self, helper: impl Into<Helper>, operands: &[&Node]) -> Node {
        let call = self.context.helpers.call(helper, operands.iter().map(|o| (*o).clone()).collect());
        self.code.variable(&call)
    }

    /// A text in the constant data.
    pub(super) fn literal(&mut self, text: &str) -> Result<Node, EmitError> {
        Ok(int(i64::from(literal(self.context, text)?)))
    }

    /// Writes a text.
    pub(super) fn put(&mut self, text: &str) -> Written {
        let literal = self.literal(text)?;
        self.run(Routine::Put, &[&literal]);
        Ok(())
    }

    pub(super) fn when(&mut self, condition: &Node, then: impl FnOnce(&mut Self) -> Written) -> Written {
        self.code.when(condition);
        then(self)?;
        self.code.end();
        Ok(())
    }

    /// The same, and nothing at all where it is known never to hold.
    pub(super) fn when_ever(&mut self, condition: &Node, then: impl FnOnce(&mut Self) -> Written) -> Written {
        if condition.is(0) { Ok(()) } else { self.when(condition, then) }
    }

    pub(super) fn either(
        &mut self,
        condition: &Node,
        then: impl FnOnce(&mut Self) -> Written,
        otherwise: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        self.code.when(condition);
        then(self)?;
        self.code.otherwise();
        otherwise(self)?;
        self.code.end();
        Ok(())
    }

    /// Again and again, until the first label is left for; the second goes on at once.
    pub(super) fn repeat(&mut self, each: impl FnOnce(&mut Self, Label, Label) -> Written) -> Written {
        let out = self.code.block();
        let top = self.code.repeat();
        each(self, out, top)?;
        self.code.leave(top);
        self.code.end();
        self.code.end();
        Ok(())
    }

    /// Once, and again as long as what comes out holds.
    pub(super) fn repeat_while(&mut self, each: impl FnOnce(&mut Self) -> Result<Node, EmitError>) -> Written {
        let top = self.code.repeat();
        let again = each(self)?;
        self.code.leave_when(top, &again);
        self.code.end();
        Ok(())
    }

    /// A part that can be left.
    pub(super) fn block(&mut self, part: impl FnOnce(&mut Self, Label) -> Written) -> Written {
        let out = self.code.block();
        part(self, out)?;
        self.code.end();
        Ok(())
    }

    /// Leaves the function where the condition holds.
    pub(super) fn finish_when(&mut self, condition: &Node, result: &Node) {
        self.code.when(condition);
        self.code.finish(result);
        self.code.end();
    }

    /// Leaves a function without result where the condition holds.
    pub(super) fn stop_when(&mut self, condition: &Node) {
        self.code.when(condition);
        self.code.stop();
        self.code.end();
    }

    pub(super) fn set(&mut self, place: &Node, value: &Node) {
        self.code.set(place, value);
    }

    /// Moves an address on.
    pub(super) fn advance(&mut self, at: &Node, by: i64) {
        self.code.set(at, &at.add(&Node::Const(at.ty(), by)));
    }

    pub(super) fn local(&mut self, value: &Node) -> Node {
        self.code.variable(value)
    }

    /// The byte at an address, read where it stands.
    pub(super) fn byte(&mut self, at: &Node, offset: u32) -> Node {
        self.code.variable(&at.load(BYTE, offset))
    }

    /// Moves past white space.
    pub(super) fn white(&mut self, at: &Node) {
        let after = self.of(Routine::White, &[at]);
        self.code.set(at, &after);
    }

    /// The kinds of value that are shown in words: those of answers and of reasons, and numbers where what belongs somewhere is said.
    pub(super) fn kinds_shown(&self) -> Vec<Kind> {
        let mut kinds = self.outputs.kinds.clone();
        kinds.extend(&self.outputs.kinds_of_reasons);
        if self.tables.kinds_read.contains(&Kind::Number) && !kinds.contains(&Kind::Number) {
            kinds.insert(0, Kind::Number);
        }
        kinds
    }

    /// Whether anything that is read has an order.
    pub(super) fn ordered(&self) -> bool {
        self.tables.kinds_read.iter().any(|kind| kind.is_ordered())
    }
}

/// Whether a value lies between two, ends included.
pub(super) fn within(value: &Node, low: i64, high: i64) -> Node {
    let (low, width) = (Node::Const(value.ty(), low), Node::Const(value.ty(), high.wrapping_sub(low)));
    value.sub(&low).bin(Bin::LeU, &width)
}

/// Whether a byte is this character.
pub(super) fn is(byte: &Node, character: u8) -> Node {
    byte.eq(&int(i64::from(character)))
}

/// The lesser.
pub(super) fn least(a: &Node, b: &Node) -> Node {
    a.when(&a.bin(Bin::LtS, b), b)
}

/// The greater.
pub(super) fn most(a: &Node, b: &Node) -> Node {
    a.when(&a.bin(Bin::GtS, b), b)
}
