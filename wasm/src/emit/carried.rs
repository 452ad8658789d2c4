//! What a module carries, as the last of its data: the manifest, then the golden cases as text, then where in it each stands.

use crate::abi::{Carried, Golden, Layout, MANIFEST_SECTION, VECTORS_SECTION};

use super::assembler::{EmitError, address};
use super::json::escaped;

/// The version of the text of golden cases.
const FORMAT: u32 = 1;
/// Golden cases as text, and the index.
#[derive(Default)]
pub(super) struct Vectors {
    pub(super) text: String,
    index: Vec<u8>,
}

impl Vectors {
    pub(super) fn of(golden: &[Golden]) -> Result<Vectors, EmitError> {
        if golden.is_empty() {
            return Ok(Vectors::default());
        }
        let mut index = Vec::new();
        let mut text = format!("{{\"vectors\":{FORMAT},\"digest\":\"FNV-1a 64\",\"cases\":[");
        for (number, Golden { name, settings, case, digest }) in golden.iter().enumerate() {
            let comma = if number == 0 { "" } else { "," };
            text.push_str(&format!("{comma}\n{{\"name\":\"{}\",\"settings\":", escaped(name)));
            index.extend([text.len(), settings.len()]);
            text.push_str(&format!("{settings},\"case\":"));
            index.extend([text.len(), case.len()]);
            text.push_str(&format!("{case},\"answered\":\"{digest:016x}\"}}"));
        }
        text.push_str("\n]}\n");
        while text.len() % 8 != 0 {
            text.push('\n');
        }
        let mut bytes = Vec::new();
        for (line, golden) in index.chunks(4).zip(golden) {
            for place in line {
                bytes.extend(address(*place)?.to_le_bytes());
            }
            bytes.extend(golden.digest.to_le_bytes());
        }
        Ok(Vectors { text, index: bytes })
    }
}

/// What is carried, where it goes, and the first address after it.
pub(super) struct Cargo {
    pub(super) bytes: Vec<u8>,
    pub(super) manifest_bytes: u32,
    pub(super) sections: Vec<(&'static str, u32, u32)>,
    pub(super) end: u32,
}

impl Cargo {
    /// What a module of this layout carries from an address on. The manifest says where the heap starts, which stands after it and the
    /// module's own workspace.
    pub(super) fn of(
        carried: Option<Carried<'_>>,
        vectors: &Vectors,
        from: u32,
        heap: impl Fn(u32) -> Layout,
    ) -> Result<Cargo, EmitError> {
        let Some(carried) = carried else {
            return Ok(Cargo { bytes: Vec::new(), manifest_bytes: 0, sections: Vec::new(), end: from });
        };
        let beside = address(vectors.text.len() + vectors.index.len())?;
        // The longer the manifest, the higher the heap; it has at most ten digits.
        let (mut manifest, mut end) = (String::new(), from);
        for _ in 0..12 {
            let before = manifest.len();
            manifest = (carried.manifest)(&heap(end));
            manifest.extend(std::iter::repeat_n('\n', manifest.len().next_multiple_of(8) - manifest.len()));
            if manifest.len() == before {
                break;
            }
            end = address(manifest.len())?.saturating_add(beside).saturating_add(from);
        }
        let (manifest_bytes, text) = (address(manifest.len())?, address(vectors.text.len())?);
        let mut sections = vec![(MANIFEST_SECTION, from, manifest_bytes)];
        sections.extend((text > 0).then_some((VECTORS_SECTION, from + manifest_bytes, text)));
        let bytes = [manifest.as_bytes(), vectors.text.as_bytes(), &vectors.index].concat();
        Ok(Cargo { bytes, manifest_bytes, sections, end })
    }
}
