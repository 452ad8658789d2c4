//! How a rule is loaded, and how it is asked.

use std::ffi::{c_char, c_int, c_void};
use std::time::Duration;

use concord_host::{Asking, Call, Decision, Loading, Outcome};

use crate::decision::CDecision;
use crate::error::Fail;
use crate::text::{Kept, optional, owned};

/// Options as C has them.
#[repr(C)]
pub struct COptions {
    sha256: *const c_char,
    fingerprint: *const c_char,
    allow_draft: c_int,
    without_verifying: c_int,
    on_call: Option<unsafe extern "C" fn(*mut c_void, *const CCall)>,
    on_decision: Option<unsafe extern "C" fn(*mut c_void, *const CDecision, *const c_char)>,
    context: *mut c_void,
}

/// A call as C is told of it.
#[repr(C)]
pub struct CCall {
    package: *const c_char,
    version: *const c_char,
    fingerprint: *const c_char,
    outcome: *const c_char,
    seconds: f64,
    codes: *const *const c_char,
    code_count: usize,
    unknown: usize,
    cases: usize,
}

/// How a case is asked about, as C says it.
#[repr(C)]
pub struct CAsk {
    as_of: *const c_char,
    settings: *const c_char,
    member: *const c_char,
    explain: c_int,
    deadline_ms: u64,
}

/// What the caller gives to be given back to its own functions.
#[derive(Clone, Copy)]
pub struct Context(*mut c_void);

// SAFETY: the header says that it is given back from any thread.
unsafe impl Send for Context {}
// SAFETY: as before.
unsafe impl Sync for Context {}

impl Context {
    pub fn new(context: *mut c_void) -> Context {
        Context(context)
    }

    pub fn get(self) -> *mut c_void {
        self.0
    }
}

/// What the options say.
///
/// # Safety
/// The pointer is NULL or to options as the header has them.
pub unsafe fn loading(options: *const COptions) -> Result<Loading, Fail> {
    let mut how = Loading::new();
    // SAFETY: as the caller promises.
    let Some(options) = (unsafe { options.as_ref() }) else { return Ok(how) };
    // SAFETY: as the caller promises.
    let (sha256, fingerprint) = unsafe { (optional(options.sha256)?, optional(options.fingerprint)?) };
    if let Some(hash) = sha256 {
        how = how.sha256(hash);
    }
    if let Some(hash) = fingerprint {
        how = how.fingerprint(hash);
    }
    if options.allow_draft != 0 {
        how = how.allow_draft();
    }
    if options.without_verifying != 0 {
        how = how.without_verifying();
    }
    let context = Context::new(options.context);
    if let Some(tell) = options.on_call {
        how = how.on_call(move |call| tell_call(tell, context, call));
    }
    if let Some(tell) = options.on_decision {
        how = how.on_decision(move |decision: &Decision, hash: &str| {
            let decision = CDecision::new(decision.clone());
            // SAFETY: what it is given lives until it returns.
            unsafe { tell(context.get(), &raw const decision, owned(hash).as_ptr()) };
        });
    }
    Ok(how)
}

fn tell_call(tell: unsafe extern "C" fn(*mut c_void, *const CCall), context: Context, call: &Call<'_>) {
    let outcome = match call.outcome {
        Outcome::Answered => "answered",
        Outcome::Refused => "refused",
        Outcome::SettingRefused => "setting_refused",
        Outcome::ClaimBroken => "claim_broken",
        Outcome::Limit => "limit",
        Outcome::Stopped => "stopped",
    };
    let mut kept = Kept::default();
    let (codes, code_count) = kept.list(&call.codes);
    let call = CCall {
        package: kept.text(call.package),
        version: kept.text(call.version),
        fingerprint: kept.text(call.fingerprint),
        outcome: kept.text(outcome),
        seconds: call.took.as_secs_f64(),
        codes,
        code_count,
        unknown: call.unknown,
        cases: call.cases,
    };
    // SAFETY: what it is given lives until it returns.
    unsafe { tell(context.get(), &raw const call) };
}

/// How the caller asks.
///
/// # Safety
/// The pointer is NULL or to what the header says.
pub unsafe fn asking(ask: *const CAsk) -> Result<Asking, Fail> {
    let mut asking = Asking::new();
    // SAFETY: as the caller promises.
    let Some(ask) = (unsafe { ask.as_ref() }) else { return Ok(asking) };
    // SAFETY: as the caller promises.
    let (as_of, settings, member) = unsafe { (optional(ask.as_of)?, optional(ask.settings)?, optional(ask.member)?) };
    if let Some(instant) = as_of {
        asking = asking.as_of(instant);
    }
    if let Some(json) = settings {
        asking = asking.settings(json);
    }
    if let Some(code) = member {
        asking = asking.member(code);
    }
    if ask.explain != 0 {
        asking = asking.explain();
    }
    if ask.deadline_ms != 0 {
        asking = asking.deadline(Duration::from_millis(ask.deadline_ms));
    }
    Ok(asking)
}
