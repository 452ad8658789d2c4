//! Thrift's compact protocol, as far as Parquet describes itself in it. What nobody asks for is passed over, and nothing is held of it.

use crate::fault::Fault;

/// So deep may descriptions nest.
const DEEPEST: usize = 24;

const TRUE: u8 = 1;
const FALSE: u8 = 2;
const LAST_INTEGER: u8 = 6;
const DOUBLE: u8 = 7;
const BYTES: u8 = 8;
const LIST: u8 = 9;
const SET: u8 = 10;
const MAP: u8 = 11;
const STRUCT: u8 = 12;

/// Text that is being read.
pub struct Thrift<'a> {
    rest: &'a [u8],
    depth: usize,
}

/// A field of a struct, or an element of a list: its number and what it is.
#[derive(Clone, Copy)]
pub struct Field {
    pub id: i64,
    kind: u8,
}

fn ends() -> Fault {
    Fault::Broken("its description ends too early")
}

fn other() -> Fault {
    Fault::Broken("its description has another shape")
}

impl<'a> Thrift<'a> {
    pub fn of(bytes: &'a [u8]) -> Thrift<'a> {
        Thrift { rest: bytes, depth: 0 }
    }

    /// Bytes that were not read.
    pub fn left(&self) -> usize {
        self.rest.len()
    }

    fn byte(&mut self) -> Result<u8, Fault> {
        let (first, rest) = self.rest.split_first().ok_or_else(ends)?;
        self.rest = rest;
        Ok(*first)
    }

    fn varint(&mut self) -> Result<u64, Fault> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Fault::Broken("a number in its description never ends"))
    }

    fn zigzag(&mut self) -> Result<i64, Fault> {
        let number = self.varint()?;
        Ok((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Fault> {
        let length = usize::try_from(length).map_err(|_| ends())?;
        let (own, rest) = self.rest.split_at_checked(length).ok_or_else(ends)?;
        self.rest = rest;
        Ok(own)
    }

    /// The fields of a struct, each of which is to be read or passed over.
    pub fn fields(&mut self, mut each: impl FnMut(&mut Self, Field) -> Result<(), Fault>) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Fault::Broken("its description nests too deep"));
        }
        let mut id: i64 = 0;
        loop {
            let head = self.byte()?;
            if head == 0 {
                self.depth -= 1;
                return Ok(());
            }
            id = match i64::from(head >> 4) {
                0 => self.zigzag()?,
                step => id.saturating_add(step),
            };
            each(self, Field { id, kind: head & 0x0f })?;
        }
    }

    /// A struct in a field; see [`Thrift::fields`].
    pub fn within(
        &mut self,
        field: Field,
        each: impl FnMut(&mut Self, Field) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        if field.kind == STRUCT { self.fields(each) } else { Err(other()) }
    }

    /// The elements of a list in a field.
    pub fn list(
        &mut self,
        field: Field,
        mut each: impl FnMut(&mut Self, Field) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        if !matches!(field.kind, LIST | SET) {
            return Err(other());
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Fault::Broken("its description nests too deep"));
        }
        let head = self.byte()?;
        let count = match u64::from(head >> 4) {
            15 => self.varint()?,
            count => count,
        };
        // No element is shorter than a byte.
        if count > self.rest.len() as u64 {
            return Err(ends());
        }
        for _ in 0..count {
            each(self, Field { id: 0, kind: head & 0x0f })?;
        }
        self.depth -= 1;
        Ok(())
    }

    pub fn number(&mut self, field: Field) -> Result<i64, Fault> {
        match field.kind {
            3 => Ok(self.byte()?.cast_signed().into()),
            kind if kind > FALSE && kind <= LAST_INTEGER => self.zigzag(),
            _ => Err(other()),
        }
    }

    pub fn yes(&mut self, field: Field) -> Result<bool, Fault> {
        match field.kind {
            TRUE => Ok(true),
            FALSE => Ok(false),
            _ => Err(other()),
        }
    }

    pub fn text(&mut self, field: Field) -> Result<String, Fault> {
        if field.kind != BYTES {
            return Err(other());
        }
        let length = self.varint()?;
        let bytes = self.take(length)?;
        std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| Fault::Broken("a name in it is no Unicode"))
    }

    /// Passes over a field.
    pub fn skip(&mut self, field: Field) -> Result<(), Fault> {
        match field.kind {
            TRUE | FALSE => Ok(()),
            3..=LAST_INTEGER => self.number(field).map(drop),
            DOUBLE => self.take(8).map(drop),
            BYTES => {
                let length = self.varint()?;
                self.take(length).map(drop)
            }
            // Yes and no take a byte each in a list.
            LIST | SET => self.list(field, |thrift, element| match element.kind {
                TRUE | FALSE => thrift.byte().map(drop),
                _ => thrift.skip(element),
            }),
            STRUCT => self.fields(Thrift::skip),
            MAP => self.skip_map(),
            _ => Err(other()),
        }
    }

    fn skip_map(&mut self) -> Result<(), Fault> {
        let count = self.varint()?;
        if count == 0 {
            return Ok(());
        }
        let kinds = self.byte()?;
        if count > self.rest.len() as u64 {
            return Err(ends());
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Fault::Broken("its description nests too deep"));
        }
        for kind in (0..count).flat_map(|_| [kinds >> 4, kinds & 0x0f]) {
            match kind {
                TRUE | FALSE => drop(self.byte()?),
                _ => self.skip(Field { id: 0, kind })?,
            }
        }
        self.depth -= 1;
        Ok(())
    }
}
