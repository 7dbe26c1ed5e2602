//! For the tests of this folder: scripts as text in a temporary project, a made-up tool, emissions as text.
//! It does not know what is tested.

use super::{Builtin, FoundTool, Request, Scripts, Source, ToolAsked, Tools};
use crate::config::Config;
use crate::diag::{Error, Place, Result};
use crate::env::Env;
use crate::facts::Facts;
use crate::graph::{Count, OpId, Origin, Param};
use crate::lower::{Bodies, Call, Dep, Emission, Piece, RunIn};
use crate::paths::{Places, WorkPath};
use camino::Utf8PathBuf;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A temporary project.
pub struct Project {
    dir: tempfile::TempDir,
    builtin: Vec<(String, String)>,
    config: String,
    extra: Vec<Source>,
    vars: BTreeMap<String, String>,
    pub said: Rc<RefCell<Vec<String>>>,
}

/// Finds every tool but `missing`, as two words.
struct Everything;

impl Tools for Everything {
    fn find(&self, asked: &ToolAsked, place: &Place) -> Result<FoundTool> {
        if asked.name == "missing" {
            return Err(Error::machine("`missing` is not installed").at(place.clone()));
        }
        let words = vec!["/opt/the tools/run".to_owned(), asked.name.clone()];
        let stamp = WorkPath::new(format!("tools/{}", asked.name))?;
        let properties = [("kind".to_owned(), "fake".to_owned())].into();
        Ok(FoundTool { command: vec![crate::lower::Piece::Words(words)], stamp, properties })
    }
}

impl Project {
    /// A project with these scripts in its `fudsv` folder.
    pub fn new<'a>(scripts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Project {
        let dir = tempfile::tempdir().unwrap();
        let said = Rc::default();
        let project = Project {
            dir,
            builtin: vec![],
            config: String::new(),
            extra: vec![],
            vars: BTreeMap::new(),
            said,
        };
        scripts
            .into_iter()
            .fold(project, |project, (name, text)| project.file(&format!("fudsv/{name}"), text))
    }

    /// A project with one script, `fudsv/p.rhai`.
    pub fn script(text: &str) -> Project {
        Project::new([("p.rhai", text)])
    }

    /// Adds a file.
    pub fn file(self, name: &str, text: &str) -> Project {
        let path = self.root().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    /// Adds a built-in script or resource.
    pub fn builtin(mut self, name: &str, text: &str) -> Project {
        self.builtin.push((name.into(), text.into()));
        self
    }

    /// Sets the configuration.
    pub fn config(mut self, toml: &str) -> Project {
        self.config = toml.into();
        self
    }

    /// Sets a variable of the environment; `/p` is the project's directory.
    pub fn var(mut self, name: &str, value: &str) -> Project {
        self.vars.insert(name.into(), value.replace("/p", self.root().as_str()));
        self
    }

    /// The configuration.
    pub fn settings(&self) -> Config {
        Config::of_test(&self.config, &self.root().join("fud.toml"))
    }

    /// Puts a source before the project's scripts.
    pub fn first(mut self, source: Source) -> Project {
        self.extra.push(source);
        self
    }

    pub fn root(&self) -> Utf8PathBuf {
        Utf8PathBuf::from_path_buf(self.dir.path().canonicalize().unwrap()).unwrap()
    }

    pub fn places(&self) -> Places {
        Places { cwd: self.root(), root: self.root(), workdir: self.root().join(".fudsv/x") }
    }

    pub fn facts(&self) -> Facts {
        Facts::new(Env { cwd: self.root(), exe: "/bin/true".into(), args: vec![], vars: self.vars.clone() })
    }

    /// Loads it.
    pub fn load(&self) -> Result<Scripts> {
        let mut sources = self.extra.clone();
        sources.extend([Source::Loaded(self.root().join("fudsv")), Source::Builtin]);
        let said = self.said.clone();
        Scripts::load(Request {
            sources,
            builtin: Builtin::of(self.builtin.iter().map(|(name, text)| (name.as_str(), text.as_str()))),
            facts: Rc::new(self.facts()),
            config: Rc::new(self.settings()),
            places: self.places(),
            tools: Rc::new(Everything),
            say: Rc::new(move |script, text| said.borrow_mut().push(format!("{script}: {text}"))),
        })
    }

    /// The report of the error that loading ends with; the project's directory is `/p`.
    pub fn error(&self) -> String {
        match self.load() {
            Ok(_) => "no error".into(),
            Err(error) => self.shown(&error.to_string()),
        }
    }

    fn shown(&self, text: &str) -> String {
        text.replace(self.root().as_str(), "/p")
    }

    /// What the body of an op of one input says for this file.
    pub fn run_with(&self, op: &str, input: &str) -> String {
        let scripts = self.load().unwrap();
        let op = scripts.graph().op(scripts.graph().resolve_op(op).unwrap());
        let outputs = op.outputs.iter().map(|param| WorkPath::new(format!("out.{}", param.name)).unwrap());
        let inputs = vec![vec![WorkPath::new(input).unwrap()]];
        let call = Call { op, name: "use".into(), inputs, outputs: outputs.collect() };
        shown(scripts.run(op.body, &call))
    }

    /// What the body of an op emits for made-up files `in.<param>` (three for a list, no file if optional).
    pub fn run(&self, op: &str) -> String {
        let scripts = match self.load() {
            Ok(scripts) => scripts,
            Err(error) => return self.shown(&error.to_string()),
        };
        self.shown(&run(&scripts, op))
    }
}

/// The graph as text, in its own order.
pub fn graph(scripts: &Scripts) -> String {
    let graph = scripts.graph();
    let said = |text: &Option<String>| text.as_ref().map_or(String::new(), |text| format!(" ({text})"));
    let origin = |o: &Origin| format!("{}:{}:{}:{}", o.rank, o.place.file, o.place.line, o.place.column);
    let states = graph.states().map(|(_, s)| {
        let dir = if s.directory { "/" } else { "" };
        let pattern = s.pattern.as_ref().map_or(String::new(), |pattern| format!(" {pattern}"));
        format!("{}{dir} {:?}{pattern}{} {}", s.name, s.extensions, said(&s.description), origin(&s.origin))
    });
    let param = |param: &Param| {
        let state = graph.state_name(param.state);
        match param.count {
            Count::One => format!("{}: {state}", param.name),
            Count::Many => format!("{}: [{state}]", param.name),
            Count::Optional => format!("{}: {state}?", param.name),
            Count::Any => format!("{}: [{state}]?", param.name),
        }
    };
    let params = |all: &[Param]| all.iter().map(param).collect::<Vec<_>>().join(", ");
    let ops = graph.ops().map(|(_, op)| {
        let (inputs, outputs) = (params(&op.inputs), params(&op.outputs));
        let (name, about) = (&op.name, said(&op.description));
        format!("{name}({inputs}) >> {outputs} ={} {:?}{about} {}", op.cost, op.needs, origin(&op.origin))
    });
    states.chain(ops).collect::<Vec<_>>().join("\n")
}

/// What the body of an op says for made-up files.
pub fn run(scripts: &Scripts, op: &str) -> String {
    run_op(scripts, scripts.graph().resolve_op(op).unwrap())
}

/// The same by id.
pub fn run_op(scripts: &Scripts, id: OpId) -> String {
    let op = scripts.graph().op(id);
    let path = |name: String| WorkPath::new(name).unwrap();
    let inputs = op.inputs.iter().map(|param| match param.count {
        Count::One => vec![path(format!("in.{}", param.name))],
        Count::Many => (1..=2).map(|n| path(format!("in {n}.{}", param.name))).collect(),
        Count::Optional | Count::Any => vec![],
    });
    let outputs = op.outputs.iter().map(|param| path(format!("out.{}", param.name))).collect();
    let call = Call { op, name: "use".into(), inputs: inputs.collect(), outputs };
    shown(scripts.run(op.body, &call))
}

/// Emissions as text, or the report of the error.
fn shown(said: Result<Vec<Emission>>) -> String {
    match said {
        Ok(emissions) => emissions.iter().map(show).collect::<Vec<_>>().join("\n"),
        Err(error) => error.to_string(),
    }
}

/// An emission as text: options, `targets: deps | implicit || order-only`, then its commands.
pub fn show(emission: &Emission) -> String {
    let names = |wanted: fn(&Dep) -> Option<&WorkPath>| {
        emission.deps.iter().filter_map(wanted).map(|path| format!(" {path}")).collect::<String>()
    };
    let targets =
        emission.targets.iter().map(|t| format!("{}{}", t.path, if t.directory { "/" } else { "" }));
    let mut text = targets.collect::<Vec<_>>().join(" ") + ":";
    text += &names(|dep| if let Dep::Explicit(path) = dep { Some(path) } else { None });
    for (sign, deps) in [
        (" |", names(|dep| if let Dep::Implicit(path) = dep { Some(path) } else { None })),
        (" ||", names(|dep| if let Dep::OrderOnly(path) = dep { Some(path) } else { None })),
        (" covered", names(|dep| if let Dep::Covered(path) = dep { Some(path) } else { None })),
        (" on demand", names(|dep| if let Dep::OnDemand(path) = dep { Some(path) } else { None })),
    ] {
        text += &if deps.is_empty() { deps } else { format!("{sign}{deps}") };
    }
    for command in &emission.commands {
        text += &format!("\n  $ {}", pieces(command));
    }
    let options = &emission.options;
    let defaults = crate::lower::StepOptions::default();
    if *options != defaults {
        let run_in = if options.run_in == RunIn::Root { " root" } else { "" };
        let mut listed = run_in.to_owned();
        for (name, set) in
            [("cached", options.cached), ("in_place", options.in_place), ("console", options.console)]
        {
            listed += &if set { format!(" {name}") } else { String::new() };
        }
        for depfile in &options.depfiles {
            let form = depfile.form.map(|form| format!("{form}:")).unwrap_or_default();
            listed += &format!(" depfile={form}{}", pieces(&depfile.path));
        }
        for (name, value) in [("description", options.description.clone()), ("pool", options.pool.clone())] {
            listed += &value.map_or(String::new(), |value| format!(" {name}={value}"));
        }
        listed += &options.env.reads.iter().map(|name| format!(" ${name}")).collect::<String>();
        listed += &options.env.sets.iter().map(|(k, v)| format!(" ${k}={v}")).collect::<String>();
        text += &format!("\n ={listed}");
    }
    text +=
        &emission.tools.iter().map(|(name, stamp)| format!("\n  tool {name} {stamp}")).collect::<String>();
    text += &emission.resources.iter().map(|r| format!("\n  lays {}", r.path)).collect::<String>();
    text
}

/// `text`, `<file>` and `[data][words]`.
fn pieces(pieces: &[Piece]) -> String {
    let show = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::File(path) => format!("<{path}>"),
        Piece::Words(words) => words.iter().map(|word| format!("[{word}]")).collect(),
    };
    pieces.iter().map(show).collect()
}
