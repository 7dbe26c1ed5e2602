//! `fudsv check`: loads the plugins, runs the body of each of their ops on made-up files, and writes nothing.
//! It does not know what a good op does, only what cannot be right.

use super::examples::{ExampleOptions, examples};
use super::output::to_stdout;
use super::request::ConfigurationOptions;
use crate::diag::{Error, Kind, Place, Result};
use crate::env::Env;
use crate::graph::{Count, Op, OpGraph, OpId};
use crate::lower::{Call, Unseen, unseen};
use crate::options::RequestOptions;
use crate::paths::WorkPath;
use crate::session::{LoadedScripts, Session, load_scripts, op_twice};
use camino::Utf8PathBuf;
use clap::Args;
use std::collections::BTreeSet;

/// `fudsv check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Check these plugins too: names on the search path, or paths
    #[arg(value_name = "NAME|PATH")]
    pub plugin: Vec<String>,
    /// Also run the examples in `tests/` beside the plugins, with the real tools
    #[arg(long)]
    pub examples: bool,
    /// Replace the expected results of the examples by the actual ones
    #[arg(long, requires = "examples")]
    pub bless: bool,
    /// Write the verdicts of the examples as a JUnit XML file
    #[arg(long, value_name = "FILE", requires = "examples")]
    pub junit: Option<Utf8PathBuf>,
    /// Which configuration
    #[command(flatten)]
    pub of: ConfigurationOptions,
}

/// Runs the command.
///
/// # Errors
/// The first thing that a script cannot be loaded with; else, after all problems were printed, that there are some.
pub fn check(env: Env, args: CheckArgs) -> Result<()> {
    let CheckArgs { plugin, examples: runs_examples, bless, junit, of } = args;
    let session = Session::open(env, RequestOptions { plugin, ..*of.0 })?.looking();
    let loaded = load_scripts(&session)?;
    let graph = loaded.graph();
    let ops: Vec<OpId> = graph.ops().filter(|(_, op)| !op.origin.builtin).map(|(id, _)| id).collect();
    let mut problems = twice(&loaded);
    problems.extend(lonely_states(graph));
    let ops_twice = loaded.scripts().duplicates().iter().filter(|twice| twice.what == "op");
    let mut notes: Vec<String> = ops_twice.map(|twice| format!("note: {}\n", op_twice(twice))).collect();
    let mut warnings: BTreeSet<String> = BTreeSet::new();
    for &op in &ops {
        problems.extend(unused(&loaded, op));
        match run(&loaded, op) {
            Ok(_) if loaded.scripts().says_statements(op) => {}
            Ok(found) => warnings.extend(found),
            Err(error) if is_of_the_machine(&error) => {
                notes.push(format!("note: `{}` was not checked: {}\n", graph.op(op).name, error.message))
            }
            Err(error) => problems.push(error),
        }
    }
    to_stdout(notes.concat().as_bytes())?;
    warnings.iter().for_each(|warning| note!("{warning}\n"));
    let misfits = loaded.scripts().misfits();
    for problem in misfits.iter().chain(problems.iter().map(|problem| &**problem)) {
        note!("{problem}\n");
    }
    match misfits.len() + problems.len() {
        0 if ops.len() == 1 => to_stdout(b"checked 1 op: all is well\n")?,
        0 => to_stdout(format!("checked {} ops: all is well\n", ops.len()).as_bytes())?,
        1 => return Err(Error::request("there is a problem with the plugins")),
        many => return Err(Error::request(format!("there are {many} problems with the plugins"))),
    }
    if runs_examples {
        examples(&session, &ExampleOptions { junit: junit.as_deref(), bless })
    } else {
        Ok(())
    }
}

/// What is wrong, each as an error that is shown.
#[allow(clippy::vec_box)] // Every error of this program is boxed, and what takes errors takes them so.
type Problems = Vec<Box<Error>>;

/// One name for two states, of which the second is gone; of two ops both are there.
fn twice(loaded: &LoadedScripts) -> Problems {
    let states = loaded.scripts().duplicates().iter().filter(|twice| twice.what == "state");
    let twice = states.map(|twice| {
        let Place { file, line, column, .. } = &twice.first;
        Error::request(format!("the state `{}` is declared twice", twice.name))
            .at(twice.second.clone())
            .detail("first", format!("{file}:{line}:{column}"))
            .hint("the name means the first one: rename the other")
    });
    twice.collect()
}

/// States that no op takes or makes.
fn lonely_states(graph: &OpGraph) -> Problems {
    let own = graph.states().filter(|(_, state)| !state.origin.builtin);
    let lonely = own.filter(|(id, _)| graph.makers(*id).is_empty() && graph.takers(*id).is_empty());
    let problem = |state: &crate::graph::State| {
        Error::request(format!("no op takes or makes the state `{}`", state.name))
            .at(state.origin.place.clone())
    };
    lonely.map(|(_, state)| problem(state)).collect()
}

/// Parameters that a body never mentions.
fn unused(loaded: &LoadedScripts, op: OpId) -> Problems {
    let data = loaded.graph().op(op);
    let problem = |name: String| {
        Error::request(format!("the body of `{}` never mentions `{name}`", data.name))
            .at(data.origin.place.clone())
    };
    loaded.scripts().unused(op).into_iter().map(problem).collect()
}

/// Runs the body with an optional file there, and without it; returns warnings about its commands.
fn run(loaded: &LoadedScripts, id: OpId) -> Result<Vec<String>> {
    let mut warnings = vec![];
    let op = loaded.graph().op(id);
    let may_lack = |count: Count| matches!(count, Count::Optional | Count::Any);
    let optional = op.inputs.iter().any(|input| may_lack(input.count));
    for there in if optional { vec![true, false] } else { vec![true] } {
        let call = made_up(loaded.graph(), op, there)?;
        loaded.bodies().start(&[op]);
        for step in loaded.bodies().run(op.body, &call)? {
            warnings.extend(unseen(&step).into_iter().map(|unseen| warning(unseen, &step.place)));
        }
    }
    Ok(warnings)
}

/// A warning about what a command uses and its step does not wait for.
fn warning(unseen: Unseen, place: &Place) -> String {
    let error = match unseen {
        Unseen::Path(path) => Error::request(format!("`{path}` is plain text: no step waits for this file"))
            .hint("a file value is a dependency: a parameter, `path(…)`, `rsrc(…)`, `config_path(…)`"),
        Unseen::Program(name) => {
            Error::request(format!("`{name}` is plain text: a new version of it runs no step again"))
                .hint(format!("`tool(\"{name}\")` is a dependency, and a setting can name the program"))
        }
    };
    error.at(place.clone()).to_string().replacen("error:", "warning:", 1)
}

/// A use of an op on files that do not exist.
fn made_up<'a>(graph: &OpGraph, op: &'a Op, there: bool) -> Result<Call<'a>> {
    let file = |stem: &str, param: &crate::graph::Param| {
        let name = graph.state(param.state).file_name(&format!("{stem}-{}", param.name));
        WorkPath::new(name)
    };
    let inputs = op.inputs.iter().map(|param| match param.count {
        Count::Optional | Count::Any if !there => Ok(vec![]),
        Count::One | Count::Optional => Ok(vec![file("in", param)?]),
        Count::Many | Count::Any => Ok(vec![file("in-1", param)?, file("in-2", param)?]),
    });
    let outputs = op.outputs.iter().map(|param| file("out", param));
    let (inputs, outputs) = (inputs.collect::<Result<_>>()?, outputs.collect::<Result<_>>()?);
    Ok(Call { op, name: "check".into(), inputs, outputs })
}

/// A tool, a setting or a directory that is missing here says nothing about the script.
fn is_of_the_machine(error: &Error) -> bool {
    const MISSING: [&str; 3] =
        ["the configuration has no ", "there is no directory ", "`files` cannot list "];
    error.kind == Kind::Machine || MISSING.iter().any(|start| error.message.starts_with(start))
}
