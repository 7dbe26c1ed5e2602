//! From what a body said to its emissions: names get their meaning, and what cannot be right is refused.
//! It does not know commands; they are passed on as they are.

use super::body::Recording;
use super::files::resource;
use super::marks::FileUse;
use super::session::Session;
use super::steps::{Asked, How, Made, Step};
use crate::diag::{Error, Place, Result, did_you_mean};
use crate::lower::{Dep, Emission, Resource, Target};
use crate::paths::WorkPath;

/// The steps of a body that is done.
///
/// # Errors
/// An unknown dependency, a target made twice, an output that nothing makes.
pub fn finish(session: &Session, mut recording: Recording) -> Result<Vec<Emission>> {
    let mut steps = std::mem::take(&mut recording.steps);
    steps.extend(recording.shell.take().map(|step| whole(&recording, step)));
    let mut made: Vec<(Target, Place)> = vec![];
    let mut targets = vec![];
    for step in &steps {
        let place = place(step, &recording);
        let own = step.targets.iter().map(|target| known_target(&recording, target));
        let own = own.collect::<Result<Vec<Target>>>().map_err(|error| error.at(place.clone()))?;
        for target in &own {
            once(target, &place, &made)?;
            made.push((target.clone(), place.clone()));
        }
        targets.push(own);
    }
    all_made(&recording, &made)?;
    let made: Vec<WorkPath> = made.into_iter().map(|(target, _)| target.path).collect();
    let emit = |(step, targets)| emission(session, &recording, &made, step, targets);
    steps.into_iter().zip(targets).map(emit).collect()
}

/// The one step of `shell`: it takes all inputs and makes all outputs.
fn whole(recording: &Recording, mut step: Step) -> Step {
    let file = |path: &WorkPath| Asked::File(FileUse::needed(path.clone()));
    let inputs = recording.inputs.iter().flat_map(|(_, files)| files).map(file);
    let waits = inputs.map(|what| super::steps::Wait { what, how: How::Explicit });
    step.waits.splice(0..0, waits);
    let outputs = recording.outputs.iter().map(|(_, target)| file(&target.path));
    step.targets = outputs.map(|what| Made { what, directory: false }).collect();
    step
}

fn place(step: &Step, recording: &Recording) -> Place {
    step.place.clone().unwrap_or_else(|| recording.declared.clone())
}

/// The file that a target means: an output of the op, else one of the body's own.
fn known_target(recording: &Recording, made: &Made) -> Result<Target> {
    let output = recording.outputs.iter().find(|(name, target)| match &made.what {
        Asked::Name(asked) => asked == name,
        Asked::File(file) => file.path == target.path,
    });
    match (output, &made.what) {
        (Some((_, target)), _) => Ok(target.clone()),
        (None, Asked::File(file)) => Ok(Target { path: file.path.clone(), directory: made.directory }),
        (None, Asked::Name(name)) => Ok(Target { path: WorkPath::new(name)?, directory: made.directory }),
    }
}

/// Refuses a target that is made already.
fn once(target: &Target, place: &Place, made: &[(Target, Place)]) -> Result<()> {
    let Some((_, first)) = made.iter().find(|(other, _)| other.path == target.path) else { return Ok(()) };
    Err(Error::request(format!("`{}` is made twice", target.path))
        .at(place.clone())
        .detail("first", format!("{}:{}:{}", first.file, first.line, first.column))
        .hint("each file has one step that makes it"))
}

/// Refuses a body that leaves out an output.
fn all_made(recording: &Recording, made: &[(Target, Place)]) -> Result<()> {
    let is_made = |target: &Target| made.iter().any(|(other, _)| other.path == target.path);
    let Some((name, _)) = recording.outputs.iter().find(|(_, target)| !is_made(target)) else {
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
    made: &[WorkPath],
    step: Step,
    targets: Vec<Target>,
) -> Result<Emission> {
    let place = place(&step, recording);
    let mut deps: Vec<Dep> = vec![];
    let mut resources = vec![];
    let mut add = |file: FileUse, how: How| {
        let seen = deps.iter().any(|dep| *path_of(dep) == file.path);
        let own = targets.iter().any(|target| target.path == file.path);
        if !seen && (!own || how != How::Implicit) {
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
        add(file, How::Implicit);
    }
    let Step { commands, options, tools, .. } = step;
    Ok(Emission { commands, deps, targets, options, tools, resources, place })
}

/// The files that a dependency means.
fn meaning(
    session: &Session,
    recording: &Recording,
    made: &[WorkPath],
    asked: &Asked,
    script: &str,
) -> Result<Vec<FileUse>> {
    let name = match asked {
        Asked::File(file) if !file.waits && !made.contains(&file.path) => {
            return Err(Error::request(format!("nothing in the body makes `{}`", file.path)));
        }
        Asked::File(file) => return Ok(vec![file.clone()]),
        Asked::Name(name) => name,
    };
    let plain = |path: &WorkPath| FileUse::needed(path.clone());
    if let Some((_, files)) = recording.inputs.iter().find(|(param, _)| param == name) {
        return Ok(files.iter().map(plain).collect());
    }
    if let Some((_, target)) = recording.outputs.iter().find(|(param, _)| param == name) {
        return Ok(vec![plain(&target.path)]);
    }
    if let Ok(path) = WorkPath::new(name)
        && made.contains(&path)
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
fn unknown(recording: &Recording, made: &[WorkPath], name: &str) -> Box<Error> {
    let params = recording.inputs.iter().map(|(name, _)| name.as_str());
    let outputs = recording.outputs.iter().map(|(name, _)| name.as_str());
    let known = params.chain(outputs).chain(made.iter().map(WorkPath::as_str));
    Error::request(format!("nothing is known of the dependency `{name}`"))
        .hint("a dependency is a parameter, a target of this body, a resource, a file beside the script, or `path(…)`")
        .maybe_hint(did_you_mean(name, known))
}

fn path_of(dep: &Dep) -> &WorkPath {
    match dep {
        Dep::Explicit(path) | Dep::Implicit(path) | Dep::OrderOnly(path) => path,
    }
}

fn dep(how: How, path: WorkPath) -> Dep {
    match how {
        How::Explicit => Dep::Explicit(path),
        How::Implicit => Dep::Implicit(path),
        How::OrderOnly => Dep::OrderOnly(path),
    }
}

/// The built-in resource that must be laid for a file.
fn laid(session: &Session, file: &FileUse) -> Option<Resource> {
    let content = session.library.builtin().resource(file.resource.as_deref()?)?;
    Some(Resource { path: file.path.clone(), content: content.clone() })
}
