//! The steps between Verilator's tree and `ports.json`.
//! It does not know what is made of the ports.

use super::{Given, parse, probe_settings, settled, sources};
use crate::diag::{Error, Result};
use crate::model::files::{self, read, write};
use crate::model::interface::Interface;
use std::path::{Path, PathBuf};

/// From Verilator's tree and class to `ports.json`.
#[derive(Clone, Debug)]
pub struct PortsStep {
    /// `V….xml` or `V….tree.json`, or the directory that contains it.
    pub tree: PathBuf,
    /// The directory of the Verilated class.
    pub verilated: PathBuf,
    /// Verilator's `--prefix`.
    pub prefix: String,
    /// See [`Given::probes`].
    pub probes: Vec<String>,
    /// `ports.json`.
    pub output: PathBuf,
}

/// Writes `ports.json`.
///
/// # Errors
/// A file that cannot be read or written, and what [`parse`] says.
pub fn write_ports(step: &PortsStep) -> Result<Interface> {
    let symbols = files::list(&step.verilated, "cpp")?
        .into_iter()
        .filter(|path| files::name(path).starts_with(&format!("{}__Syms", step.prefix)))
        .map(|path| read(&path))
        .collect::<Result<Vec<_>>>()?;
    let tree = tree_file(&step.tree)?;
    let meta = tree.with_extension("meta.json");
    let interface = parse(&Given {
        tree: &read(&tree)?,
        meta: &if meta.is_file() { read(&meta)? } else { String::new() },
        header: &read(&step.verilated.join(format!("{}.h", step.prefix)))?,
        symbols: &symbols.concat(),
        dpi: &read_dpi(&step.verilated, &step.prefix)?,
        probes: &step.probes,
    })?;
    files::write_json(&step.output, &interface)?;
    Ok(interface)
}

/// Reads `ports.json`.
///
/// # Errors
/// A file that cannot be read, or that fudsv did not write.
pub fn load_ports(path: &Path) -> Result<Interface> {
    files::read_json(path, "a file of ports")
}

/// Writes settings that make Verilator keep signals.
///
/// # Errors
/// A file that cannot be written.
pub fn write_probe_settings(output: &Path, paths: &[String]) -> Result<()> {
    write(output, &probe_settings(paths))
}

/// `V…__Dpi.h`, or nothing where the design has no DPI functions.
///
/// # Errors
/// A file that cannot be read.
pub fn read_dpi(verilated: &Path, prefix: &str) -> Result<String> {
    let header = verilated.join(format!("{prefix}__Dpi.h"));
    if header.is_file() { read(&header) } else { Ok(String::new()) }
}

/// The tree in the directory that Verilator wrote it to: `V….tree.json` or `V….xml`.
fn tree_file(given: &Path) -> Result<PathBuf> {
    if !given.is_dir() {
        return Ok(given.to_owned());
    }
    let json = files::list(given, "json")?.into_iter().find(|path| files::name(path).ends_with(".tree.json"));
    let tree = json.or(files::list(given, "xml")?.into_iter().next());
    tree.ok_or_else(|| Error::step(format!("there is no syntax tree in `{}`", given.display())))
}

/// The sources of the design that Verilator's tree names: all files but Verilator's own.
///
/// # Errors
/// A file that cannot be read.
pub fn design_sources(tree: &Path) -> Result<Vec<String>> {
    let tree = tree_file(tree)?;
    let meta = tree.with_extension("meta.json");
    let text = read(if meta.is_file() { &meta } else { &tree })?;
    let all = sources(&text)?;
    // Verilator cuts a name at its first blank in lines that follow a comment.
    let is_cut = |name: &String| {
        let is_front =
            |other: &String| other.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with(' '));
        all.iter().any(is_front) && !Path::new(name).exists()
    };
    Ok(all.iter().filter(|name| !is_cut(name)).cloned().collect())
}

/// Writes the sources in the tree as a dependency file, and keeps only the names of files in the file beside a JSON tree:
/// Verilator also writes addresses, which differ between runs, and real paths, which differ between checkouts.
///
/// # Errors
/// A file that cannot be read or written.
pub fn write_inputs(tree: &Path, output: &Path) -> Result<()> {
    let meta = tree_file(tree)?.with_extension("meta.json");
    if meta.is_file() {
        write(&meta, &settled(&read(&meta)?)?)?;
    }
    files::write_depfile(output, &design_sources(tree)?)
}
