//! Reads the keys of `[design.NAME]` that concern its runs: seeds, limits, tags, the expected result, and whether passes
//! are kept.
//! It does not know how the design is built.

use super::expect::Expect;
use super::seeds::Seeds;
use crate::config::{Config, Found};
use crate::diag::{Error, Result};
use crate::shell::ShellWord;
use std::collections::BTreeMap;
use std::time::Duration;

/// Whether the result of a passed run is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cacheable {
    /// If fudsv sees everything that the run can depend on.
    #[default]
    WhenSeen,
    /// Always: the design says that nothing else matters.
    Always,
    /// Never: the design says that something else may matter.
    Never,
}

/// The settings of a design for its runs.
#[derive(Clone, Debug, Default)]
pub struct Spec {
    /// `seeds`. Without it there is one run without a seed.
    pub seeds: Option<Seeds>,
    /// `timeout`, in wall time.
    pub timeout: Option<Duration>,
    /// `sim-timeout`, in simulated time, as the simulation reads it.
    pub sim_timeout: Option<String>,
    /// `tags`.
    pub tags: Vec<String>,
    /// `expect`.
    pub expect: Expect,
    /// `cacheable`.
    pub cacheable: Cacheable,
    /// `cocotb`, `testcase`, `env`.
    pub cocotb: CocotbSpec,
}

/// The settings of a design for its tests in Python.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CocotbSpec {
    /// `cocotb`: modules, by name or by file.
    pub modules: Vec<String>,
    /// `testcase`: patterns of the names of tests that run; if empty, all run.
    pub testcase: Vec<String>,
    /// `env`: variables for the environment of the tests.
    pub env: BTreeMap<String, String>,
}

impl Spec {
    /// Reads the keys.
    ///
    /// # Errors
    /// A key has an invalid value.
    pub fn of(config: &Config, design: &str) -> Result<Spec> {
        let at = |name: &str| config.get(&format!("design.{design}.{name}"));
        fn read<T>(
            name: &str,
            found: Option<Found<'_>>,
            parse: impl Fn(Found) -> Result<T>,
        ) -> Result<Option<T>> {
            let Some(found) = found else { return Ok(None) };
            let origin = found.origin.to_string();
            parse(found).map(Some).map_err(|error| error.detail("set by", format!("`{name}` ({origin})")))
        }
        let flag = |found: Found| {
            let wrong = || Error::request(format!("`cacheable` is {}, not `true` or `false`", found.value));
            found.value.as_bool().ok_or_else(wrong)
        };
        let cacheable = read("cacheable", at("cacheable"), flag)?;
        Ok(Spec {
            seeds: read("seeds", at("seeds"), |found| Seeds::of_value(found.value))?,
            timeout: read("timeout", at("timeout"), |found| parse_timeout(&text("timeout", &found)?))?,
            sim_timeout: read("sim-timeout", at("sim-timeout"), |found| {
                parse_simulated(&text("sim-timeout", &found)?)
            })?,
            tags: read("tags", at("tags"), |found| tags(&found))?.unwrap_or_default(),
            cocotb: CocotbSpec {
                modules: read("cocotb", at("cocotb"), |found| names("cocotb", &found))?.unwrap_or_default(),
                testcase: read("testcase", at("testcase"), |found| names("testcase", &found))?
                    .unwrap_or_default(),
                env: read("env", at("env"), |found| variables(&found))?.unwrap_or_default(),
            },
            expect: read("expect", at("expect"), |found| Expect::parse(&text("expect", &found)?))?
                .unwrap_or_default(),
            cacheable: match cacheable {
                None => Cacheable::WhenSeen,
                Some(true) => Cacheable::Always,
                Some(false) => Cacheable::Never,
            },
        })
    }
}

fn text(name: &str, found: &Found) -> Result<String> {
    let text = found.value.as_str().map(str::to_owned);
    text.ok_or_else(|| Error::request(format!("`{name}` is {}, not a text", found.value)))
}

fn parse_timeout(text: &str) -> Result<Duration> {
    let wrong =
        |e| Error::request(format!("`{text}` is not a time")).because(e).hint("write it as `30s` or `5m`");
    humantime::parse_duration(text).map_err(wrong)
}

/// Reads a simulated time: a whole number and a unit.
fn parse_simulated(text: &str) -> Result<String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let unit = text.get(digits.len()..).unwrap_or_default();
    let is_time = digits.parse::<u64>().is_ok() && ["s", "ms", "us", "ns", "ps", "fs"].contains(&unit);
    let wrong = || {
        Error::request(format!("`{text}` is not a simulated time"))
            .hint("write it as `10us`: a whole number and a unit")
    };
    is_time.then(|| text.to_owned()).ok_or_else(wrong)
}

/// Reads a name or a list of names. No name may be empty.
fn names(key: &str, found: &Found) -> Result<Vec<String>> {
    let one = |value: &toml::Value| value.as_str().filter(|name| !name.is_empty()).map(str::to_owned);
    let list = match found.value {
        toml::Value::Array(list) => list.iter().map(one).collect(),
        single => one(single).map(|name| vec![name]),
    };
    list.ok_or_else(|| Error::request(format!("`{key}` is {}, not a name or a list of names", found.value)))
}

/// Reads a section of strings, numbers and booleans.
fn variables(found: &Found) -> Result<BTreeMap<String, String>> {
    let one = |(name, value): (&String, &toml::Value)| {
        let text = match value {
            toml::Value::String(text) => Some(text.clone()),
            toml::Value::Integer(_) | toml::Value::Float(_) | toml::Value::Boolean(_) => {
                Some(value.to_string())
            }
            _ => None,
        };
        Some((name.clone(), text?))
    };
    let all = found.value.as_table().and_then(|table| table.iter().map(one).collect());
    all.ok_or_else(|| Error::request(format!("`env` is {}, not a section of texts", found.value)))
}

/// Reads one tag or a list of tags. A tag is a word that needs no quotes.
fn tags(found: &Found) -> Result<Vec<String>> {
    let list = match found.value {
        toml::Value::Array(list) => list.iter().map(|tag| tag.as_str().map(str::to_owned)).collect(),
        toml::Value::String(tag) => Some(vec![tag.clone()]),
        _ => None,
    };
    let list: Vec<String> =
        list.ok_or_else(|| Error::request(format!("`tags` is {}, not a list of texts", found.value)))?;
    match list
        .iter()
        .find(|tag| tag.is_empty() || tag.contains(',') || ShellWord::quote(tag).as_str() != *tag)
    {
        Some(odd) => Err(Error::request(format!("`{odd}` is not a tag")).hint("a tag is one plain word")),
        None => Ok(list),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use camino::Utf8Path;

    fn spec(text: &str) -> Result<Spec> {
        Spec::of(&Config::of_test(&format!("[design.tb]\n{text}\n"), Utf8Path::new("/p/fud.toml")), "tb")
    }

    #[test]
    fn a_design_says_what_its_runs_are() {
        let all = "seeds = 20\ntimeout = \"1m\"\nsim-timeout = \"1ms\"\ntags = [\"smoke\"]\nexpect = \"failed\"\ncacheable = true";
        let spec = spec(all).unwrap();
        assert_eq!((spec.seeds, spec.timeout), (Some(Seeds::Count(20)), Some(Duration::from_secs(60))));
        assert_eq!((spec.sim_timeout.as_deref(), spec.tags), (Some("1ms"), vec!["smoke".to_owned()]));
        assert_eq!((spec.expect.to_string(), spec.cacheable), ("failed".to_owned(), Cacheable::Always));
    }

    #[test]
    fn a_value_that_a_key_cannot_have_is_said_with_its_place() {
        for (text, message) in [
            ("seeds = -3", "`-3` is not a seed"),
            ("seeds = [1, -2]", "`-2` is not a seed"),
            ("timeout = 5", "`timeout` is 5, not a text"),
            ("timeout = \"soon\"", "`soon` is not a time"),
            ("sim-timeout = \"10\"", "`10` is not a simulated time"),
            ("sim-timeout = \"1.5us\"", "`1.5us` is not a simulated time"),
            ("tags = [\"a b\"]", "`a b` is not a tag"),
            ("expect = \"fine\"", "`fine` is not an end of a run"),
            ("cacheable = \"yes\"", "`cacheable` is \"yes\", not `true` or `false`"),
        ] {
            let said = spec(text).unwrap_err().to_string();
            assert!(said.contains(message) && said.contains("(/p/fud.toml)"), "{said}");
        }
    }
}
