//! The step that writes the files that Assassyn expects of an external module.
//! It does not know the crate and the library that the files refer to.

use super::{modules, package, wrapper};
use crate::diag::Result;
use crate::model::files::{self, cannot};
use crate::model::manifest::Manifest;
use std::path::Path;

/// Writes `external_modules.json`, which says that all files are in `root`, and the C++ of the functions in it.
///
/// # Errors
/// A port that Assassyn cannot express, a manifest that cannot be read, a file that cannot be written.
pub fn write_external_modules(interface: &Path, name: &str, root: &Path, output: &Path) -> Result<()> {
    let manifest = Manifest::load(interface)?;
    let name = if name.is_empty() { &manifest.name } else { name };
    let root = std::path::absolute(root).map_err(|cause| cannot("find", root, cause))?;
    files::write(&output.join("external_modules.json"), &modules(&manifest, name, &root)?)?;
    files::write(&output.join(package(name)).join("src/wrapper.cpp"), &wrapper(&manifest, name))
}
