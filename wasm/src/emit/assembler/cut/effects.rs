//! What an instruction takes from the stack and leaves there, and how many bytes it is.

use wasm_encoder::Encode;

use crate::emit::assembler::error::EmitError;
use crate::emit::assembler::instruction::Instruction as I;
use crate::emit::assembler::numbers::at;
use crate::emit::assembler::types::Ty;
use crate::emit::assembler::vector;

/// The parameters and the result of a function.
pub(in crate::emit::assembler) type Shape = (Vec<Ty>, Option<Ty>);

/// The types of what instructions speak of by number.
pub(in crate::emit::assembler) struct Types<'a> {
    /// The parameters and the result of each function of the module.
    pub(in crate::emit::assembler) functions: &'a [Shape],
    /// The globals.
    pub(in crate::emit::assembler) globals: &'a [Ty],
    /// The locals of the function.
    pub(in crate::emit::assembler) locals: &'a [Ty],
}

fn there<T>(of: &[T], number: u32) -> Result<&T, EmitError> {
    at(of, number).ok_or_else(|| EmitError::Invalid(format!("no place {number}")))
}

impl Types<'_> {
    /// Does to a stack of types what the instruction does to that of values.
    pub(in crate::emit::assembler) fn step(&self, instruction: &I, stack: &mut Vec<Ty>) -> Result<(), EmitError> {
        let (takes, leaves) = self.effect(instruction, stack)?;
        let left = stack.len().checked_sub(takes);
        stack.truncate(left.ok_or_else(|| EmitError::Invalid(format!("{instruction:?} finds too few values")))?);
        stack.extend(leaves);
        Ok(())
    }

    fn effect(&self, instruction: &I, stack: &[Ty]) -> Result<(usize, Option<Ty>), EmitError> {
        let top = || stack.last().copied();
        Ok(match instruction {
            I::LocalGet(index) => (0, Some(*there(self.locals, *index)?)),
            I::GlobalGet(index) => (0, Some(*there(self.globals, *index)?)),
            I::LocalTee(_) => (1, top()),
            I::Call(index) => {
                let (parameters, result) = there(self.functions, *index)?;
                (parameters.len(), *result)
            }
            I::Return => (stack.len().min(1), None),
            I::LocalSet(_) | I::GlobalSet(_) | I::Drop | I::If(_) | I::BrIf(_) => (1, None),
            I::Block(_) | I::Loop(_) | I::Else | I::End | I::Br(_) => (0, None),
            I::Select => (3, stack.iter().rev().nth(2).copied()),
            other => plain(other).ok_or_else(|| EmitError::Invalid(format!("{other:?} is not an instruction used")))?,
        })
    }
}

/// Instructions whose types are their own.
pub(in crate::emit::assembler) fn plain(instruction: &I) -> Option<(usize, Option<Ty>)> {
    whole(instruction).or_else(|| real(instruction)).or_else(|| vector::effect(instruction))
}

fn whole(instruction: &I) -> Option<(usize, Option<Ty>)> {
    Some(match instruction {
        I::I32Const(_) | I::MemorySize(_) => (0, Some(Ty::I32)),
        I::I64Const(_) => (0, Some(Ty::I64)),
        I::I32Eqz | I::I64Eqz | I::I32WrapI64 | I::I32Ctz | I::I32Clz | I::I32Popcnt => (1, Some(Ty::I32)),
        I::I32Load(_) | I::I32Load8S(_) | I::I32Load8U(_) | I::I32Load16S(_) | I::I32Load16U(_) => (1, Some(Ty::I32)),
        I::I64Load(_) | I::I64ExtendI32S | I::I64Ctz | I::I64Clz | I::I64Popcnt => (1, Some(Ty::I64)),
        I::I64Load8S(_) | I::I64Load8U(_) | I::I64Load16S(_) | I::I64Load16U(_) | I::I64Load32S(_) => {
            (1, Some(Ty::I64))
        }
        I::I32Store(_) | I::I32Store8(_) | I::I32Store16(_) => (2, None),
        I::I64Store(_) | I::I64Store8(_) | I::I64Store16(_) | I::I64Store32(_) => (2, None),
        I::I32Add | I::I32Sub | I::I32Mul | I::I32DivS | I::I32And | I::I32Or | I::I32Xor => (2, Some(Ty::I32)),
        I::I32Shl | I::I32ShrU | I::I32ShrS | I::I32Eq | I::I32Ne => (2, Some(Ty::I32)),
        I::I32LtS | I::I32LeS | I::I32GtS | I::I32GeS | I::I32LeU | I::I32GtU => (2, Some(Ty::I32)),
        I::I64Eq | I::I64Ne | I::I64LtS | I::I64LeS | I::I64GtS | I::I64GeS => (2, Some(Ty::I32)),
        I::I64LeU | I::I64GtU => (2, Some(Ty::I32)),
        I::I64Add | I::I64Sub | I::I64Mul | I::I64DivS | I::I64And | I::I64Or | I::I64Xor => (2, Some(Ty::I64)),
        I::I64Shl | I::I64ShrU | I::I64ShrS => (2, Some(Ty::I64)),
        _ => return None,
    })
}

fn real(instruction: &I) -> Option<(usize, Option<Ty>)> {
    Some(match instruction {
        I::F64Const(_) => (0, Some(Ty::F64)),
        I::F64Add | I::F64Sub | I::F64Mul | I::F64Div => (2, Some(Ty::F64)),
        I::F64Sqrt | I::F64Abs | I::F64Floor | I::F64Nearest => (1, Some(Ty::F64)),
        I::F64ReinterpretI64 | I::F64ConvertI64S | I::F64Load(_) => (1, Some(Ty::F64)),
        I::F64Lt | I::F64Eq => (2, Some(Ty::I32)),
        I::I64ReinterpretF64 | I::I64TruncF64S => (1, Some(Ty::I64)),
        I::F64Store(_) => (2, None),
        _ => return None,
    })
}

/// The bytes of an instruction.
pub(super) fn bytes_of(instruction: &I) -> usize {
    let mut bytes = Vec::new();
    instruction.encode(&mut bytes);
    bytes.len()
}
