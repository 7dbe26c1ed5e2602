//! `fudsv init`: writes a first `fud.toml` for the designs of the directory, an example project, or a first plugin.
//! It does not know how a folder is looked at, nor how a design is linted: a program of its own does that.

use super::output::to_stdout;
use crate::config::FILE_NAME;
use crate::diag::{Error, Kind, Result};
use crate::env::Env;
use crate::shell::ShellWord;
use crate::starter::{self, Extent, Folder, Proposal};
use crate::workdir::replace_users;
use camino::Utf8Path;
use clap::Args;
use std::fs;
use std::process::Command;

/// `fudsv init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Write a small design, its testbench and a workflow for GitHub
    #[arg(long)]
    pub example: bool,
    /// Write a first plugin too
    #[arg(long)]
    pub plugin: bool,
}

/// The files of the example project, and the command that tries it.
const EXAMPLE: [(&str, &str); 4] = [
    (FILE_NAME, include_str!("init/example/fud.toml")),
    ("rtl/counter.sv", include_str!("init/example/counter.sv")),
    ("tb/tb_counter.sv", include_str!("init/example/tb_counter.sv")),
    (".github/workflows/test.yml", include_str!("init/example/ci.yml")),
];
const TRY_EXAMPLE: &str = "fudsv test";

/// The plugin, and how it is tried.
const PLUGIN: (&str, &str) = ("fudsv/count.rhai", include_str!("init/count.rhai"));

/// Where designs are linted before they are proposed.
const LINTED_IN: &str = ".fudsv/init";

/// Writes the missing files, and prints their names and what to type next.
///
/// # Errors
/// All files exist already, or the directory cannot be written.
pub fn init(env: Env, args: &InitArgs) -> Result<()> {
    let mut files: Vec<(&str, String)> = vec![];
    let next = if args.example {
        if exists(&env.cwd, FILE_NAME) {
            return Err(Error::request(format!(
                "`{FILE_NAME}` exists already; an example is a project of its own"
            ))
            .hint("`mkdir example && cd example && fudsv init --example`"));
        }
        files.extend(EXAMPLE.map(|(name, text)| (name, text.to_owned())));
        TRY_EXAMPLE.to_owned()
    } else {
        let folder = starter::look(&env.cwd);
        let is_new = !exists(&env.cwd, FILE_NAME);
        let proposals = if is_new { proposals(&env, &folder)? } else { vec![] };
        files.push((FILE_NAME, starter::fud_toml(&folder, &proposals)));
        next_command(&folder, &proposals, args.plugin && !exists(&env.cwd, PLUGIN.0))
    };
    files.extend(args.plugin.then(|| (PLUGIN.0, PLUGIN.1.to_owned())));
    write_new(&env.cwd, &files)?;
    note!("Next: {next}");
    Ok(())
}

/// As many designs that do not lint are shown as comments.
const SHOWN_BAD: usize = 3;

/// The designs of a folder that lint, and a few that do not.
fn proposals(env: &Env, folder: &Folder) -> Result<Vec<Proposal>> {
    if folder.is_cut {
        note!(
            "Only the first {} files are looked at; run it in a smaller directory for the others",
            starter::FILES
        );
    }
    let (mut good, mut bad, mut left_out) = (vec![], vec![], 0);
    for mut proposal in starter::described(folder, &env.cwd) {
        try_out(env, folder, &mut proposal)?;
        good.extend(proposal.problem.is_none().then_some(proposal));
    }
    if !good.is_empty() {
        return Ok(good);
    }
    for mut candidates in starter::candidates(folder) {
        while let Some(mut proposal) = candidates.take() {
            try_out(env, folder, &mut proposal)?;
            candidates.tried(&proposal);
            if proposal.problem.is_none() { good.push(proposal) } else { bad.push(proposal) }
        }
        left_out += candidates.left();
    }
    // What a killed run left is removed by the next; nothing rests on it.
    let _ = fs::remove_dir_all(env.cwd.join(LINTED_IN));
    if left_out > 0 {
        note!("{left_out} more modules could be designs");
    }
    good.extend(bad.into_iter().take(SHOWN_BAD));
    Ok(good)
}

/// Lints a proposal: with all sources, else with those that it names. It says how that came out.
fn try_out(env: &Env, folder: &Folder, proposal: &mut Proposal) -> Result<()> {
    let Ok(mut problem) = lint(env, folder, proposal)? else {
        note!("{}: not linted; `fudsv doctor` shows what is missing", proposal.name);
        return Ok(());
    };
    if problem.is_some() && proposal.extent == Extent::Whole {
        // What it does not name may be what is broken.
        proposal.extent = Extent::Used;
        problem = lint(env, folder, proposal)?.ok().flatten();
    }
    match &problem {
        None => note!("{}: no errors", proposal.name),
        Some(problem) => note!("{}: left out: {problem}", proposal.name),
    }
    proposal.problem = problem;
    Ok(())
}

/// The machine cannot lint.
#[derive(Debug, PartialEq, Eq)]
struct NoLint;

/// The first error of Verilator in a design, if any.
///
/// # Errors
/// The user interrupts it, or this program cannot be started again.
fn lint(
    env: &Env,
    folder: &Folder,
    proposal: &Proposal,
) -> Result<std::result::Result<Option<String>, NoLint>> {
    let mut command = Command::new(&env.exe);
    command.arg("lint").args(proposal.lint_words(folder)).args(["--dir", LINTED_IN]);
    command.args(["--quiet", "--format", "json"]).current_dir(&env.cwd);
    let output = command.output();
    let output = output.map_err(|e| Error::machine(format!("cannot run `{}`", env.exe)).because(e))?;
    match output.status.code() {
        Some(0) => Ok(Ok(None)),
        Some(code) if code == i32::from(Kind::Interrupted.exit_code()) => {
            Err(Error::new(Kind::Interrupted, "interrupted"))
        }
        Some(code) if code == i32::from(Kind::Machine.exit_code()) && !proposal.is_described() => {
            Ok(Err(NoLint))
        }
        _ => {
            let said = String::from_utf8_lossy(&output.stderr);
            let first = said.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
            Ok(Ok(Some(first_error(&output.stdout).unwrap_or(first))))
        }
    }
}

/// The first error among findings as `lint --format json` writes them.
fn first_error(findings: &[u8]) -> Option<String> {
    let findings: serde_json::Value = serde_json::from_slice(findings).ok()?;
    let error = findings["diagnostics"].as_array()?.iter().find(|of| of["severity"] == "error")?;
    let message = error["message"].as_str()?.lines().next()?.to_owned();
    Some(match (error["file"].as_str(), error["line"].as_u64()) {
        (Some(file), Some(line)) => format!("{file}:{line}: {message}"),
        _ => message,
    })
}

/// What to type next.
fn next_command(folder: &Folder, proposals: &[Proposal], has_plugin: bool) -> String {
    if let Some(source) = folder.sources.first().filter(|_| has_plugin) {
        return format!("fudsv exec {} --to line-count -o -", ShellWord::quote(source.path.as_str()));
    }
    let good = proposals.iter().find(|proposal| proposal.problem.is_none());
    match good.or(proposals.first()) {
        Some(proposal) => format!("fudsv lint {}", ShellWord::quote(&proposal.name)),
        None => "fudsv list".to_owned(),
    }
}

/// Writes the files that do not exist, and prints their names.
fn write_new(root: &Utf8Path, files: &[(&str, String)]) -> Result<()> {
    let mut wrote = false;
    for (name, text) in files {
        // Nobody else writes it at the same time; a half one would stay.
        if !exists(root, name) {
            let path = root.join(name);
            if let Some(dir) = path.parent() {
                fs::create_dir_all(dir)
                    .map_err(|e| Error::machine(format!("cannot make `{dir}`")).because(e))?;
            }
            replace_users(&path, text.as_bytes())?;
            to_stdout(format!("{name}\n").as_bytes())?;
            wrote = true;
        }
    }
    if wrote {
        return Ok(());
    }
    let names = files.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
    let exist = if files.len() == 1 { "exists" } else { "exist" };
    Err(Error::request(format!("{names} {exist} already")).hint("`fudsv config edit` opens fud.toml"))
}

fn exists(root: &Utf8Path, name: &str) -> bool {
    root.join(name).symlink_metadata().is_ok()
}
