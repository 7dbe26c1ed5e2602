//! From typed words to a request for the planner: files with their states, wanted states, copies, bindings.
//! It does not know how the plan is found.

use super::open::Session;
use crate::design::{Move, Source, defined_macros, in_order, names, outline};
use crate::diag::{Error, Result, did_you_mean, nearest};
use crate::graph::{OpGraph, State, StateId};
use crate::lower::Copy;
use crate::paths::{UserPath, WorkPath};
use crate::plan::{Bind, Given, Plan, Request, Saved, wanted_of};
use crate::workdir;
use crate::workdir::names::SUMS;
use camino::Utf8Path;

/// The name of standard input as a file.
const STDIN: &str = "-";

/// The destinations of results.
#[derive(Clone, Debug, Default)]
pub struct ResultPlaces {
    /// Results that are copied to a path of the user's.
    pub copies: Vec<Copy>,
    /// Results that are written to standard output, by position.
    pub to_stdout: Vec<usize>,
    /// The note for every new Ninja file.
    pub notes: Vec<String>,
}

/// A request, and what comes with it.
pub struct ResolvedRequest {
    /// What the planner is asked.
    pub request: Request,
    /// The positions of the files that `--each` means.
    pub each: Vec<usize>,
    /// What the user should know of it: which sources moved, which states were chosen.
    pub notes: Vec<String>,
}

/// Resolves what was typed against the graph.
///
/// # Errors
/// A missing file, an unknown state or op, an extension that no state has, a malformed `--bind`.
pub fn resolve(session: &Session, graph: &OpGraph) -> Result<ResolvedRequest> {
    let options = &session.options;
    if let Some(second) = options.words().enumerate().filter(|(_, file)| *file == STDIN).nth(1) {
        return Err(Error::request("standard input is given twice")
            .detail("again", format!("as file {}", second.0 + 1)));
    }
    let mut notes = vec![];
    let given = given(session, graph, &mut notes)?;
    let wanted = wanted(session, graph, &given, &mut notes)?;
    let mut request = empty(session, given, wanted);
    for name in &options.through {
        request.through.push(graph.resolve_op(name)?);
    }
    for text in &options.bind {
        let bind = bind(session, graph, &request.given, text)?;
        request.bind.push(bind);
    }
    let each = options.each.as_ref().map(|glob| each(&request.given, glob)).transpose()?;
    Ok(ResolvedRequest { request, each: each.unwrap_or_default(), notes })
}

/// The destinations of the results of these states.
///
/// # Errors
/// A directory in the place of a file, or one path for two results.
pub fn outputs(session: &Session, graph: &OpGraph, states: &[StateId]) -> Result<ResultPlaces> {
    let mut asked = ResultPlaces::default();
    if let Some(output) = session.options.output.get(states.len()) {
        let message = format!("there is no result for `-o {output}`: the plan has {}", states.len());
        return Err(Error::request(message));
    }
    for (result, output) in session.options.output.iter().enumerate() {
        match output.as_str() {
            "-" => asked.to_stdout.push(result),
            "" => return Err(Error::request("a file name is empty")),
            path => {
                let user = UserPath::new(path);
                let is_file = states.get(result).is_some_and(|id| !graph.state(*id).directory);
                // What turned out to be a directory was copied as one.
                let place = session.facts.place(path);
                if is_file && place.is_dir() && !place.join(SUMS).is_file() {
                    return Err(Error::request(format!("`{path}` is a directory"))
                        .hint("`-o` names the file that the result is copied to"));
                }
                asked.copy(result, session.facts.work_path(&session.places, &user)?, path)?;
            }
        }
    }
    Ok(asked)
}

/// The destinations of the results of `--each`: one directory, under their own names, or standard output.
///
/// # Errors
/// Several `-o`, a file in the place of the directory, or one name for two results.
pub fn outputs_of_each(session: &Session, plan: &Plan) -> Result<ResultPlaces> {
    let mut asked = ResultPlaces::default();
    let dir = match session.options.output.as_slice() {
        [] => return Ok(asked),
        [stdout] if stdout == "-" => {
            asked.to_stdout = (0..plan.results.len()).collect();
            return Ok(asked);
        }
        [dir] => dir,
        _ => return Err(Error::request("with `--each`, `-o` names one directory for all results")),
    };
    if session.facts.place(dir).is_file() {
        return Err(Error::request(format!("`{dir}` is a file"))
            .hint("with `--each`, `-o` names the directory that the results are copied to"));
    }
    for (result, id) in plan.results.iter().enumerate() {
        let name = plan.file(*id).path.as_path().file_name().unwrap_or_default();
        let path = format!("{}/{name}", dir.trim_end_matches('/'));
        let to = session.facts.work_path(&session.places, &UserPath::new(&path))?;
        asked.copy(result, to, &path)?;
    }
    Ok(asked)
}

impl ResultPlaces {
    fn copy(&mut self, result: usize, to: WorkPath, shown: &str) -> Result<()> {
        if self.copies.iter().any(|copy| copy.to == to) {
            return Err(Error::request(format!("two results are to be copied to `{shown}`"))
                .hint("give each `-o` a name of its own"));
        }
        self.copies.push(Copy { result, to });
        Ok(())
    }
}

/// The positions of the files that match, by their whole name as typed or by its last part.
fn each(given: &[Given], glob: &str) -> Result<Vec<usize>> {
    let pattern = glob::Pattern::new(glob)
        .map_err(|e| Error::request(format!("`--each={glob}` is not a pattern")).because(e))?;
    let matches = |given: &Given| {
        let name = Utf8Path::new(&given.shown).file_name();
        pattern.matches(&given.shown) || name.is_some_and(|name| pattern.matches(name))
    };
    let found: Vec<usize> = (0..given.len()).filter(|at| matches(&given[*at])).collect();
    match found.is_empty() {
        false => Ok(found),
        true if given.is_empty() => Err(Error::request("`--each` has no input files")),
        true => Err(Error::request(format!("no input file matches `--each={glob}`"))),
    }
}

/// The plan of a file, checked against the scripts.
///
/// # Errors
/// The file does not exist, contains no plan, or contains one that the scripts do not allow.
pub fn saved_plan(session: &Session, graph: &OpGraph, file: &str) -> Result<Plan> {
    let saved = read_plan(session, file)?;
    Plan::from_saved(graph, &saved, |given| input_path(session, given, Some(&given.to_owned())))
        .map_err(|error| error.detail("plan", file))
}

/// Whether standard input is an input.
///
/// # Errors
/// A saved plan that cannot be read.
pub fn takes_stdin(session: &Session) -> Result<bool> {
    let is_stdin = |file: &str| file == STDIN;
    match &session.options.plan {
        Some(plan) => Ok(read_plan(session, plan)?.given.iter().any(|given| is_stdin(&given.path))),
        None => Ok(session.options.words().any(is_stdin)),
    }
}

/// A given file as the user would type it.
pub fn typed(session: &Session, path: &WorkPath) -> String {
    match path.as_str() {
        workdir::names::STDIN => STDIN.to_owned(),
        _ => session.places.for_user(path).into_string(),
    }
}

fn read_plan(session: &Session, file: &str) -> Result<Saved> {
    let text = session.facts.read_text(Utf8Path::new(file))?;
    let text = text.ok_or_else(|| missing_file(session, &UserPath::new(file)))?;
    serde_json::from_str(&text).map_err(|e| {
        Error::request(format!("`{file}` is not a plan"))
            .because(e)
            .hint("`fudsv plan --format json` writes one")
    })
}

fn empty(session: &Session, given: Vec<Given>, wanted: Vec<StateId>) -> Request {
    let (name, strict) = (session.name.clone(), session.options.strict);
    Request { name, given, wanted, through: vec![], bind: vec![], without: vec![], strict }
}

/// The sources of the design with their states, packages before their users.
fn given(session: &Session, graph: &OpGraph, notes: &mut Vec<String>) -> Result<Vec<Given>> {
    let from = &session.options.from;
    let sources = &session.design.sources;
    let typed = sources.iter().filter(|source| source.is_operand).count();
    if from.len() > typed {
        let (states, files) = (count(from.len(), "state"), count(typed, "file"));
        return Err(Error::request(format!("`--from` names {states} for {files}"))
            .hint("`-` as a file name is standard input"));
    }
    let mut from = from.iter();
    let mut given = vec![];
    for source in sources {
        let from = if source.is_operand { from.next() } else { None };
        given.push(given_file(session, graph, source, from)?);
    }
    let mut numbers: Vec<usize> = (0..given.len()).collect();
    let is_hdl = |given: &Given| given.states.iter().any(|id| graph.state(*id).properties.hdl);
    let hdl: Vec<usize> = numbers.iter().copied().filter(|at| is_hdl(&given[*at])).collect();
    if session.design.packages_first && hdl.len() > 1 {
        let path = |at: &usize| session.places.absolute(&given[*at].path);
        let outlines = hdl.iter().map(|at| session.facts.outline(&path(at), outline).unwrap_or_default());
        let ordered = in_order(&outlines.collect::<Vec<_>>(), &defined_macros(&session.config)?);
        for (place, from) in hdl.iter().zip(&ordered.order) {
            numbers[*place] = hdl[*from];
        }
        let is_matched = |at: usize| sources[hdl[at]].is_matched;
        let is_said = |of: &&Move| !is_matched(of.source) || !is_matched(of.before);
        let moves: Vec<&Move> = ordered.moves.iter().filter(is_said).collect();
        notes.extend(moved(&moves, |at| &given[hdl[at]].shown));
    }
    Ok(numbers.into_iter().map(|at| given[at].clone()).collect())
}

/// The note about sources that moved from their given places.
fn moved<'g>(moves: &[&Move], shown: impl Fn(usize) -> &'g String) -> Option<String> {
    const MOST: usize = 5;
    let say = |of: &&Move| {
        format!("`{}` before `{}`, which uses package `{}`", shown(of.source), shown(of.before), of.package)
    };
    let mut said: Vec<String> = moves.iter().take(MOST).map(say).collect();
    if moves.len() > MOST {
        said.push(format!("and {} more", moves.len() - MOST));
    }
    let how = "`verilator.order = \"given\"` keeps the given order";
    (!moves.is_empty()).then(|| format!("a package goes before its users: {}; {how}", said.join("; ")))
}

/// `1 file`, `2 files`.
fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn given_file(session: &Session, graph: &OpGraph, source: &Source, from: Option<&String>) -> Result<Given> {
    let file = source.path.as_str();
    let path = input_path(session, file, from)?;
    let is_directory = file != STDIN && session.facts.is_dir(&session.facts.place(file));
    let (states, stated) = match from {
        Some(name) => (vec![graph.resolve_state(name)?], true),
        None if source.is_listed => (listed_states(graph, file), false),
        None if is_directory => (directory_states(graph, file), false),
        None => (states_of(graph, file).ok_or_else(|| no_state(graph, file, "--from"))?, false),
    };
    let fits = |id: &StateId| graph.state(*id).directory == is_directory;
    if file != STDIN && !states.iter().any(fits) {
        return Err(unlike(graph, file, &states, is_directory));
    }
    Ok(Given { path, shown: file.to_owned(), states, stated, required: source.is_operand })
}

/// The states of a file in a filelist: by its extension, as Verilator looks at it; any other file is a source of HDL.
fn listed_states(graph: &OpGraph, file: &str) -> Vec<StateId> {
    let extension = Utf8Path::new(file).extension().unwrap_or_default();
    let all = |is: &dyn Fn(&State) -> bool| -> Vec<StateId> {
        graph.states().filter(|(_, state)| is(state)).map(|(id, _)| id).collect()
    };
    let named = all(&|state| state.properties.listed && state.extensions.iter().any(|e| e == extension));
    if named.is_empty() { all(&|state| state.properties.hdl) } else { named }
}

/// The states of directories that are named like this one.
fn directory_states(graph: &OpGraph, directory: &str) -> Vec<StateId> {
    let name = Utf8Path::new(directory).file_name().unwrap_or_default();
    let is_named = |state: &State| match state.pattern.as_deref().and_then(|pattern| pattern.split_once("{}"))
    {
        Some((start, end)) => {
            name.len() > start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
        }
        None => state.extensions.iter().any(|extension| name.ends_with(&format!(".{extension}"))),
    };
    let fits = graph.states().filter(|(_, state)| state.directory && is_named(state));
    fits.map(|(id, _)| id).collect()
}

/// A directory where files are meant, or a file where directories are.
fn unlike(graph: &OpGraph, file: &str, states: &[StateId], is_directory: bool) -> Box<Error> {
    let state = states.first().map(|id| graph.state_name(*id));
    match (is_directory, state) {
        (true, None) => {
            let own = graph.states().find(|(_, state)| state.directory && !state.origin.builtin);
            let from = own
                .map(|(id, _)| format!(", or the state of a directory: `--from {}`", graph.state_name(id)));
            let files = format!("name files: `{}/*.sv`", file.trim_end_matches('/'));
            Error::request(format!("`{file}` is a directory"))
                .hint(format!("{files}{}", from.unwrap_or_default()))
        }
        (true, Some(state)) => {
            Error::request(format!("`{file}` is a directory, and `{state}` is a state of files"))
        }
        (false, state) => Error::request(format!(
            "`{file}` is a file, and `{}` is a state of directories",
            state.unwrap_or_default()
        )),
    }
}

/// The file as Ninja sees it; standard input is kept in the build directory.
fn input_path(session: &Session, file: &str, from: Option<&String>) -> Result<WorkPath> {
    if file == STDIN {
        let hint = "name its state: `--from sv -`";
        return match from {
            Some(_) => WorkPath::new(workdir::names::STDIN),
            None => Err(Error::request("standard input has no extension that names its state").hint(hint)),
        };
    }
    let user = UserPath::new(file);
    let path = session.facts.work_path(&session.places, &user)?;
    if !session.facts.exists(user.as_path()) {
        return Err(missing_file(session, &user));
    }
    Ok(path)
}

fn missing_file(session: &Session, file: &UserPath) -> Box<Error> {
    let full = session.facts.place(file.as_path());
    let (dir, name) = (full.parent().unwrap_or(Utf8Path::new("/")), full.file_name().unwrap_or_default());
    let beside = session.facts.list(dir);
    let mut error = Error::request(format!("no file `{file}`"));
    if !session.facts.exists(dir) {
        error = error.hint(format!("there is no directory `{}`", session.shown(dir)));
    }
    error.maybe_hint(did_you_mean(name, beside.iter().map(String::as_str)))
}

/// The states of a file's extension, longest extension first (`a.ports.json` before `a.json`), in order of
/// declaration.
fn states_of(graph: &OpGraph, file: &str) -> Option<Vec<StateId>> {
    let name = Utf8Path::new(file).file_name()?;
    let mut dots =
        name.match_indices('.').map(|(at, _)| &name[at + 1..]).filter(|extension| !extension.is_empty());
    dots.find_map(|extension| {
        let of = |(id, state): (StateId, &crate::graph::State)| {
            state.extensions.iter().any(|e| e == extension).then_some(id)
        };
        let states: Vec<StateId> = graph.states().filter_map(of).collect();
        (!states.is_empty()).then_some(states)
    })
}

/// No state has the extension of a file; `option` would name its state.
fn no_state(graph: &OpGraph, file: &str, option: &str) -> Box<Error> {
    let extension = Utf8Path::new(file).extension();
    let known: Vec<&str> =
        graph.states().flat_map(|(_, state)| &state.extensions).map(String::as_str).collect();
    let message = match extension {
        Some(extension) => format!("no state has files that end in `.{extension}`, as `{file}` does"),
        None => format!("`{file}` has no extension that names its state"),
    };
    if matches!(extension, Some("f" | "flist" | "vc")) && option == "--from" {
        return Error::request(message).hint(format!("`-f {file}` reads it as a filelist"));
    }
    let error = Error::request(message)
        .hint(format!("name its state with `{option}`; `fudsv list states` shows all states"));
    let near = extension.and_then(|extension| nearest(&extension.to_ascii_lowercase(), known));
    let of =
        |near: &str| graph.states().find(|(_, state)| state.extensions.iter().any(|known| known == near));
    match near.and_then(of) {
        Some((id, _)) => error.hint(format!("`{option} {}` names its state", graph.state_name(id))),
        None => error,
    }
}

/// The states of `--to`, then the states of the extensions of further `-o`.
fn wanted(
    session: &Session,
    graph: &OpGraph,
    given: &[Given],
    notes: &mut Vec<String>,
) -> Result<Vec<StateId>> {
    let options = &session.options;
    let mut wanted = options.to.iter().map(|name| graph.resolve_state(name)).collect::<Result<Vec<_>>>()?;
    for output in options.output.iter().skip(options.to.len()) {
        let states = states_of(graph, output).ok_or_else(|| no_state(graph, output, "--to"))?;
        let may_be = wanted_of(graph, given, &states);
        wanted.extend(may_be.first());
        notes.extend(several_wanted(graph, output, &may_be));
    }
    if wanted.is_empty() {
        let designs = names(&session.config);
        let error = Error::request("no target is given");
        return Err(match designs.first().filter(|_| options.operands.is_empty()) {
            None => error.hint("`--to STATE` names one; `fudsv list states` shows the states"),
            Some(first) => error
                .detail(
                    "designs",
                    designs.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
                )
                .hint(format!("`fudsv build {first}` builds a design; `--to STATE` names a target")),
        });
    }
    wanted.extend(beside_models(session, graph, &wanted));
    Ok(wanted)
}

/// What to say of a result whose extension several states have.
fn several_wanted(graph: &OpGraph, output: &str, states: &[StateId]) -> Option<String> {
    let name = |state: &StateId| format!("`{}`", graph.state_name(*state));
    let [chosen, others @ ..] = states else { return None };
    let others: Vec<String> = others.iter().map(name).collect();
    let instead = others.join(" or ");
    (!others.is_empty())
        .then(|| format!("`{output}` is taken as {}; `--to` can say {instead} instead", name(chosen)))
}

/// The state that the configuration adds to a model, by `manifest.compat`.
fn beside_models(session: &Session, graph: &OpGraph, wanted: &[StateId]) -> Vec<StateId> {
    let holds = |when: &str| {
        let (key, value) = when.split_once('=').unwrap_or((when, ""));
        session.config.get(key).is_some_and(|found| found.value.as_str() == Some(value))
    };
    let is_beside = |(id, state): &(StateId, &State)| {
        state.properties.beside_models.as_deref().is_some_and(holds) && !wanted.contains(id)
    };
    let has_model = wanted.iter().any(|id| graph.state(*id).properties.model);
    graph.states().filter(|_| has_model).filter(is_beside).map(|(id, _)| id).collect()
}

fn bind(session: &Session, graph: &OpGraph, given: &[Given], text: &str) -> Result<Bind> {
    let malformed = || Error::request(format!("`--bind {text}` is not `OP.PARAM=FILE`"));
    let (target, file) = text.split_once('=').ok_or_else(malformed)?;
    let (op, param) = target.rsplit_once('.').ok_or_else(malformed)?;
    let id = graph.resolve_op(op)?;
    let params = || graph.op(id).inputs.iter().map(|param| param.name.as_str());
    if !params().any(|name| name == param) {
        return Err(Error::request(format!("`{op}` has no input `{param}`"))
            .hint(format!(
                "it has {}",
                params().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
            ))
            .maybe_hint(did_you_mean(param, params())));
    }
    let path = session.facts.work_path(&session.places, &UserPath::new(file))?;
    let is_same = |given: &Given| {
        let real = |path| session.facts.in_real_directory(session.places.absolute(path));
        given.path == path || real(&given.path) == real(&path)
    };
    let position = given.iter().position(is_same);
    let not_given = || {
        Error::request(format!("`--bind {text}` names a file that is not among the inputs"))
            .hint("name it among the files, too")
    };
    Ok(Bind { op: id, param: param.to_owned(), file: position.ok_or_else(not_given)? })
}
