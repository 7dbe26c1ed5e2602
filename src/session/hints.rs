//! Hints for messages of Verilator that the design and the request explain better than the message does.
//! It does not know how a step failed, or where its message is shown.

use super::open::Session;
use crate::beneath;
use crate::design::{modules, parameters};
use crate::diag::did_you_mean;
use camino::{Utf8Path, Utf8PathBuf};

/// A hint for what Verilator printed, in the user's paths.
pub fn hint(session: &Session, printed: &str) -> Option<String> {
    odd_port(printed)
        .or_else(|| top(session, printed))
        .or_else(|| parameter(session, printed))
        .or_else(|| bare_text(session, printed))
        .or_else(|| beside_its_includer(session, printed))
}

/// A port that no model can have.
fn odd_port(printed: &str) -> Option<String> {
    const SAID: [&str; 2] = ["Interfaced port on top level module", "ref/const ref as primary input/output"];
    let is_said = SAID.iter().any(|said| printed.contains(said));
    is_said.then(|| "wrap the top module in one whose ports are inputs and outputs".to_owned())
}

/// A top module that the design does not have.
fn top(session: &Session, printed: &str) -> Option<String> {
    let name = between(printed, "--top-module '", "' was not found")?;
    near(name, "modules", &of_sources(session, modules))
}

/// A parameter that the top module does not have.
fn parameter(session: &Session, printed: &str) -> Option<String> {
    let name = between(printed, "Parameters from the command line were not found in the design: ", "\n")?;
    let name = name.split([',', ' ']).next().unwrap_or_default();
    near(name, "parameters", &of_sources(session, parameters))
}

/// A value of `-G` that is a text and has no quotes.
fn bare_text(session: &Session, printed: &str) -> Option<String> {
    if !printed.contains("Illegal character in decimal constant") {
        return None;
    }
    let key = "verilator.parameters";
    let found = session.config.get(key)?;
    let values = found.value.as_array()?.iter().filter_map(|value| value.as_str());
    let mut pairs = values.filter_map(|text| text.split_once('='));
    let (name, value) = pairs.find(|(_, value)| value.starts_with(|c: char| c.is_alphabetic()))?;
    Some(format!("a text needs quotes: `-G '{name}=\"{value}\"'`"))
}

/// An included file beside the file that includes it: Verilator searches elsewhere.
fn beside_its_includer(session: &Session, printed: &str) -> Option<String> {
    let line = printed.lines().find(|line| line.contains("Cannot find include file: "))?;
    let (place, named) = line.strip_prefix("%Error: ")?.split_once(": Cannot find include file: ")?;
    let file = Utf8Path::new(place.rsplitn(3, ':').last()?);
    let named = named.trim().trim_matches(['\'', '"']);
    let dir = file.parent().filter(|dir| !dir.as_str().is_empty())?;
    let is_there = session.facts.exists(&session.facts.env().cwd.join(dir).join(named));
    is_there.then(|| format!("`-I {dir}` finds `{named}`, which is beside `{file}`"))
}

/// What stands between two texts.
fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    text.split_once(before)?.1.split(after).next()
}

/// Offers the nearest name, else a few of those that there are.
fn near(name: &str, what: &str, known: &[String]) -> Option<String> {
    const SHOWN: usize = 8;
    let all: Vec<String> = known.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = if known.len() > SHOWN { ", …" } else { "" };
    let list = || format!("the sources have these {what}: {}{more}", all.join(", "));
    did_you_mean(name, known.iter().map(String::as_str)).or_else(|| (!known.is_empty()).then(list))
}

/// What the sources declare, each once, in their order.
fn of_sources(session: &Session, declared: impl Fn(&str) -> Vec<String>) -> Vec<String> {
    let cwd = &session.facts.env().cwd;
    let read = |path: Utf8PathBuf| beneath::read(&path, beneath::LONGEST).ok();
    let texts = session.design.sources.iter().filter_map(|source| read(cwd.join(&source.path)));
    let mut all: Vec<String> = vec![];
    for name in texts.flat_map(|bytes| declared(&String::from_utf8_lossy(&bytes))) {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}
