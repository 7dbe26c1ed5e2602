//! Reports a failed build: which step failed, the tool's first error, the log, and the command that repeats the step.
//! It knows nothing of the tools except what their error lines look like.

use super::process::Outcome;
use crate::diag::{Error, Kind};
use crate::workdir::{StepEnd, StepOutcome};
use camino::Utf8PathBuf;

/// How many lines of a tool's message are shown; the log has all.
const SHOWN_LINES: usize = 20;

/// What the report needs to know of a step.
pub struct FailedStep<'a> {
    /// Its description.
    pub description: &'a str,
    /// How the user repeats it.
    pub repeat: Repeat,
    /// What it printed, in the user's paths.
    pub printed: String,
    /// The log, as the user would type it; `None` for a step that has the terminal.
    pub log: Option<Utf8PathBuf>,
    /// Where a script of the user asked for the step: file, line and column.
    pub script: Option<String>,
}

/// How the user repeats one step from the current directory.
pub enum Repeat {
    /// Its commands.
    Commands(String),
    /// Short words that run it, in place of long commands.
    Words(String),
}

/// The error for a build that failed. If several steps failed, it reports the first by `position`, not by time, so that the
/// same build gives the same report. `describe` describes that step.
pub fn failure<'a>(
    outcome: &Outcome,
    position: impl Fn(&StepEnd) -> usize,
    describe: impl FnOnce(&StepEnd) -> FailedStep<'a>,
) -> Box<Error> {
    if outcome.interrupted {
        return Error::new(Kind::Interrupted, "interrupted");
    }
    let failed = outcome.ends.iter().filter(|end| end.outcome == StepOutcome::Failed);
    let Some(end) = failed.min_by_key(|end| position(end)) else {
        let said = outcome.said.trim().trim_start_matches("ninja: ").trim_start_matches("error: ");
        let said = if said.is_empty() { "Ninja stopped without a message" } else { said };
        let mut error = Error::step(said.lines().next().unwrap_or(said));
        error.output = Some(came_through(outcome)).filter(|text| !text.is_empty());
        return error;
    };
    let step = describe(end);
    let error = Error::step(format!("`{}` failed (exit code {})", step.description, end.exit));
    let error = match step.log {
        Some(log) => error.detail("log", log),
        None => error,
    };
    let error = match step.script {
        Some(script) => error.detail("script", script),
        None => error,
    };
    let hint = not_started(end.exit, &step.printed);
    let error = match step.repeat {
        Repeat::Commands(commands) => error.detail("command", commands),
        Repeat::Words(words) => error.detail("repeat", format!("{words}  (`-v` shows the command)")),
    };
    let mut error = error.maybe_hint(hint);
    let is_silent = step.printed.trim().is_empty();
    let output = if is_silent { came_through(outcome) } else { first_error(&step.printed) };
    error.output = Some(output).filter(|output| !output.is_empty());
    error
}

/// The hint for a program that the shell did not find or could not start.
fn not_started(exit: u8, printed: &str) -> Option<String> {
    const SAID: [&str; 4] =
        [": command not found", ": not found", ": No such file or directory", ": Permission denied"];
    let is_one = |name: &&str| !name.is_empty() && !name.contains(char::is_whitespace);
    let program = |line: &str| {
        let before = SAID.iter().find_map(|said| line.trim_end().strip_suffix(said))?;
        let name = before.rsplit(": ").next()?.trim_matches(['\'', '‘', '’', '`']);
        Some(name).filter(is_one).map(str::to_owned)
    };
    let name = printed.lines().rev().find_map(program).filter(|_| [126, 127].contains(&exit))?;
    Some(match (exit, name.rsplit_once('/')) {
        (126, _) => format!("`{name}` cannot be started: `chmod +x {name}` makes it executable"),
        (_, None) => format!(
            "`{name}` is not on PATH: install it, or add its directory to PATH. `tool(\"{name}\")` in the script reports \
             this before anything is built"
        ),
        (_, Some((_, base))) => format!(
            "`{name}` does not exist there: commands run in the build directory; `rsrc(\"{base}\")` or `path(\"…\")` \
             names a file wherever they run"
        ),
    })
}

/// The output of steps that could neither report nor keep a log, as on a full disk.
fn came_through(outcome: &Outcome) -> String {
    let mut lines = vec![];
    let mut all = outcome.last_lines.iter();
    while let Some(line) = all.next() {
        // The next line is the command.
        if line.starts_with("FAILED: ") {
            all.next();
        } else {
            lines.push(line.as_str());
        }
    }
    lines.join("\n")
}

/// The tool's first error and the lines after it; the whole text if it is short.
fn first_error(printed: &str) -> String {
    let is_error = |line: &str| {
        let lower = line.to_ascii_lowercase();
        let names_one = lower.starts_with("%error") || lower.contains("error:") || lower.contains(": error");
        // Verilator ends with the first after warnings that count as errors, and g++ with the second after the linker's
        // errors.
        let last_words = ["%error: exiting due to", "collect2: error: ld returned"];
        (names_one && !last_words.iter().any(|words| lower.starts_with(words))) || is_linkers(line)
    };
    // Lines are counted, not gathered: a log may have millions.
    let count = printed.lines().count();
    let first = printed.lines().position(is_error);
    let first = first.or_else(|| printed.lines().position(|line| line.starts_with("%Warning")));
    let first = first.unwrap_or_else(|| count.saturating_sub(SHOWN_LINES));
    let shown: Vec<&str> = printed.lines().skip(first).take(SHOWN_LINES).collect();
    let mut text = shown.join("\n");
    let left = count - first - shown.len();
    if left > 0 {
        text.push_str(&format!("\n({left} more lines in the log)"));
    }
    text
}

/// Whether GNU `ld` printed this line. It never writes the word error: `/usr/bin/ld: a.o: in function …`.
fn is_linkers(line: &str) -> bool {
    let program = line.split_once(": ").map(|(program, _)| program.rsplit('/').next().unwrap_or(program));
    program.is_some_and(|name| name == "ld" || name.starts_with("ld."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_not_there_is_named_whatever_the_shell_calls_it() {
        let named = |exit, said: &str| {
            let hint = not_started(exit, said);
            hint.and_then(|hint| Some(hint.split_once(" is not")?.0.to_owned()))
        };
        for said in [
            "/bin/sh: 1: nosuch: not found\n",
            "sh: line 1: nosuch: command not found",
            "/bin/sh: nosuch: not found\n",
            "env: 'nosuch': No such file or directory\n",
            "a note\nenv: ‘nosuch’: No such file or directory\nafter it",
        ] {
            assert_eq!(named(127, said).as_deref(), Some("`nosuch`"), "{said}");
        }
        assert_eq!(named(127, "nosuch went wrong"), None);
        assert_eq!(named(1, "/bin/sh: 1: nosuch: not found"), None);
    }

    #[test]
    fn the_tools_first_error_comes_first() {
        let printed = "note: a\n%Warning-WIDTH: b\n%Error: a.sv:3:1: syntax error\n%Error: Exiting\n";
        assert_eq!(first_error(printed), "%Error: a.sv:3:1: syntax error\n%Error: Exiting");
        let linked = "a note\n/usr/bin/ld: u.o: in function `main':\nu.cpp: undefined reference to `f'\ncollect2: error: ld returned 1";
        assert_eq!(first_error(linked), linked["a note\n".len()..]);
        assert_eq!(first_error("sh: 1: nosuch: not found\n"), "sh: 1: nosuch: not found");
        let fatal = "note: a\n%Warning-WIDTH: b\n%Error: Exiting due to 1 warning(s)";
        assert_eq!(first_error(fatal), "%Warning-WIDTH: b\n%Error: Exiting due to 1 warning(s)");
    }
}
