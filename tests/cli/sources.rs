//! Which sources are built and in which order: what was given stays as it is unless it cannot work, and each change is said.
//! It leaves to others how lists and options are read.

use crate::sandbox::Sandbox;

/// What Verilator is told after the words that are always there.
fn told(sandbox: &Sandbox, words: &str) -> String {
    let said = sandbox.fudsv(&format!("exec {words} --to verilated-cpp -n"));
    let line = said.result().to_owned();
    line.split_once(" -Wno-fatal ").unwrap_or_else(|| panic!("{said}")).1.to_owned()
}

/// A plugin that joins sources, and these sources.
fn project(files: &[(&str, &str)]) -> Sandbox {
    let script = "let out = state(\"out\", [\"out\"]);\n\
                  defop join(srcs: [get_state(\"sv\")]) >> out: out { shell(`cat ${srcs} > ${out}`); }\n";
    let sandbox = Sandbox::new().file("fudsv/join.rhai", script);
    files.iter().fold(sandbox, |sandbox, (name, text)| sandbox.file(name, text))
}

#[test]
fn files_in_an_order_that_works_stay_in_it() {
    let sandbox = project(&[
        ("defs.sv", "`define WIDTH 16\n`define LOG(x) log_pkg::log(x)\n"),
        (
            "log_pkg.sv",
            "`ifndef WIDTH\n`define WIDTH 8\n`endif\npackage log_pkg; localparam W = `WIDTH; endpackage\n",
        ),
        ("t.sv", "module t; initial $display(log_pkg::W); endmodule\n"),
        ("u.sv", "`ifdef NEVER\nimport log_pkg::*;\n`endif\nmodule u; endmodule\n"),
    ]);
    assert_eq!(told(&sandbox, "defs.sv u.sv log_pkg.sv t.sv"), "defs.sv u.sv log_pkg.sv t.sv");
    assert_eq!(told(&sandbox, "u.sv log_pkg.sv t.sv -D NEVER"), "-DNEVER log_pkg.sv u.sv t.sv");
    // The macro before it is one that it reads.
    assert_eq!(told(&sandbox, "t.sv defs.sv log_pkg.sv"), "t.sv defs.sv log_pkg.sv");
}

#[test]
fn a_package_that_moves_is_said_once() {
    let sandbox = project(&[("t.sv", "import q_pkg::*;\n"), ("q_pkg.sv", "package q_pkg; endpackage\n")]);
    let exec = "exec t.sv q_pkg.sv --to out";
    let said = sandbox.fudsv(&format!("{exec} -o -"));
    assert_eq!(said.result(), "package q_pkg; endpackage\nimport q_pkg::*;");
    let note = "note: a package goes before its users: `q_pkg.sv` before `t.sv`, which uses package `q_pkg`; \
                `verilator.order = \"given\"` keeps the given order\n";
    assert!(said.stderr.starts_with(note), "{said}");
    assert_eq!(sandbox.fudsv(&format!("{exec} -o -")).stderr, "Up to date\n");
    let is_quiet = |words: &str| !sandbox.fudsv(words).well().stderr.contains("note");
    assert!(is_quiet("exec q_pkg.sv t.sv --to out"));
    // Nobody gave the order of what a pattern matches.
    sandbox.write("fud.toml", "[design.d]\nsources = ['?.sv', '*_pkg.sv']\n");
    assert!(is_quiet("exec d --to out"));
    assert!(is_quiet(&format!("{exec} -s verilator.order=given")));
}

#[test]
fn the_file_that_is_named_is_the_one_that_is_built() {
    let told = |sandbox: &Sandbox, words: &str| {
        let mut told = told(sandbox, words);
        while let (Some(start), Some(end)) = (told.find(".fudsv/"), told.find("/../../")) {
            told.replace_range(start..end + "/../../".len(), "PAST/");
        }
        told
    };
    let sandbox = project(&[("top.sv", ""), ("a.v", ""), ("rtl/b.sv", ""), ("x.vlt", ""), ("cells.v", "")]);
    for name in ["inc/top.sv", "inc/rtl/c.sv", "more/rtl/b.sv", "more/cells.v", "more/a.v.v"] {
        sandbox.write(name, "");
    }
    assert_eq!(told(&sandbox, "top.sv a.v rtl/b.sv x.vlt -I inc"), "-Iinc x.vlt PAST/top.sv a.v rtl/b.sv");
    assert_eq!(told(&sandbox, "top.sv rtl/b.sv -y inc"), "-y inc PAST/top.sv rtl/b.sv");
    let words = "top.sv a.v rtl/b.sv +incdir+more --library-file cells.v";
    assert_eq!(told(&sandbox, words), "-Imore -v PAST/cells.v top.sv PAST/a.v PAST/rtl/b.sv");
    assert_eq!(told(&sandbox, "inc/top.sv -I inc -I ."), "-Iinc -I. inc/top.sv");
    // A link to the file itself is no other.
    sandbox.sh("ln -sf ../top.sv inc/top.sv").well();
    assert_eq!(told(&sandbox, "top.sv -I inc"), "-Iinc top.sv");
}

#[test]
fn sources_of_a_design_hold_filelists_at_their_place() {
    let toml = "[design.d]\nsources = ['d.vh', '-f l.f', 'z/*.sv', '-F z/own.f']\n";
    let sandbox = project(&[("fud.toml", toml), ("d.vh", ""), ("q.sv", ""), ("l.f", "q.sv +define+A\n")]);
    let sandbox = sandbox.file("z/a.sv", "").file("z/m/b.sv", "").file("z/own.f", "m/b.sv\n");
    assert_eq!(told(&sandbox, "d"), "-DA d.vh q.sv z/a.sv z/m/b.sv");
    sandbox.edit("l.f", "nothing.sv\n");
    let said = sandbox.fudsv("plan d --to out");
    assert!(said.stderr.starts_with("error: no file `nothing.sv`\n  --> l.f:1:1\n"), "{said}");
}

#[test]
fn a_design_may_be_called_as_a_directory() {
    let sandbox = project(&[("fud.toml", "[design.t]\nsources = ['t/*.sv']\n"), ("t/m.sv", "")]);
    assert_eq!(told(&sandbox, "t"), "t/m.sv");
    assert!(sandbox.fudsv("plan fudsv --to out").stderr.contains("`fudsv` is a directory"));
}

#[test]
fn a_hierarchical_build_is_refused_with_the_reason() {
    let sandbox = project(&[("a.sv", ""), ("l.f", "a.sv --hierarchical\n")]);
    sandbox.write("fud.toml", "[design.d]\nsources = ['a.sv']\nargs = ['--hierarchical']\n");
    let reason =
        "Verilator would run make for each block, and the models of some versions fail at the first tick";
    for words in ["plan a.sv --to out -s verilator.args=--hierarchical", "lint d"] {
        let said = sandbox.fudsv(words);
        assert_eq!(said.exit, Some(2), "{said}");
        assert!(said.stderr.starts_with("error: `--hierarchical` is not for `verilator.args`\n"), "{said}");
        assert!(said.stderr.contains(&format!("hint: {reason}")), "{said}");
    }
    for words in ["lint a.sv --hierarchical", "exec --hierarchical a.sv --to out", "run a.sv --hierarchical"]
    {
        let said = sandbox.fudsv(words);
        assert_eq!(said.exit, Some(2), "{said}");
        assert!(
            said.stderr.starts_with("error: `--hierarchical` is an option of Verilator, not of fudsv\n"),
            "{said}"
        );
        assert!(said.stderr.contains(&format!("hint: {reason}")), "{said}");
    }
    // A list may be another flow's: what is left out there changes no result.
    let said = sandbox.fudsv("exec -f l.f --to out -q");
    assert!(
        said.well().stderr.starts_with(&format!("warning: l.f:1: `--hierarchical` is ignored: {reason}")),
        "{said}"
    );
}

#[test]
fn words_of_verilator_are_read_as_what_they_stand_for() {
    let sandbox = project(&[("a.sv", "module a; endmodule\n")]);
    let note = |words: &str| sandbox.fudsv(words).well().stderr.trim_end().to_owned();
    let plain = sandbox.fudsv("plan a.sv --to out --set 'verilator.args+=[\"--bbox-unsup\"]'");
    let typed = sandbox.fudsv("plan a.sv --to out --bbox-unsup");
    assert_eq!((typed.stdout.as_str(), typed.stderr.as_str()), (plain.stdout.as_str(), ""), "{typed}");
    assert_eq!(
        note("plan a.sv --to out --unroll-count 5 -CFLAGS -DK=4 -LDFLAGS -lm --trace-fst --threads 2"),
        ""
    );
    assert_eq!(note("plan a.sv --to out --top-module a"), "");
    let left_out = |typed: &str| format!("note: `{typed}` is ignored: the command says what is built");
    assert_eq!(note("plan a.sv --to out --binary"), left_out("--binary"));
    let linted = format!("{}\n[1/1] lint a\nFinished: no errors, no warnings", left_out("--cc --build"));
    assert_eq!(note("lint a.sv -cc --build"), linted);
    assert_eq!(note("lint a.sv --cc -q"), "");
    let dir = sandbox.fudsv("gen a.sv --to out --Mdir obj_dir");
    assert_eq!(dir.result(), "obj_dir");
}

#[test]
fn what_verilator_is_to_make_becomes_a_state() {
    let sandbox = project(&[("a.sv", "module a; endmodule\n")]);
    let states = [
        ("--cc", "verilated-cpp"),
        ("--cc --build", "static-lib"),
        ("--cc --exe --build", "program"),
        ("--binary", "sim"),
        ("--lint-only", "lint"),
    ];
    for (typed, state) in states {
        let said = sandbox.fudsv(&format!("plan a.sv {typed}"));
        assert_eq!(
            said.stderr.lines().next(),
            Some(&*format!("note: `{typed}` is read as `--to {state}`")),
            "{said}"
        );
    }
}

#[test]
fn an_option_of_verilator_that_means_nothing_here_is_told_where_it_goes() {
    let sandbox = project(&[("a.sv", "")]);
    let refused = |words: &str| {
        let said = sandbox.fudsv(words);
        assert_eq!(said.exit, Some(2), "{said}");
        said.stderr.trim_end().to_owned()
    };
    assert_eq!(
        refused("plan a.sv --to out --prefix Va"),
        "error: `--prefix` is an option of Verilator, not of fudsv\nhint: `verilator.top` names the model"
    );
    assert_eq!(
        refused("plan a.sv --to out --unroll-count"),
        "error: `--unroll-count` is an option of Verilator, not of fudsv\nhint: it needs a value"
    );
    assert_eq!(
        refused("run a.sv --trace"),
        "error: `--trace` does not name a file\nhint: `--trace waves.vcd`"
    );
    assert!(refused("plan a.sv --to out --nonsense").ends_with("For more information, try '--help'."));
    assert!(refused("list states --timing").starts_with("error: unexpected argument '--timing' found"));
}

#[test]
fn flags_for_the_compiler_reach_c_and_cpp() {
    let sandbox = project(&[
        ("a.sv", ""),
        ("d.c", ""),
        ("e.cpp", ""),
        ("l.f", "a.sv d.c e.cpp -CFLAGS \"-DK=4 -std=c++17\"\n"),
    ]);
    let compiled = |words: &str, name: &str| {
        let said = sandbox.fudsv(&format!("exec {words} --to shared-lib -n"));
        let line = said.result().lines().find(|line| line.ends_with(&format!(" {name}")));
        line.unwrap_or_else(|| panic!("{said}")).to_owned()
    };
    for words in ["-f l.f", "a.sv d.c e.cpp -s verilator.args='-CFLAGS \"-DK=4 -std=c++17\"'"] {
        let (c, cpp) = (compiled(words, "d.c"), compiled(words, "e.cpp"));
        assert!(c.contains(" -DK=4 ") && !c.contains("c++17"), "{c}");
        assert!(cpp.contains(" -DK=4 -std=c++17 "), "{cpp}");
    }
}

#[test]
fn a_result_whose_extension_several_states_have_is_noted() {
    let script = "let one = state(\"one\", [\"data\"]);\nlet two = state(\"two\", [\"data\"]);\n\
                  state(\"far\", [\"data\"]);\n\
                  defop a(src: get_state(\"sv\")) >> out: two { shell(`cp ${src} ${out}`); }\n\
                  defop b(src: get_state(\"sv\")) >> out: one { shell(`cp ${src} ${out}`); }\n";
    let sandbox = Sandbox::new().file("fudsv/x.rhai", script).file("a.sv", "");
    let said = sandbox.fudsv("exec a.sv -o x.data");
    let note = "note: `x.data` is taken as `one`; `--to` can say `two` instead\n";
    assert!(said.well().stderr.starts_with(note), "{said}");
    assert!(!sandbox.fudsv("exec a.sv -o x.data --to two").well().stderr.contains("note"));
}

#[test]
fn two_tops_are_named() {
    let module =
        |name: &str| format!("module {name}(input clk, output logic q); assign q = clk; endmodule\n");
    let sandbox = project(&[("a.sv", &module("a")), ("b.sv", &module("b"))]);
    let said = sandbox.fudsv("exec a.sv b.sv --to ports -q");
    assert!(said.stderr.contains("`a` and `b` are tops of the design, and both have a port `clk`"), "{said}");
    assert!(said.stderr.contains("`--top NAME`"), "{said}");
    sandbox.fudsv("exec a.sv b.sv --to ports -q --top b").well();
}

#[test]
fn a_profile_chooses_how_the_model_is_optimized_and_quick_shares_the_runtime_of_dev() {
    let sandbox = Sandbox::new().file("counter.sv", "module counter(input clk); endmodule\n");
    let levels = |profile: &str, object: &str| {
        let words = format!("emit counter.sv --to shared-lib --profile {profile} --set cxx.exe=g++");
        let text = sandbox.fudsv(&words).well().stdout.clone();
        let command = text
            .lines()
            .find(|line| line.contains("  cmd = ") && line.contains(&format!("-o compile_model.{object}.o")));
        let levels = command.unwrap().split(' ').filter(|word| word.starts_with("-O"));
        levels.collect::<Vec<_>>().join(" ")
    };
    let of = |profile: &str| {
        ["counter", "fudsv-runtime", "verilator-runtime"].map(|object| levels(profile, object))
    };
    assert_eq!(of("dev"), ["-O1", "-O1", "-O1 -Og"]);
    assert_eq!(of("quick"), ["-O0", "-O1", "-O1 -Og"]);
    assert_eq!(of("release"), ["-O3", "-O3", "-O3"]);
    assert_eq!(of("pgo"), ["-O3", "-O3", "-O3"]);
}
