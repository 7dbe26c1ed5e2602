//! Files that steps read and write: errors name the file, and a file is written only if its content changes.
//! It does not know what is in them.

use crate::diag::{Error, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The text of a file.
///
/// # Errors
/// A file that cannot be read, or is not UTF-8.
pub fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|cause| cannot("read", path, cause))
}

/// A file of JSON that is `what`: "a manifest".
///
/// # Errors
/// A file that cannot be read, or that fudsv did not write.
pub fn read_json<T: DeserializeOwned>(path: &Path, what: &str) -> Result<T> {
    let unreadable = |cause| Error::step(format!("`{}` is not {what}", path.display())).because(cause);
    serde_json::from_str(&read(path)?).map_err(unreadable)
}

/// Writes a file unless it says this already.
///
/// # Errors
/// A file that cannot be written.
pub fn write(path: &Path, text: &str) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).map_err(|cause| cannot("create", directory, cause))?;
    }
    fs::write(path, text).map_err(|cause| cannot("write", path, cause))
}

/// Writes JSON.
///
/// # Errors
/// A file that cannot be written.
pub fn write_json(path: &Path, value: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value).map_err(|cause| {
        Error::step(format!("`{}` cannot be written as JSON", path.display())).because(cause)
    })?;
    write(path, &(text + "\n"))
}

/// Writes a dependency file in Make's format.
///
/// # Errors
/// A file that cannot be written.
pub fn write_depfile(output: &Path, inputs: &[String]) -> Result<()> {
    let escaped = |name: &String| name.replace('$', "$$").replace('#', "\\#").replace(' ', "\\ ");
    let names: Vec<String> = inputs.iter().map(|name| format!(" \\\n  {}", escaped(name))).collect();
    write(output, &format!("inputs:{}\n", names.concat()))
}

/// The files of a directory with this extension, sorted by name.
///
/// # Errors
/// A directory that cannot be listed.
pub fn list(directory: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(directory).map_err(|cause| cannot("list", directory, cause))?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let paths =
        paths.collect::<std::io::Result<Vec<_>>>().map_err(|cause| cannot("list", directory, cause))?;
    let by_name: BTreeMap<_, _> = paths.into_iter().map(|path| (name(&path).to_owned(), path)).collect();
    Ok(by_name.into_values().filter(|path| path.extension().is_some_and(|e| e == extension)).collect())
}

/// The last part of a path.
pub fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// The error of a file that cannot be read, written, ….
pub fn cannot(verb: &str, path: &Path, cause: std::io::Error) -> Box<Error> {
    Error::machine(format!("cannot {verb} `{}`", path.display())).because(cause)
}
