//! `fudsv completions` and `fudsv man`: what packagers ship, made of the same description as the help texts.
//! It does not know what the commands do.

use super::help::command;
use super::output::to_stdout;
use crate::diag::{Error, Result};
use clap_complete::Shell;

/// Prints a completion script.
///
/// # Errors
/// Standard output cannot be written.
pub fn completions(shell: Shell) -> Result<()> {
    let mut script = vec![];
    clap_complete::generate(shell, &mut command(), "fudsv", &mut script);
    to_stdout(&script)
}

/// Prints the manual page, with a section for each command.
///
/// # Errors
/// Standard output cannot be written.
pub fn man() -> Result<()> {
    let mut page = vec![];
    let cannot = |e: std::io::Error| Error::machine("cannot write the manual page").because(e);
    let man = clap_mangen::Man::new(command());
    man.render(&mut page).map_err(cannot)?;
    let mut all = command();
    all.build();
    for command in all.get_subcommands().filter(|command| command.get_name() != "help") {
        let name = command.get_bin_name().unwrap_or_default().to_uppercase();
        page.extend(format!(".SH \"{name}\"\n").bytes());
        let man = clap_mangen::Man::new(command.clone());
        man.render_description_section(&mut page).map_err(cannot)?;
        man.render_options_section(&mut page).map_err(cannot)?;
    }
    to_stdout(&page)
}
