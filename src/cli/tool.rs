//! `fudsv tool …`: the verbs that emitted Ninja files call; not for people.
//! It does not know what Ninja is doing.

use super::regenerate::regenerate;
use super::report;
use crate::diag::{Error, Result};
use crate::env::Env;
use crate::step;
use std::process::ExitCode;

/// Runs one verb.
pub fn main(env: Env, words: &[String]) -> ExitCode {
    let done = match words {
        [verb, rest @ ..] if verb == "run" => return ExitCode::from(step::main(rest, &env.vars)),
        [verb] if verb == "regenerate" => regenerate(env),
        _ => unknown(words),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => report(&error),
    }
}

fn unknown(words: &[String]) -> Result<()> {
    let verb = words.first().map(String::as_str).unwrap_or_default();
    Err(Error::request(format!("`fudsv tool` has no verb `{verb}`"))
        .hint("Ninja files written by fudsv call these verbs"))
}
