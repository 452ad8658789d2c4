//! What a module carries, as the last of its data, packed: the constants that only texts need, the manifest, then the golden cases as text.

use crate::abi::{Carried, Golden, Layout, MANIFEST_SECTION, VECTORS_SECTION, pack};

use super::assembler::{EmitError, address};
use super::json::{AFTER_DIGEST, AFTER_SETTINGS};

/// The version of the text of golden cases.
const FORMAT: u32 = 3;

/// Golden cases as text: of each a line that ends with its short digest, one of its settings and one of the case itself, so that the module
/// finds them; nothing else begins a new line. Their names stand in the file of vectors, in the same order.
pub(super) fn vectors(golden: &[Golden]) -> String {
    if golden.is_empty() {
        return String::new();
    }
    let mut text = format!("{{\"vectors\":{FORMAT},\"digest\":\"FNV-1a 64, folded\",\"cases\":[\n");
    for (number, Golden { settings, case, digest }) in golden.iter().enumerate() {
        let comma = if number == 0 { "" } else { "," };
        text.push_str(&format!("{comma}{{\"answered\":\"{digest:08x}{AFTER_DIGEST}\n"));
        text.push_str(&format!("{settings}{AFTER_SETTINGS}\n{case}}}\n"));
    }
    text.push_str("]}\n");
    text
}

/// The room that a manifest is given at first.
const FIRST: u32 = 8 << 10;

/// What is carried, where it goes, and the first address after it.
pub(super) struct Cargo {
    pub(super) bytes: Vec<u8>,
    pub(super) manifest_bytes: u32,
    /// Of each text its section, where it starts among all that is carried, and its bytes.
    pub(super) sections: Vec<(&'static str, u32, u32)>,
    pub(super) end: u32,
}

impl Cargo {
    /// What a module of this layout carries from an address on. The manifest says where the heap starts, which stands after it and the
    /// module's own workspace.
    pub(super) fn of(
        texts: &[u8],
        carried: Option<(Carried<'_>, String)>,
        from: u32,
        heap: impl Fn(u32) -> Layout,
    ) -> Result<Cargo, EmitError> {
        let packed = |text: &[u8]| pack(text).ok_or(EmitError::TooLarge("16 MB of texts and examples"));
        let Some((carried, vectors)) = carried else {
            let bytes = if texts.is_empty() { Vec::new() } else { packed(texts)? };
            let end = from.saturating_add(address(bytes.len())?);
            return Ok(Cargo { bytes, manifest_bytes: 0, sections: Vec::new(), end });
        };
        // A text takes an eighth of its bytes, seldom more than a sixth, and none more than it has and a little. How many a manifest has is not
        // known before there is room.
        let mut room = address(texts.len() + vectors.len())? / 4 + FIRST;
        loop {
            let end = from.saturating_add(room);
            let manifest = (carried.manifest)(&heap(end));
            let [first, manifest_bytes, vectors_bytes] = [texts.len(), manifest.len(), vectors.len()].map(address);
            let (first, manifest_bytes, vectors_bytes) = (first?, manifest_bytes?, vectors_bytes?);
            let bytes = packed(&[texts, manifest.as_bytes(), vectors.as_bytes()].concat())?;
            if address(bytes.len())? <= room {
                let mut sections = vec![(MANIFEST_SECTION, first, manifest_bytes)];
                sections.extend((vectors_bytes > 0).then_some((
                    VECTORS_SECTION,
                    first + manifest_bytes,
                    vectors_bytes,
                )));
                return Ok(Cargo { bytes, manifest_bytes, sections, end });
            }
            let all = first + manifest_bytes + vectors_bytes;
            let more = all.saturating_add(all / 4).saturating_add(64);
            if more <= room {
                return Err(EmitError::TooLarge("what its manifest and its examples take"));
            }
            room = more;
        }
    }
}
