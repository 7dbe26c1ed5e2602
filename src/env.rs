//! The process environment, read once in `main`: working directory, variables, the path of the program itself.
//! It does not know what any variable means; nothing else of ours reads the environment.
#![allow(clippy::disallowed_methods)]

use crate::diag::{Error, Result};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeMap;

/// What the process was started with.
#[derive(Clone, Debug)]
pub struct Env {
    /// Where the user stands: absolute, symbolic links resolved.
    pub cwd: Utf8PathBuf,
    /// This program: absolute.
    pub exe: Utf8PathBuf,
    /// The words it was started with, the program's name first.
    pub args: Vec<String>,
    /// The variables whose names and values are UTF-8; others are passed on to tools but cannot be asked for.
    pub vars: BTreeMap<String, String>,
}

impl Env {
    /// Reads the environment of this process.
    ///
    /// # Errors
    /// A working directory that is gone or not UTF-8.
    pub fn load() -> Result<Env> {
        let cwd = std::env::current_dir()
            .map_err(|e| Error::machine("cannot find the current directory").because(e))?;
        let exe = std::env::current_exe()
            .map_err(|e| Error::machine("cannot find the path of this program").because(e))?;
        let not_utf8 = |word: std::ffi::OsString| format!("the argument `{}` is not UTF-8", word.display());
        let args =
            std::env::args_os().map(|word| word.into_string().map_err(|word| Error::request(not_utf8(word))));
        let args = args.collect::<Result<_>>()?;
        let vars = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Ok(Env { cwd: utf8(cwd)?, exe: utf8(exe)?, args, vars })
    }

    /// The variable, when it is set to something.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.vars.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The directories of `PATH`, relative ones taken from the working directory.
    pub fn path_dirs(&self) -> impl Iterator<Item = Utf8PathBuf> + '_ {
        let path = self.vars.get("PATH").map_or("", String::as_str);
        split_dirs(path)
            .into_iter()
            .map(|dir| self.cwd.join(if dir == "" { Utf8Path::new(".") } else { &dir }))
    }

    /// The user's directory for a kind of file: `$XDG_<KIND>_HOME/fudsv`, else `$HOME/<fallback>/fudsv`.
    pub fn xdg(&self, variable: &str, fallback: &str) -> Option<Utf8PathBuf> {
        let absolute = |p: &&str| Utf8Path::new(*p).is_absolute();
        let home = || self.var("HOME").filter(absolute).map(|home| Utf8Path::new(home).join(fallback));
        let base = self.var(variable).filter(absolute).map(Utf8PathBuf::from).or_else(home);
        base.map(|base| base.join("fudsv"))
    }
}

/// The directories of a list such as `PATH`, separated as the platform does; an empty entry is an empty path.
pub fn split_dirs(list: &str) -> Vec<Utf8PathBuf> {
    std::env::split_paths(list).filter_map(|dir| Utf8PathBuf::from_path_buf(dir).ok()).collect()
}

fn utf8(path: std::path::PathBuf) -> Result<Utf8PathBuf> {
    Utf8PathBuf::from_path_buf(path)
        .map_err(|path| Error::request(format!("`{}` is not a UTF-8 path", path.display())))
}
