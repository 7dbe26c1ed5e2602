//! Verdicts as the XML that CI servers read, in the form of JUnit.
//! It does not know what was tested.

use crate::diag::{Error, Result};
use camino::Utf8Path;
use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestRerun, TestSuite};
use std::time::Duration;

/// A test and what became of it.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// The suite that it belongs to.
    pub suite: String,
    /// Its name.
    pub name: String,
    /// Why it did not pass, in one line, and what more there is to say; none when it did.
    pub failure: Option<(String, String)>,
    /// Whether it was left out.
    pub skipped: bool,
    /// How often it failed before it passed.
    pub retried: u32,
    /// How long it took.
    pub took: Duration,
    /// What it printed.
    pub printed: String,
    /// The file and the line in which it ended.
    pub place: Option<(String, Option<u32>)>,
    /// What more is known, with names.
    pub properties: Vec<(&'static str, String)>,
}

/// Writes the file.
///
/// # Errors
/// It cannot be written.
pub fn write(path: &Utf8Path, verdicts: &[Verdict]) -> Result<()> {
    let cannot = |e: anyhow::Error| Error::machine(format!("cannot write `{path}`")).because(e);
    let text = report(verdicts).to_string().map_err(|e| cannot(e.into()))?;
    std::fs::write(path, text).map_err(|e| cannot(e.into()))
}

fn report(verdicts: &[Verdict]) -> Report {
    let mut report = Report::new("fudsv");
    let mut suites: Vec<TestSuite> = vec![];
    for verdict in verdicts {
        if suites.last().is_none_or(|last| last.name.as_str() != verdict.suite) {
            suites.push(TestSuite::new(verdict.suite.as_str()));
        }
        if let Some(suite) = suites.last_mut() {
            suite.add_test_case(case(verdict));
        }
    }
    report.add_test_suites(suites);
    report
}

fn case(verdict: &Verdict) -> TestCase {
    let mut case = TestCase::new(verdict.name.as_str(), status(verdict));
    case.set_classname(verdict.suite.as_str()).set_time(verdict.took);
    if let Some((file, line)) = &verdict.place {
        case.extra.insert("file".into(), file.as_str().into());
        line.iter().for_each(|line| drop(case.extra.insert("line".into(), line.to_string().into())));
    }
    for (name, value) in &verdict.properties {
        case.add_property(Property::new(*name, value.as_str()));
    }
    if !verdict.printed.is_empty() {
        case.set_system_out(verdict.printed.as_str());
    }
    case
}

fn status(verdict: &Verdict) -> TestCaseStatus {
    match &verdict.failure {
        _ if verdict.skipped => TestCaseStatus::skipped(),
        Some((message, text)) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(message.as_str());
            if !text.is_empty() {
                status.set_description(text.as_str());
            }
            status
        }
        None => {
            let mut status = TestCaseStatus::success();
            for _ in 0..verdict.retried {
                let mut rerun = TestRerun::new(NonSuccessKind::Failure);
                rerun.set_message("it failed and was tried again");
                status.add_rerun(rerun);
            }
            status
        }
    }
}
