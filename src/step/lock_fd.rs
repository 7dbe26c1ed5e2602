//! Keeps the lock of the build directory away from tools. Ninja inherits it on purpose, but a tool may leave a daemon
//! behind.
//! It does not know what the lock is for.
#![allow(unsafe_code)] // a file descriptor that is known by its number only can be had in no other way

use rustix::fd::BorrowedFd;
use rustix::io::{FdFlags, fcntl_setfd};
use std::collections::BTreeMap;

/// The variable that names the inherited descriptor.
pub const VARIABLE: &str = "FUDSV_LOCK_FD";

/// Marks the inherited descriptor so that no program started from here inherits it.
pub fn close_on_exec(variables: &BTreeMap<String, String>) {
    let number = variables.get(VARIABLE).and_then(|text| text.parse::<i32>().ok());
    let Some(number) = number.filter(|number| *number > 2) else { return };
    // SAFETY: the descriptor is used for this one call, which fails with EBADF if it is not open. If the number belongs to
    // a file of this process, the call sets what Rust has set already.
    let descriptor = unsafe { BorrowedFd::borrow_raw(number) };
    fcntl_setfd(descriptor, FdFlags::CLOEXEC).unwrap_or_default();
}
