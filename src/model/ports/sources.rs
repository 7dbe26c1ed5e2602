//! The files of the design that Verilator's tree names, without Verilator's own.
//! It does not know what is in them.

use crate::diag::{Error, Result};
use serde::Deserialize;
use std::collections::BTreeMap;

/// `V….tree.meta.json`, as far as it is read.
#[derive(Deserialize)]
struct Meta {
    files: BTreeMap<String, MetaFile>,
}

#[derive(Deserialize)]
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

fn of_meta(text: &str) -> Result<Vec<String>> {
    let meta: Meta = serde_json::from_str(text)
        .map_err(|cause| Error::step("the JSON that Verilator wrote can't be read").because(cause))?;
    let name = |file: MetaFile| if file.realpath.starts_with('<') { file.realpath } else { file.filename };
    Ok(meta.files.into_values().map(name).collect())
}

fn of_xml(text: &str) -> Result<Vec<String>> {
    let document = roxmltree::Document::parse(text)
        .map_err(|cause| Error::step("the XML that Verilator wrote can't be read").because(cause))?;
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
}
