//! The first `fud.toml` of a folder: a section for each proposed design.
//! It does not know which designs are proposed, nor whether the text is written.

use super::folder::Folder;
use super::proposal::{Extent, Proposal};
use std::fmt::Write;

/// What stands above the designs.
const HEAD: &str = "\
# Configuration of fudsv. `fudsv config list --origin` shows all values.

# Directory of the build directories; `.fudsv` by default.
#build-dir = \".fudsv\"

[verilator]
# Whether a warning of Verilator fails the build.
#werror = true
# Further options, as words in one text or as a list.
#args = \"-Wall\"
";

/// The text: a section for each proposal. What does not lint is a comment that says why.
pub fn fud_toml(folder: &Folder, proposals: &[Proposal]) -> String {
    let mut text = HEAD.to_owned();
    for proposal in proposals {
        text.push('\n');
        text.push_str(&section(folder, proposal));
    }
    if !folder.filelists.is_empty() {
        let lists = list(folder.filelists.iter().map(|path| path.as_str()));
        let _ = write!(
            text,
            "\n# These filelists exist too; add this line to a design that uses them:\n#filelists = {lists}\n"
        );
    }
    text
}

fn section(folder: &Folder, proposal: &Proposal) -> String {
    let name = &proposal.name;
    let is_bare = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let key = if is_bare { name.clone() } else { quoted(name) };
    let what = if proposal.is_bench() { "a testbench" } else { "a design" };
    if let Extent::Described(line, file) = &proposal.extent {
        return format!("# as `{file}` describes it\n[design.{key}]\n{line}\nto = {}\n", quoted(proposal.to));
    }
    let entries = proposal.entries(folder);
    let sources = list(entries.iter().map(String::as_str));
    let mut body = format!("[design.{key}]\ntop = {}\nsources = {sources}\n", quoted(name));
    if !folder.include_dirs.is_empty() {
        let dirs = list(folder.include_dirs.iter().map(|dir| dir.as_str()));
        let _ = writeln!(body, "include-dirs = {dirs}");
    }
    let _ = writeln!(body, "to = {}", quoted(proposal.to));
    match &proposal.problem {
        None => format!("# {what}\n{body}"),
        Some(problem) => {
            let body: String = body.lines().map(|line| format!("#{line}\n")).collect();
            format!("# {what} that does not lint: {problem}\n{body}")
        }
    }
}

/// A TOML list of texts.
fn list<'a>(items: impl Iterator<Item = &'a str>) -> String {
    format!("[{}]", items.map(quoted).collect::<Vec<_>>().join(", "))
}

/// TOML text.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
