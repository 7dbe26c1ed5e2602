//! One `KEY=VALUE` of `--set`, or one environment variable for a key.
//! It does not know other layers.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use crate::diag::{Error, Result};

/// What one `--set` asks for.
#[derive(Debug)]
pub struct Setting {
    /// With dots.
    pub key: String,
    /// What it is set to, or what is added to it.
    pub value: toml::Value,
    /// Whether the words are added to those that the key has (`KEY+=WORDS`).
    pub is_added: bool,
}

/// Splits `verilator.top=soc` or `cxx.flags+=-g` into its key and value.
///
/// # Errors
/// A missing `=`, an empty part in the key, or a profile, which `--profile` chooses.
pub fn parse_set(text: &str) -> Result<Setting> {
    let wrong = |what: &str| {
        Error::request(format!("`--set {text}` {what}")).hint("write it as `--set verilator.top=soc`")
    };
    let (key, value) = text.split_once('=').ok_or_else(|| wrong("has no `=`"))?;
    if key.split('.').any(|part| part.trim().is_empty()) {
        return Err(wrong("does not name a key"));
    }
    let key = key.trim();
    let (key, is_added) = key.strip_suffix('+').map_or((key, false), |key| (key.trim_end(), true));
    if key.is_empty() || key.ends_with('.') {
        return Err(wrong("does not name a key"));
    }
    if key == "profile" || key.starts_with("profile.") {
        return Err(Error::request(format!("`--set {text}` does not choose or change a profile"))
            .hint("`--profile NAME` chooses a profile; its sections are in fud.toml"));
    }
    Ok(Setting { key: key.to_owned(), value: parse_value(value), is_added })
}

/// The words of a value that a key has, and after them those that are added to it.
///
/// # Errors
/// One of them is not a text or a list, or has an open quote.
pub fn added(key: &str, value: Option<&toml::Value>, more: &toml::Value) -> Result<toml::Value> {
    let mut all = value.map_or(Ok(vec![]), |value| items(key, value))?;
    all.extend(items(key, more)?);
    Ok(all.into())
}

/// The items of a list; the words of a text, as a shell would split it.
fn items(key: &str, value: &toml::Value) -> Result<Vec<toml::Value>> {
    match value {
        toml::Value::Array(items) => Ok(items.clone()),
        toml::Value::String(text) => shlex::split(text)
            .map(|words| words.into_iter().map(toml::Value::String).collect())
            .ok_or_else(|| Error::request(format!("`{text}` has an open quote"))),
        other => Err(Error::request(format!("`--set {key}+=` adds words to a list, and `{key}` is {other}"))
            .hint(format!("write `--set {key}=…` to replace the value"))),
    }
}

/// A list, a table, a bool or a whole integer is TOML; everything else is text (`1.10` stays `1.10`).
pub fn parse_value(text: &str) -> toml::Value {
    let trimmed = text.trim();
    let is_integer = trimmed.parse::<i64>().is_ok_and(|number| number.to_string() == trimmed);
    let is_toml = is_integer || matches!(trimmed, "true" | "false") || trimmed.starts_with(['[', '{']);
    let parsed = is_toml.then(|| toml::from_str::<toml::Table>(&format!("value = {trimmed}")).ok()).flatten();
    parsed.and_then(|mut table| table.remove("value")).unwrap_or_else(|| toml::Value::String(text.to_owned()))
}

/// The key of `FUDSV_VERILATOR__INCLUDE_DIRS`: `verilator.include-dirs`. Only names with `__` are
/// configuration.
pub fn key_of_variable(name: &str) -> Option<String> {
    let rest = name.strip_prefix("FUDSV_")?;
    let key = rest.split("__").map(|part| part.to_ascii_lowercase().replace('_', "-")).collect::<Vec<_>>();
    let is_profile = key.first().is_some_and(|part| part == "profile");
    (key.len() > 1 && !is_profile && key.iter().all(|part| !part.is_empty())).then(|| key.join("."))
}

/// The table that contains just this value.
pub fn nest(key: &str, value: toml::Value) -> toml::Table {
    let mut parts = key.rsplit('.');
    let mut table = toml::Table::new();
    if let Some(last) = parts.next() {
        table.insert(last.to_owned(), value);
    }
    parts.fold(table, |inner, part| toml::Table::from_iter([(part.to_owned(), toml::Value::Table(inner))]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lists_tables_bools_and_whole_integers_are_toml() {
        let kinds = |text| parse_value(text).type_str();
        assert_eq!(["[1]", "{a = 1}", "true", "12"].map(kinds), ["array", "table", "boolean", "integer"]);
        for text in ["1.10", "007", "soc", "-Wall -DX=1", "[unclosed", "2024-01-01", ""] {
            assert_eq!(parse_value(text), toml::Value::String(text.into()));
        }
    }

    #[test]
    fn only_variables_with_two_underscores_are_configuration() {
        assert_eq!(
            key_of_variable("FUDSV_VERILATOR__INCLUDE_DIRS").as_deref(),
            Some("verilator.include-dirs")
        );
        assert_eq!(key_of_variable("FUDSV_PLUGIN_PATH"), None);
        assert_eq!(key_of_variable("FUDSV"), None);
        assert_eq!(key_of_variable("FUDSV_PROFILE__RELEASE"), None);
    }

    #[test]
    fn words_are_added_to_a_text_or_a_list() {
        let of = |text: &str| parse_value(text);
        let added = |old: Option<&str>, more: &str| added("cxx.flags", old.map(of).as_ref(), &of(more));
        let words =
            |words: &[&str]| toml::Value::from(words.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(added(None, "-g -Wall").unwrap(), words(&["-g", "-Wall"]));
        assert_eq!(added(Some("-O1 '-DX=a b'"), "[\"-I a\"]").unwrap(), words(&["-O1", "-DX=a b", "-I a"]));
        assert_eq!(added(Some("[\"-O1\"]"), "").unwrap(), words(&["-O1"]));
        let wrong = added(Some("true"), "-g").unwrap_err();
        assert_eq!(wrong.message, "`--set cxx.flags+=` adds words to a list, and `cxx.flags` is true");
        for (text, key, is_added) in
            [("a.b+=c", "a.b", true), ("a.b += c", "a.b", true), ("a.b=+c", "a.b", false)]
        {
            let setting = parse_set(text).unwrap();
            assert_eq!((setting.key.as_str(), setting.is_added), (key, is_added));
        }
        assert!(parse_set("+=c").is_err() && parse_set("a.+=c").is_err());
    }

    #[test]
    fn a_profile_is_not_set_as_a_key() {
        for text in ["profile=release", "profile.release.cxx.flags=-g"] {
            let error = parse_set(text).unwrap_err();
            assert!(error.message.ends_with("does not choose or change a profile"), "{error}");
        }
    }
}
