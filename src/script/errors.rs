//! Errors of the script engine as the user reads them: the message in fudsv's words, the innermost place, the calls there.
//! It does not know which function of fudsv failed; such errors bring their own message.

use super::limits::LIMITS;
use super::names::{api_names, usage};
use super::scan::{LineColumn, Scan};
use super::session::Session;
use super::thrown::Thrown;
use super::wording::{kind_of, message, ours};
use crate::diag::{Error, Place, did_you_mean};
use rhai::{Dynamic, EvalAltResult, Position};

/// The properties of files, words, tools and states.
const PROPERTIES: [&str; 6] = ["dir", "ext", "name", "path", "stem", "text"];

/// The report of an error that came up while `source` ran.
pub fn report(session: &Session, error: EvalAltResult, source: Option<&str>) -> Box<Error> {
    let mut source = source.map(str::to_owned);
    let mut frames: Vec<Place> = vec![];
    let mut error = error;
    loop {
        error = match error {
            EvalAltResult::ErrorInFunctionCall(name, within, inner, position) => {
                if !name.starts_with("anon$") {
                    frames.push(session.place_of(source.as_deref(), position));
                }
                source = if within.is_empty() { source } else { Some(within) };
                *inner
            }
            EvalAltResult::ErrorInModule(_, inner, _) => *inner,
            error => break finish(session, error, source.as_deref(), frames),
        }
    }
}

/// The report of an error that no function call wraps any more.
fn finish(session: &Session, error: EvalAltResult, source: Option<&str>, frames: Vec<Place>) -> Box<Error> {
    let position = error.position();
    let mut report = match thrown(&error) {
        Some(report) => report,
        None => explain(session, error, source),
    };
    if report.place.is_none() && source.is_some() && (position.line().is_some() || frames.is_empty()) {
        report.place = Some(session.place_of(source, position)); // at least the file: the language knows no more
    }
    for frame in frames.into_iter().rev() {
        report.details.push(("called at".into(), format!("{}:{}:{}", frame.file, frame.line, frame.column)));
    }
    report
}

/// An error of fudsv that travelled through the engine.
fn thrown(error: &EvalAltResult) -> Option<Box<Error>> {
    match error {
        EvalAltResult::ErrorRuntime(value, _) => value.clone().try_cast::<Thrown>()?.take(),
        _ => None,
    }
}

/// What an error of the engine means, with a hint.
fn explain(session: &Session, error: EvalAltResult, source: Option<&str>) -> Box<Error> {
    let near = |name: &str| near_name(session, source, name);
    match error {
        EvalAltResult::ErrorVariableNotFound(name, _) if name.contains("::") => {
            not_exported(session, source, &name)
        }
        EvalAltResult::ErrorVariableNotFound(name, position) => {
            let place = session.place_of(source, position);
            let hint = undeclared(&name, place.source.as_deref().unwrap_or_default(), place.column)
                .or_else(|| outside_of_function(session, source, &name, (place.line, place.column)));
            Error::request(format!("`{name}` is not a variable")).maybe_hint(hint.or_else(|| near(&name)))
        }
        EvalAltResult::ErrorFunctionNotFound(signature, _) => {
            let declared = |name: &str| declared(session, source, name);
            no_function(&signature, declared, near)
        }
        EvalAltResult::ErrorModuleNotFound(name, _) => {
            Error::request(format!("no script is imported as `{name}`"))
                .hint(format!("`import \"{name}\" as {name};` at the top of the script"))
        }
        EvalAltResult::ErrorParsing(kind, _) => Error::request(message(&kind)),
        EvalAltResult::ErrorRuntime(value, _) => Error::request(thrown_text(&value)),
        EvalAltResult::ErrorTooManyOperations(_) => {
            Error::request(format!("the script does not end within {} operations", LIMITS.operations))
                .hint("is there an endless loop?")
        }
        EvalAltResult::ErrorTerminated(..) => {
            Error::request(format!("the script does not end within {} seconds", LIMITS.time.as_secs()))
                .hint("is there an endless loop?")
        }
        EvalAltResult::ErrorStackOverflow(_) => {
            Error::request(format!("functions call each other more than {} deep", LIMITS.call_depth))
                .hint("is there a function that calls itself forever?")
        }
        EvalAltResult::ErrorDataRace(..) => Error::request("a value is used while a function works on it")
            .hint("let the function use a copy: `let copy = list;`"),
        EvalAltResult::ErrorDataTooLarge(what, _) => {
            Error::request(format!("a value grows too large: {}", ours(&what)))
        }
        EvalAltResult::ErrorMismatchDataType(wanted, got, _) => {
            let wanted = if wanted.is_empty() { "another type".into() } else { kind_of(&wanted) };
            Error::request(format!("{wanted} is expected here, not {}", kind_of(&got)))
        }
        EvalAltResult::ErrorAssignmentToConstant(name, _) => {
            Error::request(format!("`{name}` is a constant"))
        }
        EvalAltResult::ErrorDotExpr(message, _) => no_property(&message),
        EvalAltResult::ErrorPropertyNotFound(name, _) => {
            Error::request(format!("there is no property `{name}`")).maybe_hint(near(&name))
        }
        mut other => {
            other.set_position(Position::NONE);
            Error::request(ours(&other.to_string()))
        }
    }
}

/// A name that an imported script does not export.
fn not_exported(session: &Session, source: Option<&str>, path: &str) -> Box<Error> {
    let (alias, name) = path.rsplit_once("::").unwrap_or(("", path));
    let text = |script: &str| session.library.script(script).map(|script| script.text.clone());
    let own = source.and_then(text).unwrap_or_default();
    let import = own
        .lines()
        .find(|line| line.trim_start().starts_with("import ") && line.contains(&format!(" as {alias}")));
    let file = import.and_then(|line| line.split('"').nth(1)).unwrap_or(alias).trim_end_matches(".rhai");
    let modules = session.modules.borrow();
    let is_it =
        |shown: &&String| shown.rsplit('/').next().is_some_and(|last| last.trim_end_matches(".rhai") == file);
    let imported = modules.keys().find(is_it).and_then(|shown| text(shown)).unwrap_or_default();
    let exports = imported.lines().filter_map(|line| line.trim_start().strip_prefix("export "));
    let exports = exports.filter_map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').nth(1));
    let near = did_you_mean(name, exports.collect::<Vec<_>>());
    Error::request(format!("`{alias}` does not export `{name}`"))
        .hint(format!("export it there: `export const {name} = …`"))
        .maybe_hint(near)
}

/// Functions of other languages, and what does here what they do there.
const ELSEWHERE: [(&str, &str); 14] = [
    ("append", "push"),
    ("endswith", "ends_with"),
    ("exec", "shell"),
    ("length", "len"),
    ("lower", "to_lower"),
    ("lstrip", "trim"),
    ("println", "print"),
    ("rstrip", "trim"),
    ("run", "shell"),
    ("startswith", "starts_with"),
    ("strip", "trim"),
    ("substring", "sub_string"),
    ("system", "shell"),
    ("upper", "to_upper"),
];

/// What the user meant by a name in this column of a line, if the line shows it.
fn undeclared(name: &str, line: &str, column: usize) -> Option<String> {
    let rest: String = line.chars().skip(column.saturating_sub(1) + name.chars().count()).collect();
    let rest = rest.trim_start();
    if line.trim_start().starts_with("import ") {
        return Some(format!("`import \"{name}\" as {name};`"));
    }
    (rest.starts_with('=') && !rest.starts_with("=="))
        .then(|| format!("`let {name} = …;` declares a variable"))
}

/// What to write in a function for a constant or a variable of the script itself.
fn outside_of_function(
    session: &Session,
    source: Option<&str>,
    name: &str,
    at: LineColumn,
) -> Option<String> {
    let script = session.library.script(source?)?;
    let (opened, _) = Scan::until(&script.text, Some(at)).open.first()?.at;
    let head = script.line(opened)?.trim_start();
    if !head.trim_start_matches("private ").starts_with("fn ") {
        return None;
    }
    let declares = |what: &str| {
        let start = format!("{what} {name}");
        let mut lines = script.text.lines().map(|line| line.trim_start_matches("export "));
        lines.any(|line| line.strip_prefix(&start).is_some_and(|rest| rest.trim_start().starts_with('=')))
    };
    if declares("const") {
        return Some(format!("inside of a function, write `global::{name}` for a constant of the script"));
    }
    declares("let").then(|| {
        format!(
            "a function does not see `let {name}`: declare it as `const {name}`, and write `global::{name}`"
        )
    })
}

/// A call of a function that does not exist, or not for such arguments.
fn no_function(
    signature: &str,
    declared: impl Fn(&str) -> Option<String>,
    near: impl Fn(&str) -> Option<String>,
) -> Box<Error> {
    let (name, arguments) = signature.split_once(" (").unwrap_or((signature, ""));
    let arguments = arguments.trim_end_matches(')');
    let kinds: Vec<String> = arguments.split(", ").filter(|a| !a.is_empty()).map(argument).collect();
    let taken = if kinds.is_empty() { "no argument".to_owned() } else { kinds.join(", ") };
    let bare = name.rsplit("::").next().unwrap_or(name);
    if !bare.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return Error::request(format!("`{bare}` cannot join {}", kinds.join(" and ")));
    }
    if api_names().any(|known| known == bare) {
        return Error::request(format!("`{bare}` cannot be called with {taken}")).maybe_hint(usage(bare));
    }
    if bare.starts_with("anon$") {
        let of_op = (kinds.first().map(String::as_str) == Some("an emitter"))
            .then(|| "an op has `|e, input, output| …`, a setup `|e| …`".to_owned());
        return Error::request(format!("this function cannot be called with {taken}")).maybe_hint(of_op);
    }
    if let Some((script, _)) = name.rsplit_once("::") {
        let message = format!("`{script}` has no function `{bare}` that can be called with {taken}");
        return Error::request(message).maybe_hint(near(bare));
    }
    if let Some(declared) = declared(bare) {
        let message = format!("`{bare}` cannot be called with {taken}");
        return Error::request(message).hint(format!("it is declared as `{declared}`"));
    }
    let elsewhere = ELSEWHERE.iter().find(|(name, _)| *name == bare);
    let elsewhere = elsewhere.map(|(_, here)| format!("here that is `{here}`"));
    Error::request(format!("`{bare}` is not a function")).maybe_hint(near(bare)).maybe_hint(elsewhere)
}

/// How the script, else any that is loaded, declares a function of this name: `name(a, b)`.
fn declared(session: &Session, source: Option<&str>, name: &str) -> Option<String> {
    let modules = session.modules.borrow();
    let scripts = source.into_iter().chain(modules.keys().map(String::as_str));
    let mut texts = scripts.filter_map(|script| session.library.script(script));
    texts.find_map(|script| {
        let at = script.text.find(&format!("fn {name}("))? + "fn ".len();
        script.text.get(at..)?.split_inclusive(')').next().map(str::to_owned)
    })
}

/// What the engine says of a property that a type does not have, in our words.
fn no_property(message: &str) -> Box<Error> {
    let quoted: Vec<&str> = message.split('\'').skip(1).step_by(2).collect();
    match quoted.as_slice() {
        [property, kind, ..] if message.starts_with("No writable") => {
            Error::request(format!("the property `{property}` of {} cannot be changed", kind_of(kind)))
        }
        [property, "()"] => {
            Error::request(format!("there is no property `{property}`: what is before it is `()`"))
        }
        [property, kind] => Error::request(format!("{} has no property `{property}`", kind_of(kind)))
            .hint(format!("properties: {}", PROPERTIES.map(|name| format!("`{name}`")).join(", ")))
            .maybe_hint(did_you_mean(property, PROPERTIES)),
        _ => Error::request(ours(message)),
    }
}

/// One argument's type, out of a signature such as `&str | ImmutableString | String`.
fn argument(types: &str) -> String {
    let one = types.split(" | ").last().unwrap_or(types);
    kind_of(one.trim_start_matches('&').trim_start_matches("mut "))
}

/// The nearest word that the script or the API knows.
fn near_name(session: &Session, source: Option<&str>, name: &str) -> Option<String> {
    let script = source.and_then(|source| session.library.script(source));
    let text = script.as_ref().map_or("", |script| script.text.as_str());
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let words =
        text.split(|c| !is_word(c)).filter(|word| word.starts_with(|c: char| c.is_alphabetic() || c == '_'));
    let mut known: Vec<&str> = words.filter(|word| *word != name).collect();
    for name in api_names() {
        known.push(name);
    }
    did_you_mean(name, known)
}

/// What a script threw, as text.
fn thrown_text(value: &Dynamic) -> String {
    match value.clone().into_string() {
        Ok(text) if !text.is_empty() => text,
        _ if value.is_unit() => "the script failed".into(),
        _ => value.to_string(),
    }
}
