//! `override`: which built-in ops and states the user's scripts replace.
//! It does not know what is declared under a name.

use super::declared::Declared;
use crate::config::Config;
use crate::diag::{Error, Result, did_you_mean};

/// The names in `override`; empty if it is not set.
///
/// # Errors
/// It is not a list of built-in names.
pub fn listed(config: &Config, declared: &Declared) -> Result<Vec<String>> {
    let Some(found) = config.get("override") else { return Ok(vec![]) };
    let names = found.value.as_array().map(|list| list.iter().map(|name| name.as_str().map(str::to_owned)));
    let names: Option<Vec<String>> = names.and_then(|names| names.collect());
    let names = names.ok_or_else(|| {
        Error::request("`override` must be a list of names")
            .detail("set by", found.origin.to_string())
            .hint("`override = [\"verilate\"]`")
    })?;
    let builtin: Vec<&str> = declared.builtin_names().collect();
    match names.iter().find(|name| !builtin.contains(&name.as_str())) {
        None => Ok(names),
        Some(name) => Err(Error::request(format!(
            "`override` names `{name}`, and no built-in op or state has that name"
        ))
        .detail("set by", found.origin.to_string())
        .maybe_hint(did_you_mean(name, builtin))),
    }
}
