//! Paths: the variants of a pathway, and how a case differs from the standard one.
//!
//! A variant is the sequence of activities of a case, in order. Variants are
//! counted for each organisation and for the group; coverage says how many cases
//! the commonest ones account for.

use std::collections::BTreeMap;

use serde::Serialize;

/// Counts of variants, filled case by case, in memory that grows with the number
/// of different variants and not with that of cases.
#[derive(Clone, Debug, Default)]
pub struct VariantCounts {
    by_variant: BTreeMap<Vec<u32>, BTreeMap<u32, u64>>,
    activities: Names,
    organisations: Names,
}

#[derive(Clone, Debug, Default)]
struct Names {
    codes: BTreeMap<String, u32>,
    names: Vec<String>,
}

impl Names {
    fn code(&mut self, name: &str) -> u32 {
        if let Some(code) = self.codes.get(name) {
            return *code;
        }
        let code = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.codes.insert(name.to_owned(), code);
        self.names.push(name.to_owned());
        code
    }

    fn name(&self, code: u32) -> &str {
        self.names.get(code as usize).map_or("", String::as_str)
    }
}

/// One variant with its counts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Variant {
    /// The activities in order.
    pub activities: Vec<String>,
    /// Cases in the group.
    pub cases: u64,
    /// Share of the group's cases, 0 to 1, that this variant and all commoner
    /// ones account for.
    pub coverage: f64,
    /// Cases of each organisation that has any, by name.
    pub by_organisation: Vec<(String, u64)>,
}

/// The paths of one organisation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OrganisationPaths {
    /// The organisation.
    pub organisation: String,
    /// Its cases.
    pub cases: u64,
    /// How many different variants it has.
    pub variants: usize,
    /// Its commonest variant, as a position in [`Variants::variants`].
    pub commonest: usize,
    /// The share of its cases on its commonest variant, 0 to 1.
    pub commonest_share: f64,
}

/// The variants of a pathway, commonest first; equals by their activities' names.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Variants {
    /// Cases counted.
    pub cases: u64,
    /// The variants of the group.
    pub variants: Vec<Variant>,
    /// The organisations, by name.
    pub organisations: Vec<OrganisationPaths>,
}

impl VariantCounts {
    /// Counts nothing yet.
    pub fn new() -> Self {
        VariantCounts::default()
    }

    /// Counts one case: its activities in order. A case without events counts as
    /// the empty variant.
    pub fn add(&mut self, organisation: &str, activities: &[&str]) {
        let organisation = self.organisations.code(organisation);
        let variant = activities.iter().map(|a| self.activities.code(a)).collect();
        self.count(variant, organisation, 1);
    }

    /// Adds the counts of another part of the data. The result does not depend
    /// on how the data was cut.
    pub fn merge(&mut self, other: &VariantCounts) {
        for (variant, counts) in &other.by_variant {
            for (organisation, cases) in counts {
                let organisation = self.organisations.code(other.organisations.name(*organisation));
                let variant = variant.iter().map(|a| self.activities.code(other.activities.name(*a))).collect();
                self.count(variant, organisation, *cases);
            }
        }
    }

    fn count(&mut self, variant: Vec<u32>, organisation: u32, cases: u64) {
        let counts = self.by_variant.entry(variant).or_default();
        let count = counts.entry(organisation).or_default();
        *count = count.saturating_add(cases);
    }

    /// The variants, commonest first.
    pub fn variants(&self) -> Variants {
        let mut variants: Vec<Variant> =
            self.by_variant.iter().map(|(codes, counts)| self.variant(codes, counts)).collect();
        variants.sort_by(|a, b| b.cases.cmp(&a.cases).then_with(|| a.activities.cmp(&b.activities)));
        let cases = variants.iter().fold(0_u64, |sum, v| sum.saturating_add(v.cases));
        let mut covered = 0_u64;
        for variant in &mut variants {
            covered = covered.saturating_add(variant.cases);
            variant.coverage = covered as f64 / cases as f64;
        }
        let organisations = organisations_of(&variants);
        Variants { cases, variants, organisations }
    }

    fn variant(&self, codes: &[u32], counts: &BTreeMap<u32, u64>) -> Variant {
        let mut by_organisation: Vec<(String, u64)> =
            counts.iter().map(|(code, cases)| (self.organisations.name(*code).to_owned(), *cases)).collect();
        by_organisation.sort();
        Variant {
            activities: codes.iter().map(|c| self.activities.name(*c).to_owned()).collect(),
            cases: counts.values().fold(0, |sum, n| sum.saturating_add(*n)),
            coverage: 0.0,
            by_organisation,
        }
    }
}

fn organisations_of(variants: &[Variant]) -> Vec<OrganisationPaths> {
    // Commonest first, so that of equals the first met stays the commonest.
    let mut found: BTreeMap<&str, (u64, usize, usize, u64)> = BTreeMap::new();
    for (position, variant) in variants.iter().enumerate() {
        for (organisation, count) in &variant.by_organisation {
            let (cases, different, commonest, most) = found.entry(organisation).or_default();
            *cases = cases.saturating_add(*count);
            *different += 1;
            if count > most {
                (*commonest, *most) = (position, *count);
            }
        }
    }
    found
        .into_iter()
        .map(|(organisation, (cases, variants, commonest, most))| OrganisationPaths {
            organisation: organisation.to_owned(),
            cases,
            variants,
            commonest,
            commonest_share: most as f64 / cases as f64,
        })
        .collect()
}
