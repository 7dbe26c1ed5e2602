//! Which tools the ops and the descriptions of designs need, and whether they are here: what `doctor` and
//! `plugin list --available` say.
//! It does not know how tools are found, nor how the answer is shown.

use super::open::Session;
use super::scripts::LoadedScripts;
use crate::describe::DESCRIBERS;
use crate::graph::Op;
use crate::tools::{ToolReport, Toolbox};
use std::collections::{BTreeMap, BTreeSet};

/// What every step needs, and no op declares.
const EVERY_BUILD: &str = "ninja";

/// What fudsv itself is; every step runs under it.
const SELF: &str = "fudsv";

/// A tool, and what uses it.
#[derive(Clone, Debug)]
pub struct UsedTool {
    /// What is known of it.
    pub report: ToolReport,
    /// What cannot do without it: ops by name, or a few words.
    pub needed_by: Vec<String>,
    /// What uses it with some settings.
    pub may_need_it: Vec<String>,
}

impl UsedTool {
    /// Whether it is here.
    pub fn is_here(&self) -> bool {
        self.report.problem.is_none()
    }

    /// What it is for.
    pub fn purpose(&self) -> String {
        let some = self.may_need_it.iter().map(|op| format!("{op} (by a setting)"));
        self.needed_by.iter().cloned().chain(some).collect::<Vec<_>>().join(", ")
    }
}

/// A plugin, and the tools that its ops use.
#[derive(Clone, Debug)]
pub struct PluginTools {
    /// The script.
    pub name: String,
    /// How many of its ops can be used.
    pub usability: Usability,
    /// What its ops use, in order.
    pub tools: Vec<UsedTool>,
}

/// How many ops of a plugin have the tools that they need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usability {
    /// All.
    All,
    /// Some.
    Some,
    /// None.
    None,
}

/// Ops that need a tool, and ops that may need it.
type Users = (Vec<String>, Vec<String>);

/// What each tool is used by, without fudsv itself.
fn users<'a>(ops: impl Iterator<Item = &'a Op>) -> BTreeMap<String, Users> {
    let mut users: BTreeMap<String, Users> = BTreeMap::new();
    for op in ops {
        op.needs.iter().for_each(|tool| users.entry(tool.clone()).or_default().0.push(op.name.clone()));
        let some = &op.properties.may_need;
        some.iter().for_each(|tool| users.entry(tool.clone()).or_default().1.push(op.name.clone()));
    }
    users.remove(SELF);
    users
}

fn surveyed(toolbox: &Toolbox, users: BTreeMap<String, Users>) -> Vec<UsedTool> {
    let used = |(name, (needed_by, may_need_it)): (String, Users)| UsedTool {
        report: toolbox.survey(&name),
        needed_by,
        may_need_it,
    };
    users.into_iter().map(used).collect()
}

/// Every tool that something uses, with the given ones, sorted by name. Without scripts, those that no op needs.
pub fn tools(session: &Session, loaded: Option<&LoadedScripts>, more: &[&str]) -> Vec<UsedTool> {
    let ops = loaded.into_iter().flat_map(|loaded| loaded.graph().ops());
    let mut users = users(ops.map(|(_, op)| op));
    for name in more {
        users.entry((*name).to_owned()).or_default();
    }
    users.entry(EVERY_BUILD.to_owned()).or_default().0.push("every build".to_owned());
    for (name, what) in DESCRIBERS {
        users.entry(name.to_owned()).or_default().0.push(what.to_owned());
    }
    surveyed(&toolbox(session), users)
}

/// Each plugin that declares ops, sorted by name.
pub fn plugins(session: &Session, loaded: &LoadedScripts) -> Vec<PluginTools> {
    let toolbox = toolbox(session);
    let mut ops: BTreeMap<&str, Vec<&Op>> = BTreeMap::new();
    for (_, op) in loaded.graph().ops() {
        ops.entry(&op.origin.script).or_default().push(op);
    }
    let plugin = |(name, ops): (&str, Vec<&Op>)| {
        let tools = surveyed(&toolbox, users(ops.iter().copied()));
        let missing: BTreeSet<&str> =
            tools.iter().filter(|tool| !tool.is_here()).map(|tool| tool.report.name.as_str()).collect();
        let lacks = |op: &&&Op| op.needs.iter().any(|tool| missing.contains(tool.as_str()));
        let usability = match ops.iter().filter(lacks).count() {
            0 => Usability::All,
            lacking if lacking == ops.len() => Usability::None,
            _ => Usability::Some,
        };
        PluginTools { name: name.to_owned(), usability, tools }
    };
    ops.into_iter().map(plugin).collect()
}

fn toolbox(session: &Session) -> Toolbox {
    Toolbox::new(session.facts.clone(), session.config.clone(), session.runs_tools)
}
