//! `fudsv lint`: what Verilator says about a design, shown also when nothing ran because nothing changed.
//! It does not know how Verilator's text is read.

use super::build::{VerbArgs, build, check, is_json, summarize, volume};
use super::designs;
use super::output::{OnStderr, Reports, Volume, object, to_stdout};
use super::request::wanting;
use crate::beneath;
use crate::diag::{Error, Kind, Result};
use crate::env::Env;
use crate::excerpt;
use crate::lint::{self, Baseline, Diagnostic};
use crate::options::{RequestOptions, built::LINT};
use crate::session::{self, Built, Session, in_user_paths};
use crate::workdir::{StepEnd, StepOutcome};
use anstyle::AnsiColor;
use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};

/// `fudsv lint`.
#[derive(Debug, Args)]
pub struct LintArgs {
    /// What is linted, and how
    #[command(flatten)]
    pub verb: VerbArgs,
    /// Show at most N messages, errors first; 0 shows all
    #[arg(long, value_name = "N", default_value_t = 100, help_heading = "Output")]
    pub limit: usize,
    /// Show findings in this form [default: text, with annotations under GitHub Actions]
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = "Output", hide_short_help = true)]
    pub format: Option<LintFormat>,
    /// Count the warnings of this file, which `--format json` wrote, and show only new ones
    #[arg(long, value_name = "FILE", help_heading = "Output", hide_short_help = true)]
    pub baseline: Option<Utf8PathBuf>,
}

/// A form of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LintFormat {
    /// As Verilator says it
    Text,
    /// One object, which is a baseline, too
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// Annotations of GitHub Actions
    Github,
}

/// Runs the command.
///
/// # Errors
/// Whatever is wrong with the request or the machine, or with the design.
pub fn lint(env: Env, args: LintArgs) -> Result<()> {
    let requests = designs::each(&env, &args.verb.request, |_, _| true)?;
    let mut found = vec![];
    let linted = match requests.as_slice() {
        [request] => one(env, request.clone(), &args, &mut found),
        requests => all(&env, requests, &args, &mut found),
    };
    let is_about_design = linted.as_ref().err().is_none_or(|error| error.kind == Kind::Step);
    match args.format {
        Some(LintFormat::Json) if is_about_design => to_stdout(lint::json(&found).as_bytes())?,
        Some(LintFormat::Sarif) if is_about_design => to_stdout(lint::sarif(&found).as_bytes())?,
        _ => {}
    }
    linted
}

/// Lints each of several designs, also when one before it has errors.
fn all(env: &Env, requests: &[RequestOptions], args: &LintArgs, found: &mut Vec<Diagnostic>) -> Result<()> {
    let mut bad = vec![];
    for request in requests {
        let name = request.words().next().unwrap_or_default();
        if volume(&args.verb.build) > Volume::Quiet {
            note!("--- {name}");
        }
        match one(env.clone(), request.clone(), args, found) {
            Ok(()) => {}
            Err(error) if error.kind == Kind::Step => {
                super::report::report(&error);
                bad.push(format!("`{name}`"));
            }
            Err(error) => return Err(error),
        }
    }
    if bad.is_empty() {
        return Ok(());
    }
    Err(Error::step(format!("{} of {} designs have errors: {}", bad.len(), requests.len(), bad.join(", "))))
}

/// Lints one design, and adds what was found.
fn one(env: Env, request: RequestOptions, args: &LintArgs, found: &mut Vec<Diagnostic>) -> Result<()> {
    let build_args = &args.verb.build;
    let session = Session::open_to_build(env, wanting(request, "lint", LINT)?, &mut OnStderr)?;
    let built = build(&session, build_args, "fudsv lint", Reports::AreResults)?;
    let Some(text) = report(&session, &built)? else { return check(&session, &built, build_args) };
    if !built.outcome.success && !text.contains("%Error") {
        return check(&session, &built, build_args);
    }
    let (diagnostics, known) = match &args.baseline {
        Some(file) => baseline(&session, file)?.new_among(lint::parse(&text)),
        None => (lint::parse(&text), 0),
    };
    let new_text = args.baseline.is_some().then(|| diagnostics.iter().map(Diagnostic::text).collect());
    show(&session, &built, args, (new_text.as_ref().unwrap_or(&text), &diagnostics))?;
    let is_known = known > 0 && diagnostics.is_empty();
    let concluded = conclude(&diagnostics, built.outcome.success || is_known, known, volume(build_args));
    found.extend(diagnostics);
    concluded.map_err(|error| error.maybe_hint(session::hint(&session, &text)))
}

/// The findings that are known.
fn baseline(session: &Session, file: &Utf8PathBuf) -> Result<Baseline> {
    let hint = format!("`fudsv lint … --format json > {file}` writes it");
    let bytes = beneath::read(&session.facts.env().cwd.join(file), beneath::LONGEST);
    let bytes = bytes
        .map_err(|e| Error::request(format!("cannot read the baseline `{file}`")).because(e).hint(hint))?;
    Baseline::read(&bytes, file.as_str())
}

/// Shows what was found in one design, in the form that was asked for; one file for all designs comes later.
fn show(
    session: &Session,
    built: &Built,
    args: &LintArgs,
    (text, diagnostics): (&String, &[Diagnostic]),
) -> Result<()> {
    let build_args = &args.verb.build;
    if is_json(build_args) {
        diagnostics.iter().for_each(|diagnostic| object("diagnostic", diagnostic));
        summarize(session, built, build_args);
        return Ok(());
    }
    let is_in_workflow = session.facts.env().vars.get("GITHUB_ACTIONS").is_some_and(|value| value == "true");
    if matches!(args.format, None | Some(LintFormat::Text)) {
        let (errors_first, left_out) = lint::errors_first(text, args.limit);
        print(&errors_first)?;
        tell_codes(diagnostics, left_out, volume(build_args));
    }
    match args.format {
        Some(LintFormat::Github) => to_stdout(lint::github(diagnostics).as_bytes()),
        None if is_in_workflow => to_stdout(lint::github(diagnostics).as_bytes()),
        _ => Ok(()),
    }
}

/// How often each kind of warning came, when there are too many to count by eye, and how many were not shown.
fn tell_codes(diagnostics: &[Diagnostic], left_out: usize, volume: Volume) {
    const MANY: usize = 10;
    if volume == Volume::Quiet {
        return;
    }
    if diagnostics.len() > MANY {
        let codes = lint::codes(diagnostics);
        let codes =
            codes.iter().map(|(code, count)| format!("{count} {code}")).collect::<Vec<_>>().join(", ");
        note!("By kind: {codes}");
    }
    if left_out > 0 {
        note!("{left_out} more messages are not shown: `--limit 0` shows all");
    }
}

/// What Verilator said, in the user's paths; `None` when it was not asked, as an earlier step failed.
fn report(session: &Session, built: &Built) -> Result<Option<String>> {
    if built.outcome.success {
        let Some(result) = built.generated.results.first() else { return Ok(None) };
        let path = session.places.absolute(&result.path);
        let text = excerpt::of_file(&path, 0, excerpt::SEARCHED);
        let (text, _) = text.map_err(|e| Error::machine(format!("cannot read `{path}`")).because(e))?;
        let step = built.texts.values().find(|step| step.is_report);
        return Ok(Some(in_user_paths(session, step, &String::from_utf8_lossy(&text))));
    }
    let is_report = |end: &StepEnd| built.texts.get(&end.step).is_some_and(|step| step.is_report);
    let mut failed = built.outcome.ends.iter().filter(|end| end.outcome == StepOutcome::Failed);
    Ok(failed.find(|end| is_report(end)).map(|end| built.printed(session, end)))
}

/// The report as it is; on a terminal the first lines of messages stand out.
fn print(text: &str) -> Result<()> {
    let text = excerpt::lines(text);
    let stdout = std::io::stdout();
    if anstream::AutoStream::choice(&stdout) == anstream::ColorChoice::Never {
        return to_stdout(text.as_bytes());
    }
    let line = |line: &str| {
        let color = match line {
            _ if line.starts_with("%Error") => AnsiColor::Red,
            _ if line.starts_with("%Warning") => AnsiColor::Yellow,
            _ => return format!("{line}\n"),
        };
        let style = color.on_default().bold();
        format!("{style}{line}{style:#}\n")
    };
    to_stdout(text.lines().map(line).collect::<String>().as_bytes())
}

/// The last line: how much was found.
fn conclude(diagnostics: &[Diagnostic], success: bool, known: usize, volume: Volume) -> Result<()> {
    let (errors, warnings) = lint::count(diagnostics);
    let many = |count: usize, what: &str| match count {
        0 => format!("no {what}s"),
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    };
    let beside = if known > 0 { format!(", {known} in the baseline") } else { String::new() };
    let found = format!("{}, {}{beside}", many(errors, "error"), many(warnings, "warning"));
    match (success, errors) {
        (true, _) if volume == Volume::Quiet => Ok(()),
        (true, _) => {
            note!("Finished: {found}");
            Ok(())
        }
        (false, 0) => Err(Error::step(found).hint("`verilator.werror` makes warnings fail")),
        (false, _) => Err(Error::step(found)),
    }
}
