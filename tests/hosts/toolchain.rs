//! What `fudsv exec` builds with each Verilator, and the Python that drives it.
//! It does not know who drives the models.

pub use super::machine::{
    Toolchain, here, of_package, optional_tool, own_python, skipped_outside_ci, succeed, survives_full_disk,
    toolchains, verilators,
};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

/// A directory that is kept between runs.
pub fn scratch(path: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("hosts").join(path)
}

impl Toolchain {
    /// Builds a model of a design in every one of these states, in a build directory of their own that is kept
    /// between runs.
    pub fn build(&self, top: &str, files: &[&str], settings: &[&str], states: &[&str]) -> Vec<PathBuf> {
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _guard = ONE_AT_A_TIME.lock();
        let options = [settings, states].concat().join("-").replace(['=', '/', '"', '[', ']'], "-");
        let id = format!("{top}-{}-{options}", self.name);
        let mut fudsv = Command::new(env!("CARGO_BIN_EXE_fudsv"));
        fudsv.current_dir(here(".")).arg("exec").args(files).arg("--dir").arg(scratch(&id));
        for state in states {
            fudsv.args(["--to", state]);
        }
        let exe = [format!("verilator.exe={}", self.verilator), format!("cxx.exe={}", self.cxx)];
        let design = [format!("verilator.top={top}"), "verilator.include-dirs=tests/designs".to_owned()];
        let own = exe.iter().chain(&design).map(String::as_str);
        for setting in own.chain(settings.iter().copied()) {
            fudsv.args(["--set", setting]);
        }
        succeed(&mut fudsv).lines().map(here).collect()
    }
}
