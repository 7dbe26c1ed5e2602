//! How cocotb's tests of a design are run: what the design, the command line and the environment say of them.
//! It does not know what is done with a run, or how the program was built.

use super::simulation::{SimulationArgs, run_dir};
use crate::design::Choice;
use crate::diag::{Error, Result};
use crate::run::cocotb::{Cocotb, MODULES, Program};
use crate::runs::Spec;
use crate::session::Session;
use camino::{Utf8Path, Utf8PathBuf};

/// The seed of a run that is given none, so that a run can be repeated.
const SEED: u64 = 1;

/// The run of the tests with these names, all where none is named, by the program in `dir`.
///
/// # Errors
/// No module is named, or the directory has no program.
pub fn cocotb(
    session: &Session,
    dir: &Utf8Path,
    (spec, simulation): (&Spec, &SimulationArgs),
    (choice, tests, seed): (&Choice, &[String], Option<u64>),
) -> Result<Cocotb> {
    let missing = || Error::machine(format!("`{dir}` has no program for cocotb"));
    let program = Program::load(dir)?.ok_or_else(missing)?;
    let (modules, mut search) = modules(session, (spec, simulation))?;
    search.push(run_dir(session).to_owned());
    let vars = &session.facts.env().vars;
    let mut variables = vec![(MODULES.to_owned(), modules.join(","))];
    variables.extend(program.top.clone().map(|top| ("COCOTB_TOPLEVEL".to_owned(), top)));
    let tests = if tests.is_empty() { spec.cocotb.testcase.as_slice() } else { tests };
    variables.extend(filter(tests).map(|filter| ("COCOTB_TEST_FILTER".to_owned(), filter)));
    variables.push(("COCOTB_RANDOM_SEED".to_owned(), seed.unwrap_or(SEED).to_string()));
    // The order of Python's sets is that of the last run; an inertial write is one of Verilator's own.
    let defaults =
        [("PYTHONHASHSEED", "0", true), ("COCOTB_TRUST_INERTIAL_WRITES", "1", !program.is_of_icarus())];
    for (name, value, _) in defaults.iter().filter(|(.., is_wanted)| *is_wanted) {
        let set = vars.get(*name).filter(|value| !value.is_empty());
        variables.push(((*name).to_owned(), set.map_or_else(|| (*value).to_owned(), String::clone)));
    }
    variables.extend(spec.cocotb.env.iter().map(|(name, value)| (name.clone(), choice.fill(value))));
    let mut search: Vec<String> = search.into_iter().map(Utf8PathBuf::into_string).collect();
    let set = spec.cocotb.env.get("PYTHONPATH").or_else(|| vars.get("PYTHONPATH"));
    search.extend(set.filter(|path| !path.is_empty()).cloned());
    let (dir, search) = (dir.to_owned(), search.join(":"));
    Ok(Cocotb { program, dir, variables, search, waves: None, coverage: None })
}

/// The names of the test modules, and where those are that are named by a file.
///
/// # Errors
/// None is named, or a file is not there.
pub fn modules(
    session: &Session,
    (spec, simulation): (&Spec, &SimulationArgs),
) -> Result<(Vec<String>, Vec<Utf8PathBuf>)> {
    let (words, base) = match simulation.cocotb.is_empty() {
        true => (&spec.cocotb.modules, run_dir(session)),
        false => (&simulation.cocotb, session.places.cwd.as_path()),
    };
    let (mut modules, mut search) = (vec![], vec![]);
    for word in words {
        let Some(stem) = word.strip_suffix(".py").or_else(|| word.contains('/').then_some(word.as_str()))
        else {
            modules.push(word.clone());
            continue;
        };
        let path = base.join(format!("{stem}.py"));
        if !path.is_file() {
            return Err(Error::request(format!("no test module `{stem}.py`")).hint(
                "`--cocotb test_x` or `cocotb = \"test_x\"` names a Python module by its name or its file",
            ));
        }
        modules.push(path.file_stem().unwrap_or_default().to_owned());
        search.extend(path.parent().map(Utf8Path::to_owned));
    }
    if modules.is_empty() {
        let message = "no test module is named for cocotb";
        return Err(Error::request(message)
            .hint("`cocotb = \"test_x\"` in `[design.NAME]` of fud.toml names it, or `--cocotb test_x`"));
    }
    if simulation.cocotb.is_empty() || run_dir(session) != session.places.cwd {
        search.push(base.to_owned());
    }
    Ok((modules, search))
}

/// The names that match, as a regular expression of Python for `MODULE.NAME`.
fn filter(patterns: &[String]) -> Option<String> {
    const SPECIAL: &str = "\\.+()[]{}^$|#&~-/";
    let one = |pattern: &String| -> String {
        let escaped = pattern.chars().map(|c| match c {
            '*' => ".*".to_owned(),
            '?' => ".".to_owned(),
            c if SPECIAL.contains(c) => format!("\\{c}"),
            c => c.to_string(),
        });
        escaped.collect()
    };
    let all: Vec<String> = patterns.iter().map(one).collect();
    (!all.is_empty()).then(|| format!("(?:^|\\.)(?:{})$", all.join("|")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_patterns_of_whole_names() {
        let of = |words: &[&str]| filter(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&[]), None);
        assert_eq!(of(&["counts*"]).as_deref(), Some("(?:^|\\.)(?:counts.*)$"));
        assert_eq!(of(&["a.b/x=1", "?c"]).as_deref(), Some("(?:^|\\.)(?:a\\.b\\/x=1|.c)$"));
    }
}
