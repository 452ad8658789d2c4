//! Files packed with zstd: one frame or several after one another, each held against its checksum where it has one.

use super::counted::Counted;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::error::Error;
use std::io::{self, BufRead, BufReader, Read};

/// A file and the frame of it that is being unpacked.
pub(super) struct Frames {
    file: BufReader<Counted>,
    decoder: FrameDecoder,
    /// Whether there is one.
    begun: bool,
}

/// Why a frame cannot be unpacked: it is cut off, or otherwise damaged.
fn damaged(error: impl Error + 'static) -> io::Error {
    let (mut cause, mut ends): (Option<&(dyn Error + 'static)>, bool) = (Some(&error), false);
    while let Some(error) = cause {
        let at = error.downcast_ref::<io::Error>();
        ends |= at.is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof);
        cause = error.source();
    }
    corrupt(if ends { "the file ends in the midst of it" } else { "it is damaged" })
}

fn corrupt(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("what was packed with zstd cannot be unpacked: {why}"))
}

impl Frames {
    pub(super) fn of(file: Counted) -> Frames {
        let file = BufReader::with_capacity(256 * 1024, file);
        Frames { file, decoder: FrameDecoder::new(), begun: false }
    }

    /// The file itself.
    pub(super) fn file(&self) -> &Counted {
        self.file.get_ref()
    }

    /// The file itself, to be changed.
    pub(super) fn file_mut(&mut self) -> &mut Counted {
        self.file.get_mut()
    }

    /// The file, to be finished.
    pub(super) fn into_file(self) -> Counted {
        self.file.into_inner()
    }

    /// Goes on to the next frame; false at the end of the file.
    fn begin(&mut self) -> io::Result<bool> {
        while !self.file.fill_buf()?.is_empty() {
            match self.decoder.init(&mut self.file) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    io::copy(&mut self.file.by_ref().take(length.into()), &mut io::sink())?;
                }
                Err(error) => return Err(damaged(error)),
            }
        }
        Ok(false)
    }

    fn end(&self) -> io::Result<()> {
        let (said, found) = (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum());
        if said.is_some() && said != found { Err(corrupt("its checksum does not fit")) } else { Ok(()) }
    }
}

impl Read for Frames {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.begun {
                while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                    let more = self.decoder.decode_blocks(&mut self.file, BlockDecodingStrategy::UptoBlocks(1));
                    more.map_err(damaged)?;
                }
                let length = self.decoder.read(buffer)?;
                if length > 0 || buffer.is_empty() {
                    return Ok(length);
                }
                self.end()?;
            }
            self.begun = self.begin()?;
            if !self.begun {
                return Ok(0);
            }
        }
    }
}
