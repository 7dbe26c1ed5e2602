//! What the user types and writes into filelists and fud.toml, and what Verilator and the compiler get of it.
//! It does not know how it is read.

use crate::sandbox::{Said, Sandbox, verilators};
use crate::toolchain::own_python;
use insta::assert_snapshot;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What Verilator is told for a request that stops at its C++: the words after those that are always there.
fn told(sandbox: &Sandbox, words: &str) -> String {
    let said = sandbox.fudsv(&format!("exec {words} --to verilated-cpp -n"));
    let line = said.result().to_owned();
    line.split_once(" -Wno-fatal ").unwrap_or_else(|| panic!("{said}")).1.to_owned()
}

/// A project of empty sources.
fn project(names: &[&str]) -> Sandbox {
    names.iter().fold(Sandbox::new(), |sandbox, name| sandbox.file(name, ""))
}

/// The example, copied.
fn soc() -> Sandbox {
    let sandbox = Sandbox::new();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/soc/.");
    let copied = Command::new("cp").arg("-a").arg(from).arg(sandbox.path("")).status().unwrap();
    assert!(copied.success());
    sandbox
}

mod words {
    use super::*;

    #[test]
    fn options_are_verilators_own() {
        let sandbox = project(&["a.sv", "lib/m.v", "cells.v", "x.vlt", "inc/a.svh", "more/b.svh"]);
        let words = "a.sv x.vlt -I inc +incdir+more+inc -DA=1 -D B +define+C=2+D -G W=8 -y lib +libext+.v+.sv \
                     --library-file cells.v --top a";
        assert_eq!(
            told(&sandbox, words),
            "-DC=2 -DD -DA=1 -DB -GW=8 -Imore -Iinc -y lib -v cells.v +libext+.v +libext+.sv x.vlt a.sv"
        );
    }

    #[test]
    fn options_add_to_the_configuration_and_a_set_top_wins() {
        let toml = "[verilator]\ntop = 'a'\ndefines = 'A'\ninclude-dirs = 'inc'\n";
        let sandbox = project(&["a.sv", "inc/a.svh", "sub/b.svh"]).file("fud.toml", toml);
        assert_eq!(told(&sandbox, "a.sv -DB -I sub"), "-DA -DB -Iinc -Isub a.sv");
        let top = |words: &str| {
            let said = sandbox.fudsv(&format!("exec a.sv {words} --to verilated-cpp -n"));
            said.result().split_once("--top-module ").unwrap().1.split(' ').next().unwrap().to_owned()
        };
        assert_eq!((top("--top b"), top("--top b --set verilator.top=c")), ("b".into(), "c".into()));
    }

    #[test]
    fn a_file_given_twice_is_taken_once() {
        let sandbox = project(&["a.sv", "b.sv"]).file("l.f", "a.sv b.sv");
        assert_eq!(told(&sandbox, "b.sv ./a.sv a.sv -f l.f"), "b.sv a.sv");
    }

    #[test]
    fn lists_stand_where_they_were_typed() {
        let sandbox = project(&["a.sv", "b.sv", "c.sv", "d.sv"]).file("l.f", "b.sv").file("m.f", "d.sv");
        assert_eq!(told(&sandbox, "a.sv -f l.f c.sv -F m.f"), "a.sv b.sv c.sv d.sv");
    }

    #[test]
    fn what_is_no_source_is_said() {
        let sandbox =
            project(&["a.sv", "rtl/b.sv", "l.f"]).file("fud.toml", "[design.core]\nsources = 'a.sv'\n");
        let said = |words: &str| sandbox.fudsv(&format!("plan {words} --to ports")).to_string();
        assert_snapshot!(said("rtl"), @"
        exit 2
        --- stderr
        error: `rtl` is a directory
        hint: name files: `rtl/*.sv`
        ");
        assert_snapshot!(said("l.f"), @"
        exit 2
        --- stderr
        error: no state has files that end in `.f`, as `l.f` does
        hint: `-f l.f` reads it as a filelist
        ");
        assert_snapshot!(said("cor"), @"
        exit 2
        --- stderr
        error: no file and no design is called `cor`
        hint: did you mean `core`?
        ");
        assert_snapshot!(said("-f no.f"), @"
        exit 2
        --- stderr
        error: no filelist `no.f`
        ");
    }

    #[test]
    fn what_only_fudsv_decides_is_refused_in_args() {
        let sandbox = project(&["a.sv"])
            .file("fud.toml", "[verilator]\nargs = '-Wall --x-assign fast --Mdir obj_dir'\n");
        assert_snapshot!(sandbox.fudsv("plan a.sv --to ports"), @"
        exit 2
        --- stderr
        error: `--Mdir` is not for `verilator.args`
          set by: /sandbox/project/fud.toml
        hint: `--dir` chooses the build directory
        ");
    }
}

mod lists {
    use super::*;

    #[test]
    fn what_is_relative_to_what_is_verilators_rule() {
        let sandbox =
            project(&["top.sv", "sub/in.sv", "sub/deep/d.sv", "here.sv", "inc/x.svh", "sub/inc/y.svh"])
                .file("all.f", "top.sv -F sub/own.f +incdir+inc+missing")
                .file("sub/own.f", "in.sv +incdir+inc -f cwd.f -F deep/own.f")
                .file("sub/cwd.f", "here.sv")
                .file("sub/deep/own.f", "d.sv");
        let ours = told(&sandbox, "-f all.f");
        assert_eq!(ours, "-Isub/inc -Iinc top.sv sub/in.sv here.sv sub/deep/d.sv");
    }

    #[test]
    fn verilator_reads_every_list_as_we_do() {
        let module = |name: &str| format!("module {name}(output int o); assign o = `V_{name}; endmodule\n");
        let list = "// comment\n# comment\n/* two\nlines */ \"a b.sv\" sub//$(NAME).sv +define+V_ab=1+V_c=8'hff\n\
                    +define+V_d='\"x\"' -DV_e=2 -F sub/own.f -Wno-DECLFILENAME\n";
        let sandbox = Sandbox::new()
            .file("a b.sv", &module("ab"))
            .file("sub/c.sv", &module("c"))
            .file("sub/e.sv", &module("e"))
            .file("sub/own.f", "e.sv // last\n")
            .file("l.f", list)
            .var("NAME", "c");
        assert_eq!(
            told(&sandbox, "-f l.f"),
            r#"-DV_ab=1 '-DV_c=8'\''hff' '-DV_d="x"' -DV_e=2 -Wno-DECLFILENAME 'a b.sv' sub/c.sv sub/e.sv"#
        );
        for verilator in verilators() {
            let exe = verilator.split_once('=').map(|(_, value)| value.trim_end_matches('\''));
            let program = match exe.and_then(|exe| exe.split_once("/bin/")) {
                Some((root, bin)) => {
                    let exe = format!("{root}/bin/{bin}");
                    format!(
                        "VERILATOR_ROOT={} {}",
                        crate::sandbox::quoted(root),
                        crate::sandbox::quoted(&exe)
                    )
                }
                None => "verilator".to_owned(),
            };
            let theirs = sandbox.sh(&format!("{program} -E -P -f l.f"));
            let ours = sandbox.sh(&format!("{program} -E -P {}", told(&sandbox, "-f l.f")));
            assert_eq!(ours.result(), theirs.result(), "{program}");
            assert!(ours.result().contains("assign o = 8'hff;"), "{ours}");
        }
    }

    #[test]
    fn waivers_and_cpp_are_told_by_their_suffix_and_others_words_are_left_out() {
        let sandbox = project(&["a.sv", "b.vp", "x.vlt", "sub/m.cpp"]).file(
            "l.f",
            "a.sv b.vp x.vlt -sverilog +vcs+lic+wait --Mdir obj --x-assign fast -CFLAGS '\"-DX -O2\"' --top-module a",
        );
        let said = sandbox.fudsv("exec -f l.f --to verilated-cpp --dir out -n");
        let command =
            "--Mdir out/a.verilated --prefix Va --top-module a -Wno-fatal --x-assign fast x.vlt a.sv b.vp\n";
        assert!(said.well().stdout.ends_with(command), "{said}");
        assert_snapshot!(said.stderr, @r#"
        warning: l.f:1: `-sverilog` is ignored: Verilator has no such option
        warning: l.f:1: `+vcs+lic+wait` is ignored: Verilator has no such option
        warning: l.f:1: `--Mdir` is ignored: `--dir` chooses the build directory
        "#);
    }

    #[test]
    fn what_is_wrong_is_shown_where_it_stands() {
        let sandbox = Sandbox::new()
            .file("a.f", "// first\n-f b.f\n")
            .file("b.f", "  -f a.f\n")
            .file("missing.f", "x.sv\n${NO_SUCH_DIR}/y.sv\n")
            .file("x.sv", "")
            .file("star.f", "rtl/*.sv\n")
            .file("value.f", "-l log.txt\n");
        let said = |list: &str| sandbox.fudsv(&format!("plan -f {list} --to ports")).to_string();
        assert_snapshot!(said("a.f"), @"
        exit 2
        --- stderr
        error: the filelist `a.f` names itself
          --> b.f:1:3
          |
        1 |   -f a.f
          |   ^^
          circle: a.f → b.f → a.f
        ");
        assert_snapshot!(said("missing.f"), @"
        exit 2
        --- stderr
        error: no file `${NO_SUCH_DIR}/y.sv`
          --> missing.f:2:1
          |
        2 | ${NO_SUCH_DIR}/y.sv
          | ^^^^^^^^^^^^^^^^^^^
        hint: the environment variable `NO_SUCH_DIR` is not set
        ");
        assert_snapshot!(said("star.f"), @"
        exit 2
        --- stderr
        error: this comment is never closed
          --> star.f:1
          |
        1 | rtl/*.sv
        hint: in a filelist `/*` begins a comment, also in `rtl/*.sv`: filelists have no patterns
        ");
        assert_snapshot!(said("value.f"), @"
        exit 2
        --- stderr
        error: no file `log.txt`
          --> value.f:1:4
          |
        1 | -l log.txt
          |    ^^^^^^^
        hint: it follows `-l`, which Verilator does not know: is it a value of that option?
        ");
    }

    #[test]
    fn a_changed_list_or_variable_is_noticed_also_by_plain_ninja() {
        let module = "module m; endmodule\n";
        let sandbox = Sandbox::new()
            .file("l.f", "$DIR/a.sv\n")
            .file("one/a.sv", module)
            .file("two/a.sv", "module m(input a); endmodule\n")
            .file("b.sv", "module b; endmodule\n")
            .var("DIR", "one");
        let exec = "exec -f l.f --to verilated-cpp --dir out";
        sandbox.fudsv(exec).well();
        assert_eq!(sandbox.fudsv(exec).well().stderr, "Up to date\n");
        let sandbox = sandbox.var("DIR", "two");
        assert_eq!(sandbox.fudsv(exec).well().stderr, "[1/1] verilate l\nFinished: 1 step ran\n");
        sandbox.edit("l.f", "$DIR/a.sv b.sv\n");
        assert!(sandbox.ninja("out", "").result().contains("verilate l"));
        assert_eq!(sandbox.fudsv(exec).well().stderr, "Up to date\n");
    }
}

mod packages {
    use super::*;

    const USER: &str = "module a(output p::t y); assign y = 3; endmodule\n";

    #[test]
    fn packages_come_before_their_users_and_the_rest_keeps_its_order() {
        let sandbox = Sandbox::new()
            .file("z.sv", "module z; endmodule\n")
            .file("a.sv", USER)
            .file("p.sv", "package p; import q::*; typedef word t; endpackage\n")
            .file("q.sv", "package q; typedef logic [1:0] word; endpackage\n");
        assert_eq!(told(&sandbox, "z.sv a.sv p.sv q.sv"), "z.sv q.sv p.sv a.sv");
        assert_eq!(told(&sandbox, "z.sv a.sv p.sv q.sv -s verilator.order=given"), "z.sv a.sv p.sv q.sv");
        for verilator in verilators() {
            sandbox.fudsv(&format!("exec a.sv p.sv q.sv --to verilated-cpp {verilator}")).well();
        }
    }

    #[test]
    fn an_edit_that_changes_the_order_is_noticed_and_another_makes_no_new_plan() {
        let sandbox = Sandbox::new()
            .file("a.sv", "module a(output logic y); assign y = 1; endmodule\n")
            .file("p.sv", "package p; typedef logic t; endpackage\n");
        let exec = "exec a.sv p.sv --to verilated-cpp";
        sandbox.fudsv(exec).well();
        sandbox.edit("a.sv", "module a(output logic y); assign y = 0; endmodule\n");
        // Ninja 1.13 also counts that it looked at a new `build.ninja`.
        let one_step = |said: &Said| said.well().stderr.ends_with("] verilate a\nFinished: 1 step ran\n");
        let said = sandbox.fudsv(exec);
        assert!(one_step(&said), "{said}");
        sandbox.edit("a.sv", "module a(output p::t y); assign y = 0; endmodule\n");
        let said = sandbox.fudsv(exec);
        assert!(one_step(&said), "{said}");
        assert_eq!(sandbox.fudsv(exec).well().stderr, "Up to date\n");
    }
}

mod names {
    use super::*;

    fn workdir(sandbox: &Sandbox, words: &str) -> String {
        sandbox.fudsv(&format!("gen {words} --to verilated-cpp")).result().to_owned()
    }

    #[test]
    fn a_build_directory_is_named_after_design_top_or_first_file_and_its_options() {
        let toml = "[design.core]\nsources = 'rtl/*.sv'\ntop = 'b'\n";
        let sandbox = project(&["a.sv", "b.sv", "rtl/r.sv"]).file("l.f", "a.sv").file("fud.toml", toml);
        assert_eq!(workdir(&sandbox, "a.sv"), ".fudsv/a-verilated-cpp");
        assert_eq!(workdir(&sandbox, "a.sv b.sv"), ".fudsv/a-verilated-cpp");
        assert_eq!(workdir(&sandbox, "a.sv b.sv --top b"), ".fudsv/b-verilated-cpp");
        assert_eq!(workdir(&sandbox, "core"), ".fudsv/core-verilated-cpp");
        assert!(workdir(&sandbox, "-f l.f").starts_with(".fudsv/l-verilated-cpp-"));
        let options = ["-DA", "-DA=1", "-GA", "-I rtl", "-y rtl", "+define+A", "--library-file b.sv"];
        let mut seen: Vec<String> =
            options.iter().map(|option| workdir(&sandbox, &format!("a.sv {option}"))).collect();
        seen.push(workdir(&sandbox, "core --top a"));
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), count, "{seen:?}");
        assert!(seen.iter().all(|dir| dir.contains("-verilated-cpp")), "{seen:?}");
        let tagged = workdir(&sandbox, "a.sv -GW=4 -DA=1/2 -s verilator.timing=true -I rtl");
        let digest = tagged.strip_prefix(".fudsv/a-verilated-cpp@A=1_2,W=4-").unwrap();
        assert_eq!(digest.len(), 8, "{tagged}");
    }
}

mod designs {
    use super::*;

    /// The sources of the example, each package before its first user.
    const CORE: &str = "rtl/accumulator.sv rtl/adder.sv rtl/soc_pkg.sv rtl/alu_pkg.sv rtl/alu.sv rtl/decoder.sv \
        rtl/program_counter.sv rtl/shifter.sv rtl/soc.sv";

    #[test]
    fn a_design_is_built_by_its_name_and_a_new_file_is_noticed() {
        let sandbox = soc();
        let plan = sandbox.fudsv("plan soc");
        let files = format!("lint.vlt {CORE}");
        let first = format!("verilate: {files} -> .fudsv/soc-shared-lib/soc.verilated\n");
        assert!(plan.result().starts_with(&first), "{plan}");
        sandbox.fudsv("gen soc").well();
        sandbox.write("rtl/more.sv", "module more; endmodule\n");
        sandbox.ninja(".fudsv/soc-shared-lib", "build.ninja").well();
        assert!(sandbox.read(".fudsv/soc-shared-lib/build.ninja").contains("rtl/more.sv"));
    }

    #[test]
    fn what_the_wanted_state_does_not_need_of_a_design_is_left_out_but_a_typed_file_is_not() {
        let sandbox = soc();
        let plan = sandbox.fudsv("plan tb_b --to lint");
        let files = format!("lint.vlt {CORE} tb/tb_b.sv");
        assert!(plan.result().starts_with(&format!("lint: {files} -> ")), "{plan}");
        sandbox.write("all.f", "-f rtl/soc.f tb/tb_b.sv dpi/reference.cpp");
        assert!(
            sandbox
                .fudsv("plan -f all.f --top tb_b --to lint")
                .result()
                .starts_with(&format!("lint: {files} -> "))
        );
        assert_snapshot!(sandbox.fudsv("plan -f rtl/soc.f tb/tb_b.sv dpi/reference.cpp --top tb_b --to lint"), @"
        exit 2
        --- stderr
        error: no op of the plan takes the given file `dpi/reference.cpp`
          plan: lint
        hint: leave it out, or name its state with `--from`
        ");
    }

    #[test]
    fn the_same_design_is_built_from_below_the_project() {
        let sandbox = soc();
        assert_eq!(sandbox.fudsv_in("rtl", "gen soc").result(), "../.fudsv/soc-shared-lib");
        let below = sandbox.read(".fudsv/soc-shared-lib/build.ninja");
        sandbox.fudsv("gen soc").well();
        assert_eq!(below, sandbox.read(".fudsv/soc-shared-lib/build.ninja"));
    }

    #[test]
    fn a_misspelt_key_of_a_design_and_a_pattern_without_files_are_said() {
        let sandbox = project(&["a.sv"])
            .file("fud.toml", "[design.a]\nsource = 'a.sv'\n[design.b]\nsources = 'x/*.sv'\n");
        assert_snapshot!(sandbox.fudsv("plan a --to ports"), @"
        exit 2
        --- stderr
        error: no key of a design is called `source`
          set by: /sandbox/project/fud.toml
        hint: did you mean `sources`?
        ");
        assert_snapshot!(sandbox.fudsv("plan b --to ports"), @"
        exit 2
        --- stderr
        error: no file matches `x/*.sv`
          set by: `design.b.sources` (/sandbox/project/fud.toml)
        ");
    }

    #[test]
    fn the_example_works_with_every_verilator() {
        let sandbox = soc();
        for verilator in verilators() {
            let linted = sandbox.fudsv(&format!("lint soc {verilator}"));
            assert!(linted.well().stderr.ends_with("Finished: no errors, no warnings\n"), "{linted}");
            let tested = sandbox.fudsv(&format!("test -q {verilator}"));
            assert_eq!(tested.result().matches(" passed ").count(), 2, "{tested}");
            let library = sandbox.fudsv(&format!("build soc {verilator} -q")).result().to_owned();
            let driver = "
import ctypes, sys
soc = ctypes.CDLL(sys.argv[1])
soc.soc_new.restype = ctypes.c_void_p
model = ctypes.c_void_p(soc.soc_new())
soc.soc_set_rst(model, 1), soc.soc_tick(model), soc.soc_set_rst(model, 0)
for instr in [0x25, 0xa3, 0x45, 0x63, 0x00]:
    soc.soc_set_instr(model, instr), soc.soc_tick(model)
print(soc.soc_get_acc(model), soc.soc_get_pc(model), soc.soc_get_halted(model))
";
            assert_eq!(python(driver, &sandbox.path(&library)), "42 4 1");
        }
    }
}

/// What a Python program prints.
fn python(program: &str, library: &Path) -> String {
    let output = own_python().args(["-c", program]).arg(library).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

mod cxx {
    use super::*;

    const TOP: &str = "module top(input logic clk, input int a, output int y);
    import \"DPI-C\" function int in_cpp(input int a);
    import \"DPI-C\" function int in_c(input int a);
    import \"DPI-C\" function int in_object(input int a);
    always_ff @(posedge clk) y <= in_cpp(a) + in_c(a) + in_object(a);
endmodule
";

    #[test]
    fn dpi_functions_in_cpp_c_and_an_archive_are_linked_in() {
        let macros = "#if VM_TRACE || VM_COVERAGE || VM_SC\n#error\n#endif\n#if !defined VM_TRACE_FST\n#error\n#endif\n";
        let cpp = "#include \"Vtop__Dpi.h\"\n#include \"ours.h\"\n#include <cmath>\nint in_cpp(int a) { return OURS * a; }\n";
        let sandbox = Sandbox::new()
            .file("top.sv", TOP)
            .file("a b/dpi.cpp", &format!("{macros}{cpp}"))
            .file("inc/ours.h", "#define OURS 100\n")
            .file("dpi.c", &format!("{macros}{}", "#include <svdpi.h>\n#include <math.h>\nint in_c(int class) { return 10 * (int)fabs(class); }\n"))
            .file("object.c", "int in_object(int a) { return a; }\n");
        sandbox.sh("gcc -fPIC -c object.c -o object.o && ar rcs libobject.a object.o").well();
        let driver = "
import ctypes, sys
top = ctypes.CDLL(sys.argv[1])
top.top_new.restype = ctypes.c_void_p
model = ctypes.c_void_p(top.top_new())
top.top_set_a(model, 3), top.top_tick(model)
print(top.top_get_y(model))
";
        let exec = "exec top.sv 'a b/dpi.cpp' dpi.c libobject.a --to shared-lib -s cxx.include-dirs=inc -s cxx.libs=m";
        for verilator in verilators() {
            let library = sandbox.fudsv(&format!("{exec} {verilator} -q")).result().to_owned();
            assert_eq!(python(driver, &sandbox.path(&library)), "333");
        }
        sandbox.edit("inc/ours.h", "#define OURS 200\n");
        let said = sandbox.fudsv(exec);
        assert!(said.well().stderr.ends_with("Finished: 3 steps ran\n"), "{said}");
        sandbox.edit("top.sv", &TOP.replace("y <=", "y <= 1 +"));
        let said = sandbox.fudsv(exec);
        assert!(!said.well().stderr.contains("dpi.cp"), "{said}");
    }
}

mod untrusted {
    use super::*;

    fn said(toml: &str, list: &str) -> String {
        let sandbox = project(&["a.sv"]).file("fud.toml", toml).file("l.f", list);
        sandbox.fudsv("plan -f l.f --to verilated-cpp --untrusted").to_string()
    }

    #[test]
    fn nothing_of_the_project_starts_a_program() {
        assert!(
            said("[verilator]\nargs = '-Wall'\n[cxx]\nflags = '-O2'\n", "a.sv -CFLAGS -O2")
                .starts_with("exit 0")
        );
        assert_snapshot!(said("", "a.sv\n--pipe-filter \"touch x; cat\"\n"), @r#"
        exit 2
        --- stderr
        error: `--pipe-filter` starts a program
          --> l.f:2:1
          |
        2 | --pipe-filter "touch x; cat"
          | ^^^^^^^^^^^^^
        hint: `--untrusted` was given: leave it out for projects that you trust
        "#);
        assert_snapshot!(said("[ninja]\nexe = './n'\n", "a.sv"), @"
        exit 2
        --- stderr
        error: `ninja.exe` names a program
          set by: `ninja.exe` (/sandbox/project/fud.toml)
        hint: `--untrusted` was given: leave it out for projects that you trust
        ");
        for toml in [
            "plugins = ['x.rhai']\n",
            "build-dir = '../x'\n",
            "[verilator]\nexe = './v'\n",
            "[verilator]\nargs = '--gdb'\n",
            "[verilator]\nargs = '-f x.f'\n",
            "[cxx]\nflags = '-fplugin=x.so'\n",
            "[cxx]\nldflags = ['@flags']\n",
            "[design.d]\ncxx-flags = '-B.'\n",
        ] {
            assert!(said(toml, "a.sv").contains("`--untrusted` was given"), "{toml}");
        }
        assert!(said("", "a.sv -CFLAGS -fplugin=x.so").contains("l.f:1:6"));
    }

    #[test]
    fn a_projects_plugin_is_refused_and_ones_own_is_not() {
        let sandbox = project(&["a.sv"]).file("fudsv/mine.rhai", "");
        assert!(
            sandbox
                .fudsv("plan a.sv --to ports --untrusted")
                .stderr
                .contains("a project's plugin runs programs")
        );
        let sandbox = project(&["a.sv"]).file("mine.rhai", "");
        sandbox.fudsv("plan a.sv --to ports --untrusted --plugin ./mine.rhai").well();
    }
}

mod real {
    use super::*;

    /// The sources of a core out of its Python package.
    fn package(name: &str) -> PathBuf {
        let program = format!("import pythondata_cpu_{name} as p; print(p.data_location)");
        PathBuf::from(python(&program, Path::new("")))
    }

    #[test]
    fn ibex_is_verilated_from_a_filelist_with_variables() {
        let root = package("ibex");
        let list = "+incdir+${IBEX}/vendor/lowrisc_ip/ip/prim/rtl+${IBEX}/vendor/lowrisc_ip/dv/sv/dv_utils
+define+RV32M=ibex_pkg::RV32MFast+RV32B=ibex_pkg::RV32BNone+RegFile=ibex_pkg::RegFileFF
+libext+.sv -y ${IBEX}/rtl -y ${IBEX}/dv/uvm/core_ibex/common/prim
-y ${IBEX}/vendor/lowrisc_ip/ip/prim_generic/rtl -y ${IBEX}/vendor/lowrisc_ip/ip/prim/rtl
-F ${IBEX}/rtl/ibex_core.f $(IBEX)/rtl/ibex_top.sv // the packages come last, and are moved
-F prims.f --top-module ibex_top
";
        let prims = ["prim_secded", "prim_count", "prim_util", "prim_mubi", "prim_cipher", "prim_ram_1p"];
        let prims = prims.map(|name| format!("${{IBEX}}/vendor/lowrisc_ip/ip/prim/rtl/{name}_pkg.sv\n"));
        let more = "${IBEX}/dv/uvm/core_ibex/common/prim/prim_pkg.sv\n";
        let sandbox = Sandbox::new().file("ibex.f", list).file("prims.f", &(prims.concat() + more));
        let sandbox = sandbox.var("IBEX", root.to_str().unwrap());
        for verilator in verilators() {
            sandbox.fudsv(&format!("exec -f ibex.f --to verilated-cpp -q {verilator}")).well();
        }
    }

    #[test]
    fn serv_is_built_from_its_files() {
        let rtl = package("serv").join("rtl");
        let sandbox = Sandbox::new();
        let files = sandbox.sh(&format!("ls {}/*.v | tr '\\n' ' '", rtl.display())).result().to_owned();
        for verilator in verilators() {
            sandbox.fudsv(&format!("exec {files} --top serv_rf_top --to shared-lib -q {verilator}")).well();
        }
    }
}
