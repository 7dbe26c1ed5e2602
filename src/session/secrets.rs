//! The secrets of a session, which no command may contain.
//! It does not know how to recognise a secret.

use super::open::Session;
use crate::diag::{Error, Result};
use crate::facts::Query;
use crate::lower::Step;
use crate::secret;

/// Refuses a command that contains a secret: it would be written to a file and shown.
///
/// # Errors
/// A command contains a secret.
pub fn check(session: &Session, steps: &[Step]) -> Result<()> {
    for (name, value) in secrets(session) {
        let holds = |step: &&Step| step.words.iter().any(|word| word.contains(&value));
        if let Some(step) = steps.iter().find(holds) {
            let message = format!("the secret `{name}` would be written into build.ninja");
            return Err(Error::request(message).detail("step", &step.description).hint(
                "let the command read an environment variable, `$TOKEN` with the option `env: [\"TOKEN\"]`",
            ));
        }
    }
    Ok(())
}

/// What the scripts may know of secrets: settings, and variables that they asked for; text of four characters is no
/// secret.
fn secrets(session: &Session) -> Vec<(String, String)> {
    let settings = session.config.keys().filter_map(|key| {
        let value = session.config.get(key)?.value.as_str()?;
        Some((key.to_owned(), value.to_owned()))
    });
    let vars = &session.facts.env().vars;
    let seen = session.facts.seen();
    let asked = seen.keys().filter_map(|query| match query {
        Query::Var(name) => Some((name.clone(), vars.get(name)?.clone())),
        _ => None,
    });
    let is_secret = |(name, value): &(String, String)| secret::shown_value(name, value) != *value;
    settings.chain(asked).filter(is_secret).filter(|(_, value)| value.len() > 4).collect()
}
