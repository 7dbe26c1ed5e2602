//! The order of the members of a generated class. Verilator sorts them by size and by place in the design, so one more
//! moves all that follow, and everything that was compiled with them. Here a member has a place by its name.
//! It does not know which files use a class.
//!
//! The places depend on the members alone, never on earlier builds, so the same design gives the same objects everywhere.

use crate::digest::{Digest, KeyHasher};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A generated class, and its header with the members in another order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Laid {
    /// The name of the class.
    pub class: String,
    /// The whole header.
    pub text: String,
    /// What a file that names a member depends on: its type and where it is. Members whose size only a compiler knows come
    /// last, so a file that names one depends on all of these and on where they begin.
    pub members: BTreeMap<String, String>,
    /// What the size of the class depends on.
    pub size: String,
    /// Of what is before the members and after them.
    pub rest: Digest,
    /// C++ that does not compile if a member is not where `members` has it.
    pub check: String,
}

/// A member whose size is known.
struct Member<'a> {
    name: &'a str,
    /// As it stands in the header.
    line: &'a str,
    /// Without the comments of Verilator.
    kind: String,
    /// In bytes.
    size: u64,
    /// In bytes.
    align: u64,
}

/// Lays out the class of a header; nothing if the header is not in the form that Verilator gives to classes of modules.
pub fn lay_out(header: &str) -> Option<Laid> {
    let (head, rest) = header.split_once("    // DESIGN SPECIFIC STATE\n")?;
    let (state, rest) = rest.split_once("\n    // INTERNAL VARIABLES\n")?;
    let (internal, tail) = rest.split_once("\n\n")?;
    if tail.contains("// DESIGN SPECIFIC STATE") || !is_public(head) {
        return None;
    }
    let class = class_of(head)?;
    let (mut known, mut unknown) = (vec![], vec![]);
    for line in state.lines().map(str::trim) {
        if line.is_empty() || line.starts_with("//") || ["struct {", "};"].contains(&line) {
            continue;
        }
        match member(line) {
            Some(member) => known.push(member),
            None => unknown.push((line, declared(line)?)),
        }
    }
    let mut places = Places::default();
    places.lay(&known);
    let mut text = format!("{head}    // INTERNAL VARIABLES\n{internal}\n\n    // DESIGN SPECIFIC STATE\n");
    text.push_str(&places.text);
    unknown.iter().for_each(|(line, _)| text.extend(["    ", line, "\n"]));
    text.extend(["\n", tail]);
    let mut rest = KeyHasher::new();
    rest.field("head", head).field("internal", internal).field("tail", tail);
    // What comes last is where all that is before it ends.
    let before_last: String = unknown.iter().map(|(line, _)| format!("{line} ")).collect();
    let last = format!("{before_last}at {}", places.end);
    let mut members = places.members;
    members.extend(unknown.iter().map(|(_, name)| ((*name).to_owned(), last.clone())));
    Some(Laid {
        check: places.check.replace("CLASS", class),
        class: class.to_owned(),
        text,
        members,
        size: last,
        rest: rest.finish(),
    })
}

/// Whether what follows is public: cells may stand between.
fn is_public(head: &str) -> bool {
    let is_access = |line: &&str| ["public:", "protected:", "private:"].contains(line);
    head.lines().map(str::trim).rfind(is_access) == Some("public:")
}

/// `class Vtop___024root final : public VerilatedModule {`, or with `alignas(…)` before the name.
fn class_of(head: &str) -> Option<&str> {
    let mut lines = head.lines().filter(|line| line.starts_with("class ") && line.ends_with('{'));
    let (line, None) = (lines.next()?, lines.next()) else { return None };
    let words: Vec<_> = line.split_whitespace().collect();
    let at = words.iter().position(|word| *word == "final")?;
    Some(words.get(at.checked_sub(1)?)?)
}

/// `CData/*7:0*/ name;` or `VL_IN8(name,7,0);`; nothing for other types.
fn member(line: &str) -> Option<Member<'_>> {
    let declared = line.strip_suffix(';')?;
    let (kind, name) = match declared.strip_prefix("VL_") {
        Some(port) => port_member(port)?,
        None => {
            let (kind, name) = declared.rsplit_once(' ')?;
            (without_comments(kind)?, name)
        }
    };
    let (size, align) = size_of(&kind)?;
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_').then_some(())?;
    Some(Member { name, line, kind, size, align })
}

/// `IN8(clk,0,0)` or `OUTW(sum,95,0,3)`, which follow `VL_`.
fn port_member(port: &str) -> Option<(String, &str)> {
    let (direction, arguments) = port.strip_suffix(')')?.split_once('(')?;
    let bits = ["INOUT", "IN", "OUT"].iter().find_map(|word| direction.strip_prefix(word))?;
    let mut arguments = arguments.split(',');
    let name = arguments.next()?;
    let kind = match bits {
        "8" => "CData".to_owned(),
        "16" => "SData".to_owned(),
        "" => "IData".to_owned(),
        "64" => "QData".to_owned(),
        "W" => format!("VlWide<{}>", arguments.nth(2)?),
        _ => return None,
    };
    Some((kind, name))
}

/// The text without `/*…*/`.
fn without_comments(text: &str) -> Option<String> {
    let mut plain = String::new();
    let mut left = text;
    while let Some((before, rest)) = left.split_once("/*") {
        plain.push_str(before);
        left = rest.split_once("*/")?.1;
    }
    Some(plain + left)
}

/// Size and alignment in bytes of the types that Verilator's headers define as plain data.
fn size_of(kind: &str) -> Option<(u64, u64)> {
    let scalar = match kind.trim() {
        "CData" => 1,
        "SData" => 2,
        "IData" => 4,
        "QData" => 8,
        other => return array_size(other),
    };
    Some((scalar, scalar))
}

fn array_size(kind: &str) -> Option<(u64, u64)> {
    let (template, arguments) = kind.strip_suffix('>')?.split_once('<')?;
    match template {
        "VlWide" => Some((arguments.trim().parse::<u64>().ok()?.checked_mul(4)?, 4)),
        "VlUnpacked" => {
            let (of, count) = arguments.rsplit_once(',')?;
            let (size, align) = size_of(of)?;
            Some((size.checked_mul(count.trim().parse().ok()?)?, align))
        }
        _ => None,
    }
}

/// The name in a declaration of one variable on one line; nothing for anything else.
fn declared(line: &str) -> Option<&str> {
    let declaration = line.strip_suffix(';')?;
    let (_, name) = declaration.split(['=', '{']).next()?.trim_end().rsplit_once(' ')?;
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (plain && !name.is_empty() && !declaration.contains('(')).then_some(name)
}

/// So many slots are one anonymous structure: a multiple of eight bytes of every type, and fewer members than compilers
/// had trouble with.
const SLOTS: usize = 64;

/// What is laid out so far.
#[derive(Default)]
struct Places {
    text: String,
    members: BTreeMap<String, String>,
    check: String,
    /// Bytes so far.
    end: u64,
    /// The first member, from which all are measured.
    first: String,
}

impl Places {
    /// Tables of scalars, then everything larger. Types of high alignment come first, so nothing is filled up between.
    fn lay(&mut self, members: &[Member]) {
        let scalar = |member: &&Member| member.size == member.align;
        for size in [8, 4, 2, 1] {
            let of_size: Vec<_> =
                members.iter().filter(scalar).filter(|member| member.size == size).collect();
            self.table(size, &of_size);
        }
        let mut larger: Vec<_> = members.iter().filter(|member| !scalar(member)).collect();
        // What Verilator adds comes and goes with edits.
        let added = |name: &str| name.starts_with("__V") || name.contains("__DOT____V");
        larger.sort_by_key(|member| (std::cmp::Reverse(member.align), added(member.name)));
        for member in larger {
            let _ = writeln!(self.text, "    {}", member.line);
            self.place(member, true);
            self.end += member.size;
        }
    }

    /// A table of members of one size, two fifths of it empty or more. Its length seldom changes, so there is one even
    /// without members.
    fn table(&mut self, size: u64, members: &[&Member]) {
        let slots = slots(members);
        let last = slots.iter().rposition(Option::is_some);
        let first = slots.iter().position(Option::is_some);
        for (chunk, part) in slots.chunks(SLOTS).enumerate() {
            self.text.push_str("    struct alignas(8) {\n");
            let mut gap = 0;
            for (index, slot) in part.iter().enumerate() {
                let at = chunk * SLOTS + index;
                match slot {
                    Some(member) => {
                        self.gap(size, at, &mut gap);
                        let _ = writeln!(self.text, "        {}", member.line);
                        self.place(member, Some(at) == first || Some(at) == last);
                    }
                    None => gap += 1,
                }
                self.end += size;
            }
            self.gap(size, (chunk + 1) * SLOTS, &mut gap);
            self.text.push_str("    };\n");
        }
    }

    /// The empty slots before a slot.
    fn gap(&mut self, size: u64, before: usize, slots: &mut usize) {
        if *slots > 0 {
            let kind = match size {
                8 => "QData",
                4 => "IData",
                2 => "SData",
                _ => "CData",
            };
            let _ = writeln!(self.text, "        {kind} __Vgap_{size}_{before}[{slots}];");
            *slots = 0;
        }
    }

    /// Notes where a member is: at the end of what is laid out.
    fn place(&mut self, member: &Member, check: bool) {
        let at = self.end;
        self.members.insert(member.name.to_owned(), format!("{} at {at}", member.kind));
        if self.first.is_empty() {
            // Relative to the first, which the text before the members places.
            self.first = format!("offsetof(CLASS, {}) - {at}", member.name);
        }
        if check {
            let (name, size, first) = (member.name, member.size, &self.first);
            let _ = writeln!(
                self.check,
                "static_assert(sizeof(CLASS::{name}) == {size} && offsetof(CLASS, {name}) == {first} + {at}, \"{name} is elsewhere\");"
            );
        }
    }
}

/// Each member at the slot that a hash of its name says, or at the next that is free. Of two that want one slot, the one
/// with the lower hash has it, whatever order they come in; so another member moves one or two.
fn slots<'a>(members: &[&'a Member<'a>]) -> Vec<Option<&'a Member<'a>>> {
    let length = (members.len() * 5 / 3).next_power_of_two().max(8);
    let mut table: Vec<Option<(u64, &Member)>> = vec![None; length];
    for member in members {
        let mut held = (hash(member.name), *member);
        let mut at = held.0 as usize % length;
        while let Some(there) = table.get_mut(at).and_then(|slot| match slot {
            Some(there) => Some(there),
            none => {
                *none = Some(held);
                None
            }
        }) {
            if (there.0, there.1.name) > (held.0, held.1.name) {
                std::mem::swap(there, &mut held);
            }
            at = (at + 1) % length;
        }
    }
    table.into_iter().map(|slot| slot.map(|(_, member)| member)).collect()
}

fn hash(name: &str) -> u64 {
    let digest = Digest::of_bytes(name.as_bytes());
    digest.as_bytes().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(members: &str) -> String {
        format!(
            "#include \"verilated.h\"

class Va__Syms;

class alignas(VL_CACHE_LINE_BYTES) Va___024root final {{
  public:

    // DESIGN SPECIFIC STATE
    // Anonymous structures to workaround compiler member-count bugs
    struct {{
{members}    }};
    VlTriggerVec<2> __VactTriggered;

    // INTERNAL VARIABLES
    Va__Syms* vlSymsp;

    // CONSTRUCTORS
    ~Va___024root();
}};
"
        )
    }

    fn scalars(count: usize) -> String {
        (0..count).map(|n| format!("        CData/*0:0*/ a__DOT__x{n};\n")).collect()
    }

    #[test]
    fn every_member_has_a_place_and_what_only_compilers_can_size_comes_last() {
        let members = "        VL_IN8(clk,0,0);
        VL_OUTW(sum,95,0,3);
        IData/*31:0*/ a__DOT__word;
        VlUnpacked<QData/*40:0*/, 3> a__DOT__wide;
        VlUnpacked<VlUnpacked<SData/*9:0*/, 2>, 5> a__DOT__deep;
        std::string a__DOT__text;
";
        let laid = lay_out(&header(members)).unwrap();
        let state = laid.text.split("// DESIGN SPECIFIC STATE\n").nth(1).unwrap();
        let expected = "    struct alignas(8) {
        QData __Vgap_8_64[8];
    };
    struct alignas(8) {
        IData __Vgap_4_6[6];
        IData/*31:0*/ a__DOT__word;
        IData __Vgap_4_64[1];
    };
    struct alignas(8) {
        SData __Vgap_2_64[8];
    };
    struct alignas(8) {
        CData __Vgap_1_1[1];
        VL_IN8(clk,0,0);
        CData __Vgap_1_64[6];
    };
    VlUnpacked<QData/*40:0*/, 3> a__DOT__wide;
    VL_OUTW(sum,95,0,3);
    VlUnpacked<VlUnpacked<SData/*9:0*/, 2>, 5> a__DOT__deep;
    std::string a__DOT__text;
    VlTriggerVec<2> __VactTriggered;

    // CONSTRUCTORS
    ~Va___024root();
};
";
        assert_eq!(state, expected);
        assert!(laid.text.find("vlSymsp").unwrap() < laid.text.find("// DESIGN SPECIFIC STATE").unwrap());
        assert_eq!(laid.class, "Va___024root");
        let place = |name: &str| laid.members[name].as_str();
        assert_eq!(place("a__DOT__wide"), "VlUnpacked<QData, 3> at 120");
        assert_eq!(place("a__DOT__deep"), "VlUnpacked<VlUnpacked<SData, 2>, 5> at 156");
        assert_eq!(
            place("__VactTriggered"),
            "std::string a__DOT__text; VlTriggerVec<2> __VactTriggered; at 176"
        );
        assert_eq!(laid.check.matches("static_assert").count(), 5);
    }

    #[test]
    fn one_member_more_moves_few_and_the_order_of_the_header_moves_none() {
        let many = lay_out(&header(&scalars(300))).unwrap();
        let more = lay_out(&header(&format!("        CData/*0:0*/ a__DOT__new;\n{}", scalars(300)))).unwrap();
        let moved = many.members.iter().filter(|(name, place)| more.members[*name] != **place).count();
        assert!(moved <= 6, "{moved}");
        let reversed: String = scalars(300).lines().rev().map(|line| format!("{line}\n")).collect();
        assert_eq!(lay_out(&header(&reversed)).unwrap(), many);
    }

    #[test]
    fn a_header_in_another_form_is_left_alone() {
        let plain = header(&scalars(2));
        for (text, other) in [
            ("        CData/*0:0*/ a__DOT__x1;", "        void f();"),
            ("    struct {", "    union {"),
            ("// INTERNAL VARIABLES", "// VARIABLES"),
            (" final {", " {"),
            ("~Va___024root();", "~Va___024root();\n    // DESIGN SPECIFIC STATE"),
        ] {
            assert!(plain.contains(text), "{text}");
            assert_eq!(lay_out(&plain.replace(text, other)), None, "{other}");
        }
    }
}
