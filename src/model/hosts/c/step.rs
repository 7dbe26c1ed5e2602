//! The steps of the C interface: the files around a Verilated class, and the units that are compiled.
//! It does not know compilers. A file whose content would not change is not written.

use super::classes::Classes;
use super::evaluation::{Evaluation, evaluation, has_objects};
use super::fatal_places::{FatalPlace, fatal_places};
use super::seen::Headers;
use super::units::{Most, Parts, Source, units};
use super::wrapper::{self, Options, Wrapper};
use crate::diag::{Error, Result};
use crate::digest::{Digest, KeyHasher};
use crate::model::files::{self, cannot, read, write};
use crate::model::hosts::{cxx, python};
use crate::model::interface::Interface;
use crate::model::manifest::{Facts, Manifest};
use crate::model::names::symbol;
use crate::model::ports::prototypes;
use crate::model::ports::step::{design_sources, load_ports, read_dpi};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// From `ports.json` and the Verilated class to the wrapper.
#[derive(Clone, Debug)]
pub struct WrapperStep {
    /// `ports.json`.
    pub ports: PathBuf,
    /// `V….xml` or `V….tree.json`, or the directory that contains it: it names the sources of the design.
    pub tree: PathBuf,
    /// The directory of the Verilated class.
    pub verilated: PathBuf,
    /// Verilator's `--prefix`.
    pub prefix: String,
    /// Of the model and its files.
    pub name: String,
    /// The directory to write to.
    pub output: PathBuf,
    /// The dependency file to write: the sources that were looked at.
    pub depfile: PathBuf,
    /// Where Verilator ran: the paths of sources are relative to it.
    pub root: PathBuf,
    /// Verilator's version, for people.
    pub verilator: String,
    /// Verilator's `svdpi.h`, which the headers of a design with DPI functions include.
    pub svdpi: PathBuf,
    /// The headers that are the same for every design; copies are laid beside what is written.
    pub headers: Vec<PathBuf>,
    /// Every flag of Verilator, compiler and linker; a part of the build id.
    pub flags: String,
    /// Files whose names and contents are a part of the build id: identities of tools, sources of the runtime.
    pub stamps: Vec<PathBuf>,
}

/// Writes `<name>.cpp`, `<name>.h`, `<name>.hpp`, `<name>.map` and other lists of symbols, the files that are the same
/// for every design, and `fudsv.json`.
///
/// # Errors
/// A name that files or functions cannot have, a file that cannot be read or written.
pub fn write_wrapper(step: &WrapperStep) -> Result<()> {
    check_name(step)?;
    let interface = load_ports(&step.ports)?;
    let sources = design_sources(&step.tree)?;
    let classes = read_classes(&step.verilated, &step.prefix)?;
    let generated =
        classes.sources().map(|name| named_digest(&step.verilated, name)).collect::<Result<Vec<_>>>()?;
    let headers = headers(&step.verilated)?;
    let (fatal_places, scanned) = find_fatal_places(step, &classes, &sources)?;
    let class = read(&step.verilated.join(format!("{}.cpp", step.prefix)))?;
    let options = Options {
        name: step.name.clone(),
        prefix: step.prefix.clone(),
        build_id: build_id(step, &interface, &generated, &headers)?,
        verilator: step.verilator.clone(),
        fudsv: env!("CARGO_PKG_VERSION").to_owned(),
        features: classes.features(),
        threads: threads(&class),
        evaluation: evaluation_of(step, &class)?,
        fatal_places,
        prototypes: prototypes(&read_dpi(&step.verilated, &step.prefix)?),
    };
    write_files(step, &interface, &wrapper::generate(&interface, &options))?;
    write_manifest(step, &interface, &options, sources)?;
    let scanned: Vec<String> = scanned.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    files::write_depfile(&step.depfile, &scanned)
}

/// `fudsv.json` beside the headers.
fn write_manifest(
    step: &WrapperStep,
    interface: &Interface,
    options: &Options,
    sources: Vec<String>,
) -> Result<()> {
    let versions = [("fudsv", &options.fudsv), ("verilator", &options.verilator)];
    let files = [("header", format!("{}.h", step.name)), ("api_header", "fudsv_model.h".to_owned())];
    let facts = Facts {
        tools: versions.map(|(tool, version)| (tool.to_owned(), version.clone())).into(),
        name: step.name.clone(),
        sources,
        class: step.prefix.clone(),
        build_id: options.build_id.clone(),
        features: options.features.iter().map(|feature| (*feature).to_owned()).collect(),
        threads: options.threads,
        files: files.map(|(what, name)| (what.to_owned(), name)).into(),
    };
    files::write_json(&step.output.join("fudsv.json"), &Manifest::new(interface, &facts))
}

/// What Verilator says about its output.
fn read_classes(verilated: &Path, prefix: &str) -> Result<Classes> {
    Ok(Classes::parse(&read(&verilated.join(format!("{prefix}_classes.mk")))?))
}

/// How many threads a model runs in: `unsigned Vtop::threads() const { return 2; }`.
fn threads(class: &str) -> u32 {
    let returned = class.split_once("::threads() const { return ").and_then(|(_, rest)| rest.split_once(';'));
    returned.and_then(|(number, _)| number.parse().ok()).unwrap_or(1)
}

/// How the class may be evaluated again, if that is known of everything in it.
fn evaluation_of(step: &WrapperStep, class: &str) -> Result<Option<Evaluation>> {
    let Some(found) = evaluation(class, &step.prefix) else { return Ok(None) };
    if found.deletes {
        for header in files::list(&step.verilated, "h")? {
            if has_objects(&read(&header)?) {
                return Ok(None);
            }
        }
    }
    Ok(Some(found))
}

/// Refuses names that cannot occur in an `#include`, or that files and functions of fudsv have.
fn check_name(step: &WrapperStep) -> Result<()> {
    let name = &step.name;
    let unusable = name.is_empty() || name.contains(['/', '\\', '"', '\n']) || name.starts_with('.');
    let taken = symbol(name).starts_with("fudsv") || *name == step.prefix;
    if unusable || taken {
        let why = if taken { "is taken" } else { "cannot name a file" };
        return Err(Error::request(format!("`{name}` {why}")).hint("give the model another name"));
    }
    Ok(())
}

fn write_files(step: &WrapperStep, interface: &Interface, made: &Wrapper) -> Result<()> {
    let name = &step.name;
    let cxx = cxx::generate(interface, name);
    let written = [
        (format!("{name}.h"), made.header.as_str()),
        (format!("{name}.hpp"), &cxx),
        (format!("{name}.cpp"), &made.source),
        (format!("{name}.map"), &made.exports),
        (format!("{name}.symbols"), &made.symbols),
        (format!("{name}.hosts"), &made.hosts),
        (format!("{name}.entry"), &made.entry),
        ("fudsv_model.hpp".to_owned(), cxx::FUDSV_MODEL_HPP),
        ("fudsv.py".to_owned(), python::FUDSV_PY),
    ];
    let stubs = made.stubs.iter().map(|(file, text)| (file.clone(), text.as_str()));
    written.into_iter().chain(stubs).try_for_each(|(file, text)| write(&step.output.join(file), text))?;
    let svdpi = (!interface.dpi.is_empty()).then_some(&step.svdpi);
    let mut copied = step.headers.iter().chain(svdpi);
    copied.try_for_each(|path| write(&step.output.join(files::name(path)), &read(path)?))
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
    /// See [`super::units::Units::main`].
    pub main: PathBuf,
    /// See [`super::units::Units::slow`]: as many as there may be.
    pub slow: Vec<PathBuf>,
    /// See [`super::units::Units::fast`]: as many as there may be.
    pub fast: Vec<PathBuf>,
    /// See [`super::units::Units::runtime`].
    pub runtime: PathBuf,
    /// The directory for headers with another order of members, if it may be another.
    pub laid: Option<PathBuf>,
}

/// Writes the units of a model; those it has no need of are empty files.
///
/// # Errors
/// A file that cannot be read or written.
pub fn write_units(step: &UnitsStep) -> Result<()> {
    let classes = read_classes(&step.verilated, &step.prefix)?;
    let (parts, headers) = parts(step, &classes)?;
    let most = Most { fast: step.fast.len(), slow: step.slow.len() };
    let units = units(&parts, &classes, most);
    let fixed = [(&step.main, &units.main), (&step.runtime, &units.runtime)];
    let fast = step.fast.iter().zip(&units.fast);
    let slow = step.slow.iter().zip(&units.slow);
    fixed.into_iter().chain(fast).chain(slow).try_for_each(|(path, text)| write(path, text))?;
    let Some(directory) = &step.laid else { return Ok(()) };
    // The directory is there even if nothing is laid out.
    write(&directory.join("none"), "")?;
    headers.laid.iter().try_for_each(|(name, laid)| write(&directory.join(name), &laid.text))
}

/// The files of a model and what each sees of the headers. The members of a small model keep their order: it is one unit,
/// which sees everything.
fn parts(step: &UnitsStep, classes: &Classes) -> Result<(Parts, Headers)> {
    let mut texts = headers_of(&step.verilated)?;
    if let Some(interface) = &step.interface {
        texts.extend(headers_of(interface)?);
    }
    let files = |stems: &[String]| {
        let read_one = |stem| {
            let name = format!("{stem}.cpp");
            Ok((read(&step.verilated.join(&name))?, name))
        };
        stems.iter().map(read_one).collect::<Result<Vec<_>>>()
    };
    let (fast, slow) = (files(&classes.fast)?, files(&classes.slow)?);
    let source = |name: &str, text: &str, (seen, sees_all): (Digest, bool)| {
        let mut key = KeyHasher::new();
        key.field("text", text).field("headers", seen.as_bytes());
        Source { name: name.to_owned(), digest: key.finish(), bytes: text.len() as u64, sees_all }
    };
    let interface_file = format!("{}.cpp", step.name);
    let interface = step.interface.as_ref().map(|dir| read(&dir.join(&interface_file))).transpose()?;
    let with = |headers: &Headers| {
        let all = |files: &[(String, String)]| {
            files.iter().map(|(text, name)| source(name, text, headers.seen_by(text))).collect::<Vec<_>>()
        };
        Parts {
            fast: all(&fast),
            slow: all(&slow),
            interface: interface.as_ref().map(|text| source(&interface_file, text, (headers.whole, true))),
            first: headers.laid.keys().cloned().collect(),
            check: headers.check(),
        }
    };
    let plain = Headers::new(&texts, &step.prefix, false);
    let parts = with(&plain);
    if step.laid.is_none() || parts.is_small() {
        return Ok((parts, plain));
    }
    let laid = Headers::new(&texts, &step.prefix, true);
    Ok((with(&laid), laid))
}

/// The headers of a directory, by their names.
fn headers_of(directory: &Path) -> Result<BTreeMap<String, String>> {
    let paths = files::list(directory, "h")?;
    paths.iter().map(|path| Ok((files::name(path).to_owned(), read(path)?))).collect()
}

/// Hashes what makes a library what it is.
fn build_id(
    step: &WrapperStep,
    interface: &Interface,
    generated: &[(String, Digest)],
    headers: &[(String, Digest)],
) -> Result<String> {
    let ports = serde_json::to_string(interface)
        .map_err(|cause| Error::step("the ports cannot be written as JSON").because(cause))?;
    let mut key = KeyHasher::new();
    key.field("name", &step.name).field("flags", &step.flags).field("ports", ports);
    for path in &step.stamps {
        key.field(files::name(path), read(path)?);
    }
    for (name, digest) in generated.iter().chain(headers) {
        key.field(name, digest.to_string());
    }
    Ok(key.finish().short(32))
}

/// The `$fatal`s of a design whose Verilator does not distinguish them from `$error`s, and the files that were read.
fn find_fatal_places(
    step: &WrapperStep,
    classes: &Classes,
    sources: &[String],
) -> Result<(Vec<FatalPlace>, Vec<PathBuf>)> {
    let code = classes.sources().map(|name| read(&step.verilated.join(name))).collect::<Result<Vec<_>>>()?;
    let stops = code.iter().any(|text| text.contains("VL_STOP_MT("));
    if !stops || code.iter().any(|text| text.contains("%%Fatal: ")) {
        return Ok((vec![], vec![]));
    }
    let (mut places, mut scanned) = (vec![], vec![]);
    for given in sources {
        let path = step.root.join(given);
        let bytes = fs::read(&path).map_err(|cause| cannot("read", &path, cause))?;
        places.extend(fatal_places(given, &String::from_utf8_lossy(&bytes)));
        scanned.push(path);
    }
    Ok((places, scanned))
}

/// The headers of a directory.
fn headers(directory: &Path) -> Result<Vec<(String, Digest)>> {
    let paths = files::list(directory, "h")?;
    paths.iter().map(|path| named_digest(directory, files::name(path).to_owned())).collect()
}

fn named_digest(directory: &Path, name: String) -> Result<(String, Digest)> {
    let path = directory.join(&name);
    let digest = Digest::of_file(&path).map_err(|cause| cannot("read", &path, cause))?;
    Ok((name, digest))
}
