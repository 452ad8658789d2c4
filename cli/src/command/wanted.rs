//! What a rule wants of resources of FHIR, where an export is of these.

use concord_fhir::Wanted;
use serde_json::Value;

use crate::data::mapping::file::Format;
use crate::data::read::Mapping;
use crate::exit::Exit;
use crate::output::Output;

/// As the manifest of its module says it; none for other exports.
pub fn wanted_of(mapping: &Mapping, manifest: &Value, output: &Output) -> Result<Option<Wanted>, Exit> {
    if mapping.file.source.format != Format::Fhir {
        return Ok(None);
    }
    Wanted::of(manifest).map(Some).map_err(|why| {
        output.error(&why, Some("give each fact its code; docs/language.md, \"What records call a fact\""));
        Exit::Usage
    })
}
