//! `path`, `files`, `nearest`, `temp`, `rsrc` and `tool`: the files and programs that a script names beside its parameters.
//! It does not know commands.

use super::library::Script;
use super::marks::FileUse;
use super::options::Options;
use super::session::Session;
use super::tool_finder::ToolAsked;
use super::values::{ToolValue, Word, plain};
use super::wording::kind_of;
use crate::diag::{Error, Result, did_you_mean};
use crate::digest::SourceSum;
use crate::paths::{UserPath, WorkPath, relative};
use crate::patterns::matching;
use camino::{Utf8Path, Utf8PathBuf};
use rhai::{Array, Dynamic, Engine, Map, NativeCallContext};
use std::borrow::Cow;
use std::collections::HashSet;
use std::rc::Rc;

/// Where resources are.
pub const RSRC_HINT: &str = "resources are beside the script, in `rsrc` beside it, or built in";

/// Where a built-in resource is laid in the build directory.
const LAID: &str = "rsrc";

/// Registers the functions.
pub fn register(engine: &mut Engine, session: &Rc<Session>) {
    let s = session.clone();
    engine.register_fn("path", move |ctx: NativeCallContext, name: &str| {
        s.answer(&ctx, || {
            let path = s.facts.work_path(s.places(), &UserPath::new(plain(&s, name)))?;
            Ok(FileUse::needed(path))
        })
    });
    let s = session.clone();
    engine.register_fn("files", move |ctx: NativeCallContext, dir: Dynamic, pattern: &str| {
        s.answer(&ctx, || files(&s, dir, pattern))
    });
    let s = session.clone();
    engine.register_fn("nearest", move |ctx: NativeCallContext, file: FileUse, name: &str| {
        s.answer(&ctx, || nearest(&s, &file, name))
    });
    let s = session.clone();
    engine.register_fn("temp", move |ctx: NativeCallContext, name: &str| {
        s.answer(&ctx, || temp(&s, name, None))
    });
    let s = session.clone();
    engine.register_fn("temp", move |ctx: NativeCallContext, name: &str, of: FileUse| {
        s.answer(&ctx, || temp(&s, name, Some(&of)))
    });
    let s = session.clone();
    engine.register_fn("rsrc", move |ctx: NativeCallContext, name: &str| {
        s.answer(&ctx, || {
            let script = s.script(&ctx)?;
            resource(&s, &script, name)?.ok_or_else(|| no_resource(&s, name))
        })
    });
    let s = session.clone();
    engine.register_fn(
        "unhidden",
        move |ctx: NativeCallContext, files: Array, dirs: Array, endings: Array| {
            s.answer(&ctx, || unhidden(&s, files, dirs, endings))
        },
    );
    let s = session.clone();
    engine.register_fn("tool", move |ctx: NativeCallContext, name: &str| {
        s.answer(&ctx, || tool(&s, &ctx, name, Map::new()))
    });
    let s = session.clone();
    engine.register_fn("tool", move |ctx: NativeCallContext, name: &str, options: Map| {
        s.answer(&ctx, || tool(&s, &ctx, name, options))
    });
}

/// The files as words for a tool that runs at the root and looks for each in `dirs` first, also with one of `endings` behind
/// its name. A file that it would miss for another in one of them is called in a way that leads past those: through the build
/// directory and up again, else by its absolute path.
fn unhidden(session: &Session, files: Array, dirs: Array, endings: Array) -> Result<Array> {
    let wrong =
        || Error::request("`unhidden` takes a list of files, a list of directories and a list of text");
    let file = |item: &Dynamic| item.clone().flatten().try_cast::<FileUse>();
    let dirs: Vec<FileUse> = dirs.iter().map(file).collect::<Option<_>>().ok_or_else(wrong)?;
    let text = |item: Dynamic| {
        let item = item.flatten();
        item.clone().try_cast::<Word>().map(|word| word.0).or_else(|| item.into_string().ok())
    };
    let endings: Vec<String> = endings.into_iter().map(text).collect::<Option<_>>().ok_or_else(wrong)?;
    let dirs: Vec<(Utf8PathBuf, HashSet<String>)> = dirs
        .into_iter()
        .map(|dir| session.places().absolute(&dir.path))
        .filter(|dir| *dir != session.places().root)
        .map(|dir| (dir.clone(), session.facts.list(&dir).into_iter().collect()))
        .collect();
    let is_hidden = |name: &Utf8Path, file: &FileUse| {
        let real = || session.facts.real(session.places().absolute(&file.path));
        let hides = |other: Utf8PathBuf| session.facts.exists(&other) && session.facts.real(&other) != real();
        let first = name.components().next().map_or("", |part| part.as_str());
        let is_single = name.components().count() == 1;
        let may_hide = |names: &HashSet<String>, ending: &str| match is_single {
            true => names.contains(&format!("{first}{ending}")),
            false => first == ".." || names.contains(first),
        };
        let all = || std::iter::once("").chain(endings.iter().map(String::as_str));
        dirs.iter().any(|(dir, names)| {
            all().any(|ending| may_hide(names, ending) && hides(dir.join(format!("{name}{ending}"))))
        })
    };
    let root = &session.places().root;
    // The build directory exists whenever a step runs, and contains no link.
    let past = session.places().workdir.strip_prefix(root).ok().map(|workdir| {
        let up = workdir.components().map(|_| "..");
        workdir.components().map(|part| part.as_str()).chain(up).collect::<Utf8PathBuf>()
    });
    let one = |item: Dynamic| {
        let Some(file) = file(&item) else { return item };
        let name = session.places().from_root(&file.path);
        if dirs.is_empty() || name.is_absolute() || !is_hidden(&name, &file) {
            return item;
        }
        let way = past.as_ref().map(|past| past.join(&name)).filter(|way| !is_hidden(way, &file));
        Dynamic::from(Word(way.unwrap_or_else(|| root.join(&name)).into_string()))
    };
    Ok(files.into_iter().map(one).collect())
}

/// The files of a directory that match a pattern, sorted; a file that is added later makes another list.
fn files(session: &Session, dir: Dynamic, pattern: &str) -> Result<Array> {
    let dir = dir.flatten();
    let full = match dir.clone().try_cast::<FileUse>() {
        Some(file) if file.path.is_inside() => {
            let message = format!("`files` cannot list `{}`: a step makes it", file.path);
            return Err(Error::request(message)
                .hint("lists are made while planning; name the directory itself in the command"));
        }
        Some(file) => session.places().absolute(&file.path),
        None => {
            let kind = kind_of(dir.type_name());
            let text = dir.into_string().map_err(|_| {
                Error::request(format!("`files` takes a directory, as text or `config_path(…)`, not {kind}"))
            })?;
            session.facts.place(session.places().cwd.join(plain(session, &text)))
        }
    };
    if !session.facts.is_dir(&full) {
        let shown = relative(&session.places().cwd, &full);
        let (above, name) = (full.parent().unwrap_or(&full), full.file_name().unwrap_or_default());
        let beside = session.facts.list(above);
        return Err(Error::request(format!("there is no directory `{shown}`"))
            .hint("a directory of `files` is relative to the current directory, as in `path`")
            .maybe_hint(did_you_mean(name, beside.iter().map(String::as_str))));
    }
    let found = matching(&session.facts, &full, pattern)
        .map_err(|wrong| Error::request(format!("`{pattern}` is not a pattern: {wrong}")))?;
    found.into_iter().map(|file| source(session, file).map(Dynamic::from)).collect()
}

/// The file of this name beside a file, else in the nearest directory above it; `()` if there is none, or if a step makes
/// the file.
fn nearest(session: &Session, file: &FileUse, name: &str) -> Result<Dynamic> {
    let name = plain(session, name);
    if file.path.is_inside() {
        return Ok(Dynamic::UNIT);
    }
    let path = session.places().absolute(&file.path);
    let there = path.ancestors().skip(1).map(|dir| dir.join(&name));
    let found = there.into_iter().find(|path| session.facts.exists(path) && !session.facts.is_dir(path));
    found.map_or(Ok(Dynamic::UNIT), |found| source(session, found).map(Dynamic::from))
}

/// A file between the steps of one body; a directory when its name ends in `/`. One that belongs to a file has a name that
/// no other file's has, as a loop over files with one name needs.
fn temp(session: &Session, name: &str, of: Option<&FileUse>) -> Result<FileUse> {
    let name = plain(session, name);
    let sum = of.map(|file| SourceSum::of_bytes(file.path.as_str().as_bytes()).to_string());
    let of = sum.map_or_else(String::new, |sum| format!("{sum:.8}."));
    let path =
        session.record("temp", |recording| WorkPath::new(format!("{}.{of}{name}", recording.call_name)))?;
    Ok(FileUse { path, waits: false, resource: None, directory: name.ends_with('/') })
}

/// A resource of `script`: beside it, in `rsrc` beside it, or built-in.
///
/// # Errors
/// A name that no path can have.
pub fn resource(session: &Session, script: &Script, name: &str) -> Result<Option<FileUse>> {
    if let Some(dir) = script.directory() {
        let beside = [dir.join(name), dir.join("rsrc").join(name)];
        if let Some(file) = beside.into_iter().find(|file| session.facts.exists(file)) {
            return source(session, file).map(Some);
        }
    }
    session.library.builtin().resource(name).is_some().then(|| laid(name)).transpose()
}

/// A built-in resource, whatever is beside the script.
///
/// # Errors
/// No resource has this name.
pub fn runner(session: &Session, name: &str) -> Result<FileUse> {
    if session.library.builtin().resource(name).is_none() {
        return Err(no_resource(session, name));
    }
    laid(name)
}

/// A built-in resource by its place in the build directory.
fn laid(name: &str) -> Result<FileUse> {
    let path = WorkPath::new(format!("{LAID}/{name}"))?;
    Ok(FileUse { path, waits: true, resource: Some(name.to_owned()), directory: false })
}

/// The content of a resource of `script`, and whether it is executable.
///
/// # Errors
/// No resource has this name, or it cannot be read.
pub fn content(session: &Session, script: &Script, name: &str) -> Result<(Cow<'static, [u8]>, bool)> {
    let beside = script.directory().map(|dir| [dir.join(name), dir.join("rsrc").join(name)]);
    for file in beside.into_iter().flatten() {
        if let Some(bytes) = session.facts.read(&file)? {
            return Ok((Cow::Owned(bytes), session.facts.is_executable(&file)));
        }
    }
    let builtin = session.library.builtin().resource(name).cloned();
    builtin.map(|content| (content, false)).ok_or_else(|| no_resource(session, name))
}

/// A file outside of the build directory, by its absolute path.
fn source(session: &Session, file: Utf8PathBuf) -> Result<FileUse> {
    let path = session.facts.work_path(session.places(), &UserPath::new(file))?;
    Ok(FileUse::needed(path))
}

fn no_resource(session: &Session, name: &str) -> Box<Error> {
    Error::request(format!("there is no resource `{name}`"))
        .hint(RSRC_HINT)
        .maybe_hint(did_you_mean(name, session.library.builtin().resource_names()))
}

fn tool(session: &Session, ctx: &NativeCallContext, name: &str, options: Map) -> Result<ToolValue> {
    let mut options = Options::new("tool", options, &["at_least", "key"])?;
    let asked =
        ToolAsked { name: name.to_owned(), key: options.text("key")?, at_least: options.text("at_least")? };
    Ok(ToolValue { asked, place: session.place(ctx) })
}
