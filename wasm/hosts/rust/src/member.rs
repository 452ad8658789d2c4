//! A member's settings: those of the manifest whose approval holds. On which day a case is judged, and what a call sets itself, only the module says: whoever
//! read either a second time would sometimes read it otherwise.

use concord_engine::values::calendar::{local_date, read_instant, show_date};

use crate::ask::with_first;
use crate::decision::NotApplied;
use crate::error::{Error, Fault};
use crate::info::{Differs, Info};

/// What a member has set otherwise than the group, and a call does not set itself.
pub(crate) struct Own<'i> {
    differs: Vec<&'i Differs>,
    given: &'i str,
}

/// Which of them are in force.
pub(crate) type InForce = Vec<bool>;

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
        let ends = self.differs.iter().flat_map(|differs| [Some(&differs.approved_on), differs.until.as_ref()]);
        let mut ways = vec![vec![true; self.differs.len()]];
        for way in ends.flatten().map(|day| self.on(Some(day))).chain([self.on(None)]) {
            if !ways.contains(&way) {
                ways.push(way);
            }
        }
        ways
    }

    /// What is in force at an instant, as a decision has it; without one nothing is.
    pub(crate) fn at(&self, as_of: Option<&str>) -> InForce {
        let day = as_of.and_then(|at| read_instant(at).ok()).map(|at| show_date(local_date(at)));
        self.on(day.as_ref())
    }

    fn on(&self, day: Option<&String>) -> InForce {
        self.differs.iter().map(|differs| day.is_some_and(|day| holds(differs, day))).collect()
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

/// Whether a setting's approval holds on a day; days are text, which is in order.
fn holds(differs: &Differs, day: &String) -> bool {
    *day >= differs.approved_on && differs.until.as_ref().is_none_or(|until| day <= until)
}
