//! `fudsv lint`: what Verilator says about a design, shown also when nothing ran because nothing changed.
//! It does not know how Verilator's text is read.

use super::build::{VerbArgs, build, check, is_json, summarize, volume};
use super::output::{Reports, Volume, object, to_stdout};
use super::request::wanting;
use crate::diag::{Error, Result};
use crate::env::Env;
use crate::excerpt;
use crate::lint::{self, Diagnostic};
use crate::options::built;
use crate::session::{Built, Session, in_user_paths};
use crate::workdir::{StepEnd, StepOutcome};
use anstyle::AnsiColor;

/// Runs the command.
///
/// # Errors
/// Whatever is wrong with the request or the machine, or with the design.
pub fn lint(env: Env, args: VerbArgs) -> Result<()> {
    let session = Session::open(env, wanting(args.request, "lint", built::LINT)?)?;
    let made = build(&session, &args.build, "fudsv lint", Reports::AreResults)?;
    let Some(text) = report(&session, &made)? else { return check(&session, &made, &args.build) };
    let diagnostics = lint::parse(&text);
    if !made.outcome.success && !text.contains("%Error") {
        return check(&session, &made, &args.build);
    }
    if is_json(&args.build) {
        diagnostics.iter().for_each(|diagnostic| object("diagnostic", diagnostic));
        summarize(&session, &made, &args.build);
    } else {
        print(&text)?;
    }
    conclude(&diagnostics, made.outcome.success, volume(&args.build))
}

/// What Verilator said, in the user's paths; `None` when it was not asked, as an earlier step failed.
fn report(session: &Session, built: &Built) -> Result<Option<String>> {
    if built.outcome.success {
        let Some(result) = built.generated.results.first() else { return Ok(None) };
        let path = session.places.absolute(&result.path);
        let text = std::fs::read_to_string(&path);
        let text = text.map_err(|e| Error::machine(format!("cannot read `{path}`")).because(e))?;
        let step = built.texts.values().find(|step| step.is_report);
        return Ok(Some(in_user_paths(session, step, &text)));
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
fn conclude(diagnostics: &[Diagnostic], success: bool, volume: Volume) -> Result<()> {
    let (errors, warnings) = lint::count(diagnostics);
    let many = |count: usize, what: &str| match count {
        0 => format!("no {what}s"),
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    };
    let found = format!("{}, {}", many(errors, "error"), many(warnings, "warning"));
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
