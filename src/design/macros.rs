//! Which macros are set where: the conditions of a source are followed as Verilator would, as far as it can be known
//! without the files that are included.
//! It leaves to others what is done with what a source then declares and uses.

use super::outline::Event;
use std::collections::{BTreeSet, HashMap, HashSet};

/// What Verilator sets itself.
const PREDEFINED: [&str; 5] = ["VERILATOR", "verilator", "verilator3", "SYSTEMVERILOG", "VERILATOR_TIMING"];

/// Whether something is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sure {
    No,
    Maybe,
    Yes,
}

impl Sure {
    fn not(self) -> Sure {
        match self {
            Sure::No => Sure::Yes,
            Sure::Maybe => Sure::Maybe,
            Sure::Yes => Sure::No,
        }
    }
}

/// A macro that is set.
#[derive(Clone, Debug)]
struct Macro<'t> {
    /// Whether it is set for sure.
    is_set: Sure,
    /// Names before a `::` in its text.
    uses: Vec<&'t str>,
    /// Macros in its text.
    reads: Vec<&'t str>,
}

/// The macros that are set after the sources that were read so far.
pub(super) struct Macros<'t> {
    set: HashMap<&'t str, Macro<'t>>,
    /// Whether a file was included, which may have set any other.
    includes: bool,
}

/// What a source comes to.
#[derive(Debug, Default)]
pub(super) struct Read<'t> {
    /// Packages that it declares.
    pub declares: BTreeSet<&'t str>,
    /// Classes and types that it declares.
    pub locals: BTreeSet<&'t str>,
    /// Names before a `::` for sure, also by the macros that it uses.
    pub uses: BTreeSet<&'t str>,
    /// Macros of others that it uses or asks for, in any branch.
    pub reads: BTreeSet<&'t str>,
    /// Macros whose setting before it would change it, although it is read without.
    pub asks: BTreeSet<&'t str>,
    /// Macros that it sets or removes, in any branch.
    pub sets: BTreeSet<&'t str>,
}

/// A condition that is open.
struct Condition {
    /// Whether the branch in which it stands is taken.
    around: Sure,
    /// Whether this branch is taken.
    now: Sure,
    /// Whether this or an earlier one is.
    any: Sure,
}

impl<'t> Macros<'t> {
    /// Those of Verilator and of the command line.
    pub fn new(defined: &'t [String]) -> Macros<'t> {
        let names = PREDEFINED.into_iter().chain(defined.iter().map(String::as_str));
        let set =
            names.map(|name| (name, Macro { is_set: Sure::Yes, uses: vec![], reads: vec![] })).collect();
        Macros { set, includes: false }
    }

    /// Reads one more source.
    pub fn read(&mut self, events: Vec<Event<'t>>) -> Read<'t> {
        let mut read = Read::default();
        let mut open: Vec<Condition> = vec![];
        for event in events {
            let now = open.last().map_or(Sure::Yes, |condition| condition.around.min(condition.now));
            match event {
                Event::Package(name) if now != Sure::No => drop(read.declares.insert(name)),
                Event::Local(name) if now != Sure::No => drop(read.locals.insert(name)),
                Event::Use(name) if now == Sure::Yes => drop(read.uses.insert(name)),
                Event::Package(_) | Event::Local(_) | Event::Use(_) => {}
                Event::Read(name) => self.used(name, now, &mut read),
                Event::Define { name, uses, reads } => {
                    read.sets.insert(name);
                    if now != Sure::No {
                        self.set.insert(name, Macro { is_set: now, uses, reads });
                    }
                }
                Event::Undef(name) => self.removed(name, now, &mut read),
                Event::Include => self.includes |= now != Sure::No,
                Event::If(name) => open.push(start(now, self.asked(name, &mut read))),
                Event::IfNot(name) => open.push(start(now, self.asked(name, &mut read).not())),
                Event::Guard(name) => {
                    // A macro with a value of one's own is asked for in the same words.
                    let is_set = self.asked(name, &mut read) == Sure::Yes;
                    open.push(start(now, if is_set { Sure::No } else { Sure::Yes }));
                }
                Event::ElseIf(name) => {
                    let is_set = self.asked(name, &mut read);
                    if let Some(condition) = open.last_mut() {
                        condition.now = condition.any.not().min(is_set);
                        condition.any = condition.any.max(condition.now);
                    }
                }
                Event::Else => {
                    open.last_mut().into_iter().for_each(|condition| condition.now = condition.any.not());
                }
                Event::EndIf => drop(open.pop()),
            }
        }
        read
    }

    fn removed(&mut self, name: &'t str, now: Sure, read: &mut Read<'t>) {
        read.sets.insert(name);
        match now {
            Sure::Yes => drop(self.set.remove(name)),
            Sure::Maybe => {
                self.set.get_mut(name).into_iter().for_each(|found| found.is_set = Sure::Maybe);
            }
            Sure::No => {}
        }
    }

    /// Whether a macro is set, where a condition asks.
    fn asked(&self, name: &'t str, read: &mut Read<'t>) -> Sure {
        if !read.sets.contains(name) {
            read.reads.insert(name);
            read.asks.insert(name);
        }
        let unknown = if self.includes { Sure::Maybe } else { Sure::No };
        self.set.get(name).map_or(unknown, |found| found.is_set)
    }

    /// A macro is replaced by its text.
    fn used(&self, name: &'t str, now: Sure, read: &mut Read<'t>) {
        let mut open = vec![name];
        let mut seen = HashSet::new();
        while let Some(name) = open.pop().filter(|_| seen.len() < 1000) {
            if !seen.insert(name) {
                continue;
            }
            let found = self.set.get(name);
            if !read.sets.contains(name) {
                read.reads.insert(name);
                if found.is_some() {
                    read.asks.insert(name);
                }
            }
            if let Some(found) = found.filter(|_| now == Sure::Yes) {
                read.uses.extend(&found.uses);
                open.extend(&found.reads);
            }
        }
    }
}

fn start(around: Sure, now: Sure) -> Condition {
    Condition { around, now, any: now }
}
