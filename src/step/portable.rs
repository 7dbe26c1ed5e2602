//! Names what a result depends on in the same way in every checkout and build directory, on every machine.
//! It does not know who uses these names, nor when two results are the same.
//!
//! * An output is named by its number and its last component: the tool sees no other part of its name, since it writes
//!   under a temporary one. A step that runs in place is tied to its directory: it is for tools that record names.
//! * A file of the build directory is named `{build}/…`, any other relative to where the commands run. Both are spelled as
//!   in the commands, because names get into messages, `__FILE__` and debug information.
//! * The working directory itself is left out unless it gets into results.
//! * Verbs of `fudsv tool` put no path of a build directory into results, so files there are named `{build}/…` in
//!   their commands, too.

use crate::digest::Digest;
use crate::paths;
use crate::shelf::Renames;
use crate::step::args::{Output, Step};
use crate::step::key::Called;
use crate::step::splice;
use camino::{Utf8Path, Utf8PathBuf};

/// Words of commands that name the working directory or put it into results.
const ABOUT_PLACE: [&str; 5] = ["--coverage", "-fprofile-arcs", "-ftest-coverage", "$PWD", "${PWD}"];

/// The prefix of files in the build directory.
const BUILD: &str = "{build}/";

/// The beginning of a command that is a verb of `fudsv tool`, as `tool("fudsv")` in scripts spells it.
const OWN_VERB: &str = "\"${FUDSV:-fudsv}\" tool ";

/// What a step depends on, under names that are the same in every build directory.
pub struct PortableNames<'s> {
    step: &'s Step,
    commands: Vec<String>,
    workdir: Utf8PathBuf,
    renames: Renames,
}

impl PortableNames<'_> {
    /// `None` if the commands cannot be written with these names, or if there is no build directory. Directories have the
    /// names that the asked place uses.
    pub fn of(step: &Step, renames: Renames) -> Option<PortableNames<'_>> {
        let workdir = Utf8Path::new(".").canonicalize_utf8().ok()?;
        let cwd = paths::normal(&workdir.join(&step.cwd));
        let seen = paths::relative(&cwd, &workdir);
        let commands = splice::portable(step).ok()?.into_iter().zip(&step.commands);
        let commands = commands.map(|(command, raw)| match is_own_verb(raw) {
            true => without_workdir(command, &seen),
            false => command,
        });
        let commands = commands.map(|command| renames.there(&command)).collect();
        Some(PortableNames { step, commands, workdir, renames })
    }

    /// The path of the file with this name, relative to the build directory.
    pub fn path(&self, name: &str) -> Utf8PathBuf {
        path(self.step, &self.renames.here(name))
    }
}

/// Whether a command is only a verb of `fudsv tool`.
fn is_own_verb(command: &str) -> bool {
    let rest = command.strip_prefix(OWN_VERB);
    rest.is_some_and(|rest| !rest.contains(['$', ';', '&', '|', '<', '>', '`', '(']))
}

/// A verb of `fudsv tool` with `{build}` instead of the build directory, which it sees as `seen`.
fn without_workdir(command: String, seen: &Utf8Path) -> String {
    let Some(words) = shlex::split(&command).filter(|_| !seen.as_str().is_empty() && seen != ".") else {
        return command;
    };
    let front = format!("{seen}/");
    let called = |word: String| match word.strip_prefix(&front) {
        Some(inside) => format!("{BUILD}{inside}"),
        None => word,
    };
    let called: Vec<String> = words.into_iter().map(called).collect();
    shlex::try_join(called.iter().map(String::as_str)).unwrap_or(command)
}

impl Called for PortableNames<'_> {
    fn commands(&self) -> Vec<String> {
        self.commands.clone()
    }

    /// Only whether the step runs in the build directory or elsewhere; the exact path if results contain it.
    fn working_directory(&self) -> Digest {
        let step = self.step;
        if is_tied(step) {
            let place = paths::normal(&self.workdir.join(&step.cwd));
            return Digest::of_bytes(place.as_str().as_bytes());
        }
        Digest::of_bytes(if step.cwd == "." { b"the build directory" } else { b"elsewhere" })
    }

    fn outputs(&self) -> Vec<String> {
        let output = |(number, output): (usize, &Output)| {
            let is_spliced = !self.step.in_place && self.step.spans.iter().any(|span| span.output == number);
            let name = if is_spliced { output.base_name() } else { output.path.as_str() };
            format!("{name}{}", if output.directory { "/" } else { "" })
        };
        self.step.outputs.iter().enumerate().map(output).collect()
    }

    fn depfile(&self) -> Option<String> {
        self.step.depfiles_as(|path| path.file_name().unwrap_or_default().to_owned())
    }

    fn file(&self, path: &Utf8Path) -> String {
        self.renames.there(&name(self.step, path))
    }
}

/// The name of a file that is the same in every build directory; `path` is relative to this one.
fn name(step: &Step, path: &Utf8Path) -> String {
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

/// The path here of the file with this name, relative to the build directory.
fn path(step: &Step, name: &str) -> Utf8PathBuf {
    match name.strip_prefix(BUILD) {
        Some(inside) => inside.into(),
        None if paths::climbs(Utf8Path::new(name)) => paths::joined(&step.cwd, Utf8Path::new(name)),
        None => paths::normal(&step.cwd.join(name)),
    }
}

/// Whether results of a step may contain the place where it ran.
pub fn is_tied(step: &Step) -> bool {
    step.in_place || step.commands.iter().any(|command| tells_place(command))
}

/// Whether results of a command contain the place where it ran, as debug information and coverage do.
fn tells_place(command: &str) -> bool {
    let is_debug = |word: &str| {
        let level = word.strip_prefix("-g");
        level.is_some_and(|level| level != "0" && !level.starts_with("no-"))
    };
    command.split_whitespace().any(is_debug) || ABOUT_PLACE.iter().any(|text| command.contains(text))
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
    fn a_verb_of_ours_is_called_the_same_in_every_build_directory() {
        let spelled = |seen: &str, tree: &str| {
            let verb = format!("{OWN_VERB}ports --tree {tree} -o <output 0 a.ports.json>");
            without_workdir(verb, Utf8Path::new(seen))
        };
        let everywhere = spelled(".fudsv/a-ports", ".fudsv/a-ports/a.ast");
        assert!(everywhere.contains("{build}/a.ast"), "{everywhere}");
        assert_eq!(spelled("../b c", "'../b c/a.ast'"), everywhere);
        assert_ne!(spelled("../b", "../b/a.ast ../b/b.ast"), spelled("../b", "'../b/a.ast ../b/b.ast'"));
        assert!(is_own_verb(&format!("{OWN_VERB}ports -o x")));
        for other in ["cc x", "\"${FUDSV:-fudsv}\" tool x && cc x", "\"${FUDSV:-fudsv}\" tool x $HOME"] {
            assert!(!is_own_verb(other), "{other}");
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
