//! The first `fud.toml` of a folder, and the command to type next.
//! It does not know whether they are written or typed.

use super::folder::{Folder, Source};
use crate::options::built::{LIBRARY, SIMULATION};
use crate::shell::ShellWord;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::HashSet;
use std::fmt::Write;

/// As many designs are proposed.
const MOST: usize = 20;

/// The text: a section for each design and testbench.
pub fn fud_toml(folder: &Folder) -> String {
    let mut text = "# Configuration of fudsv. `fudsv config list --origin` shows all values.\n".to_owned();
    text.push_str("\n# Directory of the build directories; `.fudsv` by default.\n#build-dir = \".fudsv\"\n");
    text.push_str("\n[verilator]\n# Whether a warning of Verilator fails the build.\n#werror = true\n");
    text.push_str("# Further options, as words in one text or as a list.\n#args = \"-Wall\"\n");
    let plain = sources(folder, None);
    for design in folder.designs().iter().take(MOST) {
        section(&mut text, folder, &design.name, &plain, ("a design", LIBRARY));
    }
    for bench in folder.testbenches().iter().take(MOST) {
        section(
            &mut text,
            folder,
            &bench.name,
            &sources(folder, Some(&bench.name)),
            ("a testbench", SIMULATION),
        );
    }
    if !folder.filelists.is_empty() {
        let lists = folder.filelists.iter().map(|path| quoted(path.as_str())).collect::<Vec<_>>().join(", ");
        let _ = write!(
            text,
            "\n# These filelists exist too; add this line to a design that uses them:\n#filelists = [{lists}]\n"
        );
    }
    text
}

fn section(text: &mut String, folder: &Folder, name: &str, sources: &[String], (what, to): (&str, &str)) {
    let is_bare = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let key = if is_bare { name.to_owned() } else { quoted(name) };
    let list = |items: &[String]| items.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(", ");
    let _ =
        write!(text, "\n# {what}\n[design.{key}]\ntop = {}\nsources = [{}]\n", quoted(name), list(sources));
    if !folder.include_dirs.is_empty() {
        let dirs: Vec<String> = folder.include_dirs.iter().map(Utf8PathBuf::to_string).collect();
        let _ = writeln!(text, "include-dirs = [{}]", list(&dirs));
    }
    let _ = writeln!(text, "to = {}", quoted(to));
}

/// TOML text.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Patterns for all sources but testbenches, and the file of this testbench; in a directory with testbenches, each other
/// file is named.
fn sources(folder: &Folder, bench: Option<&str>) -> Vec<String> {
    let own = bench.and_then(|name| folder.source_of(name));
    let wanted = |source: &&Source| !folder.is_bench(source);
    let beside = |source: &Source| {
        let dir = source.path.parent().unwrap_or(Utf8Path::new(""));
        dir.join(format!("*.{}", source.path.extension().unwrap_or_default())).into_string()
    };
    let mixed: HashSet<String> = folder.sources.iter().filter(|source| !wanted(source)).map(beside).collect();
    let (mut found, mut known) = (vec![], HashSet::new());
    for source in folder.sources.iter().filter(wanted) {
        let pattern = beside(source);
        let entry = if mixed.contains(&pattern) { source.path.to_string() } else { pattern };
        if known.insert(entry.clone()) {
            found.push(entry);
        }
    }
    found.extend(own.map(|source| source.path.to_string()));
    found.extend(folder.controls.iter().map(Utf8PathBuf::to_string));
    let taken = |source: &&Source| !folder.is_bench(source) || own.is_some_and(|own| own.path == source.path);
    if folder.sources.iter().filter(taken).any(|source| source.imports_c) {
        found.extend(folder.cxx.iter().map(Utf8PathBuf::to_string));
    }
    found
}

/// The command that checks the first design, else the first testbench; `None` without sources.
pub fn command(folder: &Folder) -> Option<String> {
    let (designs, benches) = (folder.designs(), folder.testbenches());
    let top = designs.first().or(benches.first())?;
    Some(format!("fudsv lint {}", ShellWord::quote(&top.name)))
}
