//! `fudsv run`: builds a simulation and runs it where the user stands; its verdict is the exit code.
//! It does not know how a simulation is built, nor how it is watched.

use super::args::{RunArgs, SimulationArgs};
use super::build::{self, Built, build};
use super::output::Volume;
use super::session::Session;
use crate::diag::{Error, Kind, Result};
use crate::env::Env;
use crate::run::{End, Ended, INTERNAL, Simulation, Verdict};
use camino::Utf8Path;
use std::time::Duration;

/// Runs the command.
///
/// # Errors
/// Whatever is wrong with the request or the machine, a step that failed, or a simulation that did.
pub fn run(env: Env, args: RunArgs) -> Result<()> {
    let request = args.simulation.apply(args.request.wanting("run", "sim")?)?;
    let session = Session::open(env, request)?;
    let built = build(&session, &args.build, "fudsv run", None)?;
    built.check(&session, &args.build)?;
    let ended = simulation(&session, &built, &args.simulation, args.plusargs, true)?.run()?;
    let verdict = verdict(&session, &ended, args.simulation.timeout);
    if build::volume(&args.build) > Volume::Quiet && verdict.is_ok() {
        anstream::eprintln!("{}", verdict.as_deref().unwrap_or_default());
    }
    verdict.map(drop)
}

/// The run of the simulation that was built.
///
/// # Errors
/// The build made no program.
pub fn simulation(
    session: &Session,
    built: &Built,
    args: &SimulationArgs,
    plusargs: Vec<String>,
    live: bool,
) -> Result<Simulation> {
    let program = built.generated.results.first().map(|result| &result.path);
    let program = program.ok_or_else(|| Error::machine("the build made no simulation"))?;
    Ok(Simulation {
        program: session.places.absolute(program),
        args: args.words().into_iter().chain(plusargs).collect(),
        cwd: session.places.cwd.clone(),
        dir: session.places.workdir.join(INTERNAL),
        timeout: args.timeout,
        live,
    })
}

/// One line about a run that passed, or the error of one that did not.
///
/// # Errors
/// It failed, took too long, or was interrupted.
pub fn verdict(session: &Session, ended: &Ended, timeout: Option<Duration>) -> Result<String> {
    let verdict = match &ended.end {
        End::Interrupted => return Err(Error::new(Kind::Interrupted, "interrupted")),
        End::TimedOut => {
            let limit = humantime::format_duration(timeout.unwrap_or_default());
            return Err(Error::step(format!("timed out after {limit}")));
        }
        End::Silent(code) => {
            let how = if *code > 128 {
                format!("was ended by signal {}", code - 128)
            } else {
                format!("exited with {code}")
            };
            return Err(Error::step(format!("the simulation {how} and left no verdict")));
        }
        End::Verdict(verdict) => verdict,
    };
    let text = text(session, verdict);
    match verdict.status.as_str() {
        "passed" => Ok(format!("Passed{text}")),
        status => Err(Error::step(format!("{status}{text}"))),
    }
}

/// `: $fatal at tb.sv:12 after 35ns: broken`, as far as it is known.
fn text(session: &Session, verdict: &Verdict) -> String {
    let Verdict { kind, message, file, line, time, .. } = verdict;
    let mut text = kind.iter().map(|kind| format!(": {kind}")).collect::<String>();
    if let Some(file) = file.as_deref().filter(|file| !file.is_empty()) {
        let path = session.shown(&session.places.root.join(Utf8Path::new(file)));
        let line = line.map(|line| format!(":{line}")).unwrap_or_default();
        text.push_str(&format!(" at {path}{line}"));
    }
    if let Some(time) = time {
        let time = time.as_str().map_or_else(|| time.to_string(), str::to_owned);
        text.push_str(&format!(" after {time}"));
    }
    let message = message.as_deref().map(str::trim).filter(|message| !message.is_empty());
    message.map(|message| format!("{text}: {message}")).unwrap_or(text)
}
