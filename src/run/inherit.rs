//! Lets Ninja inherit the lock of the build directory, so that an orphaned Ninja still holds it.
//! It does not know what the lock protects; the step runner keeps it from the tools.

use std::os::fd::{AsFd, AsRawFd};

/// Lets children inherit this descriptor; returns its number, to be told to them.
///
/// # Errors
/// Whatever the system says.
pub fn inheritable(file: &impl AsFd) -> std::io::Result<i32> {
    rustix::io::fcntl_setfd(file, rustix::io::FdFlags::empty())?;
    Ok(file.as_fd().as_raw_fd())
}
