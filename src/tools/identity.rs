//! The identity of a tool: the content of its binary and of the files that it cannot work without.
//! It does not know where a tool was found; the identity holds no path, so that it is the same on every machine.

use super::find::Program;
use super::known::Known;
use crate::facts::Facts;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeMap;

/// The text of a stamp, and what scripts may ask.
#[derive(Default)]
pub struct Identity {
    /// The version, where it is known, for people; then lines of a digest and a name.
    pub text: String,
    /// `kind` of a compiler; `root`, `version` and options (`true` or `false`) of Verilator.
    pub properties: BTreeMap<String, String>,
}

/// Identifies a program. A compiler is asked what it starts only when it `may_run`.
pub fn identify(facts: &Facts, known: &mut Known, name: &str, program: &Program, may_run: bool) -> Identity {
    let mut identity = Identity { text: String::new(), properties: BTreeMap::new() };
    identity.add(facts, known, &program.binary);
    match name {
        "verilator" => add_verilator(&mut identity, facts, known, program),
        "cxx" | "g++" | "clang++" | "c++" => {
            let kind = compiler_kind(facts, program);
            identity.set("kind", kind);
            add_parts(&mut identity, facts, known, program, (kind, may_run));
        }
        "python" => {
            // Environments share one binary and differ in what is installed.
            let environment =
                program.binary.parent().and_then(Utf8Path::parent).map(|dir| dir.join("pyvenv.cfg"));
            if let Some(file) = environment.filter(|file| facts.tool_exists(file)) {
                identity.add(facts, known, &file);
            }
        }
        "linker" => {
            let option = "dependency-file";
            let has =
                known.asked(&program.binary, option, || has_option(&program.binary, option).to_string());
            identity.set(option, has);
        }
        _ => {}
    }
    if let Some(version) = identity.properties.get("version") {
        identity.text.insert_str(0, &format!("version {version}\n"));
    }
    identity
}

impl Identity {
    /// Adds one file by its content; the line names the file without its directory.
    pub(super) fn add(&mut self, facts: &Facts, known: &mut Known, path: &Utf8Path) {
        let digest = facts.tool_digest(path, |path, stat| known.digest(path, stat));
        if let Some(digest) = digest {
            known.remember(path, digest);
        }
        let digest = digest.map_or("unreadable".to_owned(), |digest| digest.to_string());
        self.text.push_str(&format!("{digest}  {}\n", path.file_name().unwrap_or_default()));
    }

    pub(super) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.properties.insert(name.to_owned(), value.into());
    }
}

/// The runtime's sources, the version, and which options the binary has.
fn add_verilator(identity: &mut Identity, facts: &Facts, known: &mut Known, program: &Program) {
    for option in ["json-only", "quiet-stats", "pins-inout-enables"] {
        let has = known.asked(&program.binary, option, || has_option(&program.binary, option).to_string());
        identity.set(option, has);
    }
    // Main programs that Verilator writes have no name for the top since the version with this option.
    let unnamed = known
        .asked(&program.binary, "output-groups", || has_option(&program.binary, "output-groups").to_string());
    identity.set("unnamed-top", unnamed);
    let Some(root) = verilator_root(facts, program) else { return };
    let include = root.join("include");
    for dir in [include.clone(), include.join("vltstd"), include.join("gtkwave"), include.join("fstcpp")] {
        for name in facts.list_tool(&dir) {
            let path = dir.join(&name);
            if path
                .extension()
                .is_some_and(|extension| matches!(extension, "h" | "cpp" | "c" | "sv" | "v" | "vlt"))
            {
                identity.add(facts, known, &path);
            }
        }
    }
    let version = known.asked(&include.join("verilated_config.h"), "version", || {
        let text = std::fs::read_to_string(include.join("verilated_config.h")).unwrap_or_default();
        text.lines()
            .find_map(|line| line.strip_prefix("#define VERILATOR_VERSION "))
            .unwrap_or_default()
            .to_owned()
    });
    identity.set("version", version.trim_matches('"'));
    let exits = known.asked(&include.join("verilated.cpp"), "second-finish-exits", || {
        let text = std::fs::read(include.join("verilated.cpp")).unwrap_or_default();
        contains(&text, "Second verilog $finish, exiting").to_string()
    });
    identity.set("second-finish-exits", exits);
    let makefile = include.join("verilated.mk");
    // A change of it may change the list: the file is checked, but it has no content that a step reads.
    facts.tool_digest(&makefile, |path, stat| known.digest(path, stat));
    let macros = known.asked(&makefile, "macros", || {
        makefile_macros(&std::fs::read_to_string(&makefile).unwrap_or_default())
    });
    identity.set("makefile-macros", macros);
    let has_lz4 = facts.tool_exists(&include.join("gtkwave/lz4.c"));
    identity.set("fst-libraries", if has_lz4 { "-lz" } else { "-lz -llz4" });
    identity.set("root", root);
}

/// The macros that Verilator's makefile sets for C and C++: `NAME=VALUE`, or `NAME` where the makefile of the model has the
/// value under that name.
fn makefile_macros(makefile: &str) -> String {
    let words = makefile.split_whitespace().filter_map(|word| word.strip_prefix("-D"));
    let says = |word: &str| match word.split_once('=') {
        Some((name, value)) if value == format!("$({name})") => Some(name.to_owned()),
        Some((_, value)) if value.contains('$') => None,
        _ => Some(word.to_owned()),
    };
    let is_for_models = |word: &String| word.starts_with("VM_") || word.starts_with("VERILATOR");
    words.filter_map(says).filter(is_for_models).collect::<Vec<_>>().join(" ")
}

/// Whether the binary knows an option: its text is in it. Versions do not help: some builds print none.
pub fn has_option(binary: &Utf8Path, option: &str) -> bool {
    contains(&std::fs::read(binary).unwrap_or_default(), option)
}

/// The search of the standard library for texts: in a binary of 30 MB one by windows takes a second where this program is
/// not optimized, and planning has two.
fn contains(bytes: &[u8], text: &str) -> bool {
    String::from_utf8_lossy(bytes).contains(text)
}

/// Where its `include` directory is: told by the words, or the usual places beside the binary.
fn verilator_root(facts: &Facts, program: &Program) -> Option<Utf8PathBuf> {
    let told = program.words.iter().find_map(|word| word.strip_prefix("VERILATOR_ROOT="));
    let real = facts.real_tool(&program.binary);
    let prefix = real.parent().and_then(Utf8Path::parent).map(Utf8Path::to_owned);
    let usual = prefix.into_iter().flat_map(|prefix| [prefix.join("share/verilator"), prefix]);
    let mut places = told.map(Utf8PathBuf::from).into_iter().chain(usual);
    places.find(|root| facts.tool_exists(&root.join("include/verilated.h")))
}

/// Libraries that represent the system headers, which no dependency file of a step lists: they are installed and change
/// together.
const LIBRARIES: [&str; 2] = ["libc.so.6", "libstdc++.so.6"];

/// `clang` or `gcc`, by the name of the binary.
fn compiler_kind(facts: &Facts, program: &Program) -> &'static str {
    let real = facts.real_tool(&program.binary);
    if real.file_name().is_some_and(|name| name.contains("clang")) { "clang" } else { "gcc" }
}

/// The programs that a compiler driver starts, and the libraries of the system.
fn add_parts(
    identity: &mut Identity,
    facts: &Facts,
    known: &mut Known,
    program: &Program,
    (kind, may_run): (&str, bool),
) {
    // What nobody has asked for so far stays unknown.
    let tell = |known: &mut Known, question: &str, options: &[&str]| match may_run {
        true => Some(known.asked(&program.binary, question, || ask(program, options))),
        false => known.answer(&program.binary, question),
    };
    // GCC prints its whole version only with this option too.
    let options: &[&str] =
        if kind == "clang" { &["-dumpversion"] } else { &["-dumpfullversion", "-dumpversion"] };
    if let Some(version) = tell(known, "dumpversion", options).filter(|version| !version.is_empty()) {
        identity.set("version", version);
    }
    let parts: &[&str] = if kind == "clang" { &["ld"] } else { &["cc1plus", "as", "ld"] };
    for part in parts {
        let Some(path) = tell(known, part, &[&format!("-print-prog-name={part}")]) else { continue };
        let path = if path.contains('/') { Some(Utf8PathBuf::from(path)) } else { facts.which(part) };
        if let Some(path) = path {
            identity.add(facts, known, &path);
        }
    }
    for library in LIBRARIES {
        let Some(path) = tell(known, library, &[&format!("-print-file-name={library}")]) else { continue };
        // A driver that has no such file answers with the bare name.
        if path.contains('/') {
            identity.add(facts, known, Utf8Path::new(&path));
        }
    }
}

/// Asks the driver; an empty answer when it cannot be asked.
fn ask(program: &Program, options: &[&str]) -> String {
    let Some((first, rest)) = program.words.split_first() else { return String::new() };
    let program = if first.contains('/') { first.clone() } else { program.binary.to_string() };
    let output = std::process::Command::new(program).args(rest).args(options).output();
    output.ok().and_then(|output| String::from_utf8(output.stdout).ok()).unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macros_of_the_makefile_are_found_with_their_values() {
        let text = "VK_CPPFLAGS_ALWAYS += \\\n\t-MMD \\\n\t-DVERILATOR=1 \\\n\t-DVM_SC=$(VM_SC) \\\n\t-DVM_X=$(Y) \\\n\
                    #OPT = -DPRINTINITSTR -DDETECTCHANGE\n\t$(PYTHON3) -DVL_INCLUDE_OPT=include $^\n";
        assert_eq!(makefile_macros(text), "VERILATOR=1 VM_SC");
    }
}
