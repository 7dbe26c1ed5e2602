//! Makes all builds of a test, then executes all runs of the built programs in a good order.
//! It does not know how results are shown.

use super::args::TestArgs;
use super::cases::{Case, Run, built};
use super::progress::Progress;
use super::rows::{Row, Unbuilt};
use super::waves::{self, Window};
use crate::cli::output::OnStderr;
use crate::config::parse_size;
use crate::diag::{Error, Result};
use crate::env::Env;
use crate::runs::{self, Executor, Job, News, Queue, Record};
use crate::session::RunStore;
use std::num::NonZero;
use std::rc::Rc;

/// The longest log if `run.max-log` is not set.
const MAX_LOG: u64 = 8 << 20;

/// The runs of the built programs.
#[derive(Default)]
struct Suite<'c> {
    jobs: Vec<Job>,
    /// The build and the run of each job.
    of: Vec<(usize, Run)>,
    cases: &'c [Case],
    /// The rows of each job: one, or one for each of its test functions.
    rows: Vec<Option<Vec<Row>>>,
    failure: Option<Box<Error>>,
}

/// Builds and runs everything.
///
/// # Errors
/// An error in a request or of the machine.
pub fn run(env: &Env, args: &TestArgs, cases: &[Case], window: Option<Window>) -> Result<Vec<Row>> {
    let mut suite = Suite { cases, ..Suite::default() };
    let mut rows = vec![];
    for (at, case) in cases.iter().enumerate() {
        match built(case, args)? {
            Ok(program) => {
                for run in &case.runs {
                    suite.jobs.push(case.job(run, args, &program)?);
                    suite.of.push((at, run.clone()));
                }
            }
            Err(error) => {
                let unbuilt = Rc::new(Unbuilt::of(&error));
                rows.extend(case.runs.iter().map(|run| Row::unbuilt(&run.name, &unbuilt)));
            }
        }
    }
    let executor = executor(env, args, cases.first())?;
    suite.run(args, &executor);
    let interrupted = executor.interrupt.came();
    let ended = suite.rows.into_iter().zip(&suite.jobs);
    rows.extend(ended.flat_map(|(rows, job)| rows.unwrap_or_else(|| vec![Row::not_run(job, interrupted)])));
    if let Some(error) = suite.failure {
        return Err(error);
    }
    if rows.is_empty() {
        return Err(Error::request("no test has this name").hint("without names, fudsv runs all tests"));
    }
    if let Some(window) = window.filter(|_| !interrupted) {
        waves::of_failures(cases, &mut rows, args, &executor, window)?;
    }
    Ok(rows)
}

impl Suite<'_> {
    /// Executes the runs.
    fn run(&mut self, args: &TestArgs, executor: &Executor) {
        let before: Vec<Option<Record>> = self.of.iter().map(|(_, run)| run.before.clone()).collect();
        let order = runs::arrange(&before);
        let jobs: Vec<Job> = order.iter().filter_map(|at| self.jobs.get(*at).cloned()).collect();
        self.rows = jobs.iter().map(|_| None).collect();
        let mut progress = Progress::new(args, jobs.len());
        let store = self.cases.first().map(|case| RunStore::of(&case.session));
        let open = || store.as_ref().and_then(RunStore::open);
        let max_failures = args.max_failures.and_then(|most| usize::try_from(most).ok());
        let queue = Queue { jobs: at_once(args), max_failures };
        runs::run_all(&jobs, executor, queue, &open, &mut |news| match news {
            News::Waits => progress.show(),
            News::Begins(at) => progress.begins(jobs.get(at).map_or("", |job| job.name.as_str())),
            News::Ended(at, ran) => {
                let at = order.get(at).copied().unwrap_or_default();
                match *ran {
                    Ok(ran) => self.take(at, ran, &mut progress),
                    Err(error) => self.failure = Some(error),
                }
            }
        });
        drop(progress);
        if let Some(store) = store {
            store.end(executor.interrupt.came(), &mut OnStderr);
        }
    }

    fn take(&mut self, at: usize, ran: runs::Ran, progress: &mut Progress) {
        let (Some(job), Some((case, run))) = (self.jobs.get(at), self.of.get(at)) else { return };
        let Some(case) = self.cases.get(*case) else { return };
        progress.warn(&ran.warnings);
        let rows = Row::all_of(&case.session, job, &run.name, ran);
        progress.ended(&job.name, &rows);
        if let Some(slot) = self.rows.get_mut(at) {
            *slot = Some(rows);
        }
    }
}

fn executor<'e>(env: &'e Env, args: &TestArgs, case: Option<&Case>) -> Result<Executor<'e>> {
    let found = case.and_then(|case| case.session.config.get("run.max-log"));
    let max_log = found.map(|found| {
        let text = found.value.as_str().map_or_else(|| found.value.to_string(), str::to_owned);
        parse_size(&text).map_err(|error| error.detail("set by", format!("`run.max-log` ({})", found.origin)))
    });
    let executor = Executor::new(&env.vars, max_log.transpose()?.unwrap_or(MAX_LOG));
    Ok(Executor { fresh: args.fresh, retries: args.retries, ..executor })
}

/// How many runs go at once.
fn at_once(args: &TestArgs) -> usize {
    let jobs = args.simulate.build.jobs.and_then(|jobs| usize::try_from(jobs).ok()).filter(|jobs| *jobs > 0);
    jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, NonZero::get))
}
