//! Keeps recorded results of steps in another place, such as a precompiled database.
//! It does not know databases and runs nothing. It is called in the build directory, under its lock.

use crate::diag::Result;
use crate::digest::Digest;
use crate::shelf::Place;
use crate::step::args::Step;
use crate::step::key::Basis;
use crate::step::look::Site;
use crate::step::names;
use crate::step::portable;
use crate::step::record::Record;
use crate::step::shelved::Shelved;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeMap;

/// A step, and whether its result was kept.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its name.
    pub step: String,
    /// The digest of its words in the Ninja file.
    pub stated: Option<Digest>,
    /// Why its result was not kept; `None` if it was.
    pub left_out: Option<&'static str>,
    /// The key of the result, where it was kept.
    pub key: Option<Digest>,
    /// The files that it read and that no step made, relative to the build directory, and whether it declares each.
    pub read: Vec<(Utf8PathBuf, Digest, bool)>,
}

/// Keeps the result of the step with these words. `skips` returns why an output must not be kept, if so.
///
/// # Errors
/// The words are not those of a step, or the place cannot be written.
pub fn keep(
    words: &[String],
    variables: &BTreeMap<String, String>,
    place: &Place,
    skips: &dyn Fn(&Utf8Path) -> Option<&'static str>,
) -> Result<Recorded> {
    let step = Step::parse(words)?;
    let mut recorded =
        Recorded { step: step.name.clone(), stated: step.stated, left_out: None, key: None, read: vec![] };
    let Some(record) = Record::load(Utf8Path::new(""), &step.name) else {
        return Ok(Recorded { left_out: Some("it has not run"), ..recorded });
    };
    let is_foreign = |path: &Utf8Path| !names::is_inside(path);
    let declared = record.basis.inputs.iter().map(|seen| (seen, true));
    let others = record.basis.named.iter().chain(&record.basis.found).map(|seen| (seen, false));
    let read = declared.chain(others).filter(|(seen, _)| is_foreign(&seen.path));
    recorded.read =
        read.filter_map(|(seen, declares)| Some((seen.path.clone(), seen.digest?, declares))).collect();
    let basis = Basis::look(&step, Some(&record.basis), variables, &Site::here());
    let is_another = record.stated != step.stated
        || !record.doubts.is_empty()
        || !basis.differences(&record.basis).is_empty()
        || !record.damage(&Site::here(), &mut vec![]).is_empty();
    recorded.left_out = match () {
        () if !step.cached || step.console => Some("it is not `cached`"),
        () if portable::is_tied(&step) => Some("its result depends on the place where it was made"),
        () if !record.added.is_empty() => Some("it adds files to what another step made"),
        () if is_another => Some("it has not run since something that it depends on changed"),
        () => step.outputs.iter().find_map(|output| skips(&output.path)),
    };
    if recorded.left_out.is_some() {
        return Ok(recorded);
    }
    match Shelved::new(&step, &basis, variables, (place, Site::here())) {
        Some(shelved) => recorded.key = shelved.keep(&record.basis, &record.made)?,
        None => recorded.left_out = Some("a file that it reads is missing"),
    }
    Ok(recorded)
}
