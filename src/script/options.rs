//! The options map, the last argument of many functions: it checks that every key is known and every value has its type.
//! It does not know what the options do.

use super::values::Word;
use crate::diag::{Error, Result, did_you_mean};
use rhai::{Array, Dynamic, ImmutableString, Map};
use std::collections::BTreeMap;

/// A map being read.
pub struct Options {
    function: &'static str,
    map: Map,
}

impl Options {
    /// Takes the map that `function` was given.
    ///
    /// # Errors
    /// A key that is not in `known`; the error offers the nearest.
    pub fn new(function: &'static str, map: Map, known: &[&'static str]) -> Result<Options> {
        match map.keys().find(|key| !known.contains(&key.as_str())) {
            None => Ok(Options { function, map }),
            Some(key) => Err(Error::request(format!("`{function}` has no option `{key}`"))
                .hint(format!("its options: {}", known.join(", ")))
                .maybe_hint(did_you_mean(key, known.iter().copied()))),
        }
    }

    /// The value of a key, when it is there and not `()`.
    pub fn take(&mut self, key: &str) -> Option<Dynamic> {
        self.map.remove(key).map(Dynamic::flatten).filter(|value| !value.is_unit())
    }

    /// Text.
    ///
    /// # Errors
    /// It is something else.
    pub fn text(&mut self, key: &str) -> Result<Option<String>> {
        let Some(value) = self.take(key) else { return Ok(None) };
        value.into_string().map(Some).map_err(|_| self.wrong(key, "text"))
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// It is something else.
    pub fn flag(&mut self, key: &str) -> Result<Option<bool>> {
        let Some(value) = self.take(key) else { return Ok(None) };
        value.as_bool().map(Some).map_err(|_| self.wrong(key, "`true` or `false`"))
    }

    /// A whole number of at least 1.
    ///
    /// # Errors
    /// It is something else.
    pub fn count(&mut self, key: &str) -> Result<Option<u32>> {
        let Some(value) = self.take(key) else { return Ok(None) };
        let number = value.as_int().ok().and_then(|number| u32::try_from(number).ok()).filter(|n| *n > 0);
        number.map(Some).ok_or_else(|| self.wrong(key, "a whole number of at least 1"))
    }

    /// A list of text.
    ///
    /// # Errors
    /// It is something else.
    pub fn texts(&mut self, key: &str) -> Result<Option<Vec<String>>> {
        let Some(value) = self.take(key) else { return Ok(None) };
        let list = value.try_cast::<Array>().and_then(texts);
        list.map(Some).ok_or_else(|| self.wrong(key, "a list of text"))
    }

    /// A map of text.
    ///
    /// # Errors
    /// It is something else.
    pub fn text_map(&mut self, key: &str) -> Result<Option<BTreeMap<String, String>>> {
        let Some(value) = self.take(key) else { return Ok(None) };
        let entry = |(key, value): (rhai::Identifier, Dynamic)| Some((key.into(), value.into_string().ok()?));
        let map = value.try_cast::<Map>().and_then(|map| map.into_iter().map(entry).collect());
        map.map(Some).ok_or_else(|| self.wrong(key, "a map of text"))
    }

    /// The value of this key has the wrong type.
    pub fn wrong(&self, key: &str, wanted: &str) -> Box<Error> {
        Error::request(format!("the option `{key}` of `{}` must be {wanted}", self.function))
    }
}

/// The texts of a list; `None` if an item is not text.
pub fn texts(list: Array) -> Option<Vec<String>> {
    let text = |item: Dynamic| match item.flatten() {
        word if word.is::<Word>() => word.try_cast::<Word>().map(|word| word.0),
        text => text.try_cast::<ImmutableString>().map(|text| text.to_string()),
    };
    list.into_iter().map(text).collect()
}
