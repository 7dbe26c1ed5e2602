//! What became of a run, as its program says it.
//! It does not know how the program says that, nor what was expected.

use camino::Utf8PathBuf;
use serde::{Deserialize, Serialize};

/// What became of a simulation.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// It said how it went.
    Verdict(Box<Verdict>),
    /// It ended without a word about it, though it should have said one: with this exit code, 128 + n for signal n.
    Silent(i32),
    /// A program without a verdict ended with this exit code, 128 + n for signal n.
    Exited(i32),
    /// It took too long and was ended.
    TimedOut,
    /// The user interrupted.
    Interrupted,
}

/// What a simulation says about itself.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Verdict {
    /// `passed`, `failed` or `timeout`, when the simulated time was limited.
    pub status: String,
    /// What ended or failed it, such as `fatal`.
    pub kind: Option<String>,
    /// What it said.
    pub message: Option<String>,
    /// Where, as the program was told when it was built.
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
    /// Whether it ran commands, of which nobody knows what they did.
    pub ran_commands: bool,
    /// Whether it drew random numbers from the generator that has the seed.
    pub drew_numbers: bool,
    /// Whether it has no code that may ask for something else.
    pub sees_all: bool,
    /// The most memory that it had, in KiB.
    pub peak_memory: u64,
    /// What became of each test function.
    pub tests: Vec<Test>,
    /// Why it may rest on something that nobody sees, where that is known.
    pub not_seen: Option<String>,
}

/// What became of a test function.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Test {
    /// The module that has it.
    pub module: String,
    /// Its name.
    pub name: String,
    /// `passed`, `failed` or `skipped`.
    pub verdict: String,
    /// The exception that ended it; empty when none did.
    pub kind: String,
    /// What that said, in a line.
    pub message: String,
    /// Where the test failed.
    pub file: Option<Utf8PathBuf>,
    /// Line, from 1.
    pub line: Option<u32>,
    /// When it ended, in simulated time.
    pub time: Option<String>,
    /// How much simulated time it took.
    pub simulated: Option<String>,
    /// How long it took.
    pub seconds: f64,
    /// The seed that Python's generator had.
    pub seed: Option<u64>,
}

impl Test {
    /// Whether it failed.
    pub fn is_bad(&self) -> bool {
        self.verdict == "failed"
    }
}
