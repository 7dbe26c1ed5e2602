//! `fudsv tool …`: the verbs that emitted Ninja files call; not for people.
//! It only reads their arguments: what they do stands beside the work. It does not know what Ninja is doing.

use super::output::OnStderr;
use super::report::report;
use crate::config::parse_size;
use crate::design::{Form, VerylProject, exported};
use crate::diag::{Error, Result};
use crate::env::Env;
use crate::lint;
use crate::model::hosts::c::step::{self as c, UnitsStep, WrapperStep};
use crate::model::hosts::{assassyn, python, rust};
use crate::model::interface::Direction;
use crate::model::ports::step::{self as ports, PortsStep};
use crate::run::cocotb::Program;
use crate::runs::{self, RunStep, TrainStep};
use crate::session::{Configured, only_read, regenerate};
use crate::step;
use camino::Utf8PathBuf;
use clap::{Args, Parser};
use std::path::PathBuf;
use std::process::ExitCode;

/// The verbs that built-in scripts call.
#[derive(Debug, Parser)]
#[command(name = "fudsv tool", disable_help_subcommand = true)]
enum Verb {
    /// List the sources that Verilator's tree names as a dependency file, and take out of it what differs between runs
    Inputs(InputsArgs),
    /// Write a design for other tools
    Description(DescriptionArgs),
    /// Write a project of Veryl that contains these sources
    VerylProject(VerylArgs),
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
    /// Run a simulation and write what became of it
    Simulate(SimulateArgs),
    /// Run a program that counts how often its parts run, and write its counts
    Train(TrainArgs),
    /// Write a program for cocotb's tests, and what runs it
    Cocotb(CocotbArgs),
}

#[derive(Debug, Args)]
struct CocotbArgs {
    /// The program of the simulator
    #[arg(long)]
    program: Utf8PathBuf,
    /// What Python imports first
    #[arg(long)]
    hook: Utf8PathBuf,
    /// The name of the program in the directory
    #[arg(long = "as")]
    name: String,
    /// The top module
    #[arg(long)]
    top: Option<String>,
    /// The version of cocotb
    #[arg(long)]
    version: String,
    /// The Python that has cocotb
    #[arg(long)]
    python: String,
    /// Its library
    #[arg(long)]
    libpython: String,
    /// cocotb's library for it, and the function that starts it
    #[arg(long)]
    entry: String,
    /// The format of waveforms
    #[arg(long)]
    trace: Option<String>,
    /// Icarus' `vvp`, which runs the program
    #[arg(long)]
    vvp: Option<String>,
    /// What `vvp` loads
    #[arg(long, default_value = "")]
    library: String,
    /// Code is in it that may read what nobody sees
    #[arg(long)]
    unseen: bool,
    /// The directory to write to
    #[arg(short)]
    output: Utf8PathBuf,
}

impl CocotbArgs {
    fn write(self) -> Result<()> {
        let CocotbArgs { program, hook, name, top, version, python, libpython, entry, .. } = self;
        let CocotbArgs { trace, vvp, library, unseen, output, .. } = self;
        let vvp = vvp.into_iter().collect();
        let about =
            Program { program: name, vvp, library, top, python, libpython, entry, ..Program::default() };
        Program { version, trace, unseen, ..about }.write(&program, &hook, &output)
    }
}

#[derive(Debug, Args)]
struct SimulateArgs {
    /// How long its log may be
    #[arg(long, default_value = "8M")]
    max_log: String,
    #[command(flatten)]
    run: ProgramRun,
}

/// A program that a step runs.
#[derive(Debug, Args)]
struct ProgramRun {
    /// The program
    #[arg(long)]
    program: Utf8PathBuf,
    /// The list of the files that it read
    #[arg(long)]
    depfile: Utf8PathBuf,
    /// The directory to write to
    #[arg(short)]
    output: Utf8PathBuf,
    /// Its arguments
    #[arg(last = true)]
    args: Vec<String>,
}

#[derive(Debug, Args)]
struct TrainArgs {
    /// Its main program is the user's own
    #[arg(long)]
    own: bool,
    /// The program that merges the counts of clang++
    #[arg(long, num_args = 1..)]
    merge: Vec<String>,
    #[command(flatten)]
    run: ProgramRun,
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
struct DescriptionArgs {
    /// filelist or edam
    #[arg(long)]
    form: String,
    /// The name of the design
    #[arg(long)]
    name: String,
    /// The file
    #[arg(short)]
    output: Utf8PathBuf,
    /// Words of Verilator's command line
    #[arg(last = true)]
    words: Vec<String>,
}

impl DescriptionArgs {
    fn write(&self) -> Result<()> {
        let form = if self.form == "edam" { Form::Edam } else { Form::Filelist };
        let text = exported(form, &self.name, &self.words)?;
        let cannot = |e| Error::machine(format!("cannot write `{}`", self.output)).because(e);
        std::fs::write(&self.output, text).map_err(cannot)
    }
}

#[derive(Debug, Args)]
struct VerylArgs {
    /// The `Veryl.toml` whose settings count
    #[arg(long)]
    settings: Option<Utf8PathBuf>,
    /// Other projects may be fetched
    #[arg(long)]
    dependencies: bool,
    /// The directory to write to
    #[arg(short)]
    output: Utf8PathBuf,
    /// The sources
    sources: Vec<Utf8PathBuf>,
}

#[derive(Debug, Args)]
struct LintArgs {
    /// What Verilator printed
    #[arg(long)]
    report: Utf8PathBuf,
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
    /// A header that is the same for every design
    #[arg(long)]
    header: Vec<PathBuf>,
    /// A file whose content makes another build of it: the identity of a tool, a source of the runtime
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
    /// A unit of code that runs seldom; may be repeated
    #[arg(long)]
    slow: Vec<PathBuf>,
    /// The unit of what else is needed of the runtime
    #[arg(long)]
    runtime: PathBuf,
    /// The directory for headers with another order of members, if it may be another
    #[arg(long)]
    laid: Option<PathBuf>,
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
                Ok(verb) => run(&env, verb),
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

fn run(env: &Env, verb: Verb) -> Result<()> {
    match verb {
        Verb::Inputs(InputsArgs { tree, output }) => ports::write_inputs(&tree, &output),
        Verb::Description(args) => args.write(),
        Verb::VerylProject(VerylArgs { settings, dependencies: fetches, output, sources }) => {
            VerylProject { settings, fetches, sources }.write(&env.cwd, &output)
        }
        Verb::Lint(LintArgs { report, output }) => lint::write_report(&report, &output),
        Verb::Ports(PortsArgs { tree, verilated, prefix, probe: probes, output }) => {
            let made = ports::write_ports(&PortsStep { tree, verilated, prefix, probes, output })?;
            let inouts = made.ports.into_iter().filter(|port| port.direction == Direction::Inout);
            let inouts: Vec<String> = inouts.map(|port| port.name).collect();
            only_read(&inouts).into_iter().for_each(|text| note!("warning: {text}"));
            Ok(())
        }
        Verb::Probes(ProbesArgs { probe, output }) => ports::write_probe_settings(&output, &probe),
        Verb::Wrapper(args) => c::write_wrapper(&args.step()),
        Verb::Crate(CrateArgs { interface, name, stdlib, libraries, output }) => {
            let (arch, os) = (std::env::consts::ARCH.to_owned(), std::env::consts::OS.to_owned());
            rust::step::write_crate(&interface, &rust::Options { name, stdlib, libraries, arch, os }, &output)
        }
        Verb::ExternalModules(ExternalModulesArgs { interface, name, root, output }) => {
            assassyn::step::write_external_modules(&interface, &name, &root, &output)
        }
        Verb::PyModule(PyModuleArgs { interface, library, name, output }) => {
            python::step::write_py_module(&interface, &library, &name, &output)
        }
        Verb::Units(args) => {
            let UnitsArgs { verilated, prefix, interface, name, main, slow, runtime, laid, fast } = args;
            c::write_units(&UnitsStep { verilated, prefix, interface, name, main, slow, fast, runtime, laid })
        }
        Verb::Cocotb(args) => args.write(),
        Verb::Train(TrainArgs { own: is_own, merge, run }) => {
            let ProgramRun { program, depfile, output, args } = run;
            runs::write_counts(&TrainStep {
                program,
                args,
                is_own,
                merge,
                cwd: env.cwd.clone(),
                output,
                depfile,
            })
        }
        Verb::Simulate(SimulateArgs { max_log, run }) => {
            let ProgramRun { program, depfile, output, args } = run;
            let max_log = parse_size(&max_log).map_err(|error| error.detail("set by", "`run.max-log`"))?;
            runs::write_result(
                &RunStep { program, args, cwd: env.cwd.clone(), output, depfile, max_log },
                &env.vars,
            )
        }
    }
}

impl WrapperArgs {
    fn step(self) -> WrapperStep {
        let WrapperArgs { ports, tree, verilated, prefix, name, root, verilator, .. } = self;
        let WrapperArgs { svdpi, header: headers, flag, stamp: stamps, depfile, output, .. } = self;
        let flags = flag.join(" ");
        WrapperStep {
            ports,
            tree,
            verilated,
            prefix,
            name,
            output,
            depfile,
            root,
            verilator,
            svdpi,
            headers,
            flags,
            stamps,
        }
    }
}
