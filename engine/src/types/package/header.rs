//! The package header: who wrote it, on what ground, how far it is approved. Governance metadata is checked, not decoration.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::library::{Approval, Credentials, Hazard, InForce, Source};
use crate::syntax::tree::{self, MetaKind};
use crate::text::Span;
use crate::types::builder::faults::Faults;
use crate::values::calendar::days_from_date;

/// Reads the header into the package's credentials and reports what is missing from them; `source` is the file's place among the
/// sources.
pub fn package(file: &tree::File, source: u32, faults: &mut Vec<Diagnostic>) -> Option<Credentials> {
    let Some(header) = &file.package else {
        let span = Span { source, ..Span::default() };
        if file.items.iter().any(|item| matches!(item, tree::Item::Member(_))) {
            let title = "members' settings are checked together with the rules that they set";
            let fault = Diagnostic::error(codes::E0701, span, title, "settings, and no package");
            faults.push(fault.help("they stand in a folder `members` beside or above the rules; check those"));
            return None;
        }
        let fault = Diagnostic::error(codes::E0701, span, "a rule file begins with its package", "no package here");
        faults.push(fault.help("begin the file with `package area.name { version 1.0.0  title \"…\"  … }`"));
        return None;
    };
    let path = header.path.text();
    let mut package = Credentials { path, doc: header.doc.clone(), ..Credentials::default() };
    let mut said: Vec<(&'static str, Span)> = Vec::new();
    for meta in &header.entries {
        if let Some(key) = once(&meta.kind) {
            if let Some((_, first)) = said.iter().find(|(k, _)| *k == key) {
                let fault =
                    Diagnostic::error(codes::E0702, meta.span, format!("`{key}` is given twice"), "given again here");
                faults.push(fault.because(*first, "first given here"));
            }
            said.push((key, meta.span));
        }
        enter(&mut package, &meta.kind, meta.span, faults);
    }
    missing(&package, header, &said, faults);
    dates_that_contradict(&package, &said, faults);
    Some(package)
}

fn once(kind: &MetaKind) -> Option<&'static str> {
    Some(match kind {
        MetaKind::Version(_) => "version",
        MetaKind::Title(_) => "title",
        MetaKind::Owner(_) => "owner",
        MetaKind::Use(_) => "use",
        MetaKind::StatusDraft | MetaKind::StatusApproved { .. } => "status",
        MetaKind::InForce { .. } => "in force",
        MetaKind::ReviewBy(_) => "review by",
        MetaKind::JudgedOn(_) => "judged on",
        MetaKind::Source { .. } | MetaKind::Hazard { .. } | MetaKind::Supersedes(_) => return None,
    })
}

pub(in crate::types) fn day(date: tree::Date) -> Option<i64> {
    days_from_date(i64::from(date.year), i64::from(date.month), i64::from(date.day))
}

fn enter(package: &mut Credentials, kind: &MetaKind, span: Span, faults: &mut Vec<Diagnostic>) {
    match kind {
        MetaKind::Version(version) => package.version.clone_from(version),
        MetaKind::Title(title) => package.title.clone_from(title),
        MetaKind::Source { id, citation, unverified } => {
            if package.sources.iter().any(|s| s.id == id.node) {
                let title = format!("the source `{}` is given twice", id.node);
                faults.push(Diagnostic::error(codes::E0702, span, title, "given again here"));
            }
            package.unverified |= *unverified;
            package.sources.push(Source { id: id.node.clone(), citation: citation.clone(), unverified: *unverified });
        }
        MetaKind::Owner(owner) => package.owner.clone_from(owner),
        MetaKind::Use(purpose) => {
            if !["audit", "operational", "advisory"].contains(&purpose.node.as_str()) {
                let title = format!("a package is for audit, operational or advisory use, not `{}`", purpose.node);
                faults.push(Diagnostic::error(codes::E0703, purpose.span, title, "not one of these"));
            }
            package.purpose.clone_from(&purpose.node);
        }
        MetaKind::StatusDraft | MetaKind::JudgedOn(_) => {}
        MetaKind::Supersedes(path) => {
            if path.text() == package.path {
                let title = "a package does not supersede itself";
                let fault = Diagnostic::error(codes::E0704, path.span, title, "this package");
                faults.push(fault.help(
                    "a later version of a package takes the place of an earlier one by its number: leave the line out, or name the package that this one replaces",
                ));
            }
        }
        MetaKind::StatusApproved { by, on } => {
            package.approval = day(on.node).map(|on| Approval { by: by.clone(), on })
        }
        MetaKind::InForce { from, until } => {
            package.in_force = InForce { from: day(from.node), until: until.as_ref().and_then(|u| day(u.node)) };
            if matches!(package.in_force, InForce { from: Some(from), until: Some(until) } if until < from) {
                faults.push(Diagnostic::error(
                    codes::E0704,
                    span,
                    "the package ends before it begins",
                    "`until` is before `from`",
                ));
            }
        }
        MetaKind::ReviewBy(on) => package.review_by = day(on.node),
        MetaKind::Hazard { id, text } => {
            if package.hazards.iter().any(|hazard| hazard.id == *id) {
                let fault = Diagnostic::error(
                    codes::E0702,
                    span,
                    format!("the hazard \"{id}\" is given twice"),
                    "given again here",
                );
                faults.push(fault.help("each hazard has a number of its own in the hazard log"));
            }
            package.hazards.push(Hazard { id: id.clone(), text: text.clone() });
        }
    }
}

/// A review that was due before there was anything to review, and an approval after the review or the end of what was approved.
fn dates_that_contradict(package: &Credentials, said: &[(&str, Span)], faults: &mut Vec<Diagnostic>) {
    let at = |key: &str| said.iter().find(|(k, _)| *k == key).map(|(_, span)| *span);
    let mut contradiction = |key: &str, other: &str, title: &str, label: &str, help: &str| {
        let Some((span, other)) = at(key).zip(at(other)) else { return };
        faults.push(
            Diagnostic::error(codes::E0704, span, title, label).because(other, "this is said as well").help(help),
        );
    };
    let is_before =
        |one: Option<i64>, other: Option<i64>| matches!((one, other), (Some(one), Some(other)) if one < other);
    let (review, approved, in_force) = (package.review_by, package.approval.as_ref().map(|a| a.on), &package.in_force);
    if is_before(review, in_force.from) {
        contradiction(
            "review by",
            "in force",
            "the package is to be reviewed before it is in force",
            "a day before that",
            "give the day by which it is reviewed next: until then it can be relied on",
        );
    }
    if is_before(review, approved) {
        let title = "the package was approved after its review was due";
        contradiction(
            "status",
            "review by",
            title,
            "a later day",
            "give the day of the next review after the approval",
        );
    }
    if is_before(in_force.until, approved) {
        let title = "the package was approved after it had ended";
        contradiction(
            "status",
            "in force",
            title,
            "a later day",
            "give the day on which it was approved, or when it ends",
        );
    }
}

fn missing(package: &Credentials, header: &tree::Package, said: &[(&str, Span)], faults: &mut Vec<Diagnostic>) {
    let has = |key: &str| said.iter().any(|(k, _)| *k == key);
    let mut lacking: Vec<&str> =
        ["version", "title", "owner", "use", "status", "review by"].into_iter().filter(|key| !has(key)).collect();
    if package.sources.is_empty() {
        lacking.push("source");
    }
    if !lacking.is_empty() {
        let title = format!("the package header is missing: {}", lacking.join(", "));
        let fault = Diagnostic::error(codes::E0705, header.path.span, title, "incomplete");
        faults.push(fault.help("a standard that cannot be traced to its source, owner and review date is not built; add these lines to the header"));
    }
    if package.purpose == "advisory" && package.hazards.is_empty() {
        let title = "an advisory package must name the hazards that were considered";
        let fault = Diagnostic::error(codes::E0706, header.path.span, title, "no hazard named");
        faults.push(fault.help("add `hazard \"H-02\" \"missing observation scored as 0\"`, or declare `use audit` if it is not shown at the bedside"));
    }
}

/// A figure that nobody has checked against its document keeps the whole package a draft, wherever in it the figure stands:
/// so this is asked when everything else has been read.
pub(in crate::types) fn unverified_means_draft<'a>(
    package: &Credentials,
    header: impl DoubleEndedIterator<Item = &'a tree::Meta>,
    faults: &mut Faults<'_>,
) {
    let approved = header.rev().find(|meta| matches!(meta.kind, MetaKind::StatusApproved { .. }));
    let Some(approved) = approved.filter(|_| package.unverified) else { return };
    let title = "a package with an unverified figure or source must stay a draft";
    let fault = Diagnostic::error(codes::E0707, approved.span, title, "cannot be approved yet");
    faults.push(
        fault.help(
            "write `status draft` until somebody has checked every figure marked `unverified` against its source",
        ),
    );
}
