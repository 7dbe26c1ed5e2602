//! `fudsv clean`: removes build directories of this project, and with `--store` the content of the store.
//! It does not know what is in a build directory, beyond the marks by which it is one.

use super::output::{shown_size, to_stdout};
use crate::beneath::Beneath;
use crate::config::parse_age;
use crate::describe::KEPT_IN;
use crate::diag::{Error, Result, did_you_mean};
use crate::env::Env;
use crate::options::RequestOptions;
use crate::session::{SavedRequest, Session, store_of};
use crate::store::{Limits, Store};
use crate::workdir::{Lock, Workdir, names, sweep};
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use std::time::SystemTime;

/// `fudsv clean`.
#[derive(Debug, Args)]
pub struct CleanArgs {
    /// Names of build directories or designs
    pub name: Vec<String>,
    /// Remove only directories that were not used for this long, such as 12h, 30d or 8w
    #[arg(long, value_name = "AGE")]
    pub older: Option<String>,
    /// Also empty the store, which other projects may share
    #[arg(long)]
    pub store: bool,
    /// Show what would be removed and remove nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
}

/// Runs the command: prints what it removed, or would remove.
///
/// # Errors
/// A name that no build directory has, a directory in which a build runs, or one that cannot be removed.
pub fn clean(env: Env, args: &CleanArgs) -> Result<()> {
    let session = Session::open(env, RequestOptions::default())?;
    // Before anything is removed: the address may be wrong.
    let store = if args.store { store_of(&session)? } else { None };
    let bases: Vec<Utf8PathBuf> =
        [Some(session.builds()), session.untrusted_builds()].into_iter().flatten().collect();
    let mut found = vec![];
    for base in &bases {
        found.extend(builds(&session, base)?);
        if !args.dry_run {
            sweep(base, None);
        }
    }
    let mut chosen = chosen(&args.name, &found)?;
    if let Some(age) = args.older.as_deref().map(parse_age).transpose()? {
        chosen.retain(|dir| last_used(dir).elapsed().is_ok_and(|elapsed| elapsed > age));
    }
    let locks = chosen.iter().map(|dir| lock(&session, dir)).collect::<Result<Vec<_>>>()?;
    let (mut count, mut bytes) = (0, 0);
    for (dir, _) in chosen.iter().zip(&locks).filter(|(_, lock)| lock.is_some()) {
        count += 1;
        bytes += size(dir);
        if !args.dry_run {
            remove(dir)
                .map_err(|e| Error::machine(format!("cannot remove `{}`", session.shown(dir))).because(e))?;
        }
        to_stdout(format!("{}\n", session.shown(dir)).as_bytes())?;
    }
    drop(locks);
    if count > 0 {
        let verb = if args.dry_run { "Would remove" } else { "Removed" };
        let directories =
            if count == 1 { "1 build directory".to_owned() } else { format!("{count} build directories") };
        note!("{verb} {directories}, {}", shown_size(bytes));
    }
    if !args.dry_run {
        if args.name.is_empty() && args.older.is_none() {
            // What other tools described is described again when it is needed.
            bases.iter().for_each(|base| drop(remove(&base.join(KEPT_IN))));
        }
        bases.iter().for_each(|base| remove_if_empty(base));
    }
    store.map_or(Ok(()), |store| clean_store(store.as_ref(), args.dry_run))
}

/// When something was built there last: then the records or the Ninja file changed.
fn last_used(dir: &Utf8Path) -> SystemTime {
    let places = [dir.join(names::STEPS), dir.join(names::INTERNAL), dir.join(names::NINJA_FILE)];
    let time = |path: &Utf8PathBuf| path.symlink_metadata().and_then(|meta| meta.modified()).ok();
    places.iter().filter_map(time).max().unwrap_or_else(SystemTime::now)
}

/// How many bytes the files there have; no link is followed, and what cannot be read counts nothing.
fn size(dir: &Utf8Path) -> u64 {
    let entries = dir.read_dir_utf8().into_iter().flatten().filter_map(|entry| entry.ok());
    let of = |path: &Utf8Path| match path.symlink_metadata() {
        Ok(meta) if meta.is_dir() => size(path),
        Ok(meta) => meta.len(),
        Err(_) => 0,
    };
    entries.map(|entry| of(entry.path())).sum()
}

/// The build directories of this project, sorted.
fn builds(session: &Session, base: &Utf8Path) -> Result<Vec<Utf8PathBuf>> {
    if base.is_symlink() {
        return Err(Error::request(format!("`{}` is a symbolic link", session.shown(base)))
            .hint("its target may belong to another project: remove it by hand"));
    }
    let Ok(entries) = base.read_dir_utf8() else { return Ok(vec![]) };
    let entries = entries.filter_map(|entry| entry.ok().map(|entry| entry.path().to_owned()));
    let entries = entries.filter(|dir| !names::is_temporary(dir.file_name().unwrap_or_default()));
    let mut found: Vec<Utf8PathBuf> = entries.filter(|dir| is_ours(session, dir)).collect();
    found.sort();
    Ok(found)
}

/// Whether fudsv made this directory for this project: it contains the request, which was made below the project's root; or
/// it is below that root or in the cache, and fudsv was killed before it wrote the request.
fn is_ours(session: &Session, dir: &Utf8Path) -> bool {
    let is_dir = |path: &Utf8Path| path.symlink_metadata().is_ok_and(|meta| meta.is_dir());
    if !is_dir(dir) || !is_dir(&dir.join(names::INTERNAL)) || !is_dir(&dir.join(names::STEPS)) {
        return false;
    }
    let root = &session.places.root;
    let cache = session.untrusted_builds();
    let is_below =
        |dir: &Utf8Path| dir.starts_with(root) || cache.is_some_and(|cache| dir.starts_with(cache));
    match SavedRequest::made_in(dir) {
        Some(cwd) => cwd.starts_with(root),
        None => is_below(dir) && !dir.join(names::NINJA_FILE).exists(),
    }
}

/// The named directories: by their own name, or by a design with which their name begins; without a name, all.
fn chosen(names: &[String], found: &[Utf8PathBuf]) -> Result<Vec<Utf8PathBuf>> {
    let name_of = |dir: &Utf8PathBuf| dir.file_name().unwrap_or_default().to_owned();
    for name in names {
        let of_design = format!("{name}-");
        if !found.iter().any(|dir| name_of(dir) == *name || name_of(dir).starts_with(&of_design)) {
            let known: Vec<String> = found.iter().map(name_of).collect();
            return Err(Error::request(format!("no build directory is called `{name}`"))
                .hint("`fudsv clean -n` lists all build directories")
                .maybe_hint(did_you_mean(name, known.iter().map(String::as_str))));
        }
    }
    let is_named = |dir: &&Utf8PathBuf| {
        let own = name_of(dir);
        let exact = names.contains(&own);
        exact
            || names.iter().any(|name| {
                !found.iter().any(|d| name_of(d) == *name) && own.starts_with(&format!("{name}-"))
            })
    };
    Ok(found.iter().filter(|dir| names.is_empty() || is_named(dir)).cloned().collect())
}

/// Takes a build directory out of its place in one go, so that a build that waits for its lock makes a new one, then apart.
fn remove(dir: &Utf8Path) -> std::io::Result<()> {
    let (base, name) = (dir.parent().unwrap_or(dir), dir.file_name().unwrap_or_default());
    let (root, aside) = (Beneath::open(base)?, names::temporary_name(name));
    root.rename(Utf8Path::new(name), Utf8Path::new(&aside))?;
    root.remove(Utf8Path::new(&aside))
}

/// Keeps builds out until the directory is removed; `None` if it is gone already.
fn lock(session: &Session, dir: &Utf8Path) -> Result<Option<Lock>> {
    Lock::try_take(&Workdir::existing(dir), "fudsv clean")?.transpose().map_err(|holder| {
        let by = if holder.is_empty() { "another process".to_owned() } else { holder };
        Error::machine(format!("`{}` is being built", session.shown(dir)))
            .detail("by", by)
            .hint("nothing was removed: wait for the build, or name the other directories")
    })
}

/// The directory of build directories, when nothing of anybody's is left in it.
fn remove_if_empty(base: &Utf8Path) {
    let ignore = base.join(".gitignore");
    let names = base
        .read_dir_utf8()
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.file_name().to_owned()));
    if names.collect::<Vec<_>>() == [".gitignore"] && std::fs::read(&ignore).is_ok_and(|text| text == b"*\n")
    {
        drop(std::fs::remove_file(&ignore).and_then(|()| std::fs::remove_dir(base)));
    }
}

/// Removes everything that the store contains, in its own layout: a directory that is not a store loses nothing.
fn clean_store(store: &dyn Store, dry_run: bool) -> Result<()> {
    let cleaned = store.clean(Limits { size: Some(0), age: None }, dry_run)?;
    to_stdout(format!("{}: {} results\n", store.place(), cleaned.entries).as_bytes())
}
