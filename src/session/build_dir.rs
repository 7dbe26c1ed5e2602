//! Where a request is built: the name of its build directory, and which options change it.
//! It does not know the purpose of a request.

use crate::config::{Config, Settings, concerns_store};
use crate::design::{Choice, Design};
use crate::digest::{Digest, KeyHasher};
use crate::env::Env;
use crate::facts::Facts;
use crate::graph::BUILTIN;
use crate::options::RequestOptions;
use crate::workdir::names::INTERNAL;
use camino::{Utf8Path, Utf8PathBuf};

/// Names of build directories are cut here.
const LONGEST_NAME: usize = 100;

/// The state without what says that the built-in one is meant.
pub fn builtin_name(state: &str) -> &str {
    state.strip_prefix(BUILTIN).unwrap_or(state)
}

/// The variables of the environment that configure fudsv.
pub fn configuring(env: &Env) -> impl Iterator<Item = (&String, &String)> {
    const OTHERS: [&str; 6] =
        ["FUDSV_PLUGIN_PATH", "HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_DATA_DIRS", "XDG_CACHE_HOME"];
    env.vars.iter().filter(|(name, _)| {
        let is_key = name.strip_prefix("FUDSV_").is_some_and(|rest| rest.contains("__"));
        let is_about_store =
            ["FUDSV_STORE__", "FUDSV_PRECOMPILED__"].iter().any(|front| name.starts_with(front));
        is_key && !is_about_store || OTHERS.contains(&name.as_str())
    })
}

/// What the files of the plan are called: the top, else the design, else the first file.
pub fn name(config: &Config, design: &Design, options: &RequestOptions) -> String {
    let top = config.get("verilator.top").and_then(|found| found.value.as_str().map(str::to_owned));
    let top = top.filter(|top| !top.is_empty());
    let nameless = if options.words().any(|word| word == "-") { "stdin" } else { "result" };
    top.or(design.name.clone()).or(design.stem.clone()).unwrap_or_else(|| nameless.to_owned())
}

/// `--dir`, else `<build-dir>/<name>-<to>[-<profile>][@<tag>][-<options>]`: the options are hashed, and the tag names
/// some of them for people; files are not hashed, so that adding a file does not move the build directory.
pub fn workdir(
    facts: &Facts,
    options: &RequestOptions,
    settings: &Settings,
    base: &Utf8Path,
    name: &str,
    design: &Design,
) -> Utf8PathBuf {
    if let Some(dir) = &options.dir {
        return facts.real(dir);
    }
    let to = if options.plan.is_some() {
        "plan".to_owned()
    } else if options.to.is_empty() {
        extensions(&options.output)
    } else {
        options.to.iter().map(|to| builtin_name(to)).collect::<Vec<_>>().join("+")
    };
    let name = format!("{name}{}", design.choice);
    let safe = |c: char| if c.is_alphanumeric() || "._-+".contains(c) { c } else { '_' };
    let mut dir: String = format!("{name}-{to}").chars().map(safe).take(LONGEST_NAME).collect();
    if settings.profile != "dev" {
        dir.push_str(&format!("-{}", settings.profile));
    }
    // Two values may look alike in a name.
    if design.choice != Choice::default() {
        dir.push_str(&format!("-{}", Digest::of_bytes(design.choice.to_string().as_bytes()).short(8)));
    }
    if let Some(digest) = options_digest(facts.env(), options, design) {
        let tag: String =
            tag(options).chars().map(|c| if c == ',' || c == '=' { c } else { safe(c) }).collect();
        let at = if tag.is_empty() { "" } else { "@" };
        dir.push_str(&format!("{at}{tag}-{}", digest.short(8)));
    }
    facts.real(base.join(dir.trim_start_matches('.')))
}

/// Where build directories stand.
pub fn builds(root: &Utf8Path, settings: &Settings) -> Utf8PathBuf {
    root.join(settings.build_dir.as_deref().unwrap_or(INTERNAL))
}

/// Names the options for people: macros and parameters, as far as there is room. Settings may contain secrets.
fn tag(options: &RequestOptions) -> String {
    const LONGEST_TAG: usize = 40;
    let named = options.identity().filter(|(name, _)| ["parameter", "define"].contains(name));
    let named = named.map(|(_, value)| value);
    let tag: String = named.collect::<Vec<_>>().join(",").chars().take(LONGEST_TAG).collect();
    tag.trim_end_matches(['.', ',', '=']).to_owned()
}

fn extensions(outputs: &[String]) -> String {
    let extension = |path: &String| Utf8Path::new(path).extension().unwrap_or("out").to_owned();
    outputs.iter().map(extension).collect::<Vec<_>>().join("+")
}

/// The digest of the options that make another build; `None` without such options.
fn options_digest(env: &Env, options: &RequestOptions, design: &Design) -> Option<Digest> {
    let mut key = KeyHasher::new();
    let plain = key.finish();
    for (name, value) in options.identity().filter(|(name, value)| *name != "set" || !concerns_store(value)) {
        key.field(name, value);
    }
    // A top is in the name of the directory, unless a design is.
    for top in options.top.iter().filter(|_| design.name.is_some()) {
        key.field("top", top);
    }
    for (name, value) in configuring(env).filter(|(name, _)| name.contains("__")) {
        key.field(name, value);
    }
    (key.finish() != plain).then(|| key.finish())
}
