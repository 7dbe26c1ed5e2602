//! `[precompiled]`: which databases are loaded, saved and kept current.
//! It does not know what a database is.

use super::typed::{flag, number, path, wrong_type};
use super::value::{Config, Origin};
use crate::diag::{Error, Result, did_you_mean};
use camino::{Utf8Path, Utf8PathBuf};
use toml::Value;

/// What keys of `precompiled.src-map` begin with: directories, which hold dots.
pub(super) const SRC_MAP: &str = "precompiled.src-map.";

/// How many threads read and compare databases.
const THREADS: u32 = 8;

/// The section `[precompiled]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrecompiledSettings {
    /// `save`.
    pub save: Option<Utf8PathBuf>,
    /// `load`, earlier ones first.
    pub load: Vec<LoadSettings>,
    /// `md5-change-detection`, for databases that say nothing themselves.
    pub compares: bool,
    /// `src-map`: what directories are called where databases were saved, and here.
    pub src_map: Vec<(String, String)>,
    /// `max-threads`.
    pub max_threads: usize,
    /// `build-cmd-max-jobs`.
    pub max_jobs: usize,
    /// `auto`.
    pub auto: Option<Utf8PathBuf>,
    /// `auto-exclude-library`.
    pub excluded_libraries: Vec<String>,
    /// `auto-exclude-path` and `auto-exclude-path-add`.
    pub excluded_paths: Vec<String>,
}

/// A database to load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadSettings {
    /// Absolute, or relative to where the user stands.
    pub location: Utf8PathBuf,
    /// What makes it when it cannot be loaded, and where that runs.
    pub build_cmd: Option<(String, Utf8PathBuf)>,
    /// Whether its sources are compared.
    pub compares: bool,
}

impl PrecompiledSettings {
    pub(super) fn of(config: &Config) -> Result<PrecompiledSettings> {
        let count = |key: &str, default: u32| -> Result<usize> {
            let count = number(config, key)?.unwrap_or(default).max(1);
            Ok(usize::try_from(count).unwrap_or(1))
        };
        let compares = flag(config, "precompiled.md5-change-detection", true)?;
        let mut excluded_paths = texts(config, "precompiled.auto-exclude-path")?;
        excluded_paths.extend(texts(config, "precompiled.auto-exclude-path-add")?);
        Ok(PrecompiledSettings {
            save: path(config, "precompiled.save")?,
            load: loads(config, compares)?,
            compares,
            src_map: src_map(config)?,
            max_threads: count("precompiled.max-threads", THREADS)?,
            max_jobs: count("precompiled.build-cmd-max-jobs", 1)?,
            auto: path(config, "precompiled.auto")?,
            excluded_libraries: texts(config, "precompiled.auto-exclude-library")?,
            excluded_paths,
        })
    }
}

fn loads(config: &Config, compares: bool) -> Result<Vec<LoadSettings>> {
    const KEY: &str = "precompiled.load";
    let Some(found) = config.get(KEY) else { return Ok(vec![]) };
    let base = base(found.origin);
    let wrong =
        || wrong_type(KEY, found, "tables that have a `location`").hint("write `[[precompiled.load]]`");
    let load = |value: &Value| {
        let table = value.as_table().ok_or_else(wrong)?;
        let text = |key: &str| table.get(key).map(|value| value.as_str().ok_or_else(wrong)).transpose();
        let known = ["location", "build-cmd", "md5-change-detection"];
        if let Some(key) = table.keys().find(|key| !known.contains(&key.as_str())) {
            return Err(Error::request(format!("no key of `[[{KEY}]]` is called `{key}`"))
                .detail("set by", found.origin.to_string())
                .maybe_hint(did_you_mean(key, known)));
        }
        let compares = match table.get("md5-change-detection") {
            Some(value) => value.as_bool().ok_or_else(wrong)?,
            None => compares,
        };
        let location = base.join(text("location")?.ok_or_else(wrong)?);
        let build_cmd = text("build-cmd")?.map(|command| (command.to_owned(), base.clone()));
        Ok(LoadSettings { location, build_cmd, compares })
    };
    found.value.as_array().ok_or_else(wrong)?.iter().map(load).collect()
}

fn src_map(config: &Config) -> Result<Vec<(String, String)>> {
    const KEY: &str = "precompiled.src-map";
    let Some(found) = config.get(KEY) else { return Ok(vec![]) };
    let wrong = || {
        wrong_type(KEY, found, "a table of absolute directories")
            .hint("write `src-map = { \"/saved/src\" = \"/own/src\" }`")
    };
    let table = found.value.as_table().ok_or_else(wrong)?;
    let pair = |(there, here): (&String, &Value)| {
        let here = base(found.origin).join(here.as_str().ok_or_else(wrong)?);
        if there.starts_with('/') { Ok((there.clone(), here.into_string())) } else { Err(wrong()) }
    };
    table.iter().map(pair).collect()
}

/// One text, or several.
fn texts(config: &Config, key: &str) -> Result<Vec<String>> {
    let Some(found) = config.get(key) else { return Ok(vec![]) };
    let text = |value: &Value| {
        value.as_str().map(str::to_owned).ok_or_else(|| wrong_type(key, found, "text or a list of texts"))
    };
    match found.value.as_array() {
        Some(values) => values.iter().map(text).collect(),
        None => Ok(vec![text(found.value)?]),
    }
}

/// What a relative path in a value is relative to.
fn base(origin: &Origin) -> Utf8PathBuf {
    match origin {
        Origin::File(file) => file.parent().unwrap_or(Utf8Path::new("")).to_owned(),
        _ => Utf8PathBuf::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<PrecompiledSettings> {
        PrecompiledSettings::of(&Config::of_test(text, Utf8Path::new("/p/fud.toml")))
    }

    #[test]
    fn paths_of_a_file_are_relative_to_it_and_a_database_may_differ_from_the_others() {
        let settings = read(
            "[precompiled]\nmd5-change-detection = false\nauto-exclude-path = \"*/a/*\"\nauto-exclude-path-add = [\"b\"]\n\
             src-map = { \"/save/v1.0\" = \"rtl\" }\n\
             [[precompiled.load]]\nlocation = \"ip.fdb\"\nbuild-cmd = \"make ip\"\n\
             [[precompiled.load]]\nlocation = \"/share/x.fdb\"\nmd5-change-detection = true\n",
        )
        .unwrap();
        let first = LoadSettings {
            location: "/p/ip.fdb".into(),
            build_cmd: Some(("make ip".into(), "/p".into())),
            compares: false,
        };
        let second = LoadSettings { location: "/share/x.fdb".into(), build_cmd: None, compares: true };
        assert_eq!(settings.load, [first, second]);
        assert_eq!(settings.src_map, [("/save/v1.0".to_owned(), "/p/rtl".to_owned())]);
        assert_eq!(settings.excluded_paths, ["*/a/*", "b"]);
        assert_eq!((settings.max_threads, settings.max_jobs), (8, 1));
    }

    #[test]
    fn what_is_no_database_is_refused_by_its_key() {
        let said = |text: &str| read(text).unwrap_err().to_string();
        let unknown = said("[[precompiled.load]]\nlocation = \"x\"\nbuild-cmdd = \"make\"\n");
        assert!(unknown.contains("no key of `[[precompiled.load]]` is called `build-cmdd`"), "{unknown}");
        assert!(unknown.contains("did you mean `build-cmd`?"), "{unknown}");
        for text in ["[precompiled]\nload = \"x\"\n", "[[precompiled.load]]\nbuild-cmd = \"make\"\n"] {
            assert!(said(text).contains("tables that have a `location`"), "{text}");
        }
        assert!(said("[precompiled]\nsrc-map = { a = \"b\" }\n").contains("absolute directories"));
    }
}
