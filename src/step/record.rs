//! The record of a step's last success: its basis, its key, and the files that it made.
//! It does not know whether a record still holds: the runner compares it with the world.

use crate::beneath;
use crate::diag::{Error, Result};
use crate::digest::Digest;
use crate::step::args::Step;
use crate::step::cause::{Cause, Difference, Subject};
use crate::step::key::Basis;
use crate::step::look::{Seen, Site};
use crate::step::names;
use crate::step::shadow::Shadows;
use crate::workdir::replace;
use camino::Utf8Path;
use serde::{Deserialize, Serialize};

/// The version of the format; a file of another version is not a record.
const FORMAT: u32 = 2;

/// The longest record that is read, in bytes.
const LONGEST: u64 = 1 << 30;

/// The record of a step, `.fudsv/steps/NAME.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The version of the format.
    pub format: u32,
    /// The key over the basis.
    pub key: Digest,
    /// The digest of the step's words in the Ninja file.
    pub stated: Option<Digest>,
    /// What the result depends on.
    pub basis: Basis,
    /// Files that could hide those that the step found, and where they would appear. The tool may not have looked there.
    pub shadows: Shadows,
    /// The files that the step made; one without a digest was about to be made when the step was interrupted.
    pub made: Vec<Seen>,
    /// The files that the step added to directories of other steps.
    #[serde(default)]
    pub added: Vec<Seen>,
    /// Why the basis may be wrong; empty if it is certain. If it is not, the step runs again.
    #[serde(default)]
    pub doubts: Vec<Cause>,
    /// The key under which stores have the result, where that is worth remembering.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<Digest>,
}

impl Record {
    /// A record of a success.
    pub fn new(step: &Step, basis: Basis, shadows: Shadows, made: Vec<Seen>) -> Record {
        let key = basis.key();
        Record {
            format: FORMAT,
            key,
            stated: step.stated,
            basis,
            shadows,
            made,
            added: vec![],
            doubts: vec![],
            entry: None,
        }
    }

    /// The record of a step; `None` if it does not exist or is damaged.
    pub fn load(workdir: &Utf8Path, step: &str) -> Option<Record> {
        let bytes = beneath::read(&workdir.join(names::step_file(step, "json")), LONGEST).ok()?;
        serde_json::from_slice::<Record>(&bytes).ok().filter(|record| record.format == FORMAT)
    }

    /// Writes the record as a whole.
    ///
    /// # Errors
    /// The build directory cannot be written.
    pub fn save(&self, step: &str) -> Result<()> {
        let mut bytes = serde_json::to_vec(self)
            .map_err(|e| Error::machine(format!("cannot record step `{step}`")).because(e))?;
        bytes.push(b'\n');
        replace(&names::step_file(step, "json"), &bytes)
    }

    /// What is wrong with the files that the step made; empty if they are unchanged. `now` gets a look at each file: first
    /// those that it made, then those that it added.
    pub fn damage(&self, site: &Site, now: &mut Vec<Seen>) -> Vec<Cause> {
        let made = || self.made.iter().chain(&self.added);
        now.extend(made().map(|made| site.output(&made.path, Some(made))));
        let damaged = made().zip(now.iter()).filter(|(made, now)| !is_intact(made, now));
        let digits = |seen: &Seen| seen.digest.map(|digest| digest.to_string());
        let cause = |(made, now): (&Seen, &Seen)| {
            let how = if now.is_there() { Difference::Changed } else { Difference::Missing };
            Cause {
                before: digits(made),
                after: digits(now),
                ..Cause::new(Subject::Output, how, now.path.as_str())
            }
        };
        damaged.map(cause).collect()
    }
}

fn is_intact(made: &Seen, now: &Seen) -> bool {
    made.digest.is_some() && made.digest == now.digest
}
