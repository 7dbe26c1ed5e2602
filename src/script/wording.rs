//! The language's own words in fudsv's words: the kinds of its values, and the messages of its parser and engine.
//! It does not know where something went wrong.

use super::limits::LIMITS;
use rhai::{LexError, ParseErrorType};

/// A type of the script language, in words.
pub fn kind_of(type_name: &str) -> String {
    let short = type_name.rsplit("::").next().unwrap_or(type_name);
    match short {
        "()" => "nothing".into(),
        "i64" | "f64" => "a number".into(),
        "char" => "a character".into(),
        "bool" => "`true` or `false`".into(),
        "string" | "String" | "ImmutableString" => "text".into(),
        "array" | "Vec<rhai::types::dynamic::Dynamic>" => "a list".into(),
        "map" => "a map".into(),
        "Fn" | "FnPtr" => "a function".into(),
        "StateName" | "state" => "a state".into(),
        "Wanted" | "optional state" => "an optional state".into(),
        "Emitter" | "emitter" => "an emitter".into(),
        "SetupName" | "setup" => "a setup".into(),
        "FileUse" | "file" => "a file".into(),
        "ToolValue" | "tool" => "a tool".into(),
        "PythonUse" | "Python script" => "a Python script".into(),
        "Word" | "word" => "a word".into(),
        other => format!("a value of the type {other}"),
    }
}

/// What the parser says, in our words.
pub fn message(kind: &ParseErrorType) -> String {
    match kind {
        ParseErrorType::UnexpectedEOF => "the script ends too early".into(),
        ParseErrorType::BadInput(LexError::ImproperSymbol(symbol, message)) if symbol.is_empty() => {
            message.clone()
        }
        ParseErrorType::BadInput(LexError::ImproperSymbol(symbol, _)) if is_sign(symbol) => {
            format!("`{symbol}` is not an operator here")
        }
        ParseErrorType::BadInput(LexError::MalformedChar(text)) => {
            format!("`{text}` is not one character, as `'…'` must be")
        }
        ParseErrorType::ExprTooDeep => {
            format!("expressions are nested more than {} deep", LIMITS.expression_depth)
        }
        ParseErrorType::MissingToken(token, purpose) if is_defop(purpose) => {
            format!("`{token}` is missing in this `defop`")
        }
        ParseErrorType::MissingToken(token, purpose) => format!("`{token}` is missing {}", ticks(purpose)),
        ParseErrorType::Reserved(word) if is_sign(word) => format!("`{word}` means nothing here"),
        ParseErrorType::Reserved(word) => format!("`{word}` is a reserved word"),
        ParseErrorType::VariableExpected => "a name is expected here".into(),
        ParseErrorType::FnMissingParams(name) => format!("the function `{name}` has no list of parameters"),
        ParseErrorType::AssignmentToConstant(name) => format!("`{name}` is a constant"),
        other => ours(&other.to_string()),
    }
}

/// Whether a missing token is one of a `defop`.
pub fn is_defop(purpose: &str) -> bool {
    purpose == "for 'defop' expression"
}

fn is_sign(symbol: &str) -> bool {
    symbol.starts_with(|c: char| !c.is_alphabetic())
}

/// A message of the engine in our style: lower case, names in backticks, no full stop.
pub fn ours(message: &str) -> String {
    let mut chars = message.trim_end_matches('.').chars();
    let first = chars.next().map(|c| c.to_lowercase().to_string()).unwrap_or_default();
    ticks(&format!("{first}{}", chars.as_str()))
}

/// Names in backticks.
pub fn ticks(message: &str) -> String {
    message.replace('\'', "`")
}
