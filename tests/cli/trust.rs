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
fn an_op_of_the_project_with_the_name_of_a_built_in_one_is_one_more_op() {
    let sandbox = Sandbox::new().file("a.sv", "").file("fudsv/mine.rhai", VERILATE);
    assert_snapshot!(sandbox.fudsv("plan a.sv --to verilated-cpp"), @"
    exit 0
    --- stdout
    verilate: a.sv -> .fudsv/a-verilated-cpp/a.verilated
    result: .fudsv/a-verilated-cpp/a.verilated (`verilated-cpp`)
    also: builtin::verilate costs the same; `--through builtin::verilate` takes that route
    ");
    assert_snapshot!(sandbox.fudsv("plan a.sv --to verilated-cpp --through builtin::verilate --dir d"), @"
    exit 0
    --- stdout
    builtin::verilate: a.sv -> d/a.verilated
    result: d/a.verilated (`verilated-cpp`)
    ");
    let list = sandbox.fudsv("list ops").well().stdout.clone();
    assert!(list.contains("  verilate ") && list.contains("Mine (mine)"), "{list}");
    assert!(
        list.contains("  builtin::verilate  ") && list.contains("SystemVerilog to C++, by Verilator"),
        "{list}"
    );
}

#[test]
fn a_plan_that_is_saved_keeps_the_op_that_is_meant() {
    let sandbox = Sandbox::new().file("a.sv", "").file("fudsv/mine.rhai", VERILATE);
    let words = "plan a.sv --to verilated-cpp --through builtin::verilate --dir d";
    sandbox.write("plan.json", &sandbox.fudsv(&format!("{words} --format json")).well().stdout.clone());
    let again = sandbox.fudsv("plan --plan plan.json --dir d").well().stdout.clone();
    assert_eq!(again.lines().next(), Some("builtin::verilate: a.sv -> d/a.verilated"));
}

#[test]
fn override_puts_an_op_in_the_place_of_a_built_in_one() {
    let sandbox = Sandbox::new().file("a.sv", "").file("fudsv/mine.rhai", VERILATE);
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
    assert_snapshot!(sandbox.fudsv("plan a.sv --to verilated-cpp"), @"
    exit 0
    --- stdout
    verilate: a.sv -> .fudsv/a-verilated-cpp/a.verilated
    result: .fudsv/a-verilated-cpp/a.verilated (`verilated-cpp`)
    ");
}

/// States and an op that are called as built-in ones; they are fud2's names.
const SIM: &str = r#"
let sim = state("sim", ["exe"]);
let lint = state("lint", ["lint"]);
let vcd = state("vcd", ["vcd"]);
op("lint", [], state("sv", ["sv"]), lint, |e, input, output| {
    e.rule("mine", "echo mine > $out");
    e.build_cmd([output], "mine", [input], []);
});
op("simulate", [], sim, vcd, |e, input, output| {
    e.rule("run", "cp $in $out");
    e.build_cmd([output], "run", [input], []);
});
"#;

/// A design that Verilator has nothing to say of, in a project that declares such states.
fn with_own_states() -> Sandbox {
    let sandbox = Sandbox::new().file("a.sv", "module a; endmodule\n").file("p.exe", "");
    sandbox.file("fudsv/mine.rhai", SIM)
}

#[test]
fn a_state_of_the_project_is_meant_by_its_name_and_built_in_scripts_mean_their_own() {
    let sandbox = with_own_states();
    let lines = |command: &str| sandbox.fudsv(command).well().stdout.clone();
    assert_snapshot!(lines("plan p.exe --to vcd --dir d"), @"
    simulate: p.exe -> d/p.vcd
    result: d/p.vcd (`vcd`)
    ");
    assert_snapshot!(lines("plan a.sv --to builtin::sim --dir d"), @"
    verilate: a.sv -> d/a.verilated
    read_ast: a.sv -> d/a.ast
    write_ports: d/a.ast d/a.verilated -> d/a.ports.json
    write_interface: d/a.ports.json d/a.ast d/a.verilated -> d/a.interface
    compile_model: d/a.verilated d/a.interface -> d/a.model.a
    link_sim: d/a.model.a -> d/a.sim
    result: d/a.sim (`builtin::sim`)
    ");
    assert_snapshot!(sandbox.fudsv("plan p.exe --to sim::sim --from mine::sim --dir d"), @"
    exit 2
    --- stderr
    error: no way from `sim` to `builtin::sim`
      given:     p.exe (`sim`, as `--from` says)
      wanted:    `builtin::sim`
      reachable: `vcd`
    hint: `builtin::sim` is made by `link_sim` (from `model-archive` and `object`); no op makes that from the given files
    ");
}

#[test]
fn the_verbs_mean_the_built_in_states_also_when_a_project_has_its_own() {
    let sandbox = with_own_states();
    let said = sandbox.fudsv("lint a.sv");
    assert!(said.well().stderr.ends_with("Finished: no errors, no warnings\n"), "{said}");
    assert_eq!(said.stdout, "");
    assert_eq!(sandbox.fudsv("exec -q a.sv --to lint -o -").result(), "mine");
    assert_eq!(sandbox.fudsv("lint -q a.sv").stdout, "");
    sandbox.write("fud.toml", "override = [\"lint\"]\n");
    assert_eq!(sandbox.fudsv("lint -q a.sv").stdout, "mine\n");
}

#[test]
fn a_file_of_a_state_that_two_scripts_declare_is_of_the_one_that_leads_to_what_is_wanted() {
    let sandbox = with_own_states();
    let first =
        |command: &str| sandbox.fudsv(command).well().stdout.lines().next().unwrap_or_default().to_owned();
    assert_eq!(first("plan a.sv -o a.lint --dir d"), "lint: a.sv -> d/a.lint");
    assert_eq!(first("plan a.sv -o a.vcd --dir d"), "verilate: a.sv -> d/a.verilated");
    assert_eq!(first("plan p.exe -o a.vcd --dir d"), "simulate: p.exe -> d/p.vcd");
}

#[test]
fn plugins_of_the_user_and_of_the_environment_are_nearer_than_built_in_scripts() {
    let sandbox = Sandbox::new().file("a.sv", "").file("../home/data/fudsv/plugins/mine.rhai", VERILATE);
    let sandbox = sandbox.file("ops/other.rhai", VERILATE).var("FUDSV_PLUGIN_PATH", "ops");
    for plugin in ["mine", "other", "ops/other.rhai"] {
        let plan = sandbox.fudsv(&format!("plan a.sv --to verilated-cpp -p {plugin}")).well().stdout.clone();
        assert!(plan.starts_with("verilate: ") && plan.contains("also: builtin::verilate"), "{plan}");
    }
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
    error: this build.ninja is out of date and cannot be regenerated here
      missing: `mine.token`, a secret, which fudsv stores in no file
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
