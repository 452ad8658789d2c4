//! The constant data of a module, and the values of the parameters before them.
//!
//! What only texts need that are read and written is apart: it is carried packed, and unpacked when the first text comes. It stands
//! after the other constants, for which room is left.

use concord_engine::plan::Plan;
use memchr::memmem;

use super::map::Map;
use crate::emit::assembler::{EmitError, address};

/// See the module.
pub(crate) struct Data {
    /// What members may change.
    settings: Vec<u8>,
    settings_at: u32,
    constants: Constants,
    /// What only texts need, in a module that reads and writes them.
    texts: Constants,
    /// Whether what comes next belongs there.
    is_of_texts: bool,
}

/// Bytes from an address on.
struct Constants {
    at: u32,
    bytes: Vec<u8>,
}

impl Constants {
    /// The address of these bytes, shared with whatever else holds them.
    fn of(&mut self, bytes: &[u8]) -> Result<u32, EmitError> {
        let found = memmem::find(&self.bytes, bytes);
        let offset = address(found.unwrap_or(self.bytes.len()))?;
        if found.is_none() {
            self.bytes.extend_from_slice(bytes);
        }
        Ok(self.at + offset)
    }

    /// The address of these bytes, which stand after all others, whatever else holds them.
    fn own(&mut self, bytes: &[u8]) -> Result<u32, EmitError> {
        let address = self.end()?;
        self.bytes.extend_from_slice(bytes);
        Ok(address)
    }

    /// The address after the last byte.
    fn end(&self) -> Result<u32, EmitError> {
        Ok(self.at + address(self.bytes.len())?)
    }
}

impl Data {
    /// The parameters as the group has set them, and no constant yet; room for so many bytes of them before those of texts.
    pub(crate) fn of(plan: &Plan, map: &Map, room: u32) -> Data {
        let mut settings = Vec::new();
        if !plan.parameters.is_empty() {
            settings.extend(unset(plan).to_le_bytes());
            settings.extend(group_values(plan));
        }
        let empty = |at: u32| Constants { at, bytes: Vec::new() };
        let texts = empty((map.constants + room).next_multiple_of(8));
        Data { settings, settings_at: map.unset, constants: empty(map.constants), texts, is_of_texts: false }
    }

    /// Whether constants come next that only texts need.
    pub(crate) fn set_of_texts(&mut self, is_of_texts: bool) {
        self.is_of_texts = is_of_texts;
    }

    /// The address of these bytes, shared with whatever else holds them.
    pub(crate) fn constant(&mut self, bytes: &[u8]) -> Result<u32, EmitError> {
        let constants = if self.is_of_texts { &mut self.texts } else { &mut self.constants };
        constants.of(bytes)
    }

    /// The address of these bytes, which is that of [`next`](Data::next): for what says where it stands itself. The same bytes may stand elsewhere by chance.
    pub(crate) fn own(&mut self, bytes: &[u8]) -> Result<u32, EmitError> {
        let constants = if self.is_of_texts { &mut self.texts } else { &mut self.constants };
        constants.own(bytes)
    }

    /// The address of the next constant that is not there yet.
    pub(crate) fn next(&self) -> Result<u32, EmitError> {
        if self.is_of_texts { self.texts.end() } else { self.constants.end() }
    }

    /// How much room the other constants would have to have, where it is more than they have.
    pub(crate) fn lacks(&self) -> Option<u32> {
        let room = self.texts.at.saturating_sub(self.constants.at);
        let bytes = u32::try_from(self.constants.bytes.len()).unwrap_or(u32::MAX);
        (bytes > room && !self.texts.bytes.is_empty()).then_some(bytes)
    }

    /// The address after the last byte of all.
    pub(crate) fn end(&self) -> Result<u32, EmitError> {
        if self.texts.bytes.is_empty() { self.constants.end() } else { self.texts.end() }
    }

    /// Where what only texts need is unpacked to.
    pub(crate) fn texts_at(&self) -> u32 {
        self.texts.at
    }

    /// Where the bytes go, and the bytes.
    pub(crate) fn segment(&self) -> (u32, Vec<u8>) {
        (self.settings_at, [self.settings.as_slice(), &self.constants.bytes].concat())
    }

    /// What only texts need.
    pub(crate) fn texts(&self) -> &[u8] {
        &self.texts.bytes
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
