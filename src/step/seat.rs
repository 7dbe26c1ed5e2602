//! A step's two places, the build directory and where its commands run, and how a file that one calls by a name is
//! called in the other. It leaves to others what the file is.

use crate::diag::{Error, Result};
use crate::paths;
use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use std::fs;
use std::os::unix::fs::MetadataExt;

/// Where the tool ran and where the build directory is, links resolved.
pub struct Seat {
    /// The build directory.
    pub workdir: Utf8PathBuf,
    /// Where the commands run.
    pub cwd: Utf8PathBuf,
}

fn real(path: &Utf8Path) -> Result<Utf8PathBuf> {
    path.canonicalize_utf8().map_err(|e| Error::machine(format!("cannot find `{path}`")).because(e))
}

impl Seat {
    /// The build directory, and where the tool ran as seen from there.
    ///
    /// # Errors
    /// One of them is not there.
    pub fn new(workdir: &Utf8Path, cwd: &Utf8Path) -> Result<Seat> {
        Ok(Seat { workdir: real(&workdir.join("."))?, cwd: real(&workdir.join(cwd))? })
    }

    /// The file that the tool calls `name`.
    pub fn seen_from_workdir(&self, name: &str) -> Utf8PathBuf {
        let full = self.cwd.join(name);
        let normal = paths::normal(&full);
        if climbs(Utf8Path::new(name)) && !is_same(&full, &normal) {
            return full;
        }
        let outside = Utf8Path::new(name).is_absolute() && !normal.starts_with(&self.workdir);
        if outside { normal } else { paths::relative(&self.workdir, &normal) }
    }
}

/// Whether a `..` follows a name: when that name is a link, the text alone does not tell which file is meant.
fn climbs(path: &Utf8Path) -> bool {
    let is_up = |part| part == Utf8Component::ParentDir;
    path.components().skip_while(|part| is_up(*part)).any(is_up)
}

fn is_same(one: &Utf8Path, other: &Utf8Path) -> bool {
    match (fs::metadata(one), fs::metadata(other)) {
        (Ok(one), Ok(other)) => (one.dev(), one.ino()) == (other.dev(), other.ino()),
        (one, _) => one.is_err(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_seen_from_the_build_directory() {
        let seat = Seat { workdir: "/p/.fudsv/b".into(), cwd: "/p".into() };
        assert_eq!(seat.seen_from_workdir("rtl/./a.sv"), "../../rtl/a.sv");
        assert_eq!(seat.seen_from_workdir(".fudsv/b/gen/V.h"), "gen/V.h");
        assert_eq!(seat.seen_from_workdir("/p/.fudsv/b/gen/V.h"), "gen/V.h");
        assert_eq!(seat.seen_from_workdir("/usr/include/../include/x.h"), "/usr/include/x.h");
        assert_eq!(seat.seen_from_workdir("../q/a.sv"), "../../../q/a.sv");
    }

    #[test]
    fn a_name_that_climbs_out_of_a_link_is_left_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(dir.path().canonicalize().unwrap()).unwrap();
        fs::create_dir_all(root.join("far/inner")).unwrap();
        fs::write(root.join("far/a.h"), "").unwrap();
        std::os::unix::fs::symlink("far/inner", root.join("l")).unwrap();
        let seat = Seat { workdir: root.clone(), cwd: root.clone() };
        assert_eq!(seat.seen_from_workdir("l/../a.h"), root.join("l/../a.h"));
    }
}
