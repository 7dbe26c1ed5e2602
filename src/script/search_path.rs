//! Where scripts are looked for, nearest first: named plugins, the environment's directories, the project's, the
//! user's, the system's, the program's own.
//! It does not know what is in a script.

use crate::config::{Config, Origin};
use crate::diag::{Error, Result, did_you_mean};
use crate::facts::Facts;
use crate::paths::{Places, physical};
use camino::{Utf8Path, Utf8PathBuf};

/// One source of scripts. Its position on the search path is its rank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A script, loaded.
    File(Utf8PathBuf),
    /// A directory whose scripts are all loaded.
    Loaded(Utf8PathBuf),
    /// A directory in which scripts are found by name only.
    Searched(Utf8PathBuf),
    /// What is part of the program, all loaded.
    Builtin,
}

/// The search path of a request. `asked` are the words after `-p`, in order: names, or paths.
///
/// # Errors
/// A plugin that is not found, or a `plugins` setting that is no list of text.
pub fn search_path(
    asked: &[String],
    builtin: &[&str],
    facts: &Facts,
    config: &Config,
    places: &Places,
) -> Result<Vec<Source>> {
    let mut path = directories(facts, places);
    let mut named = vec![];
    for word in asked {
        named.extend(find(word, &places.cwd, &path, builtin, facts)?);
    }
    for (word, base) in configured(config, places)? {
        named.extend(find(&word, &base, &path, builtin, facts)?);
    }
    path.push(Source::Builtin);
    named.extend(path);
    Ok(named)
}

/// The directories, nearest first.
fn directories(facts: &Facts, places: &Places) -> Vec<Source> {
    let listed = facts.var("FUDSV_PLUGIN_PATH").unwrap_or_default();
    let from_env = listed.split(':').filter(|dir| !dir.is_empty());
    let mut found: Vec<Source> =
        from_env.map(|dir| Source::Searched(physical(&places.cwd.join(dir)))).collect();
    found.push(Source::Loaded(places.root.join("fudsv")));
    found.extend(data_dirs(facts).map(|dir| Source::Searched(dir.join("fudsv/plugins"))));
    found
}

/// The user's data directory, then the system's.
fn data_dirs(facts: &Facts) -> impl Iterator<Item = Utf8PathBuf> {
    let set = |name: &str| facts.var(name).filter(|value| !value.is_empty());
    let home = || set("HOME").map(|home| format!("{home}/.local/share"));
    let user = set("XDG_DATA_HOME").or_else(home);
    let system = set("XDG_DATA_DIRS").unwrap_or_else(|| "/usr/local/share:/usr/share".into());
    let all: Vec<Utf8PathBuf> =
        user.iter().map(String::as_str).chain(system.split(':')).map(Utf8PathBuf::from).collect();
    all.into_iter().filter(|dir| dir.is_absolute())
}

/// The words of the setting `plugins`, each with the directory that a path is relative to.
fn configured(config: &Config, places: &Places) -> Result<Vec<(String, Utf8PathBuf)>> {
    let Some(found) = config.get("plugins") else { return Ok(vec![]) };
    let base = match found.origin {
        Origin::File(file) => file.parent().unwrap_or(&places.cwd).to_owned(),
        _ => places.cwd.clone(),
    };
    let words = found.value.as_array().map(|list| list.iter().map(toml::Value::as_str));
    let words: Option<Vec<&str>> = words.and_then(|words| words.collect());
    let words = words.ok_or_else(|| {
        Error::request("`plugins` must be a list of names and paths")
            .detail("set by", found.origin.to_string())
            .hint("`plugins = [\"lint\", \"tools/synth.rhai\"]`")
    })?;
    Ok(words.into_iter().map(|word| (word.to_owned(), base.clone())).collect())
}

/// The script that a word means; none when it means a built-in, which is loaded anyway.
fn find(
    word: &str,
    base: &Utf8Path,
    path: &[Source],
    builtin: &[&str],
    facts: &Facts,
) -> Result<Option<Source>> {
    if word.contains('/') || word.ends_with(".rhai") {
        let file = physical(&base.join(word));
        return match facts.exists(&file) {
            true => Ok(Some(Source::File(file))),
            false => Err(Error::request(format!("there is no plugin `{word}`")).detail("looked for", file)),
        };
    }
    let below = path.iter().filter_map(Source::directory).map(|dir| dir.join(format!("{word}.rhai")));
    match below.into_iter().find(|file| facts.exists(file)) {
        Some(file) => Ok(Some(Source::File(physical(&file)))),
        None if builtin.contains(&word) => Ok(None),
        None => Err(unknown(word, path, builtin, facts)),
    }
}

/// No directory has a script of this name.
fn unknown(word: &str, path: &[Source], builtin: &[&str], facts: &Facts) -> Box<Error> {
    let dirs: Vec<&Utf8Path> = path.iter().filter_map(Source::directory).collect();
    let known: Vec<String> = dirs.iter().flat_map(|dir| names_in(dir, facts)).collect();
    let names = known.iter().map(String::as_str).chain(builtin.iter().copied());
    Error::request(format!("there is no plugin `{word}`"))
        .detail("looked in", dirs.iter().map(|dir| dir.as_str()).collect::<Vec<_>>().join("\n"))
        .hint("`fudsv plugin list` shows them all")
        .maybe_hint(did_you_mean(word, names))
}

/// The names of the scripts in a directory, without `.rhai`.
pub(super) fn names_in(dir: &Utf8Path, facts: &Facts) -> Vec<String> {
    facts.list(dir).iter().filter_map(|name| name.strip_suffix(".rhai").map(str::to_owned)).collect()
}

impl Source {
    /// The directory, when it is one.
    pub fn directory(&self) -> Option<&Utf8Path> {
        match self {
            Source::Loaded(dir) | Source::Searched(dir) => Some(dir),
            Source::File(_) | Source::Builtin => None,
        }
    }
}
