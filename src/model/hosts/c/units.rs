//! Which generated files are compiled together: each unit is a file of `#include`s with the digests of what they name.
//! It does not know compilers. The digests make a unit change when a file it includes does, since generated files are
//! not declared one by one to whoever decides what to rebuild; and an unchanged unit is not compiled again.

use super::classes::Classes;
use crate::digest::{Digest, KeyHasher};

/// Fast code of one unit, in bytes: half a second of compiling, where every unit costs a tenth or two of headers.
const UNIT: u64 = 150_000;

/// Up to so many bytes all of a model is one unit.
const SMALL: u64 = 48_000;

/// A C++ file and what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// As an `#include` names it.
    pub name: String,
    /// Of its content.
    pub digest: Digest,
    /// How large it is.
    pub bytes: u64,
}

/// The units of a model. An empty text is a unit that this model has no need of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Units {
    /// The C interface, which changes with every edit; with it what runs seldom, unless that is much, and in a small
    /// model everything else too.
    pub main: String,
    /// Code that runs once or seldom, which is not optimized.
    pub slow: String,
    /// Code that runs often, as many as were asked for.
    pub fast: Vec<String>,
    /// The parts of Verilator's runtime that this model needs beside the usual.
    pub runtime: String,
}

/// What a model consists of.
#[derive(Clone, Debug)]
pub struct Parts {
    /// Generated files that run often.
    pub fast: Vec<Source>,
    /// Generated files that run seldom.
    pub slow: Vec<Source>,
    /// The C++ of the C interface, unless the model is driven by its class.
    pub interface: Option<Source>,
    /// All headers.
    pub headers: Vec<Source>,
}

/// Divides a model into at most `most` units of fast code, one of slow code and one of the interface; or puts all of
/// a small model into one. Sizes are rounded, so that a small edit moves no file to another unit.
pub fn units(parts: &Parts, classes: &Classes, most: usize) -> Units {
    let headers = headers_digest(&parts.headers);
    let traced = if classes.trace.is_some() { TRACED } else { "" };
    let text = |sources: &[&Source]| unit(sources, headers, traced);
    let bytes = |sources: &[Source]| sources.iter().map(|source| rounded(source.bytes)).sum::<u64>();
    let (fast, slow) = (bytes(&parts.fast), bytes(&parts.slow));
    let mut units = Units { runtime: runtime(classes), fast: vec![String::new(); most], ..Units::default() };
    if most == 0 || fast + slow < SMALL {
        let all = parts.fast.iter().chain(&parts.slow).chain(&parts.interface);
        units.main = text(&all.collect::<Vec<_>>());
        return units;
    }
    let count = (fast / UNIT).clamp(1, most as u64) as usize;
    for (unit, sources) in units.fast.iter_mut().zip(spread(&parts.fast, count)) {
        *unit = text(&sources);
    }
    units.main = text(&parts.interface.iter().collect::<Vec<_>>());
    let first = if units.main.is_empty() || slow >= UNIT { traced } else { "" };
    let seldom = unit(&parts.slow.iter().collect::<Vec<_>>(), headers, &format!("{first}{NOT_OPTIMIZED}"));
    if slow < UNIT {
        units.main.push_str(&seldom);
    } else {
        units.slow = seldom;
    }
    units
}

/// Verilator's makefiles define it on the command line; without it `$dumpvars` writes an empty file.
const TRACED: &str = "#define VM_TRACE 1\n";

/// In the text of a unit, so that one precompiled header serves all units: compilers refuse a header made with another
/// `-O`.
const NOT_OPTIMIZED: &str = "#if defined(__clang__)
#pragma clang optimize off
#elif defined(__GNUC__)
#pragma GCC optimize (\"O0\")
#pragma GCC diagnostic ignored \"-Wattributes\"
#endif
";

/// Two significant bits.
fn rounded(bytes: u64) -> u64 {
    let dropped = bytes.checked_ilog2().unwrap_or(0).saturating_sub(1);
    bytes >> dropped << dropped
}

/// Largest first, each to the unit that is the smallest so far.
fn spread(sources: &[Source], count: usize) -> Vec<Vec<&Source>> {
    let mut units: Vec<(u64, Vec<&Source>)> = vec![(0, vec![]); count];
    let mut sorted: Vec<&Source> = sources.iter().collect();
    sorted.sort_by_key(|source| (std::cmp::Reverse(rounded(source.bytes)), &source.name));
    for source in sorted {
        if let Some((bytes, unit)) = units.iter_mut().min_by_key(|(bytes, _)| *bytes) {
            *bytes += rounded(source.bytes);
            unit.push(source);
        }
    }
    units.into_iter().map(|(_, unit)| unit).collect()
}

/// The text of one unit; nothing when it includes nothing.
fn unit(sources: &[&Source], headers: Digest, first: &str) -> String {
    if sources.is_empty() {
        return String::new();
    }
    let line = |source: &&Source| format!("#include \"{}\" // {}\n", source.name, source.digest);
    let lines: String = sources.iter().map(line).collect();
    format!("// Generated by fudsv: files that are compiled together. Headers: {headers}\n{first}{lines}")
}

/// One digest for all headers, whatever order they come in.
fn headers_digest(headers: &[Source]) -> Digest {
    let mut sorted: Vec<_> = headers.iter().collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    let mut key = KeyHasher::new();
    for header in sorted {
        key.field(&header.name, header.digest.to_string());
    }
    key.finish()
}

/// The runtime sources that this model needs beside those every model needs, as one unit: nothing for most models.
fn runtime(classes: &Classes) -> String {
    let always = ["verilated", "verilated_threads"];
    let mut more: Vec<_> = classes.runtime.iter().filter(|name| !always.contains(&name.as_str())).collect();
    more.sort();
    more.iter().map(|name| format!("#include \"{name}.cpp\"\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str, text: &str, bytes: u64) -> Source {
        Source { name: name.into(), digest: Digest::of_bytes(text.as_bytes()), bytes }
    }

    fn parts(fast: &[Source], slow: &[Source]) -> Parts {
        let headers = vec![source("Va.h", "x", 9), source("b.h", "y", 9)];
        Parts { fast: fast.into(), slow: slow.into(), interface: Some(source("a.cpp", "i", 9)), headers }
    }

    #[test]
    fn a_small_model_is_one_unit_that_changes_with_every_header() {
        let classes = Classes::parse("VM_GLOBAL_FAST += verilated verilated_timing verilated_dpi\n");
        let mut parts = parts(&[source("Va.cpp", "1", 4000)], &[source("Va__Slow.cpp", "2", 4000)]);
        let one = units(&parts, &classes, 2);
        assert_eq!((one.slow.as_str(), one.fast.concat().as_str()), ("", ""));
        assert_eq!(one.runtime, "#include \"verilated_dpi.cpp\"\n#include \"verilated_timing.cpp\"\n");
        let names: Vec<_> = one.main.lines().filter_map(|line| line.split('"').nth(1)).collect();
        assert_eq!(names, ["Va.cpp", "Va__Slow.cpp", "a.cpp"]);
        parts.headers.reverse();
        assert_eq!(units(&parts, &classes, 2), one);
        parts.headers[0] = source("b.h", "z", 9);
        assert_ne!(units(&parts, &classes, 2).main, one.main);
    }

    #[test]
    fn a_small_edit_of_one_file_of_a_large_model_changes_one_unit() {
        let sized = |size| source("f0.cpp", &format!("{size}"), size);
        let fast = |first| {
            let others = (1..9).map(|n| source(&format!("f{n}.cpp"), "", 100_000 + n));
            std::iter::once(first).chain(others).collect::<Vec<_>>()
        };
        let classes = Classes::default();
        let divide = |size| units(&parts(&fast(sized(size)), &[source("s.cpp", "", 200_000)]), &classes, 8);
        let (before, after) = (divide(400_000), divide(400_900));
        let differ = before.fast.iter().zip(&after.fast).filter(|(a, b)| a != b).count();
        assert_eq!((differ, before.fast.iter().filter(|unit| !unit.is_empty()).count()), (1, 7));
        assert_eq!((&before.slow, &before.main), (&after.slow, &after.main));
        assert!(before.slow.contains("#pragma clang optimize off\n"));
    }

    #[test]
    fn what_runs_seldom_is_with_the_interface_unless_it_is_much() {
        let parts = parts(&[source("Va.cpp", "1", 90_000)], &[source("Va__Slow.cpp", "2", 30_000)]);
        let two = units(&parts, &Classes::default(), 2);
        let names = |text: &str| {
            let lines = text.lines().filter(|line| line.starts_with("#include"));
            lines.filter_map(|line| Some(line.split('"').nth(1)?.to_owned())).collect::<Vec<_>>()
        };
        assert_eq!((names(&two.fast[0]), two.fast[1].as_str()), (vec!["Va.cpp".to_owned()], ""));
        assert_eq!(
            (names(&two.main), two.slow.as_str()),
            (vec!["a.cpp".to_owned(), "Va__Slow.cpp".to_owned()], "")
        );
        assert!(two.main.find("#pragma") > two.main.find("a.cpp"));
    }
}
