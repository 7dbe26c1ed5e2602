//! One run that is to be made: what runs, with which words, within which limits, and where its results go.
//! It does not know whether it is made, or was made before.

use super::expect::Expect;
use super::spec::Cacheable;
use crate::run::cocotb::Cocotb;
use camino::Utf8PathBuf;
use std::time::Duration;

/// What kind of program is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Ours around a model: it says how it went and what it read.
    Simulation,
    /// The user's own: its exit code says how it went.
    Program,
    /// A design that cocotb's tests drive: each of them says how it went.
    Cocotb,
}

impl Kind {
    /// What it is called in keys.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Simulation => "simulation",
            Kind::Program => "own program",
            Kind::Cocotb => "cocotb",
        }
    }
}

/// One run.
#[derive(Clone, Debug)]
pub struct Job {
    /// `tb_core[program=b.hex]#7`.
    pub name: String,
    /// Its seed, as the user says it.
    pub seed: Option<u64>,
    /// What it is.
    pub kind: Kind,
    /// The program: absolute.
    pub program: Utf8PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// How cocotb's tests are run, if they are.
    pub cocotb: Option<Box<Cocotb>>,
    /// Where it runs.
    pub cwd: Utf8PathBuf,
    /// Where its results go: absolute.
    pub dir: Utf8PathBuf,
    /// How long it may take.
    pub timeout: Option<Duration>,
    /// What it should come to.
    pub expect: Expect,
    /// Whether a pass is kept.
    pub cacheable: Cacheable,
    /// What the user types to run just this.
    pub repeat: String,
    /// Whether it may have no test of the names that are asked for.
    pub may_be_empty: bool,
    /// Waveforms that it writes into its directory: their format.
    pub waves: Option<&'static str>,
}

impl Job {
    /// Its record.
    pub fn record(&self) -> Utf8PathBuf {
        self.dir.join("result.json")
    }

    /// What it printed.
    pub fn log(&self) -> Utf8PathBuf {
        self.dir.join("log")
    }

    /// What it is told by variables that decide what it does.
    pub fn settings(&self) -> Vec<String> {
        let variables = self.cocotb.iter().flat_map(|cocotb| &cocotb.variables);
        variables.map(|(name, value)| format!("{name}={value}")).collect()
    }

    /// Its waveforms.
    pub fn waves_file(&self) -> Option<Utf8PathBuf> {
        self.waves.map(|format| self.dir.join(format!("waves.{format}")))
    }
}
