//! `[design.NAME.matrix]`: a design that is several ones, which differ in a parameter, a macro or an argument of the run.
//! It does not know who builds or runs them.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use super::settings::{paths, words};
use crate::config::Config;
use crate::diag::{Error, Result, did_you_mean};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The keys of a design in which `${KEY}` stands for a value of the matrix and makes another build.
pub(super) const BUILT: [&str; 2] = ["parameters", "defines"];

/// No design has more combinations.
const MOST: usize = 100_000;

/// Which value each key has in one of the designs; some keys may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Choice(BTreeMap<String, String>);

impl fmt::Display for Choice {
    /// `[program=b.hex,width=8]`; nothing where there is nothing to choose.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pairs: Vec<String> = self.0.iter().map(|(key, value)| format!("{key}={value}")).collect();
        if pairs.is_empty() { Ok(()) } else { write!(f, "[{}]", pairs.join(",")) }
    }
}

impl Choice {
    /// The text with `${KEY}` replaced by the values; what stands for another name stays as it is.
    pub fn fill(&self, text: &str) -> String {
        if !text.contains("${") {
            return text.to_owned();
        }
        let replaced = |text: String, (key, value): (&String, &String)| text.replace(&used(key), value);
        self.0.iter().fold(text.to_owned(), replaced)
    }

    /// The keys and values.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The values of both.
    pub fn with(&self, other: &Choice) -> Choice {
        Choice(self.0.iter().chain(&other.0).map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    /// Whether every value of the other one is in this one.
    pub fn has(&self, other: &Choice) -> bool {
        other.0.iter().all(|(key, value)| self.0.get(key) == Some(value))
    }
}

/// How a key of the matrix is used.
fn used(key: &str) -> String {
    format!("${{{key}}}")
}

/// The values of each key of a design's matrix, and which of them make another build.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matrix {
    values: BTreeMap<String, Vec<String>>,
    built: BTreeSet<String>,
}

impl Matrix {
    /// Reads the matrix of a design.
    ///
    /// # Errors
    /// A key without values, or one that nothing uses.
    pub fn of(config: &Config, design: &str) -> Result<Matrix> {
        let front = format!("design.{design}.matrix.");
        let keys: Vec<&str> = config.keys().filter_map(|key| key.strip_prefix(&front)).collect();
        let mut matrix = Matrix::default();
        for key in keys {
            matrix.read(config, design, key)?;
        }
        let count = matrix.values.values().fold(1_usize, |count, values| count.saturating_mul(values.len()));
        if count > MOST {
            let message =
                format!("the matrix of `{design}` has {count} combinations, and {MOST} are too many");
            return Err(Error::request(message));
        }
        Ok(matrix)
    }

    fn read(&mut self, config: &Config, design: &str, key: &str) -> Result<()> {
        let full = format!("design.{design}.matrix.{key}");
        let Some(found) = config.get(&full) else { return Ok(()) };
        let blame = |error: Box<Error>| error.detail("set by", found.origin.to_string());
        if key.contains('.') || key.is_empty() {
            return Err(blame(Error::request(format!("`{full}` is a table, not a list of values"))));
        }
        let values = values(found.value).ok_or_else(|| {
            blame(Error::request(format!("`{full}` must be a list of texts, numbers or booleans")))
        })?;
        if let Some(odd) = values.iter().find(|value| value.contains(['[', ']', '#', '\n'])) {
            return Err(blame(
                Error::request(format!("`{full}` has the value `{odd}`")).hint(
                    "names of runs hold the values, so `[`, `]`, `#` and line breaks cannot be in them",
                ),
            ));
        }
        let uses = |name: &&&str| self::uses(config, design, name, key);
        if BUILT.iter().any(|name| uses(&name)) {
            self.built.insert(key.to_owned());
        } else if !uses(&&"run-args") && !is_in_env(config, design, key) {
            let places = "`run-args`, `env`, `parameters` or `defines`";
            return Err(blame(Error::request(format!(
                "nothing uses the key `{key}` of the matrix of `{design}`"
            )))
            .hint(format!("`{}` stands for its value in {places} of the design", used(key))));
        }
        self.values.insert(key.to_owned(), values);
        Ok(())
    }

    /// All combinations; a design without a matrix has one, in which nothing is chosen.
    pub fn choices(&self) -> Vec<Choice> {
        self.combine(|_| true)
    }

    /// The combinations that make different builds.
    pub fn builds(&self) -> Vec<Choice> {
        self.combine(|key| self.built.contains(key))
    }

    fn combine(&self, counts: impl Fn(&String) -> bool) -> Vec<Choice> {
        let mut all = vec![Choice::default()];
        for (key, values) in self.values.iter().filter(|(key, _)| counts(key)) {
            let with = |choice: &Choice, value: &String| {
                choice.with(&Choice(BTreeMap::from([(key.clone(), value.clone())])))
            };
            all = all.iter().flat_map(|choice| values.iter().map(move |value| with(choice, value))).collect();
        }
        all
    }

    /// What of a choice makes another build.
    pub fn built(&self, choice: &Choice) -> Choice {
        let pairs = choice.0.iter().filter(|(key, _)| self.built.contains(*key));
        Choice(pairs.map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    /// The choice that a name has behind that of the design: `[program=b.hex]`, without the brackets.
    ///
    /// # Errors
    /// A key or a value that the matrix does not have.
    pub fn parse(&self, design: &str, text: &str) -> Result<Choice> {
        let mut pairs: Vec<String> = vec![];
        for part in text.split(',') {
            // A value may have a comma.
            let begins = part.split_once('=').is_some_and(|(key, _)| self.values.contains_key(key));
            match pairs.last_mut().filter(|_| !begins) {
                Some(last) => last.push_str(&format!(",{part}")),
                None => pairs.push(part.to_owned()),
            }
        }
        let mut choice = Choice::default();
        for pair in &pairs {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let Some(values) = self.values.get(key) else {
                return Err(Error::request(format!("the matrix of `{design}` has no key `{key}`"))
                    .maybe_hint(did_you_mean(key, self.values.keys().map(String::as_str))));
            };
            if !values.iter().any(|known| known == value) {
                return Err(Error::request(format!("`{key}` of `{design}` has no value `{value}`"))
                    .hint(format!("its values: {}", values.join(", "))));
            }
            choice.0.insert(key.to_owned(), value.to_owned());
        }
        Ok(choice)
    }
}

/// The name of a design and what stands behind it in brackets: `tb[width=8]`.
pub fn split(word: &str) -> Option<(&str, &str)> {
    word.strip_suffix(']')?.split_once('[')
}

/// The values of a key, each once.
fn values(value: &toml::Value) -> Option<Vec<String>> {
    let one = |value: &toml::Value| match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(_) | toml::Value::Float(_) | toml::Value::Boolean(_) => Some(value.to_string()),
        _ => None,
    };
    let all: Vec<String> = match value {
        toml::Value::Array(list) => list.iter().map(one).collect::<Option<_>>()?,
        single => vec![one(single)?],
    };
    let mut seen = BTreeSet::new();
    let all: Vec<String> = all.into_iter().filter(|value| seen.insert(value.clone())).collect();
    (!all.is_empty()).then_some(all)
}

/// Whether a variable of a design's `env` has `${KEY}` in it.
fn is_in_env(config: &Config, design: &str, key: &str) -> bool {
    let found = config.get(&format!("design.{design}.env"));
    let variables = found.and_then(|found| found.value.as_table());
    let texts = variables.into_iter().flat_map(|table| table.values()).filter_map(toml::Value::as_str);
    texts.into_iter().any(|text| text.contains(&used(key)))
}

/// Whether a setting of a design has `${KEY}` in it.
fn uses(config: &Config, design: &str, name: &str, key: &str) -> bool {
    let full = format!("design.{design}.{name}");
    let Some(found) = config.get(&full) else { return false };
    let texts = words(&full, &found).or_else(|_| paths(&full, &found)).unwrap_or_default();
    texts.iter().any(|text| text.contains(&used(key)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use camino::Utf8Path;

    fn matrix(text: &str) -> Result<Matrix> {
        Matrix::of(&Config::of_test(text, Utf8Path::new("/p/fud.toml")), "tb")
    }

    fn said(text: &str) -> String {
        matrix(text).unwrap_err().to_string()
    }

    #[test]
    fn every_combination_is_a_run_and_those_of_parameters_are_builds() {
        let text = "[design.tb]\nrun-args = [\"+p=${program}\"]\nparameters = [\"W=${width}\"]\n\
            [design.tb.matrix]\nprogram = [\"a.hex\", \"b,c=1.hex\"]\nwidth = [8, 16]\n";
        let matrix = matrix(text).unwrap();
        let names = |choices: Vec<Choice>| choices.iter().map(Choice::to_string).collect::<Vec<_>>();
        let all = ["[program=a.hex,width=8]", "[program=a.hex,width=16]", "[program=b,c=1.hex,width=8]"];
        assert_eq!(names(matrix.choices())[..3], all);
        assert_eq!(names(matrix.builds()), ["[width=8]", "[width=16]"]);
        let choice = matrix.parse("tb", "program=b,c=1.hex,width=8").unwrap();
        assert_eq!(choice, matrix.choices()[2]);
        assert_eq!(choice.fill("+p=${program} $program ${other}"), "+p=b,c=1.hex $program ${other}");
        assert_eq!(matrix.built(&choice).to_string(), "[width=8]");
        assert!(matrix.parse("tb", "width=9").unwrap_err().to_string().contains("its values: 8, 16"));
        assert!(matrix.parse("tb", "wdith=8").unwrap_err().to_string().contains("did you mean `width`?"));
    }

    #[test]
    fn a_key_that_nothing_uses_is_an_error() {
        let said =
            said("[design.tb]\nrun-args = [\"+p=${progam}\"]\n[design.tb.matrix]\nprogram = [\"a\"]\n");
        assert!(said.contains("nothing uses the key `program` of the matrix of `tb`"), "{said}");
    }

    #[test]
    fn values_are_texts_numbers_or_booleans() {
        let of = |value: &str| {
            said(&format!("[design.tb]\nrun-args = '${{a}}'\n[design.tb.matrix]\na = {value}\n"))
        };
        assert!(of("[[1]]").contains("must be a list"));
        assert!(of("[]").contains("must be a list"));
        assert!(of("[\"a]\"]").contains("has the value `a]`"));
        assert_eq!(matrix("[design.tb]\nto = \"sim\"\n").unwrap().choices(), [Choice::default()]);
    }
}
