//! Text in and out.

use std::ffi::{CStr, CString, c_char};
use std::ptr;

use crate::error::Fail;

/// Text as C has it. A zero inside, which no rule writes, would end it.
pub fn owned(text: &str) -> CString {
    CString::new(text.replace('\0', "\u{fffd}")).unwrap_or_default()
}

/// What the caller gave, none where that is NULL.
///
/// # Safety
/// The pointer is NULL, or to a text that ends with a zero and lives as long as is said.
pub unsafe fn optional<'a>(text: *const c_char) -> Result<Option<&'a str>, Fail> {
    if text.is_null() {
        return Ok(None);
    }
    // SAFETY: as the caller promises.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_str().map(Some).map_err(|_| Fail::misused("a text is not UTF-8"))
}

/// What the caller gave, which may not be NULL.
///
/// # Safety
/// As [`optional`].
pub unsafe fn required<'a>(text: *const c_char) -> Result<&'a str, Fail> {
    // SAFETY: as the caller promises.
    unsafe { optional(text) }?.ok_or_else(|| Fail::misused("a text is NULL"))
}

/// Bytes of the caller.
///
/// # Safety
/// The pointer is NULL, or to so many bytes.
pub unsafe fn bytes<'a>(at: *const u8, length: usize) -> Result<&'a [u8], Fail> {
    if at.is_null() {
        return if length == 0 { Ok(&[]) } else { Err(Fail::misused("a text is NULL")) };
    }
    // SAFETY: as the caller promises.
    Ok(unsafe { std::slice::from_raw_parts(at, length) })
}

/// Text and lists that stay where they are for as long as this is there.
#[derive(Default)]
pub struct Kept {
    texts: Vec<CString>,
    lists: Vec<Box<[*const c_char]>>,
}

impl Kept {
    /// Keeps a text.
    pub fn text(&mut self, text: &str) -> *const c_char {
        let text = owned(text);
        let at = text.as_ptr();
        self.texts.push(text);
        at
    }

    /// Keeps a text that may not be there.
    pub fn optional(&mut self, text: Option<&String>) -> *const c_char {
        text.map_or(ptr::null(), |text| self.text(text))
    }

    /// Keeps a list of texts: where it stands, and how many they are.
    pub fn list(&mut self, texts: &[String]) -> (*const *const c_char, usize) {
        let list: Box<[*const c_char]> = texts.iter().map(|text| self.text(text)).collect();
        let found = (list.as_ptr(), list.len());
        self.lists.push(list);
        found
    }
}

// SAFETY: the pointers lead to what is kept beside them, which nobody changes.
unsafe impl Send for Kept {}
// SAFETY: as before.
unsafe impl Sync for Kept {}
