//! `fudsv tool …`: the verbs that emitted Ninja files call; not for people.
//! It does not know what Ninja is doing.

use super::output::OnStderr;
use super::report::report;
use crate::diag::{Error, Result};
use crate::env::Env;
use crate::lint;
use crate::model::interface::Direction;
use crate::model::manifest::Facts;
use crate::model::rust_crate;
use crate::model::steps::{self, PortsStep, UnitsStep, Wrapped, WrapperStep};
use crate::session::{Configured, only_read, regenerate};
use crate::step;
use clap::{Args, Parser};
use std::path::PathBuf;
use std::process::ExitCode;

/// The verbs that built-in scripts call.
#[derive(Debug, Parser)]
#[command(name = "fudsv tool", disable_help_subcommand = true)]
enum Verb {
    /// List the sources that Verilator's tree names as a dependency file, and take out of it what differs between runs
    Inputs(InputsArgs),
    /// Write what Verilator said as JSON
    Lint(LintArgs),
    /// Write ports.json out of Verilator's tree and class
    Ports(PortsArgs),
    /// Write settings that make Verilator keep signals inside of a design
    Probes(ProbesArgs),
    /// Write the C interface around a Verilated class
    Wrapper(WrapperArgs),
    /// Write a Rust crate around the model behind a C interface
    Crate(CrateArgs),
    /// Write what Assassyn expects of an external module, without its crate
    ExternalModules(ExternalModulesArgs),
    /// Write a Python package around a shared library
    PyModule(PyModuleArgs),
    /// Divide the C++ of a model into the files that are compiled
    Units(UnitsArgs),
}

#[derive(Debug, Args)]
struct InputsArgs {
    /// V….xml or V….tree.json
    #[arg(long)]
    tree: PathBuf,
    /// The dependency file
    #[arg(short)]
    output: PathBuf,
}

#[derive(Debug, Args)]
struct LintArgs {
    /// What Verilator printed
    #[arg(long)]
    report: PathBuf,
    /// The JSON file
    #[arg(short)]
    output: PathBuf,
}

#[derive(Debug, Args)]
struct PortsArgs {
    /// V….xml or V….tree.json
    #[arg(long)]
    tree: PathBuf,
    /// The directory of the Verilated class
    #[arg(long)]
    verilated: PathBuf,
    /// Verilator's --prefix
    #[arg(long)]
    prefix: String,
    /// A signal below the top that can be read, too
    #[arg(long)]
    probe: Vec<String>,
    /// ports.json
    #[arg(short)]
    output: PathBuf,
}

#[derive(Debug, Args)]
struct ProbesArgs {
    /// Signals by their paths below the top
    probe: Vec<String>,
    /// The file of settings
    #[arg(short)]
    output: PathBuf,
}

#[derive(Debug, Args)]
struct WrapperArgs {
    /// ports.json
    #[arg(long)]
    ports: PathBuf,
    /// V….xml or V….tree.json
    #[arg(long)]
    tree: PathBuf,
    /// The directory of the Verilated class
    #[arg(long)]
    verilated: PathBuf,
    /// Verilator's --prefix
    #[arg(long)]
    prefix: String,
    /// The name of the model
    #[arg(long)]
    name: String,
    /// Where Verilator ran
    #[arg(long, default_value = ".")]
    root: PathBuf,
    /// Verilator's version, for people
    #[arg(long, default_value = "")]
    verilator: String,
    /// Verilator's svdpi.h
    #[arg(long)]
    svdpi: PathBuf,
    /// A flag that makes another build of it
    #[arg(long, allow_hyphen_values = true)]
    flag: Vec<String>,
    /// A file that holds the identity of a tool
    #[arg(long)]
    stamp: Vec<PathBuf>,
    /// The dependency file: sources that were looked at
    #[arg(long)]
    depfile: PathBuf,
    /// The directory to write to
    #[arg(short)]
    output: PathBuf,
}

#[derive(Debug, Args)]
struct CrateArgs {
    /// The directory of the C interface
    #[arg(long)]
    interface: PathBuf,
    /// What the crate is called after, if not the model
    #[arg(long, default_value = "")]
    name: String,
    /// The C++ library that the model was compiled against
    #[arg(long, default_value = "stdc++")]
    stdlib: String,
    /// A library that the model is linked with
    #[arg(short = 'l')]
    libraries: Vec<String>,
    /// The directory to write to
    #[arg(short)]
    output: PathBuf,
}

#[derive(Debug, Args)]
struct ExternalModulesArgs {
    /// The directory of the C interface
    #[arg(long)]
    interface: PathBuf,
    /// What the module is called, if not as the model
    #[arg(long, default_value = "")]
    name: String,
    /// Where the directory will be
    #[arg(long)]
    root: PathBuf,
    /// The directory to write to
    #[arg(short)]
    output: PathBuf,
}

#[derive(Debug, Args)]
struct PyModuleArgs {
    /// The directory of the C interface
    #[arg(long)]
    interface: PathBuf,
    /// The shared library
    #[arg(long)]
    library: PathBuf,
    /// What the package is called after, if not the model
    #[arg(long, default_value = "")]
    name: String,
    /// The directory to write to
    #[arg(short)]
    output: PathBuf,
}

#[derive(Debug, Args)]
struct UnitsArgs {
    /// The directory of the Verilated class
    #[arg(long)]
    verilated: PathBuf,
    /// Verilator's --prefix
    #[arg(long)]
    prefix: String,
    /// The directory of the C interface, if there is one
    #[arg(long)]
    interface: Option<PathBuf>,
    /// The name of the model
    #[arg(long)]
    name: String,
    /// The unit of the interface, and of everything in a small model
    #[arg(long)]
    main: PathBuf,
    /// The unit of code that runs seldom
    #[arg(long)]
    slow: PathBuf,
    /// The unit of what else is needed of the runtime
    #[arg(long)]
    runtime: PathBuf,
    /// The units of code that runs often
    fast: Vec<PathBuf>,
}

/// Runs one verb.
pub fn main(env: Env, words: &[String]) -> ExitCode {
    let done = match words {
        [verb, rest @ ..] if verb == "run" => {
            return ExitCode::from(step::main(rest, &env.vars, &Configured::new(&env)));
        }
        [verb] if verb == "regenerate" => regenerate(env, &mut OnStderr),
        _ => {
            match Verb::try_parse_from(std::iter::once("fudsv tool").chain(words.iter().map(String::as_str)))
            {
                Ok(verb) => run(verb),
                Err(error) => {
                    Err(Error::request(error.to_string().trim_start_matches("error: ").trim().to_owned()))
                }
            }
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => report(&error),
    }
}

fn run(verb: Verb) -> Result<()> {
    match verb {
        Verb::Inputs(InputsArgs { tree, output }) => {
            steps::settle_tree(&tree)?;
            steps::write_depfile(&output, &steps::design_sources(&tree)?)
        }
        Verb::Lint(args) => write_diagnostics(&args),
        Verb::Ports(PortsArgs { tree, verilated, prefix, probe: probes, output }) => {
            let made = steps::write_ports(&PortsStep { tree, verilated, prefix, probes, output })?;
            let inouts = made.ports.into_iter().filter(|port| port.direction == Direction::Inout);
            let inouts: Vec<String> = inouts.map(|port| port.name).collect();
            only_read(&inouts).into_iter().for_each(|text| anstream::eprintln!("warning: {text}"));
            Ok(())
        }
        Verb::Probes(ProbesArgs { probe, output }) => steps::write_probe_settings(&output, &probe),
        Verb::Wrapper(args) => wrapper(args),
        Verb::Crate(CrateArgs { interface, name, stdlib, libraries, output }) => {
            let (arch, os) = (std::env::consts::ARCH.to_owned(), std::env::consts::OS.to_owned());
            steps::write_crate(
                &interface,
                &rust_crate::Options { name, stdlib, libraries, arch, os },
                &output,
            )
        }
        Verb::ExternalModules(ExternalModulesArgs { interface, name, root, output }) => {
            steps::write_external_modules(&interface, &name, &root, &output)
        }
        Verb::PyModule(PyModuleArgs { interface, library, name, output }) => {
            steps::write_py_module(&interface, &library, &name, &output)
        }
        Verb::Units(args) => {
            let UnitsArgs { verilated, prefix, interface, name, main, slow, runtime, fast } = args;
            let step = UnitsStep { verilated, prefix, interface, name, main, slow, fast, runtime };
            steps::write_units(&step)
        }
    }
}

fn write_diagnostics(LintArgs { report, output }: &LintArgs) -> Result<()> {
    let text = std::fs::read_to_string(report)
        .map_err(|e| Error::machine(format!("cannot read `{}`", report.display())).because(e))?;
    let diagnostics = lint::parse(&text);
    let (errors, warnings) = lint::count(&diagnostics);
    let json = serde_json::json!({"errors": errors, "warnings": warnings, "diagnostics": diagnostics});
    std::fs::write(output, format!("{json:#}\n"))
        .map_err(|e| Error::machine(format!("cannot write `{}`", output.display())).because(e))
}

fn wrapper(args: WrapperArgs) -> Result<()> {
    let WrapperArgs {
        ports,
        tree,
        verilated,
        prefix,
        name,
        root,
        verilator,
        svdpi,
        flag,
        stamp,
        depfile,
        output,
    } = args;
    let (sources, flags) = (steps::design_sources(&tree)?, flag.join(" "));
    let tools = stamp.iter().map(|path| {
        let text = std::fs::read_to_string(path);
        let text =
            text.map_err(|e| Error::machine(format!("cannot read `{}`", path.display())).because(e))?;
        Ok((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), text))
    });
    let tools = tools.collect::<Result<Vec<_>>>()?;
    let step =
        WrapperStep { ports, verilated, prefix, name, output, root, sources, verilator, svdpi, flags, tools };
    let wrapped = steps::write_wrapper(&step)?;
    write_manifest(&step, &wrapped)?;
    let scanned: Vec<String> =
        wrapped.scanned.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    steps::write_depfile(&depfile, &scanned)
}

/// `fudsv.json` beside the headers.
fn write_manifest(step: &WrapperStep, wrapped: &Wrapped) -> Result<()> {
    let versions = [("fudsv", env!("CARGO_PKG_VERSION")), ("verilator", &step.verilator)];
    let files = [("header", format!("{}.h", step.name)), ("api_header", "fudsv_model.h".to_owned())];
    let facts = Facts {
        tools: versions.map(|(tool, version)| (tool.to_owned(), version.to_owned())).into(),
        name: step.name.clone(),
        sources: step.sources.clone(),
        class: step.prefix.clone(),
        build_id: wrapped.build_id.clone(),
        features: wrapped.classes.features().iter().map(|feature| (*feature).to_owned()).collect(),
        threads: wrapped.threads,
        files: files.map(|(what, name)| (what.to_owned(), name)).into(),
    };
    steps::write_manifest(&step.output.join("fudsv.json"), &steps::load_ports(&step.ports)?, &facts)
}
