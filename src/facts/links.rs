//! Follows the symbolic links in a path. Where each leads is a fact, and a `..` after a link leads where the system takes
//! it.
//! It leaves to others what the paths are for.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The links that were met.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// Paths that were followed.
    seen: HashSet<Utf8PathBuf>,
    /// Where these paths lead; `None` for a path that is not a link, but whose meaning a link would change.
    targets: BTreeMap<Utf8PathBuf, Option<String>>,
    /// Directories with all links resolved.
    real: HashMap<Utf8PathBuf, Utf8PathBuf>,
}

impl Links {
    /// The links that were met, each with where it leads.
    pub fn targets(&self) -> impl Iterator<Item = (&Utf8Path, Option<&str>)> {
        self.targets.iter().map(|(path, target)| (path.as_path(), target.as_deref()))
    }

    /// Notes every link in an absolute path without dots, and the links through which such a link leads.
    pub fn follow(&mut self, path: &Utf8Path) {
        if !self.seen.insert(path.to_owned()) {
            return;
        }
        let Some(parent) = path.parent() else { return };
        self.follow(parent);
        if let Some(target) = target(path) {
            let leads_to = self.real(parent).join(&target);
            self.targets.insert(path.to_owned(), Some(target));
            let leads_to = self.place(&leads_to, Utf8Path::new("/"));
            self.follow(&leads_to);
        }
    }

    /// The path made absolute and without `.` and `..`, but otherwise as it was given: only a link before a `..` is
    /// resolved. `base` is known to contain no link.
    pub fn place(&mut self, path: &Utf8Path, base: &Utf8Path) -> Utf8PathBuf {
        let mut placed = Utf8PathBuf::new();
        for part in path.components() {
            match part {
                Utf8Component::CurDir => {}
                Utf8Component::ParentDir => {
                    if !base.starts_with(&placed) {
                        placed = self.before_dots(placed);
                    }
                    placed.pop();
                }
                part => placed.push(part),
            }
        }
        placed
    }

    /// The directory before a `..`; its target if it is a link.
    fn before_dots(&mut self, path: Utf8PathBuf) -> Utf8PathBuf {
        self.follow(&path);
        let target = self.targets.entry(path.clone()).or_insert(None);
        if target.is_some() { self.real(&path) } else { path }
    }

    /// The path with all links resolved as far as it is there.
    pub fn real(&mut self, path: &Utf8Path) -> Utf8PathBuf {
        if let Some(real) = self.real.get(path) {
            return real.clone();
        }
        self.follow(path);
        let real = path.canonicalize_utf8().unwrap_or_else(|_| match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) => self.real(parent).join(name),
            _ => path.to_owned(),
        });
        self.real.insert(path.to_owned(), real.clone());
        real
    }
}

/// The text of a link; `None` for what is not a link.
pub(super) fn target(path: &Utf8Path) -> Option<String> {
    path.read_link_utf8().ok().map(Utf8PathBuf::into_string)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// A directory, links resolved.
    fn tree() -> (tempfile::TempDir, Utf8PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(dir.path().canonicalize().unwrap()).unwrap();
        (dir, root)
    }

    /// The links that were met below a directory, as `path -> target`.
    fn met(links: &Links, root: &Utf8Path) -> Vec<String> {
        let below =
            links.targets().filter_map(|(path, target)| Some((path.strip_prefix(root).ok()?, target)));
        below.map(|(path, target)| format!("{path} -> {}", target.unwrap_or("no link"))).collect()
    }

    #[test]
    fn a_path_keeps_its_words_and_every_link_on_its_way_is_noted() {
        let (_dir, root) = tree();
        std::fs::create_dir_all(root.join("v1/deep")).unwrap();
        std::fs::write(root.join("v1/deep/a.sv"), "").unwrap();
        symlink("v1", root.join("current")).unwrap();
        symlink("current/deep", root.join("rtl")).unwrap();
        symlink("a.sv", root.join("v1/deep/b.sv")).unwrap();
        let mut links = Links::default();
        let placed = links.place(&root.join("./rtl/b.sv"), &root);
        links.follow(&placed);
        assert_eq!(placed, root.join("rtl/b.sv"));
        assert_eq!(met(&links, &root), ["current -> v1", "rtl -> current/deep", "rtl/b.sv -> a.sv"]);
        assert_eq!(links.real(&placed), root.join("v1/deep/a.sv"));
    }

    #[test]
    fn dots_after_a_link_lead_up_from_where_it_leads() {
        let (_dir, root) = tree();
        std::fs::create_dir_all(root.join("sub/deep")).unwrap();
        symlink("sub/deep", root.join("cur")).unwrap();
        let mut links = Links::default();
        assert_eq!(links.place(&root.join("cur/../x.sv"), &root), root.join("sub/x.sv"));
        assert_eq!(links.place(&root.join("sub/../x.sv"), &root), root.join("x.sv"));
        assert_eq!(links.place(&root.join("new/../x.sv"), &root), root.join("x.sv"));
        assert_eq!(met(&links, &root), ["cur -> sub/deep", "new -> no link", "sub -> no link"]);
        assert_eq!(links.place(&root.join("../x.sv"), &root), root.parent().unwrap().join("x.sv"));
    }

    #[test]
    fn links_in_a_circle_end() {
        let (_dir, root) = tree();
        symlink("b", root.join("a")).unwrap();
        symlink("a", root.join("b")).unwrap();
        let mut links = Links::default();
        links.follow(&root.join("a/x.sv"));
        assert_eq!(met(&links, &root), ["a -> b", "b -> a"]);
        assert_eq!(links.real(&root.join("a/x.sv")), root.join("a/x.sv"));
    }
}
