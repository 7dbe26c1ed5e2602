//! The script engine: its packages, its limits, and the functions that scripts may call.
//! It does not know what the functions do.

use super::session::Session;
use super::{
    commands, defop, files, limits, low_level, python, resolver, settings, states, thrown, values, words,
};
use crate::diag::Error;
use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicFnPackage, BasicIteratorPackage, BasicMapPackage,
    BasicMathPackage, BasicStringPackage, LogicPackage, MoreStringPackage, Package,
};
use rhai::{Dynamic, Engine, NativeCallContext};
use std::rc::Rc;

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
    python::register(&mut engine, session);
    commands::register(&mut engine, session);
    low_level::register(&mut engine, session);
    say(&mut engine, session);
    engine
}

/// The language's own functions, without those that reach outside, sleep, or evaluate text.
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
        s.answer(&ctx, || Err::<(), _>(Error::request(values::for_user(&s, message))))
    });
    engine.register_fn("to_string", |error: &mut thrown::Thrown| error.to_string());
}

/// `print` and `debug` for one type.
fn say_type<T: Clone + 'static>(engine: &mut Engine, session: &Rc<Session>) {
    for name in ["print", "debug"] {
        let s = session.clone();
        engine.register_fn(name, move |ctx: NativeCallContext, value: T| {
            let text = values::plain(&s, &values::text_of(&s, &ctx, &mut Dynamic::from(value)));
            s.say(ctx.call_source().unwrap_or_default(), &text);
        });
    }
}
