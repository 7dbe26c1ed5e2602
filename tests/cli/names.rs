//! Names of every kind reach a tool byte for byte: through scripts, the real Ninja, the runner and the real `sh`.
//! It does not know which characters are awkward where; it tries them all.

use crate::sandbox::Sandbox;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// The contexts in which an author may put a file, one step in the build directory and one at the root.
const SHOW: &str = r#"
let txt = state("txt", ["txt"]);
let near = state("near", ["near"]);
let far = state("far", ["far"]);
fn contexts(tool, src, dst) {
    `${tool} "${dst}" ${src} "${src}" '${src}' ${src}.d pre${src} "a $(printf b) ${src}" 'it ${src} d'`
}
defop show(src: txt) >> dst: near {
    shell(contexts("show", src, dst));
}
defop show_at_root(src: txt) >> dst: far {
    shell(contexts("show", src, dst), #{ cwd: "root" });
}
"#;

/// A project with a tool that writes its arguments, each ended by a NUL, to the file that comes first.
fn project() -> Sandbox {
    let sandbox = Sandbox::new().file("fudsv/show.rhai", SHOW);
    sandbox.tool("show", "out=$1; shift; printf '%s\\0' \"$@\" > \"$out\"")
}

/// What the tool must see of a file in each of the contexts.
fn seen(path: &str) -> Vec<String> {
    let words = ["P", "P", "P", "P.d", "preP", "a b P", "it P d"];
    words.iter().map(|word| word.replace('P', path)).collect()
}

/// Builds both states of one file and returns what the tool saw.
fn shown(sandbox: &Sandbox, name: &str) -> (Vec<String>, Vec<String>) {
    let file = format!("./{name}.txt");
    sandbox.write(&file, "x");
    let words = ["exec", "-q", &file, "--to", "near", "--to", "far"];
    let said = sandbox.fudsv_words("", &words);
    let words = |line: &str| {
        let text = sandbox.read(line);
        text.split_terminator('\0').map(str::to_owned).collect()
    };
    let paths: Vec<&str> = said.result().split('\n').collect();
    assert_eq!(paths.len(), 2, "{said}");
    let found = (words(paths[0]), words(paths[1]));
    let again = sandbox.fudsv_words("", &["exec", &file, "--to", "near", "--to", "far"]);
    assert_eq!(again.well().stderr, "Up to date\n");
    found
}

fn is_byte_for_byte(sandbox: &Sandbox, name: &str) {
    let file = format!("{name}.txt");
    // Tools would take them for options, or for a file of further words.
    let root = if file.starts_with(['-', '+', '@']) { format!("./{file}") } else { file.clone() };
    let expected = (seen(&format!("../../{file}")), seen(&root));
    assert_eq!(shown(sandbox, name), expected);
}

#[test]
fn awkward_names_are_one_argument_in_every_context() {
    let sandbox = project();
    let names = [
        "a b",
        " a",
        "a ",
        "it's",
        "\"q\"",
        "$HOME",
        "$$",
        "a:b",
        "a;b",
        "a&b",
        "#x",
        "-n",
        "--",
        "ü→🦀",
        "*",
        "~",
        "a\\b",
        "\\",
        "`id`",
        "a?b",
        "[x]",
        "{a,b}",
        "<in>",
        "(x)",
        "!x",
        "%s",
        "^",
        "=x",
        "@x",
        "a\u{a0}b",
        "$in",
        "${out}",
        "'",
        "\\\\'",
        "a'b\"c$d`e\\f g",
    ];
    for name in names {
        is_byte_for_byte(&sandbox, name);
    }
}

#[test]
fn results_with_awkward_names_are_copied_where_they_were_asked_for() {
    let sandbox = project();
    for name in ["a b", "$x", "it's", "a:b", "-n", "ü#&;"] {
        sandbox.write(&format!("./{name}.txt"), "");
        let (file, copy) = (format!("./{name}.txt"), format!("./out/{name}.copy"));
        let said = sandbox.fudsv_words("", &["exec", "-q", &file, "--to", "near", "-o", &copy]);
        assert_eq!(said.result(), format!("out/{name}.copy"));
        assert!(sandbox.has(&format!("out/{name}.copy")), "{name}");
    }
}

#[test]
fn a_directory_of_the_project_may_have_any_name_too() {
    let sandbox =
        project().file("a $b 'c'\"d\";#/fud.toml", "").file("a $b 'c'\"d\";#/fudsv/show.rhai", SHOW);
    let sandbox = sandbox.file("a $b 'c'\"d\";#/x.txt", "");
    let said = sandbox.fudsv_in("a $b 'c'\"d\";#", "exec x.txt --to near --to far");
    assert_eq!(said.result(), ".fudsv/x-near+far/x.near\n.fudsv/x-near+far/x.far");
    let again = sandbox.fudsv_in("a $b 'c'\"d\";#", "exec x.txt --to near --to far");
    assert_eq!(again.well().stderr, "Up to date\n");
}

/// Names without control characters, `|` and `/`, rich in what shells and Ninja care about.
fn any_name() -> impl Strategy<Value = String> {
    let special = prop::sample::select(" '\"$:;&#\\`*?~!(){}[]<>=%^-.,@+".chars().collect::<Vec<_>>());
    let other = any::<char>().prop_filter("no name", |c| !c.is_control() && !"|/".contains(*c));
    prop::collection::vec(prop_oneof![3 => special, 1 => other], 1..10)
        .prop_map(|chars| chars.into_iter().collect())
}

#[test]
fn any_name_is_one_argument_in_every_context() {
    let sandbox = project();
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(40);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let law = |name: String| {
        is_byte_for_byte(&sandbox, &name);
        Ok(())
    };
    runner.run(&any_name(), law).unwrap();
}
