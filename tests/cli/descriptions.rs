//! Designs as other tools describe them: EDAM is read, filelists and EDAM are written.
//! It does not know those tools.

use crate::sandbox::{Sandbox, which};
use crate::toolchain::{of_package, optional_tool};
use insta::assert_snapshot;

/// What FuseSoC would write for a bench, from a directory of its own.
const EDAM: &str = "name: tb
files:
- {name: ../the rtl/width.svh, file_type: systemVerilogSource, is_include_file: true}
- {name: ../the rtl/adder.sv, file_type: systemVerilogSource}
- {name: ../tb.sv, file_type: systemVerilogSource, core: 'x:y:tb'}
- {name: ../pins.xdc, file_type: xdc}
parameters:
  FROM: {datatype: int, default: 40, paramtype: vlogparam}
  SYNTHESIS: {datatype: bool, default: true, paramtype: vlogdefine}
  expect: {datatype: int, default: 42, paramtype: plusarg}
toplevel: tb
tool_options:
  verilator: {verilator_options: [-Wno-WIDTH]}
";

fn project() -> Sandbox {
    Sandbox::new()
        .file("work/tb.eda.yml", EDAM)
        .file("pins.xdc", "")
        .file("the rtl/width.svh", "`define STEP 2\n")
        .file(
            "the rtl/adder.sv",
            "`include \"width.svh\"\nmodule adder(input [7:0] a, output [7:0] y);\n  assign y = a + `STEP;\nendmodule\n",
        )
        .file(
            "tb.sv",
            "module tb #(parameter FROM = 0);\n  wire [7:0] y; integer expected;\n  \
             adder dut(.a(8'(FROM)), .y(y));\n  initial begin\n    \
             if (!$value$plusargs(\"expect=%d\", expected)) $fatal(1, \"no plusarg\");\n    \
             #1 if (32'(y) != expected) $fatal(1, \"got %0d\", y); else $finish;\n  end\nendmodule\n",
        )
}

#[test]
fn edam_is_a_design_on_the_command_line_and_in_a_section() {
    let sandbox = project().file("fud.toml", "[design.tb]\nedam = 'work/tb.eda.yml'\nto = 'sim'\n");
    let plan = sandbox.fudsv("plan work/tb.eda.yml --to lint");
    assert!(plan.well().stdout.starts_with("lint: the rtl/adder.sv tb.sv -> "), "{plan}");
    let linted = sandbox.fudsv("exec work/tb.eda.yml --to lint");
    assert!(
        linted.stderr.contains("warning: `../pins.xdc` is ignored: Verilator reads no `xdc`"),
        "{linted}"
    );
    let dry = sandbox.fudsv("exec work/tb.eda.yml --to lint -n");
    for word in ["--top-module tb", "-DSYNTHESIS=1", "-GFROM=40", "-I'the rtl'", "-Wno-WIDTH"] {
        assert!(dry.stdout.contains(word), "{word}: {dry}");
    }
    sandbox.fudsv("run tb -q").well();
    assert!(sandbox.fudsv("run tb").well().stderr.contains("Up to date"));
    sandbox.write("the rtl/width.svh", "`define STEP 3\n");
    let said = sandbox.fudsv("run work/tb.eda.yml -q");
    assert_eq!(said.exit, Some(1), "{said}");
    assert!(said.stderr.contains("got 43"), "{said}");
    sandbox.write("work/tb.eda.yml", &EDAM.replace("default: 40", "default: 39"));
    sandbox.fudsv("run tb -q").well();
}

#[test]
fn a_description_that_is_wrong_is_told_with_its_line() {
    let sandbox =
        project().file("bad.eda.yml", "name: x\nfiles: 7\n").file("fud.toml", "[design.d]\nedam = 'x.yml'\n");
    sandbox.write("gone.eda.yml", "files:\n- {name: a.sv, file_type: systemVerilogSource}\n");
    let refused = |words: &str| {
        let said = sandbox.fudsv(words);
        assert_eq!(said.exit, Some(2), "{said}");
        said.stderr
    };
    assert!(refused("lint bad.eda.yml").contains("--> bad.eda.yml:2:"));
    let gone = refused("lint gone.eda.yml");
    assert!(gone.starts_with("error: no file `a.sv`\n  --> gone.eda.yml:2:"), "{gone}");
    assert!(refused("lint none.eda.yml").contains("no filelist `none.eda.yml`"));
    assert!(refused("lint d").contains("FuseSoC calls it NAME.eda.yml"));
}

#[test]
fn an_untrusted_description_leads_nowhere_outside_and_starts_nothing() {
    let sandbox = project();
    sandbox.write("out.eda.yml", "files:\n- {name: ../../etc/x.sv, file_type: verilogSource}\n");
    sandbox.write("start.eda.yml", "tool_options: {verilator: {verilator_options: ['--pipe-filter ./x']}}\n");
    for file in ["out", "start"] {
        let said = sandbox.fudsv(&format!("lint {file}.eda.yml tb.sv --untrusted"));
        assert_eq!(said.exit, Some(2), "{said}");
        assert!(said.stderr.contains(&format!("{file}.eda.yml")), "{said}");
    }
}

#[test]
fn a_design_is_exported_as_a_filelist_and_as_edam_that_say_the_same() {
    let sandbox = project();
    let list = sandbox.fudsv("export filelist work/tb.eda.yml -DWIDE");
    let expected =
        "--top tb\n-DSYNTHESIS=1\n-DWIDE\n-GFROM=40\n+incdir+the\\ rtl\nthe\\ rtl/adder.sv\ntb.sv\n";
    assert_eq!(list.well().stdout, expected);
    sandbox.fudsv("export filelist work/tb.eda.yml -o all.f -q").well();
    sandbox.fudsv("export edam -f all.f -o all.eda.yml -q").well();
    let words = |of: &str| {
        let dry = sandbox.fudsv(&format!("exec {of} --to lint -n --dir d")).well().stdout.clone();
        dry.lines().last().unwrap().split(" 2>&1").next().unwrap().replace("-Wno-WIDTH ", "")
    };
    assert_eq!(words("all.eda.yml"), words("-f all.f"));
    assert_eq!(words("-f all.f"), words("work/tb.eda.yml"));
    let nothing = sandbox.fudsv("export filelist");
    assert!(nothing.stderr.contains("hint: name a design of `fud.toml`, or files"), "{nothing}");
}

#[test]
fn what_is_beside_the_project_is_exported_by_relative_paths_like_all_the_rest() {
    let sandbox = Sandbox::new()
        .file("p/rtl/a.sv", "")
        .file("lib/b.sv", "")
        .file("lib/inc/w.svh", "")
        .file("lib/cells/c.sv", "")
        .file(
            "p/fud.toml",
            "[design.d]\nsources = ['rtl/a.sv', '../lib/b.sv']\ninclude-dirs = ['../lib/inc', '/usr/include']\n\
             library-dirs = '../lib/cells'\n",
        );
    let list = "+incdir+../lib/inc\n+incdir+/usr/include\n-y ../lib/cells\nrtl/a.sv\n../lib/b.sv\n";
    for dir in ["p", "p/rtl"] {
        assert_eq!(sandbox.fudsv_in(dir, "export filelist d").well().stdout, list);
    }
}

#[test]
fn sources_in_other_languages_are_compiled_also_in_lists_and_descriptions() {
    let files = "- {name: a.sv, file_type: systemVerilogSource}\n- {name: b.vhd, file_type: vhdlSource-2008}\n\
                 - {name: c.veryl, file_type: user}\n- {name: d.spade, file_type: spadeSource}\n";
    let sandbox = Sandbox::new()
        .file("all.f", "a.sv b.vhd c.veryl d.spade")
        .file("all.eda.yml", &format!("files:\n{files}toplevel: a\n"));
    for name in ["a.sv", "b.vhd", "c.veryl", "d.spade"] {
        sandbox.write(name, "");
    }
    for words in ["-f all.f --top a", "all.eda.yml"] {
        let plan = sandbox.fudsv(&format!("plan {words} --to lint")).well().stdout.clone();
        for op in [
            "synthesize_vhdl: b.vhd",
            "compile_veryl: c.veryl",
            "compile_spade: d.spade",
            "lint: a.sv .fudsv/",
        ] {
            assert!(plan.contains(op), "{op}: {plan}");
        }
    }
}

#[test]
fn a_tool_that_describes_is_named_when_it_is_missing_too_old_or_stumbles() {
    let sandbox = Sandbox::new()
        .file("fud.toml", "[design.d]\nfusesoc = 'a:b:c'\n[design.e]\nbender = '.'\n")
        .file("Bender.yml", "package: {name: e}\nsources: [e.sv]\n")
        .file("e.sv", "module e; endmodule\n")
        .tool("fusesoc", "echo \"fusesoc: error: unrecognized arguments: --no-export\" >&2; exit 2")
        .tool("bender", "echo \"error: unexpected argument '--local' found\" >&2; exit 2");
    assert_snapshot!(sandbox.fudsv("lint d"), @"
    exit 2
    --- stderr
    error: `fusesoc` cannot say what this design consists of (exit code 2)
      fusesoc: error: unrecognized arguments: --no-export
      in:     /sandbox/project
      set by: `design.d.fusesoc` (/sandbox/project/fud.toml)
    hint: fudsv needs FuseSoC 2.4 or newer; `pip install 'fusesoc>=2.4'` installs it; `fusesoc.exe` in fud.toml names another path
    ");
    let bender = sandbox.fudsv("lint e");
    assert!(bender.stderr.contains("hint: fudsv needs Bender 0.32 or newer"), "{bender}");
    let missing = sandbox.fudsv("lint e -s bender.exe=none");
    assert_eq!(missing.exit, Some(3), "{missing}");
    assert!(
        missing.stderr.starts_with("error: `bender` is not installed\n  looked for: `none` on PATH\n"),
        "{missing}"
    );
    assert!(missing.stderr.contains("hint: `cargo install --locked bender` installs it"), "{missing}");
    let trace = "printf 'Traceback (most recent call last):\\n  File \"x\", line 1\\n    f()\\nValueError: a circle\\na -> b\\n' >&2; exit 1";
    let said = sandbox.tool("fusesoc", trace).fudsv("lint d");
    assert!(said.stderr.starts_with("error: `fusesoc` cannot say what this design consists of (exit code 1)\n  ValueError: a circle\n  a -> b\n  in:"), "{said}");
}

/// A copy of serv as PyPI has it, with FuseSoC's core files, and a `fusesoc` that counts how often it is started.
fn serv(settings: &str) -> Sandbox {
    let sandbox = Sandbox::new().file("fud.toml", settings);
    let from = of_package("serv", ".");
    sandbox.sh(&format!("cp -r '{}' serv", from.display())).well();
    let real = which("fusesoc");
    sandbox.tool("fusesoc", &format!("echo >> \"$COUNT\"; exec '{}' \"$@\"", real.display()))
}

#[test]
fn a_core_of_fusesoc_is_a_design_with_the_files_that_fusesoc_gives_it() {
    let sandbox =
        serv("[design.serv]\nfusesoc = { core = 'servant', target = 'verilator_tb', cores-root = 'serv' }\n");
    let sandbox = sandbox.var("COUNT", "count");
    let count = || sandbox.sh("cat count */count .fudsv/count 2> /dev/null | wc -l").stdout.trim().to_owned();
    let looked = sandbox.fudsv("plan serv --to lint");
    assert_snapshot!(looked, @"
    exit 2
    --- stderr
    error: `fusesoc` has to be asked what this design consists of
      set by: `design.serv.fusesoc.core` (/sandbox/project/fud.toml)
    hint: `fudsv plan --probe` runs it; so do builds and `fudsv gen`
    ");
    let refused = sandbox.fudsv("plan serv --to lint --probe --untrusted");
    assert!(refused.stderr.contains("starts a program"), "{refused}");
    assert_eq!(count(), "0");
    let probed = sandbox.fudsv("plan serv --to lint --probe");
    assert!(probed.well().stdout.starts_with("lint: serv/"), "{probed}");
    // What it said is kept, for whatever comes next.
    sandbox.fudsv("explain serv --to lint").well();
    sandbox.fudsv("gen serv --to lint").well();
    assert_eq!(count(), "1");
    let listed = sandbox.fudsv("export filelist serv");
    let ours: Vec<&str> = listed.well().stdout.lines().filter(|line| line.ends_with(".v")).collect();
    let theirs = sandbox.sh("cat .fudsv/.descriptions/*/*.vc").stdout;
    let theirs: Vec<&str> = theirs.lines().filter_map(|line| line.strip_prefix("../../../")).collect();
    let theirs: Vec<&str> = theirs.into_iter().filter(|line| line.ends_with(".v")).collect();
    assert_eq!((ours.len(), ours), (24, theirs));
    // What it reads is watched, and nothing else starts it.
    for (edit, starts) in [
        ("true", "1"),
        ("echo '// x' >> serv/rtl/serv_top.v", "1"),
        ("echo '# x' >> serv/serv.core", "2"),
        ("cp serv/serving.core more.core && mv more.core serv/data", "3"),
        // What a run left that was killed.
        ("rm -r .fudsv/.descriptions/*; mkdir .fudsv/.descriptions/.fudsv-tmp.x.2147483647", "4"),
    ] {
        sandbox.sh(edit).well();
        sandbox.fudsv("lint serv -q").well();
        assert_eq!(count(), starts, "{edit}");
        sandbox.fudsv("plan serv --to lint").well();
        assert_eq!(count(), starts, "{edit}");
    }
    assert_eq!(
        sandbox.sh("ls -A .fudsv/.descriptions | wc -l").stdout.trim(),
        "1",
        "a killed run leaves a directory"
    );
    assert_snapshot!(sandbox.fudsv("lint serv --untrusted"), @"
    exit 2
    --- stderr
    error: `design.serv.fusesoc.core` starts a program, which may run code of the project
      set by: `design.serv.fusesoc.core` (/sandbox/project/fud.toml)
    hint: `--untrusted` was given: leave it out for projects that you trust
    ");
    // The core itself, without a section; its main program is C++.
    sandbox.sh("rm fud.toml").well();
    sandbox.fudsv("run serv/servant.core --to program -q -- +timeout=1000").well();
}

#[test]
fn what_fusesoc_cannot_set_up_is_said_in_its_words() {
    let sandbox = serv(
        "[design.a]\nfusesoc = 'servant'\n[design.b]\nfusesoc = 'none'\n[design.c]\nfusesoc.core = 'far'\n",
    );
    let sandbox = sandbox.var("COUNT", "/dev/null");
    sandbox.write(
        "far.core",
        "CAPI=2:\nname: ::far:1\nprovider: {name: github, user: none, repo: none, version: v1}\ntargets: {default: {}, sim: {toplevel: far}}\n",
    );
    sandbox.write("bad.core", "CAPI=1\n");
    for (words, text) in [
        ("lint a", "depends on missing packages"),
        ("lint b", "none"),
        ("lint c", "fudsv fetches nothing while it plans"),
        ("lint bad.core", "its first line is `CAPI=2:`"),
        ("lint serv/serv.core -s fusesoc.exe=/none/fusesoc", "names `/none/fusesoc`, which does not exist"),
    ] {
        let said = sandbox.fudsv(words);
        assert!(said.stderr.contains(text), "{words}: {said}");
        assert_ne!(said.exit, Some(0), "{words}: {said}");
    }
}

/// A package with two others beside it, one below a directory with a blank.
fn package() -> Sandbox {
    Sandbox::new()
        .file(
            "top/Bender.yml",
            "package: {name: top}\ndependencies: {dep: {path: ../dep}, two: {path: ../two}}\nsources:\n  \
             - {include_dirs: [inc], defines: {W: 8}, files: [src/top.sv]}\n  - {target: test, files: [src/tb.sv]}\n",
        )
        .file("dep/Bender.yml", "package: {name: dep}\ndependencies: {two: {path: ../two}}\nsources: ['s rc/dep.sv']\n")
        .file("two/Bender.yml", "package: {name: two}\nsources: [src/*.sv]\n")
        .file("top/inc/w.svh", "")
        .file("top/src/top.sv", "`include \"w.svh\"\nmodule top(input [`W-1:0] a, output [`W-1:0] y); dep u(.a, .y); endmodule\n")
        .file(
            "top/src/tb.sv",
            "module tb; logic [7:0] a = 3, y; top u(.a, .y); initial begin #1 if (y != 4) $fatal(1, \"%0d\", y); \
             $finish; end endmodule\n",
        )
        .file("dep/s rc/dep.sv", "module dep(input [7:0] a, output [7:0] y); two u(.a, .y); endmodule\n")
        .file("two/src/two.sv", "module two(input [7:0] a, output [7:0] y); assign y = a + 1; endmodule\n")
        .file("top/fud.toml", "[design.tb]\nbender = { targets = ['test'] }\ntop = 'tb'\nto = 'sim'\n")
}

#[test]
fn a_package_of_bender_is_a_design_with_the_files_that_bender_lists() {
    if !optional_tool("bender") {
        return;
    }
    let real = which("bender");
    let sandbox = package().tool("bender", &format!("echo >> \"$COUNT\"; exec '{}' \"$@\"", real.display()));
    let sandbox = sandbox.var("COUNT", "../count");
    let count = || sandbox.sh("cat count 2> /dev/null | wc -l").stdout.trim().to_owned();
    for (edit, starts) in [
        ("true", "1"),
        ("echo '// x' >> two/src/two.sv", "1"),
        ("echo 'module more; endmodule' > two/src/more.sv", "2"),
        ("echo '# x' >> dep/Bender.yml", "3"),
        ("touch top/Bender.yml", "3"),
    ] {
        sandbox.sh(edit).well();
        sandbox.fudsv_in("top", "test tb -q").well();
        assert_eq!(count(), starts, "{edit}");
    }
    let listed = sandbox.fudsv_in("top", "export filelist tb");
    let theirs = sandbox.sh("cd top; bender --local script flist-plus -t test");
    let ends = |text: &str| -> Vec<String> {
        let files = text.lines().filter(|line| line.ends_with(".sv")).map(|line| line.replace('\\', ""));
        files.map(|line| line.rsplit("/").take(2).collect::<Vec<_>>().join("/")).collect()
    };
    assert_eq!(
        ends(&listed.well().stdout),
        ends(&theirs.well().stdout.replace(&sandbox.path("top").display().to_string(), ".."))
    );
    // Without a section: a package at the top of the current directory, and one below it.
    sandbox.sh("rm top/fud.toml").well();
    for dir in ["top", ""] {
        let file = if dir.is_empty() { "top/Bender.yml" } else { "Bender.yml" };
        let plan = sandbox.fudsv_in(dir, &format!("gen {file} --to lint"));
        assert_eq!(plan.result(), ".fudsv/top-lint", "{plan}");
    }
    sandbox.write("top/Bender.yml", "package: [");
    let said = sandbox.fudsv("lint top/Bender.yml");
    assert_eq!(said.exit, Some(2), "{said}");
    assert!(said.stderr.contains("Syntax error in manifest"), "{said}");
}
