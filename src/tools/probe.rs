//! What a compiler can do, tried once and remembered as long as its binary stays the same.
//! It does not know which compiler is wanted.

use super::find::Program;
use super::known::Known;
use camino::Utf8Path;
use std::process::{Command, Stdio};

/// Whether a compiler finds a standard library for C++20. A clang++ may be there without one.
pub fn compiles(known: &mut Known, program: &Program) -> bool {
    let ask = ["-std=gnu++20", "-fsyntax-only", "-include", "coroutine", "-x", "c++", "/dev/null"];
    ask_once(known, program, "C++20", &ask)
}

/// Whether a compiler starts this linker.
pub fn links_with(known: &mut Known, program: &Program, flag: &str, linker: &Utf8Path) -> bool {
    ask_once(known, program, &format!("{flag} is {linker}"), &[flag, "-Wl,--version"])
}

/// Whether a compiler can link programs that count how often their parts run.
pub fn counts(known: &mut Known, program: &Program) -> bool {
    let ask = ["-fprofile-generate", "-shared", "-o", "/dev/null", "-x", "c++", "/dev/null"];
    ask_once(known, program, "links what counts", &ask)
}

/// Whether a compiler that is given these flags, which name files as seen from `here`, finds this header.
pub fn includes(
    known: &mut Known,
    program: &Program,
    (flags, here): (&[String], &Utf8Path),
    header: &str,
) -> bool {
    let mut ask: Vec<&str> = flags.iter().map(String::as_str).collect();
    ask.extend(["-std=gnu++20", "-fsyntax-only", "-include", header, "-x", "c++", "/dev/null"]);
    ask_once_in(known, program, &ask.join(" "), (&ask, Some(here)))
}

/// The version that a program tells when it is started with `--version`, or with `-V` when it does not know that, as
/// Icarus does; empty when it tells none.
pub fn version(known: &mut Known, program: &Program) -> String {
    known.asked(&program.binary, "version", || {
        let told = |option: &str| {
            let mut command = Command::new(&program.binary);
            command.args(program.words.iter().skip(1)).arg(option).stdin(Stdio::null());
            let output = command.output().ok()?;
            let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
            Some((output.status.success(), first_version(&text).to_owned()))
        };
        let first = told("--version").unwrap_or_default();
        let tells = |(succeeds, version): &(bool, String)| *succeeds && !version.is_empty();
        if tells(&first) {
            return first.1;
        }
        // A refusal holds numbers too: `sh: 0: illegal option`.
        let refused = Some(first.1).filter(|version| version.contains('.'));
        told("-V").filter(tells).map(|(_, version)| version).or(refused).unwrap_or_default()
    })
}

/// The first word of a text that looks like `1.2`, else like `12`.
pub(super) fn first_version(text: &str) -> &str {
    let words = || {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '.');
        let words = words.map(|word| word.trim_start_matches('v').trim_end_matches('.'));
        words.filter(|word| word.starts_with(|c: char| c.is_ascii_digit()))
    };
    words().find(|word| word.contains('.')).or_else(|| words().next()).unwrap_or_default()
}

/// Whether the program succeeds with these arguments. Only success is remembered: what is missing may be installed.
fn ask_once(known: &mut Known, program: &Program, question: &str, arguments: &[&str]) -> bool {
    ask_once_in(known, program, question, (arguments, None))
}

fn ask_once_in(
    known: &mut Known,
    program: &Program,
    question: &str,
    (arguments, here): (&[&str], Option<&Utf8Path>),
) -> bool {
    if known.answer(&program.binary, question).is_some() {
        return true;
    }
    let mut command = Command::new(&program.binary);
    command.args(program.words.iter().skip(1)).args(arguments);
    here.map(|here| command.current_dir(here));
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let succeeds = status.is_ok_and(|status| status.success());
    if succeeds {
        known.asked(&program.binary, question, || "yes".to_owned());
    }
    succeeds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_found_among_other_words() {
        assert_eq!(first_version("Python 3.11.2\n"), "3.11.2");
        assert_eq!(first_version("g++ (Debian 12.2.0-14) 12.2.0"), "12.2.0");
        assert_eq!(first_version("Yosys 0.23 (git sha1 7ce5011c24b)"), "0.23");
        assert_eq!(first_version("less 590 (GNU regular expressions)"), "590");
        assert_eq!(first_version("tool v2.0."), "2.0");
        assert_eq!(first_version("unknown option: --version"), "");
    }
}
