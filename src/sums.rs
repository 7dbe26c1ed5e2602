//! A list of the files of a directory, in the format of `sha256sum`.
//! It does not know the directory: it gets names and digests.

use crate::digest::Digest;
use camino::{Utf8Path, Utf8PathBuf};

/// The text of the list, in the order given.
pub fn write<'a>(files: impl IntoIterator<Item = (&'a Utf8Path, Digest)>) -> String {
    files.into_iter().map(|(name, digest)| line(name.as_str(), digest)).collect()
}

/// Lines for directories in which there is nothing; `sha256sum` takes them for comments.
pub fn empty(dirs: &[Utf8PathBuf]) -> String {
    dirs.iter().map(|name| format!("# empty directory: {}\n", escaped(name.as_str()))).collect()
}

fn escaped(name: &str) -> String {
    name.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r")
}

/// A name with a backslash or a line break is escaped, and its line begins with a backslash.
fn line(name: &str, digest: Digest) -> String {
    let escaped = escaped(name);
    let mark = if escaped == name { "" } else { "\\" };
    format!("{mark}{digest}  {escaped}\n")
}

/// The names in the list.
pub fn names(text: &str) -> Vec<Utf8PathBuf> {
    text.lines().filter_map(name).collect()
}

/// The names in the list, each with its digest; none for a text that is no such list.
pub fn entries(text: &str) -> Option<Vec<(Utf8PathBuf, Digest)>> {
    let entry = |line: &str| Some((name(line)?, line.trim_start_matches('\\').get(..64)?.parse().ok()?));
    text.lines().filter(|line| !line.starts_with('#')).map(entry).collect()
}

fn name(line: &str) -> Option<Utf8PathBuf> {
    let (_, name) = line.split_once("  ").filter(|_| !line.starts_with('#'))?;
    Some(if line.starts_with('\\') { unescaped(name).into() } else { name.into() })
}

fn unescaped(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    let mut rest = name.chars();
    while let Some(c) = rest.next() {
        let read = if c == '\\' { rest.next() } else { None };
        text.push(match read {
            Some('n') => '\n',
            Some('r') => '\r',
            Some(other) => other,
            None => c,
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sha256sum_accepts_the_list_and_its_names_read_back() {
        let dir = tempfile::tempdir().unwrap();
        let names: Vec<Utf8PathBuf> = ["a b", "back\\slash", "line\nbreak", "ü  x"].map(Into::into).to_vec();
        for name in &names {
            std::fs::write(dir.path().join(name), name.as_str()).unwrap();
        }
        let digests = names.iter().map(|name| (name.as_path(), Digest::of_bytes(name.as_str().as_bytes())));
        let text = [write(digests), empty(&["left empty".into()])].concat();
        std::fs::write(dir.path().join("SHA256SUMS"), &text).unwrap();
        let check = std::process::Command::new("sha256sum")
            .args(["-c", "--strict", "--quiet", "SHA256SUMS"])
            .current_dir(&dir)
            .status();
        assert!(check.unwrap().success(), "{text}");
        assert_eq!(super::names(&text), names);
    }
}
