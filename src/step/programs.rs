//! Checks that the programs that a step starts are the ones that it declares. `exec` has just checked that; plain Ninja may
//! run with another PATH, or after a program was replaced.
//! It leaves to others what follows from a difference.

use crate::digest::Digest;
use crate::facts::Stat;
use crate::step::args::Step;
use crate::step::arguments::Arguments;
use crate::step::cause::{Cause, Difference, Subject};
use crate::step::names;
use crate::workdir::replace;
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// The variable that `exec` sets for its Ninja. If it is set, the programs match.
const TOKEN: &str = "FUDSV_TOKEN";

/// The file with the digests of programs, by path and stat.
const KNOWN: &str = ".fudsv/programs.json";

/// A program whose digest is known.
#[derive(Serialize, Deserialize)]
struct Known {
    stat: Stat,
    digest: Digest,
}

/// The tools of a step that differ from the declared ones.
pub fn differing(step: &Step, variables: &BTreeMap<String, String>) -> Vec<Cause> {
    if variables.contains_key(TOKEN) {
        return vec![];
    }
    let words = Arguments::of(step, Utf8Path::new("")).words;
    let tools =
        step.inputs.iter().filter_map(|path| Some((path, path.strip_prefix(names::TOOLS).ok()?.as_str())));
    let differs = |(stamp, tool): (&Utf8PathBuf, &str)| {
        let (declared, name) = declared(stamp)?;
        let program = place(step, variables, &words, (tool, &name))?;
        (digest(&program)? != declared).then(|| Cause {
            after: Some(program.to_string()),
            ..Cause::new(Subject::Tool, Difference::Changed, tool)
        })
    };
    tools.filter_map(differs).collect()
}

/// The digest and the name of the binary in the stamp of a tool: the first line after the version.
fn declared(stamp: &Utf8Path) -> Option<(Digest, String)> {
    let text = fs::read_to_string(stamp).ok()?;
    let (digest, name) = text.lines().find(|line| !line.starts_with("version "))?.split_once("  ")?;
    Some((digest.parse().ok()?, name.to_owned()))
}

/// The path of the program that the commands start, relative to the build directory.
fn place(
    step: &Step,
    variables: &BTreeMap<String, String>,
    words: &[String],
    (tool, name): (&str, &str),
) -> Option<Utf8PathBuf> {
    let told = variables.get("FUDSV").filter(|told| tool == "fudsv" && !told.is_empty());
    let is_program = |word: &&String| word.contains('/') && word.rsplit('/').next() == Some(name);
    let word = told.filter(|told| told.contains('/')).map(Utf8PathBuf::from);
    let word = word.or_else(|| words.iter().find(is_program).map(|word| step.cwd.join(word)));
    word.filter(|path| is_program_file(path)).or_else(|| {
        let set = step.sets.iter().find(|(name, _)| name == "PATH").map(|(_, value)| value);
        let name = if tool == "fudsv" { told.map_or("fudsv", String::as_str) } else { name };
        let dirs = set.or_else(|| variables.get("PATH"))?.split(':');
        dirs.map(|dir| step.cwd.join(dir).join(name)).find(|path| is_program_file(path))
    })
}

fn is_program_file(path: &Utf8Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// The digest of a program. It is kept by stat, so that a large program is read once.
fn digest(path: &Utf8Path) -> Option<Digest> {
    let stat = Stat::of(path)?;
    let known = fs::read(KNOWN).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let mut known: BTreeMap<Utf8PathBuf, Known> = known.unwrap_or_default();
    if let Some(known) = known.get(path).filter(|known| known.stat == stat) {
        return Some(known.digest);
    }
    let digest = Digest::of_file(path.as_std_path()).ok()?;
    known.insert(path.to_owned(), Known { stat, digest });
    if let Ok(bytes) = serde_json::to_vec(&known) {
        // Failing to write this only means that the program is read again.
        drop(replace(Utf8Path::new(KNOWN), &bytes));
    }
    Some(digest)
}
