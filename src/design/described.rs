//! Designs that another tool describes: a core of FuseSoC, a package of Bender.
//! It does not know how the tool is run, nor when.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use super::list::Reader;
use super::settings::{Gathered, SettingSource, directory, paths};
use crate::describe::{Bender, Description, FuseSoc, MANIFEST};
use crate::diag::{Error, Result};
use camino::{Utf8Path, Utf8PathBuf};

/// Whether a file is what such a tool reads, by its name.
pub fn is_description(word: &str) -> bool {
    word.ends_with(".core") || Utf8Path::new(word).file_name() == Some(MANIFEST)
}

/// What a design is called that a file describes, seen from `cwd`: the core, or the directory of the package.
pub fn name(cwd: &Utf8Path, word: &str) -> Option<String> {
    let path = cwd.join(word);
    let name = match path.file_name() {
        Some(MANIFEST) => path.parent().and_then(Utf8Path::file_name),
        _ => path.file_stem(),
    };
    name.map(str::to_owned)
}

/// Adds what a file of such a tool describes, which the user names.
///
/// # Errors
/// Whatever is wrong with the file or the tool.
pub fn operand(gathered: &mut Gathered, word: &str) -> Result<()> {
    if gathered.bounds.is_some() {
        return Err(Error::request(format!("`{word}` is not read under `--untrusted`: a tool would run")));
    }
    let cwd = gathered.facts.env().cwd.clone();
    let file = gathered.facts.place(cwd.join(word));
    let beside = file.parent().unwrap_or(&cwd).to_owned();
    let at = SettingSource::typed(format!("`{word}`"));
    if word.ends_with(".core") {
        // The cores that it needs are below the current directory, like it, else beside it.
        let root = if file.starts_with(&cwd) { cwd.clone() } else { beside };
        let text = gathered.facts.read_text(&file)?.unwrap_or_default();
        let core = FuseSoc::of_file(word, &text, &root)?;
        return add(gathered, &core, &cwd, &at);
    }
    let package = Bender { dir: beside, targets: vec![], defines: vec![] };
    add(gathered, &package, &cwd, &at)
}

/// Adds what the keys `fusesoc` and `bender` of a section say.
///
/// # Errors
/// A value that is not as it should be, or whatever is wrong with the tool.
pub fn section(gathered: &mut Gathered, front: &str) -> Result<()> {
    // A whole table is no value.
    let is_set = |key: &String| gathered.config.get(key).is_some_and(|found| !found.value.is_table());
    let first = |keys: &[&str]| keys.iter().map(|key| format!("{front}{key}")).find(is_set);
    let core = first(&["fusesoc", "fusesoc.core"]);
    let package = first(&["bender", "bender.dir", "bender.targets", "bender.defines"]);
    if let Some(key) = core {
        fusesoc(gathered, front, &key)?;
    }
    if let Some(key) = package {
        bender(gathered, front, &key)?;
    }
    Ok(())
}

fn fusesoc(gathered: &mut Gathered, front: &str, key: &str) -> Result<()> {
    let (base, at) = of(gathered, key);
    let core = texts(gathered, key)?;
    let [core] = core.as_slice() else {
        return Err(at.blame(Error::request(format!("`{key}` is not the name of a core"))));
    };
    let target = texts(gathered, &format!("{front}fusesoc.target"))?;
    let mut roots = texts(gathered, &format!("{front}fusesoc.cores-root"))?;
    if roots.is_empty() {
        roots.push(".".to_owned());
    }
    let description = FuseSoc {
        core: core.clone(),
        target: target.into_iter().next().unwrap_or_else(|| "sim".to_owned()),
        flags: texts(gathered, &format!("{front}fusesoc.flags"))?,
        roots: roots.iter().map(|root| crate::paths::normal(&base.join(root))).collect(),
        base: base.clone(),
    };
    add(gathered, &description, &base, &at)
}

fn bender(gathered: &mut Gathered, front: &str, key: &str) -> Result<()> {
    let (base, at) = of(gathered, key);
    let mut dir = texts(gathered, &format!("{front}bender"))?;
    dir.extend(texts(gathered, &format!("{front}bender.dir"))?);
    let dir = dir.first().map_or(".", String::as_str);
    let dir = crate::paths::normal(&base.join(dir));
    if !gathered.facts.exists(&dir.join(MANIFEST)) {
        let error = Error::request(format!("no `{MANIFEST}` is in `{dir}`"));
        return Err(at.blame(error).hint("`bender = \"DIR\"` names its directory"));
    }
    let description = Bender {
        dir,
        targets: texts(gathered, &format!("{front}bender.targets"))?,
        defines: texts(gathered, &format!("{front}bender.defines"))?,
    };
    add(gathered, &description, &base, &at)
}

/// What paths of a key are relative to, and where it is set.
fn of(gathered: &Gathered, key: &str) -> (Utf8PathBuf, SettingSource) {
    let cwd = &gathered.facts.env().cwd;
    match gathered.config.get(key) {
        Some(found) => (directory(&found, cwd), SettingSource::named(format!("`{key}` ({})", found.origin))),
        None => (cwd.clone(), SettingSource::named(format!("`{key}`"))),
    }
}

fn texts(gathered: &Gathered, key: &str) -> Result<Vec<String>> {
    let found = gathered.config.get(key).filter(|found| !found.value.is_table());
    found.map_or(Ok(vec![]), |found| paths(key, &found))
}

/// Reads what the tool says, as a filelist whose paths are relative to itself.
fn add<D: Description>(
    gathered: &mut Gathered,
    description: &D,
    base: &Utf8Path,
    at: &SettingSource,
) -> Result<()> {
    let (facts, config, describer) = (gathered.facts, gathered.config, gathered.describer);
    let file = describer.describe(facts, config, (description, base)).map_err(|error| at.blame(error))?;
    let shown = gathered.shown(base, file.as_str());
    let shown = if file.starts_with(&facts.env().cwd) {
        crate::paths::relative(&facts.env().cwd, &file).into_string()
    } else {
        shown
    };
    Reader::new(gathered, base).read(Utf8Path::new(&shown), true, at)
}
