//! The result that a design expects of its runs: `passed`, or the failure that a checker must find.
//! It does not know how a run ended.

use crate::diag::{Error, Result, did_you_mean};
use regex_lite::Regex;
use std::fmt;

/// The ends that may be expected, each with its verdict.
const KINDS: [(&str, &str); 8] = [
    ("passed", "passed"),
    ("failed", "failed"),
    ("fatal", "failed"),
    ("error", "failed"),
    ("stop", "failed"),
    ("memory-file", "failed"),
    ("timed-out", "timed out"),
    ("crashed", "crashed"),
];

/// The expected result of a run.
#[derive(Clone, Debug)]
pub struct Expect {
    kind: &'static str,
    verdict: &'static str,
    message: Option<Regex>,
}

impl Default for Expect {
    fn default() -> Expect {
        Expect { kind: "passed", verdict: "passed", message: None }
    }
}

impl fmt::Display for Expect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.message {
            None => f.write_str(self.kind),
            Some(message) => write!(f, "{}: /{message}/", self.kind),
        }
    }
}

impl Expect {
    /// Reads `failed`, `fatal`, `fatal: /text/`.
    ///
    /// # Errors
    /// An unknown kind of end, or an invalid pattern.
    pub fn parse(text: &str) -> Result<Expect> {
        let (name, pattern) = match text.split_once(':') {
            Some((name, pattern)) => (name.trim(), Some(pattern.trim())),
            None => (text.trim(), None),
        };
        let Some((kind, verdict)) = KINDS.iter().find(|(kind, _)| *kind == name) else {
            let known = KINDS.map(|(kind, _)| kind);
            return Err(Error::request(format!("`{name}` is not an end of a run"))
                .hint(format!("write one of {}", known.join(", ")))
                .maybe_hint(did_you_mean(name, known)));
        };
        let message = pattern.map(|pattern| {
            let inner = pattern.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
            let inner = inner.ok_or_else(|| {
                Error::request(format!("`{pattern}` is not a pattern"))
                    .hint(format!("write it as `{name}: /{pattern}/`"))
            })?;
            Regex::new(inner).map_err(|e| Error::request(format!("`/{inner}/` is not a pattern")).because(e))
        });
        Ok(Expect { kind, verdict, message: message.transpose()? })
    }

    /// Whether the run is expected to pass.
    pub fn is_plain(&self) -> bool {
        self.kind == "passed" && self.message.is_none()
    }

    /// Whether a run with this verdict, kind of end and message meets the expectation.
    pub fn is_met(&self, verdict: &str, kind: &str, message: &str) -> bool {
        let is_kind = self.kind.replace('-', " ") == self.verdict || self.kind == kind;
        verdict == self.verdict && is_kind && self.message.as_ref().is_none_or(|text| text.is_match(message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_that_is_expected_is_met_by_its_kind_and_message() {
        let met = |text: &str, verdict: &str, kind: &str, message: &str| {
            Expect::parse(text).unwrap().is_met(verdict, kind, message)
        };
        assert!(met("passed", "passed", "finish", ""));
        assert!(!met("passed", "failed", "fatal", ""));
        assert!(met("failed", "failed", "fatal", "x") && !met("failed", "passed", "finish", "x"));
        assert!(met("fatal", "failed", "fatal", "x") && !met("fatal", "failed", "error", "x"));
        assert!(met("fatal: /at [0-9]+/", "failed", "fatal", "gave up at 7"));
        assert!(!met("fatal: /at [0-9]+/", "failed", "fatal", "gave up"));
        assert!(met("timed-out", "timed out", "max-time", "") && !met("failed", "timed out", "", ""));
    }

    #[test]
    fn what_cannot_be_expected_is_said() {
        let said = |text: &str| Expect::parse(text).unwrap_err().to_string();
        assert!(
            said("fial").contains("did you mean `failed`?")
                || said("faild").contains("did you mean `failed`?")
        );
        assert!(said("fatal: text").contains("write it as `fatal: /text/`"));
        assert!(said("fatal: /(/").contains("`/(/` is not a pattern"));
    }
}
