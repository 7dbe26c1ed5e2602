//! Rewrites the messages of tools so that they name files as the user types them.
//! It does not know any tool: a word like `path:12` or `path"` is a path if that file exists.

use crate::paths::relative;
use camino::{Utf8Path, Utf8PathBuf};

/// Rewrites paths that are relative to the directory where a tool ran so that they hold where the user stands.
pub fn for_user(text: &str, ran_in: &Utf8Path, cwd: &Utf8Path) -> String {
    let lines = text.split_inclusive('\n').filter(|line| !names_temporary(line));
    if ran_in == cwd {
        return lines.collect();
    }
    // Append to one string: a log may have millions of lines, and a string for each would be slow.
    let mut told = String::with_capacity(text.len());
    for word in lines.flat_map(|line| line.split_inclusive(|c: char| SEPARATORS.contains(c))) {
        let path = word.trim_end_matches(|c: char| SEPARATORS.contains(c));
        match seen(path, ran_in, cwd) {
            Some(path_of_user) => told.push_str(path_of_user.as_str()),
            None => told.push_str(path),
        }
        told.push_str(&word[path.len()..]);
    }
    told
}

/// Whether a line names a temporary directory of the step, in which Verilator looked for a file.
fn names_temporary(line: &str) -> bool {
    line.starts_with("      ") && line.trim_start().split('/').any(crate::workdir::names::is_temporary)
}

/// Characters that end a word.
const SEPARATORS: &str = " :'\"`(),\n";

/// The path as the user would type it, if the word names a file.
fn seen(word: &str, ran_in: &Utf8Path, cwd: &Utf8Path) -> Option<Utf8PathBuf> {
    let path = Utf8Path::new(word);
    let is_path = word.contains(['/', '.']) && path.is_relative() && ran_in.join(path).is_file();
    is_path.then(|| relative(cwd, &crate::paths::normal(&ran_in.join(path))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_at_the_root_is_shown_as_the_user_would_type_it() {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(dir.path()).unwrap();
        std::fs::create_dir_all(root.join("rtl")).unwrap();
        std::fs::write(root.join("rtl/a.sv"), "").unwrap();
        let text = "%Error: rtl/a.sv:3:5: syntax error, unexpected end\n        : ... In file included from rtl/a.sv\n";
        let expected =
            "%Error: a.sv:3:5: syntax error, unexpected end\n        : ... In file included from a.sv\n";
        assert_eq!(for_user(text, root, &root.join("rtl")), expected);
        assert_eq!(for_user(text, root, root), text);
    }
}
