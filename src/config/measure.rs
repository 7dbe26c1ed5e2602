//! Values that are measures: sizes and times.
//! It does not know which keys there are.

use super::value::Found;
use crate::diag::{Error, Result};
use std::time::Duration;

/// Bytes: a number, with `K`, `M`, `G` or `T` for powers of 1024.
///
/// # Errors
/// Anything else.
pub fn parse_size(text: &str) -> Result<u64> {
    let units = [("T", 1 << 40), ("G", 1 << 30), ("M", 1 << 20), ("K", 1 << 10), ("", 1)];
    let bytes = number_with(text.trim_end_matches("iB").trim_end_matches('B'), &units);
    bytes.ok_or_else(|| Error::request(format!("`{text}` is not a size")).hint("write it as `500M` or `10G`"))
}

/// A time: a number with `h` for hours, `d` for days or `w` for weeks.
///
/// # Errors
/// Anything else.
pub fn parse_age(text: &str) -> Result<Duration> {
    let seconds = number_with(text, &[("w", 7 * 24 * 3600), ("d", 24 * 3600), ("h", 3600)]);
    let wrong =
        || Error::request(format!("`{text}` is not a duration")).hint("write it as `12h`, `30d` or `8w`");
    seconds.map(Duration::from_secs).ok_or_else(wrong)
}

/// A whole number and one of these units.
fn number_with(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    units
        .iter()
        .find_map(|(unit, worth)| text.strip_suffix(unit)?.trim().parse::<u64>().ok()?.checked_mul(*worth))
}

/// The value of a key, read as a measure; an error names the key.
pub(super) fn measured<T>(found: Found<'_>, key: &str, parse: impl Fn(&str) -> Result<T>) -> Result<T> {
    let text = found.value.as_str().map_or_else(|| found.value.to_string(), str::to_owned);
    parse(&text).map_err(|error| error.detail("set by", format!("`{key}` ({})", found.origin)))
}
