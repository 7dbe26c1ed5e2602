//! What fudsv itself reads out of the configuration, with types; a misspelt key is an error.
//! It does not know the keys of scripts: every section that is not listed here is theirs.

use super::{Config, Found};
use crate::diag::{Error, Result, did_you_mean};

/// fudsv's own keys and what each is, for `fudsv config` and the documentation.
pub const KEYS: &[(&str, &str)] = &[
    ("build-dir", "directory of the build directories; `.fudsv` beside fud.toml when absent"),
    ("plugins", "scripts to load: names on the search path, or paths relative to the file that lists them"),
    ("profile", "the chosen profile; set by --profile, readable by scripts"),
    ("ninja.exe", "the Ninja program; `ninja` on PATH when absent"),
    ("ninja.jobs", "how many steps run at once; Ninja decides when absent"),
    ("ninja.keep-going", "how many steps may fail before the build stops; 0 for any number"),
];

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
}

impl Settings {
    /// Reads them, refusing unknown keys in fudsv's own sections and at the top.
    pub(super) fn of(config: &Config) -> Result<Settings> {
        check_keys(config)?;
        Ok(Settings {
            build_dir: text(config, "build-dir")?,
            ninja: text(config, "ninja.exe")?,
            jobs: number(config, "ninja.jobs")?,
            keep_going: number(config, "ninja.keep-going")?,
            profile: text(config, "profile")?.unwrap_or_else(|| "dev".into()),
        })
    }
}

/// Keys in `[ninja]` are fudsv's own. At the top scripts may have some too; what is nearly one of ours is misspelt.
fn check_keys(config: &Config) -> Result<()> {
    for key in config.keys() {
        let near = near(key);
        let own = key.starts_with("ninja.") || (!key.contains('.') && near.is_some());
        if own && !KEYS.iter().any(|(known, _)| *known == key) {
            let origin = config.get(key).map(|found| found.origin.to_string()).unwrap_or_default();
            return Err(Error::request(format!("no key of fudsv is called `{key}`"))
                .detail("set by", origin)
                .hint("keys of scripts stand in a section of their own, such as `[verilator]`")
                .maybe_hint(near));
        }
    }
    Ok(())
}

/// The key of ours that was meant: one of nearly this name, or of this name in its section.
fn near(key: &str) -> Option<String> {
    let all = || KEYS.iter().map(|(known, _)| *known);
    let inner = all().find(|known| known.rsplit_once('.').is_some_and(|(_, name)| name == key));
    inner.map(|known| format!("did you mean `{known}`?")).or_else(|| did_you_mean(key, all()))
}

fn text(config: &Config, key: &str) -> Result<Option<String>> {
    let Some(found) = config.get(key) else { return Ok(None) };
    let text = found.value.as_str().map(str::to_owned);
    text.map(Some).ok_or_else(|| wrong_type(key, found, "text"))
}

fn number(config: &Config, key: &str) -> Result<Option<u32>> {
    let Some(found) = config.get(key) else { return Ok(None) };
    let number = found.value.as_integer().and_then(|number| u32::try_from(number).ok());
    number.map(Some).ok_or_else(|| wrong_type(key, found, "a whole number"))
}

fn wrong_type(key: &str, found: Found<'_>, wanted: &str) -> Box<Error> {
    Error::request(format!("`{key}` is {}, not {wanted}", found.value))
        .detail("set by", found.origin.to_string())
}
