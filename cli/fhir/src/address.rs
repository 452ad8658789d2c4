//! Which resource a reference, or the address of an entry, names.

/// A resource: its identity, and the server that has it where the address says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub base: Option<String>,
    pub id: String,
}

impl Address {
    /// `Medication/17`, `https://a.example/fhir/Medication/17/_history/2`, `urn:uuid:…`; none where it names nothing of this kind.
    pub fn of(text: &str, kind: &str) -> Option<Address> {
        let named = |base: &str, id: &str| {
            let whole = !id.is_empty() && !id.contains(['?', '#', '|']);
            whole.then(|| Address { base: (!base.is_empty()).then(|| base.to_owned()), id: id.to_owned() })
        };
        if let Some(id) = text.strip_prefix("urn:uuid:").or_else(|| text.strip_prefix("urn:oid:")) {
            return named("", id);
        }
        let own = text.strip_prefix(kind).and_then(|rest| rest.strip_prefix('/'));
        let (base, rest) = own.map_or_else(|| text.rsplit_once(&format!("/{kind}/")), |rest| Some(("", rest)))?;
        named(base, rest.split('/').next()?)
    }

    /// Whether both may name one resource.
    pub fn may_be(&self, other: &Address) -> bool {
        self.id == other.id && Address::may_be_at(self.base.as_deref(), other.base.as_deref())
    }

    /// Whether both may be on one server: as far as that is said of both, it is the same.
    pub fn may_be_at(base: Option<&str>, other: Option<&str>) -> bool {
        base.zip(other).is_none_or(|(one, other)| one == other)
    }
}
