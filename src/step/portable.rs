//! What a result rests on, said so that it is the same in every checkout and every build directory, on every machine.
//! It does not know who asks for it, nor when two results are the same.
//!
//! * An output is called by its number and its last component: the tool sees no other part of its name, as it writes
//!   under a temporary one. A step that runs in place is tied to its directory: it is for tools that record names.
//! * A file of the build directory is called `{build}/…`, any other as seen from where the commands run. Both are as
//!   they were typed in the commands: names get into messages, `__FILE__` and debug information.
//! * The working directory itself is left out unless it gets into results.

use crate::digest::Digest;
use crate::parts::Part;
use crate::paths;
use crate::step::args::Step;
use crate::step::key::{self, Basis};
use crate::step::splice;
use crate::workdir::names::TOOLS;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeMap;
use std::fs;

/// Variables that compilers and Verilator read without being told to.
const ENVIRONMENT: [&str; 12] = [
    "COMPILER_PATH",
    "CPATH",
    "CPLUS_INCLUDE_PATH",
    "C_INCLUDE_PATH",
    "GCC_EXEC_PREFIX",
    "LD_RUN_PATH",
    "LIBRARY_PATH",
    "SDKROOT",
    "SOURCE_DATE_EPOCH",
    "SYSTEMC_INCLUDE",
    "SYSTEMC_LIBDIR",
    "VERILATOR_ROOT",
];

/// Words of commands that name the working directory or put it into results.
const ABOUT_PLACE: [&str; 5] = ["--coverage", "-fprofile-arcs", "-ftest-coverage", "$PWD", "${PWD}"];

/// The prefix of files in the build directory.
const BUILD: &str = "{build}/";

/// What is known before the step runs. None when an input is missing: such a step has no result.
pub fn parts(
    step: &Step,
    basis: &Basis,
    workdir: &Utf8Path,
    variables: &BTreeMap<String, String>,
) -> Option<Vec<Part<'static>>> {
    let commands = splice::portable(step).ok()?;
    let mut parts = vec![Part::new("command", "", Some(key::list(&commands)))];
    parts.push(Part::new("working directory", "", Some(cwd(step, workdir))));
    parts.extend(step.outputs.iter().enumerate().map(|(number, output)| {
        let is_spliced = !step.in_place && step.spans.iter().any(|span| span.output == number);
        let name = if is_spliced { output.base_name() } else { output.path.as_str() };
        Part::new("output", format!("{name}{}", if output.directory { "/" } else { "" }), None)
    }));
    let depfile = step.depfile.as_ref().and_then(|path| path.file_name());
    parts.extend(depfile.map(|name| Part::new("dependency file", name.to_owned(), None)));
    parts.extend(basis.sets.iter().map(|(name, value)| Part::new("setting", name.clone(), Some(*value))));
    parts.extend(basis.reads.iter().map(|(name, value)| Part::new("variable", name.clone(), *value)));
    let set = ENVIRONMENT.iter().filter_map(|name| Some((*name, variables.get(*name)?)));
    parts.extend(
        set.map(|(name, value)| Part::new("variable", name, Some(Digest::of_bytes(value.as_bytes())))),
    );
    if commands.iter().any(|command| command.contains("=native")) {
        parts.push(Part::new("processor", "", processor()));
    }
    for seen in &basis.inputs {
        parts.push(file(step, &seen.path, seen.digest?));
    }
    Some(parts)
}

/// An input as a part of the key.
pub fn file(step: &Step, path: &Utf8Path, digest: Digest) -> Part<'static> {
    match path.strip_prefix(TOOLS) {
        Ok(tool) => Part::new("tool", tool.to_string(), Some(digest)),
        Err(_) => Part::new("input", name(step, path), Some(digest)),
    }
}

/// What a file is called in every build directory; `path` is seen from this one.
pub fn name(step: &Step, path: &Utf8Path) -> String {
    if path.is_absolute() {
        return path.to_string();
    }
    let is_inside = !path.starts_with("..");
    let is_above =
        |seen: &Utf8Path| path.ancestors().filter(|above| above.ends_with("..")).any(|above| above == seen);
    let outer = step.cwd.ancestors().find(|above| above.as_str().is_empty() || above.ends_with(".."));
    if is_inside
        || step.cwd.is_absolute()
        || !outer.is_some_and(|outer| outer.as_str().is_empty() || is_above(outer))
    {
        return format!("{BUILD}{path}");
    }
    paths::relative(&paths::normal(&step.cwd), path).into_string()
}

/// The file that has this name here, seen from the build directory.
pub fn path(step: &Step, name: &str) -> Utf8PathBuf {
    match name.strip_prefix(BUILD) {
        Some(inside) => inside.into(),
        None => paths::normal(&step.cwd.join(name)),
    }
}

/// Where the commands run: in the build directory or elsewhere; the very place when results tell it.
fn cwd(step: &Step, workdir: &Utf8Path) -> Digest {
    if step.in_place || step.commands.iter().any(|command| tells_place(command)) {
        return Digest::of_bytes(paths::normal(&workdir.join(&step.cwd)).as_str().as_bytes());
    }
    Digest::of_bytes(if step.cwd == "." { b"the build directory" } else { b"elsewhere" })
}

/// Whether results of a command tell where it ran: debug information and coverage do.
fn tells_place(command: &str) -> bool {
    let is_debug = |word: &str| {
        let level = word.strip_prefix("-g");
        level.is_some_and(|level| level != "0" && !level.starts_with("no-"))
    };
    command.split_whitespace().any(is_debug) || ABOUT_PLACE.iter().any(|text| command.contains(text))
}

/// The processor, for code that is made for the one at hand.
fn processor() -> Option<Digest> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let telling =
        |line: &&str| ["vendor_id", "model", "flags", "Features", "CPU "].iter().any(|t| line.starts_with(t));
    let mut lines: Vec<&str> = text.lines().filter(telling).collect();
    lines.sort_unstable();
    lines.dedup();
    Some(Digest::of_bytes(lines.join("\n").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_one_name_in_build_directories_of_any_depth() {
        let step = |cwd: &str| Step { cwd: cwd.into(), ..Step::default() };
        for (cwd, here, name_everywhere) in [
            ("../..", "../../rtl/a.sv", "rtl/a.sv"),
            ("..", "../rtl/a.sv", "rtl/a.sv"),
            ("../..", "../../../ip/b.sv", "../ip/b.sv"),
            ("../../p", "../../p/rtl/a.sv", "rtl/a.sv"),
            ("../..", "gen/a.h", "{build}/gen/a.h"),
            (".", "gen/a.h", "{build}/gen/a.h"),
            (".", "../../a.c", "../../a.c"),
            ("../../..", "../../a.c", "{build}/../../a.c"),
            ("/p", "../../a.c", "{build}/../../a.c"),
            ("../..", "/usr/include/a.h", "/usr/include/a.h"),
        ] {
            assert_eq!(name(&step(cwd), Utf8Path::new(here)), name_everywhere);
            assert_eq!(path(&step(cwd), name_everywhere), here);
        }
    }

    #[test]
    fn debug_information_and_coverage_tell_the_place() {
        for command in ["cc -g -c a.c", "cc -ggdb3 a.c", "cc --coverage a.c", "x \"$PWD\""] {
            assert!(tells_place(command), "{command}");
        }
        for command in ["cc -c a.c", "cc -g0 a.c", "verilator -GW=4 a.sv", "cc -gno-x a.c", "cc -O1 a-g.c"] {
            assert!(!tells_place(command), "{command}");
        }
    }
}
