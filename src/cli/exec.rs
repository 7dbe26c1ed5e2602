//! `fudsv exec`: plan, write the Ninja file, run it, print the paths of the results. When nothing that a plan depends
//! on changed, the scripts are skipped and Ninja starts at once.
//! It does not know how a plan is found or a step runs.

use super::args::{ExecArgs, GenArgs, RequestArgs};
use super::generate::{self, Generated, StepText, fresh, generate, step_texts};
use super::output::{self, Steps, Volume};
use super::session::Session;
use super::standalone;
use crate::diag::{Error, Result};
use crate::env::Env;
use crate::paths::{UserPath, normal};
use crate::run::{self, FailedStep, Lock, Options, Outcome, StepEnd, Workdir};
use crate::shell::ShellWord;
use crate::step::scan;
use crate::tools;
use std::io::Write;

/// Runs the command.
///
/// # Errors
/// Whatever is wrong with the request or the machine, or a step that failed.
pub fn exec(env: Env, args: ExecArgs) -> Result<()> {
    let session = Session::open(env, args.request.clone())?;
    if args.dry_run {
        return dry_run(&session);
    }
    let volume = match (args.quiet, args.verbose) {
        (true, _) => Volume::Quiet,
        (_, 0) => Volume::Normal,
        _ => Volume::Verbose,
    };
    let workdir = Workdir::create(&session.places.workdir)?;
    let lock = Lock::take(&workdir, "fudsv exec", output::waiting)?;
    let generated = current(&session, &workdir)?;
    let running = Running { jobs: args.jobs, keep_going: args.keep_going, volume };
    build(&session, &workdir, &lock, &running)?;
    print_results(&session, &generated)
}

/// How Ninja is to run, as far as it was typed.
struct Running {
    jobs: Option<u32>,
    keep_going: Option<u32>,
    volume: Volume,
}

/// Runs what has to run and says how much that was.
fn build(session: &Session, workdir: &Workdir, lock: &Lock, running: &Running) -> Result<()> {
    scan::force_changed(workdir.path(), &session.facts.env().vars)?;
    let outcome = run_ninja(session, running, workdir, lock)?;
    if !outcome.success {
        return Err(failed(session, workdir, &outcome));
    }
    if running.volume > Volume::Quiet {
        say_finished(&outcome);
    }
    Ok(())
}

/// `fudsv gen`: writes the build directory and prints its path.
///
/// # Errors
/// Whatever is wrong with the request or the machine.
pub fn gen_only(env: Env, args: GenArgs) -> Result<()> {
    if let Some(to) = args.standalone {
        return gen_standalone(env, args.request, &to);
    }
    let session = Session::open(env, args.request)?;
    let workdir = Workdir::create(&session.places.workdir)?;
    let _lock = Lock::take(&workdir, "fudsv gen", output::waiting)?;
    current(&session, &workdir)?;
    to_stdout(format!("{}\n", session.shown(workdir.path())).as_bytes())
}

/// `fudsv gen --standalone`: builds, so that all is known that a build reads, then writes the directory and prints it.
fn gen_standalone(env: Env, request: RequestArgs, to: &str) -> Result<()> {
    let session = Session::open(env, request)?;
    let to = session.places.resolve(&UserPath::new(to));
    standalone::check(&session, &to)?;
    let workdir = Workdir::create(&session.places.workdir)?;
    let lock = Lock::take(&workdir, "fudsv gen", output::waiting)?;
    current(&session, &workdir)?;
    build(&session, &workdir, &lock, &Running { jobs: None, keep_going: None, volume: Volume::Normal })?;
    standalone::write(&session, &generate::emit(&session)?, &to)?;
    to_stdout(format!("{}\n", session.shown(&to)).as_bytes())
}

/// The generation that holds: the kept one when nothing changed, else a new one.
fn current(session: &Session, workdir: &Workdir) -> Result<Generated> {
    let reads_stdin = session.args.files.iter().any(|file| file == "-");
    match fresh(session, workdir).filter(|_| !reads_stdin) {
        Some(generated) => Ok(generated),
        None => generate(session, workdir),
    }
}

fn run_ninja(session: &Session, running: &Running, workdir: &Workdir, lock: &Lock) -> Result<Outcome> {
    let texts = step_texts(workdir);
    let descriptions = texts.iter().map(|(name, text)| (name.clone(), text.description.clone())).collect();
    let options = Options {
        ninja: ninja(session)?,
        workdir: workdir.path().to_owned(),
        exe: session.facts.env().exe.clone(),
        token: generate::token(workdir).map(|token| token.to_string()).unwrap_or_default(),
        jobs: running.jobs.or(session.settings.jobs),
        keep_going: running.keep_going.or(session.settings.keep_going),
        descriptions,
    };
    run::run(&options, lock, &mut Steps { session, texts: &texts, volume: running.volume })
}

/// The words that start Ninja.
fn ninja(session: &Session) -> Result<Vec<String>> {
    if let Some(words) = session.settings.ninja.as_ref().and_then(|text| shlex::split(text)) {
        return Ok(words);
    }
    let found = ["ninja", "samu"].iter().find_map(|name| session.facts.which(name));
    found
        .map(|path| vec![path.into_string()])
        .ok_or_else(|| tools::missing("ninja", "`ninja` and `samu` on PATH"))
}

fn say_finished(outcome: &Outcome) {
    match outcome.ran() {
        0 => anstream::eprintln!("Up to date"),
        1 => anstream::eprintln!("Finished: 1 step ran"),
        ran => anstream::eprintln!("Finished: {ran} steps ran"),
    }
}

fn failed(session: &Session, workdir: &Workdir, outcome: &Outcome) -> Box<Error> {
    let texts = step_texts(workdir);
    let nothing =
        StepText { position: usize::MAX, description: String::new(), commands: vec![], run_in: ".".into() };
    let mut log = session.shown(&workdir.internal("steps"));
    let position = |end: &StepEnd| texts.get(&end.step).map_or(usize::MAX, |text| text.position);
    run::failure(outcome, position, |end| {
        let text = texts.get(&end.step).unwrap_or(&nothing);
        let path = end.log.as_ref().map(|log| workdir.path().join(log)).unwrap_or_default();
        let printed = std::fs::read(&path).unwrap_or_default();
        let printed = output::in_user_paths(session, Some(text), &String::from_utf8_lossy(&printed));
        log = session.shown(&path);
        FailedStep { description: &text.description, commands: copyable(session, text), printed, log: &log }
    })
}

/// The commands as they can be pasted where the user stands.
fn copyable(session: &Session, step: &StepText) -> String {
    let run_in = normal(&session.places.workdir.join(&step.run_in));
    let commands = step.commands.join("\n");
    if run_in == session.places.cwd {
        return commands;
    }
    let run_in = session.shown(&run_in);
    step.commands
        .iter()
        .map(|c| format!("(cd {} && {c})", ShellWord::quote(run_in.as_str())))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Prints what would run, in order, and writes nothing.
fn dry_run(session: &Session) -> Result<()> {
    let emitted = generate::emit(session)?;
    let mut text = String::new();
    for (position, step) in emitted.steps.iter().enumerate() {
        let step = generate::text_of(position, step);
        text.push_str(&format!("{}\n", copyable(session, &step)));
    }
    to_stdout(text.as_bytes())
}

/// One path per result, or the result itself where `-o -` asked for it.
fn print_results(session: &Session, generated: &Generated) -> Result<()> {
    for (index, result) in generated.results.iter().enumerate() {
        let path = session.places.absolute(&result.path);
        if generated.to_stdout.contains(&index) {
            let bytes = std::fs::read(&path);
            to_stdout(&bytes.map_err(|e| Error::machine(format!("cannot read `{path}`")).because(e))?)?;
        } else {
            to_stdout(format!("{}\n", session.places.for_user(&result.path)).as_bytes())?;
        }
    }
    Ok(())
}

/// Writes to standard output; a reader that went away is no error.
pub fn to_stdout(bytes: &[u8]) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::machine("cannot write to standard output").because(e))
        }
        _ => Ok(()),
    }
}
