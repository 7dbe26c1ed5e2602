//! Which generated files are compiled together: each unit is a file of `#include`s with the digests of what they name.
//! It does not know compilers. The digests make a unit change when a file it includes does, or what that file sees of the
//! headers, since generated files are not declared one by one to whoever decides what to rebuild; and an unchanged unit is
//! not compiled again.

use super::classes::Classes;
use crate::digest::Digest;

/// Code of one unit, in bytes: a quarter of a second of compiling, where every unit costs a tenth or two of headers.
const UNIT: u64 = 80_000;

/// From so many bytes on, code that runs seldom is not compiled with the interface.
const MUCH: u64 = 150_000;

/// Up to so many bytes, a file that changes with every header is compiled with the interface, which does too.
const FEW: u64 = 16_000;

/// Up to so many bytes all of a model is one unit.
const SMALL: u64 = 48_000;

/// A C++ file and what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// As an `#include` names it.
    pub name: String,
    /// Of its content and of what it sees of the headers.
    pub digest: Digest,
    /// How large it is.
    pub bytes: u64,
    /// Whether it changes whenever a header does.
    pub sees_all: bool,
}

/// The units of a model. An empty text is a unit that this model has no need of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Units {
    /// The C interface, which changes with every edit; with it what changes with every header, what runs seldom, unless
    /// that is much, and in a small model everything else too.
    pub main: String,
    /// Code that runs once or seldom, which is not optimized, as many as were asked for.
    pub slow: Vec<String>,
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
    /// Headers to include before all others.
    pub first: Vec<String>,
    /// C++ for the end of one of the units.
    pub check: String,
}

impl Parts {
    /// Whether all of the model is one unit.
    pub fn is_small(&self) -> bool {
        bytes(self.fast.iter().chain(&self.slow)) < SMALL
    }
}

/// How many units there may be.
#[derive(Clone, Copy, Debug)]
pub struct Most {
    /// Of code that runs often; with 0, all of a model is one unit.
    pub fast: usize,
    /// Of code that runs seldom.
    pub slow: usize,
}

/// Divides a model into units; or puts all of a small model into one. Sizes are rounded, so that a small edit moves no
/// file to another unit.
pub fn units(parts: &Parts, classes: &Classes, most: Most) -> Units {
    let traced = if classes.trace.is_some() { TRACED } else { "" };
    let includes: String = parts.first.iter().map(|name| format!("#include \"{name}\"\n")).collect();
    let first = format!("{traced}{includes}");
    let mut units = Units {
        runtime: runtime(classes),
        fast: vec![String::new(); most.fast],
        slow: vec![String::new(); most.slow],
        ..Units::default()
    };
    if most.fast == 0 || parts.is_small() {
        let all = parts.fast.iter().chain(&parts.slow).chain(&parts.interface);
        units.main = unit(&all.collect::<Vec<_>>(), &first);
        return units;
    }
    let goes_with_main = |source: &&Source| source.sees_all && source.bytes < FEW && !parts.first.is_empty();
    let (with_main, fast): (Vec<_>, Vec<_>) = parts.fast.iter().partition(goes_with_main);
    for (unit_text, sources) in units.fast.iter_mut().zip(spread(&fast, most.fast)) {
        *unit_text = unit(&sources, &first);
    }
    let main: Vec<_> = parts.interface.iter().chain(with_main).collect();
    units.main = unit(&main, &first);
    let little = bytes(&parts.slow) < MUCH || most.slow == 0;
    let (with_main, slow): (Vec<_>, Vec<_>) =
        parts.slow.iter().partition(|source| little || goes_with_main(source));
    for (unit_text, sources) in units.slow.iter_mut().zip(spread(&slow, most.slow)) {
        *unit_text = unit(&sources, &format!("{first}{NOT_OPTIMIZED}"));
    }
    let before = if units.main.is_empty() { first.as_str() } else { "" };
    units.main.push_str(&unit(&with_main, &format!("{before}{NOT_OPTIMIZED}")));
    if !units.main.is_empty() {
        units.main.push_str(&parts.check);
    }
    units
}

fn bytes<'a>(sources: impl IntoIterator<Item = &'a Source>) -> u64 {
    sources.into_iter().map(|source| rounded(source.bytes)).sum()
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

/// Largest first, each to the unit that is the smallest so far, in as many units of a good size as there may be.
fn spread<'a>(sources: &[&'a Source], most: usize) -> Vec<Vec<&'a Source>> {
    let count = (bytes(sources.iter().copied()) / UNIT).clamp(1, most.max(1) as u64) as usize;
    let mut units: Vec<(u64, Vec<&Source>)> = vec![(0, vec![]); count];
    let mut sorted = sources.to_vec();
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
fn unit(sources: &[&Source], first: &str) -> String {
    if sources.is_empty() {
        return String::new();
    }
    let line = |source: &&Source| format!("#include \"{}\" // {}\n", source.name, source.digest);
    let lines: String = sources.iter().map(line).collect();
    format!(
        "// Generated by fudsv: files that are compiled together, with digests of them and of what they see of headers.\n{first}{lines}"
    )
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

    const MOST: Most = Most { fast: 8, slow: 2 };

    fn source(name: &str, text: &str, bytes: u64) -> Source {
        Source { name: name.into(), digest: Digest::of_bytes(text.as_bytes()), bytes, sees_all: false }
    }

    fn parts(fast: &[Source], slow: &[Source]) -> Parts {
        let interface = Some(Source { sees_all: true, ..source("a.cpp", "i", 9) });
        Parts { fast: fast.into(), slow: slow.into(), interface, first: vec![], check: String::new() }
    }

    fn included(text: &str) -> Vec<&str> {
        let lines = text.lines().filter(|line| line.starts_with("#include"));
        lines.filter_map(|line| line.split('"').nth(1)).collect()
    }

    #[test]
    fn a_small_model_is_one_unit_that_changes_with_each_file_and_what_it_sees() {
        let classes = Classes::parse("VM_GLOBAL_FAST += verilated verilated_timing verilated_dpi\n");
        let mut parts = parts(&[source("Va.cpp", "1", 4000)], &[source("Va__Slow.cpp", "2", 4000)]);
        let one = units(&parts, &classes, MOST);
        assert_eq!((one.slow.concat(), one.fast.concat()), (String::new(), String::new()));
        assert_eq!(one.runtime, "#include \"verilated_dpi.cpp\"\n#include \"verilated_timing.cpp\"\n");
        assert_eq!(included(&one.main), ["Va.cpp", "Va__Slow.cpp", "a.cpp"]);
        parts.slow = vec![source("Va__Slow.cpp", "3", 4000)];
        assert_ne!(units(&parts, &classes, MOST).main, one.main);
    }

    #[test]
    fn a_small_edit_of_one_file_of_a_large_model_changes_one_unit() {
        let sized = |size| source("f0.cpp", &format!("{size}"), size);
        let fast = |first| {
            let others = (1..9).map(|n| source(&format!("f{n}.cpp"), "", 100_000 + n));
            std::iter::once(first).chain(others).collect::<Vec<_>>()
        };
        let classes = Classes::default();
        let slow = [source("s.cpp", "", 200_000), source("t.cpp", "", 150_000)];
        let divide = |size| units(&parts(&fast(sized(size)), &slow), &classes, MOST);
        let (before, after) = (divide(400_000), divide(400_900));
        let differ = before.fast.iter().zip(&after.fast).filter(|(a, b)| a != b).count();
        assert_eq!((differ, before.fast.iter().filter(|unit| !unit.is_empty()).count()), (1, 8));
        assert_eq!((&before.slow, &before.main), (&after.slow, &after.main));
        assert_eq!(before.slow.iter().map(|text| included(text)).collect::<Vec<_>>(), [["s.cpp"], ["t.cpp"]]);
        assert!(before.slow.iter().all(|text| text.contains("#pragma clang optimize off\n")));
    }

    #[test]
    fn what_runs_seldom_is_with_the_interface_unless_it_is_much() {
        let parts = parts(&[source("Va.cpp", "1", 90_000)], &[source("Va__Slow.cpp", "2", 30_000)]);
        let two = units(&parts, &Classes::default(), MOST);
        assert_eq!((included(&two.fast[0]), two.fast[1].as_str()), (vec!["Va.cpp"], ""));
        assert_eq!((included(&two.main), two.slow.concat()), (vec!["a.cpp", "Va__Slow.cpp"], String::new()));
        assert!(two.main.find("#pragma") > two.main.find("a.cpp"));
    }

    #[test]
    fn what_changes_with_every_header_is_with_the_interface_if_other_files_do_not() {
        let all = |name: &str| Source { sees_all: true, ..source(name, "", 5_000) };
        let fast = [all("Va.cpp"), source("Va__0.cpp", "", 90_000)];
        let slow = [all("Va__Syms.cpp"), source("Va__Slow.cpp", "", 200_000)];
        let laid = Parts { first: vec!["Va.h".into()], check: "// check\n".into(), ..parts(&fast, &slow) };
        let divided = units(&laid, &Classes::default(), MOST);
        assert_eq!(included(&divided.main), ["Va.h", "a.cpp", "Va.cpp", "Va__Syms.cpp"]);
        assert!(divided.main.ends_with("// check\n"));
        assert_eq!(included(&divided.fast[0]), ["Va.h", "Va__0.cpp"]);
        assert_eq!(included(&divided.slow[0]), ["Va.h", "Va__Slow.cpp"]);
    }
}
