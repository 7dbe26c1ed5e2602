//! One message of Verilator, as data.
//! It does not know how it is read, nor in which form it is shown.

use serde::Serialize;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The design cannot be used.
    Error,
    /// The design may be wrong.
    Warning,
}

/// One message of Verilator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Verilator's name for it, such as `WIDTH`; a syntax error has no name.
    pub code: Option<String>,
    /// The file, as Verilator names it.
    pub file: Option<String>,
    /// Line, from 1.
    pub line: Option<u32>,
    /// Column, from 1.
    pub column: Option<u32>,
    /// What is wrong: the first line.
    pub message: String,
    /// The lines below it: more of the message, the line of the source and the mark under it.
    pub context: Vec<String>,
}

impl Diagnostic {
    /// As Verilator says it.
    pub fn text(&self) -> String {
        let kind = if self.severity == Severity::Error { "Error" } else { "Warning" };
        let code = self.code.as_ref().map(|code| format!("-{code}")).unwrap_or_default();
        let mut place = self.file.clone().unwrap_or_default();
        for number in self.line.into_iter().chain(self.column) {
            place.push_str(&format!(":{number}"));
        }
        let place = if place.is_empty() { place } else { format!("{place}: ") };
        let context: String = self.context.iter().map(|line| format!("{line}\n")).collect();
        format!("%{kind}{code}: {place}{}\n{context}", self.message)
    }
}

/// How many are errors, and how many are warnings.
pub fn count(diagnostics: &[Diagnostic]) -> (usize, usize) {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    (errors, diagnostics.len() - errors)
}
