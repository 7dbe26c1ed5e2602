//! One step as an edge of the Ninja file: the command with real names, and what the runner must know beside it.
//! It does not know which op the step belongs to.

use super::command::{Command, compose, path_text};
use super::emission::{Dep, Depfile, Emission, RunIn, Target};
use crate::diag::{Place, Result};
use crate::graph::OpProperties;
use crate::ninja::{Build, Name, PathText, Text};
use crate::paths::{Places, WorkPath, relative};
use crate::shell::ShellWord;
use crate::workdir::names::{SUMS, step_file};
use std::collections::HashSet;

/// Longer commands go through a response file: an argument of 131,072 bytes would fail the whole build.
const LONGEST: usize = 100_000;

/// A step with its final name.
#[derive(Clone, Debug)]
pub struct Step {
    /// Fit for a file name; unique in the file.
    pub name: String,
    /// One line of progress.
    pub description: String,
    /// The commands, with real names.
    pub commands: Vec<String>,
    /// Where they run, seen from the build directory.
    pub run_in: String,
    /// What it makes.
    pub targets: Vec<Target>,
    /// The arguments of the runner, word by word.
    pub words: Vec<String>,
    /// Every file that it waits for, as Ninja sees it.
    pub waits_for: Vec<WorkPath>,
    /// Whether it runs though nobody waits for what it makes.
    pub for_itself: bool,
    /// Whether only the runners of other steps start it.
    pub on_demand: bool,
    /// Where in the script it was asked for.
    pub place: Place,
    /// What its op declares.
    pub op: OpProperties,
}

/// What edges share: where things are, and which paths are directories that a step makes.
pub struct Site<'a> {
    /// The three directories.
    pub places: &'a Places,
    /// Directories made by steps.
    pub directories: &'a HashSet<WorkPath>,
}

impl Site<'_> {
    /// The step and its edge. `on_demand` has the files with the words of the steps that it starts on demand.
    pub fn edge(
        &self,
        name: String,
        emission: &Emission,
        description: String,
        on_demand: &[WorkPath],
    ) -> Result<(Step, Build)> {
        let run_in = emission.options.run_in;
        let compose = |pieces: &Vec<_>| compose(pieces, &emission.targets, run_in, self.places);
        let commands: Vec<Command> = emission.commands.iter().map(compose).collect();
        let cwd = match run_in {
            RunIn::Workdir => ".".to_owned(),
            RunIn::Root => relative(&self.places.workdir, &self.places.root).into_string(),
        };
        let mut words = self.runner_words(&name, &cwd, emission, &commands)?;
        words.extend(on_demand.iter().flat_map(|file| ["--on-demand".to_owned(), file.to_string()]));
        let covered = emission.deps.iter().filter(|dep| matches!(dep, Dep::Covered(_)));
        words.extend(covered.flat_map(|dep| ["--covered".to_owned(), dep.path().to_string()]));
        let texts: Vec<String> = commands.iter().map(|command| command.text.clone()).collect();
        let (args, cmd) = in_one_line(&words, &texts);
        let long = args.len() + cmd.len() > LONGEST;
        let mut bindings = vec![("cmd", cmd), ("args", args), ("dep", step_file(&name, "d").into_string())];
        bindings.push(("desc", description.replace(['\n', '\r'], " ")));
        if long {
            bindings.push(("rsp", step_file(&name, "rsp").into_string()));
        }
        let bindings = bindings.into_iter().map(|(name, value)| Ok((Name::new(name)?, Text::literal(value))));
        let mut bindings = bindings.collect::<Result<Vec<_>>>()?;
        if emission.options.console {
            bindings.push((Name::new("pool")?, Text::literal("console")));
        }
        let build = Build {
            outputs: self.targets(emission)?,
            rule: Name::new(if long { "step_rsp" } else { "step" })?,
            inputs: self.deps(emission, |dep| matches!(dep, Dep::Explicit(_)))?,
            implicit: self.implicit(emission)?,
            order_only: self.deps(emission, |dep| matches!(dep, Dep::OrderOnly(_) | Dep::Covered(_)))?,
            bindings,
        };
        words.push("--".to_owned());
        words.extend(texts.iter().cloned());
        let targets = emission.targets.clone();
        let waits_for = [&build.inputs, &build.implicit, &build.order_only];
        let waits_for = waits_for.into_iter().flatten().map(|path| path.path().clone()).collect();
        let for_itself = emission.options.for_itself;
        let place = emission.place.clone();
        let step = Step {
            name,
            description,
            commands: texts,
            run_in: cwd,
            targets,
            words,
            waits_for,
            for_itself,
            on_demand: false,
            place,
            op: OpProperties::default(),
        };
        Ok((step, build))
    }

    /// A file as Ninja sees it: a directory that a step makes is seen by the list of its files.
    pub fn node(&self, path: &WorkPath) -> Result<WorkPath> {
        if self.directories.contains(path) { path.join(SUMS) } else { Ok(path.clone()) }
    }

    fn targets(&self, emission: &Emission) -> Result<Vec<PathText>> {
        emission.targets.iter().map(|target| Ok(PathText::new(&self.node(&target.path)?))).collect()
    }

    fn deps(&self, emission: &Emission, which: impl Fn(&Dep) -> bool) -> Result<Vec<PathText>> {
        let chosen = emission.deps.iter().filter(|dep| which(dep));
        let mut seen = HashSet::new();
        let nodes = chosen.map(|dep| self.node(dep.path())).filter(|node| match node {
            Ok(node) => seen.insert(node.clone()),
            Err(_) => true,
        });
        nodes.map(|node| Ok(PathText::new(&node?))).collect()
    }

    /// Implicit inputs: those that were said, and the identities of the tools.
    fn implicit(&self, emission: &Emission) -> Result<Vec<PathText>> {
        let mut paths = self.deps(emission, |dep| matches!(dep, Dep::Implicit(_)))?;
        for (_, stamp) in &emission.tools {
            let stamp = PathText::new(stamp);
            if !paths.contains(&stamp) {
                paths.push(stamp);
            }
        }
        Ok(paths)
    }

    /// The words between `tool run` and `--`.
    fn runner_words(
        &self,
        name: &str,
        cwd: &str,
        emission: &Emission,
        commands: &[Command],
    ) -> Result<Vec<String>> {
        let mut words = vec!["--step".to_owned(), name.to_owned()];
        let mut add = |flag: &str, value: String| words.extend([flag.to_owned(), value]);
        if cwd != "." {
            add("--cwd", cwd.to_owned());
        }
        for target in &emission.targets {
            let slash = if target.directory { "/" } else { "" };
            add("-o", format!("{}{slash}", target.path));
        }
        for path in self
            .deps(emission, |dep| matches!(dep, Dep::Explicit(_)))?
            .iter()
            .chain(&self.implicit(emission)?)
        {
            add("-i", path.path().to_string());
        }
        for (index, command) in commands.iter().enumerate() {
            for span in &command.spans {
                let (start, len, target, quote) = (span.start, span.len, span.target, span.quote.letter());
                add("-s", format!("{index}:{start}:{len}:{target}:{quote}"));
            }
        }
        let options = &emission.options;
        for Depfile { path, form } in &options.depfiles {
            let path = path_text(path);
            match form {
                None => add("--depfile", path),
                Some(form) => add("--depfile-as", format!("{form}:{path}")),
            }
        }
        options.env.reads.iter().for_each(|name| add("--env", name.clone()));
        options.env.sets.iter().for_each(|(name, value)| add("--set", format!("{name}={value}")));
        let flags =
            [("--in-place", options.in_place), ("--console", options.console), ("--cached", options.cached)];
        words.extend(flags.into_iter().filter(|(_, on)| *on).map(|(flag, _)| flag.to_owned()));
        Ok(words)
    }
}

/// The arguments of the runner and the commands, quoted for a shell. A Ninja file cannot contain a line break: if there is
/// one, the words are escaped, and the first word says so.
fn in_one_line(words: &[String], commands: &[String]) -> (String, String) {
    let escaped = words.iter().chain(commands).any(|word| word.contains(['\n', '\r']));
    let quoted = |words: &[String]| {
        let words = words.iter().map(|word| match escaped {
            true => word.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r"),
            false => word.clone(),
        });
        words.map(|word| ShellWord::quote(&word).to_string()).collect::<Vec<_>>().join(" ")
    };
    let flag = if escaped { "--escaped " } else { "" };
    (format!("{flag}{}", quoted(words)), quoted(commands))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_break_is_escaped_and_nothing_else_is() {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let lines = |words: &[&str], commands: &[&str]| in_one_line(&owned(words), &owned(commands));
        assert_eq!(lines(&["-o", "x"], &["a \\n b"]), ("-o x".into(), "'a \\n b'".into()));
        assert_eq!(lines(&["-o", "x"], &["a\\n\nb"]), ("--escaped -o x".into(), "'a\\\\n\\nb'".into()));
    }
}
