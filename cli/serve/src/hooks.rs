//! The file that says which rules answer at which CDS Hooks, and with which cards.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::module::Served;
use crate::shelf::{Shelf, Which};

/// All services.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Services {
    /// In the order of the file.
    #[serde(default)]
    pub service: Vec<Service>,
}

/// A rule that answers at a hook.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// The last part of its address.
    pub id: String,
    /// `patient-view`.
    pub hook: String,
    /// Whose logic.
    pub package: String,
    /// Which version, where several are served.
    pub version: Option<String>,
    /// What people read in the record system's settings; the title of the package unless said.
    pub description: Option<String>,
    /// The card's first line, with answers in braces: `NEWS2 {total}: {risk}`. Unless said, the rule's words for the answer, and the answer.
    pub summary: Option<String>,
    /// Which answer makes a card, and how urgent it is.
    pub card: Card,
    /// Why somebody may set the card aside, beside what excuses the obligation.
    #[serde(default)]
    overrides: Vec<Override>,
}

/// Which values of an answer make a card of which urgency; others make none. Where none is listed, an obligation makes one while it is open, to be known, and
/// once it is missed, as urgent as its severity.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// The answer.
    pub answer: String,
    /// Urgent.
    #[serde(default)]
    pub critical: Vec<String>,
    /// To be attended to.
    #[serde(default)]
    pub warning: Vec<String>,
    /// To be known.
    #[serde(default)]
    pub info: Vec<String>,
}

/// A reason to set a card aside.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Its code.
    pub code: String,
    /// The system of the code, where it is not this service's own.
    pub system: Option<String>,
    /// In words.
    pub display: String,
}

/// How urgent a card is, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Indicator {
    /// To be known.
    Info,
    /// To be attended to.
    Warning,
    /// Urgent.
    Critical,
}

impl Indicator {
    /// As cards have it.
    pub fn name(self) -> &'static str {
        match self {
            Indicator::Info => "info",
            Indicator::Warning => "warning",
            Indicator::Critical => "critical",
        }
    }
}

impl Card {
    /// What a value of the answer comes to; none where it makes no card.
    pub fn indicator(&self, value: &str) -> Option<Indicator> {
        let of =
            [(&self.critical, Indicator::Critical), (&self.warning, Indicator::Warning), (&self.info, Indicator::Info)];
        of.into_iter().find(|(values, _)| values.iter().any(|known| known == value)).map(|(_, indicator)| indicator)
    }

    /// With the verdicts that make a card where nothing else is said of an obligation.
    fn or_by_severity(mut self, severity: Option<&str>) -> Card {
        if self.values().next().is_none() {
            self.info.push("open".to_owned());
            let missed = match severity {
                Some("high") => &mut self.critical,
                Some("low") => &mut self.info,
                _ => &mut self.warning,
            };
            missed.push("missed".to_owned());
        }
        self
    }

    fn values(&self) -> impl Iterator<Item = &String> {
        self.critical.iter().chain(&self.warning).chain(&self.info)
    }
}

impl Services {
    /// Reads the file.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn read(text: &str) -> Result<Services, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// Holds the file to the modules that are served.
    ///
    /// # Errors
    /// What does not fit, in words.
    pub fn hold(&self, shelf: &Shelf) -> Result<(), String> {
        let mut ids = BTreeMap::new();
        for service in &self.service {
            let told = |why: String| format!("service `{}`: {why}", service.id);
            let plain = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
            if service.id.is_empty() || !service.id.chars().all(plain) {
                return Err(told("an id has letters, digits, `-`, `.` and `_`".to_owned()));
            }
            if ids.insert(&service.id, ()).is_some() {
                return Err(told("it is there twice".to_owned()));
            }
            let served = shelf.find(&service.package, service.which());
            let served = served.map_err(|_| told(format!("no one version of `{}` is served", service.package)))?;
            service.fits(&served).map_err(told)?;
        }
        Ok(())
    }

    /// The service of an id.
    pub fn called(&self, id: &str) -> Option<&Service> {
        self.service.iter().find(|service| service.id == id)
    }
}

impl Service {
    /// Which version answers.
    pub fn which(&self) -> Which<'_> {
        Which { version: self.version.as_deref(), on: None }
    }

    /// The card's first line, with answers in braces.
    pub fn line(&self, served: &Served) -> String {
        let answer = &self.card.answer;
        let label = described(served, answer, "label").unwrap_or(answer);
        self.summary.clone().unwrap_or_else(|| format!("{label}: {{{answer}}}"))
    }

    /// Which values make a card.
    pub fn card(&self, served: &Served) -> Card {
        let judged = named(served, &self.card.answer).is_some_and(|of| of.get("verdict").is_some());
        let card = self.card.clone();
        if judged { card.or_by_severity(described(served, &self.card.answer, "severity")) } else { card }
    }

    /// Why somebody may set the card aside: what excuses the obligation, in the rule's words, and what the file adds.
    pub fn reasons(&self, served: &Served) -> Vec<Override> {
        let own = format!("urn:concord:override:{}", self.id);
        let theirs = format!("urn:concord:excuse:{}:{}", served.package, self.card.answer);
        let excuses = named(served, &self.card.answer).and_then(|of| of.get("excuses")?.as_array());
        let excuses = excuses.into_iter().flatten().filter_map(Value::as_str);
        let excuses = excuses.map(|words| Override {
            code: coded(words),
            system: Some(theirs.clone()),
            display: words.to_owned(),
        });
        let added = self.overrides.iter().cloned();
        excuses.chain(added.map(|of| Override { system: of.system.or_else(|| Some(own.clone())), ..of })).collect()
    }

    /// Whether the module has what the card speaks of.
    fn fits(&self, served: &Served) -> Result<(), String> {
        served.wanted.as_ref().map_err(Clone::clone)?;
        let of = named(served, &self.card.answer).ok_or_else(|| format!("`{}` is no answer", self.card.answer))?;
        for part in self.line(served).split('{').skip(1) {
            // What is split has a first part.
            let name = part.split('}').next().unwrap_or_default();
            named(served, name).ok_or_else(|| format!("its summary names `{name}`, which is no answer"))?;
        }
        let card = self.card(served);
        if card.values().next().is_none() {
            return Err("no value of the answer makes a card".to_owned());
        }
        // Of an obligation, its verdicts; of an enum, its choices.
        let choices = of.pointer("/type/variants").and_then(Value::as_array);
        let verdicts = of.get("verdict").and_then(|_| served.manifest.pointer("/layout/verdicts")?.as_array());
        let Some(choices) = choices.or(verdicts) else { return Ok(()) };
        let unknown = card.values().find(|value| !choices.iter().any(|choice| choice.as_str() == Some(value.as_str())));
        unknown.map_or(Ok(()), |value| Err(format!("`{value}` is no value of `{}`", self.card.answer)))
    }
}

/// What the manifest says of an answer.
fn named<'a>(served: &'a Served, name: &str) -> Option<&'a Value> {
    let answers = served.manifest.pointer("/layout/answers")?.as_array()?;
    answers.iter().find(|of| of.get("name").and_then(Value::as_str) == Some(name))
}

/// What the manifest says of an answer in words.
fn described<'a>(served: &'a Served, name: &str, what: &str) -> Option<&'a str> {
    let answers = served.manifest.pointer("/logic/answers")?.as_array()?;
    answers.iter().find(|of| of.get("name").and_then(Value::as_str) == Some(name))?.get(what)?.as_str()
}

/// A code of words, which have none: `left the ward early` is `left-the-ward-early`.
fn coded(words: &str) -> String {
    let letters = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    letters.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}
