//! `fudsv run`: builds a simulation and runs it where the user stands; its verdict is the exit code.
//! It does not know how a simulation is built, nor how it is watched.

use super::build::{build, check, volume};
use super::designs;
use super::files::make_parent;
use super::output::{OnStderr, Reports, Volume};
use super::request::wanting;
use super::simulation::{SimulateArgs, Told, is_simulated, options, run_dir, runnable, simulation};
use crate::config::Config;
use crate::diag::{Error, Result};
use crate::env::Env;
use crate::options::RequestOptions;
use crate::options::built::SIMULATION;
use crate::session::Session;
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

/// `fudsv run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// What is built and run
    #[command(flatten)]
    pub simulate: SimulateArgs,
    /// Write waves: to FILE.vcd or FILE.fst
    #[arg(long, value_name = "FILE", help_heading = "Simulation")]
    pub trace: Option<Utf8PathBuf>,
    /// Measure coverage and write it
    #[arg(long, value_name = "FILE", help_heading = "Simulation")]
    pub coverage: Option<Utf8PathBuf>,
}

impl RunArgs {
    /// Nothing is asked of a program of the user's own that only a simulation can do.
    ///
    /// # Errors
    /// Something is.
    fn check_for(&self, state: &str) -> Result<()> {
        let Some(option) = self.words(Utf8Path::to_owned).into_iter().find(|word| word.starts_with("--"))
        else {
            return Ok(());
        };
        if state == SIMULATION || self.simulate.simulation.plusargs.contains(&option) {
            return Ok(());
        }
        Err(Error::request(format!(
            "`{option}` is for simulations, and `{state}` makes a program of your own"
        ))
        .hint("arguments of the program stand behind `--`"))
    }

    /// The request for a simulation that can do what is asked of it.
    ///
    /// # Errors
    /// A name for waves that tells no format.
    pub fn instrumented(&self, mut request: RequestOptions, config: &Config) -> Result<RequestOptions> {
        if let Some(path) = &self.trace {
            let format = path.extension().filter(|extension| ["vcd", "fst"].contains(extension));
            let no_format = || Error::request(format!("`--trace {path}` tells no format"));
            let format = format.ok_or_else(|| no_format().hint("its name ends in `.vcd` or `.fst`"))?;
            request.set.push(format!("verilator.trace={format}"));
        }
        let is_off = |value: &toml::Value| {
            value.as_bool() == Some(false) || value.as_array().is_some_and(Vec::is_empty)
        };
        let kinds = config.get("verilator.coverage").filter(|found| !is_off(found.value));
        if self.coverage.is_some() && kinds.is_none() {
            request.set.push("verilator.coverage=true".to_owned());
        }
        Ok(request)
    }

    /// The arguments of the program; files are named as `seen` by it.
    pub fn words(&self, seen: impl Fn(&Utf8Path) -> Utf8PathBuf) -> Vec<String> {
        let text = |path: &Option<Utf8PathBuf>| path.as_deref().map(|path| seen(path).to_string());
        let mut words = options([("--trace", text(&self.trace)), ("--coverage", text(&self.coverage))]);
        words.extend(self.simulate.simulation.words());
        words
    }
}

/// Runs the command.
///
/// # Errors
/// Whatever is wrong with the request or the machine, a step that failed, or a simulation that did.
pub fn run(env: Env, args: RunArgs) -> Result<()> {
    let config = Session::open(env.clone(), args.simulate.request.without_operands())?.config;
    let asked = designs::the_runnable(&config, &args.simulate.request, is_simulated)?;
    let state = runnable(&config, &asked);
    args.check_for(state)?;
    let request = args.instrumented(wanting(asked, "run", state)?, &config)?;
    let session = Session::open_to_build(env, request, &mut OnStderr)?;
    let built = build(&session, &args.simulate.build, "fudsv run", Reports::AreSaid)?;
    check(&session, &built, &args.simulate.build)?;
    let seen = |path: &Utf8Path| match session.design.run_dir.is_some() && path.is_relative() {
        true => crate::paths::relative(run_dir(&session), &session.places.cwd.join(path)),
        false => path.to_owned(),
    };
    args.trace.iter().chain(&args.coverage).try_for_each(|file| make_parent(file))?;
    let words = args.words(seen);
    let ended = simulation(&session, &built, (words, args.simulate.simulation.timeout), true)?.run()?;
    let told = Told::of(&session, &ended, args.simulate.simulation.timeout);
    if told.passed && volume(&args.simulate.build) > Volume::Quiet {
        note!("{told}");
    }
    told.check()
}
