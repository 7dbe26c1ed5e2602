//! From Ninja statements to steps: variables get their values, rules become commands.
//! It does not know lowering; it makes what `shell_deps` makes.

use super::ninja_text::expand;
use super::statements::{Build, Definitions, Statement, Statements};
use crate::diag::{Error, Result, did_you_mean};
use crate::lower::{Depfile, Piece, Resource};
use crate::paths::WorkPath;
use crate::script::marks::{FileUse, Inline};
use crate::script::pieces::pieces;
use crate::script::session::Session;
use crate::script::step::{FileOrName, MadeFile, Step, WaitKind, Waiting};
use crate::script::step_options;
use crate::script::values::plain;
use crate::shell::ShellWord;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// How deep variables of a rule may refer to each other.
const DEPTH: usize = 32;

/// The scope of a file: what this use of an op defines, then what earlier ones did.
struct Scope<'a> {
    session: &'a Session,
    own: Definitions,
    before: &'a Definitions,
}

/// A build statement with its paths known.
struct Edge<'a> {
    bindings: BTreeMap<String, String>,
    rule: &'a [(String, String)],
    inputs: Vec<WorkPath>,
    outputs: Vec<WorkPath>,
}

/// The steps of one use of an op.
///
/// # Errors
/// A rule that does not exist, a `$` that names no variable, a path that a Ninja file cannot contain.
pub fn evaluate(session: &Session, said: &[&Statements], resources: &mut Vec<Resource>) -> Result<Vec<Step>> {
    let before = session.setups.defined.take();
    let mut scope = Scope { session, own: Definitions::default(), before: &before };
    // A variable has the value that its definition had; a build sees the last value of each, as in Ninja.
    let mut builds = vec![];
    let statements =
        said.iter().flat_map(|part| part.statements.iter().map(move |statement| (part, statement)));
    for (part, statement) in statements {
        match statement {
            Statement::Var(name, value) => {
                let value = scope.now(value)?;
                scope.own.variables.insert(name.clone(), value);
            }
            Statement::Rule(name, bindings) => drop(scope.own.rules.insert(name.clone(), bindings.clone())),
            Statement::Build(build) => {
                let located = |error: Box<Error>| error.at(build.place.clone());
                let own = build.bindings.iter().map(|(name, value)| Ok((name.clone(), scope.now(value)?)));
                let own = own.collect::<Result<BTreeMap<_, _>>>().map_err(located)?;
                let mut value = |name: &str| match own.get(name) {
                    Some(value) => Ok(value.clone()),
                    None => Ok(scope.variable(name)),
                };
                let mut list = |list: &[String]| paths(session, list, &mut value);
                let files = [list(&build.outputs), list(&build.inputs), list(&build.implicit)];
                let [outputs, inputs, implicit] = files;
                let mut implicit = implicit.map_err(located)?;
                implicit.extend(laid(said, part));
                builds.push((build, own, outputs.map_err(located)?, inputs.map_err(located)?, implicit));
            }
        }
    }
    let step = |(build, bindings, outputs, inputs, implicit)| {
        let rule = scope.rule(build)?;
        let edge = Edge { bindings, rule, inputs, outputs };
        scope
            .step(build, &edge, implicit, resources)
            .map_err(|error| if error.place.is_some() { error } else { error.at(build.place.clone()) })
    };
    let steps = builds.into_iter().map(step).collect::<Result<Vec<Step>>>()?;
    let Scope { own, .. } = scope;
    let mut defined = before;
    defined.variables.extend(own.variables);
    defined.rules.extend(own.rules);
    session.setups.defined.replace(defined);
    Ok(steps)
}

/// The resources that a step may use beside those it names: the resources of its part of the use. The statements of the op
/// itself come last and have the resources of all setups.
fn laid(said: &[&Statements], part: &Statements) -> Vec<WorkPath> {
    let is_op = said.last().is_some_and(|last| std::ptr::eq(*last, part));
    let parts = said.iter().filter(|other| is_op || std::ptr::eq(**other, part));
    parts.flat_map(|part| &part.resources).map(|resource| resource.path.clone()).collect()
}

impl Scope<'_> {
    /// The value of a variable of the file; empty if it is undefined, as in Ninja.
    fn variable(&self, name: &str) -> String {
        let found = self.own.variables.get(name).or_else(|| self.before.variables.get(name));
        found.cloned().unwrap_or_default()
    }

    /// The value of a text at its place in the file.
    fn now(&self, text: &str) -> Result<String> {
        expand(text, &mut |name| Ok(self.variable(name)))
    }

    fn rule(&self, build: &Build) -> Result<&[(String, String)]> {
        let found = self.own.rules.get(&build.rule).or_else(|| self.before.rules.get(&build.rule));
        found.map(Vec::as_slice).ok_or_else(|| {
            let known = self.own.rules.keys().chain(self.before.rules.keys());
            Error::request(format!("there is no rule `{}`", build.rule))
                .at(build.place.clone())
                .maybe_hint(did_you_mean(&build.rule, known.map(String::as_str)))
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
            "in_newline" => return Ok(files(&edge.inputs).replace(' ', "\n")),
            _ => {}
        }
        if let Some(value) = edge.bindings.get(name) {
            return Ok(value.clone());
        }
        match edge.rule.iter().rev().find(|(key, _)| key == name) {
            Some((_, text)) => expand(text, &mut |name| self.late(edge, name, depth + 1)),
            None => Ok(self.variable(name)),
        }
    }

    fn mark(&self, path: &WorkPath) -> String {
        let file = FileUse::made(path.clone());
        self.session.marks.mark(&Inline::File(file))
    }

    fn step(
        &self,
        build: &Build,
        edge: &Edge,
        implicit: Vec<WorkPath>,
        resources: &mut Vec<Resource>,
    ) -> Result<Step> {
        let mut step =
            Step { place: Some(build.place.clone()), script: build.script.clone(), ..Step::default() };
        step.first_output = edge.outputs.first().cloned();
        let command = pieces(self.session, &self.late(edge, "command", 0)?, &mut step)?;
        let optional =
            |name: &str| self.late(edge, name, 0).map(|text| Some(text).filter(|text| !text.is_empty()));
        if let Some(depfile) = optional("depfile")? {
            let path = pieces(self.session, &depfile, &mut Step::default())?;
            step.options.depfiles.push(Depfile { path, form: None });
        }
        step.options.description = optional("description")?.map(|text| plain(self.session, &text));
        let pool = optional("pool")?;
        step.options.console = pool.as_deref() == Some("console");
        step.options.pool = pool.filter(|name| name != "console").map(step_options::pool).transpose()?;
        // An output that the command names as plain text cannot be given another name while it is made.
        let named = |path: &WorkPath| {
            let is_text = |piece: &Piece| matches!(piece, Piece::Text(text) if text.contains(path.as_str()));
            command.contains(&Piece::File(path.clone())) && !command.iter().any(is_text)
        };
        step.options.in_place = !edge.outputs.iter().all(named);
        self.response_file(edge, &mut step, resources)?;
        step.commands.push(command);
        let asked = |path: &WorkPath| FileOrName::File(FileUse::needed(path.clone()));
        step.waits
            .extend(edge.inputs.iter().map(|path| Waiting { what: asked(path), how: WaitKind::Explicit }));
        step.waits.extend(implicit.iter().map(|path| Waiting { what: asked(path), how: WaitKind::Implicit }));
        step.targets.extend(edge.outputs.iter().map(|path| MadeFile { what: asked(path), directory: false }));
        Ok(step)
    }

    /// `rspfile`: its content is known by now, so it is laid into the build directory and is an input; the step puts it
    /// where the tool looks for it.
    fn response_file(&self, edge: &Edge, step: &mut Step, resources: &mut Vec<Resource>) -> Result<()> {
        let asked = self.late(edge, "rspfile", 0)?;
        let Some(output) = edge.outputs.first().filter(|_| !asked.is_empty()) else { return Ok(()) };
        let content = quoted(self.session, &self.late(edge, "rspfile_content", 0)?)?;
        let laid = WorkPath::new(format!("rsp/{}", output.as_str().replace("../", "__/")))?;
        let mut command = vec![Piece::Text("cp ".into()), Piece::File(laid.clone()), Piece::Text(" ".into())];
        command.extend(pieces(self.session, &asked, &mut Step::default())?);
        step.commands.push(command);
        step.waits
            .push(Waiting { what: FileOrName::File(FileUse::needed(laid.clone())), how: WaitKind::Implicit });
        let content = Cow::Owned(content.into_bytes());
        resources.push(Resource { path: laid, content, is_executable: false });
        Ok(())
    }
}

/// A text with the names of files in it quoted for a shell, as Ninja does in a response file.
fn quoted(session: &Session, text: &str) -> Result<String> {
    let text = pieces(session, text, &mut Step::default())?.into_iter().map(|piece| match piece {
        Piece::Text(text) => text,
        Piece::File(path) => ShellWord::quote(path.as_str()).to_string(),
        Piece::Words(words) => {
            words.iter().map(|word| ShellWord::quote(word).to_string()).collect::<Vec<_>>().join(" ")
        }
    });
    Ok(text.collect())
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
