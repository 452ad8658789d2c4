//! The syntax tree: what the author wrote, nothing resolved.
//!
//! Every node that a message may point at carries its [`Span`](crate::text::Span). The tree keeps the author's spelling of
//! numbers and units; meaning is given to them by `names` and `types`.

#![allow(missing_docs, reason = "fields inside a variant are shown by the variant's own line")]

mod clock;
mod example;
mod expression;
mod file;
mod measure;
mod member;
mod name;
mod number;
mod obligation;
mod package;
mod parameter;
mod parts;
mod path;
mod query;
mod subject;
mod table;

pub use clock::{Clock, Edge};
pub use example::{Example, Expectation, Expected, Given, Supplied};
pub use expression::{BinaryOp, Comparison, Define, Expr, ExprKind};
pub use file::{File, Item, Use};
pub use measure::{Bands, Better, Figure, Made, Measure, MeasureEntry, MeasureKind, Share, Stratum, StratumKind};
pub use member::{Member, Setting};
pub use name::{Citation, Name, Path};
pub use number::{Date, Dated, Number, Unit};
pub use obligation::{Clause, ClauseKind, Deadline, Obligation};
pub use package::{Meta, MetaKind, Package};
pub use parameter::{Local, LocalKind, Parameter};
pub use parts::Node;
pub use path::{Pathway, Stage, StageKind};
pub use query::{EventSet, Events, EventsKind, Part, Query, Window, WindowKind};
pub use subject::{Codes, Coding, Ends, Enum, Event, Fact, OtherUnit, Subject, Taking, TypeExpr, TypeKind, Variant};
pub use table::{Asks, Cell, Column, Policy, Row, RowOutput, Table, Test};
