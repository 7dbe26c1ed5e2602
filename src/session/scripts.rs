//! Scripts and tools joined: the scripts of a session, loaded, with a toolbox behind `tool()`.
//! It does not know the request.

use super::open::Session;
use crate::config::Trust;
use crate::diag::{Error, Place, Result};
use crate::facts::Facts;
use crate::graph::OpGraph;
use crate::lower::{Bodies, Piece};
use crate::paths::WorkPath;
use crate::script::{
    Builtin, FoundTool, Request, Scripts, Source, ToolAsked, Tools, say_on_stderr, search_path,
};
use crate::tools::{Tool, Toolbox};
use std::rc::Rc;

/// Loaded scripts and the tools they found.
pub struct LoadedScripts {
    scripts: Scripts,
    toolbox: Rc<Toolbox>,
}

impl LoadedScripts {
    /// What the scripts declared.
    pub fn graph(&self) -> &OpGraph {
        self.scripts.graph()
    }

    /// The scripts themselves.
    pub fn scripts(&self) -> &Scripts {
        &self.scripts
    }

    /// What runs the bodies.
    pub fn bodies(&self) -> &dyn Bodies {
        &self.scripts
    }

    /// The tools found so far.
    pub fn toolbox(&self) -> Rc<Toolbox> {
        self.toolbox.clone()
    }

    /// The identities of the tools found so far, to be written into the build directory.
    pub fn stamps(&self) -> Vec<(WorkPath, String)> {
        self.toolbox.stamps()
    }
}

/// Loads the scripts of a session.
///
/// # Errors
/// Whatever is wrong in a script, or a plugin that is nowhere.
pub fn load(session: &Session) -> Result<LoadedScripts> {
    let (facts, config) = (session.facts.clone(), session.config.clone());
    let toolbox = Rc::new(Toolbox::new(facts.clone(), config.clone(), session.runs_tools));
    let tools: Rc<dyn Tools> = toolbox.clone();
    let (builtin, places, say) = (Builtin::embedded(), session.places.clone(), say_on_stderr());
    let sources = sources(session, &builtin)?;
    check_owners(&facts, &sources)?;
    let scripts = Scripts::load(Request { sources, builtin, facts, config, places, tools, say })?;
    Ok(LoadedScripts { scripts, toolbox })
}

/// The project's directory of plugins and what is in it must belong to the user, as its configuration must.
fn check_owners(facts: &Facts, sources: &[Source]) -> Result<()> {
    let trust = Trust::of(facts.env());
    for source in sources {
        let Source::Loaded(dir) = source else { continue };
        trust.check(dir)?;
        facts.list(dir).iter().try_for_each(|name| trust.check(&dir.join(name)))?;
    }
    Ok(())
}

/// The search path of a session.
///
/// # Errors
/// A plugin that is nowhere.
pub fn sources(session: &Session, builtin: &Builtin) -> Result<Vec<Source>> {
    let names: Vec<&str> = builtin.script_names().collect();
    search_path(&session.options.plugin, &names, &session.facts, &session.config, &session.places)
}

impl Tools for Toolbox {
    fn find(&self, asked: &ToolAsked, place: &Place) -> Result<FoundTool> {
        let mut tool = self.find(&asked.name, asked.key.as_deref()).map_err(|e| e.at_if_none(place))?;
        if let Some(least) = &asked.at_least {
            check_version(self, asked, &mut tool, least).map_err(|e| e.at_if_none(place))?;
        }
        let command = match asked.name.as_str() {
            "fudsv" => Piece::Text(r#""${FUDSV:-fudsv}""#.into()),
            _ => Piece::Words(tool.words),
        };
        Ok(FoundTool { command: vec![command], stamp: tool.stamp, properties: tool.properties })
    }
}

/// Refuses a tool that is too old; one whose version nothing else told is asked for it.
fn check_version(toolbox: &Toolbox, asked: &ToolAsked, tool: &mut Tool, least: &str) -> Result<()> {
    if !tool.properties.contains_key("version") {
        let Some(told) = toolbox.told_version(&asked.name, asked.key.as_deref())? else { return Ok(()) };
        tool.properties.insert("version".into(), told);
    }
    let (name, version) = (&asked.name, &tool.properties["version"]);
    let message = match version.as_str() {
        "" => format!("`{name} --version` prints no version, but {least} is needed"),
        version if !is_at_least(version, least) => {
            format!("`{name}` is version {version}, but {least} is needed")
        }
        _ => return Ok(()),
    };
    let key = asked.key.clone().unwrap_or_else(|| format!("{name}.exe"));
    Err(Error::machine(message).hint(format!("`{key}` in fud.toml names another one")))
}

/// Compares dotted numbers; what follows the first word of a version is not compared.
fn is_at_least(version: &str, least: &str) -> bool {
    let numbers = |text: &str| -> Vec<u64> {
        let first = text.split_whitespace().next().unwrap_or_default().to_owned();
        first.split('.').map(|part| part.parse().unwrap_or(0)).collect()
    };
    numbers(version) >= numbers(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_number_by_number() {
        assert!(is_at_least("5.006 2023-01-22", "5.006"));
        assert!(is_at_least("5.49", "5.006"));
        assert!(!is_at_least("4.210", "5.006"));
    }
}
