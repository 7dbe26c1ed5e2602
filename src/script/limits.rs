//! What one script may use, and the watch that stops a script that runs too long.
//! It does not know what scripts are for.

use crate::diag::Result;
use rhai::{Dynamic, Engine, EvalAltResult, ImmutableString, NativeCallContext, OptimizationLevel, Position};
use rustix::time::{ClockId, clock_gettime};
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

/// How much one script may take.
pub struct Limits {
    /// Operations of one script while it loads, or of one body.
    pub operations: u64,
    /// The processor's time between two things that a script gets done.
    pub time: Duration,
    /// States and ops of all scripts.
    pub declared: usize,
    /// Declarations of one name.
    pub namesakes: usize,
    /// How deep functions may call each other.
    pub call_depth: usize,
    /// How deep expressions may be nested.
    pub expression_depth: usize,
    /// Bytes of one text.
    pub text: usize,
    /// Entries of one list or map, with all that is nested in it.
    pub entries: usize,
}

/// Far more than any build needs, and reached within about two seconds.
///
/// Counting operations is not enough: after each call of one of its functions, the language walks the whole list to check
/// whether it grew too large.
pub const LIMITS: Limits = Limits {
    operations: 10_000_000,
    time: Duration::from_secs(2),
    declared: 250_000,
    namesakes: 1_000,
    call_depth: 128,
    expression_depth: 128,
    text: 4 << 20,
    entries: 1 << 20,
};

/// How many operations pass between two looks at the watch.
const LOOK: u32 = 64;

/// The processor's time since a script last got something done: another program that needs the machine stops no script.
#[derive(Debug, Default)]
pub struct Watch {
    since: Cell<Duration>,
    operations: Cell<u32>,
}

impl Watch {
    /// Restarts the watch.
    pub fn start(&self) {
        self.since.set(now());
    }

    /// Whether the time is over, checked at an operation. The language's own count restarts in each call of a function that was
    /// passed as a value, such as to `filter`.
    fn is_over(&self) -> bool {
        self.operations.set(self.operations.get().wrapping_add(1));
        self.operations.get().is_multiple_of(LOOK) && now().saturating_sub(self.since.get()) > LIMITS.time
    }
}

/// What this thread has taken of the processor.
fn now() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// Sets the limits of an engine.
pub fn set(engine: &mut Engine, watch: Rc<Watch>) {
    engine.set_max_operations(LIMITS.operations);
    engine.set_max_call_levels(LIMITS.call_depth);
    engine.set_max_expr_depths(LIMITS.expression_depth, LIMITS.expression_depth);
    engine.set_max_string_size(LIMITS.text);
    engine.set_max_array_size(LIMITS.entries);
    engine.set_max_map_size(LIMITS.entries);
    engine.set_max_strings_interned(0);
    engine.set_optimization_level(OptimizationLevel::None);
    engine.on_progress(move |_| watch.is_over().then_some(Dynamic::UNIT));
    // The language's own looks at the size only when the memory is gone.
    engine.register_fn(
        "replace",
        |_: NativeCallContext, text: &mut ImmutableString, find: &str, with: &str| {
            let grown = with.len().saturating_sub(find.len()).saturating_mul(text.matches(find).count());
            if text.len().saturating_add(grown) > LIMITS.text {
                let what = "Length of string".to_owned();
                return Err(Box::new(EvalAltResult::ErrorDataTooLarge(what, Position::NONE)));
            }
            *text = text.replace(find, with).into();
            Ok(())
        },
    );
}

/// Scripts may nest deeply; this much stack is enough for the deepest that the limits allow.
const STACK: usize = 64 << 20;

/// Does something that may need a deep stack.
///
/// # Errors
/// There is no memory for the stack, or the work fails.
pub fn with_stack<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    crate::stack::deep(STACK, work)
}
