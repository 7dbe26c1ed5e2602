//! An option of Verilator that was typed as one of fudsv: why it is not one, or where it goes.
//! It leaves to others what the option means.

use crate::design::{Meaning, meaning};
use crate::diag::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// The error for an option that fudsv does not have and Verilator does.
pub fn verilators_option(error: &clap::Error, args: &[String]) -> Option<Box<Error>> {
    let Some(ContextValue::String(unknown)) = error.get(ContextKind::InvalidArg) else { return None };
    if error.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    // Of a word with one dash clap tells the first letter.
    let is_it = |word: &&String| **word == *unknown || word.starts_with(unknown) && !word.starts_with("--");
    let word = args.iter().skip(1).take_while(|word| *word != "--").find(is_it)?;
    let hint = match meaning(word) {
        Meaning::Decided(instead, _) => instead.to_owned(),
        Meaning::Own(false) => format!("`-s verilator.args={word}` passes it to Verilator"),
        Meaning::Own(true) => format!("`-s 'verilator.args=[\"{word}\", \"VALUE\"]'` passes it to Verilator"),
        _ => return None,
    };
    Some(Error::request(format!("`{word}` is an option of Verilator, not of fudsv")).hint(hint))
}
