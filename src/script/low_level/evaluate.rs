//! From Ninja statements to steps: variables get their values, rules become commands.
//! It does not know lowering; it makes what `shell_deps` makes.

use super::emitter::{Build, Said, Statement};
use super::ninja_text::expand;
use crate::diag::{Error, Result, did_you_mean};
use crate::lower::Piece;
use crate::paths::WorkPath;
use crate::script::marks::{FileUse, Inline};
use crate::script::session::Session;
use crate::script::steps::{Asked, How, Made, Step, Wait, pieces};
use crate::script::values::plain;
use std::collections::BTreeMap;

/// How deep variables of a rule may refer to each other.
const DEPTH: usize = 32;

/// The scope of a file: variables with their values, rules with their bindings unevaluated.
struct Scope<'a> {
    session: &'a Session,
    variables: BTreeMap<String, String>,
    rules: BTreeMap<String, Vec<(String, String)>>,
}

/// A build statement with its paths known.
struct Edge<'a> {
    bindings: BTreeMap<String, String>,
    rule: &'a [(String, String)],
    inputs: Vec<WorkPath>,
    outputs: Vec<WorkPath>,
}

/// The steps of what one use of an op said.
///
/// # Errors
/// A rule that is not there, a `$` that means nothing, a path that no Ninja file can carry.
pub fn evaluate(session: &Session, said: &Said) -> Result<Vec<Step>> {
    let mut scope = Scope { session, variables: BTreeMap::new(), rules: BTreeMap::new() };
    // A variable has the value that its definition had; a build sees the last value of each, as in Ninja.
    let mut builds = vec![];
    for statement in &said.statements {
        match statement {
            Statement::Var(name, value) => {
                let value = scope.now(value)?;
                scope.variables.insert(name.clone(), value);
            }
            Statement::Rule(name, bindings) => drop(scope.rules.insert(name.clone(), bindings.clone())),
            Statement::Build(build) => {
                let located = |error: Box<Error>| error.at(build.place.clone());
                let own = build.bindings.iter().map(|(name, value)| Ok((name.clone(), scope.now(value)?)));
                let own = own.collect::<Result<BTreeMap<_, _>>>().map_err(located)?;
                let mut value = |name: &str| match own.get(name) {
                    Some(value) => Ok(value.clone()),
                    None => Ok(scope.variables.get(name).cloned().unwrap_or_default()),
                };
                let mut list = |list: &[String]| paths(session, list, &mut value);
                let files = [list(&build.outputs), list(&build.inputs), list(&build.implicit)];
                let [outputs, inputs, implicit] = files;
                builds.push((
                    build,
                    own,
                    outputs.map_err(located)?,
                    inputs.map_err(located)?,
                    implicit.map_err(located)?,
                ));
            }
        }
    }
    let step = |(build, bindings, outputs, inputs, implicit)| {
        let rule = scope.rule(build)?;
        let edge = Edge { bindings, rule, inputs, outputs };
        scope
            .step(build, &edge, implicit)
            .map_err(|error| if error.place.is_some() { error } else { error.at(build.place.clone()) })
    };
    builds.into_iter().map(step).collect()
}

impl Scope<'_> {
    /// The value of a text as it stands in the file.
    fn now(&self, text: &str) -> Result<String> {
        expand(text, &mut |name| Ok(self.variables.get(name).cloned().unwrap_or_default()))
    }

    fn rule(&self, build: &Build) -> Result<&[(String, String)]> {
        self.rules.get(&build.rule).map(Vec::as_slice).ok_or_else(|| {
            Error::request(format!("there is no rule `{}`", build.rule))
                .at(build.place.clone())
                .maybe_hint(did_you_mean(&build.rule, self.rules.keys().map(String::as_str)))
        })
    }

    /// A variable as a rule's command sees it.
    fn late(&self, edge: &Edge, name: &str, depth: usize) -> Result<String> {
        let files =
            |files: &[WorkPath]| files.iter().map(|path| self.mark(path)).collect::<Vec<_>>().join(" ");
        if depth > DEPTH {
            return Err(Error::request(format!("the variable `{name}` refers to itself")));
        }
        match name {
            "in" => return Ok(files(&edge.inputs)),
            "out" => return Ok(files(&edge.outputs)),
            _ => {}
        }
        if let Some(value) = edge.bindings.get(name) {
            return Ok(value.clone());
        }
        match edge.rule.iter().rev().find(|(key, _)| key == name) {
            Some((_, text)) => expand(text, &mut |name| self.late(edge, name, depth + 1)),
            None => Ok(self.variables.get(name).cloned().unwrap_or_default()),
        }
    }

    fn mark(&self, path: &WorkPath) -> String {
        let file = FileUse::made(path.clone());
        self.session.marks.mark(&Inline::File(file))
    }

    fn step(&self, build: &Build, edge: &Edge, implicit: Vec<WorkPath>) -> Result<Step> {
        let mut step =
            Step { place: Some(build.place.clone()), script: build.script.clone(), ..Step::default() };
        let command = pieces(self.session, &self.late(edge, "command", 0)?, &mut step)?;
        let optional =
            |name: &str| self.late(edge, name, 0).map(|text| Some(text).filter(|text| !text.is_empty()));
        if let Some(depfile) = optional("depfile")? {
            step.options.depfile = Some(pieces(self.session, &depfile, &mut Step::default())?);
        }
        step.options.description = optional("description")?.map(|text| plain(self.session, &text));
        step.options.pool = optional("pool")?;
        if step.options.pool.as_deref() == Some("console") {
            step.options.console = true;
            step.options.pool = None;
        }
        // An output that the command names as plain text cannot be given another name while it is made.
        let named = |path: &WorkPath| command.iter().any(|piece| *piece == Piece::File(path.clone()));
        step.options.in_place = !edge.outputs.iter().all(named);
        step.commands.push(command);
        let asked = |path: &WorkPath| Asked::File(FileUse::needed(path.clone()));
        step.waits.extend(edge.inputs.iter().map(|path| Wait { what: asked(path), how: How::Explicit }));
        step.waits.extend(implicit.iter().map(|path| Wait { what: asked(path), how: How::Implicit }));
        step.targets.extend(edge.outputs.iter().map(|path| Made { what: asked(path), directory: false }));
        Ok(step)
    }
}

/// The paths of a build statement; empty ones are left out.
fn paths(
    session: &Session,
    list: &[String],
    value: &mut dyn FnMut(&str) -> Result<String>,
) -> Result<Vec<WorkPath>> {
    let mut paths = vec![];
    for text in list {
        let path = plain(session, &expand(text, value)?);
        if !path.trim().is_empty() {
            paths.push(WorkPath::new(path)?);
        }
    }
    Ok(paths)
}
