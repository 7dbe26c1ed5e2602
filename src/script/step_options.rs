//! The options of `shell` and `shell_deps`.
//! It does not know their effect; lowering and the runner do.

use super::marks::{Inline, Part};
use super::options::{Options, texts};
use super::pieces::pieces;
use super::session::Session;
use super::step::{Step, WaitKind};
use super::values::{in_command, plain};
use super::waits::wait;
use crate::diag::{Error, Result, did_you_mean};
use crate::lower::{Depfile, EnvUse, RunIn};
use rhai::{Array, Dynamic, Map};

/// All options.
const KNOWN: [&str; 14] = [
    "depfile",
    "depfile_format",
    "description",
    "pool",
    "env",
    "cached",
    "in_place",
    "cwd",
    "order_only",
    "covered",
    "on_demand",
    "implicit",
    "console",
    "restat",
];

/// The classes of steps.
const POOLS: [&str; 4] = ["compile", "link", "simulate", "verilate"];

/// The forms of dependency files.
const FORMS: [&str; 3] = ["make", "list", "verilator"];

/// A form of dependency files by its name.
fn form(name: String) -> Result<&'static str> {
    FORMS.into_iter().find(|form| *form == name).ok_or_else(|| {
        Error::request(format!("there is no format of dependency files called `{name}`"))
            .hint(format!("the formats: {}", FORMS.join(", ")))
            .maybe_hint(did_you_mean(&name, FORMS))
    })
}

/// A class of steps by its name.
///
/// # Errors
/// No class has this name.
pub fn pool(name: String) -> Result<String> {
    if POOLS.contains(&name.as_str()) {
        return Ok(name);
    }
    Err(Error::request(format!("there is no pool `{name}`"))
        .hint(format!("the pools: {}", POOLS.join(", ")))
        .maybe_hint(did_you_mean(&name, POOLS)))
}

/// Reads the options of one call into its step; what is not given stays as it was.
///
/// # Errors
/// An unknown option, or a value of the wrong type.
pub fn read_options(session: &Session, function: &'static str, map: Map, step: &mut Step) -> Result<()> {
    let mut options = Options::new(function, map, &KNOWN)?;
    if let Some(run_in) = options.text("cwd")? {
        step.options.run_in = match run_in.as_str() {
            "root" => RunIn::Root,
            "workdir" => RunIn::Workdir,
            _ => return Err(options.wrong("cwd", "`\"root\"` or `\"workdir\"`")),
        };
    }
    if let Some(value) = options.take("depfile") {
        let text = in_command(session, value).ok_or_else(|| options.wrong("depfile", "a file"))?;
        let path = pieces(session, &text, &mut Step::default())?;
        let form = options.text("depfile_format")?.map(form).transpose()?;
        let depfile = Depfile { path, form };
        if !step.options.depfiles.contains(&depfile) {
            step.options.depfiles.push(depfile);
        }
    } else if options.take("depfile_format").is_some() {
        return Err(Error::request("`depfile_format` needs a `depfile`")
            .hint("name the file: `depfile: output + \".d\"`"));
    }
    let flags = [
        ("cached", &mut step.options.cached),
        ("in_place", &mut step.options.in_place),
        ("console", &mut step.options.console),
        ("restat", &mut true), // what did not change in content never runs what depends on it
    ];
    for (key, flag) in flags {
        *flag = options.flag(key)?.unwrap_or(*flag);
    }
    let description = options.text("description")?.map(|text| plain(session, &text));
    step.options.description = description.or(step.options.description.take());
    step.options.pool = options.text("pool")?.map(pool).transpose()?.or(step.options.pool.take());
    let waits = [
        ("implicit", WaitKind::Implicit),
        ("order_only", WaitKind::OrderOnly),
        ("covered", WaitKind::Covered),
        ("on_demand", WaitKind::OnDemand),
    ];
    for (key, how) in waits {
        if let Some(value) = options.take(key) {
            wait(session, value, how, step)?;
        }
    }
    match options.take("env") {
        Some(value) => env(session, value, step).ok_or_else(|| {
            options.wrong("env", "a list of variables to read, or a map of variables to set (`()` reads one)")
        }),
        None => Ok(()),
    }
}

/// The variables that a step reads and sets.
fn env(session: &Session, value: Dynamic, step: &mut Step) -> Option<()> {
    if value.is_array() {
        step.options.env.reads.extend(texts(value.cast::<Array>())?);
        return Some(());
    }
    for (name, value) in value.try_cast::<Map>()? {
        if value.is_unit() {
            step.options.env.reads.push(name.to_string());
            continue;
        }
        let text = in_command(session, value)?;
        let value = variable(session, &text, step);
        let EnvUse { sets, .. } = &mut step.options.env;
        sets.insert(name.to_string(), value);
    }
    Some(())
}

/// The value of a variable; files are written as the step sees them.
fn variable(session: &Session, text: &str, step: &mut Step) -> String {
    let run_in = step.options.run_in;
    let parts = session.marks.parts(text).into_iter().map(|part| match part {
        Part::Text(text) => text,
        Part::Inline(Inline::Word(word)) => variable(session, &word, step),
        Part::Inline(Inline::Tool(asked, _)) => asked.name,
        Part::Inline(Inline::Python(script)) => script.shown(),
        Part::Inline(Inline::Value { shown, .. }) => shown,
        Part::Cut => String::new(),
        Part::Inline(Inline::File(file)) => {
            let path = match run_in {
                RunIn::Root => session.places().from_root(&file.path).into_string(),
                RunIn::Workdir => file.path.to_string(),
            };
            step.named.push(file);
            path
        }
    });
    parts.collect()
}
