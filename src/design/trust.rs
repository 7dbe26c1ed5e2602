//! `--untrusted`: which settings the files of a project may have. It is a list of what is allowed, since a list of what is
//! forbidden is never complete.
//! It does not know how settings are read; `allowed` checks their words.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use super::allowed;
use super::bounds::{Bounds, leads_out, refused};
use super::settings::{self, SettingSource};
use crate::config::{Config, Found, Origin};
use crate::diag::Result;
use crate::facts::Facts;
use camino::{Utf8Path, Utf8PathBuf};
use toml::Value;

/// What a setting contains, and so how it is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ValueKind {
    /// `true`, a number, or a name or several.
    Names,
    /// Words that are only text for whoever gets them.
    Text,
    /// Signals of the design.
    Signals,
    /// States.
    States,
    /// Paths.
    Paths,
    /// Filelists: paths, with or without `-F ` before them.
    Lists,
    /// Options of Verilator.
    Options,
    /// Flags of compilers or linkers.
    Flags,
    /// A linker.
    Linker,
}

/// The keys that a project may set.
const ALLOWED: &[(&str, ValueKind)] = &[
    ("build-dir", ValueKind::Paths),
    ("profile", ValueKind::Names),
    ("manifest.compat", ValueKind::Text),
    ("ninja.jobs", ValueKind::Names),
    ("ninja.keep-going", ValueKind::Names),
    ("store", ValueKind::Names),
    ("verilator.top", ValueKind::Names),
    ("verilator.include-dirs", ValueKind::Paths),
    ("verilator.library-dirs", ValueKind::Paths),
    ("verilator.library-files", ValueKind::Paths),
    ("verilator.library-extensions", ValueKind::Names),
    ("verilator.filelists", ValueKind::Lists),
    ("verilator.order", ValueKind::Names),
    ("verilator.defines", ValueKind::Text),
    ("verilator.parameters", ValueKind::Text),
    ("verilator.args", ValueKind::Options),
    ("verilator.timing", ValueKind::Names),
    ("verilator.pins-inout-enables", ValueKind::Names),
    ("verilator.threads", ValueKind::Names),
    ("verilator.trace", ValueKind::Names),
    ("verilator.probes", ValueKind::Signals),
    ("verilator.savable", ValueKind::Names),
    ("verilator.coverage", ValueKind::Names),
    ("verilator.werror", ValueKind::Names),
    ("run.args", ValueKind::Text),
    ("run.require-finish", ValueKind::Names),
    ("run.max-errors", ValueKind::Names),
    ("run.max-log", ValueKind::Text),
    ("lint.args", ValueKind::Options),
    ("cxx.linker", ValueKind::Linker),
    ("cxx.shards", ValueKind::Names),
    ("cxx.flags", ValueKind::Flags),
    ("cxx.cflags", ValueKind::Flags),
    ("cxx.include-dirs", ValueKind::Paths),
    ("cxx.ldflags", ValueKind::Flags),
    ("cxx.fst-libs", ValueKind::Flags),
    ("cxx.libs", ValueKind::Names),
    ("cocotb.simulator", ValueKind::Names),
    ("cocotb.timescale", ValueKind::Text),
    ("cocotb.public", ValueKind::Names),
    ("ghdl.std", ValueKind::Names),
    ("ghdl.top", ValueKind::Names),
    ("veryl.project", ValueKind::Paths),
    ("python.name", ValueKind::Names),
    ("rust.name", ValueKind::Names),
    ("design.*.sources", ValueKind::Paths),
    ("design.*.filelists", ValueKind::Lists),
    ("design.*.edam", ValueKind::Paths),
    ("design.*.top", ValueKind::Names),
    ("design.*.to", ValueKind::States),
    ("design.*.run-args", ValueKind::Text),
    ("design.*.seeds", ValueKind::Names),
    ("design.*.timeout", ValueKind::Text),
    ("design.*.sim-timeout", ValueKind::Text),
    ("design.*.tags", ValueKind::Text),
    ("design.*.expect", ValueKind::Text),
    ("design.*.matrix", ValueKind::Text),
    ("design.*.simulator", ValueKind::Names),
    ("design.*.include-dirs", ValueKind::Paths),
    ("design.*.library-dirs", ValueKind::Paths),
    ("design.*.library-files", ValueKind::Paths),
    ("design.*.library-extensions", ValueKind::Names),
    ("design.*.defines", ValueKind::Text),
    ("design.*.parameters", ValueKind::Text),
    ("design.*.args", ValueKind::Options),
    ("design.*.cxx-flags", ValueKind::Flags),
    ("design.*.cxx-include-dirs", ValueKind::Paths),
    ("design.*.cxx-libs", ValueKind::Names),
    ("design.*.library", ValueKind::Names),
    ("design.*.auto-exclude", ValueKind::Names),
];

/// Keys whose refusal deserves a reason of its own: by their ends, then by their fronts.
const REASONS: [(&str, &str); 18] = [
    ("lint.tool", "names another linter, whose options are not checked"),
    (".cacheable", "says of code that is not seen what it does"),
    ("ghdl.args", "may name a library or a plugin"),
    ("icarus.args", "may load a module"),
    ("veryl.dependencies", "lets Veryl fetch other projects"),
    ("spade.args", "may write files elsewhere"),
    (".exe", "names a program"),
    ("cocotb.python", "names a program"),
    (".cocotb", "names a module of Python, which is run"),
    (".testcase", "is for tests in Python, which are run"),
    (".env", "sets variables of a program"),
    ("plugins", "names a plugin, and a project's plugin runs programs"),
    ("override", "is for plugins, and a project's plugin runs programs"),
    ("build-cmd", "starts a program"),
    ("launch.", "starts a program"),
    ("store.remote.", "names a store whose results anybody may have made"),
    (
        "precompiled.",
        "names databases whose results anybody may have made; `--load` loads one that you trust",
    ),
    ("store.", "is for your store; `--set` sets it"),
];

/// Refuses what the files of a project set that is not known to be harmless.
///
/// # Errors
/// The first such setting, with the file that has it.
pub fn settings(facts: &Facts, config: &Config, root: &Utf8Path, bounds: &Bounds) -> Result<()> {
    if facts.list(&root.join("fudsv")).iter().any(|name| name.ends_with(".rhai")) {
        return Err(
            refused("a project's plugin runs programs".into()).detail("plugins in", root.join("fudsv"))
        );
    }
    for key in config.keys() {
        let Some(found) = config.get(key) else { continue };
        if !matches!(found.origin, Origin::File(file) if bounds.brings(file)) {
            continue;
        }
        setting(key, &found, bounds)
            .map_err(|e| SettingSource::named(format!("`{key}` ({})", found.origin)).blame(e))?;
    }
    Ok(())
}

/// `design.tb.top` as `design.*.top`; a key of a section of a design as that section.
fn any_design(key: &str) -> String {
    let of_design = key.strip_prefix("design.").and_then(|rest| rest.rsplit_once('.'));
    of_design.map_or(key.to_owned(), |(above, name)| match above.split_once('.') {
        // What a matrix stands for is text in `run-args`, `parameters` or `defines`.
        Some((_, section)) => format!("design.*.{section}"),
        None => format!("design.*.{name}"),
    })
}

/// What a key contains that a project may set.
fn holds(key: &str) -> Option<ValueKind> {
    let key = any_design(key);
    ALLOWED.iter().find(|(allowed, _)| *allowed == key).map(|(_, holds)| *holds)
}

/// Why a known key is refused.
fn reason(key: &str) -> Option<&'static str> {
    if key.starts_with("design.") && [".fusesoc", ".bender"].iter().any(|part| key.contains(part)) {
        return Some("starts a program, which may run code of the project");
    }
    let key = any_design(key);
    let is_meant = |(part, _): &&(&str, &str)| key.ends_with(part) || key.starts_with(part);
    REASONS.iter().find(is_meant).map(|(_, why)| *why)
}

fn setting(key: &str, found: &Found, bounds: &Bounds) -> Result<()> {
    let Some(holds) = holds(key) else {
        let why = reason(key).unwrap_or("is not known to be harmless");
        return Err(refused(format!("`{key}` {why}")));
    };
    if matches!(found.value, Value::Boolean(_)) {
        return Ok(());
    }
    let base = settings::directory(found, bounds.base());
    let inside = |path: &str| {
        let fixed: Utf8PathBuf = path
            .split('/')
            .take_while(|part| !crate::patterns::is_pattern(part))
            .collect::<Vec<_>>()
            .join("/")
            .into();
        let fixed = if path.starts_with('/') && fixed.as_str().is_empty() { "/".into() } else { fixed };
        bounds.check(&base.join(fixed)).map_err(|_| leads_out(path))
    };
    match holds {
        ValueKind::Names => settings::words(key, found)?.iter().try_for_each(|word| allowed::name(word)),
        ValueKind::Text => Ok(()),
        ValueKind::Signals => settings::words(key, found)?.iter().try_for_each(|word| allowed::signal(word)),
        ValueKind::States => settings::words(key, found)?.iter().try_for_each(|word| allowed::state(word)),
        ValueKind::Paths => settings::paths(key, found)?.iter().try_for_each(|path| inside(path)),
        ValueKind::Lists => {
            let lists = settings::paths(key, found)?;
            lists.iter().try_for_each(|list| inside(list.strip_prefix("-F ").unwrap_or(list).trim()))
        }
        ValueKind::Options => allowed::options(&settings::words(key, found)?, bounds),
        ValueKind::Flags => allowed::flags(&settings::words(key, found)?, bounds),
        ValueKind::Linker => settings::words(key, found)?.iter().try_for_each(|word| allowed::linker(word)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::section;
    use super::*;
    use std::collections::BTreeSet;

    /// The keys that docs/config.md lists.
    fn documented() -> Vec<String> {
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/config.md")).unwrap();
        let key = |line: &str| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned());
        text.lines().filter_map(key).collect()
    }

    fn project() -> (tempfile::TempDir, Bounds) {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(dir.path().canonicalize().unwrap()).unwrap();
        std::os::unix::fs::symlink("/etc", root.join("out")).unwrap();
        (dir, Bounds::of(&root))
    }

    fn is_allowed(key: &str, value: &Value, bounds: &Bounds) -> bool {
        let origin = Origin::File(bounds.base().join("fud.toml"));
        setting(key, &Found { value, origin: &origin }, bounds).is_ok()
    }

    /// Keys whose words go to the simulation, or are macros and parameters of the design.
    const TEXT: [&str; 14] = [
        "run.max-log",
        "cocotb.timescale",
        "timeout",
        "sim-timeout",
        "tags",
        "expect",
        "matrix",
        "run.args",
        "verilator.defines",
        "verilator.parameters",
        "manifest.compat",
        "run-args",
        "defines",
        "parameters",
    ];

    /// A key that somebody adds is decided about here, or its refusal would be a surprise.
    #[test]
    fn every_key_is_allowed_or_refused_for_a_reason() {
        let of_designs = section::KEYS.iter().map(|(key, _)| format!("design.d.{key}"));
        let own = crate::config::KEYS.iter().map(|(key, _)| (*key).to_owned());
        let of_designs = of_designs.chain(["design.d.matrix".to_owned()]);
        let all: BTreeSet<String> = documented().into_iter().chain(own).chain(of_designs).collect();
        let undecided = |key: &&String| holds(key).is_some() == reason(key).is_some();
        assert_eq!(all.iter().filter(undecided).collect::<Vec<_>>(), Vec::<&String>::new());
        let name = |key: &str| key.replace("design.*.", "design.d.");
        let gone = ALLOWED.iter().map(|(key, _)| name(key)).filter(|key| !all.contains(key));
        assert_eq!(gone.collect::<Vec<_>>(), Vec::<String>::new());
    }

    /// The states that the built-in scripts declare, each as `state("name", …`.
    #[test]
    fn every_state_that_a_run_makes_is_refused() {
        let mut files: Vec<_> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "rhai"))
            .collect();
        files.sort();
        let texts: String = files.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
        let name = |text: &str| text.split('"').next().map(str::to_owned);
        let states: Vec<String> = texts.split(" state(\"").skip(1).filter_map(name).collect();
        assert!(states.len() > 15, "{states:?}");
        let refused: Vec<&String> = states.iter().filter(|state| allowed::state(state).is_err()).collect();
        // What cocotb needs is asked of a Python, which the project may bring.
        assert_eq!(refused, ["cocotb", "vcd", "fst", "run-result"]);
        assert!(allowed::state("builtin::vcd").is_err() && allowed::state("builtin::sim").is_ok());
    }

    #[test]
    fn no_key_of_a_project_names_a_program_or_a_path_outside() {
        let (_dir, bounds) = project();
        let keys = documented();
        assert!(keys.len() > 40, "{}", keys.len());
        let more = [
            "launch.compile",
            "store.remote.url",
            "build-cmd",
            "mine.key",
            "tool.exe",
            "design.d.launch",
            "edam.tool",
        ];
        let designs = ALLOWED
            .iter()
            .filter_map(|(key, _)| Some(format!("design.d.{}", key.strip_prefix("design.*.")?)));
        let all = keys.into_iter().chain(more.map(str::to_owned)).chain(designs);
        let mut wrong = vec![];
        for key in all.filter(|key| !TEXT.iter().any(|text| key.ends_with(text))) {
            for evil in [
                "/evil/x",
                "../x",
                "out/passwd",
                "--pipe-filter ./x",
                "@x",
                "-fplugin=x.so",
                "$HOME/x",
                "./x.sh; ls",
            ] {
                let is_file_of_project = matches!(holds(&key), Some(ValueKind::Paths | ValueKind::Lists))
                    && !evil.starts_with(['/', '.'])
                    && !evil.starts_with("out/")
                    // A name like any other: no shell reads it.
                    || evil == "./x.sh; ls"
                        && matches!(holds(&key), Some(ValueKind::Paths | ValueKind::Lists | ValueKind::Options));
                for value in [Value::String(evil.into()), Value::Array(vec![evil.into()])] {
                    if !is_file_of_project && is_allowed(&key, &value, &bounds) {
                        wrong.push(format!("{key} = {value}"));
                    }
                }
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }

    #[test]
    fn keys_that_start_nothing_are_allowed() {
        let (_dir, bounds) = project();
        let text = |text: &str| Value::String(text.into());
        for (key, value) in [
            ("verilator.top", text("soc")),
            ("verilator.args", text("-Wno-fatal --x-assign fast")),
            ("verilator.threads", Value::Integer(2)),
            ("verilator.include-dirs", Value::Array(vec!["inc".into(), "ip/a b".into()])),
            ("verilator.library-extensions", text(".v .sv")),
            ("verilator.probes", Value::Array(vec!["u_core.pc".into(), "gen[1].state".into()])),
            ("verilator.filelists", Value::Array(vec!["-F rtl/list.f".into()])),
            ("design.soc.sources", Value::Array(vec!["rtl/*.sv".into(), "**/*.v".into()])),
            ("design.soc.to", text("shared-lib")),
            ("cxx.flags", text("-O3 -march=native")),
            ("cxx.linker", text("mold")),
            ("cxx.libs", Value::Array(vec!["m".into()])),
            ("verilator.coverage", Value::Array(vec!["line".into()])),
            ("store", Value::Boolean(false)),
        ] {
            assert!(is_allowed(key, &value, &bounds), "{key} = {value}");
        }
    }
}
