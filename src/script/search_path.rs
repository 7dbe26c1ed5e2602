//! Where fudsv searches for scripts, nearest first: named plugins, the environment's directories, the project's, the
//! user's, the system's, the built-in scripts.
//! It does not know what is in a script.

use super::builtin::Builtin;
use crate::config::{Config, Origin};
use crate::diag::{Error, Result, did_you_mean};
use crate::env::split_dirs;
use crate::facts::Facts;
use crate::paths::Places;
use camino::{Utf8Path, Utf8PathBuf};

/// One source of scripts. Its position on the search path is its rank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A script that the user names, loaded.
    File(Utf8PathBuf),
    /// A script that the project's configuration names, loaded.
    Project(Utf8PathBuf),
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
/// A plugin that does not exist, or a `plugins` setting that is not a list of text.
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
    let by_project = config.get("plugins").is_some_and(|found| config.is_of_project(found.origin));
    for (word, base) in configured(config, places)? {
        let found = find(&word, &base, &path, builtin, facts);
        let found = found.map_err(|error| match config.get("plugins") {
            Some(setting) => error.detail("named by", setting.origin.to_string()),
            None => error,
        })?;
        named.extend(found.map(|source| if by_project { source.of_project() } else { source }));
    }
    path.push(Source::Builtin);
    named.extend(path);
    Ok(named)
}

/// The directories, nearest first.
fn directories(facts: &Facts, places: &Places) -> Vec<Source> {
    let listed = facts.var("FUDSV_PLUGIN_PATH").unwrap_or_default();
    let from_env = split_dirs(&listed).into_iter().filter(|dir| dir != "");
    let mut found: Vec<Source> = from_env.map(|dir| Source::Searched(facts.in_real_directory(dir))).collect();
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
    let all = user.into_iter().map(Utf8PathBuf::from).chain(split_dirs(&system));
    all.filter(|dir| dir.is_absolute())
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

/// The script that a word means; `None` if it means a built-in script, which is loaded anyway.
fn find(
    word: &str,
    base: &Utf8Path,
    path: &[Source],
    builtin: &[&str],
    facts: &Facts,
) -> Result<Option<Source>> {
    if word.contains('/') || word.ends_with(".rhai") {
        let file = facts.in_real_directory(base.join(word));
        return match (facts.exists(&file), facts.is_dir(&file)) {
            (true, false) => Ok(Some(Source::File(file))),
            (true, true) => Err(Error::request(format!("`{word}` is a directory, but a plugin is a file"))
                .hint("name a script in a directory of `FUDSV_PLUGIN_PATH` by its name alone")),
            (false, _) => Err(no_file(word, file, facts)),
        };
    }
    let below = path.iter().filter_map(Source::directory).map(|dir| dir.join(format!("{word}.rhai")));
    match below.into_iter().find(|file| facts.exists(file)) {
        Some(file) => Ok(Some(Source::File(facts.in_real_directory(&file)))),
        None if builtin.contains(&word) => Ok(None),
        None => Err(unknown(word, path, builtin, facts)),
    }
}

/// The file does not exist; the hint may offer it with its ending.
fn no_file(word: &str, file: Utf8PathBuf, facts: &Facts) -> Box<Error> {
    let whole = format!("{word}.rhai");
    let is_there = facts.exists(Utf8Path::new(&format!("{file}.rhai")));
    let error = Error::request(format!("there is no plugin `{word}`")).detail("looked for", file);
    if is_there { error.hint(format!("did you mean `{whole}`?")) } else { error }
}

/// No directory has a script of this name.
fn unknown(word: &str, path: &[Source], builtin: &[&str], facts: &Facts) -> Box<Error> {
    let dirs: Vec<&Utf8Path> = path.iter().filter_map(Source::directory).collect();
    let known: Vec<String> = dirs.iter().flat_map(|dir| names_in(dir, facts)).collect();
    let names = known.iter().map(String::as_str).chain(builtin.iter().copied());
    Error::request(format!("there is no plugin `{word}`"))
        .detail("looked in", dirs.iter().map(|dir| dir.as_str()).collect::<Vec<_>>().join("\n"))
        .hint("name a script elsewhere by its path: a word with a `/` or with `.rhai` at its end")
        .maybe_hint(did_you_mean(word, names))
}

/// The names of the scripts in a directory, without `.rhai`.
pub(super) fn names_in(dir: &Utf8Path, facts: &Facts) -> Vec<String> {
    facts.list(dir).iter().filter_map(|name| name.strip_suffix(".rhai").map(str::to_owned)).collect()
}

impl Source {
    /// Its scripts: name, and file unless they are part of the program.
    pub fn scripts(&self, builtin: &Builtin, facts: &Facts) -> Vec<(String, Option<Utf8PathBuf>)> {
        match self {
            Source::File(file) | Source::Project(file) => {
                vec![(file.file_stem().unwrap_or_default().to_owned(), Some(file.clone()))]
            }
            Source::Loaded(dir) | Source::Searched(dir) => {
                let file = |name: String| {
                    (name.clone(), Some(facts.in_real_directory(dir.join(format!("{name}.rhai")))))
                };
                names_in(dir, facts).into_iter().map(file).collect()
            }
            Source::Builtin => builtin.script_names().map(|name| (name.to_owned(), None)).collect(),
        }
    }

    /// Whether its scripts are loaded whatever is asked; else a name must ask for them.
    pub fn is_loaded(&self) -> bool {
        !matches!(self, Source::Searched(_))
    }

    /// The directory, when it is one.
    pub fn directory(&self) -> Option<&Utf8Path> {
        match self {
            Source::Loaded(dir) | Source::Searched(dir) => Some(dir),
            Source::File(_) | Source::Project(_) | Source::Builtin => None,
        }
    }

    /// The same script, named by the project.
    fn of_project(self) -> Source {
        match self {
            Source::File(file) => Source::Project(file),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::harness::Project;

    /// The search path, the project's directory written `/p`.
    fn path(project: &Project, asked: &[&str]) -> String {
        let asked: Vec<String> = asked.iter().map(|word| (*word).to_owned()).collect();
        let found =
            search_path(&asked, &["verilator"], &project.facts(), &project.settings(), &project.places());
        let text = match found {
            Ok(found) => found.iter().map(|source| format!("{source:?}")).collect::<Vec<_>>().join("\n"),
            Err(error) => error.to_string(),
        };
        text.replace(project.root().as_str(), "/p")
    }

    fn project() -> Project {
        Project::new([("lint.rhai", "")])
            .file("tools/synth.rhai", "")
            .file("env/mine.rhai", "")
            .file("home/fudsv/plugins/theirs.rhai", "")
    }

    #[test]
    fn nearer_sources_come_first() {
        let project = project()
            .config("plugins = ['theirs', 'tools/synth.rhai']")
            .var("FUDSV_PLUGIN_PATH", "/p/env:rel")
            .var("XDG_DATA_HOME", "/p/home")
            .var("XDG_DATA_DIRS", "/usr/share:rel");
        assert_eq!(
            path(&project, &["mine", "./tools/synth.rhai", "verilator"]),
            r#"File("/p/env/mine.rhai")
File("/p/tools/synth.rhai")
Project("/p/home/fudsv/plugins/theirs.rhai")
Project("/p/tools/synth.rhai")
Searched("/p/env")
Searched("/p/rel")
Loaded("/p/fudsv")
Searched("/p/home/fudsv/plugins")
Searched("/usr/share/fudsv/plugins")
Builtin"#
        );
    }

    #[test]
    fn without_variables_the_usual_directories_are_searched() {
        assert_eq!(
            path(&project().var("HOME", "/home/me"), &[]),
            r#"Loaded("/p/fudsv")
Searched("/home/me/.local/share/fudsv/plugins")
Searched("/usr/local/share/fudsv/plugins")
Searched("/usr/share/fudsv/plugins")
Builtin"#
        );
    }

    #[test]
    fn a_plugin_that_is_not_found_names_where_it_was_looked_for() {
        assert_eq!(
            path(&project(), &["lin"]),
            r"error: there is no plugin `lin`
  looked in: /p/fudsv
             /usr/local/share/fudsv/plugins
             /usr/share/fudsv/plugins
hint: did you mean `lint`?"
        );
        assert_eq!(
            path(&project(), &["tools/no.rhai"]),
            r"error: there is no plugin `tools/no.rhai`
  looked for: /p/tools/no.rhai"
        );
        assert_eq!(
            path(&project().config("plugins = 'lint'"), &[]),
            r#"error: `plugins` must be a list of names and paths
  set by: /p/fud.toml
hint: `plugins = ["lint", "tools/synth.rhai"]`"#
        );
        assert_eq!(
            path(&project().config("plugins = ['tools/synth']"), &[]),
            r"error: there is no plugin `tools/synth`
  looked for: /p/tools/synth
  named by:   /p/fud.toml
hint: did you mean `tools/synth.rhai`?"
        );
        assert_eq!(
            path(&project(), &["./tools"]),
            r"error: `./tools` is a directory, but a plugin is a file
hint: name a script in a directory of `FUDSV_PLUGIN_PATH` by its name alone"
        );
    }

    #[test]
    fn a_named_plugin_is_loaded_and_a_searched_directory_only_imported_from() {
        let project = project()
            .file("env/mine.rhai", "import \"theirs\" as t; print(\"mine\");")
            .file("env/other.rhai", "print(\"other\");")
            .file("home/fudsv/plugins/theirs.rhai", "print(\"theirs\");");
        let (env, home) = (project.root().join("env"), project.root().join("home/fudsv/plugins"));
        let project = project
            .first(Source::File(env.join("mine.rhai")))
            .first(Source::Searched(env))
            .first(Source::Searched(home));
        project.load().unwrap();
        assert_eq!(
            project.said.borrow().join("\n"),
            r"home/fudsv/plugins/theirs.rhai: theirs
env/mine.rhai: mine"
        );
    }
}
