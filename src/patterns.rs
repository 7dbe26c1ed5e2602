//! Files by pattern: `rtl/*.sv`, `rtl/**/*_pkg.sv`; sorted, each directory listed through the door.
//! It does not know why they are looked for.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use crate::facts::{Entry, Facts, Kind};
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
        let wants = if at + 1 == parts.len() { Kind::File } else { Kind::Directory };
        found = match *part {
            "**" if wants == Kind::File => vec![],
            "**" => found.into_iter().flat_map(|dir| with_all_below(facts, dir)).collect(),
            part if is_pattern(part) => {
                let pattern = Pattern::new(part).map_err(|e| e.msg.to_owned())?;
                let matches = |entry: &Entry| pattern.matches_with(&entry.name, OPTIONS);
                let inside = |dir: Utf8PathBuf| {
                    let entries = facts.entries(&dir).into_iter().filter(matches);
                    let paths = entries.map(move |entry| (dir.join(entry.name), entry.kind));
                    paths.filter(|(path, kind)| leads_to(facts, path, *kind, wants)).map(|(path, _)| path)
                };
                found.into_iter().flat_map(inside).collect()
            }
            part => {
                let paths = found.into_iter().map(|dir| dir.join(part));
                paths.filter(|path| leads_to(facts, path, Kind::Link, wants)).collect()
            }
        };
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// Whether a name leads to a file or directory, as wanted. Only a link must be followed to find out.
fn leads_to(facts: &Facts, path: &Utf8Path, kind: Kind, wants: Kind) -> bool {
    match kind {
        Kind::Link if wants == Kind::Directory => facts.is_dir(path),
        Kind::Link => facts.exists(path) && !facts.is_dir(path),
        kind => kind == wants,
    }
}

/// A directory and all below it, without hidden and linked ones.
fn with_all_below(facts: &Facts, dir: Utf8PathBuf) -> Vec<Utf8PathBuf> {
    let entries = facts.entries(&dir).into_iter();
    let below = entries.filter(|entry| entry.kind == Kind::Directory && !entry.name.starts_with('.'));
    let mut found: Vec<Utf8PathBuf> =
        below.flat_map(|entry| with_all_below(facts, dir.join(entry.name))).collect();
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
