//! Whom fudsv trusts: what looking at a project may run, what a project may replace, and what is never written down.
//! It does not know how programs are identified.

use crate::sandbox::Sandbox;
use insta::assert_snapshot;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

/// A project that names a C++ compiler of its own, which tells that it ran.
fn with_own_compiler() -> Sandbox {
    let sandbox = Sandbox::new().file("a.sv", "module a; endmodule\n").verilator("5.006");
    let sandbox = sandbox.file("tools/own g++", "#!/bin/sh\ntouch \"$0.ran\"\nexec g++ \"$@\"\n");
    let program = sandbox.path("tools/own g++");
    std::fs::set_permissions(program, std::fs::Permissions::from_mode(0o755)).unwrap();
    sandbox.file("fud.toml", "[cxx]\nexe = \"'tools/own g++'\"\n")
}

#[test]
fn looking_at_a_project_runs_no_program_that_its_files_name() {
    let sandbox = with_own_compiler();
    let shown = sandbox.fudsv("emit a.sv --to shared-lib").well().stdout.clone();
    assert!(shown.contains("/project/tools/own g++"), "{shown}");
    for command in ["plan a.sv --to shared-lib", "list", "exec -n a.sv --to shared-lib"] {
        sandbox.fudsv(command);
    }
    assert!(!sandbox.has("tools/own g++.ran"));
    sandbox.fudsv("gen a.sv --to shared-lib").well();
    assert!(sandbox.has("tools/own g++.ran"));
}

/// An op with the name of a built-in one.
const VERILATE: &str = r#"
let sv = get_state("sv");
let cpp = get_state("verilated-cpp");
/// Mine.
defop verilate(src: sv) >> out: cpp { shell(`mkdir -p ${out} && cp ${src} ${out}`); }
"#;

#[test]
fn a_project_replaces_a_built_in_op_only_when_override_names_it() {
    let sandbox = Sandbox::new().file("a.sv", "").file("fudsv/mine.rhai", VERILATE);
    assert_snapshot!(sandbox.fudsv("plan a.sv --to verilated-cpp"), @r#"
    exit 2
    --- stderr
    error: the op `verilate` of the project has the name of a built-in one
      --> fudsv/mine.rhai:5:7
      |
    5 | defop verilate(src: sv) >> out: cpp { shell(`mkdir -p ${out} && cp ${src} ${out}`); }
      |       ^^^^^^^^
    hint: give it another name; to replace it, put `override = ["verilate"]` into fud.toml
    "#);
    sandbox.write("fud.toml", "override = [\"verilat\"]\n");
    assert_snapshot!(sandbox.fudsv("plan a.sv --to verilated-cpp"), @"
    exit 2
    --- stderr
    error: `override` names `verilat`, and no built-in op or state has that name
      set by: /sandbox/project/fud.toml
    hint: did you mean `verilate`?
    ");
    sandbox.write("fud.toml", "override = \"verilate\"\n");
    assert_snapshot!(sandbox.fudsv("plan a.sv --to verilated-cpp"), @r#"
    exit 2
    --- stderr
    error: `override` must be a list of names
      set by: /sandbox/project/fud.toml
    hint: `override = ["verilate"]`
    "#);
    sandbox.write("fud.toml", "override = [\"verilate\"]\n");
    let plan = sandbox.fudsv("plan a.sv --to verilated-cpp --through verilate").well().stdout.clone();
    assert!(plan.starts_with("verilate: a.sv"), "{plan}");
    let list = sandbox.fudsv("list ops").well().stdout.clone();
    assert!(list.contains("Mine (mine)") && list.contains("SystemVerilog to C++, by Verilator"), "{list}");
}

#[test]
fn a_project_does_not_replace_a_built_in_state_by_the_way() {
    let sandbox = Sandbox::new().file("a.sv", "");
    let sandbox = sandbox.file("fudsv/mine.rhai", "state(\"sv\", [\"sv\"]);\n");
    assert_snapshot!(sandbox.fudsv("list states"), @r#"
    exit 2
    --- stderr
    error: the state `sv` of the project has the name of a built-in one
      --> fudsv/mine.rhai:1:1
      |
    1 | state("sv", ["sv"]);
      | ^^^^^
    hint: `get_state("sv")` takes the built-in one; to replace it, put `override = ["sv"]` into fud.toml
    "#);
}

#[test]
fn what_the_configuration_of_the_project_names_is_the_projects() {
    let sandbox = Sandbox::new().file("a.sv", "").file("ops/mine.rhai", VERILATE);
    sandbox.write("fud.toml", "plugins = [\"ops/mine.rhai\"]\n");
    assert_eq!(sandbox.fudsv("list ops").exit, Some(2));
    assert_eq!(sandbox.fudsv("list ops -p ops/mine.rhai").exit, Some(0));
    sandbox.write("fud.toml", "");
    assert_eq!(sandbox.fudsv("list ops --set 'plugins=[\"ops/mine.rhai\"]'").exit, Some(0));
}

#[test]
fn plugins_of_the_user_and_of_the_environment_replace_what_they_like() {
    let sandbox = Sandbox::new().file("a.sv", "").file("../home/data/fudsv/plugins/mine.rhai", VERILATE);
    sandbox.fudsv("plan a.sv --to verilated-cpp -p mine").well();
    let sandbox = sandbox.file("ops/other.rhai", VERILATE).var("FUDSV_PLUGIN_PATH", "ops");
    sandbox.fudsv("plan a.sv --to verilated-cpp -p other").well();
    sandbox.fudsv("plan a.sv --to verilated-cpp -p ops/other.rhai").well();
}

#[test]
fn naming_one_plugin_of_a_project_frees_no_other() {
    let sandbox = Sandbox::new().file("fudsv/mine.rhai", VERILATE).file("fudsv/other.rhai", "");
    assert_eq!(sandbox.fudsv("list ops -p ./fudsv/other.rhai").exit, Some(2));
    assert_eq!(sandbox.fudsv("list ops -p ./fudsv/mine.rhai").exit, Some(0));
}

/// Root can give files away; other users cannot, and have nothing to test then.
fn give_away(sandbox: &Sandbox, name: &str) -> bool {
    std::os::unix::fs::chown(sandbox.path(name), Some(12345), None).is_ok()
}

#[test]
fn configuration_and_plugins_of_another_user_are_refused_also_for_root() {
    let sandbox = Sandbox::new().file("fud.toml", "").file("fudsv/mine.rhai", "");
    if std::fs::metadata(sandbox.path("fud.toml")).unwrap().uid() != 0 {
        return;
    }
    assert!(give_away(&sandbox, "fud.toml"));
    assert_snapshot!(sandbox.fudsv("list states"), @"
    exit 2
    --- stderr
    error: `/sandbox/project/fud.toml` belongs to another user
      owner: user 12345
    hint: it can name programs; if you trust it, put its directory into FUDSV_TRUSTED_DIRECTORIES
    ");
    let trusting = Sandbox::copy_of(&sandbox).var("FUDSV_TRUSTED_DIRECTORIES", "/nowhere:.");
    trusting.fudsv("list states").well();
    Sandbox::copy_of(&sandbox).var("SUDO_UID", "12345").fudsv("list states").well();
    let plugins = Sandbox::new().file("fudsv/mine.rhai", "");
    assert!(give_away(&plugins, "fudsv/mine.rhai"));
    assert_snapshot!(plugins.fudsv("list states"), @"
    exit 2
    --- stderr
    error: `/sandbox/project/fudsv/mine.rhai` belongs to another user
      owner: user 12345
    hint: it can name programs; if you trust it, put its directory into FUDSV_TRUSTED_DIRECTORIES
    ");
    let directory = Sandbox::new().file("fudsv/mine.rhai", "");
    assert!(give_away(&directory, "fudsv"));
    assert_eq!(directory.fudsv("list states").exit, Some(2));
}

/// An op whose command takes a setting.
const FETCH: &str = r#"
let out = state("fetched", ["fetched"]);
defop fetch(src: get_state("sv")) >> dst: out { shell(`: ${src}; echo ${config_or("mine.use", "")} > ${dst}`); }
"#;

/// Whether a word is in any file below a directory of the project.
fn is_written(sandbox: &Sandbox, word: &str) -> bool {
    sandbox.sh(&format!("grep -rqF {word} .")).exit == Some(0)
}

#[test]
fn secrets_are_written_nowhere() {
    let sandbox = Sandbox::new().file("a.sv", "").file("fudsv/mine.rhai", FETCH);
    let words = "a.sv --to fetched --set mine.token=hunter2 --set mine.url=https://me:swordfish@host/x";
    let sandbox = sandbox.var("FUDSV_MINE__PASSWORD", "open-sesame");
    sandbox.fudsv(&format!("exec {words}")).well();
    for word in ["hunter2", "swordfish", "open-sesame"] {
        assert!(!is_written(&sandbox, word), "{word}");
    }
    let dir = sandbox.fudsv(&format!("gen {words}")).result().to_owned();
    let header = sandbox.read(&format!("{dir}/build.ninja"));
    let made_by = header.lines().nth(1).unwrap();
    assert_snapshot!(made_by, @"# Made by: fudsv exec a.sv --to fetched --set 'mine.token=***' --set 'mine.url=https://me:***@host/x'");
    sandbox.edit("fudsv/mine.rhai", &FETCH.replace("echo", "echo again"));
    let said = sandbox.ninja(&dir, "").stdout;
    assert_snapshot!(said.lines().skip_while(|line| !line.starts_with("error")).take(3).collect::<Vec<_>>().join("\n"), @"
    error: this build.ninja is out of date, and cannot be remade here
      missing: `mine.token`, a secret, which is kept in no file
    hint: run `fudsv exec` again, as before
    ");
}

#[test]
fn a_command_that_holds_a_secret_is_refused() {
    let sandbox =
        Sandbox::new().file("a.sv", "").file("fudsv/mine.rhai", &FETCH.replace("mine.use", "mine.token"));
    assert_snapshot!(sandbox.fudsv("exec a.sv --to fetched --set mine.token=hunter2"), @r#"
    exit 2
    --- stderr
    error: the secret `mine.token` would be written into build.ninja
      step: fetch a.fetched
    hint: let the command read an environment variable, `$TOKEN` with the option `env: ["TOKEN"]`
    "#);
}
