//! One run and the audits in it: how the results came about, what stands out, and which logic ran.

use super::data::Data;
use super::figure::FigureResult;
use super::measure::MeasureResult;
use super::member::MemberResult;
use super::obligation::ObligationResult;
use serde::{Deserialize, Serialize};

/// All that one run found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// Version of this model: 2, since suppressed counts are `null`.
    pub format: u32,
    /// The run.
    pub run: Run,
    /// What stands out, most important first: whole sentences with the size of it.
    pub headlines: Vec<Headline>,
    /// One for each package judged.
    pub audits: Vec<Audit>,
}

/// How the results came about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Title for the report.
    pub title: String,
    /// The instant up to which events count, RFC 3339.
    pub as_of: String,
    /// `concord` version.
    pub version: String,
    /// Small-number disclosure control: the scheme in words, or that it is off and by which switch.
    pub disclosure: String,
}

/// One sentence of what stands out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Headline {
    /// How to read it.
    pub tone: Tone,
    /// The sentence.
    pub text: String,
    /// Anchor of the section it comes from.
    pub anchor: String,
    /// The part of that section with the chart that shows it: `funnel`, `change`, `delays`; none where there is no chart.
    #[serde(default)]
    pub chart: Option<String>,
}

/// How a finding reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Worse than the standard or than expected.
    Concern,
    /// Better.
    Good,
    /// Neither.
    Note,
    /// About the data, not about care.
    Data,
}

/// One package over one set of data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Audit {
    /// Anchor in the report.
    pub id: String,
    /// Its number among the runs, in the order of the definition; 0 where an earlier release wrote it.
    #[serde(default)]
    pub run: u64,
    /// The day up to which events count, in London.
    #[serde(default)]
    pub as_of: String,
    /// Which logic.
    pub logic: Logic,
    /// Which data.
    pub data: Data,
    /// A section for each obligation.
    pub obligations: Vec<ObligationResult>,
    /// A section for each measure.
    pub measures: Vec<MeasureResult>,
    /// A section for each measure whose figure is a number or a share by value.
    #[serde(default)]
    pub figures: Vec<FigureResult>,
    /// Why each organisation differs, in order of code; nothing where there is only one.
    #[serde(default)]
    pub members: Vec<MemberResult>,
    /// Members of the run of which no case is: code, and name where it is known.
    #[serde(default)]
    pub silent: Vec<(String, Option<String>)>,
}

impl Audit {
    /// Whether an organisation lies beyond the 99.8 % limits of a measure or of a figure, with the usual spread allowed for.
    #[must_use]
    pub fn has_beyond(&self, code: &str) -> bool {
        let rates = self.measures.iter().flat_map(|measure| &measure.organisations);
        let figures = self.figures.iter().flat_map(|figure| &figure.organisations);
        rates.filter(|of| of.code == code).any(super::measure::OrganisationRate::is_beyond)
            || figures.filter(|of| of.code == code).any(|of| of.place_adjusted.ends_with("99.8%"))
    }
}

/// Proof of which logic ran.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Logic {
    /// `acute.sepsis`
    pub package: String,
    /// For people.
    pub title: String,
    /// Package version.
    pub version: String,
    /// Logic fingerprint.
    pub fingerprint: String,
    /// SHA-256 of the module that judged.
    pub module_sha256: String,
    /// `draft`, or who approved it and when.
    pub status: String,
    /// Whether a figure in it is unverified.
    pub unverified: bool,
    /// Owner.
    pub owner: String,
    /// Citations.
    pub sources: Vec<String>,
    /// Each parameter with its value and what members may do.
    pub parameters: Vec<Parameter>,
}

/// A parameter as it stood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// Name.
    pub name: String,
    /// Value in words, or "not set".
    pub value: String,
    /// Contract in words.
    pub contract: String,
}
