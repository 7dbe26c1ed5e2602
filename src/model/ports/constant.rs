//! The constants of Verilator's trees: `32'sh8`, `4'bx1z0`, `1.5`, `"text"`.
//! It does not know whether one is a parameter, an enum value or a bound.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

/// A constant value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constant {
    /// Bits: the digits in hexadecimal, lower case, without leading zeros.
    Bits { width: u32, hex: String },
    /// Bits of which some are unknown, as written.
    Unknown { width: u32, text: String },
    /// A real number, or a text without its quotes.
    Text(String),
}

impl Constant {
    /// Reads a constant as XML has it.
    pub fn parse(text: &str) -> Constant {
        if let Some(inner) = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
            return Constant::Text(inner.to_owned());
        }
        let Some((width, digits)) = text.split_once('\'') else { return Constant::Text(text.to_owned()) };
        let width = width.parse().unwrap_or(32);
        let digits = digits.strip_prefix('s').unwrap_or(digits);
        match digits.strip_prefix('h') {
            Some(hex) if hex.bytes().all(|b| b.is_ascii_hexdigit()) => {
                Constant::Bits { width, hex: hex.trim_start_matches('0').to_owned() }
            }
            _ => Constant::Unknown { width, text: format!("{width}'{digits}") },
        }
    }

    /// Reads a constant as JSON has it: texts keep their escapes there.
    pub fn parse_escaped(text: &str) -> Constant {
        if text.starts_with("\\\"") { Constant::parse(&unescape(text)) } else { Constant::parse(text) }
    }

    /// The value for people and hosts: see `Parameter::value`.
    pub fn show(&self, width: u32, signed: bool) -> String {
        match self {
            Constant::Text(text) | Constant::Unknown { text, .. } => text.clone(),
            Constant::Bits { hex, .. } => match u64::from_str_radix(&format!("0{hex}"), 16) {
                Ok(value) if width <= 64 && signed => extended(value, width).to_string(),
                Ok(value) if width <= 64 => value.to_string(),
                _ => format!("0x{}", if hex.is_empty() { "0" } else { hex }),
            },
        }
    }

    /// The value of a bound.
    pub fn bound(&self) -> Option<i32> {
        self.show(32, true).parse().ok()
    }
}

/// The low `width` bits as a signed number.
fn extended(value: u64, width: u32) -> i64 {
    let unused = 64_u32.saturating_sub(width).min(63);
    ((value << unused) as i64) >> unused
}

/// Undoes the escapes of a C string.
pub fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match (c, if c == '\\' { rest.next() } else { None }) {
            ('\\', Some('n')) => plain.push('\n'),
            ('\\', Some('t')) => plain.push('\t'),
            ('\\', Some('r')) => plain.push('\r'),
            ('\\', Some(other)) => plain.push(other),
            _ => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_by_width_and_sign() {
        let show = |text: &str, width, signed| Constant::parse(text).show(width, signed);
        assert_eq!(show("32'sh8", 32, true), "8");
        assert_eq!(show("8'hfd", 8, true), "-3");
        assert_eq!(show("8'hfd", 8, false), "253");
        assert_eq!(show("64'hffffffffffffffff", 64, true), "-1");
        assert_eq!(show("80'hdeadbeefcafebabe1234", 80, false), "0xdeadbeefcafebabe1234");
        assert_eq!(show("1'h0", 1, false), "0");
        assert_eq!(show("4'bx1z0", 4, false), "4'bx1z0");
    }

    #[test]
    fn both_formats_give_the_same_text() {
        let text = Constant::Text("x\ny\\z\t\"q".into());
        assert_eq!(Constant::parse("\"x\ny\\z\t\"q\""), text);
        assert_eq!(Constant::parse_escaped(r#"\"x\ny\\z\t\"q\""#), text);
    }

    #[test]
    fn bounds_may_be_negative() {
        assert_eq!(Constant::parse("32'shfffffffc").bound(), Some(-4));
        assert_eq!(Constant::parse("32'h3").bound(), Some(3));
    }
}
