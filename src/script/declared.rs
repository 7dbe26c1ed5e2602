//! The states and ops that scripts have declared so far, by name; they become the op graph when all scripts have run.
//! It does not know the language. The result depends on the scripts alone, never on the order of loading.

use super::body::Body;
use super::limits::LIMITS;
use crate::diag::{Error, Place, Result};
use crate::graph::{BodyId, Count, Op, OpGraph, OpProperties, Origin, Param, State, StateId};
use std::cmp::Ordering;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// A state as a script names it; found when all scripts are loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateName {
    /// Its name.
    pub name: String,
    /// Whether a built-in script named or declared it: then the built-in one is meant, else the user's.
    pub builtin: bool,
    /// Where it was named.
    pub place: Place,
}

/// A parameter whose state is still a name.
#[derive(Clone, Debug)]
pub struct ParamDeclared {
    /// Its name in the body.
    pub name: String,
    /// Its state.
    pub state: StateName,
    /// How many files it takes.
    pub count: Count,
}

/// An op whose states are still names.
pub struct OpDeclared {
    /// Its name.
    pub name: String,
    /// What it takes.
    pub inputs: Vec<ParamDeclared>,
    /// What it makes.
    pub outputs: Vec<ParamDeclared>,
    /// What the planner pays.
    pub cost: u32,
    /// One line.
    pub description: Option<String>,
    /// Tools it declares to need.
    pub needs: Vec<String>,
    /// What else it declares.
    pub properties: OpProperties,
    /// Where it stands.
    pub origin: Origin,
    /// Its body; `None` until its script is parsed.
    pub body: Option<Body>,
}

/// One name for two states, or for two ops, of one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// `state` or `op`.
    pub what: &'static str,
    /// The name.
    pub name: String,
    /// The declaration that the name means.
    pub first: Place,
    /// The other.
    pub second: Place,
}

/// Everything declared so far.
#[derive(Default)]
pub struct Declared {
    states: Vec<State>,
    ops: Vec<OpDeclared>,
    /// How often each name was declared.
    times: HashMap<String, usize>,
}

impl Declared {
    /// Adds a state. Of several with one name the nearest to the user is kept, and the built-in one.
    ///
    /// # Errors
    /// There are too many.
    pub fn add_state(&mut self, state: State) -> Result<()> {
        self.check(&state.name)?;
        self.states.push(state);
        Ok(())
    }

    /// Adds an op.
    ///
    /// # Errors
    /// There are too many.
    pub fn add_op(&mut self, op: OpDeclared) -> Result<()> {
        self.check(&op.name)?;
        self.ops.push(op);
        Ok(())
    }

    /// Whether one more may be declared. A loop without end mostly declares one name again and again, which is seen
    /// long before there are too many names.
    fn check(&mut self, name: &str) -> Result<()> {
        let times = match self.times.get_mut(name) {
            Some(times) => times,
            None => self.times.entry(name.to_owned()).or_default(),
        };
        *times += 1;
        let message = if *times > LIMITS.namesakes {
            format!("`{name}` is declared more than {} times", LIMITS.namesakes)
        } else if self.count() >= LIMITS.declared {
            format!("scripts declare more than {} states and ops", LIMITS.declared)
        } else {
            return Ok(());
        };
        Err(Error::request(message).hint("is there an endless loop?"))
    }

    /// How many states and ops there are.
    fn count(&self) -> usize {
        self.states.len() + self.ops.len()
    }

    /// The names of built-in ops and states.
    pub fn builtin_names(&self) -> impl Iterator<Item = &str> {
        let states = self.builtin_states().map(|state| state.name.as_str());
        states.chain(self.builtin_ops().map(|op| op.name.as_str()))
    }

    /// The built-in states.
    pub fn builtin_states(&self) -> impl Iterator<Item = &State> {
        self.states.iter().filter(|state| state.origin.builtin)
    }

    /// The built-in ops.
    pub fn builtin_ops(&self) -> impl Iterator<Item = &OpDeclared> {
        self.ops.iter().filter(|op| op.origin.builtin)
    }

    /// What is wrong with replacing the built-in ops and states of these names: nothing takes the place of one, or what
    /// does takes or makes something else.
    pub fn misfits(&self, names: &[String]) -> Vec<Error> {
        let misfit = |name: &String| {
            let is = |other: &String, origin: &Origin, builtin| other == name && origin.builtin == builtin;
            let op = |builtin| self.ops.iter().find(|op| is(&op.name, &op.origin, builtin));
            let state = |builtin| self.states.iter().find(|state| is(&state.name, &state.origin, builtin));
            let nothing = || {
                Error::request(format!("`override` names `{name}`, but no script declares a replacement"))
                    .hint(format!("without a replacement, the built-in `{name}` stays"))
            };
            match (op(true), op(false), state(true), state(false)) {
                (Some(old), Some(new), ..) => other_files(old, new),
                (Some(_), None, ..) => Some(nothing()),
                (.., Some(old), Some(new)) => other_kind(old, new),
                (.., Some(_), None) => Some(nothing()),
                _ => None,
            }
        };
        names.iter().filter_map(misfit).map(|error| *error).collect()
    }

    /// Leaves out the built-in ops and states of these names that have one of the user's in their place.
    pub fn replace(&mut self, names: &[String]) {
        if names.is_empty() {
            return;
        }
        let named = |name: &String| names.contains(name);
        let states: HashSet<String> =
            self.states.iter().filter(|s| !s.origin.builtin).map(|s| s.name.clone()).collect();
        let (replaced, kept) = std::mem::take(&mut self.states)
            .into_iter()
            .partition::<Vec<State>, _>(|s| s.origin.builtin && named(&s.name) && states.contains(&s.name));
        self.states = kept;
        for old in replaced {
            let new = self.states.iter_mut().filter(|state| state.name == old.name);
            // What took its place is used as it was.
            new.for_each(|state| state.properties = old.properties.clone());
        }
        let ops: HashSet<String> =
            self.ops.iter().filter(|o| !o.origin.builtin).map(|o| o.name.clone()).collect();
        self.ops.retain(|o| !(o.origin.builtin && named(&o.name) && ops.contains(&o.name)));
    }

    /// What one source declares twice under one name, by name: of such states the first is meant, of such ops both
    /// stay.
    fn duplicates(&self) -> Vec<Duplicate> {
        let states = self.states.iter().map(|state| ("state", &state.name, &state.origin));
        let ops = self.ops.iter().map(|op| ("op", &op.name, &op.origin));
        let mut first: HashMap<(&str, &str, u32), &Place> = HashMap::new();
        let mut duplicates = vec![];
        for (what, name, origin) in states.chain(ops) {
            let place = *first.entry((what, name, origin.rank)).or_insert(&origin.place);
            if *place != origin.place {
                let (first, second) = (place.clone(), origin.place.clone());
                duplicates.push(Duplicate { what, name: name.clone(), first, second });
            }
        }
        duplicates
    }

    /// The states of the user's scripts.
    pub fn own_states(&self) -> impl Iterator<Item = &State> {
        self.states.iter().filter(|state| !state.origin.builtin)
    }

    /// The ops of the user's scripts.
    pub fn own_ops(&self) -> impl Iterator<Item = &OpDeclared> {
        self.ops.iter().filter(|op| !op.origin.builtin)
    }

    /// The bodies, each with the name of its op and where the op stands.
    pub fn into_bodies(self) -> impl Iterator<Item = (String, Origin, Option<Body>)> {
        self.ops.into_iter().map(|op| (op.name, op.origin, op.body))
    }

    /// The graph, the bodies by id, and what is declared twice.
    ///
    /// # Errors
    /// A state that nobody declared, with the place where it was named.
    pub fn into_graph(mut self) -> Result<(OpGraph, Vec<Option<Body>>, Vec<Duplicate>)> {
        self.states.sort_by(|a, b| order(&a.origin, &b.origin).then_with(|| a.name.cmp(&b.name)));
        self.ops.sort_by(|a, b| order(&a.origin, &b.origin).then_with(|| a.name.cmp(&b.name)));
        let duplicates = self.duplicates();
        let mut graph = OpGraph::new();
        let mut known = Known::default();
        for state in self.states {
            if let Entry::Vacant(free) = known.of(state.origin.builtin).entry(state.name.clone()) {
                free.insert(graph.add_state(state));
            }
        }
        let find = |graph: &OpGraph, wanted: &StateName| match known.find(wanted) {
            Some(id) => Ok(id),
            None => graph.resolve_state(&wanted.name).map_err(|error| error.at(wanted.place.clone())),
        };
        let mut bodies = vec![];
        for op in self.ops {
            let inputs = params(op.inputs, |state| find(&graph, state))?;
            let outputs = params(op.outputs, |state| find(&graph, state))?;
            let OpDeclared { name, cost, description, needs, properties, origin, body, .. } = op;
            let id = BodyId::new(bodies.len());
            let (body, declared) = (id, body);
            bodies.push(declared);
            graph.add_op(Op { name, inputs, outputs, cost, description, needs, properties, origin, body });
        }
        Ok((graph, bodies, duplicates))
    }
}

/// An op that takes the place of another one takes and makes the same.
fn other_files(old: &OpDeclared, new: &OpDeclared) -> Option<Box<Error>> {
    let shown = |params: &[ParamDeclared]| {
        let shown = params.iter().map(|param| match param.count {
            Count::One => param.state.name.clone(),
            Count::Many => format!("[{}]", param.state.name),
            Count::Optional => format!("optional({})", param.state.name),
            Count::Any => format!("optional([{}])", param.state.name),
        });
        shown.collect::<Vec<_>>().join(", ")
    };
    let all = |op: &OpDeclared| format!("{} >> {}", shown(&op.inputs), shown(&op.outputs));
    let sorted = |op: &OpDeclared| {
        let states = |params: &[ParamDeclared]| {
            let mut states: Vec<(String, Count)> =
                params.iter().map(|param| (param.state.name.clone(), param.count)).collect();
            states.sort_by(|a, b| a.0.cmp(&b.0));
            states
        };
        (states(&op.inputs), states(&op.outputs))
    };
    (sorted(old) != sorted(new)).then(|| {
        Error::request(format!("`{}` cannot replace the built-in op", new.name))
            .at(new.origin.place.clone())
            .detail("this one", all(new))
            .detail("built-in", all(old))
            .hint("take and make the same states, or give the op a name of its own")
    })
}

/// A state that takes the place of another one is as that: files, or directories.
fn other_kind(old: &State, new: &State) -> Option<Box<Error>> {
    let kind = |state: &State| if state.directory { "directories" } else { "files" };
    (old.directory != new.directory).then(|| {
        Error::request(format!("the state `{}` cannot replace the built-in one", new.name))
            .at(new.origin.place.clone())
            .detail("this one", kind(new))
            .detail("built-in", kind(old))
    })
}

/// The states by name: the user's and the built-in ones.
#[derive(Default)]
struct Known {
    own: HashMap<String, StateId>,
    builtin: HashMap<String, StateId>,
}

impl Known {
    fn of(&mut self, builtin: bool) -> &mut HashMap<String, StateId> {
        if builtin { &mut self.builtin } else { &mut self.own }
    }

    /// A built-in script means a built-in state, a script of the user one of the user's; else what is there.
    fn find(&self, wanted: &StateName) -> Option<StateId> {
        let (first, then) =
            if wanted.builtin { (&self.builtin, &self.own) } else { (&self.own, &self.builtin) };
        first.get(&wanted.name).or_else(|| then.get(&wanted.name)).copied()
    }
}

fn order(a: &Origin, b: &Origin) -> Ordering {
    a.order().cmp(&b.order())
}

fn params(declared: Vec<ParamDeclared>, find: impl Fn(&StateName) -> Result<StateId>) -> Result<Vec<Param>> {
    let known =
        |param: ParamDeclared| Ok(Param { state: find(&param.state)?, name: param.name, count: param.count });
    declared.into_iter().map(known).collect()
}
