//! The runner's names for files in the build directory that depend on what a step makes.
//! All others are in [`workdir::names`](crate::workdir::names).

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

pub use crate::workdir::names::{
    STEPS, SUMS, TOOLS, is_temporary, is_temporary_of, plain_temporary_name, step_file, temporary_name,
};

/// The directory of the lists of files that steps added to directories of other steps: see `added`.
pub const ADDED: &str = ".fudsv/added";

/// The list of files that the maker of this file added elsewhere; `None` if no step of fudsv makes the file.
pub fn added_by_maker(file: &Utf8Path) -> Option<Utf8PathBuf> {
    let is_made = file.is_relative() && !file.starts_with("..") && !file.starts_with(".fudsv");
    is_made.then(|| Utf8Path::new(ADDED).join(format!("{file}.sums")))
}

/// The temporary directory for outputs of this directory during this run of the step.
pub fn temporary_dir(step: &str, directory: &Utf8Path) -> Utf8PathBuf {
    directory.join(temporary_name(step))
}

/// Whether a path leads into the build directory, judged by its text.
pub fn is_inside(path: &Utf8Path) -> bool {
    path.components().all(|part| matches!(part, Utf8Component::Normal(_) | Utf8Component::CurDir))
}

/// Whether this file of a tool changes with every run although the results do not: Verilator's lists of the files that it
/// read.
pub fn is_volatile(path: &Utf8Path) -> bool {
    path.file_name().is_some_and(|name| {
        name.starts_with('V') && (name.ends_with("__verFiles.dat") || name.ends_with("__ver.d"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
