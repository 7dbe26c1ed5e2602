//! `fudsv explain`: which steps an `exec` of this request would run, and why.
//! It does not know how causes are found; it plans, and asks `step`.

use super::args::{ExplainArgs, ListFormat};
use super::exec::to_stdout;
use super::generate::{self, Emitted, Outdated};
use super::inspect::pretty;
use super::session::Session;
use crate::diag::Result;
use crate::env::Env;
use crate::facts::Query;
use crate::paths::WorkPath;
use crate::run::Workdir;
use crate::step::args::Step;
use crate::step::cause::{Cause, What};
use crate::step::explain::{Explained, Node, explain as look};
use crate::step::{SUMS, Site};
use camino::{Utf8Path, Utf8PathBuf};
use serde_json::{Value, json};

/// Runs the command.
///
/// # Errors
/// Whatever is wrong with the request.
pub fn explain(env: Env, args: ExplainArgs) -> Result<()> {
    let session = Session::open(env, args.request)?.looking();
    let workdir = Workdir::existing(&session.places.workdir);
    let stdin = generate::read_stdin(&session)?;
    let emitted = generate::emit(&session)?;
    let mut site = site(&workdir, &emitted);
    site.coming.extend(stdin.map(|bytes| (Utf8PathBuf::from(generate::STDIN), bytes)));
    let outdated = generate::outdated(&session, &workdir)?;
    let found = look(&nodes(&emitted)?, &wanted(&emitted), &session.facts.env().vars, &site);
    let text = match args.format {
        ListFormat::Text => as_text(&session, &emitted, outdated.as_ref(), &found),
        ListFormat::Json => pretty(&as_json(&session, &emitted, outdated.as_ref(), &found))?,
    };
    to_stdout(text.as_bytes())
}

fn site(workdir: &Workdir, emitted: &Emitted) -> Site {
    let written = emitted.written().map(|(path, content)| (path.as_path().to_owned(), content.to_vec()));
    Site { workdir: workdir.path().to_owned(), coming: written.collect() }
}

fn nodes(emitted: &Emitted) -> Result<Vec<Node>> {
    let paths = |paths: &[WorkPath]| paths.iter().map(|path| path.as_path().to_owned()).collect();
    let nodes = emitted.steps.iter();
    nodes
        .map(|step| Ok(Node { step: Step::parse(&step.words)?, waits_for: paths(&step.waits_for) }))
        .collect()
}

fn wanted(emitted: &Emitted) -> Vec<Utf8PathBuf> {
    let results = emitted.results().iter().map(|result| &result.path);
    let for_themselves = emitted.steps.iter().filter(|step| step.for_itself);
    let marks = for_themselves.flat_map(|step| step.targets.iter().map(|target| &target.path));
    results.chain(marks).map(|path| path.as_path().to_owned()).collect()
}

fn as_text(session: &Session, emitted: &Emitted, outdated: Option<&Outdated>, found: &[Explained]) -> String {
    let mut text = String::new();
    if let Some(outdated) = outdated {
        let causes = regeneration(session, outdated);
        text.push_str(&format!("the Ninja file will be written: {}\n", causes.join(", ")));
    }
    for Explained { position, is_certain, causes } in found {
        let verb = if *is_certain { "will run" } else { "may run" };
        text.push_str(&format!("{verb}: {}\n", emitted.steps[*position].description));
        causes.iter().for_each(|cause| text.push_str(&format!("  {}\n", say(session, emitted, cause))));
    }
    if found.is_empty() {
        text.push_str("nothing to do\n");
    }
    text
}

/// The cause with the user's paths, and with the descriptions of steps.
fn say(session: &Session, emitted: &Emitted, cause: &Cause) -> String {
    match cause.what {
        What::Results => format!("{:#}", Cause { name: described(emitted, &cause.name), ..cause.clone() }),
        What::Input | What::Output => {
            let mut cause = cause.clone();
            if let Ok(path) = WorkPath::new(without_sums(&cause.name)) {
                cause.name = session.places.for_user(&path).into_string();
            }
            format!("{cause:#}")
        }
        _ => format!("{cause:#}"),
    }
}

/// A directory stands for the list of its files.
fn without_sums(name: &str) -> &str {
    name.strip_suffix(SUMS).and_then(|dir| dir.strip_suffix('/')).unwrap_or(name)
}

fn described(emitted: &Emitted, name: &str) -> String {
    let step = emitted.steps.iter().find(|step| step.name == name);
    step.map_or_else(|| name.to_owned(), |step| step.description.clone())
}

fn regeneration(session: &Session, outdated: &Outdated) -> Vec<String> {
    let shown = |path: &str| session.shown(Utf8Path::new(path)).into_string();
    let say = |query: &Query| match query {
        Query::File(path) | Query::Outline(path) => format!("file changed: {}", shown(path)),
        Query::Dir(path) | Query::ToolDir(path) => format!("directory changed: {}", shown(path)),
        Query::Executable(path) => format!("mode changed: {}", shown(path)),
        Query::Exists(path) => format!("file came or went: {}", shown(path)),
        Query::Var(name) => format!("variable changed: {name}"),
        Query::Which(name) => format!("another program on PATH: {name}"),
        Query::Tool(path) => format!("tool changed: {}", shown(path)),
    };
    match outdated {
        Outdated::New => vec!["new".to_owned()],
        Outdated::Request => vec!["another request, configuration or version of fudsv".to_owned()],
        Outdated::World(queries) => queries.iter().map(say).collect(),
    }
}

fn as_json(session: &Session, emitted: &Emitted, outdated: Option<&Outdated>, found: &[Explained]) -> Value {
    let step = |explained: &Explained| {
        let Explained { position, is_certain, causes } = explained;
        let step = &emitted.steps[*position];
        json!({ "step": step.name, "description": step.description, "certain": is_certain, "causes": causes })
    };
    json!({
        "ninja-file": outdated.map(|outdated| regeneration(session, outdated)),
        "steps": found.iter().map(step).collect::<Vec<_>>(),
    })
}
