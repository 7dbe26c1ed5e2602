//! `fudsv gen`: writes a build directory, or one that builds without fudsv, and runs only what that needs.
//! It does not know what is in it.

use super::build::{BuildArgs, build, check};
use super::output::{OnStderr, Reports, to_stdout};
use crate::diag::Result;
use crate::env::Env;
use crate::options::RequestOptions;
use crate::session::{self, Session, Tell};
use crate::workdir::{Lock, Workdir};
use clap::Args;

/// `fudsv gen`.
#[derive(Debug, Args)]
pub struct GenArgs {
    /// What is asked for
    #[command(flatten)]
    pub request: RequestOptions,
    /// Write a directory that builds the same on machines without fudsv
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub standalone: Option<String>,
}

/// Writes the build directory and prints its path.
///
/// # Errors
/// Whatever is wrong with the request or the machine.
pub fn generate(env: Env, args: GenArgs) -> Result<()> {
    if let Some(to) = args.standalone {
        return gen_standalone(env, args.request, &to);
    }
    let session = Session::open_to_build(env, args.request, &mut OnStderr)?;
    let workdir = Workdir::create(&session.places.workdir)?;
    let _lock = Lock::take(&workdir, "fudsv gen", |holder| OnStderr.waits(holder))?;
    session::current(&session, &workdir, &mut OnStderr)?;
    session::tell_store(&session, &workdir)?;
    to_stdout(format!("{}\n", session.shown(workdir.path())).as_bytes())
}

/// `fudsv gen --standalone`: builds, so that all is known that a build reads, then writes the directory and prints it.
fn gen_standalone(env: Env, request: RequestOptions, to: &str) -> Result<()> {
    let session = Session::open_to_build(env, request, &mut OnStderr)?;
    let to = session.facts.place(to);
    session::check_standalone(&session, &to)?;
    let how = BuildArgs::default();
    check(&session, &build(&session, &how, "fudsv gen", Reports::AreSaid)?, &how)?;
    session::write_standalone(&session, &session::emit(&session, &mut OnStderr)?, &to)?;
    to_stdout(format!("{}\n", session.shown(&to)).as_bytes())
}
