//! A function's instructions as statements: the shortest runs that leave the stack as they found it. Blocks have statements inside.

use super::effects::{Types, bytes_of};
use crate::emit::assembler::error::EmitError;
use crate::emit::assembler::instruction::Instruction as I;
use crate::emit::assembler::types::Ty;

/// A run of instructions from one place to before another.
pub(super) struct Statement {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) bytes: usize,
    /// Whether it has to stay in the function: it returns, or is the result.
    pub(super) fixed: bool,
    /// The statements inside each block that it opens.
    pub(super) bodies: Vec<Vec<Statement>>,
}

/// The statements of a function.
pub(super) fn statements(body: &[I], types: &Types<'_>) -> Result<Vec<Statement>, EmitError> {
    let mut parser = Parser { body, types, place: 0, stack: Vec::new() };
    parser.block()
}

struct Parser<'a> {
    body: &'a [I],
    types: &'a Types<'a>,
    place: usize,
    stack: Vec<Ty>,
}

impl Parser<'_> {
    /// Up to the `else` or `end` of this block, or to the end of all.
    fn block(&mut self) -> Result<Vec<Statement>, EmitError> {
        let base = self.stack.len();
        let mut found = Vec::new();
        loop {
            let statement = self.statement(base)?;
            let goes_on = statement.end > statement.start;
            if goes_on {
                found.push(statement);
            } else {
                self.stack.truncate(base);
                return Ok(found);
            }
        }
    }

    /// The next statement; an empty one where there is none.
    fn statement(&mut self, base: usize) -> Result<Statement, EmitError> {
        let start = self.place;
        let mut statement = Statement { start, end: start, bytes: 0, fixed: false, bodies: Vec::new() };
        while let Some(instruction) = self.body.get(self.place) {
            if matches!(instruction, I::Else | I::End) {
                break;
            }
            statement.bytes += bytes_of(instruction);
            statement.fixed |= matches!(instruction, I::Return);
            self.types.step(instruction, &mut self.stack)?;
            self.place += 1;
            if matches!(instruction, I::Block(_) | I::Loop(_) | I::If(_)) {
                self.inside(&mut statement)?;
            }
            if self.stack.len() <= base {
                break;
            }
        }
        statement.end = self.place;
        statement.fixed |= self.stack.len() > base;
        Ok(statement)
    }

    /// The bodies of a block that was just opened, and its end.
    fn inside(&mut self, statement: &mut Statement) -> Result<(), EmitError> {
        loop {
            let body = self.block()?;
            statement.bytes += 1 + body.iter().map(|inner| inner.bytes).sum::<usize>();
            statement.fixed |= body.iter().any(|inner| inner.fixed);
            statement.bodies.push(body);
            let closing = self.body.get(self.place);
            self.place += 1;
            match closing {
                Some(I::Else) => {}
                Some(_) => return Ok(()),
                None => return Err(EmitError::Invalid("a block without an end".to_owned())),
            }
        }
    }
}
