//! What is compared with 0, and conditions turned round, in the fewest bytes. It comes last, as other parts know what is written plainly.

use wasm_encoder::BlockType;

use super::branches::opposite;
use super::code::Code;
use super::instruction::Instruction as I;

impl Code {
    /// Writes conditions shorter.
    pub(super) fn conditions(&mut self) {
        let mut body: Vec<I> = Vec::with_capacity(self.body.len());
        for instruction in self.take_body() {
            let asks = matches!(instruction, I::If(_) | I::BrIf(_) | I::Select);
            if asks {
                asked(&mut body);
            }
            match (body.as_slice(), &instruction) {
                ([.., I::I64Const(0)], I::I64Eq) => of_zero(&mut body, &[I::I64Eqz]),
                ([.., I::I64Const(0)], I::I64Ne) => of_zero(&mut body, &[I::I64Eqz, I::I32Eqz]),
                ([.., I::I32Const(0)], I::I32Eq) => of_zero(&mut body, &[I::I32Eqz]),
                ([.., I::I32Const(0)], I::I32Ne) => of_zero(&mut body, &[I::I32Eqz, I::I32Eqz]),
                ([.., test, I::If(BlockType::Empty)], I::Else) => match opposite(test) {
                    Some(opposite) => {
                        body.truncate(body.len() - 2);
                        body.extend([opposite, I::If(BlockType::Empty)]);
                    }
                    None => body.push(instruction),
                },
                _ => body.push(instruction),
            }
        }
        self.body = body;
    }
}

/// Of what is only asked whether it is 0, that need not be made of its parts: a test times a number is none exactly where one of them is.
fn asked(body: &mut Vec<I>) {
    while matches!(body.as_slice(), [.., I::I32Eqz, I::I32Eqz]) {
        body.truncate(body.len() - 2);
    }
    if let [.., test, I::LocalGet(_) | I::GlobalGet(_), I::I32Eqz, I::I32Eqz, I::I32And] = body.as_slice()
        && (opposite(test).is_some() || matches!(test, I::I32Eqz | I::I64Eqz))
    {
        body.truncate(body.len() - 3);
        body.push(I::I32Mul);
    }
}

/// Puts a test in place of a 0 that something is compared with.
fn of_zero(body: &mut Vec<I>, test: &[I]) {
    body.pop();
    body.extend(test.iter().copied());
}
