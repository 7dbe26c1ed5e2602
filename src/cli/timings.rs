//! `--timings`: how long each step of a build took, as its events say.
//! It does not know how steps run.

use crate::diag::{Error, Result};
use crate::run::Outcome;
use crate::session::{Session, StepText};
use crate::workdir::{StepEnd, StepOutcome, names};
use clap::ValueEnum;
use serde::Serialize;
use std::collections::BTreeMap;

/// The format of `--timings`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TimingsFormat {
    /// A table on standard error
    Text,
    /// `timings.json` in the build directory
    Json,
    /// `timings.csv` in the build directory
    Csv,
}

/// One step that ran.
#[derive(Serialize)]
struct Timing<'a> {
    name: &'a str,
    description: &'a str,
    outcome: StepOutcome,
    /// Milliseconds since the first step began.
    start: u64,
    milliseconds: u64,
}

/// Prints a table on standard error, or writes a file into the build directory and says where.
///
/// # Errors
/// The file cannot be written.
pub fn tell(
    session: &Session,
    format: TimingsFormat,
    outcome: &Outcome,
    texts: &BTreeMap<String, StepText>,
) -> Result<()> {
    let ran: Vec<&StepEnd> = outcome.ends.iter().filter(|end| end.outcome != StepOutcome::Hit).collect();
    let first = ran.iter().map(|end| end.start).min().unwrap_or_default();
    let mut timings: Vec<Timing> = ran.into_iter().map(|end| timing(end, first, texts)).collect();
    timings.sort_by_key(|timing| (timing.start, timing.name));
    match format {
        TimingsFormat::Text => {
            timings.sort_by_key(|timing| std::cmp::Reverse(timing.milliseconds));
            timings.iter().for_each(|timing| {
                note!("{:>8.3} s  {}", timing.milliseconds as f64 / 1000.0, timing.description);
            });
            Ok(())
        }
        TimingsFormat::Json => write(session, "json", &json(&timings)?),
        TimingsFormat::Csv => write(session, "csv", &csv(&timings)),
    }
}

fn timing<'a>(end: &'a StepEnd, first: u64, texts: &'a BTreeMap<String, StepText>) -> Timing<'a> {
    let description = texts.get(&end.step).map_or(end.step.as_str(), |text| text.description.as_str());
    let (start, milliseconds) = (end.start - first, end.end.saturating_sub(end.start));
    Timing { name: &end.step, description, outcome: end.outcome, start, milliseconds }
}

fn json(timings: &[Timing]) -> Result<String> {
    let text = serde_json::to_string_pretty(timings);
    Ok(text.map_err(|e| Error::machine("cannot write JSON").because(e))? + "\n")
}

/// As RFC 4180 says: a text in quotes, a quote in it twice.
fn csv(timings: &[Timing]) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let row = |timing: &Timing| {
        let outcome = if timing.outcome == StepOutcome::Failed { "failed" } else { "ran" };
        let (name, description) = (quoted(timing.name), quoted(timing.description));
        format!("{name},{description},{outcome},{},{}\n", timing.start, timing.milliseconds)
    };
    let rows: String = timings.iter().map(row).collect();
    format!("name,description,outcome,start,milliseconds\n{rows}")
}

fn write(session: &Session, format: &str, text: &str) -> Result<()> {
    let path = session.places.workdir.join(names::timings_file(format));
    std::fs::write(&path, text)
        .map_err(|e| Error::machine(format!("cannot write `{}`", session.shown(&path))).because(e))?;
    note!("Timings: {}", session.shown(&path));
    Ok(())
}
