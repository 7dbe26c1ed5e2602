//! The formats in which tools list the files that they read.
//! It does not know whether the files exist, or which directory their names are relative to.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use crate::step::depfile;
use crate::step::verilator_files;
use camino::{Utf8Path, Utf8PathBuf};
use std::fmt;

/// A file in which a tool lists what it read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Depfile {
    /// Its path, relative to the build directory.
    pub path: Utf8PathBuf,
    /// Its form.
    pub form: Form,
}

/// The form of a dependency file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Make's rules.
    Make,
    /// One file in each line, without escapes. Empty lines are ignored.
    List,
    /// Verilator's `V*__verFiles.dat`.
    Verilator,
}

impl Form {
    /// The form with this name.
    pub fn named(name: &str) -> Option<Form> {
        [Form::Make, Form::List, Form::Verilator].into_iter().find(|form| form.name() == name)
    }

    /// Its name in scripts.
    pub fn name(self) -> &'static str {
        match self {
            Form::Make => "make",
            Form::List => "list",
            Form::Verilator => "verilator",
        }
    }

    /// The default form of a file, by its name.
    pub fn of(path: &Utf8Path) -> Form {
        if path.as_str().ends_with("__verFiles.dat") { Form::Verilator } else { Form::Make }
    }

    /// The files that a text of this form names.
    ///
    /// # Errors
    /// What is wrong with the text, as in `is empty`.
    pub fn parse(self, text: &str) -> Result<Vec<String>, String> {
        match self {
            Form::Make => depfile::parse(text).map_err(|fault| fault.to_string()),
            Form::List => list(text),
            Form::Verilator => {
                match text.lines().any(|line| line.starts_with("C ") || line.starts_with("S ")) {
                    true => Ok(verilator_files::parse(text)),
                    false => Err("is not a list of files as Verilator writes it".to_owned()),
                }
            }
        }
    }

    /// What a file of this form looks like.
    pub fn hint(self) -> &'static str {
        match self {
            Form::Make => {
                "a dependency file contains `output: input input`, as in a Makefile, or `output:` if nothing was read; a file with one name in each line needs `depfile_format: \"list\"`"
            }
            Form::List => "each line names one file",
            Form::Verilator => "Verilator writes it as `V<top>__verFiles.dat`",
        }
    }
}

impl Depfile {
    /// Reads `form:path`.
    pub fn of_word(word: &str) -> Option<Depfile> {
        let (form, path) = word.split_once(':')?;
        Some(Depfile { path: path.into(), form: Form::named(form)? })
    }

    /// A file in the default form for its name.
    pub fn plain(path: &str) -> Depfile {
        Depfile { path: path.into(), form: Form::of(Utf8Path::new(path)) }
    }
}

impl fmt::Display for Depfile {
    /// Its name, with the format if the name does not imply it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Depfile { path, form } = self;
        if *form == Form::of(path) { write!(f, "{path}") } else { write!(f, "{path} ({})", form.name()) }
    }
}

fn list(text: &str) -> Result<Vec<String>, String> {
    let lines = || text.lines().map(|line| line.trim_end_matches('\r')).filter(|line| !line.is_empty());
    if let Some((number, _)) = text.lines().enumerate().find(|(_, line)| line.contains('\0')) {
        return Err(format!("has no file in line {}", number + 1));
    }
    Ok(lines().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_a_file_in_each_line_whatever_is_in_its_name() {
        assert_eq!(
            Form::List.parse("a b.h\n\n#c: d\r\n../e$.h"),
            Ok(["a b.h", "#c: d", "../e$.h"].map(str::to_owned).to_vec())
        );
        assert_eq!(Form::List.parse(""), Ok(vec![]));
        assert_eq!(Form::List.parse("a\nb\0c\n"), Err("has no file in line 2".to_owned()));
    }

    #[test]
    fn a_text_without_verilators_command_is_no_list_of_its() {
        assert!(Form::Verilator.parse("a.o: b.h\n").is_err());
        assert_eq!(
            Form::Verilator.parse("C \"--cc\"\nS 1 2 3 4 5 6 \"a.sv\"\n"),
            Ok(vec!["a.sv".to_owned()])
        );
    }

    #[test]
    fn the_form_is_shown_where_the_name_does_not_tell_it() {
        let shown = |word: &str| Depfile::of_word(word).map(|depfile| depfile.to_string());
        assert_eq!(shown("make:a.d"), Some("a.d".to_owned()));
        assert_eq!(shown("list:a.d"), Some("a.d (list)".to_owned()));
        assert_eq!(shown("verilator:V__verFiles.dat"), Some("V__verFiles.dat".to_owned()));
        assert_eq!(shown("makes:a.d"), None);
        assert_eq!(Depfile::plain("x__verFiles.dat").form, Form::Verilator);
    }
}
