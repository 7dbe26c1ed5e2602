//! Whether the programs that a step starts are those whose identity it declares. `exec` has looked at that just before;
//! plain Ninja may run with another PATH, or after a program was replaced.
//! It leaves to others what follows.

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

/// The value that `exec` passes to its Ninja: then the identities match the programs.
const TOKEN: &str = "FUDSV_TOKEN";

/// The digests of programs by path, as long as the stat is the same.
const KNOWN: &str = ".fudsv/programs.json";

/// A program whose content is known.
#[derive(Serialize, Deserialize)]
struct Known {
    stat: Stat,
    digest: Digest,
}

/// The tools of a step that are others than it declares.
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

/// The digest and the name of the binary in the stamp of a tool: the first line after its version.
fn declared(stamp: &Utf8Path) -> Option<(Digest, String)> {
    let text = fs::read_to_string(stamp).ok()?;
    let (digest, name) = text.lines().find(|line| !line.starts_with("version "))?.split_once("  ")?;
    Some((digest.parse().ok()?, name.to_owned()))
}

/// Where the program is that the commands start, seen from the build directory.
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

/// The content of a program; a large one is read once.
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
        // It saves reading the program again.
        drop(replace(Utf8Path::new(KNOWN), &bytes));
    }
    Some(digest)
}
