//! The tables of a wrapper: ports, parameters and types as C++ initializers.
//! It does not know the frame they are put into, except for the names of the gaps.

use super::text::c_text;
use crate::model::interface::{
    Direction, Interface, Item, Kind, Member, Parameter, Port, Range, Role, Shape, Type,
};

/// The tables by the name of the gap they fill.
pub fn of(interface: &Interface) -> Vec<(&'static str, String)> {
    let mut tables = Tables::default();
    for (index, port) in interface.ports.iter().enumerate() {
        tables.add_port(index, port, &format!("top.{}", port.cname));
    }
    let ports = std::mem::take(&mut tables.ports);
    for (index, probe) in interface.probes.iter().enumerate() {
        let place = format!("top.rootp->vlSymsp->{}", probe.cname);
        tables.add_port(interface.ports.len() + index, probe, &place);
    }
    interface.parameters.iter().for_each(|parameter| tables.add_parameter(parameter));
    interface.types.iter().for_each(|of| tables.add_type(of));
    vec![
        ("RANGES", tables.ranges.0),
        ("PORTS", ports),
        ("PROBES", tables.ports),
        ("PARAMS", tables.parameters),
        ("WORDS", tables.words.0),
        ("ITEMS", tables.items.0),
        ("MEMBERS", tables.members.0),
        ("TYPES", tables.types),
        ("BIND", tables.bind),
    ]
}

/// Text of lines, and how many there are.
#[derive(Default)]
struct Pool(String, usize);

impl Pool {
    fn push(&mut self, line: &str) {
        self.0.push_str(&format!("    {line},\n"));
        self.1 += 1;
    }
}

#[derive(Default)]
struct Tables {
    ranges: Pool,
    ports: String,
    parameters: String,
    words: Pool,
    items: Pool,
    members: Pool,
    types: String,
    bind: String,
}

impl Tables {
    /// Adds a port or probe, whose storage is at `place`.
    fn add_port(&mut self, index: usize, port: &Port, place: &str) {
        let packed = self.add_ranges(&port.packed);
        let unpacked = self.add_ranges(&port.unpacked);
        let storage = match port.kind.plain() {
            Some(plain) if plain.storage == 0 => format!("sizeof({})", plain.stored),
            _ => port.storage.to_string(),
        };
        let fields = [
            c_text(&port.name),
            c_text(&port.cname),
            direction(port.direction).to_owned(),
            kind(port.kind).to_owned(),
            port.width.to_string(),
            port.msb.to_string(),
            port.lsb.to_string(),
            flags(port),
            role(port.role).to_owned(),
            storage.clone(),
            port.words.to_string(),
            port.elements.to_string(),
            index_or_none(port.type_index),
            packed,
            unpacked,
        ];
        self.ports.push_str(&format!("    {{{}}},\n", fields.join(", ")));
        self.bind.push_str(&format!(
            "    static_assert(sizeof({place}) == {} * {storage}, \"storage\");\n    storage[{index}] = &{place};\n",
            port.elements
        ));
    }

    /// `count, &ranges[first]`.
    fn add_ranges(&mut self, ranges: &[Range]) -> String {
        let first = self.ranges.1;
        ranges.iter().for_each(|range| self.ranges.push(&format!("{{{}, {}}}", range.left, range.right)));
        format!("{}, &ranges[{first}]", ranges.len())
    }

    fn add_parameter(&mut self, parameter: &Parameter) {
        let Parameter { name, value, kind: of, width, signed } = parameter;
        let fields = [
            c_text(name),
            c_text(value),
            kind(*of).to_owned(),
            width.to_string(),
            u8::from(*signed).to_string(),
        ];
        self.parameters.push_str(&format!("    {{{}}},\n", fields.join(", ")));
    }

    fn add_type(&mut self, of: &Type) {
        let (first_item, first_member) = (self.items.1, self.members.1);
        let (kind, signed) = match &of.shape {
            Shape::Enum { signed, items } => {
                items.iter().for_each(|item| self.add_item(item, of.width));
                ("FUDSV_ENUM", *signed)
            }
            Shape::Struct { members } => {
                members.iter().for_each(|member| self.add_member(member));
                ("FUDSV_STRUCT", false)
            }
            Shape::Union { members } => {
                members.iter().for_each(|member| self.add_member(member));
                ("FUDSV_UNION", false)
            }
        };
        let items = format!("{}, &items[{first_item}]", self.items.1 - first_item);
        let members = format!("{}, &members[{first_member}]", self.members.1 - first_member);
        let (name, width, signed) = (c_text(&of.name), of.width, u8::from(signed));
        self.types.push_str(&format!("    {{{name}, {kind}, {width}, {signed}, {items}, {members}}},\n"));
    }

    fn add_item(&mut self, item: &Item, width: u32) {
        let first = self.words.1;
        let words = words_of(&item.value, width);
        words.iter().for_each(|word| self.words.push(&format!("{word:#x}")));
        self.items.push(&format!("{{{}, &words[{first}], {}}}", c_text(&item.name), words.len()));
    }

    fn add_member(&mut self, member: &Member) {
        let Member { name, lsb, width, signed, type_index } = member;
        let (name, signed, of) = (c_text(name), u8::from(*signed), index_or_none(*type_index));
        self.members.push(&format!("{{{name}, {lsb}, {width}, {signed}, {of}}}"));
    }
}

pub fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "FUDSV_IN",
        Direction::Out => "FUDSV_OUT",
        Direction::Inout => "FUDSV_INOUT",
        Direction::Probe => "FUDSV_PROBE",
    }
}

fn kind(kind: Kind) -> &'static str {
    kind.plain().map_or("FUDSV_BITS", |plain| plain.constant)
}

fn role(role: Option<Role>) -> &'static str {
    match role {
        None => "FUDSV_NO_ROLE",
        Some(Role::Clock) => "FUDSV_CLOCK",
        Some(Role::ResetHigh) => "FUDSV_RESET_HIGH",
        Some(Role::ResetLow) => "FUDSV_RESET_LOW",
    }
}

fn flags(port: &Port) -> String {
    let all = [
        ("FUDSV_PORT_SIGNED", port.signed),
        ("FUDSV_PORT_ASCENDING", port.ascending),
        ("FUDSV_PORT_SETTABLE", port.direction == Direction::In),
    ];
    let set: Vec<_> = all.iter().filter(|(_, holds)| *holds).map(|(flag, _)| *flag).collect();
    if set.is_empty() { "0".to_owned() } else { set.join(" | ") }
}

fn index_or_none(index: Option<usize>) -> String {
    index.map_or("-1".to_owned(), |index| index.to_string())
}

/// The words of a value as `Parameter::value` writes it; unknown bits are 0.
fn words_of(value: &str, width: u32) -> Vec<u32> {
    let count = width.div_ceil(32).max(1) as usize;
    let mut words = vec![0; count];
    if let Some(hex) = value.strip_prefix("0x") {
        let digits = hex.bytes().rev().filter_map(|digit| char::from(digit).to_digit(16));
        for (at, digit) in digits.enumerate().take(count * 8) {
            words[at / 8] |= digit << (at % 8 * 4);
        }
    } else if let Ok(number) = value.parse::<i128>() {
        let mask = if width >= 64 { u64::MAX } else { (1 << width) - 1 };
        let bits = number as u64 & mask;
        words[0] = bits as u32;
        if count > 1 {
            words[1] = (bits >> 32) as u32;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_words_of_their_width() {
        assert_eq!(words_of("5", 3), [5]);
        assert_eq!(words_of("-1", 3), [7]);
        assert_eq!(words_of("-1", 64), [u32::MAX, u32::MAX]);
        assert_eq!(words_of("0xdeadbeefcafebabe1234", 80), [0xbabe_1234, 0xbeef_cafe, 0xdead]);
        assert_eq!(words_of("4'b1x0z", 4), [0]);
    }
}
