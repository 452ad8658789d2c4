//! Pages are packed, each by itself. What comes out has the length that the page says, or it is damaged.

use crate::fault::Fault;
use crate::{lz4, snappy};
use flate2::read::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;
use std::borrow::Cow;
use std::io::Read;

/// No page is longer, unpacked, in bytes.
pub const LONGEST: usize = 256 << 20;

/// How pages are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    Plain,
    Snappy,
    Gzip,
    Zstd,
    Lz4,
}

impl Codec {
    /// The codec of a number, or what is not read.
    pub fn of(number: i64) -> Result<Codec, &'static str> {
        match number {
            0 => Ok(Codec::Plain),
            1 => Ok(Codec::Snappy),
            2 => Ok(Codec::Gzip),
            3 => Err("pages packed with LZO"),
            4 => Err("pages packed with Brotli"),
            5 => Err("pages packed with the LZ4 of Hadoop"),
            6 => Ok(Codec::Zstd),
            7 => Ok(Codec::Lz4),
            _ => Err("pages packed with an unknown codec"),
        }
    }

    /// Unpacks a page of a known length.
    pub fn unpack(self, bytes: &[u8], length: usize) -> Result<Cow<'_, [u8]>, Fault> {
        let unpacked = match self {
            Codec::Plain => Cow::Borrowed(bytes),
            _ if length == 0 => Cow::Borrowed([].as_slice()),
            Codec::Snappy => Cow::Owned(snappy::unpack(bytes, length)?),
            Codec::Lz4 => Cow::Owned(lz4::unpack(bytes, length)?),
            Codec::Gzip => Cow::Owned(all(MultiGzDecoder::new(bytes), length)?),
            Codec::Zstd => {
                let frame = StreamingDecoder::new(bytes).map_err(|_| Fault::Broken("a page is no frame of zstd"))?;
                Cow::Owned(all(frame, length)?)
            }
        };
        if unpacked.len() == length { Ok(unpacked) } else { Err(Fault::Broken("a page is not as long as it says")) }
    }
}

fn all(packed: impl Read, length: usize) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    // One more would show that it is too long.
    let read = packed.take(length as u64 + 1).read_to_end(&mut bytes);
    read.map(|_| bytes).map_err(|_| Fault::Broken("a page cannot be unpacked"))
}
