//! A temporary build directory in which steps run as Ninja runs them.
//! It does not know what the steps do.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::rc::Rc;

/// The program under test.
pub const FUDSV: &str = env!("CARGO_BIN_EXE_fudsv");

/// What a run of a step did.
#[derive(Debug)]
pub struct Ran {
    pub exit: i32,
    /// Standard error and standard output.
    pub said: String,
    pub outcome: String,
    pub why: String,
}

pub struct Sandbox {
    dir: PathBuf,
    _kept: Rc<tempfile::TempDir>,
}

impl Sandbox {
    pub fn new() -> Sandbox {
        let kept = Rc::new(tempfile::tempdir().unwrap());
        Sandbox { dir: kept.path().to_owned(), _kept: kept }
    }

    /// A build directory inside this one.
    pub fn inside(&self, name: &str) -> Sandbox {
        Sandbox { dir: self.path(name), _kept: Rc::clone(&self._kept) }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// What the directory is called in its parent.
    pub fn name(&self) -> String {
        self.dir.file_name().unwrap().to_str().unwrap().to_owned()
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The same name with another inode.
    pub fn rewrite(&self, name: &str, text: &str) {
        self.write(&format!("{name}.new"), text);
        fs::rename(self.path(&format!("{name}.new")), self.path(name)).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|e| e.to_string())
    }

    pub fn remove(&self, name: &str) {
        fs::remove_file(self.path(name)).unwrap();
    }

    /// Writes a file until the file system gives it a later time than `other` has.
    pub fn later_than(&self, other: &str, name: &str, text: &str) {
        let time = |name: &str| fs::metadata(self.path(name)).unwrap().modified().unwrap();
        let other = time(other);
        self.write(name, text);
        while time(name) <= other {
            self.write(name, text);
        }
    }

    /// Inode and modification time.
    pub fn identity(&self, name: &str) -> (u64, i64, i64) {
        let meta = fs::metadata(self.path(name)).unwrap();
        (meta.ino(), meta.mtime(), meta.mtime_nsec())
    }

    /// All files but the runner's own, sorted.
    pub fn tree(&self) -> Vec<String> {
        let mut names = vec![];
        list(&self.dir, &self.dir, &mut names);
        names.retain(|name| !name.starts_with(".fudsv/") && name != "events" && !name.starts_with(".ninja"));
        names.sort();
        names
    }

    pub fn log(&self, step: &str) -> String {
        self.read(&format!(".fudsv/steps/{step}.log"))
    }

    pub fn depfile(&self, step: &str) -> String {
        self.read(&format!(".fudsv/steps/{step}.d"))
    }

    pub fn sh(&self, script: &str) -> String {
        let output = Command::new("sh").args(["-c", script]).current_dir(&self.dir).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{script}\n{said}\n{}", String::from_utf8_lossy(&output.stderr));
        said
    }

    pub fn step(&self, name: &str) -> StepWords {
        StepWords { options: vec!["--step".into(), name.into()], ..StepWords::default() }
    }

    /// The runner, ready to be started.
    pub fn runner(&self, words: &[String]) -> Command {
        let mut command = Command::new(FUDSV);
        command.args(["tool", "run"]).args(words).current_dir(&self.dir).env("FUDSV_EVENTS", "events");
        command
    }

    pub fn run(&self, words: &[String]) -> Ran {
        self.finish(&mut self.runner(words))
    }

    /// Runs the command and reads the last line of the event log.
    pub fn finish(&self, command: &mut Command) -> Ran {
        fs::remove_file(self.path("events")).unwrap_or_default();
        let Output { status, stdout, stderr } = command.output().unwrap();
        let events = fs::read_to_string(self.path("events")).unwrap_or_default();
        let last = events.lines().last().unwrap_or("{}");
        let last: serde_json::Value = serde_json::from_str(last).unwrap();
        let text = |key: &str| last[key].as_str().unwrap_or_default().to_owned();
        let said = String::from_utf8(stderr).unwrap() + String::from_utf8(stdout).unwrap().as_str();
        Ran { exit: status.code().unwrap_or(-1), said, outcome: text("outcome"), why: causes(&last["why"]) }
    }

    /// What the driver's scan forces, as `step: why`.
    pub fn scan(&self) -> Vec<String> {
        self.scan_with(&std::env::vars().collect())
    }

    /// The same with other variables.
    pub fn scan_with(&self, variables: &BTreeMap<String, String>) -> Vec<String> {
        let workdir = camino::Utf8Path::from_path(&self.dir).unwrap();
        let scanned =
            fudsv::step::scan::force_changed(workdir, variables, fudsv::step::DatabaseFiles::default(), &[])
                .unwrap();
        scanned.forced.into_iter().map(|forced| format!("{}: {}", forced.step, forced.why)).collect()
    }

    /// What the driver forces after it wrote a Ninja file of these steps.
    pub fn restate(&self, steps: &[&StepWords]) -> Vec<String> {
        let workdir = camino::Utf8Path::from_path(&self.dir).unwrap();
        let digest = |step: &&StepWords| (step.options[1].clone(), fudsv::step::args::digest(&step.words()));
        let stated = steps.iter().map(digest).collect();
        let forced = fudsv::step::scan::force_restated(workdir, &stated).unwrap();
        forced.into_iter().map(|forced| format!("{}: {}", forced.step, forced.why)).collect()
    }

    /// Writes a Ninja file of these steps.
    pub fn ninja_file(&self, steps: &[&StepWords]) {
        let mut text =
            "rule exec\n  command = $cmd\n  restat = 1\n  depfile = .fudsv/steps/${name}.d\n".to_owned();
        for step in steps {
            text += &step.ninja();
        }
        self.write("build.ninja", &text);
    }

    /// Runs Ninja; returns whether it succeeded and what it said.
    pub fn ninja(&self) -> (bool, String) {
        let output =
            Command::new("ninja").arg("-j2").current_dir(&self.dir).env("FUDSV_EVENTS", "events").output();
        let output = output.unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    }

    /// Step and outcome of every line that ends a step, since the last call.
    pub fn outcomes(&self) -> Vec<String> {
        let events = fs::read_to_string(self.path("events")).unwrap_or_default();
        fs::remove_file(self.path("events")).unwrap_or_default();
        let lines = events.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let ends = lines.filter(|line| line["event"] == "end");
        ends.map(|line| format!("{} {}", line["step"].as_str().unwrap(), line["outcome"].as_str().unwrap()))
            .collect()
    }
}

fn list(root: &Path, dir: &Path, names: &mut Vec<String>) {
    for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() && !path.is_symlink() {
            list(root, &path, names);
        } else {
            names.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
        }
    }
}

/// A word for `sh`.
pub fn quoted(data: &str) -> String {
    format!("'{}'", data.replace('\'', r"'\''"))
}

/// The words of a step. In a command, `<name>` is a span that names that output.
#[derive(Clone, Default)]
pub struct StepWords {
    options: Vec<String>,
    outputs: Vec<String>,
    inputs: Vec<String>,
    commands: Vec<String>,
    cwd: String,
}

impl StepWords {
    pub fn out(mut self, path: &str) -> StepWords {
        self.outputs.push(path.into());
        self
    }

    pub fn input(mut self, path: &str) -> StepWords {
        self.inputs.push(path.into());
        self
    }

    pub fn option(mut self, words: &[&str]) -> StepWords {
        self.options.extend(words.iter().map(|word| (*word).to_owned()));
        self
    }

    /// Runs the commands in `up`, from where the build directory is called `down`.
    pub fn cwd(mut self, up: &str, down: &str) -> StepWords {
        self.cwd = down.to_owned() + "/";
        self.option(&["--cwd", up])
    }

    pub fn command(mut self, text: &str) -> StepWords {
        let (command, spans) = self.spliced(text);
        for (start, length, output, letter) in spans {
            self.options.push("-s".into());
            self.options.push(format!("{}:{start}:{length}:{output}:{letter}", self.commands.len()));
        }
        self.commands.push(command);
        self
    }

    fn spliced(&self, text: &str) -> (String, Vec<(usize, usize, usize, char)>) {
        let mut command = text.to_owned();
        let mut spans = vec![];
        let marks = self.outputs.iter().enumerate().map(|(n, o)| (n, o.trim_end_matches('/')));
        let marks: Vec<(usize, String, String)> =
            marks.map(|(n, o)| (n, format!("<{o}>"), format!("{}{o}", self.cwd))).collect();
        loop {
            let found =
                marks.iter().filter_map(|(n, mark, name)| Some((command.find(mark)?, *n, mark, name))).min();
            let Some((start, output, mark, name)) = found else { return (command, spans) };
            let (letter, written) = match command[..start].chars().last() {
                Some('"') => ('d', double(name)),
                Some('\'') => ('s', name.replace('\'', r"'\''")),
                _ if name.starts_with('-') => ('b', quoted(&format!("./{name}"))),
                _ => ('b', quoted(name)),
            };
            spans.push((start, written.len(), output, letter));
            command.replace_range(start..start + mark.len(), &written);
        }
    }

    pub fn words(&self) -> Vec<String> {
        let mut words = self.options.clone();
        for output in &self.outputs {
            words.extend(["-o".into(), output.clone()]);
        }
        for input in &self.inputs {
            words.extend(["-i".into(), input.clone()]);
        }
        words.push("--".into());
        words.extend(self.commands.clone());
        words
    }

    fn ninja(&self) -> String {
        let path = |p: &String| p.replace('$', "$$").replace(' ', "$ ").replace(':', "$:");
        let output = |p: &String| if p.ends_with('/') { path(&format!("{p}SHA256SUMS")) } else { path(p) };
        let outputs: Vec<String> = self.outputs.iter().map(output).collect();
        let inputs: Vec<String> = self.inputs.iter().map(path).collect();
        let words: Vec<String> = [FUDSV, "tool", "run"]
            .map(quoted)
            .into_iter()
            .chain(self.words().iter().map(|w| quoted(w)))
            .collect();
        let (name, command) = (&self.options[1], words.join(" ").replace('$', "$$"));
        format!(
            "build {}: exec {}\n  name = {name}\n  cmd = {command}\n",
            outputs.join(" "),
            inputs.join(" ")
        )
    }
}

fn double(name: &str) -> String {
    name.chars().flat_map(|c| "\"\\$`".contains(c).then_some('\\').into_iter().chain([c])).collect()
}

fn causes(why: &serde_json::Value) -> String {
    let causes = why.as_array().into_iter().flatten().filter_map(serde_json::Value::as_str);
    causes.collect::<Vec<_>>().join("; ")
}
