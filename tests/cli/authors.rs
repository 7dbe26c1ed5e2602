//! Ops of one's own as their authors see them: what `check` warns of, and lists of files that follow the disk.
//! It does not know the built-in ops.

use crate::sandbox::Sandbox;
use insta::assert_snapshot;

#[test]
fn a_check_warns_of_what_no_step_waits_for() {
    let script = "let s = state(\"s\", [\"s\"]);\nlet t = state(\"t\", [\"t\"]);\n/// Reads.\ndefop read(a: s) >> b: t {\n    shell_deps(`mytool ${b} && sh ../../dat.sh > ${b}`, [a], [b]);\n}\n";
    assert_snapshot!(Sandbox::new().file("fudsv/p.rhai", script).fudsv("check"), @r#"
    exit 0
    --- stdout
    checked 1 op: all is well
    --- stderr
    warning: `../../dat.sh` is plain text: no step waits for this file
      --> fudsv/p.rhai:5:5
      |
    5 |     shell_deps(`mytool ${b} && sh ../../dat.sh > ${b}`, [a], [b]);
      |     ^^^^^^^^^^
    hint: a file value is a dependency: a parameter, `path(…)`, `rsrc(…)`, `config_path(…)`

    warning: `mytool` is plain text: a new version of it runs no step again
      --> fudsv/p.rhai:5:5
      |
    5 |     shell_deps(`mytool ${b} && sh ../../dat.sh > ${b}`, [a], [b]);
      |     ^^^^^^^^^^
    hint: `tool("mytool")` is a dependency, and a setting can name the program
    "#);
}

#[test]
fn a_check_finds_overrides_that_do_not_fit() {
    let script = "let t = state(\"mine\", [\"mine\"]);\n/// Other.\ndefop lint(a: t) >> b: \"sv\" {\n    shell(`cp ${a} ${b}`);\n}\n";
    let sandbox = Sandbox::new().file("fudsv/p.rhai", script);
    let sandbox = sandbox.file("fud.toml", "override = [\"lint\", \"verilate\"]\n");
    assert_snapshot!(sandbox.fudsv("check"), @r#"
    exit 2
    --- stderr
    error: `lint` cannot replace the built-in op
      --> fudsv/p.rhai:3:7
      |
    3 | defop lint(a: t) >> b: "sv" {
      |       ^^^^
      this one: mine >> sv
      built-in: optional([verilator-config]), [sv] >> lint
    hint: take and make the same states, or give the op a name of its own

    error: `override` names `verilate`, but no script declares a replacement
    hint: without a replacement, the built-in `verilate` stays

    error: there are 2 problems with the plugins
    "#);
}

/// Two parts that each make a result, and one that takes all results.
const MERGES: &str = "let stim = state(\"stim\", [\"stim\"]);\nlet cov = state(\"cov\", [\"cov\"]);\nlet all = state(\"covm\", [\"covm\"]);\ndefop cover(a: stim) >> b: cov {\n    shell(`sed s/^/cov:/ ${a} > ${b}`);\n}\ndefop merge(parts: [cov]) >> b: all {\n    shell(`cat ${parts} > ${b}`);\n}\n";

#[test]
fn what_is_made_of_each_file_is_gathered_by_an_op_that_takes_a_list() {
    let sandbox = Sandbox::new().file("fudsv/p.rhai", MERGES);
    let sandbox = sandbox.file("x/a.stim", "one\n").file("y/a.stim", "two\n").file("b.stim", "three\n");
    assert_snapshot!(sandbox.fudsv("plan x/a.stim y/a.stim b.stim --to covm"), @r#"
    exit 0
    --- stdout
    cover: x/a.stim -> .fudsv/a-covm/a.cov
    cover: y/a.stim -> .fudsv/a-covm/a_2.cov
    cover: b.stim -> .fudsv/a-covm/b.cov
    merge: .fudsv/a-covm/a.cov .fudsv/a-covm/a_2.cov .fudsv/a-covm/b.cov -> .fudsv/a-covm/a.covm
    result: .fudsv/a-covm/a.covm (`covm`)
    note: the results from `x/a.stim`, `y/a.stim` and `b.stim` are gathered as `cov`
    "#);
    let made = sandbox.fudsv("exec -q x/a.stim y/a.stim b.stim --to covm -o -");
    assert_eq!(made.well().stdout, "cov:one\ncov:two\ncov:three\n");
}

#[test]
fn a_directory_is_an_input_where_its_state_is_one_of_directories() {
    let script = "let pages = state(\"pages\", [], #{ directory: true, pattern: \"{}.pages\" });\nlet idx = state(\"idx\", [\"idx\"]);\ndefop index(p: pages) >> i: idx {\n    shell(`ls ${p} > ${i}`);\n}\n";
    let sandbox = Sandbox::new()
        .file("fudsv/p.rhai", script)
        .file("my pages/a", "")
        .file("d.pages/b", "")
        .file("f", "");
    assert_eq!(sandbox.fudsv("exec -q 'my pages' --from pages --to idx -o -").well().stdout, "a\n");
    assert_eq!(sandbox.fudsv("exec -q 'my pages/' --from pages --to idx -o -").well().stdout, "a\n");
    assert_eq!(sandbox.fudsv("exec -q d.pages --to idx -o -").well().stdout, "b\n");
    sandbox.write("d.pages/c", "");
    assert_eq!(sandbox.fudsv("exec -q d.pages --to idx -o -").well().stdout, "b\nc\n");
    assert_snapshot!(sandbox.fudsv("exec 'my pages' --to idx"), @r#"
    exit 2
    --- stderr
    error: `my pages` is a directory
    hint: name files: `my pages/*.sv`, or the state of a directory: `--from pages`
    "#);
    assert_snapshot!(sandbox.fudsv("exec d.pages --from sv --to lint"), @r#"
    exit 2
    --- stderr
    error: `d.pages` is a directory, and `sv` is a state of files
    "#);
    assert_snapshot!(sandbox.fudsv("exec f --from pages --to idx"), @r#"
    exit 2
    --- stderr
    error: `f` is a file, and `pages` is a state of directories
    "#);
}

#[test]
fn a_list_of_files_follows_the_directory() {
    let script = "let s = state(\"s\", [\"s\"]);\nlet t = state(\"t\", [\"t\"]);\ndefop join(a: s) >> b: t {\n    shell(`cat ${a} ${files(\"inc\", \"*.svh\")} > ${b}`, #{ cached: true });\n}\n";
    let sandbox = Sandbox::new().file("fudsv/p.rhai", script).file("a.s", "a\n");
    let sandbox = sandbox.file("inc/z.svh", "z\n").file("inc/no.txt", "no\n");
    let made = |sandbox: &Sandbox| sandbox.fudsv("exec -q a.s --to t -o -").well().stdout.clone();
    assert_eq!(made(&sandbox), "a\nz\n");
    sandbox.write("inc/b b.svh", "b\n");
    assert_eq!(made(&sandbox), "a\nb\nz\n");
    sandbox.edit("inc/z.svh", "y\n");
    assert_eq!(made(&sandbox), "a\nb\ny\n");
    std::fs::remove_file(sandbox.path("inc/z.svh")).unwrap();
    assert_eq!(made(&sandbox), "a\nb\n");
    sandbox.write("inc/c.svh", "c\n");
    sandbox.fudsv("exec -q a.s --to t").well();
    sandbox.write("inc/d.svh", "d\n");
    let workdir = sandbox.tree(".fudsv").into_iter().find(|path| path.ends_with("build.ninja")).unwrap();
    let workdir = format!(".fudsv/{}", workdir.trim_end_matches("/build.ninja"));
    sandbox.ninja(&workdir, "").well();
    assert_eq!(made(&sandbox), "a\nb\nc\nd\n");
}

#[test]
fn an_op_of_ones_own_may_take_the_waves_of_a_simulation_which_is_built_to_write_them() {
    let script = "let wave = get_state(\"vcd\");\nlet lines = state(\"lines\", [\"lines\"]);\n/// Counts.\ndefop count(a: wave) >> b: lines {\n    shell(`wc -l ${a} > ${b}`);\n}\n";
    let sandbox = Sandbox::new().file("fudsv/p.rhai", script).file("tb.sv", "module tb; endmodule\n");
    let emitted = sandbox.fudsv("emit tb.sv --to lines").well().stdout.clone();
    let verilated =
        emitted.lines().find(|line| line.trim_start().starts_with("cmd = ") && line.contains("--cc"));
    assert!(verilated.is_some_and(|command| command.contains(" --trace ")), "{emitted}");
    let said = sandbox.fudsv("emit tb.sv --to vcd --to fst").stderr.clone();
    assert!(said.starts_with("error: these waveforms need `verilator.trace` to be `fst`"), "{said}");
}

#[test]
fn a_filelist_may_name_files_of_a_state_of_ones_own() {
    let script = "let table = state(\"table\", [\"tab\"], #{ listed: true });\n/// Makes.\ndefop make(a: table) >> b: \"sv\" {\n    shell(`cp ${a} ${b}`);\n}\n";
    let sandbox = Sandbox::new().file("fudsv/p.rhai", script).file("all.f", "a.tab\n");
    let sandbox = sandbox.file("a.tab", "module a; endmodule\n");
    let plan = sandbox.fudsv("plan -f all.f --to verilated-cpp").well().stdout.clone();
    assert!(plan.starts_with("make: a.tab -> "), "{plan}");
}

/// A generator of Python with a module beside it, a package, a table that it opens, and one that may be there.
const GENERATOR: &str = r#"
import os, sys
import helper
from tables import rows
here = os.path.dirname(__file__)
more = open(os.path.join(here, "more.txt")).read() if os.path.exists(os.path.join(here, "more.txt")) else ""
with open(sys.argv[2], "w") as out:
    out.write(sys.argv[0].split("/")[-1] + helper.sign + rows.text + open(os.path.join(here, "base.txt")).read() + more)
    out.write(open(sys.argv[1]).read())
"#;

const GENERATES: &str = r#"
let s = state("s", ["s"]);
let t = state("t", ["t"]);
defop gen(a: s) >> b: t { shell(`${python("gen.py")} ${a} ${b}`, #{ cached: true }); }
let u = state("u", ["u"]);
defop other(a: s) >> b: u { shell_deps(`${python("-m", "tables.main")} ${a} > ${b}`, [a], [b], #{ cached: true }); }
"#;

fn generator() -> Sandbox {
    Sandbox::new()
        .file("fudsv/p.rhai", GENERATES)
        .file("fudsv/gen.py", GENERATOR)
        .file("fudsv/helper.py", "sign = ':'\n")
        .file("fudsv/tables/__init__.py", "")
        .file("fudsv/tables/rows.py", "text = 'rows '\n")
        .file(
            "fudsv/tables/main.py",
            "import sys\nfrom . import rows\nprint(rows.text + open(sys.argv[1]).read())\n",
        )
        .file("fudsv/base.txt", "base ")
        .file("a.s", "end\n")
}

#[test]
fn what_a_script_of_python_imports_and_opens_is_a_dependency() {
    let sandbox = generator();
    let made = |sandbox: &Sandbox| sandbox.fudsv("exec -q a.s --to t -o -").well().stdout.clone();
    assert_eq!(made(&sandbox), "gen.py:rows base end\n");
    assert_eq!(sandbox.fudsv("exec a.s --to t").well().stderr, "Up to date\n");
    sandbox.edit("fudsv/helper.py", "sign = '='\n");
    assert_eq!(made(&sandbox), "gen.py=rows base end\n");
    sandbox.edit("fudsv/tables/rows.py", "text = 'lines '\n");
    assert_eq!(made(&sandbox), "gen.py=lines base end\n");
    sandbox.edit("fudsv/base.txt", "ground ");
    assert_eq!(made(&sandbox), "gen.py=lines ground end\n");
    // Modules that would be found first.
    sandbox.write("fudsv/helper/__init__.py", "sign = '!'\n");
    assert_eq!(made(&sandbox), "gen.py!lines ground end\n");
    sandbox.write("fudsv/tables/rows/__init__.py", "text = 'columns '\n");
    assert_eq!(made(&sandbox), "gen.py!columns ground end\n");
    assert!(!sandbox.tree("fudsv").iter().any(|file| file.contains("__pycache__")));
}

#[test]
fn a_module_of_python_that_was_imported_in_vain_is_noticed_when_it_appears_and_not_taken_from_the_store() {
    let script = "import sys\n
def sign(of):
    try:
        return getattr(__import__(of, fromlist=['sign']), 'sign')
    except ImportError:
        return 'none'

open(sys.argv[2], 'w').write(sign('extra') + ' ' + sign('tables.more') + '\\n')\n";
    let project = || generator().file("fudsv/gen.py", script);
    let sandbox = project();
    let made = |sandbox: &Sandbox| sandbox.fudsv("exec -q a.s --to t -o -").well().stdout.clone();
    assert_eq!(made(&sandbox), "none none\n");
    assert_eq!(sandbox.fudsv("exec a.s --to t").well().stderr, "Up to date\n");
    let cache = sandbox.dir().join("home/cache").display().to_string();
    let other = project().var("XDG_CACHE_HOME", &cache).file("fudsv/extra.py", "sign = 'extra'\n");
    assert_eq!(made(&other), "extra none\n");
    sandbox.write("fudsv/tables/more.py", "sign = 'more'\n");
    sandbox.ninja("", "-C .fudsv/a-t --quiet").well();
    assert_eq!(sandbox.read(".fudsv/a-t/a.t"), "none more\n");
    let again = sandbox.ninja("", "-C .fudsv/a-t");
    assert!(again.result().ends_with("ninja: no work to do."), "{again}");
    sandbox.write("fudsv/extra/__init__.py", "sign = 'extra'\n");
    assert_eq!(made(&sandbox), "extra more\n");
}

#[test]
fn a_module_of_python_is_run_and_what_it_imports_is_a_dependency() {
    let sandbox = generator();
    let made = |sandbox: &Sandbox| sandbox.fudsv("exec -q a.s --to u -o -").well().stdout.clone();
    assert_eq!(made(&sandbox), "rows end\n\n");
    sandbox.edit("fudsv/tables/rows.py", "text = 'lines '\n");
    assert_eq!(made(&sandbox), "lines end\n\n");
    sandbox.edit("fudsv/tables/main.py", "print('other')\n");
    assert_eq!(made(&sandbox), "other\n");
}

#[test]
fn what_a_script_of_python_makes_is_taken_from_the_store_in_another_checkout() {
    let sandbox = generator();
    sandbox.fudsv("exec -q a.s --to t").well();
    let cache = sandbox.dir().join("home/cache").display().to_string();
    let other = || generator().var("XDG_CACHE_HOME", &cache);
    let taken = other().fudsv("exec a.s --to t");
    assert_eq!(taken.well().stderr.lines().last(), Some("Finished: 0 steps ran, 1 from the store"));
    let changed = other().file("fudsv/base.txt", "ground ");
    assert_eq!(changed.fudsv("exec -q a.s --to t -o -").well().stdout, "gen.py:rows ground end\n");
}

#[test]
fn an_error_of_a_script_of_python_is_shown_as_python_shows_it() {
    let sandbox = generator().file("fudsv/helper.py", "sign = 1 / 0\n");
    let said = sandbox.fudsv("exec a.s --to t");
    let shown: Vec<&str> = said.stderr.lines().collect();
    assert!(shown.contains(&"ZeroDivisionError: division by zero"), "{said}");
    assert!(!said.stderr.contains("in main") && !said.stderr.contains("runpy"), "{said}");
    assert!(shown.contains(&"  script:  fudsv/p.rhai:4:27"), "{said}");
}

#[test]
fn a_standalone_directory_runs_scripts_of_python() {
    let sandbox = generator();
    sandbox.fudsv("gen a.s --to t --standalone ci").well();
    let ninja = sandbox.command("ninja", "ci").env("FUDSV", "/nowhere").output().unwrap();
    let said = sandbox.said(ninja);
    assert_eq!(said.exit, Some(0), "{said}");
    assert_eq!(sandbox.read("ci/.fudsv/a-t/a.t"), "gen.py:rows base end\n");
}

#[test]
fn a_tool_that_is_missing_on_the_planned_way_leads_to_the_way_that_does_without_it() {
    let script = "let s = state(\"s\", [\"s\"]);\nlet t = state(\"t\", [\"t\"]);\ndefop fast(a: s) >> b: t { shell(`${tool(\"nosuch\")} ${a} > ${b}`); }\ndefop slow(a: s) >> b: t #{ cost: 5 } { shell(`cat ${a} > ${b}`); }\n";
    let sandbox = Sandbox::new().file("fudsv/p.rhai", script).file("a.s", "a\n");
    assert_snapshot!(sandbox.fudsv("exec a.s --to t"), @r#"
    exit 3
    --- stderr
    error: `nosuch` is not installed
      --> fudsv/p.rhai:3:37
      |
    3 | defop fast(a: s) >> b: t { shell(`${tool("nosuch")} ${a} > ${b}`); }
      |                                     ^^^^
      looked for: `nosuch` on PATH
    hint: install it, or set `nosuch.exe` in fud.toml to its path; `--through slow` works without it
    "#);
    assert_eq!(sandbox.fudsv("exec -q a.s --to t --through slow -o -").result(), "a");
}

#[test]
fn a_failed_step_names_the_line_of_the_script_wherever_the_user_stands() {
    let script = "let s = state(\"s\", [\"s\"]);\nlet t = state(\"t\", [\"t\"]);\ndefop f(a: s) >> b: t {\n    shell_deps(`false ${a} ${b}`, [a], [b]);\n}\n";
    let sandbox = Sandbox::new().file("fudsv/p.rhai", script).file("fud.toml", "").file("sub/a.s", "a\n");
    let place = |said: &crate::sandbox::Said| {
        said.stderr.lines().find(|line| line.contains("script:")).unwrap().to_owned()
    };
    assert_eq!(place(&sandbox.fudsv("exec sub/a.s --to t")), "  script:  fudsv/p.rhai:4:5");
    assert_eq!(place(&sandbox.fudsv_in("sub", "exec a.s --to t")), "  script:  ../fudsv/p.rhai:4:5");
}

/// A plugin with two examples: one for what it makes, one for what it refuses.
fn with_examples() -> Sandbox {
    let script = "let s = state(\"s\", [\"s\"]);\nlet t = state(\"t\", [\"t\"]);\nlet d = state(\"d\", [], #{ directory: true });\ndefop up(a: s) >> b: t {\n    if config_or(\"up.not\", false) { fail(\"not now\"); }\n    shell(`tr a-z A-Z < ${a} > ${b}`);\n}\ndefop split(a: s) >> b: d {\n    shell(`mkdir -p ${b}/x; cp ${a} ${b}/x/one`);\n}\n";
    Sandbox::new()
        .file("fudsv/up.rhai", script)
        .file("fudsv/tests/up/good/example.toml", "exec = \"a.s --to t --to d\"\n")
        .file("fudsv/tests/up/good/a.s", "one\ntwo\n")
        .file("fudsv/tests/up/good/expected/a.t", "ONE\nTWO\n")
        .file("fudsv/tests/up/good/expected/a/x/one", "one\ntwo\n")
        .file(
            "fudsv/tests/up/refused/example.toml",
            "exec = \"../good/a.s --to t -s up.not=true\"\nerror = \"not now\"\n",
        )
}

/// Without what takes time.
fn without_seconds(said: &crate::sandbox::Said) -> String {
    let line = |line: &str| {
        line.split("  ").filter(|part| !part.trim().ends_with(" s")).collect::<Vec<_>>().join(" ")
    };
    said.to_string()
        .lines()
        .map(|text| line(text.trim_end()).trim_end().to_owned())
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn examples_beside_a_plugin_are_run_and_reported_as_tests() {
    let sandbox = with_examples();
    assert_snapshot!(without_seconds(&sandbox.fudsv("check --examples")), @"
    exit 0
    --- stdout
    checked 2 ops: all is well
    up/good   passed
    up/refused passed
    --- stderr
    2 passed
    ");
    let sandbox = with_examples().file("fud.toml", "");
    let said = sandbox.fudsv_in("fudsv", "check --examples --junit ../report.xml");
    assert!(said.well().stderr.contains("2 passed"), "{said}");
    let report = sandbox.read("report.xml");
    assert!(report.contains("tests=\"2\"") && report.contains("failures=\"0\""), "{report}");
}

#[test]
fn an_example_that_does_not_pass_says_where_and_bless_takes_what_is_made() {
    let sandbox = with_examples().file("fudsv/tests/up/good/expected/a.t", "ONE\nTOW\n");
    let sandbox = sandbox
        .file("fudsv/tests/up/refused/example.toml", "exec = \"../good/a.s --to t\"\nerror = \"not now\"\n");
    assert_snapshot!(without_seconds(&sandbox.fudsv("check --examples --junit report.xml")), @"
    exit 1
    --- stdout
    checked 2 ops: all is well
    up/good   failed
    up/refused failed
    --- stderr
    --- up/good
    `a.t` is not as expected
     line 2: `TWO`
     expected: `TOW`
    --- up/refused
    the request succeeded, but must fail with `not now`
    error: 2 of 2 examples did not pass
    hint: if the results are right, `--bless` makes them the expected ones
    ");
    assert!(sandbox.read("report.xml").contains("<failure message=\"`a.t` is not as expected\">"));
    assert_eq!(sandbox.fudsv("check --examples --bless").exit, Some(1));
    assert_eq!(sandbox.read("fudsv/tests/up/good/expected/a.t"), "ONE\nTWO\n");
    sandbox.write("fudsv/tests/up/refused/example.toml", "exec = \"../good/a.s --to t\"\nexpect = \"x\"\n");
    let said = sandbox.fudsv("check --examples");
    assert!(
        said.stderr.starts_with("error: `fudsv/tests/up/refused/example.toml` is not an example\n"),
        "{said}"
    );
    assert_eq!(said.exit, Some(2));
}

#[test]
fn an_example_of_one_plugin_is_run_where_only_that_one_is_named() {
    let sandbox = with_examples();
    sandbox.sh("mkdir ops && mv fudsv/* ops && rmdir fudsv").well();
    let sandbox = sandbox.var("FUDSV_PLUGIN_PATH", "ops");
    let said = sandbox.fudsv("check up --examples");
    assert!(said.well().stdout.contains("up/good     passed"), "{said}");
}
