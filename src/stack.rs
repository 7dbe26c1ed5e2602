//! A deep stack for work that goes deep, where there is memory for one.
//! It does not know the work.

use crate::diag::{Error, Result};

/// Does something that may need a stack of so many bytes.
///
/// # Errors
/// There is no memory for it, or whatever the work says.
pub fn deep<T>(bytes: usize, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let is_there = stacker::remaining_stack().is_some_and(|left| left >= bytes / 2);
    // The library panics when there is no memory, so it is asked for before; it is not touched.
    if !is_there && Vec::<u8>::new().try_reserve_exact(bytes + (1 << 20)).is_err() {
        return Err(
            Error::machine(format!("no memory for a stack of {} MiB", bytes >> 20)).hint("raise `ulimit -v`")
        );
    }
    stacker::maybe_grow(bytes / 2, bytes, work)
}
