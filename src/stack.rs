//! A deep stack for work that goes deep, where there is memory for one.
//! It does not know the work.

use crate::diag::{Error, Result};

/// Runs work that may need a stack of so many bytes.
///
/// # Errors
/// There is no memory for the stack, or the work fails.
pub fn deep<T>(bytes: usize, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let is_there = stacker::remaining_stack().is_some_and(|left| left >= bytes / 2);
    // The library panics without memory, so this asks for the memory first; it does not touch it.
    if !is_there && Vec::<u8>::new().try_reserve_exact(bytes + (1 << 20)).is_err() {
        return Err(
            Error::machine(format!("no memory for a stack of {} MiB", bytes >> 20)).hint("raise `ulimit -v`")
        );
    }
    stacker::maybe_grow(bytes / 2, bytes, work)
}
