//! `fudsv init`: writes a first `fud.toml` for the designs of the directory, and a first plugin when asked.
//! It does not know how a folder is looked at.

use super::output::to_stdout;
use crate::config::FILE_NAME;
use crate::diag::{Error, Result};
use crate::env::Env;
use crate::starter;
use crate::workdir::replace_users;
use camino::Utf8Path;
use clap::Args;

/// `fudsv init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Write a first plugin too
    #[arg(long)]
    pub plugin: bool,
}

/// The plugin, and how it is tried.
const PLUGIN: (&str, &str) = ("fudsv/count.rhai", include_str!("init/count.rhai"));

/// Writes the missing files, and prints their names and what to type next.
///
/// # Errors
/// All files exist already, or the directory cannot be written.
pub fn init(env: Env, args: &InitArgs) -> Result<()> {
    let folder = starter::look(&env.cwd);
    let text = starter::fud_toml(&folder);
    let files = [(FILE_NAME, text.as_str()), PLUGIN];
    let wanted = if args.plugin { &files[..] } else { &files[..1] };
    let mut wrote = vec![];
    for (name, text) in wanted {
        if write_new(&env.cwd, name, text)? {
            to_stdout(format!("{name}\n").as_bytes())?;
            wrote.push(*name);
        }
    }
    if wrote.is_empty() {
        let names = wanted.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
        return Err(Error::request(format!(
            "{names} exist{} already",
            if wanted.len() == 1 { "s" } else { "" }
        ))
        .hint("`fudsv config edit` opens fud.toml"));
    }
    let source = folder.sources.first().map(|source| source.path.to_string());
    let try_plugin = source
        .filter(|_| wrote.contains(&PLUGIN.0))
        .map(|source| format!("fudsv exec {} --to line-count -o -", crate::shell::ShellWord::quote(&source)));
    let next = try_plugin.or_else(|| starter::command(&folder)).unwrap_or_else(|| "fudsv list".to_owned());
    note!("Next: {next}");
    Ok(())
}

/// Writes a file that does not exist yet; returns whether it did.
fn write_new(root: &Utf8Path, name: &str, text: &str) -> Result<bool> {
    let path = root.join(name);
    // Nobody else writes it at the same time; a half one would stay.
    if path.symlink_metadata().is_ok() {
        Ok(false)
    } else {
        replace_users(&path, text.as_bytes()).map(|()| true)
    }
}
