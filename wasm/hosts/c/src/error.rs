//! Errors.

use std::ffi::{CString, c_char, c_int};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use concord_host::{Error, Fault, Limit};
use serde_json::json;

use crate::text::{Kept, owned};

/// A fault as C has it.
#[repr(C)]
pub struct CFault {
    code: *const c_char,
    at: *const c_char,
    expected: *const c_char,
}

/// An error as C has it.
pub struct CError {
    status: c_int,
    message: CString,
    code: CString,
    json: CString,
    faults: Vec<CFault>,
    /// What the faults lead to.
    _kept: Kept,
}

/// Why a call fails.
pub enum Fail {
    /// The host says so.
    Host(Error),
    /// The call is not one that the header allows.
    Misused(&'static str),
}

impl Fail {
    pub fn misused(why: &'static str) -> Fail {
        Fail::Misused(why)
    }
}

impl From<Error> for Fail {
    fn from(error: Error) -> Fail {
        Fail::Host(error)
    }
}

impl CError {
    fn new(fail: &Fail) -> CError {
        match fail {
            Fail::Host(error) => CError::told(error),
            Fail::Misused(why) => CError::made((8, "misused", ""), &[], why),
        }
    }

    pub fn told(error: &Error) -> CError {
        let (of, faults): ((c_int, &str, &str), &[Fault]) = match error {
            Error::CaseRefused(faults) => ((1, "case_refused", ""), faults),
            Error::SettingRefused(faults) => ((2, "setting_refused", ""), faults),
            Error::RuleRefused(code, _) => ((3, "rule_refused", code), &[]),
            Error::ClaimBroken(claim) => ((4, "claim_broken", claim), &[]),
            Error::LimitReached(Limit::Deadline) => ((5, "limit_reached", "deadline"), &[]),
            Error::LimitReached(Limit::Room) => ((5, "limit_reached", "room"), &[]),
            Error::Unnamed(_) => ((6, "unnamed", ""), &[]),
            Error::File(_) => ((7, "file", ""), &[]),
        };
        CError::made(of, faults, &error.to_string())
    }

    fn made((status, name, code): (c_int, &str, &str), faults: &[Fault], message: &str) -> CError {
        let json = json!({ "error": name, "code": code, "faults": faults, "message": message });
        let mut kept = Kept::default();
        let faults = faults.iter().map(|fault| CFault {
            code: kept.text(&fault.code),
            at: kept.text(&fault.at),
            expected: kept.optional(fault.expected.as_ref()),
        });
        let faults = faults.collect();
        let json = owned(&json.to_string());
        CError { status, message: owned(message), code: owned(code), json, faults, _kept: kept }
    }
}

/// Does something for the caller: what it gives, or nothing and an error where there is room for one. No panic leaves here.
pub fn guarded<T>(error: *mut *mut CError, work: impl FnOnce() -> Result<T, Fail>) -> Option<T> {
    let done = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let why = "the host itself failed".to_owned();
        Err(Fail::Host(Error::RuleRefused("stopped", why)))
    });
    let found = match done {
        Ok(found) => (Some(found), ptr::null_mut()),
        Err(fail) => (None, Box::into_raw(Box::new(CError::new(&fail)))),
    };
    if error.is_null() {
        // SAFETY: it was boxed just now, or is NULL.
        unsafe { concord_error_free(found.1) };
    } else {
        // SAFETY: the caller gives NULL or room for a pointer.
        unsafe { *error = found.1 };
    }
    found.0
}

/// A box for the caller, or NULL.
pub fn given<T>(of: Option<T>) -> *mut T {
    of.map_or(ptr::null_mut(), |of| Box::into_raw(Box::new(of)))
}

/// Frees what [`given`] has given.
///
/// # Safety
/// The pointer is NULL, or was given so and not freed.
pub unsafe fn free<T>(of: *mut T) {
    if !of.is_null() {
        // SAFETY: as the caller promises.
        drop(catch_unwind(AssertUnwindSafe(|| drop(unsafe { Box::from_raw(of) }))));
    }
}

/// # Safety
/// Of an error that was given and not freed, as all of these.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_error_status(error: *const CError) -> c_int {
    // SAFETY: as the caller promises.
    unsafe { error.as_ref() }.map_or(0, |error| error.status)
}

/// # Safety
/// As above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_error_message(error: *const CError) -> *const c_char {
    // SAFETY: as the caller promises.
    unsafe { error.as_ref() }.map_or(ptr::null(), |error| error.message.as_ptr())
}

/// # Safety
/// As above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_error_code(error: *const CError) -> *const c_char {
    // SAFETY: as the caller promises.
    unsafe { error.as_ref() }.map_or(ptr::null(), |error| error.code.as_ptr())
}

/// # Safety
/// As above; the other pointer is NULL or has room for one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_error_faults(error: *const CError, faults: *mut *const CFault) -> usize {
    // SAFETY: as the caller promises.
    let Some(error) = (unsafe { error.as_ref() }) else { return 0 };
    if !faults.is_null() {
        // SAFETY: as the caller promises.
        unsafe { *faults = error.faults.as_ptr() };
    }
    error.faults.len()
}

/// # Safety
/// As above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_error_json(error: *const CError) -> *const c_char {
    // SAFETY: as the caller promises.
    unsafe { error.as_ref() }.map_or(ptr::null(), |error| error.json.as_ptr())
}

/// # Safety
/// As above, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_error_free(error: *mut CError) {
    // SAFETY: as the caller promises.
    unsafe { free(error) };
}
