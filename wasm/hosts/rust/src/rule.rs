//! A rule.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use concord_wasm::run::Replied;
use concord_wasm::run::approvals::InForce;
use serde::Deserialize;

use crate::ask::Asking;
use crate::decision::Decision;
use crate::error::{Error, Fault, Limit};
use crate::hooks::{Call, Hooks, Outcome};
use crate::info::{Info, Schema};
use crate::load::{Loading, NO_DEADLINE, hash};
use crate::member::Own;
use crate::pool::{Kept, Pool};
use crate::table::Placing;

/// A rule. Clones are the same rule, and any number of threads may use it at once.
#[derive(Clone)]
pub struct Rule {
    inner: Arc<Inner>,
}

struct Inner {
    bytes: Vec<u8>,
    info: Info,
    schema: Schema,
    placing: Placing,
    pool: Pool,
    hooks: Hooks,
}

/// What a module says of itself.
pub(crate) struct Said {
    pub(crate) info: Info,
    pub(crate) schema: Schema,
    pub(crate) placing: Placing,
}

impl Rule {
    /// Loads a rule from a file. Where its manifest lies beside it, it must be the one that the manifest names.
    ///
    /// # Errors
    /// When the file cannot be read, or the module is not to be trusted.
    pub fn load(path: impl AsRef<Path>, how: &Loading) -> Result<Rule, Error> {
        how.file(path.as_ref())
    }

    /// Loads a rule from the bytes of its module.
    ///
    /// # Errors
    /// When the module is not to be trusted.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>, how: &Loading) -> Result<Rule, Error> {
        how.bytes(bytes.into())
    }

    pub(crate) fn new(bytes: Vec<u8>, said: Said, pool: Pool, hooks: Hooks) -> Rule {
        let Said { info, schema, placing } = said;
        Rule { inner: Arc::new(Inner { bytes, info, schema, placing, pool, hooks }) }
    }

    /// Whose answers they are.
    #[must_use]
    pub fn info(&self) -> &Info {
        &self.inner.info
    }

    /// What a case may hold, and an answer may be.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.inner.schema
    }

    /// The module, from which [`Rule::from_bytes`] makes the rule again elsewhere.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.inner.bytes
    }

    /// How many instances are kept that no call is using.
    #[must_use]
    pub fn idle(&self) -> usize {
        self.inner.pool.idle()
    }

    /// Whether both are the very same rule, loaded once.
    #[must_use]
    pub fn is(&self, other: &Rule) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    /// Answers a case, the text of a JSON object.
    ///
    /// # Errors
    /// When the case, a setting or the member is refused, a claim is broken, a limit is reached, or the module stops.
    pub fn evaluate(&self, case: impl AsRef<[u8]>, asking: &Asking) -> Result<Decision, Error> {
        let begun = begun();
        let text = asking.text(case.as_ref());
        let decision = self.judge(&text, asking);
        if self.inner.hooks.call.is_some() {
            let unknown = decision.as_ref().map_or(0, |found| found.answers().filter(|(_, of)| !of.is_known()).count());
            self.told(begun, 1, unknown, decision.as_ref().err());
        }
        self.logged(decision, &text)
    }

    /// Answers a row of a table as a case; the decision log is told of it where that is asked for.
    pub(crate) fn evaluate_row(&self, case: &str, asking: &Asking, log: bool) -> Result<Decision, Error> {
        let text = asking.text(case.as_bytes());
        let decision = self.judge(&text, asking);
        if log { self.logged(decision, &text) } else { decision }
    }

    /// Tells metrics how a call went.
    pub(crate) fn told(&self, begun: Instant, cases: usize, unknown: usize, error: Option<&Error>) {
        let Some(tell) = &self.inner.hooks.call else { return };
        let Info { package, version, fingerprint, .. } = self.info();
        let (outcome, codes) = outcome(error);
        tell(&Call { package, version, fingerprint, outcome, took: begun.elapsed(), codes, unknown, cases });
    }

    /// Tells the decision log of an answer.
    fn logged(&self, decision: Result<Decision, Error>, text: &[u8]) -> Result<Decision, Error> {
        if let (Some(tell), Ok(decision)) = (&self.inner.hooks.decision, &decision) {
            tell(decision, &hash(text));
        }
        decision
    }

    /// What is wrong with a case: nothing where it can be answered.
    ///
    /// # Errors
    /// As [`Rule::evaluate`], but for a case that is refused.
    pub fn check(&self, case: impl AsRef<[u8]>, asking: &Asking) -> Result<Vec<Fault>, Error> {
        match self.judge(&asking.text(case.as_ref()), asking) {
            Ok(_) => Ok(Vec::new()),
            Err(Error::CaseRefused(faults)) => Ok(faults),
            Err(error) => Err(error),
        }
    }

    fn judge(&self, text: &[u8], asking: &Asking) -> Result<Decision, Error> {
        let Some(own) = self.own(asking)? else { return self.decide(text, asking.given().to_owned(), asking) };
        let way = self.way(text, &own, asking)?;
        let (mut decision, way) = match way {
            (Some(decision), way) => (decision, way),
            (None, way) => (self.decide(text, own.settings(&way), asking)?, way),
        };
        decision.member.clone_from(&asking.member);
        decision.not_applied = own.not_applied(&way);
        Ok(decision)
    }

    /// Which of a member's settings are in force for a case, and its decision where they were when the module was asked for its day. Of a case that reaches
    /// what the rule claims to be impossible the module says no day: then it is asked in every way that there may be.
    fn way(&self, text: &[u8], own: &Own<'_>, asking: &Asking) -> Result<(Option<Decision>, InForce), Error> {
        let mut broken = None;
        for way in own.ways() {
            match self.decide(text, own.settings(&way), asking) {
                Ok(decision) => {
                    let right = own.at(decision.as_of.as_deref());
                    return Ok((Some(decision).filter(|_| right == way), right));
                }
                Err(error @ (Error::ClaimBroken(_) | Error::SettingRefused(_))) => broken = Some(error),
                Err(error) => return Err(error),
            }
        }
        broken.map_or_else(|| Ok((None, own.at(None))), Err)
    }

    /// What the member of a call has set, as far as the call does not set it itself: what it sets, the module says, which refuses it twice.
    fn own<'c>(&'c self, asking: &'c Asking) -> Result<Option<Own<'c>>, Error> {
        let Some(code) = asking.member.as_deref() else { return Ok(None) };
        if asking.settings.is_some() {
            self.give(self.instance(asking.given().to_owned(), asking)?);
        }
        let sets = |settings: &str| match asking.settings.as_ref().map(|_| self.instance(settings.to_owned(), asking)) {
            None => Ok(false),
            Some(Ok(kept)) => {
                self.give(kept);
                Ok(false)
            }
            Some(Err(Error::SettingRefused(faults))) => Ok(faults.iter().any(|fault| fault.code == "D05")),
            Some(Err(error)) => Err(error),
        };
        Own::of(self.info(), code, asking.given(), sets).map(Some)
    }

    fn decide(&self, text: &[u8], settings: String, asking: &Asking) -> Result<Decision, Error> {
        let mut decision = Decision::read(self.ask(text, settings, asking)?)?;
        decision.sha256.clone_from(&self.info().sha256);
        Ok(decision)
    }

    /// An instance in which the settings of a call are in force. One that stops, or runs out of room or of time, is let go and not given back.
    pub(crate) fn instance(&self, settings: String, asking: &Asking) -> Result<Kept, Error> {
        if asking.deadline == Some(Duration::ZERO) {
            return Err(Error::LimitReached(Limit::Deadline));
        }
        let mut kept = self.inner.pool.take(&settings)?;
        kept.module.within(asking.deadline.unwrap_or(NO_DEADLINE));
        if kept.settings != settings {
            if let Replied::Refused(faults) = kept.module.configure_json(settings.as_bytes())? {
                self.inner.pool.give(kept);
                return Err(Error::SettingRefused(read_faults(&faults)?));
            }
            kept.settings = settings;
        }
        Ok(kept)
    }

    /// Takes an instance back whose call has ended.
    pub(crate) fn give(&self, kept: Kept) {
        self.inner.pool.give(kept);
    }

    /// The settings of a call about many cases, judged at one instant.
    pub(crate) fn settings(&self, asking: &Asking) -> Result<String, Error> {
        let Some(own) = self.own(asking)? else { return Ok(asking.given().to_owned()) };
        match self.way(&asking.text(b"{}"), &own, asking) {
            Ok((_, way)) => Ok(own.settings(&way)),
            // What is wrong with the instant is said of the cases.
            Err(Error::CaseRefused(_)) => Ok(own.settings(&own.at(None))),
            Err(error) => Err(error),
        }
    }

    /// Where columns and outputs of batches stand.
    pub(crate) fn placing(&self) -> &Placing {
        &self.inner.placing
    }

    /// Whether every decision is told.
    pub(crate) fn is_logged(&self) -> bool {
        self.inner.hooks.decision.is_some()
    }

    /// Whether a case must say at which instant it is judged.
    pub(crate) fn wants_an_instant(&self) -> Result<bool, Error> {
        match self.judge(b"{}", &Asking::new()) {
            Err(Error::CaseRefused(faults)) => Ok(faults.iter().any(|fault| fault.code == "D12")),
            Ok(_) | Err(Error::ClaimBroken(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Has an instance answer.
    fn ask(&self, text: &[u8], settings: String, asking: &Asking) -> Result<Vec<u8>, Error> {
        let mut kept = self.instance(settings, asking)?;
        let module = &mut kept.module;
        let replied = if asking.explain { module.explain_json(text) } else { module.evaluate_json(text) }?;
        self.give(kept);
        match replied {
            Replied::Answered(record) => Ok(record),
            Replied::Refused(faults) => Err(Error::CaseRefused(read_faults(&faults)?)),
            Replied::Broken(claim) => {
                #[derive(Deserialize)]
                struct Broken {
                    broken: String,
                }
                let claim: Broken = serde_json::from_slice(&claim).map_err(Error::stopped)?;
                Err(Error::ClaimBroken(claim.broken))
            }
        }
    }
}

fn read_faults(text: &[u8]) -> Result<Vec<Fault>, Error> {
    #[derive(Deserialize)]
    struct Refused {
        refused: Vec<Fault>,
    }
    serde_json::from_slice(text).map(|said: Refused| said.refused).map_err(Error::stopped)
}

/// When a call begins.
#[expect(clippy::disallowed_methods, reason = "metrics measure time; no answer depends on it")]
pub(crate) fn begun() -> Instant {
    Instant::now()
}

/// How a call ended, and the codes of the faults.
fn outcome(error: Option<&Error>) -> (Outcome, Vec<String>) {
    let codes = |faults: &[Fault]| faults.iter().map(|fault| fault.code.clone()).collect();
    match error {
        None => (Outcome::Answered, Vec::new()),
        Some(Error::CaseRefused(faults)) => (Outcome::Refused, codes(faults)),
        Some(Error::SettingRefused(faults)) => (Outcome::SettingRefused, codes(faults)),
        Some(Error::ClaimBroken(_)) => (Outcome::ClaimBroken, Vec::new()),
        Some(Error::LimitReached(_)) => (Outcome::Limit, Vec::new()),
        Some(_) => (Outcome::Stopped, Vec::new()),
    }
}
