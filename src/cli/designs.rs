//! The designs of `fud.toml` by name: all designs, and the default ones of a command without a name.
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
    // No design has such a name, so that a request of many files reads no configuration twice.
    let is_file = |word: &&str| word.contains(['.', '/', '+']) || word.starts_with('-');
    let may_be = request.words().filter(|word| !is_file(word)).count();
    if request.plan.is_some() || may_be < 2 && !request.operands.is_empty() {
        return Ok(vec![request.clone()]);
    }
    let config = Session::open(env.clone(), request.without_operands())?.config;
    let all = names(&config);
    let chosen: Vec<String> = match request.operands.is_empty() {
        true => all.into_iter().filter(|name| counts(&config, name)).map(str::to_owned).collect(),
        false => request.words().filter(|word| all.contains(word)).map(str::to_owned).collect(),
    };
    // A design beside files includes them, and the error names two designs that do not go together.
    if chosen.is_empty() || !request.operands.is_empty() && request.operands.len() > chosen.len() {
        return Ok(vec![request.clone()]);
    }
    if let [_, _, ..] = chosen.as_slice() {
        let one = [("-o", request.output.first()), ("--dir", request.dir.as_ref())];
        if let Some((option, value)) = one.iter().find_map(|(option, value)| Some((option, (*value)?))) {
            return Err(Error::request(format!(
                "`{option} {value}` applies to one design, but there are {}",
                chosen.len()
            ))
            .hint(format!("name one design: {}", shown(&chosen))));
        }
    }
    Ok(chosen.into_iter().map(|name| request.with_words(&[name])).collect())
}

/// The only design that can be run, when neither file nor design is named; else the request itself.
///
/// # Errors
/// Several designs can be run.
pub fn the_runnable(
    config: &Config,
    request: &RequestOptions,
    runs: impl Fn(&Config, &str) -> bool,
) -> Result<RequestOptions> {
    if !request.operands.is_empty() || request.plan.is_some() {
        return Ok(request.clone());
    }
    let chosen = names(config).into_iter().filter(|name| runs(config, name)).map(str::to_owned);
    let chosen: Vec<String> = chosen.collect();
    match chosen.as_slice() {
        [] => Ok(request.clone()),
        [name] => Ok(request.with_words(std::slice::from_ref(name))),
        [first, ..] => Err(Error::request(format!("several designs can run: {}", shown(&chosen)))
            .hint(format!("name one: `fudsv run {first}`"))),
    }
}

/// `a`, `b`.
fn shown(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
