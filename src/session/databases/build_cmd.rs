//! Runs the `build-cmd` of databases that cannot be loaded.
//! It does not know why a database cannot be loaded, nor whether it can be loaded afterwards.

use super::opening::Opening;
use crate::config::LoadSettings;
use crate::database::in_parallel;
use crate::paths::relative;
use camino::{Utf8Path, Utf8PathBuf};
use std::fs::{self, File};
use std::process::{Command, Stdio};

/// Set for these commands, so that a build started by one of them does not run `build-cmd` itself.
const VARIABLE: &str = "FUDSV_BUILDING_DATABASE";

/// Runs the commands of these databases, each once and several at a time. Returns whether any ran.
pub fn run(opening: &mut Opening<'_, '_>, broken: &[&LoadSettings]) -> bool {
    if opening.facts.env().var(VARIABLE).is_some() {
        return false;
    }
    let Some(tell) = &mut opening.builder else { return false };
    let log = |number: usize| opening.builds.join(format!("build-cmd.{number}.log"));
    let commands = broken.iter().enumerate();
    let commands: Vec<(Utf8PathBuf, &str, Utf8PathBuf)> = commands
        .filter_map(|(number, load)| {
            let (command, dir) = load.build_cmd.as_ref()?;
            Some((log(number + 1), command.as_str(), opening.facts.env().cwd.join(dir)))
        })
        .collect();
    let shown = |log: &Utf8Path| relative(&opening.facts.env().cwd, log);
    for (log, command, _) in &commands {
        let log = shown(log);
        tell.notes(&format!(
            "running `{command}` to make a database that cannot be loaded; its output goes to `{log}`"
        ));
    }
    let ended = in_parallel(&commands, opening.settings.precompiled.max_jobs, |(log, command, dir)| {
        start(command, dir, log)
    });
    for ((log, command, _), ended) in commands.iter().zip(ended) {
        if let Err(how) = ended {
            tell.warns(&format!("`{command}` {how}; its output is in `{}`", shown(log)));
        }
    }
    !commands.is_empty()
}

fn start(command: &str, dir: &Utf8Path, log: &Utf8Path) -> Result<(), String> {
    let cannot = |e: std::io::Error| format!("cannot be started: {e}");
    fs::create_dir_all(log.parent().unwrap_or(log)).map_err(cannot)?;
    let file = File::create(log).map_err(cannot)?;
    let both = file.try_clone().map_err(cannot)?;
    let status = Command::new("/bin/sh")
        .args(["-c", command])
        .current_dir(dir)
        .env(VARIABLE, "1")
        .stdin(Stdio::null())
        .stdout(file)
        .stderr(both)
        .status()
        .map_err(cannot)?;
    match status.code() {
        Some(0) => Ok(()),
        Some(code) => Err(format!("failed (exit code {code})")),
        None => Err("was ended by a signal".to_owned()),
    }
}
