//! `fudsv.json`: what was built, in a form that other programs read.
//! It does not know where the files are: every path in it is relative to the manifest.

use super::dpi::Dpi;
use super::files;
use super::interface::{Interface, Parameter, Port, Type};
use super::names::symbol;
use crate::diag::Result;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// The version of `fudsv.json`; grows when a field changes its meaning.
pub const SCHEMA: u32 = 1;

/// The content of `fudsv.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// See [`SCHEMA`].
    pub schema: u32,
    /// Versions for people, by tool: `fudsv`, `verilator`, `cxx`.
    pub tools: BTreeMap<String, String>,
    /// Of the model.
    pub name: String,
    /// The sources of the design, as Verilator was told them.
    #[serde(default)]
    pub sources: Vec<String>,
    /// The top module.
    pub top: String,
    /// The Verilated class.
    pub class: String,
    /// What the functions of the library begin with.
    pub symbol: String,
    /// `FUDSV_ABI_VERSION`.
    pub abi: u32,
    /// The same as in the library.
    pub build_id: String,
    /// `timing`, `trace-vcd`, `trace-fst`, `coverage`, `savable`.
    pub features: Vec<String>,
    /// How many threads a model runs in; with more than one it stays with the thread that made it.
    #[serde(default = "one")]
    pub threads: u32,
    /// Power of ten of a second.
    pub time_unit: i32,
    /// Power of ten of a second.
    pub time_precision: i32,
    /// Paths relative to the manifest, by what they are: `library`, `header`, `api_header`, `ports`, ….
    pub files: BTreeMap<String, String>,
    /// As in `ports.json`.
    pub parameters: Vec<Parameter>,
    /// As in `ports.json`.
    pub ports: Vec<Port>,
    /// As in `ports.json`.
    #[serde(default)]
    pub probes: Vec<Port>,
    /// As in `ports.json`.
    pub types: Vec<Type>,
    /// As in `ports.json`.
    #[serde(default)]
    pub dpi: Dpi,
}

/// What a manifest says beside the interface.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// See [`Manifest::tools`].
    pub tools: BTreeMap<String, String>,
    /// See [`Manifest::name`].
    pub name: String,
    /// See [`Manifest::sources`].
    pub sources: Vec<String>,
    /// See [`Manifest::class`].
    pub class: String,
    /// See [`Manifest::build_id`].
    pub build_id: String,
    /// See [`Manifest::features`].
    pub features: Vec<String>,
    /// See [`Manifest::threads`].
    pub threads: u32,
    /// See [`Manifest::files`].
    pub files: BTreeMap<String, String>,
}

fn one() -> u32 {
    1
}

impl Manifest {
    /// The manifest in the directory of a C interface.
    ///
    /// # Errors
    /// A manifest that cannot be read.
    pub fn load(interface: &Path) -> Result<Manifest> {
        files::read_json(&interface.join("fudsv.json"), "a manifest")
    }

    /// The manifest of a model.
    pub fn new(interface: &Interface, facts: &Facts) -> Manifest {
        let interface = interface.clone();
        Manifest {
            schema: SCHEMA,
            tools: facts.tools.clone(),
            name: facts.name.clone(),
            sources: facts.sources.clone(),
            top: interface.top,
            class: facts.class.clone(),
            symbol: symbol(&facts.name),
            abi: 1,
            build_id: facts.build_id.clone(),
            features: facts.features.clone(),
            threads: facts.threads,
            time_unit: interface.time_unit,
            time_precision: interface.time_precision,
            files: facts.files.clone(),
            parameters: interface.parameters,
            ports: interface.ports,
            probes: interface.probes,
            types: interface.types,
            dpi: interface.dpi,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_read_back_as_it_was_written() {
        let interface = Interface {
            schema: 1,
            top: "top".into(),
            time_unit: -9,
            time_precision: -12,
            ports: vec![],
            parameters: vec![],
            probes: vec![],
            types: vec![],
            dpi: Dpi::default(),
        };
        let files = BTreeMap::from([("library".to_owned(), "libtop-1.so".to_owned())]);
        let facts =
            Facts { name: "top-1".into(), features: vec!["timing".to_owned()], files, ..Facts::default() };
        let manifest = Manifest::new(&interface, &facts);
        assert_eq!(
            (manifest.symbol.as_str(), manifest.features.as_slice()),
            ("top_1", &["timing".to_owned()][..])
        );
        let text = serde_json::to_string(&manifest).unwrap();
        assert_eq!(serde_json::from_str::<Manifest>(&text).unwrap(), manifest);
    }
}
