//! Why a file cannot be read.

use std::fmt;
use std::io;

/// Why a file cannot be read.
#[derive(Debug)]
pub enum Fault {
    /// The disk says so.
    Disk(io::Error),
    /// It is damaged, or no Parquet at all: what does not fit.
    Broken(&'static str),
    /// It is well made, and has something that is not read.
    NotRead(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Disk(error) => error.fmt(f),
            Fault::Broken(what) => write!(f, "the Parquet file is damaged: {what}"),
            Fault::NotRead(what) => write!(f, "the Parquet file has {what}, which is not read"),
        }
    }
}

impl std::error::Error for Fault {}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Fault {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Fault::Broken("it ends too early"),
            _ => Fault::Disk(error),
        }
    }
}
