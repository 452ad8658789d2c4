//! The form for people: the author's own lines, marked.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Patch, Renderer, Snippet, normalize_untrusted_str};

use super::source_of;
use crate::diagnostics::{Diagnostic, Edit, Severity};
use crate::text::{Source, Span};

/// A message with its source lines, in the width of a terminal; `colour` adds ANSI styles.
#[must_use]
pub fn human(diagnostic: &Diagnostic, sources: &[Source], colour: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Note => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let mut group =
        level.primary_title(diagnostic.title.as_str()).id(diagnostic.code.0).elements(snippets(diagnostic, sources));
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(normalize_untrusted_str(note)));
    }
    let fix = fix(diagnostic, sources);
    if let (None, Some(help)) = (&fix, &diagnostic.help) {
        group = group.element(Level::HELP.message(normalize_untrusted_str(help)));
    }
    let report: Vec<Group<'_>> = std::iter::once(group).chain(fix).collect();
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Unicode).term_width(120).render(&report)
}

/// One snippet for each source that the message points into, that of the fault first.
fn snippets<'s>(diagnostic: &'s Diagnostic, sources: &'s [Source]) -> Vec<Snippet<'s, Annotation<'s>>> {
    let mut order = vec![diagnostic.primary.span.source];
    for reason in &diagnostic.reasons {
        if !order.contains(&reason.span.source) {
            order.push(reason.span.source);
        }
    }
    let mut out = Vec::new();
    for index in order {
        let labels: Vec<(AnnotationKind, Span, &str)> =
            std::iter::once((AnnotationKind::Primary, diagnostic.primary.span, diagnostic.primary.text.as_str()))
                .chain(diagnostic.reasons.iter().map(|r| (AnnotationKind::Context, r.span, r.text.as_str())))
                .filter(|(_, span, _)| span.source == index)
                .collect();
        let spans: Vec<Span> = labels.iter().map(|(_, span, _)| *span).collect();
        let Some(part) = Part::around(&spans, sources) else {
            continue;
        };
        let marks = labels.into_iter().map(|(kind, span, text)| {
            let mark = kind.span(part.range(span));
            if text.is_empty() { mark } else { mark.label(text) }
        });
        out.push(Snippet::source(part.text).line_start(part.first_line).path(part.name).annotations(marks));
    }
    out
}

/// The edits, shown as changed lines under the help.
fn fix<'s>(diagnostic: &'s Diagnostic, sources: &'s [Source]) -> Option<Group<'s>> {
    let spans: Vec<Span> = diagnostic.edits.iter().map(|edit| edit.span).collect();
    let source = spans.first()?.source;
    if spans.iter().any(|span| span.source != source) {
        return None;
    }
    let part = Part::around(&spans, sources)?;
    let patches =
        diagnostic.edits.iter().map(|Edit { span, replacement }| Patch::new(part.range(*span), replacement.as_str()));
    let words = diagnostic.help.as_deref().unwrap_or("change it to this");
    let snippet = Snippet::source(part.text).line_start(part.first_line).path(part.name).patches(patches);
    Some(Level::HELP.secondary_title(normalize_untrusted_str(words)).element(snippet))
}

/// The lines of a source that some spans lie in, so that a large file is not laid out whole.
struct Part<'s> {
    name: &'s str,
    text: &'s str,
    start: usize,
    first_line: usize,
}

impl<'s> Part<'s> {
    fn around(spans: &[Span], sources: &'s [Source]) -> Option<Part<'s>> {
        let source = source_of(*spans.first()?, sources)?;
        let text = source.text.as_str();
        let low = boundary(text, spans.iter().map(|span| span.start).min()?);
        let high = boundary(text, spans.iter().map(|span| span.end).max()?);
        let start = text.get(..low)?.rfind('\n').map_or(0, |at| at + 1);
        let end = text.get(high..)?.find('\n').map_or(text.len(), |at| high + at);
        let first_line = text.get(..start)?.matches('\n').count() + 1;
        Some(Part { name: &source.name, text: text.get(start..end)?, start, first_line })
    }

    /// The span within the part, on character boundaries and inside the text.
    fn range(&self, span: Span) -> std::ops::Range<usize> {
        let place = |at: u32| {
            let at = usize::try_from(at).unwrap_or(usize::MAX).saturating_sub(self.start);
            boundary(self.text, u32::try_from(at).unwrap_or(u32::MAX))
        };
        let start = place(span.start);
        start..place(span.end).max(start)
    }
}

fn boundary(text: &str, at: u32) -> usize {
    let mut at = usize::try_from(at).unwrap_or(usize::MAX).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
