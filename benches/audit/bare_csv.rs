//! Reads the columns of a file that an audit needs, with the `csv` crate and nothing else: what `compare.py` holds the audit against.
//!
//!     bare_csv FILE DELIMITER COLUMN…

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let (file, delimiter) = words.next().zip(words.next()).ok_or("a file and its delimiter are missing")?;
    let wanted: Vec<String> = words.collect();
    let delimiter = *delimiter.as_bytes().first().ok_or("no delimiter")?;
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).buffer_capacity(256 * 1_024).from_path(file)?;
    let header = reader.byte_headers()?.clone();
    let fields: Vec<usize> = header
        .iter()
        .enumerate()
        .filter(|(_, name)| wanted.iter().any(|wanted| wanted.as_bytes() == *name))
        .map(|(field, _)| field)
        .collect();
    if fields.len() != wanted.len() {
        return Err("not every column is there, once".into());
    }
    let (mut rows, mut bytes) = (0_u64, 0_usize);
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record)? {
        rows += 1;
        bytes += fields.iter().filter_map(|field| record.get(*field)).map(<[u8]>::len).sum::<usize>();
    }
    println!("{rows} rows, {bytes} bytes");
    Ok(())
}
