//! What the words mean here: the configuration, the project's root, and the build directory of a request.
//! It does not know scripts; the no-op path ends here.

use super::args::RequestArgs;
use super::store::concerns_store;
use crate::config::{self, Config, Origin, Settings};
use crate::design::Design;
use crate::diag::{Error, Result};
use crate::digest::{Digest, KeyHasher};
use crate::env::Env;
use crate::facts::Facts;
use crate::graph::BUILTIN;
use crate::paths::{Places, UserPath};
use camino::{Utf8Path, Utf8PathBuf};
use std::rc::Rc;

/// Names of build directories are cut here.
const LONGEST_NAME: usize = 100;

/// One request in its surroundings.
#[derive(Clone, Debug)]
pub struct Session {
    /// What was typed.
    pub args: RequestArgs,
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
}

impl Session {
    /// Loads the configuration and finds the build directory.
    ///
    /// # Errors
    /// Whatever is wrong with the configuration, or a request that names no file.
    pub fn open(env: Env, mut args: RequestArgs) -> Result<Session> {
        let facts = Rc::new(Facts::new(env));
        let root = config::find_root(&facts)?;
        let sources = config::Sources {
            file: args.config.as_ref().map(UserPath::new),
            profile: args.profile(),
            set: args.set.clone(),
        };
        let (mut config, settings) = config::load(&facts, root.as_deref(), &sources)?;
        let cwd = facts.env().cwd.clone();
        let root = root.unwrap_or_else(|| cwd.clone());
        let design = match args.asks() {
            true => Design::of(&args.typed(), &facts, &config, &root)?,
            false => Design::default(),
        };
        for (key, value, origin) in &design.settings {
            config.set(key, value.clone(), origin.clone());
        }
        if args.to.is_empty() && args.output.is_empty() {
            args.to = design.to.clone();
        }
        if let Some(format) = waves(&args) {
            config.set("verilator.trace", format.into(), Origin::Inputs("what is to be made".to_owned()));
        }
        let saved = args.plan.as_ref().and_then(|plan| Utf8Path::new(plan).file_stem()).map(str::to_owned);
        let name = saved.unwrap_or_else(|| name(&config, &design, &args));
        let stem = design.name.as_ref().unwrap_or(&name);
        let workdir = workdir(&facts, &args, &settings, &root, stem, &design);
        Ok(Session {
            args,
            facts,
            config: Rc::new(config),
            settings,
            design,
            places: Places { cwd, root, workdir },
            name,
            runs_tools: true,
        })
    }

    /// The session of a command that only looks: it runs no program that the project's own files name.
    pub fn looking(self) -> Session {
        Session { runs_tools: false, ..self }
    }

    /// What the Ninja file depends on beside what goes through the door: what was typed, where, and the variables
    /// that are configuration.
    pub fn digest(&self) -> Result<Digest> {
        let mut key = KeyHasher::new();
        let mut args = self.args.clone();
        args.set.retain(|set| !concerns_store(set));
        let args =
            serde_json::to_vec(&args).map_err(|e| Error::request("the request cannot be kept").because(e))?;
        key.field("version", env!("CARGO_PKG_VERSION")).field("args", args);
        key.field("cwd", self.places.cwd.as_str()).field("root", self.places.root.as_str());
        for (name, value) in configuring(self.facts.env()) {
            key.field(name, value);
        }
        Ok(key.finish())
    }

    /// The directory of the build directories.
    pub fn builds(&self) -> Utf8PathBuf {
        crate::paths::normal(&builds(&self.places.root, &self.settings))
    }

    /// The file as the user would type it.
    pub fn shown(&self, path: &Utf8Path) -> Utf8PathBuf {
        if path.starts_with(&self.places.root) || path.starts_with(&self.places.cwd) {
            return crate::paths::relative(&self.places.cwd, path);
        }
        path.to_owned()
    }
}

/// The format of the waveforms that are asked for: the model must be built so that it can write them.
fn waves(args: &RequestArgs) -> Option<&'static str> {
    let is = |format: &&str| {
        let named = args.output.iter().any(|path| Utf8Path::new(path).extension() == Some(format));
        args.to.iter().any(|to| builtin_name(to) == *format) || (args.to.is_empty() && named)
    };
    ["vcd", "fst"].into_iter().find(is)
}

/// The state without what says that the built-in one is meant.
pub fn builtin_name(state: &str) -> &str {
    state.strip_prefix(BUILTIN).unwrap_or(state)
}

/// The variables of the environment that configure fudsv.
fn configuring(env: &Env) -> impl Iterator<Item = (&String, &String)> {
    const OTHERS: [&str; 6] =
        ["FUDSV_PLUGIN_PATH", "HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_DATA_DIRS", "XDG_CACHE_HOME"];
    env.vars.iter().filter(|(name, _)| {
        let is_key = name.strip_prefix("FUDSV_").is_some_and(|rest| rest.contains("__"));
        let is_about_store = name.starts_with("FUDSV_STORE__");
        is_key && !is_about_store || OTHERS.contains(&name.as_str())
    })
}

/// What the files of the plan are called: the top, else the design, else the first file.
fn name(config: &Config, design: &Design, args: &RequestArgs) -> String {
    let top = config.get("verilator.top").and_then(|found| found.value.as_str().map(str::to_owned));
    let top = top.filter(|top| !top.is_empty());
    let nameless = if args.files.iter().any(|file| file == "-") { "stdin" } else { "result" };
    top.or(design.name.clone()).or(design.stem.clone()).unwrap_or_else(|| nameless.to_owned())
}

/// `--dir`, else `<build-dir>/<name>-<to>[-<profile>][-<options>]`: the options are hashed, the files are not, so
/// that adding a file moves nothing.
fn workdir(
    facts: &Facts,
    args: &RequestArgs,
    settings: &Settings,
    root: &Utf8Path,
    name: &str,
    design: &Design,
) -> Utf8PathBuf {
    if let Some(dir) = &args.dir {
        return facts.real(dir);
    }
    let base = builds(root, settings);
    let to = if args.plan.is_some() {
        "plan".to_owned()
    } else if args.to.is_empty() {
        extensions(&args.output)
    } else {
        args.to.iter().map(|to| builtin_name(to)).collect::<Vec<_>>().join("+")
    };
    let safe = |c: char| if c.is_alphanumeric() || "._-+".contains(c) { c } else { '_' };
    let mut dir: String = format!("{name}-{to}").chars().map(safe).take(LONGEST_NAME).collect();
    if settings.profile != "dev" {
        dir.push_str(&format!("-{}", settings.profile));
    }
    if let Some(options) = options_digest(facts.env(), args, design) {
        dir.push_str(&format!("-{}", options.short(8)));
    }
    facts.real(base.join(dir.trim_start_matches('.')))
}

/// Where build directories stand.
fn builds(root: &Utf8Path, settings: &Settings) -> Utf8PathBuf {
    root.join(settings.build_dir.as_deref().unwrap_or(".fudsv"))
}

fn extensions(outputs: &[String]) -> String {
    let extension = |path: &String| Utf8Path::new(path).extension().unwrap_or("out").to_owned();
    outputs.iter().map(extension).collect::<Vec<_>>().join("+")
}

/// The digest of the options that make another build; none when there are none.
fn options_digest(env: &Env, args: &RequestArgs, design: &Design) -> Option<Digest> {
    let mut key = KeyHasher::new();
    let plain = key.finish();
    let lists = [("from", &args.from), ("through", &args.through), ("bind", &args.bind), ("set", &args.set)];
    let more = [
        ("plugin", &args.plugin),
        ("-I", &args.include_dir),
        ("-D", &args.define),
        ("-G", &args.parameter),
        ("-y", &args.library_dir),
        ("library-file", &args.library_file),
    ];
    for (name, values) in lists.into_iter().chain(more) {
        values.iter().filter(|value| name != "set" || !concerns_store(value)).for_each(|value| {
            key.field(name, value);
        });
    }
    for list in &args.lists.0 {
        key.field(if list.own_paths { "-F" } else { "-f" }, &list.path);
    }
    for word in args.files.iter().filter(|word| word.starts_with('+')) {
        key.field("word", word);
    }
    // A top is in the name of the directory, unless a design is.
    for top in args.top.iter().filter(|_| design.name.is_some()) {
        key.field("top", top);
    }
    for (name, value) in [("each", &args.each), ("plan", &args.plan), ("config", &args.config)] {
        value.iter().for_each(|value| {
            key.field(name, value);
        });
    }
    for (name, value) in configuring(env).filter(|(name, _)| name.contains("__")) {
        key.field(name, value);
    }
    (key.finish() != plain).then(|| key.finish())
}
