//! The ports in the header of a Verilated class: C++ name, direction, storage and array shape.
//! It does not know signs, enums or structs: the header does not contain them.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use crate::model::interface::{Direction, Kind};
use crate::model::kind::PLAIN;

/// One port as the header declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderPort {
    pub cname: String,
    /// Only the macros say it.
    pub direction: Option<Direction>,
    pub kind: Kind,
    /// Bits of one element; 0 unless bits.
    pub width: u32,
    /// Bytes of one element; 0 for a string.
    pub storage: u32,
    /// Sizes of the unpacked dimensions, outermost first.
    pub dimensions: Vec<u32>,
}

/// The ports, in the order of the header (not of the source).
pub fn parse(header: &str) -> Vec<HeaderPort> {
    let section = header.split_once("// PORTS").map_or("", |(_, rest)| rest);
    let section = section.split_once("// CELLS").map_or(section, |(ports, _)| ports);
    section.lines().filter_map(|line| parse_line(line.trim())).collect()
}

fn parse_line(line: &str) -> Option<HeaderPort> {
    let line = line.strip_suffix(';')?;
    match line.strip_prefix("VL_") {
        Some(macro_call) => parse_macro(macro_call),
        None => parse_reference(line),
    }
}

/// `IN8(&clk,0,0)`, `OUTW(&wide,129,0,5)`, `IN((&ua)[2][3],17,0)`.
fn parse_macro(call: &str) -> Option<HeaderPort> {
    let (word, arguments) = call.split_once('(')?;
    let (direction, class) = split_direction(word)?;
    let arguments = arguments.strip_suffix(')')?;
    let mut parts = arguments.split(',');
    let (cname, dimensions) = parse_declarator(parts.next()?)?;
    let msb: i32 = parts.next()?.parse().ok()?;
    let lsb: i32 = parts.next()?.parse().ok()?;
    let words: u32 = parts.next().map_or(Ok(0), str::parse).ok()?;
    let storage = match class {
        "8" => 1,
        "16" => 2,
        "64" => 8,
        "W" => 4 * words,
        _ => 4,
    };
    let width = msb.abs_diff(lsb) + 1;
    Some(HeaderPort { cname, direction: Some(direction), kind: Kind::Bits, width, storage, dimensions })
}

fn split_direction(word: &str) -> Option<(Direction, &str)> {
    let table = [("INOUT", Direction::Inout), ("IN", Direction::In), ("OUT", Direction::Out)];
    table.iter().find_map(|(prefix, direction)| Some((*direction, word.strip_prefix(prefix)?)))
}

/// `&clk` or `(&ua)[2][3]`.
fn parse_declarator(text: &str) -> Option<(String, Vec<u32>)> {
    let Some(array) = text.strip_prefix("(&") else {
        return Some((text.strip_prefix('&')?.to_owned(), vec![]));
    };
    let (name, sizes) = array.split_once(')')?;
    let sizes = sizes.split(']').filter_map(|size| size.strip_prefix('[')).map(str::parse);
    Some((name.to_owned(), sizes.collect::<Result<_, _>>().ok()?))
}

/// `double &rl`, `std::string &s`, `VlUnpacked<VlUnpacked<CData/*7:0*/, 2>, 3> &arr2`.
fn parse_reference(line: &str) -> Option<HeaderPort> {
    let (written, cname) = line.rsplit_once('&')?;
    let mut dimensions = vec![];
    let mut inner = written.trim();
    while let Some(array) = inner.strip_prefix("VlUnpacked<") {
        let (element, size) = array.strip_suffix('>')?.rsplit_once(',')?;
        dimensions.push(size.trim().parse().ok()?);
        inner = element.trim();
    }
    let (kind, width, storage) = element_of(inner)?;
    Some(HeaderPort { cname: cname.trim().to_owned(), direction: None, kind, width, storage, dimensions })
}

/// Kind, width and bytes of `CData/*7:0*/`, `VlWide<3>/*64:0*/`, `double` or `std::string`.
fn element_of(text: &str) -> Option<(Kind, u32, u32)> {
    if let Some(plain) = PLAIN.iter().find(|plain| plain.stored == text) {
        return Some((plain.kind, 0, plain.storage));
    }
    let (class, bounds) = text.strip_suffix("*/")?.split_once("/*")?;
    let (msb, lsb) = bounds.split_once(':')?;
    let width = msb.parse::<i32>().ok()?.abs_diff(lsb.parse().ok()?) + 1;
    let storage = match class {
        "CData" => 1,
        "SData" => 2,
        "IData" => 4,
        "QData" => 8,
        wide => 4 * wide.strip_prefix("VlWide<")?.strip_suffix('>')?.parse::<u32>().ok()?,
    };
    Some((Kind::Bits, width, storage))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(line: &str) -> HeaderPort {
        parse_line(line).unwrap()
    }

    #[test]
    fn both_forms_of_arrays_are_the_same_port() {
        let old = one("VL_IN8((&arr2)[3][2],7,0);");
        let new = one("VlUnpacked<VlUnpacked<CData/*7:0*/, 2>, 3> &arr2;");
        assert_eq!(old.dimensions, [3, 2]);
        assert_eq!(HeaderPort { direction: None, ..old }, new);
        assert_eq!(one("VlUnpacked<VlWide<3>/*64:0*/, 2> &ws;").storage, 12);
    }

    #[test]
    fn storage_follows_the_macro() {
        let port = one("VL_OUTW(&wo,129,0,5);");
        assert_eq!((port.direction, port.width, port.storage), (Some(Direction::Out), 130, 20));
        assert_eq!(one("VL_IN8(&neg,-1,-4);").width, 4);
        assert_eq!(one("VL_INOUT64(&q,33,0);").storage, 8);
        assert_eq!(one("double &rl;").kind, Kind::Real);
        assert_eq!(one("VlUnpacked<std::string, 2> &sarr;").dimensions, [2]);
    }

    #[test]
    fn only_the_section_of_ports_is_read() {
        let text = "VL_IN8(&x,0,0);\n// PORTS\n    VL_IN8(&clk,0,0);\n// CELLS\n    Vx* &y;\n";
        assert_eq!(parse(text).len(), 1);
    }
}
