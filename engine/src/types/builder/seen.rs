//! What was found out about the text while types were worked out, by place: for editors, which ask what stands at a column.

use std::collections::BTreeMap;

use crate::names::Symbol;
use crate::plan::{Expr, FieldId, KindId, Kinds, Shape, Table};
use crate::text::Span;
use crate::types::Typed;
use crate::values::types::Type;

/// An expression or a name in the text, and what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Where it stands.
    pub span: Span,
    /// The type of its value, and what the value can be; nothing for what has no value, such as an event.
    pub value: Option<(Type, Shape)>,
    /// What it means, where it is a name.
    pub means: Option<Meaning>,
}

/// What a name means at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// a declaration of the package, or something that is asked of one, as `rtt.running` of a clock
    Declared(Symbol),
    /// a field of the current event: kind and field
    Field(KindId, FieldId),
    /// the time of the current event
    Time,
    /// something of a clock's current period: `start`, `stop`
    Period,
    /// the points of a choice
    Points,
    /// a choice of the value's type, by place
    Choice(u8),
    /// an answer of another package, by its place among all packages
    Imported(usize),
}

/// An expression of the text as it was worked out, so that it can be asked what it comes to in a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// What is worked out.
    pub expr: Expr,
    /// The type of its value.
    pub ty: Type,
    /// Of which kinds the events in scope are, the innermost first.
    pub around: Vec<Kinds>,
}

/// What is kept besides for asking cases about the text.
#[derive(Clone, Debug, Default)]
pub struct Questions {
    /// Every expression of the text by its place, once for each way in which it was worked out.
    pub expressions: BTreeMap<Span, Vec<Asked>>,
    /// The tables of which every row that fits has its say.
    pub collected: Vec<Table>,
}

/// Everything seen, in the order of the text; of what has the same span the first.
#[derive(Clone, Debug, Default)]
pub struct SideTable {
    seen: Vec<Seen>,
    questions: Option<Box<Questions>>,
}

impl SideTable {
    /// A table that keeps what was worked out as well.
    #[must_use]
    pub fn with_questions() -> SideTable {
        SideTable { seen: Vec::new(), questions: Some(Box::default()) }
    }

    /// What was worked out, where it was kept.
    #[must_use]
    pub fn questions(&self) -> Option<&Questions> {
        self.questions.as_deref()
    }

    /// Where to keep what is worked out; nowhere where nobody asks.
    pub(in crate::types) fn questions_mut(&mut self) -> Option<&mut Questions> {
        self.questions.as_deref_mut()
    }
    /// The smallest part of the text that is known and lies around an offset.
    #[must_use]
    pub fn at(&self, source: u32, offset: u32) -> Option<&Seen> {
        let around = |span: Span| span.source == source && span.start <= offset && offset < span.end;
        self.seen.iter().filter(|seen| around(seen.span)).min_by_key(|seen| seen.span.end - seen.span.start)
    }

    /// All of it, in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = &Seen> {
        self.seen.iter()
    }

    /// An expression of this type.
    pub(in crate::types) fn expression(&mut self, span: Span, typed: &Typed) {
        // What a name means is noted first, and says more.
        if self.seen.last().is_none_or(|last| last.span != span) {
            self.seen.push(Seen { span, value: Some((typed.ty.clone(), typed.expr.shape)), means: None });
        }
    }

    /// A name that has a value.
    pub(in crate::types) fn name(&mut self, span: Span, typed: &Typed, means: Meaning) {
        let value = Some((typed.ty.clone(), typed.expr.shape));
        self.seen.push(Seen { span, value, means: Some(means) });
    }

    /// A name that has none.
    pub(in crate::types) fn mention(&mut self, span: Span, symbol: Symbol) {
        self.seen.push(Seen { span, value: None, means: Some(Meaning::Declared(symbol)) });
    }

    /// Puts it in order.
    pub(in crate::types) fn in_order(mut self) -> SideTable {
        self.seen.sort_by_cached_key(|seen| seen.span);
        self.seen.dedup_by_key(|seen| seen.span);
        self
    }
}
