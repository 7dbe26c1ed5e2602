//! EDAM, the description of a design that FuseSoC writes for Edalize, as the words of a filelist.
//! It does not know how a filelist is read, and leaves alone what belongs to other tools.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use super::text::Word;
use crate::diag::{Error, Place, Result};
use camino::Utf8Path;
use serde::Deserialize;
use serde_norway::Value;
use std::collections::BTreeMap;

/// Whether a file is EDAM, by its name.
pub fn is_edam(path: &str) -> bool {
    [".eda.yml", ".eda.yaml", ".eda.json"].iter().any(|ending| path.ends_with(ending))
}

/// How files are called that are sources whatever their type says.
const OWN_ENDINGS: [&str; 3] = [".vlt", ".veryl", ".spade"];

/// A design in EDAM, as far as it is read here; keys: <https://edalize.readthedocs.io>.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Edam {
    toplevel: Option<Tops>,
    files: Vec<File>,
    parameters: BTreeMap<String, Parameter>,
    tool_options: BTreeMap<String, BTreeMap<String, Value>>,
    hooks: BTreeMap<String, Value>,
}

/// One top, or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Tops {
    One(String),
    Several(Vec<String>),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct File {
    name: String,
    file_type: String,
    is_include_file: bool,
    include_path: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Parameter {
    datatype: String,
    default: Option<Value>,
    paramtype: String,
}

/// What a description says: the words of a filelist, the arguments of its simulation, and what was left out.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Described {
    /// The words, each with the line that names it.
    pub words: Vec<Word>,
    /// Plusargs and the like.
    pub run_args: Vec<String>,
    /// What was left out, a line each.
    pub notes: Vec<String>,
}

/// Reads a description.
///
/// # Errors
/// It is not YAML, or not EDAM.
pub fn read(shown: &str, text: &str) -> Result<Described> {
    let edam: Edam = serde_norway::from_str(text).map_err(|error| {
        let (line, column) = error.location().map_or((0, 0), |at| (at.line(), at.column()));
        Error::request(format!("`{shown}` is not EDAM: {error}")).at(Place::in_text(
            shown.to_owned(),
            text,
            line,
            column,
        ))
    })?;
    let mut described = Described::default();
    let line_of = |name: &str| text.lines().position(|line| line.contains(name)).map_or(1, |at| at + 1);
    for file in &edam.files {
        described.file(file, line_of(&file.name));
    }
    for (name, parameter) in &edam.parameters {
        described.parameter(name, parameter, line_of(name));
    }
    described.options(edam.tool_options.get("verilator"), line_of("verilator_options"));
    let tops = match edam.toplevel {
        Some(Tops::One(top)) => vec![top],
        Some(Tops::Several(tops)) => tops,
        None => vec![],
    };
    if let Some(top) = tops.first().filter(|top| !top.is_empty()) {
        described.words(["--top-module", top], line_of("toplevel"));
    }
    let hooks: Vec<String> = edam.hooks.keys().map(|hook| format!("`{hook}`")).collect();
    if !hooks.is_empty() {
        let hooks = hooks.join(", ");
        described.notes.push(format!("{shown}: the hooks {hooks} are not run: an op can do what they do"));
    }
    Ok(described)
}

impl Described {
    fn words<const N: usize>(&mut self, words: [&str; N], line: usize) {
        self.words.extend(words.map(|text| Word { text: text.to_owned(), line }));
    }

    fn file(&mut self, file: &File, line: usize) {
        // `verilogSource-2005` names the standard, too.
        let kind = file.file_type.split('-').next().unwrap_or_default();
        let is_hdl = ["verilogSource", "systemVerilogSource"].contains(&kind);
        if is_hdl && file.is_include_file {
            let beside = || Utf8Path::new(&file.name).parent().map(Utf8Path::to_string).unwrap_or_default();
            let dir = file.include_path.clone().unwrap_or_else(beside);
            let dir = if dir.is_empty() { "." } else { &dir };
            return self.words([&format!("-I{dir}")], line);
        }
        match kind {
            "verilogSource"
            | "systemVerilogSource"
            | "vhdlSource"
            | "cppSource"
            | "cSource"
            | "vlt"
            | "verilatorConfig" => self.words([&file.name], line),
            // Waivers, and languages that Edalize has no type for, come as files of a user's own type.
            _ if OWN_ENDINGS.iter().any(|ending| file.name.ends_with(ending)) => {
                self.words([&file.name], line);
            }
            // A simulation reads these by itself, or another tool does.
            "user" | "" | "data" | "mem" => {}
            kind => self.notes.push(format!("`{}` is ignored: Verilator reads no `{kind}`", file.name)),
        }
    }

    fn parameter(&mut self, name: &str, parameter: &Parameter, line: usize) {
        let Some(default) = &parameter.default else { return };
        let is_text = parameter.datatype == "str" || parameter.datatype == "file";
        let value = match default {
            Value::Bool(is_set) => u8::from(*is_set).to_string(),
            Value::Number(number) => number.to_string(),
            Value::String(text) => text.clone(),
            _ => return,
        };
        match parameter.paramtype.as_str() {
            "vlogparam" if is_text => self.words([&format!("-G{name}=\"{value}\"")], line),
            "vlogparam" => self.words([&format!("-G{name}={value}")], line),
            "vlogdefine" if *default != Value::Bool(false) => {
                self.words([&format!("-D{name}={value}")], line);
            }
            "plusarg" if *default == Value::Bool(true) => self.run_args.push(format!("+{name}")),
            "plusarg" if *default != Value::Bool(false) => self.run_args.push(format!("+{name}={value}")),
            "cmdlinearg" => self.run_args.push(format!("--{name}={value}")),
            "generic" => {
                self.notes.push(format!("the generic `{name}` is ignored: Verilator has no generics"))
            }
            _ => {}
        }
    }

    fn options(&mut self, verilator: Option<&BTreeMap<String, Value>>, line: usize) {
        let options = verilator.and_then(|options| options.get("verilator_options"));
        for option in options.and_then(Value::as_sequence).into_iter().flatten().filter_map(Value::as_str) {
            // One item may hold several words.
            let words = shlex::split(option).unwrap_or_else(|| vec![option.to_owned()]);
            self.words.extend(words.into_iter().map(|text| Word { text, line }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(described: &Described) -> Vec<&str> {
        described.words.iter().map(|word| word.text.as_str()).collect()
    }

    #[test]
    fn a_description_becomes_the_words_of_a_filelist() {
        let text = "name: soc
files:
- {name: ../inc/defs.svh, file_type: systemVerilogSource, is_include_file: true}
- {name: ../inc/sub/more.vh, file_type: verilogSource-2005, is_include_file: true, include_path: ../inc}
- {name: '../rtl/a b.sv', file_type: systemVerilogSource-3.0}
- {name: ../rtl/u.vhd, file_type: vhdlSource-2008}
- {name: ../sw/main.cpp, file_type: cppSource}
- {name: ../waive.vlt, file_type: vlt}
- {name: ../wire.veryl, file_type: user}
- {name: ../pins.xdc, file_type: xdc}
- {name: ../boot.hex, file_type: user}
parameters:
  DEPTH: {datatype: int, default: 8, paramtype: vlogparam}
  NAME: {datatype: str, default: x, paramtype: vlogparam}
  OFF: {datatype: bool, default: false, paramtype: vlogdefine}
  SYNTH: {datatype: bool, default: true, paramtype: vlogdefine}
  firmware: {datatype: file, default: boot.hex, paramtype: plusarg}
  unset: {datatype: int, paramtype: vlogparam}
  width: {datatype: int, default: 4, paramtype: generic}
toplevel: soc
tool_options:
  verilator: {mode: cc, verilator_options: [-Wno-fatal, '--trace --x-assign fast']}
hooks: {pre_build: [{name: x, cmd: [sh, -c, x]}]}
";
        let described = read("x.eda.yml", text).unwrap();
        assert_eq!(
            texts(&described),
            [
                "-I../inc",
                "-I../inc",
                "../rtl/a b.sv",
                "../rtl/u.vhd",
                "../sw/main.cpp",
                "../waive.vlt",
                "../wire.veryl",
                "-GDEPTH=8",
                "-GNAME=\"x\"",
                "-DSYNTH=1",
                "-Wno-fatal",
                "--trace",
                "--x-assign",
                "fast",
                "--top-module",
                "soc"
            ]
        );
        assert_eq!(described.words[2].line, 5);
        assert_eq!(described.run_args, ["+firmware=boot.hex"]);
        assert_eq!(
            described.notes,
            [
                "`../pins.xdc` is ignored: Verilator reads no `xdc`",
                "the generic `width` is ignored: Verilator has no generics",
                "x.eda.yml: the hooks `pre_build` are not run: an op can do what they do"
            ]
        );
    }

    #[test]
    fn what_is_not_edam_is_an_error_with_its_place() {
        let error = read("x.eda.yml", "name: a\nfiles: 7\n").unwrap_err();
        assert!(error.message.starts_with("`x.eda.yml` is not EDAM: "), "{}", error.message);
        assert_eq!(error.place.unwrap().line, 2);
        assert!(read("x.eda.yml", "a: [").is_err());
        assert_eq!(read("x.eda.json", "{\"files\": []}").unwrap(), Described::default());
    }
}
