//! `[design.NAME]`: a named design of a project.
//! It does not know who asks for it.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use super::described;
use super::edam::is_edam;
use super::list::Reader;
use super::matrix::{BUILT, Choice, Matrix};
use super::settings::{Gathered, SettingSource, directory, paths, words};
use super::source::Source;
use crate::config::{Config, Found};
use crate::diag::{Error, Result, did_you_mean};
use crate::paths::relative;
use crate::patterns::{is_pattern, matching};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeSet;

/// The keys of a section and what they add to; none for those that are read here.
pub(super) const KEYS: [(&str, Option<&str>); 37] = [
    ("fusesoc", None),
    ("fusesoc.core", None),
    ("fusesoc.target", None),
    ("fusesoc.flags", None),
    ("fusesoc.cores-root", None),
    ("bender", None),
    ("bender.dir", None),
    ("bender.targets", None),
    ("bender.defines", None),
    ("edam", None),
    ("filelists", None),
    ("sources", None),
    ("top", None),
    ("to", None),
    ("run-args", None),
    ("library", None),
    ("auto-exclude", None),
    ("seeds", None),
    ("timeout", None),
    ("sim-timeout", None),
    ("tags", None),
    ("expect", None),
    ("cacheable", None),
    ("cocotb", None),
    ("testcase", None),
    ("simulator", None),
    ("env", None),
    ("include-dirs", Some("verilator.include-dirs")),
    ("library-dirs", Some("verilator.library-dirs")),
    ("library-files", Some("verilator.library-files")),
    ("defines", Some("verilator.defines")),
    ("parameters", Some("verilator.parameters")),
    ("library-extensions", Some("verilator.library-extensions")),
    ("args", Some("verilator.args")),
    ("cxx-flags", Some("cxx.flags")),
    ("cxx-include-dirs", Some("cxx.include-dirs")),
    ("cxx-libs", Some("cxx.libs")),
];

/// The names of all designs, sorted.
pub fn names(config: &Config) -> Vec<&str> {
    fn name(key: &str) -> Option<&str> {
        Some(key.strip_prefix("design.")?.split_once('.')?.0)
    }
    config.keys().filter_map(name).collect::<BTreeSet<_>>().into_iter().collect()
}

/// What a section says beside sources and settings.
#[derive(Debug, Default)]
pub struct Section {
    /// What of the matrix was chosen and makes another build.
    pub choice: Choice,
    pub to: Vec<String>,
    pub run_args: Vec<String>,
}

/// The one of the designs of a matrix that is built: what the request chose, and what there is only one value of.
///
/// # Errors
/// There are several.
fn chosen(matrix: &Matrix, name: &str, asked: &Choice) -> Result<Choice> {
    let builds: Vec<Choice> =
        matrix.builds().into_iter().filter(|build| build.has(&matrix.built(asked))).collect();
    match builds.as_slice() {
        [one] => Ok(asked.with(one)),
        [first, ..] => {
            Err(Error::request(format!("`{name}` is {} designs, one for each value", builds.len()))
                .hint(format!("name one: `{name}{first}`")))
        }
        [] => Ok(asked.clone()),
    }
}

/// Adds the sources and settings of a design, for this choice of its matrix.
///
/// # Errors
/// An unknown key, a pattern that nothing matches, or whatever is wrong with its filelists.
pub fn read(gathered: &mut Gathered, name: &str, asked: &Choice) -> Result<Section> {
    let front = format!("design.{name}.");
    let config = gathered.config;
    let matrix = Matrix::of(config, name)?;
    let choice = chosen(&matrix, name, asked)?;
    for key in config.keys().filter_map(|key| key.strip_prefix(&front)) {
        if !key.starts_with("matrix.")
            && !key.starts_with("env.")
            && !KEYS.iter().any(|(known, _)| *known == key)
        {
            let at = config.get(&format!("{front}{key}")).map(|found| found.origin.to_string());
            return Err(Error::request(format!("no key of a design is called `{key}`"))
                .detail("set by", at.unwrap_or_default())
                .hint(format!("its keys: {}", KEYS.map(|(key, _)| key).join(", ")))
                .maybe_hint(did_you_mean(key, KEYS.map(|(key, _)| key))));
        }
    }
    described::section(gathered, &front)?;
    let mut section = Section { choice: matrix.built(&choice), ..Section::default() };
    for (key, adds_to) in KEYS {
        let full = format!("{front}{key}");
        let Some(found) = config.get(&full) else { continue };
        let at = SettingSource::named(format!("`{full}` ({})", found.origin));
        let base = directory(&found, &gathered.facts.env().cwd);
        match (key, adds_to) {
            ("sources", _) => sources(gathered, &paths(&full, &found)?, &base, &at)?,
            // FuseSoC's name for the file says what it is.
            ("edam", _) => {
                for text in paths(&full, &found)? {
                    if !is_edam(&text) {
                        let error = Error::request(format!("`{text}` is not the name of an EDAM file"));
                        return Err(at.blame(error).hint("FuseSoC calls it NAME.eda.yml"));
                    }
                    let path = gathered.shown(&base, &text);
                    Reader::new(gathered, &base).read(Utf8Path::new(&path), true, &at)?;
                }
            }
            ("filelists", _) => filelists(gathered, &full, &found, &base)?,
            ("top", _) => paths(&full, &found)?.into_iter().for_each(|top| gathered.name_top(top, &at)),
            ("simulator", _) => {
                let named = paths(&full, &found)?.join(" ");
                gathered.give("cocotb.simulator", named, &at);
            }
            ("to", _) => section.to = paths(&full, &found)?,
            ("run-args", _) => {
                section.run_args = words(&full, &found)?.iter().map(|word| choice.fill(word)).collect();
            }
            (_, Some(adds_to)) => {
                for item in items(&full, &found)? {
                    let item = if BUILT.contains(&key) { choice.fill(&item) } else { item };
                    let is_path = key.ends_with("-dirs") || key.ends_with("-files");
                    let item = if is_path { gathered.shown(&base, &item) } else { item };
                    gathered.add(adds_to, item, &at);
                }
            }
            _ => {}
        }
    }
    Ok(section)
}

/// A path may contain blanks, so only words are split.
fn items(key: &str, found: &Found) -> Result<Vec<String>> {
    if key.ends_with("-dirs") || key.ends_with("-files") { paths(key, found) } else { words(key, found) }
}

/// The filelist that `-f LIST` or `-F LIST` names, and whether its paths are relative to itself.
fn list_of(text: &str) -> Option<(bool, &str)> {
    let (option, path) = text.trim_start().split_once(' ')?;
    match option {
        "-f" => Some((false, path.trim())),
        "-F" => Some((true, path.trim())),
        _ => None,
    }
}

/// Files, patterns, and filelists at their place in the order.
fn sources(gathered: &mut Gathered, texts: &[String], base: &Utf8Path, at: &SettingSource) -> Result<()> {
    for text in texts {
        if let Some((own_paths, list)) = list_of(text) {
            let path = gathered.shown(base, list);
            Reader::new(gathered, base).read(Utf8Path::new(&path), own_paths, at)?;
            continue;
        }
        let wrong = |why| at.blame(Error::request(format!("`{text}` is not a pattern: {why}")));
        let is_dir = !is_pattern(text) && gathered.facts.is_dir(&base.join(text));
        let found = match is_pattern(text) {
            true => matching(gathered.facts, base, text).map_err(wrong)?,
            false if is_dir => held(gathered, base, text).map_err(wrong)?,
            false => vec![Utf8PathBuf::from(text)],
        };
        if found.is_empty() {
            let what = if is_dir { "no source is in" } else { "no file matches" };
            return Err(at.blame(Error::request(format!("{what} `{text}`"))));
        }
        for path in found {
            let full = base.join(&path);
            let path = match text.starts_with('/') {
                true => path.to_string(),
                false => relative(&gathered.facts.env().cwd, &gathered.facts.place(&full)).into_string(),
            };
            gathered.check(&full).map_err(|e| at.blame(e))?;
            if !gathered.facts.exists(&full) {
                return Err(at.blame(Error::request(format!("no file `{path}`"))));
            }
            gathered.source(Source {
                path,
                is_listed: false,
                is_operand: false,
                is_matched: is_pattern(text) || is_dir,
            });
        }
    }
    Ok(())
}

/// The sources at any depth in a directory, sorted: what a hardware language is written in, and controls of Verilator.
/// What a compiler has made of a source stands for it, if it lies beside it.
fn held(gathered: &Gathered, base: &Utf8Path, dir: &str) -> std::result::Result<Vec<Utf8PathBuf>, String> {
    const KINDS: [&str; 5] = ["sv", "v", "vhd", "vhdl", "vlt"];
    const COMPILED: [&str; 2] = ["veryl", "spade"];
    let dir = dir.trim_end_matches('/');
    let mut found = vec![];
    for kind in KINDS {
        found.extend(matching(gathered.facts, base, &format!("{dir}/**/*.{kind}"))?);
    }
    found.sort();
    let mut compiled = vec![];
    for kind in COMPILED {
        compiled.extend(matching(gathered.facts, base, &format!("{dir}/**/*.{kind}"))?);
    }
    compiled.retain(|source| found.binary_search(&source.with_extension("sv")).is_err());
    found.extend(compiled);
    found.sort();
    Ok(found)
}

/// Filelists of a setting: `-F FILE` is one whose paths are relative to itself, others to the file of the setting.
///
/// # Errors
/// Whatever is wrong with one of them.
pub fn filelists(gathered: &mut Gathered, key: &str, found: &Found, base: &Utf8Path) -> Result<()> {
    let at = SettingSource::named(format!("`{key}` ({})", found.origin));
    for text in paths(key, found)? {
        let (own_paths, path) = list_of(&text).unwrap_or((false, &text));
        let path = gathered.shown(base, path);
        Reader::new(gathered, base).read(Utf8Path::new(&path), own_paths, &at)?;
    }
    Ok(())
}
