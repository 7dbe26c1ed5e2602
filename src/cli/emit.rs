//! `fudsv emit`: prints the Ninja file, and writes nothing.
//! It does not know what is in it.

use super::output::{OnStderr, to_stdout};
use super::request::LookOptions;
use crate::diag::Result;
use crate::env::Env;
use crate::options::RequestOptions;
use crate::session::{self, Session};
use clap::Args;

/// `fudsv emit`.
#[derive(Debug, Args)]
pub struct EmitArgs {
    /// What is asked for
    #[command(flatten)]
    pub request: RequestOptions,
    /// Which programs may run
    #[command(flatten)]
    pub look: LookOptions,
}

/// Prints the Ninja file.
///
/// # Errors
/// Whatever is wrong with the request.
pub fn emit(env: Env, args: EmitArgs) -> Result<()> {
    let session = Session::open_to_look(env, args.request, args.look.probe)?;
    to_stdout(session::emit(&session, &mut OnStderr)?.text.as_bytes())
}
