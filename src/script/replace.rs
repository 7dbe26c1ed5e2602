//! `override`: which built-in ops and states the scripts of a project may replace. Those of the user and of the
//! environment replace what they like.
//! It does not know what is declared under a name.

use super::declared::Declared;
use super::session::Session;
use crate::config::Config;
use crate::diag::{Error, Result, did_you_mean};

/// Checks what the scripts of the project declared.
///
/// # Errors
/// A built-in name that `override` does not list; or `override` is no list of built-in names.
pub fn check(session: &Session, declared: &Declared) -> Result<()> {
    let allowed = allowed(&session.config, declared)?;
    let by_project = |file: &str| session.library.is_of_project(file);
    let replacing = declared.replacing().find(|(_, name, origin)| {
        by_project(&origin.place.file) && !allowed.iter().any(|allowed| allowed == name)
    });
    let Some((what, name, origin)) = replacing else { return Ok(()) };
    let other = match what {
        "state" => format!("`get_state(\"{name}\")` takes the built-in one"),
        _ => "give it another name".to_owned(),
    };
    Err(Error::request(format!("the {what} `{name}` of the project has the name of a built-in one"))
        .at(origin.place.clone())
        .hint(format!("{other}; to replace it, put `override = [\"{name}\"]` into fud.toml")))
}

/// What `override` lists.
fn allowed(config: &Config, declared: &Declared) -> Result<Vec<String>> {
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
