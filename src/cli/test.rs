//! `fudsv test`: several simulations, built and run, each with a verdict.
//! It does not know how one is built or run.

use super::build::{build, check, is_json, volume};
use super::files::make_parent;
use super::junit::{self, Verdict};
use super::output::{OnStderr, Reports, Volume, object, to_stdout};
use super::report::report;
use super::request::wanting;
use super::simulation::{SimulateArgs, Told, is_program, is_simulated, runnable, simulation};
use crate::design::names;
use crate::diag::{Error, Kind, Result};
use crate::env::Env;
use crate::excerpt;
use crate::options::RequestOptions;
use crate::run::{End, Ended, Simulation};
use crate::session::Session;
use camino::Utf8PathBuf;
use clap::Args;
use serde_json::json;
use std::num::NonZero;
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

/// `fudsv test`.
#[derive(Debug, Args)]
pub struct TestArgs {
    /// What is built and run
    #[command(flatten)]
    pub simulate: SimulateArgs,
    /// Write the verdicts as JUnit's XML
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub junit: Option<Utf8PathBuf>,
}

/// One test.
struct Case {
    name: String,
    session: Session,
    /// The simulation, or why it could not be built.
    simulation: std::result::Result<Simulation, Box<Error>>,
}

/// What became of a test.
struct Row {
    name: String,
    told: Told,
    took: Duration,
    /// As the user would type it; none when nothing ran.
    log: Option<Utf8PathBuf>,
    printed: String,
    /// Why it was not built; empty for one that was.
    error: String,
}

/// Runs the command.
///
/// # Errors
/// Whatever is wrong with a request or the machine, or a test that did not pass.
pub fn test(env: Env, args: TestArgs) -> Result<()> {
    let mut cases = vec![];
    for (name, request) in cases_of(&env, &args.simulate.request)? {
        let session = Session::open_to_build(env.clone(), request, &mut OnStderr)?;
        let built = build(&session, &args.simulate.build, "fudsv test", Reports::AreSaid)?;
        let simulation = match check(&session, &built, &args.simulate.build) {
            Ok(()) => {
                let words = match is_program(&session.options) {
                    true => args.simulate.simulation.plusargs.clone(),
                    false => args.simulate.simulation.words(),
                };
                Ok(simulation(&session, &built, (words, args.simulate.simulation.timeout), false)?)
            }
            Err(error) if error.kind == Kind::Step => {
                report(&error);
                Err(error)
            }
            Err(error) => return Err(error),
        };
        cases.push(Case { name, session, simulation });
    }
    let rows = run_all(cases, &args)?;
    tell(&rows, &args)?;
    conclude(&rows, volume(&args.simulate.build))
}

/// The names of the tests and what to build: designs by name, other files together, once for each testbench in them;
/// without any, all designs that are simulations.
fn cases_of(env: &Env, request: &RequestOptions) -> Result<Vec<(String, RequestOptions)>> {
    let session = Session::open(env.clone(), request.without_operands())?;
    let config = session.config.clone();
    let designs = names(&config);
    let is_test = |name: &&str| is_simulated(&config, name);
    let (mut named, files): (Vec<String>, Vec<String>) =
        request.words().map(str::to_owned).partition(|file| designs.contains(&file.as_str()));
    if request.words().next().is_none() {
        named = designs.into_iter().filter(is_test).map(str::to_owned).collect();
    }
    if named.is_empty() && files.is_empty() {
        return Err(Error::request("nothing is to be tested").hint(
            "name files, or designs of `fud.toml`; those with `to = \"sim\"` or `\"program\"` are tested when none is named",
        ));
    }
    let of = |name: String, files: Vec<String>, top: Option<String>| {
        let request = RequestOptions { top: top.or(request.top.clone()), ..request.with_words(&files) };
        let state = runnable(&config, &request);
        Ok((name, wanting(request, "test", state)?))
    };
    let mut cases =
        named.into_iter().map(|name| of(name.clone(), vec![name], None)).collect::<Result<Vec<_>>>()?;
    let Some(first) = files.first() else { return Ok(cases) };
    let is_one = request.top.is_some() || config.get("verilator.top").is_some();
    let tops = if is_one { vec![] } else { testbenches(&session, &files) };
    if tops.len() < 2 {
        let stem = camino::Utf8Path::new(first).file_stem().unwrap_or(first).to_owned();
        cases.push(of(stem, files, None)?);
        return Ok(cases);
    }
    cases.extend(
        tops.into_iter().map(|top| of(top.clone(), files.clone(), Some(top))).collect::<Result<Vec<_>>>()?,
    );
    Ok(cases)
}

/// The modules of these files that have no ports and that none of them uses: with several, each is a test.
fn testbenches(session: &Session, files: &[String]) -> Vec<String> {
    let facts = &session.facts;
    let sources = files.iter().filter(|file| file.ends_with(".sv") || file.ends_with(".v"));
    // What cannot be read is told by the build.
    let texts = sources.filter_map(|file| facts.read_text(&facts.env().cwd.join(file)).ok().flatten());
    crate::starter::testbenches(&texts.collect::<Vec<_>>())
}

/// Runs what was built, as many at once as `-j` says; once the user interrupts, no other one begins.
fn run_all(cases: Vec<Case>, args: &TestArgs) -> Result<Vec<Row>> {
    let jobs = args.simulate.build.jobs.and_then(|jobs| usize::try_from(jobs).ok()).filter(|jobs| *jobs > 0);
    let jobs = jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, NonZero::get));
    let ends: Vec<OnceLock<Result<Ended>>> = cases.iter().map(|_| OnceLock::new()).collect();
    let queue =
        cases.iter().zip(&ends).filter_map(|(case, end)| Some((case.simulation.as_ref().ok()?.clone(), end)));
    let queue = Mutex::new(queue.collect::<Vec<_>>().into_iter());
    let work = || {
        while let Some((simulation, end)) = queue.lock().ok().and_then(|mut queue| queue.next()) {
            let ended = simulation.run();
            let is_last = matches!(&ended, Ok(ended) if ended.end == End::Interrupted);
            end.set(ended).unwrap_or_default();
            if is_last && let Ok(mut queue) = queue.lock() {
                queue.by_ref().for_each(drop);
            }
        }
    };
    std::thread::scope(|scope| {
        let start = || std::thread::Builder::new().spawn_scoped(scope, work);
        let started = (0..jobs.min(cases.len())).filter(|_| start().is_ok()).count();
        // There may be no memory for one.
        if started == 0 {
            work();
        }
    });
    let ends = ends.into_iter().map(OnceLock::into_inner);
    let row = |(case, ended): (&Case, Option<Result<Ended>>)| {
        Ok(row(case, ended.transpose()?, args.simulate.simulation.timeout))
    };
    cases.iter().zip(ends).map(row).collect()
}

fn row(case: &Case, ended: Option<Ended>, timeout: Option<Duration>) -> Row {
    let name = case.name.clone();
    let Some(ended) = ended else {
        return row_of_none(case);
    };
    let told = Told::of(&case.session, &ended, timeout);
    let printed = excerpt::of_file(&ended.log, 0, excerpt::SHOWN).unwrap_or_default().0;
    let printed = String::from_utf8_lossy(&printed).into_owned();
    let log = Some(case.session.shown(&ended.log));
    Row { name, told, took: ended.took, log, printed, error: String::new() }
}

/// A test that did not run: it was not built, or the user interrupted.
fn row_of_none(case: &Case) -> Row {
    let (word, about, error) = match &case.simulation {
        Ok(_) => ("not run", String::new(), String::new()),
        Err(error) => ("not built", error.message.clone(), error.to_string()),
    };
    let log = case.simulation.as_ref().err();
    let log = log.and_then(|error| error.details.iter().find(|(label, _)| label == "log"));
    let told = Told { passed: false, word: word.to_owned(), about, interrupted: case.simulation.is_ok() };
    let log = log.map(|(_, path)| Utf8PathBuf::from(path));
    Row { name: case.name.clone(), told, took: Duration::ZERO, log, printed: String::new(), error }
}

/// The first lines of an error, of which a compiler may say thousands.
fn first_lines(error: &str) -> String {
    const MOST: usize = 20;
    let lines: Vec<&str> = error.lines().take(MOST).collect();
    let more = if error.lines().nth(MOST).is_some() { "\n…" } else { "" };
    [lines.join("\n").as_str(), more].concat()
}

/// Of what a failed test printed, this many lines of its beginning and of its end are shown.
const SHOWN_LINES: usize = 20;

/// The ends of what failed tests printed, then the table; for programs, an object for each; JUnit's file.
fn tell(rows: &[Row], args: &TestArgs) -> Result<()> {
    for row in rows.iter().filter(|row| !row.told.passed && !row.printed.is_empty()) {
        let log = row.log.as_ref().map_or("its log", |log| log.as_str());
        note!("--- {}\n{}", row.name, excerpt::ends(row.printed.trim_end(), SHOWN_LINES, log));
    }
    if let Some(path) = &args.junit {
        make_parent(path)?;
        junit::write(path, &rows.iter().map(verdict).collect::<Vec<_>>())?;
    }
    if is_json(&args.simulate.build) {
        for Row { name, told, took, log, .. } in rows {
            let seconds = took.as_secs_f64();
            object(
                "test",
                json!({"name": name, "verdict": told.word, "message": told.about, "seconds": seconds, "log": log}),
            );
        }
        return Ok(());
    }
    to_stdout(table(rows).as_bytes())
}

/// Name, verdict, seconds, log, and what more is known.
fn table(rows: &[Row]) -> String {
    let width = |of: fn(&Row) -> usize| rows.iter().map(of).max().unwrap_or(0);
    let names = width(|row| row.name.chars().count());
    let words = width(|row| row.told.word.chars().count());
    let logs = width(|row| row.log.as_ref().map_or(0, |log| log.as_str().chars().count()));
    let line = |Row { name, told, took, log, .. }: &Row| {
        let (log, seconds) = (log.as_ref().map_or("", |log| log.as_str()), took.as_secs_f64());
        let line =
            format!("{name:names$}  {:words$}  {seconds:7.2} s  {log:logs$}  {}", told.word, told.about);
        line.trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

/// What became of a test, for JUnit's file.
fn verdict(Row { name, told, took, log, printed, error }: &Row) -> Verdict {
    let log = log.as_ref().filter(|_| !error.is_empty());
    let text = [first_lines(error), log.map(|log| format!("\nlog: {log}")).unwrap_or_default()].concat();
    let failure = (!told.passed).then(|| (told.to_string(), text));
    Verdict { name: name.clone(), failure, took: *took, printed: printed.clone() }
}

/// The last line, and the exit code.
fn conclude(rows: &[Row], volume: Volume) -> Result<()> {
    if rows.iter().any(|row| row.told.interrupted) {
        return Err(Error::new(Kind::Interrupted, "interrupted"));
    }
    let passed = rows.iter().filter(|row| row.told.passed).count();
    if passed < rows.len() {
        return Err(Error::step(format!("{} of {} tests did not pass", rows.len() - passed, rows.len())));
    }
    if volume > Volume::Quiet {
        note!("{passed} passed");
    }
    Ok(())
}
