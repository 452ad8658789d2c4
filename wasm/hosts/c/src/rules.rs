//! The rules of a folder.

use std::ffi::{c_char, c_void};
use std::path::Path;
use std::ptr;
use std::time::Duration;

use concord_host::{Error, Rule, Rules};

use crate::error::{CError, Fail, free, given, guarded};
use crate::options::{COptions, Context, loading};
use crate::rule::CRule;
use crate::text::{Kept, optional, owned, required};

/// Who is told, as C has it.
#[repr(C)]
pub struct CWatcher {
    on_change: Option<unsafe extern "C" fn(*mut c_void, *const c_char, *const c_char, *const c_char)>,
    on_refused: Option<unsafe extern "C" fn(*mut c_void, *const c_char, *const CError)>,
    context: *mut c_void,
}

/// The rules that the caller names.
///
/// # Safety
/// The pointer is NULL, or was given by this library and not freed.
unsafe fn the<'a>(rules: *const Rules) -> Result<&'a Rules, Fail> {
    // SAFETY: as the caller promises.
    unsafe { rules.as_ref() }.ok_or_else(|| Fail::misused("the rules are NULL"))
}

/// # Safety
/// All pointers are as the header says; so it is with every function here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_rules_open(
    folder: *const c_char,
    options: *const COptions,
    watcher: *const CWatcher,
    error: *mut *mut CError,
) -> *mut Rules {
    given(guarded(error, || {
        // SAFETY: as the caller promises.
        let (folder, how, watcher) = unsafe { (required(folder)?, loading(options)?, watcher.as_ref()) };
        let context = Context::new(watcher.map_or(ptr::null_mut(), |watcher| watcher.context));
        let change = watcher.and_then(|watcher| watcher.on_change).map(|tell| {
            let told = move |old: Option<&Rule>, new: Option<&Rule>| {
                let mut kept = Kept::default();
                let package = old.or(new).map(|rule| &rule.info().package);
                let package = kept.optional(package);
                let old = kept.optional(old.map(|rule| &rule.info().sha256));
                let new = kept.optional(new.map(|rule| &rule.info().sha256));
                // SAFETY: what it is given lives until it returns.
                unsafe { tell(context.get(), package, old, new) };
            };
            Box::new(told) as Box<dyn Fn(Option<&Rule>, Option<&Rule>) + Send + Sync>
        });
        let refused = watcher.and_then(|watcher| watcher.on_refused).map(|tell| {
            let told = move |path: &Path, error: &Error| {
                let error = CError::told(error);
                // SAFETY: what it is given lives until it returns.
                unsafe { tell(context.get(), owned(&path.to_string_lossy()).as_ptr(), &raw const error) };
            };
            Box::new(told) as Box<dyn Fn(&Path, &Error) + Send + Sync>
        });
        Ok(Rules::telling(folder, &how, change, refused)?)
    }))
}

/// # Safety
/// As above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_rules_get(
    rules: *const Rules,
    package: *const c_char,
    version: *const c_char,
    error: *mut *mut CError,
) -> *mut CRule {
    given(guarded(error, || {
        // SAFETY: as the caller promises.
        let (rules, package, version) = unsafe { (the(rules)?, required(package)?, optional(version)?) };
        let rule = version.map_or_else(|| rules.rule(package), |version| rules.get(package, version))?;
        Ok(CRule::new(rule))
    }))
}

/// # Safety
/// As above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_rules_reload(rules: *const Rules) -> *mut CError {
    let mut error = ptr::null_mut();
    // SAFETY: as the caller promises.
    guarded(&raw mut error, || Ok(unsafe { the(rules) }?.reload()?));
    error
}

/// # Safety
/// As above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_rules_watch(rules: *const Rules, every_ms: u64) {
    // SAFETY: as the caller promises.
    if let Some(rules) = unsafe { rules.as_ref() } {
        rules.watch(Duration::from_millis(every_ms.max(1)));
    }
}

/// # Safety
/// As above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn concord_rules_free(rules: *mut Rules) {
    // A watch that is just telling somebody ends first.
    // SAFETY: as the caller promises.
    if let Some(rules) = unsafe { rules.as_ref() } {
        rules.close();
    }
    // SAFETY: as the caller promises.
    unsafe { free(rules) };
}
