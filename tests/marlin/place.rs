//! A temporary directory with sources, and a runtime over them for each Verilator.
//! It does not know what is built.

use super::machine::verilators;
use fudsv::runtime::Runtime;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

pub struct Place(TempDir);

impl Place {
    pub fn new() -> Place {
        Place(tempfile::tempdir().unwrap())
    }

    pub fn file(self, name: &str, text: &str) -> Place {
        self.write(name, text);
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// With the first Verilator.
    pub fn runtime(&self, sources: &[&str]) -> Runtime {
        let runtime = Runtime::new(self.path("models"), sources.iter().map(|name| self.path(name))).unwrap();
        runtime.program(env!("CARGO_BIN_EXE_fudsv"))
    }

    /// One for each Verilator.
    pub fn runtimes(&self, sources: &[&str]) -> Vec<Runtime> {
        verilators().into_iter().map(|of| self.runtime(sources).verilator(of.verilator)).collect()
    }
}
