//! Chooses the files that Ninja watches, so that it calls the runner when a file that a step read changed.
//! It leaves to others how the list is written, and whether a file differs.

use crate::paths;
use crate::step::names;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::HashSet;

/// The files themselves, under names that Ninja reads as the system does. For a missing file, the directory in which it, or
/// a directory on the way to it, would appear. For each link on the way, the directory that contains the link: Ninja sees
/// the time of a link's target, which may be old.
pub fn for_ninja<'f>(
    files: impl IntoIterator<Item = &'f Utf8PathBuf>,
    workdir: &Utf8Path,
) -> Vec<Utf8PathBuf> {
    let mut links = Links { workdir, seen: HashSet::new(), holders: vec![] };
    let mut watched: Vec<Utf8PathBuf> = vec![];
    for file in files {
        links.follow(file);
        let place = if workdir.join(file).exists() {
            Some(file.as_path())
        } else {
            file.ancestors().skip(1).map(or_here).find(|dir| workdir.join(dir).is_dir())
        };
        watched.extend(place.map(|place| without_climbing(workdir, place)));
    }
    watched.extend(links.holders);
    let mut known = HashSet::new();
    // Ninja 1.11 reads the root directory as an empty name, which never exists: the step would run each time.
    watched.retain(|path| path != "/" && known.insert(path.clone()));
    watched
}

/// Ninja drops `link/..` from a path, but the system goes to the parent of the link's target.
fn without_climbing(workdir: &Utf8Path, path: &Utf8Path) -> Utf8PathBuf {
    let up = path.ancestors().find(|above| above.ends_with("..")).filter(|_| paths::climbs(path));
    let resolved = up.and_then(|up| Some((workdir.join(up).canonicalize_utf8().ok()?, up)));
    match resolved {
        Some((real, up)) => real.join(path.strip_prefix(up).unwrap_or(path)),
        None => path.to_owned(),
    }
}

fn or_here(dir: &Utf8Path) -> &Utf8Path {
    if dir.as_str().is_empty() { Utf8Path::new(".") } else { dir }
}

/// The links on the way to files, and the links through which such a link leads. Links in the build directory are left out:
/// steps make them, and that directory changes all the time.
struct Links<'w> {
    workdir: &'w Utf8Path,
    seen: HashSet<Utf8PathBuf>,
    /// The directories that contain them.
    holders: Vec<Utf8PathBuf>,
}

impl Links<'_> {
    fn follow(&mut self, path: &Utf8Path) {
        for way in path.ancestors() {
            if names::is_inside(way) || !self.seen.insert(way.to_owned()) {
                return;
            }
            let Ok(target) = self.workdir.join(way).read_link_utf8() else { continue };
            let holder = or_here(way.parent().unwrap_or(way)).to_owned();
            self.follow(&holder.join(target));
            self.holders.push(without_climbing(self.workdir, &holder));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    #[test]
    fn the_directories_that_hold_links_are_watched_with_the_files() {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(dir.path().canonicalize().unwrap()).unwrap();
        for made in ["b", "v1/deep", "links"] {
            fs::create_dir_all(root.join(made)).unwrap();
        }
        for file in ["v1/a.h", "v1/deep/b.h", "plain.h", "b/made.h"] {
            fs::write(root.join(file), "").unwrap();
        }
        symlink("../v1", root.join("links/current")).unwrap();
        symlink("links/current/deep", root.join("l")).unwrap();
        symlink("made.h", root.join("b/link.h")).unwrap();
        let watched = |name: &str| {
            let watched = for_ninja(&[Utf8PathBuf::from(name)], &root.join("b"));
            watched.iter().map(|path| path.as_str().replace(root.as_str(), "ROOT")).collect::<Vec<_>>()
        };
        assert_eq!(watched("../plain.h"), ["../plain.h"]);
        assert_eq!(watched("../l/b.h"), ["../l/b.h", "../links", ".."]);
        assert_eq!(watched("../l/../a.h"), ["ROOT/v1/a.h", "../links", ".."]);
        assert_eq!(watched("../l/gone.h"), ["../l", "../links", ".."]);
        assert_eq!(watched("link.h"), ["link.h"]);
        assert_eq!(watched("/nosuch-directory/a.h"), [""; 0]);
        symlink("loop", root.join("loop")).unwrap();
        assert_eq!(watched("../loop/a.h"), [".."]);
    }
}
