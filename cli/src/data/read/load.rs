//! A mapping with its script, loaded from its files.

use super::error::ReadError;
use super::files;
use super::joined::Table;
use crate::data::mapping::file::line_of;
use crate::data::mapping::script::RowScript;
use crate::data::mapping::{Binding, MappingError, MappingFile, bind, read_mapping};
use concord_engine::plan::Package;
use std::path::Path;

/// A mapping with everything it refers to.
pub struct Mapping {
    /// As written.
    pub file: MappingFile,
    /// Held against the package.
    pub binding: Binding,
    /// Its script, if it has one.
    pub script: Option<RowScript>,
    /// What rows are looked up in.
    pub(super) joined: Vec<Table>,
    /// SHA-256 of the file, and of its script and of the files that it names after it.
    pub sha256: String,
}

/// Loads a mapping file and its script, and binds it to the package.
///
/// # Errors
/// All that is wrong with it.
pub fn load_mapping(package: &Package, path: &Path) -> Result<Mapping, ReadError> {
    let name = path.display().to_string();
    let text = files::text(path)?;
    let wrong = |errors| ReadError::Mapping(name.clone(), errors);
    let file = read_mapping(&text).map_err(|error| wrong(vec![error]))?;
    let binding = bind(package, &file, &text).map_err(wrong)?;
    let mut hashed = text.clone();
    let script = match &file.script {
        None => None,
        Some(spanned) => {
            let beside = path.parent().unwrap_or(Path::new("")).join(&spanned.get_ref().file);
            let script = files::text(&beside)?;
            hashed.push_str(&script);
            let compiled = RowScript::compile(&script).map_err(|message| {
                let line = Some(line_of(&text, spanned.span().start));
                let at = "script".to_owned();
                wrong(vec![MappingError { line, at, message, help: None }])
            })?;
            Some(compiled)
        }
    };
    let mut joined = Vec::new();
    for rule in &binding.joins {
        let Some(join) = file.join.get(&rule.name).map(toml::Spanned::get_ref) else { continue };
        let beside = path.parent().unwrap_or(Path::new("")).join(&join.file);
        let table = Table::read(&beside, (&rule.name, join), rule.on, rule.columns.clone())?;
        hashed.push_str(&table.sha256);
        joined.push(table);
    }
    let sha256 = files::sha256_of(hashed.as_bytes());
    Ok(Mapping { file, binding, script, joined, sha256 })
}
