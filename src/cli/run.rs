//! `fudsv run`: builds a simulation and runs it where the user stands; its verdict is the exit code.
//! It does not know how a simulation is built, nor how it is watched.

use super::build::{build, check, volume};
use super::cocotb::{cocotb, modules};
use super::designs;
use super::files::make_parent;
use super::output::{OnStderr, Reports, Volume};
use super::request::wanting;
use super::run_names::{AskedSeeds, Plan, Words, of_design};
use super::simulation::{
    RunReport, SimulateArgs, arguments, is_simulated, of_cocotb, options, program, run_dir, runnable,
    simulation,
};
use crate::config::Config;
use crate::design::Choice;
use crate::diag::{Error, Result};
use crate::env::Env;
use crate::options::RequestOptions;
use crate::options::built::{COCOTB, SIMULATION};
use crate::run::cocotb::Cocotb;
use crate::runs::{Outcome, Spec};
use crate::session::{Built, Session};
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
        // A seed is for both.
        let Some(option) =
            self.words(Utf8Path::to_owned, (None, None)).into_iter().find(|word| word.starts_with("--"))
        else {
            return Ok(());
        };
        let is_for_both = state == COCOTB && option != "--max-time";
        if state == SIMULATION || is_for_both || self.simulate.simulation.plusargs.contains(&option) {
            return Ok(());
        }
        let made =
            if state == COCOTB { "cocotb ends a run" } else { "`program` makes a program of your own" };
        Err(Error::request(format!("`{option}` is for simulations, and {made}"))
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

    /// The run of cocotb's tests, or of those with these names.
    ///
    /// # Errors
    /// As [`cocotb`].
    fn cocotb(
        &self,
        session: &Session,
        built: &Built,
        spec: &Spec,
        (choice, tests, seed): (&Choice, Vec<String>, Option<u64>),
    ) -> Result<Box<Cocotb>> {
        let simulation = &self.simulate.simulation;
        let tests = if simulation.testcase.is_empty() { &tests } else { &simulation.testcase };
        let cocotb = cocotb(session, &program(session, built)?, (spec, simulation), (choice, tests, seed))?;
        let absolute = |file: &Utf8PathBuf| session.places.cwd.join(file);
        let (waves, coverage) = (self.trace.as_ref().map(absolute), self.coverage.as_ref().map(absolute));
        Ok(Box::new(Cocotb { waves, coverage, ..cocotb }))
    }

    /// The arguments of the program; files are named as `seen` by it.
    pub fn words(
        &self,
        seen: impl Fn(&Utf8Path) -> Utf8PathBuf,
        (max_time, seed): (Option<String>, Option<u64>),
    ) -> Vec<String> {
        let text = |path: &Option<Utf8PathBuf>| path.as_deref().map(|path| seen(path).to_string());
        let mut words = options([("--trace", text(&self.trace)), ("--coverage", text(&self.coverage))]);
        let max_time = self.simulate.simulation.max_time.clone().or(max_time);
        words.extend(self.simulate.simulation.words_with(max_time, seed));
        words
    }
}

/// Runs the command.
///
/// # Errors
/// Whatever is wrong with the request or the machine, a step that failed, or a simulation that did.
pub fn run(env: Env, args: RunArgs) -> Result<()> {
    let opened = Session::open(env.clone(), args.simulate.request.without_operands())?;
    let config = opened.config.clone();
    let request = of_cocotb(&args.simulate.request, &args.simulate.simulation);
    let asked = designs::the_runnable(&config, &request, is_simulated)?;
    let one = the_one(&opened, &asked, args.simulate.simulation.seed)?;
    let (asked, state) = match &one {
        Some(plan) => (plan.request.clone(), plan.state),
        None => (asked.clone(), runnable(&config, &asked)),
    };
    let name = one.as_ref().and_then(|plan| plan.runs.first());
    args.check_for(state)?;
    let request = args.instrumented(wanting(asked, "run", state)?, &config)?;
    let session = Session::open_to_build(env, request, &mut OnStderr)?;
    let spec = one.as_ref().map(|plan| plan.spec.clone()).unwrap_or_default();
    if state == COCOTB {
        modules(&session, (&spec, &args.simulate.simulation))?;
    }
    let built = build(&session, &args.simulate.build, "fudsv run", Reports::AreSaid)?;
    check(&session, &built, &args.simulate.build)?;
    let seen = |path: &Utf8Path| match session.design.run_dir.is_some() && path.is_relative() {
        true => crate::paths::relative(run_dir(&session), &session.places.cwd.join(path)),
        false => path.to_owned(),
    };
    args.trace.iter().chain(&args.coverage).try_for_each(|file| make_parent(file))?;
    let seed = args.simulate.simulation.seed.or(name.and_then(|name| name.seed));
    let choice = name.map(|name| name.choice.clone()).unwrap_or_default();
    let simulation_args = &args.simulate.simulation;
    let words = match state {
        SIMULATION => args.words(seen, (spec.sim_timeout.clone(), seed)),
        _ => simulation_args.words_of_program(seed),
    };
    let words = arguments(&session, &choice, words)?;
    let timeout = simulation_args.timeout.or(spec.timeout);
    let tests = name.map(|name| name.tests.clone()).unwrap_or_default();
    let cocotb = (state == COCOTB).then(|| args.cocotb(&session, &built, &spec, (&choice, tests, seed)));
    let cocotb = cocotb.transpose()?;
    let ended = simulation(&session, &built, (words, timeout, cocotb))?.run()?;
    let told = RunReport::of(&session, &Outcome::of(&ended.end, timeout), seed);
    if told.passed && volume(&args.simulate.build) > Volume::Quiet {
        note!("{told}");
    }
    told.check()
}

/// The run that a request means when it names a design, or a run of one: `tb[program=b.hex]#7`.
///
/// # Errors
/// It means several, or none.
fn the_one(session: &Session, request: &RequestOptions, seed: Option<u64>) -> Result<Option<Plan>> {
    if request.plan.is_some() {
        return Ok(None);
    }
    let words = Words::of(session, request)?;
    let [(design, selections)] = words.designs.as_slice() else { return Ok(None) };
    if request.operands.is_empty() {
        return Ok(None);
    }
    let asked = AskedSeeds { one: seed, ..AskedSeeds::default() };
    let mut plans = of_design(&session.config, request, (design, selections), &asked)?;
    for plan in &mut plans {
        let all = plan.request.words().map(str::to_owned).chain(words.files.iter().cloned());
        plan.request = request.with_words(&all.collect::<Vec<_>>());
    }
    let mut names: Vec<String> = vec![];
    for run in plans.iter().flat_map(|plan| &plan.runs) {
        if names.last() != Some(&run.without_seed()) {
            names.push(run.without_seed());
        }
    }
    match (names.as_slice(), plans.into_iter().next()) {
        // Of several seeds the first one.
        ([_], Some(plan)) => Ok(Some(plan)),
        ([first, _, ..], _) => Err(Error::request(format!("`{design}` is {} runs", names.len()))
            .hint(format!("name one: `fudsv run '{first}'`"))),
        _ => Err(Error::request("no run has such a name").hint("`fudsv test --list` shows the runs")),
    }
}
