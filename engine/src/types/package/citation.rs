//! Citations of the sources that the header names.

use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tree::Citation;
use crate::types::Builder;

impl Builder<'_> {
    /// A citation as it is shown: the source's text and the place in it.
    pub(in crate::types) fn citation(&mut self, citation: &Citation) -> String {
        let found =
            self.plan.credentials().sources.iter().find(|s| s.id == citation.id.node).map(|s| s.citation.clone());
        if citation.unverified {
            self.plan.unverified();
        }
        let Some(text) = found else {
            let title = format!("the package header gives no source `{}`", citation.id.node);
            let fault = Diagnostic::error(codes::E0708, citation.id.span, title, "which source?");
            self.faults.push(fault.help("add `source ID \"…\"` to the header, or correct the name"));
            return String::new();
        };
        let place = citation.place.as_ref().map(|p| format!(", {p}")).unwrap_or_default();
        let unverified = if citation.unverified { " (unverified)" } else { "" };
        format!("{text}{place}{unverified}")
    }
}
