//! Finds files that a tool would read now instead of those that it read: for example, a new header with the same name in a
//! directory that is searched earlier. A dependency file lists the files that were found, not the places searched without
//! success.
//! It does not know the content of the files, or how each tool searches. In doubt, it names a file too many.

use crate::facts::Stat;
use crate::paths;
use crate::step::args::Step;
use crate::step::arguments::Arguments;
use crate::step::environment::HEADER_PATHS;
use crate::step::look;
use crate::step::seat::Seat;
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Options that name a directory to search, in the next word or in the rest of the same word.
const OPTIONS: [&str; 5] = ["-iquote", "-isystem", "-idirafter", "-I", "-y"];

/// Verilator's option for several directories.
const INCDIR: &str = "+incdir+";

/// Verilator looks for modules under each of these.
const MODULES: [&str; 2] = ["v", "sv"];

/// System headers are included by at most this many of the last parts of their paths, such as `bits/move.h`.
const LONGEST_NAME: usize = 2;

/// Files that hide one that a step read, and directories where such a file would appear.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shadows {
    /// The existing files that hide another, relative to the build directory, in order.
    pub files: Vec<Utf8PathBuf>,
    /// The directories in which such a file would appear, whether they exist or not, in order.
    pub dirs: Vec<Dir>,
}

/// A directory that was looked into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dir {
    /// Seen from the build directory.
    pub path: Utf8PathBuf,
    /// The stat with which it certainly has the known content; `None` if it does not exist or must be read again.
    pub stat: Option<Stat>,
}

impl Shadows {
    /// Looks for files that hide one of `found`, from the build directory `workdir`.
    pub fn look(
        step: &Step,
        found: &[Utf8PathBuf],
        workdir: &Utf8Path,
        variables: &BTreeMap<String, String>,
    ) -> Shadows {
        let mut shadows = Shadows::default();
        let seat = Seat::new(workdir, &step.cwd);
        // If the commands cannot run at all, nothing is hidden.
        let Some(seat) = seat.ok().filter(|_| !found.is_empty()) else { return shadows };
        let places = Places { searched: searched(step, &seat, variables), own: own_dirs(step, found) };
        let read: HashSet<&Utf8Path> = step.inputs.iter().chain(found).map(Utf8PathBuf::as_path).collect();
        for (dir, names) in places.by_dir(found) {
            let there = workdir.join(&dir);
            let stat = Stat::of(&there).filter(look::is_settled);
            let listed = there.read_dir_utf8().into_iter().flatten().flatten();
            let hiding = listed
                .filter(|entry| names.contains(entry.file_name()) && entry.path().is_file())
                .map(|entry| dir.join(entry.file_name()));
            shadows.files.extend(hiding.filter(|path| !read.contains(path.as_path())));
            shadows.dirs.push(Dir { path: dir, stat });
        }
        shadows.files.sort();
        shadows
    }

    /// Only the files that existed when the commands began, at this time of the file system. The commands may not have seen
    /// later ones.
    pub fn since(mut self, began: i128, workdir: &Utf8Path) -> Shadows {
        let is_later =
            |path: &Utf8PathBuf| Stat::of(&workdir.join(path)).is_none_or(|stat| stat.ctime > began);
        let count = self.files.len();
        self.files.retain(|path| !is_later(path));
        if self.files.len() < count {
            self.dirs.iter_mut().for_each(|dir| dir.stat = None);
        }
        self
    }

    /// Whether nothing was added to the directories or removed.
    pub fn hold(&self, workdir: &Utf8Path) -> bool {
        self.dirs.iter().all(|dir| Stat::of(&workdir.join(&dir.path)) == dir.stat)
    }
}

/// The part of a file's name that equals the name of a file that it may hide.
pub fn stem(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, extension)) if MODULES.contains(&extension) => stem,
        _ => name,
    }
}

/// Where tools look.
struct Places {
    /// The directories of the search path, in order; first where the commands run.
    searched: Vec<Utf8PathBuf>,
    /// The directories of the files that were read.
    own: BTreeSet<Utf8PathBuf>,
}

impl Places {
    /// The names under which another file would be found instead of one of `found`, by directory. The build directory is
    /// left out: steps make the files in it, and a step that needs one declares it.
    fn by_dir(&self, found: &[Utf8PathBuf]) -> BTreeMap<Utf8PathBuf, BTreeSet<String>> {
        let mut by_dir: BTreeMap<Utf8PathBuf, BTreeSet<String>> = BTreeMap::new();
        for (before, name) in found.iter().flat_map(|path| self.names(path)) {
            let Some(file) = name.file_name() else { continue };
            let dirs = self.searched[..before].iter().chain(&self.own);
            for dir in dirs.filter(|dir| !is_made(dir)) {
                let dir = name
                    .parent()
                    .filter(|parent| !parent.as_str().is_empty())
                    .map_or_else(|| dir.clone(), |parent| dir.join(parent));
                by_dir.entry(dir).or_default().extend(spelled(file));
            }
        }
        by_dir
    }

    /// The names by which a tool may have asked for a file, each with the number of directories that are searched before
    /// the one where it was found.
    fn names<'p>(&self, path: &'p Utf8Path) -> Vec<(usize, &'p Utf8Path)> {
        let all = self.searched.len();
        let below = |dir: &Utf8Path| path.strip_prefix(dir).ok().filter(|name| !name.starts_with(".."));
        let searched = self.searched.iter().enumerate();
        let mut names: Vec<_> = searched.filter_map(|(at, dir)| Some((at, below(dir)?))).collect();
        let is_searched = !names.is_empty();
        let own = self.own.iter().filter(|dir| !is_searched || Some(dir.as_path()) != path.parent());
        names.extend(own.filter_map(|dir| Some((all, below(dir)?))));
        if names.is_empty() {
            let dirs = path.ancestors().skip(1).take(LONGEST_NAME);
            names.extend(dirs.filter_map(|dir| Some((all, below(dir)?))));
        }
        names
    }
}

/// The ways in which a file can be spelled.
fn spelled(file: &str) -> Vec<String> {
    let stem = stem(file);
    if stem == file {
        return vec![file.to_owned()];
    }
    MODULES.iter().map(|extension| format!("{stem}.{extension}")).collect()
}

/// Whether this path is in the build directory.
fn is_made(dir: &Utf8Path) -> bool {
    !dir.is_absolute() && !dir.starts_with("..")
}

/// The directories of the read files whose files may include others, without system directories.
fn own_dirs(step: &Step, found: &[Utf8PathBuf]) -> BTreeSet<Utf8PathBuf> {
    let found = found.iter().filter(|path| !path.is_absolute());
    step.inputs
        .iter()
        .chain(found)
        .filter_map(|path| path.parent())
        .filter(|dir| !is_made(dir))
        .map(Utf8Path::to_owned)
        .collect()
}

/// The directories that the commands search, relative to the build directory. The first is where they run; the last ones
/// are named by variables.
fn searched(step: &Step, seat: &Seat, variables: &BTreeMap<String, String>) -> Vec<Utf8PathBuf> {
    let listed = HEADER_PATHS.iter().filter_map(|name| variables.get(*name)).flat_map(|list| list.split(':'));
    let listed = listed.filter(|dir| !dir.is_empty()).map(str::to_owned);
    let dirs = [".".to_owned()].into_iter().chain(named(step, &seat.workdir)).chain(listed);
    dirs.map(|dir| seat.seen_from_workdir(&dir)).collect()
}

/// The declared inputs that are directories to search, if the tool reports which files it found in them. Then only these
/// files count.
pub fn searched_inputs<'s>(step: &'s Step, workdir: &Utf8Path) -> HashSet<&'s Utf8Path> {
    if step.depfiles.is_empty() {
        return HashSet::new();
    }
    let named: HashSet<Utf8PathBuf> =
        named(step, workdir).iter().map(|dir| paths::normal(&step.cwd.join(dir))).collect();
    step.inputs.iter().filter(|path| named.contains(&paths::normal(path))).map(Utf8PathBuf::as_path).collect()
}

/// The directories to search that the commands name, as they spell them.
fn named(step: &Step, workdir: &Utf8Path) -> Vec<String> {
    let mut named = vec![];
    let mut words = Arguments::of(step, workdir).words.into_iter();
    while let Some(word) = words.next() {
        if let Some(list) = word.strip_prefix(INCDIR) {
            named.extend(list.split('+').map(str::to_owned));
        } else if let Some(rest) = OPTIONS.iter().find_map(|option| word.strip_prefix(option)) {
            named.extend(if rest.is_empty() { words.next() } else { Some(rest.to_owned()) });
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::reads::Depfile;

    fn places(searched: &[&str], own: &[&str]) -> Places {
        Places {
            searched: searched.iter().map(Utf8PathBuf::from).collect(),
            own: own.iter().map(Utf8PathBuf::from).collect(),
        }
    }

    /// Where a file might hide this one.
    fn hiding(places: &Places, found: &str) -> Vec<String> {
        let by_dir = places.by_dir(&[found.into()]);
        by_dir.iter().flat_map(|(dir, names)| names.iter().map(|name| dir.join(name).into_string())).collect()
    }

    #[test]
    fn a_file_is_hidden_by_its_name_in_a_directory_that_is_searched_earlier() {
        let places = places(&["../..", "../../inc", "../../more"], &["../../rtl", "gen"]);
        let expected =
            ["../../inc/sub/h.svh", "../../rtl/more/sub/h.svh", "../../rtl/sub/h.svh", "../../sub/h.svh"];
        assert_eq!(hiding(&places, "../../more/sub/h.svh"), expected);
        let expected = ["../../inc/a.h", "../../inc/bits/a.h", "../../more/a.h", "../../more/bits/a.h"];
        assert_eq!(hiding(&places, "/usr/include/bits/a.h")[2..6], expected);
    }

    #[test]
    fn a_module_is_hidden_by_either_of_its_names() {
        let expected = ["../../a/m.sv", "../../a/m.v"];
        assert_eq!(hiding(&places(&["../../a", "../../b"], &[]), "../../b/m.v"), expected);
    }

    #[test]
    fn a_file_beside_one_that_is_read_hides_those_elsewhere() {
        let places = places(&["../../inc"], &["../../rtl", "../../src"]);
        assert_eq!(hiding(&places, "../../inc/h.svh"), ["../../rtl/h.svh", "../../src/h.svh"]);
        let elsewhere = ["../../inc/h.svh", "../../rtl/h.svh", "../../src/h.svh"];
        assert_eq!(hiding(&places, "../../src/h.svh"), elsewhere);
    }

    #[test]
    fn the_directories_to_search_are_read_from_the_commands() {
        let step = Step {
            commands: vec!["v -Iinc +incdir+'a b'+more -isystem s -y lib x.sv".into()],
            cwd: "..".into(),
            inputs: vec!["../x.sv".into(), "../lib".into()],
            depfiles: vec![Depfile::plain("x.d")],
            ..Step::default()
        };
        let seat = Seat { workdir: "/p/b".into(), cwd: "/p".into() };
        let variables = BTreeMap::from([("CPATH".to_owned(), "c:".to_owned())]);
        let expected = ["..", "../inc", "../a b", "../more", "../s", "../lib", "../c"];
        assert_eq!(searched(&step, &seat, &variables), expected);
        let here = Utf8Path::new("");
        assert_eq!(searched_inputs(&step, here), HashSet::from([Utf8Path::new("../lib")]));
        let silent = Step { depfiles: vec![], ..step };
        assert_eq!(searched_inputs(&silent, here), HashSet::new());
    }
}
