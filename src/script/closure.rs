//! A function of a script, saved to be called later with everything it needs: the functions, constants and imports of its
//! script as they are, and the variables that it captured as they were.
//! It does not know its purpose.

use super::thrown::Answer;
use rhai::{
    Array, Dynamic, Engine, FnPtr, GlobalRuntimeState, Map, Module, NativeCallContext, Position, Shared,
};
use std::rc::Rc;

/// A script that was evaluated.
pub type SharedModule = Shared<Module>;

/// A kept function.
pub struct Closure {
    function: FnPtr,
    captured: Vec<Dynamic>,
    global: GlobalRuntimeState,
    position: Position,
}

impl Closure {
    /// Keeps a function, as its script stands now.
    pub fn keep(function: &FnPtr, global: &GlobalRuntimeState, position: Position) -> Closure {
        let captured = function.iter_curry().map(|value| snapshot(value.clone())).collect();
        Closure { captured, function: function.clone(), global: fresh(global), position }
    }

    /// Keeps a function that may also call the functions of the scripts that its own imports, without naming them: as
    /// in fud2, where all scripts share their functions. Its own script's functions come first.
    pub fn keep_sharing(function: &FnPtr, global: &GlobalRuntimeState, position: Position) -> Closure {
        let mut closure = Closure::keep(function, global, position);
        for (_, module) in global.iter_imports_raw() {
            if !closure.global.lib.iter().any(|there| Rc::ptr_eq(there, module)) {
                closure.global.lib.insert(0, module.clone());
            }
        }
        closure
    }

    /// Calls it.
    ///
    /// # Errors
    /// An error of the script.
    pub fn call(&self, engine: &Engine, arguments: Vec<Dynamic>) -> Answer<Dynamic> {
        let mut function = self.function.clone();
        function.set_curry(self.captured.iter().cloned());
        let context = self.context(engine);
        function.call_raw(&context, None, arguments)
    }

    /// The script that the function was kept in.
    pub fn source(&self) -> Option<&str> {
        self.global.source.as_deref()
    }

    fn context<'a>(&'a self, engine: &'a Engine) -> NativeCallContext<'a> {
        NativeCallContext::new_with_all_fields(
            engine,
            self.function.fn_name(),
            self.global.source.as_deref(),
            &self.global,
            self.position,
        )
    }
}

/// A script's state as it is now, for a separate run.
pub fn fresh(global: &GlobalRuntimeState) -> GlobalRuntimeState {
    let mut global = global.clone();
    (global.num_operations, global.level, global.scope_level) = (0, 0, 0);
    global
}

/// The value as it is now, cut off from the variables it came from.
pub fn snapshot(value: Dynamic) -> Dynamic {
    let value = value.flatten_clone();
    if value.is_array() {
        let items = value.cast::<Array>().into_iter().map(snapshot);
        return items.collect::<Array>().into();
    }
    if value.is_map() {
        let entries = value.cast::<Map>().into_iter().map(|(key, value)| (key, snapshot(value)));
        return entries.collect::<Map>().into();
    }
    if value.is_fnptr() {
        let mut function = value.cast::<FnPtr>();
        let curry: Vec<Dynamic> =
            function.iter_curry().map(|value| snapshot(value.flatten_clone())).collect();
        function.set_curry(curry);
        return function.into();
    }
    value
}

/// Makes the function pointers among a module's variables callable from any script: rhai keeps only their names.
pub fn bind_exports(engine: &Engine, module: Module) -> Module {
    let exported: Vec<(String, FnPtr)> = module
        .iter_var()
        .filter_map(|(name, value)| Some((name.to_owned(), value.clone().try_cast::<FnPtr>()?)))
        .collect();
    if exported.is_empty() {
        return module;
    }
    let home: SharedModule = module.clone().into();
    let mut module = module;
    for (name, function) in exported {
        if let Some(bound) = bound(engine, &home, &function) {
            module.set_var(name, bound);
        }
    }
    module.build_index();
    module
}

/// The function as a pointer that finds its way home.
fn bound(engine: &Engine, home: &SharedModule, function: &FnPtr) -> Option<FnPtr> {
    let mut global = engine.new_global_runtime_state();
    global.source = home.id().map(Into::into);
    global.lib.push(home.clone());
    let kept = Rc::new(Closure::keep(function, &global, Position::NONE));
    let call = move |context: NativeCallContext, arguments: &mut [&mut Dynamic]| {
        let arguments = arguments.iter_mut().map(|argument| argument.take()).collect();
        kept.call(context.engine(), arguments)
    };
    let name = bound_name(function.fn_name(), home.id().unwrap_or_default());
    #[allow(deprecated)] // "volatile": rhai is pinned
    FnPtr::from_fn(name, call).ok()
}

/// What stands between the name of an exported function and the mark of its script: see [`bind_exports`].
const MARK: &str = "__of_";

/// The name of an exported function as a pointer that is unique among all scripts.
pub fn bound_name(name: &str, script: &str) -> String {
    let script: String = script.bytes().map(|byte| format!("{byte:02x}")).collect();
    format!("{}{MARK}{script}", name.replace('$', "_")) // a closure's name is no name for a native function
}

/// Whether it is such a name.
pub fn is_bound(name: &str) -> bool {
    name.contains(MARK)
}

/// The name as the script wrote it.
pub fn plain_name(name: &str) -> &str {
    name.split_once(MARK).map_or(name, |(name, _)| name)
}
