//! Translates names of files between a step's two places: the build directory, and the directory where its commands run. It
//! leaves to others what the file is.

use crate::diag::{Error, Result};
use crate::paths;
use camino::{Utf8Path, Utf8PathBuf};
use std::fs;
use std::os::unix::fs::MetadataExt;

/// The directory where the tool ran and the build directory, with links resolved.
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
    /// Takes the build directory, and the directory where the tool ran, relative to the first.
    ///
    /// # Errors
    /// One of them does not exist.
    pub fn new(workdir: &Utf8Path, cwd: &Utf8Path) -> Result<Seat> {
        Ok(Seat { workdir: real(&workdir.join("."))?, cwd: real(&workdir.join(cwd))? })
    }

    /// The file that the tool calls `name`, relative to the build directory.
    pub fn seen_from_workdir(&self, name: &str) -> Utf8PathBuf {
        let full = self.cwd.join(name);
        let normal = paths::normal(&full);
        if paths::climbs(Utf8Path::new(name)) && !is_same(&full, &normal) {
            let is_absolute = Utf8Path::new(name).is_absolute();
            let kept = paths::joined(&self.cwd, Utf8Path::new(name));
            return if is_absolute { full } else { paths::relative(&self.workdir, &kept) };
        }
        let outside = Utf8Path::new(name).is_absolute() && !normal.starts_with(&self.workdir);
        if outside { normal } else { paths::relative(&self.workdir, &normal) }
    }
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
        let seat = Seat { workdir: root.join("b"), cwd: root.clone() };
        assert_eq!(seat.seen_from_workdir("l/../a.h"), "../l/../a.h");
        let absolute = root.join("l/../a.h");
        assert_eq!(seat.seen_from_workdir(absolute.as_str()), absolute);
        let deeper = Seat { workdir: root.join("b"), cwd: root.join("far") };
        assert_eq!(deeper.seen_from_workdir("../l/../a.h"), "../l/../a.h");
    }
}
