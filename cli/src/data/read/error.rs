//! Why an export cannot be read at all; single rows and values are refused one by one instead.

use crate::data::mapping::MappingError;
use crate::exit::Exit;
use std::fmt;

/// Why an export cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// A file cannot be opened or read.
    File(String, String),
    /// The file's header does not have what the mapping names.
    Columns(String, Vec<String>),
    /// A quote is opened in a line, and either never closed or closed in the midst of a text in another line.
    Quotes(String, u64, Option<u64>),
    /// A file of a form that is not read.
    Form(String, &'static str),
    /// XML, where the mapping says another form.
    Xml(String),
    /// A Parquet file, where the mapping says another form.
    Parquet(String),
    /// A file of the form that the mapping says is damaged, or has something that is not read.
    Damaged(String, String),
    /// A file in UTF-16, where the mapping says another encoding.
    Wide(String),
    /// Two files are the same, byte by byte.
    Twice(String, String),
    /// A file that only this run needs cannot be written or read: the disk may be full.
    Scratch(String, String),
    /// The mapping is wrong.
    Mapping(String, Vec<MappingError>),
    /// The mapping's script reached a limit in many rows, at last in this line.
    Script(String, u64, u64),
    /// An internal error: the counts do not add up.
    Unbalanced(String),
}

impl ReadError {
    /// How a command ends that meets it.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            ReadError::File(..) => Exit::Usage,
            ReadError::Unbalanced(_) => Exit::Internal,
            ReadError::Scratch(..) => Exit::Limit,
            ReadError::Columns(..)
            | ReadError::Quotes(..)
            | ReadError::Form(..)
            | ReadError::Wide(_)
            | ReadError::Parquet(_)
            | ReadError::Damaged(..)
            | ReadError::Xml(_)
            | ReadError::Twice(..)
            | ReadError::Mapping(..)
            | ReadError::Script(..) => Exit::Data,
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::File(name, why) => write!(f, "cannot read `{name}`: {why}"),
            ReadError::Columns(name, faults) => {
                write!(f, "`{name}` does not fit the mapping: {}", faults.join("; "))
            }
            ReadError::Quotes(name, opened, closed) => {
                write!(f, "`{name}`: line {opened}: a quote is opened here, and ")?;
                match closed {
                    None => f.write_str("not closed before the file ends")?,
                    Some(line) => write!(f, "text follows the quote that closes it in line {line}")?,
                }
                f.write_str("; nothing is read, as all between would be one text (where quotes are part of the texts, name a sign that never occurs as `quote` in [source])")
            }
            ReadError::Form(name, what) => {
                write!(
                    f,
                    "`{name}` is {what}, which is not read: export it as CSV, Parquet or NDJSON, packed with gzip or zstd or not at all"
                )
            }
            ReadError::Xml(name) => {
                write!(
                    f,
                    "`{name}` is XML, of which only event logs are read: say `format = \"xes\"` in [source] where it is one"
                )
            }
            ReadError::Parquet(name) => {
                write!(f, "`{name}` is a Parquet file: say `format = \"parquet\"` in [source]")
            }
            ReadError::Damaged(name, why) => write!(f, "`{name}`: {why}"),
            ReadError::Wide(name) => {
                write!(f, "`{name}` is text in UTF-16: say `encoding = \"utf-16\"` in [source]")
            }
            ReadError::Scratch(folder, why) => {
                write!(f, "`{folder}`, where rows and names wait that are not held in memory: {why}")
            }
            ReadError::Twice(one, other) if one == other => {
                write!(f, "`{one}` is named twice: everything in it would count twice")
            }
            ReadError::Twice(one, other) => {
                write!(f, "`{one}` and `{other}` are the same, byte by byte: everything in them would count twice")
            }
            ReadError::Mapping(name, errors) => {
                write!(f, "the mapping `{name}` is wrong:")?;
                errors.iter().try_for_each(|error| write!(f, "\n  {error}"))
            }
            ReadError::Script(name, line, rows) => write!(
                f,
                "`{name}`: line {line}: the mapping's script has now reached a limit on {rows} rows; nothing is read, as each such row takes long and is lost (does a loop in `row` never end, or a list grow without end?)"
            ),
            ReadError::Unbalanced(why) => write!(f, "a fault in Concord: {why}"),
        }
    }
}

impl std::error::Error for ReadError {}
