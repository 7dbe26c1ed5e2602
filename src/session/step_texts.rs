//! The text of each step of a Ninja file, for messages: saved beside it, and read when a message needs it.
//! It does not know how steps run.

use super::open::Session;
use crate::beneath;
use crate::diag::Place;
use crate::lower::Step;
use crate::paths::{Places, normal, relative};
use crate::run::for_user;
use crate::shell::ShellWord;
use crate::workdir::names;
use camino::Utf8PathBuf;
use serde::{Deserialize, Serialize};
use std::cell::LazyCell;
use std::collections::BTreeMap;

/// What is kept of a step, for messages.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct StepText {
    /// Position among the steps of the file.
    pub position: usize,
    /// One line of progress.
    pub description: String,
    /// The commands, with real names.
    pub commands: Vec<String>,
    /// Where they run, seen from the build directory.
    pub run_in: String,
    /// What it makes first, as Ninja sees it.
    pub output: String,
    /// Whether what it prints is what it makes.
    pub is_report: bool,
    /// Whether only the runners of other steps start it.
    pub on_demand: bool,
    /// Whether it fails when the top module has a port that no model can have.
    pub takes_top_ports: bool,
    /// Where a script of the user asked for the step: the file seen from the build directory, line and column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<(Utf8PathBuf, usize, usize)>,
}

/// The texts of the steps by name; read when one is asked for, as a build with nothing to do has no need of them.
pub type StepTexts = LazyCell<BTreeMap<String, StepText>, Box<dyn FnOnce() -> BTreeMap<String, StepText>>>;

/// The kept texts of the steps of a session's build directory.
pub fn step_texts(session: &Session) -> StepTexts {
    let path = session.places.workdir.join(names::STEP_TEXTS);
    LazyCell::new(Box::new(move || {
        let bytes = beneath::read(&path, beneath::LONGEST).ok();
        bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }))
}

impl StepText {
    /// What to keep of the step at this position.
    pub fn of(position: usize, step: &Step, places: &Places) -> StepText {
        let (description, commands, run_in) =
            (step.description.clone(), step.commands.clone(), step.run_in.clone());
        let Place { file, line, column, .. } = &step.place;
        let is_of_user = *line > 0 && !file.starts_with('<');
        let asked_at =
            is_of_user.then(|| (relative(&places.workdir, &places.cwd.join(file)), *line, *column));
        let (is_report, takes_top_ports) = (step.op.report, step.op.top_ports.is_some());
        let output = step.targets.first().map(|target| target.path.to_string()).unwrap_or_default();
        StepText {
            position,
            description,
            commands,
            run_in,
            output,
            is_report,
            on_demand: step.on_demand,
            takes_top_ports,
            asked_at,
        }
    }

    /// That place as the user would type it.
    pub fn asked_at(&self, session: &Session) -> Option<String> {
        let (file, line, column) = self.asked_at.as_ref()?;
        let file = session.shown(&normal(&session.places.workdir.join(file)));
        Some(format!("{file}:{line}:{column}"))
    }

    /// The commands as they can be pasted where the user stands.
    pub fn copyable(&self, session: &Session) -> String {
        let run_in = normal(&session.places.workdir.join(&self.run_in));
        if run_in == session.places.cwd {
            return self.commands.join("\n");
        }
        let run_in = ShellWord::quote(session.shown(&run_in).as_str());
        // A comment in a command would swallow the bracket.
        let command = |c: &String| format!("(cd {run_in} && {c}{})", if c.contains('#') { "\n" } else { "" });
        self.commands.iter().map(command).collect::<Vec<_>>().join("\n")
    }
}

/// What a step printed, with the paths that the user types.
pub fn in_user_paths(session: &Session, step: Option<&StepText>, printed: &str) -> String {
    let ran_in = session.places.workdir.join(step.map_or(".", |step| step.run_in.as_str()));
    for_user(printed, &normal(&ran_in), &session.places.cwd)
}
