//! Files, words and tools as values of the script language: their properties, and how they become text.
//! It does not know where they come from.

use super::marks::{FileUse, Inline, Part, PythonUse};
use super::session::Session;
use super::tool_finder::ToolAsked;
use crate::diag::Place;
use crate::diag::{Error, Result, did_you_mean};
use rhai::{Array, Dynamic, Engine, FnPtr, ImmutableString, Map, NativeCallContext};
use std::rc::Rc;

/// Data: one word of a command, whatever is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word(pub String);

/// A tool, found when a command names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolValue {
    /// What was asked for.
    pub asked: ToolAsked,
    /// Where.
    pub place: Place,
}

/// Registers the types.
pub fn register(engine: &mut Engine, session: &Rc<Session>) {
    register_file(engine, session);
    register_word(engine, session);
    engine.register_type_with_name::<PythonUse>("Python script");
    marked(engine, session, |script: &PythonUse| Inline::Python(Box::new(script.clone())));
    engine.register_type_with_name::<ToolValue>("tool");
    marked(engine, session, |tool: &ToolValue| Inline::Tool(tool.asked.clone(), tool.place.clone()));
    engine.register_get("name", |tool: &mut ToolValue| tool.asked.name.clone());
    let s = session.clone();
    engine.register_get("stamp", move |ctx: NativeCallContext, tool: &mut ToolValue| {
        s.answer(&ctx, || {
            let path = s.find_tool(&tool.asked, &tool.place)?.stamp;
            Ok(FileUse::needed(path))
        })
    });
    let s = session.clone();
    engine.register_indexer_get(move |ctx: NativeCallContext, tool: &mut ToolValue, name: &str| {
        s.answer(&ctx, || property(&s, tool, name))
    });
    let s = session.clone();
    engine.register_fn("to_string", move |ctx: NativeCallContext, list: &mut Array| spread(&s, &ctx, list));
    no_text::<Map>(engine, session, "a map");
    no_text::<FnPtr>(engine, session, "a function");
}

/// A type of the language that a command cannot contain.
fn no_text<T: Clone + 'static>(engine: &mut Engine, session: &Rc<Session>, kind: &'static str) {
    let s = session.clone();
    engine.register_fn("to_string", move |ctx: NativeCallContext, value: &mut T| {
        let value = &mut Dynamic::from(value.clone());
        let shown = ctx.call_native_fn_raw("to_debug", true, &mut [value]);
        let shown = shown.map(|text| text.to_string()).unwrap_or_default();
        s.marks.mark(&Inline::Value { kind, shown })
    });
}

fn register_file(engine: &mut Engine, session: &Rc<Session>) {
    engine.register_type_with_name::<FileUse>("file");
    marked(engine, session, |file: &FileUse| Inline::File(file.clone()));
    engine.register_get("path", |file: &mut FileUse| file.path.to_string());
    engine.register_get("name", |file: &mut FileUse| text(file.path.as_path().file_name()));
    engine.register_get("stem", |file: &mut FileUse| text(file.path.as_path().file_stem()));
    engine.register_get("ext", |file: &mut FileUse| text(file.path.as_path().extension()));
    engine.register_get("dir", |file: &mut FileUse| {
        let dir = text(file.path.as_path().parent().map(|dir| dir.as_str()));
        if dir.is_empty() { ".".into() } else { dir }
    });
    engine.register_fn("==", |a: FileUse, b: FileUse| a.path == b.path);
    engine.register_fn("!=", |a: FileUse, b: FileUse| a.path != b.path);
}

fn register_word(engine: &mut Engine, session: &Rc<Session>) {
    engine.register_type_with_name::<Word>("word");
    marked(engine, session, |word: &Word| Inline::Word(word.0.clone()));
    engine.register_get("text", |word: &mut Word| word.0.clone());
    engine.register_fn("==", |a: Word, b: Word| a == b);
    engine.register_fn("!=", |a: Word, b: Word| a != b);
    engine.register_fn("==", |word: Word, text: ImmutableString| text == word.0);
    engine.register_fn("!=", |word: Word, text: ImmutableString| text != word.0);
    engine.register_fn("==", |text: ImmutableString, word: Word| text == word.0);
    engine.register_fn("!=", |text: ImmutableString, word: Word| text != word.0);
}

/// A type whose text is a mark, by itself, in a template and beside `+`.
fn marked<T: Clone + 'static>(engine: &mut Engine, session: &Rc<Session>, inline: fn(&T) -> Inline) {
    let s = session.clone();
    engine.register_fn("to_string", move |value: &mut T| s.marks.mark(&inline(value)));
    let s = session.clone();
    engine.register_fn("to_debug", move |value: &mut T| plain(&s, &s.marks.mark(&inline(value))));
    let s = session.clone();
    engine.register_fn("+", move |value: T, text: ImmutableString| {
        format!("{}{text}", s.marks.mark(&inline(&value)))
    });
    let s = session.clone();
    engine.register_fn("+", move |text: ImmutableString, value: T| {
        format!("{text}{}", s.marks.mark(&inline(&value)))
    });
}

/// The items of a list, separated by blanks.
fn spread(session: &Session, ctx: &NativeCallContext, list: &mut Array) -> String {
    let items = list.iter_mut().map(|item| text_of(session, ctx, item));
    items.collect::<Vec<String>>().join(" ")
}

/// A value as it appears in a command.
pub fn text_of(session: &Session, ctx: &NativeCallContext, value: &mut Dynamic) -> String {
    if let Some(list) = value.write_lock::<Array>() {
        let mut list = list.clone();
        return spread(session, ctx, &mut list);
    }
    let printed = ctx.call_native_fn_raw("to_string", true, &mut [&mut value.flatten_clone()]);
    printed.map(|text| text.to_string()).unwrap_or_default()
}

/// A text as a person reads it: marks become the paths and words they stand for.
pub fn plain(session: &Session, text: &str) -> String {
    without_marks(session, text, &|file| file.path.to_string())
}

/// The same with the paths that the user types.
pub fn for_user(session: &Session, text: &str) -> String {
    without_marks(session, text, &|file| session.places().for_user(&file.path).into_string())
}

fn without_marks(session: &Session, text: &str, shown: &dyn Fn(&FileUse) -> String) -> String {
    let parts = session.marks.parts(text).into_iter().map(|part| match part {
        Part::Text(text) => text,
        Part::Inline(Inline::File(file)) => shown(&file),
        Part::Inline(Inline::Word(word)) => without_marks(session, &word, shown),
        Part::Inline(Inline::Tool(asked, _)) => asked.name,
        Part::Inline(Inline::Python(script)) => script.shown(),
        Part::Inline(Inline::Value { shown, .. }) => shown,
        Part::Cut => String::new(),
    });
    parts.collect()
}

fn text(part: Option<&str>) -> String {
    part.unwrap_or_default().to_owned()
}

/// A value as the text of a command: text, a file, words, a number; `None` if it has no such text.
pub fn in_command(session: &Session, value: Dynamic) -> Option<String> {
    let value = value.flatten();
    let inline = if let Some(file) = value.clone().try_cast::<FileUse>() {
        Inline::File(file)
    } else if let Some(word) = value.clone().try_cast::<Word>() {
        Inline::Word(word.0)
    } else if value.is_string() || value.is_int() || value.is_bool() {
        return Some(value.to_string());
    } else {
        return None;
    };
    Some(session.marks.mark(&inline))
}

/// What is known of a tool; finds it.
fn property(session: &Session, tool: &ToolValue, name: &str) -> Result<String> {
    let found = session.find_tool(&tool.asked, &tool.place)?;
    found.properties.get(name).cloned().ok_or_else(|| {
        Error::request(format!("the tool `{}` has no property `{name}`", tool.asked.name))
            .maybe_hint(did_you_mean(name, found.properties.keys().map(String::as_str)))
    })
}
