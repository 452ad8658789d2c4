//! Random plans and random cases for them, reproducible from a seed.
//!
//! Plans are well typed, shapes are worked out by interval arithmetic, and numbers stay far from overflow.

mod cases;
mod constructs;
mod expressions;
mod formulas;
mod paths;
mod plans;
mod queries;
mod random;
mod running;
mod said;
mod seen;
mod sentences;
mod tables;
mod times;

pub use cases::{Cases, case, settings};
pub use constructs::{constructs, written};
pub use plans::{plan, plan_of_a_rule, plan_of_facts};
pub use random::Random;
pub use seen::Seen;
pub use sentences::text;
