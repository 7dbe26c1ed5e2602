//! A temporary copy of the examples in which a reader types commands, with the program under test first on PATH.
//! It does not know what the commands should say.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The program under test.
pub const FUDSV: &str = env!("CARGO_BIN_EXE_fudsv");

/// What every command begins with: nothing of the caller's configuration, both outputs in one.
const PRELUDE: &str = r#"exec 2>&1
unset $(env | sed -n 's/^\(FUDSV[A-Z0-9_]*\)=.*/\1/p; s/^\(XDG_[A-Z_]*\)=.*/\1/p')
PATH="$PROGRAM:${VIRTUAL_ENV:+$VIRTUAL_ENV/bin:}$PATH"
"#;

pub struct Sandbox {
    cwd: PathBuf,
    /// The environment of Python that the reader has activated.
    active: Option<PathBuf>,
    kept: tempfile::TempDir,
}

impl Sandbox {
    /// `examples/` as it is in the repository, below an empty project.
    pub fn new() -> Sandbox {
        let kept = tempfile::tempdir().unwrap();
        let cwd = kept.path().canonicalize().unwrap();
        fs::create_dir_all(cwd.join(".git")).unwrap();
        fs::create_dir_all(cwd.join(".home")).unwrap();
        copy(Path::new("examples"), &cwd.join("examples"));
        Sandbox { cwd, active: None, kept }
    }

    /// With an environment of Python that is active.
    pub fn with_active(self, environment: &Path) -> Sandbox {
        Sandbox { active: Some(environment.to_owned()), ..self }
    }

    /// Where the reader stands.
    pub fn cwd(&self) -> &Path {
        &self.cwd
    }

    /// Types a command; returns its exit code and what it printed. `cd` lasts; `cd examples/…` begins at the root.
    pub fn type_in(&mut self, command: &str) -> (i32, String) {
        if command.starts_with("cd examples/") {
            self.cwd = self.kept.path().canonicalize().unwrap();
        }
        let place = self.kept.path().join(".cwd");
        let script = format!("{PRELUDE}{command}\nstatus=$?\npwd >\"$PLACE\"\nexit $status\n");
        let output = Command::new("sh")
            .args(["-c", &script])
            .current_dir(&self.cwd)
            .env("PROGRAM", Path::new(FUDSV).parent().unwrap())
            .env("HOME", self.kept.path().join(".home"))
            .env("PLACE", &place)
            .env("LC_ALL", "C.UTF-8")
            .env_remove("COLUMNS")
            .env("VIRTUAL_ENV", self.active.as_deref().unwrap_or(Path::new("")))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        if let Ok(cwd) = fs::read_to_string(&place) {
            self.cwd = cwd.trim_end().into();
        }
        (output.status.code().unwrap_or(-1), String::from_utf8(output.stdout).unwrap())
    }
}

/// Copies sources; what a build left there stays behind.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        let target = to.join(&name);
        if entry.file_type().unwrap().is_dir() {
            if name != ".fudsv" {
                copy(&entry.path(), &target);
            }
        } else if !name.to_string_lossy().ends_with(".so") {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
