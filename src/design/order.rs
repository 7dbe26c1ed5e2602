//! Packages first: a source that declares a package moves before its first user; all others keep their order. An order
//! that works stays as it is, and nothing moves across a macro that it reads.
//! It does not know files; it gets what each source declares and uses.

use super::macros::{Macros, Read};
use super::outline::events;
use std::collections::HashMap;

/// An order of sources.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Ordered {
    /// Their positions, in this order.
    pub order: Vec<usize>,
    /// Those that moved.
    pub moves: Vec<Move>,
}

/// A source that moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Its position.
    pub source: usize,
    /// The position of the source that now follows it.
    pub before: usize,
    /// The package that was wanted there.
    pub package: String,
}

/// The sources in an order in which each package is before its users. `defined` are the macros that are set before the
/// first source. If several sources declare one package, the first counts.
pub fn in_order(outlines: &[String], defined: &[String]) -> Ordered {
    let mut macros = Macros::new(defined);
    let sources: Vec<Read> = outlines.iter().map(|text| macros.read(events(text))).collect();
    let mut sort = Sort::new(&sources);
    for start in 0..sources.len() {
        sort.place(start);
    }
    sort.ordered
}

struct Sort<'s, 't> {
    sources: &'s [Read<'t>],
    /// For each source, those that declare a package that it uses, with that package.
    needs: Vec<Vec<(usize, &'t str)>>,
    /// The sources that set a macro.
    setters: HashMap<&'t str, Vec<usize>>,
    /// The sources that would be another if a macro were set before.
    askers: HashMap<&'t str, Vec<usize>>,
    placed: Vec<bool>,
    ordered: Ordered,
}

/// A source on the way to its place.
struct Open<'t> {
    at: usize,
    /// The package that must come earlier.
    package: Option<&'t str>,
    /// Whether what it needs is placed.
    is_ready: bool,
}

impl<'s, 't> Sort<'s, 't> {
    fn new(sources: &'s [Read<'t>]) -> Sort<'s, 't> {
        let mut declared: HashMap<&str, usize> = HashMap::new();
        let mut classes: HashMap<&str, usize> = HashMap::new();
        let (mut setters, mut askers): (HashMap<_, Vec<_>>, HashMap<_, Vec<_>>) = Default::default();
        for (at, source) in sources.iter().enumerate() {
            for name in &source.declares {
                declared.entry(name).or_insert(at);
            }
            for name in &source.locals {
                classes.entry(name).or_insert(at);
            }
            source.sets.iter().for_each(|name| setters.entry(*name).or_default().push(at));
            source.asks.iter().for_each(|name| askers.entry(*name).or_default().push(at));
        }
        let needs = |(at, source): (usize, &Read<'t>)| {
            let is_class = |name: &str| classes.get(name).is_some_and(|class| *class <= at);
            let foreign =
                source.uses.iter().filter(|name| !source.declares.contains(*name) && !is_class(name));
            let mut needs: Vec<(usize, &'t str)> =
                foreign.filter_map(|name| Some((*declared.get(name)?, *name))).collect();
            needs.sort_unstable();
            needs.dedup_by_key(|(at, _)| *at);
            needs
        };
        let needs = sources.iter().enumerate().map(needs).collect();
        let placed = vec![false; sources.len()];
        Sort { sources, needs, setters, askers, placed, ordered: Ordered::default() }
    }

    /// Places a source and, before it, what it needs and may move.
    fn place(&mut self, start: usize) {
        let mut seen = vec![];
        let mut open = vec![Open { at: start, package: None, is_ready: false }];
        while let Some(Open { at, package, is_ready }) = open.pop() {
            if self.placed[at] {
                continue;
            }
            if !is_ready {
                if seen.contains(&at) {
                    continue;
                }
                seen.push(at);
                open.push(Open { at, package, is_ready: true });
                let needs = self.needs[at].iter().rev().filter(|(needed, _)| !self.placed[*needed]);
                open.extend(needs.map(|(at, package)| Open {
                    at: *at,
                    package: Some(package),
                    is_ready: false,
                }));
                continue;
            }
            if let Some(package) = package {
                if self.is_held(at) {
                    continue;
                }
                self.ordered.moves.push(Move { source: at, before: start, package: package.to_owned() });
            }
            self.placed[at] = true;
            self.ordered.order.push(at);
        }
    }

    /// Whether a source cannot move before all sources that are now before it: one of them sets a macro that it reads, or it
    /// sets a macro that would change them.
    fn is_held(&self, at: usize) -> bool {
        let crosses = |others: Option<&Vec<usize>>| {
            others.is_some_and(|others| others.iter().any(|other| *other < at && !self.placed[*other]))
        };
        let source = &self.sources[at];
        source.reads.iter().any(|name| crosses(self.setters.get(name)))
            || source.sets.iter().any(|name| crosses(self.askers.get(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::outline::outline;

    fn ordered(sources: &[&str]) -> Vec<usize> {
        in_order(&sources.iter().map(|text| outline(text)).collect::<Vec<_>>(), &[]).order
    }

    const P: &str = "package p; endpackage";
    const USER: &str = "module m import p::*; endmodule";

    #[test]
    fn a_package_moves_before_its_first_user_with_the_packages_it_uses() {
        let p = "package p; import q::*; endpackage";
        let q = "package q; endpackage";
        let sources = ["", USER, "", p, q, USER];
        let outlines: Vec<String> = sources.iter().map(|text| outline(text)).collect();
        let found = in_order(&outlines, &[]);
        assert_eq!(found.order, [0, 4, 3, 1, 2, 5]);
        let moved = |source, package: &str| Move { source, before: 1, package: package.into() };
        assert_eq!(found.moves, [moved(4, "q"), moved(3, "p")]);
    }

    #[test]
    fn what_is_in_order_stays_and_a_circle_ends() {
        assert_eq!(
            ordered(&["package q; endpackage", "package p; import q::*; endpackage", USER]),
            [0, 1, 2]
        );
        let circle = ["package p; import q::*; endpackage", "package q; import p::*; endpackage"];
        assert_eq!(ordered(&circle), [1, 0]);
        assert_eq!(ordered(&[P, P, "module m; import p::*, unknown::*; endmodule"]), [0, 1, 2]);
    }

    #[test]
    fn only_what_is_read_uses_a_package() {
        let stays = |user: &str| assert_eq!(ordered(&[user, P]), [0, 1], "{user}");
        stays("`define LOG(x) p::log(x)");
        stays("`ifdef NEVER\nimport p::*;\n`endif");
        stays("`ifndef VERILATOR\nimport p::*;\n`endif");
        stays("`ifndef NEVER\n`else\nimport p::*;\n`endif");
        stays("class p; endclass module m; initial p::f(); endmodule");
        stays("module m; assign x = \\p::x ; endmodule");
        let moves = |user: &str| assert_eq!(ordered(&[user, P]), [1, 0], "{user}");
        moves("`define LOG(x) p::log(x)\nmodule m; initial `LOG(1); endmodule");
        moves("`define IN p::log\n`define LOG(x) `IN(x)\nmodule m; initial `LOG(1); endmodule");
        moves("`ifdef VERILATOR\nimport p::*;\n`endif");
        moves("`ifndef M_SV\n`define M_SV\nimport p::*;\n`endif");
        moves("`include \"x.svh\"\nimport p::*;");
        moves("module m; assign x = \\p ::x; endmodule");
    }

    #[test]
    fn a_macro_of_the_command_line_decides_too() {
        let outlines = [outline("`ifdef X\nimport p::*;\n`endif"), outline(P)];
        assert_eq!(in_order(&outlines, &[]).order, [0, 1]);
        assert_eq!(in_order(&outlines, &["X".to_owned()]).order, [1, 0]);
    }

    #[test]
    fn a_package_does_not_move_across_a_macro_that_it_reads() {
        let reads = "`ifndef W\n`define W 8\n`endif\npackage p; localparam X = `W; endpackage";
        assert_eq!(ordered(&["`define W 16", USER, reads]), [0, 2, 1]);
        assert_eq!(ordered(&[USER, "`define W 16", reads]), [0, 1, 2]);
        assert_eq!(ordered(&[USER, "`undef W", reads]), [0, 1, 2]);
        let own = "`define W 4\npackage p; localparam X = `W; endpackage";
        assert_eq!(ordered(&[USER, "module n; assign y = `W; endmodule", own]), [2, 0, 1]);
    }

    #[test]
    fn a_file_of_macros_keeps_its_place_although_it_declares_a_package() {
        let sets = "`define FAST\npackage p; endpackage";
        let asks = "module n;\n`ifdef FAST\nassign y = 1;\n`endif\nendmodule";
        assert_eq!(ordered(&[USER, asks, sets]), [0, 1, 2]);
        assert_eq!(ordered(&[USER, "module n; assign y = `FAST; endmodule", sets]), [2, 0, 1]);
    }
}
