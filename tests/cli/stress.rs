//! A machine under stress: a standard error that is full or closed, little memory, few descriptors, limits on file sizes,
//! a full disk, steps that print without end. The program says what is wrong and ends; it neither dies nor hangs.
//! It does not know how much a build needs.

use crate::sandbox::{FUDSV, Said, Sandbox, quoted};

/// An op that says much and fails, and one that says much and succeeds.
const LOUD: &str = r#"
let txt = state("txt", ["txt"]);
let loud = state("loud", ["loud"]);
let fine = state("fine", ["fine"]);
let all = state("all", ["all"]);
defop shout(src: txt) >> out: loud { shell(`cat ${src} > ${out}; ${config("t.say")}; exit 3`); }
defop speak(src: txt) >> out: fine { shell_deps(`cat ${src} > ${out}; ${config("t.say")}`, [src], [out], #{ cached: true }); }
defop every(src: txt) >> out: all { shell(`cp ${src} ${out}`); }
"#;

fn project() -> Sandbox {
    Sandbox::new().file("a.txt", "one\n").file("fudsv/loud.rhai", LOUD)
}

/// Runs `fudsv` behind limits of a shell.
fn limited(sandbox: &Sandbox, limits: &str, words: &str) -> Said {
    sandbox.sh(&format!("{limits}\nexec timeout 120 {} {words}", quoted(FUDSV)))
}

#[test]
fn a_standard_error_that_is_full_or_closed_changes_no_exit_code() {
    let sandbox = project();
    for to in ["2>/dev/full", "2>&-", "2>/dev/full >/dev/full", "2>&- >&- <&-"] {
        let exit = |words: &str| sandbox.sh(&format!("{} {words} {to}", quoted(FUDSV))).exit;
        assert_eq!(exit("lint nosuch.sv"), Some(2), "{to}");
        assert_eq!(exit("exec a.txt --to loud -s 't.say=echo x'"), Some(1), "{to}");
        assert_eq!(exit("frobnicate"), Some(2), "{to}");
        assert!(matches!(exit("exec a.txt --to fine -s 't.say=echo x' -v"), Some(0 | 3)), "{to}");
    }
    assert_eq!(sandbox.fudsv("exec a.txt --to fine -s 't.say=echo x'").well().stderr, "Up to date\n");
}

#[test]
fn little_memory_and_few_descriptors_end_in_an_error() {
    let sandbox = project();
    let words = "exec a.txt --to fine -s 't.say=echo x'";
    for limit in ["-v 40000", "-v 60000", "-v 90000", "-n 5", "-n 8", "-n 12", "-f 0", "-f 1"] {
        let said = limited(&sandbox, &format!("ulimit {limit}"), words);
        assert!(matches!(said.exit, Some(0..=3)), "{limit}: {said}");
        assert!(!said.stderr.contains("panicked"), "{limit}: {said}");
    }
    let made = sandbox.fudsv(&format!("{words} -q")).result().to_owned();
    assert_eq!(sandbox.read(&made), "one\n");
}

#[test]
fn of_a_step_that_prints_without_end_the_beginning_and_the_end_are_shown() {
    let sandbox = project();
    // 60 MB, in lines and in one line.
    for (say, lines) in
        [("yes said | head -c 60000000", true), ("head -c 60000000 /dev/zero | tr '\\0' x", false)]
    {
        for (to, exit) in [("loud", 1), ("fine", 0)] {
            let words = format!("exec a.txt --to {to} -s \"t.say={say}\"");
            let said = limited(&sandbox, "ulimit -v 400000", &words);
            assert_eq!(
                said.exit,
                Some(exit),
                "{say} {to}: {}",
                said.stderr.chars().take(2000).collect::<String>()
            );
            assert!(said.stderr.len() < 2_200_000, "{} bytes", said.stderr.len());
            assert!(exit == 1 || !lines || said.stderr.contains("bytes are left out"), "{say} {to}");
        }
    }
}

#[test]
fn a_long_line_of_a_tool_is_cut_in_messages() {
    let sandbox = project();
    let say = "head -c 1000000 /dev/zero | tr '\\0' x; echo; echo error: short";
    let said = sandbox.fudsv(&format!("exec a.txt --to loud -s \"t.say=printf error:; {say}\""));
    assert_eq!(said.exit, Some(1));
    assert!(said.stderr.len() < 10_000, "{} bytes", said.stderr.len());
    assert!(said.stderr.contains("more characters)\nerror: short\n"), "{said}");
}

#[test]
fn a_full_disk_is_said() {
    let sandbox = project();
    sandbox.sh("mkdir small").well();
    if sandbox.sh("mount -t tmpfs -o size=200k none small").exit != Some(0) {
        eprintln!("setup: no file system can be mounted (the test of a full disk is skipped)");
        return;
    }
    let said = sandbox.fudsv("exec a.txt --to fine --dir small/b -s 't.say=head -c 1000000 /dev/zero >&3'");
    let silent = sandbox.fudsv(
        "exec a.txt --to loud --dir small/b -s 't.say=head -c 1000000 /dev/zero 2>/dev/null > big; exit 1'",
    );
    sandbox.sh("umount small").well();
    assert!(matches!(said.exit, Some(1 | 3)), "{said}");
    assert_eq!(silent.exit, Some(1), "{silent}");
    assert!(silent.stderr.contains("is full") || silent.stderr.contains("No space left"), "{silent}");
}

#[test]
fn a_state_may_be_called_all() {
    let sandbox = project();
    assert_eq!(sandbox.fudsv("exec a.txt --to all -q").result(), ".fudsv/a-all/a.all");
    sandbox.fudsv("exec a.txt --to all --to fine -s t.say=true -q").well();
}
