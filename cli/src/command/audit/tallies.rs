//! The file of what was counted: for those who add up what members of a group counted each for itself.

use std::path::Path;

use concord_engine::plan::Package;
use concord_engine::plan::counted::counted;

use crate::audit::definition::RunDefinition;
use crate::audit::tallies::{Tallied, Tallies, written};
use crate::audit::{Disclosure, Options};
use crate::exit::Exit;
use crate::files;
use crate::output::Output;
use crate::results::Logic;

/// What a run counted.
pub fn of(run: &RunDefinition, by: (&Package, &Options), logic: Logic, counts: Tallies) -> Tallied {
    let (package, options) = by;
    let mut own = run.members.iter().filter(|member| !member.data.is_empty());
    let member = own.next().filter(|_| run.data.is_empty()).map(|member| member.code.clone());
    let because = match &run.disclosure {
        Disclosure::On => None,
        Disclosure::Off(because) => Some(because.clone()),
    };
    Tallied {
        package: package.credentials.path.clone(),
        version: package.credentials.version.clone(),
        fingerprint: logic.fingerprint,
        meaning: counted(package),
        module_sha256: logic.module_sha256,
        as_of: run.as_of,
        split: run.split.clone(),
        cross: run.cross.clone(),
        rebase: run.rebase.iter().map(|mark| (mark.from, mark.because.clone())).collect(),
        because,
        names: options.names.clone(),
        // Of an export of several, the rows say whose each is.
        member: member.filter(|_| own.next().is_none()),
        members: options.members.iter().map(Into::into).collect(),
        counts,
    }
}

/// Writes the file.
///
/// # Errors
/// Where it cannot be written: said on standard error.
pub fn write(title: &str, runs: Vec<Tallied>, file: &Path, output: &Output) -> Result<(), Exit> {
    let text = written(title, runs).map_err(|_| Exit::Internal)?;
    files::write(file, text.as_bytes(), output)?;
    let what = "holds exact counts, small ones too: it is for those who add them up for the group, and for nobody else";
    output.warning(&format!("{}: {what}", file.display()));
    Ok(())
}
