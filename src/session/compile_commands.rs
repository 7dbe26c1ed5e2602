//! `compile_commands.json` beside `build.ninja`: which command compiles which C++ file, for editors and clang's tools.
//! It does not know ops: it recognises a command that compiles by `-c` and a source.

use crate::diag::{Error, Result};
use crate::lower::Step;
use crate::paths::normal;
use crate::workdir::names::COMPILE_COMMANDS;
use camino::Utf8Path;
use serde::Serialize;

/// Suffixes of C and C++ sources.
const SOURCES: [&str; 8] = ["c", "cc", "cpp", "cxx", "c++", "C", "cp", "ii"];

/// Options whose next word is not a source.
const TAKES_A_WORD: [&str; 13] = [
    "-o",
    "-MF",
    "-MT",
    "-MQ",
    "-x",
    "-I",
    "-D",
    "-U",
    "-include",
    "-imacros",
    "-isystem",
    "-iquote",
    "-idirafter",
];

/// One compilation, as Clang's JSON compilation database has it.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Entry {
    directory: String,
    file: String,
    output: String,
    arguments: Vec<String>,
}

/// The file's content; `None` if no step compiles.
///
/// # Errors
/// A user cannot cause one.
pub fn text(steps: &[Step], workdir: &Utf8Path) -> Result<Option<Vec<u8>>> {
    let entries: Vec<Entry> = steps.iter().flat_map(|step| entries(step, workdir)).collect();
    if entries.is_empty() {
        return Ok(None);
    }
    let text = serde_json::to_vec_pretty(&entries);
    text.map(Some).map_err(|e| Error::machine(format!("cannot write `{COMPILE_COMMANDS}`")).because(e))
}

fn entries(step: &Step, workdir: &Utf8Path) -> Vec<Entry> {
    let directory = normal(&workdir.join(&step.run_in));
    let commands = step.commands.iter().filter_map(|command| shlex::split(command));
    let parts: Vec<Vec<String>> = commands.flat_map(|words| split(&words)).collect();
    parts.into_iter().filter_map(|words| entry(words, &directory)).collect()
}

/// The simple commands of a line.
fn split(words: &[String]) -> Vec<Vec<String>> {
    words.split(|word| matches!(word.as_str(), "&&" | "||" | ";" | "|")).map(<[String]>::to_vec).collect()
}

/// The compilation of one source, when these words are one.
fn entry(words: Vec<String>, directory: &Utf8Path) -> Option<Entry> {
    if !words.iter().any(|word| word == "-c") {
        return None;
    }
    let is_source = |word: &str| {
        !word.starts_with('-') && Utf8Path::new(word).extension().is_some_and(|e| SOURCES.contains(&e))
    };
    let mut pairs = words.iter().zip(words.iter().skip(1));
    let file =
        pairs.clone().find(|(before, word)| !TAKES_A_WORD.contains(&before.as_str()) && is_source(word));
    let file = file?.1.clone();
    let output = pairs.find(|(before, _)| *before == "-o").map(|(_, word)| word.clone()).unwrap_or_default();
    Some(Entry { directory: directory.to_string(), file, output, arguments: words })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Place;

    fn compiled(command: &str) -> Vec<(String, String, String)> {
        let step = Step {
            name: "s".into(),
            description: String::new(),
            commands: vec![command.into()],
            run_in: "../..".into(),
            targets: vec![],
            words: vec![],
            waits_for: vec![],
            for_itself: false,
            on_demand: false,
            op: Default::default(),
            place: Place::in_text("p.rhai", "", 1, 1),
        };
        let entries = entries(&step, Utf8Path::new("/p/.fudsv/a-sim"));
        entries.into_iter().map(|entry| (entry.directory, entry.file, entry.output)).collect()
    }

    #[test]
    fn a_command_with_dash_c_and_a_source_compiles_it() {
        let entry = |file: &str, output: &str| vec![("/p".to_owned(), file.to_owned(), output.to_owned())];
        let compiled_one = compiled("ccache g++ -MMD -MF d.c -include all.cpp -c -o 'my b.o' 'my b.cpp'");
        assert_eq!(compiled_one, entry("my b.cpp", "my b.o"));
        assert_eq!(compiled("mkdir -p x && clang -c a.c"), entry("a.c", ""));
        assert_eq!(compiled("g++ -o a a.cpp"), []);
        assert_eq!(compiled("cp -c a.txt b.txt"), []);
    }
}
