//! `fudsv list`: states, ops and designs, for people and for programs.
//! It does not know where they come from.

use super::output::{ListFormat, pretty, to_stdout, with};
use super::request::ScriptOptions;
use crate::config::Config;
use crate::design::names;
use crate::diag::Result;
use crate::env::Env;
use crate::graph::{Count, Op, OpGraph, OpId, Param, State, StateId};
use crate::session::{Session, load_scripts};
use clap::{Args, ValueEnum};
use serde_json::json;

/// `fudsv list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// List only these
    #[arg(value_enum)]
    pub what: Option<Listed>,
    /// Set the format
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
    /// Which scripts and which configuration
    #[command(flatten)]
    pub of: ScriptOptions,
}

/// What `fudsv list` lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Listed {
    /// Kinds of files
    States,
    /// Transformations of files
    Ops,
    /// Designs of fud.toml
    Designs,
}

/// Lists states and ops.
///
/// # Errors
/// Whatever is wrong with scripts or configuration.
pub fn list(env: Env, args: ListArgs) -> Result<()> {
    let ListArgs { what, format, of } = args;
    let session = Session::open(env, *of.0)?.looking();
    if what == Some(Listed::Designs) {
        return designs(&session.with_databases(), format);
    }
    let loaded = load_scripts(&session)?;
    let graph = loaded.graph();
    let states: Vec<StateId> =
        graph.states().map(|(id, _)| id).filter(|_| what != Some(Listed::Ops)).collect();
    let ops = graph.ops().map(|(id, _)| id).filter(|_| what != Some(Listed::States));
    let ops = graph.in_order(ops.collect());
    let text = match format {
        ListFormat::Text => as_text(graph, &states, &ops),
        ListFormat::Json => pretty(&json!({
            "states": states.iter().map(|id| state_json(graph.state(*id))).collect::<Vec<_>>(),
            "ops": ops.iter().map(|id| op_json(graph, graph.op(*id))).collect::<Vec<_>>(),
        }))?,
    };
    to_stdout(text.as_bytes())
}

/// Each design with what is built of it and its top.
fn designs(session: &Session, format: ListFormat) -> Result<()> {
    let config: &Config = &session.config;
    let database = |name: &str| session.databases.of_design(name);
    let to = |value: &toml::Value| match value.as_array() {
        Some(states) => states.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect(),
        None => value.as_str().map(str::to_owned).into_iter().collect::<Vec<_>>(),
    };
    let key = |name: &str, key: &str| config.get(&format!("design.{name}.{key}"));
    let top = |name: &str| key(name, "top").and_then(|found| found.value.as_str()).map(str::to_owned);
    let states = |name: &str| key(name, "to").map(|found| to(found.value)).unwrap_or_default();
    let names = names(config);
    let text = match format {
        ListFormat::Text => {
            let row = |name: &&str| {
                let top = top(name).map(|top| format!("top {top}")).unwrap_or_default();
                let precompiled = database(name).map(|database| format!("precompiled: {database}"));
                let notes: Vec<String> = [top, precompiled.unwrap_or_default()]
                    .into_iter()
                    .filter(|note| !note.is_empty())
                    .collect();
                [(*name).to_owned(), states(name).join(" "), notes.join("  ")]
            };
            table(&names.iter().map(row).collect::<Vec<_>>())
        }
        ListFormat::Json => {
            let design = |name: &&str| {
                let fields = json!({"name": name, "to": states(name), "top": top(name)});
                with(fields, "precompiled", database(name))
            };
            pretty(&json!({"designs": names.iter().map(design).collect::<Vec<_>>()}))?
        }
    };
    to_stdout(text.as_bytes())
}

fn as_text(graph: &OpGraph, states: &[StateId], ops: &[OpId]) -> String {
    let about = |description: &Option<String>, script: &str| match description {
        Some(text) => format!("{text} ({script})"),
        None => format!("({script})"),
    };
    let extensions = |state: &State| match (&state.pattern, state.directory) {
        (_, true) => "directory".to_owned(),
        (Some(pattern), _) => pattern.replace("{}", "NAME"),
        _ => state.extensions.iter().map(|e| format!(".{e}")).collect::<Vec<_>>().join(" "),
    };
    let rows = |title: &str, rows: Vec<[String; 3]>| match rows.is_empty() {
        true => String::new(),
        false => format!("{title}\n{}", table(&rows)),
    };
    let states = states.iter().map(|&id| {
        let state = graph.state(id);
        let about = about(&state.description, &state.origin.script);
        [graph.state_name(id).to_owned(), extensions(state), about]
    });
    let ops = ops.iter().map(|&id| {
        let op = graph.op(id);
        [graph.op_name(id).to_owned(), signature(graph, op), about(&op.description, &op.origin.script)]
    });
    let (states, ops) = (rows("States", states.collect()), rows("Ops", ops.collect()));
    [states, ops].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
}

/// `[sv] optional(json) -> verilated-cpp`.
fn signature(graph: &OpGraph, op: &Op) -> String {
    let param = |param: &Param| {
        let state = graph.state_name(param.state);
        match param.count {
            Count::One => state.to_owned(),
            Count::Many => format!("[{state}]"),
            Count::Optional => format!("optional({state})"),
            Count::Any => format!("optional([{state}])"),
        }
    };
    let side = |params: &[Param]| params.iter().map(param).collect::<Vec<_>>().join(", ");
    format!("{} -> {}", side(&op.inputs), side(&op.outputs))
}

/// Columns as wide as their widest cell, indented by two blanks.
fn table(rows: &[[String; 3]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let (first, second) = (width(0), width(1));
    let row =
        |[a, b, c]: &[String; 3]| format!("  {a:first$}  {b:second$}  {c}").trim_end().to_owned() + "\n";
    rows.iter().map(row).collect()
}

fn state_json(state: &State) -> serde_json::Value {
    json!({
        "name": state.name, "extensions": state.extensions, "directory": state.directory, "pattern": state.pattern,
        "description": state.description, "script": state.origin.script, "built-in": state.origin.builtin,
    })
}

fn op_json(graph: &OpGraph, op: &Op) -> serde_json::Value {
    let param = |param: &Param| {
        let count = match param.count {
            Count::One => "one",
            Count::Many => "many",
            Count::Optional => "optional",
            Count::Any => "any",
        };
        json!({"name": param.name, "state": graph.state_name(param.state), "count": count})
    };
    let side = |params: &[Param]| params.iter().map(param).collect::<Vec<_>>();
    json!({
        "name": op.name, "inputs": side(&op.inputs), "outputs": side(&op.outputs), "cost": op.cost,
        "description": op.description, "needs": op.needs, "may-need": op.properties.may_need, "script": op.origin.script, "built-in": op.origin.builtin,
    })
}
