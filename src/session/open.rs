//! What a request means: the configuration, the project's root, the design and the build directory.
//! It does not know scripts; the no-op path ends here.

use super::build_dir::{self, configuring};
use super::databases::{Databases, Opening};
use super::tell::Tell;
use super::untrusted;
use crate::config::{self, Config, Settings, concerns_store};
use crate::describe::Describer;
use crate::design::Design;
use crate::diag::{Error, Result};
use crate::digest::{Digest, KeyHasher};
use crate::env::Env;
use crate::facts::{Answer, Facts, Query};
use crate::options::RequestOptions;
use crate::paths::{Places, UserPath};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeMap;
use std::rc::Rc;

/// One request in its surroundings.
#[derive(Clone, Debug)]
pub struct Session {
    /// What was typed.
    pub options: RequestOptions,
    /// The door to the world.
    pub facts: Rc<Facts>,
    /// The configuration that scripts may ask.
    pub config: Rc<Config>,
    /// What fudsv itself reads of it.
    pub settings: Settings,
    /// What is built: sources and how they were asked for.
    pub design: Design,
    /// The three directories.
    pub places: Places,
    /// Stem of the files that the plan makes.
    pub name: String,
    /// Whether programs that the project's own files name may be asked what they are.
    pub runs_tools: bool,
    /// The precompiled databases that are asked for results.
    pub databases: Rc<Databases>,
}

/// The configuration of a request, and the directory of the project.
fn configuration(facts: &Rc<Facts>, options: &RequestOptions) -> Result<(Config, Settings, Utf8PathBuf)> {
    let root = config::find_root(facts)?;
    let sources = config::Sources {
        file: options.config.as_ref().map(UserPath::new),
        profile: options.profile(),
        set: options.set.clone(),
        is_untrusted: options.untrusted,
    };
    let (config, settings) = config::load(facts, root.as_deref(), &sources)?;
    Ok((config, settings, root.unwrap_or_else(|| facts.env().cwd.clone())))
}

/// The directory of the build directories.
fn builds(
    facts: &Facts,
    options: &RequestOptions,
    root: &Utf8Path,
    settings: &Settings,
) -> Result<Utf8PathBuf> {
    match options.untrusted {
        true => untrusted::builds(facts, options, root),
        false => Ok(build_dir::builds(root, settings)),
    }
}

impl Session {
    /// Loads the configuration and finds the build directory.
    ///
    /// # Errors
    /// Whatever is wrong with the configuration, or a request that names no file.
    pub fn open(env: Env, options: RequestOptions) -> Result<Session> {
        Session::opened(env, options, (None, false))
    }

    /// The same for a command that only looks: unless it probes, it runs no program that the project's own files name, and
    /// none that says what a design consists of.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub fn open_to_look(env: Env, options: RequestOptions, probes: bool) -> Result<Session> {
        let session = Session::opened(env, options, (None, probes))?;
        Ok(if probes { session } else { session.looking() })
    }

    /// The same for a command that builds: databases that cannot be loaded are made by their commands.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub fn open_to_build(env: Env, options: RequestOptions, tell: &mut dyn Tell) -> Result<Session> {
        Session::opened(env, options, (Some(tell), true))
    }

    fn opened(
        env: Env,
        mut options: RequestOptions,
        (builder, describes): (Option<&mut dyn Tell>, bool),
    ) -> Result<Session> {
        let facts = Rc::new(Facts::new(env));
        let (mut config, settings, root) = configuration(&facts, &options)?;
        let builds = builds(&facts, &options, &root, &settings)?;
        let describer = Describer { builds: builds.clone(), may_run: describes };
        let opening = Opening {
            facts: &facts,
            config: &config,
            settings: &settings,
            root: &root,
            builds: &builds,
            named: &options.load,
            builder,
        };
        // What a project that is not trusted may not say is refused before anything of it is opened.
        Design::bounds(&options, &facts, &config, &root)?;
        // Whoever only looks into the configuration asks for them.
        let builds_something = options.asks() || options.plan.is_some();
        let databases = if builds_something { Databases::open(opening) } else { Databases::default() };
        let design = match options.asks() {
            true => Design::of(&options, &facts, &config, &root, &describer)
                .map_err(|error| databases.blamed(error))?,
            // A saved plan says what is built, and the project still says how.
            false => Design::default(),
        };
        for (key, value, origin) in &design.settings {
            config.set(key, value.clone(), origin.clone());
        }
        if options.to.is_empty() && options.output.is_empty() {
            options.to = design.to.clone();
        }
        let saved = options.plan.as_ref().and_then(|plan| Utf8Path::new(plan).file_stem()).map(str::to_owned);
        let name = saved.unwrap_or_else(|| build_dir::name(&config, &design, &options));
        let stem = design.name.as_ref().unwrap_or(&name);
        let workdir = build_dir::workdir(&facts, &options, &settings, &builds, stem, &design);
        let cwd = facts.env().cwd.clone();
        Ok(Session {
            options,
            facts,
            config: Rc::new(config),
            settings,
            design,
            places: Places { cwd, root, workdir },
            name,
            runs_tools: true,
            databases: Rc::new(databases),
        })
    }

    /// The same session with the databases of its configuration, though nothing is to be built.
    pub fn with_databases(self) -> Session {
        let builds = self.builds();
        let databases = Databases::open(Opening {
            facts: &self.facts,
            config: &self.config,
            settings: &self.settings,
            root: &self.places.root,
            builds: &builds,
            named: &self.options.load,
            builder: None,
        });
        Session { databases: Rc::new(databases), ..self }
    }

    /// What finding out what is built looks at, apart from the configuration.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub fn looked_at_by_design(&self) -> Result<BTreeMap<Query, Answer>> {
        let facts = Rc::new(Facts::new(self.facts.env().clone()));
        let (config, _, root) = configuration(&facts, &self.options)?;
        let before = facts.seen();
        let describer = Describer { builds: self.builds(), may_run: false };
        Design::of(&self.options, &facts, &config, &root, &describer)?;
        Ok(facts.seen().into_iter().filter(|(query, _)| !before.contains_key(query)).collect())
    }

    /// The session of a command that only looks: it runs no program that the project's own files name.
    pub fn looking(self) -> Session {
        Session { runs_tools: false, ..self }
    }

    /// What the Ninja file depends on beside the facts: the typed words, the current directory, and the variables that are
    /// configuration.
    pub fn digest(&self) -> Result<Digest> {
        let mut key = KeyHasher::new();
        let mut options = self.options.clone();
        options.set.retain(|set| !concerns_store(set));
        let options =
            serde_json::to_vec(&options).map_err(|e| Error::request("cannot save the request").because(e))?;
        key.field("version", env!("CARGO_PKG_VERSION")).field("options", options);
        key.field("cwd", self.places.cwd.as_str()).field("root", self.places.root.as_str());
        for (name, value) in configuring(self.facts.env()) {
            key.field(name, value);
        }
        for loaded in &self.databases.loaded {
            key.field("database", loaded.database.dir.as_str()).field("frozen", loaded.is_frozen.to_string());
        }
        Ok(key.finish())
    }

    /// The directory of the build directories.
    pub fn builds(&self) -> Utf8PathBuf {
        crate::paths::normal(&build_dir::builds(&self.places.root, &self.settings))
    }

    /// The directory of the build directories of this project when it is not trusted.
    pub fn untrusted_builds(&self) -> Option<Utf8PathBuf> {
        untrusted::of_project(&self.facts, &self.places.root)
    }

    /// The file as the user would type it.
    pub fn shown(&self, path: &Utf8Path) -> Utf8PathBuf {
        if path.starts_with(&self.places.root) || path.starts_with(&self.places.cwd) {
            return crate::paths::relative(&self.places.cwd, path);
        }
        path.to_owned()
    }
}
