//! Runs the commands of a step, in a shell if they need one, and keeps their output.
//! It does not know outputs, keys or records.

use crate::diag::{Error, Result};
use crate::excerpt;
use crate::shell;
use crate::step::args::Step;
use crate::step::lock_fd;
use crate::step::names;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus, Stdio};

/// Commands longer than this many bytes are run from a file: Linux refuses an argument of 131,072 bytes.
const LONGEST: usize = 100_000;

/// Names the terminal of the program that started Ninja and reads its output.
const TERMINAL: &str = "FUDSV_TERMINAL";

/// Names this program if it is not the `fudsv` on PATH.
const PROGRAM: &str = "FUDSV";

/// Variables that are meant for the runner and not for tools.
const OURS: [&str; 3] = ["FUDSV_EVENTS", TERMINAL, lock_fd::VARIABLE];

/// The log of a step's commands; `None` if they have the terminal.
pub fn log(step: &Step) -> Option<Utf8PathBuf> {
    (!step.console).then(|| names::step_file(&step.name, "log"))
}

/// Runs the commands until one fails. Returns the exit code of the last one that ran, or 128 + n for signal n.
///
/// # Errors
/// A shell cannot start, or the log cannot be written.
pub fn run(step: &Step, commands: &[String], variables: &BTreeMap<String, String>) -> Result<u8> {
    lock_fd::close_on_exec(variables);
    let log = match log(step) {
        Some(path) => Some(create(&path)?),
        None => variables.get(TERMINAL).and_then(|path| terminal(path)),
    };
    let around = Surroundings { log, program: own_program(variables) };
    for (number, command) in commands.iter().enumerate() {
        let script = (command.len() > LONGEST).then(|| script(step, number, command)).transpose()?;
        let status = start(step, command, script.as_deref(), &around)
            .map_err(|e| Error::machine(format!("cannot start `/bin/sh` in `{}`", step.cwd)).because(e));
        if let Some(script) = script {
            fs::remove_file(&script).unwrap_or_default();
        }
        let code = code(status?);
        if code != 0 {
            return Ok(code);
        }
    }
    Ok(0)
}

/// Writes a log from an earlier run, as if the commands had printed it now.
///
/// # Errors
/// The log cannot be written.
pub fn repeat(step: &Step, said: &[u8]) -> Result<()> {
    let Some(path) = log(step) else { return Ok(()) };
    let written = create(&path)?.write_all(said);
    written.map_err(|e| Error::machine(format!("cannot write `{path}`")).because(e))
}

/// Shows the output of the commands on standard error. Ninja keeps all of it in memory, so a very long log is cut to its
/// beginning and end.
pub fn show(step: &Step) {
    let said = log(step).and_then(|path| excerpt::of_file(&path, 0, excerpt::SHOWN).ok());
    io::stderr().write_all(&said.unwrap_or_default().0).unwrap_or_default();
}

/// Adds a message of the runner to the log; shows it at once if there is no log.
pub fn say(step: &Step, message: &str) {
    let kept = log(step).is_some_and(|path| {
        let file = File::options().append(true).create(true).open(path);
        file.and_then(|mut file| writeln!(file, "{message}")).is_ok()
    });
    if !kept {
        note!("{message}");
    }
}

/// Whether the commands printed nothing.
pub fn is_silent(step: &Step) -> bool {
    log(step).is_some_and(|path| fs::metadata(path).is_ok_and(|meta| meta.len() == 0))
}

/// Where a step with the terminal writes if a program reads Ninja's standard output: to the terminal itself, else to
/// standard error, which that program passes on.
fn terminal(path: &str) -> Option<File> {
    let device = File::options().append(true).open(path).ok().filter(IsTerminal::is_terminal);
    device.or_else(|| io::stderr().as_fd().try_clone_to_owned().ok().map(File::from))
}

fn create(path: &Utf8Path) -> Result<File> {
    // Appending: a tool that outlives its command must not write over what the next one says.
    fs::remove_file(path).unwrap_or_default();
    let file = File::options().append(true).create(true).open(path);
    file.map_err(|e| Error::machine(format!("cannot write `{path}`")).because(e))
}

/// The command in a file; absolute, as the shell may run elsewhere.
fn script(step: &Step, number: usize, command: &str) -> Result<Utf8PathBuf> {
    let path = names::step_file(&step.name, &format!("{number}.sh"));
    let written = fs::write(&path, command).and_then(|()| path.canonicalize_utf8());
    written.map_err(|e| Error::machine(format!("cannot write `{path}`")).because(e))
}

/// Starting a shell takes longer than everything else here, so a command that needs no shell runs without it.
fn start(
    step: &Step,
    command: &str,
    script: Option<&Utf8Path>,
    around: &Surroundings,
) -> io::Result<ExitStatus> {
    let words = shell::plain_words(command).filter(|_| script.is_none());
    if let Some((program, arguments)) = words.as_ref().and_then(|words| words.split_first()) {
        let mut plain = Command::new(program);
        plain.args(arguments);
        if let Ok(status) = around.of(plain, step)?.status() {
            return Ok(status);
        }
    }
    // If a program cannot be started, the shell tries again: its message says what is wrong.
    let mut shell = Command::new("/bin/sh");
    match script {
        Some(script) => shell.arg(script),
        None => shell.args(["-c", command]),
    };
    around.of(shell, step)?.status()
}

/// This program as the commands call it, when it was named by a path that means something else where they run.
fn own_program(variables: &BTreeMap<String, String>) -> Option<Utf8PathBuf> {
    let told = variables.get(PROGRAM).filter(|told| told.contains('/') && !told.starts_with('/'))?;
    Utf8Path::new(".").canonicalize_utf8().ok().map(|here| here.join(told))
}

/// What all commands of a step share.
struct Surroundings {
    log: Option<File>,
    program: Option<Utf8PathBuf>,
}

impl Surroundings {
    /// The command with where it runs, its variables, and where it writes.
    fn of(&self, mut command: Command, step: &Step) -> io::Result<Command> {
        if step.cwd != "." {
            command.current_dir(&step.cwd);
            // As a shell would.
            command.env("PWD", step.cwd.canonicalize()?);
        }
        for name in OURS {
            command.env_remove(name);
        }
        if let Some(program) = &self.program {
            command.env(PROGRAM, program);
        }
        command.envs(step.sets.iter().map(|(name, value)| (name, value)));
        if let Some(log) = &self.log {
            command.stdout(Stdio::from(log.try_clone()?)).stderr(Stdio::from(log.try_clone()?));
        }
        Ok(command)
    }
}

fn code(status: ExitStatus) -> u8 {
    let number = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    number.and_then(|number| u8::try_from(number).ok()).unwrap_or(u8::MAX)
}
