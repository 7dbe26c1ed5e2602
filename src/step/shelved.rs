//! Takes the result of a step from a shelf, or keeps it there.
//! It does not know what the shelf is, nor how files are published.

use crate::diag::Result;
use crate::digest::Digest;
use crate::parts::Part;
use crate::shelf::{Fetched, LONGEST_LOG, Place, StoredFile, StoredResult, Wanted};
use crate::step::args::Step;
use crate::step::commands;
use crate::step::key::{self, Basis, Called as _};
use crate::step::look::{Seen, Site};
use crate::step::names;
use crate::step::outputs::Attempt;
use crate::step::portable::PortableNames;
use crate::step::shadow::Shadows;
use camino::{Utf8Path, Utf8PathBuf};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fs;

/// A step and the part of its key that is known before it runs.
pub struct Shelved<'a> {
    step: &'a Step,
    place: &'a Place,
    site: Site,
    variables: &'a BTreeMap<String, String>,
    subject: String,
    called: PortableNames<'a>,
    parts: Vec<Part<'static>>,
    /// The files that were looked at so far to complete keys.
    seen: RefCell<HashMap<Utf8PathBuf, Seen>>,
}

impl<'a> Shelved<'a> {
    /// `None` if the step must not use a shelf: it is not `cached`, has the terminal, or an input is missing. `basis` is
    /// the step's basis as looked at from this site.
    pub fn new(
        step: &'a Step,
        basis: &Basis,
        variables: &'a BTreeMap<String, String>,
        (place, site): (&'a Place, Site),
    ) -> Option<Shelved<'a>> {
        if !step.cached || step.console {
            return None;
        }
        let lacks = |seen: &Seen| seen.digest.is_none();
        let called =
            PortableNames::of(step, place.renames.clone()).filter(|_| !basis.inputs.iter().any(lacks))?;
        let parts = basis.declared(&called);
        let seen = basis.found.iter().map(|seen| (seen.path.clone(), seen.clone())).collect();
        let (subject, seen) = (step.name.clone(), RefCell::new(seen));
        Some(Shelved { step, place, site, variables, subject, called, parts, seen })
    }

    /// Asks for the result. The shelf writes its files where the attempt wants them.
    pub fn fetch(&self, attempt: &Attempt) -> Option<Fetched> {
        self.place.shelf.fetch(&Wanted {
            subject: &self.subject,
            parts: &self.parts,
            finds: !self.step.depfiles.is_empty(),
            complete: &|found| self.complete(found),
            place: &|output, name| attempt.place(output, name),
        })
    }

    /// Looks at the files with these names in this build directory.
    pub fn found(&self, names: &[String]) -> Vec<Seen> {
        let mut found: Vec<Seen> = names.iter().map(|name| self.look(&self.called.path(name))).collect();
        found.sort_by(|one, other| one.path.cmp(&other.path));
        found
    }

    /// Keeps a result that certainly belongs to these inputs. A result with links is not kept, since they may lead
    /// anywhere. A result with a very long log is not kept either. Returns its key, where that is worth remembering.
    ///
    /// # Errors
    /// The shelf cannot be written.
    pub fn keep(&self, basis: &Basis, made: &[Seen]) -> Result<Option<Digest>> {
        let mut found: Vec<String> = basis.found.iter().map(|seen| self.called.file(&seen.path)).collect();
        // Sort by name, because the order of the paths depends on where the build directory is.
        found.sort();
        self.seen.borrow_mut().extend(basis.found.iter().map(|seen| (seen.path.clone(), seen.clone())));
        let files: Option<Vec<StoredFile>> =
            made.iter().filter(|seen| !self.is_list(seen)).map(|seen| self.file(seen)).collect();
        let Some((files, completing)) = files.zip(self.complete(&found)) else { return Ok(None) };
        let log = commands::log(self.step);
        if log.as_ref().is_some_and(|log| fs::metadata(log).is_ok_and(|meta| meta.len() > LONGEST_LOG)) {
            return Ok(None);
        }
        let log = log.and_then(|path| fs::read(path).ok()).unwrap_or_default();
        self.place.shelf.keep(&StoredResult {
            subject: &self.subject,
            parts: &self.parts,
            found: &found,
            completing: &completing,
            files: &files,
            log: &log,
        })
    }

    /// The second part of the key: the files that were found, and the files that would be found instead of them.
    fn complete(&self, found: &[String]) -> Option<Vec<Part<'static>>> {
        let paths: Vec<Utf8PathBuf> = found.iter().map(|name| self.called.path(name)).collect();
        let mut parts: Vec<_> = paths.iter().map(|path| key::part(&self.called, &self.look(path))).collect();
        let hiding = Shadows::look(self.step, &paths, Utf8Path::new(""), self.variables).files;
        parts.extend(hiding.iter().map(|path| Part::new("hiding file", self.called.file(path), None)));
        Some(parts)
    }

    fn look(&self, path: &Utf8Path) -> Seen {
        let mut seen = self.seen.borrow_mut();
        seen.entry(path.to_owned()).or_insert_with(|| self.site.input(path, None)).clone()
    }

    /// Whether it is the list of a directory. Lists are not kept, because they are made again.
    fn is_list(&self, seen: &Seen) -> bool {
        self.step.outputs.iter().any(|output| output.path.join(names::SUMS) == seen.path)
    }

    /// `None` for anything but a plain file or an empty directory. The name of a directory ends in a slash.
    fn file(&self, seen: &Seen) -> Option<StoredFile> {
        let meta = fs::symlink_metadata(&seen.path).ok()?;
        let below = |(number, output): (usize, &crate::step::args::Output)| {
            let name = seen.path.strip_prefix(&output.path).ok()?;
            (!output.directory || !name.as_str().is_empty()).then(|| (number, name.to_owned()))
        };
        let (output, name) = self.step.outputs.iter().enumerate().find_map(below)?;
        let path = seen.path.clone();
        match (meta.is_file(), meta.is_dir()) {
            (true, _) => Some(StoredFile { path, output, name, digest: seen.digest? }),
            (_, true) => {
                let (name, digest) = (format!("{name}/").into(), Digest::of_bytes(b""));
                Some(StoredFile { path, output, name, digest })
            }
            _ => None,
        }
    }
}
