//! The file that a member hands to its group, and what is refused of one.

use super::Tallies;
use crate::audit::Disclosure;
use crate::audit::members::MemberRun;
use concord_engine::plan::fingerprint::hex;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// The form of the file: 2 since it says what its measures mean, and keeps days; 3 since no value is rounded and its figures say how many cases make them;
/// 4 since they say how many have no number, dates that lie far from the rest of their case and what is open by month are counted, and a hash stands at its end.
const FORM: u64 = 4;

/// What stands before the hash of all before it, at the end of the file.
const HASH: &str = ",\"sha256\":\"";

/// What stands at the head of each file.
const WARNING: &str = "Exact counts of one member's cases, small ones too. They are for those who add them up for the group, and for nobody else: \
keep the file as patient data are kept. It holds no row and no identity of a patient; times and numbers stand in bins of at most 1/128 of their size.";

/// No count and no time is larger: from there on, JSON readers differ.
const LARGEST: u64 = 1 << 53;
/// No more cases are added up.
const MOST_CASES: u64 = 1 << 28;

/// Tallies of all runs of an audit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TalliesFile {
    tallies: u64,
    warning: String,
    /// The release that counted.
    pub concord: String,
    /// Title of the report.
    pub title: String,
    /// The runs, in order.
    pub runs: Vec<Tallied>,
}

/// What one run counted, and by what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tallied {
    /// Path of the package.
    pub package: String,
    /// Its version.
    pub version: String,
    /// Its fingerprint.
    pub fingerprint: String,
    /// What its measures mean beyond the logic, each as a hash.
    pub meaning: BTreeMap<String, String>,
    /// Its module's SHA-256.
    pub module_sha256: String,
    /// The instant up to which events count, milliseconds UTC.
    pub as_of: i64,
    /// Facts by which every measure is split.
    pub split: Vec<String>,
    /// Splits that are crossed.
    pub cross: Vec<(String, String)>,
    /// From which days on limits of charts are set anew, and why.
    pub rebase: Vec<(i64, String)>,
    /// Why small-number control is off; none where it is on.
    pub because: Option<String>,
    /// Names of organisations.
    pub names: BTreeMap<String, String>,
    /// The code of the member whose export it is; none where the rows alone say.
    pub member: Option<String>,
    /// What the definition says of members.
    pub members: Vec<RunBy>,
    /// The counts.
    pub counts: Tallies,
}

/// Which version a member ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunBy {
    code: String,
    version: Option<String>,
    judged: bool,
    from: Option<i64>,
    until: Option<i64>,
}

impl From<&MemberRun> for RunBy {
    fn from(run: &MemberRun) -> RunBy {
        let MemberRun { code, version, judged, from, until } = run.clone();
        RunBy { code, version, judged, from, until }
    }
}

impl From<&RunBy> for MemberRun {
    fn from(run: &RunBy) -> MemberRun {
        let RunBy { code, version, judged, from, until } = run.clone();
        MemberRun { code, version, judged, from, until }
    }
}

impl Tallied {
    /// Small-number control of the report.
    #[must_use]
    pub fn disclosure(&self) -> Disclosure {
        self.because.clone().map_or(Disclosure::On, Disclosure::Off)
    }

    /// Whether it counts what another counts; in which way it does not.
    ///
    /// # Errors
    /// What differs, in words.
    pub fn like(&self, other: &Tallied) -> Result<(), String> {
        let differ = [
            (self.package != other.package, "another package"),
            (self.version != other.version, "another version of the package"),
            (self.fingerprint != other.fingerprint, "rules of another fingerprint"),
            (self.as_of != other.as_of, "another `as_of`"),
            (self.split != other.split, "other splits"),
            (self.cross != other.cross, "other splits that are crossed"),
            (self.rebase != other.rebase, "other days on which limits are set anew"),
            (self.because != other.because, "another small-number control"),
        ];
        let differ = differ.into_iter().find(|(differs, _)| *differs).map(|(_, what)| what.to_owned());
        let differ = differ.or_else(|| self.means_otherwise(&other.meaning).map(|what| format!("another {what}")));
        // The module holds what measures count, so that it differs with them; and it is written in the order of the text.
        let compiled = (self.module_sha256 != other.module_sha256).then(|| {
            "a module of other bytes: the same rules in another order, or compiled by another release of Concord"
                .to_owned()
        });
        differ.or(compiled).map_or(Ok(()), Err)
    }

    /// The first thing that is counted otherwise, or by one of both alone.
    #[must_use]
    pub fn means_otherwise<'a>(&'a self, meaning: &'a BTreeMap<String, String>) -> Option<&'a str> {
        let mut all = self.meaning.keys().chain(meaning.keys());
        all.find(|what| self.meaning.get(*what) != meaning.get(*what)).map(String::as_str)
    }

    /// An organisation or a file that both count, so that its cases would count twice.
    #[must_use]
    pub fn twice(&self, other: &Tallied) -> Option<String> {
        let one = self.member.as_ref().filter(|code| other.member.as_ref() == Some(code));
        if let Some(code) = one {
            return Some(format!("`{code}`"));
        }
        let files = |of: &Tallied| of.counts.export.data.files.clone();
        if let Some(file) = files(self).iter().find(|file| files(other).iter().any(|twin| twin.sha256 == file.sha256)) {
            return Some(format!("the file `{}`", file.name));
        }
        // An export of one member may name another here and there; one of several must not share any.
        let both_named = self.member.is_some() && other.member.is_some();
        let mut own = self.counts.organisations.iter();
        let shared = own.find(|of| other.counts.organisations.iter().any(|twin| twin.code == of.code));
        shared.filter(|_| !both_named).map(|of| format!("`{}`", of.code))
    }
}

/// The text of a file.
///
/// # Errors
/// Where it cannot be written as JSON.
pub fn written(title: &str, runs: Vec<Tallied>) -> Result<String, serde_json::Error> {
    let text = serde_json::to_string(&TalliesFile {
        tallies: FORM,
        warning: WARNING.to_owned(),
        concord: env!("CARGO_PKG_VERSION").to_owned(),
        title: title.to_owned(),
        runs,
    })?;
    // As any object ends, whoever reads it.
    let all = text.strip_suffix('}').unwrap_or(&text);
    Ok(format!("{all}{HASH}{}\"}}", hex(&Sha256::digest(all))))
}

/// The text without the hash at its end; none where that is not the hash of it.
fn unchanged(text: &str) -> Option<String> {
    let (all, hash) = text.trim_end().rsplit_once(HASH)?;
    (hash.strip_suffix("\"}") == Some(hex(&Sha256::digest(all)).as_str())).then(|| format!("{all}}}"))
}

/// Reads a file.
///
/// # Errors
/// A sentence that says why it cannot be used.
pub fn read(text: &str) -> Result<TalliesFile, String> {
    const NONE: &str = "not a file that `concord audit --tallies` wrote";
    let value: Value = serde_json::from_str(text).map_err(|error| format!("{NONE}: {error}"))?;
    match value.get("tallies").and_then(Value::as_u64) {
        None => return Err(NONE.to_owned()),
        Some(FORM) => {}
        Some(form) => {
            return Err(format!(
                "its form is {form}, and this release of Concord knows form {FORM} alone: all count with the same release"
            ));
        }
    }
    if !in_range(&value) {
        return Err("a number in it is beyond what can be counted".to_owned());
    }
    let Some(text) = unchanged(text) else {
        return Err("it is not as `concord audit --tallies` wrote it: it was changed since, or is damaged".to_owned());
    };
    let file: TalliesFile = serde_json::from_str(&text).map_err(|error| format!("{NONE}: {error}"))?;
    let held = file.runs.iter().map(|run| run.counts.held()).fold(0, u64::saturating_add);
    if held > MOST_CASES {
        return Err(format!("it counts more than {MOST_CASES} times"));
    }
    file.runs.iter().try_for_each(|run| run.counts.adds_up())?;
    Ok(file)
}

/// Whether all numbers can be added up without loss.
fn in_range(value: &Value) -> bool {
    match value {
        Value::Number(number) => {
            let whole = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs));
            whole.map_or_else(|| number.as_f64().is_some_and(|n| n.abs() <= LARGEST as f64), |n| n <= LARGEST)
        }
        Value::Array(list) => list.iter().all(in_range),
        Value::Object(fields) => fields.values().all(in_range),
        _ => true,
    }
}
