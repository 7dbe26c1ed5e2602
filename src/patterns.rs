//! Files by pattern: `rtl/*.sv`, `rtl/**/*_pkg.sv`; sorted, each directory listed through the door.
//! It does not know why they are looked for.

use crate::facts::Facts;
use camino::{Utf8Path, Utf8PathBuf};
use glob::{MatchOptions, Pattern};

/// A leading dot is matched only by a dot.
const OPTIONS: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// Whether a text is a pattern at all.
pub fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// What matches a pattern below `base`, sorted.
///
/// # Errors
/// What is wrong with the pattern.
pub fn matching(facts: &Facts, base: &Utf8Path, pattern: &str) -> Result<Vec<Utf8PathBuf>, String> {
    let mut found = vec![if pattern.starts_with('/') { "/".into() } else { base.to_owned() }];
    let parts: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty()).collect();
    for (at, part) in parts.iter().enumerate() {
        let is_last = at + 1 == parts.len();
        found = match *part {
            "**" => found.into_iter().flat_map(|dir| with_all_below(facts, dir)).collect(),
            part if is_pattern(part) => {
                let pattern = Pattern::new(part).map_err(|e| e.msg.to_owned())?;
                let inside = |dir: Utf8PathBuf| {
                    let names = facts.list(&dir).into_iter();
                    names.filter(|name| pattern.matches_with(name, OPTIONS)).map(move |name| dir.join(name))
                };
                found.into_iter().flat_map(inside).collect()
            }
            part => found.into_iter().map(|dir| dir.join(part)).collect(),
        };
        found.retain(|path| if is_last { facts.exists(path) && !path.is_dir() } else { facts.is_dir(path) });
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// A directory and all below it, without hidden ones.
fn with_all_below(facts: &Facts, dir: Utf8PathBuf) -> Vec<Utf8PathBuf> {
    let names = facts.list(&dir).into_iter().filter(|name| !name.starts_with('.'));
    let below = names.map(|name| dir.join(name)).filter(|path| path.is_dir() && !path.is_symlink());
    let mut found: Vec<Utf8PathBuf> = below.flat_map(|below| with_all_below(facts, below)).collect();
    found.push(dir);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::Env;

    #[test]
    fn what_matches_is_sorted_and_hidden_files_are_left_out() {
        let dir = tempfile::tempdir().unwrap();
        let cwd = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
        std::fs::create_dir_all(cwd.join("rtl/b/c")).unwrap();
        for name in ["rtl/z.sv", "rtl/a.sv", "rtl/.x.sv", "rtl/b/c/d.sv", "rtl/b/n.v", "top.sv"] {
            std::fs::write(cwd.join(name), "").unwrap();
        }
        let env = Env { cwd: cwd.clone(), exe: "/bin/true".into(), args: vec![], vars: [].into() };
        let facts = Facts::new(env);
        let found = |pattern: &str| {
            let found = matching(&facts, &cwd, pattern).unwrap().into_iter();
            found.map(|path| path.strip_prefix(&cwd).unwrap().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(found("rtl/*.sv"), ["rtl/a.sv", "rtl/z.sv"]);
        assert_eq!(found("**/*.sv"), ["rtl/a.sv", "rtl/b/c/d.sv", "rtl/z.sv", "top.sv"]);
        assert_eq!(found("rtl/?/n.[vx]"), ["rtl/b/n.v"]);
        assert!(found("no/*.sv").is_empty());
    }
}
