//! `fudsv explain`: which steps an `exec` of this request would run, and why.
//! It does not know how causes are found.

use super::output::{ListFormat, OnStderr, pretty, to_stdout, with};
use super::request::LookOptions;
use crate::diag::Result;
use crate::env::Env;
use crate::facts::Query;
use crate::options::RequestOptions;
use crate::paths::WorkPath;
use crate::session::{self, Emitted, Explanation, Outdated, Session};
use crate::step::cause::{Cause, Subject};
use crate::step::explain::ExplainedStep;
use crate::workdir::names;
use camino::Utf8Path;
use clap::Args;
use serde_json::{Value, json};

/// `fudsv explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// What is asked for
    #[command(flatten)]
    pub request: RequestOptions,
    /// Which programs may run
    #[command(flatten)]
    pub look: LookOptions,
    /// Set the format
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
}

/// Runs the command.
///
/// # Errors
/// Whatever is wrong with the request.
pub fn explain(env: Env, args: ExplainArgs) -> Result<()> {
    let session = Session::open_to_look(env, args.request, args.look.probe)?;
    let explanation = session::explain(&session, &mut OnStderr)?;
    let text = match args.format {
        ListFormat::Text => as_text(&session, &explanation),
        ListFormat::Json => pretty(&as_json(&session, &explanation))?,
    };
    to_stdout(text.as_bytes())
}

fn as_text(session: &Session, Explanation { emitted, outdated, steps }: &Explanation) -> String {
    let mut text = String::new();
    if let Some(outdated) = outdated {
        let causes = regeneration(session, outdated);
        text.push_str(&format!("the Ninja file will be written: {}\n", causes.join(", ")));
    }
    for ExplainedStep { position, is_certain, causes } in steps {
        let verb = match (precompiled(session, emitted, *position), is_certain) {
            (Some(database), _) => format!("precompiled ({database})"),
            (None, true) => "will run".to_owned(),
            (None, false) => "may run".to_owned(),
        };
        text.push_str(&format!("{verb}: {}\n", emitted.steps[*position].description));
        causes.iter().for_each(|cause| text.push_str(&format!("  {}\n", say(session, emitted, cause))));
    }
    if steps.is_empty() {
        text.push_str("nothing to do\n");
    }
    text
}

/// The database that has the result of a step.
fn precompiled<'s>(session: &'s Session, emitted: &Emitted, position: usize) -> Option<&'s str> {
    let step = &emitted.steps[position];
    session.databases.of_step(&step.name, crate::step::args::digest(&step.words))
}

/// The cause with the user's paths, and with the descriptions of steps.
fn say(session: &Session, emitted: &Emitted, cause: &Cause) -> String {
    match cause.what {
        Subject::Results => format!("{:#}", Cause { name: described(emitted, &cause.name), ..cause.clone() }),
        Subject::Input | Subject::Output => {
            let mut cause = cause.clone();
            if let Ok(path) = WorkPath::new(without_sums(&cause.name)) {
                cause.name = session.places.for_user(&path).into_string();
            }
            format!("{cause:#}")
        }
        _ => format!("{cause:#}"),
    }
}

/// A directory is shown as the list of its files.
fn without_sums(name: &str) -> &str {
    name.strip_suffix(names::SUMS).and_then(|dir| dir.strip_suffix('/')).unwrap_or(name)
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
        Query::Exists(path) => format!("file appeared or disappeared: {}", shown(path)),
        Query::Link(path) | Query::ToolLink(path) => format!("link changed: {}", shown(path)),
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

fn as_json(session: &Session, Explanation { emitted, outdated, steps }: &Explanation) -> Value {
    let step = |explained: &ExplainedStep| {
        let ExplainedStep { position, is_certain, causes } = explained;
        let step = &emitted.steps[*position];
        let fields = json!({ "step": step.name, "description": step.description, "certain": is_certain, "causes": causes });
        with(fields, "precompiled", precompiled(session, emitted, *position))
    };
    json!({
        "ninja-file": outdated.as_ref().map(|outdated| regeneration(session, outdated)),
        "steps": steps.iter().map(step).collect::<Vec<_>>(),
    })
}
