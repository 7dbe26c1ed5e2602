//! `--untrusted`: what a project of somebody else may not say, since it would start a program of its choice.
//! It does not know how settings are read.

use super::settings::{self, SettingSource};
use super::vocabulary::{Meaning, meaning};
use crate::config::{Config, Found, Origin};
use crate::diag::{Error, Result};
use crate::facts::Facts;
use camino::Utf8Path;

/// Options of C++ compilers and linkers that start nothing, load nothing and write nothing elsewhere, by their fronts.
const HARMLESS: [&str; 12] =
    ["-D", "-U", "-I", "-O", "-W", "-g", "-m", "-l", "-L", "-std=", "-f", "-pthread"];

/// Options with such a front that are not harmless.
const HARMFUL: [&str; 11] = [
    "-Wl,",
    "-Wa,",
    "-Wp,",
    "-fplugin",
    "-fpass-plugin",
    "-fuse-ld",
    "-fprofile",
    "-fdump",
    "-flto-",
    "-fcrash-diag",
    "-fsave",
];

/// An option that starts a program.
pub fn starts(option: &str) -> Box<Error> {
    refused(format!("`{option}` starts a program"))
}

fn refused(message: String) -> Box<Error> {
    Error::request(message).hint("`--untrusted` was given: leave it out for projects that you trust")
}

/// Refuses flags of compilers and linkers that are not known to be harmless.
///
/// # Errors
/// The first such flag.
pub fn flags(words: &[String]) -> Result<()> {
    let starts_with = |word: &str, fronts: &[&str]| fronts.iter().any(|front| word.starts_with(front));
    let harmful = |word: &&String| !starts_with(word, &HARMLESS) || starts_with(word, &HARMFUL);
    match words.iter().find(harmful) {
        Some(word) => Err(refused(format!("`{word}` may start a program or write a file elsewhere"))),
        None => Ok(()),
    }
}

/// Refuses options of Verilator that start programs, and those that nobody knows.
///
/// # Errors
/// The first such option.
pub fn options(words: &[String]) -> Result<()> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match meaning(word) {
            Meaning::Own(true) => drop(words.next()),
            Meaning::Takes("y" | "v" | "FI" | "top") => drop(words.next()),
            Meaning::Own(false) | Meaning::IncludeDirs(_) | Meaning::Defines(_) | Meaning::Parameter(_) => {}
            Meaning::LibraryExtensions(_) | Meaning::File | Meaning::Decided(..) => {}
            Meaning::Starts(_) => return Err(starts(word)),
            Meaning::Takes(_) | Meaning::Foreign => {
                return Err(refused(format!("`{word}` may start a program")));
            }
        }
    }
    Ok(())
}

/// Refuses what the files of a project set that starts programs.
///
/// # Errors
/// The first such setting, with the file that has it.
pub fn settings(facts: &Facts, config: &Config, root: &Utf8Path) -> Result<()> {
    if facts.list(&root.join("fudsv")).iter().any(|name| name.ends_with(".rhai")) {
        return Err(
            refused("a project's plugin runs programs".into()).detail("plugins in", root.join("fudsv"))
        );
    }
    for key in config.keys() {
        let Some(found) = config.get(key) else { continue };
        if !matches!(found.origin, Origin::File(file) if file.starts_with(root)) {
            continue;
        }
        setting(key, &found)
            .map_err(|e| SettingSource::named(format!("`{key}` ({})", found.origin)).blame(e))?;
    }
    Ok(())
}

fn setting(key: &str, found: &Found) -> Result<()> {
    let name = key.rsplit('.').next().unwrap_or(key);
    match name {
        _ if key == "plugins" => Err(refused("a project's plugin runs programs".into())),
        _ if key == "build-dir"
            && found.value.as_str().is_none_or(|dir| dir.starts_with('/') || dir.contains("..")) =>
        {
            Err(refused("`build-dir` leads out of the project".into()))
        }
        "exe" => Err(refused(format!("`{key}` names a program"))),
        "args" if key.starts_with("verilator.") || key.starts_with("design.") => {
            options(&settings::words(key, found)?)
        }
        "flags" | "cflags" | "ldflags" | "cxx-flags" | "cxx-ldflags" => flags(&settings::words(key, found)?),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<String> {
        shlex::split(text).unwrap()
    }

    #[test]
    fn flags_that_load_or_start_something_are_refused() {
        assert!(flags(&split("-O2 -Wall -march=native -DX=1 -fno-exceptions -lm -pthread")).is_ok());
        for word in
            ["-fplugin=x.so", "-B.", "@flags", "-wrapper", "-Wl,@x", "-fuse-ld=/x", "-o", "x.c", "-specs=x"]
        {
            assert!(flags(&split(word)).is_err(), "{word}");
        }
    }

    #[test]
    fn options_of_verilator_that_start_something_are_refused() {
        assert!(options(&split("-Wall --x-assign fast +define+A -FI x.h")).is_ok());
        for word in ["--pipe-filter ./x", "--gdb", "-CFLAGS -fplugin=x", "-f x.f", "--frobnicate"] {
            assert!(options(&split(word)).is_err(), "{word}");
        }
    }
}
