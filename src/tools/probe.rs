//! What a compiler can do, tried once and remembered for as long as its binary is the same.
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

/// Whether a compiler that is given these flags finds this header.
pub fn includes(known: &mut Known, program: &Program, flags: &[String], header: &str) -> bool {
    let mut ask: Vec<&str> = flags.iter().map(String::as_str).collect();
    ask.extend(["-std=gnu++20", "-fsyntax-only", "-include", header, "-x", "c++", "/dev/null"]);
    ask_once(known, program, &ask.join(" "), &ask)
}

/// Whether the program succeeds with these arguments. Only success is remembered: what is missing may be installed.
fn ask_once(known: &mut Known, program: &Program, question: &str, arguments: &[&str]) -> bool {
    if known.answer(&program.binary, question).is_some() {
        return true;
    }
    let mut command = Command::new(&program.binary);
    command.args(program.words.iter().skip(1)).args(arguments);
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let succeeds = status.is_ok_and(|status| status.success());
    if succeeds {
        known.asked(&program.binary, question, || "yes".to_owned());
    }
    succeeds
}
