//! From a finished body to its emissions: it resolves names and refuses what cannot be right.
//! It does not know commands; it passes them on unchanged.

use super::files::resource;
use super::marks::FileUse;
use super::recording::Recording;
use super::session::Session;
use super::step::{FileOrName, MadeFile, Step, WaitKind, Waiting};
use crate::diag::{Error, Place, Result, did_you_mean};
use crate::lower::{Dep, Emission, Resource, Target, no_circle};
use crate::paths::WorkPath;
use std::collections::{BTreeMap, HashSet};

/// What the steps of a body make, and the place of each.
type Makes = BTreeMap<WorkPath, Place>;

/// The steps of a body that is done.
///
/// # Errors
/// An unknown dependency, a target made twice, an output that nothing makes.
pub fn finish(session: &Session, mut recording: Recording) -> Result<Vec<Emission>> {
    let mut steps = std::mem::take(&mut recording.steps);
    steps.extend(recording.shell.take().map(|step| whole(&recording, step)));
    let mut made = Makes::new();
    let mut targets = vec![];
    for step in &steps {
        let place = place(step, &recording);
        let own = step.targets.iter().map(|target| known_target(&recording, target));
        let own = own.collect::<Result<Vec<Target>>>().map_err(|error| error.at(place.clone()))?;
        for target in &own {
            if let Some(first) = made.insert(target.path.clone(), place.clone()) {
                return Err(made_twice(target, place, &first));
            }
        }
        targets.push(own);
    }
    all_made(&recording, &made)?;
    let emit = |(step, targets)| emission(session, &recording, &made, step, targets);
    let emissions = steps.into_iter().zip(targets).map(emit).collect::<Result<Vec<Emission>>>()?;
    no_circle(&emissions.iter().collect::<Vec<_>>())?;
    Ok(emissions)
}

/// The one step of `shell`: it takes all inputs and makes all outputs.
fn whole(recording: &Recording, mut step: Step) -> Step {
    let file = |path: &WorkPath| FileOrName::File(FileUse::needed(path.clone()));
    let inputs = recording.inputs.iter().flat_map(|(_, files)| files).map(file);
    let waits = inputs.map(|what| Waiting { what, how: WaitKind::Explicit });
    step.waits.splice(0..0, waits);
    let outputs = recording.outputs.iter().map(|(_, target)| file(&target.path));
    step.targets = outputs.map(|what| MadeFile { what, directory: false }).collect();
    step
}

fn place(step: &Step, recording: &Recording) -> Place {
    step.place.clone().unwrap_or_else(|| recording.declared.clone())
}

/// The file that a target means: an output of the op, else one of the body's own.
fn known_target(recording: &Recording, made: &MadeFile) -> Result<Target> {
    let output = recording.outputs.iter().find(|(name, target)| match &made.what {
        FileOrName::Name(asked) => asked == name,
        FileOrName::File(file) => file.path == target.path,
    });
    match (output, &made.what) {
        (Some((_, target)), _) => Ok(target.clone()),
        (None, FileOrName::File(file)) => Ok(Target { path: file.path.clone(), directory: made.directory }),
        (None, FileOrName::Name(name)) => {
            Ok(Target { path: WorkPath::new(name)?, directory: made.directory })
        }
    }
}

fn made_twice(target: &Target, place: Place, first: &Place) -> Box<Error> {
    Error::request(format!("`{}` is made twice", target.path))
        .at(place)
        .detail("first", format!("{}:{}:{}", first.file, first.line, first.column))
        .hint("each file has one step that makes it")
}

/// Refuses a body that leaves out an output.
fn all_made(recording: &Recording, made: &Makes) -> Result<()> {
    let mut outputs = recording.outputs.iter();
    let Some((name, _)) = outputs.find(|(_, target)| !made.contains_key(&target.path)) else {
        return Ok(());
    };
    let how = match recording.statements {
        true => "a `build` or `build_cmd` must make this file".to_owned(),
        false => {
            format!("its body must call `shell`, or name `{name}` in the third argument of a `shell_deps`")
        }
    };
    Err(Error::request(format!("`{}` does not make its output `{name}`", recording.op))
        .at(recording.declared.clone())
        .hint(how))
}

/// One step, all names settled.
fn emission(
    session: &Session,
    recording: &Recording,
    made: &Makes,
    step: Step,
    targets: Vec<Target>,
) -> Result<Emission> {
    let place = place(&step, recording);
    let own: HashSet<&WorkPath> = targets.iter().map(|target| &target.path).collect();
    let mut seen: HashSet<WorkPath> = HashSet::new();
    let mut deps: Vec<Dep> = vec![];
    let mut resources = vec![];
    let mut add = |file: FileUse, how: WaitKind| {
        let is_own = how == WaitKind::Implicit && own.contains(&file.path);
        if !is_own && seen.insert(file.path.clone()) {
            deps.push(dep(how, file.path.clone()));
            resources.extend(laid(session, &file));
        }
    };
    for wait in &step.waits {
        for file in
            meaning(session, recording, made, &wait.what, &step.script).map_err(|e| e.at(place.clone()))?
        {
            add(file, wait.how);
        }
    }
    for file in step.named.into_iter().filter(|file| file.waits) {
        add(file, WaitKind::Implicit);
    }
    let Step { commands, options, tools, .. } = step;
    Ok(Emission { commands, deps, targets, options, tools, resources, place })
}

/// The files that a dependency means.
fn meaning(
    session: &Session,
    recording: &Recording,
    made: &Makes,
    asked: &FileOrName,
    script: &str,
) -> Result<Vec<FileUse>> {
    let name = match asked {
        FileOrName::File(file) if !file.waits && !made.contains_key(&file.path) => {
            return Err(Error::request(format!("nothing in the body makes `{}`", file.path))
                .hint("name it among the targets of a `shell_deps`, its third argument"));
        }
        FileOrName::File(file) => return Ok(vec![file.clone()]),
        FileOrName::Name(name) => name,
    };
    let plain = |path: &WorkPath| FileUse::needed(path.clone());
    if let Some((_, files)) = recording.inputs.iter().find(|(param, _)| param == name) {
        return Ok(files.iter().map(plain).collect());
    }
    if let Some((_, target)) = recording.outputs.iter().find(|(param, _)| param == name) {
        return Ok(vec![plain(&target.path)]);
    }
    if let Ok(path) = WorkPath::new(name)
        && made.contains_key(&path)
    {
        return Ok(vec![plain(&path)]);
    }
    if let Some(script) = session.library.script(script)
        && let Some(file) = resource(session, &script, name)?
    {
        return Ok(vec![file]);
    }
    Err(unknown(recording, made, name))
}

/// A dependency that means nothing.
fn unknown(recording: &Recording, made: &Makes, name: &str) -> Box<Error> {
    let params = recording.inputs.iter().map(|(name, _)| name.as_str());
    let outputs = recording.outputs.iter().map(|(name, _)| name.as_str());
    let known = params.chain(outputs).chain(made.keys().map(WorkPath::as_str));
    Error::request(format!("the dependency `{name}` is unknown"))
        .hint("a dependency is a parameter, a target of this body, a resource, a file beside the script, or `path(…)`")
        .maybe_hint(did_you_mean(name, known))
}

fn dep(how: WaitKind, path: WorkPath) -> Dep {
    match how {
        WaitKind::Explicit => Dep::Explicit(path),
        WaitKind::Implicit => Dep::Implicit(path),
        WaitKind::OrderOnly => Dep::OrderOnly(path),
        WaitKind::Covered => Dep::Covered(path),
        WaitKind::OnDemand => Dep::OnDemand(path),
    }
}

/// The built-in resource that must be laid for a file.
fn laid(session: &Session, file: &FileUse) -> Option<Resource> {
    let content = session.library.builtin().resource(file.resource.as_deref()?)?;
    Some(Resource { path: file.path.clone(), content: content.clone(), is_executable: false })
}
