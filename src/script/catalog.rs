//! What the built-in scripts declare, saved for the user by an earlier process. So fudsv parses a script only when the body
//! of one of its ops runs, or when another script imports it. Without a catalog of these scripts, fudsv parses all of them.
//! It does not know the language, or what bodies do.

use super::builtin::Builtin;
use super::declared::{Declared, OpDeclared, ParamDeclared, StateName};
use super::library::{Library, Script};
use super::session::Session;
use crate::diag::{Place, Result};
use crate::env::Env;
use crate::graph::{Count, OpProperties, Origin, State, StateProperties};
use crate::workdir::replace;
use camino::Utf8PathBuf;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Its file in the cache of the user.
const FILE: &str = "declared.json";

/// The declarations of scripts, by name.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Catalog {
    /// Of the scripts that it was made of.
    sum: String,
    scripts: BTreeMap<String, Entry>,
}

/// What one script declares.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Entry {
    states: Vec<StateEntry>,
    ops: Vec<OpEntry>,
}

/// A state, apart from its place in a script.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StateEntry {
    name: String,
    /// Line and column.
    at: (usize, usize),
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    extensions: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    directory: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pattern: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(flatten)]
    properties: StateProperties,
}

/// An op, apart from its place in a script.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct OpEntry {
    name: String,
    /// Line and column.
    at: (usize, usize),
    inputs: Vec<ParamEntry>,
    outputs: Vec<ParamEntry>,
    cost: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    needs: Vec<String>,
    #[serde(flatten)]
    properties: OpProperties,
}

/// The name of a parameter, its state, and how many files it takes.
type ParamEntry = (String, String, Count);

impl Catalog {
    /// The kept catalog of a built-in set; an empty one when nothing is kept, or of other scripts than these.
    pub fn load(env: &Env, builtin: &Builtin) -> Catalog {
        let text = file(env).and_then(|file| std::fs::read(file).ok());
        let read = text.and_then(|text| serde_json::from_slice::<Catalog>(&text).ok());
        read.filter(|catalog| catalog.sum == builtin.sum()).unwrap_or_default()
    }

    /// Keeps what the scripts of a built-in set have declared. What cannot be written is made again.
    pub fn save(env: &Env, builtin: &Builtin, declared: &Declared) {
        let Some(file) = file(env) else { return };
        // A script that has only functions declares nothing, and need not be parsed to know that.
        let names = builtin.script_names().map(|name| (name.to_owned(), Entry::default()));
        let mut scripts: BTreeMap<String, Entry> = names.collect();
        for state in declared.builtin_states() {
            scripts.entry(state.origin.script.clone()).or_default().states.push(StateEntry::of(state));
        }
        for op in declared.builtin_ops() {
            scripts.entry(op.origin.script.clone()).or_default().ops.push(OpEntry::of(op));
        }
        let catalog = Catalog { sum: builtin.sum().to_owned(), scripts };
        if let Ok(text) = serde_json::to_vec(&catalog) {
            drop(replace(&file, &text));
        }
    }

    /// Whether nothing was kept.
    pub fn is_empty(&self) -> bool {
        self.scripts.is_empty()
    }

    /// Takes out what a built-in script declares.
    pub fn take(&mut self, script: &Script) -> Option<Entry> {
        if script.is_builtin() { self.scripts.remove(&script.name) } else { None }
    }
}

impl Entry {
    /// Declares it all, as if the script had run.
    ///
    /// # Errors
    /// Scripts declare too much.
    pub fn declare(self, session: &Session, script: &Script) -> Result<()> {
        for state in self.states {
            let place = place(script, &session.library, state.at);
            session.add_state(state.declared(script.origin(place)))?;
        }
        for op in self.ops {
            let place = place(script, &session.library, op.at);
            session.add_op(op.declared(script.origin(place)))?;
        }
        Ok(())
    }
}

impl StateEntry {
    pub fn of(state: &State) -> StateEntry {
        let State { name, extensions, directory, pattern, description, properties, origin } = state.clone();
        StateEntry { name, at: at(&origin), extensions, directory, pattern, description, properties }
    }

    pub fn declared(self, origin: Origin) -> State {
        let StateEntry { name, at: _, extensions, directory, pattern, description, properties } = self;
        State { name, extensions, directory, pattern, description, properties, origin }
    }
}

impl OpEntry {
    pub fn of(op: &OpDeclared) -> OpEntry {
        let param = |param: &ParamDeclared| (param.name.clone(), param.state.name.clone(), param.count);
        let params = |params: &[ParamDeclared]| params.iter().map(param).collect();
        OpEntry {
            name: op.name.clone(),
            at: at(&op.origin),
            inputs: params(&op.inputs),
            outputs: params(&op.outputs),
            cost: op.cost,
            description: op.description.clone(),
            needs: op.needs.clone(),
            properties: op.properties.clone(),
        }
    }

    /// The op, without a body. Its states are those of its own kind: built-in, or the user's.
    pub fn declared(self, origin: Origin) -> OpDeclared {
        let param = |(name, state, count): ParamEntry| {
            let state = StateName { name: state, builtin: origin.builtin, place: origin.place.clone() };
            ParamDeclared { name, state, count }
        };
        OpDeclared {
            inputs: self.inputs.into_iter().map(param).collect(),
            outputs: self.outputs.into_iter().map(param).collect(),
            name: self.name,
            cost: self.cost,
            description: self.description,
            needs: self.needs,
            properties: self.properties,
            body: None,
            origin,
        }
    }
}

fn file(env: &Env) -> Option<Utf8PathBuf> {
    Some(env.xdg("XDG_CACHE_HOME", ".cache")?.join(FILE))
}

fn at(origin: &Origin) -> (usize, usize) {
    (origin.place.line, origin.place.column)
}

fn place(script: &Script, library: &Library, (line, column): (usize, usize)) -> Place {
    library.place(&script.shown, line, column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Scripts;
    use crate::script::harness::{Project, graph, run_op};

    /// A project with the built-in scripts and resources, and a cache of its user.
    fn project() -> Project {
        let set = Builtin::embedded();
        let project = Project::new([]).var("XDG_CACHE_HOME", "/p/cache");
        set.files().fold(project, |project, (name, bytes)| {
            project.builtin(name, std::str::from_utf8(bytes).unwrap())
        })
    }

    /// What is loaded without a catalog, and then with it.
    fn loaded(project: &Project) -> (Scripts, Scripts) {
        let parsed = project.load().unwrap();
        assert!(project.root().join("cache/fudsv").join(FILE).exists());
        (parsed, project.load().unwrap())
    }

    /// What a script declares may depend on nothing, or the catalog could not say it.
    #[test]
    fn outside_of_functions_and_bodies_a_built_in_script_asks_for_nothing() {
        let set = Builtin::embedded();
        for name in set.script_names() {
            let text = set.script(name).unwrap();
            let outside =
                text.lines().filter(|line| !["//", "fn ", " "].iter().any(|start| line.starts_with(start)));
            let asks = |line: &&str| {
                ["config(", "config_or", "config_words", "config_path", "tool(", "path("]
                    .iter()
                    .any(|call| line.contains(call))
            };
            assert_eq!(outside.filter(asks).collect::<Vec<_>>(), [""; 0], "{name}");
        }
    }

    /// What the body of each op says.
    fn said(scripts: &Scripts) -> String {
        let ops = scripts.graph().ops().map(|(id, op)| format!("{}\n{}\n", op.name, run_op(scripts, id)));
        ops.collect()
    }

    #[test]
    fn with_the_catalog_all_is_as_without_it_and_no_script_is_parsed_before_a_body_runs() {
        let (parsed, known) = loaded(&project());
        assert_eq!(graph(&known), graph(&parsed));
        assert!(known.session.modules.borrow().is_empty() && !parsed.session.modules.borrow().is_empty());
        assert_eq!(said(&known), said(&parsed));
    }

    #[test]
    fn a_script_that_imports_a_built_in_one_finds_it() {
        let own = "import \"verilator\" as v;\ndefop own(a: v::ports) >> b: v::sv { shell(`x ${v::model(a)} ${b}`); }";
        let project = project().file("fudsv/own.rhai", own);
        let (parsed, known) = loaded(&project);
        assert!(parsed.session.modules.borrow().contains_key("<built-in>/verilator.rhai"));
        assert!(known.session.modules.borrow().is_empty());
        assert_eq!((graph(&known), said(&known)), (graph(&parsed), said(&parsed)));
    }

    #[test]
    fn a_body_may_import_a_built_in_script_before_a_body_of_that_script_runs() {
        let own = "let s = state(\"s\", []);\ndefop own(a: s) >> b: s { import \"verilator\" as v; shell(`x ${v::model(a)} ${b}`); }";
        let project = project().file("fudsv/own.rhai", own);
        let (parsed, known) = loaded(&project);
        assert_eq!(said(&known), said(&parsed));
    }

    #[test]
    fn a_catalog_that_is_damaged_or_of_other_scripts_is_made_again() {
        let project = project();
        let whole = graph(&loaded(&project).1);
        let file = project.root().join("cache/fudsv").join(FILE);
        let kept = std::fs::read_to_string(&file).unwrap();
        for text in ["", "[", &kept.replacen("\"sum\":\"", "\"sum\":\"0", 1)] {
            std::fs::write(&file, text).unwrap();
            assert_eq!(graph(&project.load().unwrap()), whole);
            assert_eq!(std::fs::read_to_string(&file).unwrap(), kept);
        }
    }
}
