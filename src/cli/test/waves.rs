//! Writes waves of failed tests: each runs once more in a build that can write waves. That build is made only when needed.
//! It does not know how a run is executed.

use super::args::TestArgs;
use super::cases::{Case, Run, built};
use super::rows::Row;
use super::traced;
use crate::cli::output::OnStderr;
use crate::diag::{Error, Result};
use crate::options::built::PROGRAM;
use crate::runs::{Executor, Kind, Outcome, Record};
use crate::session::Session;

/// Waves are written for this many failed tests.
const MOST: usize = 20;

/// The units of time, each in femtoseconds.
const UNITS: [(&str, u128); 6] = [
    ("ms", 1_000_000_000_000),
    ("us", 1_000_000_000),
    ("ns", 1_000_000),
    ("ps", 1_000),
    ("fs", 1),
    ("s", 1_000_000_000_000_000),
];

/// The part of the time before a failure for which waves are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// The whole time.
    All,
    /// This many femtoseconds.
    Last(u128),
}

/// Reads the value of `--waves-on-failure`.
///
/// # Errors
/// The value is not a time.
pub fn window(text: &str) -> Result<Window> {
    if text == "all" {
        return Ok(Window::All);
    }
    femtoseconds(text).map(Window::Last).ok_or_else(|| {
        Error::request(format!("`--waves-on-failure={text}` is not a simulated time"))
            .hint("write it as `--waves-on-failure=10us`: a whole number and a unit")
    })
}

fn femtoseconds(text: &str) -> Option<u128> {
    let with = |(unit, worth): &(&str, u128)| {
        text.strip_suffix(unit)?.parse::<u64>().ok().map(|n| u128::from(n) * worth)
    };
    UNITS.iter().find_map(with)
}

/// A number of femtoseconds, in the largest unit in which it is a whole number.
fn shown(femtoseconds: u128) -> String {
    let mut units = UNITS;
    units.sort_by_key(|(_, worth)| std::cmp::Reverse(*worth));
    let unit = units.iter().find(|(_, worth)| femtoseconds.is_multiple_of(*worth)).unwrap_or(&("fs", 1));
    format!("{}{}", femtoseconds / unit.1, unit.0)
}

/// Writes waves of the tests that failed, and notes in each row where they are.
///
/// # Errors
/// An error of the machine.
pub fn of_failures(
    cases: &[Case],
    rows: &mut [Row],
    args: &TestArgs,
    executor: &Executor,
    window: Window,
) -> Result<()> {
    let mut left = MOST;
    for case in cases {
        let failed = |run: &&Run| {
            rows.iter().any(|row| row.run == run.name.to_string() && !row.passed && row.how.is_some())
        };
        let failed: Vec<&Run> = case.runs.iter().filter(failed).take(left).collect();
        left -= failed.len();
        if failed.is_empty() {
            continue;
        }
        if case.plan.state == PROGRAM {
            failed.iter().for_each(|run| note(rows, run, "none: it is a program of your own".to_owned()));
            continue;
        }
        of_case(case, &failed, rows, args, executor, window)?;
    }
    Ok(())
}

fn note(rows: &mut [Row], run: &Run, text: String) {
    let name = run.name.to_string();
    rows.iter_mut()
        .filter(|row| row.run == name && !row.passed)
        .for_each(|row| row.waves = Some(text.clone()));
}

fn of_case(
    case: &Case,
    failed: &[&Run],
    rows: &mut [Row],
    args: &TestArgs,
    executor: &Executor,
    window: Window,
) -> Result<()> {
    let env = case.session.facts.env();
    let format = traced::format(env, &case.plan.request)?;
    let mut plan = case.plan.clone();
    plan.request.set.push(format!("verilator.trace={format}"));
    let session = Session::open_to_build(env.clone(), plan.request.clone(), &mut OnStderr)?;
    let traced = Case { plan, session, runs: vec![] };
    let program = match built(&traced, args)? {
        Ok(program) => program,
        Err(error) => {
            failed.iter().for_each(|run| note(rows, run, format!("none: {}", error.message)));
            return Ok(());
        }
    };
    for run in failed {
        let mut job = traced.job(run, args, &program)?;
        // The outcome of the whole run, not of one of its test functions.
        let Some(first) = Record::load(&job.record()).map(|record| record.outcome) else { continue };
        job.dir = run.dir.join("waves");
        job.waves = Some(format);
        let from = from(&first, window).filter(|_| job.kind == Kind::Simulation);
        job.args.extend(from.into_iter().flat_map(|time| ["--trace-from".to_owned(), time]));
        let again = executor.repeat(&job)?;
        let file = job.waves_file().map(|file| case.session.shown(&file).to_string()).unwrap_or_default();
        note(
            rows,
            run,
            match is_same(&first, &again) {
                true => file,
                false => format!("{file}; not reproducible: it {} the second time", again.ended),
            },
        );
    }
    Ok(())
}

/// The simulated time when waves begin.
fn from(outcome: &Outcome, window: Window) -> Option<String> {
    let Window::Last(length) = window else { return None };
    Some(shown(femtoseconds(outcome.time.as_deref()?)?.saturating_sub(length)))
}

/// Whether the second run failed like the first: at the same simulated time with the same message. If an end has no kind,
/// as at a limit of wall time, only the word for it must be the same.
fn is_same(first: &Outcome, again: &Outcome) -> bool {
    first.is_same(again) || first.ended == again.ended && first.kind.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waves_begin_the_window_before_the_failure() {
        let outcome = Outcome { time: Some("35ns".to_owned()), ..Outcome::default() };
        let of = |text: &str| from(&outcome, window(text).unwrap());
        assert_eq!(of("all"), None);
        assert_eq!(of("10ns").as_deref(), Some("25ns"));
        assert_eq!(of("500ps").as_deref(), Some("34500ps"));
        assert_eq!(of("1us").as_deref(), Some("0s"));
        assert!(window("10").is_err() && window("x").is_err() && window("1.5us").is_err());
    }
}
