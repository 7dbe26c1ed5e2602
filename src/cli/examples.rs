//! `fudsv check --examples`: requests beside plugins, with their expected results, run with the real tools.
//! It does not know plugins, nor how a request is built: each is run by a program of its own.

use super::files::make_parent;
use super::junit::{self, Verdict};
use super::output::to_stdout;
use crate::diag::{Error, Kind, Result};
use crate::options::RequestOptions;
use crate::script::{Builtin, Source};
use crate::session::{Session, script_sources};
use crate::step::SUMS;
use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

/// What makes a directory an example.
const FILE: &str = "example.toml";

/// Where an example has the files that its results must equal.
const EXPECTED: &str = "expected";

/// How deep below `tests` an example may stand.
const DEEPEST: usize = 3;

/// What is done with the examples.
#[derive(Debug, Default)]
pub struct ExampleOptions<'a> {
    /// Where JUnit's file goes.
    pub junit: Option<&'a Utf8Path>,
    /// Whether what is made becomes what is expected.
    pub bless: bool,
}

/// The file of an example.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExampleFile {
    /// The words after `fudsv exec`, as typed in the directory of the example.
    exec: String,
    /// What the error says that the request must end in.
    error: Option<String>,
}

/// A request with what it must make.
struct Example {
    name: String,
    dir: Utf8PathBuf,
    said: ExampleFile,
    words: Vec<String>,
}

/// The files below a directory by their names, or the results of a request.
type Files = BTreeMap<String, Vec<u8>>;

/// Runs the examples of all loaded plugins.
///
/// # Errors
/// A file that is not an example, or, after all were told, that some did not pass.
pub fn examples(session: &Session, wanted: &ExampleOptions) -> Result<()> {
    let examples = found(session)?;
    if examples.is_empty() {
        note!("note: no plugin has an example; `fudsv plugin new` writes one");
        return Ok(());
    }
    let mut verdicts = vec![];
    for example in &examples {
        let began = Instant::now();
        let failure = run(session, example, wanted.bless)?;
        if let Some(why) = &failure {
            note!("--- {}\n{}", example.name, why.trim_end());
        }
        let failure = failure.map(|why| (why.lines().next().unwrap_or_default().to_owned(), why));
        let (name, took, printed) = (example.name.clone(), began.elapsed(), String::new());
        verdicts.push(Verdict {
            suite: "examples".to_owned(),
            name,
            failure,
            took,
            printed,
            ..Verdict::default()
        });
    }
    if let Some(path) = wanted.junit {
        make_parent(path)?;
        junit::write(path, &verdicts)?;
    }
    to_stdout(table(&verdicts).as_bytes())?;
    let failed = verdicts.iter().filter(|verdict| verdict.failure.is_some()).count();
    match failed {
        0 => note!("{} passed", verdicts.len()),
        failed => {
            return Err(Error::step(format!("{failed} of {} examples did not pass", verdicts.len()))
                .hint("if the results are right, `--bless` makes them the expected ones"));
        }
    }
    Ok(())
}

/// Name, verdict, seconds.
fn table(verdicts: &[Verdict]) -> String {
    let names = verdicts.iter().map(|verdict| verdict.name.chars().count()).max().unwrap_or(0);
    let line = |Verdict { name, failure, took, .. }: &Verdict| {
        let word = if failure.is_some() { "failed" } else { "passed" };
        format!("{name:names$}  {word}  {:7.2} s\n", Duration::as_secs_f64(took))
    };
    verdicts.iter().map(line).collect()
}

/// The examples beside the loaded plugins: all examples below `tests` of a directory if all its plugins are loaded, and
/// the examples of one plugin below `tests/NAME`.
fn found(session: &Session) -> Result<Vec<Example>> {
    let mut dirs: BTreeMap<Utf8PathBuf, String> = BTreeMap::new();
    for source in script_sources(session, &Builtin::embedded())? {
        match &source {
            Source::Loaded(dir) => look(&dir.join("tests"), "", 0, &mut dirs),
            Source::File(file) | Source::Project(file) => {
                let (dir, name) = (file.parent().unwrap_or(file), file.file_stem().unwrap_or_default());
                look(&dir.join("tests").join(name), name, 1, &mut dirs);
            }
            Source::Searched(_) | Source::Builtin => {}
        }
    }
    let mut examples =
        dirs.into_iter().map(|(dir, name)| read(session, dir, name)).collect::<Result<Vec<_>>>()?;
    examples.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(examples)
}

/// Adds the examples at and below a directory.
fn look(dir: &Utf8Path, name: &str, depth: usize, found: &mut BTreeMap<Utf8PathBuf, String>) {
    if dir.join(FILE).is_file() {
        found.insert(dir.to_owned(), name.to_owned());
    }
    let entries = dir.read_dir_utf8().into_iter().flatten().flatten();
    for entry in entries.filter(|entry| depth < DEEPEST && entry.path().is_dir()) {
        let below = if name.is_empty() {
            entry.file_name().to_owned()
        } else {
            format!("{name}/{}", entry.file_name())
        };
        if entry.file_name() != EXPECTED {
            look(entry.path(), &below, depth + 1, found);
        }
    }
}

fn read(session: &Session, dir: Utf8PathBuf, name: String) -> Result<Example> {
    let file = dir.join(FILE);
    let wrong = |what: &str| {
        Error::request(format!("`{}` {what}", session.shown(&file)))
            .hint("an example contains `exec = \"FILE… --to STATE\"`, and maybe `error = \"…\"`")
    };
    let text = fs::read_to_string(&file).map_err(|e| wrong("cannot be read").because(e))?;
    let said: ExampleFile = toml::from_str(&text).map_err(|e| wrong("is not an example").because(e))?;
    let words = shlex::split(&said.exec).ok_or_else(|| wrong("has an open quote in `exec`"))?;
    Ok(Example { name, dir, said, words })
}

/// Runs one example; says why it did not pass.
fn run(session: &Session, example: &Example, bless: bool) -> Result<Option<String>> {
    let build = session.builds().join(format!("example-{}", example.name.replace('/', "-")));
    let env = session.facts.env();
    let mut command = Command::new(&env.exe);
    command.arg("exec").args(&example.words).args(passed_on(session, example)?);
    command.args(["--quiet", "--message-format", "json", "--dir", build.as_str()]);
    let output = command.current_dir(&example.dir).output();
    let output = output.map_err(|e| Error::machine(format!("cannot run `{}`", env.exe)).because(e))?;
    let printed = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.code() == Some(i32::from(Kind::Interrupted.exit_code())) {
        return Err(Error::new(Kind::Interrupted, "interrupted"));
    }
    if let Some(wanted) = &example.said.error {
        return Ok(match (output.status.success(), printed.contains(wanted)) {
            (true, _) => Some(format!("the request succeeded, but must fail with `{wanted}`")),
            (false, false) => Some(format!("the request did not fail with `{wanted}`\n{printed}")),
            (false, true) => None,
        });
    }
    if !output.status.success() {
        return Ok(Some(format!("the request failed\n{printed}")));
    }
    let made = results(example, &String::from_utf8_lossy(&output.stdout));
    let expected = files(&example.dir.join(EXPECTED));
    if bless && made != expected {
        write(&example.dir.join(EXPECTED), &made)?;
        return Ok(None);
    }
    Ok(difference(&made, &expected))
}

/// The user's options about plugins and configuration, in a form that means the same in the directory of the example. If
/// the example is outside of the project, the loaded plugins are named.
fn passed_on(session: &Session, example: &Example) -> Result<Vec<String>> {
    let cwd = &session.places.cwd;
    let whole = |word: &String| match word.contains('/') || word.ends_with(".rhai") {
        true => cwd.join(word).into_string(),
        false => word.clone(),
    };
    let mut options = RequestOptions {
        set: session.options.set.clone(),
        profile: session.options.profile.clone(),
        config: session.options.config.as_ref().map(|file| cwd.join(file).into_string()),
        plugin: session.options.plugin.iter().map(whole).collect(),
        ..RequestOptions::default()
    };
    let root = example.dir.ancestors().find(|dir| dir.join("fud.toml").exists());
    if root != Some(session.places.root.as_path()) {
        let builtin = Builtin::embedded();
        let loaded = script_sources(session, &builtin)?.into_iter().filter(Source::is_loaded);
        let files = loaded.flat_map(|source| source.scripts(&builtin, &session.facts));
        options.plugin = files.filter_map(|(_, file)| file.map(Utf8PathBuf::into_string)).collect();
    }
    Ok(options.command_line())
}

/// The results that a request reports: files by their names, the files of a directory below its name.
fn results(example: &Example, reported: &str) -> Files {
    let mut results = Files::new();
    for line in reported.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok()) {
        let Some(path) = line["path"].as_str().filter(|_| line["type"] == "artifact") else { continue };
        let path = example.dir.join(path);
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() {
            let inside = files(&path).into_iter().filter(|(name, _)| name != SUMS);
            results.extend(inside.map(|(inside, bytes)| (format!("{name}/{inside}"), bytes)));
        } else {
            results.insert(name.to_owned(), fs::read(&path).unwrap_or_default());
        }
    }
    results
}

/// The files below a directory.
fn files(dir: &Utf8Path) -> Files {
    let mut found = Files::new();
    for entry in dir.read_dir_utf8().into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            let inside = files(entry.path()).into_iter();
            found.extend(inside.map(|(name, bytes)| (format!("{}/{name}", entry.file_name()), bytes)));
        } else {
            found.insert(entry.file_name().to_owned(), fs::read(entry.path()).unwrap_or_default());
        }
    }
    found
}

/// Makes these the files of a directory.
fn write(dir: &Utf8Path, made: &Files) -> Result<()> {
    let cannot = |e: std::io::Error| Error::machine(format!("cannot write `{dir}`")).because(e);
    match fs::remove_dir_all(dir) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(cannot(e)),
        _ => {}
    }
    for (name, bytes) in made {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().unwrap_or(dir)).map_err(cannot)?;
        fs::write(path, bytes).map_err(cannot)?;
    }
    Ok(())
}

/// The first thing in which the results are not as expected.
fn difference(made: &Files, expected: &Files) -> Option<String> {
    for (name, bytes) in made {
        let Some(wanted) = expected.get(name) else {
            return Some(format!("`{EXPECTED}/{name}` does not exist, but the request makes `{name}`"));
        };
        if wanted != bytes {
            return Some(format!("`{name}` is not as expected\n{}", first_line(bytes, wanted)));
        }
    }
    let missing = expected.keys().find(|name| !made.contains_key(*name))?;
    Some(format!("`{EXPECTED}/{missing}` exists, but the request does not make `{missing}`"))
}

/// The first line in which two files differ.
fn first_line(made: &[u8], expected: &[u8]) -> String {
    let (made, expected) = (String::from_utf8_lossy(made), String::from_utf8_lossy(expected));
    let mut lines = (made.lines(), expected.lines());
    for number in 1.. {
        match (lines.0.next(), lines.1.next()) {
            (None, None) => break,
            (one, other) if one == other => {}
            (made, expected) => {
                let shown = |line: Option<&str>| {
                    line.map_or("(the file ends)".to_owned(), |line| format!("`{line}`"))
                };
                return format!("  line {number}: {}\n  expected: {}", shown(made), shown(expected));
            }
        }
    }
    "  they differ in line ends or in bytes that are not text".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(all: &[(&str, &str)]) -> Files {
        all.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn the_first_difference_is_told() {
        let said =
            |made: &[(&str, &str)], expected: &[(&str, &str)]| difference(&files(made), &files(expected));
        assert_eq!(said(&[("a", "1\n")], &[("a", "1\n")]), None);
        assert_eq!(
            said(&[("a", "1\n2\n")], &[("a", "1\n3\n")]).as_deref(),
            Some("`a` is not as expected\n  line 2: `2`\n  expected: `3`")
        );
        assert_eq!(
            said(&[("a", "1\n")], &[("a", "1\n2\n")]).as_deref(),
            Some("`a` is not as expected\n  line 2: (the file ends)\n  expected: `2`")
        );
        assert_eq!(
            said(&[("a", "")], &[]).as_deref(),
            Some("`expected/a` does not exist, but the request makes `a`")
        );
        assert_eq!(
            said(&[], &[("b/c", "")]).as_deref(),
            Some("`expected/b/c` exists, but the request does not make `b/c`")
        );
    }
}
