//! Changes of one key in the text of a `fud.toml`; comments and the order of everything else stay.
//! It does not know where the file is.

use crate::diag::{Error, Result};
use toml_edit::{Array, DocumentMut, Item, Table, TableLike, Value};

/// The text with this key set.
///
/// # Errors
/// The text is not TOML, or a part of the key is not a section.
pub fn with_key(text: &str, key: &str, value: &toml::Value) -> Result<String> {
    let mut document = parsed(text)?;
    let mut new: Value = value.to_string().parse().map_err(|e: toml_edit::TomlError| {
        Error::request(format!("`{value}` cannot be written as TOML")).because(e)
    })?;
    let (sections, name) = key.rsplit_once('.').map_or((None, key), |(above, name)| (Some(above), name));
    let mut table: &mut dyn TableLike = document.as_table_mut();
    for section in sections.into_iter().flat_map(|sections| sections.split('.')) {
        let item = table.entry(section).or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        table = item
            .as_table_like_mut()
            .ok_or_else(|| Error::request(format!("`{section}` in `{key}` is a value, not a section")))?;
    }
    match table.get_mut(name).and_then(Item::as_value_mut) {
        Some(old) => {
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        None => drop(table.insert(name, Item::Value(new))),
    }
    Ok(document.to_string())
}

/// The text without this key; nothing when it has no such key.
///
/// # Errors
/// The text is not TOML.
pub fn without_key(text: &str, key: &str) -> Result<Option<String>> {
    let mut document = parsed(text)?;
    let (sections, name) = key.rsplit_once('.').map_or((None, key), |(above, name)| (Some(above), name));
    let mut table: &mut dyn TableLike = document.as_table_mut();
    for section in sections.into_iter().flat_map(|sections| sections.split('.')) {
        match table.get_mut(section).and_then(Item::as_table_like_mut) {
            Some(below) => table = below,
            None => return Ok(None),
        }
    }
    Ok(table.remove(name).map(|_| document.to_string()))
}

/// The text with one more plugin.
///
/// # Errors
/// The text is not TOML, or its `plugins` are not a list.
pub fn with_plugin(text: &str, word: &str) -> Result<String> {
    let mut document = parsed(text)?;
    let plugins = document.entry("plugins").or_insert(Item::Value(Value::Array(Array::new())));
    let plugins = plugins.as_array_mut().ok_or_else(|| Error::request("`plugins` is not a list"))?;
    if !plugins.iter().any(|one| one.as_str() == Some(word)) {
        plugins.push(word);
    }
    Ok(document.to_string())
}

fn parsed(text: &str) -> Result<DocumentMut> {
    text.parse().map_err(|e: toml_edit::TomlError| Error::request("this is not TOML").because(e))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# mine\n[verilator] # ours\ntop = \"a\" # the top\nargs = []\n";

    fn set(text: &str, key: &str, value: &str) -> String {
        with_key(text, key, &super::super::setting::parse_value(value)).unwrap()
    }

    #[test]
    fn a_key_is_set_where_it_stands_and_comments_stay() {
        assert_eq!(set(TEXT, "verilator.top", "b"), TEXT.replace("\"a\"", "\"b\""));
        assert_eq!(set(TEXT, "verilator.werror", "true"), format!("{TEXT}werror = true\n"));
        assert_eq!(
            set("", "profile.release.cxx.flags", "[\"-g\"]"),
            "[profile.release.cxx]\nflags = [\"-g\"]\n"
        );
        assert_eq!(set("[a]\nb = 1\n", "build-dir", "out"), "build-dir = \"out\"\n[a]\nb = 1\n");
    }

    #[test]
    fn a_value_is_no_section() {
        let error = with_key("a = 1\n", "a.b", &toml::Value::from(1)).unwrap_err();
        assert_eq!(error.message, "`a` in `a.b` is a value, not a section");
    }

    #[test]
    fn a_key_is_removed_and_the_rest_stays() {
        let expected = "# mine\n[verilator] # ours\nargs = []\n";
        assert_eq!(without_key(TEXT, "verilator.top").unwrap().as_deref(), Some(expected));
        assert_eq!(without_key(TEXT, "cxx.flags").unwrap(), None);
    }
}
