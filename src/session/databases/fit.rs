//! Whether a database fits the programs and headers of this machine.
//! It leaves to others what happens to a database that does not fit.

use crate::config::Config;
use crate::database::{Fault, Manifest, SystemFile, Tool};
use crate::shelf::Renames;
use crate::tools::{ToolIdentity, Toolbox};
use camino::Utf8PathBuf;

/// The first thing that does not fit. Headers may have other paths here.
pub fn misfit(
    manifest: &Manifest,
    toolbox: &Toolbox,
    (config, renames): (&Config, &Renames),
    runs_tools: bool,
) -> Option<Fault> {
    let tool = manifest.tools.iter().find_map(|tool| another(tool, toolbox, config, runs_tools));
    let header = || {
        let here = |file: &SystemFile| Utf8PathBuf::from(renames.here(file.path.as_str()));
        let differs = |file: &&SystemFile| toolbox.digest(&here(file)) != Some(file.sha256);
        let file = manifest.toolchain.iter().find(differs)?;
        Some(Fault::new(format!("it was saved with another toolchain: `{}` differs", file.path)))
    };
    tool.or_else(header)
}

/// Why the tool on this machine differs from the database's.
fn another(saved: &Tool, toolbox: &Toolbox, config: &Config, runs_tools: bool) -> Option<Fault> {
    // If nothing may be started, a tool that the project names is not asked for its identity.
    if !runs_tools && config.get(&saved.key).is_some_and(|found| config.is_of_project(found.origin)) {
        return None;
    }
    let Tool { name, key, version, digest } = saved;
    let shown = |version: Option<&String>| version.map_or(String::new(), |version| format!(" {version}"));
    let then = shown(version.as_ref());
    let found = match toolbox.identity(name, key) {
        Ok(found) => found,
        Err(error) => {
            return Some(Fault::new(format!(
                "it was saved with `{name}`{then}, which is not here: {}",
                error.message
            )));
        }
    };
    let now = shown(found.version.as_ref());
    let differs = found.digest != *digest;
    let here = if then == now { format!("another `{name}`{now}") } else { format!("`{name}`{now}") };
    differs.then(|| Fault::new(format!("it was saved with `{name}`{then}, but this machine has {here}")))
}

/// Tools in the form in which a database keeps them.
pub fn tools(tools: &[ToolIdentity]) -> Vec<Tool> {
    let tool = |tool: &ToolIdentity| {
        let ToolIdentity { name, key, version, digest } = tool.clone();
        Tool { name, key, version, digest }
    };
    tools.iter().map(tool).collect()
}
