//! Keeps passed runs in a store, so that other build directories, checkouts and machines can take them.
//! It does not know what the store is.

use super::basis::{Basis, Looker, declared};
use super::job::Job;
use super::record::Record;
use crate::diag::Result;
use crate::digest::Digest;
use crate::facts::Stat;
use crate::parts::Part;
use crate::shelf::{LONGEST_LOG, Shelf, StoredFile, StoredResult, Wanted};
use crate::step::Seen;
use crate::workdir::names::temporary_name;
use camino::{Utf8Path, Utf8PathBuf};
use std::fs;

/// What a run found, as names for a store.
fn names(basis: &Basis) -> Vec<String> {
    let mut names: Vec<String> = vec![];
    names.extend(basis.read.iter().map(|seen| format!("read:{}", seen.path)));
    names.extend(basis.absent.iter().map(|path| format!("absent:{path}")));
    names.extend(basis.written.iter().map(|path| format!("written:{path}")));
    names.extend(basis.variables.keys().map(|name| format!("variable:{name}")));
    names
}

/// The basis that these names describe, without the contents of its files.
fn basis(names: &[String]) -> Basis {
    let mut basis = Basis::default();
    for (what, name) in names.iter().filter_map(|name| name.split_once(':')) {
        match what {
            "read" => basis.read.push(Seen::unknown(name.into())),
            "absent" => basis.absent.push(name.into()),
            "written" => basis.written.push(name.into()),
            "variable" => drop(basis.variables.insert(name.to_owned(), None)),
            _ => {}
        }
    }
    basis
}

/// What a run depends on before it reads anything.
fn parts(job: &Job, program: &Seen, looker: &Looker) -> Vec<Part<'static>> {
    declared(job.kind.name(), (&job.args, &job.settings()), &job.expect.to_string(), program.digest, looker)
}

/// Takes a pass out of the store: its record, and its log in its place. Warnings go to `warn`.
pub fn fetch(
    job: &Job,
    program: &Seen,
    looker: &Looker,
    shelf: &dyn Shelf,
    warn: &dyn Fn(&str),
) -> Option<Record> {
    let parts = parts(job, program, looker);
    let temporary = job.dir.join(temporary_name("result"));
    let complete =
        |found: &[String]| -> Option<Vec<Part<'static>>> { Some(basis(found).now(job, looker)?.found()) };
    let place = |output: usize, name: &Utf8Path| -> Option<Utf8PathBuf> {
        (output == 0 && name.as_str().is_empty()).then(|| temporary.clone())
    };
    let subject = subject(job);
    fs::remove_file(&temporary).unwrap_or_default();
    let fetched = shelf.fetch(&Wanted {
        subject: &subject,
        parts: &parts,
        finds: true,
        complete: &complete,
        place: &place,
    });
    let fetched = fetched?;
    fetched.warnings.iter().for_each(|warning| warn(warning));
    let bytes = fs::read(&temporary);
    fs::remove_file(&temporary).unwrap_or_default();
    let replay = fetched.result?;
    let record = Record::parse(&bytes.ok()?)?;
    let is_slower = job.timeout.is_some_and(|limit| record.seconds > limit.as_secs_f64());
    if is_slower || record.verdict != "passed" || fs::write(job.log(), &replay.log).is_err() {
        return None;
    }
    let mut found = basis(&replay.found).now(job, looker)?;
    found.program = Some(program.clone());
    Some(Record {
        name: job.name.clone(),
        repeat: job.repeat.clone(),
        basis: found,
        log: Some(Digest::of_bytes(&replay.log)),
        log_stat: Stat::of(&job.log()),
        ..record
    })
}

/// Keeps a pass.
///
/// # Errors
/// The store cannot be written.
pub fn keep(job: &Job, record: &Record, looker: &Looker, shelf: &dyn Shelf) -> Result<()> {
    let is_too_long = fs::metadata(job.log()).is_ok_and(|meta| meta.len() > LONGEST_LOG);
    let Some(program) = record.basis.program.as_ref().filter(|_| !is_too_long) else { return Ok(()) };
    let log = fs::read(job.log()).unwrap_or_default();
    let without_place = Record { history: vec![], log_stat: None, basis: Basis::default(), ..record.clone() };
    let bytes = without_place.text()?;
    let temporary = job.dir.join(temporary_name("kept"));
    if fs::write(&temporary, &bytes).is_err() {
        return Ok(());
    }
    let file =
        StoredFile { path: temporary.clone(), output: 0, name: "".into(), digest: Digest::of_bytes(&bytes) };
    let parts = parts(job, program, looker);
    let kept = shelf.keep(&StoredResult {
        subject: &subject(job),
        parts: &parts,
        found: &names(&record.basis),
        completing: &record.basis.found(),
        files: &[file],
        log: &log,
    });
    fs::remove_file(&temporary).unwrap_or_default();
    kept.map(drop)
}

fn subject(job: &Job) -> String {
    format!("run of {}", job.name)
}
