//! Steps that share a store, in several build directories at once: what is taken from it, what goes there, and what
//! becomes of a store that is damaged, read-only or full.
//! It does not know the commands that look after a store.
#![allow(clippy::disallowed_methods)]

use crate::sandbox::{Ran, Sandbox, StepWords};
use fudsv::store::Store;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Several build directories and one store, in one temporary directory.
pub struct Shared(pub Sandbox);

impl Shared {
    pub fn new() -> Shared {
        Shared(Sandbox::new())
    }

    /// A build directory in a project of its own; its steps use the store.
    pub fn build(&self, project: &str) -> Sandbox {
        let build = self.0.inside(&format!("{project}/.fudsv/b"));
        build.write(".fudsv/store", "{\"dir\":\"../../../store\",\"read_only\":false}\n");
        build
    }

    /// The entries, as paths from the temporary directory, sorted.
    pub fn entries(&self) -> Vec<String> {
        let listed = self.0.sh("find store/e -mindepth 2 -maxdepth 2 2>/dev/null | sort || true");
        listed.lines().map(str::to_owned).collect()
    }

    fn entry(&self) -> PathBuf {
        let entries = self.entries();
        assert_eq!(entries.len(), 1, "{entries:?}");
        self.0.path(&entries[0])
    }
}

/// A step that says something, and copies `../../src` with what it includes, which it finds by itself.
fn copy(build: &Sandbox) -> StepWords {
    let step = build.step("copy").out("out").input("../../src").cwd("../..", ".fudsv/b");
    let includes = "sed -n 's/^include //p' src";
    let command = format!(
        "echo warning: copied >&2; cat src $({includes}) > <out>; echo \"x: \" src $({includes}) > <out>.d"
    );
    step.option(&["--cached", "--depfile", "out.d"]).command(&command)
}

/// How the step ended, and whether it was the store that gave the result.
fn how(build: &Sandbox, ran: &Ran) -> String {
    let events = build.read("events");
    let from_store = events.contains("\"from_store\":true");
    format!("{}{}", ran.outcome, if from_store { " from the store" } else { "" })
}

/// Why the store did not give the result.
fn missed(build: &Sandbox) -> String {
    let events = build.read("events");
    let last: serde_json::Value = serde_json::from_str(events.lines().last().unwrap()).unwrap();
    last["missed"].as_str().unwrap_or("not asked").to_owned()
}

fn run(build: &Sandbox, step: &StepWords) -> String {
    let ran = build.run(&step.words());
    assert_eq!(ran.exit, 0, "{}", ran.said);
    how(build, &ran)
}

#[test]
fn another_checkout_takes_the_result_with_its_warnings_and_its_dependencies() {
    let shared = Shared::new();
    let (one, two) = (shared.build("one"), shared.build("two"));
    for project in ["one", "two"] {
        shared.0.write(&format!("{project}/src"), "include h\n");
        shared.0.write(&format!("{project}/h"), "h\n");
    }
    assert_eq!(run(&one, &copy(&one)), "ran");
    let taken = two.run(&copy(&two).words());
    assert_eq!(how(&two, &taken), "hit from the store");
    assert_eq!(taken.said, "warning: copied\n");
    assert_eq!(two.read("out"), "include h\nh\n");
    assert_eq!(two.depfile("copy"), one.depfile("copy"));
    assert_eq!(two.log("copy"), "warning: copied\n");
    assert_eq!(two.tree(), one.tree());
    // From here on it is a result like any other.
    assert_eq!(run(&two, &copy(&two)), "hit");
    assert_eq!(two.scan(), Vec::<String>::new());
}

#[test]
fn a_result_is_taken_at_another_depth_and_under_another_name() {
    let shared = Shared::new();
    let one = shared.build("one");
    shared.0.write("one/src", "1\n");
    assert_eq!(run(&one, &copy(&one)), "ran");
    let deep = shared.0.inside("a project/build");
    deep.write(".fudsv/store", "{\"dir\":\"../../store\",\"read_only\":false}\n");
    shared.0.write("a project/src", "1\n");
    let step = deep.step("copy").out("out").input("../src").cwd("..", "build");
    let command = "echo warning: copied >&2; cat src $(sed -n 's/^include //p' src) > <out>; echo \"x: \" src \
                   $(sed -n 's/^include //p' src) > <out>.d";
    let step = step.option(&["--cached", "--depfile", "out.d"]).command(command);
    assert_eq!(run(&deep, &step), "hit from the store");
    assert_eq!(deep.read("out"), "1\n");
}

#[test]
fn whatever_matters_is_a_miss_that_is_explained() {
    let shared = Shared::new();
    let one = shared.build("one");
    shared.0.write("one/src", "include h\n");
    shared.0.write("one/h", "h\n");
    one.write(".fudsv/tools/cc", "1");
    let step = |command: &str| {
        let step =
            one.step("s").out("out").input("../../src").input(".fudsv/tools/cc").cwd("../..", ".fudsv/b");
        step.option(&["--cached", "--depfile", "out.d", "--env", "FLAGS"]).command(command)
    };
    let plain = "cat src h > <out>; echo 'x: src h' > <out>.d";
    assert_eq!((run(&one, &step(plain)).as_str(), missed(&one).as_str()), ("ran", "nothing like it is kept"));
    let ran = |command: &str, variables: &[(&str, &str)]| {
        let mut runner = one.runner(&step(command).words());
        one.finish(runner.envs(variables.iter().copied()));
        missed(&one)
    };
    assert_eq!(ran("cat src h > <out>;  echo 'x: src h' > <out>.d", &[]), "command changed");
    assert_eq!(
        ran("cat src h > <out>;  echo 'x: src h' > <out>.d", &[("FLAGS", "-O3")]),
        "variable changed: FLAGS"
    );
    let included = [("FLAGS", "-O3"), ("CPATH", "/inc")];
    assert_eq!(ran("cat src h > <out>;  echo 'x: src h' > <out>.d", &included), "variable changed: CPATH");
    one.write(".fudsv/tools/cc", "2");
    assert_eq!(ran("cat src h > <out>;  echo 'x: src h' > <out>.d", &included), "tool changed: cc");
    shared.0.write("one/h", "H\n");
    assert_eq!(ran("cat src h > <out>;  echo 'x: src h' > <out>.d", &included), "input changed: h");
    shared.0.write("one/src", "other\n");
    assert_eq!(ran("cat src h > <out>;  echo 'x: src h' > <out>.d", &included), "input changed: src");
}

#[test]
fn a_content_that_was_seen_before_comes_back_from_the_store() {
    let shared = Shared::new();
    let one = shared.build("one");
    shared.0.write("one/h", "1\n");
    shared.0.write("one/i", "i\n");
    let mut outcomes = vec![];
    for text in ["include h\n", "include h\ninclude i\n", "include h\n"] {
        shared.0.write("one/src", text);
        outcomes.push(run(&one, &copy(&one)));
    }
    for text in ["2\n", "1\n"] {
        shared.0.write("one/h", text);
        outcomes.push(run(&one, &copy(&one)));
    }
    assert_eq!(outcomes, ["ran", "ran", "hit from the store", "ran", "hit from the store"]);
    assert_eq!(one.read("out"), "include h\n1\n");
}

#[test]
fn a_step_that_found_other_files_for_the_same_declared_ones_has_both_results() {
    let shared = Shared::new();
    let one = shared.build("one");
    shared.0.write("one/src", "include list\n");
    // What is read depends on a file that is found.
    let step = |build: &Sandbox| {
        let step = build.step("s").out("out").input("../../src").cwd("../..", ".fudsv/b");
        let command = "cat $(cat list) > <out>; echo x: list $(cat list) > <out>.d";
        step.option(&["--cached", "--depfile", "out.d"]).command(command)
    };
    shared.0.write("one/a", "a\n");
    shared.0.write("one/b", "b\n");
    let mut outcomes = vec![];
    for list in ["a", "a b", "a", "a b"] {
        shared.0.write("one/list", list);
        outcomes.push(run(&one, &step(&one)));
    }
    assert_eq!(outcomes, ["ran", "ran", "hit from the store", "hit from the store"]);
    assert_eq!(one.read("out"), "a\nb\n");
    assert_eq!(shared.0.sh("ls store/m/*/*/ | wc -l").trim(), "2");
}

#[test]
fn a_header_that_would_be_found_earlier_is_a_miss() {
    let shared = Shared::new();
    let compile = |build: &Sandbox| {
        let step = build.step("c").out("a.o").input("../../a.c").cwd("../..", ".fudsv/b");
        let step = step.option(&["--cached", "--depfile", "a.o.d"]);
        step.command("cc -Ifirst -Isecond -MMD -MF <a.o>.d -c -o <a.o> a.c")
    };
    let projects = ["one", "two", "three"].map(|project| {
        shared.0.write(&format!("{project}/a.c"), "#include \"h.h\"\nint x = H;\n");
        shared.0.write(&format!("{project}/second/h.h"), "#define H 1\n");
        shared.build(project)
    });
    let [one, two, three] = &projects;
    shared.0.write("two/first/h.h", "#define H 2\n");
    shared.0.write("three/first/other.h", "");
    assert_eq!(run(one, &compile(one)), "ran");
    assert_eq!(run(two, &compile(two)), "ran");
    assert_eq!(missed(two), "hiding file added: first/h.h");
    assert_eq!(run(three, &compile(three)), "hit from the store");
}

#[test]
fn debug_information_ties_a_result_to_its_directory() {
    let shared = Shared::new();
    let compile = |build: &Sandbox, flag: &str| {
        let step = build.step("c").out("a.o").input("../../a.c").cwd("../..", ".fudsv/b");
        step.option(&["--cached"]).command(&format!("cc {flag} -c -o <a.o> a.c"))
    };
    let (one, two) = (shared.build("one"), shared.build("two"));
    shared.0.write("one/a.c", "int x;\n");
    shared.0.write("two/a.c", "int x;\n");
    let how = |flag: &str| (run(&one, &compile(&one, flag)), run(&two, &compile(&two, flag)));
    assert_eq!(how("-O1"), ("ran".into(), "hit from the store".into()));
    assert_eq!(how("-g"), ("ran".into(), "ran".into()));
    assert_eq!(missed(&two), "working directory changed");
}

#[test]
fn a_directory_comes_back_whole_with_its_modes_and_without_what_was_there() {
    let shared = Shared::new();
    let make = |build: &Sandbox| {
        let command = "mkdir -p <gen>/sub; echo a > <gen>/a; echo b > <gen>/sub/'b c'; chmod +x <gen>/a";
        build.step("g").out("gen/").option(&["--cached"]).command(command)
    };
    let (one, two) = (shared.build("one"), shared.build("two"));
    assert_eq!(run(&one, &make(&one)), "ran");
    two.write("gen/notes", "mine");
    assert_eq!(run(&two, &make(&two)), "hit from the store");
    assert_eq!(two.tree(), ["gen/SHA256SUMS", "gen/a", "gen/notes", "gen/sub/b c"]);
    assert_eq!(two.read("gen/SHA256SUMS"), one.read("gen/SHA256SUMS"));
    two.sh("test -x gen/a && ! test -x 'gen/sub/b c' && ! test gen/a -ef ../../../one/.fudsv/b/gen/a");
}

#[test]
fn steps_that_fail_have_links_or_do_not_say_cached_are_not_kept() {
    let shared = Shared::new();
    let one = shared.build("one");
    let step = |name: &str, command: &str| one.step(name).out("out").command(command);
    let cached = |name: &str, command: &str| step(name, command).option(&["--cached"]);
    assert_eq!(one.run(&cached("fails", "echo > <out>; false").words()).exit, 1);
    run(&one, &cached("links", "ln -s /etc/passwd <out>"));
    run(&one, &step("plain", "echo > <out>"));
    assert_eq!(one.run(&cached("talks", "echo > <out>").option(&["--console"]).words()).exit, 0);
    assert_eq!(shared.entries(), Vec::<String>::new());
}

#[test]
fn a_step_that_writes_its_own_input_is_not_kept() {
    let shared = Shared::new();
    let one = shared.build("one");
    shared.0.write("one/src", "1\n");
    let one_step = one.step("s").out("out").input("../../src").option(&["--cached"]);
    let ran = one.run(&one_step.command("cp ../../src <out>; echo 2 > ../../src").words());
    assert_eq!((ran.exit, shared.entries()), (1, Vec::<String>::new()));
}

/// Keeps one result, damages the store, and takes it in another checkout: what that says, and what is kept then.
fn after(damage: impl Fn(&Shared, &str)) -> String {
    let shared = Shared::new();
    let (one, two, three) = (shared.build("one"), shared.build("two"), shared.build("three"));
    for project in ["one", "two", "three"] {
        shared.0.write(&format!("{project}/src"), "text\n");
    }
    assert_eq!(run(&one, &copy(&one)), "ran");
    let entry = shared.entry();
    let name = entry.file_name().unwrap().to_str().unwrap().to_owned();
    damage(&shared, entry.to_str().unwrap());
    let ran = two.run(&copy(&two).words());
    assert_eq!((ran.exit, how(&two, &ran).as_str(), two.read("out").as_str()), (0, "ran", "text\n"));
    let again = three.run(&copy(&three).words());
    assert_eq!(
        (how(&three, &again).as_str(), again.said.as_str()),
        ("hit from the store", "warning: copied\n")
    );
    let said = ran.said.replace(&name[..12], "ENTRY");
    let store = shared.0.path("store").to_str().unwrap().to_owned();
    said.replace(&store, "STORE").replace("warning: copied\n", "")
}

#[test]
fn a_damaged_entry_is_put_aside_with_one_warning_and_made_again() {
    let put_aside = |what: &str| {
        format!("warning: entry ENTRY of the store `STORE` is not used: {what}; it was put aside\n")
    };
    let sh = |script: &'static str| {
        move |shared: &Shared, entry: &str| drop(shared.0.sh(&format!("cd {entry}; {script}")))
    };
    for (script, what) in [
        ("printf 'TEXT\\n' > files/0", "file 0 does not hold what was kept"),
        ("printf te > files/0", "file 0 is not of the size that was kept"),
        ("rm files/0", "file 0 cannot be read: No such file or directory (os error 2)"),
        (
            "mv files/0 x; ln -s ../x files/0",
            "file 0 cannot be read: Too many levels of symbolic links (os error 40)",
        ),
        ("printf wrong > files/1", "file 1 is not of the size that was kept"),
        ("head -c 100 manifest.json > m; mv m manifest.json", "its manifest is damaged"),
        ("echo '{}' > manifest.json", "its manifest is damaged"),
        ("rm manifest.json", "its manifest cannot be read: No such file or directory (os error 2)"),
        (
            "sed -i 's/\"format\":1/\"format\":2/' manifest.json",
            "it has the form of another version of fudsv",
        ),
        ("sed -i 's/\"executable\":false/\"executable\":true/' manifest.json", "its manifest was changed"),
    ] {
        assert_eq!(after(sh(script)), put_aside(what), "{script}");
    }
}

#[test]
fn an_entry_of_another_key_is_foreign() {
    let said = after(|shared, entry| {
        let one = shared.build("four");
        shared.0.write("four/src", "other\n");
        run(&one, &copy(&one));
        let other = shared.entries().into_iter().find(|path| !entry.ends_with(path.as_str())).unwrap();
        shared.0.sh(&format!("rm -r {entry}; mv {other} {entry}"));
    });
    let expected = "warning: entry ENTRY of the store `STORE` is not used: it belongs to another key; it was put aside\n";
    assert_eq!(said, expected);
}

#[test]
fn a_store_that_is_a_file_is_told_of_once_and_the_result_stands() {
    let shared = Shared::new();
    let one = shared.build("one");
    shared.0.write("store", "not a directory");
    let make =
        |name: &str| one.step(name).out(name).option(&["--cached"]).command(&format!("echo > <{name}>"));
    let first = one.run(&make("a").words());
    let second = one.run(&make("b").words());
    let store = shared.0.path("store");
    let expected = format!(
        "warning: cannot write the store `{}`\n  cause: Not a directory (os error 20)\nhint: `store.read-only` in fud.toml only reads results\n",
        store.display()
    );
    assert_eq!(
        (first.exit, first.said.as_str(), second.exit, second.said.as_str()),
        (0, expected.as_str(), 0, "")
    );
    assert_eq!(one.tree(), ["a", "b"]);
}

/// Whether this process may write where the mode says that it may not.
fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|meta| std::os::unix::fs::MetadataExt::uid(&meta) == 0)
}

#[test]
fn another_user_takes_results_from_a_store_that_only_its_owner_writes() {
    let shared = Shared::new();
    let (one, two) = (shared.build("one"), shared.build("two"));
    shared.0.write("one/src", "text\n");
    shared.0.write("two/src", "text\n");
    run(&one, &copy(&one));
    let before = shared.0.sh("find store | sort");
    shared.0.sh("chmod -R a-w,a+rX store; chmod -R a+rwX . two; chmod a-w -R store");
    let words = copy(&two).words();
    let mut runner = two.runner(&words);
    if is_root() {
        // Root may write anywhere: the step runs as nobody.
        std::os::unix::process::CommandExt::uid(&mut runner, 65534);
    }
    let taken = two.finish(&mut runner);
    assert_eq!(
        (how(&two, &taken).as_str(), taken.said.as_str()),
        ("hit from the store", "warning: copied\n")
    );
    shared.0.write("two/src", "new\n");
    let mut runner = two.runner(&words);
    if is_root() {
        std::os::unix::process::CommandExt::uid(&mut runner, 65534);
    }
    let ran = two.finish(&mut runner);
    assert_eq!(how(&two, &ran), "ran");
    assert!(ran.said.contains("warning: cannot write the store"), "{}", ran.said);
    assert_eq!(shared.0.sh("find store | sort"), before);
    shared.0.sh("chmod -R u+w store");
}

#[test]
fn a_read_only_store_is_never_written_and_says_nothing() {
    let shared = Shared::new();
    let one = shared.build("one");
    one.write(".fudsv/store", "{\"dir\":\"../../../store\",\"read_only\":true}\n");
    shared.0.write("one/src", "text\n");
    let ran = one.run(&copy(&one).words());
    assert_eq!((ran.exit, ran.said.as_str()), (0, "warning: copied\n"));
    assert!(!shared.0.path("store").exists());
}

#[test]
fn eight_builds_at_once_share_one_store() {
    let shared = Shared::new();
    let builds: Vec<Sandbox> = (0..8).map(|n| shared.build(&format!("p{n}"))).collect();
    for (n, build) in builds.iter().enumerate() {
        shared.0.write(&format!("p{n}/src"), "text\n");
        let step = |name: &str| {
            let step = build.step(name).out(&format!("{name}/")).input("../../src").option(&["--cached"]);
            let lines = format!("seq 1 2000 > <{name}>/a; cp ../../src <{name}>/b; echo {name}");
            step.command(&lines)
        };
        let steps: Vec<StepWords> = (0..10).map(|n| step(&format!("s{n}"))).collect();
        build.ninja_file(&steps.iter().collect::<Vec<_>>());
    }
    let ninjas: Vec<_> = builds
        .iter()
        .map(|build| {
            let mut ninja = Command::new("ninja");
            ninja.arg("-j2").current_dir(build.path(".")).env("FUDSV_EVENTS", "events");
            ninja.stdout(std::process::Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut ninja in ninjas {
        assert!(ninja.wait().unwrap().success());
    }
    let first = builds[0].sh("cat s*/SHA256SUMS");
    for build in &builds {
        assert_eq!(build.sh("cat s*/SHA256SUMS"), first);
        assert!(!build.sh("cat .fudsv/steps/*.log").contains("warning"));
    }
    assert_eq!(shared.entries().len(), 10);
    assert_eq!(fs::read_dir(shared.0.path("store/tmp")).unwrap().count(), 0);
    let verified = fudsv::store::Directory::new(shared.0.path("store").to_str().unwrap()).verify().unwrap();
    assert_eq!((verified.whole, verified.damaged), (10, vec![]));
}

#[test]
fn a_kill_at_any_moment_leaves_a_store_that_is_whole() {
    let shared = Shared::new();
    // Delays of a fixed seed, spread over the time that a step takes to run and to be kept.
    let mut seed: u64 = 20_26;
    for n in 0..40 {
        let build = shared.build(&format!("p{n}"));
        shared.0.write(&format!("p{n}/src"), "text\n");
        let step = build.step("s").out("gen/").input("../../src").option(&["--cached"]);
        let step = step.command("for i in 1 2 3 4 5 6 7 8; do seq 1 2000 > <gen>/$i; done; echo said");
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let delay = format!("0.0{:02}", seed >> 33 & 63);
        let script =
            format!("\"$@\" & p=$!; sleep {delay}; kill -9 $p 2>/dev/null; wait $p 2>/dev/null; true");
        let mut sh = Command::new("sh");
        sh.args(["-c", &script, "sh", crate::sandbox::FUDSV, "tool", "run"]).args(step.words());
        sh.current_dir(build.path(".")).stderr(std::process::Stdio::null());
        assert!(sh.status().unwrap().success());
        let store = fudsv::store::Directory::new(shared.0.path("store").to_str().unwrap());
        assert_eq!(store.verify().unwrap().damaged, Vec::<String>::new());
        let ran = build.run(&step.words());
        assert_eq!((ran.exit, ran.said.contains("store")), (0, false), "{}", ran.said);
        assert_eq!(build.read("gen/8").lines().count(), 2000);
    }
}

#[test]
fn a_store_is_kept_below_its_limit_by_last_use() {
    let shared = Shared::new();
    let one = shared.build("one");
    let store = fudsv::store::Directory::new(shared.0.path("store").to_str().unwrap());
    for n in 0..4 {
        shared.0.write("one/src", &format!("{n}\n"));
        run(&one, &copy(&one));
    }
    let all = store.status();
    assert_eq!(all.entries, 4);
    let limits = fudsv::store::Limits { size: Some(all.size - 1), age: None };
    assert!(store.is_over(limits) && !store.is_over(fudsv::store::Limits::default()));
    let would = store.clean(limits, true).unwrap();
    assert_eq!((would.entries, store.status().entries), (1, 4));
    assert_eq!(store.clean(limits, false).unwrap(), would);
    assert_eq!((store.status().entries, store.is_over(limits)), (3, false));
    // The oldest is gone, the others are found.
    let mut outcomes = vec![];
    for n in [3, 2, 1, 0] {
        shared.0.write("one/src", &format!("{n}\n"));
        outcomes.push(run(&one, &copy(&one)));
    }
    assert_eq!(outcomes, ["hit", "hit from the store", "hit from the store", "ran"]);
    let nothing = fudsv::store::Limits { size: Some(0), age: None };
    store.clean(nothing, false).unwrap();
    assert_eq!(shared.0.sh("find store -type f | sort"), "store/CACHEDIR.TAG\nstore/size\n");
}

#[test]
fn what_is_no_plain_file_is_refused_and_the_step_runs() {
    for make in [
        "mkfifo FILE",
        "ln -s /dev/zero FILE",
        "ln -s ../../../../../one/src FILE",
        "mkdir FILE",
        "truncate -s 1T FILE",
    ] {
        for file in ["manifest.json", "files/0"] {
            let shared = Shared::new();
            let one = shared.build("one");
            shared.0.write("one/src", "1\n");
            assert_eq!(run(&one, &copy(&one)), "ran");
            let entry = shared.entry();
            let at = entry.join(file);
            fs::remove_file(&at).unwrap();
            shared.0.sh(&make.replace("FILE", at.to_str().unwrap()));
            one.remove("out");
            let step = copy(&one).words();
            let ran = one.run(&step);
            assert_eq!((ran.exit, ran.outcome.as_str()), (0, "ran"), "{make} {file}: {}", ran.said);
            assert!(ran.said.contains("is not used"), "{make} {file}: {}", ran.said);
            assert_eq!(one.read("out"), "1\n");
        }
    }
}

#[test]
fn a_directory_that_is_no_store_is_neither_filled_nor_swept() {
    let shared = Shared::new();
    let one = shared.build("one");
    shared.0.write("one/src", "1\n");
    shared.0.write("store/tmp/kept", "mine");
    shared.0.sh("touch -d '10 days ago' store/tmp/kept store/tmp");
    let ran = one.run(&copy(&one).words());
    assert_eq!((ran.exit, ran.outcome.as_str()), (0, "ran"), "{}", ran.said);
    assert!(ran.said.contains("cannot write the store"), "{}", ran.said);
    let store = fudsv::store::Directory::new(shared.0.path("store").to_str().unwrap());
    let everything = fudsv::store::Limits { size: Some(0), age: Some(std::time::Duration::ZERO) };
    assert!(store.clean(everything, false).is_err() && store.verify().is_err());
    store.tidy();
    assert_eq!(shared.0.sh("find store -mindepth 1 | sort"), "store/tmp\nstore/tmp/kept\n");
}

#[test]
fn a_store_of_an_earlier_version_gets_its_mark_and_links_in_a_store_lead_nowhere() {
    let shared = Shared::new();
    let one = shared.build("one");
    shared.0.write("one/src", "1\n");
    assert_eq!(run(&one, &copy(&one)), "ran");
    shared.0.write("store/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n");
    shared.0.write("one/src", "2\n");
    assert_eq!(run(&one, &copy(&one)), "ran");
    assert!(fs::read_to_string(shared.0.path("store/CACHEDIR.TAG")).unwrap().contains("fudsv"));
    assert_eq!(shared.entries().len(), 2);
    shared.0.write("outside/aa/kept", "mine");
    shared.0.sh("mv store/tmp old; ln -s ../outside store/tmp; mv store/m oldm; ln -s ../outside store/m");
    shared.0.write("one/src", "3\n");
    one.run(&copy(&one).words());
    let store = fudsv::store::Directory::new(shared.0.path("store").to_str().unwrap());
    drop(store.clean(fudsv::store::Limits { size: Some(0), age: None }, false));
    assert_eq!(shared.0.sh("find outside -type f"), "outside/aa/kept\n");
}

#[test]
fn a_store_of_a_group_can_be_written_by_the_group() {
    let shared = Shared::new();
    let one = shared.build("one");
    shared.0.write("one/src", "1\n");
    shared.0.sh("mkdir store; chmod 2770 store");
    assert_eq!(run(&one, &copy(&one)), "ran");
    let not_of_group = "find store -mindepth 1 \\( -type d ! -perm -2070 -o -type f ! -perm -060 \\)";
    assert_eq!(shared.0.sh(not_of_group), "");
}

#[test]
fn a_record_that_lists_files_outside_removes_none() {
    let shared = Shared::new();
    let one = shared.build("one");
    shared.0.write("one/src", "1\n");
    shared.0.write("kept", "mine");
    let step = one.step("s").out("gen/").input("../../src").command("echo 1 > <gen>/a");
    assert_eq!(run(&one, &step), "ran");
    let record = one.read(".fudsv/steps/s.json");
    one.write(".fudsv/steps/s.json", &record.replace("gen/a", "gen/../../../../kept"));
    shared.0.write("one/src", "2\n");
    assert_eq!(one.run(&step.words()).exit, 0);
    assert!(shared.0.path("kept").exists());
    // Nor is anything removed through a link.
    one.write(".fudsv/steps/s.json", &record.replace("gen/a", "gen/link/kept"));
    one.sh("ln -s ../../../.. gen/link");
    shared.0.write("one/src", "3\n");
    assert_eq!(one.run(&step.words()).exit, 0);
    assert!(shared.0.path("kept").exists());
}
