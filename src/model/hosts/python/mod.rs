//! A Python package around a model: from its manifest to the text of every file but the compiled model.
//! It does not know the disk, or how a model is driven: `fudsv.py` does that.

mod names;
pub mod step;
mod stub;

use super::template::fill;
use crate::model::manifest::Manifest;
use names::Names;
use std::collections::BTreeMap;

/// The module that drives any library.
pub const FUDSV_PY: &str = include_str!("fudsv.py");

/// The frames of the files of a package.
mod frame {
    pub const BACKEND: &str = include_str!("templates/build_backend.py.in");
    pub const INIT: &str = include_str!("templates/init.py.in");
    pub const PYPROJECT: &str = include_str!("templates/pyproject.toml.in");
    pub const STUB: &str = include_str!("templates/init.pyi.in");
}

/// The compiled model in the package.
pub fn library(manifest: &Manifest, name: &str) -> String {
    let name = if name.is_empty() { &manifest.name } else { name };
    format!("{}/{}", names::package_of(name), file_name(manifest))
}

fn file_name(manifest: &Manifest) -> String {
    format!("lib{}.so", manifest.name)
}

/// The files of a package that is called after `name`, or after the model when that is empty, by their paths.
pub fn generate(manifest: &Manifest, name: &str) -> BTreeMap<String, String> {
    let names = Names::new(manifest, if name.is_empty() { &manifest.name } else { name });
    let values = values(manifest, &names);
    let inside = |file: &str| format!("{}/{file}", names.package);
    let files = [
        ("pyproject.toml".to_owned(), frame::PYPROJECT.to_owned()),
        ("build_backend.py".to_owned(), fill(frame::BACKEND, &values)),
        (inside("__init__.py"), fill(frame::INIT, &values)),
        (inside("__init__.pyi"), fill(frame::STUB, &values) + stub::ports(manifest, &names).as_str()),
        (inside("_fudsv.py"), FUDSV_PY.to_owned()),
        (inside("py.typed"), String::new()),
    ];
    files.into()
}

fn values(manifest: &Manifest, names: &Names) -> Vec<(&'static str, String)> {
    let top = names::plain(&manifest.top);
    let summary = format!("The hardware module `{top}`, compiled by Verilator.");
    let text = |text: &str| serde_json::Value::from(text).to_string();
    let build: String = manifest.build_id.chars().take(12).collect();
    vec![
        ("PACKAGE", names.package.clone()),
        ("CLASS", names.class.clone()),
        ("TOP", top),
        ("PACKAGE_TEXT", text(&names.package)),
        ("VERSION_TEXT", text(&format!("0.1.0+{build}"))),
        ("SUMMARY_TEXT", text(&summary)),
        ("SUMMARY", summary),
        ("LIBRARY_TEXT", text(&file_name(manifest))),
        ("TYPES", stub::aliases(names)),
        ("STUBS", stub::types(manifest, names)),
    ]
}
