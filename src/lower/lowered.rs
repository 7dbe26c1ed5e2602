//! The whole plan as a Ninja file: every body runs once, every step becomes an edge, results get their names.
//! It does not know how the plan was found, or where the file will be written.

use super::circle::no_circle;
use super::edge::{Site, Step};
use super::emission::{Bodies, Call, Dep, Emission, Piece, Resource, StepOptions, Target};
use crate::diag::{Error, Place, Result};
use crate::graph::{Op, OpGraph, State};
use crate::ninja::{self, Build, Name, PathText, Statement, Text};
use crate::paths::{Places, WorkPath};
use crate::plan::{FileId, OpUse, Plan};
use crate::workdir::names::{NINJA_FILE, is_kept, step_file};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// A result that the user wants under a name of their own.
#[derive(Clone, Debug)]
pub struct Copy {
    /// Position in [`Plan::results`].
    pub result: usize,
    /// The path of the copy.
    pub to: WorkPath,
}

/// What a plan became.
#[derive(Clone, Debug, Default)]
pub struct Lowered {
    /// The edges and comments, without the frame.
    pub statements: Vec<Statement>,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// For each wanted state, where its file is.
    pub results: Vec<Target>,
    /// Files of the program's own that the steps use.
    pub resources: Vec<Resource>,
    /// Files that steps wait for and that no step makes, with the place that asked for them.
    pub sources: Vec<(WorkPath, Place)>,
}

/// Lowers a plan.
///
/// # Errors
/// Whatever a body says; two steps that make one file; a copy onto a file that the user gave.
pub fn lower(
    graph: &OpGraph,
    plan: &Plan,
    bodies: &dyn Bodies,
    places: &Places,
    copies: &[Copy],
) -> Result<Lowered> {
    let sections = sections(graph, plan, bodies, places, copies)?;
    no_circle(&sections.iter().flat_map(|(_, _, emissions)| emissions).collect::<Vec<_>>())?;
    let targets =
        sections.iter().flat_map(|(_, _, emissions)| emissions).flat_map(|emission| &emission.targets);
    let directories: HashSet<WorkPath> = targets.filter(|t| t.directory).map(|t| t.path.clone()).collect();
    let site = Site { places, directories: &directories };
    let mut lowered = Lowered::default();
    let mut names = Names::default();
    let mut makers = HashMap::new();
    let given: HashSet<&WorkPath> = plan.given().collect();
    for (title, op, emissions) in sections {
        let (start, properties) = op.map_or(("copy", None), |op| (op.name.as_str(), Some(&op.properties)));
        lowered.statements.extend([Statement::Blank, Statement::Comment(title)]);
        for emission in emissions.into_iter().map(Rc::new) {
            lowered.lay(&emission)?;
            if is_there(&makers, &emission) {
                continue;
            }
            check_targets(&given, &emission)?;
            note_maker(&mut makers, &emission)?;
            lowered
                .sources
                .extend(emission.deps.iter().map(|dep| (dep.path().clone(), emission.place.clone())));
            let made =
                emission.targets.first().map(|target| target.path.as_path().file_name().unwrap_or_default());
            let name = names.unique(&format!("{start}.{}", made.unwrap_or_default()));
            let description = emission.options.description.clone();
            let description = description.unwrap_or_else(|| format!("{start} {}", made.unwrap_or_default()));
            let edge = lowered
                .on_demand(&emission)
                .and_then(|files| site.edge(name, &emission, description, &files));
            let (mut step, build) = edge.map_err(|e| e.at_if_none(&emission.place))?;
            lowered.statements.push(Statement::Build(build));
            step.op = properties.cloned().unwrap_or_default();
            lowered.steps.push(step);
        }
    }
    let made: HashSet<&WorkPath> = makers.keys().chain(lowered.resources.iter().map(|r| &r.path)).collect();
    lowered.sources.retain(|(path, _)| !made.contains(path));
    lowered.results = results(graph, plan, copies);
    lowered.statements.extend(aliases(graph, plan, &lowered, &site)?);
    ninja::check(&ninja::File { statements: lowered.statements.clone() })?;
    Ok(lowered)
}

/// A title for people, the op, and the steps; copies of results have no op.
type Section<'g> = (String, Option<&'g Op>, Vec<Emission>);

/// What the bodies of a plan say, one section for each use of an op, and one for each copy.
fn sections<'g>(
    graph: &'g OpGraph,
    plan: &Plan,
    bodies: &dyn Bodies,
    places: &Places,
    copies: &[Copy],
) -> Result<Vec<Section<'g>>> {
    bodies.start(&plan.uses.iter().map(|op_use| graph.op(op_use.op)).collect::<Vec<_>>());
    let mut sections = vec![];
    for (index, op_use) in plan.uses.iter().enumerate() {
        let op = graph.op(op_use.op);
        let call = call(graph, plan, index, op_use);
        let mut emissions = bodies.run(op.body, &call)?;
        mark_actions(graph, op, &call, &mut emissions);
        sections.push((section_title(op), Some(op), emissions));
    }
    for copy in copies {
        sections.push((
            "the requested copy of the result".into(),
            None,
            vec![copy_step(graph, plan, copy, places)?],
        ));
    }
    Ok(sections)
}

impl Lowered {
    /// The files with the words of the steps that this one starts on demand. These steps were asked for before, and nobody
    /// waits for them.
    fn on_demand(&mut self, emission: &Emission) -> Result<Vec<WorkPath>> {
        let mut files = vec![];
        for dep in &emission.deps {
            let Dep::OnDemand(path) = dep else { continue };
            let makes = |step: &&mut Step| step.targets.iter().any(|target| target.path == *path);
            let Some(step) = self.steps.iter_mut().find(makes) else {
                let message =
                    format!("`{path}` is wanted on demand, but no earlier step of this op makes it");
                return Err(Error::request(message).hint("put the step that makes it first"));
            };
            step.on_demand = true;
            let file = WorkPath::new(step_file(&step.name, "words"))?;
            let words: Vec<&str> = step.words.iter().map(String::as_str).collect();
            let words = shlex::try_join(words)
                .map_err(|_| Error::request(format!("a command that makes `{path}` has a NUL byte")))?;
            let content = Cow::Owned(words.into_bytes());
            if self.resources.iter().all(|resource| resource.path != file) {
                self.resources.push(Resource { path: file.clone(), content, is_executable: false });
            }
            files.push(file);
        }
        Ok(files)
    }

    /// Takes the resources of an emission; a name has one content.
    fn lay(&mut self, emission: &Emission) -> Result<()> {
        for resource in &emission.resources {
            match self.resources.iter().find(|other| other.path == resource.path) {
                None => self.resources.push(resource.clone()),
                Some(other) if other.content == resource.content => {}
                Some(_) => {
                    let message = format!("two ops write different files to `{}`", resource.path);
                    return Err(Error::request(message)
                        .at(emission.place.clone())
                        .hint("give one of them another name"));
                }
            }
        }
        Ok(())
    }
}

/// Whether the same step was asked for before, as by setups that several ops share.
fn is_there(makers: &HashMap<WorkPath, Rc<Emission>>, emission: &Emission) -> bool {
    let target = emission.targets.first();
    target.and_then(|target| makers.get(&target.path)).is_some_and(|other| other.is_same_step(emission))
}

/// Refuses a step that would overwrite a given file, or a file that Ninja or fudsv itself keeps.
fn check_targets(given: &HashSet<&WorkPath>, emission: &Emission) -> Result<()> {
    for Target { path, .. } in &emission.targets {
        let what = match (given.contains(path), is_kept(path.as_path())) {
            (true, _) => "is given",
            (_, true) => "belongs to fudsv",
            _ => continue,
        };
        return Err(Error::request(format!("this step would overwrite `{path}`, which {what}"))
            .at(emission.place.clone())
            .hint("give its output another name"));
    }
    Ok(())
}

/// Notes who makes what; a file has one maker.
fn note_maker(makers: &mut HashMap<WorkPath, Rc<Emission>>, emission: &Rc<Emission>) -> Result<()> {
    for target in &emission.targets {
        if let Some(other) = makers.insert(target.path.clone(), emission.clone()) {
            if other.place == emission.place {
                return Err(Error::request(format!("an op is used twice, and both uses make `{}`", target.path))
                    .at(emission.place.clone())
                    .hint("`temp(\"…\")` in a `defop` makes names that are unique to each use; else build one after the other"));
            }
            let other = format!("{}:{}:{}", other.place.file, other.place.line, other.place.column);
            return Err(Error::request(format!("two steps make `{}`", target.path))
                .at(emission.place.clone())
                .detail("the other", other)
                .hint("give one of them another name; `temp(\"…\")` makes names that are unique to each use of an op"));
        }
    }
    Ok(())
}

/// Comment above the edges of an op use.
fn section_title(op: &Op) -> String {
    let origin = if op.origin.builtin { "built-in script" } else { "script" };
    let what = op.description.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
    format!("{}{what} ({origin} {})", op.name, op.origin.script)
}

fn call<'a>(graph: &'a OpGraph, plan: &Plan, index: usize, op_use: &OpUse) -> Call<'a> {
    let op = graph.op(op_use.op);
    let again = plan.uses[..index].iter().filter(|other| other.op == op_use.op).count();
    let name = if again == 0 { op.name.clone() } else { format!("{}-{}", op.name, again + 1) };
    let path = |id: &FileId| plan.file(*id).path.clone();
    let inputs = op_use.inputs.iter().map(|files| files.iter().map(path).collect()).collect();
    Call { op, name: file_name(&name), inputs, outputs: op_use.outputs.iter().map(path).collect() }
}

/// An action (a state without files, such as opening a viewer) gets a stamp, so that Ninja sees that it ran. What the
/// commands wrote there stays: for other ops such a state is a file that merely has no extension.
fn mark_actions(graph: &OpGraph, op: &Op, call: &Call, emissions: &mut [Emission]) {
    let states = op.outputs.iter().map(|param| graph.state(param.state));
    for (path, _) in call.outputs.iter().zip(states).filter(|(_, state)| is_action(state)) {
        for emission in emissions.iter_mut().filter(|e| e.targets.iter().any(|target| target.path == *path)) {
            emission.commands.push(vec![Piece::Text(": >> ".into()), Piece::File(path.clone())]);
        }
    }
}

fn is_action(state: &State) -> bool {
    state.extensions.is_empty() && state.pattern.is_none() && !state.directory
}

/// A copy, never a link: an in-place `strip` of it must not reach the original.
fn copy_step(graph: &OpGraph, plan: &Plan, copy: &Copy, places: &Places) -> Result<Emission> {
    let (file, shown) = (plan.file(plan.results[copy.result]), places.for_user(&copy.to));
    if plan.files.iter().any(|other| other.path == copy.to) {
        let message = format!("`{shown}` is a file of the plan itself");
        return Err(Error::request(message).hint("give `-o` another name"));
    }
    let directory = graph.state(file.state).directory;
    let (from, to) = (Piece::File(file.path.clone()), Piece::File(copy.to.clone()));
    let text = |text: &str| Piece::Text(text.to_owned());
    let commands = if directory {
        vec![vec![text("mkdir -p "), to.clone(), text(" && cp -R "), from, text("/. "), to]]
    } else {
        // A file may turn out to be a directory; a link to a file is copied as that file.
        vec![vec![text("cp -RHT "), from, text(" "), to]]
    };
    Ok(Emission {
        commands,
        deps: vec![Dep::Explicit(file.path.clone())],
        targets: vec![Target { path: copy.to.clone(), directory }],
        options: StepOptions { description: Some(format!("copy to {shown}")), ..StepOptions::default() },
        tools: vec![],
        resources: vec![],
        place: Place { file: "the command line".into(), line: 0, column: 0, source: None, width: 1 },
    })
}

fn results(graph: &OpGraph, plan: &Plan, copies: &[Copy]) -> Vec<Target> {
    let result = |(index, id): (usize, &FileId)| {
        let file = plan.file(*id);
        let copied = copies.iter().find(|copy| copy.result == index).map(|copy| &copy.to);
        Target { path: copied.unwrap_or(&file.path).clone(), directory: graph.state(file.state).directory }
    };
    plan.results.iter().enumerate().map(result).collect()
}

/// `all` and one name per wanted state, unless a file has that name.
fn aliases(graph: &OpGraph, plan: &Plan, lowered: &Lowered, site: &Site) -> Result<Vec<Statement>> {
    let nodes = lowered.results.iter().map(|result| site.node(&result.path)).collect::<Result<Vec<_>>>()?;
    let for_themselves = lowered.steps.iter().filter(|step| step.for_itself).flat_map(|step| &step.targets);
    let all: Vec<WorkPath> =
        nodes.iter().cloned().chain(for_themselves.map(|target| target.path.clone())).collect();
    let mut by_alias: Vec<(String, Vec<WorkPath>)> = vec![("all".into(), all.clone())];
    for (id, node) in plan.results.iter().zip(&nodes) {
        let state = &graph.state(plan.file(*id).state).name;
        match by_alias.iter_mut().find(|(alias, _)| alias == state) {
            // Results of a state of that name are among all.
            Some((alias, _)) if alias == "all" => {}
            Some((_, nodes)) => nodes.push(node.clone()),
            None => by_alias.push((state.clone(), vec![node.clone()])),
        }
    }
    let made = lowered.steps.iter().flat_map(|step| &step.targets).map(|target| target.path.as_str());
    let named = nodes.iter().map(WorkPath::as_str).chain([NINJA_FILE]);
    let taken: HashSet<&str> = made.chain(named).collect();
    let mut statements = vec![Statement::Blank];
    for (alias, nodes) in by_alias.iter().filter(|(alias, _)| !taken.contains(alias.as_str())) {
        let Ok(path) = WorkPath::new(alias) else { continue };
        statements.push(phony(&path, &nodes.iter().map(PathText::new).collect::<Vec<_>>())?);
    }
    let default = if taken.contains("all") { all } else { vec![WorkPath::new("all")?] };
    statements.push(Statement::Default(default.iter().map(PathText::new).collect()));
    Ok(statements)
}

/// `build name: phony files`.
pub fn phony(name: &WorkPath, inputs: &[PathText]) -> Result<Statement> {
    let (outputs, rule) = (vec![PathText::new(name)], Name::new("phony")?);
    let (implicit, order_only, bindings) = (vec![], vec![], Vec::<(Name, Text)>::new());
    Ok(Statement::Build(Build { outputs, rule, inputs: inputs.to_vec(), implicit, order_only, bindings }))
}

/// Step names, each fit for a file name and given once.
#[derive(Default)]
struct Names(HashMap<String, usize>);

impl Names {
    fn unique(&mut self, name: &str) -> String {
        let name = file_name(name);
        let count = self.0.entry(name.clone()).or_insert(0);
        *count += 1;
        if *count == 1 { name } else { format!("{name}.{count}") }
    }
}

fn file_name(text: &str) -> String {
    let text: String =
        text.chars().map(|c| if c.is_alphanumeric() || "._-+".contains(c) { c } else { '_' }).collect();
    text.trim_start_matches(['.', '-']).chars().take(120).collect()
}
