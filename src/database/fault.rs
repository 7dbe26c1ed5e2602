//! Why a database cannot be used.
//! It does not know what happens to the database then.

use std::fmt;

/// Why a database cannot be used, in words that fit after its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault(String);

impl Fault {
    /// A fault for this reason.
    pub fn new(why: impl Into<String>) -> Fault {
        Fault(why.into())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
