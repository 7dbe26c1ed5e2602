//! Paths by whom they are meant for: as the user typed them, as Ninja sees them, as a step run at the root sees them.
//! It leaves to others what the files are, and what links lead to: nothing here looks at the disk.

use crate::diag::{Error, Result};
use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A path as the user typed it, relative to where the user stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserPath(Utf8PathBuf);

impl UserPath {
    /// Takes the text as it is.
    pub fn new(typed: impl Into<Utf8PathBuf>) -> UserPath {
        UserPath(typed.into())
    }

    /// The text.
    pub fn as_path(&self) -> &Utf8Path {
        &self.0
    }
}

impl fmt::Display for UserPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A path as Ninja sees it: relative to the build directory, or absolute; never empty, and of characters that a
/// Ninja file can carry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WorkPath(Utf8PathBuf);

impl WorkPath {
    /// A path inside the build directory, such as `counter.verilated/Vcounter.h`.
    ///
    /// # Errors
    /// A character that no Ninja file can carry, or an empty path.
    pub fn new(path: impl AsRef<str>) -> Result<WorkPath> {
        let path = normal(Utf8Path::new(path.as_ref()));
        check(path.as_str(), path.as_str())?;
        Ok(WorkPath(path))
    }

    /// The path, relative to the build directory or absolute.
    pub fn as_path(&self) -> &Utf8Path {
        &self.0
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// A path below this one.
    ///
    /// # Errors
    /// As [`WorkPath::new`].
    pub fn join(&self, below: &str) -> Result<WorkPath> {
        WorkPath::new(self.0.join(below))
    }

    /// This path with `suffix` glued to its end.
    ///
    /// # Errors
    /// As [`WorkPath::new`].
    pub fn with_suffix(&self, suffix: &str) -> Result<WorkPath> {
        WorkPath::new(format!("{}{suffix}", self.0))
    }

    /// Whether it is inside of the build directory.
    pub fn is_inside(&self) -> bool {
        self.0.is_relative() && !self.0.starts_with("..")
    }
}

impl fmt::Display for WorkPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The three directories of a request: absolute, symbolic links resolved. Paths below them may contain links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// Where the user stands.
    pub cwd: Utf8PathBuf,
    /// Where the project's `fud.toml` is, else where the user stands.
    pub root: Utf8PathBuf,
    /// Where Ninja runs.
    pub workdir: Utf8PathBuf,
}

impl Places {
    /// The name in the Ninja file of the file that the user typed and that is at `place`, absolute and without dots. It is
    /// relative if it was typed relative or is below the root, so that moving the tree rebuilds nothing; else absolute.
    ///
    /// # Errors
    /// As [`WorkPath::new`], naming the file as it was typed.
    /// As [`WorkPath::new`], naming the file as it was typed.
    pub fn work_path(&self, user: &UserPath, place: &Utf8Path) -> Result<WorkPath> {
        let is_near = place.starts_with(&self.root) || place.starts_with(&self.cwd);
        let keep = user.as_path().is_absolute() && !is_near;
        let path = if keep { place.to_owned() } else { relative(&self.workdir, place) };
        check(path.as_str(), user.as_path().as_str())?;
        Ok(WorkPath(path))
    }

    /// The path as a step sees it that runs at the root.
    pub fn from_root(&self, path: &WorkPath) -> Utf8PathBuf {
        if path.0.is_absolute() { path.0.clone() } else { relative(&self.root, &self.absolute(path)) }
    }

    /// The path as the user would type it.
    pub fn for_user(&self, path: &WorkPath) -> Utf8PathBuf {
        if path.0.is_absolute() { path.0.clone() } else { relative(&self.cwd, &self.absolute(path)) }
    }

    /// The absolute path.
    pub fn absolute(&self, path: &WorkPath) -> Utf8PathBuf {
        normal(&self.workdir.join(&path.0))
    }
}

/// `path` seen from the directory `from`; both absolute and normal.
pub fn relative(from: &Utf8Path, path: &Utf8Path) -> Utf8PathBuf {
    let (from, to): (Vec<_>, Vec<_>) = (from.components().collect(), path.components().collect());
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n(Utf8Component::ParentDir, from.len() - shared);
    let found: Utf8PathBuf = up.chain(to[shared..].iter().copied()).collect();
    if found.as_str().is_empty() { Utf8PathBuf::from(".") } else { found }
}

/// Without `.` and `x/..`, by the text alone.
pub fn normal(path: &Utf8Path) -> Utf8PathBuf {
    let mut parts: Vec<Utf8Component> = vec![];
    for part in path.components() {
        match (part, parts.last()) {
            (Utf8Component::CurDir, _) => {}
            (Utf8Component::ParentDir, Some(Utf8Component::Normal(_))) => drop(parts.pop()),
            (Utf8Component::ParentDir, Some(Utf8Component::RootDir)) => {}
            _ => parts.push(part),
        }
    }
    parts.into_iter().collect()
}

/// Whether a `..` follows a name: if that name is a link, the text alone does not show which file it means.
pub fn climbs(path: &Utf8Path) -> bool {
    let is_up = |part| part == Utf8Component::ParentDir;
    path.components().skip_while(|part| is_up(*part)).any(is_up)
}

/// A path as seen from `base`, which is without links: its first `..` are taken by the text, those after a name stay.
pub fn joined(base: &Utf8Path, path: &Utf8Path) -> Utf8PathBuf {
    let is_up = |part: &Utf8Component| matches!(part, Utf8Component::ParentDir | Utf8Component::CurDir);
    let up: Utf8PathBuf = path.components().take_while(is_up).collect();
    let down: Utf8PathBuf = path.components().skip_while(is_up).collect();
    normal(&base.join(up)).join(down)
}

/// Refuses what no version of Ninja can carry; the error names the path as it is `shown`.
fn check(path: &str, shown: &str) -> Result<()> {
    let name = |c: char| match c {
        '|' => Some("a `|`"),
        '\t' => Some("a tab"),
        '\n' => Some("a line break"),
        '\r' => Some("a carriage return"),
        '\0' => Some("a NUL"),
        c if c.is_control() => Some("a control character"),
        _ => None,
    };
    if path.is_empty() {
        return Err(Error::request("a file name is empty"));
    }
    match path.chars().find_map(name) {
        None => Ok(()),
        Some(what) => {
            Err(Error::request(format!("the file name `{}` contains {what}", shown.escape_debug()))
                .hint("a Ninja file cannot name such a file: rename it"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places {
        Places { cwd: "/p/rtl".into(), root: "/p".into(), workdir: "/p/.fudsv/counter-shared-lib".into() }
    }

    fn work_path(typed: &str, place: &str) -> WorkPath {
        places().work_path(&UserPath::new(typed), Utf8Path::new(place)).unwrap()
    }

    #[test]
    fn a_typed_path_is_relative_to_the_build_directory() {
        let path = work_path("counter.sv", "/p/rtl/counter.sv");
        assert_eq!(path.as_str(), "../../rtl/counter.sv");
        assert_eq!(places().from_root(&path), "rtl/counter.sv");
        assert_eq!(places().for_user(&path), "counter.sv");
    }

    #[test]
    fn an_absolute_path_stays_absolute_only_outside_the_project() {
        let inside = work_path("/p/a.sv", "/p/a.sv");
        let outside = work_path("/lib/a.sv", "/lib/a.sv");
        assert_eq!((inside.as_str(), outside.as_str()), ("../../a.sv", "/lib/a.sv"));
    }

    #[test]
    fn names_that_ninja_cannot_carry_are_refused() {
        for name in ["a|b", "a\tb", "a\nb", "a\rb", ""] {
            assert!(WorkPath::new(name).is_err(), "{name:?}");
        }
        assert!(WorkPath::new("a b$'\"&;#:ü").is_ok());
    }
}
