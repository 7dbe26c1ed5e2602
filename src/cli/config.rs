//! `fudsv config`: shows the configuration and changes its files.
//! It does not know how layers are merged, nor how TOML is edited.

use super::output::to_stdout;
use super::request::ConfigurationOptions;
use crate::config::{self, Found};
use crate::diag::{Error, Result, did_you_mean};
use crate::env::Env;
use crate::facts::Facts;
use crate::secret;
use crate::session::Session;
use crate::workdir::replace_users;
use camino::Utf8PathBuf;
use clap::Subcommand;

/// `fudsv config`.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print every key that has a value
    List {
        /// Show where each value was set
        #[arg(long)]
        origin: bool,
        /// Which configuration
        #[command(flatten)]
        of: ConfigurationOptions,
    },
    /// Print the value of a key
    Get {
        /// The key, such as `verilator.top`
        key: String,
        /// Which configuration
        #[command(flatten)]
        of: ConfigurationOptions,
    },
    /// Set a key in the project's fud.toml
    Set {
        /// The key, such as `verilator.top`
        key: String,
        /// The value: a list, a table, a bool or a whole number is read as TOML, the rest as text
        value: String,
        /// Change the user's file
        #[arg(long)]
        user: bool,
    },
    /// Remove a key from the project's fud.toml
    Unset {
        /// The key
        key: String,
        /// Change the user's file
        #[arg(long)]
        user: bool,
    },
    /// Open the project's fud.toml in $VISUAL or $EDITOR, and check it afterwards
    Edit {
        /// Open the user's file
        #[arg(long)]
        user: bool,
    },
    /// Print the path of the project's fud.toml
    Path {
        /// Print the path of the user's file
        #[arg(long)]
        user: bool,
    },
}

/// Runs the command.
///
/// # Errors
/// Whatever is wrong with the configuration as it is or would be, or a file that cannot be written.
pub fn config(env: Env, command: ConfigCommand) -> Result<()> {
    match command {
        ConfigCommand::List { origin, of } => list(&Session::open(env, *of.0)?, origin),
        ConfigCommand::Get { key, of } => get(&Session::open(env, *of.0)?, &key),
        ConfigCommand::Set { key, value, user } => {
            if key.split('.').any(|part| part.trim().is_empty()) {
                return Err(
                    Error::request(format!("`{key}` is not a key")).hint("write it as `verilator.top`")
                );
            }
            let value = config::parse_value(&value);
            change(env, user, |text| config::with_key(text, &key, &value)).map(drop)
        }
        ConfigCommand::Unset { key, user } => {
            let hint = "`fudsv config list --origin` says where each key is set";
            let missing = || Error::request(format!("`{key}` is not set in this file")).hint(hint);
            change(env, user, |text| config::without_key(text, &key)?.ok_or_else(missing)).map(drop)
        }
        ConfigCommand::Edit { user } => edit(env, user),
        ConfigCommand::Path { user } => to_stdout(format!("{}\n", file(&env, user)?).as_bytes()),
    }
}

fn list(session: &Session, with_origin: bool) -> Result<()> {
    let mut lines: Vec<(String, String)> = vec![];
    for key in session.config.keys() {
        let Some(found) = session.config.get(key) else { continue };
        let value = secret::shown_value(key, &found.value.to_string());
        lines.push((format!("{key} = {value}"), shown_origin(session, &found)));
    }
    let width = lines.iter().map(|(line, _)| line.chars().count()).max().unwrap_or(0);
    let line = |(line, origin): &(String, String)| match with_origin {
        true => format!("{line:width$}  # {origin}\n"),
        false => format!("{line}\n"),
    };
    to_stdout(lines.iter().map(line).collect::<String>().as_bytes())
}

fn shown_origin(session: &Session, found: &Found) -> String {
    match found.origin {
        config::Origin::File(path) => session.shown(path).into_string(),
        other => other.to_string(),
    }
}

fn get(session: &Session, key: &str) -> Result<()> {
    let known = session.config.keys().chain(config::KEYS.iter().map(|(key, _)| *key));
    let found = session.config.get(key).ok_or_else(|| {
        Error::request(format!("`{key}` is not set"))
            .maybe_hint(did_you_mean(key, known.filter(|known| *known != key)))
    })?;
    let text = found.value.as_str().map_or_else(|| found.value.to_string(), str::to_owned);
    to_stdout(format!("{text}\n").as_bytes())
}

/// The file to use: the user's, or the project's, which is in the current directory if it does not exist.
fn file(env: &Env, user: bool) -> Result<Utf8PathBuf> {
    if user {
        return config::user_file(env).ok_or_else(|| {
            Error::machine("no directory is known for the user's configuration")
                .hint("set HOME or XDG_CONFIG_HOME")
        });
    }
    let root = config::find_root(&Facts::new(env.clone()))?;
    Ok(root.unwrap_or_else(|| env.cwd.clone()).join(config::FILE_NAME))
}

/// Changes the text of a configuration file, whose path is returned.
///
/// # Errors
/// Whatever is wrong with the file as it is or would be, or it cannot be written.
pub fn change(env: Env, user: bool, change: impl FnOnce(&str) -> Result<String>) -> Result<Utf8PathBuf> {
    let facts = Facts::new(env);
    let file = file(facts.env(), user)?;
    let text = facts.read_text(&file)?.unwrap_or_default();
    let changed = change(&text).map_err(|e| e.detail("file", file.as_str()))?;
    config::check(&facts, &file, &changed)?;
    replace_users(&file, changed.as_bytes())?;
    Ok(file)
}

fn edit(env: Env, user: bool) -> Result<()> {
    let file = file(&env, user)?;
    let editor =
        env.var("VISUAL").or(env.var("EDITOR")).and_then(shlex::split).filter(|words| !words.is_empty());
    let editor = editor.ok_or_else(|| {
        Error::request("no editor is set").hint(format!("set VISUAL or EDITOR, or open `{file}` yourself"))
    })?;
    let status = std::process::Command::new(&editor[0]).args(&editor[1..]).arg(&file).status();
    let status = status.map_err(|e| Error::machine(format!("cannot run `{}`", editor[0])).because(e))?;
    if !status.success() {
        return Err(Error::machine(format!("`{}` failed", editor[0])));
    }
    let facts = Facts::new(env);
    let text = facts.read_text(&file)?.unwrap_or_default();
    config::check(&facts, &file, &text)
}
