//! Ports of the top module that a model does not have, or has only in part, as far as a light scan is sure of them.
//! It does not know macros, conditions or included files: where one of these could matter, it reports nothing.

use super::outline::{line_end, tokens};
use std::collections::HashMap;

/// What is odd about a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// An interface, with or without a modport.
    Interface,
    /// `ref` or `const ref`.
    Ref,
    /// A pointer of C.
    Chandle,
    /// A named event.
    Event,
    /// Driven from both sides.
    Inout,
}

/// An odd port of the top module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OddPort {
    /// The top module.
    pub module: String,
    /// Its name.
    pub name: String,
    /// What is odd about it.
    pub oddity: Oddity,
    /// Position of its source.
    pub source: usize,
    /// Where its name begins in that source, in bytes.
    pub offset: usize,
}

/// The odd ports of the top module, in order. Without the name of the top it is the only module that no other uses.
pub fn odd_ports(sources: &[&str], top: Option<&str>) -> Vec<OddPort> {
    let files: Vec<File> = sources.iter().map(|text| File::of(text)).collect();
    let mut modules = vec![];
    for (source, file) in files.iter().enumerate() {
        modules.extend(file.modules().map(|at| (source, at)));
    }
    let name = |(source, at): (usize, usize)| files[source].words.get(at).map(|word| word.text);
    let of_name = |top: &str| modules.iter().copied().filter(|at| name(*at) == Some(top)).collect::<Vec<_>>();
    let found = match top {
        Some(top) => of_name(top),
        None if files.iter().any(|file| file.is_veiled) => return vec![],
        None => {
            let mut uses: HashMap<&str, usize> = HashMap::new();
            files.iter().flat_map(File::uses).for_each(|name| *uses.entry(name).or_default() += 1);
            let is_unused = |at: &(usize, usize)| name(*at).is_none_or(|name| uses.get(name) == Some(&1));
            modules.iter().copied().filter(is_unused).collect()
        }
    };
    let [(source, at)] = found[..] else { return vec![] };
    let interfaces: Vec<&str> = files.iter().flat_map(File::interfaces).collect();
    files[source].ports(at, source, &interfaces).unwrap_or_default()
}

/// The names of the modules of a source, in order.
pub fn modules(source: &str) -> Vec<String> {
    let file = File::of(source);
    file.modules().map(|at| file.text(at).to_owned()).filter(|name| is_name(name)).collect()
}

/// The names of the parameters of the modules of a source, in order.
pub fn parameters(source: &str) -> Vec<String> {
    let file = File::of(source);
    let mut names = vec![];
    let mut is_inside = false;
    for at in 0..file.words.len() {
        match file.text(at) {
            "parameter" => is_inside = true,
            "localparam" | ";" => is_inside = false,
            "=" if is_inside && at > 0 && is_name(file.text(at - 1)) => {
                names.push(file.text(at - 1).to_owned());
            }
            _ => {}
        }
    }
    names
}

/// A word of a source; bodies of macros are left out.
#[derive(Clone, Copy)]
struct Word<'s> {
    text: &'s str,
    offset: usize,
    /// Whether it stands under no condition, so that Verilator reads it too.
    is_sure: bool,
}

struct File<'s> {
    words: Vec<Word<'s>>,
    /// Whether macros, included files or escaped names may hide which modules use which.
    is_veiled: bool,
}

impl<'s> File<'s> {
    fn of(source: &'s str) -> File<'s> {
        const PLAIN: [&str; 6] =
            ["`timescale", "`default_nettype", "`resetall", "`ifndef", "`define", "`endif"];
        let mut words: Vec<Word> = vec![];
        let mut conditions: Vec<bool> = vec![];
        // How many of them are not guards.
        let mut unsure = 0_usize;
        let (mut body_end, mut is_veiled) = (0, false);
        let all = tokens(source);
        let offset = |token: &str| token.as_ptr() as usize - source.as_ptr() as usize;
        for (at, text) in all.iter().enumerate() {
            if offset(text) < body_end {
                continue;
            }
            is_veiled |= text.starts_with('\\') || text.starts_with('`') && !PLAIN.contains(text);
            match *text {
                "`define" => body_end = line_end(source, offset(text)),
                "`ifndef" | "`ifdef" => {
                    conditions.push(is_guard(&all, at));
                    unsure += usize::from(!is_guard(&all, at));
                }
                "`else" | "`elsif" => {
                    let guard = conditions.last_mut().filter(|guard| **guard);
                    unsure += usize::from(guard.map(|guard| *guard = false).is_some());
                }
                "`endif" => unsure -= usize::from(conditions.pop() == Some(false)),
                // Other words are keywords from here on.
                "`begin_keywords" => {
                    conditions.push(false);
                    unsure += 1;
                }
                _ => {}
            }
            let is_sure = unsure == 0;
            is_veiled |= !is_sure;
            words.push(Word { text, offset: offset(text), is_sure });
        }
        File { words, is_veiled }
    }

    /// Positions of the names of modules.
    fn modules(&self) -> impl Iterator<Item = usize> {
        self.after(&["module", "macromodule", "program"])
    }

    /// The names of interfaces that are surely declared here.
    fn interfaces(&self) -> impl Iterator<Item = &'s str> {
        let names = self.after(&["interface"]).filter_map(|at| self.words.get(at));
        names.filter(|name| name.is_sure && is_name(name.text)).map(|name| name.text)
    }

    /// Where a name follows one of these words.
    fn after(&self, keywords: &[&str]) -> impl Iterator<Item = usize> {
        let lifetime = |at: &usize| ["static", "automatic"].contains(&self.text(*at));
        let found = (0..self.words.len()).filter(move |at| keywords.contains(&self.text(*at)));
        found.map(move |at| if lifetime(&(at + 1)) { at + 2 } else { at + 1 })
    }

    /// All words but labels of an end.
    fn uses(&self) -> impl Iterator<Item = &'s str> {
        let is_label = |at: usize| at > 1 && self.text(at - 1) == ":" && self.text(at - 2).starts_with("end");
        (0..self.words.len()).filter(move |at| !is_label(*at)).map(|at| self.text(at))
    }

    fn text(&self, at: usize) -> &'s str {
        self.words.get(at).map_or("", |word| word.text)
    }

    /// The odd ports of the module whose name is at this position; `None` where the scan cannot be sure.
    fn ports(&self, name: usize, source: usize, interfaces: &[&str]) -> Option<Vec<OddPort>> {
        let mut at = name + 1;
        while self.text(at) == "import" {
            at = (at..self.words.len()).find(|at| self.text(*at) == ";")? + 1;
        }
        if self.text(at) == "#" {
            at = self.close(at + 1)? + 1;
        }
        let end = self.close(at)?;
        let head = &self.words[name..=end];
        if head.iter().any(|word| !word.is_sure || word.text.starts_with(['`', '\\'])) {
            return None;
        }
        let mut odd = vec![];
        let mut is_inout = false;
        for item in items(&self.words[at + 1..end]) {
            let texts: Vec<&str> = item.iter().map(|word| word.text).collect();
            let is_same = is_inout && !starts_anew(&texts);
            let oddity = oddity(&texts, interfaces).or(is_same.then_some(Oddity::Inout));
            is_inout = oddity == Some(Oddity::Inout);
            if let (Some(oddity), Some(port)) = (oddity, port_name(item)) {
                let (module, name) = (self.text(name).to_owned(), port.text.to_owned());
                odd.push(OddPort { module, name, oddity, source, offset: port.offset });
            }
        }
        Some(odd)
    }

    /// The position of the parenthesis that closes the one at this position.
    fn close(&self, open: usize) -> Option<usize> {
        if self.text(open) != "(" {
            return None;
        }
        let mut depth = 0_usize;
        for at in open..self.words.len() {
            match self.text(at) {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(at);
            }
        }
        None
    }
}

/// Whether the condition at this position is the guard against a second reading: `` `ifndef X `define X `` at the start.
fn is_guard(tokens: &[&str], at: usize) -> bool {
    at == 0 && tokens.len() > 3 && tokens[0] == "`ifndef" && tokens[2] == "`define" && tokens[1] == tokens[3]
}

/// What stands between the commas.
fn items<'w, 's>(ports: &'w [Word<'s>]) -> Vec<&'w [Word<'s>]> {
    let mut depth = 0_i32;
    let is_comma = |word: &Word| {
        depth += i32::from(["(", "[", "{"].contains(&word.text));
        depth -= i32::from([")", "]", "}"].contains(&word.text));
        depth == 0 && word.text == ","
    };
    ports.split(is_comma).collect()
}

/// Whether an item says what it is, instead of being another port like the one before.
fn starts_anew(item: &[&str]) -> bool {
    const FIRST: [&str; 6] = ["input", "output", "inout", "ref", "const", "interface"];
    item.first().is_none_or(|first| FIRST.contains(first) || !is_name(first))
}

fn oddity(item: &[&str], interfaces: &[&str]) -> Option<Oddity> {
    match item {
        ["ref", _, ..] | ["const", "ref", ..] => Some(Oddity::Ref),
        ["interface", _, ..] => Some(Oddity::Interface),
        [of, ".", modport, name, ..] if [of, modport, name].iter().all(|word| is_name(word)) => {
            Some(Oddity::Interface)
        }
        [of, name, ..] if interfaces.contains(of) && is_name(name) => Some(Oddity::Interface),
        ["input" | "output" | "inout", rest @ ..] => {
            let inout = (item[0] == "inout").then_some(Oddity::Inout);
            let rest = rest.strip_prefix(&["var"]).unwrap_or(rest);
            match rest {
                ["chandle", name, ..] if is_name(name) => Some(Oddity::Chandle),
                ["event", name, ..] if is_name(name) => Some(Oddity::Event),
                _ => inout,
            }
        }
        _ => None,
    }
}

/// The last name outside of brackets, before a default.
fn port_name<'w, 's>(item: &'w [Word<'s>]) -> Option<&'w Word<'s>> {
    let mut depth = 0_i32;
    let mut name = None;
    for word in item.iter().take_while(|word| word.text != "=") {
        depth += i32::from(word.text == "[") - i32::from(word.text == "]");
        if depth == 0 && is_name(word.text) {
            name = Some(word);
        }
    }
    name
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(sources: &[&str], top: Option<&str>) -> Vec<(String, Oddity)> {
        odd_ports(sources, top).into_iter().map(|port| (port.name, port.oddity)).collect()
    }

    fn one(name: &str, oddity: Oddity) -> Vec<(String, Oddity)> {
        vec![(name.to_owned(), oddity)]
    }

    #[test]
    fn odd_ports_of_the_only_module_are_found() {
        let of = |ports: &str| names(&[&format!("module m import p::*; #(int W = (1)) ({ports});")], None);
        assert_eq!(of("input a, bus_if.slave bus [2]"), one("bus", Oddity::Interface));
        assert_eq!(of("interface bus, output b"), one("bus", Oddity::Interface));
        assert_eq!(of("ref logic [W-1:0] r"), one("r", Oddity::Ref));
        assert_eq!(of("const ref int r = 1"), one("r", Oddity::Ref));
        assert_eq!(of("input chandle h"), one("h", Oddity::Chandle));
        assert_eq!(of("input var event e, input b"), one("e", Oddity::Event));
        let both = [one("p", Oddity::Inout), one("q", Oddity::Inout)].concat();
        assert_eq!(of("inout wire [7:0] p [2], q, input a, b"), both);
        assert_eq!(of("input my_type a, output pkg::t b, input ref_count"), []);
        assert_eq!(of(""), []);
        let declared = "interface bus_if; endinterface\nmodule m (bus_if bus, other_t o);";
        assert_eq!(names(&[declared], None), one("bus", Oddity::Interface));
    }

    #[test]
    fn the_top_is_the_module_of_that_name_or_the_one_that_none_uses() {
        let (low, high) = ("module low (ref int r); endmodule : low", "module high (input a); low u (a);");
        assert_eq!(names(&[low, high], None), []);
        assert_eq!(names(&[low, high], Some("low")), one("r", Oddity::Ref));
        assert_eq!(names(&[high, low], Some("high")), []);
        assert_eq!(names(&[low, "module other; endmodule"], None), []);
        let found = odd_ports(&["", low], Some("low"));
        assert_eq!((found[0].source, &low[found[0].offset..][..1]), (1, "r"));
    }

    #[test]
    fn where_it_is_not_sure_it_says_nothing() {
        let odd = "module m (ref int r); endmodule";
        let guarded = format!("`ifndef M_SV\n`define M_SV\n{odd}\n`endif\n");
        assert_eq!(names(&[&guarded], None), one("r", Oddity::Ref));
        for text in [
            format!("`ifdef X\n{odd}\n`endif"),
            format!("`ifndef X\n`define Y\n{odd}\n`endif"),
            format!("`define M {odd}\nmodule m (input a); endmodule"),
            format!("`define M \\\n  {odd}\nmodule m (input a); endmodule"),
            format!("`begin_keywords \"1364-2001\"\n{odd}"),
            format!("// {odd}\n/* {odd} */"),
            format!("{odd} {odd}"),
            "module m (`PORTS ref int r); endmodule".to_owned(),
            "module m (ref); input ref; endmodule".to_owned(),
            "module m".to_owned(),
        ] {
            assert_eq!(names(&[&text], Some("m")), [], "{text}");
        }
        for text in [
            "`include \"user.svh\"",
            "`USE(m)",
            "module \\n ; m u(); endmodule",
            "`ifdef T\nmodule t; endmodule\n`endif",
        ] {
            assert_eq!(names(&[odd, text], None), [], "{text}");
            assert_eq!(names(&[odd, text], Some("m")), one("r", Oddity::Ref), "{text}");
        }
    }
}
