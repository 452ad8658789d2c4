//! Files of keyed forms, damaged at random: they are refused, or read with every row accounted for.

use super::{hl7, ocel};
use crate::packages::Random;
use concord_cli::data::read::{Export, ReadError};

/// Pieces taken out, repeated, or put in.
fn damaged(random: &mut Random, whole: &[u8]) -> Vec<u8> {
    let signs: [&[u8]; 12] =
        [b"|", b"^", b"\\", b"\"", b"{", b"]", b",", b"\r", b"\nMSH|", b"\xff", b"9", b"\"id\":\"A\","];
    let mut bytes = whole.to_vec();
    for _ in 0..=random.below(3) {
        let at = usize::try_from(random.below(bytes.len() as u64)).unwrap();
        let to = (at + usize::try_from(random.below(60)).unwrap()).min(bytes.len());
        let piece = match random.below(3) {
            0 => Vec::new(),
            1 => bytes[at..to].repeat(2),
            _ => [signs[usize::try_from(random.below(signs.len() as u64)).unwrap()], &bytes[at..to]].concat(),
        };
        bytes.splice(at..to, piece);
    }
    bytes
}

fn balanced(export: Result<Export, ReadError>, text: &[u8]) -> bool {
    match export {
        Ok(Export { data, .. }) => {
            let left_out: u64 = data.rows_left_out.iter().map(|(_, rows)| rows).sum();
            let all = data.rows_used + left_out + data.rows_rejected;
            assert_eq!(data.rows, all, "{}", String::from_utf8_lossy(text));
            true
        }
        Err(ReadError::Damaged(..) | ReadError::Columns(..)) => false,
        Err(error) => panic!("{error}: {}", String::from_utf8_lossy(text)),
    }
}

#[test]
fn no_message_or_log_makes_the_reader_panic_or_lose_a_row() {
    let mut random = Random::seeded(12);
    let mut read = [0, 0];
    for _ in 0..150 {
        let text = damaged(&mut random, hl7::MESSAGES.as_bytes());
        read[0] += usize::from(balanced(hl7::read(&text), &text));
        let text = damaged(&mut random, ocel::LOG.as_bytes());
        let text = String::from_utf8_lossy(&text).into_owned();
        read[1] += usize::from(balanced(ocel::read(ocel::MAP, &text), text.as_bytes()));
    }
    assert!(read[0] == 150 && read[1] > 5, "{read:?}");
}
