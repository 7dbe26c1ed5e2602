//! Tools that misbehave, and files of fudsv's or Ninja's that are damaged: the next build is right, or says what is
//! wrong. It does not know how either is noticed.

use crate::sandbox::{FUDSV, Said, Sandbox, quoted};
use crate::toolchain::skipped;
use insta::assert_snapshot;
use std::process::Stdio;

/// A file, a directory made of it, and a file made of that.
const CHAIN: &str = r#"
let txt = state("txt", ["txt"]);
let upper = state("upper", ["up"]);
let parts = state("parts", [], #{ directory: true });
let one = state("one", ["one"]);
defop raise(src: txt) >> out: upper { shell(`raise ${src} ${out}`); }
defop scatter(src: upper) >> dir: parts { shell(`for word in $(cat ${src}); do echo $word > ${dir}/word-$word; done`); }
defop gather(dir: parts) >> out: one { shell(`cat ${dir}/word-* > ${out}`); }
"#;

const GOOD: &str = "tr a-z A-Z < \"$1\" > \"$2\"";
const EXEC: &str = "exec a.txt --to one";
const WORKDIR: &str = ".fudsv/a-one";
const RESULT: &str = ".fudsv/a-one/a.one";

fn project() -> Sandbox {
    Sandbox::new().file("fudsv/chain.rhai", CHAIN).file("a.txt", "one two\n").tool("raise", GOOD)
}

/// What can become of a file `F`.
const DAMAGES: [&str; 5] = [
    "head -c $(($(stat -c %s F) / 2)) F > cut; cat cut > F; rm cut",
    "printf 'garbage\\000\\377: $x\\n' > F",
    ": > F",
    "rm -rf F",
    "rm -rf F; mkdir F",
];

/// Not only the files of fudsv's own: results, lists and those of Ninja too.
#[test]
fn whatever_file_of_a_build_directory_is_damaged_the_next_build_is_right() {
    let sandbox = project();
    sandbox.fudsv(EXEC).well();
    let files = sandbox.sh("find .fudsv -type f | sort").stdout;
    for file in files.lines() {
        for damage in DAMAGES {
            sandbox.sh(&format!("sleep 0.01; {}", damage.replace('F', file))).well();
            let said = sandbox.fudsv(EXEC);
            assert_eq!(said.exit, Some(0), "{damage} {file}: {said}");
            assert_eq!(sandbox.read(RESULT), "ONE\nTWO\n", "{damage} {file}");
        }
        assert_eq!(sandbox.fudsv(EXEC).well().stderr, "Up to date\n", "{file}");
    }
    assert!(files.lines().count() > 20, "{files}");
}

#[test]
fn a_directory_that_is_gone_or_a_file_is_made_again() {
    let sandbox = project();
    sandbox.fudsv(EXEC).well();
    for dir in ["a", ".fudsv/steps", ".fudsv/tools", ".fudsv"] {
        for damage in ["rm -rf F", "rm -rf F; echo x > F"] {
            sandbox.sh(&format!("cd {WORKDIR}; {}", damage.replace('F', dir))).well();
            sandbox.fudsv(EXEC).well();
            assert_eq!(sandbox.read(RESULT), "ONE\nTWO\n", "{damage} {dir}");
        }
        assert_eq!(sandbox.fudsv(EXEC).well().stderr, "Up to date\n", "{dir}");
    }
}

#[test]
fn damaged_files_that_results_do_not_rest_on_cost_a_look_and_nothing_else() {
    let sandbox = project();
    sandbox.fudsv(EXEC).well();
    let files = [
        ".ninja_log",
        ".ninja_deps",
        ".fudsv/scan",
        ".fudsv/events.ndjson",
        ".fudsv/lock",
        ".fudsv/generated.json",
        ".fudsv/steps.json",
        ".fudsv/outputs.json",
        ".fudsv/request.json",
        ".fudsv/steps/raise.a.up.d",
        ".fudsv/steps/raise.a.up.lock",
    ];
    for (file, damage) in files.iter().flat_map(|file| DAMAGES.map(|damage| (file, damage))) {
        sandbox.sh(&format!("cd {WORKDIR} && {{ {}; }}", damage.replace('F', file)));
        let said = sandbox.fudsv(EXEC);
        assert_eq!((said.exit, said.stderr.as_str()), (Some(0), "Up to date\n"), "{damage} {file}: {said}");
    }
}

#[test]
fn a_state_that_becomes_a_file_takes_the_place_of_its_directory_and_back() {
    let exec = "exec a.txt --to parts --dir b";
    let directory = "state(\"txt\", [\"txt\"]); state(\"parts\", [\"parts\"], #{ directory: true });
defop make(src: get_state(\"txt\")) >> out: get_state(\"parts\") { shell(`cp ${src} ${out}/text`); }";
    let file = directory.replace("#{ directory: true }", "#{}").replace("${out}/text", "${out}");
    let sandbox = Sandbox::new().file("a.txt", "text\n").file("fudsv/make.rhai", directory);
    for _ in 0..2 {
        sandbox.edit("fudsv/make.rhai", directory);
        sandbox.fudsv(exec).well();
        assert_eq!(sandbox.read("b/a.parts/text"), "text\n");
        sandbox.edit("fudsv/make.rhai", &file);
        sandbox.fudsv(exec).well();
        assert_eq!(sandbox.read("b/a.parts"), "text\n");
    }
}

#[test]
fn a_damaged_record_runs_its_step_and_no_other() {
    let sandbox = project();
    sandbox.fudsv(EXEC).well();
    for damage in [
        "head -c 99 F > F.new; mv F.new F",
        "echo garbage > F.new; mv F.new F",
        ": > F.new; mv F.new F",
        "rm F",
    ] {
        let damage = damage.replace('F', ".fudsv/steps/raise.a.up.json");
        sandbox.sh(&format!("cd {WORKDIR} && {damage}")).well();
        assert_eq!(
            sandbox.fudsv(EXEC).well().stderr.lines().last(),
            Some("Finished: 1 step ran"),
            "{damage}"
        );
        assert_eq!(sandbox.fudsv(EXEC).well().stderr, "Up to date\n", "{damage}");
    }
}

#[test]
fn a_tool_that_writes_half_and_fails_leaves_the_old_result() {
    let sandbox = project();
    sandbox.fudsv(EXEC).well();
    sandbox.edit("a.txt", "three\n");
    for bad in ["echo HALF > \"$2\"; exit 3", "echo HALF > \"$2\"; kill -9 $$", "exit 0"] {
        sandbox.program("raise", bad);
        let said = sandbox.fudsv(EXEC);
        assert_eq!(said.exit, Some(1), "{bad}: {said}");
        assert!(said.stderr.starts_with("error: "), "{bad}: {said}");
        assert_eq!(sandbox.read(RESULT), "ONE\nTWO\n", "{bad}");
        assert_eq!(sandbox.read(&format!("{WORKDIR}/a.up")), "ONE TWO\n", "{bad}");
    }
    sandbox.program("raise", GOOD);
    sandbox.fudsv(EXEC).well();
    assert_eq!(sandbox.read(RESULT), "THREE\n");
}

#[test]
fn a_file_that_no_step_declares_stays_out_of_the_build_directory() {
    let sandbox = project();
    sandbox.program("raise", &format!("{GOOD}; echo more > \"$2.more\""));
    sandbox.fudsv(EXEC).well();
    assert_eq!(sandbox.read(RESULT), "ONE\nTWO\n");
    assert!(!sandbox.has(&format!("{WORKDIR}/a.up.more")));
    assert_eq!(sandbox.fudsv(EXEC).well().stderr, "Up to date\n");
}

/// What a full disk does to a tool: its writes fail.
#[test]
fn a_file_that_cannot_grow_fails_the_step_and_not_the_next_build() {
    let sandbox = project();
    sandbox.program("raise", "head -c 200000 /dev/zero > \"$2\"");
    let limited = sandbox.sh(&format!("ulimit -f 100; {} {EXEC}", quoted(FUDSV)));
    assert_ne!(limited.exit, Some(0), "{limited}");
    assert!(!sandbox.has(&format!("{WORKDIR}/a.up")));
    sandbox.program("raise", GOOD);
    sandbox.fudsv(EXEC).well();
    assert_eq!(sandbox.read(RESULT), "ONE\nTWO\n");
}

#[test]
fn a_build_directory_that_vanishes_under_a_build_is_made_again() {
    let sandbox = project();
    sandbox.program("raise", &format!("{GOOD}; cd '{}'; rm -rf .fudsv/a-one", sandbox.path("").display()));
    assert_ne!(sandbox.fudsv(EXEC).exit, Some(0));
    sandbox.program("raise", GOOD);
    sandbox.fudsv(EXEC).well();
    assert_eq!(sandbox.read(RESULT), "ONE\nTWO\n");
}

#[test]
fn two_plain_ninjas_at_once_run_each_step_once() {
    let sandbox = project();
    sandbox.program("raise", &format!("echo x >> '{}'; sleep 0.1; {GOOD}", sandbox.path("ran").display()));
    sandbox.fudsv("gen a.txt --to one").well();
    let ninja = || {
        let mut ninja = sandbox.command("ninja", WORKDIR);
        ninja.env("FUDSV", FUDSV).stdout(Stdio::null()).spawn().unwrap()
    };
    let both = [ninja(), ninja()];
    for mut one in both {
        assert!(one.wait().unwrap().success());
    }
    assert_eq!((sandbox.read(RESULT), sandbox.read("ran")), ("ONE\nTWO\n".into(), "x\n".into()));
    assert_eq!(sandbox.fudsv(EXEC).well().stderr, "Up to date\n");
}

#[test]
fn two_builds_of_different_targets_do_not_wait_for_each_other() {
    let sandbox = project();
    let (ready, go) = ("ready", "go");
    let dir = sandbox.path("").display().to_string();
    sandbox.program("raise", &format!("cd '{dir}'; : > {ready}; cat {go} > held; cd - > /dev/null; {GOOD}"));
    sandbox.sh("mkfifo ready go").well();
    let mut first = sandbox.command(FUDSV, "");
    let mut first = first.args(["exec", "a.txt", "--to", "one"]).stderr(Stdio::null()).spawn().unwrap();
    sandbox.read(ready);
    sandbox.program("raise", GOOD);
    sandbox.fudsv("exec a.txt --to upper").well();
    sandbox.write(go, "");
    assert!(first.wait().unwrap().success());
    assert_eq!(sandbox.read(RESULT), "ONE\nTWO\n");
}

/// A script in which `F` is fudsv, run in a mount namespace of its own with an empty file system at `disk`, whose project
/// is copied to it. None where the machine does not allow that.
fn on_a_disk(sandbox: &Sandbox, options: &str, script: &str) -> Option<Said> {
    let mount = format!("mount -t tmpfs -o {options} tmpfs disk");
    sandbox.sh("mkdir -p disk").well();
    let inside = |script: &str| {
        let mut command = sandbox.command("unshare", "");
        command.args(["--map-root-user", "--mount", "sh", "-c", script]).env("F", FUDSV);
        sandbox.said(command.output().unwrap())
    };
    if inside(&mount).exit != Some(0) {
        skipped("no file system can be mounted here");
        return None;
    }
    Some(inside(&format!("{mount} && cp -r a.txt fudsv ../.git disk && cd disk && {script}")))
}

/// Whatever is the first file for which there is no room.
#[test]
fn a_full_disk_is_an_error_that_says_so_and_the_next_build_is_right() {
    let sandbox = project();
    let script = "for left in 0 4 12 24 36 44 52 64 80; do
        rm -rf .fudsv; cat /dev/zero > fill 2> /dev/null; truncate -s -${left}k fill
        if \"$F\" exec a.txt --to one > said 2>&1; then exit 1; fi
        \"$F\" exec a.txt --to one 2>&1 | grep -q -e 'No space left' -e 'printed nothing' || exit 2
        rm fill; \"$F\" exec a.txt --to one || exit 3; tr '\\n' ' ' < .fudsv/a-one/a.one
    done";
    let Some(said) = on_a_disk(&sandbox, "size=400k", script) else { return };
    assert_eq!(said.well().stdout.matches("ONE TWO ").count(), 9, "{said}");
}

/// The entry is whole: there is only no room for it.
#[test]
fn a_full_disk_of_the_build_does_not_put_what_the_store_has_aside() {
    let double = "defop double(src: state(\"txt\", [\"txt\"])) >> out: state(\"twice\", [\"twice\"]) {
        shell_deps(`cat ${src} ${src} > ${out}`, [src], [out], #{ cached: true }); }";
    let sandbox =
        Sandbox::new().file("fudsv/double.rhai", double).file("a.txt", &"a long line\n".repeat(10_000));
    let script = "\"$F\" exec a.txt --to twice -q > ../said
    for left in 60 100 140 180 200; do
        rm -rf .fudsv; cat /dev/zero > fill 2> /dev/null; truncate -s -${left}k fill
        if \"$F\" exec a.txt --to twice > ../said 2>&1; then exit 1; fi
        grep -o 'is not used: .*' ../said >> ../warned
        rm -rf fill .fudsv; \"$F\" exec a.txt --to twice 2>&1 | grep Finished
    done; sort -u ../warned";
    let Some(said) = on_a_disk(&sandbox, "size=1m", script) else { return };
    assert_snapshot!(said, @"
    exit 0
    --- stdout
    Finished: 0 steps ran, 1 from the store
    Finished: 0 steps ran, 1 from the store
    Finished: 0 steps ran, 1 from the store
    Finished: 0 steps ran, 1 from the store
    Finished: 0 steps ran, 1 from the store
    is not used: file 0 cannot be copied: No space left on device (os error 28)
    ");
}

#[test]
fn a_read_only_directory_is_an_error_that_says_so_unless_there_is_nothing_to_do() {
    let sandbox = project();
    let script = "mount -o remount,ro disk .; \"$F\" exec a.txt --to one; echo \"exit $?\"
        \"$F\" explain a.txt --to one > ../said; mount -o remount,rw disk .
        \"$F\" exec a.txt --to one -q; mount -o remount,ro disk .; \"$F\" exec a.txt --to one
        mount -o remount,rw disk .; echo three > a.txt; mount -o remount,ro disk .
        \"$F\" exec a.txt --to one; echo \"exit $?\"; cat .fudsv/a-one/a.one";
    let Some(said) = on_a_disk(&sandbox, "size=1m", script) else { return };
    assert_snapshot!(said, @"
    exit 0
    --- stdout
    exit 3
    .fudsv/a-one/a.one
    .fudsv/a-one/a.one
    exit 3
    ONE
    TWO
    --- stderr
    error: cannot make `/sandbox/project/disk/.fudsv/a-one/.fudsv/steps`
      cause: Read-only file system (os error 30)
    Up to date
    error: cannot remove `/sandbox/project/disk/.fudsv/a-one/.fudsv/steps/raise.a.up.d`
      cause: Read-only file system (os error 30)
    ");
    assert!(sandbox.read("said").contains("will run: raise a.up"));
}

#[test]
fn a_read_only_build_that_was_moved_is_up_to_date_also_for_another_user() {
    let sandbox = project();
    let script = "mkdir p && mv a.txt fudsv p && cd p && \"$F\" exec -q a.txt --to one && cd .. && mv p q
        mount -o remount,ro .; cd q; XDG_CACHE_HOME=$PWD/none HOME=$PWD/none \"$F\" exec a.txt --to one";
    let Some(said) = on_a_disk(&sandbox, "size=1m", script) else { return };
    assert_snapshot!(said, @"
    exit 0
    --- stdout
    .fudsv/a-one/a.one
    .fudsv/a-one/a.one
    --- stderr
    Up to date
    ");
}

/// Every lock fails, as on a file system without them.
const NO_LOCKS: &str = "#include <errno.h>\nint flock(int file, int what) { errno = ENOLCK; return -1; }\n";

#[test]
fn where_no_file_can_be_locked_two_builds_at_once_end_well() {
    let sandbox = project().file("locks.c", NO_LOCKS);
    sandbox.sh("cc -shared -fPIC -o locks.so locks.c").well();
    sandbox.program("raise", &format!("sleep 0.05; {GOOD}"));
    for words in ["one two", "three", "four five"] {
        sandbox.edit("a.txt", words);
        let build = || {
            let mut command = sandbox.command(FUDSV, "");
            command.env("LD_PRELOAD", sandbox.path("locks.so")).args(["exec", "a.txt", "--to", "one"]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        for one in [build(), build()] {
            let said = sandbox.said(one.wait_with_output().unwrap());
            assert_eq!(said.exit, Some(0), "{said}");
        }
        let expected = words.to_uppercase().replace(' ', "\n") + "\n";
        assert_eq!(sandbox.read(RESULT), sandbox.sh(&format!("printf '{expected}' | sort")).stdout);
    }
    assert_eq!(sandbox.fudsv(EXEC).well().stderr, "Up to date\n");
}
