//! Opens the databases of a session, and passes over those that cannot be used.
//! It does not know how a build takes results from them.

use super::build_cmd;
use super::compare::{Compared, State, compare, here};
use super::fit::misfit;
use super::opening::Opening;
use crate::config::LoadSettings;
use crate::database::{Database, Fault, Name, in_parallel, is_archive};
use crate::diag::Error;
use crate::digest::Digest;
use crate::facts::{Entry, Kind, StandIn, StandIns};
use crate::paths::normal;
use crate::session::tell::Tell;
use crate::shelf::Renames;
use crate::tools::Toolbox;
use camino::{Utf8Path, Utf8PathBuf};
use std::rc::Rc;

/// The databases of a session.
#[derive(Clone, Debug, Default)]
pub struct Databases {
    /// The databases from which results are taken, in order.
    pub loaded: Vec<LoadedDatabase>,
    /// The databases that cannot be used.
    pub passed_over: Vec<PassedOver>,
    /// Directory names where databases were saved, each with its name here.
    pub renames: Renames,
}

/// A database from which results are taken.
#[derive(Clone, Debug)]
pub struct LoadedDatabase {
    /// Its name in messages: the last part of its location.
    pub name: String,
    /// Its absolute location.
    pub location: Utf8PathBuf,
    /// The opened database.
    pub database: Database,
    /// Its sources, in the database's order.
    pub sources: Vec<Compared>,
    /// Whether its sources are not compared.
    pub is_frozen: bool,
}

/// A database that cannot be used.
#[derive(Clone, Debug)]
pub struct PassedOver {
    /// As in [`LoadedDatabase`].
    pub name: String,
    /// As in [`LoadedDatabase`].
    pub location: Utf8PathBuf,
    /// Why, in words that fit after its name.
    pub why: Fault,
}

impl Databases {
    /// Opens the databases of a session and lets them stand for sources that do not exist here. A database that cannot be
    /// used is passed over.
    pub fn open(mut opening: Opening<'_, '_>) -> Databases {
        let wanted = wanted(&opening);
        if wanted.is_empty() {
            return Databases::default();
        }
        let mut databases = read(&opening, &wanted);
        let is_broken =
            |load: &&LoadSettings| databases.passed_over.iter().any(|over| over.location == load.location);
        let broken: Vec<&LoadSettings> = wanted.iter().filter(is_broken).collect();
        if build_cmd::run(&mut opening, &broken) {
            databases = read(&opening, &wanted);
        }
        opening.facts.stand_in(databases.stand_ins(opening.root));
        databases
    }

    /// Adds to an error each database that was passed over, since that may be the reason.
    pub fn blamed(&self, error: Box<Error>) -> Box<Error> {
        let passed_over = self.passed_over.iter();
        passed_over.fold(error, |error, PassedOver { name, why, .. }| {
            error.detail("database", format!("`{name}` is passed over: {why}"))
        })
    }

    /// What stands for absent files and directories while planning.
    fn stand_ins(&self, root: &Utf8Path) -> StandIns {
        let mut standing = StandIns::default();
        for loaded in &self.loaded {
            let manifest = &loaded.database.manifest;
            for (source, compared) in manifest.sources.iter().zip(&loaded.sources) {
                let (outline, text, is_frozen) =
                    (source.outline.clone(), source.text.clone(), loaded.is_frozen);
                if matches!(compared.state, State::Absent | State::Frozen) {
                    standing.add_file(compared.path.clone(), StandIn { outline, text, is_frozen });
                }
            }
            for directory in &manifest.directories {
                let entry = |name: &Name| Entry {
                    name: name.name.clone(),
                    kind: if name.is_directory { Kind::Directory } else { Kind::File },
                };
                let names = directory.names.iter().flatten().map(entry).collect();
                standing.add_dir(here(&directory.path, root, &self.renames), names);
            }
        }
        standing
    }

    /// The database that has this source unchanged, or stands for it.
    pub fn of_source(&self, path: &Utf8Path) -> Option<&str> {
        let has = |loaded: &&LoadedDatabase| {
            loaded.sources.iter().any(|source| source.path == path && source.state != State::Changed)
        };
        self.loaded.iter().find(has).map(|loaded| loaded.name.as_str())
    }

    /// The database from which a step will take its result. All of its sources are unchanged.
    pub fn of_step(&self, name: &str, stated: Digest) -> Option<&str> {
        let has = |loaded: &&LoadedDatabase| {
            let steps = loaded.database.manifest.requests.iter().flat_map(|request| &request.steps);
            let mut steps = steps.filter(|step| step.name == name && step.stated == Some(stated));
            loaded.is_whole() && steps.any(|step| step.left_out.is_none())
        };
        self.loaded.iter().find(has).map(|loaded| loaded.name.as_str())
    }

    /// The database that has this design, if all of its sources are unchanged.
    pub fn of_design(&self, design: &str) -> Option<&str> {
        let has = |loaded: &&LoadedDatabase| {
            let mut requests = loaded.database.manifest.requests.iter();
            loaded.is_whole() && requests.any(|request| request.design.as_deref() == Some(design))
        };
        self.loaded.iter().find(has).map(|loaded| loaded.name.as_str())
    }

    /// Prints what each build reports about its databases: those that are passed over, and the sources that changed, are
    /// absent or were not compared.
    pub fn say(&self, root: &Utf8Path, tell: &mut dyn Tell) {
        for PassedOver { name, why, .. } in &self.passed_over {
            tell.warns(&format!("database `{name}` is passed over: {why}"));
        }
        for loaded in &self.loaded {
            loaded.notes(root).iter().for_each(|note| tell.notes(note));
        }
    }
}

impl LoadedDatabase {
    /// The file that changes whenever the database is another one.
    pub fn input(&self) -> Utf8PathBuf {
        if is_archive(&self.location) { self.location.clone() } else { self.database.manifest_file() }
    }

    /// Whether it stands for any source.
    pub fn stands(&self) -> bool {
        self.sources.iter().any(|source| matches!(source.state, State::Absent | State::Frozen))
    }

    /// Whether all of its sources are unchanged.
    pub fn is_whole(&self) -> bool {
        self.sources.iter().all(|source| source.state != State::Changed)
    }

    fn notes(&self, root: &Utf8Path) -> Vec<String> {
        let (name, all) = (&self.name, self.sources.len());
        if self.is_frozen {
            return vec![format!(
                "frozen: `{name}` stands for {}, not compared; the result may not match this tree",
                count(all)
            )];
        }
        let of = |state: State| -> Vec<&Compared> {
            self.sources.iter().filter(|source| source.state == state).collect()
        };
        let (changed, absent) = (of(State::Changed), of(State::Absent));
        let mut notes = vec![];
        if !changed.is_empty() {
            let names = listed(&changed, root);
            let number = changed.len();
            notes.push(format!(
                "{number} of {} changed since `{name}` was saved: {names}; what rests on them is built from source",
                count(all)
            ));
        }
        if !absent.is_empty() {
            let (number, are) = (count(absent.len()), if absent.len() == 1 { "is" } else { "are" });
            notes
                .push(format!("`{name}` stands for {number} that {are} not here: {}", listed(&absent, root)));
        }
        notes
    }
}

/// The first few, relative to the project.
fn listed(sources: &[&Compared], root: &Utf8Path) -> String {
    const MOST: usize = 3;
    let shown = |source: &&Compared| format!("`{}`", source.path.strip_prefix(root).unwrap_or(&source.path));
    let mut names: Vec<String> = sources.iter().take(MOST).map(shown).collect();
    if sources.len() > MOST {
        names.push(format!("and {} more", sources.len() - MOST));
    }
    names.join(", ")
}

fn count(sources: usize) -> String {
    if sources == 1 { "1 source".to_owned() } else { format!("{sources} sources") }
}

/// The databases of the command line, then those of the configuration, each once.
fn wanted(opening: &Opening<'_, '_>) -> Vec<LoadSettings> {
    let (cwd, settings) = (&opening.facts.env().cwd, &opening.settings.precompiled);
    let named = opening.named.iter().map(|location| LoadSettings {
        location: location.into(),
        build_cmd: None,
        compares: settings.compares,
    });
    let mut wanted: Vec<LoadSettings> = vec![];
    for load in named.chain(settings.load.iter().cloned()) {
        let location = normal(&cwd.join(&load.location));
        if !wanted.iter().any(|known| known.location == location) {
            wanted.push(LoadSettings { location, ..load });
        }
    }
    wanted
}

/// Reads and compares the databases, several at a time, then checks that they fit the tools of this machine.
fn read(opening: &Opening<'_, '_>, wanted: &[LoadSettings]) -> Databases {
    let settings = &opening.settings.precompiled;
    let renames = Renames::new(settings.src_map.clone());
    let env = opening.facts.env();
    let cache = env.xdg("XDG_CACHE_HOME", ".cache");
    let opened = in_parallel(wanted, settings.max_threads, |load| {
        let database = Database::open(&load.location, cache.as_deref())?;
        let sources = compare(&database.manifest, opening.root, &renames, !load.compares);
        Ok::<_, Fault>((database, sources))
    });
    let (runs_tools, config) = (opening.builder.is_some(), Rc::new(opening.config.clone()));
    let toolbox = Toolbox::new(opening.facts.clone(), config, runs_tools);
    let mut databases = Databases { renames: renames.clone(), ..Databases::default() };
    for (load, opened) in wanted.iter().zip(opened) {
        let location = load.location.clone();
        let name = location.file_name().unwrap_or_default().to_owned();
        let fits = |(database, sources): (Database, Vec<Compared>)| match misfit(
            &database.manifest,
            &toolbox,
            (opening.config, &renames),
            runs_tools,
        ) {
            Some(fault) => Err(fault),
            None => Ok((database, sources)),
        };
        // The plan depends on this file, also on its absence.
        let is_directory = opened.is_ok() && !is_archive(&location);
        let watched = if is_directory { location.join("manifest.json") } else { location.clone() };
        opening.facts.tool_digest(&watched, |_, _| None);
        match opened.and_then(fits) {
            Ok((database, sources)) => {
                let is_frozen = !load.compares;
                databases.loaded.push(LoadedDatabase { name, location, database, sources, is_frozen });
            }
            Err(why) => databases.passed_over.push(PassedOver { name, location, why }),
        }
    }
    toolbox.save();
    databases
}
