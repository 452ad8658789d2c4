//! What an audit of several standards had finished when it was stopped: each run's results in a file beside the report, taken up again where nothing that they come from
//! has changed. The folder goes when the report is in its place.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use concord_engine::plan::fingerprint::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::args::Audit as Args;
use crate::audit::definition::RunDefinition;
use crate::data::read::{files_of, load_mapping, sha256_of, sha256_of_file};
use crate::exit::Exit;
use crate::files::{self, Staged};
use crate::output::Output;
use crate::results::Audit;
use concord_engine::plan::Package;

/// The folder of what is finished.
pub struct Finished {
    folder: PathBuf,
    /// The program itself.
    program: String,
}

/// A run that is finished, and what it comes from.
#[derive(Serialize, Deserialize)]
struct Kept {
    key: String,
    audit: Audit,
    /// The files of refused rows beside it.
    rejects: Vec<String>,
}

impl Finished {
    /// The folder beside a report.
    pub fn beside(place: &Path, output: &Output) -> Result<Finished, Exit> {
        let mut name = place.file_name().map(OsStr::to_os_string).unwrap_or_default();
        name.push(".finished");
        let folder = place.with_file_name(name);
        let program = std::env::current_exe().and_then(fs::read).map(|bytes| sha256_of(&bytes));
        let made = fs::create_dir_all(&folder).and(program);
        made.map(|program| Finished { folder: folder.clone(), program }).map_err(|error| {
            output.error(&format!("{}: {error}", folder.display()), None);
            Exit::Limit
        })
    }

    fn file(&self, index: usize) -> PathBuf {
        self.folder.join(format!("run-{}.json", index + 1))
    }

    /// All that the results of a run come from, as a hash; none where that cannot be read, which the run itself will say.
    ///
    /// Packages are taken as they are compiled, titles and all: a report shows more of them than the modules hold.
    pub fn key(&self, args: &Args, run: &RunDefinition, rules: &[(&str, &Package)]) -> Option<String> {
        let mut of = Sha256::new();
        let mut add = |text: &str| {
            of.update((text.len() as u64).to_le_bytes());
            of.update(text);
        };
        add(&self.program);
        add(&format!("{run:?} {}", args.show_values));
        for (sha256, package) in rules {
            add(sha256);
            add(&format!("{package:?}"));
        }
        let (_, package) = rules.first()?;
        let exports = [(&run.map, &run.data)].into_iter();
        let own = run.members.iter().map(|member| (member.map.as_ref().unwrap_or(&run.map), &member.data));
        for (map, data) in exports.chain(own).filter(|(_, data)| !data.is_empty()) {
            add(&load_mapping(package, map).ok()?.sha256);
            for path in files_of(data).ok()? {
                add(&path.display().to_string());
                add(&sha256_of_file(&path).ok()?);
            }
        }
        if let Some(path) = &run.organisations {
            add(&sha256_of_file(path).ok()?);
        }
        Some(hex(&of.finalize()))
    }

    /// The results of a run that was finished before, with the files that stand beside them.
    pub fn take_up(&self, index: usize, key: &str, staged: &Staged, output: &Output) -> Option<Audit> {
        let kept: Kept = serde_json::from_slice(&fs::read(self.file(index)).ok()?).ok()?;
        if kept.key != key {
            return None;
        }
        for name in &kept.rejects {
            fs::copy(self.folder.join(name), staged.file(name)).ok()?;
        }
        output.note(&format!("{}: taken up, as it was finished before", kept.audit.logic.title));
        Some(kept.audit)
    }

    /// Keeps the results of a run, unless they would come back otherwise.
    pub fn keep(
        &self,
        index: usize,
        key: String,
        audit: &Audit,
        (staged, output): (&Staged, &Output),
    ) -> Result<(), Exit> {
        let beside = format!("rejects-{}-", index + 1);
        let mut rejects = Vec::new();
        for entry in fs::read_dir(staged.file("")).into_iter().flatten().flatten() {
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
            if name.starts_with(&beside) {
                let bytes = fs::read(entry.path()).map_err(|_| Exit::Limit)?;
                files::write(&self.folder.join(&name), &bytes, output)?;
                rejects.push(name);
            }
        }
        let kept = Kept { key, audit: audit.clone(), rejects };
        let text = serde_json::to_string(&kept).map_err(|_| Exit::Internal)?;
        let again: Option<Kept> = serde_json::from_str(&text).ok();
        if again.is_some_and(|again| again.audit == *audit) {
            files::write(&self.file(index), text.as_bytes(), output)?;
        }
        Ok(())
    }

    /// The report is in its place.
    pub fn done(self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}
