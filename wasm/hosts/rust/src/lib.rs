//! A rule is one file, `NAME.wasm`, which [`Rule`] loads and asks, and [`Rules`] a folder of them. The names, shapes and errors are those of the hosts in all
//! languages; `wasm/hosts/README.md` is their contract.

mod answer;
mod ask;
mod decision;
mod error;
mod hooks;
mod info;
mod load;
mod member;
mod pool;
mod rule;
mod rules;
mod table;

pub use answer::{Answer, Need, Possible, Verdict, Words};
pub use ask::Asking;
pub use decision::{Decision, NotApplied};
pub use error::{Error, Fault, Limit};
pub use hooks::{Call, Outcome};
pub use info::{Differs, Event, Fact, Given, Info, Member, Parameter, Schema, Type};
pub use load::Loading;
pub use rule::Rule;
pub use rules::Rules;
pub use table::{Columns, Table};
