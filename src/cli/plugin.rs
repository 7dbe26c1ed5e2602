//! `fudsv plugin`: which scripts are found where, a first plugin to start from, and one more in the configuration.
//! It does not know what is in a script.

use super::config::change;
use super::output::{ListFormat, to_stdout};
use super::request::ScriptOptions;
use crate::config;
use crate::diag::{Error, Result};
use crate::env::{Env, split_dirs};
use crate::options::RequestOptions;
use crate::script::{Builtin, Source};
use crate::session::{
    PluginTools, Session, Usability, UsedTool, load_scripts, plugin_tools, script_sources as sources,
};
use crate::workdir::replace_users;
use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, Subcommand};
use serde_json::json;

/// `fudsv plugin`.
#[derive(Debug, Subcommand)]
pub enum PluginCommand {
    /// List the scripts on the search path, nearest first
    List(PluginListArgs),
    /// List the directories where fudsv searches for scripts, nearest first
    Path,
    /// Write a working plugin with comments into the project's `fudsv/`
    New(PluginNewArgs),
    /// Add a plugin to the configuration
    Register(PluginRegisterArgs),
}

/// `fudsv plugin list`.
#[derive(Debug, Args)]
pub struct PluginListArgs {
    /// Show which plugins can be used here, with which tools, and what to install for the others
    #[arg(long)]
    pub available: bool,
    /// With --available, also run programs that the project's files name, to find their versions
    #[arg(long, requires = "available")]
    pub probe: bool,
    /// Set the format
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
    /// Which scripts and which configuration
    #[command(flatten)]
    pub of: ScriptOptions,
}

/// `fudsv plugin new`.
#[derive(Debug, Args)]
pub struct PluginNewArgs {
    /// The name of the plugin
    pub name: String,
}

/// `fudsv plugin register`.
#[derive(Debug, Args)]
pub struct PluginRegisterArgs {
    /// A name on the search path, or a path
    #[arg(value_name = "NAME|PATH")]
    pub plugin: String,
    /// Change the user's configuration instead of the project's
    #[arg(long)]
    pub user: bool,
}

/// What `plugin new` writes; `NAME` is replaced by the name.
const STARTER: &str = include_str!("starter.rhai");

/// Its example: the request, an input, and the expected result.
const EXAMPLE: [(&str, &str); 3] = [
    (
        "example.toml",
        "# Run by `fudsv check --examples`: what to type after `fudsv exec`, here. What it makes is below `expected`.\nexec = \"two.sv --to NAME-report\"\n",
    ),
    ("two.sv", "module two;\nendmodule\n"),
    ("expected/two.NAME.txt", "2\n"),
];

/// Runs the command.
///
/// # Errors
/// A plugin that is nowhere, or a file that cannot be written.
pub fn plugin(env: Env, command: PluginCommand) -> Result<()> {
    match command {
        PluginCommand::List(args) => list(env, args),
        PluginCommand::Path => path(env),
        PluginCommand::New(args) => new(env, &args.name),
        PluginCommand::Register(args) => register(env, &args.plugin, args.user),
    }
}

/// A script on the search path.
struct FoundScript {
    name: String,
    file: Option<Utf8PathBuf>,
    origin: &'static str,
    loaded: bool,
    shadowed_by: Option<String>,
}

fn list(env: Env, args: PluginListArgs) -> Result<()> {
    let session = Session::open(env, *args.of.0)?;
    let session = if args.probe { session } else { session.looking() };
    if args.available {
        return available(&session, args.format);
    }
    let found = found(&session)?;
    let shown = |file: &Option<Utf8PathBuf>| match file {
        Some(file) => session.shown(file).into_string(),
        None => "(part of fudsv)".to_owned(),
    };
    if args.format == ListFormat::Json {
        let scripts: Vec<_> = found
            .iter()
            .map(|one| {
                json!({ "name": one.name, "file": one.file, "origin": one.origin, "loaded": one.loaded,
                        "shadowed-by": one.shadowed_by })
            })
            .collect();
        return to_stdout(format!("{:#}\n", json!(scripts)).as_bytes());
    }
    let width = found.iter().map(|one| one.name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for one in &found {
        let mut about = vec![one.origin.to_owned()];
        if !one.loaded {
            about.push("loaded when its name is given".into());
        }
        about.extend(one.shadowed_by.iter().map(|by| format!("its name means {by}")));
        text += &format!("{:width$}  {}: {}\n", one.name, shown(&one.file), about.join(", "));
    }
    to_stdout(text.as_bytes())
}

/// Each plugin that declares ops: whether it can be used here, with which tools, and what to install for the others.
fn available(session: &Session, format: ListFormat) -> Result<()> {
    let plugins = plugin_tools(session, &load_scripts(session)?);
    let word = |usability| match usability {
        Usability::All => "usable",
        Usability::Some => "partly usable",
        Usability::None => "unusable",
    };
    if format == ListFormat::Json {
        let tool = |tool: &UsedTool| {
            let report = &tool.report;
            json!({ "name": report.name, "path": report.path, "version": report.number, "problem": report.problem,
                    "install": report.install, "needed-by": tool.needed_by, "may-need-it": tool.may_need_it })
        };
        let plugins: Vec<_> = plugins
            .iter()
            .map(|one| {
                let tools: Vec<_> = one.tools.iter().map(tool).collect();
                json!({ "name": one.name, "usability": word(one.usability), "tools": tools })
            })
            .collect();
        return to_stdout(format!("{:#}\n", json!(plugins)).as_bytes());
    }
    let width = plugins.iter().map(|one| one.name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for PluginTools { name, usability, tools } in &plugins {
        let version = |tool: &UsedTool| match &tool.report.number {
            Some(number) => format!("{} {number}", tool.report.name),
            None => tool.report.name.clone(),
        };
        let (here, missing): (Vec<_>, Vec<_>) = tools.iter().partition(|tool| tool.is_here());
        let here = here.into_iter().map(version).collect::<Vec<_>>().join(", ");
        text += format!("{name:width$}  {:13}  {here}", word(*usability)).trim_end();
        text.push('\n');
        for tool in missing {
            let (name, install) = (&tool.report.name, &tool.report.install);
            text += &format!("{:width$}  missing        {name}, for {}: {install}\n", "", tool.purpose());
        }
    }
    to_stdout(text.as_bytes())
}

/// All scripts, each file once, nearest first.
fn found(session: &Session) -> Result<Vec<FoundScript>> {
    let builtin = Builtin::embedded();
    let mut all: Vec<FoundScript> = vec![];
    for source in sources(session, &builtin)? {
        for (name, file) in source.scripts(&builtin, &session.facts) {
            if file.is_some() && all.iter().any(|other| other.file == file) {
                continue;
            }
            let nearer = all.iter().find(|other| other.name == name);
            let shadowed_by =
                nearer.and_then(|other| other.file.as_ref()).map(|file| session.shown(file).into());
            let (origin, loaded) = (origin(session, &source), source.is_loaded());
            all.push(FoundScript { name, file, origin, loaded, shadowed_by });
        }
    }
    Ok(all)
}

/// How a source came onto the search path.
fn origin(session: &Session, source: &Source) -> &'static str {
    let user = session.facts.var("XDG_DATA_HOME").or_else(|| session.facts.var("HOME")).unwrap_or_default();
    let from_env = |dir: &Utf8Path| {
        let listed = session.facts.var("FUDSV_PLUGIN_PATH").unwrap_or_default();
        split_dirs(&listed).iter().filter(|one| *one != "").any(|one| session.places.cwd.join(one) == dir)
    };
    match source {
        Source::File(_) => "by option or configuration",
        Source::Project(_) => "named by the project",
        Source::Loaded(_) => "project",
        Source::Searched(dir) if from_env(dir) => "FUDSV_PLUGIN_PATH",
        Source::Searched(dir) if !user.is_empty() && dir.starts_with(&user) => "user",
        Source::Searched(_) => "system",
        Source::Builtin => "built-in",
    }
}

fn path(env: Env) -> Result<()> {
    let session = Session::open(env, RequestOptions::default())?;
    let mut text = String::new();
    for source in sources(&session, &Builtin::embedded())? {
        let place = match &source {
            Source::File(file) | Source::Project(file) => session.shown(file).into_string(),
            Source::Builtin => "(part of fudsv)".to_owned(),
            Source::Loaded(dir) | Source::Searched(dir) if dir.is_dir() => session.shown(dir).into_string(),
            Source::Loaded(dir) | Source::Searched(dir) => format!("{} (not there)", session.shown(dir)),
        };
        text += &format!("{}: {place}\n", origin(&session, &source));
    }
    to_stdout(text.as_bytes())
}

fn new(env: Env, name: &str) -> Result<()> {
    let session = Session::open(env, RequestOptions::default())?;
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.chars().all(fits) || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Err(Error::request(format!("`{name}` is not a name for a plugin"))
            .hint("use letters, digits, `-` and `_`; begin with a letter"));
    }
    let file = session.places.root.join("fudsv").join(format!("{name}.rhai"));
    if file.exists() {
        return Err(Error::request(format!("`{}` already exists", session.shown(&file))));
    }
    let example = session.places.root.join("fudsv/tests").join(name);
    for (path, text) in EXAMPLE {
        replace_users(&example.join(path.replace("NAME", name)), text.replace("NAME", name).as_bytes())?;
    }
    replace_users(&file, STARTER.replace("NAME", name).as_bytes())?;
    let example = example.join("example.toml");
    to_stdout(format!("{}\n{}\n", session.shown(&file), session.shown(&example)).as_bytes())
}

fn register(env: Env, plugin: &str, user: bool) -> Result<()> {
    let request = RequestOptions { plugin: vec![plugin.to_owned()], ..RequestOptions::default() };
    let session = Session::open(env, request)?.looking();
    sources(&session, &Builtin::embedded())?; // it must be there
    let is_path = plugin.contains('/') || plugin.ends_with(".rhai");
    let word = match is_path {
        true if user => session.places.cwd.join(plugin).into_string(),
        true => crate::paths::relative(&session.places.root, &session.places.cwd.join(plugin)).into_string(),
        false => plugin.to_owned(),
    };
    let word = if is_path && !word.contains('/') { format!("./{word}") } else { word };
    let file = change(session.facts.env().clone(), user, |text| config::with_plugin(text, &word))?;
    to_stdout(format!("{}\n", session.shown(&file)).as_bytes())
}
