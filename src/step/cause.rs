//! Describes a reason why a step runs, for people and programs.
//! It does not know how a reason is found.

use crate::digest::Digest;
use crate::parts::{self, Change};
use serde::{Deserialize, Serialize};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::fmt;

/// A longer piece of a command is cut in messages; programs get all of it.
const LONGEST_PIECE: usize = 200;

/// The subject of a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The step itself.
    Step,
    /// Its commands.
    Command,
    /// Where they run.
    WorkingDirectory,
    /// Its declared outputs.
    Outputs,
    /// The dependency file of its tool.
    DependencyFile,
    /// A variable that the step sets.
    Setting,
    /// A variable that it reads.
    Variable,
    /// The processor for which the step makes code.
    Processor,
    /// A tool that it uses.
    Tool,
    /// A file that it reads.
    Input,
    /// A file that hides one that it reads.
    HidingFile,
    /// The order of the files that it reads.
    OrderOfInputs,
    /// A file that it made.
    Output,
    /// The results of an earlier step.
    Results,
}

/// What happened to the subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Difference {
    /// It has no record.
    New,
    /// It changed.
    Changed,
    /// It is missing.
    Missing,
    /// It is new in the request.
    Added,
    /// The request no longer contains it.
    Removed,
    /// It is not known yet.
    MayChange,
}

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// The subject.
    pub what: Subject,
    /// The difference.
    pub how: Difference,
    /// The name: a file relative to the build directory, a variable, a tool, or a step.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The old value: commands, a version, a digest. `None` if it is not known or secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The new value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl Cause {
    /// The cause for a difference in what the result depends on.
    pub fn of(change: &Change) -> Cause {
        let what = match change.what.as_str() {
            "command" => Subject::Command,
            "working directory" => Subject::WorkingDirectory,
            "list of outputs" => Subject::Outputs,
            "dependency file" => Subject::DependencyFile,
            "setting" => Subject::Setting,
            "variable" => Subject::Variable,
            "processor" => Subject::Processor,
            "order of inputs" => Subject::OrderOfInputs,
            "tool" => Subject::Tool,
            _ => Subject::Input,
        };
        let how = match change.how {
            parts::ChangeKind::Changed => Difference::Changed,
            parts::ChangeKind::Missing => Difference::Missing,
            parts::ChangeKind::Added => Difference::Added,
            parts::ChangeKind::Removed => Difference::Removed,
        };
        Cause::new(what, how, change.name.as_str())
    }

    /// A cause without values.
    pub fn new(what: Subject, how: Difference, name: impl Into<String>) -> Cause {
        Cause { what, how, name: name.into(), before: None, after: None }
    }

    /// The step has no record.
    pub fn new_step() -> Cause {
        Cause::new(Subject::Step, Difference::New, "")
    }

    /// The text without the values: ``input changed: a.sv``.
    pub fn short(&self) -> String {
        let what = match self.what {
            Subject::Step => return "new".to_owned(),
            Subject::Command => "command",
            Subject::WorkingDirectory => "working directory",
            Subject::Outputs => "list of outputs",
            Subject::DependencyFile => "dependency file",
            Subject::Setting => "setting",
            Subject::Variable => "variable",
            Subject::Processor => "processor",
            Subject::Tool => "tool",
            Subject::Input => "input",
            Subject::HidingFile => "hiding file",
            Subject::OrderOfInputs => "order of inputs",
            Subject::Output => "output",
            Subject::Results => "results of a step",
        };
        let how = match self.how {
            Difference::New => "new",
            Difference::Changed => "changed",
            Difference::Missing => "missing",
            Difference::Added => "added",
            Difference::Removed => "removed",
            Difference::MayChange => "may change",
        };
        if self.name.is_empty() { format!("{what} {how}") } else { format!("{what} {how}: {}", self.name) }
    }
}

/// The text with the old and the new value. Digests are shown only in the alternate form (`{:#}`).
impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.short())?;
        match (self.what, &self.before, &self.after) {
            (Subject::Command, Some(before), Some(after)) => write!(f, ": {}", difference(before, after)),
            (Subject::Input | Subject::Output, before, after) if f.alternate() => {
                let parts = [("was", before), ("is", after)];
                let parts = parts
                    .iter()
                    .filter_map(|(verb, digest)| Some(format!("{verb} {}", short(digest.as_ref()?))));
                let parts: Vec<String> = parts.collect();
                if parts.is_empty() { Ok(()) } else { write!(f, " ({})", parts.join(", ")) }
            }
            (Subject::Tool | Subject::WorkingDirectory, Some(before), Some(after)) if before != after => {
                write!(f, " ({before} → {after})")
            }
            (Subject::Tool, Some(_), Some(same)) => write!(f, " (still {same})"),
            _ => Ok(()),
        }
    }
}

/// Enough digits to distinguish two contents.
fn short(digest: &str) -> String {
    digest.parse::<Digest>().map_or_else(|_| digest.to_owned(), |digest| digest.short(8))
}

/// The words in which two commands differ: `-O1 → -O2, added -g`.
fn difference(before: &str, after: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) =
        (before.split_whitespace().collect(), after.split_whitespace().collect());
    let hunks = capture_diff_slices(Algorithm::Myers, &old, &new).into_iter().filter_map(|op| {
        let (was, is) = (cut(&old[op.old_range()].join(" ")), cut(&new[op.new_range()].join(" ")));
        match op {
            DiffOp::Equal { .. } => None,
            DiffOp::Delete { .. } => Some(format!("removed {was}")),
            DiffOp::Insert { .. } => Some(format!("added {is}")),
            DiffOp::Replace { .. } => Some(format!("{was} → {is}")),
        }
    });
    let hunks: Vec<String> = hunks.collect();
    if hunks.is_empty() { "only blanks differ".to_owned() } else { hunks.join(", ") }
}

fn cut(piece: &str) -> String {
    match piece.char_indices().nth(LONGEST_PIECE) {
        Some((at, _)) => format!("{}…", &piece[..at]),
        None => piece.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(before: &str, after: &str) -> String {
        let (before, after) = (Some(before.to_owned()), Some(after.to_owned()));
        Cause { before, after, ..Cause::new(Subject::Command, Difference::Changed, "") }.to_string()
    }

    #[test]
    fn a_changed_command_says_which_words() {
        assert_eq!(command("cc -O1 a.c", "cc -O2 a.c"), "command changed: -O1 → -O2");
        assert_eq!(command("cc a.c -g", "cc -Wall a.c"), "command changed: added -Wall, removed -g");
        assert_eq!(command("cc  a.c", "cc a.c"), "command changed: only blanks differ");
    }

    #[test]
    fn a_changed_file_says_what_it_was_where_that_is_asked_for() {
        let digest = Digest::of_bytes(b"1").to_string();
        let cause = Cause { before: Some(digest), ..Cause::new(Subject::Input, Difference::Missing, "a.sv") };
        assert_eq!(cause.to_string(), "input missing: a.sv");
        assert_eq!(format!("{cause:#}"), "input missing: a.sv (was 6b86b273)");
    }

    #[test]
    fn a_changed_tool_says_its_versions() {
        let tool = |before: &str, after: &str| {
            let (before, after) = (Some(before.to_owned()), Some(after.to_owned()));
            Cause { before, after, ..Cause::new(Subject::Tool, Difference::Changed, "cxx") }.to_string()
        };
        assert_eq!(tool("12.2.0", "13.1.0"), "tool changed: cxx (12.2.0 → 13.1.0)");
        assert_eq!(tool("12.2.0", "12.2.0"), "tool changed: cxx (still 12.2.0)");
    }
}
