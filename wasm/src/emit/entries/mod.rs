//! The functions that every module has. Their order here is that of their numbers; those that helpers get come after.

pub(super) mod aside;
pub(super) mod batch;
pub(super) mod configure;
pub(super) mod incomplete_row;
pub(super) mod record;
mod row;
mod sixteen;
mod wanted;
pub(super) mod workspace;

use std::rc::Rc;

use crate::emit::assembler::{Node, Ty};
use crate::emit::walk::Complete;

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
    /// `(events) -> bytes of the workspace that they take`
    Workspace(I32) "workspace";
    /// `(address, bytes) -> the most events of a case, or −1`
    SetWorkspace(I32, I32) "set_workspace";
    /// `(rows, columns, outputs) -> rows that are not complete, −1 when there is no room for their records, or −2 when the workspace is
    /// too small for the events of a row`
    EvaluateBatch(I32, I32, I32) "evaluate_batch";
    /// `(record in, record out) -> status`, whatever is missing
    General(I32, I32);
    /// `(columns, outputs, row, number among the incomplete) -> 0, or what the batch ends with`
    IncompleteRow(I32, I32, I32, I32);
    /// `(columns, outputs, the first row of the words, where they end, how many came before) -> how many there are then, or what the batch
    /// ends with`
    IncompleteRows(I32, I32, I32, I32, I32);
    /// `(record in, record out) -> whether it is in doubt`, where everything is there; only where it is not written out in both
    /// of the entries that need it
    Strict(I32, I32);
    /// `(outputs, row, record out) -> 0`: what came out goes into the columns that the host asks for; there with the one before
    Outputs(I32, I32, I32);
    /// `(bytes) -> address of room for a text, or 0`
    Alloc(I32) "alloc";
    /// `() -> 0`, all such room given back
    Reset() "reset";
    /// `(address, bytes) -> status` of a case as JSON
    EvaluateJson(I32, I32) "evaluate_json";
    /// `(address, bytes) -> status` of a case as JSON, answered with reasons
    ExplainJson(I32, I32) "explain_json";
    /// `() -> address` of what came out
    JsonOut() "json_out";
    /// `() -> its bytes`
    JsonOutBytes() "json_out_bytes";
    /// `(address, bytes) -> status` of a member's settings as JSON
    ConfigureJson(I32, I32) "configure_json";
    /// `() -> address` of the manifest that the module carries, or 0 where there is no room for it
    Describe() "describe";
    /// `() -> its bytes`
    DescribeBytes() "describe_bytes";
    /// `() -> how many of the golden cases that it carries are not answered as they must be, or −1`
    SelfTest() "self_test";
}

impl Entry {
    /// Those of a module whose strict code stands somewhere, which reads JSON, or not, and which carries its manifest, or not. Of
    /// those that are left out, none is before one that is called inside.
    pub(crate) fn of(complete: Complete, json: bool, carries: bool) -> impl Iterator<Item = Entry> + Clone {
        Entry::ALL.iter().copied().filter(move |entry| match entry {
            Entry::Strict | Entry::Outputs => complete == Complete::Apart,
            Entry::Describe | Entry::DescribeBytes | Entry::SelfTest => carries && json,
            entry => json || !entry.is_json(),
        })
    }

    /// Whether it is one of those for JSON.
    pub(crate) fn is_json(self) -> bool {
        matches!(
            self,
            Entry::Alloc
                | Entry::Reset
                | Entry::EvaluateJson
                | Entry::ExplainJson
                | Entry::JsonOut
                | Entry::JsonOutBytes
                | Entry::ConfigureJson
                | Entry::Describe
                | Entry::DescribeBytes
                | Entry::SelfTest
        )
    }

    /// Whether it is one of those that are written out in their only caller, and that in them: they read and write texts, or run rows set aside.
    pub(crate) fn is_joined(self) -> bool {
        let texts = [Entry::EvaluateJson, Entry::ExplainJson, Entry::ConfigureJson, Entry::Describe, Entry::SelfTest];
        texts.contains(&self) || matches!(self, Entry::IncompleteRow | Entry::IncompleteRows)
    }

    /// Whether it is run so seldom that what counts is how short it is. What is missing of rules about facts alone may be missing in many rows.
    pub(crate) fn is_seldom(self, has_events: bool) -> bool {
        match self {
            Entry::EvaluateRecord | Entry::EvaluateBatch | Entry::Strict | Entry::Outputs => false,
            Entry::General | Entry::IncompleteRow | Entry::IncompleteRows => has_events,
            _ => true,
        }
    }

    /// A call.
    pub(crate) fn call(self, operands: Vec<Node>) -> Node {
        Node::Call(self as u32, Ty::I32, Rc::new(operands))
    }
}
