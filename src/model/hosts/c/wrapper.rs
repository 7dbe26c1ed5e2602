//! The C++ around a Verilated class: from an [`Interface`] and a few names to the text of every file.
//! It does not know the disk; the same input gives the same bytes.

use super::accessors::{self, Accessor};
use super::dpi;
use super::evaluation::{self, Evaluation};
use super::fatal_places::{self, FatalPlace};
use super::names::{self, entry};
use super::tables;
use super::text::{c_text, comment_text};
use crate::model::hosts::template::fill;
use crate::model::interface::Interface;
use crate::model::names::symbol;
use crate::model::ports::Prototype;

/// The frame of `<name>.cpp`.
const SOURCE: &str = include_str!("templates/wrapper.cpp.in");
/// The frame of `<name>.h`.
const HEADER: &str = include_str!("templates/wrapper.h.in");
/// The part of `<name>.cpp` that writes waveforms.
const TRACE: &str = include_str!("templates/trace.cpp.in");
/// The part of `<name>.cpp` that saves and restores.
const SAVE: &str = include_str!("templates/save.cpp.in");

/// What a wrapper needs to know beside the interface.
#[derive(Clone, Debug)]
pub struct Options {
    /// Of the library and its files; functions start with [`symbol`] of it.
    pub name: String,
    /// Verilator's `--prefix`: the name of the Verilated class and its header.
    pub prefix: String,
    /// Changes with sources, flags and tools.
    pub build_id: String,
    /// Verilator's version, for people.
    pub verilator: String,
    /// Our version, for people.
    pub fudsv: String,
    /// What the class can do; see [`super::classes::Classes::features`].
    pub features: Vec<&'static str>,
    /// How many threads a model runs in.
    pub threads: u32,
    /// How the class may be evaluated again; nothing if only its own function is known to.
    pub evaluation: Option<Evaluation>,
    /// The `$fatal`s of a design whose Verilator prints them as `%Error`; see [`fatal_places`].
    pub fatal_places: Vec<FatalPlace>,
    /// The DPI functions in the header of the class, with their places.
    pub prototypes: Vec<Prototype>,
}

/// The files of one wrapper.
#[derive(Clone, Debug)]
pub struct Wrapper {
    /// `<name>.cpp`: tables and functions, to be compiled with the Verilated class.
    pub source: String,
    /// `<name>.h`: the typed functions.
    pub header: String,
    /// `<name>.map`: the version script, which exports the C functions and nothing else.
    pub exports: String,
    /// `<name>.symbols`: the functions that a static library exports.
    pub symbols: String,
    /// `<name>.hosts`: what stubs call the DPI functions that the host links, and what it calls them.
    pub hosts: String,
    /// `<name>.entry`: arguments of `objcopy` that leave one function, under the name [`entry`].
    pub entry: String,
    /// `dpi-stubs/<function>.cpp`, one for each imported DPI function.
    pub stubs: Vec<(String, String)>,
}

/// Generates the files of a wrapper.
pub fn generate(interface: &Interface, options: &Options) -> Wrapper {
    let symbol = symbol(&options.name);
    let accessors = accessors::of(interface, &symbol);
    let dpi = dpi::of(&interface.dpi, &options.prototypes, &symbol);
    let typed: Vec<String> = functions(options, &accessors, &dpi).collect();
    Wrapper {
        source: source(interface, options, &accessors, &dpi),
        header: header(interface, options, &accessors, &dpi),
        exports: exports(&typed),
        symbols: typed.iter().map(|function| format!("{function}\n")).collect(),
        entry: entry_arguments(options),
        hosts: interface.dpi.imports.iter().map(|of| format!("fudsv_host_{0} {0}\n", of.name)).collect(),
        stubs: dpi.stubs,
    }
}

fn entry_arguments(options: &Options) -> String {
    let entry = entry(&options.build_id);
    format!("--redefine-sym={}_fudsv_get_api={entry}\n--keep-global-symbol={entry}\n", symbol(&options.name))
}

/// The functions of a model, whether it is linked or loaded.
fn functions<'a>(
    options: &Options,
    accessors: &'a [Accessor],
    dpi: &'a dpi::Texts,
) -> impl Iterator<Item = String> + 'a {
    let symbol = symbol(&options.name);
    let fixed = names::FUNCTIONS.iter().map(move |function| format!("{symbol}_{function}"));
    let ports = accessors.iter().flat_map(|accessor| &accessor.functions);
    fixed.chain(ports.chain(&dpi.functions).cloned())
}

fn source(interface: &Interface, options: &Options, accessors: &[Accessor], dpi: &dpi::Texts) -> String {
    let tables = tables::of(interface);
    let definitions: String = accessors.iter().map(|accessor| accessor.definition.as_str()).collect();
    let mut values = vec![
        ("FATAL_PLACES", fatal_places::table(&options.fatal_places)),
        ("FATAL_PLACE_COUNT", options.fatal_places.len().to_string()),
        ("FEATURES", features(options)),
        ("TIME_UNIT", interface.time_unit.to_string()),
        ("TIME_PRECISION", interface.time_precision.to_string()),
        ("PORT_COUNT", interface.ports.len().to_string()),
        ("THREADS", options.threads.to_string()),
        ("PROBE_COUNT", interface.probes.len().to_string()),
        ("SYMS_INCLUDE", syms_include(interface, options)),
        ("PARAM_COUNT", interface.parameters.len().to_string()),
        ("TYPE_COUNT", interface.types.len().to_string()),
        ("NAME_TEXT", c_text(&options.name)),
        ("TOP_TEXT", c_text(&interface.top)),
        ("CLASS_TEXT", c_text(&options.prefix)),
        ("VERILATOR_TEXT", c_text(&options.verilator)),
        ("FUDSV_TEXT", c_text(&options.fudsv)),
        ("BUILD_ID_TEXT", c_text(&options.build_id)),
        ("NAME", options.name.clone()),
        ("CLASS", options.prefix.clone()),
        ("SYMBOL", symbol(&options.name)),
        ("ACCESSORS", definitions + dpi.definitions.as_str()),
    ];
    values.extend(tables);
    values.extend(dpi.gaps.iter().cloned());
    values.extend(evaluation(interface, options));
    values.extend(trace(options));
    values.extend(coverage(options));
    values.extend(save(options));
    fill(SOURCE, &values)
}

/// What evaluates the class again, and runs cycles.
fn evaluation(interface: &Interface, options: &Options) -> [(&'static str, String); 3] {
    let known = options.evaluation.filter(|_| options.threads == 1);
    evaluation::code(interface, &options.prefix, known, options.features.contains(&"timing"))
}

/// Signals inside of the design are reached through the symbols of the class.
fn syms_include(interface: &Interface, options: &Options) -> String {
    if interface.probes.is_empty() {
        String::new()
    } else {
        format!("#include \"{}__Syms.h\"\n", options.prefix)
    }
}

fn features(options: &Options) -> String {
    let bit = |name: &&str| format!("FUDSV_FEATURE_{}", name.to_ascii_uppercase().replace('-', "_"));
    let bits: Vec<String> = options.features.iter().map(bit).collect();
    if bits.is_empty() { "0".to_owned() } else { bits.join(" | ") }
}

/// What writes waveforms, if the class was verilated for it.
fn trace(options: &Options) -> [(&'static str, String); 2] {
    let formats = [
        ("trace-vcd", "verilated_vcd_c", "VerilatedVcdC"),
        ("trace-fst", "verilated_fst_c", "VerilatedFstC"),
    ];
    let built = formats.iter().find(|(feature, ..)| options.features.contains(feature));
    let (include, code) = match built {
        Some((_, header, class)) => {
            (format!("#include \"{header}.h\"\n"), fill(TRACE, &[("TRACE_CLASS", (*class).to_owned())]))
        }
        None => (String::new(), "static fudsv::Tracer* (*const trace)(void*, int) = nullptr;\n".to_owned()),
    };
    [("TRACE_INCLUDE", include), ("TRACE", code)]
}

/// What writes coverage, if the class was verilated for it.
fn coverage(options: &Options) -> [(&'static str, String); 2] {
    let counted = options.features.contains(&"coverage");
    let include = if counted { "#include \"verilated_cov.h\"\n" } else { "" };
    let code = if counted {
        "static void write_coverage(VerilatedContext* context, const char* path) { context->coveragep()->write(path); }\n\
         static void zero_coverage(VerilatedContext* context) { context->coveragep()->zero(); }\n"
    } else {
        "static void (*const write_coverage)(VerilatedContext*, const char*) = nullptr;\n\
         static void (*const zero_coverage)(VerilatedContext*) = nullptr;\n"
    };
    [("COVERAGE_INCLUDE", include.to_owned()), ("COVERAGE", code.to_owned())]
}

/// What saves and restores, if the class was verilated for it.
fn save(options: &Options) -> [(&'static str, String); 2] {
    if options.features.contains(&"savable") {
        let include = "#include \"verilated_save.h\"\n#include <algorithm>\n";
        return [("SAVE_INCLUDE", include.to_owned()), ("SAVE", SAVE.to_owned())];
    }
    let nothing = "static void (*const save)(VerilatedContext*, void*, std::string&) = nullptr;\n\
                   static void (*const restore)(VerilatedContext*, void*, const std::string&) = nullptr;\n";
    [("SAVE_INCLUDE", String::new()), ("SAVE", nothing.to_owned())]
}

fn header(interface: &Interface, options: &Options, accessors: &[Accessor], dpi: &dpi::Texts) -> String {
    let symbol = symbol(&options.name);
    let declarations: String = accessors.iter().map(|accessor| accessor.declaration.as_str()).collect();
    let mut values = vec![
        ("NAME", options.name.clone()),
        ("TOP", comment_text(&interface.top)),
        ("NOTES", names::notes(interface)),
        ("GUARD", format!("FUDSV_FUNCTIONS_OF_{symbol}")),
        ("TIME_PRECISION", interface.time_precision.to_string()),
        ("SYMBOL", symbol),
        ("ACCESSORS", declarations + dpi.declarations.as_str()),
    ];
    values.extend(dpi.gaps.iter().cloned());
    fill(HEADER, &values)
}

fn exports(typed: &[String]) -> String {
    let all = std::iter::once("fudsv_get_api").chain(typed.iter().map(String::as_str));
    let lines: String = all.map(|function| format!("        {function};\n")).collect();
    format!("{{\n    global:\n{lines}    local:\n        *;\n}};\n")
}
