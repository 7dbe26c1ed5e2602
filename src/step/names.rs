//! The names of the files that the runner keeps in the build directory, and of its temporary directories.
//! It does not know what is in them.

use camino::{Utf8Path, Utf8PathBuf};

/// Where the runner keeps its files, below the build directory.
pub const STEPS: &str = ".fudsv/steps";

/// Where the identities of tools are, below the build directory.
pub const TOOLS: &str = ".fudsv/tools";

/// The list of the files of a directory output, inside that directory.
pub const SUMS: &str = "SHA256SUMS";

/// Where the lists are of files that steps added to directories of others: see `added`.
pub const ADDED: &str = ".fudsv/added";

/// What every temporary directory of ours begins with.
const TEMPORARY: &str = ".fudsv-tmp.";

/// One of a step's files: `json` its record, `d` Ninja's dependency file, `log`, `lock`.
pub fn step_file(step: &str, suffix: &str) -> Utf8PathBuf {
    Utf8PathBuf::from(format!("{STEPS}/{step}.{suffix}"))
}

/// The list of what the step that makes this file added elsewhere; none where no step of ours makes it.
pub fn added_by_maker(file: &Utf8Path) -> Option<Utf8PathBuf> {
    let is_made = file.is_relative() && !file.starts_with("..") && !file.starts_with(".fudsv");
    is_made.then(|| Utf8Path::new(ADDED).join(format!("{file}.sums")))
}

/// The temporary directory that stands for this directory of outputs during this run of the step.
pub fn temporary_dir(step: &str, directory: &Utf8Path) -> Utf8PathBuf {
    directory.join(temporary_name(step))
}

/// The name of this run's temporary directories.
pub fn temporary_name(step: &str) -> String {
    format!("{TEMPORARY}{step}.{}", std::process::id())
}

/// The name of a step's temporary directories where no runner makes them.
pub fn plain_temporary_name(step: &str) -> String {
    format!("{TEMPORARY}{step}")
}

/// Whether a run of this step made a temporary directory of this name.
pub fn is_temporary_of(step: &str, name: &str) -> bool {
    let rest = name.strip_prefix(TEMPORARY).and_then(|rest| rest.strip_prefix(step));
    let process = rest.and_then(|rest| rest.strip_prefix('.'));
    process.is_some_and(|process| process.parse::<u32>().is_ok())
}

/// Whether this is a temporary directory of any step.
pub fn is_temporary(name: &str) -> bool {
    name.starts_with(TEMPORARY)
}

/// Whether this file of a tool changes with every run though its results do not: Verilator's lists of what it read.
pub fn is_volatile(path: &Utf8Path) -> bool {
    path.file_name().is_some_and(|name| {
        name.starts_with('V') && (name.ends_with("__verFiles.dat") || name.ends_with("__ver.d"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_temporary_directories_of_a_step_are_recognized() {
        assert!(is_temporary_of("a", ".fudsv-tmp.a.12"));
        assert!(is_temporary_of("a.b", ".fudsv-tmp.a.b.12"));
        assert!(!is_temporary_of("a", ".fudsv-tmp.a.b.12"));
        assert!(!is_temporary_of("a", ".fudsv-tmp.ab.12"));
    }

    #[test]
    fn a_temporary_directory_is_beside_the_output() {
        let temporary = format!("a/.fudsv-tmp.s.{}", std::process::id());
        assert_eq!(temporary_dir("s", Utf8Path::new("a")), temporary);
        assert_eq!(temporary_dir("s", Utf8Path::new("")), temporary["a/".len()..]);
    }

    #[test]
    fn only_files_that_steps_make_have_a_list_of_what_was_added() {
        let list = |file: &str| added_by_maker(Utf8Path::new(file)).map(Utf8PathBuf::into_string);
        assert_eq!(list("gen/sim.log").as_deref(), Some(".fudsv/added/gen/sim.log.sums"));
        assert_eq!([list("../a"), list("/a"), list(".fudsv/tools/cxx")], [None, None, None]);
    }
}
