//! From typed words to a request for the planner: files with their states, wanted states, copies, bindings.
//! It does not know how the plan is found.

use super::session::Session;
use crate::design::{Source, in_order, outline};
use crate::diag::{Error, Result, did_you_mean};
use crate::graph::{OpGraph, StateId};
use crate::lower::Copy;
use crate::paths::{UserPath, WorkPath};
use crate::plan::{Bind, Given, Request};
use camino::Utf8Path;

/// A request and where its results go.
#[derive(Clone, Debug)]
pub struct Asked {
    /// For the planner.
    pub request: Request,
    /// Results that are copied to a path of the user's.
    pub copies: Vec<Copy>,
    /// Results that are written to standard output, by position.
    pub to_stdout: Vec<usize>,
}

/// Resolves what was typed against the graph.
///
/// # Errors
/// A missing file, an unknown state or op, an extension that no state has, a malformed `--bind`.
pub fn resolve(session: &Session, graph: &OpGraph) -> Result<Asked> {
    let args = &session.args;
    let given = given(session, graph)?;
    let wanted = wanted(session, graph)?;
    let mut asked = Asked { request: empty(session, given, wanted), copies: vec![], to_stdout: vec![] };
    for (result, output) in args.output.iter().enumerate() {
        match output.as_str() {
            "-" => asked.to_stdout.push(result),
            path => {
                let user = UserPath::new(path);
                let to = session.places.work_path(&user)?;
                let is_file = asked.request.wanted.get(result).is_some_and(|id| !graph.state(*id).directory);
                if is_file && session.places.resolve(&user).is_dir() {
                    return Err(Error::request(format!("`{path}` is a directory"))
                        .hint("`-o` names the file that the result is copied to"));
                }
                if asked.copies.iter().any(|copy| copy.to == to) {
                    return Err(Error::request(format!("two results are to be copied to `{path}`"))
                        .hint("give each `-o` a name of its own"));
                }
                asked.copies.push(Copy { result, to });
            }
        }
    }
    for name in &args.through {
        asked.request.through.push(graph.resolve_op(name)?);
    }
    for text in &args.bind {
        let bind = bind(session, graph, &asked.request.given, text)?;
        asked.request.bind.push(bind);
    }
    Ok(asked)
}

fn empty(session: &Session, given: Vec<Given>, wanted: Vec<StateId>) -> Request {
    let (name, strict) = (session.name.clone(), session.args.strict);
    Request { name, given, wanted, through: vec![], bind: vec![], strict }
}

/// The sources of the design with their states, packages before their users.
fn given(session: &Session, graph: &OpGraph) -> Result<Vec<Given>> {
    let from = &session.args.from;
    let sources = &session.design.sources;
    let typed = sources.iter().filter(|source| source.is_operand).count();
    if from.len() > typed {
        let message = format!("{} states are given with `--from` for {typed} files", from.len());
        return Err(Error::request(message).hint("`-` as a file name is standard input"));
    }
    let mut from = from.iter();
    let mut given = vec![];
    for source in sources {
        let from = if source.is_operand { from.next() } else { None };
        given.push(given_file(session, graph, source, from)?);
    }
    let mut numbers: Vec<usize> = (0..given.len()).collect();
    let sv = graph.find_state("sv");
    let is_hdl = |given: &Given| sv.is_some_and(|sv| given.states.contains(&sv));
    let hdl: Vec<usize> = numbers.iter().copied().filter(|at| is_hdl(&given[*at])).collect();
    if session.design.packages_first && hdl.len() > 1 {
        let path = |at: &usize| session.places.absolute(&given[*at].path);
        let outlines = hdl.iter().map(|at| session.facts.outline(&path(at), outline).unwrap_or_default());
        for (place, from) in hdl.iter().zip(in_order(&outlines.collect::<Vec<_>>())) {
            numbers[*place] = hdl[from];
        }
    }
    Ok(numbers.into_iter().map(|at| given[at].clone()).collect())
}

fn given_file(session: &Session, graph: &OpGraph, source: &Source, from: Option<&String>) -> Result<Given> {
    let file = source.path.as_str();
    let path = input_path(session, file, from)?;
    let (states, stated) = match from.map(String::as_str).or(source.state) {
        Some(name) => (vec![graph.resolve_state(name)?], from.is_some()),
        None => (states_of(graph, file).ok_or_else(|| no_state(graph, file, "--from"))?, false),
    };
    Ok(Given { path, shown: file.to_owned(), states, stated })
}

/// The file as Ninja sees it; standard input is kept in the build directory.
fn input_path(session: &Session, file: &str, from: Option<&String>) -> Result<WorkPath> {
    if file == "-" {
        let hint = "name its state: `--from sv -`";
        return match from {
            Some(_) => WorkPath::new(".fudsv/stdin"),
            None => Err(Error::request("standard input has no extension to tell its state").hint(hint)),
        };
    }
    let user = UserPath::new(file);
    let path = session.places.work_path(&user)?;
    if !session.facts.exists(&session.places.resolve(&user)) {
        return Err(missing_file(session, &user));
    }
    Ok(path)
}

fn missing_file(session: &Session, file: &UserPath) -> Box<Error> {
    let full = session.places.resolve(file);
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
        None => format!("`{file}` has no extension to tell its state"),
    };
    if matches!(extension, Some("f" | "flist" | "vc")) && option == "--from" {
        return Error::request(message).hint(format!("`-f {file}` reads it as a filelist"));
    }
    Error::request(message)
        .hint(format!("name its state with `{option}`; `fudsv list states` shows them all"))
        .maybe_hint(extension.and_then(|extension| did_you_mean(extension, known)))
}

/// The states of `--to`, then those of the extensions of further `-o`.
fn wanted(session: &Session, graph: &OpGraph) -> Result<Vec<StateId>> {
    let args = &session.args;
    let mut wanted = args.to.iter().map(|name| graph.resolve_state(name)).collect::<Result<Vec<_>>>()?;
    for output in args.output.iter().skip(args.to.len()) {
        let states = states_of(graph, output).ok_or_else(|| no_state(graph, output, "--to"))?;
        wanted.extend(states.first());
    }
    if wanted.is_empty() {
        return Err(Error::request("nothing is asked for")
            .hint("`--to STATE` says what to build; `fudsv list states` shows the states"));
    }
    Ok(wanted)
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
    let path = session.places.work_path(&UserPath::new(file))?;
    let position = given.iter().position(|given| given.path == path);
    let not_given = || Error::request(format!("`--bind {text}` names a file that is not among the inputs"));
    Ok(Bind { op: id, param: param.to_owned(), file: position.ok_or_else(not_given)? })
}
