//! A Rust crate around a model: from its manifest to the text of every file but the compiled model.
//! It does not know the disk, or how the model was compiled; the same input gives the same bytes.

mod dpi;
mod exports;
mod names;
mod parameters;
mod ports;
mod records;
pub mod step;
mod value;

use super::c::names::entry;
use super::template::fill;
use crate::model::interface::Role;
use crate::model::manifest::Manifest;
use names::Names;
use std::collections::BTreeMap;

/// The frames of the files of a crate.
mod frame {
    pub const BITS: &str = include_str!("templates/bits.rs.in");
    pub const BUILD: &str = include_str!("templates/build.rs.in");
    pub const CARGO_TOML: &str = include_str!("templates/Cargo.toml.in");
    pub const CYCLES: &str = include_str!("templates/cycles.rs.in");
    pub const DPI: &str = include_str!("templates/dpi.rs.in");
    pub const ENTRY: &str = include_str!("templates/entry.rs.in");
    pub const EXPORTS: &str = include_str!("templates/exports.rs.in");
    pub const LIB: &str = include_str!("templates/lib.rs.in");
    pub const MODEL: &str = include_str!("templates/model.rs.in");
    pub const README: &str = include_str!("templates/README.md.in");
    pub const RESET: &str = include_str!("templates/reset.rs.in");
    pub const SMOKE: &str = include_str!("templates/smoke.rs.in");
}

/// What a crate has in common with fudsv's own library for programs that drive models, as it is.
const IN_COMMON: [(&str, &str); 6] = [
    ("src/abi.rs", include_str!("../../../runtime/abi.rs")),
    ("src/callee.rs", include_str!("../../../runtime/callee.rs")),
    ("src/dl.rs", include_str!("../../../runtime/dl.rs")),
    ("src/error.rs", include_str!("../../../runtime/error.rs")),
    ("src/running.rs", include_str!("../../../runtime/running.rs")),
    ("src/value.rs", include_str!("../../../runtime/value.rs")),
];

/// What a crate needs to know beside the manifest.
#[derive(Clone, Debug)]
pub struct Options {
    /// What the crate is called after; the model when it is empty.
    pub name: String,
    /// The C++ library that the model was compiled against: `stdc++` or `c++`.
    pub stdlib: String,
    /// Further libraries that the model is linked with, such as `z`.
    pub libraries: Vec<String>,
    /// What the model was compiled for, as Rust calls it: `x86_64`.
    pub arch: String,
    /// `linux`.
    pub os: String,
}

/// The compiled model in the crate. Its name contains a `-`, which a design's name never does: a design may share the name
/// of a library that every program is linked with, such as `m`.
pub fn library(name: &str) -> String {
    format!("native/lib{name}-model.a")
}

/// The type that is the model, in a crate that is called after `name`.
pub fn structure(manifest: &Manifest, name: &str) -> String {
    Names::new(manifest, name).structure
}

/// The files of a crate, by their paths in it.
pub fn generate(manifest: &Manifest, options: &Options) -> BTreeMap<String, String> {
    let name = if options.name.is_empty() { &manifest.name } else { &options.name };
    let names = Names::new(manifest, name);
    let values = values(manifest, options, &names);
    let filled = |frame: &str| fill(frame, &values);
    let files = [
        ("Cargo.toml", filled(frame::CARGO_TOML)),
        ("README.md", filled(frame::README)),
        ("build.rs", filled(frame::BUILD)),
        ("native/link", links(&manifest.name, options)),
        ("rustfmt.toml", "# Generated files are not formatted.\ndisable_all_formatting = true\n".to_owned()),
        ("src/bits.rs", filled(frame::BITS)),
        ("src/entry.rs", filled(frame::ENTRY)),
        ("src/lib.rs", filled(frame::LIB)),
        ("src/model.rs", filled(frame::MODEL)),
        ("tests/smoke.rs", filled(frame::SMOKE)),
    ];
    let has_functions = !manifest.dpi.imports.is_empty();
    let functions = has_functions.then(|| ("src/dpi.rs", filled(frame::DPI)));
    let exports = (!manifest.dpi.exports.is_empty()).then(|| ("src/exports.rs", filled(frame::EXPORTS)));
    // Crates are of the edition 2021, and have compilers that do not know the words of a later one.
    let in_common =
        IN_COMMON.map(|(name, text)| (name, text.replace("unsafe extern \"C\" {", "extern \"C\" {")));
    files
        .into_iter()
        .chain(functions)
        .chain(exports)
        .chain(in_common)
        .map(|(name, text)| (name.to_owned(), text))
        .collect()
}

fn values(manifest: &Manifest, options: &Options, names: &Names) -> Vec<(&'static str, String)> {
    let about = format!("The hardware module `{}`, compiled by Verilator.", names::plain(&manifest.top));
    let example = example(manifest);
    let commented: String = example.lines().map(|line| format!("//! {line}\n")).collect();
    let rust_text = |text: &str| format!("{text:?}");
    let (cycles, steps) = life(manifest);
    let widest =
        manifest.ports.iter().chain(&manifest.probes).map(|port| port.words).max().unwrap_or_default();
    let widest = widest.max(dpi::widest(manifest));
    let dpi::Functions { methods, bindings, functions } = dpi::functions(manifest, names);
    let only_with_functions = |text: &str| if methods.is_empty() { String::new() } else { text.to_owned() };
    let exports = exports::methods(manifest, names);
    let has_exports = !manifest.dpi.exports.is_empty();
    let only_with_exports = |text: &str| if has_exports { text.to_owned() } else { String::new() };
    vec![
        ("EXPORTS_MODULE", only_with_exports("mod exports;\n")),
        ("EXPORTS_NAMES", only_with_exports("pub use exports::Exports;\n")),
        ("EXPORTS", exports),
        ("DPI_MODULE", only_with_functions("mod dpi;\n")),
        ("DPI_NAMES", only_with_functions("pub use callee::LogicWord;\npub use dpi::Dpi;\n")),
        ("METHODS", methods),
        ("BINDINGS", bindings),
        ("FUNCTIONS", functions),
        ("CYCLES", cycles),
        ("PACKAGE", names.package.clone()),
        ("STRUCT", names.structure.clone()),
        ("NAME", manifest.name.clone()),
        ("VARIABLE", names.package.to_ascii_uppercase()),
        ("TOP", names::plain(&manifest.top)),
        ("DESCRIPTION", description(&about, &manifest.build_id)),
        ("SUMMARY", about),
        ("EXAMPLE", commented),
        ("USE", example),
        ("STEPS", steps),
        ("NAMES", names.notes(manifest)),
        ("ENTRY", entry(&manifest.build_id)),
        ("STDLIB", options.stdlib.clone()),
        ("ARCH", options.arch.clone()),
        ("OS", options.os.clone()),
        ("TOP_TEXT", rust_text(&manifest.top)),
        ("BUILD_ID_TEXT", rust_text(&manifest.build_id)),
        ("VERILATOR_TEXT", rust_text(manifest.tools.get("verilator").map_or("", String::as_str))),
        ("TIME_UNIT", manifest.time_unit.to_string()),
        ("TIME_PRECISION", manifest.time_precision.to_string()),
        ("MAX_WORDS", widest.max(8).to_string()),
        ("PORTS", ports::table(&manifest.ports)),
        ("PROBES", ports::table(&manifest.probes)),
        ("PARAMETERS", parameters::constants(&manifest.parameters)),
        ("TYPES", records::definitions(manifest, names)),
        ("ACCESSORS", ports::accessors(manifest, names)),
    ]
}

/// Two crates of one name may share a target directory in turn. There Cargo distinguishes them by times, and by the
/// description if a source uses it.
fn description(about: &str, build_id: &str) -> String {
    serde_json::Value::from(format!("{about} Build {build_id}")).to_string()
}

/// Whether there is exactly one clock, and whether there is a reset.
fn driven(manifest: &Manifest) -> (bool, bool) {
    let roles: Vec<Role> = manifest.ports.iter().filter_map(|port| port.role).collect();
    let clocks = roles.iter().filter(|role| **role == Role::Clock).count();
    (clocks == 1, roles.len() > clocks)
}

/// The methods of designs with a clock or a reset, and the lines of a test that call them.
fn life(manifest: &Manifest) -> (String, String) {
    let (clock, reset) = driven(manifest);
    let parts = [
        (clock, frame::CYCLES, "    report(\"tick\", dut.tick());\n"),
        (reset, frame::RESET, "    report(\"apply_reset\", dut.apply_reset(2));\n"),
    ];
    let there = parts.into_iter().filter(|(there, ..)| *there);
    there.fold((String::new(), String::new()), |(methods, steps), (_, method, step)| {
        (methods + method, format!("{step}{steps}"))
    })
}

/// Lines that run the model a little.
fn example(manifest: &Manifest) -> String {
    let (clock, reset) = driven(manifest);
    let reset = if reset { "dut.apply_reset(2)?;\n" } else { "" };
    let run = if clock { "dut.tick()?;\n" } else { "dut.eval()?;\n" };
    format!("{reset}{run}println!(\"{{dut:?}}\");\n")
}

/// What to link: the model, then what it needs; `atomic` where the compiler made calls of atomic operations.
fn links(name: &str, options: &Options) -> String {
    let model = format!("static={name}-model");
    let names = [model.as_str(), options.stdlib.as_str(), "atomic", "m", "pthread"];
    let names = names.into_iter().chain(options.libraries.iter().map(String::as_str));
    names.map(|name| format!("{name}\n")).collect()
}
