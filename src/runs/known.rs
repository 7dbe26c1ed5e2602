//! Tells whether the record of an earlier run still holds, and if not, what differs.
//! It does not know how a run is executed.

use super::basis::{Basis, Looker, declared};
use super::job::Job;
use super::record::Record;
use crate::parts;

/// Why the record of an earlier run no longer holds; `None` if it holds.
pub fn why(job: &Job, record: &Record, looker: &Looker) -> Option<String> {
    if record.verdict != "passed" {
        return Some(format!("it {} last time", past(&record.verdict)));
    }
    if let Some(why) = &record.not_kept {
        return Some(why.clone());
    }
    if job.timeout.is_some_and(|limit| record.seconds > limit.as_secs_f64()) {
        return Some("it took longer than its limit allows now".to_owned());
    }
    if !record.has_log(&job.log()) {
        return Some("its log was changed".to_owned());
    }
    if job.waves_file().is_some_and(|waves| !waves.exists()) {
        return Some("its waveforms are missing".to_owned());
    }
    differs(job, record, looker)
}

fn past(verdict: &str) -> String {
    match verdict {
        "crashed" | "failed" | "timed out" => verdict.to_owned(),
        other => format!("was {other}"),
    }
}

/// The first difference between the present basis of the run and the recorded one.
fn differs(job: &Job, record: &Record, looker: &Looker) -> Option<String> {
    let Some(now) = record.basis.now(job, looker) else {
        return Some("a file that it wrote is missing".to_owned());
    };
    let program = |basis: &Basis| basis.program.as_ref().and_then(|seen| seen.digest);
    let expected = job.expect.to_string();
    let then = record.expected.clone().unwrap_or_else(|| "passed".to_owned());
    let kind = job.kind.name();
    let mut new = declared(kind, (&job.args, &job.settings()), &expected, program(&now), looker);
    let then_words = (record.arguments.as_slice(), record.settings.as_slice());
    let mut old = declared(kind, then_words, &then, program(&record.basis), looker);
    new.extend(now.found());
    old.extend(record.basis.found());
    parts::difference(&new, &old)
}
