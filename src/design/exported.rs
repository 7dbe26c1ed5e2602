//! A design for other tools: as a filelist of Verilator's words, and as EDAM.
//! It does not know which sources a design has; they come in their order, with the options that they need.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use super::vocabulary::{Meaning, meaning};
use crate::diag::{Error, Result};
use serde::Serialize;
use std::collections::BTreeMap;

/// A form that other tools read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Words, a line each.
    Filelist,
    /// Edalize's YAML.
    Edam,
}

/// The design of these words of Verilator's command line, in this form.
///
/// # Errors
/// It cannot be written as YAML.
pub fn exported(form: Form, name: &str, words: &[String]) -> Result<String> {
    match form {
        Form::Filelist => Ok(filelist(words)),
        Form::Edam => edam(name, words),
    }
}

/// One word a line, with the blanks and quotes that filelists escape.
fn filelist(words: &[String]) -> String {
    let escaped = |word: &String| {
        let escape = |c: char| if c.is_whitespace() || "\\\"'".contains(c) { vec!['\\', c] } else { vec![c] };
        word.chars().flat_map(escape).collect::<String>()
    };
    let mut text = String::new();
    let mut words = words.iter().peekable();
    while let Some(word) = words.next() {
        text.push_str(&escaped(word));
        // A value stays beside its option.
        if matches!(meaning(word), Meaning::Takes(_) | Meaning::Own(true))
            && let Some(value) = words.next()
        {
            text.push_str(&format!(" {}", escaped(value)));
        }
        text.push('\n');
    }
    text
}

#[derive(Serialize)]
struct Edam {
    name: String,
    version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    toplevel: Option<String>,
    files: Vec<File>,
    parameters: BTreeMap<String, Parameter>,
    tool_options: BTreeMap<&'static str, BTreeMap<&'static str, Vec<String>>>,
}

#[derive(Serialize)]
struct File {
    name: String,
    file_type: &'static str,
}

#[derive(Serialize)]
struct Parameter {
    datatype: &'static str,
    default: String,
    paramtype: &'static str,
}

fn edam(name: &str, words: &[String]) -> Result<String> {
    let mut edam = Edam {
        name: name.to_owned(),
        version: "0.2.1",
        toplevel: None,
        files: vec![],
        parameters: BTreeMap::new(),
        tool_options: BTreeMap::new(),
    };
    let mut options: Vec<String> = vec![];
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match meaning(word) {
            Meaning::File => edam.files.push(File { name: word.clone(), file_type: file_type(word) }),
            Meaning::Takes("top") => edam.toplevel = words.next().cloned(),
            Meaning::Parameter(text) => edam.parameter(text, "vlogparam"),
            Meaning::Defines(list) => list.iter().for_each(|text| edam.parameter(text, "vlogdefine")),
            Meaning::Takes(_) | Meaning::Own(true) => {
                options.push(word.clone());
                options.extend(words.next().cloned());
            }
            _ => options.push(word.clone()),
        }
    }
    if !options.is_empty() {
        let options = options.iter().map(|word| shlex::try_quote(word).map_or(word.clone(), Into::into));
        edam.tool_options.insert("verilator", BTreeMap::from([("verilator_options", options.collect())]));
    }
    serde_norway::to_string(&edam).map_err(|e| Error::machine("cannot write the design as EDAM").because(e))
}

impl Edam {
    fn parameter(&mut self, text: &str, paramtype: &'static str) {
        let (name, value) = text.split_once('=').unwrap_or((text, "1"));
        let unquoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        let datatype = if unquoted.is_some() && paramtype == "vlogparam" { "str" } else { "int" };
        let default = unquoted.filter(|_| datatype == "str").unwrap_or(value).to_owned();
        self.parameters.insert(name.to_owned(), Parameter { datatype, default, paramtype });
    }
}

fn file_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "v" | "vh" => "verilogSource",
        "vhd" | "vhdl" => "vhdlSource",
        "vlt" => "vlt",
        "c" => "cSource",
        "cpp" | "cc" | "cxx" => "cppSource",
        _ => "systemVerilogSource",
    }
}

#[cfg(test)]
mod tests {
    use super::super::edam;
    use super::*;

    fn words() -> Vec<String> {
        let words = ["--top-module", "soc", "-DA=1", "-GN=\"x\"", "-Ia b", "-y", "lib", "x y.sv", "b.v"];
        words.map(str::to_owned).to_vec()
    }

    #[test]
    fn a_filelist_has_a_word_in_each_line_and_values_beside_their_options() {
        let text = exported(Form::Filelist, "soc", &words()).unwrap();
        let expected = "--top-module soc\n-DA=1\n-GN=\\\"x\\\"\n-Ia\\ b\n-y lib\nx\\ y.sv\nb.v\n";
        assert_eq!(text, expected);
        let read: Vec<String> =
            super::super::text::words(&text).unwrap().into_iter().map(|word| word.text).collect();
        assert_eq!(read, words());
    }

    #[test]
    fn what_is_exported_as_edam_is_read_as_the_same_words() {
        let text = exported(Form::Edam, "soc", &words()).unwrap();
        let read = edam::read("x.eda.yml", &text).unwrap();
        let mut read: Vec<String> = read.words.into_iter().map(|word| word.text).collect();
        let mut expected = words();
        read.sort();
        expected.sort();
        assert_eq!(read, expected, "{text}");
    }
}
