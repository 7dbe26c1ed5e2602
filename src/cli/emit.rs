//! `fudsv emit`: prints the Ninja file, and writes nothing.
//! It does not know what is in it.

use super::output::{OnStderr, to_stdout};
use crate::diag::Result;
use crate::env::Env;
use crate::options::RequestOptions;
use crate::session::{self, Session};

/// Prints the Ninja file.
///
/// # Errors
/// Whatever is wrong with the request.
pub fn emit(env: Env, args: RequestOptions) -> Result<()> {
    let session = Session::open(env, args)?.looking();
    to_stdout(session::emit(&session, &mut OnStderr)?.text.as_bytes())
}
