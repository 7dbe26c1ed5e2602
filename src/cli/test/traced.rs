//! Chooses the format of the waves that a build writes.
//! It does not know for which run the waves are.

use crate::diag::Result;
use crate::env::Env;
use crate::options::RequestOptions;
use crate::session::{self, Session, Tell};

/// The format of waves that a build writes: the configured one, else FST if the build can write it, else VCD.
///
/// # Errors
/// An error in the request.
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

/// Drops messages: the build may never be made.
struct Silent;

impl Tell for Silent {
    fn warns(&mut self, _: &str) {}
    fn notes(&mut self, _: &str) {}
    fn waits(&mut self, _: &str) {}
}

/// The configured format of a build.
pub fn of(session: &Session) -> Option<&'static str> {
    let set = session.config.get("verilator.trace").and_then(|found| found.value.as_str());
    ["vcd", "fst"].into_iter().find(|format| set == Some(format))
}
