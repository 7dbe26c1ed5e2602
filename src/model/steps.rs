//! What Ninja calls between Verilator and the compiler: files in, files out. The only file of this folder that touches
//! the disk. It does not know the command line. A file whose content would not change is left alone.

use super::classes::Classes;
use super::interface::Interface;
use super::manifest::{Facts, Manifest};
use super::wrapper::{self, Evaluation, FatalPlace, Source};
use super::{assassyn, cxx_header, ports, py_module, resources, rust_crate};
use crate::diag::{Error, Result};
use crate::digest::{Digest, KeyHasher};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// From Verilator's tree and class to `ports.json`.
#[derive(Clone, Debug)]
pub struct PortsStep {
    /// `V….xml` or `V….tree.json`, or the directory that holds it.
    pub tree: PathBuf,
    /// The directory of the Verilated class.
    pub verilated: PathBuf,
    /// Verilator's `--prefix`.
    pub prefix: String,
    /// See [`ports::Given::probes`].
    pub probes: Vec<String>,
    /// `ports.json`.
    pub output: PathBuf,
}

/// Writes `ports.json`.
///
/// # Errors
/// A file that can't be read or written, and what [`ports::parse`] says.
pub fn write_ports(step: &PortsStep) -> Result<Interface> {
    let symbols = verilated_files(&step.verilated, "cpp")?
        .into_iter()
        .filter(|path| file_name(path).starts_with(&format!("{}__Syms", step.prefix)))
        .map(|path| read(&path))
        .collect::<Result<Vec<_>>>()?;
    let tree = tree_file(&step.tree)?;
    let meta = tree.with_extension("meta.json");
    let interface = ports::parse(&ports::Given {
        tree: &read(&tree)?,
        meta: &if meta.is_file() { read(&meta)? } else { String::new() },
        header: &read(&step.verilated.join(format!("{}.h", step.prefix)))?,
        symbols: &symbols.concat(),
        dpi: &read_dpi(&step.verilated, &step.prefix)?,
        probes: &step.probes,
    })?;
    write_json(&step.output, &interface)?;
    Ok(interface)
}

/// Writes settings that make Verilator keep signals.
///
/// # Errors
/// A file that can't be written.
pub fn write_probe_settings(output: &Path, paths: &[String]) -> Result<()> {
    write(output, &ports::probe_settings(paths))
}

/// `V…__Dpi.h`, or nothing where the design has no DPI functions.
fn read_dpi(verilated: &Path, prefix: &str) -> Result<String> {
    let header = verilated.join(format!("{prefix}__Dpi.h"));
    if header.is_file() { read(&header) } else { Ok(String::new()) }
}

/// The tree in the directory that Verilator wrote it to: `V….tree.json` or `V….xml`.
fn tree_file(given: &Path) -> Result<PathBuf> {
    if !given.is_dir() {
        return Ok(given.to_owned());
    }
    let json =
        verilated_files(given, "json")?.into_iter().find(|path| file_name(path).ends_with(".tree.json"));
    let tree = json.or(verilated_files(given, "xml")?.into_iter().next());
    tree.ok_or_else(|| Error::step(format!("there is no syntax tree in `{}`", given.display())))
}

/// The sources of the design that Verilator's tree names: all files but Verilator's own.
///
/// # Errors
/// A file that can't be read.
pub fn design_sources(tree: &Path) -> Result<Vec<String>> {
    let tree = tree_file(tree)?;
    let meta = tree.with_extension("meta.json");
    let text = read(if meta.is_file() { &meta } else { &tree })?;
    ports::sources(&text)
}

/// Leaves in what stands beside a JSON tree only the names of files: Verilator also writes addresses, which differ
/// from run to run, and real paths, which differ from checkout to checkout.
///
/// # Errors
/// A file that can't be read or written.
pub fn settle_tree(tree: &Path) -> Result<()> {
    let meta = tree_file(tree)?.with_extension("meta.json");
    if meta.is_file() { write(&meta, &ports::settled(&read(&meta)?)?) } else { Ok(()) }
}

/// Writes a dependency file in Make's format.
///
/// # Errors
/// A file that can't be written.
pub fn write_depfile(output: &Path, inputs: &[String]) -> Result<()> {
    let escaped = |name: &String| name.replace('$', "$$").replace('#', "\\#").replace(' ', "\\ ");
    let names: Vec<String> = inputs.iter().map(|name| format!(" \\\n  {}", escaped(name))).collect();
    write(output, &format!("inputs:{}\n", names.concat()))
}

/// Reads `ports.json`.
///
/// # Errors
/// A file that can't be read, or is not one of ours.
pub fn load_ports(path: &Path) -> Result<Interface> {
    let unreadable =
        |cause| Error::step(format!("`{}` is not a file of ports", path.display())).because(cause);
    serde_json::from_str(&read(path)?).map_err(unreadable)
}

/// From `ports.json` and the Verilated class to the wrapper.
#[derive(Clone, Debug)]
pub struct WrapperStep {
    /// `ports.json`.
    pub ports: PathBuf,
    /// The directory of the Verilated class.
    pub verilated: PathBuf,
    /// Verilator's `--prefix`.
    pub prefix: String,
    /// Of the model and its files.
    pub name: String,
    /// The directory to write to.
    pub output: PathBuf,
    /// Where Verilator ran: the paths of sources hold from there.
    pub root: PathBuf,
    /// The sources of the design, as Verilator was told them.
    pub sources: Vec<String>,
    /// Verilator's version, for people.
    pub verilator: String,
    /// Verilator's `svdpi.h`, which the headers of a design with DPI functions include.
    pub svdpi: PathBuf,
    /// Every flag of Verilator, compiler and linker; a part of the build id.
    pub flags: String,
    /// Names and identities of the tools; a part of the build id.
    pub tools: Vec<(String, String)>,
}

/// What a wrapper step made, and what it read out of the Verilated class.
#[derive(Clone, Debug)]
pub struct Wrapped {
    /// Changes with sources, flags and tools.
    pub build_id: String,
    /// The files and runtime sources of the Verilated class.
    pub classes: Classes,
    /// How many threads a model runs in.
    pub threads: u32,
    /// The sources that were looked at for `$fatal`; none if Verilator tells it apart itself.
    pub scanned: Vec<PathBuf>,
}

/// Writes `<name>.cpp`, `<name>.h`, `<name>.hpp`, `<name>.map` and other lists of symbols, and the files that are the
/// same for every design.
///
/// # Errors
/// A name that files or functions can't have, a file that can't be read or written.
pub fn write_wrapper(step: &WrapperStep) -> Result<Wrapped> {
    check_name(step)?;
    let interface = load_ports(&step.ports)?;
    let classes = Classes::parse(&read(&step.verilated.join(format!("{}_classes.mk", step.prefix)))?);
    let generated =
        classes.sources().map(|name| source(&step.verilated, name)).collect::<Result<Vec<_>>>()?;
    let headers = headers(&step.verilated)?;
    let (fatal_places, scanned) = find_fatal_places(step, &classes)?;
    let build_id = build_id(step, &interface, &generated, &headers)?;
    let dpi = read_dpi(&step.verilated, &step.prefix)?;
    let class = read(&step.verilated.join(format!("{}.cpp", step.prefix)))?;
    let threads = threads(&class);
    let options = wrapper::Options {
        name: step.name.clone(),
        prefix: step.prefix.clone(),
        build_id: build_id.clone(),
        verilator: step.verilator.clone(),
        fudsv: env!("CARGO_PKG_VERSION").to_owned(),
        features: classes.features(),
        threads,
        evaluation: evaluation(step, &class)?,
        fatal_places,
        prototypes: ports::prototypes(&dpi),
    };
    write_files(step, &wrapper::generate(&interface, &options))?;
    if !interface.dpi.is_empty() {
        write(&step.output.join("svdpi.h"), &read(&step.svdpi)?)?;
    }
    write(&step.output.join(format!("{}.hpp", step.name)), &cxx_header::generate(&interface, &step.name))?;
    Ok(Wrapped { build_id, classes, threads, scanned })
}

/// How many threads a model runs in: `unsigned Vtop::threads() const { return 2; }`.
fn threads(class: &str) -> u32 {
    let returned = class.split_once("::threads() const { return ").and_then(|(_, rest)| rest.split_once(';'));
    returned.and_then(|(number, _)| number.parse().ok()).unwrap_or(1)
}

/// How the class may be evaluated again, if that is known of everything in it.
fn evaluation(step: &WrapperStep, class: &str) -> Result<Option<Evaluation>> {
    let Some(found) = wrapper::evaluation(class, &step.prefix) else { return Ok(None) };
    if found.deletes {
        for header in verilated_files(&step.verilated, "h")? {
            if wrapper::has_objects(&read(&header)?) {
                return Ok(None);
            }
        }
    }
    Ok(Some(found))
}

/// Refuses names that can't stand in an `#include`, or that files and functions of ours have.
fn check_name(step: &WrapperStep) -> Result<()> {
    let name = &step.name;
    let unusable = name.is_empty() || name.contains(['/', '\\', '"', '\n']) || name.starts_with('.');
    let taken = wrapper::symbol(name).starts_with("fudsv") || *name == step.prefix;
    if unusable || taken {
        let why = if taken { "is taken" } else { "can't name a file" };
        return Err(Error::request(format!("`{name}` {why}")).hint("give the model another name"));
    }
    Ok(())
}

fn write_files(step: &WrapperStep, made: &wrapper::Wrapper) -> Result<()> {
    let name = &step.name;
    let files = [
        (format!("{name}.h"), made.header.as_str()),
        (format!("{name}.cpp"), &made.source),
        (format!("{name}.map"), &made.exports),
        (format!("{name}.symbols"), &made.symbols),
        (format!("{name}.hosts"), &made.hosts),
        (format!("{name}.entry"), &made.entry),
        ("fudsv_model.h".to_owned(), resources::MODEL_H),
        ("fudsv_runtime.h".to_owned(), resources::RUNTIME_H),
        ("fudsv_dpi.h".to_owned(), resources::DPI_H),
        ("fudsv_model.hpp".to_owned(), resources::MODEL_HPP),
        ("fudsv.py".to_owned(), resources::PYTHON),
    ];
    let stubs = made.stubs.iter().map(|(file, text)| (file.clone(), text.as_str()));
    files.into_iter().chain(stubs).try_for_each(|(file, text)| write(&step.output.join(file), text))
}

/// From the Verilated class and its interface to the units that are compiled.
#[derive(Clone, Debug)]
pub struct UnitsStep {
    /// The directory of the Verilated class.
    pub verilated: PathBuf,
    /// Verilator's `--prefix`.
    pub prefix: String,
    /// The directory of the C interface, unless the model is driven by its class.
    pub interface: Option<PathBuf>,
    /// Of the model.
    pub name: String,
    /// See [`wrapper::Units::main`].
    pub main: PathBuf,
    /// See [`wrapper::Units::slow`].
    pub slow: PathBuf,
    /// See [`wrapper::Units::fast`]: as many as there may be.
    pub fast: Vec<PathBuf>,
    /// See [`wrapper::Units::runtime`].
    pub runtime: PathBuf,
}

/// Writes the units of a model; those it has no need of are empty files.
///
/// # Errors
/// A file that can't be read or written.
pub fn write_units(step: &UnitsStep) -> Result<()> {
    let classes = Classes::parse(&read(&step.verilated.join(format!("{}_classes.mk", step.prefix)))?);
    let sources = |stems: &[String]| {
        stems.iter().map(|stem| source(&step.verilated, format!("{stem}.cpp"))).collect::<Result<Vec<_>>>()
    };
    let mut all = headers(&step.verilated)?;
    if let Some(interface) = &step.interface {
        all.extend(headers(interface)?);
    }
    let interface = step.interface.as_ref().map(|dir| source(dir, format!("{}.cpp", step.name)));
    let parts = wrapper::Parts {
        fast: sources(&classes.fast)?,
        slow: sources(&classes.slow)?,
        interface: interface.transpose()?,
        headers: all,
    };
    let units = wrapper::units(&parts, &classes, step.fast.len());
    let fixed = [(&step.main, &units.main), (&step.slow, &units.slow), (&step.runtime, &units.runtime)];
    let fast = step.fast.iter().zip(&units.fast);
    fixed.into_iter().chain(fast).try_for_each(|(path, text)| write(path, text))
}

/// Hashes what makes a library what it is.
fn build_id(
    step: &WrapperStep,
    interface: &Interface,
    generated: &[Source],
    headers: &[Source],
) -> Result<String> {
    let ports = serde_json::to_string(interface)
        .map_err(|cause| Error::step("the ports can't be written as JSON").because(cause))?;
    let mut key = KeyHasher::new();
    key.field("name", &step.name).field("flags", &step.flags).field("ports", ports);
    for (tool, identity) in &step.tools {
        key.field(tool, identity);
    }
    for source in generated.iter().chain(headers) {
        key.field(&source.name, source.digest.to_string());
    }
    for (name, text) in resources::RUNTIME {
        key.field(name, text);
    }
    Ok(key.finish().short(32))
}

/// The `$fatal`s of a design whose Verilator does not tell them from `$error`s, and the files that were read.
fn find_fatal_places(step: &WrapperStep, classes: &Classes) -> Result<(Vec<FatalPlace>, Vec<PathBuf>)> {
    let code = classes.sources().map(|name| read(&step.verilated.join(name))).collect::<Result<Vec<_>>>()?;
    let stops = code.iter().any(|text| text.contains("VL_STOP_MT("));
    if !stops || code.iter().any(|text| text.contains("%%Fatal: ")) {
        return Ok((vec![], vec![]));
    }
    let (mut places, mut scanned) = (vec![], vec![]);
    for given in &step.sources {
        let path = step.root.join(given);
        let bytes = fs::read(&path).map_err(|cause| cannot("read", &path, cause))?;
        places.extend(wrapper::fatal_places(given, &String::from_utf8_lossy(&bytes)));
        scanned.push(path);
    }
    Ok((places, scanned))
}

/// Writes `fudsv.json`.
///
/// # Errors
/// A file that can't be written.
pub fn write_manifest(output: &Path, interface: &Interface, facts: &Facts) -> Result<()> {
    write_json(output, &Manifest::new(interface, facts))
}

/// Writes a Rust crate around the model behind a C interface, without the compiled model.
///
/// # Errors
/// A manifest that can't be read, a file that can't be written.
pub fn write_crate(interface: &Path, options: &rust_crate::Options, output: &Path) -> Result<()> {
    let mut manifest = load_manifest(interface)?;
    for (name, text) in rust_crate::generate(&manifest, options) {
        write(&output.join(name), &text)?;
    }
    manifest.files = BTreeMap::from([("library".to_owned(), rust_crate::library(&manifest.name))]);
    write_json(&output.join("fudsv.json"), &manifest)
}

/// Writes `external_modules.json`, which tells that all is in `root`, and the C++ of the functions that it speaks of.
///
/// # Errors
/// A port that Assassyn has no word for, a manifest that can't be read, a file that can't be written.
pub fn write_external_modules(interface: &Path, name: &str, root: &Path, output: &Path) -> Result<()> {
    let manifest = load_manifest(interface)?;
    let name = if name.is_empty() { &manifest.name } else { name };
    let root = std::path::absolute(root).map_err(|cause| cannot("find", root, cause))?;
    write(&output.join("external_modules.json"), &assassyn::modules(&manifest, name, &root)?)?;
    let source = output.join(assassyn::package(name)).join("src/wrapper.cpp");
    write(&source, &assassyn::wrapper(&manifest, name))
}

/// Writes a Python package around the model behind a C interface, with the shared library in it.
///
/// # Errors
/// A manifest that can't be read, a file that can't be written.
pub fn write_py_module(interface: &Path, library: &Path, name: &str, output: &Path) -> Result<()> {
    let manifest = load_manifest(interface)?;
    for (file, text) in py_module::generate(&manifest, name) {
        write(&output.join(file), &text)?;
    }
    let to = output.join(py_module::library(&manifest, name));
    fs::copy(library, &to).map(drop).map_err(|cause| cannot("write", &to, cause))
}

/// The manifest in the directory of a C interface.
fn load_manifest(interface: &Path) -> Result<Manifest> {
    let path = interface.join("fudsv.json");
    let unreadable = |cause| Error::step(format!("`{}` is not a manifest", path.display())).because(cause);
    serde_json::from_str(&read(&path)?).map_err(unreadable)
}

/// The files of a directory with this extension, sorted.
fn verilated_files(directory: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(directory).map_err(|cause| cannot("list", directory, cause))?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let paths =
        paths.collect::<std::io::Result<Vec<_>>>().map_err(|cause| cannot("list", directory, cause))?;
    let by_name: BTreeMap<_, _> = paths.into_iter().map(|path| (file_name(&path).to_owned(), path)).collect();
    Ok(by_name.into_values().filter(|path| path.extension().is_some_and(|e| e == extension)).collect())
}

/// The headers of a directory.
fn headers(directory: &Path) -> Result<Vec<Source>> {
    let paths = verilated_files(directory, "h")?;
    paths.iter().map(|path| source(directory, file_name(path).to_owned())).collect()
}

fn source(directory: &Path, name: String) -> Result<Source> {
    let path = directory.join(&name);
    let text = fs::read(&path).map_err(|cause| cannot("read", &path, cause))?;
    Ok(Source { name, digest: Digest::of_bytes(&text), bytes: text.len() as u64 })
}

fn file_name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|cause| cannot("read", path, cause))
}

fn write_json(path: &Path, value: &impl serde::Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value).map_err(|cause| {
        Error::step(format!("`{}` can't be written as JSON", path.display())).because(cause)
    })?;
    write(path, &(text + "\n"))
}

/// Writes a file unless it says this already.
fn write(path: &Path, text: &str) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).map_err(|cause| cannot("create", directory, cause))?;
    }
    fs::write(path, text).map_err(|cause| cannot("write", path, cause))
}

fn cannot(verb: &str, path: &Path, cause: std::io::Error) -> Box<Error> {
    Error::machine(format!("can't {verb} `{}`", path.display())).because(cause)
}
