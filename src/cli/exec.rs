//! `fudsv exec`: plan, write the Ninja file, run it, print the paths of the results. When nothing that a plan depends
//! on changed, the scripts are skipped and Ninja starts at once.
//! It does not know how a plan is found or a step runs.

use super::build::{BuildArgs, build, check, is_json};
use super::designs;
use super::output::{OnStderr, Reports, to_stdout};
use crate::diag::{Error, Result};
use crate::env::Env;
use crate::lower::Target;
use crate::options::RequestOptions;
use crate::paths::normal;
use crate::session::{self, Generated, Session, StepText, typed};
use crate::shell::ShellWord;
use camino::Utf8PathBuf;
use clap::Args;
use std::collections::BTreeSet;

/// `fudsv exec`.
#[derive(Debug, Args)]
pub struct ExecArgs {
    /// What is asked for
    #[command(flatten)]
    pub request: RequestOptions,
    /// How it is built
    #[command(flatten)]
    pub build: BuildArgs,
    /// Print the commands and run nothing
    #[arg(short = 'n', long, help_heading = "Running")]
    pub dry_run: bool,
}

/// Runs the command.
///
/// # Errors
/// Whatever is wrong with the request or the machine, or a step that failed.
pub fn exec(env: Env, args: ExecArgs) -> Result<()> {
    // Where nothing is named, nothing is meant: `--to` alone may be made of nothing.
    let requests = match args.request.operands.is_empty() {
        true => vec![args.request],
        false => designs::each(&env, &args.request, |_, _| false)?,
    };
    for request in requests {
        if args.dry_run {
            dry_run(&Session::open(env.clone(), request)?.looking())?;
            continue;
        }
        let session = Session::open_to_build(env.clone(), request, &mut OnStderr)?;
        let built = build(&session, &args.build, "fudsv exec", Reports::AreSaid)?;
        check(&session, &built, &args.build)?;
        if !is_json(&args.build) {
            print_results(&session, &built.generated)?;
        }
    }
    Ok(())
}

/// Prints what would run, in order, so that it can be pasted, and writes nothing.
fn dry_run(session: &Session) -> Result<()> {
    let emitted = session::emit(session, &mut OnStderr)?;
    // Files of fudsv's own, such as identities of tools and resources, are made by the first line.
    let mut text = format!("{}\n", typed(session, "gen"));
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
        text.push_str(&format!("{}\n", StepText::of(position, step, &session.places).copyable(session)));
    }
    to_stdout(text.as_bytes())
}

/// One path per result, or the result itself where `-o -` asked for it.
fn print_results(session: &Session, generated: &Generated) -> Result<()> {
    let places = &session.places;
    for (index, result) in generated.results.iter().enumerate() {
        let path = places.absolute(&result.path);
        if generated.to_stdout.contains(&index) {
            if path.is_dir() {
                let shown = places.for_user(&result.path);
                return Err(Error::request(format!(
                    "`{shown}` is a directory and cannot go to standard output"
                ))
                .hint("`-o PATH` copies it"));
            }
            let bytes = std::fs::read(&path);
            to_stdout(&bytes.map_err(|e| Error::machine(format!("cannot read `{path}`")).because(e))?)?;
        } else {
            to_stdout(format!("{}\n", places.for_user(&result.path)).as_bytes())?;
        }
    }
    Ok(())
}
