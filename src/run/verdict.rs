//! The end of a run, as its program reports it.
//! It does not know how the program reports it, nor what was expected.

use camino::Utf8PathBuf;
use serde::{Deserialize, Serialize};

/// How a simulation ended.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// It wrote a verdict.
    Verdict(Box<Verdict>),
    /// It should have written a verdict but did not. It ended with this exit code, 128 + n for signal n.
    Silent(i32),
    /// A program that writes no verdict ended with this exit code, 128 + n for signal n.
    Exited(i32),
    /// It took too long, and fudsv ended it.
    TimedOut,
    /// The user interrupted.
    Interrupted,
}

/// The verdict that a simulation writes.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Verdict {
    /// `passed`, `failed` or `timeout`, when the simulated time was limited.
    pub status: String,
    /// What ended it or made it fail, such as `fatal`.
    pub kind: Option<String>,
    /// Its message.
    pub message: Option<String>,
    /// The source file, under the name that it had when the program was built.
    pub file: Option<String>,
    /// Line, from 1.
    pub line: Option<u32>,
    /// Simulated time with its unit, or in units of the model.
    pub time: Option<serde_json::Value>,
    /// How many errors there were.
    pub errors: Option<u64>,
    /// The seed that was given.
    pub seed: Option<u64>,
    /// The files that it opened to read.
    pub read: Vec<Utf8PathBuf>,
    /// The files that it could not open.
    pub absent: Vec<Utf8PathBuf>,
    /// The files that it opened to write.
    pub written: Vec<Utf8PathBuf>,
    /// The variables of the environment that it asked for.
    pub variables: Vec<String>,
    /// Whether it ran commands. What these read or wrote is not known.
    pub ran_commands: bool,
    /// Whether it drew random numbers from the generator that has the seed.
    pub drew_numbers: bool,
    /// Whether these lists are complete: no code in it can read something else.
    pub sees_all: bool,
    /// Its peak memory, in KiB.
    pub peak_memory: u64,
    /// The result of each test function.
    pub tests: Vec<Test>,
    /// Why it may depend on something that fudsv does not see, if that is known.
    pub not_seen: Option<String>,
}

/// The result of a test function.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Test {
    /// Its module.
    pub module: String,
    /// Its name.
    pub name: String,
    /// `passed`, `failed` or `skipped`.
    pub verdict: String,
    /// The exception that ended it; empty if there was none.
    pub kind: String,
    /// The exception's message, in one line.
    pub message: String,
    /// Where the test failed.
    pub file: Option<Utf8PathBuf>,
    /// Line, from 1.
    pub line: Option<u32>,
    /// The simulated time when it ended.
    pub time: Option<String>,
    /// How much simulated time it took.
    pub simulated: Option<String>,
    /// How long it took.
    pub seconds: f64,
    /// The seed of Python's random generator.
    pub seed: Option<u64>,
}

impl Test {
    /// Whether it failed.
    pub fn is_bad(&self) -> bool {
        self.verdict == "failed"
    }
}
