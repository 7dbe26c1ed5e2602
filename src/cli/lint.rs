//! `fudsv lint`: what Verilator says about a design, shown also when nothing ran because nothing changed.
//! It does not know how Verilator's text is read.

use super::build::{VerbArgs, build, check, is_json, summarize, volume};
use super::output::{Volume, object, to_stdout};
use super::request::wanting;
use crate::diag::{Error, Result};
use crate::env::Env;
use crate::excerpt;
use crate::lint::{self, Diagnostic};
use crate::session::{Built, Session, in_user_paths};
use crate::workdir::{StepEnd, StepOutcome};
use anstyle::AnsiColor;

/// The op that runs Verilator; what it says is shown as the result, and not while it runs.
const OP: &str = "lint";

/// Runs the command.
///
/// # Errors
/// Whatever is wrong with the request or the machine, or with the design.
pub fn lint(env: Env, args: VerbArgs) -> Result<()> {
    let session = Session::open(env, wanting(args.request, "lint", "lint")?)?;
    let built = build(&session, &args.build, "fudsv lint", Some(OP))?;
    let Some(text) = report(&session, &built)? else { return check(&session, &built, &args.build) };
    let diagnostics = lint::parse(&text);
    if !built.outcome.success && !text.contains("%Error") {
        return check(&session, &built, &args.build);
    }
    if is_json(&args.build) {
        diagnostics.iter().for_each(|diagnostic| object("diagnostic", diagnostic));
        summarize(&session, &built, &args.build);
    } else {
        print(&text)?;
    }
    conclude(&diagnostics, built.outcome.success, volume(&args.build))
}

/// What Verilator said, in the user's paths; `None` when it was not asked, as an earlier step failed.
fn report(session: &Session, built: &Built) -> Result<Option<String>> {
    let prefix = format!("{OP}.");
    if built.outcome.success {
        let Some(result) = built.generated.results.first() else { return Ok(None) };
        let path = session.places.absolute(&result.path);
        let text = std::fs::read_to_string(&path);
        let text = text.map_err(|e| Error::machine(format!("cannot read `{path}`")).because(e))?;
        let step = built.texts.iter().find(|(name, _)| name.starts_with(&prefix)).map(|(_, step)| step);
        return Ok(Some(in_user_paths(session, step, &text)));
    }
    let is_ours = |end: &&StepEnd| end.outcome == StepOutcome::Failed && end.step.starts_with(&prefix);
    Ok(built.outcome.ends.iter().find(is_ours).map(|end| built.printed(session, end)))
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
