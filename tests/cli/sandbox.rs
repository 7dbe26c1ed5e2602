//! A temporary project with a home of its own, in which the program runs with nothing of the machine but its tools.
//! It does not know what the program is asked.

use crate::toolchain::second_verilator;
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// The program under test.
pub const FUDSV: &str = env!("CARGO_BIN_EXE_fudsv");

/// Every sandbox has a path of this many bytes, so that positions in emitted commands are the same everywhere.
const PATH_LENGTH: usize = 120;

/// What the path of a sandbox is called in what tests see.
const MASK: &str = "/sandbox";

/// `<dir>/project` is where commands run; `<dir>/home` and `<dir>/bin` are beside it.
pub struct Sandbox {
    dir: PathBuf,
    env: BTreeMap<String, String>,
    _kept: TempDir,
}

/// How a program ended and what it said, masked; printed as one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub exit: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.exit {
            Some(code) => write!(f, "exit {code}")?,
            None => write!(f, "killed")?,
        }
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                write!(f, "\n--- {name}\n{}", text.strip_suffix('\n').unwrap_or(text))?;
            }
        }
        Ok(())
    }
}

impl Said {
    /// What was said when it went well; anything else ends the test.
    pub fn well(&self) -> &Said {
        assert_eq!(self.exit, Some(0), "{self}");
        self
    }

    /// Standard output without its final line break.
    pub fn result(&self) -> &str {
        self.well().stdout.trim_end_matches('\n')
    }
}

impl Sandbox {
    /// An empty project.
    pub fn new() -> Sandbox {
        let kept = tempfile::tempdir().unwrap();
        let base = kept.path().canonicalize().unwrap();
        let used = base.as_os_str().len() + 1;
        let padding = PATH_LENGTH.checked_sub(used).filter(|rest| *rest > 0).unwrap();
        let dir = base.join("x".repeat(padding));
        for name in ["project", "home", "bin", ".git"] {
            fs::create_dir_all(dir.join(name)).unwrap();
        }
        let path = format!("{}:{}", dir.join("bin").display(), std::env::var("PATH").unwrap());
        let home = dir.join("home").display().to_string();
        let env = BTreeMap::from([
            ("PATH".to_owned(), path),
            ("HOME".to_owned(), home.clone()),
            ("XDG_CONFIG_HOME".to_owned(), format!("{home}/config")),
            ("XDG_DATA_HOME".to_owned(), format!("{home}/data")),
            ("XDG_DATA_DIRS".to_owned(), format!("{home}/system")),
            ("XDG_CACHE_HOME".to_owned(), format!("{home}/cache")),
            ("LC_ALL".to_owned(), "C".to_owned()),
        ]);
        Sandbox { dir, env, _kept: kept }
    }

    /// A sandbox whose project is a copy of another's, times included.
    pub fn copy_of(other: &Sandbox) -> Sandbox {
        let sandbox = Sandbox::new();
        let from = other.path(".");
        let status = Command::new("cp").arg("-a").arg(from).arg(sandbox.path("")).status().unwrap();
        assert!(status.success());
        sandbox
    }

    /// Adds a file to the project.
    pub fn file(self, name: &str, text: &str) -> Sandbox {
        self.write(name, text);
        self
    }

    /// Adds a program to `bin`, which comes first on PATH: a shell script.
    pub fn tool(self, name: &str, script: &str) -> Sandbox {
        self.program(name, script);
        self
    }

    /// Adds a Verilator of this version that does nothing.
    pub fn verilator(self, version: &str) -> Sandbox {
        let include = self.dir.join("share/verilator/include");
        fs::create_dir_all(&include).unwrap();
        fs::write(include.join("verilated.h"), "").unwrap();
        let config = format!("#define VERILATOR_VERSION \"{version}\"\n");
        fs::write(include.join("verilated_config.h"), config).unwrap();
        self.tool("verilator_bin", "exit 1")
    }

    /// Sets a variable of the environment.
    pub fn var(mut self, name: &str, value: &str) -> Sandbox {
        self.env.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Leaves nothing on PATH but `bin`, with links to these programs of the machine.
    pub fn only(self, names: &[&str]) -> Sandbox {
        for name in names {
            std::os::unix::fs::symlink(which(name), self.dir.join("bin").join(name)).unwrap();
        }
        let bin = self.dir.join("bin").display().to_string();
        self.var("PATH", &bin)
    }

    /// A path in the project.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.join("project").join(name)
    }

    /// The directory that holds the project, the home and the programs.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Writes a file of the project.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Writes a program into `bin`.
    pub fn program(&self, name: &str, script: &str) {
        let path = self.dir.join("bin").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Writes a file until the file system gives it a later time than it had, as an editor that is used seconds
    /// later does.
    pub fn edit(&self, name: &str, text: &str) {
        let before = modified(&self.path(name));
        self.write(name, text);
        while modified(&self.path(name)) <= before {
            self.write(name, text);
        }
    }

    /// Gives a file a later time and leaves its content.
    pub fn touch(&self, name: &str) {
        let text = fs::read(self.path(name)).unwrap();
        self.edit(name, &String::from_utf8(text).unwrap());
    }

    /// The text of a file of the project, or why there is none.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|e| self.mask(&e.to_string()))
    }

    /// Whether something is there.
    pub fn has(&self, name: &str) -> bool {
        self.path(name).symlink_metadata().is_ok()
    }

    /// Runs `fudsv` in the project; the words are split as a shell splits them.
    pub fn fudsv(&self, words: &str) -> Said {
        self.fudsv_in("", words)
    }

    /// Runs `fudsv` in a directory of the project.
    pub fn fudsv_in(&self, dir: &str, words: &str) -> Said {
        self.fudsv_words(dir, &shlex::split(words).unwrap())
    }

    /// Runs `fudsv` with these very words.
    pub fn fudsv_words<S: AsRef<std::ffi::OsStr>>(&self, dir: &str, words: &[S]) -> Said {
        self.said(self.command(FUDSV, dir).args(words).output().unwrap())
    }

    /// Runs `fudsv` with a text on its standard input.
    pub fn fudsv_with_stdin(&self, words: &str, stdin: &str) -> Said {
        let mut command = self.command(FUDSV, "");
        command.args(shlex::split(words).unwrap()).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A program that does not read it is no fault of the test.
        drop(child.stdin.take().unwrap().write_all(stdin.as_bytes()));
        self.said(child.wait_with_output().unwrap())
    }

    /// Runs a shell command in the project.
    pub fn sh(&self, script: &str) -> Said {
        self.said(self.command("/bin/sh", "").args(["-c", script]).output().unwrap())
    }

    /// Runs Ninja itself in a directory of the project, as a CI machine does.
    pub fn ninja(&self, dir: &str, words: &str) -> Said {
        let mut command = self.command("ninja", dir);
        let mut said =
            self.said(command.args(shlex::split(words).unwrap()).env("FUDSV", FUDSV).output().unwrap());
        // How many steps there are is counted otherwise by each version.
        let count = |line: &str| match line.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
            Some((_, step)) => format!("[N/M] {step}"),
            None => line.to_owned(),
        };
        said.stdout = said.stdout.split_inclusive('\n').map(count).collect();
        said
    }

    /// A program in the sandbox, not started.
    pub fn command(&self, program: &str, dir: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.path(dir)).env_clear().envs(&self.env).stdin(Stdio::null());
        command
    }

    /// The names of the files below a directory of the project, sorted; build directories are left out.
    pub fn tree(&self, dir: &str) -> Vec<String> {
        let mut found = vec![];
        collect(&self.path(dir), Path::new(""), &mut found);
        found.sort();
        found
    }

    /// How often each step ran in the last build of a build directory, and which were only looked at: lines of
    /// `<step> ran` and `<step> hit`.
    pub fn outcomes(&self, workdir: &str) -> Vec<String> {
        let events = fs::read_to_string(self.path(workdir).join(".fudsv/events.ndjson")).unwrap();
        let ends = events.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let ends = ends.filter(|event| event["event"] == "end");
        let text = |event: &serde_json::Value, key: &str| event[key].as_str().unwrap().to_owned();
        ends.map(|event| format!("{} {}", text(&event, "step"), text(&event, "outcome"))).collect()
    }

    /// What is the same on every machine and in every run.
    pub fn mask(&self, text: &str) -> String {
        let text = text.replace(self.dir.to_str().unwrap(), MASK).replace(FUDSV, "FUDSV");
        let text = text.replace(concat!("fudsv ", env!("CARGO_PKG_VERSION")), "fudsv VERSION");
        // Newer Ninjas say the exit code.
        let text = mask_number(&text, "FAILED: [code=").replace("FAILED: [code=N] ", "FAILED: ");
        mask_built_in(&mask_number(&text, "(held by pid "))
    }

    /// What a program of the sandbox said, masked.
    pub fn said(&self, output: Output) -> Said {
        let text = |bytes: &[u8]| self.mask(&String::from_utf8_lossy(bytes));
        Said { exit: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }
}

/// Nanoseconds; the beginning of time for what is not there.
fn modified(path: &Path) -> i128 {
    let time = |meta: fs::Metadata| i128::from(meta.mtime()) * 1_000_000_000 + i128::from(meta.mtime_nsec());
    fs::metadata(path).map(time).unwrap_or_default()
}

fn collect(dir: &Path, below: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let name = below.join(entry.file_name());
        if entry.file_name() == ".fudsv" {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &name, found);
        } else {
            found.push(name.to_str().unwrap().to_owned());
        }
    }
}

/// The digits after a text become `N`.
fn mask_number(text: &str, before: &str) -> String {
    let mut parts = text.split(before);
    let mut masked = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        masked.push_str(&format!("{before}N{rest}"));
    }
    masked
}

/// Lines and columns of built-in scripts, which change with every edit of them, become `L:C`.
fn mask_built_in(text: &str) -> String {
    let mut shown = 0;
    let line = |line: &str| {
        if let Some(at) = line.find("<built-in>/") {
            shown = if line.contains("--> ") { 3 } else { 0 };
            let end = line[at..].find(':').map_or(line.len(), |colon| at + colon);
            let number = |rest: &str| rest.trim_start_matches(|c: char| c.is_ascii_digit()).to_owned();
            let rest = line[end..].strip_prefix(':').map(number).unwrap_or_default();
            let rest = rest.strip_prefix(':').map(number).unwrap_or(rest);
            return format!("{}:L:C{rest}", &line[..end]);
        }
        let gutter = line.find('|').filter(|_| shown > 0);
        shown = if gutter.is_some() { shown - 1 } else { 0 };
        gutter.map_or(line.to_owned(), |at| format!("   {}", &line[at..]))
    };
    text.split_inclusive('\n').map(line).collect()
}

/// The words that choose each Verilator that is here; none for the one on PATH.
pub fn verilators() -> Vec<String> {
    let exe = |root: String| format!("verilator.exe={root}/bin/verilator_bin");
    let second = second_verilator().map(|root| format!("-s {}", quoted(&exe(root))));
    std::iter::once(String::new()).chain(second).collect()
}

/// A text as one word of a shell, and of [`Sandbox::fudsv`].
pub fn quoted(text: &str) -> String {
    shlex::try_quote(text).unwrap().into_owned()
}

/// A program of the machine; a missing one ends the test.
pub fn which(name: &str) -> PathBuf {
    let path = std::env::var("PATH").unwrap();
    let found = path.split(':').map(|dir| Path::new(dir).join(name)).find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("these tests need `{name}` on PATH"))
}
