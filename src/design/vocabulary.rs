//! The words of Verilator's command line and filelists: settings, options to pass on, and words of other simulators.
//! It does not know where a word comes from or what its paths lead to.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

/// What a word means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning<'a> {
    /// A file.
    File,
    /// Directories of included files, of `-I` or `+incdir+`.
    IncludeDirs(Vec<&'a str>),
    /// Text macros, of `-D` or `+define+`.
    Defines(Vec<&'a str>),
    /// A parameter of the top, of `-G` or `-pvalue+`.
    Parameter(&'a str),
    /// Extensions of library files, of `+libext+`.
    LibraryExtensions(Vec<&'a str>),
    /// The next word is the value of this option, named without dashes: `f F y v top CFLAGS LDFLAGS FI`.
    Takes(&'static str),
    /// One of Verilator's own that is passed on, and whether the next word is its value.
    Own(bool),
    /// One of Verilator's own that starts a program, and whether the next word is its value.
    Starts(bool),
    /// One that fudsv decides, what to use instead, and whether the next word is its value.
    Decided(&'static str, bool),
    /// No option of Verilator.
    Foreign,
}

/// Options with a value in the next word that are passed on.
const WITH_VALUE: &str = "clk no-clk compiler compiler-include constraint-array-limit converge-limit coverage-expr-max \
    coverage-max-width debugi decorations default-language error-limit expand-limit func-recursion-depth future0 future1 \
    gate-stmts hierarchical-threads if-depth inline-cfuncs inline-cfuncs-product inline-mult instr-count-dpi l2-name \
    language libmap localize-max-size main-top-name max-num-width mod-prefix output-groups output-split \
    output-split-cfuncs output-split-ctrace pins-bv preproc-token-limit protect-key public-depth reloop-limit \
    replication-limit threads threads-dpi threads-max-mtasks timescale timescale-override trace-depth \
    trace-max-array trace-max-width trace-threads unroll-count unroll-limit unroll-stmts unused-regexp \
    verilate-jobs waiver-output work x-assign x-initial j build-jobs diagnostics-sarif-output";

/// Options without a value that are passed on; each also with `no-` before it.
const FLAGS: &str = "aslr assert assert-case autoflush bbox-sys bbox-unsup coverage coverage-expr coverage-fsm \
    coverage-line coverage-toggle coverage-underscore coverage-user debug debug-abort debug-check debug-exit-parse \
    debug-leak decoration diagnostics-sarif dpi-hdr-only emit-accessors flatten fourstate generate-key \
    inhibit-sim json-edit-nums json-ids order-clock-delay pins-inout-enables pins-sc-biguint pins-sc-uint \
    pins-sc-uint-bool pins-uint8 pins64 preproc-comments preproc-defines preproc-resolve private prof-c prof-cfuncs \
    prof-exec prof-pgo protect-ids public public-flat-rw public-ignore public-params quiet quiet-build quiet-exit \
    quiet-stats relative-includes report-unoptflat runtime-debug savable sched-zero-delay skip-identical stats \
    stats-vars std std-package std-waiver stop-fail structs-packed sv threads-coarsen timing trace trace-coverage \
    trace-params trace-structs trace-top trace-underscore trace-vcd unlimited-stack vpi \
    waiver-multiline x-initial-edge";

/// What is passed on, for tests.
#[cfg(test)]
pub const PASSED_ON: [&str; 2] = [WITH_VALUE, FLAGS];

/// Options that start a program, with and without a value.
const STARTING: [(&str, bool); 5] =
    [("pipe-filter", true), ("gdb", false), ("gdbbt", false), ("rr", false), ("valgrind", false)];

/// What fudsv decides itself, what to use instead, and whether a value follows.
const DECIDED: [(&str, &str, bool); 34] = [
    ("Mdir", "`--dir` chooses the build directory", true),
    ("o", "`--output` copies the result", true),
    ("prefix", "`verilator.top` names the model", true),
    ("lib-create", "`--to shared-lib` makes a library", true),
    ("protect-lib", "`--to shared-lib` makes a library", true),
    ("build", "`--to` says what is built", false),
    ("binary", "`--to` says what is built", false),
    ("exe", "`--to` says what is built", false),
    ("main", "`--to` says what is built", false),
    ("cc", "`--to` says what is built", false),
    ("sc", "`--to` says what is built", false),
    ("lint-only", "`--to` says what is built", false),
    ("xml-only", "`--to ast` makes the syntax tree", false),
    ("json-only", "`--to ast` makes the syntax tree", false),
    ("xml-output", "`--to ast` makes the syntax tree", true),
    ("json-only-output", "`--to ast` makes the syntax tree", true),
    ("json-only-meta-output", "`--to ast` makes the syntax tree", true),
    ("E", "`--to` says what is built", false),
    ("P", "`--to` says what is built", false),
    ("dump-inputs", "`--to` says what is built", false),
    (
        "hierarchical",
        "Verilator would run make for each block, and the models of some versions fail at the first tick: fudsv builds \
         the design as a whole, and `hier_block` comments may stay",
        false,
    ),
    ("trace-fst", "`verilator.trace = \"fst\"` builds a model that writes FST", false),
    ("trace-saif", "`verilator.trace` is `vcd` or `fst`", false),
    ("make", "fudsv compiles the model itself", true),
    ("MAKEFLAGS", "fudsv compiles the model itself", true),
    ("build-dep-bin", "fudsv notices another Verilator itself", true),
    ("MMD", "fudsv writes dependency files itself", false),
    ("MP", "fudsv writes dependency files itself", false),
    ("verilate", "`--to` says what is built", false),
    ("help", "`verilator --help` prints it", false),
    ("version", "`verilator --version` prints it", false),
    ("V", "`verilator -V` prints it", false),
    ("getenv", "`verilator --getenv` prints it", true),
    ("get-supported", "`verilator --get-supported` prints it", true),
];

/// What a word means that is not the value of an option.
pub fn meaning(word: &str) -> Meaning<'_> {
    if let Some(rest) = word.strip_prefix('+') {
        return plus(rest);
    }
    let Some(rest) = word.strip_prefix('-') else { return Meaning::File };
    let name = rest.strip_prefix('-').unwrap_or(rest);
    let takes = ["f", "F", "y", "v", "CFLAGS", "LDFLAGS", "FI"];
    if let Some(option) = takes.into_iter().find(|option| *option == name) {
        return Meaning::Takes(option);
    }
    if name == "top" || name == "top-module" {
        return Meaning::Takes("top");
    }
    named(name).or_else(|| glued(name)).unwrap_or(Meaning::Foreign)
}

/// An option whose name is the whole word.
fn named(name: &str) -> Option<Meaning<'_>> {
    let plain = name.strip_prefix("no-").unwrap_or(name);
    let is_in = |list: &str, name: &str| list.split_whitespace().any(|word| word == name);
    if let Some((_, instead, value)) = DECIDED.iter().find(|(known, ..)| *known == plain) {
        return Some(Meaning::Decided(instead, *value));
    }
    if let Some((_, value)) = STARTING.iter().find(|(known, _)| *known == name) {
        return Some(Meaning::Starts(*value));
    }
    if is_in(WITH_VALUE, name) || name.starts_with("debugi-") || name.starts_with("dumpi-") {
        return Some(Meaning::Own(true));
    }
    (is_in(FLAGS, plain) || plain.starts_with("debug-") || plain.starts_with("dump-"))
        .then_some(Meaning::Own(false))
}

/// An option whose value is glued to it.
fn glued(name: &str) -> Option<Meaning<'_>> {
    let warnings = ["Wall", "Wpedantic", "Werror-", "Wfuture-", "Wno-", "Wwarn-", "fno-", "O", "U"];
    if warnings.iter().any(|start| name.starts_with(start)) {
        return Some(Meaning::Own(false));
    }
    let value = |start: &str| name.strip_prefix(start).filter(|value| !value.is_empty());
    if let Some(dir) = value("I") {
        return Some(Meaning::IncludeDirs(vec![dir]));
    }
    if let Some(define) = value("D") {
        return Some(Meaning::Defines(vec![define]));
    }
    value("G").or_else(|| value("pvalue+")).map(Meaning::Parameter)
}

/// A word that begins with `+`, without it.
fn plus(rest: &str) -> Meaning<'_> {
    let items = |list| str::split(list, '+').filter(|item| !item.is_empty()).collect();
    let language = |rest: &str| {
        let ends =
            ["1364-1995", "1364-2001", "1364-2005", "1800-2005", "1800-2009", "1800-2012", "1800-2017"];
        let others = ["1800-2023", "verilog1995", "verilog2001", "systemverilog"];
        let name = rest.split_once("ext+").map(|(name, _)| name);
        name.is_some_and(|name| ends.contains(&name) || others.contains(&name))
    };
    match rest.split_once('+') {
        Some(("incdir", list)) => Meaning::IncludeDirs(items(list)),
        Some(("define", list)) => Meaning::Defines(items(list)),
        Some(("libext", list)) => Meaning::LibraryExtensions(items(list)),
        _ if language(rest) || ["librescan", "notimingchecks"].contains(&rest) => Meaning::Own(false),
        _ => Meaning::Foreign,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_word_is_told_from_the_others() {
        assert_eq!(meaning("rtl/a.sv"), Meaning::File);
        assert_eq!(meaning("+incdir+a+b"), Meaning::IncludeDirs(vec!["a", "b"]));
        assert_eq!(meaning("-Iinc"), Meaning::IncludeDirs(vec!["inc"]));
        assert_eq!(meaning("+define+A=1+B"), Meaning::Defines(vec!["A=1", "B"]));
        assert_eq!(meaning("-DA=1+2"), Meaning::Defines(vec!["A=1+2"]));
        assert_eq!(meaning("-GW=8"), Meaning::Parameter("W=8"));
        assert_eq!(meaning("-pvalue+W=8"), Meaning::Parameter("W=8"));
        assert_eq!(meaning("+libext+.v+.sv"), Meaning::LibraryExtensions(vec![".v", ".sv"]));
        assert_eq!(meaning("--top-module"), Meaning::Takes("top"));
        assert_eq!(meaning("-f"), Meaning::Takes("f"));
        assert_eq!(meaning("--pipe-filter"), Meaning::Starts(true));
        for own in
            ["-Wno-fatal", "--no-timing", "-O3", "-fno-gate", "-sv", "+notimingchecks", "+1800-2017ext+sv"]
        {
            assert_eq!(meaning(own), Meaning::Own(false), "{own}");
        }
        assert_eq!(meaning("--x-assign"), Meaning::Own(true));
        assert!(matches!(meaning("--Mdir"), Meaning::Decided(_, true)));
        for foreign in ["-sverilog", "-full64", "+vcs+lic+wait", "-timescale=1ns/1ps", "+access+r"] {
            assert_eq!(meaning(foreign), Meaning::Foreign, "{foreign}");
        }
    }
}
