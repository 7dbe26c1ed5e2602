//! Lists of words for commands: options that a user wrote as one text are split, never handed to a shell.
//! It does not know what the options mean.

use super::session::Session;
use super::settings;
use super::values::{Word, in_command, plain};
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
    engine.register_fn("word", |text: &str| Word(text.to_owned()));
    let s = session.clone();
    engine.register_fn("prefixed", move |ctx: NativeCallContext, words: Array, prefix: &str| {
        s.answer(&ctx, || prefixed(&s, words, prefix))
    });
    let s = session.clone();
    engine.register_fn("identifier", move |text: &str| identifier(&plain(&s, text)));
}

/// The words of a text, as a shell would split it.
fn split(text: &str) -> Result<Array> {
    let words = shlex::split(text).ok_or_else(|| Error::request(format!("`{text}` has an open quote")))?;
    Ok(words.into_iter().map(|word| Dynamic::from(Word(word))).collect())
}

/// The words of a key: a text is split, a list is taken item by item; empty if the key has no value.
fn config_words(session: &Session, key: &str) -> Result<Array> {
    let value = settings::value(session, key, Some(Array::new().into()))?;
    if value.is_array() {
        return Ok(value.cast::<Array>());
    }
    match value.is_map() {
        true => Err(Error::request(format!("`{key}` must be a text or a list of words"))),
        false => split(&value.to_string()),
    }
}

/// Each word or file with a prefix glued to its front.
fn prefixed(session: &Session, words: Array, prefix: &str) -> Result<Array> {
    let wrong = || Error::request("`prefixed` takes a list of words, text or files");
    let glued = |item: Dynamic| {
        let word = item.clone().flatten().try_cast::<Word>().map(|word| word.0);
        let text = word.or_else(|| in_command(session, item)).ok_or_else(wrong)?;
        Ok(Dynamic::from(Word(format!("{prefix}{text}"))))
    };
    words.into_iter().map(glued).collect()
}

/// The text as a name in C: every other character is `_`.
fn identifier(text: &str) -> String {
    let name: String = text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) || name.is_empty() { format!("_{name}") } else { name }
}
