//! The account of an export, without its cases.

use crate::data::read::{Counted, Export, Otherwise, Told, Written};
use crate::results::Data;
use serde::{Deserialize, Serialize};

/// Where the cases came from and what was lost on the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfExport {
    /// Files, rows and what is complete.
    pub data: Data,
    told: Vec<OfTold>,
    /// By organisation: what its rows write otherwise, the name of the mapping that is meant, and rows.
    otherwise: Vec<(String, Kind, Option<String>, u64)>,
    after: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfTold {
    count: Option<(u64, String, String)>,
    text: String,
    also: Option<(u64, String, String)>,
    weighs: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Name,
    Code,
    Time,
}

impl OfExport {
    pub(in crate::audit) fn of(export: &Export) -> OfExport {
        let plain = |counted: &Option<Counted>| {
            counted.as_ref().map(|(count, one, many)| (*count, one.to_string(), many.to_string()))
        };
        let told = export.told.iter().map(|told| OfTold {
            count: plain(&told.count),
            text: told.text.clone(),
            also: plain(&told.also),
            weighs: told.weighs,
        });
        let otherwise = export.otherwise.iter().map(|of| {
            let (kind, name) = match &of.what {
                Written::Name(name) => (Kind::Name, Some(name.clone())),
                Written::Code => (Kind::Code, None),
                Written::Time => (Kind::Time, None),
            };
            (of.organisation.clone(), kind, name, of.rows)
        });
        OfExport {
            data: export.data.clone(),
            told: told.collect(),
            otherwise: otherwise.collect(),
            after: export.after,
        }
    }

    /// The export without its cases.
    #[must_use]
    pub fn shell(&self) -> Export {
        let counted = |plain: &Option<(u64, String, String)>| {
            plain.as_ref().map(|(count, one, many)| (*count, one.clone().into(), many.clone().into()))
        };
        let told = self.told.iter().map(|told| Told {
            count: counted(&told.count),
            text: told.text.clone(),
            also: counted(&told.also),
            weighs: told.weighs,
        });
        let otherwise = self.otherwise.iter().map(|(organisation, kind, name, rows)| {
            let what = match (kind, name) {
                (Kind::Name, Some(name)) => Written::Name(name.clone()),
                (Kind::Time, _) => Written::Time,
                (Kind::Code | Kind::Name, _) => Written::Code,
            };
            Otherwise { organisation: organisation.clone(), what, rows: *rows }
        });
        Export {
            ids: Vec::new(),
            cases: Vec::new(),
            absent: 0,
            otherwise: otherwise.collect(),
            told: told.collect(),
            // The list of refused rows stays with the member.
            data: Data { rejects_file: None, ..self.data.clone() },
            after: self.after,
        }
    }
}
