//! Which runs the words of a request mean: designs with their matrix and seeds, by name or pattern, and files.
//! It does not know how they are built or run.

use super::simulation::{is_simulated, runnable};
use crate::config::Config;
use crate::design::{Choice, Matrix, names};
use crate::diag::{Error, Result, did_you_mean};
use crate::options::built::COCOTB;
use crate::options::{Operand, RequestOptions};
use crate::runs::{RunName, Seeds, Selection, Spec};
use crate::session::Session;
use camino::Utf8Path;

/// What is built once, and the runs that are made of it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What is built.
    pub request: RequestOptions,
    /// The state that is built.
    pub state: &'static str,
    /// What the design says of its runs.
    pub spec: Spec,
    /// The runs, as they are named.
    pub runs: Vec<RunName>,
    /// Whether only patterns mean the design.
    pub is_by_pattern: bool,
}

impl Plan {
    /// Leaves the test functions with these names, if any are named.
    ///
    /// # Errors
    /// They are not cocotb's tests.
    pub fn name_tests(&mut self, patterns: &[String]) -> Result<()> {
        if patterns.is_empty() {
            return Ok(());
        }
        if self.state != COCOTB {
            let message = "`--testcase` names test functions of cocotb, and nothing here is tested by it";
            return Err(Error::request(message).hint("`--cocotb test_x` names a module of tests"));
        }
        self.runs.iter_mut().for_each(|run| run.tests = patterns.to_vec());
        Ok(())
    }
}

/// Which seeds are asked for, beside what designs say.
#[derive(Clone, Debug, Default)]
pub struct AskedSeeds {
    /// `--seed`.
    pub one: Option<u64>,
    /// `--seeds`.
    pub these: Option<Seeds>,
    /// `--seed-base`.
    pub base: Option<u64>,
}

impl AskedSeeds {
    /// Whether any are.
    pub fn is_said(&self) -> bool {
        self.one.is_some() || self.these.is_some() || self.base.is_some()
    }

    /// The seeds of the runs of a design.
    fn of(&self, spec: &Spec) -> Result<Vec<Option<u64>>> {
        let seeds =
            self.one.map(|seed| Seeds::These(vec![seed])).or(self.these.clone()).or(spec.seeds.clone());
        match (seeds, self.base) {
            (Some(seeds), base) => Ok(seeds.from(base.unwrap_or(1))?.into_iter().map(Some).collect()),
            (None, Some(base)) => Ok(vec![Some(base)]),
            (None, None) => Ok(vec![None]),
        }
    }
}

/// What the words of a request mean: the designs that they select, and the files that are left.
pub struct Words {
    /// The words that mean runs.
    pub selections: Vec<(String, Selection)>,
    /// The designs, in the order of the configuration, each with what selects its runs.
    pub designs: Vec<(String, Vec<Selection>)>,
    /// The other words.
    pub files: Vec<String>,
}

impl Words {
    /// Sorts the words of a request. Without any, all designs that are simulations or programs are meant.
    ///
    /// # Errors
    /// A pattern or a name that no run has, or nothing to test.
    pub fn of(session: &Session, request: &RequestOptions) -> Result<Words> {
        let config = &session.config;
        let all = names(config);
        let matrix = |design: &str| Matrix::of(config, design);
        let (mut selections, mut files) = (vec![], vec![]);
        for word in request.words().filter(|word| !word.starts_with('+')) {
            let is_file = session.facts.exists(&session.places.cwd.join(word)) && !all.contains(&word);
            match Selection::of(word, &all, &matrix)?.filter(|_| !is_file) {
                Some(selection) => selections.push((word.to_owned(), selection)),
                None => files.push(word.to_owned()),
            }
        }
        let is_test = |name: &&str| is_simulated(config, name);
        let lists = request.operands.iter().any(|operand| matches!(operand, Operand::List { .. }));
        if selections.is_empty() && files.is_empty() && !lists {
            let whole = |name: &str| Selection::Named {
                design: name.to_owned(),
                choice: Choice::default(),
                tests: None,
                seed: None,
            };
            let designs = all.into_iter().filter(is_test).map(|name| (name.to_owned(), vec![whole(name)]));
            return Ok(Words { selections, designs: designs.collect(), files });
        }
        let mut designs = vec![];
        for name in &all {
            let is_named = |selection: &Selection| match selection {
                Selection::Matching(..) => is_test(name),
                Selection::Named { .. } => true,
            };
            let of_it =
                selections.iter().filter(|(_, selection)| selection.may_mean(name) && is_named(selection));
            let of_it: Vec<Selection> = of_it.map(|(_, selection)| selection.clone()).collect();
            if !of_it.is_empty() {
                designs.push(((*name).to_owned(), of_it));
            }
        }
        Ok(Words { selections, designs, files })
    }

    /// Checks that each word means one of these runs at least.
    ///
    /// # Errors
    /// One does not.
    pub fn check(&self, config: &Config, plans: &[Plan]) -> Result<()> {
        let is_of = |selection: &Selection| {
            plans.iter().flat_map(|plan| &plan.runs).any(|run| selection.matches(run))
        };
        match self.selections.iter().find(|(_, selection)| !is_of(selection)) {
            None => Ok(()),
            Some((word, _)) => Err(Error::request(format!("no test is called `{word}`"))
                .hint("`fudsv test --list` shows the tests")
                .maybe_hint(did_you_mean(word, names(config)))),
        }
    }
}

/// The words of a request that are options: `+define+A=1`.
pub fn extras(request: &RequestOptions) -> Vec<String> {
    request.words().filter(|word| word.starts_with('+')).map(str::to_owned).collect()
}

/// The builds of a design and the runs of each that are selected.
///
/// # Errors
/// Whatever is wrong with what the design says of its runs.
pub fn of_design(
    config: &Config,
    request: &RequestOptions,
    (design, selections): (&str, &[Selection]),
    seeds: &AskedSeeds,
) -> Result<Vec<Plan>> {
    let blame = |error: Box<Error>| error.detail("design", format!("`{design}`"));
    let (spec, matrix) = (Spec::of(config, design).map_err(blame)?, Matrix::of(config, design)?);
    let own = seeds.of(&spec)?;
    // A seed that is named is one, whatever the design says.
    let named = selections.iter().filter_map(Selection::seed).map(Some).filter(|seed| !own.contains(seed));
    let named: Vec<Option<u64>> = named.collect();
    let state = runnable(config, &request.with_words(&[design.to_owned()]));
    if let Some(tests) = selections.iter().find_map(Selection::tests).filter(|_| state != COCOTB) {
        return Err(Error::request(format!(
            "`{design}::{tests}` names test functions of cocotb, and `{design}` has none"
        ))
        .hint(format!("`cocotb = \"test_x\"` in `[design.{design}]` names a module of tests")));
    }
    let is_by_pattern = selections.iter().all(|selection| matches!(selection, Selection::Matching(..)));
    let mut plans: Vec<Plan> = vec![];
    for build in matrix.builds() {
        let request = request.with_words(&[vec![format!("{design}{build}")], extras(request)].concat());
        let mut runs = vec![];
        for choice in matrix.choices().into_iter().filter(|choice| choice.has(&build)) {
            let run = |seed: &Option<u64>| {
                let (design, choice) = (design.to_owned(), choice.clone());
                let run = RunName { design, choice, tests: vec![], seed: *seed };
                RunName { tests: tests(selections, &run), ..run }
            };
            let is_asked = |run: &RunName| selections.iter().any(|selection| selection.matches(run));
            let is_named = |run: &RunName| {
                selections.iter().any(|selection| selection.seed().is_some() && selection.matches(run))
            };
            runs.extend(own.iter().map(run).filter(is_asked));
            runs.extend(named.iter().map(run).filter(is_named));
        }
        if !runs.is_empty() {
            plans.push(Plan { request, state, spec: spec.clone(), runs, is_by_pattern });
        }
    }
    Ok(plans)
}

/// The test functions of a run that are selected; none when all of them are.
fn tests(selections: &[Selection], run: &RunName) -> Vec<String> {
    let of_run = selections.iter().filter(|selection| selection.matches(run));
    let patterns: Option<Vec<String>> =
        of_run.map(|selection| selection.tests().map(str::to_owned)).collect();
    patterns.unwrap_or_default()
}

/// The builds of files: one, or one for each testbench in them.
///
/// # Errors
/// Seeds that are none.
pub fn of_files(
    session: &Session,
    request: &RequestOptions,
    files: &[String],
    seeds: &AskedSeeds,
) -> Result<Vec<Plan>> {
    let is_of_cocotb = runnable(&session.config, request) == COCOTB;
    let is_one = is_of_cocotb || request.top.is_some() || session.config.get("verilator.top").is_some();
    let tops = if is_one { vec![] } else { testbenches(session, files) };
    let seeds = seeds.of(&Spec::default())?;
    let plan = |name: String, top: Option<String>| {
        let run = |seed: &Option<u64>| RunName {
            design: name.clone(),
            choice: Choice::default(),
            tests: vec![],
            seed: *seed,
        };
        let words = [files.to_vec(), extras(request)].concat();
        let request = RequestOptions { top: top.or(request.top.clone()), ..request.with_words(&words) };
        let state = runnable(&session.config, &request);
        Plan {
            request,
            state,
            spec: Spec::default(),
            runs: seeds.iter().map(run).collect(),
            is_by_pattern: false,
        }
    };
    if tops.len() > 1 {
        return Ok(tops.into_iter().map(|top| plan(top.clone(), Some(top))).collect());
    }
    let list = request.operands.iter().find_map(|operand| match operand {
        Operand::List { path, .. } => Some(path.as_str()),
        Operand::Word(_) => None,
    });
    let first = files.first().map(String::as_str).or(list).unwrap_or("test");
    let stem = Utf8Path::new(first).file_stem().unwrap_or(first);
    Ok(vec![plan(request.top.clone().unwrap_or_else(|| stem.to_owned()), None)])
}

/// The modules of these files that have no ports and that none of them uses: with several, each is a test.
fn testbenches(session: &Session, files: &[String]) -> Vec<String> {
    let facts = &session.facts;
    let sources = files.iter().filter(|file| file.ends_with(".sv") || file.ends_with(".v"));
    // What cannot be read is told by the build.
    let texts = sources.filter_map(|file| facts.read_text(&facts.env().cwd.join(file)).ok().flatten());
    crate::starter::testbenches(&texts.collect::<Vec<_>>())
}
