//! The request in a form that can be typed again.
//! It does not know the options: [`options`](crate::options) does.

use super::open::Session;
use crate::config::concerns_store;
use crate::secret;
use crate::shell::ShellWord;

/// The request in a form that can be typed again, for this command. Secrets are masked. The store does not affect what is
/// built and is left out.
pub fn typed(session: &Session, command: &str) -> String {
    let mut options = session.options.clone();
    options.set.retain(|value| !concerns_store(value));
    options.set.iter_mut().for_each(|value| *value = secret::shown_setting(value));
    let words = ["fudsv".to_owned(), command.to_owned()].into_iter().chain(options.command_line());
    let quoted = |word: String| ShellWord::quote(&secret::shown_text(&word)).to_string();
    words.map(quoted).collect::<Vec<_>>().join(" ")
}
