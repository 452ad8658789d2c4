//! CDS Hooks 2.0: a record system asks when a patient's record is opened, and is given cards. Which rule answers at which hook, what its card says and how
//! urgent it is stands in a file ([`config`]); which data the record system must send along follows from the codes of the rule ([`discovery`]).
//!
//! An unknown answer is never silence: where what is still possible would make a card, there is one, and it names what is missing.

mod card;
mod discovery;
mod feedback;
mod request;

pub use discovery::services;
pub use feedback::feedback;
pub use request::call;
