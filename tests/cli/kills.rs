//! A build that is killed at any moment, or run twice at once, ends like one that never was.
//! It does not know what the moments are: a seed picks them.

use crate::sandbox::{FUDSV, Sandbox};
use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::Duration;

/// A file, a directory made of it, a file made of that, two in parallel; each takes some time and writes in parts.
const CHAIN: &str = r#"
let txt = state("txt", ["txt"]);
let upper = state("upper", ["up"]);
let parts = state("parts", [], #{ directory: true });
let one = state("one", ["one"]);
let two = state("two", ["two"]);
defop raise(src: txt) >> out: upper {
    shell(`tr a-z A-Z < ${src} > ${out}; slow; echo end >> ${out}`);
}
defop scatter(src: upper) >> dir: parts {
    shell(`for word in $(cat ${src}); do echo part > ${dir}/$word; slow; echo $word >> ${dir}/$word; done`);
}
defop gather(dir: parts) >> out: one {
    shell(`cat ${dir}/* > ${out}; slow; ls ${dir} >> ${out}`);
}
defop measure(src: upper) >> out: two {
    shell(`wc -c < ${src} > ${out}; slow; wc -l < ${src} >> ${out}`);
}
"#;

const EXEC: &str = "exec a.txt --to one --to two";

fn project() -> Sandbox {
    Sandbox::new().file("fudsv/chain.rhai", CHAIN).file("a.txt", "one two\n").tool("slow", "exec sleep 0.01")
}

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// The process and all below it, nearest first.
fn family(root: u32) -> Vec<u32> {
    let mut parents = BTreeMap::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let after_name = stat.rsplit_once(") ").map(|(_, rest)| rest);
        let parent = after_name.and_then(|rest| rest.split(' ').nth(1)?.parse::<u32>().ok());
        parents.extend(parent.map(|parent| (pid, parent)));
    }
    let mut found = vec![root];
    let mut next = 0;
    while let Some(parent) = found.get(next).copied() {
        found.extend(parents.iter().filter(|(_, p)| **p == parent).map(|(pid, _)| *pid));
        next += 1;
    }
    found
}

/// What a person, a batch system and a crash send.
const SIGNALS: [Signal; 3] = [Signal::INT, Signal::TERM, Signal::KILL];

/// Sends a signal to one of the family (the driver, Ninja, a runner, a tool), or kills all of it as a power cut would.
fn kill(root: &Child, numbers: &mut Numbers) {
    let family = family(root.id());
    let all = numbers.below(4) == 0;
    let mut below = |count: usize| usize::try_from(numbers.below(count as u64)).unwrap();
    let (chosen, signal) = (below(family.len()), SIGNALS[below(SIGNALS.len())]);
    let (family, signal) = if all { (&family[..], Signal::KILL) } else { (&family[chosen..=chosen], signal) };
    for pid in family {
        let pid = Pid::from_raw(i32::try_from(*pid).unwrap()).unwrap();
        // It may be gone by now.
        kill_process(pid, signal).unwrap_or_default();
    }
}

/// Every file that steps made, with its content.
fn outputs(sandbox: &Sandbox, workdir: &str) -> BTreeMap<String, String> {
    let own = |name: &str| name == "build.ninja" || name.starts_with(".ninja_");
    let files = sandbox.tree(workdir).into_iter().filter(|name| !own(name));
    files.map(|name| (name.clone(), sandbox.read(&format!("{workdir}/{name}")))).collect()
}

fn spawn(sandbox: &Sandbox) -> Child {
    let mut command = sandbox.command(FUDSV, "");
    command.args(shlex::split(EXEC).unwrap()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// One edit, one killed build, one whole build, one clean one beside it.
fn round(sandbox: &Sandbox, numbers: &mut Numbers, round: u64) {
    let words =
        (0..=numbers.below(3)).map(|_| format!("w{}", numbers.below(4))).collect::<Vec<_>>().join(" ");
    sandbox.write("a.txt", &format!("{words}\n"));
    let mut child = spawn(sandbox);
    std::thread::sleep(Duration::from_millis(numbers.below(150)));
    kill(&child, numbers);
    child.wait().unwrap();
    let said = sandbox.fudsv(EXEC);
    assert_eq!(said.exit, Some(0), "round {round}: {said}");
    drop(fs::remove_dir_all(sandbox.path("clean")));
    sandbox.fudsv(&format!("{EXEC} --dir clean")).well();
    assert_eq!(outputs(sandbox, ".fudsv/a-one+two"), outputs(sandbox, "clean"), "round {round}");
    assert_eq!(sandbox.fudsv(EXEC).well().stderr, "Up to date\n", "round {round}");
}

fn rounds(count: u64, seed: u64) {
    let sandbox = project();
    let mut numbers = Numbers(seed);
    (0..count).for_each(|number| round(&sandbox, &mut numbers, number));
}

#[test]
fn a_killed_build_ends_like_a_clean_one() {
    rounds(12, 0x9e37_79b9_7f4a_7c15);
}

/// `FUDSV_KILL_SEED=7 cargo test --test cli -- --ignored kills` tries other moments.
#[test]
#[ignore = "takes minutes; the rounds above are its short form"]
fn two_hundred_killed_builds_end_like_clean_ones() {
    let seed = std::env::var("FUDSV_KILL_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    rounds(200, seed);
}

/// Two builds of one directory: the tool of the first waits until the second says that it waits for the first.
#[test]
fn two_builds_at_once_build_once() {
    let sandbox = project();
    sandbox.program("slow", &format!("cd '{}'; : > ready; cat go > held", sandbox.path("").display()));
    sandbox.sh("mkfifo ready go").well();
    let start = || {
        let mut command = sandbox.command(FUDSV, "");
        command.args(["exec", "a.txt", "--to", "upper"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    let first = start();
    sandbox.read("ready");
    let mut second = start();
    let mut lines = BufReader::new(second.stderr.take().unwrap()).lines();
    let waiting = sandbox.mask(&lines.next().unwrap().unwrap());
    let expected = "    Blocking waiting for file lock on build directory (held by pid N: fudsv exec)";
    assert_eq!(waiting, expected);
    sandbox.write("go", "");
    let first = first.wait_with_output().unwrap();
    let rest: Vec<String> = lines.map(|line| line.unwrap()).collect();
    let second = second.wait_with_output().unwrap();
    assert_eq!(rest, ["Up to date"]);
    assert_eq!((first.status.code(), second.status.code()), (Some(0), Some(0)));
    assert_eq!(first.stdout, second.stdout);
    assert_eq!(sandbox.read(".fudsv/a-upper/a.up"), "ONE TWO\nend\n");
}

#[test]
fn an_orphaned_ninja_still_holds_the_lock() {
    let sandbox = project();
    let project = sandbox.path("");
    sandbox.program("slow", &format!("cd '{}'; : > ready; cat go > held", project.display()));
    sandbox.sh("mkfifo ready go").well();
    let mut command = sandbox.command(FUDSV, "");
    let first = command.args(["exec", "a.txt", "--to", "upper"]).stdout(Stdio::null()).stderr(Stdio::null());
    let mut first = first.spawn().unwrap();
    sandbox.read("ready");
    first.kill().unwrap();
    first.wait().unwrap();
    let mut second = sandbox.command(FUDSV, "");
    second.args(["exec", "a.txt", "--to", "upper"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut second = second.spawn().unwrap();
    let mut lines = BufReader::new(second.stderr.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().contains("Blocking waiting"));
    sandbox.write("go", "");
    lines.for_each(drop);
    assert!(second.wait().unwrap().success());
    assert_eq!(sandbox.read(".fudsv/a-upper/a.up"), "ONE TWO\nend\n");
}

#[test]
fn an_interrupted_build_says_so_and_is_right_the_next_time() {
    let sandbox = project();
    sandbox.program("slow", &format!("cd '{}'; : > ready; cat go > held", sandbox.path("").display()));
    sandbox.sh("mkfifo ready go").well();
    let mut command = sandbox.command(FUDSV, "");
    command.args(["exec", "a.txt", "--to", "upper"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    sandbox.read("ready");
    kill_process(Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap(), Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "error: interrupted\n");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(130), 0));
    assert!(!sandbox.has(".fudsv/a-upper/a.up"));
    sandbox.program("slow", "");
    sandbox.fudsv("exec a.txt --to upper").well();
    assert_eq!(sandbox.read(".fudsv/a-upper/a.up"), "ONE TWO\nend\n");
}

/// Runs a command, and kills it with all below it after so many milliseconds.
fn killed(sandbox: &Sandbox, words: &str, after: u64) {
    let mut command = sandbox.command(FUDSV, "");
    command.args(shlex::split(words).unwrap()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    std::thread::sleep(Duration::from_millis(after));
    for pid in family(child.id()) {
        kill_process(Pid::from_raw(i32::try_from(pid).unwrap()).unwrap(), Signal::KILL).unwrap_or_default();
    }
    child.wait().unwrap();
}

/// What was left under a temporary name, in the project and in the store.
fn temporary(sandbox: &Sandbox) -> String {
    let find = r"find . ../home \( -name '*.tmp*' -o -name '.fudsv-tmp*' -o -path '*/store/tmp/*' \) | sort";
    sandbox.sh(find).stdout
}

/// Each command is killed at seeded moments; then all is as before or as after it, and the next run leaves nothing behind.
/// `benches/kills.py` is the long form.
#[test]
fn a_command_that_writes_and_is_killed_loses_nothing_and_the_next_run_leaves_nothing_behind() {
    const TOML: &str = "# mine\n[verilator]\ntop = \"a\"\n";
    let mut numbers = Numbers(0x2545_f491_4f6c_dd1d);
    for words in [
        "config set verilator.top b",
        "plugin register ./mine.rhai",
        "clean",
        "store gc --max-size 0",
        "gen a.txt --to one --standalone out",
    ] {
        for _ in 0..3 {
            let sandbox = Sandbox::new()
                .file("fudsv/chain.rhai", &CHAIN.replace("slow; ", ""))
                .file("a.txt", "one two\n");
            let sandbox = sandbox.file("fud.toml", TOML).file("mine.rhai", "");
            sandbox.fudsv("exec a.txt --to one -q").well();
            killed(&sandbox, words, numbers.below(60));
            let text = sandbox.read("fud.toml");
            assert!(text.contains("# mine\n") && text.contains("top = "), "{words}: {text}");
            drop(fs::remove_dir_all(sandbox.path("out")));
            sandbox.fudsv(words).well();
            assert_eq!(temporary(&sandbox), "", "{words}");
            sandbox.fudsv("store verify").well();
            sandbox.fudsv("exec a.txt --to one -q").well();
        }
    }
}

/// `fudsv clean` removes the directory for whose lock a build waits: that build makes a new one.
#[test]
fn a_build_that_waits_for_a_directory_that_is_removed_makes_another() {
    let sandbox = project();
    for _ in 0..6 {
        let mut builds: Vec<Child> = (0..3).map(|_| spawn(&sandbox)).collect();
        // Refused while somebody builds, and else removes what the next build waits for.
        (0..4).for_each(|_| drop(sandbox.fudsv("clean")));
        let ends: Vec<Option<i32>> = builds.iter_mut().map(|build| build.wait().unwrap().code()).collect();
        assert_eq!(ends, [Some(0); 3]);
    }
    assert_eq!(sandbox.fudsv(EXEC).exit, Some(0));
}
