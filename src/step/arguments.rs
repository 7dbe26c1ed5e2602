//! Which files the words of a step's commands name: response files with their words, searched directories, and files that
//! an option makes a compiler or a linker read and that no dependency file lists.
//! It does not know the content of the files. In doubt, it names a file too many.

use crate::step::args::Step;
use crate::step::names;
use crate::step::seat::Seat;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// How deep response files may name each other.
const DEEPEST: usize = 16;

/// The largest response file. A larger file is data that a tool names with the same syntax.
const LARGEST: u64 = 1 << 20;

/// Names of compilers and linkers, without a target prefix and a version suffix.
const COMPILERS: [&str; 13] = [
    "cxx", "linker", "c++", "cc", "g++", "gcc", "clang", "clang++", "ld", "lld", "mold", "gfortran",
    "collect2",
];

/// The words of the commands. The names of response files are replaced by the words in them.
pub struct Arguments {
    /// All words except names of response files.
    pub words: Vec<String>,
    /// The response files, seen from the build directory.
    pub response_files: BTreeSet<Utf8PathBuf>,
}

impl Arguments {
    /// Reads the commands of a step, and the response files that they name.
    pub fn of(step: &Step, workdir: &Utf8Path) -> Arguments {
        let mut read = Arguments { words: vec![], response_files: BTreeSet::new() };
        let seat = step.commands.iter().any(|command| command.contains('@'));
        let seat = seat.then(|| Seat::new(workdir, &step.cwd).ok()).flatten();
        for command in &step.commands {
            let words = shlex::split(command).unwrap_or_default();
            read.add(words, seat.as_ref(), 0);
        }
        read
    }

    fn add(&mut self, words: Vec<String>, seat: Option<&Seat>, depth: usize) {
        for word in words {
            let named = word.strip_prefix('@').filter(|name| !name.is_empty()).zip(seat);
            let inside = named.and_then(|(name, seat)| Some((response(&seat.cwd.join(name))?, name, seat)));
            match inside.filter(|_| depth < DEEPEST) {
                Some((inside, name, seat)) => {
                    self.response_files.insert(seat.seen_from_workdir(name));
                    self.add(inside, Some(seat), depth + 1);
                }
                None => self.words.push(word),
            }
        }
    }
}

/// The words in a response file; `None` if it is not one.
fn response(path: &Utf8Path) -> Option<Vec<String>> {
    let meta = fs::metadata(path).ok()?;
    let text = (meta.is_file() && meta.len() <= LARGEST).then(|| fs::read_to_string(path).ok()).flatten()?;
    Some(shlex::split(&text).unwrap_or_else(|| text.split_whitespace().map(str::to_owned).collect()))
}

/// Files that the words of a step make its tools read although the step does not declare them, relative to the build
/// directory. They include places where a linker searches for a library without success. Files in the build directory are
/// left out: a step made them, and a step that needs one declares it.
pub fn files(step: &Step, workdir: &Utf8Path, variables: &BTreeMap<String, String>) -> BTreeSet<Utf8PathBuf> {
    let arguments = Arguments::of(step, workdir);
    let mut files = arguments.response_files;
    if uses_compiler(step, &arguments.words)
        && let Ok(seat) = Seat::new(workdir, &step.cwd)
    {
        let words: Vec<&str> = arguments.words.iter().flat_map(|word| parts(word)).collect();
        let named =
            words.iter().filter_map(|word| named_file(word)).filter(|name| is_read(&seat.cwd.join(name)));
        files.extend(named.map(|name| seat.seen_from_workdir(name)));
        files.extend(libraries(&words, &seat, variables));
    }
    let declared: BTreeSet<&Utf8Path> = step
        .inputs
        .iter()
        .chain(step.outputs.iter().map(|output| &output.path))
        .map(|p| p.as_path())
        .collect();
    files.retain(|path| (path.is_absolute() || path.starts_with("..")) && !declared.contains(path.as_path()));
    files
}

/// The words that a compiler driver passes to the linker.
fn parts(word: &str) -> Vec<&str> {
    word.strip_prefix("-Wl,").map_or_else(|| vec![word], |list| list.split(',').collect())
}

/// The file that a word names, if that is clear from the word alone.
fn named_file(word: &str) -> Option<&str> {
    let name = match word.strip_prefix('-') {
        None => word,
        Some(option) => option.split_once('=').map(|(_, name)| name).or_else(|| option.strip_prefix('T'))?,
    };
    Some(name).filter(|name| !name.is_empty())
}

/// Whether a tool reads this file. A program that is started does not count.
fn is_read(path: &Utf8Path) -> bool {
    let is_library = path.file_name().is_some_and(|name| name.contains(".so") || name.ends_with(".a"));
    fs::metadata(path)
        .is_ok_and(|meta| meta.is_file() && (is_library || meta.permissions().mode() & 0o111 == 0))
}

/// Where the named libraries are, and where a linker looks before it finds them.
fn libraries(words: &[&str], seat: &Seat, variables: &BTreeMap<String, String>) -> Vec<Utf8PathBuf> {
    let listed = variables.get("LIBRARY_PATH").into_iter().flat_map(|list| list.split(':'));
    let dirs: Vec<&str> = values(words, &["-L", "--library-path="]).into_iter().chain(listed).collect();
    let mut found = vec![];
    for name in values(words, &["-l", "--library="]) {
        let names = match name.strip_prefix(':') {
            Some(whole) => vec![whole.to_owned()],
            None => vec![format!("lib{name}.so"), format!("lib{name}.a")],
        };
        for dir in &dirs {
            let places = names.iter().map(|name| Utf8Path::new(dir).join(name));
            let places: Vec<Utf8PathBuf> = places.collect();
            let is_there = |place: &Utf8PathBuf| seat.cwd.join(place).is_file();
            let until = places.iter().position(is_there);
            found.extend(
                places[..until.map_or(places.len(), |at| at + 1)]
                    .iter()
                    .map(|place| seat.seen_from_workdir(place.as_str())),
            );
            if until.is_some() {
                break;
            }
        }
    }
    found
}

/// The values of these options, in the same word or the next.
fn values<'w>(words: &[&'w str], options: &[&str]) -> Vec<&'w str> {
    let mut values = vec![];
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if let Some(rest) = options.iter().find_map(|option| word.strip_prefix(option)) {
            values.extend(if rest.is_empty() { words.next().copied() } else { Some(rest) });
        }
    }
    values
}

/// Whether a step runs a compiler or a linker, judged by its tools or by the words of its commands.
pub fn uses_compiler(step: &Step, words: &[String]) -> bool {
    let tools = step.inputs.iter().filter(|path| path.starts_with(names::TOOLS)).map(|path| path.as_str());
    tools.chain(words.iter().map(String::as_str)).any(is_compiler)
}

fn is_compiler(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or_default();
    let plain = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').trim_end_matches('-');
    COMPILERS.iter().any(|compiler| {
        plain == *compiler || plain.strip_suffix(compiler).is_some_and(|target| target.ends_with(['-', '.']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A project with a build directory `b` in it, and what a command that runs in the project names.
    fn named(command: &str, files_there: &[(&str, &str)], library_path: Option<&str>) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(dir.path().canonicalize().unwrap()).unwrap();
        fs::create_dir(root.join("b")).unwrap();
        for (name, text) in files_there {
            fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
            fs::write(root.join(name), text).unwrap();
        }
        let step = Step {
            cwd: "..".into(),
            commands: vec![command.replace("ROOT", root.as_str())],
            inputs: vec![".fudsv/tools/cxx".into()],
            ..Step::default()
        };
        let variables = library_path.map(|dirs| ("LIBRARY_PATH".to_owned(), dirs.to_owned())).into_iter();
        let found = files(&step, &root.join("b"), &variables.collect());
        found.into_iter().map(|path| path.as_str().replace(root.as_str(), "ROOT")).collect()
    }

    #[test]
    fn response_files_are_read_with_those_that_they_name() {
        let there =
            [("one.txt", "-O1 @two.txt"), ("two.txt", "-Ix -Wl,--version-script=v.map"), ("v.map", "{}")];
        assert_eq!(named("c++ @one.txt -c @none", &there, None), ["../one.txt", "../two.txt", "../v.map"]);
        assert_eq!(named("c++ @one.txt", &[("one.txt", "@one.txt")], None), ["../one.txt"]);
    }

    #[test]
    fn files_in_options_of_the_linker_are_named() {
        let there = [("l/libfoo.a", ""), ("s.ld", ""), ("v.map", ""), ("b/made.a", ""), ("p.so", "")];
        let command =
            "c++ -Wl,--whole-archive,l/libfoo.a -T s.ld -Wl,--version-script=v.map b/made.a -fplugin=./p.so";
        assert_eq!(named(command, &there, None), ["../l/libfoo.a", "../p.so", "../s.ld", "../v.map"]);
        assert_eq!(named("c++ -Ts.ld ROOT/l/libfoo.a", &there, None), ["ROOT/l/libfoo.a", "../s.ld"]);
    }

    #[test]
    fn a_library_is_where_it_is_found_and_where_it_was_looked_for() {
        let there = [("two/libfoo.a", ""), ("three/libfoo.so", "")];
        let looked = ["../one/libfoo.a", "../one/libfoo.so", "../two/libfoo.a", "../two/libfoo.so"];
        assert_eq!(named("c++ -Lone -L two -lfoo", &there, Some("three")), looked);
        assert_eq!(named("c++ -Wl,-Lone,-lfoo", &there, Some("three"))[2..], ["../three/libfoo.so"]);
        assert_eq!(named("c++ -Ltwo -l:libfoo.a", &there, None), ["../two/libfoo.a"]);
    }

    #[test]
    fn compilers_are_known_by_their_names() {
        for name in ["g++-12", "/usr/bin/clang++-14", "riscv64-unknown-elf-gcc", "ld.lld", ".fudsv/tools/cxx"]
        {
            assert!(is_compiler(name), "{name}");
        }
        for name in ["verilator_bin", "cp", "cold", ".fudsv/tools/ar", "python3"] {
            assert!(!is_compiler(name), "{name}");
        }
    }
}
