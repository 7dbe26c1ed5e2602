//! The outcome of a run, in the words of its record.
//! It does not know which outcome was expected, nor how it is shown.

use crate::run::{End, Verdict};
use camino::Utf8PathBuf;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The outcome of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// `passed`, `failed`, `timed out`, `crashed`, `interrupted`.
    pub ended: String,
    /// What ended it, such as `fatal`; empty if not known.
    pub kind: String,
    /// Its message.
    pub message: String,
    /// The source file, under the name that it had when the program was built: relative to the project's root.
    pub file: Option<Utf8PathBuf>,
    /// Line, from 1.
    pub line: Option<u32>,
    /// Simulated time with its unit.
    pub time: Option<String>,
}

/// The word for a run that a time limit ended.
pub const TIMED_OUT: &str = "timed out";

impl Outcome {
    /// The outcome of a run that ended so; `limit` is its time limit.
    pub fn of(end: &End, limit: Option<Duration>) -> Outcome {
        let of =
            |ended: &str, message: String| Outcome { ended: ended.to_owned(), message, ..Outcome::default() };
        match end {
            End::Interrupted => of("interrupted", String::new()),
            End::TimedOut => {
                of(TIMED_OUT, format!("after {}", humantime::format_duration(limit.unwrap_or_default())))
            }
            End::Exited(0) => of("passed", "exited with 0".to_owned()),
            End::Exited(code @ ..129) => of("failed", format!("exited with {code}")),
            End::Silent(code @ 129..) | End::Exited(code) => {
                of("crashed", format!("by signal {}", code - 128))
            }
            End::Silent(code) => of("failed", format!("exited with {code} and left no verdict")),
            End::Verdict(verdict) => Outcome::said(verdict),
        }
    }

    fn said(verdict: &Verdict) -> Outcome {
        let Verdict { status, kind, message, file, line, time, .. } = verdict;
        let time = time.as_ref().map(|time| match time.as_str() {
            Some(text) => text.to_owned(),
            None => time.to_string(),
        });
        Outcome {
            ended: if status == "timeout" { TIMED_OUT.to_owned() } else { status.clone() },
            kind: kind.clone().unwrap_or_default(),
            message: message.as_deref().unwrap_or_default().trim().to_owned(),
            file: file.as_deref().filter(|file| !file.is_empty()).map(Utf8PathBuf::from),
            line: line.filter(|line| *line > 0),
            time,
        }
    }

    /// Whether another run had the same outcome at the same simulated time.
    pub fn is_same(&self, other: &Outcome) -> bool {
        self == other
    }
}
