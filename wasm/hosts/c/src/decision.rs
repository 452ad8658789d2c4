//! Decisions.

use std::ffi::{CString, c_char};
use std::ptr;
use std::sync::OnceLock;

use concord_host::Decision;
use serde_json::json;

use crate::answer::{Answers, CAnswer};
use crate::error::free;
use crate::text::{optional, owned};

/// A decision as C has it.
pub struct CDecision {
    decision: Decision,
    json: CString,
    package: CString,
    version: CString,
    sha256: CString,
    member: Option<CString>,
    not_applied: CString,
    /// The answers as C has them, where somebody has asked for one.
    answers: OnceLock<Answers>,
}

impl CDecision {
    pub fn new(decision: Decision) -> CDecision {
        let not_applied = decision
            .not_applied
            .iter()
            .map(|of| json!({ "parameter": of.parameter, "approved_on": of.approved_on, "until": of.until }));
        let not_applied = serde_json::Value::from(not_applied.collect::<Vec<_>>()).to_string();
        CDecision {
            json: owned(&decision.json),
            package: owned(&decision.package),
            version: owned(&decision.version),
            sha256: owned(&decision.sha256),
            member: decision.member.as_deref().map(owned),
            not_applied: owned(&not_applied),
            answers: OnceLock::new(),
            decision,
        }
    }

    fn answers(&self) -> &Answers {
        self.answers.get_or_init(|| Answers::of(&self.decision))
    }
}

/// A text of a decision.
///
/// # Safety
/// The pointer is NULL, or was given by this library and not freed.
unsafe fn text(decision: *const CDecision, of: fn(&CDecision) -> &CString) -> *const c_char {
    // SAFETY: as the caller promises.
    unsafe { decision.as_ref() }.map_or(ptr::null(), |decision| of(decision).as_ptr())
}

/// # Safety
/// Of a decision that was given and not freed, as all of these.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_decision_json(decision: *const CDecision) -> *const c_char {
    // SAFETY: as the caller promises.
    unsafe { text(decision, |of| &of.json) }
}

/// # Safety
/// As above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_decision_package(decision: *const CDecision) -> *const c_char {
    // SAFETY: as the caller promises.
    unsafe { text(decision, |of| &of.package) }
}

/// # Safety
/// As above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_decision_version(decision: *const CDecision) -> *const c_char {
    // SAFETY: as the caller promises.
    unsafe { text(decision, |of| &of.version) }
}

/// # Safety
/// As above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_decision_sha256(decision: *const CDecision) -> *const c_char {
    // SAFETY: as the caller promises.
    unsafe { text(decision, |of| &of.sha256) }
}

/// # Safety
/// As above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_decision_member(decision: *const CDecision) -> *const c_char {
    // SAFETY: as the caller promises.
    let member = unsafe { decision.as_ref() }.and_then(|decision| decision.member.as_ref());
    member.map_or(ptr::null(), |member| member.as_ptr())
}

/// # Safety
/// As above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_decision_not_applied(decision: *const CDecision) -> *const c_char {
    // SAFETY: as the caller promises.
    unsafe { text(decision, |of| &of.not_applied) }
}

/// # Safety
/// As above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_decision_count(decision: *const CDecision) -> usize {
    // SAFETY: as the caller promises.
    unsafe { decision.as_ref() }.map_or(0, |decision| decision.answers().len())
}

/// # Safety
/// As above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_decision_name(decision: *const CDecision, place: usize) -> *const c_char {
    // SAFETY: as the caller promises.
    unsafe { decision.as_ref() }.map_or(ptr::null(), |decision| decision.answers().name(place))
}

/// # Safety
/// As above; the name is a text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_decision_answer(decision: *const CDecision, name: *const c_char) -> *const CAnswer {
    // SAFETY: as the caller promises.
    match unsafe { (decision.as_ref(), optional(name)) } {
        (Some(decision), Ok(Some(name))) => decision.answers().get(name),
        _ => ptr::null(),
    }
}

/// # Safety
/// As above, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_decision_free(decision: *mut CDecision) {
    // SAFETY: as the caller promises.
    unsafe { free(decision) };
}
