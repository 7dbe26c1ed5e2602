//! Looks into searched directories that changed: which steps may now read another file there?
//! It does not know in which order tools search: it names a step, and the runner of that step looks closely.

use crate::facts::Stat;
use crate::step::index::{File, Index, Kind};
use crate::step::look;
use crate::step::shadow;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Looks into the changed directories of these numbers. The steps that may read another file are added to `forced`,
/// with the reason in words; returned are the directories that hide nothing, by number, with their stat when it is
/// reliable.
pub fn look(
    workdir: &Utf8Path,
    index: &Index,
    changed: &[usize],
    forced: &mut BTreeMap<usize, String>,
) -> Vec<(usize, Stat)> {
    let dirs: Vec<Dir> = changed.iter().filter_map(|number| Dir::list(workdir, index, *number)).collect();
    let mut by_name: HashMap<&str, Vec<(&Dir, &str)>> = HashMap::new();
    for dir in &dirs {
        dir.names.iter().for_each(|name| by_name.entry(shadow::stem(name)).or_default().push((dir, name)));
    }
    let mut hiding: HashSet<usize> = HashSet::new();
    for file in index
        .files
        .iter()
        .filter(|file| matches!(file.kind, Kind::Input | Kind::Output) && !by_name.is_empty())
    {
        let path = Utf8Path::new(file.path.as_ref());
        let same = path.file_name().and_then(|name| by_name.get(shadow::stem(name)));
        for (dir, name) in same.into_iter().flatten().filter(|(dir, _)| path.parent() != Some(&dir.path)) {
            for step in file.steps().filter(|step| dir.steps.contains(step)) {
                hiding.insert(dir.number);
                forced.entry(step).or_insert_with(|| format!("hiding file: {}", dir.path.join(name)));
            }
        }
    }
    dirs.iter()
        .filter(|dir| !hiding.contains(&dir.number))
        .filter_map(|dir| Some((dir.number, dir.stat?)))
        .collect()
}

/// A directory with what is in it.
struct Dir {
    number: usize,
    path: Utf8PathBuf,
    stat: Option<Stat>,
    names: Vec<String>,
    steps: HashSet<usize>,
}

impl Dir {
    /// `None` if it does not exist: then it hides nothing.
    fn list(workdir: &Utf8Path, index: &Index, number: usize) -> Option<Dir> {
        let file: &File = &index.files[number];
        let path = Utf8PathBuf::from(file.path.as_ref());
        let there = workdir.join(&path);
        let stat = Stat::of(&there)?;
        let listed = there.read_dir_utf8().into_iter().flatten().flatten();
        let names = listed.map(|entry| entry.file_name().to_owned()).collect();
        Some(Dir {
            number,
            path,
            stat: look::is_settled(&stat).then_some(stat),
            names,
            steps: file.steps().collect(),
        })
    }
}
