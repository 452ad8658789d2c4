//! Work on what another package declares, in the place of this one's.

use crate::diagnostics::Severity;
use crate::plan::Kinds;
use crate::text::Span;
use crate::types::Builder;

impl Builder<'_> {
    /// Works on another package's declarations instead of this one's, for something that stands at `span` here.
    pub(in crate::types) fn within<T>(
        &mut self,
        package: usize,
        kinds: Option<Kinds>,
        span: Span,
        work: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let other = self.context.of_package(package, kinds)?;
        let own = std::mem::replace(&mut self.context, other);
        let mark = self.faults.mark();
        let done = work(self);
        self.context = own;
        if own.inlining().is_none() {
            // The other package is sound by itself and warns of what is doubtful in it: an error is in the use of it here.
            let path = own.package(package).map_or("", |used| used.path.as_str());
            let found = self.faults.take_out(mark);
            for mut fault in found.into_iter().filter(|fault| fault.severity == Severity::Error) {
                fault.primary.span = span;
                fault.reasons.clear();
                fault.edits.clear();
                self.faults.push(fault.note(format!("found while working out what the package `{path}` says")));
            }
        }
        done
    }
}
