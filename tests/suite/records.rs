//! What records call a fact, and the units in which they have it: in cases, in the schema, in the manifest; never in the answers.

use crate::cli::run;
use crate::packages::{TempFolder, compile};
use concord_cli::data::case_json::{Options, read_case};
use concord_cli::data::schema::input_schema;
use concord_engine::plan::case::Datum::{self, Between, Known};
use concord_engine::plan::fingerprint::fingerprint;
use concord_engine::values::dimension::{Conversion, conversion};
use concord_engine::values::systems::{NotOne, called};
use concord_tests::text::whole;
use serde_json::{Value, json};

use crate::generate::Random;

const SUBJECT: &str = "subject Stay {\n  creatinine : integer 10..3000 µmol/L or mg/dL at 88.42 from loinc 2160-0\n  heat : decimal 25.0..45.0 °C or °F\n  mark : code\n  event Lactate from snomed 1104311000000102 { value : decimal 0.0..30.0 mmol/L from loinc 2524-7 }\n}\ndefine high = creatinine > 100 µmol/L\ndefine warm = heat > 38.0 °C\ndefine odd = mark is \"?\"\ndefine many = count Lactate where value > 2.0 mmol/L\n";
const NOW: Options = Options { ignore_unknown: false, show_values: false, as_of: Some(0), needs_as_of: false };

#[test]
fn a_number_in_another_unit_is_read_exactly_and_the_schema_takes_it() {
    let package = compile(&whole(SUBJECT));
    let validator = jsonschema::validator_for(&input_schema(&package)).unwrap();
    let read = |value: &str| -> Result<Datum, &'static str> {
        let text = format!("{{\"creatinine\": {value}}}");
        let fits = validator.is_valid(&serde_json::from_str(&text).unwrap());
        let read = read_case(&package.plan, text.as_bytes(), NOW);
        assert!(fits || read.is_err(), "the reader takes what the schema refuses: {text}");
        read.map(|input| input.case.facts[0]).map_err(|faults| faults[0].code)
    };
    assert_eq!(read(r#"{"value": 50, "unit": "µmol/L"}"#), Ok(Known(50)));
    assert_eq!(read(r#"{"value": 25, "unit": "mg/dL"}"#), Ok(Between(2210, 2211)));
    assert_eq!(read(r#"{"unit": "mg/dL", "value": 1.4}"#), Ok(Between(123, 124)));
    assert_eq!(read(r#"{"value": "<1", "unit": "mg/dL"}"#), Ok(Between(10, 89)));
    assert_eq!(read(r#"{"value": {"from": 1, "to": 2}, "unit": "mg/dL"}"#), Ok(Between(88, 177)));
    assert_eq!(read(r#"{"value": 0.1, "unit": "mg/dL"}"#), Err("D08"));
    // 0.113 mg/dL are 9.99 µmol/L: whatever is less lies between no two values of 10 to 3000, and is not 10.
    assert_eq!(read(r#"{"value": "<0.113", "unit": "mg/dL"}"#), Err("D08"));
    assert_eq!(read(r#"{"value": "<=0.113", "unit": "mg/dL"}"#), Err("D08"));
    assert_eq!(read(r#"{"value": "<0.114", "unit": "mg/dL"}"#), Ok(Between(10, 11)));
    assert_eq!(read(r#"{"value": ">33.93", "unit": "mg/dL"}"#), Err("D08"));
    assert_eq!(read(r#"{"value": ">33.92", "unit": "mg/dL"}"#), Ok(Between(2999, 3000)));
    assert_eq!(read(r#"{"value": 50, "unit": "mg/dL"}"#), Err("D08"));
    assert_eq!(read(r#"{"value": 1, "unit": "g/L"}"#), Err("D23"));
    // In the declared unit what is more precise than declared is refused, as it is without a unit.
    assert_eq!(read(r#"{"value": 50.5, "unit": "µmol/L"}"#), Err("D09"));
    assert_eq!(read(r#"{"value": "1", "unit": "mg/dL"}"#), Err("D07"));
    assert_eq!(read(r#"{"value": 1, "unit": 5}"#), Err("D07"));
}

#[test]
fn codes_are_said_to_programs_and_are_part_of_the_fingerprint() {
    let package = compile(&whole(SUBJECT));
    let plain = SUBJECT.replace(" from loinc 2160-0", "").replace(" from snomed 1104311000000102", "");
    let plain = compile(&whole(&plain.replace(" from loinc 2524-7", "").replace(" or mg/dL at 88.42", "")));
    assert_ne!(fingerprint(&package), fingerprint(&plain));
    let schema = input_schema(&package);
    let creatinine = json!([{ "system": "http://loinc.org", "code": "2160-0", "named": "loinc" }]);
    assert_eq!(schema["properties"]["creatinine"]["x-from"], creatinine);
    assert_eq!(schema["properties"]["heat"]["x-from"], Value::Null);
    let lactate = &schema["properties"]["events"]["items"]["oneOf"][0];
    assert_eq!(lactate["x-from"][0]["system"], "http://snomed.info/sct");
    assert_eq!(lactate["properties"]["value"]["x-from"][0]["code"], "2524-7");
    let folder = TempFolder::new();
    let rule = folder.write("sample.concord", whole(SUBJECT).as_bytes());
    let module = folder.path("sample.wasm");
    assert_eq!(run(&["build", rule.to_str().unwrap(), "-o", module.to_str().unwrap()]).code, 0);
    let manifest: Value = serde_json::from_str(&folder.read("sample.manifest.json")).unwrap();
    assert_eq!(manifest["logic"]["codes"], json!(["?"]));
    let facts = &manifest["layout"]["facts"];
    assert_eq!(facts[0]["codings"], creatinine);
    assert_eq!(facts[0]["other_units"], json!([{ "unit": "mg/dL", "times": 4421, "plus": 0, "over": 50 }]));
    assert_eq!(facts[1]["other_units"], json!([{ "unit": "°F", "times": 5, "plus": -160, "over": 9 }]));
    assert_eq!(facts[2].get("codings"), None);
    assert_eq!(manifest["layout"]["events"][0]["codings"][0]["code"], "1104311000000102");
}

/// The two values are neighbours or one, and the exact value lies between them.
#[test]
fn converted_values_lie_between_their_neighbours() {
    let mut random = Random::new(20);
    let conversions = [
        Conversion::by(8842, 2).unwrap(),
        Conversion::by(555, 4).unwrap(),
        conversion("°F", "°C").unwrap(),
        conversion("lb", "kg").unwrap(),
        conversion("g/dL", "g/L").unwrap(),
    ];
    for _ in 0..20_000 {
        let of = conversions[random.below(conversions.len())];
        let (digits, places) = (random.between(-100_000, 100_000), random.below(4));
        let wanted = random.below(4);
        let (low, high) = of.ends(digits, u8::try_from(places).unwrap(), u8::try_from(wanted).unwrap()).unwrap();
        let ten = |power: usize| 10_i128.pow(u32::try_from(power).unwrap());
        // Both sides times what stands below the fractions.
        let exact = (i128::from(digits) * i128::from(of.times) + i128::from(of.plus) * ten(places)) * ten(wanted);
        let below = i128::from(of.over) * ten(places);
        assert!(i128::from(low) * below <= exact && exact <= i128::from(high) * below);
        assert_eq!(high - low, i64::from(exact % below != 0));
    }
}

/// Verhoeff's scheme finds every single wrong digit and every exchange of two neighbours; LOINC's finds every wrong digit.
#[test]
fn check_digits_find_slips_of_the_pen() {
    let (snomed, loinc) = (called("snomed").unwrap(), called("loinc").unwrap());
    for code in ["404684003", "431314004", "1104311000000102", "83821000000107"] {
        assert_eq!(snomed.check(code), Ok(()), "{code}");
        let digits: Vec<char> = code.chars().collect();
        for place in 1..digits.len() {
            for digit in '0'..='9' {
                let mut wrong = digits.clone();
                wrong[place] = digit;
                let is_right = wrong == digits;
                let found = snomed.check(&wrong.into_iter().collect::<String>());
                assert!(is_right == found.is_ok(), "{code} {place} {digit}");
            }
            let mut exchanged = digits.clone();
            exchanged.swap(place, place - 1);
            if exchanged != digits && exchanged[0] != '0' {
                assert!(snomed.check(&exchanged.into_iter().collect::<String>()).is_err(), "{code} {place}");
            }
        }
    }
    for code in ["2708-6", "2524-7", "2160-0", "8480-6", "718-7"] {
        assert_eq!(loinc.check(code), Ok(()), "{code}");
        let wrong = if code.starts_with('2') { code.replacen('2', "3", 1) } else { code.replacen(['8', '7'], "9", 1) };
        assert!(matches!(loinc.check(&wrong), Err(NotOne::Check(_))), "{wrong}");
    }
    // The identifier of a description and not of a concept.
    assert_eq!(snomed.check("680946014"), Err(NotOne::NoConcept));
    for code in ["", "0404684003", "40468", "4046840030000000000", "40468400x"] {
        assert!(matches!(snomed.check(code), Err(NotOne::Form(_))), "{code}");
    }
    assert!(called("icd10").unwrap().check("E11.9").is_ok() && called("opcs4").unwrap().check("37W").is_err());
}
