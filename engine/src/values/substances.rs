//! Conversions that depend on the substance: the amount of it from mass, exactly, and mass from amount, in a formula.

use super::dimension;

/// A substance whose mass and amount are converted into one another.
#[derive(Debug)]
pub struct Substance {
    /// The function that gives the amount.
    pub to_amount: &'static str,
    /// The function that gives the mass, by division.
    pub to_mass: &'static str,
    /// The unit of its mass.
    pub mass: &'static str,
    /// The unit of its amount.
    pub amount: &'static str,
    /// Amount for one of mass, as digits and places.
    pub factor: (i64, u8),
}

/// Factors: molar masses as in the NHS England AKI algorithm and the UK Association for Laboratory Medicine's harmonised units.
pub const SUBSTANCES: [Substance; 3] = [
    Substance {
        to_amount: "creatinine_in_umol_per_L",
        to_mass: "creatinine_in_mg_per_dL",
        mass: "mg/dL",
        amount: "µmol/L",
        factor: (8842, 2),
    },
    Substance {
        to_amount: "glucose_in_mmol_per_L",
        to_mass: "glucose_in_mg_per_dL",
        mass: "mg/dL",
        amount: "mmol/L",
        factor: (555, 4),
    },
    Substance {
        to_amount: "bilirubin_in_umol_per_L",
        to_mass: "bilirubin_in_mg_per_dL",
        mass: "mg/dL",
        amount: "µmol/L",
        factor: (171, 1),
    },
];

/// The substance whose amount a function gives from its mass.
#[must_use]
pub fn giving_amount(function: &str) -> Option<&'static Substance> {
    SUBSTANCES.iter().find(|substance| substance.to_amount == function)
}

/// The substance whose mass a function gives from its amount.
#[must_use]
pub fn giving_mass(function: &str) -> Option<&'static Substance> {
    SUBSTANCES.iter().find(|substance| substance.to_mass == function)
}

/// The functions that give an amount measured in `to` from a mass measured in `from`.
pub fn to_amount<'a>(from: &'a str, to: &'a str) -> impl Iterator<Item = &'static str> + 'a {
    let fits = move |s: &&Substance| dimension::same(s.mass, from) && dimension::same(s.amount, to);
    SUBSTANCES.iter().filter(fits).map(|s| s.to_amount)
}

/// The functions that give a mass measured in `to` from an amount measured in `from`.
pub fn to_mass<'a>(from: &'a str, to: &'a str) -> impl Iterator<Item = &'static str> + 'a {
    let fits = move |s: &&Substance| dimension::same(s.amount, from) && dimension::same(s.mass, to);
    SUBSTANCES.iter().filter(fits).map(|s| s.to_mass)
}
