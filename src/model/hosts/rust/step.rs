//! The step that writes a Rust crate.
//! It does not know the content of a crate, or how the model gets into it.

use super::{Options, generate, library};
use crate::diag::Result;
use crate::model::files;
use crate::model::manifest::Manifest;
use std::collections::BTreeMap;
use std::path::Path;

/// Writes a Rust crate around the model behind a C interface, without the compiled model.
///
/// # Errors
/// A manifest that cannot be read, a file that cannot be written.
pub fn write_crate(interface: &Path, options: &Options, output: &Path) -> Result<()> {
    let mut manifest = Manifest::load(interface)?;
    for (name, text) in generate(&manifest, options) {
        files::write(&output.join(name), &text)?;
    }
    manifest.files = BTreeMap::from([("library".to_owned(), library(&manifest.name))]);
    files::write_json(&output.join("fudsv.json"), &manifest)
}
