//! The layers, in order, and how figment merges them: defaults < user < project < `--config` < profile <
//! environment < `--set`.
//! It does not know which keys mean something.

use super::setting::{added, key_of_variable, nest, parse_set};
use super::settings::Settings;
use super::trust::Trust;
use super::value::{Config, Origin};
use crate::diag::{Error, Place, Result};
use crate::env::Env;
use crate::facts::Facts;
use crate::paths::UserPath;
use camino::{Utf8Path, Utf8PathBuf};
use figment::value::{Dict, Map};
use figment::{Figment, Metadata, Profile, Provider};
use std::collections::BTreeMap;

/// The name of the configuration file.
pub const FILE_NAME: &str = "fud.toml";

/// What the command line says about configuration.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// `--config`.
    pub file: Option<UserPath>,
    /// `--profile`; `dev` when absent.
    pub profile: Option<String>,
    /// `--set`, in order.
    pub set: Vec<String>,
    /// Whether the project is not trusted: then its remote store does not count.
    pub is_untrusted: bool,
}

/// The directory of the project's `fud.toml`: the nearest above the working directory, up to the repository's root
/// or the home directory, that belongs to the user.
///
/// # Errors
/// The nearest one belongs to somebody else.
pub fn find_root(facts: &Facts) -> Result<Option<Utf8PathBuf>> {
    let env = facts.env();
    let home = env.var("HOME").map(Utf8Path::new);
    for dir in env.cwd.ancestors() {
        let file = dir.join(FILE_NAME);
        if facts.exists(&file) {
            return Trust::of(env).check(&file).map(|()| Some(dir.to_owned()));
        }
        if facts.exists(&dir.join(".git")) || Some(dir) == home {
            return Ok(None);
        }
    }
    Ok(None)
}

/// Reads all layers and merges them.
///
/// # Errors
/// A file that is named and missing, or is not TOML; an unknown profile; a malformed `--set`; a misspelt key.
pub fn load(facts: &Facts, root: Option<&Utf8Path>, sources: &Sources) -> Result<(Config, Settings)> {
    let env = facts.env();
    let mut layers = vec![];
    let project = root.map(|root| root.join(FILE_NAME));
    for file in user_file(env).into_iter().chain(project.clone()) {
        layers.extend(read_layer(facts, &file)?);
    }
    if let Some(file) = &sources.file {
        let path = env.cwd.join(file.as_path());
        let missing = || Error::request(format!("no file `{file}`")).hint("`--config` names a TOML file");
        layers.push(read_layer(facts, &path)?.ok_or_else(missing)?);
    }
    if sources.is_untrusted {
        let is_of_project = |layer: &&mut Layer| match (&layer.origin, root) {
            (Origin::File(file), Some(root)) => file.starts_with(root),
            _ => false,
        };
        layers.iter_mut().filter(is_of_project).for_each(Layer::leave_remote_store);
    }
    let profile = take_profiles(&mut layers, sources.profile.as_deref().unwrap_or("dev"))?;
    layers.extend(profile);
    layers.extend(variables(env));
    for text in &sources.set {
        let set = parse_set(text)?;
        let below = if set.is_added { Some(merge(layers.clone())?) } else { None };
        let found = below.as_ref().and_then(|below| below.get(&set.key));
        let value = if set.is_added {
            added(&set.key, found.map(|found| found.value), &set.value)?
        } else {
            set.value
        };
        // Adding words does not make the project's words the user's own: `--untrusted` checks all of them.
        let origin = found.map_or(Origin::Set, |found| found.origin.clone());
        layers.push(Layer { origin, table: nest(&set.key, value) });
    }
    let config = Config { project, ..merge(layers)? };
    let settings = Settings::of(&config)?;
    Ok((config, settings))
}

/// The user's own file, which need not be there.
pub fn user_file(env: &Env) -> Option<Utf8PathBuf> {
    env.xdg("XDG_CONFIG_HOME", ".config").map(|dir| dir.join(FILE_NAME))
}

/// Checks what a file would say with this text, in each of its profiles.
///
/// # Errors
/// As [`load`].
pub fn check(facts: &Facts, file: &Utf8Path, text: &str) -> Result<()> {
    let layer = parse_layer(facts, file, text)?;
    let profiles = layer.table.get("profile").and_then(toml::Value::as_table);
    let names: Vec<String> = profiles.map(|profiles| profiles.keys().cloned().collect()).unwrap_or_default();
    for name in names.iter().map(String::as_str).chain(["dev"]) {
        let mut layers = vec![layer.clone()];
        let profile = take_profiles(&mut layers, name)?;
        layers.extend(profile);
        Settings::of(&merge(layers)?)?;
    }
    Ok(())
}

/// One layer.
#[derive(Clone, Debug)]
struct Layer {
    origin: Origin,
    table: toml::Table,
}

impl Layer {
    /// Takes the remote store out, which whoever wrote the project may have filled.
    fn leave_remote_store(&mut self) {
        let leave = |table: &mut toml::Table| {
            if let Some(toml::Value::Table(store)) = table.get_mut("store") {
                store.remove("remote");
            }
        };
        leave(&mut self.table);
        let profiles = self.table.get_mut("profile").and_then(toml::Value::as_table_mut);
        for (_, profile) in profiles.into_iter().flat_map(toml::Table::iter_mut) {
            profile.as_table_mut().into_iter().for_each(leave);
        }
    }
}

fn read_layer(facts: &Facts, file: &Utf8Path) -> Result<Option<Layer>> {
    let text = facts.read_text(file)?;
    text.map(|text| parse_layer(facts, file, &text)).transpose()
}

fn parse_layer(facts: &Facts, file: &Utf8Path, text: &str) -> Result<Layer> {
    let table = toml::from_str::<toml::Table>(text).map_err(|e| {
        let shown = crate::paths::relative(&facts.env().cwd, file);
        let place = Place::at_byte(shown, text, e.span().map_or(0, |span| span.start));
        Error::request(format!("this is not TOML: {}", e.message().trim())).at(place)
    })?;
    Ok(Layer { origin: Origin::File(file.to_owned()), table })
}

/// The profiles that exist without a section: `scripts` say what they mean.
const BUILT_IN: [&str; 4] = ["dev", "quick", "release", "pgo"];

/// Takes `[profile.*]` out of the layers and returns the sections of the chosen profile, in order. Those of `BUILT_IN`
/// always exist.
fn take_profiles(layers: &mut [Layer], chosen: &str) -> Result<Vec<Layer>> {
    let mut known = BUILT_IN.map(str::to_owned).to_vec();
    let mut found =
        vec![Layer { origin: Origin::Default, table: nest("profile", toml::Value::from(chosen)) }];
    for layer in layers {
        match layer.table.remove("profile") {
            Some(toml::Value::Table(mut profiles)) => {
                known.extend(profiles.keys().cloned());
                if let Some(toml::Value::Table(table)) = profiles.remove(chosen) {
                    found.push(Layer { origin: layer.origin.clone(), table });
                }
            }
            Some(_) => {
                let message = format!("`profile` in `{}` is not a table", layer.origin);
                return Err(Error::request(message).hint("profiles are sections: `[profile.release]`"));
            }
            None => {}
        }
    }
    if !known.iter().any(|name| name == chosen) {
        let hint = crate::diag::did_you_mean(chosen, known.iter().map(String::as_str));
        let hint = hint.or_else(|| Some(format!("add a section `[profile.{chosen}]` to fud.toml")));
        return Err(Error::request(format!("no profile is called `{chosen}`")).maybe_hint(hint));
    }
    Ok(found)
}

fn variables(env: &Env) -> impl Iterator<Item = Layer> + '_ {
    env.vars.iter().filter_map(|(name, value)| {
        let key = key_of_variable(name)?;
        Some(Layer {
            origin: Origin::Var(name.clone()),
            table: nest(&key, super::setting::parse_value(value)),
        })
    })
}

/// A layer as figment sees it; its name is its position, which leads back to the origin.
struct Numbered<'a>(usize, &'a toml::Table);

impl Provider for Numbered<'_> {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.0.to_string())
    }

    fn data(&self) -> figment::error::Result<Map<Profile, Dict>> {
        let dict = figment::value::Value::serialize(self.1)?.into_dict().unwrap_or_default();
        Ok(Map::from([(Profile::Default, dict)]))
    }
}

fn merge(layers: Vec<Layer>) -> Result<Config> {
    let wrong = |e: figment::Error| Error::request("the configuration cannot be merged").because(e);
    let mut figment = Figment::new();
    for (index, layer) in layers.iter().enumerate() {
        figment = figment.merge(Numbered(index, &layer.table));
    }
    let tree: toml::Table = figment.extract().map_err(wrong)?;
    let mut origins = BTreeMap::new();
    // Once for all keys: `find_metadata` merges everything anew for each.
    let mut merged = figment.data().map_err(wrong)?;
    let merged = figment::value::Value::from(merged.remove(&Profile::Default).unwrap_or_default());
    for key in leaves("", &tree) {
        let metadata = merged.find_ref(&key).and_then(|value| figment.get_metadata(value.tag()));
        let layer = metadata.and_then(|metadata| layers.get(metadata.name.parse::<usize>().ok()?));
        let origin = layer.map_or(Origin::Default, |layer| layer.origin.clone());
        origins.insert(key, origin);
    }
    Ok(Config { tree, origins, project: None })
}

/// The dotted keys of everything below that is not a table.
fn leaves(above: &str, table: &toml::Table) -> Vec<String> {
    let name = |key: &String| if above.is_empty() { key.clone() } else { format!("{above}.{key}") };
    let below = |(key, value): (&String, &toml::Value)| match value {
        toml::Value::Table(table) => leaves(&name(key), table),
        _ => vec![name(key)],
    };
    table.iter().flat_map(below).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(files: &[(&str, &str)], vars: &[(&str, &str)]) -> (tempfile::TempDir, Facts) {
        let dir = tempfile::tempdir().unwrap();
        let cwd = Utf8PathBuf::from_path_buf(dir.path().canonicalize().unwrap()).unwrap();
        for (name, text) in files {
            std::fs::create_dir_all(cwd.join(name).parent().unwrap()).unwrap();
            std::fs::write(cwd.join(name), text).unwrap();
        }
        let mut vars: BTreeMap<String, String> =
            vars.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
        vars.insert("HOME".into(), cwd.join("home").into());
        (dir, Facts::new(Env { cwd, exe: "/bin/fudsv".into(), args: vec![], vars }))
    }

    fn loaded(facts: &Facts, sources: &Sources) -> Result<Config> {
        let root = find_root(facts)?;
        load(facts, root.as_deref(), sources).map(|(config, _)| config)
    }

    fn shown(config: &Config, key: &str) -> String {
        let found = config.get(key).unwrap();
        format!("{} from {}", found.value, found.origin).replace(&found_dir(config), "")
    }

    fn found_dir(config: &Config) -> String {
        let file = config.origins.values().find_map(|origin| match origin {
            Origin::File(path) if path.ends_with("fud.toml") && !path.as_str().contains("home") => {
                path.parent()
            }
            _ => None,
        });
        file.map(|dir| format!("{dir}/")).unwrap_or_default()
    }

    #[test]
    fn later_layers_win_and_each_value_knows_its_origin() {
        let files = [
            ("home/.config/fudsv/fud.toml", "[a]\nuser = 1\nproject = 1\n"),
            (
                "fud.toml",
                "[a]\nproject = 2\nprofile = 2\nvar = 2\nset = 2\n[profile.release.a]\nprofile = 3\n",
            ),
        ];
        let (_dir, facts) = project(&files, &[("FUDSV_A__VAR", "4"), ("FUDSV_A__SET", "4")]);
        let sources =
            Sources { profile: Some("release".into()), set: vec!["a.set=five".into()], ..Sources::default() };
        let config = loaded(&facts, &sources).unwrap();
        assert_eq!(shown(&config, "a.user"), "1 from home/.config/fudsv/fud.toml");
        assert_eq!(shown(&config, "a.project"), "2 from fud.toml");
        assert_eq!(shown(&config, "a.profile"), "3 from fud.toml");
        assert_eq!(shown(&config, "a.var"), "4 from environment variable FUDSV_A__VAR");
        assert_eq!(shown(&config, "a.set"), "\"five\" from --set");
    }

    #[test]
    fn a_syntax_error_is_shown_where_it_is() {
        let (_dir, facts) = project(&[("fud.toml", "[a]\nb = \n")], &[]);
        let error = loaded(&facts, &Sources::default()).unwrap_err();
        let place = error.place.unwrap();
        assert_eq!((place.line, place.source.as_deref()), (2, Some("b = ")));
    }

    #[test]
    fn an_unknown_profile_offers_the_nearest() {
        let (_dir, facts) = project(&[("fud.toml", "")], &[]);
        let sources = Sources { profile: Some("relase".into()), ..Sources::default() };
        let error = loaded(&facts, &sources).unwrap_err();
        assert_eq!(error.to_string(), "error: no profile is called `relase`\nhint: did you mean `release`?");
    }

    #[test]
    fn a_misspelt_key_of_fudsv_is_an_error_and_sections_of_scripts_are_open() {
        let (_dir, facts) = project(&[("fud.toml", "plugin = []\n[mine]\nanything = 1\n")], &[]);
        let error = loaded(&facts, &Sources::default()).unwrap_err();
        assert!(error.to_string().contains("no key of fudsv is called `plugin`"), "{error}");
        assert_eq!(error.hint.as_deref(), Some("did you mean `plugins`?"));
    }
}
