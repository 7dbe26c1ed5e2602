//! How a build runs and what it prints; the same for every command that builds.
//! It does not know what is built.

use super::output::{Reports, Steps, Volume, object};
use super::timings::{self, TimingsFormat};
use crate::diag::Result;
use crate::options::RequestOptions;
use crate::run::Outcome;
use crate::session::{self, BuildSettings, Built, Session, step_texts};
use clap::{Args, ValueEnum};
use serde_json::json;
use std::rc::Rc;

/// A command that builds one state.
#[derive(Debug, Args)]
pub struct VerbArgs {
    /// What is asked for
    #[command(flatten)]
    pub request: RequestOptions,
    /// How it is built
    #[command(flatten)]
    pub build: BuildArgs,
}

/// How a build runs and what it prints; the same for every command that builds.
#[derive(Clone, Debug, Default, Args)]
pub struct BuildArgs {
    /// Run N steps at once [default: Ninja decides]
    #[arg(short, long, value_name = "N", help_heading = "Running")]
    pub jobs: Option<u32>,
    /// Stop after N failed steps; 0 never stops [default: 1]
    #[arg(short, long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "0", help_heading = "Running", hide_short_help = true)]
    pub keep_going: Option<u32>,
    /// Show how long each step took, as text or as a file in the build directory
    #[arg(long, value_enum, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "text", help_heading = "Output", hide_possible_values = true, hide_short_help = true)]
    pub timings: Option<TimingsFormat>,
    /// Print paths, or one JSON object per line, on standard output
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = MessageFormat::Human, help_heading = "Output", hide_possible_values = true, hide_short_help = true)]
    pub message_format: MessageFormat,
    /// Show the commands that run and why
    #[arg(short, long, action = clap::ArgAction::Count, help_heading = "Output")]
    pub verbose: u8,
    /// Show errors only
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,
}

/// Who reads standard output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum MessageFormat {
    /// People
    #[default]
    Human,
    /// Programs
    Json,
}

/// Builds, shows the steps meanwhile, and reports how long they took.
///
/// # Errors
/// An error of the request or the machine; [`check`] reports a failed step.
pub fn build(session: &Session, args: &BuildArgs, who: &str, reports: Reports) -> Result<Built> {
    let texts = Rc::new(step_texts(session));
    let mut steps = Steps::new(session, &texts, (volume(args), is_json(args)), reports);
    let shows_commands = volume(args) == Volume::Verbose;
    let settings = BuildSettings { who, jobs: args.jobs, keep_going: args.keep_going, shows_commands };
    let built = session::build(session, &settings, &texts, &mut steps)?;
    drop(steps);
    if let Some(format) = args.timings {
        timings::tell(session, format, &built.outcome, &texts)?;
    }
    Ok(built)
}

/// Says that a build went well, or gives the report of the step that did not.
///
/// # Errors
/// A step failed, or Ninja.
pub fn check(session: &Session, built: &Built, args: &BuildArgs) -> Result<()> {
    summarize(session, built, args);
    built.verdict(session)?;
    if volume(args) > Volume::Quiet {
        say_finished(session, built, volume(args));
    }
    Ok(())
}

/// The same for one of several builds: of one that had nothing to do nothing is said.
///
/// # Errors
/// A step failed, or Ninja.
pub fn check_if_ran(session: &Session, built: &Built, args: &BuildArgs) -> Result<()> {
    let has_run = built.outcome.ran() + built.outcome.from_store() > 0;
    let quiet = BuildArgs { quiet: args.quiet || !has_run, ..args.clone() };
    check(session, built, &quiet)
}

/// For programs: the results, and how it went, as the last objects.
pub fn summarize(session: &Session, built: &Built, args: &BuildArgs) {
    let Outcome { success, ends, .. } = &built.outcome;
    if !is_json(args) {
        return;
    }
    for result in built.generated.results.iter().filter(|_| *success) {
        let path = session.places.for_user(&result.path);
        object("artifact", json!({"state": result.state, "path": path, "directory": result.directory}));
    }
    let milliseconds = u64::try_from(built.took.as_millis()).unwrap_or(u64::MAX);
    let (ran, looked_at) = (built.outcome.ran(), ends.len());
    object(
        "summary",
        json!({
            "success": success, "ran": ran, "from-store": built.outcome.from_store(),
            "precompiled": built.outcome.precompiled(), "looked-at": looked_at,
            "warnings": session::warnings(&session.places.workdir), "milliseconds": milliseconds,
        }),
    );
}

/// How much was done; where nothing was, which warnings there still are.
fn say_finished(session: &Session, built: &Built, volume: Volume) {
    let outcome = &built.outcome;
    let ran = match outcome.ran() {
        1 => "1 step ran".to_owned(),
        ran => format!("{ran} steps ran"),
    };
    let taken = [(outcome.precompiled(), "precompiled"), (outcome.from_store(), "from the store")];
    let taken = taken.into_iter().filter(|(count, _)| *count > 0);
    let taken: String = taken.map(|(count, what)| format!(", {count} {what}")).collect();
    match outcome.ran() {
        0 if taken.is_empty() => match session::warnings(&session.places.workdir) {
            0 => note!("Up to date"),
            number => {
                let plural = if number == 1 { "" } else { "s" };
                if volume == Volume::Verbose {
                    let printed = session::printed_warnings(session, &built.texts);
                    printed.iter().for_each(|text| note!("{}", text.trim_end()));
                }
                let hint = if volume == Volume::Verbose { "" } else { "; `-v` shows them" };
                note!("Up to date ({number} warning{plural}{hint})");
            }
        },
        _ => note!("Finished: {ran}{taken}"),
    }
}

/// How much the user wants to hear.
pub fn volume(args: &BuildArgs) -> Volume {
    match (args.quiet, args.verbose) {
        (true, _) => Volume::Quiet,
        (_, 0) => Volume::Normal,
        _ => Volume::Verbose,
    }
}

/// Whether standard output is for programs.
pub fn is_json(args: &BuildArgs) -> bool {
    args.message_format == MessageFormat::Json
}
