//! Removes damaged files of the runner that keep Ninja from starting, so that the steps of these files look again.
//! It does not know whether a build failed because of them.

use crate::beneath::Beneath;
use crate::step::depfile;
use crate::step::names;
use crate::step::record::Record;
use crate::step::watched;
use camino::Utf8Path;
use std::fs;

/// Removes directories where files should be. Returns whether there was one.
pub fn clear_the_way(workdir: &Utf8Path) -> bool {
    let Ok(root) = Beneath::open(workdir) else { return false };
    let entries = [names::STEPS, names::TOOLS]
        .map(Utf8Path::new)
        .into_iter()
        .flat_map(|dir| root.list(dir).into_iter().map(move |name| dir.join(name)));
    entries.filter(|entry| root.is_dir(entry) && root.remove(entry).is_ok()).count() > 0
}

/// Removes dependency files that differ from what the runner writes, since Ninja stops at one that it cannot read. Returns
/// whether there was one.
pub fn remove_damaged_depfiles(workdir: &Utf8Path) -> bool {
    let entries = workdir.join(names::STEPS).read_dir_utf8().into_iter().flatten().flatten();
    let damaged = entries.filter(|entry| {
        let step = entry.file_name().strip_suffix(".d");
        step.is_some_and(|step| fs::read(entry.path()).ok() != written(workdir, step).map(String::into_bytes))
    });
    damaged.filter(|entry| fs::remove_file(entry.path()).is_ok()).count() > 0
}

/// The dependency file that the runner wrote for this step.
fn written(workdir: &Utf8Path, step: &str) -> Option<String> {
    let basis = Record::load(workdir, step)?.basis;
    let first = basis.outputs.first()?;
    let sums = first.strip_suffix('/').map(|dir| format!("{dir}/{}", names::SUMS));
    let found = watched::for_ninja(basis.not_stated(), workdir);
    Some(depfile::for_ninja(Utf8Path::new(&sums.unwrap_or_else(|| first.clone())), &found))
}
