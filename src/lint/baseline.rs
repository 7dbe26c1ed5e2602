//! A baseline: findings that a team knows and lives with, so that only new ones are shown.
//! It does not know how findings are shown.

use super::diagnostic::{Diagnostic, Severity};
use crate::diag::{Error, Result};
use serde::Deserialize;
use std::collections::HashMap;

/// How often each finding is known. Its line does not count: an edit above it moves it.
pub struct Baseline(HashMap<(String, String, String), usize>);

#[derive(Deserialize)]
struct Saved {
    diagnostics: Vec<Known>,
}

#[derive(Deserialize)]
struct Known {
    code: Option<String>,
    file: Option<String>,
    message: String,
}

impl Baseline {
    /// Reads what `fudsv lint --format json` printed.
    ///
    /// # Errors
    /// It is something else.
    pub fn read(bytes: &[u8], shown: &str) -> Result<Baseline> {
        let hint = format!("`fudsv lint … --format json > {shown}` writes one");
        let saved: Saved = serde_json::from_slice(bytes)
            .map_err(|e| Error::request(format!("`{shown}` is not a baseline")).because(e).hint(hint))?;
        let mut known = HashMap::new();
        for Known { code, file, message } in saved.diagnostics {
            *known.entry((code.unwrap_or_default(), file.unwrap_or_default(), message)).or_default() += 1;
        }
        Ok(Baseline(known))
    }

    /// The findings that are new, and how many warnings are known. An error is never known.
    pub fn new_among(mut self, diagnostics: Vec<Diagnostic>) -> (Vec<Diagnostic>, usize) {
        let all = diagnostics.len();
        let is_new = |diagnostic: &Diagnostic| {
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            let key = (text(&diagnostic.code), text(&diagnostic.file), diagnostic.message.clone());
            match self.0.get_mut(&key).filter(|left| **left > 0) {
                Some(left) if diagnostic.severity == Severity::Warning => {
                    *left -= 1;
                    false
                }
                _ => true,
            }
        };
        let new: Vec<Diagnostic> = diagnostics.into_iter().filter(is_new).collect();
        let known = all - new.len();
        (new, known)
    }
}
