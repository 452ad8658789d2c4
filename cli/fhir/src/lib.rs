//! FHIR R4 → case. A bundle is read by what a module's manifest says of its facts and events: the codes by which records know them, their
//! units, and which of several values counts. So the mapping is data that goes with the rule; there is none to write, and no code
//! for any one rule.
//!
//! Nothing is guessed. What cannot be read exactly is given as the range in which it lies, and what cannot be read at all is missing, and is
//! said ([`Report`]). The case is checked by the reader of cases like any other.
//!
//! Files in order: `number`, `time` and `ucum` read what FHIR writes; `wanted` is the manifest's side, `resource` the bundle's; `value` makes one of
//! the other, `taking` chooses among several; `bundle` does it for all;
//! `whose` says of which patient a resource is, where they do not stand in a bundle.

mod bundle;
mod number;
mod report;
mod resource;
mod taking;
mod time;
mod ucum;
mod value;
mod wanted;
mod whose;

pub use bundle::{FINER, Mapped, gathered, read};
pub use report::Report;
pub use ucum::{UCUM, WITHOUT_UCUM, is_same};
pub use wanted::Wanted;
pub use whose::{Whose, whose};
