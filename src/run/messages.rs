//! What tools say about files, with the paths that the user types.
//! It does not know any tool: whatever reads like `path:12` or `path"` and is there is a path.

use crate::paths::relative;
use camino::Utf8Path;

/// Rewrites paths that are relative to the directory where a tool ran so that they hold where the user stands.
pub fn for_user(text: &str, ran_in: &Utf8Path, cwd: &Utf8Path) -> String {
    if ran_in == cwd {
        return text.to_owned();
    }
    let line = |line: &str| {
        line.split_inclusive(|c: char| " :'\"`(),".contains(c)).map(|word| seen(word, ran_in, cwd)).collect()
    };
    text.split_inclusive('\n').map(line).collect::<Vec<String>>().concat()
}

/// One word, with the separator after it.
fn seen(word: &str, ran_in: &Utf8Path, cwd: &Utf8Path) -> String {
    let path = word.trim_end_matches(|c: char| " :'\"`(),\n".contains(c));
    let is_path =
        path.contains(['/', '.']) && Utf8Path::new(path).is_relative() && ran_in.join(path).is_file();
    if !is_path {
        return word.to_owned();
    }
    format!("{}{}", relative(cwd, &crate::paths::normal(&ran_in.join(path))), &word[path.len()..])
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
