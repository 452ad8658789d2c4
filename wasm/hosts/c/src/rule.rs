//! Rules.

use std::ffi::{CString, c_char};
use std::ptr;

use concord_host::{Columns, Error, Rule};

use crate::decision::CDecision;
use crate::error::{CError, Fail, free, given, guarded};
use crate::options::{CAsk, COptions, asking, loading};
use crate::text::{bytes, owned, required};

/// A rule as C has it.
pub struct CRule {
    pub rule: Rule,
    info: CString,
    schema: CString,
}

impl CRule {
    pub fn new(rule: Rule) -> CRule {
        let text = |json: Result<String, serde_json::Error>| owned(&json.unwrap_or_default());
        let (info, schema) = (text(serde_json::to_string(rule.info())), text(serde_json::to_string(rule.schema())));
        CRule { rule, info, schema }
    }
}

/// The rule that the caller names.
///
/// # Safety
/// The pointer is NULL, or was given by this library and not freed.
unsafe fn the<'a>(rule: *const CRule) -> Result<&'a CRule, Fail> {
    // SAFETY: as the caller promises.
    unsafe { rule.as_ref() }.ok_or_else(|| Fail::misused("the rule is NULL"))
}

/// # Safety
/// All pointers are as the header says; so it is with every function here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_load(
    path: *const c_char,
    options: *const COptions,
    error: *mut *mut CError,
) -> *mut CRule {
    given(guarded(error, || {
        // SAFETY: as the caller promises.
        let (path, how) = unsafe { (required(path)?, loading(options)?) };
        Ok(CRule::new(Rule::load(path, &how)?))
    }))
}

/// # Safety
/// As above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_load_bytes(
    module: *const u8,
    length: usize,
    options: *const COptions,
    error: *mut *mut CError,
) -> *mut CRule {
    given(guarded(error, || {
        // SAFETY: as the caller promises.
        let (module, how) = unsafe { (bytes(module, length)?, loading(options)?) };
        Ok(CRule::new(Rule::from_bytes(module, &how)?))
    }))
}

/// # Safety
/// As above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_info(rule: *const CRule) -> *const c_char {
    // SAFETY: as the caller promises.
    unsafe { rule.as_ref() }.map_or(ptr::null(), |rule| rule.info.as_ptr())
}

/// # Safety
/// As above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_schema(rule: *const CRule) -> *const c_char {
    // SAFETY: as the caller promises.
    unsafe { rule.as_ref() }.map_or(ptr::null(), |rule| rule.schema.as_ptr())
}

/// # Safety
/// As above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_bytes(rule: *const CRule, length: *mut usize) -> *const u8 {
    // SAFETY: as the caller promises.
    let module = unsafe { rule.as_ref() }.map_or(&[] as &[u8], |rule| rule.rule.bytes());
    if !length.is_null() {
        // SAFETY: as the caller promises.
        unsafe { *length = module.len() };
    }
    module.as_ptr()
}

/// # Safety
/// As above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_idle(rule: *const CRule) -> usize {
    // SAFETY: as the caller promises.
    unsafe { rule.as_ref() }.map_or(0, |rule| rule.rule.idle())
}

/// # Safety
/// As above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_rule_free(rule: *mut CRule) {
    // SAFETY: as the caller promises.
    unsafe { free(rule) };
}

/// # Safety
/// As above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_evaluate(
    rule: *const CRule,
    json: *const c_char,
    length: usize,
    ask: *const CAsk,
    error: *mut *mut CError,
) -> *mut CDecision {
    given(guarded(error, || {
        // SAFETY: as the caller promises.
        let (rule, text, asking) = unsafe { (the(rule)?, bytes(json.cast(), length)?, asking(ask)?) };
        Ok(CDecision::new(rule.rule.evaluate(text, &asking)?))
    }))
}

/// # Safety
/// As above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_check(
    rule: *const CRule,
    json: *const c_char,
    length: usize,
    ask: *const CAsk,
) -> *mut CError {
    let mut error = ptr::null_mut();
    guarded(&raw mut error, || {
        // SAFETY: as the caller promises.
        let (rule, text, asking) = unsafe { (the(rule)?, bytes(json.cast(), length)?, asking(ask)?) };
        let faults = rule.rule.check(text, &asking)?;
        if faults.is_empty() { Ok(()) } else { Err(Error::CaseRefused(faults).into()) }
    });
    error
}

/// # Safety
/// As above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_evaluate_table(
    rule: *const CRule,
    columns: *const c_char,
    want: *const c_char,
    ask: *const CAsk,
    error: *mut *mut CError,
) -> *mut c_char {
    let text = guarded(error, || {
        // SAFETY: as the caller promises.
        let (rule, asking, columns, want) = unsafe { (the(rule)?, asking(ask)?, required(columns)?, required(want)?) };
        let columns: Columns =
            serde_json::from_str(columns).map_err(|_| Fail::misused("columns are no object of lists"))?;
        let want: Vec<&str> =
            serde_json::from_str(want).map_err(|_| Fail::misused("what is wanted is no list of names"))?;
        let table = rule.rule.evaluate_table(&columns, &want, &asking)?;
        let text = serde_json::to_string(&table).map_err(|_| Fail::misused("the answers have no text"))?;
        Ok(owned(&text))
    });
    text.map_or(ptr::null_mut(), CString::into_raw)
}

/// # Safety
/// As above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_text_free(text: *mut c_char) {
    if !text.is_null() {
        // SAFETY: as the caller promises.
        drop(unsafe { CString::from_raw(text) });
    }
}
