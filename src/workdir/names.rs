//! The names of everything that fudsv and Ninja keep in a build directory, seen from there.
//! It does not know what is in the files.

pub use super::internal::{INTERNAL, LOCK, STEPS};
use camino::{Utf8Path, Utf8PathBuf};

/// What Ninja reads.
pub const NINJA_FILE: &str = "build.ninja";

/// What compiles which C++ file, for editors.
pub const COMPILE_COMMANDS: &str = "compile_commands.json";

/// The file to which step runners append their events.
pub const EVENTS: &str = ".fudsv/events.ndjson";

/// What was found when the directories of steps were looked at last.
pub const SCAN: &str = ".fudsv/scan";

/// What the Ninja file depends on.
pub const GENERATED: &str = ".fudsv/generated.json";

/// What each step of the Ninja file is, for messages.
pub const STEP_TEXTS: &str = ".fudsv/steps.json";

/// What steps of the Ninja file make inside the build directory.
pub const OUTPUTS: &str = ".fudsv/outputs.json";

/// How many warnings the steps gave.
pub const WARNINGS: &str = ".fudsv/warnings.json";

/// The request, so that the Ninja file can be regenerated.
pub const REQUEST: &str = ".fudsv/request.json";

/// Which store steps use. Nothing depends on it: another store makes no other result.
pub const STORE: &str = ".fudsv/store";

/// Which databases steps load, and the sources for which these stand; not there without any.
pub const DATABASES: &str = ".fudsv/databases.json";

/// There when this build directory was told why the store cannot be written.
pub const STORE_TOLD: &str = ".fudsv/store.told";

/// Where the talker of a build listens, while it runs.
pub const REMOTE: &str = ".fudsv/remote.socket";

/// There when this build directory was told what is wrong with the remote store; it says whether that is left alone.
pub const REMOTE_TOLD: &str = ".fudsv/remote.told";

/// What came from the remote store, where the store of the machine takes nothing.
pub const FETCHED: &str = ".fudsv/fetched";

/// Standard input, when it is an input.
pub const STDIN: &str = ".fudsv/stdin";

/// What the simulation printed that ended last.
pub const RUN_LOG: &str = ".fudsv/run.log";

/// Where the results of runs are, a directory for each.
pub const RUNS: &str = ".fudsv/runs";

/// Where the identities of tools are.
pub const TOOLS: &str = ".fudsv/tools";

/// The list of the files of a directory output, inside that directory.
pub const SUMS: &str = "SHA256SUMS";

/// What Ninja and fudsv keep outside of [`INTERNAL`].
pub const KEPT: [&str; 4] = [NINJA_FILE, ".ninja_log", ".ninja_deps", COMPILE_COMMANDS];

/// The files in [`INTERNAL`] that have one name.
pub(super) const FILES: [&str; 15] = [
    LOCK,
    EVENTS,
    SCAN,
    GENERATED,
    STEP_TEXTS,
    OUTPUTS,
    WARNINGS,
    REQUEST,
    STORE,
    DATABASES,
    STORE_TOLD,
    REMOTE,
    REMOTE_TOLD,
    STDIN,
    RUN_LOG,
];

/// The directories of fudsv's own files.
pub(super) const DIRS: [&str; 3] = [INTERNAL, STEPS, TOOLS];

/// What every temporary directory of a step begins with.
const TEMPORARY: &str = ".fudsv-tmp.";

/// Whether Ninja or fudsv keep a file of this name.
pub fn is_kept(path: &Utf8Path) -> bool {
    KEPT.contains(&path.as_str()) || path.starts_with(INTERNAL)
}

/// One of a step's files: `json` its record, `d` Ninja's dependency file, `rsp` its command, `words` the same for
/// the runners of other steps, `log`, `lock`.
pub fn step_file(step: &str, suffix: &str) -> Utf8PathBuf {
    Utf8PathBuf::from(format!("{STEPS}/{step}.{suffix}"))
}

/// The file that contains the identity of a tool.
pub fn tool_file(name: &str) -> Utf8PathBuf {
    Utf8Path::new(TOOLS).join(name)
}

/// A file of the simulation that this process runs: `log`, `json` its verdict.
pub fn run_file(suffix: &str) -> Utf8PathBuf {
    Utf8PathBuf::from(format!("{INTERNAL}/run.{}.{suffix}", std::process::id()))
}

/// The file that `--timings` writes, in this format.
pub fn timings_file(format: &str) -> Utf8PathBuf {
    Utf8PathBuf::from(format!("{INTERNAL}/timings.{format}"))
}

/// The name of this run's temporary directories of a step.
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
}
