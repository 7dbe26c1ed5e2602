//! From Verilator's files about a design to its [`Interface`].
//! It does not know which Verilator wrote them: XML (to 5.044) and JSON (from 5.022) give the same interface.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

mod constant;
mod declared;
mod dpi;
mod header;
mod json;
mod probes;
mod resolve;
mod roles;
mod sources;
pub mod step;
mod timescale;
mod xml;

pub use dpi::{Prototype, prototypes};
pub use probes::settings as probe_settings;
pub use sources::{settled, sources};

use crate::diag::Result;
use crate::model::interface::Interface;
use std::collections::HashMap;

/// What Verilator wrote about a design, as text.
pub struct Given<'a> {
    /// `V….xml` of `--xml-only` or `V….tree.json` of `--json-only`.
    pub tree: &'a str,
    /// `V….tree.meta.json`; empty beside XML, which names its files itself.
    pub meta: &'a str,
    /// The header of the Verilated class, `V….h`.
    pub header: &'a str,
    /// `V…__Syms*.cpp`, which set the time scale.
    pub symbols: &'a str,
    /// `V…__Dpi.h`; empty where the design has no DPI functions.
    pub dpi: &'a str,
    /// Paths of signals below the top, which Verilator was told to keep.
    pub probes: &'a [String],
}

/// The interface of the top module.
///
/// # Errors
/// A tree that cannot be understood, a port of a type that cannot be passed, a header that contradicts the tree.
pub fn parse(given: &Given<'_>) -> Result<Interface> {
    let tree = given.tree.trim_start();
    let files = if given.meta.is_empty() { sources::Files::new() } else { sources::files(given.meta)? };
    let declared = match tree.starts_with('{') {
        true => json::parse(tree, &files, given.probes)?,
        false => xml::parse(tree, given.probes)?,
    };
    let timescale = timescale::parse(given.symbols);
    let stored = resolve::Stored {
        header: &header::parse(given.header),
        probes: &if given.probes.is_empty() {
            HashMap::new()
        } else {
            probes::storage(given.symbols, &declared.top)
        },
    };
    let mut interface = resolve::resolve(&declared, &stored, timescale)?;
    interface.dpi = dpi::resolve(given.dpi, &declared.functions)?;
    Ok(interface)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::interface::{Kind, Role, Shape};

    const OLD: Given = Given {
        tree: include_str!("../../../tests/designs/captured/shapes.xml"),
        meta: "",
        header: include_str!("../../../tests/designs/captured/shapes_xml.h"),
        symbols: "",
        dpi: "",
        probes: &[],
    };
    const NEW: Given = Given {
        tree: include_str!("../../../tests/designs/captured/shapes.tree.json"),
        meta: "",
        header: include_str!("../../../tests/designs/captured/shapes_json.h"),
        symbols: "",
        dpi: "",
        probes: &[],
    };

    fn parsed(given: &Given) -> Interface {
        parse(given).unwrap()
    }

    #[test]
    fn xml_and_json_give_the_same_interface() {
        assert_eq!(parsed(&OLD), parsed(&NEW));
    }

    #[test]
    fn ports_keep_the_order_of_the_source_and_know_their_storage() {
        let interface = parsed(&OLD);
        let names: Vec<_> = interface.ports.iter().map(|port| port.name.as_str()).collect();
        assert_eq!(names, ["clk", "item", "plain", "levels", "nameless", "sum", "a__b"]);
        let [clk, item, plain, levels, nameless, sum, odd] = interface.ports.as_slice() else {
            unreachable!()
        };
        assert_eq!(clk.role, Some(Role::Clock));
        assert_eq!((item.width, item.storage, item.msb, item.lsb), (7, 1, 6, 0));
        assert_eq!(plain.type_index, None);
        assert_eq!((levels.elements, levels.width, levels.packed.len()), (2, 4, 1));
        assert!(nameless.type_index.is_some());
        assert!(sum.signed && sum.ascending && (sum.msb, sum.lsb) == (0, 2));
        assert_eq!(odd.cname, "a___05Fb");
    }

    #[test]
    fn types_are_found_through_members_arrays_and_other_names() {
        let interface = parsed(&OLD);
        let names: Vec<_> = interface.types.iter().map(|of| of.name.as_str()).collect();
        assert_eq!(
            names,
            ["shapes_pkg::level_e", "shapes_pkg::item_t.inner", "shapes_pkg::item_t", "nameless"]
        );
        let Shape::Struct { members } = &interface.types[2].shape else { unreachable!() };
        let places: Vec<_> =
            members.iter().map(|m| (m.name.as_str(), m.lsb, m.width, m.type_index)).collect();
        assert_eq!(places, [("level", 5, 2, Some(0)), ("plain", 3, 2, None), ("inner", 0, 3, Some(1))]);
        let Shape::Struct { members } = &interface.types[1].shape else { unreachable!() };
        assert_eq!(members[1].type_index, Some(0));
    }

    #[test]
    fn only_parameters_that_can_be_set_are_listed() {
        let interface = parsed(&NEW);
        let values: Vec<_> =
            interface.parameters.iter().map(|p| (p.name.as_str(), p.value.as_str())).collect();
        assert_eq!(values, [("WIDTH", "3"), ("TEXT", "a \"b\"")]);
        assert_eq!(interface.parameters[1].kind, Kind::String);
    }

    #[test]
    fn a_header_that_says_otherwise_is_refused() {
        let header = OLD.header.replace("VL_IN8(&plain,1,0)", "VL_IN8(&plain,3,0)");
        let error = parse(&Given { header: &header, ..OLD }).unwrap_err();
        assert_eq!(error.message, "Verilator's tree and header disagree about port `plain`");
    }

    #[test]
    fn a_name_that_verilator_takes_itself_is_refused() {
        let tree = OLD.tree.replace("\"plain\"", "\"eval\"");
        let error = parse(&Given { tree: &tree, ..OLD }).unwrap_err();
        assert_eq!(error.message, "Verilator cannot build a top module with a port `eval`");
    }

    #[test]
    fn what_is_neither_xml_nor_json_is_refused() {
        for tree in ["", "{", "<verilator_xml/>", "{\"modulesp\": []}"] {
            assert!(parse(&Given { tree, ..OLD }).is_err(), "{tree}");
        }
    }

    /// A tree in which each of `keys` has another name, once for each key.
    fn renamed<'k>(
        given: &Given,
        keys: &'k [&str],
        quote: fn(&str) -> String,
    ) -> Vec<(&'k str, Result<Interface>)> {
        let tree = |key: &str| given.tree.replace(&quote(key), &quote(&format!("{key}New")));
        let parsed = |key: &&'k str| (*key, parse(&Given { tree: &tree(key), ..*given }));
        assert!(keys.iter().all(|key| given.tree.contains(&quote(key))));
        keys.iter().map(parsed).collect()
    }

    /// The keys whose renaming does not cause an error that mentions a newer Verilator.
    fn silent(found: Vec<(&str, Result<Interface>)>) -> Vec<String> {
        let is_loud = |result: &Result<Interface>| match result {
            Ok(_) => false,
            Err(error) => format!("{error:?}").contains("newer") || error.message.contains("disagree"),
        };
        found.into_iter().filter(|(_, result)| !is_loud(result)).map(|(key, _)| key.to_owned()).collect()
    }

    #[test]
    fn a_renamed_key_of_the_json_is_an_error_that_says_so() {
        let keys = [
            "modulesp",
            "type",
            "name",
            "level",
            "stmtsp",
            "loc",
            "dtypep",
            "origName",
            "direction",
            "varType",
            "valuep",
            "miscsp",
            "typesp",
            "addr",
            "keyword",
            "range",
            "signed",
            "declRange",
            "refDTypep",
            "membersp",
            "itemsp",
        ];
        let quote = |key: &str| format!("\"{key}\":");
        let loud = silent(renamed(&NEW, &keys, quote));
        assert_eq!(loud, Vec::<String>::new());
    }

    #[test]
    fn a_renamed_attribute_of_the_xml_is_an_error_that_says_so() {
        let keys = ["id", "name", "loc", "dtype_id", "sub_dtype_id", "dir", "origName", "signed", "left"];
        let quote = |key: &str| format!(" {key}=\"");
        let loud = silent(renamed(&OLD, &keys, quote));
        assert_eq!(loud, Vec::<String>::new());
    }

    /// `input type(x) plain`: Verilator refers to the type of `x` without giving it a name.
    #[test]
    fn a_port_of_the_type_of_something_else_is_as_that() {
        let unnamed =
            "      <refdtype loc=\"c,16,30,16,34\" id=\"999\" sub_dtype_id=\"6\"/>\n    </typetable>";
        let tree = OLD.tree.replace("name=\"plain\" dtype_id=\"6\"", "name=\"plain\" dtype_id=\"999\"");
        let tree = tree.replace("    </typetable>", unnamed);
        assert!(tree.contains("name=\"plain\" dtype_id=\"999\"") && tree.contains("id=\"999\" sub_dtype_id"));
        assert_eq!(parse(&Given { tree: &tree, ..OLD }).unwrap(), parsed(&OLD));
        let renamed = tree.replace("id=\"999\" sub_dtype_id", "id=\"999\" of_dtype_id");
        let error = parse(&Given { tree: &renamed, ..OLD }).unwrap_err();
        assert!(format!("{error:?}").contains("newer"), "{error}");
    }

    #[test]
    fn a_port_of_the_class_that_the_tree_does_not_declare_is_an_error() {
        let header =
            OLD.header.replace("    VL_IN8(&clk,0,0);", "    VL_IN8(&clk,0,0);\n    VL_IN8(&more,0,0);");
        let error = parse(&Given { header: &header, ..OLD }).unwrap_err();
        assert_eq!(
            error.message,
            "the Verilated class has a port `more` that Verilator's tree does not declare"
        );
    }
}
