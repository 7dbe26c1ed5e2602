//! The builds of a test and their runs. It selects runs by their earlier records and describes the job of each run.
//! It does not know how runs are executed.

use super::args::TestArgs;
use super::traced;
use crate::cli::build::{build, check_if_ran, volume};
use crate::cli::cocotb::{cocotb, modules};
use crate::cli::output::{OnStderr, Reports, Volume};
use crate::cli::report::report;
use crate::cli::run_names::{Plan, extras};
use crate::cli::simulation::{arguments, program, run_dir};
use crate::diag::{Error, Kind, Result};
use crate::env::Env;
use crate::options::built::{COCOTB, PROGRAM};
use crate::runs::{self, Job, Record, RunName, Shard, result_dir};
use crate::session::Session;
use crate::shell::ShellWord;
use crate::workdir::names;
use camino::Utf8PathBuf;

/// One build and its runs.
pub struct Case {
    /// The plan that the request asks for.
    pub plan: Plan,
    /// The build.
    pub session: Session,
    /// The runs.
    pub runs: Vec<Run>,
}

/// A selected run.
#[derive(Clone)]
pub struct Run {
    /// Its name.
    pub name: RunName,
    /// Where its results go.
    pub dir: Utf8PathBuf,
    /// The record of the earlier run.
    pub before: Option<Record>,
}

impl Case {
    /// Opens the build, but builds nothing.
    pub fn open(env: &Env, plan: &Plan, args: &TestArgs) -> Result<Case> {
        let mut plan = plan.clone();
        if args.waves && plan.state != PROGRAM {
            plan.request.set.push(format!("verilator.trace={}", traced::format(env, &plan.request)?));
        }
        let session = Session::open_to_build(env.clone(), plan.request.clone(), &mut OnStderr)?;
        if plan.state == COCOTB {
            modules(&session, (&plan.spec, &args.simulate.simulation))?;
        }
        let mut case = Case { plan, session, runs: vec![] };
        case.runs = case.plan.runs.iter().map(|name| case.run(name.clone())).collect();
        Ok(case)
    }

    fn results(&self) -> Utf8PathBuf {
        self.session.places.workdir.join(names::RUNS)
    }

    fn run(&self, name: RunName) -> Run {
        let dir = result_dir(&self.results(), &name);
        let before = Record::load(&dir.join("result.json"));
        Run { name, dir, before }
    }

    /// The job for a run of the built program.
    pub fn job(&self, run: &Run, args: &TestArgs, program: &Utf8PathBuf) -> Result<Job> {
        let spec = &self.plan.spec;
        let simulation = &args.simulate.simulation;
        let (name, seed) = (&run.name, run.name.seed);
        let (kind, words) = match self.plan.state {
            PROGRAM => (runs::Kind::Program, simulation.words_of_program(seed)),
            COCOTB => (runs::Kind::Cocotb, simulation.words_of_program(seed)),
            _ => {
                let max_time = simulation.max_time.clone().or(spec.sim_timeout.clone());
                (runs::Kind::Simulation, simulation.words_with(max_time, seed))
            }
        };
        let settings = (&name.choice, name.tests.as_slice(), seed);
        let cocotb = (kind == runs::Kind::Cocotb)
            .then(|| cocotb(&self.session, program, (spec, simulation), settings))
            .transpose()?;
        Ok(Job {
            name: name.to_string(),
            seed,
            kind,
            program: cocotb.as_ref().map_or_else(|| program.clone(), |cocotb| cocotb.binary()),
            args: arguments(&self.session, &name.choice, words)?,
            cocotb: cocotb.map(Box::new),
            cwd: run_dir(&self.session).to_owned(),
            dir: run.dir.clone(),
            timeout: simulation.timeout.or(spec.timeout),
            expect: spec.expect.clone(),
            cacheable: spec.cacheable,
            repeat: self.repeat(run, args),
            may_be_empty: self.plan.is_by_pattern,
            waves: if args.waves && kind != runs::Kind::Program { traced::of(&self.session) } else { None },
        })
    }

    /// What the user types to run just this.
    fn repeat(&self, run: &Run, args: &TestArgs) -> String {
        let simulation = &args.simulate.simulation;
        let is_design = self.session.design.name.is_some();
        let mut request = args.simulate.request.clone();
        let mut words = vec!["fudsv".to_owned(), "run".to_owned()];
        if is_design {
            request = request.with_words(&[vec![run.name.to_string()], extras(&request)].concat());
        } else {
            request = crate::options::RequestOptions { to: vec![], ..self.plan.request.clone() };
        }
        words.extend(request.command_line());
        words.extend(
            run.name
                .seed
                .filter(|_| !is_design)
                .into_iter()
                .flat_map(|seed| ["--seed".to_owned(), seed.to_string()]),
        );
        let tests = [("--cocotb", &simulation.cocotb), ("--testcase", &simulation.testcase)];
        let tests = tests.iter().flat_map(|(option, values)| values.iter().map(move |value| (option, value)));
        words.extend(tests.flat_map(|(option, value)| [(*option).to_owned(), value.clone()]));
        words.extend(simulation.max_time.iter().flat_map(|time| ["--max-time".to_owned(), time.clone()]));
        if !simulation.plusargs.is_empty() {
            words.push("--".to_owned());
            words.extend(simulation.plusargs.iter().cloned());
        }
        words.iter().map(|word| ShellWord::quote(word).as_str().to_owned()).collect::<Vec<_>>().join(" ")
    }
}

/// Keeps only the runs that failed last time. If the user asks for no seeds, the seeds of all earlier runs count.
///
/// # Errors
/// No test failed last time.
pub fn only_failed(cases: &mut Vec<Case>, are_seeds_said: bool) -> Result<()> {
    let failed = |run: &Run| run.before.as_ref().is_some_and(|record| !record.is_good());
    for case in cases.iter_mut() {
        if !are_seeds_said {
            let mut all = std::mem::take(&mut case.runs);
            for (_, record) in Record::all(&case.results()) {
                let same =
                    case.plan.runs.iter().find(|name| {
                        RunName { seed: record.seed, ..(*name).clone() }.to_string() == record.name
                    });
                let name = same.map(|name| RunName { seed: record.seed, ..name.clone() });
                all.extend(
                    name.filter(|name| !all.iter().any(|run| run.name == *name)).map(|name| case.run(name)),
                );
            }
            case.runs = all;
        }
        case.runs.retain(failed);
        case.runs.sort_by(|one, other| one.name.cmp(&other.name));
    }
    cases.retain(|case| !case.runs.is_empty());
    match cases.is_empty() {
        true => Err(Error::request("no test failed last time").hint("without `--failed` all tests run")),
        false => Ok(()),
    }
}

/// Keeps only the runs of one of several machines. Returns a note for the user.
pub fn only_shard(cases: &mut Vec<Case>, shard: Shard) -> String {
    let seconds = |run: &Run| run.before.as_ref().map(|record| record.seconds);
    let all: Vec<(String, Option<f64>)> =
        cases.iter().flat_map(|case| &case.runs).map(|run| (run.name.to_string(), seconds(run))).collect();
    let (chosen, plan) = shard.choose(&all);
    let mut chosen_ones = chosen.iter();
    for case in cases.iter_mut() {
        case.runs.retain(|_| chosen_ones.next() == Some(&true));
    }
    cases.retain(|case| !case.runs.is_empty());
    let count = chosen.iter().filter(|is| **is).count();
    format!(
        "shard {}/{} has {count} of {} tests; division {plan} must be the same in all shards",
        shard.number,
        shard.of,
        all.len()
    )
}

/// The program of a case, or the error of the step that failed.
pub fn built(case: &Case, args: &TestArgs) -> Result<std::result::Result<Utf8PathBuf, Box<Error>>> {
    let built = build(&case.session, &args.simulate.build, "fudsv test", Reports::AreSaid)?;
    match check_if_ran(&case.session, &built, &args.simulate.build) {
        Ok(()) => Ok(Ok(program(&case.session, &built)?)),
        Err(error) if error.kind == Kind::Step => {
            if volume(&args.simulate.build) >= Volume::Quiet {
                report(&error);
            }
            Ok(Err(error))
        }
        Err(error) => Err(error),
    }
}
