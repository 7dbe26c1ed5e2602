//! A project of Veryl that contains given sources and no others: what Veryl compiles is a project, not a file.
//! It does not know who compiles it.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use crate::diag::{Error, Place, Result};
use crate::paths::normal;
use camino::{Utf8Path, Utf8PathBuf};
use std::fs;
use toml::{Table, Value};

/// The file that makes a directory a project.
const SETTINGS: &str = "Veryl.toml";

/// The versions of other projects.
const LOCK: &str = "Veryl.lock";

/// The name of a project without settings, and of the list of what is made: `NAME.f`.
const NAME: &str = "design";

/// Keys of `[build]` that say where files are, which fudsv decides.
const PLACES: [&str; 6] = ["source", "sources", "target", "filelist_type", "sourcemap_target", "incremental"];

/// What the project consists of.
#[derive(Clone, Debug)]
pub struct VerylProject {
    /// The `Veryl.toml` whose settings count; without one, modules keep their names.
    pub settings: Option<Utf8PathBuf>,
    /// Whether other projects may be fetched.
    pub fetches: bool,
    /// Its sources, relative to the current directory or absolute.
    pub sources: Vec<Utf8PathBuf>,
}

impl VerylProject {
    /// Writes it into a directory. A source is below `src` as it is called, an absolute one below `src` as from the root.
    ///
    /// # Errors
    /// The settings are wrong, or need other projects that may not be fetched; a file cannot be read or written.
    pub fn write(&self, cwd: &Utf8Path, dir: &Utf8Path) -> Result<()> {
        let (settings, above) = match &self.settings {
            Some(file) => (read(file)?, cwd.join(file).parent().unwrap_or(cwd).to_owned()),
            None => (Table::new(), cwd.to_owned()),
        };
        let text = toml::to_string(&self.settings(settings, &above)?);
        let text = text.map_err(|e| Error::machine(format!("cannot write `{SETTINGS}`")).because(e))?;
        let write = |path: &Utf8Path, bytes: &[u8]| {
            let made = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, bytes));
            made.map_err(|e| Error::machine(format!("cannot write `{path}`")).because(e))
        };
        write(&dir.join(SETTINGS), text.as_bytes())?;
        if let Some(lock) = self.fetches.then(|| fs::read(above.join(LOCK)).ok()).flatten() {
            write(&dir.join(LOCK), &lock)?;
        }
        for source in &self.sources {
            let bytes =
                fs::read(source).map_err(|e| Error::request(format!("cannot read `{source}`")).because(e))?;
            write(&dir.join("src").join(placed(cwd, source)), &bytes)?;
        }
        Ok(())
    }

    /// The settings, without those of other commands, and with what fudsv decides.
    fn settings(&self, mut given: Table, above: &Utf8Path) -> Result<Table> {
        let mut table = |name: &str| match given.remove(name) {
            Some(Value::Table(table)) => table,
            _ => Table::new(),
        };
        let (mut project, mut build, lint) = (table("project"), table("build"), table("lint"));
        let (properties, mut dependencies) = (table("properties"), table("dependencies"));
        if !dependencies.is_empty() && !self.fetches {
            let names: Vec<String> = dependencies.keys().map(|name| format!("`{name}`")).collect();
            let file = self.settings.as_deref().unwrap_or(Utf8Path::new(SETTINGS));
            return Err(Error::request(format!("`{file}` depends on other projects: {}", names.join(", ")))
                .hint("`-s veryl.dependencies=true` lets Veryl fetch them"));
        }
        for (_, dependency) in dependencies.iter_mut() {
            if let Some(Value::String(path)) = dependency.get_mut("path") {
                *path = normal(&above.join(&*path)).into_string();
            }
        }
        for key in PLACES {
            build.remove(key);
        }
        if self.settings.is_none() {
            build.insert("omit_project_prefix".to_owned(), true.into());
        }
        let kind = |kind: &str| Table::from_iter([("type".to_owned(), Value::from(kind))]);
        let mut target = kind("directory");
        target.insert("path".to_owned(), "target".into());
        build.insert("sources".to_owned(), vec!["src"].into());
        build.insert("target".to_owned(), target.into());
        build.insert("filelist_type".to_owned(), "absolute".into());
        build.insert("sourcemap_target".to_owned(), kind("none").into());
        project.entry("name").or_insert_with(|| NAME.into());
        project.entry("version").or_insert_with(|| "0.1.0".into());
        let parts = [
            ("project", project),
            ("build", build),
            ("lint", lint),
            ("properties", properties),
            ("dependencies", dependencies),
        ];
        let parts = parts.into_iter().filter(|(_, table)| !table.is_empty());
        Ok(parts.map(|(name, table)| (name.to_owned(), Value::from(table))).collect())
    }
}

/// Where a source is below `src`: Veryl's messages call it so.
fn placed(cwd: &Utf8Path, source: &Utf8Path) -> Utf8PathBuf {
    let is_below = !source.is_absolute() && !source.components().any(|part| part.as_str() == "..");
    let path = if is_below {
        source.to_owned()
    } else {
        Utf8Path::new("@").join(rootless(&normal(&cwd.join(source))))
    };
    normal(&path)
}

fn rootless(path: &Utf8Path) -> &Utf8Path {
    path.strip_prefix("/").unwrap_or(path)
}

fn read(file: &Utf8Path) -> Result<Table> {
    let text =
        fs::read_to_string(file).map_err(|e| Error::request(format!("cannot read `{file}`")).because(e))?;
    text.parse::<Table>().map_err(|e| {
        let place = Place::at_byte(file.as_str(), &text, e.span().map_or(0, |span| span.start));
        Error::request(format!("`{file}` is not TOML: {}", e.message().trim())).at(place)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(fetches: bool) -> VerylProject {
        VerylProject { settings: Some("a/Veryl.toml".into()), fetches, sources: vec![] }
    }

    const GIVEN: &str = "[project]\nname = 'mine'\nauthors = ['x']\n[build]\nreset_type = 'sync_high'\nsources = ['rtl']\n\
        target = {type = 'source'}\n[test]\nsimulator = 'x'\n[[components]]\npath = 'x'\n";

    #[test]
    fn settings_of_the_language_stay_and_those_of_places_are_replaced() {
        let made = project(false).settings(GIVEN.parse().unwrap(), Utf8Path::new("/p/a")).unwrap();
        let expected = "[project]\nname = 'mine'\nauthors = ['x']\nversion = '0.1.0'\n[build]\nreset_type = 'sync_high'\n\
            sources = ['src']\ntarget = {type = 'directory', path = 'target'}\nfilelist_type = 'absolute'\n\
            sourcemap_target = {type = 'none'}\n";
        assert_eq!(made, expected.parse::<Table>().unwrap());
        let none = VerylProject { settings: None, ..project(false) };
        let made = none.settings(Table::new(), Utf8Path::new("/p")).unwrap();
        assert_eq!(
            (&made["project"]["name"], &made["build"]["omit_project_prefix"]),
            (&"design".into(), &true.into())
        );
    }

    #[test]
    fn other_projects_are_named_until_they_may_be_fetched() {
        let given = format!("{GIVEN}[dependencies]\n'b' = {{path = '../b'}}\n'c' = '1.0'\n");
        let made = |fetches| project(fetches).settings(given.parse().unwrap(), Utf8Path::new("/p/a"));
        let refused = made(false).unwrap_err();
        assert_eq!(refused.message, "`a/Veryl.toml` depends on other projects: `b`, `c`");
        assert_eq!(made(true).unwrap()["dependencies"]["b"]["path"], "/p/b".into());
    }

    #[test]
    fn a_source_is_placed_as_it_is_called() {
        let placed = |source: &str| placed(Utf8Path::new("/p"), Utf8Path::new(source)).into_string();
        assert_eq!(placed("rtl/a b.veryl"), "rtl/a b.veryl");
        assert_eq!(placed("./a.veryl"), "a.veryl");
        assert_eq!(placed("../a.veryl"), "@/a.veryl");
        assert_eq!(placed("/x/a.veryl"), "@/x/a.veryl");
    }
}
