//! Checkouts of strangers: whatever they bring, looking at them and building them with `--untrusted` runs no program of
//! theirs and touches no file outside.
//! It does not know what `--untrusted` refuses in words; tests/cli/inputs.rs and src/design do.

use crate::sandbox::{FUDSV, Sandbox, quoted};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

const SOURCE: &str = "module a(input logic x, output logic y); assign y = x; endmodule\n";

/// A project with a design, a program that tells that it ran, and a directory outside that must stay as it is.
fn checkout() -> Sandbox {
    let sandbox = Sandbox::new().file("a.sv", SOURCE).file("evil", "");
    let script = format!("#!/bin/sh\ntouch '{}/ran'\ncat \"$@\"\n", sandbox.dir().display());
    sandbox.write("evil", &script);
    fs::set_permissions(sandbox.path("evil"), fs::Permissions::from_mode(0o755)).unwrap();
    for name in [
        "../outside/kept.sv",
        "../outside/e/aa/kept",
        "../outside/tmp/kept",
        "../outside/x/.fudsv/steps/kept",
    ] {
        sandbox.write(name, SOURCE);
    }
    sandbox
}

/// Every file outside with its content and its times.
fn outside(sandbox: &Sandbox) -> BTreeMap<String, (String, i64, i64)> {
    fn walk(dir: &Path, found: &mut BTreeMap<String, (String, i64, i64)>) {
        for entry in fs::read_dir(dir).unwrap().flatten() {
            let meta = entry.path().symlink_metadata().unwrap();
            let text = if meta.is_file() { fs::read_to_string(entry.path()).unwrap() } else { String::new() };
            found.insert(entry.path().display().to_string(), (text, meta.mtime(), meta.mtime_nsec()));
            if meta.is_dir() {
                walk(&entry.path(), found);
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(&sandbox.dir().join("outside"), &mut found);
    found
}

/// Commands that only look, but for `doctor`, which asks every tool of the machine and takes a second.
const LOOKS: [&str; 9] = [
    "plan a.sv --to ports",
    "list",
    "explain a.sv --to ports",
    "emit a.sv --to ports",
    "exec -n a.sv --to ports",
    "graph",
    "check",
    "completions bash",
    "clean -n",
];

/// Looks at a checkout and builds it, and sees that nothing of it ran and nothing outside changed.
fn harmless(sandbox: &Sandbox, words: &str) {
    harmless_as(sandbox, words, "--to static-lib", &["doctor"]);
}

fn harmless_as(sandbox: &Sandbox, words: &str, to: &str, more: &[&str]) {
    let before = outside(sandbox);
    let ran = sandbox.dir().join("ran");
    let untrusted = [
        format!("lint {words} --untrusted -q"),
        format!("exec {words} {to} --untrusted -q"),
        format!("explain {words} --to ports --untrusted"),
        format!("plan {words} --to ports --untrusted"),
        format!("lint {words} --untrusted -q"),
    ];
    for words in LOOKS.iter().chain(more).map(|words| (*words).to_owned()).chain(untrusted) {
        let limits = "ulimit -v 6000000; exec timeout 100";
        let said = sandbox.sh(&format!("{limits} {} {words}", quoted(FUDSV)));
        assert!(!ran.exists(), "`{words}` ran a program: {said}");
        assert_eq!(outside(sandbox), before, "`{words}` changed files outside: {said}");
        assert!(matches!(said.exit, Some(0..=3)), "{words}: {said}");
    }
}

fn text(sandbox: &Sandbox) -> (String, String) {
    (sandbox.path("").display().to_string(), sandbox.dir().join("outside").display().to_string())
}

#[test]
fn settings_that_start_programs_are_harmless() {
    let sandbox = checkout();
    let (project, _) = text(&sandbox);
    sandbox.write("words", &format!("X -B{project}"));
    for name in ["as", "ld"] {
        symlink("evil", sandbox.path(name)).unwrap();
    }
    for toml in [
        "[lint]\nargs = [\"--pipe-filter\", \"./evil\"]\n".to_owned(),
        "[verilator]\nargs = [\"--pipe-filter\", \"./evil\"]\n".to_owned(),
        // The first takes the second as its value, and fudsv once took the third for that of the second.
        "[lint]\nargs = [\"--future0\", \"--timescale\", \"--pipe-filter\", \"./evil\"]\n".to_owned(),
        format!("[cxx]\nflags = [\"-D\", \"@{project}words\"]\n"),
        format!("[cxx]\nlinker = \"{project}evil\"\n"),
        format!("[cxx]\nflags = [\"-B{project}\"]\nldflags = [\"-fuse-ld={project}evil\"]\n"),
        format!("[verilator]\ntrace = \"fst\"\n[cxx]\nfst-libs = [\"-fuse-ld={project}evil\"]\n"),
        "[verilator]\nexe = \"./evil\"\n[cxx]\nexe = \"./evil\"\n[ninja]\nexe = \"./evil\"\n".to_owned(),
        "[ar]\nexe = \"./evil\"\n[ld]\nexe = \"./evil\"\n".to_owned(),
        "[launch]\ncompile = \"./evil\"\n[pools]\nlink = 1\n".to_owned(),
        "[design.a]\nsources = [\"a.sv\"]\nbuild-cmd = \"./evil\"\ncxx-flags = [\"-wrapper\", \"./evil\"]\n"
            .to_owned(),
    ] {
        sandbox.write("fud.toml", &toml);
        harmless(&sandbox, "a.sv");
    }
}

#[test]
fn filelists_that_start_programs_or_lead_out_are_harmless() {
    let sandbox = checkout();
    let (project, outside) = text(&sandbox);
    for list in [
        "a.sv --pipe-filter ./evil\n".to_owned(),
        "a.sv --future0 --timescale --pipe-filter ./evil\n".to_owned(),
        format!("a.sv -CFLAGS -B{project}\n"),
        format!("a.sv -LDFLAGS -fuse-ld={project}evil\n"),
        format!("a.sv --waiver-output {outside}/kept.sv\n"),
        format!("a.sv --mod-prefix ../../../outside/x\n+incdir+{outside}\n"),
        format!("{outside}/kept.sv\n-y {outside}\n-F {outside}/list.f\n"),
    ] {
        sandbox.write("l.f", &list);
        harmless(&sandbox, "-f l.f");
    }
}

#[test]
fn plugins_of_the_checkout_are_harmless() {
    let sandbox = checkout();
    let (project, _) = text(&sandbox);
    sandbox.write("fudsv/evil.rhai", &format!(
        "let ports = get_state(\"ports\");\ndefop lint(s: get_state(\"sv\")) >> o: ports {{ shell(`{project}evil ${{s}} > ${{o}}`); }}\n"
    ));
    sandbox.write("fud.toml", "override = [\"lint\"]\nplugins = [\"fudsv/evil.rhai\"]\n");
    harmless(&sandbox, "a.sv");
}

/// A build directory that a checkout ships: a Ninja file of its own and records that fit it.
#[test]
fn a_build_directory_that_the_checkout_ships_is_harmless() {
    let sandbox = checkout();
    let (project, _) = text(&sandbox);
    sandbox.fudsv("lint a.sv -q");
    sandbox.fudsv("exec a.sv --to verilated-cpp -q");
    for dir in fs::read_dir(sandbox.path(".fudsv")).unwrap().flatten().filter(|dir| dir.path().is_dir()) {
        let ninja = format!("rule r\n  command = {project}evil; exit 1\nbuild all: r\ndefault all\n");
        fs::write(dir.path().join("build.ninja"), ninja).unwrap();
        fs::write(dir.path().join(".fudsv/outputs.json"), "[\"link/kept.sv\", \"../../../outside/kept.sv\"]")
            .unwrap();
        symlink("../../../outside", dir.path().join("link")).unwrap();
        let generated = dir.path().join(".fudsv/generated.json");
        let text = fs::read_to_string(&generated).unwrap();
        let mut json: serde_json::Value = serde_json::from_str(&text).unwrap();
        json["seen"] = serde_json::json!([]);
        fs::write(&generated, json.to_string()).unwrap();
    }
    fs::remove_dir_all(sandbox.dir().join("home/cache")).unwrap();
    harmless(&sandbox, "a.sv");
}

#[test]
fn links_of_the_checkout_that_lead_out_are_harmless() {
    for (link, to) in [
        (".fudsv", "../outside"),
        (".fudsv/a-lint", "../../outside/x"),
        (".fudsv/a-lint/.fudsv", "../../../outside/x/.fudsv"),
        ("builds", "../outside"),
        ("b.sv", "../outside/kept.sv"),
        ("fudsv", "../outside"),
        ("compile_commands.json", "../outside/kept.sv"),
    ] {
        let sandbox = checkout();
        let path = sandbox.path(link);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(to, &path).unwrap();
        if link == "builds" {
            sandbox.write("fud.toml", "build-dir = \"builds\"\n");
        }
        let words = if link == "b.sv" { "b.sv" } else { "a.sv" };
        harmless_as(&sandbox, words, "--to verilated-cpp", &[]);
        if link == "b.sv" {
            let said = sandbox.fudsv("lint b.sv --untrusted");
            assert!(said.stderr.contains("leads out of the project"), "{said}");
        }
    }
}

#[test]
fn a_store_that_the_checkout_names_or_brings_is_harmless() {
    for dir in ["../outside", "st"] {
        let sandbox = checkout();
        sandbox.write("st/tmp/x", "");
        symlink("../../outside", sandbox.path("st/e")).unwrap();
        sandbox.write("fud.toml", &format!("[store]\ndir = \"{dir}\"\nmax-size = \"1\"\n"));
        harmless_as(&sandbox, "a.sv", "--to verilated-cpp", &[]);
        sandbox.fudsv("store gc --max-size 0");
        sandbox.fudsv("store verify");
        sandbox.fudsv("lint a.sv -q");
        assert!(
            sandbox.has("../outside/tmp/kept")
                && sandbox.has("../outside/e/aa/kept")
                && sandbox.has("st/tmp/x")
        );
    }
}

#[test]
fn sources_and_directories_outside_are_refused() {
    for toml in [
        "[design.d]\nsources = [\"../outside/kept.sv\"]\n",
        "[design.d]\nsources = [\"../outside/*.sv\"]\n",
        "[design.d]\nsources = [\"l/*.sv\"]\n",
        "[design.d]\nsources = [\"a.sv\"]\ninclude-dirs = [\"/etc\"]\n",
        "[verilator]\ninclude-dirs = [\"/etc\"]\n[design.d]\nsources = [\"a.sv\"]\n",
        "[verilator]\nlibrary-dirs = [\"..\"]\n[design.d]\nsources = [\"a.sv\"]\n",
        "build-dir = \"../outside\"\n[design.d]\nsources = [\"a.sv\"]\n",
    ] {
        let sandbox = checkout().file("fud.toml", toml);
        symlink("../outside", sandbox.path("l")).unwrap();
        let said = sandbox.fudsv("lint d --untrusted");
        assert_eq!(said.exit, Some(2), "{toml}{said}");
        assert!(said.stderr.contains("leads out of the project"), "{toml}{said}");
    }
}

/// What never ends, where a file is expected.
#[test]
fn files_that_never_end_are_harmless() {
    for name in [
        "fud.toml",
        "fudsv/a.rhai",
        ".fudsv/a-ports/.fudsv/generated.json",
        ".fudsv/a-ports/.fudsv/scan",
        "b.sv",
    ] {
        for make in ["mkfifo", "ln -s /dev/zero"] {
            let sandbox = checkout();
            fs::create_dir_all(sandbox.path(name).parent().unwrap()).unwrap();
            sandbox.sh(&format!("{make} {name}")).well();
            let words = if name == "b.sv" { "a.sv b.sv" } else { "a.sv" };
            let limited = |words: &str| {
                let script = format!("ulimit -v 4000000; exec timeout 60 {} {words}", quoted(FUDSV));
                sandbox.sh(&script)
            };
            for words in [
                format!("plan {words} --to ports"),
                "list".into(),
                format!("explain {words} --to ports"),
                format!("plan {words} --to ports --untrusted"),
            ] {
                let said = limited(&words);
                assert!(matches!(said.exit, Some(0..=3)), "{make} {name}, {words}: {said}");
            }
        }
    }
}

#[test]
fn an_untrusted_build_stands_in_the_users_cache_and_leaves_nothing_in_the_checkout() {
    let sandbox = checkout();
    let before = sandbox.tree("");
    let result = sandbox.fudsv("exec a.sv --to verilated-cpp --untrusted -q").result().to_owned();
    assert!(result.starts_with("../home/cache/fudsv/untrusted/"), "{result}");
    assert!(!sandbox.has(".fudsv"));
    assert_eq!(sandbox.tree(""), before);
    assert_eq!(sandbox.fudsv("exec a.sv --to verilated-cpp --untrusted").well().stderr, "Up to date\n");
    let said = sandbox.fudsv("exec a.sv --to verilated-cpp --untrusted --dir here");
    assert!(said.exit == Some(2) && said.stderr.contains("`--dir`"), "{said}");
    assert!(sandbox.fudsv("clean").result().contains("untrusted"), "{said}");
}

/// What a checkout may hold: a shell makes it there, and these words name what is built.
const ODD: [(&str, &str); 16] = [
    // Links that lead to themselves.
    ("ln -s . loop; ln -s .git .git; printf '[design.d]\nsources = [\"**/*.sv\"]\n' > fud.toml", "d"),
    // The project's own file is a link that leads out; its paths are still relative to the link.
    (
        "mkdir -p include bin ../outside/mine; touch include/verilated.h; cp evil bin/verilator_bin; \
         printf '[verilator]\nexe = \"bin/verilator_bin\"\n' > ../outside/mine/fud.toml; \
         ln -s ../outside/mine/fud.toml fud.toml",
        "a.sv",
    ),
    ("printf -- '-f /etc/passwd\na.sv\n' > l.f", "-f l.f"),
    ("printf '%s\n' '$HOME/../outside/kept.sv' '${PWD}/../outside/kept.sv' > l.f", "-f l.f"),
    ("printf '[design.d]\nsources = [\"$HOME/../outside/kept.sv\", \"a.sv\"]\n' > fud.toml", "d"),
    (
        "mkdir fudsv; echo 'import \"../../outside/x\" as x;' > fudsv/p.rhai; echo 'let x = 1;' > ../outside/x.rhai",
        "a.sv",
    ),
    ("mkdir fudsv; echo 'let x = 1;' > ../outside/x.rhai; ln -s ../../outside/x.rhai fudsv/p.rhai", "a.sv"),
    ("truncate -s 200G fud.toml", "a.sv"),
    ("truncate -s 200G l.f", "-f l.f"),
    ("printf '[design.d]\r\nsources = [\"a.sv\"]\r\n\\000' > fud.toml", "d"),
    ("printf 'a.sv\r\n\\000 --pipe-filter ./evil\r' > l.f", "-f l.f"),
    ("cp a.sv 'x\n--pipe-filter evil.sv'; printf '[design.d]\nsources = [\"*.sv\"]\n' > fud.toml", "d"),
    ("echo > .fudsv", "a.sv"),
    ("mkfifo .fudsv", "a.sv"),
    (
        "cp evil ./--pipe-filter; cp evil @words.sv; printf './--pipe-filter\n./@words.sv\na.sv\n' > l.f",
        "-f l.f",
    ),
    ("mkdir -p 'fudsv/x.rhai'; printf '[design.\"../../x\"]\nsources = [\"a.sv\"]\n' > fud.toml", "../../x"),
];

#[test]
fn whatever_is_odd_in_a_checkout_is_harmless() {
    for (script, words) in ODD {
        let sandbox = checkout();
        sandbox.sh(script).well();
        harmless_as(&sandbox, words, "--to verilated-cpp", &[]);
    }
}

#[test]
fn a_project_does_not_choose_that_what_it_brings_runs() {
    let design = "module a; initial $system(\"touch ../ran\"); initial $finish; endmodule\n";
    for to in ["run-result", "builtin::run-result", "vcd", "fst"] {
        let toml = format!("[design.d]\nsources = [\"a.sv\"]\nto = \"{to}\"\n");
        let sandbox = checkout().file("a.sv", design).file("fud.toml", &toml);
        harmless_as(&sandbox, "d", "", &["doctor"]);
        let said = sandbox.fudsv("exec d --untrusted");
        assert!(said.exit == Some(2) && said.stderr.contains("may run code of the project"), "{said}");
    }
}

#[test]
fn a_saved_plan_does_not_make_a_project_trusted() {
    let sandbox = checkout();
    let plan = sandbox.fudsv("plan a.sv --to ports --format json").well().stdout.clone();
    sandbox.write("p.json", &plan);
    sandbox.write("fud.toml", "[verilator]\nexe = \"./evil\"\n");
    let said = sandbox.fudsv("exec --plan p.json --untrusted");
    assert!(said.exit == Some(2) && said.stderr.contains("`verilator.exe` names a program"), "{said}");
}

#[test]
fn a_path_that_leads_into_an_untrusted_project_is_refused() {
    let sandbox = checkout();
    let said = sandbox.sh(&format!("PATH=.:$PATH {} lint a.sv --untrusted", quoted(FUDSV)));
    assert!(said.exit == Some(2) && said.stderr.contains("PATH leads into the project"), "{said}");
}

#[test]
fn a_file_whose_name_begins_as_an_option_does_is_a_file() {
    let sandbox = checkout();
    sandbox.write("@e.cpp", "extern \"C\" int one() { return 1; }\n");
    sandbox.write("+b.sv", "module b; endmodule\n");
    sandbox.write("fud.toml", "[design.d]\nsources = [\"a.sv\", \"+b.sv\", \"@e.cpp\"]\ntop = \"a\"\n");
    sandbox.fudsv("exec d --to static-lib -q").well();
}

#[test]
fn lists_that_name_lists_without_end_are_an_error() {
    let sandbox = checkout();
    (0..1000).for_each(|n| sandbox.write(&format!("l{n}.f"), &format!("-f l{}.f\n", n + 1)));
    sandbox.write("l1000.f", "a.sv\n");
    let said = sandbox.fudsv("plan -f l0.f --to ports");
    assert!(
        said.exit == Some(2) && said.stderr.contains("filelists name each other more than 200 deep"),
        "{said}"
    );
    (980..1000).for_each(|n| sandbox.write(&format!("l{n}.f"), &format!("-f l{0}.f\n-f l{0}.f\n", n + 1)));
    let said = sandbox.fudsv("plan -f l980.f --to ports");
    assert!(said.exit == Some(2) && said.stderr.contains("more than 20000 filelists are named"), "{said}");
}
