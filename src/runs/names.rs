//! The names of runs, such as `tb_core[program=b.hex]#7`: their parts, which runs an argument selects, and where results go.
//! It does not know what a run executes.

use crate::design::{Choice, Matrix, split_choice};
use crate::diag::Result;
use crate::digest::Digest;
use camino::{Utf8Path, Utf8PathBuf};
use std::fmt;

/// The longest name of a directory, in characters.
const LONGEST: usize = 120;

/// The name of a run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunName {
    /// The design, or the common name of files that are tested together.
    pub design: String,
    /// The values of the design's matrix.
    pub choice: Choice,
    /// Patterns of the test functions that run; if empty, all run.
    pub tests: Vec<String>,
    /// Its seed.
    pub seed: Option<u64>,
}

impl RunName {
    /// The name without the seed and the test functions.
    pub fn without_seed(&self) -> String {
        format!("{}{}", self.design, self.choice)
    }

    /// The name of a test function of this run.
    pub fn of_test(&self, test: &str) -> String {
        RunName { tests: vec![test.to_owned()], ..self.clone() }.to_string()
    }
}

impl fmt::Display for RunName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.design, self.choice)?;
        if !self.tests.is_empty() {
            write!(f, "::{}", self.tests.join(","))?;
        }
        self.seed.map_or(Ok(()), |seed| write!(f, "#{seed}"))
    }
}

/// An argument that selects runs.
#[derive(Clone, Debug)]
pub enum Selection {
    /// Runs of a design that have these values of its matrix, and this seed if there is one.
    Named {
        /// The design.
        design: String,
        /// The values.
        choice: Choice,
        /// A pattern of test functions; `None` for all.
        tests: Option<String>,
        /// The seed.
        seed: Option<u64>,
    },
    /// Every run whose name, with or without its seed and its values, matches; and a pattern of its test functions.
    Matching(glob::Pattern, Option<String>),
}

/// Splits an argument such as `tb#7` into the name and the seed.
pub fn seed_of(word: &str) -> Option<(&str, u64)> {
    let (front, seed) = word.rsplit_once('#')?;
    Some((front, seed.parse().ok()?))
}

impl Selection {
    /// What an argument selects if these designs exist; `None` if it can only be a file.
    ///
    /// # Errors
    /// The argument names a value that the matrix of its design does not have.
    pub fn of(
        word: &str,
        designs: &[&str],
        matrix: &dyn Fn(&str) -> Result<Matrix>,
    ) -> Result<Option<Selection>> {
        let (front, seed) = seed_of(word).map_or((word, None), |(front, seed)| (front, Some(seed)));
        let (front, tests) = match front.rsplit_once("::") {
            Some((front, tests)) => (front, Some(tests.to_owned())),
            None => (front, None),
        };
        let named = |design: &str, choice| Selection::Named {
            design: design.to_owned(),
            choice,
            tests: tests.clone(),
            seed,
        };
        if designs.contains(&front) {
            return Ok(Some(named(front, Choice::default())));
        }
        let is_pattern = front.contains(['*', '?']);
        if let Some((design, values)) =
            split_choice(front).filter(|(name, _)| designs.contains(name) && !is_pattern)
        {
            return Ok(Some(named(design, matrix(design)?.parse(design, values)?)));
        }
        // Brackets are part of names, so they are not special in a pattern.
        let whole = seed.map_or_else(|| front.to_owned(), |seed| format!("{front}#{seed}"));
        let pattern = glob::Pattern::new(&whole.replace('[', "[[]"));
        Ok(pattern.ok().filter(|_| is_pattern).map(|pattern| Selection::Matching(pattern, tests.clone())))
    }

    /// Whether it selects this run, whatever test functions it selects.
    pub fn matches(&self, run: &RunName) -> bool {
        match self {
            Selection::Named { design, choice, seed, .. } => {
                run.design == *design
                    && run.choice.has(choice)
                    && seed.is_none_or(|seed| run.seed == Some(seed))
            }
            Selection::Matching(pattern, _) => {
                let whole = RunName { tests: vec![], ..run.clone() }.to_string();
                [whole, run.without_seed(), run.design.clone()].iter().any(|name| pattern.matches(name))
            }
        }
    }

    /// The test functions that it selects; `None` for all.
    pub fn tests(&self) -> Option<&str> {
        match self {
            Selection::Named { tests, .. } | Selection::Matching(_, tests) => tests.as_deref(),
        }
    }

    /// Whether it may select runs of this design.
    pub fn may_mean(&self, name: &str) -> bool {
        match self {
            Selection::Named { design, .. } => design == name,
            Selection::Matching(..) => true,
        }
    }

    /// The seed that it names.
    pub fn seed(&self) -> Option<u64> {
        if let Selection::Named { seed, .. } = self { *seed } else { None }
    }
}

/// The directory for the results of a run.
pub fn dir(below: &Utf8Path, name: &RunName) -> Utf8PathBuf {
    let name = name.to_string();
    let is_safe = |c: char| c.is_alphanumeric() || "._-+=,[]#".contains(c);
    let safe: String = name.chars().map(|c| if is_safe(c) { c } else { '_' }).take(LONGEST).collect();
    // Two names may become the same safe name.
    match safe == name && !name.starts_with('.') {
        true => below.join(safe),
        false => below.join(format!(
            "{}-{}",
            safe.trim_start_matches('.'),
            Digest::of_bytes(name.as_bytes()).short(8)
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn matrix(_: &str) -> Result<Matrix> {
        let text = "[design.tb]\nrun-args = '+p=${p} +q=${q}'\n[design.tb.matrix]\np = ['a.hex', 'b.hex']\nq = [1, 2]\n";
        Matrix::of(&Config::of_test(text, Utf8Path::new("/p/fud.toml")), "tb")
    }

    fn runs(word: &str) -> Option<Vec<String>> {
        let selection = Selection::of(word, &["tb", "other"], &matrix).unwrap()?;
        let choices = matrix("tb").unwrap().choices().into_iter();
        let all = choices.flat_map(|choice| [1, 17].map(|seed| (choice.clone(), seed)));
        let all = all.map(|(choice, seed)| RunName {
            design: "tb".to_owned(),
            choice,
            tests: vec![],
            seed: Some(seed),
        });
        Some(all.filter(|run| selection.matches(run)).map(|run| run.to_string()).collect())
    }

    #[test]
    fn a_word_means_runs_by_design_values_seed_or_pattern() {
        let count = |word: &str| runs(word).unwrap().len();
        assert_eq!((count("tb"), count("tb#17"), count("other"), count("*")), (8, 4, 0, 8));
        assert_eq!(runs("tb[p=b.hex,q=2]#1").unwrap(), ["tb[p=b.hex,q=2]#1"]);
        assert_eq!((count("tb[p=b.hex]"), count("tb[q=1]#17")), (4, 2));
        assert_eq!((count("*#1"), count("*b.hex*"), count("tb[p=a*]#17"), count("t?")), (4, 4, 2, 8));
        assert_eq!((count("tb::counts*"), count("tb[p=b.hex]::a#17"), count("t*::a#1")), (8, 2, 4));
        assert_eq!(runs("rtl/tb.sv"), None);
        assert_eq!(runs("dut"), None);
        let wrong = Selection::of("tb[p=c.hex]", &["tb"], &matrix).unwrap_err().to_string();
        assert!(wrong.contains("`p` of `tb` has no value `c.hex`"), "{wrong}");
    }

    #[test]
    fn runs_whose_names_look_alike_have_directories_of_their_own() {
        let run = |design: &str| RunName {
            design: design.to_owned(),
            choice: Choice::default(),
            tests: vec![],
            seed: Some(7),
        };
        let dir = |design: &str| dir(Utf8Path::new("d"), &run(design)).to_string();
        assert_eq!(dir("tb"), "d/tb#7");
        assert!(dir("a/b").starts_with("d/a_b#7-") && dir("a/b") != dir("a b"));
        assert!(dir("..").starts_with("d/#7-"));
    }
}
