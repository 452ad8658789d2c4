//! Code systems that a rule may name, and how an identifier of each checks.
//!
//! The addresses are those by which FHIR resources name the systems: SNOMED CT, LOINC and ICD-10 as in "Using terminologies" of HL7 FHIR R4
//! (4.3.0), dm+d as in the dm+d guidance of NHS England. For OPCS-4 resources are published with several, so none is given here. Items of the NHS Data Model
//! and Dictionary are no code system of FHIR; the address is that of its data elements.

/// A code system.
#[derive(Debug, PartialEq, Eq)]
pub struct System {
    /// The word of the language.
    pub word: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// Its address in FHIR.
    pub address: Option<&'static str>,
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Snomed,
    Loinc,
    Icd10,
    Opcs4,
    Item,
}

/// The code systems.
pub const SYSTEMS: [System; 6] = [
    System { word: "snomed", title: "SNOMED CT", address: Some("http://snomed.info/sct"), form: Form::Snomed },
    System { word: "loinc", title: "LOINC", address: Some("http://loinc.org"), form: Form::Loinc },
    System { word: "icd10", title: "ICD-10", address: Some("http://hl7.org/fhir/sid/icd-10"), form: Form::Icd10 },
    System { word: "opcs4", title: "OPCS-4", address: None, form: Form::Opcs4 },
    System { word: "dm_d", title: "dm+d", address: Some("https://dmd.nhs.uk"), form: Form::Snomed },
    System {
        word: "nhs_data_dictionary",
        title: "the NHS Data Dictionary",
        address: Some("https://www.datadictionary.nhs.uk/data_elements"),
        form: Form::Item,
    },
];

/// Why a text is no identifier of a system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotOne {
    /// It does not look like one; what one looks like.
    Form(&'static str),
    /// Its check digit does not fit the others; the one that would.
    Check(u8),
    /// It names a description or a relationship and not a concept.
    NoConcept,
}

/// The system of a word.
#[must_use]
pub fn called(word: &str) -> Option<&'static System> {
    SYSTEMS.iter().find(|system| system.word == word)
}

impl System {
    /// Whether a text is an identifier of this system, as far as that can be seen from it.
    ///
    /// # Errors
    /// Why it is none.
    pub fn check(&self, code: &str) -> Result<(), NotOne> {
        match self.form {
            Form::Snomed => snomed(code),
            Form::Loinc => loinc(code),
            Form::Icd10 => letter_and_digits(code, "a letter and two digits, as `E11` or `E11.9`"),
            Form::Opcs4 => letter_and_digits(code, "a letter and two digits, as `W37` or `W37.1`"),
            Form::Item => {
                let fits = (1..=100).contains(&code.chars().count()) && code.trim() == code;
                if fits { Ok(()) } else { Err(NotOne::Form("the name of a data element")) }
            }
        }
    }
}

/// The digits of a text; nothing where it has anything else.
fn digits(text: &str) -> Option<Vec<u8>> {
    text.bytes().map(|byte| byte.is_ascii_digit().then(|| byte - b'0')).collect()
}

/// 6 to 18 digits; the last by Verhoeff's scheme over the others, the two before it the partition (SNOMED CT Technical
/// Implementation Guide, "SCTID").
fn snomed(code: &str) -> Result<(), NotOne> {
    let all = digits(code).filter(|all| (6..=18).contains(&all.len()) && all.first() != Some(&0));
    let Some(all) = all else { return Err(NotOne::Form("6 to 18 digits, the first not 0")) };
    let Some((last, others)) = all.split_last() else { return Err(NotOne::Form("digits")) };
    let fits = verhoeff(others);
    if fits != *last {
        return Err(NotOne::Check(fits));
    }
    if others.last() == Some(&0) { Ok(()) } else { Err(NotOne::NoConcept) }
}

/// Verhoeff's check digit, by the multiplication of the dihedral group of order 10 (Verhoeff 1969).
fn verhoeff(digits: &[u8]) -> u8 {
    const TURNED: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let product = |a: u8, b: u8| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    };
    let turned = |digit: u8, times: usize| {
        (0..times % 8).fold(digit, |digit, _| TURNED.get(usize::from(digit)).copied().unwrap_or(digit))
    };
    let places = digits.iter().rev().zip(1..);
    let sum = places.fold(0, |sum, (digit, place)| product(sum, turned(*digit, place)));
    if (1..5).contains(&sum) { 5 - sum } else { sum }
}

/// Digits, a hyphen and a check digit, modulus 10 (LOINC Users' Guide, appendix C).
fn loinc(code: &str) -> Result<(), NotOne> {
    let form = NotOne::Form("up to 7 digits, a hyphen and a check digit, as `2708-6`");
    let Some((number, check)) = code.split_once('-') else { return Err(form) };
    let (Some(number), Some(check)) = (digits(number), digits(check)) else { return Err(form) };
    let [check] = check.as_slice() else { return Err(form) };
    if !(1..=7).contains(&number.len()) {
        return Err(form);
    }
    let doubled = |digit: u8| if digit < 5 { 2 * digit } else { 2 * digit - 9 };
    let weighed = number.iter().rev().enumerate().map(|(at, digit)| if at % 2 == 0 { doubled(*digit) } else { *digit });
    let fits = (10 - weighed.sum::<u8>() % 10) % 10;
    if fits == *check { Ok(()) } else { Err(NotOne::Check(fits)) }
}

fn letter_and_digits(code: &str, looks: &'static str) -> Result<(), NotOne> {
    let mut bytes = code.bytes();
    let letter = bytes.next().is_some_and(|byte| byte.is_ascii_uppercase());
    let two = bytes.by_ref().take(2).filter(u8::is_ascii_digit).count() == 2;
    let rest = bytes.next().is_none_or(|byte| byte == b'.');
    if letter && two && rest && code.chars().count() <= 10 { Ok(()) } else { Err(NotOne::Form(looks)) }
}
