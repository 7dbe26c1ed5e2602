//! What a generated source sees of the generated headers: all of them, or the members of classes that it names and where
//! these are. A source whose digest is the same has the same object, whatever else changed in a class.
//! It does not know how members are laid out, or how sources are divided into units.

use super::layout::{Laid, lay_out};
use crate::digest::{Digest, KeyHasher};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The headers of a model.
pub struct Headers {
    /// The classes whose members were laid out, by the name of the header.
    pub laid: BTreeMap<String, Laid>,
    /// Of all headers as Verilator wrote them.
    pub whole: Digest,
    /// Of the headers that were not laid out.
    others: Digest,
    /// What is in the class of symbols behind an object of a class, and so elsewhere if that grows.
    behind: HashSet<String>,
    /// The names of the laid classes and of the class of symbols.
    classes: HashSet<String>,
}

impl Headers {
    /// Takes headers by their names. With `lay`, classes of modules are laid out.
    pub fn new(texts: &BTreeMap<String, String>, prefix: &str, lay: bool) -> Headers {
        let symbols = format!("{prefix}__Syms");
        let behind = texts.get(&format!("{symbols}.h")).and_then(|text| behind(text));
        let mut laid = BTreeMap::new();
        if lay && behind.is_some() {
            let all = texts.iter().filter_map(|(name, text)| Some((name.clone(), lay_out(text)?)));
            laid.extend(all.filter(|(name, laid)| points_only(texts, name, &laid.class, &symbols)));
        }
        let digest = |keep: &dyn Fn(&String) -> bool| {
            let mut key = KeyHasher::new();
            for (name, text) in texts.iter().filter(|(name, _)| keep(name)) {
                key.field(name, text);
            }
            key.finish()
        };
        let whole = digest(&|_| true);
        let others = digest(&|name| !laid.contains_key(name));
        let mut classes: HashSet<String> = laid.values().map(|laid| laid.class.clone()).collect();
        classes.insert(symbols);
        Headers { whole, others, behind: behind.unwrap_or_default(), classes, laid }
    }

    /// The digest of what a source of this text sees, and whether that is everything.
    pub fn seen_by(&self, text: &str) -> (Digest, bool) {
        if self.laid.is_empty() || identifiers(text).any(|(word, rest)| self.sees_all(word, rest)) {
            return (self.whole, true);
        }
        let named: BTreeSet<&str> = identifiers(text).map(|(word, _)| word).collect();
        let mut key = KeyHasher::new();
        key.field("others", self.others.as_bytes());
        let sees_sizes = named.iter().any(|name| self.behind.contains(*name));
        for (header, laid) in &self.laid {
            key.field(header, laid.rest.as_bytes());
            if sees_sizes {
                key.field("size", &laid.size);
            }
            for (name, place) in named.iter().filter_map(|name| laid.members.get_key_value(*name)) {
                key.field(name, place);
            }
        }
        (key.finish(), false)
    }

    /// Whether a source with this word sees everything: code that depends on the size of a class, or names a class
    /// otherwise than to point to it.
    fn sees_all(&self, word: &str, rest: &str) -> bool {
        NEEDS_SIZE.contains(&word)
            || self.classes.contains(word) && !points(rest) && !rest.starts_with(".h\"")
    }

    /// C++ that does not compile if a member is elsewhere than this says.
    pub fn check(&self) -> String {
        self.laid.values().map(|laid| laid.check.as_str()).collect()
    }
}

/// With these, code depends on the size of what it has a pointer to.
const NEEDS_SIZE: [&str; 9] =
    ["sizeof", "new", "delete", "alignof", "decltype", "offsetof", "typeid", "make_unique", "make_shared"];

/// Whether all headers except the class itself and the class of symbols only point to a class.
fn points_only(texts: &BTreeMap<String, String>, own: &str, class: &str, symbols: &str) -> bool {
    let others = texts.iter().filter(|(name, _)| *name != own && **name != format!("{symbols}.h"));
    let mut uses = others.flat_map(|(_, text)| identifiers(text)).filter(|(word, _)| *word == class);
    // `class Vtop___024root;` or `#include "Vtop___024root.h"`
    uses.all(|(_, rest)| points(rest) || rest.starts_with([';', '.']))
}

fn points(after: &str) -> bool {
    after.trim_start().starts_with('*')
}

/// The members of the class of symbols behind its first object of a module: `Vtop___024root TOP;`. Nothing if there is none.
fn behind(symbols: &str) -> Option<HashSet<String>> {
    let (_, objects) = symbols.split_once("    // MODULE INSTANCE STATE\n")?;
    let (objects, _) = objects.split_once("    // CONSTRUCTORS\n")?;
    let (first, rest) = objects.split_once('\n')?;
    first.trim_end().ends_with(" TOP;").then_some(())?;
    // The types before them are named in every file.
    let declarations = rest.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    let names = declarations.map(|line| {
        let words: Vec<&str> = identifiers(line).map(|(word, _)| word).collect();
        words.get(1..).map(|names| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
    });
    Some(names.collect::<Option<Vec<_>>>()?.concat().into_iter().collect())
}

/// Each word of C++ with what follows it.
fn identifiers(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let mut left = text;
    std::iter::from_fn(move || {
        let start = left.bytes().position(|byte| is_word(&byte))?;
        let (_, from) = left.split_at_checked(start)?;
        let length = from.bytes().position(|byte| !is_word(&byte)).unwrap_or(from.len());
        let (word, rest) = from.split_at_checked(length)?;
        left = rest;
        Some((word, rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SYMS: &str = "class Va__Syms final {
    // INTERNAL STATE
    Va* const __Vm_modelp;

    // MODULE INSTANCE STATE
    Va___024root TOP;
    VerilatedScope __Vscope_a;

    // CONSTRUCTORS
    ~Va__Syms();
};
";

    fn headers(members: &str) -> BTreeMap<String, String> {
        let root = format!(
            "class Va___024root final {{
  public:

    // DESIGN SPECIFIC STATE
{members}
    // INTERNAL VARIABLES
    Va__Syms* vlSymsp;

    // CONSTRUCTORS
}};
"
        );
        let class = "class Va___024root;\nclass Va { Va___024root* const rootp; };\n".to_owned();
        [("Va.h", class), ("Va___024root.h", root), ("Va__Syms.h", SYMS.to_owned())]
            .map(|(name, text)| (name.to_owned(), text))
            .into()
    }

    const BEFORE: &str = "    CData/*0:0*/ x;\n    CData/*0:0*/ y;\n";
    const AFTER: &str = "    CData/*0:0*/ x;\n    SData/*8:0*/ y;\n";

    /// Whether a source of this text is compiled again when `y` gets another type.
    fn changes(text: &str) -> bool {
        let seen = |members| Headers::new(&headers(members), "Va", true).seen_by(text);
        assert_eq!(seen(BEFORE), seen(BEFORE));
        seen(BEFORE) != seen(AFTER)
    }

    #[test]
    fn a_source_sees_the_members_that_it_names() {
        let function = |body: &str| format!("void Va___024root___nba(Va___024root* vlSelf) {{ {body} }}\n");
        assert!(!changes(&function("vlSelf->x = 1U;")));
        assert!(changes(&function("vlSelf->y = 1U;")));
        assert!(changes(&function("vlSelf->vlSymsp->TOP.y = 1U;")));
        // `z` is not a member.
        assert!(!changes(&function("CData z; vlSelf->x = z;")));
    }

    #[test]
    fn a_source_that_depends_on_the_size_of_a_class_sees_everything() {
        for text in [
            "Va___024root::Va___024root() {}",
            "void f(Va___024root& root);",
            "int n = sizeof(*vlSelf);",
            "auto* p = new Thing;",
            "Va__Syms symbols;",
        ] {
            assert!(changes(text), "{text}");
        }
        assert!(!changes("#include \"Va___024root.h\"\nVa__Syms* const s = vlSelf->vlSymsp; s->TOP.x = 1U;"));
    }

    #[test]
    fn a_source_that_names_what_is_behind_a_class_sees_its_size() {
        let scope = "vlSymsp->__Vscope_a.x();";
        assert!(!changes(scope));
        let larger: String = (0..20).map(|n| format!("    CData/*0:0*/ x{n};\n")).collect();
        let seen = |members: &str, text| Headers::new(&headers(members), "Va", true).seen_by(text);
        assert_ne!(seen(&larger, scope), seen(BEFORE, scope));
        assert_eq!(seen(&larger, "vlSymsp->TOP"), seen(BEFORE, "vlSymsp->TOP"));
        assert_ne!(seen("    std::string x;\n", scope), seen(BEFORE, scope));
    }

    #[test]
    fn a_class_that_another_header_contains_keeps_its_order() {
        let mut texts = headers(BEFORE);
        assert_eq!(Headers::new(&texts, "Va", true).laid.len(), 1);
        assert_eq!(Headers::new(&texts, "Va", false).laid.len(), 0);
        texts.insert("Va_b.h".into(), "class Va_b { Va___024root inner; };\n".into());
        assert_eq!(Headers::new(&texts, "Va", true).laid.len(), 0);
    }

    #[test]
    fn another_header_changes_every_source() {
        let mut texts = headers(BEFORE);
        let before = Headers::new(&texts, "Va", true).seen_by("vlSelf->x");
        texts.insert("Va__types.h".into(), "struct T {};\n".into());
        assert_ne!(Headers::new(&texts, "Va", true).seen_by("vlSelf->x"), before);
    }
}
