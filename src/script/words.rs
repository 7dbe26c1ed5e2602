//! Words for commands: options that a user wrote as one text are split, never handed to a shell.
//! It does not know what the options mean.

use super::session::{Answer, Session};
use super::settings;

use super::values::Word;
use crate::diag::{Error, Result};
use rhai::{Array, Dynamic, Engine, NativeCallContext};
use std::rc::Rc;

/// Registers the functions.
pub fn register(engine: &mut Engine, session: &Rc<Session>) {
    let s = session.clone();
    engine.register_fn("words", move |ctx: NativeCallContext, text: &str| -> Answer<Array> {
        s.answer(&ctx, || split(text))
    });
    let s = session.clone();
    engine.register_fn("config_words", move |ctx: NativeCallContext, key: &str| -> Answer<Array> {
        s.answer(&ctx, || config_words(&s, key))
    });
    engine.register_fn("word", |text: &str| Word(text.to_owned()));
    let s = session.clone();
    engine.register_fn(
        "prefixed",
        move |ctx: NativeCallContext, words: Array, prefix: &str| -> Answer<Array> {
            s.answer(&ctx, || map(words, |text| format!("{prefix}{text}")))
        },
    );
    engine.register_fn("identifier", |text: &str| identifier(text));
}

/// The words of a text, as a shell would split it.
fn split(text: &str) -> Result<Array> {
    let open = || Error::request(format!("`{text}` has an open quote"));
    let words = shlex::split(text).ok_or_else(open)?;
    Ok(words.into_iter().map(|word| Dynamic::from(Word(word))).collect())
}

/// The words of a key: a text is split, a list is taken item by item; none when the key has no value.
fn config_words(session: &Session, key: &str) -> Result<Array> {
    let value = settings::value(session, key, Some(Array::new().into()))?;
    match value.clone().try_cast::<Array>() {
        Some(words) => map(words, str::to_owned),
        None if value.is_map() => Err(Error::request(format!("`{key}` must be a text or a list of words"))),
        None => split(&value.to_string()),
    }
}

/// Each item as a word of its own.
fn map(words: Array, change: impl Fn(&str) -> String) -> Result<Array> {
    let word = |item: Dynamic| {
        let text = match item.clone().try_cast::<Word>() {
            Some(word) => word.0,
            None if item.is_array() || item.is_map() => {
                return Err(Error::request("a word is a text or a number"));
            }
            None => item.to_string(),
        };
        Ok(Dynamic::from(Word(change(&text))))
    };
    words.into_iter().map(word).collect()
}

/// The text as a name in C: every other character is `_`.
fn identifier(text: &str) -> String {
    let name: String = text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) || name.is_empty() { format!("_{name}") } else { name }
}
