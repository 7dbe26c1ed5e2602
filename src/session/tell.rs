//! Messages while the work behind a command goes on, beside its results.
//! It does not know who receives them.

use crate::run;

/// The receiver of messages.
pub trait Tell {
    /// A note about the request, which is not an error.
    fn warns(&mut self, warning: &str);
    /// What was decided for the user, who may want it otherwise.
    fn notes(&mut self, note: &str);
    /// Another process works in the build directory; this is what it wrote about itself, which may be nothing.
    fn waits(&mut self, holder: &str);
}

/// Whoever also shows the steps of a build.
pub trait Show: run::Show + Tell {}

impl<T: run::Show + Tell> Show for T {}
