//! `fudsv export`: a design as a file that other tools read.
//! It does not know the forms; an op writes each.

use super::build::BuildArgs;
use super::exec::{ExecArgs, exec};
use super::request::wanting;
use crate::diag::{Error, Result};
use crate::env::Env;
use crate::options::RequestOptions;
use crate::options::built::{EDAM, FILELIST};
use clap::{Args, ValueEnum};

/// `fudsv export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The form
    #[arg(value_enum)]
    pub form: Form,
    /// The design
    #[command(flatten)]
    pub request: RequestOptions,
    /// How it is built
    #[command(flatten)]
    pub build: BuildArgs,
}

/// What other tools read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// Sources and options, one a line: for slang, Verible, editors, other simulators
    Filelist,
    /// EDAM, which Edalize and FuseSoC know
    Edam,
}

/// Runs the command: the file goes to standard output, unless `-o` names a place.
///
/// # Errors
/// Whatever is wrong with the request or the machine.
pub fn export(env: Env, args: ExportArgs) -> Result<()> {
    let ExportArgs { form, request, mut build } = args;
    if request.operands.is_empty() {
        return Err(Error::request("nothing is to be exported").hint("name a design of `fud.toml`, or files"));
    }
    let state = if form == Form::Filelist { FILELIST } else { EDAM };
    let mut request = wanting(request, "export", state)?;
    if request.output.is_empty() {
        request.output = vec!["-".to_owned()];
        build.quiet = build.verbose == 0;
    }
    exec(env, ExecArgs { request, build, dry_run: false })
}
