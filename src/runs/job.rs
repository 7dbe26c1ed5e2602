//! Describes one run: the program, its arguments, its limits, and where its results go.
//! It does not know whether the run is executed.

use super::expect::Expect;
use super::spec::Cacheable;
use crate::run::cocotb::Cocotb;
use camino::Utf8PathBuf;
use std::time::Duration;

/// The kind of program that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// fudsv's main program around a model: it writes its verdict and what it read.
    Simulation,
    /// The user's own program: its exit code is the verdict.
    Program,
    /// A design that cocotb's tests drive. Each test reports its result.
    Cocotb,
}

impl Kind {
    /// Its name in keys.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Simulation => "simulation",
            Kind::Program => "own program",
            Kind::Cocotb => "cocotb",
        }
    }
}

/// A run to execute.
#[derive(Clone, Debug)]
pub struct Job {
    /// `tb_core[program=b.hex]#7`.
    pub name: String,
    /// Its seed, as the user gives it.
    pub seed: Option<u64>,
    /// The kind of program.
    pub kind: Kind,
    /// The program: absolute.
    pub program: Utf8PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// How to run cocotb's tests, if it runs such tests.
    pub cocotb: Option<Box<Cocotb>>,
    /// Where it runs.
    pub cwd: Utf8PathBuf,
    /// Where its results go: absolute.
    pub dir: Utf8PathBuf,
    /// How long it may take.
    pub timeout: Option<Duration>,
    /// Its expected result.
    pub expect: Expect,
    /// Whether a pass is kept.
    pub cacheable: Cacheable,
    /// What the user types to run just this.
    pub repeat: String,
    /// Whether it may have no test with the given names.
    pub may_be_empty: bool,
    /// Waveforms that it writes into its directory: their format.
    pub waves: Option<&'static str>,
}

impl Job {
    /// Its record.
    pub fn record(&self) -> Utf8PathBuf {
        self.dir.join("result.json")
    }

    /// Its log: what it printed.
    pub fn log(&self) -> Utf8PathBuf {
        self.dir.join("log")
    }

    /// The variables that control it.
    pub fn settings(&self) -> Vec<String> {
        let variables = self.cocotb.iter().flat_map(|cocotb| &cocotb.variables);
        variables.map(|(name, value)| format!("{name}={value}")).collect()
    }

    /// Its waveforms.
    pub fn waves_file(&self) -> Option<Utf8PathBuf> {
        self.waves.map(|format| self.dir.join(format!("waves.{format}")))
    }
}
