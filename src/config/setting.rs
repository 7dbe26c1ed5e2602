//! One `KEY=VALUE` of `--set`, or one environment variable that stands for a key.
//! It does not know other layers.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use crate::diag::{Error, Result};

/// Splits `verilator.top=soc` into its key and value.
///
/// # Errors
/// No `=`, an empty part in the key, or a profile, which has sections of its own to choose.
pub fn parse_set(text: &str) -> Result<(String, toml::Value)> {
    let wrong = |what: &str| {
        Error::request(format!("`--set {text}` {what}")).hint("write it as `--set verilator.top=soc`")
    };
    let (key, value) = text.split_once('=').ok_or_else(|| wrong("has no `=`"))?;
    if key.split('.').any(|part| part.trim().is_empty()) {
        return Err(wrong("names no key"));
    }
    let key = key.trim();
    if key == "profile" || key.starts_with("profile.") {
        return Err(Error::request(format!("`--set {text}` does not choose or change a profile"))
            .hint("`--profile NAME` chooses one; its sections stand in fud.toml"));
    }
    Ok((key.to_owned(), parse_value(value)))
}

/// A list, a table, a bool or a whole integer is TOML; everything else is text (`1.10` stays `1.10`).
pub fn parse_value(text: &str) -> toml::Value {
    let trimmed = text.trim();
    let is_integer = trimmed.parse::<i64>().is_ok_and(|number| number.to_string() == trimmed);
    let is_toml = is_integer || matches!(trimmed, "true" | "false") || trimmed.starts_with(['[', '{']);
    let parsed = is_toml.then(|| toml::from_str::<toml::Table>(&format!("value = {trimmed}")).ok()).flatten();
    parsed.and_then(|mut table| table.remove("value")).unwrap_or_else(|| toml::Value::String(text.to_owned()))
}

/// The key that `FUDSV_VERILATOR__INCLUDE_DIRS` stands for: `verilator.include-dirs`. Only names with `__` are
/// configuration.
pub fn key_of_variable(name: &str) -> Option<String> {
    let rest = name.strip_prefix("FUDSV_")?;
    let key = rest.split("__").map(|part| part.to_ascii_lowercase().replace('_', "-")).collect::<Vec<_>>();
    let is_profile = key.first().is_some_and(|part| part == "profile");
    (key.len() > 1 && !is_profile && key.iter().all(|part| !part.is_empty())).then(|| key.join("."))
}

/// The table that holds just this value.
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
    fn a_profile_is_not_set_as_a_key() {
        for text in ["profile=release", "profile.release.cxx.flags=-g"] {
            let error = parse_set(text).unwrap_err();
            assert!(error.message.ends_with("does not choose or change a profile"), "{error}");
        }
    }
}
