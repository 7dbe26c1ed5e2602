//! The store of a team: what another machine takes from it, what a build does when it is down, slow, full or lying, and
//! who may write. The servers are real ones on loopback.
//! It does not know what an entry looks like.

use crate::sandbox::{Said, Sandbox};
use crate::servers::{self, Fault, Faulty, Nginx, free_port, with_store};
use crate::toolchain::optional_tool;
use std::fs;

/// A step that warns, one that finds a file by itself, and one whose results are large.
const STEPS: &str = r#"
let txt = state("txt", ["txt"]);
let upper = state("upper", ["up"]);
let long = state("long", ["long"]);
let large = state("large", [], #{ directory: true });
defop raise(src: txt) >> out: upper {
    shell_deps(`echo warning: loud >&2; tr a-z A-Z < ${src} > ${out}`, [src], [out], #{ cached: true });
}
defop add(src: upper) >> out: long {
    shell_deps(
        `cat ${src} more.txt > ${out}; echo x: more.txt > ${out}.d`, [src], [out],
        #{ cached: true, cwd: "root", depfile: out + ".d" });
}
defop enlarge(src: txt) >> out: large {
    let make = `mkdir -p ${out}/empty; cat ${src} > ${out}/small; seq 1 50000 > ${out}/some; seq 1 300000 > ${out}/much`;
    shell_deps(make, [src], [out], #{ cached: true });
}
"#;

const EXEC: &str = "exec a.txt --to long --to large";

/// A machine: a project with a home of its own.
fn machine(url: &str, more: &str) -> Sandbox {
    let sandbox =
        Sandbox::new().file("fudsv/steps.rhai", STEPS).file("a.txt", "hello\n").file("more.txt", "more\n");
    with_store(sandbox, url, more)
}

fn writer(url: &str) -> Sandbox {
    machine(url, "write = true\n")
}

/// What a build says: its last line, and its warnings of the remote store.
fn ended(said: &Said) -> Vec<String> {
    let tells = |line: &&str| {
        line.starts_with("Finished") || line.starts_with("Up to date") || line.contains("remote store")
    };
    said.well().stderr.lines().filter(tells).map(mask_port).collect()
}

/// Ports differ.
fn mask_port(line: &str) -> String {
    match line.split_once("127.0.0.1:") {
        Some((before, rest)) => {
            format!("{before}127.0.0.1:PORT{}", rest.trim_start_matches(|c: char| c.is_ascii_digit()))
        }
        None => line.to_owned(),
    }
}

/// Whether the results are what they are to be.
fn is_right(sandbox: &Sandbox) -> bool {
    sandbox.read(".fudsv/a-long+large/a.long") == "HELLO\nmore\n"
        && sandbox.read(".fudsv/a-long+large/a/small") == "hello\n"
        && sandbox.read(".fudsv/a-long+large/a/much").lines().count() == 300_000
        && sandbox.path(".fudsv/a-long+large/a/empty").is_dir()
}

#[test]
fn another_machine_takes_from_nginx_what_the_first_one_gave() {
    let one = Sandbox::new();
    let Some(nginx) = Nginx::start(one.dir(), "") else { return };
    let one = writer(&nginx.url());
    assert_eq!(ended(&one.fudsv(EXEC)), ["Finished: 3 steps ran"]);
    assert!(is_right(&one));
    assert_eq!(nginx.objects("cas").len(), 2);
    nginx.requests();
    let two = machine(&nginx.url(), "");
    let said = two.fudsv(EXEC);
    assert_eq!(ended(&said), ["Finished: 0 steps ran, 3 from the store"]);
    assert!(said.stderr.contains("warning: loud") && is_right(&two));
    let requests = nginx.requests();
    // The trail, three entries and the two files of one of them that do not travel in it.
    assert_eq!(requests, ["GET 200"; 6]);
    assert_eq!(two.tree(".fudsv"), one.tree(".fudsv"));
    assert_eq!(ended(&two.fudsv(EXEC)), ["Up to date"]);
    assert!(!two.has(".fudsv/a-long+large/.fudsv/remote.socket"));
    // What came stands in the store of the machine: only the trail is asked for.
    two.sh("rm -r .fudsv").well();
    assert_eq!(ended(&two.fudsv(EXEC)), ["Finished: 0 steps ran, 3 from the store"]);
    assert_eq!(nginx.requests(), ["GET 200"]);
}

#[test]
fn a_faulty_store_is_told_of_once_and_left_alone_and_the_build_is_right() {
    let faults: [(&str, Fault, &str, usize); 7] = [
        ("silent", servers::silent, "does not answer in time; it is left alone for this build", 3),
        ("trickling", servers::trickling, "answers too slowly; it is left alone for this build", 3),
        (
            "half",
            servers::half,
            "ends the connection in the middle of an answer; it is left alone for this build",
            6,
        ),
        ("broken", servers::broken, "answers 500; it is left alone for this build", 6),
        (
            "circling",
            servers::circling,
            "sends from one address to the next; it is left alone for this build",
            12,
        ),
        ("portal", servers::portal, "gave list DIGEST, which is nothing that fudsv kept", 6),
        (
            "guarded",
            servers::guarded,
            "answers 401: it wants to know who asks; it is left alone for this build",
            3,
        ),
    ];
    for (name, fault, told, most) in faults {
        let server = Faulty::start(fault);
        let sandbox = writer(&server.url());
        let said = ended(&sandbox.fudsv(EXEC));
        let expected = [
            format!("warning: the remote store `http://127.0.0.1:PORT/` {told}"),
            "Finished: 3 steps ran".to_owned(),
        ];
        // Which of the steps asks first is open.
        let said: Vec<String> =
            mask_digests(&said).iter().map(|line| line.replace("gave entry", "gave list")).collect();
        assert_eq!(said, expected, "{name}");
        assert!(is_right(&sandbox), "{name}");
        // Bounded: steps that ask at the same time find it out together, and nobody asks afterwards.
        assert!(server.connections() <= most, "{name}: {}", server.connections());
    }
}

#[test]
fn a_store_that_is_down_is_told_of_once_under_plain_ninja_too() {
    let sandbox = writer(&format!("http://127.0.0.1:{}/", free_port()));
    let warning = "warning: the remote store `http://127.0.0.1:PORT/` refuses the connection; it is left alone for this build";
    assert_eq!(ended(&sandbox.fudsv(EXEC)), [warning, "Finished: 3 steps ran"]);
    sandbox.sh("rm -r .fudsv home/cache 2>/dev/null; true").well();
    let sandbox = machine(&format!("http://127.0.0.1:{}/", free_port()), "");
    sandbox.fudsv(&EXEC.replace("exec", "gen")).well();
    let said = sandbox.ninja(".fudsv/a-long+large", "-j1");
    assert_eq!(said.well().stdout.matches("refuses the connection").count(), 1, "{said}");
    assert!(is_right(&sandbox));
}

#[test]
fn a_full_store_gives_and_takes_nothing_more_in_this_build() {
    let server = Faulty::start(servers::full);
    let sandbox = writer(&server.url());
    let warning = "warning: the remote store `http://127.0.0.1:PORT/` is full; nothing more is given to it in this build";
    assert_eq!(ended(&sandbox.fudsv(EXEC)), [warning, "Finished: 3 steps ran"]);
    assert!(is_right(&sandbox));
}

/// Digests differ from machine to machine where names of tools do.
fn mask_digests(lines: &[String]) -> Vec<String> {
    let is_digest = |word: &str| word.len() == 12 && word.chars().all(|c| c.is_ascii_hexdigit());
    let word = |word: &str| {
        let bare = word.trim_end_matches([',', ';']);
        if is_digest(bare) { word.replace(bare, "DIGEST") } else { word.to_owned() }
    };
    lines.iter().map(|line| line.split(' ').map(word).collect::<Vec<_>>().join(" ")).collect()
}

/// What a second machine says, and whether its results are right, after the objects of a full store were changed.
fn after(change: impl Fn(&Nginx)) -> Option<Vec<String>> {
    let place = Sandbox::new();
    let nginx = Nginx::start(place.dir(), "")?;
    writer(&nginx.url()).fudsv(EXEC).well();
    change(&nginx);
    let two = machine(&nginx.url(), "");
    let said = ended(&two.fudsv(EXEC));
    assert!(is_right(&two), "{said:?}");
    assert_eq!(ended(&two.fudsv(EXEC)), ["Up to date"]);
    Some(mask_digests(&said))
}

#[test]
fn nothing_that_is_not_what_was_kept_is_used() {
    let each = |kind: &'static str, change: fn(Vec<u8>) -> Vec<u8>| {
        after(move |nginx| {
            for path in nginx.objects(kind) {
                fs::write(&path, change(fs::read(&path).unwrap())).unwrap();
            }
        })
    };
    let told = |what: &str| format!("warning: the remote store `http://127.0.0.1:PORT/` {what}");
    let other_byte = |mut bytes: Vec<u8>| {
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        bytes
    };
    let Some(said) = each("cas", other_byte) else { return };
    let wrong = "gave entry DIGEST, which has a file that is not what was kept";
    assert_eq!(said, [told(wrong), "Finished: 1 step ran, 2 from the store".to_owned()]);
    let cut = |bytes: Vec<u8>| bytes[..bytes.len() / 2].to_vec();
    assert_eq!(each("cas", cut).unwrap(), [told(wrong), "Finished: 1 step ran, 2 from the store".to_owned()]);
    let said = each("ac", other_byte).unwrap();
    assert!(
        said[0].contains("which does not hold what was kept") && said[1] == "Finished: 3 steps ran",
        "{said:?}"
    );
    let said = each("ac", |_| vec![]).unwrap();
    assert!(
        said[0].contains("which is nothing that fudsv kept") && said[1] == "Finished: 3 steps ran",
        "{said:?}"
    );
}

#[test]
fn an_entry_of_another_key_and_one_whose_files_are_gone_are_not_used() {
    let told = |what: &str| format!("warning: the remote store `http://127.0.0.1:PORT/` {what}");
    let gone = |nginx: &Nginx| nginx.objects("cas").iter().for_each(|path| fs::remove_file(path).unwrap());
    let Some(said) = after(gone) else { return };
    assert_eq!(
        said,
        [told("no longer has a file of entry DIGEST"), "Finished: 1 step ran, 2 from the store".to_owned()]
    );
    let turned = |nginx: &Nginx| {
        let objects: Vec<_> =
            nginx.objects("ac").into_iter().map(|path| (fs::read(&path).unwrap(), path)).collect();
        for (at, (_, path)) in objects.iter().enumerate() {
            fs::write(path, &objects[(at + 1) % objects.len()].0).unwrap();
        }
    };
    let said = after(turned).unwrap();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains("gave "), "{said:?}");
}

#[test]
fn what_went_missing_is_given_again_by_the_next_who_makes_it() {
    let place = Sandbox::new();
    let Some(nginx) = Nginx::start(place.dir(), "") else { return };
    writer(&nginx.url()).fudsv(EXEC).well();
    fs::remove_file(&nginx.objects("cas")[0]).unwrap();
    writer(&nginx.url()).fudsv(EXEC).well();
    assert_eq!(nginx.objects("cas").len(), 2);
    assert_eq!(ended(&machine(&nginx.url(), "").fudsv(EXEC)), ["Finished: 0 steps ran, 3 from the store"]);
}

#[test]
fn whoever_only_reads_gives_nothing() {
    let place = Sandbox::new();
    let Some(nginx) = Nginx::start(place.dir(), "") else { return };
    machine(&nginx.url(), "").fudsv(EXEC).well();
    assert_eq!((nginx.objects("ac").len(), nginx.objects("cas").len()), (0, 0));
    assert!(nginx.requests().iter().all(|request| request == "GET 404"));
}

#[test]
fn a_remote_store_makes_no_other_build_and_stands_in_no_ninja_file() {
    let place = Sandbox::new();
    let Some(nginx) = Nginx::start(place.dir(), "") else { return };
    let sandbox = machine(&nginx.url(), "token-env = \"CACHE_TOKEN\"\n").var("CACHE_TOKEN", "very-hidden");
    sandbox.fudsv(EXEC).well();
    let file = sandbox.read(".fudsv/a-long+large/build.ninja");
    for way in ["store.remote.url=", "store.remote.write=true", "store.remote.timeout=2s", "store=false"] {
        assert_eq!(ended(&sandbox.fudsv(&format!("{EXEC} --set {way}"))), ["Up to date"], "{way}");
        assert_eq!(sandbox.read(".fudsv/a-long+large/build.ninja"), file);
    }
    let found = sandbox.sh("grep -rl very-hidden . ../home ../nginx || true").well().stdout.clone();
    assert_eq!(found, "");
}

#[test]
fn the_remote_store_of_a_project_that_is_not_trusted_is_not_asked() {
    let place = Sandbox::new();
    let Some(nginx) = Nginx::start(place.dir(), "") else { return };
    let sandbox = Sandbox::new().file("a.sv", "module a; endmodule\n");
    let sandbox =
        with_store(sandbox, &nginx.url(), "write = true\n[profile.release.store.remote]\nwrite = true\n");
    sandbox.fudsv("exec a.sv --to lint --untrusted").well();
    assert_eq!(nginx.requests(), Vec::<String>::new());
    // One that the user names is asked, and gets nothing.
    let own = format!("--set store.remote.url={} --set store.remote.write=true", nginx.url());
    let sandbox = Sandbox::copy_of(&sandbox);
    sandbox.fudsv(&format!("exec a.sv --to lint --untrusted {own}")).well();
    assert!(nginx.requests().iter().all(|request| request == "GET 404"));
}

/// Three steps in a row; the second one starts a program.
const CHAIN: &str = r#"
let txt = state("txt", ["txt"]);
let one = state("one", ["one"]);
let two = state("two", ["two"]);
let three = state("three", ["three"]);
defop first(src: txt) >> out: one { shell_deps(`cat ${src} > ${out}`, [src], [out], #{ cached: true }); }
defop second(src: one) >> out: two { shell_deps(`between; cat ${src} > ${out}`, [src], [out], #{ cached: true, env: ["EDITED"] }); }
defop third(src: two) >> out: three { shell_deps(`cat ${src} > ${out}`, [src], [out], #{ cached: true }); }
"#;

#[test]
fn a_server_that_is_killed_in_the_middle_of_a_build_is_told_of_once() {
    let place = Sandbox::new();
    let Some(nginx) = Nginx::start(place.dir(), "") else { return };
    let chain = |between: &str| {
        let sandbox =
            Sandbox::new().file("fudsv/chain.rhai", CHAIN).file("a.txt", "a\n").tool("between", between);
        with_store(sandbox, &nginx.url(), "write = true\n")
    };
    let exec = "exec a.txt --to three";
    assert_eq!(ended(&chain("true").fudsv(exec)), ["Finished: 3 steps ran"]);
    let two = chain(&nginx.kill()).var("EDITED", "1");
    let warning = "warning: the remote store `http://127.0.0.1:PORT/` refuses the connection";
    assert_eq!(ended(&two.fudsv(exec)), [warning, "Finished: 2 steps ran, 1 from the store"]);
    assert_eq!(two.read(".fudsv/a-three/a.three"), "a\n");
}

/// What a second machine takes from a store of this kind, and what it says to whoever has no right to ask.
fn exchange(url: &str, more: &str, var: (&str, &str)) -> Vec<String> {
    let more = format!("{more}timeout = \"5s\"\n");
    let setting = |sandbox: Sandbox| sandbox.var(var.0, var.1);
    let one = setting(machine(url, &format!("write = true\n{more}")));
    assert_eq!(ended(&one.fudsv(EXEC)), ["Finished: 3 steps ran"], "{url}");
    let two = setting(machine(url, &more));
    assert_eq!(ended(&two.fudsv(EXEC)), ["Finished: 0 steps ran, 3 from the store"], "{url}");
    assert!(is_right(&two), "{url}");
    let found = two.sh(&format!("grep -rl '{}' . ../home || true", var.1)).well().stdout.clone();
    assert_eq!(found, "", "{url}");
    ended(&machine(url, &more).fudsv(EXEC))
}

#[test]
fn a_directory_that_machines_share_is_a_store() {
    let place = Sandbox::new();
    let url = format!("file://{}", place.path("sh are").display());
    let down = ended(&writer(&url).fudsv(EXEC));
    assert!(down[0].contains("cannot be read: No such file or directory") && down.len() == 2, "{down:?}");
    fs::create_dir(place.path("sh are")).unwrap();
    assert_eq!(exchange(&url, "", ("NOTHING", "secret")), ["Finished: 0 steps ran, 3 from the store"]);
}

#[test]
fn redis_is_a_store_for_whoever_has_its_password() {
    let port = free_port();
    let Some(_redis) = servers::redis(port, "very-hidden") else { return };
    let url = format!("redis://127.0.0.1:{port}/3");
    let said = exchange(&url, "token-env = \"PASSWORD\"\n", ("PASSWORD", "very-hidden"));
    let warning = "warning: the remote store `redis://127.0.0.1:PORT/3` answers `NOAUTH`; it is left alone for this build";
    assert_eq!(said, [warning, "Finished: 3 steps ran"]);
}

#[test]
fn a_bucket_is_a_store_for_whoever_can_sign() {
    let port = free_port();
    let Some(_server) = servers::s3(port) else { return };
    // This server is a Python program, which a busy machine makes slow.
    let more =
        format!("endpoint = \"http://127.0.0.1:{port}\"\nregion = \"eu-central-1\"\ntimeout = \"20s\"\n");
    let id = "AWS_ACCESS_KEY_ID";
    let one = machine("s3://team/a/b", &format!("write = true\n{more}"));
    let one = one.var(id, "me").var("AWS_SECRET_ACCESS_KEY", "very-hidden");
    assert_eq!(ended(&one.fudsv(EXEC)), ["Finished: 3 steps ran"]);
    let two = machine("s3://team/a/b", &more).var(id, "me").var("AWS_SECRET_ACCESS_KEY", "very-hidden");
    assert_eq!(ended(&two.fudsv(EXEC)), ["Finished: 0 steps ran, 3 from the store"]);
    assert!(is_right(&two) && two.sh("! grep -rl very-hidden . ../home").exit == Some(0));
}

/// A certificate of an authority of its own, made by openssl.
const CERTIFY: &str = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=own -keyout ca.key -out ca.pem 2>/dev/null
openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout own.key -out own.csr 2>/dev/null
printf 'subjectAltName=DNS:localhost\n' > extensions
openssl x509 -req -in own.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile extensions -out own.pem 2>/dev/null";

#[test]
fn a_private_authority_and_a_netrc_open_a_guarded_store() {
    if !optional_tool("openssl") {
        return;
    }
    let place = Sandbox::new();
    place.sh(CERTIFY).well();
    place.write("users", "me:{PLAIN}very-hidden\n");
    let (port, at) = (free_port(), |name: &str| place.path(name).display().to_string());
    let more = format!(
        "listen 127.0.0.1:{port} ssl;\nssl_certificate {};\nssl_certificate_key {};\nauth_basic x;\nauth_basic_user_file {};\n",
        at("own.pem"),
        at("own.key"),
        at("users")
    );
    let Some(_nginx) = Nginx::start(place.dir(), &more) else { return };
    let url = format!("https://localhost:{port}/");
    let ca = format!("ca-file = \"{}\"\n", at("ca.pem"));
    let open = |more: &str| {
        let sandbox = machine(&url, more);
        fs::write(sandbox.dir().join("home/.netrc"), "machine localhost login me password very-hidden\n")
            .unwrap();
        ended(&sandbox.fudsv(EXEC))
    };
    assert_eq!(open(&format!("{ca}netrc = true\nwrite = true\n")), ["Finished: 3 steps ran"]);
    assert_eq!(open(&format!("{ca}netrc = true\n")), ["Finished: 0 steps ran, 3 from the store"]);
    let guarded = open(&ca);
    assert!(guarded[0].contains("answers 401") && guarded[1] == "Finished: 3 steps ran", "{guarded:?}");
    let strange = open("netrc = true\n");
    assert!(strange[0].contains("is not trusted: invalid peer certificate: UnknownIssuer"), "{strange:?}");
    let absent = open("ca-file = \"nowhere.pem\"\n");
    assert!(absent[0].contains("nowhere.pem` cannot be read"), "{absent:?}");
}

#[test]
fn commands_give_and_take_results_and_ask_whether_the_store_answers() {
    let place = Sandbox::new();
    let Some(nginx) = Nginx::start(place.dir(), "") else { return };
    let request = "a.txt --to long --to large";
    let one = machine(&nginx.url(), "");
    one.fudsv(&EXEC.replace("exec", "gen")).well();
    one.ninja(".fudsv/a-long+large", "").well();
    assert_eq!(nginx.objects("ac").len(), 0);
    let refused = one.fudsv(&format!("store push {request}"));
    assert!(refused.exit == Some(2) && refused.stderr.contains("store.remote.write=true"), "{refused}");
    let write = "-s store.remote.write=true";
    let said = one.fudsv(&format!("store push {request} {write}"));
    assert!(said.well().stdout.starts_with("gave 3 results, ") && said.stderr.is_empty(), "{said}");
    let said = one.fudsv(&format!("store push --all {write}"));
    assert_eq!(said.well().stdout, "gave 0 results, 0 bytes; 3 were there\n");
    let two = machine(&nginx.url(), "");
    assert!(two.fudsv(&format!("store pull {request}")).well().stdout.starts_with("took 3 results, "));
    nginx.requests();
    assert_eq!(ended(&two.fudsv(EXEC)), ["Finished: 0 steps ran, 3 from the store"]);
    // The trail is asked for, and nothing else.
    assert_eq!(nginx.requests(), ["GET 200"]);
    let said = two.fudsv("store status --remote");
    let lines: Vec<&str> = said.well().stdout.lines().collect();
    assert!(
        lines[1].starts_with("answers  in ") && lines[2] == "writes   no: `store.remote.write` is `false`",
        "{said}"
    );
    let down = format!("-s store.remote.url=http://127.0.0.1:{}/", free_port());
    let said = two.fudsv(&format!("store status --remote {down}"));
    assert!(said.exit == Some(3) && said.stderr.contains("refuses the connection"), "{said}");
    let none = Sandbox::new().fudsv("store status --remote");
    assert!(none.exit == Some(2) && none.stderr.contains("no remote store is configured"), "{none}");
}

#[test]
fn an_address_that_no_kind_of_remote_store_has_is_refused() {
    let hint =
        "hint: `store.remote.url` begins with `http://`, `https://`, `redis://`, `s3://` or `file:///`";
    for (url, told) in [
        ("ftp://cache/", "no kind of remote store is at `ftp://cache/`"),
        ("file://relative", "the remote store `file://relative` is no absolute path behind `file://`"),
        ("redis://cache/x", "the remote store `redis://cache/x` has no number of a database at its end"),
    ] {
        let said = machine(url, "").fudsv(EXEC);
        assert_eq!((said.exit, said.stderr), (Some(2), format!("error: {told}\n{hint}\n")));
    }
    let said = machine("http://me:secret@cache/", "").fudsv(EXEC);
    assert!(said.exit == Some(2) && said.stderr.contains("`store.remote.url` holds a password"), "{said}");
    assert!(!said.stderr.contains("secret"), "{said}");
}

#[test]
fn where_the_store_of_the_machine_takes_nothing_the_remote_store_serves_all_the_same() {
    let place = Sandbox::new();
    let Some(nginx) = Nginx::start(place.dir(), "") else { return };
    let read_only = "-s store.read-only=true";
    assert_eq!(ended(&writer(&nginx.url()).fudsv(&format!("{EXEC} {read_only}"))), ["Finished: 3 steps ran"]);
    let two = machine(&nginx.url(), "");
    assert_eq!(
        ended(&two.fudsv(&format!("{EXEC} {read_only}"))),
        ["Finished: 0 steps ran, 3 from the store"]
    );
    assert!(is_right(&two) && !two.dir().join("home/cache/fudsv/store").exists());
    assert!(!two.has(".fudsv/a-long+large/.fudsv/fetched"));
}

/// The recipes of docs/ci.md that use a remote store, and the `fudsv` commands of each.
fn recipes() -> Vec<(serde_json::Value, Vec<String>)> {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/ci.md")).unwrap();
    let blocks = text.split("```").skip(1).step_by(2).filter_map(|block| block.strip_prefix("text\n"));
    let recipes = blocks.filter(|block| block.starts_with("on:") || block.starts_with("test:"));
    let parsed = recipes.map(|block| serde_norway::from_str::<serde_json::Value>(block).unwrap());
    let commands = |recipe: &serde_json::Value| -> Vec<String> {
        let job = if recipe["jobs"].is_null() { &recipe["test"] } else { &recipe["jobs"]["test"] };
        let lines = job["steps"].as_array().or(job["script"].as_array()).unwrap();
        let line = |line: &serde_json::Value| line["run"].as_str().or(line.as_str()).map(str::to_owned);
        lines
            .iter()
            .filter_map(line)
            .filter_map(|line| Some(line.strip_prefix("fudsv ")?.to_owned()))
            .collect()
    };
    parsed.map(|recipe| (recipe.clone(), commands(&recipe))).collect()
}

#[test]
fn the_recipes_for_ci_are_yaml_and_only_the_main_branch_writes() {
    let recipes = recipes();
    assert_eq!(recipes.len(), 4);
    let (github, gitlab) = (&recipes[2].0, &recipes[3].0["test"]);
    let env = &github["jobs"]["test"]["env"];
    assert_eq!(env["FUDSV_STORE__REMOTE__WRITE"], "${{ github.event_name == 'push' }}");
    assert_eq!(github["on"]["push"]["branches"], serde_json::json!(["main"]));
    for step in github["jobs"]["test"]["steps"].as_array().unwrap() {
        assert!(step["uses"].is_string() != step["run"].is_string(), "{step}");
    }
    let rules = gitlab["rules"].as_array().unwrap();
    let writes = |rule: &&serde_json::Value| rule["variables"]["FUDSV_STORE__REMOTE__WRITE"] == "true";
    assert_eq!(
        rules.iter().filter(writes).map(|rule| &rule["if"]).collect::<Vec<_>>(),
        ["$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"]
    );
    for (recipe, commands) in &recipes {
        let expected = ["lint soc", "test --junit report.xml"];
        assert_eq!(
            commands.iter().filter(|line| !line.starts_with("store gc")).collect::<Vec<_>>(),
            expected,
            "{recipe}"
        );
    }
}

#[test]
fn a_job_for_a_pull_request_takes_what_the_main_branch_gave_and_cannot_give() {
    let place = Sandbox::new();
    let Some(nginx) = Nginx::guarded(place.dir()) else { return };
    let (_, commands) = &recipes()[2];
    let job = || {
        let sandbox = Sandbox::new();
        let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/soc");
        sandbox.sh(&format!("cp -r {examples}/. .")).well();
        let more = format!("[store.remote]\nurl = \"{}\"\ntoken-env = \"FUDSV_CACHE_TOKEN\"\n", nginx.url());
        let text = sandbox.read("fud.toml") + &more;
        sandbox.file("fud.toml", &text)
    };
    let run =
        |job: &Sandbox| commands.iter().map(|command| job.fudsv(command).well().clone()).collect::<Vec<_>>();
    let write = |job: Sandbox, token: &str| {
        job.var("FUDSV_STORE__REMOTE__WRITE", "true").var("FUDSV_CACHE_TOKEN", token)
    };
    run(&write(job(), "change-me"));
    let given = (nginx.objects("ac").len(), nginx.objects("cas").len());
    assert!(given.0 > 10 && given.1 > 1, "{given:?}");
    nginx.requests();
    let stranger = job().var("FUDSV_STORE__REMOTE__WRITE", "false");
    let said = stranger.fudsv(&commands[1]).well().clone();
    // A pass is a result, too.
    let passed = said.stdout.lines().find(|line| line.starts_with("tb_a")).unwrap_or_default();
    assert!(passed.ends_with("(from the store)"), "{said}");
    let said = stranger.fudsv(&commands[0]).well().clone();
    assert!(said.stderr.contains("(from the store)"), "{said}");
    let ran = stranger.sh("cat .fudsv/*/.fudsv/events.ndjson | grep -c '\"outcome\":\"ran\"' || true");
    assert_eq!(ran.result(), "0");
    assert!(nginx.requests().iter().all(|request| request.starts_with("GET")));
    // Whoever wants to give without the token is told so once, and gives nothing.
    let wrong = write(job(), "guessed");
    wrong.edit("rtl/soc.f", &(wrong.read("rtl/soc.f") + "+define+OTHER\n"));
    let said = wrong.fudsv("lint tb_a").well().stderr.clone();
    assert_eq!(
        said.matches("answers 403 to what is given to it; nothing more is given to it in this build").count(),
        1
    );
    assert_eq!((nginx.objects("ac").len(), nginx.objects("cas").len()), given);
}
