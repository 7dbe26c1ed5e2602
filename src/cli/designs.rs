//! The designs of `fud.toml` by name: which there are, and those that a command means when none is named.
//! It does not know what is built of them.

use crate::config::Config;
use crate::design::names;
use crate::diag::{Error, Result};
use crate::env::Env;
use crate::options::RequestOptions;
use crate::session::Session;

/// The requests that were meant: one for each of several named designs, and for each that `counts` when neither file
/// nor design is named; else the request itself.
///
/// # Errors
/// Whatever is wrong with the configuration, or options that cannot belong to several designs.
pub fn each(
    env: &Env,
    request: &RequestOptions,
    counts: impl Fn(&Config, &str) -> bool,
) -> Result<Vec<RequestOptions>> {
    if request.plan.is_some() || request.operands.len() == 1 {
        return Ok(vec![request.clone()]);
    }
    let config = Session::open(env.clone(), request.without_operands())?.config;
    let all = names(&config);
    let chosen: Vec<String> = match request.operands.is_empty() {
        true => all.into_iter().filter(|name| counts(&config, name)).map(str::to_owned).collect(),
        false => request.words().filter(|word| all.contains(word)).map(str::to_owned).collect(),
    };
    let others = request.operands.len() - if request.operands.is_empty() { 0 } else { chosen.len() };
    if chosen.is_empty() || chosen.len() == 1 && others > 0 {
        return Ok(vec![request.clone()]);
    }
    if let (Some(output), [_, _, ..]) = (request.output.first(), chosen.as_slice()) {
        return Err(Error::request(format!(
            "`-o {output}` names one result, and there are {} designs",
            chosen.len()
        ))
        .hint(format!("name one design: {}", shown(&chosen))));
    }
    match others {
        0 => Ok(chosen.into_iter().map(|name| request.with_words(&[name])).collect()),
        // The design reads its sources with these files, and so it says which two cannot go together.
        _ => Ok(vec![request.clone()]),
    }
}

/// The only design that `counts`, when neither file nor design is named; else the request itself.
///
/// # Errors
/// Several designs count.
pub fn only(
    config: &Config,
    request: &RequestOptions,
    (verb, counts): (&str, impl Fn(&Config, &str) -> bool),
) -> Result<RequestOptions> {
    if !request.operands.is_empty() || request.plan.is_some() {
        return Ok(request.clone());
    }
    let chosen = names(config).into_iter().filter(|name| counts(config, name)).map(str::to_owned);
    let chosen: Vec<String> = chosen.collect();
    match chosen.as_slice() {
        [] => Ok(request.clone()),
        [name] => Ok(request.with_words(std::slice::from_ref(name))),
        [first, ..] => Err(Error::request(format!("several designs can be {verb}: {}", shown(&chosen)))
            .hint(format!("name one: `fudsv run {first}`"))),
    }
}

/// `a`, `b`.
fn shown(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
