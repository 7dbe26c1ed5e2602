//! The runner's names for files in the build directory: those that depend on what a step makes.
//! All others stand in [`workdir::names`](crate::workdir::names).

use crate::step::args::Output;
use camino::{Utf8Path, Utf8PathBuf};

pub use crate::workdir::names::{
    STEPS, SUMS, TOOLS, is_temporary, is_temporary_of, plain_temporary_name, step_file, temporary_name,
};

/// The temporary directory that stands for the directory of an output during this run of the step.
pub fn temporary_dir(step: &str, output: &Output) -> Utf8PathBuf {
    output.parent().join(temporary_name(step))
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
    fn a_directory_output_is_known_to_ninja_by_its_list() {
        let output = |path: &str, directory| Output { path: path.into(), directory };
        assert_eq!(output("a/b", true).for_ninja(), "a/b/SHA256SUMS");
        assert_eq!(output("a/b", false).for_ninja(), "a/b");
        let temporary = format!("a/.fudsv-tmp.s.{}", std::process::id());
        assert_eq!(temporary_dir("s", &output("a/b", false)), temporary);
        assert_eq!(temporary_dir("s", &output("b", false)), temporary["a/".len()..]);
    }
}
