//! A bundle taken apart: the resources in it and in bundles within it, what was deleted, and whether all is there. What shows that it is only a part
//! of what was asked for is refused.

use serde_json::value::RawValue;

use crate::address::Address;
use crate::medicines::{Medicines, what};
use crate::shapes::{Bundle, Entry, Head, MODIFIED, Outcome, says};
use crate::version::Version;
use crate::wanted::Wanted;

/// Bundles lie no deeper within each other than this.
const DEEPEST: usize = 4;

/// A resource, with what is known of it before its values are read.
pub struct Held<'a> {
    pub text: &'a RawValue,
    pub head: Head,
    /// The server that has it, where its entry says so.
    pub base: Option<String>,
    /// Its own identity, or that of its entry.
    pub id: Option<String>,
    of_entry: Option<String>,
    pub version: Version,
    /// Why nothing may be read of it.
    pub not_understood: Option<&'static str>,
}

impl<'a> Held<'a> {
    /// A resource by itself.
    ///
    /// # Errors
    /// Where it is none.
    pub fn alone(text: &'a RawValue) -> Result<Held<'a>, String> {
        Ok(Held::new(text, head(text)?, (None, None), None))
    }

    fn new(
        text: &'a RawValue,
        head: Head,
        (base, of_entry): (Option<String>, Option<String>),
        modified: Option<&'static str>,
    ) -> Held<'a> {
        let id = head.id.clone().or_else(|| of_entry.clone());
        let version = Version::of(head.meta.as_ref());
        let not_understood = modified.or_else(|| head.not_understood());
        Held { text, head, base, id, of_entry, version, not_understood }
    }

    /// By what others may refer to it: its own identity, and that of its entry where that is another.
    pub fn addresses(&self) -> impl Iterator<Item = Address> {
        let of_entry = self.of_entry.iter().filter(|id| self.id.as_ref() != Some(*id));
        self.id.iter().chain(of_entry).map(|id| Address { base: self.base.clone(), id: id.clone() })
    }
}

/// A resource that was deleted.
#[derive(Clone, Debug)]
pub struct Deleted {
    pub kind: String,
    pub id: String,
    base: Option<String>,
    pub version: Version,
}

impl Deleted {
    /// Whether it may be this one.
    pub fn may_be(&self, (kind, id): (&str, &str), base: Option<&str>) -> bool {
        self.kind == kind && self.id == id && Address::may_be_at(self.base.as_deref(), base)
    }
}

/// What is in a bundle.
#[derive(Default)]
pub struct Opened<'a> {
    pub held: Vec<Held<'a>>,
    pub deleted: Vec<Deleted>,
    /// The sender says that there is more than came.
    pub partial: bool,
}

impl<'a> Opened<'a> {
    /// Everything in a bundle.
    ///
    /// # Errors
    /// Where it is none, or a part of one.
    pub fn of(bundle: Bundle<'a>) -> Result<Opened<'a>, String> {
        let mut opened = Opened::default();
        opened.open(bundle, 0)?;
        Ok(opened)
    }

    fn open(&mut self, bundle: Bundle<'a>, depth: usize) -> Result<(), String> {
        if bundle.resource_type != "Bundle" {
            return Err("this is no FHIR bundle: its `resourceType` is another".to_owned());
        }
        is_whole(&bundle)?;
        for entry in bundle.entry {
            self.entry(entry, depth)?;
        }
        Ok(())
    }

    fn entry(&mut self, entry: Entry<'a>, depth: usize) -> Result<(), String> {
        let response = entry.response.as_ref();
        let failed = response.and_then(|of| of.status.as_deref()).is_some_and(|status| !status.starts_with(['2', '3']));
        let lacking = response.and_then(|of| of.outcome).is_some_and(|of| lacks(of.get()));
        self.partial |= failed || lacking;
        let Some(text) = entry.resource else {
            self.without_resource(&entry);
            return Ok(());
        };
        let head = head(text)?;
        match head.resource_type.as_str() {
            "Bundle" if depth < DEEPEST => {
                let bundle = serde_json::from_str(text.get());
                return self
                    .open(bundle.map_err(|_| "a bundle within it has not the shape of one".to_owned())?, depth + 1);
            }
            "Bundle" => return Err(format!("bundles lie more than {DEEPEST} deep within it")),
            "OperationOutcome" => self.partial |= lacks(text.get()),
            _ => {}
        }
        let named = entry.full_url.as_deref().and_then(|url| Address::of(url, &head.resource_type));
        let (base, of_entry) = named.map_or((None, None), |named| (named.base, Some(named.id)));
        let modified = says(entry.modifier_extension.as_ref()).then_some(MODIFIED);
        self.held.push(Held::new(text, head, (base, of_entry), modified));
        Ok(())
    }

    /// What has no resource was deleted, or says nothing.
    fn without_resource(&mut self, entry: &Entry<'_>) {
        let request = entry.request.as_ref();
        if request.and_then(|of| of.method.as_deref()) != Some("DELETE") {
            return;
        }
        let url = request.and_then(|of| of.url.as_deref());
        let named = url.and_then(|url| url.trim_start_matches('/').rsplit_once('/'));
        let Some((before, id)) = named.filter(|(_, id)| !id.is_empty() && !id.contains('?')) else {
            // Nobody can say what that was.
            self.partial = true;
            return;
        };
        let (base, kind) = before.rsplit_once('/').map_or((None, before), |(base, kind)| (Some(base), kind));
        let response = entry.response.as_ref();
        let said = |of: Option<&Option<String>>| of.and_then(Clone::clone);
        let (number, updated) = (said(response.map(|of| &of.etag)), said(response.map(|of| &of.last_modified)));
        let (kind, id, base) = (kind.to_owned(), id.to_owned(), base.map(str::to_owned));
        let version = Version::said(number.as_deref(), updated.as_deref());
        self.deleted.push(Deleted { kind, id, base, version });
    }

    /// The medications in it.
    pub fn medicines(&self, wanted: &Wanted) -> Medicines {
        let mut all = Medicines::default();
        for held in self.held.iter().filter(|held| held.head.resource_type == "Medication") {
            let what = if held.not_understood.is_some() { None } else { what(held.text.get(), wanted) };
            for address in held.addresses() {
                all.add(address, held.version.clone(), what.clone());
            }
        }
        all
    }
}

fn head(text: &RawValue) -> Result<Head, String> {
    serde_json::from_str(text.get()).map_err(|_| "a resource has no `resourceType`".to_owned())
}

/// Refuses a part of what was asked for, and what may mean something else than it says.
fn is_whole(bundle: &Bundle<'_>) -> Result<(), String> {
    if says(bundle.implicit_rules.as_ref()) {
        return Err("the bundle has `implicitRules`, by which it may mean something else than it says".to_owned());
    }
    if bundle.link.iter().any(|link| link.relation.as_deref() == Some("next")) {
        return Err("the bundle is one page of several (its `link` names the `next`), and what stands on the others would count as not done: put the entries of all pages into one bundle".to_owned());
    }
    let found = |entry: &&Entry<'_>| {
        let mode = entry.search.as_ref().and_then(|search| search.mode.as_deref());
        mode.is_none_or(|mode| mode == "match")
    };
    let all = match bundle.kind.as_deref() {
        Some("searchset") => bundle.entry.iter().filter(found).count(),
        Some("history") => bundle.entry.len(),
        _ => return Ok(()),
    };
    match bundle.total {
        Some(total) if total > all as u64 => Err(format!(
            "the bundle has {all} of the {total} resources that were found, and the others would count as not there: ask for all of them"
        )),
        _ => Ok(()),
    }
}

/// Whether an outcome says that something is not there that was asked for. One that cannot be read may say so.
pub fn lacks(text: &str) -> bool {
    const CODES: [&str; 13] = [
        "incomplete",
        "suppressed",
        "timeout",
        "throttled",
        "too-costly",
        "transient",
        "exception",
        "no-store",
        "lock-error",
        "forbidden",
        "security",
        "login",
        "expired",
    ];
    let Ok(Outcome { issue }) = serde_json::from_str(text) else { return true };
    issue.iter().any(|issue| {
        matches!(issue.severity.as_deref(), Some("fatal" | "error") | None)
            || issue.code.as_deref().is_none_or(|code| CODES.contains(&code))
    })
}
