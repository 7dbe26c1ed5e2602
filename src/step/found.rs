//! The files that a tool reports as read, relative to the build directory.
//! It does not know their content.

use crate::diag::{Error, Result};
use crate::paths;
use crate::step::args::Step;
use crate::step::look::Seen;
use crate::step::names;
use crate::step::reads::{Depfile, Form};
use crate::step::seat::Seat;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// Reads the dependency files of the tools, each `from` where it was written: sorted, without what the step declares, has
/// covered or makes. A listed file that does not exist is kept: when it appears, the result changes.
///
/// # Errors
/// A tool did not write its file, or it is not a dependency file.
pub fn read(
    step: &Step,
    from: impl Fn(&Utf8Path) -> Utf8PathBuf,
    declared: &[Seen],
    made: &[Seen],
    variables: &BTreeMap<String, String>,
) -> Result<Vec<Utf8PathBuf>> {
    if step.depfiles.is_empty() {
        return Ok(vec![]);
    }
    let seat = Seat::new(Utf8Path::new("."), &step.cwd)?;
    let own: BTreeSet<Utf8PathBuf> = step
        .inputs
        .iter()
        .chain(declared.iter().chain(made).map(|seen| &seen.path))
        .map(|path| paths::normal(path))
        .collect();
    let temporary = names::temporary_name(&step.name);
    let covered: Vec<Utf8PathBuf> = step.covered.iter().map(|path| paths::normal(path)).collect();
    let is_foreign = |path: &Utf8PathBuf| {
        let is_covered = covered.iter().any(|directory| path.starts_with(directory));
        !is_covered && !own.contains(path) && !path.iter().any(|part| part == temporary)
    };
    let mut found = BTreeSet::new();
    for depfile in &step.depfiles {
        let is_verilators = depfile.form == Form::Verilator;
        let named = named(depfile, &from(&depfile.path))?;
        let named = named.iter().map(|name| seat.seen_from_workdir(name)).filter(is_foreign);
        found.extend(named.filter(|path| {
            path.is_file() || (!is_verilators && (path.exists() || !is_gone(path, variables)))
        }));
    }
    Ok(found.into_iter().collect())
}

/// The files that the dependency file at `there` names.
fn named(depfile: &Depfile, there: &Utf8Path) -> Result<Vec<String>> {
    let Depfile { path: shown, form } = depfile;
    let text = fs::read(there).map_err(|e| {
        Error::step(format!("the step did not write its dependency file `{shown}`")).because(e)
    })?;
    let wrong = |what: &str| Error::step(format!("the dependency file `{shown}` {what}")).hint(form.hint());
    let text = String::from_utf8(text).map_err(|_| wrong("is not UTF-8"))?;
    form.parse(&text).map_err(|fault| wrong(&fault))
}

/// Whether a missing file was a tool's own temporary file: compilers pass such objects to the linker, which lists them.
fn is_gone(path: &Utf8Path, variables: &BTreeMap<String, String>) -> bool {
    let temporary = variables.get("TMPDIR").map_or("/tmp", String::as_str);
    path.parent() == Some(Utf8Path::new(temporary.trim_end_matches('/')))
}
