//! The functions that every module has. Their order here is that of their numbers; those that helpers get come after.

pub(super) mod batch;
pub(super) mod configure;
pub(super) mod incomplete_row;
pub(super) mod record;

use std::rc::Rc;

use crate::emit::assembler::{Node, Ty};

/// One line for each function: its name, that under which hosts call it, if they do, and its parameters. All give an `I32`.
macro_rules! entries {
    ($($(#[$doc:meta])* $name:ident ($($ty:ident),*) $($export:literal)?;)*) => {
        /// The functions.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Entry { $($(#[$doc])* $name),* }

        impl Entry {
            /// All, in the order of their numbers.
            pub(crate) const ALL: &[Entry] = &[$(Entry::$name),*];

            /// The types of its parameters.
            pub(crate) fn parameters(self) -> &'static [Ty] {
                match self { $(Entry::$name => &[$(Ty::$ty),*]),* }
            }

            /// The name under which hosts call it.
            pub(crate) fn export(self) -> Option<&'static str> {
                match self { $(Entry::$name => { let name: &[&str] = &[$($export)?]; name.first().copied() }),* }
            }
        }
    };
}

entries! {
    /// `(parameter, value) -> 0 set, 1 no such parameter, 2 outside the contract`
    Configure(I32, I64) "configure";
    /// `(parameter) -> 0 back to the group's value, 1 no such parameter`
    Unconfigure(I32) "unconfigure";
    /// `(record in, record out) -> status`
    EvaluateRecord(I32, I32) "evaluate_record";
    /// `(rows, columns, outputs) -> rows that are not complete, or −1 when there is no room for their records`
    EvaluateBatch(I32, I32, I32) "evaluate_batch";
    /// `(record in, record out) -> status`, whatever is missing
    General(I32, I32);
    /// `(columns, outputs, row, number among the incomplete) -> whether there was room`
    IncompleteRow(I32, I32, I32, I32);
}

impl Entry {
    /// How many there are: the number of the first helper.
    pub(crate) const COUNT: u32 = Entry::ALL.len() as u32;

    /// A call.
    pub(crate) fn call(self, operands: Vec<Node>) -> Node {
        Node::Call(self as u32, Ty::I32, Rc::new(operands))
    }
}
