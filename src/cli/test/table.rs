//! Prints the results when all tests have ended: a table, which is short if there are many tests, then what failed and how
//! to repeat it.
//! It does not know how tests are run.

use super::args::TestArgs;
use super::rows::Row;
use crate::cli::build::{is_json, volume};
use crate::cli::files::make_parent;
use crate::cli::junit;
use crate::cli::output::{Volume, columns, object, to_stdout};
use crate::diag::Result;
use crate::excerpt;
use crate::runs::How;
use serde_json::json;
use std::collections::BTreeMap;

/// Up to this many rows are shown one by one.
const ROWS: usize = 16;

/// The logs of this many failed tests are shown.
const LOGS: usize = 5;

/// This many lines of the beginning and of the end of a failed test's output are shown.
const LINES: usize = 10;

/// Writes the JUnit file, prints the table, then shows what failed. Programs get an object for each test instead of the
/// table.
///
/// # Errors
/// A file cannot be written.
pub fn tell(rows: &[Row], args: &TestArgs) -> Result<()> {
    if let Some(path) = &args.junit {
        make_parent(path)?;
        junit::write(path, &rows.iter().map(Row::verdict).collect::<Vec<_>>())?;
    }
    if is_json(&args.simulate.build) {
        // The tests that ran were reported when they ended.
        rows.iter().filter(|row| row.how.is_none()).for_each(tell_program);
    } else {
        let is_whole = rows.len() <= ROWS || volume(&args.simulate.build) == Volume::Verbose;
        let table = if is_whole { lines(rows.iter()) } else { short(rows) };
        to_stdout(table.as_bytes())?;
    }
    let failed: Vec<&Row> =
        rows.iter().filter(|row| !row.passed && row.how.is_some() && !row.interrupted).collect();
    for row in failed.iter().take(LOGS) {
        show(row);
    }
    if failed.len() > LOGS {
        note!("… {} more failed", failed.len() - LOGS);
    }
    if volume(&args.simulate.build) > Volume::Quiet {
        seeds_without_effect(rows).iter().chain(&never_kept(rows)).for_each(|note| note!("note: {note}"));
    }
    Ok(())
}

/// Prints the object of a test, for programs.
pub fn tell_program(row: &Row) {
    let record = &row.record;
    object(
        "test",
        json!({
            "name": row.name, "design": row.group, "verdict": row.word, "message": row.about, "seed": record.seed,
            "seconds": record.seconds, "cpu-seconds": record.cpu_seconds, "peak-memory": record.peak_memory,
            "simulated": record.outcome.time, "file": row.file, "line": record.outcome.line, "attempts": record.attempts,
            "from": row.how.map(origin), "arguments": record.arguments, "log": row.log, "waves": row.waves,
            "repeat": record.repeat,
        }),
    );
}

/// The word for where a result comes from.
fn origin(how: How) -> &'static str {
    match how {
        How::Ran => "run",
        How::Kept => "earlier run",
        How::FromStore => "store",
    }
}

/// Shows what a failed test printed and how to repeat it.
fn show(row: &Row) {
    let log = row.log.as_ref().map_or("its log", |log| log.as_str());
    let printed = row.log.as_ref().map(|log| row.printed(log)).unwrap_or_default();
    note!("--- {}", row.name);
    if !printed.trim().is_empty() {
        note!("{}", excerpt::lines(&excerpt::ends(printed.trim_end(), LINES, log)));
    }
    if columns().is_some() {
        note!("  log:    {log}");
    }
    if let Some(waves) = &row.waves {
        note!("  waves:  {waves}");
    }
    if !row.record.repeat.is_empty() {
        note!("  repeat: {}", row.record.repeat);
    }
}

/// A line for each test: name, verdict, seconds, log, and more about the result. Tests that did not pass come last. If the
/// terminal is too narrow, the logs are left out.
fn lines<'r>(rows: impl Iterator<Item = &'r Row> + Clone) -> String {
    let whole = aligned(rows.clone(), true);
    let width = whole.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    if columns().is_some_and(|columns| columns < width) { aligned(rows, false) } else { whole }
}

fn aligned<'r>(rows: impl Iterator<Item = &'r Row> + Clone, with_logs: bool) -> String {
    let log_of =
        |row: &Row| row.log.as_ref().filter(|_| with_logs).map(ToString::to_string).unwrap_or_default();
    let width = |of: &dyn Fn(&Row) -> usize| rows.clone().map(of).max().unwrap_or(0);
    let names = width(&|row| row.name.chars().count());
    let words = width(&|row| row.word.chars().count());
    let logs = width(&|row| log_of(row).chars().count());
    let between = if logs > 0 { "  " } else { "" };
    let line = |row: &Row| {
        let (log, seconds) = (log_of(row), row.record.seconds);
        let Row { name, word, about, .. } = row;
        let before = match row.how {
            Some(How::Kept) => " (as before)",
            Some(How::FromStore) => " (from the store)",
            _ => "",
        };
        let line =
            format!("{name:names$}  {word:words$}  {seconds:7.2} s{between}{log:logs$}  {about}{before}");
        line.trim_end().to_owned() + "\n"
    };
    let good = rows.clone().filter(|row| row.passed);
    good.chain(rows.clone().filter(|row| !row.passed)).map(line).collect()
}

/// A line for each design with the number of its passed tests, or one line for all if there are many designs. Then the
/// tests that did not pass, as many as fit a screen.
fn short(rows: &[Row]) -> String {
    let mut groups: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    rows.iter().filter(|row| row.passed).for_each(|row| groups.entry(&row.group).or_default().push(row));
    let mut text = String::new();
    let width = groups.keys().map(|name| name.chars().count()).max().unwrap_or(0);
    let many = groups.len() > ROWS / 2;
    for (name, rows) in groups.iter().filter(|_| !many) {
        let seconds: f64 = rows.iter().map(|row| row.record.seconds).sum();
        text.push_str(&format!("{name:width$}  {:5} passed  {seconds:7.2} s\n", rows.len()));
    }
    let flaky = rows.iter().filter(|row| row.word == "flaky");
    let bad: Vec<&Row> = flaky.chain(rows.iter().filter(|row| !row.passed && !row.is_not_run())).collect();
    if many {
        let passed: usize = groups.values().map(Vec::len).sum();
        text.push_str(&format!("{passed} tests of {} designs passed\n", groups.len()));
    }
    let mut shown = vec![];
    let mut unbuilt: BTreeMap<&str, Row> = BTreeMap::new();
    for row in bad {
        match row.unbuilt {
            None => shown.push(row.clone()),
            // All tests of a design that was not built share one line.
            Some(_) => drop(
                unbuilt.entry(&row.group).or_insert_with(|| Row { name: row.group.clone(), ..row.clone() }),
            ),
        }
    }
    shown.extend(unbuilt.into_values());
    text.push_str(&lines(shown.iter().take(ROWS)));
    if shown.len() > ROWS {
        text.push_str(&format!("… and {} more did not pass; `-v` shows all\n", shown.len() - ROWS));
    }
    let not_run = rows.iter().filter(|row| row.is_not_run()).count();
    if not_run > 0 {
        text.push_str(&format!("{not_run} did not run\n"));
    }
    text
}

/// The summary: how many tests passed, and how many of them ran.
pub fn summary(rows: &[Row]) -> String {
    let count =
        |how: How| rows.iter().filter(|row| row.passed && !row.is_skipped() && row.how == Some(how)).count();
    let passed = rows.iter().filter(|row| row.passed && !row.is_skipped()).count();
    let skipped = rows.iter().filter(|row| row.is_skipped()).count();
    let flaky = rows.iter().filter(|row| row.word == "flaky").count();
    let mut text = format!("{passed} passed");
    let (kept, stored) = (count(How::Kept), count(How::FromStore));
    let parts: Vec<String> = [(kept, "as before"), (stored, "from the store"), (count(How::Ran), "ran")]
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if kept + stored > 0 {
        text.push_str(&format!(": {}", parts.join(", ")));
    }
    for (count, what) in [(flaky, "flaky"), (skipped, "skipped")].into_iter().filter(|(count, _)| *count > 0)
    {
        text.push_str(&format!("; {count} {what}"));
    }
    text
}

/// Designs whose tests ran again only because their passes are not kept, each with the reason.
fn never_kept(rows: &[Row]) -> Vec<String> {
    let mut groups: BTreeMap<&str, &str> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.why.is_some() && row.why == row.record.not_kept) {
        groups.entry(&row.group).or_insert(row.why.as_deref().unwrap_or_default());
    }
    groups.into_iter().map(|(name, why)| format!("`{name}` runs each time: {why}")).collect()
}

/// Designs whose runs had several seeds but drew no random number and all printed the same.
fn seeds_without_effect(rows: &[Row]) -> Vec<String> {
    let mut groups: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.record.seed.is_some() && row.how.is_some()) {
        let without_seed = row.name.rsplit_once('#').map_or(row.name.as_str(), |(front, _)| front);
        groups.entry(without_seed).or_default().push(row);
    }
    let is_same = |rows: &[&Row]| {
        rows.len() > 1
            && rows.iter().all(|row| !row.record.drew_numbers)
            && rows.windows(2).all(|two| match two {
                [one, other] => {
                    one.record.log == other.record.log && one.record.outcome.is_same(&other.record.outcome)
                }
                _ => true,
            })
    };
    let note = |(name, rows): (&str, Vec<&Row>)| {
        let count = rows.len();
        is_same(&rows).then(|| format!("`{name}` drew no random number: its {count} seeds are one test"))
    };
    groups.into_iter().filter_map(note).collect()
}
