//! Ports of the top module that no model can have, reported while planning and not by Verilator.
//! It does not know how they are found; a port that is uncertain before Verilator runs is left to Verilator.

use super::open::Session;
use crate::beneath;
use crate::design::{OddPort, Oddity, odd_ports};
use crate::diag::{Error, Place, Result};
use crate::graph::{OpGraph, TopPorts};
use crate::plan::{FileSource, OpUse, Plan, PlannedFile};

/// The possible types of a port of the top.
const PASSED: &str = "bits, packed types, reals or strings";

/// What to note of a plan: inouts, which can only be read.
///
/// # Errors
/// The top module has a port that Verilator refuses, or that hosts have no word for.
pub fn check(session: &Session, graph: &OpGraph, plan: &Plan) -> Result<Vec<String>> {
    let that = |what| plan.uses.iter().filter(move |of| graph.op(of.op).properties.top_ports == Some(what));
    let has_hosts = that(TopPorts::Passed).next().is_some();
    let mut notes = vec![];
    for of in that(TopPorts::Compiled) {
        let mut inouts = vec![];
        for (port, text, file) in found(session, graph, plan, of) {
            match port.oddity {
                Oddity::Interface | Oddity::Ref => return Err(refused(&port, &file, &text)),
                Oddity::Chandle | Oddity::Event if has_hosts => return Err(refused(&port, &file, &text)),
                Oddity::Inout if has_hosts && !has_enables(session) => inouts.push(port.name),
                _ => {}
            }
        }
        notes.extend(only_read(&inouts));
    }
    Ok(notes)
}

/// The note about inouts of the top of a model without enables; `None` without such inouts.
pub fn only_read(inouts: &[String]) -> Option<String> {
    const HOW: &str = "`verilator.pins-inout-enables = true` changes that, with Verilator 5.026 or newer";
    let names: Vec<String> = inouts.iter().map(|name| format!("`{name}`")).collect();
    let what = if names.len() == 1 { "the inout" } else { "the inouts" };
    (!names.is_empty()).then(|| format!("hosts can only read {what} {} of the top; {HOW}", names.join(", ")))
}

/// The odd ports of the top of one use, each with the text and the name of its file; empty if a source does not exist yet,
/// or the top is unknown.
fn found(session: &Session, graph: &OpGraph, plan: &Plan, of: &OpUse) -> Vec<(OddPort, String, String)> {
    let files = of.inputs.iter().flatten().map(|id| plan.file(*id));
    let files: Vec<_> = files.filter(|file| graph.state(file.state).properties.hdl).collect();
    let is_made = files.iter().any(|file| !matches!(file.source, FileSource::Given(_)));
    let top = setting(session, "verilator.top");
    if names_top(session) || (is_made && top.is_none()) {
        return vec![];
    }
    let read = |file: &&PlannedFile| {
        if session.facts.is_frozen(&session.places.absolute(&file.path)) {
            return None;
        }
        let bytes = beneath::read(&session.places.absolute(&file.path), beneath::LONGEST).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    };
    let Some(texts) = files.iter().map(read).collect::<Option<Vec<String>>>() else { return vec![] };
    let found = odd_ports(&texts.iter().map(String::as_str).collect::<Vec<_>>(), top.as_deref());
    let with_file = |port: OddPort| {
        let at = port.source;
        (port, texts[at].clone(), session.places.for_user(&files[at].path).into_string())
    };
    found.into_iter().map(with_file).collect()
}

fn setting(session: &Session, key: &str) -> Option<String> {
    let found = session.config.get(key)?;
    found.value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Whether further options may say what the top is, or bring more sources.
fn names_top(session: &Session) -> bool {
    let args = session.config.get("verilator.args").map(|found| found.value.to_string());
    args.is_some_and(|args| ["-top", "-f", "-F", ".v", ".sv"].iter().any(|word| args.contains(word)))
}

fn has_enables(session: &Session) -> bool {
    let key = "verilator.pins-inout-enables";
    session.config.get(key).is_some_and(|found| found.value.as_bool() == Some(true))
}

fn refused(port: &OddPort, file: &str, text: &str) -> Box<Error> {
    let OddPort { module, name, offset, .. } = port;
    let (what, hint) = match port.oddity {
        Oddity::Interface => {
            ("an interface port, which Verilator does not allow at the top", "the signals of the interface")
        }
        Oddity::Ref => ("a `ref` port, which Verilator does not allow at the top", "inputs and outputs"),
        Oddity::Chandle => ("a `chandle`, which a model cannot pass", PASSED),
        Oddity::Event | Oddity::Inout => ("an `event`, which a model cannot pass", PASSED),
    };
    Error::request(format!("`{name}` of the top module `{module}` is {what}"))
        .at(Place::at_byte(file, text, *offset))
        .hint(format!("wrap `{module}` in a module whose ports are {hint}"))
}
