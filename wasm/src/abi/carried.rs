//! What a module carries beside its logic: its manifest, and golden cases. One file is the whole rule.
//!
//! Both are data of the module, packed, so that it can give them out and try itself; a custom section of the same name says where each
//! stands.

use wasmparser::{Parser, Payload};

use super::layout::Layout;
use super::packed::unpack;

/// The custom section that says where the manifest stands.
pub const MANIFEST_SECTION: &str = "concord.manifest";
/// The custom section that says where the golden cases stand.
pub const VECTORS_SECTION: &str = "concord.vectors";

/// A case with what a module must make of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Golden {
    /// The member's settings, as JSON.
    pub settings: String,
    /// The case, as JSON.
    pub case: String,
    /// The digest of what `evaluate_json` gives, in [short].
    pub digest: u32,
}

/// What a module is to carry.
#[derive(Clone, Copy)]
pub struct Carried<'a> {
    /// Its manifest, as JSON, once its layout is known.
    pub manifest: &'a dyn Fn(&Layout) -> String,
    /// Its golden cases.
    pub golden: &'a [Golden],
}

/// A number for a text, such that another text has another: FNV-1a of 64 bits. It finds accidents, not forgeries; against these stands
/// the hash of the file.
#[must_use]
pub fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(DIGEST_START, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(DIGEST_PRIME))
}

/// A digest of 32 bits: its upper half combined with its lower one.
#[must_use]
pub fn short(digest: u64) -> u32 {
    let [a, b, c, d, e, f, g, h] = digest.to_le_bytes();
    u32::from_le_bytes([a, b, c, d]) ^ u32::from_le_bytes([e, f, g, h])
}

/// What the digest of no byte is.
pub(crate) const DIGEST_START: u64 = 0xCBF2_9CE4_8422_2325;
/// What it is multiplied by after each byte.
pub(crate) const DIGEST_PRIME: u64 = 0x0000_0100_0000_01B3;

/// A text that a module carries, read from the file: none where it carries none of this name.
///
/// # Errors
/// Where the bytes are no module, or its section points at something else than such a text; in words.
pub fn carried(module: &[u8], name: &str) -> Result<Option<String>, String> {
    if !module.starts_with(b"\0asm") {
        return Err("this is not a WebAssembly module: it does not begin as one".to_owned());
    }
    let (mut section, mut segments) = (None, Vec::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload.map_err(|error| format!("this is not a WebAssembly module: {error}"))? {
            Payload::CustomSection(custom) if custom.name() == name => section = Some(custom.data()),
            Payload::DataSection(data) => {
                for segment in data {
                    let segment = segment.map_err(|error| error.to_string())?;
                    segments.push((segment.range.end - segment.data.len(), segment.data));
                }
            }
            _ => {}
        }
    }
    let Some(section) = section else { return Ok(None) };
    let wrong = || format!("its section {name} does not say where that text stands");
    let [place, packed, first, bytes] = numbers(section).ok_or_else(wrong)?;
    let segment = segments.iter().find(|(start, data)| (*start, data.len()) == (place, packed));
    let text = segment.and_then(|(_, data)| unpack(data, first.checked_add(bytes)?)?.get(first..).map(<[u8]>::to_vec));
    String::from_utf8(text.ok_or_else(wrong)?).map(Some).map_err(|_| wrong())
}

/// Four numbers of four bytes, and nothing else.
fn numbers(section: &[u8]) -> Option<[usize; 4]> {
    let (numbers, rest) = section.as_chunks::<4>();
    let numbers: [[u8; 4]; 4] = numbers.try_into().ok()?;
    let mut read = [0; 4];
    for (place, number) in read.iter_mut().zip(numbers) {
        *place = usize::try_from(u32::from_le_bytes(number)).ok()?;
    }
    rest.is_empty().then_some(read)
}
