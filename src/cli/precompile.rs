//! `fudsv precompile`: saves, loads, shows and verifies precompiled databases.
//! It does not know how a database is written, nor when it fits a machine.

use super::build::{BuildArgs, build, check};
use super::designs;
use super::exec::{ExecArgs, exec};
use super::output::{ListFormat, OnStderr, Reports, pretty, shown_size, to_stdout};
use super::request::ConfigurationOptions;
use crate::database::{Database, Manifest};
use crate::diag::{Error, Result};
use crate::env::Env;
use crate::options::RequestOptions;
use crate::paths::normal;
use crate::session::{
    Databases, LoadedDatabase, PassedOver, SaveSettings, Saved, Session, State, save_database,
};
use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

/// `fudsv precompile`.
#[derive(Debug, Args)]
pub struct PrecompileCommand {
    /// What to do with databases
    #[command(subcommand)]
    pub verb: PrecompileVerb,
}

/// The verbs of `fudsv precompile`.
#[derive(Debug, Subcommand)]
pub enum PrecompileVerb {
    /// Build requests and save their results as a database
    Save(SaveArgs),
    /// Build a request from a database
    Load(LoadArgs),
    /// Show whether databases would be loaded, and what differs
    Status(StatusArgs),
    /// Check every byte of databases
    Verify(StatusArgs),
    /// List databases and what is in them
    List(StatusArgs),
}

/// `fudsv precompile save`.
#[derive(Debug, Args)]
pub struct SaveArgs {
    /// Where to save: a directory, or a file `*.tar.zst`
    #[arg(value_name = "DB")]
    pub target: String,
    /// Name the database [default: the last part of DB]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Leave out precompiled headers, which are large and quickly made
    #[arg(long)]
    pub without_pch: bool,
    /// What is asked for
    #[command(flatten)]
    pub request: RequestOptions,
    /// How it is built
    #[command(flatten)]
    pub build: BuildArgs,
}

/// `fudsv precompile load`.
#[derive(Debug, Args)]
pub struct LoadArgs {
    /// The database
    #[arg(value_name = "DB")]
    pub database: String,
    /// What is asked for
    #[command(flatten)]
    pub request: RequestOptions,
    /// How it is built
    #[command(flatten)]
    pub build: BuildArgs,
}

/// The arguments that name databases to show.
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// Databases [default: precompiled.load]
    #[arg(value_name = "DB")]
    pub databases: Vec<String>,
    /// Set the format
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
    /// Which configuration
    #[command(flatten)]
    pub of: ConfigurationOptions,
}

/// Runs the command.
///
/// # Errors
/// An error in the request, of the machine, or in a database.
pub fn precompile(env: Env, command: PrecompileCommand) -> Result<()> {
    match command.verb {
        PrecompileVerb::Save(args) => save(env, args),
        PrecompileVerb::Load(LoadArgs { database, mut request, build }) => {
            request.load.insert(0, database);
            exec(env, ExecArgs { request, build, dry_run: false })
        }
        PrecompileVerb::Status(args) => status(env, args),
        PrecompileVerb::Verify(args) => verify(env, args),
        PrecompileVerb::List(args) => list(env, args),
    }
}

fn save(env: Env, args: SaveArgs) -> Result<()> {
    let SaveArgs { target: typed, name, without_pch, request, build: how } = args;
    let target = normal(&env.cwd.join(typed.trim_end_matches('/')));
    let mut sessions = vec![];
    for request in designs::each(&env, &request, |_, _| false)? {
        let session = Session::open_to_build(env.clone(), request, &mut OnStderr)?;
        check(&session, &build(&session, &how, "fudsv precompile save", Reports::AreSaid)?, &how)?;
        sessions.push(session);
    }
    let settings = SaveSettings { target, name, without_headers: without_pch };
    let saved = save_database(&sessions, &settings, &mut OnStderr)?;
    if !how.quiet {
        say_saved(&saved);
    }
    to_stdout(format!("{typed}\n").as_bytes())
}

/// Prints what is in the database and what is not.
fn say_saved(Saved { results, sources, left_out }: &Saved) {
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let (of_results, of_sources) = (plural(*results), plural(*sources));
    note!("Saved {results} result{of_results} of {sources} source{of_sources}");
    for (description, why) in left_out {
        note!("note: not in the database: {description}: {why}");
    }
    note!("note: files that a simulation reads while it runs, such as memory images, are not in a database");
}

fn status(env: Env, args: StatusArgs) -> Result<()> {
    let (session, format) = opened(env, args)?;
    let Databases { loaded, passed_over, .. } = &*session.databases;
    let text = match format {
        ListFormat::Text => {
            let loaded = loaded.iter().map(|loaded| status_text(&session, loaded));
            let over = passed_over.iter().map(|PassedOver { location, why, .. }| {
                format!("database  {}\nstate     passed over: {why}\n", session.shown(location))
            });
            loaded.chain(over).collect::<Vec<_>>().join("\n")
        }
        ListFormat::Json => pretty(&json!({ "databases": described(&session) }))?,
    };
    to_stdout(text.as_bytes())
}

fn status_text(session: &Session, loaded: &LoadedDatabase) -> String {
    let manifest = &loaded.database.manifest;
    let mut text = format!("database  {}\n", session.shown(&loaded.location));
    let name = if manifest.name == loaded.name { String::new() } else { format!(" as `{}`", manifest.name) };
    text.push_str(&format!("saved     by fudsv {}{name}, of {}\n", manifest.fudsv, manifest.root));
    for request in &manifest.requests {
        let kept = request.steps.iter().filter(|step| step.left_out.is_none()).count();
        text.push_str(&format!("request   {} ({kept} of {} steps)\n", request.words, request.steps.len()));
    }
    let tools = manifest.tools.iter().map(|tool| match &tool.version {
        Some(version) => format!("{} {version}", tool.name),
        None => tool.name.clone(),
    });
    let tools: Vec<String> = tools.collect();
    if !tools.is_empty() {
        text.push_str(&format!("tools     {}\n", tools.join(", ")));
    }
    text.push_str(&format!("size      {}\n", shown_size(size(&loaded.database))));
    let states = [
        (State::Same, "as they were"),
        (State::Changed, "changed"),
        (State::Absent, "not here"),
        (State::Frozen, "not compared"),
    ];
    let count = |state: State| loaded.sources.iter().filter(|source| source.state == state).count();
    let counted = states.into_iter().filter(|(state, _)| count(*state) > 0);
    let counted: Vec<String> = counted.map(|(state, what)| format!("{} {what}", count(state))).collect();
    text.push_str(&format!("sources   {}: {}\n", loaded.sources.len(), counted.join(", ")));
    for source in loaded.sources.iter().filter(|source| source.state == State::Changed) {
        text.push_str(&format!("  changed  {}\n", session.shown(&source.path)));
    }
    text.push_str("state     loaded\n");
    text
}

fn verify(env: Env, args: StatusArgs) -> Result<()> {
    let (session, _) = opened(env, args)?;
    let mut error: Option<Box<Error>> = None;
    let mut blame = |text: String| {
        error = Some(match error.take() {
            None => Error::machine(text),
            Some(error) => error.detail("and", text),
        });
    };
    for loaded in &session.databases.loaded {
        let place = session.shown(&loaded.location);
        match loaded.database.verify() {
            Ok((whole, damaged)) => {
                to_stdout(format!("{place}: {whole} files whole, {} damaged\n", damaged.len()).as_bytes())?;
                damaged.into_iter().for_each(|what| blame(format!("`{place}`: {what}")));
            }
            Err(fault) => blame(format!("`{place}`: {fault}")),
        }
    }
    for PassedOver { location, why, .. } in &session.databases.passed_over {
        blame(format!("`{}`: {why}", session.shown(location)));
    }
    error.map_or(Ok(()), Err)
}

fn list(env: Env, args: StatusArgs) -> Result<()> {
    let (session, format) = opened(env, args)?;
    let text = match format {
        ListFormat::Text => {
            let line = |value: &Value| {
                let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
                let requests = value["requests"].as_array().into_iter().flatten();
                let requests: Vec<&str> = requests.filter_map(Value::as_str).collect();
                let what = if requests.is_empty() { text("why") } else { requests.join("; ") };
                format!("{}  {}  {what}\n", text("location"), text("state"))
            };
            described(&session).iter().map(line).collect()
        }
        ListFormat::Json => pretty(&json!({ "databases": described(&session) }))?,
    };
    to_stdout(text.as_bytes())
}

/// Describes the databases of a session for programs.
fn described(session: &Session) -> Vec<Value> {
    let loaded = session.databases.loaded.iter().map(|loaded| {
        let Manifest { name, schema, fudsv, root, requests, tools, .. } = &loaded.database.manifest;
        let of = |state: State| -> Vec<&Utf8PathBuf> {
            let sources = loaded.sources.iter().filter(|source| source.state == state);
            sources.map(|source| &source.path).collect()
        };
        json!({
            "location": session.shown(&loaded.location), "state": "loaded", "name": name, "schema": schema, "fudsv": fudsv,
            "root": root, "requests": requests.iter().map(|request| &request.words).collect::<Vec<_>>(), "tools": tools,
            "size": size(&loaded.database), "sources": loaded.sources.len(), "changed": of(State::Changed),
            "absent": of(State::Absent), "frozen": loaded.is_frozen,
        })
    });
    let over = session.databases.passed_over.iter().map(|PassedOver { location, why, .. }| {
        json!({"location": session.shown(location), "state": "passed over", "why": why.to_string()})
    });
    loaded.chain(over).collect()
}

/// The size of a database in bytes.
fn size(database: &Database) -> u64 {
    fn below(dir: &Utf8Path) -> u64 {
        let entries = dir.read_dir_utf8().into_iter().flatten().flatten();
        entries.fold(0, |sum: u64, entry| match entry.metadata() {
            Ok(meta) if meta.is_dir() => sum.saturating_add(below(entry.path())),
            Ok(meta) => sum.saturating_add(meta.len()),
            Err(_) => sum,
        })
    }
    below(&database.dir)
}

/// Opens a session that loads these databases, or those of the configuration if no database is named.
fn opened(env: Env, args: StatusArgs) -> Result<(Session, ListFormat)> {
    let StatusArgs { databases, format, of } = args;
    let mut request = *of.0;
    if !databases.is_empty() {
        request.set.push("precompiled.load=[]".to_owned());
    }
    request.load = databases;
    let session = Session::open(env, request)?.looking().with_databases();
    if session.databases.loaded.is_empty() && session.databases.passed_over.is_empty() {
        return Err(Error::request("no database is named")
            .hint("name one: `fudsv precompile status DB`, or `[[precompiled.load]]` in fud.toml"));
    }
    Ok((session, format))
}
