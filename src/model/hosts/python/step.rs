//! The step that writes a Python package.
//! It does not know what is in a package.

use super::{generate, library};
use crate::diag::Result;
use crate::model::files::{self, cannot};
use crate::model::manifest::Manifest;
use std::fs;
use std::path::Path;

/// Writes a Python package around the model behind a C interface, with the shared library in it.
///
/// # Errors
/// A manifest that cannot be read, a file that cannot be written.
pub fn write_py_module(interface: &Path, loaded: &Path, name: &str, output: &Path) -> Result<()> {
    let manifest = Manifest::load(interface)?;
    for (file, text) in generate(&manifest, name) {
        files::write(&output.join(file), &text)?;
    }
    let to = output.join(library(&manifest, name));
    fs::copy(loaded, &to).map(drop).map_err(|cause| cannot("write", &to, cause))
}
