//! The constant data of a module, and the values of the parameters before them.

use concord_engine::plan::Plan;
use memchr::memmem;

use super::map::Map;
use crate::emit::assembler::{EmitError, address};

/// See the module.
pub(crate) struct Data {
    /// What members may change.
    settings: Vec<u8>,
    settings_at: u32,
    constants: Vec<u8>,
    constants_at: u32,
}

impl Data {
    /// The parameters as the group has set them, and no constant yet.
    pub(crate) fn of(plan: &Plan, map: &Map) -> Data {
        let mut settings = Vec::new();
        if !plan.parameters.is_empty() {
            settings.extend(unset(plan).to_le_bytes());
            settings.extend(group_values(plan));
        }
        Data { settings, settings_at: map.unset, constants: Vec::new(), constants_at: map.constants }
    }

    /// The address of these bytes, shared with whatever else holds them.
    pub(crate) fn constant(&mut self, bytes: &[u8]) -> Result<u32, EmitError> {
        if let Some(offset) = memmem::find(&self.constants, bytes) {
            return Ok(self.constants_at + address(offset)?);
        }
        let first = self.end();
        self.constants.extend_from_slice(bytes);
        first
    }

    /// The address after the last byte.
    pub(crate) fn end(&self) -> Result<u32, EmitError> {
        Ok(self.constants_at + address(self.constants.len())?)
    }

    /// Where the bytes go, and the bytes.
    pub(crate) fn segment(&self) -> (u32, Vec<u8>) {
        (self.settings_at, [self.settings.as_slice(), &self.constants].concat())
    }
}

/// The mask of the parameters that the group leaves to its members.
pub(crate) fn unset(plan: &Plan) -> i64 {
    let open = (0_u32..).zip(&plan.parameters).filter(|(_, parameter)| parameter.value.is_none());
    open.fold(0, |mask, (number, _)| mask | 1_i64.wrapping_shl(number))
}

/// The values of the parameters, 8 bytes each.
pub(crate) fn group_values(plan: &Plan) -> Vec<u8> {
    // One that is not set holds some value of its range: what no wanted answer depends on is worked out from it all the same.
    let values = plan.parameters.iter().map(|parameter| parameter.value.unwrap_or(parameter.shape.low));
    values.flat_map(i64::to_le_bytes).collect()
}
