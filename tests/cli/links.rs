//! Symbolic links on the way to what a build reads: paths keep the user's words, and a link that leads elsewhere is noticed.
//! It leaves to others what is built.

use crate::sandbox::Sandbox;

const SCRIPT: &str = r#"
let out = state("out", ["out"]);
defop join(srcs: [get_state("sv")]) >> out: out { shell(`cat ${srcs} > ${out}`, #{ cwd: "root" }); }
"#;

const CONFIG: &str = "
[design.named]
sources = ['rtl/a.sv']
[design.matched]
sources = ['rtl/*.sv']
[design.deep]
sources = ['**/a.sv', 'rtl/a.sv']
[design.listed]
filelists = ['-F rtl/own.f']
";

/// Two versions of a source, and a link to the first, by way of another.
fn project() -> Sandbox {
    let sandbox = Sandbox::new()
        .file("fudsv/join.rhai", SCRIPT)
        .file("fud.toml", CONFIG)
        .file("l.f", "rtl/a.sv\n")
        .file("versions/one/a.sv", "one\n")
        .file("versions/one/own.f", "a.sv\n")
        .file("versions/two/a.sv", "two\n")
        .file("versions/two/own.f", "a.sv\n");
    sandbox.sh("rm -f rtl && ln -s versions/current rtl && ln -s one versions/current").well();
    sandbox.sh("touch -d 2001-01-01 versions/*/*").well();
    sandbox
}

fn lead_to(sandbox: &Sandbox, version: &str) {
    sandbox.sh(&format!("ln -sfn {version} versions/current")).well();
}

#[test]
fn a_link_that_leads_elsewhere_is_noticed_wherever_its_name_stands() {
    for words in ["rtl/a.sv", "-f l.f", "-F l.f", "-F rtl/own.f", "named", "matched", "listed"] {
        let sandbox = project();
        let exec = format!("exec {words} --to out -o - -q");
        assert_eq!(sandbox.fudsv(&exec).result(), "one", "{words}");
        lead_to(&sandbox, "two");
        assert_eq!(sandbox.fudsv(&exec).result(), "two", "{words}");
        assert!(
            !sandbox.fudsv(&format!("explain {words} --to out -o -")).result().contains("will"),
            "{words}"
        );
    }
}

#[test]
fn plain_ninja_notices_a_link_that_leads_to_older_files() {
    for words in ["rtl/a.sv", "-f l.f", "matched", "listed"] {
        let sandbox = project();
        let workdir = sandbox.fudsv(&format!("gen {words} --to out")).result().to_owned();
        let made = |sandbox: &Sandbox| sandbox.sh(&format!("cat {workdir}/*.out")).result().to_owned();
        sandbox.ninja(&workdir, "").well();
        assert_eq!(made(&sandbox), "one", "{words}");
        lead_to(&sandbox, "two");
        sandbox.ninja(&workdir, "").well();
        assert_eq!(made(&sandbox), "two", "{words}");
        assert!(sandbox.ninja(&workdir, "").result().ends_with("ninja: no work to do."), "{words}");
    }
}

/// An op whose tool says which file it read, by way of the link `rtl`.
const TELLS: &str = r#"
let seed = state("seed", ["seed"]); let out = state("out", ["out"]);
defop read(x: seed) >> out: out {
    shell_deps(`cat FOUND > ${out}; echo "${out}: FOUND" > ${out}.d`, [x], [out], #{ cwd: "root", depfile: `${out}.d` });
}
"#;

#[test]
fn a_link_on_the_way_to_what_a_tool_found_is_noticed_too() {
    for found in ["rtl/a.sv", "rtl/inner/../a.sv", "direct.sv"] {
        let sandbox = project().file("fudsv/read.rhai", &TELLS.replace("FOUND", found)).file("x.seed", "");
        sandbox.sh("mkdir versions/one/inner versions/two/inner; ln -s rtl/a.sv direct.sv").well();
        let exec = "exec x.seed --to out --dir b -q";
        sandbox.fudsv(exec).well();
        assert_eq!(sandbox.read("b/x.out"), "one\n", "{found}");
        lead_to(&sandbox, "two");
        sandbox.ninja("b", "").well();
        assert_eq!(sandbox.read("b/x.out"), "two\n", "{found}");
        assert!(sandbox.ninja("b", "").result().ends_with("ninja: no work to do."), "{found}");
        lead_to(&sandbox, "one");
        sandbox.fudsv(exec).well();
        assert_eq!(sandbox.read("b/x.out"), "one\n", "{found}");
        sandbox.sh("rm rtl; mkdir -p rtl/inner; echo three > rtl/a.sv; touch -d 2001-01-01 rtl/a.sv").well();
        sandbox.ninja("b", "").well();
        assert_eq!(sandbox.read("b/x.out"), "three\n", "{found}");
    }
}

#[test]
fn a_file_above_the_target_of_a_link_is_the_same_in_every_checkout() {
    let sandbox = Sandbox::new().file("fud.toml", "").file("x.seed", "").file("far/a.sv", "one\n");
    sandbox
        .write("fudsv/read.rhai", &TELLS.replace("FOUND", "l/../a.sv").replace("cwd:", "cached: true, cwd:"));
    sandbox.sh("mkdir far/inner; ln -s far/inner l; echo another > a.sv; mkdir c; cp -a fud* far l x.seed a.sv c").well();
    sandbox.fudsv("exec x.seed --to out --dir b").well();
    sandbox.fudsv_in("c", "exec x.seed --to out --dir b").well();
    assert_eq!(sandbox.outcomes("c/b"), ["read.x.out hit"]);
    assert_eq!(sandbox.read("c/b/x.out"), "one\n");
    sandbox.edit("c/far/a.sv", "two\n");
    sandbox.fudsv_in("c", "exec x.seed --to out --dir b").well();
    assert_eq!(sandbox.read("c/b/x.out"), "two\n");
}

#[test]
fn commands_name_what_the_user_typed() {
    let sandbox = project();
    let command = |words: &str| {
        let said = sandbox.fudsv(&format!("exec {words} --to out -n"));
        said.result().lines().last().unwrap().split(" >").next().unwrap().to_owned()
    };
    for words in ["rtl/a.sv", "./rtl/./a.sv", "-f l.f", "named", "matched"] {
        assert_eq!(command(words), "cat rtl/a.sv", "{words}");
    }
    let absolute = sandbox.path("rtl/a.sv");
    assert_eq!(command(absolute.to_str().unwrap()), "cat rtl/a.sv");
    sandbox.sh("ln -s project ../other").well();
    assert_eq!(command(sandbox.dir().join("other/rtl/a.sv").to_str().unwrap()), "cat rtl/a.sv");
    assert_eq!(command("../other/rtl/a.sv"), "cat ../other/rtl/a.sv");
    // `**` does not follow links, and one file is taken once.
    assert_eq!(command("deep"), "cat versions/one/a.sv versions/two/a.sv");
}

#[test]
fn dots_after_a_link_lead_up_from_where_it_leads() {
    let toml = "[design.d]\nsources = ['cur/../x.sv']\n[design.m]\nsources = ['cur/../*.sv']\n";
    let sandbox = Sandbox::new()
        .file("fudsv/join.rhai", SCRIPT)
        .file("fud.toml", toml)
        .file("l.f", "cur/../x.sv\n")
        .file("x.sv", "wrong\n")
        .file("sub/x.sv", "right\n")
        .file("sub/deep/own.f", "../x.sv\n")
        .file("more/x.sv", "more\n")
        .file("more/deep/own.f", "../x.sv\n");
    for words in ["cur/../x.sv", "-f l.f", "-F l.f", "-F cur/own.f", "d", "m"] {
        sandbox.sh("ln -sfn sub/deep cur").well();
        let exec = format!("exec {words} --to out -o - -q");
        assert_eq!(sandbox.fudsv(&exec).result(), "right", "{words}");
        sandbox.sh("ln -sfn more/deep cur").well();
        assert_eq!(sandbox.fudsv(&exec).result(), "more", "{words}");
        // A directory in the place of the link leads up to where it is.
        sandbox.sh("rm cur && mkdir cur && cp sub/deep/own.f cur").well();
        assert_eq!(sandbox.fudsv(&exec).result(), "wrong", "{words}");
        sandbox.sh("rm -r cur").well();
    }
}

#[test]
fn directories_of_included_files_keep_their_links_too() {
    let sandbox =
        project().file("versions/one/a.svh", "").file("b.sv", "").file("inc.f", "b.sv +incdir+rtl -y rtl\n");
    for words in ["b.sv -I rtl -y rtl", "b.sv +incdir+rtl -y rtl", "-f inc.f"] {
        let said = sandbox.fudsv(&format!("exec {words} --to verilated-cpp -n"));
        assert!(said.result().ends_with(" -Irtl -y rtl b.sv"), "{said}");
    }
    sandbox.sh("mkdir -p sub/deep && ln -s sub/deep cur").well();
    let said = sandbox.fudsv("exec b.sv -I cur/.. -y cur/.. --to verilated-cpp -n");
    assert!(said.result().ends_with(" -Isub -y sub b.sv"), "{said}");
}

#[test]
fn a_link_on_the_way_to_a_tool_is_noticed() {
    let script = "let out = state(\"out\", [\"out\"]);\n\
                  defop ask(src: get_state(\"sv\")) >> out: out { shell(`${tool(\"mytool\")} > ${out}`); }\n";
    let sandbox = Sandbox::new().file("fudsv/ask.rhai", script).file("a.sv", "");
    for version in ["one", "two"] {
        sandbox.write(&format!("tools/{version}/mytool"), &format!("#!/bin/sh\necho {version}\n"));
    }
    sandbox
        .sh("chmod +x tools/*/mytool && ln -s mytool tools/one/link && ln -s mytool tools/two/link")
        .well();
    let absolute = format!("-s mytool.exe={}", sandbox.path("tools/current/mytool").display());
    let on_path = sandbox.path("tools/current").display().to_string();
    for words in ["-s mytool.exe=tools/current/mytool", "-s mytool.exe=tools/current/link", &absolute, "PATH"]
    {
        let exec = |version: &str| {
            sandbox.sh(&format!("ln -sfn {version} tools/current")).well();
            let mut command = sandbox.command(crate::sandbox::FUDSV, "");
            let options = if words == "PATH" { "" } else { words };
            command.args(shlex::split(&format!("exec a.sv --to out -o - -q {options}")).unwrap());
            if words == "PATH" {
                command.env("PATH", format!("{on_path}:{}", std::env::var("PATH").unwrap()));
            }
            String::from_utf8(command.output().unwrap().stdout).unwrap()
        };
        assert_eq!((exec("one").as_str(), exec("two").as_str()), ("one\n", "two\n"), "{words}");
    }
}

#[test]
fn a_build_directory_below_a_link_works() {
    let sandbox = project();
    sandbox.sh("mkdir -p ../elsewhere/builds && ln -s ../elsewhere/builds linked").well();
    for words in ["--dir linked/x", "--dir linked", "-s build-dir=linked"] {
        assert_eq!(
            sandbox.fudsv(&format!("exec rtl/a.sv --to out -o - -q {words}")).result(),
            "one",
            "{words}"
        );
    }
}
