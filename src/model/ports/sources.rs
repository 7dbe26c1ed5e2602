//! The files of the design that Verilator's tree names, without Verilator's own.
//! It does not know what is in them.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use crate::diag::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The names of the files by the letters that places in a JSON tree begin with.
pub type Files = BTreeMap<String, String>;

/// `V….tree.meta.json`, as far as it is read.
#[derive(Serialize, Deserialize)]
struct Meta {
    files: BTreeMap<String, MetaFile>,
}

#[derive(Serialize, Deserialize)]
struct MetaFile {
    filename: String,
    realpath: String,
}

/// The names as they were given to Verilator, out of `V….xml` or `V….tree.meta.json`.
///
/// # Errors
/// Text that is neither.
pub fn sources(text: &str) -> Result<Vec<String>> {
    let names = if text.trim_start().starts_with('{') { of_meta(text)? } else { of_xml(text)? };
    Ok(names.into_iter().filter(|name| !name.starts_with('<')).collect())
}

/// The files in `V….tree.meta.json`.
///
/// # Errors
/// Text that is not such a file.
pub fn files(meta: &str) -> Result<Files> {
    Ok(parse(meta)?.files.into_iter().map(|(letter, file)| (letter, file.filename)).collect())
}

/// `V….tree.meta.json` with the names of files alone, in order; without what differs between runs and checkouts.
///
/// # Errors
/// Text that is not such a file.
pub fn settled(text: &str) -> Result<String> {
    let mut meta = parse(text)?;
    for file in meta.files.values_mut().filter(|file| !file.realpath.starts_with('<')) {
        file.realpath.clone_from(&file.filename);
    }
    serde_json::to_string_pretty(&meta).map_err(unreadable)
}

fn parse(text: &str) -> Result<Meta> {
    serde_json::from_str(text).map_err(unreadable)
}

fn unreadable(cause: serde_json::Error) -> Box<Error> {
    Error::step("the JSON that Verilator wrote cannot be read").because(cause)
}

fn of_meta(text: &str) -> Result<Vec<String>> {
    let meta = parse(text)?;
    let name = |file: MetaFile| if file.realpath.starts_with('<') { file.realpath } else { file.filename };
    Ok(meta.files.into_values().map(name).collect())
}

fn of_xml(text: &str) -> Result<Vec<String>> {
    let document = roxmltree::Document::parse(text)
        .map_err(|cause| Error::step("the XML that Verilator wrote cannot be read").because(cause))?;
    let files = document.descendants().find(|node| node.has_tag_name("files"));
    let names = files.into_iter().flat_map(|files| files.children());
    Ok(names.filter_map(|file| file.attribute("filename").map(str::to_owned)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_trees_name_the_files_of_the_design_only() {
        let xml = "<verilator_xml><files><file id=\"a\" filename=\"&lt;built-in&gt;\"/><file id=\"b\" filename=\"a b.sv\"/></files></verilator_xml>";
        let json = r#"{"files":{"a":{"filename":"<built-in>","realpath":"<built-in>"},
            "d":{"filename":"<verilated_std>","realpath":"/x/verilated_std.sv"},
            "e":{"filename":"a b.sv","realpath":"/p/a b.sv"}}}"#;
        assert_eq!(sources(xml).unwrap(), ["a b.sv"]);
        assert_eq!(sources(json).unwrap(), ["a b.sv"]);
    }

    #[test]
    fn a_settled_tree_names_the_same_files_and_no_addresses() {
        let of = |dir: &str, address: &str| {
            let std = r#""d":{"filename":"<verilated_std>","realpath":"/x/verilated_std.sv"}"#;
            let file = format!(r#""e":{{"filename":"a b.sv","realpath":"/{dir}/a b.sv"}}"#);
            format!(r#"{{"files":{{{std},{file}}},"pointers":{{"(B)":"{address}"}}}}"#)
        };
        let settled = settled(&of("p", "0x29e0e160")).unwrap();
        assert_eq!(settled, super::settled(&of("q", "0x28e0e160")).unwrap());
        assert_eq!(sources(&settled).unwrap(), ["a b.sv"]);
    }
}
