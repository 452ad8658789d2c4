//! A member's settings: those of the manifest whose approval holds. On which day a case is judged, and what a call sets itself, only the module says: whoever
//! read either a second time would sometimes read it otherwise.

use concord_wasm::run::approvals::{self, Approval, InForce};

use crate::ask::with_first;
use crate::decision::NotApplied;
use crate::error::{Error, Fault};
use crate::info::{Differs, Info};

/// What a member has set otherwise than the group, and a call does not set itself.
pub(crate) struct Own<'i> {
    differs: Vec<&'i Differs>,
    given: &'i str,
}

impl<'i> Own<'i> {
    /// Those of a member; `sets` says whether the call sets a parameter itself.
    pub(crate) fn of(
        info: &'i Info,
        code: &str,
        given: &'i str,
        sets: impl Fn(&str) -> Result<bool, Error>,
    ) -> Result<Own<'i>, Error> {
        let Some(found) = info.members.iter().find(|member| member.code == code) else {
            let known: Vec<&str> = info.members.iter().map(|member| member.code.as_str()).collect();
            let expected = match known.as_slice() {
                [] => "no member: the rule knows none".to_owned(),
                known => format!("one of {}", known.join(", ")),
            };
            return Err(Error::SettingRefused(vec![Fault {
                code: "member".to_owned(),
                at: String::new(),
                expected: Some(expected),
            }]));
        };
        let mut own = Own { differs: Vec::new(), given };
        for differs in &found.differs {
            if !sets(&own.with([differs]))? {
                own.differs.push(differs);
            }
        }
        Ok(own)
    }

    /// What may be in force, on one day or another: all of it first, and at last none.
    pub(crate) fn ways(&self) -> Vec<InForce> {
        approvals::ways(&self.approvals())
    }

    /// What is in force at an instant, as a decision has it; without one nothing is.
    pub(crate) fn at(&self, as_of: Option<&str>) -> InForce {
        approvals::in_force(&self.approvals(), as_of)
    }

    fn approvals(&self) -> Vec<Approval<'_>> {
        self.differs.iter().map(|of| Approval { first: &of.approved_on, last: of.until.as_deref() }).collect()
    }

    /// The settings of a call, as JSON.
    pub(crate) fn settings(&self, way: &InForce) -> String {
        self.with(self.differs.iter().zip(way).filter(|(_, holds)| **holds).map(|(differs, _)| *differs))
    }

    fn with<'d>(&self, those: impl IntoIterator<Item = &'d Differs>) -> String {
        let entries = those.into_iter().map(|differs| (differs.parameter.as_str(), differs.value.clone()));
        let text = with_first(self.given.as_bytes(), entries.collect());
        String::from_utf8_lossy(&text).into_owned()
    }

    /// Those that are not in force.
    pub(crate) fn not_applied(&self, way: &InForce) -> Vec<NotApplied> {
        let open = self.differs.iter().zip(way).filter(|(_, holds)| !**holds);
        open.map(|(differs, _)| {
            let Differs { parameter, approved_on, until, .. } = (*differs).clone();
            NotApplied { parameter, approved_on, until }
        })
        .collect()
    }
}
