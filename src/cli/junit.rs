//! Verdicts as the XML that CI servers read, in the form of JUnit.
//! It does not know what was tested.

use crate::diag::{Error, Result};
use camino::Utf8Path;
use std::time::Duration;

/// A test and what became of it.
pub struct Verdict {
    /// Its name.
    pub name: String,
    /// Why it did not pass, in one line, and what more there is to say; none when it did.
    pub failure: Option<(String, String)>,
    /// How long it took.
    pub took: Duration,
    /// What it printed.
    pub printed: String,
}

/// Writes the file.
///
/// # Errors
/// It cannot be written.
pub fn write(path: &Utf8Path, verdicts: &[Verdict]) -> Result<()> {
    std::fs::write(path, text(verdicts))
        .map_err(|e| Error::machine(format!("cannot write `{path}`")).because(e))
}

fn text(verdicts: &[Verdict]) -> String {
    let failed = verdicts.iter().filter(|verdict| verdict.failure.is_some()).count();
    let cases: String = verdicts.iter().map(case).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite name=\"fudsv\" tests=\"{}\" \
         failures=\"{failed}\">\n{cases}</testsuite>\n</testsuites>\n",
        verdicts.len()
    )
}

fn case(Verdict { name, failure, took, printed }: &Verdict) -> String {
    let failure = match failure {
        None => String::new(),
        Some((message, text)) if text.is_empty() => format!("<failure message=\"{}\"/>", xml(message)),
        Some((message, text)) => format!("<failure message=\"{}\">{}</failure>", xml(message), xml(text)),
    };
    format!(
        "<testcase name=\"{}\" time=\"{:.3}\">{failure}<system-out>{}</system-out></testcase>\n",
        xml(name),
        took.as_secs_f64(),
        xml(printed)
    )
}

/// Text in XML: what has a meaning there is escaped, what is not allowed there becomes `?`.
fn xml(text: &str) -> String {
    let escaped = |c: char| match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\n' | '\t' => c.to_string(),
        c if c.is_control() => "?".to_owned(),
        c => c.to_string(),
    };
    text.chars().map(escaped).collect()
}
