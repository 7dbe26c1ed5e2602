//! Compares a step as it is now with its last success.
//! It does not know what follows: the runner acts on the result, `explain` shows it.

use crate::step::args::Step;
use crate::step::cause::{Cause, Difference, Subject};
use crate::step::key::Basis;
use crate::step::look::{Seen, Site};
use crate::step::record::Record;
use crate::step::shadow::Shadows;
use camino::Utf8PathBuf;
use std::collections::BTreeMap;

/// The result of a look at a step.
pub struct StepState {
    /// What a result would depend on now.
    pub basis: Basis,
    /// What hides the files that it read last time.
    pub shadows: Shadows,
    /// The files that it made last time, and those that it added to directories of other steps.
    pub made: Vec<Seen>,
    /// All reasons to run; empty if the step need not run.
    pub why: Vec<Cause>,
}

impl StepState {
    /// Looks at everything that a step reads and has made; `old` is its last success.
    pub fn look(
        step: &Step,
        old: Option<&Record>,
        variables: &BTreeMap<String, String>,
        site: &Site,
    ) -> StepState {
        let basis = Basis::look(step, old.map(|old| &old.basis), variables, site);
        let mut now = StepState { basis, shadows: Shadows::default(), made: vec![], why: vec![] };
        match old {
            None => now.why.push(Cause::new_step()),
            Some(old) => {
                now.why.extend(now.basis.differences(&old.basis));
                let is_told = |doubt: &&Cause| {
                    now.why.iter().any(|cause| (cause.what, &cause.name) == (doubt.what, &doubt.name))
                };
                let doubts: Vec<Cause> = old.doubts.iter().filter(|doubt| !is_told(doubt)).cloned().collect();
                now.why.extend(doubts);
                now.look_for_shadows(step, old, site, variables);
                now.why.extend(old.damage(site, &mut now.made));
            }
        }
        now
    }

    /// A file that no longer hides another is not a reason to run: either the step did not read it, or its absence is a
    /// reason by itself.
    fn look_for_shadows(
        &mut self,
        step: &Step,
        old: &Record,
        site: &Site,
        variables: &BTreeMap<String, String>,
    ) {
        if old.shadows.hold(&site.workdir) {
            self.shadows = old.shadows.clone();
            return;
        }
        let found: Vec<Utf8PathBuf> = old.basis.found.iter().map(|seen| seen.path.clone()).collect();
        self.shadows = Shadows::look(step, &found, &site.workdir, variables);
        let new = self.shadows.files.iter().filter(|path| !old.shadows.files.contains(path));
        self.why.extend(new.map(|path| Cause::new(Subject::HidingFile, Difference::Added, path.as_str())));
    }

    /// Whether a new record would be better than the old one because it has other stats.
    pub fn is_fresher_than(&self, old: &Record) -> bool {
        let now = self.basis.seen().chain(&self.made);
        let then = old.basis.seen().chain(&old.made).chain(&old.added);
        self.shadows != old.shadows || now.zip(then).any(|(now, then)| now.is_fresher_than(then))
    }
}
