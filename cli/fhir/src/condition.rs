//! Whether a condition is there: by its clinical status, and by when it was over.

use crate::shapes::{Concept, Event};
use crate::taking::{Counts, counts};
use crate::time::Moment;
use crate::value::Why;
use crate::when::abatement;

const CONTRARY: Why = "it is said to be active, and to be over";
const NOT_SAID: Why = "it is not known whether it is active";

/// What a clinical status says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clinical {
    Active,
    Over,
    Unknown,
    /// There is none.
    Unsaid,
}

/// The course of a condition.
#[derive(Clone, Copy, Debug)]
pub struct Course {
    clinical: Clinical,
    abated: Option<Moment>,
}

impl Course {
    pub fn of(event: &Event) -> Course {
        let is = |codes: &[&str]| has(event.clinical_status.as_ref(), codes);
        let clinical = if is(&["inactive", "remission", "resolved"]) {
            Clinical::Over
        } else if is(&["active", "recurrence", "relapse"]) {
            Clinical::Active
        } else if event.clinical_status.is_some() {
            Clinical::Unknown
        } else {
            Clinical::Unsaid
        };
        Course { clinical, abated: abatement(event) }
    }

    /// Whether it is there at an instant, or now.
    ///
    /// # Errors
    /// Why that is not known.
    pub fn is_there(self, as_of: Option<i64>) -> Result<bool, Why> {
        let over = self.abated.map(|abated| counts(abated, as_of, None));
        match (self.clinical, over) {
            (_, Some(Counts::No)) | (Clinical::Active | Clinical::Unsaid, None) => Ok(true),
            (Clinical::Active, Some(_)) => Err(CONTRARY),
            (Clinical::Over, _) | (Clinical::Unsaid, Some(Counts::Yes)) => Ok(false),
            (Clinical::Unsaid, Some(Counts::Perhaps)) | (Clinical::Unknown, _) => Err(NOT_SAID),
        }
    }

    /// When it was over; nothing where it goes on, and unknown where nobody says.
    pub fn until(self) -> Option<Moment> {
        match (self.clinical, self.abated) {
            (Clinical::Active, None) => None,
            (Clinical::Active, Some(_)) | (_, None) => Some(Moment::Unknown),
            (_, Some(abated)) => Some(abated),
        }
    }
}

/// Whether a concept has one of these codes.
pub fn has(concept: Option<&Concept>, codes: &[&str]) -> bool {
    let mut all = concept.into_iter().flat_map(|concept| &concept.coding).filter_map(|coding| coding.code.as_deref());
    all.any(|code| codes.contains(&code))
}
