//! How to audit.

use super::disclose::Disclosure;
use super::members::MemberRun;
use super::split::Split;
use std::collections::BTreeMap;

/// A day from which limits of control charts are set anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebase {
    /// The day, since 1970.
    pub from: i64,
    /// What changed then, as the report says it.
    pub because: String,
}

/// How to audit.
#[derive(Clone, Debug)]
pub struct Options {
    /// Anchor of the audit in the report; must differ between the audits of one report.
    pub id: String,
    /// Small-number control.
    pub disclosure: Disclosure,
    /// Names of organisations, by code.
    pub names: BTreeMap<String, String>,
    /// The day asked about (since 1970): which target is in force.
    pub as_of: i64,
    /// Cases to a batch.
    pub batch: usize,
    /// How many threads may work at once on what was counted; no answer depends on it.
    pub threads: usize,
    /// How many late cases, and how many missed ones, are listed for each obligation.
    pub look_at: usize,
    /// What every measure is split by, besides what its rule declares.
    pub splits: Vec<Split>,
    /// Splits of which each measure that has both is split by both at once, by the names of these.
    pub cross: Vec<(String, String)>,
    /// What the definition says of members.
    pub members: Vec<MemberRun>,
    /// From which days on limits of control charts are set anew.
    pub rebase: Vec<Rebase>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            id: "audit".to_owned(),
            disclosure: Disclosure::On,
            names: BTreeMap::new(),
            as_of: 0,
            batch: 1_024,
            threads: 1,
            look_at: 10,
            splits: Vec::new(),
            cross: Vec::new(),
            members: Vec::new(),
            rebase: Vec::new(),
        }
    }
}

impl Options {
    /// The anchor of an obligation or a measure of the audit: `acute-sepsis-antibiotics_1h` has nothing that a link cannot carry.
    pub(super) fn anchor(&self, name: &str) -> String {
        let clean = |part: &str| -> String {
            part.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect()
        };
        format!("{}-{}", clean(&self.id), clean(name))
    }
}
