//! Plan, lower, and write the build directory; and what is kept there so that the next run may skip all of it.
//! It does not know how Ninja runs.

use super::compile_commands;
use super::odd_ports;
use super::request::{self, Asked};
use super::scripts;
use super::session::Session;
use super::store::concerns_store;
use crate::design::{Operand, outline};
use crate::diag::{Error, Place, Result};
use crate::digest::{Digest, SourceSum};
use crate::facts::{Answer, Query, Stat, all_still, changes};
use crate::graph::{OpGraph, StateId};
use crate::lower::{self, Frame, Lowered, Step};
use crate::ninja;
use crate::paths::{WorkPath, relative};
use crate::plan::{self, Plan};
use crate::run::{INTERNAL, Workdir};
use crate::script::Twice;
use crate::secret;
use crate::step::{self, scan};
use crate::tools::Toolbox;
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// What is kept of a generation; small, since the no-op path reads it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Generated {
    /// The digest of what was asked.
    pub request: Digest,
    /// Everything that was looked at.
    seen: Vec<(Query, Answer)>,
    /// The results, in the order of the wanted states.
    pub results: Vec<ResultFile>,
    /// Which results go to standard output.
    pub to_stdout: Vec<usize>,
    /// The steps of the Ninja file, as [`scan::of_steps`] says them.
    pub steps: Digest,
}

/// A result.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ResultFile {
    /// Relative to the build directory, or absolute.
    pub path: WorkPath,
    /// Whether it is a directory.
    pub directory: bool,
    /// Its state.
    pub state: String,
}

/// What is kept of a step, for messages.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StepText {
    /// Position among the steps of the file.
    pub position: usize,
    /// One line of progress.
    pub description: String,
    /// The commands, with real names.
    pub commands: Vec<String>,
    /// Where they run, seen from the build directory.
    pub run_in: String,
}

/// A request that was planned and lowered, and nothing written yet.
pub struct Emitted {
    /// The text of the Ninja file.
    pub text: String,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// What to keep.
    results: Vec<ResultFile>,
    to_stdout: Vec<usize>,
    stamps: Vec<(WorkPath, String)>,
    resources: Vec<lower::Resource>,
    toolbox: Rc<Toolbox>,
}

impl Emitted {
    /// The results, as Ninja and the user see them.
    pub fn results(&self) -> &[ResultFile] {
        &self.results
    }

    /// Files that are written into the build directory before Ninja runs, with their content.
    pub fn written(&self) -> impl Iterator<Item = (&WorkPath, &[u8])> {
        let stamps = self.stamps.iter().map(|(path, text)| (path, text.as_bytes()));
        stamps.chain(self.resources.iter().map(|resource| (&resource.path, &*resource.content)))
    }
}

/// What to say of ops of the plan whose name their own scripts give twice.
fn twice(loaded: &scripts::Loaded, plan: &Plan) -> Vec<String> {
    let graph = loaded.graph();
    let used = |name: &str| plan.uses.iter().any(|op_use| graph.op(op_use.op).name == name);
    let twice = loaded.scripts().twice().iter().filter(|twice| twice.what == "op" && used(&twice.name));
    twice.map(op_twice).collect()
}

/// What to say of an op whose name its script gives twice.
pub fn op_twice(twice: &Twice) -> String {
    let place = |place: &Place| format!("{}:{}", place.file, place.line);
    let (name, first, second) = (&twice.name, place(&twice.first), place(&twice.second));
    format!("the op `{name}` is declared twice, at {first} and {second}; `--through {name}` means the first")
}

/// Finds the plan.
///
/// # Errors
/// Whatever is wrong with scripts or the request.
pub fn plan(session: &Session) -> Result<(scripts::Loaded, Asked, Plan)> {
    let loaded = scripts::load(session)?;
    let graph = loaded.graph();
    if let Some(file) = &session.args.plan {
        let mut plan = request::saved_plan(session, graph, file)?;
        plan.notes.extend(odd_ports::check(session, graph, &plan)?);
        let states: Vec<StateId> = plan.results.iter().map(|id| plan.file(*id).state).collect();
        let asked = request::outputs(session, graph, &states)?;
        return Ok((loaded, asked, plan));
    }
    let (request, each) = request::resolve(session, graph)?;
    if session.args.each.is_none() {
        let asked = request::outputs(session, graph, &request.wanted)?;
        let mut plan = plan::find(graph, &request)?;
        plan.notes.extend(twice(&loaded, &plan));
        plan.notes.extend(odd_ports::check(session, graph, &plan)?);
        return Ok((loaded, asked, plan));
    }
    let mut plan = plan::find_each(graph, &request, &each)?;
    plan.notes.extend(odd_ports::check(session, graph, &plan)?);
    check_one_name(session, graph, &plan)?;
    let asked = request::outputs_of_each(session, &plan)?;
    Ok((loaded, asked, plan))
}

/// A name that is set is that of one crate or package; several would be taken for each other.
fn check_one_name(session: &Session, graph: &OpGraph, plan: &Plan) -> Result<()> {
    const NAMED: [(&str, &str); 3] = [
        ("rust.name", "write_crate"),
        ("rust.name", "write_external_modules"),
        ("python.name", "write_py_module"),
    ];
    for (key, name) in NAMED {
        let op =
            |op_use: &&plan::OpUse| graph.op(op_use.op).name == name && graph.op(op_use.op).origin.builtin;
        let uses = plan.uses.iter().filter(op).count();
        if let Some(found) = session.config.get(key).filter(|_| uses > 1) {
            return Err(Error::request(format!("`{key}` is one name, for {uses} models"))
                .detail("set by", found.origin.to_string())
                .hint("without it each is called after its file, `--each` numbers those of one name"));
        }
    }
    Ok(())
}

/// Plans and lowers.
///
/// # Errors
/// As [`plan`], and whatever is wrong in the body of an op.
pub fn emit(session: &Session) -> Result<Emitted> {
    for warning in &session.design.warnings {
        anstream::eprintln!("warning: {warning}");
    }
    let (loaded, asked, plan) = plan(session)?;
    let lowered = lower::lower(loaded.graph(), &plan, loaded.bodies(), &session.places, &asked.copies)?;
    check_sources(session, &lowered)?;
    check_secrets(session, &lowered.steps)?;
    let (results, steps) = (results(loaded.graph(), &plan, &lowered), lowered.steps.clone());
    let resources = lowered.resources.clone();
    let frame = Frame { made_by: typed(session, "exec"), regenerate: regenerate_inputs(session)? };
    let file = frame.around(lowered)?;
    ninja::check(&file)?;
    let (text, stamps, toolbox) = (file.to_string(), loaded.stamps(), loaded.toolbox());
    Ok(Emitted { text, steps, results, to_stdout: asked.to_stdout, stamps, resources, toolbox })
}

/// A file that a step waits for and that nobody makes must be there: said here in the user's words, not by Ninja.
fn check_sources(session: &Session, lowered: &Lowered) -> Result<()> {
    let internal = |path: &WorkPath| path.as_path().starts_with(INTERNAL);
    for (path, place) in lowered.sources.iter().filter(|(path, _)| !internal(path)) {
        if !session.facts.exists(&session.places.absolute(path)) {
            let message = format!("no file `{}`, and no step makes it", session.places.for_user(path));
            return Err(match setting_of(session, &session.places.absolute(path)) {
                Some(setting) => Error::request(message).detail("set by", setting),
                None => Error::request(message).at(place.clone()),
            });
        }
    }
    Ok(())
}

/// The setting that names this path, and where it was set.
fn setting_of(session: &Session, path: &Utf8Path) -> Option<String> {
    let names = |value: &toml::Value| value.as_str().is_some_and(|text| path.ends_with(text));
    session.config.keys().find_map(|key| {
        let found = session.config.get(key)?;
        let items = found.value.as_array().map_or(&[][..], Vec::as_slice);
        let is_named = names(found.value) || items.iter().any(names);
        is_named.then(|| format!("`{key}` ({})", found.origin))
    })
}

fn results(graph: &OpGraph, plan: &Plan, lowered: &Lowered) -> Vec<ResultFile> {
    let result = |(target, id): (&lower::Target, &plan::FileId)| ResultFile {
        path: target.path.clone(),
        directory: target.directory,
        state: graph.state_name(plan.file(*id).state).to_owned(),
    };
    lowered.results.iter().zip(&plan.results).map(result).collect()
}

/// The request as it can be typed again, for this command; secrets are masked.
pub fn typed(session: &Session, command: &str) -> String {
    let args = &session.args;
    let mut words: Vec<String> = vec!["fudsv".into(), command.into()];
    for operand in args.typed().operands {
        match operand {
            Operand::Word(word) => words.push(word),
            Operand::List { path, own_paths } => {
                words.extend([if own_paths { "-F" } else { "-f" }.into(), path])
            }
        }
    }
    let glued =
        [("-I", &args.include_dir), ("-D", &args.define), ("-G", &args.parameter), ("-y", &args.library_dir)];
    for (flag, values) in glued {
        words.extend(values.iter().map(|value| format!("{flag}{value}")));
    }
    let lists =
        [("--from", &args.from), ("--to", &args.to), ("-o", &args.output), ("--through", &args.through)];
    for (flag, values) in lists.into_iter().chain([
        ("--bind", &args.bind),
        ("--plugin", &args.plugin),
        ("--library-file", &args.library_file),
    ]) {
        values.iter().for_each(|value| words.extend([flag.to_owned(), value.clone()]));
    }
    words.extend(args.each.iter().map(|glob| format!("--each={glob}")));
    for value in args.set.iter().filter(|value| !concerns_store(value)) {
        words.extend(["--set".to_owned(), secret::shown_setting(value)]);
    }
    let options = [
        ("--plan", args.plan.clone()),
        ("--top", args.top.clone()),
        ("--profile", args.profile()),
        ("--config", args.config.clone()),
        ("--dir", args.dir.clone()),
    ];
    for (flag, value) in options {
        words.extend(value.into_iter().flat_map(|value| [flag.to_owned(), value]));
    }
    let quoted = |word: &String| crate::shell::ShellWord::quote(&secret::shown_text(word)).to_string();
    words.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

/// A command that holds a secret would be written down with it, and shown.
fn check_secrets(session: &Session, steps: &[Step]) -> Result<()> {
    for (name, value) in secrets(session) {
        let holds = |step: &&Step| step.words.iter().any(|word| word.contains(&value));
        if let Some(step) = steps.iter().find(holds) {
            let message = format!("the secret `{name}` would be written into build.ninja");
            return Err(Error::request(message).detail("step", &step.description).hint(
                "let the command read an environment variable, `$TOKEN` with the option `env: [\"TOKEN\"]`",
            ));
        }
    }
    Ok(())
}

/// What the scripts may know of secrets: settings, and variables that they asked for; text of four characters is no
/// secret.
fn secrets(session: &Session) -> Vec<(String, String)> {
    let settings = session.config.keys().filter_map(|key| {
        let value = session.config.get(key)?.value.as_str()?;
        Some((key.to_owned(), value.to_owned()))
    });
    let vars = &session.facts.env().vars;
    let seen = session.facts.seen();
    let asked = seen.keys().filter_map(|query| match query {
        Query::Var(name) => Some((name.clone(), vars.get(name)?.clone())),
        _ => None,
    });
    let is_secret = |(name, value): &(String, String)| secret::shown_value(name, value) != *value;
    settings.chain(asked).filter(is_secret).filter(|(_, value)| value.len() > 4).collect()
}

/// Scripts, configuration files and plugin directories that are there: a change of one makes another Ninja file.
fn regenerate_inputs(session: &Session) -> Result<Vec<WorkPath>> {
    let mut paths = vec![];
    for (query, answer) in session.facts.seen() {
        let (Query::File(path) | Query::Outline(path) | Query::Dir(path)) = query else { continue };
        let path = Utf8PathBuf::from(path);
        let inside = path.starts_with(&session.places.workdir);
        let holds_builds = session.places.workdir.starts_with(&path);
        if answer.is.is_none() || inside || holds_builds {
            continue;
        }
        let near = path.starts_with(&session.places.root) || path.starts_with(&session.places.cwd);
        let path = if near { relative(&session.places.workdir, &path) } else { path };
        paths.push(WorkPath::new(path)?);
    }
    paths.dedup();
    Ok(paths)
}

fn kept(workdir: &Workdir) -> Option<Generated> {
    let bytes = std::fs::read(workdir.internal("generated.json")).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Why the Ninja file is made anew.
pub enum Outdated {
    /// There is none, or nobody knows how it was made.
    New,
    /// Another request, or another version of this program.
    Request,
    /// What these would answer is not what it was.
    World(Vec<Query>),
}

/// Why the Ninja file of an earlier run does not hold; `None` when it does.
pub fn outdated(session: &Session, workdir: &Workdir) -> Result<Option<Outdated>> {
    let Some(generated) = kept(workdir) else { return Ok(Some(Outdated::New)) };
    if generated.request != session.digest()? {
        return Ok(Some(Outdated::Request));
    }
    let seen: BTreeMap<Query, Answer> = generated.seen.into_iter().collect();
    let changes: Vec<Query> = changes(session.facts.env(), &seen, outline).into_iter().cloned().collect();
    Ok((!changes.is_empty()).then_some(Outdated::World(changes)))
}

/// What an earlier run left, when it still holds.
pub fn fresh(session: &Session, workdir: &Workdir) -> Option<Generated> {
    let generated = kept(workdir)?;
    let same = generated.request == session.digest().ok()?;
    (same && all_still(session.facts.env(), &generated.seen, outline)).then_some(generated)
}

/// Emits and writes everything, the Ninja file last but one, the record of it last.
///
/// # Errors
/// As [`emit`], or the directory cannot be written.
pub fn generate(session: &Session, workdir: &Workdir) -> Result<Generated> {
    if let Some(bytes) = read_stdin(session)? {
        workdir.write(Utf8Path::new(STDIN), &bytes)?;
    }
    let emitted = emit(session)?;
    emitted.toolbox.save();
    for (path, content) in emitted.written() {
        workdir.write(path.as_path(), content)?;
    }
    for resource in &emitted.resources {
        workdir.set_executable(resource.path.as_path(), resource.is_executable)?;
    }
    let steps: BTreeMap<&str, StepText> =
        emitted.steps.iter().enumerate().map(|(at, step)| (step.name.as_str(), text_of(at, step))).collect();
    workdir.write(Utf8Path::new(".fudsv/steps.json"), &json(&steps)?)?;
    let compile_commands = compile_commands::text(&emitted.steps, workdir.path())?;
    let mut outputs = outputs(&emitted.steps);
    outputs.extend(compile_commands.as_ref().map(|_| compile_commands::NAME.to_owned()));
    let before = std::fs::read(workdir.internal("outputs.json")).ok();
    let before: Vec<String> =
        before.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    // Before the file says other words: Ninja's own log may not tell that a step ran under the old ones.
    let stated: BTreeMap<String, Digest> =
        emitted.steps.iter().map(|step| (step.name.clone(), step::args::digest(&step.words))).collect();
    scan::force_restated(workdir.path(), &stated)?;
    workdir.write(Utf8Path::new("build.ninja"), emitted.text.as_bytes())?;
    if let Some(text) = &compile_commands {
        workdir.note(Utf8Path::new(compile_commands::NAME), text)?;
    }
    workdir.remove_stale(&before, &outputs);
    workdir.note(Utf8Path::new(".fudsv/outputs.json"), &json(&outputs)?)?;
    workdir.note(Utf8Path::new(".fudsv/request.json"), &json(&super::regenerate::Kept::of(session))?)?;
    let mut seen: Vec<(Query, Answer)> = session.facts.seen().into_iter().collect();
    seen.push(as_written(workdir, "build.ninja", emitted.text.as_bytes()));
    seen.push(as_written(workdir, ".fudsv/steps.json", &json(&steps)?));
    seen.extend(
        emitted.written().map(|(path, content)| as_written(workdir, path.as_path().as_str(), content)),
    );
    let (results, to_stdout) = (emitted.results, emitted.to_stdout);
    let steps = scan::of_steps(stated.iter().map(|(name, stated)| (name.as_str(), Some(*stated))));
    let generated = Generated { request: session.digest()?, seen, results, to_stdout, steps };
    workdir.note(Utf8Path::new(".fudsv/generated.json"), &json(&generated)?)?;
    Ok(generated)
}

/// A file of ours as one that was looked at: when it is damaged, all is made anew.
fn as_written(workdir: &Workdir, name: &str, content: &[u8]) -> (Query, Answer) {
    let file = workdir.path().join(name);
    let is = Some(SourceSum::of_bytes(content).to_string());
    let stat = Stat::of(&file);
    (Query::File(file.into_string()), Answer { is, stat })
}

/// The token by which `tool regenerate` knows that nothing is to be done: the record of the generation is the very file
/// that was just found to hold.
pub fn token(workdir: &Workdir) -> Option<Digest> {
    let stat = Stat::of(&workdir.internal("generated.json"))?;
    Some(Digest::of_bytes(format!("{stat:?}").as_bytes()))
}

/// The texts of the steps by name; read when one is asked for, as a build with nothing to do has no need of them.
pub type StepTexts = LazyCell<BTreeMap<String, StepText>, Box<dyn FnOnce() -> BTreeMap<String, StepText>>>;

/// The kept texts of the steps.
pub fn step_texts(workdir: &Workdir) -> StepTexts {
    let path = workdir.internal("steps.json");
    LazyCell::new(Box::new(move || {
        let bytes = std::fs::read(path).ok();
        bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }))
}

/// What to keep of the step at this position.
pub fn text_of(position: usize, step: &Step) -> StepText {
    let (description, commands, run_in) =
        (step.description.clone(), step.commands.clone(), step.run_in.clone());
    StepText { position, description, commands, run_in }
}

/// Files inside the build directory that steps make.
fn outputs(steps: &[Step]) -> Vec<String> {
    let targets = steps.iter().flat_map(|step| &step.targets).filter(|target| target.path.is_inside());
    targets.map(|target| target.path.to_string()).collect()
}

/// Where standard input is kept, when it is an input.
pub const STDIN: &str = ".fudsv/stdin";

/// Standard input, when the request names it.
pub fn read_stdin(session: &Session) -> Result<Option<Vec<u8>>> {
    if !request::takes_stdin(session)? {
        return Ok(None);
    }
    let mut bytes = vec![];
    std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes)
        .map_err(|e| Error::machine("cannot read standard input").because(e))?;
    Ok(Some(bytes))
}

fn json(value: &impl Serialize) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(value).map_err(|e| Error::machine("cannot write JSON").because(e))?;
    bytes.push(b'\n');
    Ok(bytes)
}
