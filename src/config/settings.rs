//! What fudsv itself reads out of the configuration, with types; a misspelt key is an error.
//! It does not know the keys of scripts: every section that is not listed here is theirs.

use super::measure::{measured, parse_age, parse_size};
use super::precompiled::{PrecompiledSettings, SRC_MAP};
use super::remote::RemoteSettings;
use super::typed::{flag, number, path, text, wrong_type};
use super::value::Config;
use crate::diag::{Error, Result, did_you_mean};
use camino::Utf8PathBuf;
use std::time::Duration;

/// fudsv's own keys and what each is, for `fudsv config` and the documentation.
pub const KEYS: &[(&str, &str)] = &[
    ("build-dir", "the directory of the build directories; by default `.fudsv` beside fud.toml"),
    ("plugins", "scripts to load: names on the search path, or paths relative to the file that lists them"),
    ("override", "names of built-in ops and states that your scripts replace"),
    ("profile", "the chosen profile; set by --profile, readable by scripts"),
    ("manifest.compat", "`assassyn`: libraries and crates come with the layout that Assassyn expects"),
    ("ninja.exe", "the Ninja program; by default `ninja` on PATH"),
    ("ninja.jobs", "how many steps run at once; by default Ninja decides"),
    ("ninja.keep-going", "how many steps may fail before the build stops; 0 for any number"),
    ("store", "`false` turns the store off"),
    ("store.dir", "the directory of the store; by default `fudsv/store` in the user's cache directory"),
    ("store.read-only", "whether to only read results from the store"),
    ("store.max-size", "the largest size of the store, such as `10G`"),
    (
        "store.max-age",
        "how long the store keeps a result after its last use, such as `30d`; by default without limit",
    ),
    ("store.remote.url", "the address of a store that a team shares; by default none"),
    ("store.remote.write", "whether results are given to the remote store; by default they are only taken"),
    (
        "store.remote.timeout",
        "how long the remote store may take for an answer, such as `500ms`; 1s by default",
    ),
    ("store.remote.retries", "how often a failed question to the remote store is asked again; 1 by default"),
    (
        "store.remote.max-entry",
        "the largest result that goes to or comes from the remote store; `256M` by default",
    ),
    ("store.remote.token-env", "the environment variable that holds the token for the remote store"),
    ("store.remote.netrc", "whether your `.netrc` has the name and the password for the remote store"),
    ("store.remote.ca-file", "the certificate of the private authority that the remote store is trusted by"),
    ("store.remote.region", "the region of a bucket (`s3://…`); by default that of AWS_REGION"),
    (
        "store.remote.endpoint",
        "the server of a bucket (`s3://…`); by default that of AWS_ENDPOINT_URL, else Amazon's",
    ),
    ("precompiled.save", "the database into which each successful build is saved; by default none"),
    (
        "precompiled.load",
        "databases to load, earlier ones first: tables of `location`, `build-cmd`, `md5-change-detection`",
    ),
    (
        "precompiled.md5-change-detection",
        "`false` does not compare the sources of databases and trusts their recorded contents",
    ),
    ("precompiled.src-map", "directories where databases were saved, and the places of their sources here"),
    ("precompiled.max-threads", "how many threads read and compare databases; 8 by default"),
    ("precompiled.build-cmd-max-jobs", "how many commands that rebuild databases run at once; 1 by default"),
    ("precompiled.auto", "the directory in which a database of each design is kept current"),
    ("precompiled.auto-exclude-library", "libraries of designs that have no database there"),
    (
        "precompiled.auto-exclude-path",
        "patterns of absolute paths: designs with such a file have no database there",
    ),
    ("precompiled.auto-exclude-path-add", "more of these patterns, which a later layer need not repeat"),
];

/// The size of a store for which nothing is set.
const MAX_SIZE: u64 = 10 << 30;

/// The typed settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// `build-dir`.
    pub build_dir: Option<String>,
    /// `ninja.exe`.
    pub ninja: Option<String>,
    /// `ninja.jobs`.
    pub jobs: Option<u32>,
    /// `ninja.keep-going`.
    pub keep_going: Option<u32>,
    /// `profile`.
    pub profile: String,
    /// `store`; `None` if it is `false`.
    pub store: Option<StoreSettings>,
    /// `precompiled`.
    pub precompiled: PrecompiledSettings,
}

/// The section `[store]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreSettings {
    /// `store.dir`: absolute, or relative to where the user stands.
    pub dir: Option<Utf8PathBuf>,
    /// `store.read-only`.
    pub read_only: bool,
    /// `store.max-size`, in bytes.
    pub max_size: u64,
    /// `store.max-age`.
    pub max_age: Option<Duration>,
    /// `store.remote`.
    pub remote: Option<RemoteSettings>,
}

impl Settings {
    /// Reads them, refusing unknown keys in fudsv's own sections and at the top.
    pub(super) fn of(config: &Config) -> Result<Settings> {
        check_keys(config)?;
        check_compat(config)?;
        Ok(Settings {
            build_dir: text(config, "build-dir")?,
            ninja: text(config, "ninja.exe")?,
            jobs: number(config, "ninja.jobs")?,
            keep_going: number(config, "ninja.keep-going")?,
            profile: text(config, "profile")?.unwrap_or_else(|| "dev".into()),
            store: store(config)?,
            precompiled: PrecompiledSettings::of(config)?,
        })
    }
}

/// Keys in these sections are fudsv's own. Scripts may have keys without a section; one that is nearly fudsv's is misspelt.
fn check_keys(config: &Config) -> Result<()> {
    let is_known = |key: &&str| KEYS.iter().any(|(known, _)| known == key) || key.starts_with(SRC_MAP);
    for key in config.keys().filter(|key| !is_known(key)) {
        let near = near(key);
        let is_in = |section: &&str| key.split_once('.').is_some_and(|(first, _)| first == *section);
        let own = ["manifest", "ninja", "precompiled", "store"].iter().any(is_in)
            || (!key.contains('.') && near.is_some());
        if own {
            let origin = config.get(key).map(|found| found.origin.to_string()).unwrap_or_default();
            return Err(Error::request(format!("no key of fudsv is called `{key}`"))
                .detail("set by", origin)
                .hint("keys of scripts belong into a section, such as `[verilator]`")
                .maybe_hint(near));
        }
    }
    Ok(())
}

/// States say what they are made for; here is which values there are.
fn check_compat(config: &Config) -> Result<()> {
    const KEY: &str = "manifest.compat";
    let Some(found) = config.get(KEY) else { return Ok(()) };
    match found.value.as_str() {
        Some("assassyn" | "") => Ok(()),
        _ => Err(wrong_type(KEY, found, "`assassyn`")),
    }
}

fn store(config: &Config) -> Result<Option<StoreSettings>> {
    if config.get("store").is_some_and(|found| !found.value.is_table()) && !flag(config, "store", true)? {
        return Ok(None);
    }
    let size = config.get("store.max-size").map(|found| measured(found, "store.max-size", parse_size));
    let age = config.get("store.max-age").map(|found| measured(found, "store.max-age", parse_age));
    Ok(Some(StoreSettings {
        dir: path(config, "store.dir")?,
        read_only: flag(config, "store.read-only", false)?,
        max_size: size.transpose()?.unwrap_or(MAX_SIZE),
        max_age: age.transpose()?,
        remote: RemoteSettings::of(config)?,
    }))
}

/// The key of ours that was meant: one of nearly this name, or of this name in its section.
fn near(key: &str) -> Option<String> {
    let all = || KEYS.iter().map(|(known, _)| *known);
    let inner = all().find(|known| known.rsplit_once('.').is_some_and(|(_, name)| name == key));
    inner.map(|known| format!("did you mean `{known}`?")).or_else(|| did_you_mean(key, all()))
}

/// Whether a key, or a word of `--set`, is about the store or databases: another one makes no other build.
pub fn concerns_store(set: &str) -> bool {
    let key = set.split('=').next().unwrap_or_default().trim();
    key == "store" || ["store.", "precompiled."].iter().any(|section| key.starts_with(section))
}
