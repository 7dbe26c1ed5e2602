//! The merged configuration that scripts may ask, and where each value came from.
//! It does not know files or layers; `load` builds it.

use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeMap;
use std::fmt;

/// Where a value was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is fudsv's default.
    Default,
    /// A file; a relative path in the value is relative to the directory of this file.
    File(Utf8PathBuf),
    /// An environment variable of this name; a relative path is relative to where the user stands.
    Var(String),
    /// `--set`; a relative path is relative to where the user stands.
    Set,
    /// Options and filelists, in words; a relative path is relative to where the user stands.
    Inputs(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::File(path) => path.fmt(f),
            Origin::Var(name) => write!(f, "environment variable {name}"),
            Origin::Set => f.write_str("--set"),
            Origin::Inputs(places) => f.write_str(places),
        }
    }
}

/// A value and where it was set.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The value, with the type it was written with.
    pub value: &'a toml::Value,
    /// Where it was set.
    pub origin: &'a Origin,
}

/// The merged configuration.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The merged tree.
    pub(super) tree: toml::Table,
    /// Dotted key of each leaf (everything but a table) and its origin.
    pub(super) origins: BTreeMap<String, Origin>,
    /// The project's file.
    pub(super) project: Option<Utf8PathBuf>,
}

impl Config {
    /// The directory of the project's file.
    pub fn project_dir(&self) -> Option<&Utf8Path> {
        self.project.as_deref().and_then(Utf8Path::parent)
    }

    /// The value of a dotted key, such as `verilator.args`; a table has the origin of its first leaf.
    pub fn get(&self, key: &str) -> Option<Found<'_>> {
        let mut value: Option<&toml::Value> = None;
        for part in key.split('.') {
            let table = value.map_or(Some(&self.tree), toml::Value::as_table)?;
            value = Some(table.get(part)?);
        }
        let below = format!("{key}.");
        let is_origin = |(name, _): &(&String, &Origin)| *name == key || name.starts_with(&below);
        let origin = self.origins.iter().find(is_origin).map_or(&Origin::Default, |(_, origin)| origin);
        value.map(|value| Found { value, origin })
    }

    /// Whether a value with this origin was set by the project, not by the user who builds it.
    pub fn is_of_project(&self, origin: &Origin) -> bool {
        matches!((origin, &self.project), (Origin::File(file), Some(project)) if file == project)
    }

    /// All dotted keys whose value is not a table.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.origins.keys().map(String::as_str)
    }

    /// Gives a dotted key another value.
    pub fn set(&mut self, key: &str, value: toml::Value, origin: Origin) {
        let mut parts: Vec<&str> = key.split('.').collect();
        let Some(last) = parts.pop() else { return };
        let mut table = &mut self.tree;
        for part in parts {
            let below = table.entry(part).or_insert_with(|| toml::Table::new().into());
            match below {
                toml::Value::Table(below) => table = below,
                _ => return,
            }
        }
        table.insert(last.to_owned(), value);
        self.origins.insert(key.to_owned(), origin);
    }

    /// A configuration out of one file, for tests.
    #[cfg(test)]
    pub fn of_test(text: &str, file: &camino::Utf8Path) -> Config {
        fn leaves(prefix: &str, table: &toml::Table, found: &mut Vec<String>) {
            for (name, value) in table {
                match value {
                    toml::Value::Table(table) => leaves(&format!("{prefix}{name}."), table, found),
                    _ => found.push(format!("{prefix}{name}")),
                }
            }
        }
        let tree: toml::Table = text.parse().unwrap_or_default();
        let mut keys = vec![];
        leaves("", &tree, &mut keys);
        let origins = keys.into_iter().map(|key| (key, Origin::File(file.to_owned()))).collect();
        Config { tree, origins, project: Some(file.to_owned()) }
    }
}
