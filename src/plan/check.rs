//! Whether a plan can run: each file exists when a step takes it, and each parameter has the files that it takes.
//! It does not know how the plan was found, or whether there is a better one.

use super::plan_data::{FileId, FileSource, OpUse, Plan};
use crate::diag::{Error, Result};
use crate::graph::{Count, OpGraph};
use crate::paths::WorkPath;
use crate::workdir::names::is_kept;
use std::collections::HashSet;

impl Plan {
    /// Checks that the plan can run on this graph.
    ///
    /// # Errors
    /// The first use that cannot run, or the first file with two makers, and why.
    pub fn check(&self, graph: &OpGraph) -> Result<()> {
        let mut there: HashSet<FileId> = self.ids().filter(|id| self.maker(*id).is_none()).collect();
        for (index, op_use) in self.uses.iter().enumerate() {
            self.check_inputs(graph, op_use, &there)?;
            self.check_outputs(graph, index, op_use)?;
            there.extend(&op_use.outputs);
        }
        if let Some(file) = self.results.iter().find(|file| !there.contains(file)) {
            return Err(Error::request(format!("nothing makes the result `{}`", self.file(*file).path)));
        }
        self.check_paths()
    }

    /// All files.
    pub fn ids(&self) -> impl Iterator<Item = FileId> + use<> {
        (0..self.files.len()).map(FileId)
    }

    /// Where the given files are.
    pub fn given(&self) -> impl Iterator<Item = &WorkPath> {
        self.ids().filter(|id| self.maker(*id).is_none()).map(|id| &self.file(id).path)
    }

    /// The use that makes a file; `None` for a given file.
    pub fn maker(&self, file: FileId) -> Option<&OpUse> {
        match self.file(file).source {
            FileSource::Given(_) => None,
            FileSource::Made { op_use, .. } => self.uses.get(op_use),
        }
    }

    /// What the plan costs: the sum of its uses.
    pub fn cost(&self, graph: &OpGraph) -> u64 {
        self.uses.iter().map(|op_use| u64::from(graph.op(op_use.op).cost.max(1))).sum()
    }

    fn check_inputs(&self, graph: &OpGraph, op_use: &OpUse, there: &HashSet<FileId>) -> Result<()> {
        let op = graph.op(op_use.op);
        if op.inputs.len() != op_use.inputs.len() {
            return Err(Error::request(format!("`{}` takes {} inputs", op.name, op.inputs.len())));
        }
        for (param, files) in op.inputs.iter().zip(&op_use.inputs) {
            let place = format!("{}.{}", op.name, param.name);
            let (fits, takes) = match param.count {
                Count::One => (files.len() == 1, "one file"),
                Count::Many => (!files.is_empty(), "at least one file"),
                Count::Optional => (files.len() <= 1, "one file or none"),
                Count::Any => (true, "any number of files"),
            };
            if !fits {
                return Err(Error::request(format!(
                    "`{place}` takes {takes}, but {} are listed",
                    files.len()
                )));
            }
            for &file in files {
                self.check_state(graph, &place, file, param.state)?;
                if !there.contains(&file) {
                    let path = &self.file(file).path;
                    return Err(Error::request(format!(
                        "`{place}` takes `{path}`, which no earlier use makes"
                    ))
                    .hint("list each use after the uses that make its inputs"));
                }
            }
        }
        Ok(())
    }

    fn check_outputs(&self, graph: &OpGraph, index: usize, op_use: &OpUse) -> Result<()> {
        let op = graph.op(op_use.op);
        if op.outputs.len() != op_use.outputs.len() {
            return Err(Error::request(format!("`{}` makes {} files", op.name, op.outputs.len())));
        }
        for (output, (param, &file)) in op.outputs.iter().zip(&op_use.outputs).enumerate() {
            self.check_state(graph, &format!("{}.{}", op.name, param.name), file, param.state)?;
            if self.file(file).source != (FileSource::Made { op_use: index, output }) {
                return Err(Error::request(format!("`{}` is made twice", self.file(file).path)));
            }
        }
        Ok(())
    }

    fn check_state(
        &self,
        graph: &OpGraph,
        place: &str,
        file: FileId,
        state: crate::graph::StateId,
    ) -> Result<()> {
        let (path, is) = (&self.file(file).path, self.file(file).state);
        if is == state {
            return Ok(());
        }
        let (is, wants) = (graph.state_name(is), graph.state_name(state));
        Err(Error::request(format!("`{path}` is `{is}`, but `{place}` is `{wants}`")))
    }

    /// A made file has its own path, inside of the build directory.
    fn check_paths(&self) -> Result<()> {
        let (given, made): (Vec<FileId>, Vec<FileId>) =
            self.ids().partition(|file| self.maker(*file).is_none());
        let is_ours = |path: &WorkPath| path.is_inside() && !is_kept(path.as_path());
        if let Some(file) = made.iter().find(|file| !is_ours(&self.file(**file).path)) {
            let message = format!("no op can make `{}`", self.file(*file).path);
            return Err(Error::request(message).hint(
                "the files of a plan are in the build directory, outside of `.fudsv`; `-o` copies a result",
            ));
        }
        let mut taken: HashSet<&str> = given.iter().map(|file| self.file(*file).path.as_str()).collect();
        match made.iter().find(|file| !taken.insert(self.file(**file).path.as_str())) {
            None => Ok(()),
            Some(file) => {
                Err(Error::request(format!("two files of the plan are called `{}`", self.file(*file).path)))
            }
        }
    }
}
