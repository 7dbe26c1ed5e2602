//! The format of the waves that a build writes.
//! It does not know whose waves they are.

use crate::diag::Result;
use crate::env::Env;
use crate::options::RequestOptions;
use crate::session::{self, Session, Tell};

/// The format of waves that a build writes: what is set, else FST where it can be had, else VCD.
///
/// # Errors
/// Whatever is wrong with the request.
pub fn format(env: &Env, request: &RequestOptions) -> Result<&'static str> {
    let session = Session::open(env.clone(), request.clone())?;
    if let Some(set) = of(&session) {
        return Ok(set);
    }
    let mut with = request.clone();
    with.set.push("verilator.trace=fst".to_owned());
    let traced = Session::open(env.clone(), with)?;
    Ok(if session::emit(&traced, &mut Silent).is_ok() { "fst" } else { "vcd" })
}

/// Of a build that may not be made nothing is said.
struct Silent;

impl Tell for Silent {
    fn warns(&mut self, _: &str) {}
    fn notes(&mut self, _: &str) {}
    fn waits(&mut self, _: &str) {}
}

/// The format that a build writes.
pub fn of(session: &Session) -> Option<&'static str> {
    let set = session.config.get("verilator.trace").and_then(|found| found.value.as_str());
    ["vcd", "fst"].into_iter().find(|format| set == Some(format))
}
