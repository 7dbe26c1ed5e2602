//! The script engine: which packages it has, what it is limited to, which functions scripts may call.
//! It does not know what the functions do.

use super::session::Session;
use super::{defop, files, limits, low_level, resolver, settings, states, steps, thrown, values, words};
use crate::diag::Error;
use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicFnPackage, BasicIteratorPackage, BasicMapPackage,
    BasicMathPackage, BasicStringPackage, LogicPackage, MoreStringPackage, Package,
};
use rhai::{Dynamic, Engine, NativeCallContext};
use std::rc::Rc;

/// The functions of ours and how each is called.
const OURS: [(&str, &str); 39] = [
    ("config", "config(key)"),
    ("config_or", "config_or(key, default)"),
    ("config_path", "config_path(key)` or `config_path(key, default)"),
    ("debug", "debug(value)"),
    ("fail", "fail(message)"),
    ("get_setup", "get_setup(name)"),
    ("get_state", "get_state(name)"),
    ("optional", "optional(state)` or `optional([state])"),
    ("path", "path(name)"),
    ("print", "print(value)"),
    ("rsrc", "rsrc(name)"),
    ("shell", "shell(command)` or `shell(command, #{…})"),
    (
        "shell_deps",
        "shell_deps(command, [dep…], [target…])` or `shell_deps(command, [dep…], [target…], #{…})",
    ),
    ("state", "state(name, [extension…])` or `state(name, [extension…], #{…})"),
    ("temp", "temp(name)"),
    ("unhidden", "unhidden([file…], [dir…], [ending…])"),
    ("words", "words(text)"),
    ("word", "word(text)"),
    ("config_words", "config_words(key)"),
    ("prefixed", "words.prefixed(text)"),
    ("identifier", "identifier(text)"),
    ("tool", "tool(name)` or `tool(name, #{…})"),
    ("op", "op(name, [setup…], from, to, |e, input, output| …)"),
    ("op_multi", "op_multi(name, [setup…], [from…], [to…], |e, inputs, outputs| …)"),
    ("rule", "rule([setup…], from, to, name)` or `e.rule(name, command)"),
    ("var_", "e.var_(name, value)"),
    ("config_var", "e.config_var(name, key)"),
    ("config_var_or", "e.config_var_or(name, key, default)"),
    ("config_val", "e.config_val(key)"),
    ("config_constrained_val", "e.config_constrained_val(key, [value…])"),
    ("config_constrained_or", "e.config_constrained_or(key, [value…], default)"),
    ("build", "e.build(rule, input, output)"),
    ("build_cmd", "e.build_cmd([output…], rule, [input…], [implicit…])"),
    ("arg", "e.arg(name, value)"),
    ("comment", "e.comment(text)"),
    ("external_path", "e.external_path(path)"),
    ("add_file", "e.add_file(name, text)"),
    ("import", "import \"name\" as name;"),
    ("defop", "defop name(a: s) >> b: t { … }"),
];

/// Functions of the language that scripts use often, for suggestions.
const LANGUAGE: [&str; 24] = [
    "all",
    "clear",
    "contains",
    "ends_with",
    "filter",
    "index_of",
    "insert",
    "is_empty",
    "keys",
    "len",
    "map",
    "pop",
    "push",
    "reduce",
    "remove",
    "replace",
    "reverse",
    "some",
    "sort",
    "split",
    "starts_with",
    "sub_string",
    "trim",
    "values",
];

/// All names that a misspelt function may have meant.
pub fn api_names() -> impl Iterator<Item = &'static str> {
    own_names().chain(LANGUAGE)
}

/// The names of the functions of ours.
pub fn own_names() -> impl Iterator<Item = &'static str> {
    OURS.into_iter().map(|(name, _)| name)
}

/// How a function of ours is called.
pub fn usage(name: &str) -> Option<String> {
    OURS.iter().find(|(known, _)| *known == name).map(|(_, usage)| format!("`{usage}`"))
}

/// An engine for one load.
pub fn engine(session: &Rc<Session>) -> Engine {
    let mut engine = Engine::new_raw();
    packages(&mut engine);
    limits::set(&mut engine, session.watch.clone());
    engine.set_module_resolver(resolver::Resolver::new(session));
    states::register(&mut engine, session);
    defop::register(&mut engine, session);
    values::register(&mut engine, session);
    settings::register(&mut engine, session);
    words::register(&mut engine, session);
    files::register(&mut engine, session);
    steps::register(&mut engine, session);
    low_level::register(&mut engine, session);
    say(&mut engine, session);
    engine
}

/// The language's own functions, but none that reaches outside, sleeps, or evaluates text.
fn packages(engine: &mut Engine) {
    engine.register_global_module(BasicStringPackage::new().as_shared_module());
    engine.register_global_module(MoreStringPackage::new().as_shared_module());
    engine.register_global_module(BasicArrayPackage::new().as_shared_module());
    engine.register_global_module(BasicMapPackage::new().as_shared_module());
    engine.register_global_module(BasicIteratorPackage::new().as_shared_module());
    engine.register_global_module(BasicFnPackage::new().as_shared_module());
    engine.register_global_module(LogicPackage::new().as_shared_module());
    engine.register_global_module(BasicMathPackage::new().as_shared_module());
    engine.register_global_module(ArithmeticPackage::new().as_shared_module());
    engine.disable_symbol("eval");
}

/// `print`, `debug` and `fail`.
fn say(engine: &mut Engine, session: &Rc<Session>) {
    say_type::<Dynamic>(engine, session);
    // The language has its own `print` for these.
    say_type::<rhai::ImmutableString>(engine, session);
    say_type::<bool>(engine, session);
    say_type::<char>(engine, session);
    say_type::<()>(engine, session);
    say_type::<rhai::Array>(engine, session);
    say_type::<rhai::Map>(engine, session);
    say_type::<rhai::FnPtr>(engine, session);
    let s = session.clone();
    engine.register_fn("fail", move |ctx: NativeCallContext, message: &str| {
        s.answer(&ctx, || Err::<(), _>(Error::request(values::plain(&s, message))))
    });
    engine.register_fn("to_string", |error: &mut thrown::Thrown| error.to_string());
}

/// `print` and `debug` for one type.
fn say_type<T: Clone + 'static>(engine: &mut Engine, session: &Rc<Session>) {
    for name in ["print", "debug"] {
        let s = session.clone();
        engine.register_fn(name, move |ctx: NativeCallContext, value: T| {
            let text = values::plain(&s, &values::text_of(&s, &ctx, &mut Dynamic::from(value)));
            (s.say)(ctx.call_source().unwrap_or_default(), &text);
        });
    }
}
