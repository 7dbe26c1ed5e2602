//! Scripts of users: where they are found, what ops can take and make, and which configuration reaches them.
//! It does not know the built-in ops.

use crate::exec::letters;
use crate::sandbox::Sandbox;
use insta::assert_snapshot;

/// A plugin with one op that writes a word.
fn says(word: &str) -> String {
    format!(
        "let txt = state(\"txt\", [\"txt\"]);\nlet out = state(\"said\", [\"said\"]);\ndefop say(src: txt) >> dst: out {{ shell(`: ${{src}}; echo {word} > ${{dst}}`); }}\n"
    )
}

/// What the only op says.
fn said(sandbox: &Sandbox, words: &str) -> String {
    sandbox.fudsv(&format!("exec -q a.txt --to said -o - {words}")).to_string()
}

#[test]
fn a_plugin_by_its_path() {
    let sandbox = Sandbox::new().file("a.txt", "").file("my ops/say.rhai", &says("path"));
    assert_snapshot!(said(&sandbox, "-p 'my ops/say.rhai'"), @"
    exit 0
    --- stdout
    path
    ");
}

#[test]
fn a_plugin_by_its_name() {
    let sandbox = Sandbox::new().file("a.txt", "").file("../home/data/fudsv/plugins/say.rhai", &says("user"));
    assert_snapshot!(said(&sandbox, ""), @"
    exit 2
    --- stderr
    error: no state has files that end in `.txt`, as `a.txt` does
    hint: name its state with `--from`; `fudsv list states` shows all states
    ");
    assert_snapshot!(said(&sandbox, "-p say"), @"
    exit 0
    --- stdout
    user
    ");
    let sandbox = sandbox.file("ops/say.rhai", &says("environment")).var("FUDSV_PLUGIN_PATH", "nowhere:ops");
    assert_snapshot!(said(&sandbox, "-p say"), @"
    exit 0
    --- stdout
    environment
    ");
}

#[test]
fn plugins_of_the_configuration() {
    let sandbox = Sandbox::new().file("a.txt", "").file("ops/say.rhai", &says("listed"));
    let sandbox = sandbox.file("fud.toml", "plugins = [\"ops/say.rhai\"]\n").file("sub/a.txt", "");
    assert_snapshot!(said(&sandbox, ""), @"
    exit 0
    --- stdout
    listed
    ");
    assert_eq!(sandbox.fudsv_in("sub", "exec -q a.txt --to said -o -").result(), "listed");
}

#[test]
fn a_list_parameter_takes_all_files_in_their_order() {
    let sandbox = letters().file("c d.txt", "four\n");
    assert_snapshot!(sandbox.fudsv("exec -q b.txt 'c d.txt' a.txt --to both -o -"), @"
    exit 0
    --- stdout
    three
    four
    one
    two
    ");
}

/// Two inputs, two outputs, an optional one.
const PAIRS: &str = r#"
let key = state("key", ["key"]);
let text = state("text", ["text"]);
let sealed = state("sealed", ["sealed"]);
let log = state("log", ["log"]);
defop seal(key: key, text: text) >> out: sealed, log: log {
    shell(`cat ${key} ${text} > ${out}`);
    shell(`echo sealed with $(cat ${key}) > ${log}`);
}
let note = state("note", ["note"]);
defop annotate(text: text, key: optional(key)) >> out: note {
    shell(`echo ${if key == () { "no key" } else { key.stem }} > ${out}; cat ${text} >> ${out}`);
}
"#;

fn pairs() -> Sandbox {
    Sandbox::new()
        .file("fudsv/pairs.rhai", PAIRS)
        .file("k.key", "K\n")
        .file("t.text", "T\n")
        .file("u.text", "U\n")
}

#[test]
fn several_inputs_and_several_outputs() {
    let sandbox = pairs();
    assert_snapshot!(sandbox.fudsv("exec k.key t.text --to sealed --to log"), @"
    exit 0
    --- stdout
    .fudsv/k-sealed+log/k.sealed
    .fudsv/k-sealed+log/k.log
    --- stderr
    [1/1] seal k.sealed
    Finished: 1 step ran
    ");
    assert_eq!(sandbox.read(".fudsv/k-sealed+log/k.sealed"), "K\nT\n");
    assert_eq!(sandbox.read(".fudsv/k-sealed+log/k.log"), "sealed with K\n");
}

#[test]
fn an_optional_input_is_taken_when_it_is_there() {
    let sandbox = pairs();
    assert_snapshot!(sandbox.fudsv("exec -q t.text --to note -o -"), @"
    exit 0
    --- stdout
    no key
    T
    ");
    assert_snapshot!(sandbox.fudsv("exec -q t.text k.key --to note -o -"), @"
    exit 0
    --- stdout
    k
    T
    ");
}

/// Two files of one state that an op tells apart.
const DIFFERENCE: &str = r#"
let text = state("text", ["text"]);
let diff = state("diff", ["diff"]);
defop compare(left: text, right: text) >> out: diff { shell(`cat ${left} ${right} > ${out}`); }
"#;

#[test]
fn bind_says_which_file_is_which() {
    let sandbox = pairs().file("fudsv/diff.rhai", DIFFERENCE);
    let run =
        |words: &str| sandbox.fudsv(&format!("exec -q t.text u.text --to diff -o - {words}")).to_string();
    assert_snapshot!(run(""), @"
    exit 2
    --- stderr
    error: it is not clear which of `t.text` and `u.text` belongs to which of `compare.left` and `compare.right`
      given: t.text (`text`)
             u.text (`text`)
    hint: assign them, as in `--bind compare.left=t.text --bind compare.right=u.text`
    ");
    assert_snapshot!(run("--bind compare.left=u.text --bind compare.right=t.text"), @"
    exit 0
    --- stdout
    U
    T
    ");
    assert_snapshot!(run("--bind compare.left=u.text"), @"
    exit 0
    --- stdout
    U
    T
    ");
}

/// Two ways from `a` to `c`, a short one and a long one.
const WAYS: &str = r#"
let a = state("a", ["a"]);
let b = state("b", ["b"]);
let c = state("c", ["c"]);
defop direct(x: a) >> y: c { shell(`echo direct > ${y}; : ${x}`); }
defop half(x: a) >> y: b { shell(`echo half > ${y}; : ${x}`); }
defop rest(x: b) >> y: c { shell(`cat ${x} > ${y}; echo rest >> ${y}`); }
"#;

#[test]
fn through_takes_the_longer_way() {
    let sandbox = Sandbox::new().file("fudsv/ways.rhai", WAYS).file("x.a", "");
    assert_snapshot!(sandbox.fudsv("exec -q x.a --to c -o -"), @"
    exit 0
    --- stdout
    direct
    ");
    assert_snapshot!(sandbox.fudsv("exec -q x.a --to c -o - --through half"), @"
    exit 0
    --- stdout
    half
    rest
    ");
    assert_snapshot!(sandbox.fudsv("exec -q x.a --to c -o - --through half --through direct"), @"
    exit 2
    --- stderr
    error: no way from `a` to `c` through `half` and `direct`
      given:  x.a (`a`, from its extension)
      wanted: `c`
    hint: `direct` takes `a` and makes `c`; no op makes that once `half` is required
    ");
    assert_snapshot!(sandbox.fudsv("plan x.a --to c --through rest"), @"
    exit 0
    --- stdout
    half: x.a -> .fudsv/x-c-b153c438/x.b
    rest: .fudsv/x-c-b153c438/x.b -> .fudsv/x-c-b153c438/x.c
    result: .fudsv/x-c-b153c438/x.c (`c`)
    ");
}

/// An op that says what it was configured with.
const CONFIGURED: &str = r#"
let txt = state("txt", ["txt"]);
let out = state("out", ["out"]);
defop tell(src: txt) >> dst: out {
    let args = config_words("tell.args");
    shell(`: ${src}; printf '%s\n' "${config_or("tell.word", "none")}" ${args} > ${dst}`);
}
"#;

fn configured() -> Sandbox {
    Sandbox::new().file("fudsv/tell.rhai", CONFIGURED).file("a.txt", "")
}

fn told(sandbox: &Sandbox, words: &str) -> String {
    sandbox.fudsv(&format!("exec -q a.txt --to out -o - {words}")).to_string()
}

#[test]
fn later_layers_of_configuration_win() {
    let sandbox = configured();
    assert_snapshot!(told(&sandbox, ""), @"
    exit 0
    --- stdout
    none
    ");
    let sandbox = sandbox.file("../home/config/fudsv/fud.toml", "[tell]\nword = \"user\"\n");
    assert_snapshot!(told(&sandbox, ""), @"
    exit 0
    --- stdout
    user
    ");
    let project = "[tell]\nword = \"project\"\n[profile.fast.tell]\nword = \"fast\"\n";
    let sandbox = sandbox.file("fud.toml", project);
    assert_snapshot!(told(&sandbox, ""), @"
    exit 0
    --- stdout
    project
    ");
    let sandbox = sandbox.file("other.toml", "[tell]\nword = \"file\"\n");
    assert_snapshot!(told(&sandbox, "--config other.toml"), @"
    exit 0
    --- stdout
    file
    ");
    assert_snapshot!(told(&sandbox, "--config other.toml --profile fast"), @"
    exit 0
    --- stdout
    fast
    ");
    let sandbox = sandbox.var("FUDSV_TELL__WORD", "variable");
    assert_snapshot!(told(&sandbox, "--profile fast"), @"
    exit 0
    --- stdout
    variable
    ");
    assert_snapshot!(told(&sandbox, "--profile fast --set tell.word=set"), @"
    exit 0
    --- stdout
    set
    ");
}

#[test]
fn a_variable_of_the_environment_is_a_change() {
    let sandbox = configured().var("FUDSV_TELL__WORD", "one");
    assert_eq!(told(&sandbox, "--dir build"), "exit 0\n--- stdout\none");
    let sandbox = sandbox.var("FUDSV_TELL__WORD", "two");
    assert_eq!(told(&sandbox, "--dir build"), "exit 0\n--- stdout\ntwo");
}

#[test]
fn a_text_is_split_into_words_and_a_list_is_not() {
    let sandbox = configured();
    assert_snapshot!(told(&sandbox, r#"--set 'tell.args=-a "b c" $HOME'"#), @"
    exit 0
    --- stdout
    none
    -a
    b c
    $HOME
    ");
    let sandbox = sandbox.file("fud.toml", "[tell]\nargs = [\"-a\", \"b c\", \"$HOME;#\"]\n");
    assert_snapshot!(told(&sandbox, ""), @"
    exit 0
    --- stdout
    none
    -a
    b c
    $HOME;#
    ");
}

#[test]
fn values_keep_their_type() {
    let text = r#"
let txt = state("txt", ["txt"]);
let out = state("out", ["out"]);
defop tell(src: txt) >> dst: out {
    let kinds = "";
    for key in ["t.text", "t.number", "t.flag", "t.list", "t.table"] { kinds += " " + type_of(config(key)); }
    shell(`: ${src}; echo ${kinds} > ${dst}`);
}
"#;
    let config = "[t]\ntext = \"1.10\"\nnumber = 1\nflag = true\nlist = [1]\ntable = { a = 1 }\n";
    let sandbox = Sandbox::new().file("fudsv/t.rhai", text).file("a.txt", "").file("fud.toml", config);
    assert_snapshot!(told(&sandbox, ""), @"
    exit 0
    --- stdout
    string i64 bool array map
    ");
    let set =
        "--set t.text=1.10 --set t.number=1 --set t.flag=true --set 't.list=[1]' --set 't.table={ a = 1 }'";
    let sandbox = sandbox.file("fud.toml", "");
    assert_snapshot!(told(&sandbox, set), @"
    exit 0
    --- stdout
    string i64 bool array map
    ");
}

#[test]
fn a_file_beside_the_script_is_an_input() {
    let text = r#"
let txt = state("txt", ["txt"]);
let out = state("out", ["out"]);
defop take(src: txt) >> dst: out { shell(`cat ${rsrc("head er.txt")} ${src} > ${dst}`); }
"#;
    let sandbox =
        Sandbox::new().file("fudsv/t.rhai", text).file("fudsv/head er.txt", "one\n").file("a.txt", "a\n");
    assert_eq!(told(&sandbox, ""), "exit 0\n--- stdout\none\na");
    sandbox.edit("fudsv/head er.txt", "two\n");
    assert_eq!(told(&sandbox, ""), "exit 0\n--- stdout\ntwo\na");
}

#[test]
fn an_upgraded_tool_is_a_change() {
    let text = r#"
let txt = state("txt", ["txt"]);
let out = state("out", ["out"]);
defop take(src: txt) >> dst: out { shell(`${tool("stamp")} < ${src} > ${dst}`); }
"#;
    let sandbox = Sandbox::new().file("fudsv/t.rhai", text).file("a.txt", "").tool("stamp", "echo one");
    assert_eq!(told(&sandbox, ""), "exit 0\n--- stdout\none");
    sandbox.program("stamp", "echo two");
    assert_eq!(told(&sandbox, ""), "exit 0\n--- stdout\ntwo");
}

#[test]
fn ops_share_what_scripts_export() {
    let base =
        "export const txt = state(\"txt\", [\"txt\"]);\nexport const mark = \"*\";\nfn twice(x) { x + x }\n";
    let user = "import \"base\" as base;\nlet out = state(\"out\", [\"out\"]);\ndefop star(src: base::txt) >> dst: out { shell(`echo \"${base::twice(base::mark)}\" > ${dst}; : ${src}`); }\n";
    let sandbox =
        Sandbox::new().file("fudsv/base.rhai", base).file("fudsv/user.rhai", user).file("a.txt", "");
    assert_eq!(told(&sandbox, ""), "exit 0\n--- stdout\n**");
}

#[test]
fn what_a_body_captured_is_as_it_was() {
    let text = r#"
let txt = state("txt", ["txt"]);
let flag = "-O1";
let one = state("one", ["one"]);
defop f(src: txt) >> dst: one { shell(`echo ${flag} > ${dst}; : ${src}`); }
flag = "-O2";
let two = state("two", ["two"]);
defop g(src: txt) >> dst: two { shell(`echo ${flag} > ${dst}; : ${src}`); }
"#;
    let sandbox = Sandbox::new().file("fudsv/t.rhai", text).file("a.txt", "");
    assert_snapshot!(sandbox.fudsv("exec -q a.txt --to one -o - --to two -o -"), @"
    exit 0
    --- stdout
    -O1
    -O2
    ");
}

#[test]
fn list_shows_states_and_ops_with_their_scripts() {
    let sandbox = Sandbox::new().file("fudsv/ways.rhai", WAYS);
    let said = sandbox.fudsv("list ops");
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let own: Vec<String> = said.result().lines().filter(|line| line.contains("(ways)")).map(words).collect();
    assert_eq!(own, ["direct a -> c (ways)", "half a -> b (ways)", "rest b -> c (ways)"]);
}

#[test]
fn whatever_is_wrong_with_a_script_ends_in_one_error_with_a_place() {
    let deep = format!("let a = {}1{};", "[".repeat(500), "]".repeat(500));
    let scripts: [(&str, &str); 12] = [
        ("let a = [1]; a.map(|x| a.map(|y| y));", "is used while a function works on it"),
        ("loop {}", "does not end within"),
        ("fn f(n) { f(n + 1) } f(0);", "call each other more than"),
        ("fn f(n) { f(n - 1); f(n - 1) } f(100);", "call each other more than"),
        (&deep, "nested more than"),
        ("import \"p\" as me;", "import each other in a circle: `p` → `p`"),
        ("import \"verilatr\" as v;", "no script `verilatr`"),
        ("state(\"a\", [\"b\"]", "this `(` is never closed"),
        ("state(\"a\", 7);", "cannot be called with"),
        ("let a = undefined;", "`undefined` is not a variable"),
        ("undefined(1);", "`undefined` is not a function"),
        ("throw \"no\";", "no"),
    ];
    scripts.into_iter().for_each(is_refused);
}

/// Loading the script ends in one error with this message and a place in it.
fn is_refused((script, message): (&str, &str)) {
    let said = Sandbox::new().file("fudsv/p.rhai", script).fudsv("list");
    let errors = said.stderr.matches("error: ").count();
    assert_eq!((said.exit, errors), (Some(2), 1), "{script:.60}\n{said}");
    assert!(said.stderr.contains(message), "{script:.60}\n{said}");
    assert!(said.stderr.contains("--> fudsv/p.rhai"), "{script:.60}\n{said}");
    assert!(said.stdout.is_empty(), "{said}");
}

#[test]
fn whatever_grows_without_end_is_stopped() {
    const LARGE: &str = "a value grows too large";
    const ENDLESS: &str = "does not end within";
    let scripts = [
        ("let a = \"x\"; loop { a += a; }", LARGE),
        ("let a = \"x\"; loop { a += \"x\"; }", ENDLESS),
        ("let a = \"x\"; loop { a = `${a}${a}`; }", LARGE),
        ("let a = \"x\"; a.pad(4000000, \"x\"); a.replace(\"x\", a);", LARGE),
        ("let a = []; loop { a.push(1); }", ENDLESS),
        ("let a = []; loop { a.push(a); }", LARGE),
        ("let a = [[]]; loop { a[0].insert(0, 1); }", ENDLESS),
        ("let a = []; loop { a = [a, a]; }", LARGE),
        ("let a = [1]; loop { a += a; }", LARGE),
        ("let a = []; a.pad(1000000000000, 1);", LARGE),
        ("let a = []; a.pad(500000, 1); loop { a.filter(|x| true); }", ENDLESS),
        ("let a = #{}; let i = 0; loop { a[`${i}`] = i; i += 1; }", ENDLESS),
        ("let a = #{}; loop { a = #{x: a, y: a}; }", LARGE),
        (
            "let i = 0; loop { state(`s${i}`, []); i += 1; }",
            "scripts declare more than 250000 states and ops",
        ),
    ];
    std::thread::scope(|scope| {
        for case in scripts {
            scope.spawn(move || is_refused(case));
        }
    });
}

#[test]
fn a_list_of_ten_thousand_files_may_be_built_one_by_one() {
    let script = "let files = []; for i in 0..10000 { files.push(`rtl/file_${i}.sv`); }\nstate(`s${files.len()}`, []);\n";
    let list = Sandbox::new().file("fudsv/p.rhai", script).fudsv("list states").well().stdout.clone();
    assert!(list.contains("  s10000 "), "{list}");
}

#[test]
fn two_plugins_may_have_a_function_of_one_name() {
    let script = |name: &str| {
        format!(
            "let src = get_state(\"txt\");\nlet out = state(\"{name}\", [\"{name}\"]);\nfn mine(e) {{ e.rule(\"r\", \"echo {name} > $out\"); }}\n\
             op(\"{name}\", [mine], src, out, |e, i, o| e.build(\"r\", i, o));\n"
        )
    };
    let sandbox = Sandbox::new().file("a.txt", "").file("fudsv/states.rhai", "state(\"txt\", [\"txt\"]);");
    let sandbox = sandbox.file("fudsv/one.rhai", &script("one")).file("fudsv/two.rhai", &script("two"));
    assert_eq!(sandbox.fudsv("exec -q a.txt --to one -o -").result(), "one");
    assert_eq!(sandbox.fudsv("exec -q a.txt --to two -o -").result(), "two");
}

#[test]
fn a_step_with_the_console_is_asked_and_another_is_not() {
    let script = "let txt = state(\"txt\", [\"txt\"]);
defop ask(x: txt) >> y: state(\"told\", [\"told\"]) { shell(`cat ${x} - > ${y}`, #{ console: true }); }
defop look(x: txt) >> y: state(\"seen\", [\"seen\"]) { shell(`cat ${x} - > ${y}`); }\n";
    let sandbox = Sandbox::new().file("fudsv/p.rhai", script).file("x.txt", "what?\n");
    let asked = |to: &str| sandbox.fudsv_with_stdin(&format!("exec -q x.txt --to {to} -o -"), "that\n");
    assert_eq!(asked("told").result(), "what?\nthat");
    assert_eq!(asked("seen").result(), "what?");
}

#[test]
fn files_without_extension_standard_input_and_output() {
    let sandbox = pairs();
    let sandbox = sandbox.file("KEYS", "k\n");
    let said = sandbox
        .fudsv_with_stdin("exec -q --from key --from text KEYS - --to sealed --to log -o - -o out", "t\n");
    assert_eq!(said.exit, Some(0), "{said}");
    assert_eq!((said.stdout.as_str(), sandbox.read("out").as_str()), ("k\nt\nout\n", "sealed with k\n"));
    assert_snapshot!(sandbox.fudsv("exec -q --from key --from text - - --to sealed"), @"
    exit 2
    --- stderr
    error: standard input is given twice
      again: as file 2
    ");
}
