//! Lists of words for commands: options that a user wrote as one text are split, never handed to a shell.
//! It does not know what the options mean.

use super::session::Session;
use super::settings;
use super::values::Words;
use crate::diag::{Error, Result};
use rhai::{Array, Dynamic, Engine, NativeCallContext};
use std::rc::Rc;

/// Registers the functions.
pub fn register(engine: &mut Engine, session: &Rc<Session>) {
    let s = session.clone();
    engine.register_fn("words", move |ctx: NativeCallContext, text: &str| s.answer(&ctx, || split(text)));
    let s = session.clone();
    engine.register_fn("config_words", move |ctx: NativeCallContext, key: &str| {
        s.answer(&ctx, || config_words(&s, key))
    });
    engine.register_fn("word", |text: &str| Words(vec![text.to_owned()]));
    engine.register_fn("prefixed", |words: &mut Words, prefix: &str| {
        Words(words.0.iter().map(|word| format!("{prefix}{word}")).collect())
    });
    engine.register_fn("identifier", |text: &str| identifier(text));
}

/// The words of a text, as a shell would split it.
fn split(text: &str) -> Result<Words> {
    let open = || Error::request(format!("`{text}` has an open quote"));
    shlex::split(text).map(Words).ok_or_else(open)
}

/// The words of a key: a text is split, a list is taken item by item; none when the key has no value.
fn config_words(session: &Session, key: &str) -> Result<Words> {
    let value = settings::value(session, key, Some(Dynamic::from(Words(vec![]))))?;
    let wrong = || Error::request(format!("`{key}` must be a text or a list of words"));
    match value.clone().try_cast::<Words>() {
        Some(words) => Ok(words),
        None if value.is::<Array>() || value.is_map() => Err(wrong()),
        None => split(&value.to_string()),
    }
}

/// The text as a name in C: every other character is `_`.
fn identifier(text: &str) -> String {
    let name: String = text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) || name.is_empty() { format!("_{name}") } else { name }
}
