//! What the built-in scripts declare, written down beside them: so that a script is parsed only when the body of one of
//! its ops runs, or when another script imports it. Without an entry, or with one of other scripts, it is parsed.
//! It does not know the language, or what bodies do.

use super::builtin::Builtin;
use super::declared::{OpDeclared, ParamDeclared, StateName};
use super::library::{Library, Script};
use super::session::Session;
use crate::diag::{Place, Result};
use crate::graph::{Count, OpProperties, State, StateProperties};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Its file among the built-in scripts.
pub const FILE: &str = "declared.json";

/// The scripts that this program was built with; see `build.rs`.
const SUM: &str = env!("FUDSV_SCRIPTS_SUM");

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

#[derive(Debug, Serialize, Deserialize)]
struct StateEntry {
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

#[derive(Debug, Serialize, Deserialize)]
struct OpEntry {
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
    /// The catalog of a built-in set; an empty one when it is of other scripts than these.
    pub fn of(builtin: &Builtin) -> Catalog {
        let text = builtin.script_file(FILE).unwrap_or_default();
        let read = serde_json::from_str::<Catalog>(text).ok();
        read.filter(|catalog| catalog.sum == SUM).unwrap_or_default()
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
            session.add_state(state.declared(script, &session.library))?;
        }
        for op in self.ops {
            session.add_op(op.declared(script, &session.library))?;
        }
        Ok(())
    }
}

impl StateEntry {
    fn declared(self, script: &Script, library: &Library) -> State {
        let StateEntry { name, at, extensions, directory, pattern, description, properties } = self;
        let origin = script.origin(place(script, library, at));
        State { name, extensions, directory, pattern, description, properties, origin }
    }
}

impl OpEntry {
    fn declared(self, script: &Script, library: &Library) -> OpDeclared {
        let place = place(script, library, self.at);
        let param = |(name, state, count): ParamEntry| {
            let state = StateName { name: state, builtin: true, place: place.clone() };
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
            origin: script.origin(place),
            body: None,
        }
    }
}

fn place(script: &Script, library: &Library, (line, column): (usize, usize)) -> Place {
    library.place(&script.shown, line, column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Op, OpGraph, Origin, Param};
    use crate::script::Scripts;
    use crate::script::harness::{Project, graph, run_op};

    /// What a graph says of its built-in scripts.
    fn catalog(graph: &OpGraph) -> Catalog {
        let mut scripts: BTreeMap<String, Entry> = BTreeMap::new();
        let at = |origin: &Origin| (origin.place.line, origin.place.column);
        for (_, State { name, extensions, directory, pattern, description, properties, origin }) in
            graph.states()
        {
            let (name, extensions) = (name.clone(), extensions.clone());
            let (pattern, description) = (pattern.clone(), description.clone());
            let (at, directory, properties) = (at(origin), *directory, properties.clone());
            let entry = StateEntry { name, at, extensions, directory, pattern, description, properties };
            scripts.entry(origin.script.clone()).or_default().states.push(entry);
        }
        let param = |param: &Param| (param.name.clone(), graph.state(param.state).name.clone(), param.count);
        let params = |params: &[Param]| params.iter().map(param).collect();
        for (_, Op { name, inputs, outputs, cost, description, needs, properties, origin, .. }) in graph.ops()
        {
            let (inputs, outputs) = (params(inputs), params(outputs));
            let (name, description, needs) = (name.clone(), description.clone(), needs.clone());
            let (at, cost, properties) = (at(origin), *cost, properties.clone());
            let entry = OpEntry { name, at, inputs, outputs, cost, description, needs, properties };
            scripts.entry(origin.script.clone()).or_default().ops.push(entry);
        }
        Catalog { sum: SUM.to_owned(), scripts }
    }

    /// A catalog as its file has it: a line for each state and op.
    fn text(catalog: &Catalog) -> String {
        fn lines<T: Serialize>(entries: &[T]) -> String {
            let lines = entries.iter().map(|entry| format!("\n{}", serde_json::to_string(entry).unwrap()));
            lines.collect::<Vec<_>>().join(",")
        }
        let script = |(name, Entry { states, ops }): (&String, &Entry)| {
            format!("{name:?}: {{\"states\": [{}], \"ops\": [{}]}}", lines(states), lines(ops))
        };
        let scripts = catalog.scripts.iter().map(script).collect::<Vec<_>>().join(",\n");
        format!("{{\"sum\": {:?}, \"scripts\": {{\n{scripts}\n}}}}\n", catalog.sum)
    }

    /// The built-in scripts and resources, with the catalog or without it.
    fn builtin(with_catalog: bool) -> Project {
        let set = Builtin::embedded();
        let project = Project::new([]);
        let files = set.files().filter(|(name, _)| with_catalog || *name != FILE);
        files.fold(project, |project, (name, bytes)| {
            project.builtin(name, std::str::from_utf8(bytes).unwrap())
        })
    }

    /// Nobody needs to remember the file: this writes it when it is old, and fails so that it is seen.
    #[test]
    fn the_catalog_says_what_the_scripts_declare() {
        let parsed = builtin(false).load().unwrap();
        let declared = text(&catalog(parsed.graph()));
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/declared.json");
        let written = std::fs::read_to_string(file).unwrap_or_default();
        if written != declared {
            std::fs::write(file, &declared).unwrap();
            panic!("scripts/declared.json was old and is written anew: commit it with the scripts");
        }
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
        let (parsed, known) = (builtin(false).load().unwrap(), builtin(true).load().unwrap());
        assert_eq!(graph(&known), graph(&parsed));
        assert!(known.session.modules.borrow().is_empty() && !parsed.session.modules.borrow().is_empty());
        assert_eq!(said(&known), said(&parsed));
    }

    #[test]
    fn a_script_that_imports_a_built_in_one_finds_it() {
        let own = "import \"verilator\" as v;\ndefop own(a: v::ports) >> b: v::sv { shell(`x ${v::model(a)} ${b}`); }";
        let project = builtin(true).file("fudsv/own.rhai", own);
        let known = project.load().unwrap();
        assert_eq!(
            known.session.modules.borrow().keys().collect::<Vec<_>>(),
            ["<built-in>/verilator.rhai", "fudsv/own.rhai"]
        );
        assert_eq!(graph(&known), graph(&builtin(false).file("fudsv/own.rhai", own).load().unwrap()));
        assert_eq!(said(&known), said(&builtin(false).file("fudsv/own.rhai", own).load().unwrap()));
    }

    #[test]
    fn a_body_may_import_a_built_in_script_before_a_body_of_that_script_runs() {
        let own = "let s = state(\"s\", []);\ndefop own(a: s) >> b: s { import \"verilator\" as v; shell(`x ${v::model(a)} ${b}`); }";
        let known = builtin(true).file("fudsv/own.rhai", own).load().unwrap();
        let parsed = builtin(false).file("fudsv/own.rhai", own).load().unwrap();
        assert_eq!(said(&known), said(&parsed));
    }
}
