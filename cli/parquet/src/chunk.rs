//! The values of a column in a group of rows, page by page.

use crate::codec::Codec;
use crate::fault::Fault;
use crate::footer::ChunkAt;
use crate::leaf::Column;
use crate::page::{At, DATA, DATA_2, DICTIONARY, Header, Page};
use crate::texts::{Cell, Texts};
use crate::thrift::Thrift;
use crate::values::{Values, plain};
use std::io::{Read, Seek, SeekFrom};

/// What stands before a page is seldom longer, and never than the second.
const USUAL_HEADER: u64 = 4 << 10;
const LONGEST_HEADER: u64 = 16 << 20;

/// The values of a column, being read.
pub struct Chunk {
    column: Column,
    codec: Codec,
    at: u64,
    end: u64,
    dictionary: Texts,
    page: Page,
    here: At,
    buffer: Vec<u8>,
}

impl Chunk {
    pub fn of(column: &Column, chunk: &ChunkAt) -> Result<Chunk, Fault> {
        let codec = chunk.codec.map_err(|what| Fault::NotRead(what.to_owned()))?;
        Ok(Chunk {
            column: column.clone(),
            codec,
            at: chunk.start,
            end: chunk.start.saturating_add(chunk.length),
            dictionary: Texts::default(),
            page: Page::empty(),
            here: At::Nowhere,
            buffer: Vec::new(),
        })
    }

    /// Goes on to the next row's value.
    pub fn next(&mut self, file: &mut (impl Read + Seek)) -> Result<(), Fault> {
        loop {
            if let Some(here) = self.page.next() {
                self.here = here;
                let known = |place: usize| place < self.dictionary.len();
                let fits = !matches!(here, At::Dictionary(place) if !known(place));
                return if fits { Ok(()) } else { Err(Fault::Broken("a value is in no dictionary")) };
            }
            self.read_page(file)?;
        }
    }

    /// Whether all its values were handed out.
    pub fn is_over(&mut self, file: &mut (impl Read + Seek)) -> Result<bool, Fault> {
        while self.at < self.end {
            self.read_page(file)?;
            if self.page.next().is_some() {
                return Ok(false);
            }
        }
        Ok(self.page.next().is_none())
    }

    /// The value that was gone to.
    pub fn cell(&self) -> Cell<'_> {
        match (self.here, self.page.values()) {
            (At::Page(place), Values::Own(texts)) => texts.get(place),
            (At::Dictionary(place), _) => self.dictionary.get(place),
            _ => Cell::Missing,
        }
    }

    fn bytes(&mut self, file: &mut (impl Read + Seek), length: u64) -> Result<(), Fault> {
        file.seek(SeekFrom::Start(self.at))?;
        self.buffer.clear();
        file.by_ref().take(length).read_to_end(&mut self.buffer)?;
        Ok(())
    }

    fn header(&mut self, file: &mut (impl Read + Seek)) -> Result<Header, Fault> {
        let left = self.end.saturating_sub(self.at);
        if left == 0 {
            return Err(Fault::Broken("a column has fewer values than there are rows"));
        }
        let mut length = USUAL_HEADER;
        loop {
            self.bytes(file, length.min(left))?;
            let mut thrift = Thrift::of(&self.buffer);
            match Header::read(&mut thrift) {
                Ok(header) => {
                    self.at += (self.buffer.len() - thrift.left()) as u64;
                    return Ok(header);
                }
                // It may go on after what was read.
                Err(_) if length < left.min(LONGEST_HEADER) => length = length.saturating_mul(16),
                Err(fault) => return Err(fault),
            }
        }
    }

    fn read_page(&mut self, file: &mut (impl Read + Seek)) -> Result<(), Fault> {
        let header = self.header(file)?;
        let length = header.packed as u64;
        if length > self.end.saturating_sub(self.at) {
            return Err(Fault::Broken("a page is longer than its column"));
        }
        if matches!(header.kind, DATA | DATA_2 | DICTIONARY) {
            self.bytes(file, length)?;
            if self.buffer.len() != header.packed {
                return Err(Fault::Broken("it ends too early"));
            }
            header.check(&self.buffer)?;
        }
        self.at += length;
        match header.kind {
            DATA | DATA_2 => self.page = Page::read(&header, &self.column, self.codec, &self.buffer)?,
            DICTIONARY => {
                let unpacked = self.codec.unpack(&self.buffer, header.length)?;
                self.dictionary.clear();
                plain(&self.column, &unpacked, header.count, &mut self.dictionary)?;
            }
            // Others are for looking things up.
            _ => {}
        }
        Ok(())
    }
}
