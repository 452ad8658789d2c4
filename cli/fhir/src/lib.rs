//! FHIR R4 → case. A bundle is read by what a module's manifest says of its facts and events: the codes by which records know them, their
//! units, and which of several values counts. So the mapping is data that goes with the rule; there is none to write, and no code
//! for any one rule.
//!
//! Nothing is guessed. What cannot be read exactly is given as the range in which it lies, and what cannot be read at all is missing, and is
//! said ([`Report`]). The case is checked by the reader of cases like any other.
//!
//! Files in order: `number`, `time` and `ucum` read what FHIR writes; `address`, `version` and `shapes` are what resources say of themselves; `wanted` is
//! the manifest's side; `value` makes one of the other, `taking` chooses among several, `patient` says what follows from who it is; `when` and `condition` say when
//! something was and whether it is there, `resource` what each comes to, `medicines` what was given; `opened` takes a bundle apart, `whose` says of which patient a
//! resource is, where they do not stand in one, `linked` which records are of one person, `beside` is what stands beside the resources of a patient, `about` says whom they
//! are about, `making` makes the case, and `bundle` does it for all.

mod about;
mod address;
mod beside;
mod bundle;
mod condition;
mod linked;
mod making;
mod medicines;
mod number;
mod opened;
mod patient;
mod report;
mod resource;
mod shapes;
mod taking;
mod time;
mod ucum;
mod value;
mod version;
mod wanted;
mod when;
mod whose;

pub use beside::Beside;
pub use bundle::{gathered, read, read_about};
pub use making::{FINER, Mapped};
pub use report::Report;
pub use shapes::Number;
pub use taking::{Counts, at_the_edge, lies};
pub use ucum::{UCUM, WITHOUT_UCUM, is_same};
pub use wanted::Wanted;
pub use whose::{BY_NUMBER, Called, Whose, whose};
