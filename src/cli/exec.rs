//! `fudsv exec`: plan, write the Ninja file, run it, print the paths of the results. When nothing that a plan depends
//! on changed, the scripts are skipped and Ninja starts at once.
//! It does not know how a plan is found or a step runs.

use super::args::{BuildArgs, ExecArgs, GenArgs, RequestArgs};
use super::build::{self, build, copyable};
use super::generate::{self, Generated};
use super::output;
use super::session::Session;
use super::{standalone, store};
use crate::diag::{Error, Result};
use crate::env::Env;
use crate::lower::Target;
use crate::paths::normal;
use crate::run::{Lock, Workdir};
use crate::shell::ShellWord;
use camino::Utf8PathBuf;
use std::collections::BTreeSet;
use std::io::Write;

/// Runs the command.
///
/// # Errors
/// Whatever is wrong with the request or the machine, or a step that failed.
pub fn exec(env: Env, args: ExecArgs) -> Result<()> {
    let session = Session::open(env, args.request)?;
    if args.dry_run {
        return dry_run(&session.looking());
    }
    let built = build(&session, &args.build, "fudsv exec", None)?;
    built.check(&session, &args.build)?;
    if build::is_json(&args.build) { Ok(()) } else { print_results(&session, &built.generated) }
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
    build::current(&session, &workdir)?;
    store::tell(&session, &workdir)?;
    to_stdout(format!("{}\n", session.shown(workdir.path())).as_bytes())
}

/// `fudsv gen --standalone`: builds, so that all is known that a build reads, then writes the directory and prints it.
fn gen_standalone(env: Env, request: RequestArgs, to: &str) -> Result<()> {
    let session = Session::open(env, request)?;
    let to = session.facts.place(to);
    standalone::check(&session, &to)?;
    let how = BuildArgs::default();
    build(&session, &how, "fudsv gen", None)?.check(&session, &how)?;
    standalone::write(&session, &generate::emit(&session)?, &to)?;
    to_stdout(format!("{}\n", session.shown(&to)).as_bytes())
}

/// Prints what would run, in order, so that it can be pasted, and writes nothing.
fn dry_run(session: &Session) -> Result<()> {
    let emitted = generate::emit(session)?;
    // Files of fudsv's own, such as identities of tools and resources, are made by the first line.
    let mut text = format!("{}\n", generate::typed(session, "gen"));
    let places = &session.places;
    let dir = |target: &Target| match (target.directory, target.path.as_path().parent()) {
        (true, _) => Some(places.for_user(&target.path)),
        (false, Some(parent)) => Some(session.shown(&normal(&places.workdir.join(parent)))),
        (false, None) => None,
    };
    let dirs: BTreeSet<Utf8PathBuf> =
        emitted.steps.iter().flat_map(|step| &step.targets).filter_map(dir).collect();
    let dirs: Vec<String> = dirs.iter().map(|dir| ShellWord::quote(dir.as_str()).to_string()).collect();
    text.push_str(&format!("mkdir -p {}\n", dirs.join(" ")));
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
