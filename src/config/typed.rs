//! Values of keys, with types; an error names the key, the value and where it was set.
//! It does not know which keys there are.

use super::value::{Config, Found, Origin};
use crate::diag::{Error, Result};
use camino::{Utf8Path, Utf8PathBuf};

/// `true` or `false`.
pub fn flag(config: &Config, key: &str, default: bool) -> Result<bool> {
    let Some(found) = config.get(key) else { return Ok(default) };
    found.value.as_bool().ok_or_else(|| wrong_type(key, found, "`true` or `false`"))
}

/// A path: relative to the file that names it.
pub fn path(config: &Config, key: &str) -> Result<Option<Utf8PathBuf>> {
    let file = config.get(key).and_then(|found| match found.origin {
        Origin::File(file) => file.parent().map(Utf8Path::to_owned),
        _ => None,
    });
    // An address is no path; whoever opens it says whether there is such a thing.
    let from_file =
        |path: String| if path.contains("://") { path.into() } else { file.unwrap_or_default().join(path) };
    Ok(text(config, key)?.map(from_file))
}

/// A text.
pub fn text(config: &Config, key: &str) -> Result<Option<String>> {
    let Some(found) = config.get(key) else { return Ok(None) };
    let text = found.value.as_str().map(str::to_owned);
    text.map(Some).ok_or_else(|| wrong_type(key, found, "text"))
}

/// A whole number.
pub fn number(config: &Config, key: &str) -> Result<Option<u32>> {
    let Some(found) = config.get(key) else { return Ok(None) };
    let number = found.value.as_integer().and_then(|number| u32::try_from(number).ok());
    number.map(Some).ok_or_else(|| wrong_type(key, found, "a whole number"))
}

/// An error about a value of another type.
pub fn wrong_type(key: &str, found: Found<'_>, wanted: &str) -> Box<Error> {
    let value = crate::secret::shown_value(key, &found.value.to_string());
    Error::request(format!("`{key}` is {value}, not {wanted}")).detail("set by", found.origin.to_string())
}
