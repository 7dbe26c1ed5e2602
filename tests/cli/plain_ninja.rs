//! The emitted file in the hands of plain Ninja: it builds, regenerates itself, and is quiet when nothing changed.
//! It does not know `fudsv exec`, except to make the build directory.

use crate::exec::letters;
use crate::sandbox::{FUDSV, Said, Sandbox, quoted};
use insta::assert_snapshot;

/// A generated build directory in which nothing ran yet.
fn generated() -> Sandbox {
    let sandbox = letters().file("fud.toml", "");
    assert_eq!(sandbox.fudsv("gen a.txt --to list").result(), ".fudsv/a-list");
    sandbox
}

#[test]
fn ninja_builds_what_gen_wrote_and_is_quiet_after_it() {
    let sandbox = generated();
    assert_snapshot!(sandbox.ninja("", "-C .fudsv/a-list -j 1"), @"
    exit 0
    --- stdout
    ninja: Entering directory `.fudsv/a-list'
    [N/M] raise a.up
    [N/M] dash a.list
    ");
    assert_eq!(sandbox.read(".fudsv/a-list/a.list"), "-ONE\n-TWO\n");
    assert_snapshot!(sandbox.ninja("", "-C .fudsv/a-list"), @"
    exit 0
    --- stdout
    ninja: Entering directory `.fudsv/a-list'
    ninja: no work to do.
    ");
}

#[test]
fn ninja_and_exec_do_not_build_twice() {
    let sandbox = generated();
    sandbox.ninja(".fudsv/a-list", "").well();
    assert_snapshot!(sandbox.fudsv("exec a.txt --to list"), @"
    exit 0
    --- stdout
    .fudsv/a-list/a.list
    --- stderr
    Up to date
    ");
    assert_snapshot!(sandbox.ninja(".fudsv/a-list", ""), @"
    exit 0
    --- stdout
    ninja: no work to do.
    ");
}

/// Ninja 1.13 goes on counting after the file was made anew; older ones begin again.
fn counted_alike(said: &Said) -> String {
    said.to_string().replace("[1/2]", "[1/1]")
}

#[test]
fn an_edited_script_regenerates_the_file() {
    let sandbox = generated();
    sandbox.ninja(".fudsv/a-list", "").well();
    let script = sandbox.read("fudsv/letters.rhai");
    sandbox.edit("fudsv/letters.rhai", &script.replace("sed s/^/", "sed s/^/="));
    assert_snapshot!(counted_alike(&sandbox.ninja(".fudsv/a-list", "-j 1")), @"
    exit 0
    --- stdout
    [N/M] regenerate build.ninja
    [N/M] dash a.list
    ");
    assert_eq!(sandbox.read(".fudsv/a-list/a.list"), "=-ONE\n=-TWO\n");
    assert_snapshot!(sandbox.ninja(".fudsv/a-list", ""), @"
    exit 0
    --- stdout
    ninja: no work to do.
    ");
}

#[test]
fn an_edited_configuration_regenerates_the_file() {
    let sandbox = generated();
    sandbox.ninja(".fudsv/a-list", "").well();
    sandbox.edit("fud.toml", "[list]\nsign = \"+\"\n");
    assert_snapshot!(counted_alike(&sandbox.ninja(".fudsv/a-list", "-j 1")), @"
    exit 0
    --- stdout
    [N/M] regenerate build.ninja
    [N/M] dash a.list
    ");
    assert_eq!(sandbox.read(".fudsv/a-list/a.list"), "+ONE\n+TWO\n");
    assert_snapshot!(sandbox.ninja(".fudsv/a-list", ""), @"
    exit 0
    --- stdout
    ninja: no work to do.
    ");
}

#[test]
fn a_touched_script_is_looked_at_once() {
    let sandbox = generated();
    sandbox.ninja(".fudsv/a-list", "").well();
    sandbox.touch("fudsv/letters.rhai");
    assert_snapshot!(sandbox.ninja(".fudsv/a-list", ""), @"
    exit 0
    --- stdout
    [N/M] regenerate build.ninja
    ninja: no work to do.
    ");
    assert_snapshot!(sandbox.ninja(".fudsv/a-list", ""), @"
    exit 0
    --- stdout
    ninja: no work to do.
    ");
}

#[test]
fn a_script_from_the_future_does_not_loop() {
    let sandbox = generated();
    sandbox.ninja(".fudsv/a-list", "").well();
    sandbox.sh("touch -d 2099-01-01 fudsv/letters.rhai").well();
    sandbox.ninja(".fudsv/a-list", "").well();
    sandbox.fudsv("exec a.txt --to list").well();
}

#[test]
fn a_new_script_regenerates_the_file() {
    let sandbox = generated();
    sandbox.ninja(".fudsv/a-list", "").well();
    let time = "while [ ! fudsv/b.rhai -nt .fudsv/a-list/build.ninja ]; do touch fudsv/b.rhai; done";
    sandbox.sh(time).well();
    assert_snapshot!(sandbox.ninja(".fudsv/a-list", ""), @"
    exit 0
    --- stdout
    [N/M] regenerate build.ninja
    ninja: no work to do.
    ");
    assert_snapshot!(sandbox.ninja(".fudsv/a-list", ""), @"
    exit 0
    --- stdout
    ninja: no work to do.
    ");
}

#[test]
fn a_removed_script_is_an_error_of_ours_and_not_of_ninja() {
    let sandbox = generated();
    sandbox.ninja(".fudsv/a-list", "").well();
    sandbox.sh("rm fudsv/letters.rhai").well();
    assert_snapshot!(sandbox.ninja(".fudsv/a-list", ""), @r#"
    exit 1
    --- stdout
    [N/M] regenerate build.ninja
    FAILED: build.ninja 
    exec "${FUDSV:-fudsv}" tool regenerate
    error: no state has files that end in `.txt`, as `a.txt` does
    hint: name its state with `--from`; `fudsv list states` shows all states
    --- stderr
    ninja: error: rebuilding 'build.ninja': subcommand failed
    "#);
}

#[test]
fn a_broken_script_fails_each_time_and_keeps_the_old_file() {
    let sandbox = generated();
    sandbox.ninja(".fudsv/a-list", "").well();
    let script = sandbox.read("fudsv/letters.rhai");
    sandbox.edit("fudsv/letters.rhai", &script.replace("shell(`sed", "shel(`sed"));
    assert_snapshot!(sandbox.ninja(".fudsv/a-list", ""), @r#"
    exit 1
    --- stdout
    [N/M] regenerate build.ninja
    FAILED: build.ninja 
    exec "${FUDSV:-fudsv}" tool regenerate
    error: `shel` is not a function
      --> fudsv/letters.rhai:15:5
       |
    15 |     shel(`sed s/^/${config_or("list.sign", "-")}/ ${src} > ${out}`);
       |     ^^^^
    hint: did you mean `shell`?
    --- stderr
    ninja: error: rebuilding 'build.ninja': subcommand failed
    "#);
    assert_eq!(sandbox.ninja(".fudsv/a-list", "").exit, Some(1));
    sandbox.edit("fudsv/letters.rhai", &script);
    sandbox.ninja(".fudsv/a-list", "").well();
}

#[test]
fn a_missing_fudsv_is_named() {
    let sandbox = generated().only(&["sh", "ninja"]);
    let said = sandbox.sh("cd .fudsv/a-list && ninja -j 1");
    assert!(said.exit != Some(0) && said.stdout.contains("fudsv: not found"), "{said}");
}

/// The ops with another name for what `raise` makes.
fn renamed(sandbox: &Sandbox) -> String {
    sandbox.read("fudsv/letters.rhai").replace("[\"up\"]", "[\"upp\"]")
}

#[test]
fn what_is_no_longer_made_is_removed_and_a_copy_of_the_users_is_not() {
    let sandbox = letters();
    sandbox.fudsv("exec a.txt --to upper -o mine --to list").well();
    assert!(sandbox.has(".fudsv/a-upper+list/a.up"));
    sandbox.edit("fudsv/letters.rhai", &renamed(&sandbox));
    sandbox.fudsv("exec a.txt --to upper -o other --to list").well();
    assert!(!sandbox.has(".fudsv/a-upper+list/a.up"));
    assert!(sandbox.has(".fudsv/a-upper+list/a.upp"));
    assert!(sandbox.has("mine") && sandbox.has("other"));
}

#[test]
fn plain_ninja_removes_what_is_no_longer_made() {
    let sandbox = generated();
    sandbox.ninja(".fudsv/a-list", "").well();
    sandbox.edit("fudsv/letters.rhai", &renamed(&sandbox));
    sandbox.ninja(".fudsv/a-list", "").well();
    assert_eq!((sandbox.has(".fudsv/a-list/a.up"), sandbox.has(".fudsv/a-list/a.upp")), (false, true));
}

#[test]
fn the_same_request_gives_the_same_bytes() {
    let (one, two) = (letters(), letters());
    assert_eq!(one.fudsv("emit a.txt --to list"), two.fudsv("emit a.txt --to list"));
    one.fudsv("gen a.txt --to list").well();
    assert_eq!(one.mask(&one.read(".fudsv/a-list/build.ninja")), two.fudsv("emit a.txt --to list").stdout);
}

#[test]
fn every_result_is_a_target_by_its_state() {
    let sandbox = letters();
    sandbox.fudsv("gen a.txt --to list --to count").well();
    assert_snapshot!(sandbox.ninja(".fudsv/a-list+count", "-t targets"), @"
    exit 0
    --- stdout
    all: phony
    list: phony
    count: phony
    build.ninja: regenerate
    ");
    sandbox.ninja(".fudsv/a-list+count", "list").well();
    assert!(!sandbox.has(".fudsv/a-list+count/a.n"));
    sandbox.ninja(".fudsv/a-list+count", "").well();
    assert!(sandbox.has(".fudsv/a-list+count/a.n"));
}

/// A source with a blank in its name and an include, a directory, and a step at the root.
#[test]
fn a_standalone_directory_builds_the_same_where_fudsv_is_not() {
    let sandbox = Sandbox::new()
        .file("a b.txt", "include c.inc\n# one\n")
        .file("c.inc", "two\n")
        .file("fudsv/steps.rhai", STANDALONE)
        .tool("include", "cat \"$1\" c.inc; echo \"x: c.inc\" > inc.d");
    sandbox.fudsv("gen 'a b.txt' --to list --to split --standalone 'for ci'").well();
    let built = |dir: &str| {
        let file = |name: &str| sandbox.read(&format!("{dir}/.fudsv/a_b-list+split/{name}"));
        ["a b.list", "a b/1", "a b/2", "a b/SHA256SUMS"].map(file)
    };
    assert_eq!(sandbox.fudsv("exec 'a b.txt' --to list --to split").well().stderr, "Up to date\n");
    assert_eq!(built(".")[0], "-include c.inc\n-# one\n-two\n");
    sandbox.sh("mv 'for ci' elsewhere; mv fudsv c.inc 'a b.txt' ../home").well();
    let ninja = |words: &str| {
        let mut command = sandbox.command("ninja", "elsewhere");
        command.args(shlex::split(words).unwrap()).env("FUDSV", "/nowhere").output().unwrap()
    };
    assert!(ninja("").status.success(), "{:?}", ninja(""));
    assert_eq!(built("elsewhere"), built("."));
    assert!(String::from_utf8(ninja("").stdout).unwrap().contains("no work to do"));
    sandbox.edit("elsewhere/c.inc", "three\n");
    assert!(ninja("").status.success());
    assert!(built("elsewhere")[0].contains("three"));
}

/// A real library, with its precompiled header, its units and C++ of the user.
#[test]
fn a_standalone_library_is_byte_for_byte_the_same() {
    let sandbox = crate::verilator::counter();
    let words = "counter.sv ours.cpp --to shared-lib --standalone ci";
    sandbox.write("ours.cpp", "#include \"ours.h\"\nint ours() { return OURS; }\n");
    sandbox.write("ours.h", "#define OURS 1\n");
    sandbox.fudsv(&format!("gen {words}")).well();
    let library = "find . -name libcounter.so | xargs sha256sum";
    let ninja = sandbox.command("ninja", "ci").env("FUDSV", "/nowhere").output().unwrap();
    assert!(ninja.status.success(), "{}", sandbox.said(ninja));
    let sums = sandbox.sh(library).well().stdout.clone();
    let sums: Vec<&str> = sums.lines().map(|line| &line[..64]).collect();
    assert_eq!(sums, [sums[0]; 2]);
    // A comment makes no other C++, so nothing is compiled.
    let commented = sandbox.read("ci/counter.sv") + "// a comment\n";
    sandbox.edit("ci/counter.sv", &commented);
    let ninja = sandbox.command("ninja", "ci").env("FUDSV", "/nowhere").output().unwrap();
    let said = sandbox.said(ninja);
    assert!(said.well().stdout.contains("verilate") && !said.stdout.contains("compile"), "{said}");
}

/// An op that runs fudsv itself.
const ITSELF: &str = r#"
let txt = state("txt", ["txt"]);
let out = state("out", ["out"]);
defop tell(src: txt) >> out: out { shell(`${tool("fudsv")} --version > ${out}; cat ${src} >> ${out}`, #{ cached: true }); }
"#;

#[test]
fn what_another_fudsv_makes_under_plain_ninja_is_neither_kept_nor_believed() {
    let sandbox = Sandbox::new().file("fudsv/steps.rhai", ITSELF).file("a.txt", "1\n");
    sandbox.fudsv("exec -q a.txt --to out").well();
    sandbox.sh(&format!("cp {} other && echo >> other", quoted(FUDSV))).well();
    sandbox.edit("a.txt", "2\n");
    let ninja =
        sandbox.command("ninja", ".fudsv/a-out").env("FUDSV", sandbox.path("other")).output().unwrap();
    let said = sandbox.said(ninja);
    let told = "is not the `fudsv` that this build was planned with: the result is not kept";
    assert!(said.well().stdout.contains(told), "{said}");
    let again = sandbox.fudsv("exec a.txt --to out");
    assert_eq!(again.well().stderr.lines().last(), Some("Finished: 1 step ran"));
}

const STANDALONE: &str = r#"
let txt = state("txt", ["txt"]);
let list = state("list", ["list"]);
let split = state("split", [], #{ directory: true });
defop dash(src: txt) >> out: list {
    shell_deps(`include ${src} | sed s/^/-/ > ${out} # all of it`, [src], [out], #{ cwd: "root", depfile: "../../inc.d" });
}
defop cut(src: txt) >> dir: split {
    shell(`head -n 1 ${src} > ${dir}/1; tail -n +2 ${src} > ${dir}/2`);
}
"#;
