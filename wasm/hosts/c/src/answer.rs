//! Answers as C has them: a kind, words, and of four things the one that the kind says.

use std::ffi::{CString, c_char, c_int};
use std::ptr;

use concord_host::{Answer, Decision, Need, Possible, Verdict};
use serde_json::Value;

use crate::text::{Kept, owned};

/// A value, or none.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct CScalar {
    kind: c_int,
    text: *const c_char,
}

/// Something that is missing.
#[repr(C)]
pub struct CNeed {
    kind: *const c_char,
    fact: *const c_char,
    event: *const c_char,
    field: *const c_char,
    parameter: *const c_char,
    answer: *const c_char,
    until: *const c_char,
    text: *const c_char,
}

/// What an unknown answer may still be, and what would settle it.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct CUnknown {
    from: CScalar,
    to: CScalar,
    values: *const CScalar,
    value_count: usize,
    or_none: c_int,
    needs: *const CNeed,
    need_count: usize,
}

/// A verdict.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct CVerdict {
    verdict: *const c_char,
    from: *const c_char,
    due: *const c_char,
    due_on: *const c_char,
    done: *const c_char,
    late_by: *const c_char,
    excuse: *const c_char,
    late_by_days: c_int,
    late_by_working_days: c_int,
    possible: *const *const c_char,
    possible_count: usize,
    needs: *const CNeed,
    need_count: usize,
}

/// One of four, as the kind says.
#[repr(C)]
pub union COf {
    value: CScalar,
    unknown: CUnknown,
    verdict: CVerdict,
}

/// An answer.
#[repr(C)]
pub struct CAnswer {
    kind: c_int,
    text: *const c_char,
    because: *const *const c_char,
    because_count: usize,
    source: *const c_char,
    of: COf,
}

/// The answers of a decision.
pub struct Answers {
    names: Vec<(String, CString)>,
    answers: Vec<CAnswer>,
    held: Held,
}

/// What the answers lead to.
#[derive(Default)]
struct Held {
    kept: Kept,
    scalars: Vec<Box<[CScalar]>>,
    needs: Vec<Box<[CNeed]>>,
}

// SAFETY: all pointers lead to what is held beside them, which nobody changes.
unsafe impl Send for Answers {}
// SAFETY: as before.
unsafe impl Sync for Answers {}

impl Answers {
    pub fn of(decision: &Decision) -> Answers {
        let mut all = Answers { names: Vec::new(), answers: Vec::new(), held: Held::default() };
        for (name, answer) in decision.answers() {
            all.names.push((name.to_owned(), owned(name)));
            let answer = all.held.answer(answer);
            all.answers.push(answer);
        }
        all
    }

    pub fn len(&self) -> usize {
        self.names.len()
    }

    pub fn name(&self, place: usize) -> *const c_char {
        self.names.get(place).map_or(ptr::null(), |(_, name)| name.as_ptr())
    }

    pub fn get(&self, name: &str) -> *const CAnswer {
        let place = self.names.iter().position(|(known, _)| known == name);
        place.and_then(|place| self.answers.get(place)).map_or(ptr::null(), ptr::from_ref)
    }
}

impl Held {
    fn answer(&mut self, answer: &Answer) -> CAnswer {
        let words = answer.words();
        let (because, because_count) = self.kept.list(words.because.as_deref().unwrap_or_default());
        let (kind, of) = match answer {
            Answer::Value { value, .. } => (1, COf { value: self.scalar(Some(value)) }),
            Answer::None { .. } => (2, COf { value: self.scalar(None) }),
            Answer::Unknown { possible, needs, .. } => (3, COf { unknown: self.unknown(possible, needs) }),
            Answer::Verdict { verdict, .. } => (4, COf { verdict: self.verdict(verdict) }),
        };
        let text = self.kept.text(&words.text);
        let source = self.kept.optional(words.source.as_ref());
        CAnswer { kind, text, because, because_count, source, of }
    }

    fn scalar(&mut self, value: Option<&Value>) -> CScalar {
        match value {
            None | Some(Value::Null) => CScalar { kind: 0, text: ptr::null() },
            Some(Value::Bool(yes)) => CScalar { kind: 1, text: self.kept.text(if *yes { "true" } else { "false" }) },
            Some(Value::String(text)) => CScalar { kind: 3, text: self.kept.text(text) },
            Some(number) => CScalar { kind: 2, text: self.kept.text(&number.to_string()) },
        }
    }

    fn unknown(&mut self, possible: &Possible, needs: &[Need]) -> CUnknown {
        let values = possible.values.as_deref().unwrap_or_default();
        let values: Box<[CScalar]> = values.iter().map(|value| self.scalar(Some(value))).collect();
        let (at, value_count) = (values.as_ptr(), values.len());
        self.scalars.push(values);
        let (needs, need_count) = self.needs(needs);
        CUnknown {
            from: self.scalar(possible.from.as_ref()),
            to: self.scalar(possible.to.as_ref()),
            values: at,
            value_count,
            or_none: possible.or_none.into(),
            needs,
            need_count,
        }
    }

    fn verdict(&mut self, of: &Verdict) -> CVerdict {
        let days = |days: Option<u32>| days.and_then(|days| c_int::try_from(days).ok()).unwrap_or(-1);
        let (possible, possible_count) = self.kept.list(of.possible.as_deref().unwrap_or_default());
        let (needs, need_count) = self.needs(of.needs.as_deref().unwrap_or_default());
        let kept = &mut self.kept;
        CVerdict {
            verdict: kept.text(&of.verdict),
            from: kept.optional(of.from.as_ref()),
            due: kept.optional(of.due.as_ref()),
            due_on: kept.optional(of.due_on.as_ref()),
            done: kept.optional(of.done.as_ref()),
            late_by: kept.optional(of.late_by.as_ref()),
            excuse: kept.optional(of.excuse.as_ref()),
            late_by_days: days(of.late_by_days),
            late_by_working_days: days(of.late_by_working_days),
            possible,
            possible_count,
            needs,
            need_count,
        }
    }

    fn needs(&mut self, needs: &[Need]) -> (*const CNeed, usize) {
        let kept = &mut self.kept;
        let needs = needs.iter().map(|need| CNeed {
            kind: kept.text(&need.kind),
            fact: kept.optional(need.fact.as_ref()),
            event: kept.optional(need.event.as_ref()),
            field: kept.optional(need.field.as_ref()),
            parameter: kept.optional(need.parameter.as_ref()),
            answer: kept.optional(need.answer.as_ref()),
            until: kept.optional(need.until.as_ref()),
            text: kept.text(&need.text),
        });
        let needs: Box<[CNeed]> = needs.collect();
        let found = (needs.as_ptr(), needs.len());
        self.needs.push(needs);
        found
    }
}
