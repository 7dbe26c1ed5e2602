//! Which steps a build of a request would run, and why: it plans, and asks `step`.
//! It does not know how causes are found.

use super::emit::{Emitted, emit};
use super::freshness::{Outdated, outdated};
use super::generate::read_stdin;
use super::open::Session;
use super::precompiled;
use super::tell::Tell;
use crate::diag::Result;
use crate::paths::WorkPath;
use crate::step::args::Step;
use crate::step::explain::{ExplainedStep, Node, explain as look};
use crate::step::{DatabaseFiles, Site};
use crate::workdir::{Workdir, names};
use camino::Utf8PathBuf;

/// What a build would do.
pub struct Explanation {
    /// What would be built.
    pub emitted: Emitted,
    /// Why the Ninja file would be written; `None` if it is up to date.
    pub outdated: Option<Outdated>,
    /// The steps that would run.
    pub steps: Vec<ExplainedStep>,
}

/// Looks at everything that a build of this request would look at.
///
/// # Errors
/// Whatever is wrong with the request.
pub fn explain(session: &Session, tell: &mut dyn Tell) -> Result<Explanation> {
    let workdir = Workdir::existing(&session.places.workdir);
    session.databases.say(&session.places.root, tell);
    let stdin = read_stdin(session)?;
    let emitted = emit(session, tell)?;
    let mut site = site(&workdir, &emitted);
    site.standing = DatabaseFiles::of(&precompiled::places_of(session));
    site.coming.extend(stdin.map(|bytes| (Utf8PathBuf::from(names::STDIN), bytes)));
    let outdated = outdated(session, &workdir)?;
    let steps = look(&nodes(&emitted)?, &wanted(&emitted), &session.facts.env().vars, &site);
    Ok(Explanation { emitted, outdated, steps })
}

fn site(workdir: &Workdir, emitted: &Emitted) -> Site {
    let written = emitted.written().map(|(path, content)| (path.as_path().to_owned(), content.to_vec()));
    Site { workdir: workdir.path().to_owned(), coming: written.collect(), ..Site::default() }
}

fn nodes(emitted: &Emitted) -> Result<Vec<Node>> {
    let paths = |paths: &[WorkPath]| paths.iter().map(|path| path.as_path().to_owned()).collect();
    let nodes = emitted.steps.iter();
    nodes
        .map(|step| Ok(Node { step: Step::parse(&step.words)?, waits_for: paths(&step.waits_for) }))
        .collect()
}

fn wanted(emitted: &Emitted) -> Vec<Utf8PathBuf> {
    let results = emitted.results.iter().map(|result| &result.path);
    let for_themselves = emitted.steps.iter().filter(|step| step.for_itself);
    let marks = for_themselves.flat_map(|step| step.targets.iter().map(|target| &target.path));
    results.chain(marks).map(|path| path.as_path().to_owned()).collect()
}
