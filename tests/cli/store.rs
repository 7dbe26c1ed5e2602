//! The store from outside: what another checkout, another machine and plain Ninja take from it, how it is configured,
//! and the commands that look after it.
//! It does not know what an entry looks like; tests/step/store.rs breaks those.

use crate::sandbox::{Said, Sandbox};
use std::fs;

/// Two cached steps: one that warns, and one that finds a file by itself.
const SHOUT: &str = r#"
let txt = state("txt", ["txt"]);
let upper = state("upper", ["up"]);
let long = state("long", ["long"]);
defop raise(src: txt) >> out: upper {
    shell_deps(`echo warning: loud >&2; tr a-z A-Z < ${src} > ${out}`, [src], [out], #{ cached: true });
}
defop add(src: upper) >> out: long {
    shell_deps(
        `cat ${src} more.txt > ${out}; echo x: more.txt > ${out}.d`, [src], [out],
        #{ cached: true, cwd: "root", depfile: out + ".d", description: "add more" });
}
"#;

const EXEC: &str = "exec a.txt --to long";

fn project() -> Sandbox {
    let sandbox = Sandbox::new().file("fud.toml", "").file("fudsv/shout.rhai", SHOUT);
    sandbox.file("a.txt", "hello\n").file("more.txt", "more\n")
}

/// The same project on the same machine, elsewhere.
fn colleague(of: &Sandbox) -> Sandbox {
    project().var("XDG_CACHE_HOME", of.dir().join("home/cache").to_str().unwrap())
}

/// Steps that were taken from the store and steps that ran, in the last build.
fn taken_and_ran(sandbox: &Sandbox, workdir: &str) -> (Vec<String>, Vec<String>) {
    let (mut taken, mut ran) = (vec![], vec![]);
    for line in sandbox.read(&format!("{workdir}/.fudsv/events.ndjson")).lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        let step = event["step"].as_str().unwrap().to_owned();
        match (event["event"].as_str().unwrap(), event["from_store"].as_bool(), event["outcome"].as_str()) {
            ("end", Some(true), _) => taken.push(step),
            ("end", _, Some("ran")) => ran.push(step),
            _ => {}
        }
    }
    taken.sort();
    ran.sort();
    (taken, ran)
}

/// What was said without how many steps were done, which is told when Ninja tells it.
fn uncounted(said: &Said) -> String {
    let line = |line: &str| match line.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
        Some((_, step)) => format!("{step}\n"),
        None => format!("{line}\n"),
    };
    said.to_string().lines().map(line).collect()
}

#[test]
fn a_colleague_builds_nothing_again_and_sees_the_warnings() {
    let one = project();
    insta::assert_snapshot!(uncounted(&one.fudsv(EXEC)), @r"
    exit 0
    --- stdout
    .fudsv/a-long/a.long
    --- stderr
    raise a.up
    warning: loud
    add more
    Finished: 2 steps ran
    ");
    let two = colleague(&one);
    insta::assert_snapshot!(uncounted(&two.fudsv(EXEC)), @r"
    exit 0
    --- stdout
    .fudsv/a-long/a.long
    --- stderr
    raise a.up (from the store)
    warning: loud
    add more (from the store)
    Finished: 0 steps ran, 2 from the store
    ");
    assert_eq!(two.read(".fudsv/a-long/a.long"), "HELLO\nmore\n");
    assert_eq!(two.fudsv(EXEC).well().stderr, "Up to date\n");
    two.edit("more.txt", "other\n");
    insta::assert_snapshot!(uncounted(&two.fudsv(&format!("{EXEC} -v"))), @r"
    exit 0
    --- stdout
    .fudsv/a-long/a.long
    --- stderr
    add more
      why: input changed: more.txt
      $ cat .fudsv/a-long/a.up more.txt > .fudsv/a-long/a.long; echo x: more.txt > .fudsv/a-long/a.long.d
    Finished: 1 step ran
    ");
}

#[test]
fn plain_ninja_takes_results_too() {
    let one = project();
    one.fudsv(EXEC).well();
    let two = colleague(&one);
    two.fudsv("gen a.txt --to long").well();
    let said = two.ninja(".fudsv/a-long", "");
    assert!(said.well().stdout.contains("warning: loud"), "{said}");
    assert_eq!(two.read(".fudsv/a-long/a.long"), "HELLO\nmore\n");
    two.fudsv(EXEC).well();
    let (taken, ran) = taken_and_ran(&two, ".fudsv/a-long");
    assert_eq!((taken.len(), ran.len()), (0, 0));
}

#[test]
fn a_store_that_is_switched_off_or_elsewhere_rebuilds_nothing_and_has_the_same_ninja_file() {
    let sandbox = project();
    sandbox.fudsv(&format!("{EXEC} --set store=false")).well();
    let file = sandbox.read(".fudsv/a-long/build.ninja");
    assert!(!sandbox.dir().join("home/cache/fudsv/store").exists());
    for way in ["", " --set store.dir=elsewhere", " --set store.read-only=true", " --set store.max-size=1G"] {
        assert_eq!(sandbox.fudsv(&format!("{EXEC}{way}")).well().stderr, "Up to date\n");
        assert_eq!(sandbox.read(".fudsv/a-long/build.ninja"), file);
    }
    assert_eq!(sandbox.tree(".fudsv").len(), 1 + sandbox.tree(".fudsv/a-long").len());
    sandbox.edit("a.txt", "bye\n");
    sandbox.fudsv(&format!("{EXEC} --set store.dir=elsewhere")).well();
    assert!(sandbox.has("elsewhere/e") && !sandbox.dir().join("home/cache/fudsv/store").exists());
}

#[test]
fn a_store_in_the_project_is_named_relative_to_its_file_and_moves_with_it() {
    let one = project().file("fud.toml", "[store]\ndir = \"kept results\"\n");
    one.fudsv_in("fudsv", "exec ../a.txt --to long").well();
    assert!(one.has("kept results/e"));
    assert_eq!(
        one.read(".fudsv/a-long/.fudsv/store"),
        "{\"dir\":\"../../kept results\",\"read_only\":false}\n"
    );
    let two = Sandbox::copy_of(&one);
    two.sh("rm -r .fudsv").well();
    two.fudsv(EXEC).well();
    assert_eq!(taken_and_ran(&two, ".fudsv/a-long").0.len(), 2);
}

#[test]
fn a_store_grows_to_its_limit() {
    let sandbox = project();
    let entries = || {
        let status = sandbox.fudsv("store status");
        status.well().stdout.lines().find(|line| line.starts_with("results")).unwrap().to_owned()
    };
    sandbox.fudsv(EXEC).well();
    assert_eq!(entries(), "results  2");
    sandbox.edit("a.txt", "bye\n");
    sandbox.fudsv(&format!("{EXEC} --set store.max-size=40K")).well();
    assert_eq!(entries(), "results  2");
    assert_eq!(sandbox.fudsv(&format!("{EXEC} --set store.max-size=40K")).well().stderr, "Up to date\n");
}

#[test]
fn the_store_can_be_shown_verified_and_shrunk() {
    let sandbox = project();
    insta::assert_snapshot!(sandbox.fudsv("store status"), @r"
    exit 0
    --- stdout
    store    /sandbox/home/cache/fudsv/store
    results  0
    size     0 bytes of 10.0 GiB
    ");
    sandbox.fudsv(EXEC).well();
    insta::assert_snapshot!(sandbox.fudsv("store status -s store.max-size=2M"), @r"
    exit 0
    --- stdout
    store    /sandbox/home/cache/fudsv/store
    results  2
    size     36.0 KiB of 2.0 MiB
    oldest   0 days since its last use
    ");
    assert_eq!(sandbox.fudsv("store verify").result(), "2 results whole, 0 damaged");
    let would = sandbox.fudsv("store gc --max-size 0 --dry-run");
    assert_eq!(would.result(), "would remove 2 results, 36.0 KiB");
    assert_eq!(
        sandbox.fudsv("store gc --max-age 1h").result(),
        "removed 0 results, 0 bytes; left: 2 results, 36.0 KiB"
    );
    sandbox.sh("for f in ../home/cache/fudsv/store/e/*/*/files/0; do echo x > $f; break; done").well();
    let verified = sandbox.fudsv("store verify");
    assert_eq!((verified.exit, verified.stdout.as_str()), (Some(3), "1 result whole, 1 damaged\n"));
    assert!(
        verified.stderr.contains("is not used: file 0 is not of the size that was kept; it was put aside")
    );
    let emptied = sandbox.fudsv("store gc --max-size 0").result().to_owned();
    assert!(
        emptied.starts_with("removed 1 result, ") && emptied.ends_with("; left: 0 results, 0 bytes"),
        "{emptied}"
    );
    sandbox.fudsv(&format!("{EXEC} --set store=false")).well();
}

#[test]
fn an_address_that_no_kind_of_store_has_is_refused_and_no_directory_of_that_name_is_made() {
    let sandbox = project();
    let message = "error: no kind of store is at `https://cache/x`\nhint: `store.dir` names a directory\n";
    let commands = [
        format!("{EXEC} -s store.dir=https://cache/x"),
        "store status --store https://cache/x".to_owned(),
        "clean --store".to_owned(),
    ];
    for command in commands {
        let file = if command.starts_with("clean") { "[store]\ndir = \"https://cache/x\"\n" } else { "" };
        sandbox.write("fud.toml", file);
        let said = sandbox.fudsv(&command);
        assert_eq!((said.exit, said.stderr.as_str()), (Some(2), message), "{command}");
    }
    assert!(!sandbox.has("https:"));
}

#[test]
fn what_is_wrong_with_the_settings_of_the_store_is_said() {
    let sandbox = project().file("fud.toml", "[store]\nmax-size = \"10 apples\"\n");
    insta::assert_snapshot!(sandbox.fudsv(EXEC), @r"
    exit 2
    --- stderr
    error: `10 apples` is not a size
      set by: `store.max-size` (/sandbox/project/fud.toml)
    hint: write it as `500M` or `10G`
    ");
    let sandbox = project();
    insta::assert_snapshot!(sandbox.fudsv("store status --set store.size=1G"), @r"
    exit 2
    --- stderr
    error: no key of fudsv is called `store.size`
      set by: --set
    hint: did you mean `store.dir`?
    ");
    insta::assert_snapshot!(sandbox.fudsv("store status --set store=false"), @r"
    exit 2
    --- stderr
    error: no store is used: `store` is `false`
    hint: `--store DIR` names one
    ");
    insta::assert_snapshot!(sandbox.fudsv("store gc --max-age soon"), @r"
    exit 2
    --- stderr
    error: `soon` is not a duration
    hint: write it as `12h`, `30d` or `8w`
    ");
}

/// A design of two files, one of which is included from a directory.
fn design() -> Sandbox {
    let counter = "`include \"width.svh\"\nmodule counter(input logic clk, output logic [`W-1:0] q);\n    \
                   always_ff @(posedge clk) q <= q + 1;\nendmodule\n";
    let sandbox = Sandbox::new().file("rtl/counter.sv", counter).file("inc dir/width.svh", "`define W 4\n");
    sandbox.file("fud.toml", "[verilator]\ninclude-dirs = [\"inc dir\"]\n")
}

#[test]
fn a_ci_job_with_the_store_restored_verilates_and_compiles_nothing() {
    let exec = "exec rtl/counter.sv --to shared-lib -q";
    let desk = design();
    let library = desk.fudsv(exec).result().to_owned();
    desk.sh("tar -C ../home/cache/fudsv -czf ../store.tgz store").well();
    let job = design();
    fs::copy(desk.dir().join("store.tgz"), job.dir().join("store.tgz")).unwrap();
    job.sh("mkdir -p ../home/cache/fudsv; tar -C ../home/cache/fudsv -xzf ../store.tgz").well();
    assert_eq!(job.fudsv(exec).result(), library);
    let (taken, ran) = taken_and_ran(&job, ".fudsv/counter-shared-lib");
    let (_, all) = taken_and_ran(&desk, ".fudsv/counter-shared-lib");
    assert_eq!(ran, Vec::<String>::new());
    assert_eq!(taken, all);
    assert_eq!(fs::read(job.path(&library)).unwrap(), fs::read(desk.path(&library)).unwrap());
    // Another content of what is included is another result.
    job.edit("inc dir/width.svh", "`define W 5\n");
    job.fudsv(exec).well();
    let (_, ran) = taken_and_ran(&job, ".fudsv/counter-shared-lib");
    assert!(ran.iter().any(|step| step.starts_with("verilate.")), "{ran:?}");
}
