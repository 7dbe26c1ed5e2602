//! The files that a tool says it read, as the build directory sees them.
//! It leaves to others what they hold.

use crate::diag::{Error, Result};
use crate::paths;
use crate::step::args::Step;
use crate::step::depfile;
use crate::step::look::Seen;
use crate::step::names;
use crate::step::seat::Seat;
use crate::step::verilator_files;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// Reads the tool's dependency file: sorted, without what the step declares or makes. A file that is named and is not
/// there belongs to it: when it appears, the result is another.
///
/// # Errors
/// The tool did not write it, or it is no dependency file.
pub fn read(
    step: &Step,
    depfile: &Utf8Path,
    declared: &[Seen],
    made: &[Seen],
    variables: &BTreeMap<String, String>,
) -> Result<Vec<Utf8PathBuf>> {
    let shown = step.depfile.as_deref().unwrap_or(depfile);
    let text = fs::read(depfile).map_err(|e| {
        Error::step(format!("the step did not write its dependency file `{shown}`")).because(e)
    })?;
    let wrong = |what: &str| {
        Error::step(format!("the dependency file `{shown}` {what}"))
            .hint("a dependency file says `output: input input`, as in a Makefile; `output:` where nothing was read")
    };
    let text = String::from_utf8(text).map_err(|_| wrong("is not UTF-8"))?;
    let is_verilators = depfile.as_str().ends_with("__verFiles.dat");
    let named = if is_verilators {
        verilator_files::parse(&text)
    } else {
        depfile::parse(&text).map_err(|fault| wrong(&fault.to_string()))?
    };
    let seat = Seat::new(Utf8Path::new("."), &step.cwd)?;
    let own: BTreeSet<Utf8PathBuf> = step
        .inputs
        .iter()
        .chain(declared.iter().chain(made).map(|seen| &seen.path))
        .map(|path| paths::normal(path))
        .collect();
    let temporary = names::temporary_name(&step.name);
    let is_foreign = |path: &Utf8PathBuf| !own.contains(path) && !path.iter().any(|part| part == temporary);
    let found: BTreeSet<Utf8PathBuf> = named
        .iter()
        .map(|name| seat.seen_from_workdir(name))
        .filter(is_foreign)
        .filter(
            |path| if is_verilators { path.is_file() } else { path.exists() || !is_gone(path, variables) },
        )
        .collect();
    Ok(found.into_iter().collect())
}

/// Whether a file that is not there was one of the tool's own: compilers hand objects in the directory of temporary files
/// to the linker, which names them.
fn is_gone(path: &Utf8Path, variables: &BTreeMap<String, String>) -> bool {
    let temporary = variables.get("TMPDIR").map_or("/tmp", String::as_str);
    path.parent() == Some(Utf8Path::new(temporary.trim_end_matches('/')))
}
