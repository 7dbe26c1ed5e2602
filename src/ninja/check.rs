//! What Ninja would refuse, found before the file is written and said in the user's words.
//! It does not know scripts; the caller adds the place.

use super::file::{File, Statement};
use crate::diag::{Error, Result};
use std::collections::HashSet;

/// Checks that every output has one maker.
///
/// # Errors
/// Two edges that make one file.
pub fn check(file: &File) -> Result<()> {
    let mut made = HashSet::new();
    for statement in &file.statements {
        let Statement::Build(build) = statement else { continue };
        for output in &build.outputs {
            if !made.insert(output.path()) {
                return Err(Error::request(format!("two steps make `{}`", output.path()))
                    .hint("give one of them another name; `temp(\"…\")` makes names that are unique to each use of an op"));
            }
        }
    }
    Ok(())
}
