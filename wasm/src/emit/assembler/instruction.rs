//! The instructions that code is written with: those of WebAssembly that are used, and small, as functions hold thousands of them that are
//! gone through many times.

use wasm_encoder::{BlockType, Encode, Ieee64, Instruction as Encoded, MemArg};

/// Defines instructions of the names that the encoder has for them: with nothing beside their name, and with something.
macro_rules! instructions {
    ($($plain:ident)* ; $($with:ident($of:ty))*) => {
        /// An instruction.
        #[derive(Clone, Copy, Debug)]
        pub(super) enum Instruction {
            $($plain,)*
            $($with($of),)*
            V128Const([u8; 16]),
        }

        impl PartialEq for Instruction {
            fn eq(&self, other: &Instruction) -> bool {
                match (self, other) {
                    $((Instruction::$plain, Instruction::$plain) => true,)*
                    $((Instruction::$with(one), Instruction::$with(other)) => one.is_same(other),)*
                    (Instruction::V128Const(one), Instruction::V128Const(other)) => one == other,
                    _ => false,
                }
            }
        }

        impl Encode for Instruction {
            fn encode(&self, sink: &mut Vec<u8>) {
                if let Some(bytes) = self.short() {
                    return sink.extend_from_slice(&bytes);
                }
                match *self {
                    $(Instruction::$plain => const { &Encoded::$plain }.encode(sink),)*
                    $(Instruction::$with(of) => Encoded::$with(of).encode(sink),)*
                    Instruction::V128Const(bytes) => Encoded::V128Const(i128::from_le_bytes(bytes)).encode(sink),
                }
            }
        }
    };
}

instructions! {
    Drop Else End Return Select
    I32Add I32And I32Clz I32Ctz I32DivS I32Eq I32Eqz I32GeS I32GtS I32GtU I32LeS I32LeU I32LtS I32Mul I32Ne I32Or
    I32Popcnt I32Shl I32ShrS I32ShrU I32Sub I32WrapI64 I32Xor
    I64Add I64And I64Clz I64Ctz I64DivS I64Eq I64Eqz I64ExtendI32S I64GeS I64GtS I64GtU I64LeS I64LeU I64LtS I64Mul
    I64Ne I64Or I64Popcnt I64ReinterpretF64 I64Shl I64ShrS I64ShrU I64Sub I64TruncF64S I64Xor
    F64Abs F64Add F64ConvertI64S F64Div F64Eq F64Floor F64Lt F64Mul F64Nearest F64ReinterpretI64 F64Sqrt F64Sub
    I8x16Add I8x16Bitmask I8x16Eq I8x16GtS I8x16MaxS I8x16MinS I8x16NarrowI16x8S I8x16Splat I8x16Sub I8x16Swizzle
    I16x8Add I16x8Eq I16x8ExtendHighI8x16S I16x8ExtendLowI8x16S I16x8GtS I16x8MaxS I16x8MinS I16x8Mul
    I16x8NarrowI32x4S I16x8Splat I16x8Sub I16x8SubSatS
    I32x4Add I32x4Eq I32x4ExtendHighI16x8S I32x4ExtendLowI16x8S I32x4GtS I32x4MaxS I32x4MinS I32x4Mul I32x4Splat
    I32x4Sub
    I64x2Add I64x2Eq I64x2ExtendHighI32x4S I64x2ExtendLowI32x4S I64x2GtS I64x2Mul I64x2Splat I64x2Sub
    V128And V128Bitselect V128Not V128Or
    ;
    Block(BlockType) Loop(BlockType) If(BlockType) Br(u32) BrIf(u32) Call(u32) LocalGet(u32) LocalSet(u32)
    LocalTee(u32) GlobalGet(u32) GlobalSet(u32) MemorySize(u32) MemoryGrow(u32) I32Const(i32) I64Const(i64)
    F64Const(Ieee64) I8x16Shuffle([u8; 16])
    F64Load(MemArg) F64Store(MemArg) I32Load(MemArg) I32Load16S(MemArg) I32Load16U(MemArg) I32Load8S(MemArg)
    I32Load8U(MemArg) I32Store(MemArg) I32Store16(MemArg) I32Store8(MemArg) I64Load(MemArg) I64Load16S(MemArg)
    I64Load16U(MemArg) I64Load32S(MemArg) I64Load8S(MemArg) I64Load8U(MemArg) I64Store(MemArg) I64Store16(MemArg)
    I64Store32(MemArg) I64Store8(MemArg) V128Load(MemArg) V128Store(MemArg)
}

/// Two of what stands beside the names of instructions, of which the encoder's own cannot be compared.
trait Same {
    fn is_same(&self, other: &Self) -> bool;
}

/// What can be compared.
macro_rules! same {
    ($($of:ty)*) => {
        $(impl Same for $of {
            fn is_same(&self, other: &$of) -> bool {
                self == other
            }
        })*
    };
}

same! { u32 i32 i64 Ieee64 [u8; 16] }

impl Same for MemArg {
    fn is_same(&self, other: &MemArg) -> bool {
        let MemArg { offset, align, memory_index } = *self;
        (offset, align, memory_index) == (other.offset, other.align, other.memory_index)
    }
}

impl Same for BlockType {
    fn is_same(&self, other: &BlockType) -> bool {
        match (self, other) {
            (BlockType::Empty, BlockType::Empty) => true,
            (BlockType::Result(one), BlockType::Result(other)) => one == other,
            (BlockType::FunctionType(one), BlockType::FunctionType(other)) => one == other,
            _ => false,
        }
    }
}

impl Instruction {
    /// The bytes of those that are most of any function, of numbers that take one byte.
    fn short(self) -> Option<[u8; 2]> {
        let (code, number) = match self {
            Instruction::Br(depth) => (0x0C, depth),
            Instruction::BrIf(depth) => (0x0D, depth),
            Instruction::Call(function) => (0x10, function),
            Instruction::LocalGet(local) => (0x20, local),
            Instruction::LocalSet(local) => (0x21, local),
            Instruction::LocalTee(local) => (0x22, local),
            Instruction::GlobalGet(global) => (0x23, global),
            Instruction::GlobalSet(global) => (0x24, global),
            _ => return None,
        };
        u8::try_from(number).ok().filter(|number| *number < 0x80).map(|number| [code, number])
    }
}
