//! What scripts ask of the configuration.
//! They do not know the command line.

use crate::script::harness::Project;

fn command(config: &str, body: &str) -> String {
    let text = format!(
        "let a = state(\"a\", [\"la\"]);\ndefop cc(x: a) >> y: a {{\n{body}\nshell(`${{c}} ${{y}}`); }}"
    );
    Project::script(&text).config(config).file("cfg/x.json", "").run("cc")
}

#[test]
fn a_string_is_the_words_that_the_user_wrote() {
    assert_eq!(
        command("v.args = '-Wall -DX=\"a b\" $HOME'", "let c = config(\"v.args\");"),
        r#"out.y: in.x
  $ -Wall -DX="a b" $HOME <out.y>"#
    );
}

#[test]
fn each_item_of_a_list_is_one_word() {
    assert_eq!(
        command("dirs = ['a b', 'c;d', 3]", "let c = config(\"dirs\");"),
        r"out.y: in.x
  $ [a b] [c;d] 3 <out.y>"
    );
    let body = "let c = \"\"; for d in config(\"dirs\") { c += ` -I${d}`; } c += `${config(\"dirs\")[0]} ${config(\"dirs\").len()}`;";
    assert_eq!(
        command("dirs = ['a b', 'c']", body),
        r"out.y: in.x
  $  -I[a b] -I[c][a b] 2 <out.y>"
    );
    let body = "let d = config(\"dirs\"); let c = `${d.contains(\"c\")} ${d[0] == \"a b\"} ${d[0].text} ${d.map(|i| `-I${i}`)} ${d.filter(|i| i != \"c\")}`;";
    assert_eq!(
        command("dirs = ['a b', 'c']", body),
        r"out.y: in.x
  $ true true a b -I[a b] -I[c] [a b] <out.y>"
    );
}

#[test]
fn numbers_flags_and_tables_keep_their_type() {
    let config = "n = 7\nt = true\nf = 1.5\nd = 1979-05-27\n[tab]\nx = 1\nl = [[1], [2]]";
    let body = "let t = config(\"tab\"); let c = `${config(\"n\") + 1} ${!config(\"t\")} ${config(\"f\")} ${config(\"d\")} ${t.x + 1} ${t.l[1]}`;";
    assert_eq!(
        command(config, body),
        r"out.y: in.x
  $ 8 false 1.5 1979-05-27 2 2 <out.y>"
    );
}

#[test]
fn a_default_stands_in_for_a_missing_value_only() {
    assert_eq!(
        command("a = ''", "let c = `[${config_or(\"a\", \"x\")}] [${config_or(\"b\", \"x\")}]`;"),
        r"out.y: in.x
  $ [] [x] <out.y>"
    );
}

#[test]
fn a_path_is_relative_to_the_file_that_set_it_and_a_dependency() {
    assert_eq!(
        command("p = 'cfg/x.json'", "let c = config_path(\"p\");"),
        r"out.y: in.x | ../../cfg/x.json
  $ <../../cfg/x.json> <out.y>"
    );
    assert_eq!(
        command("p = ['cfg/x.json', '/abs/y']", "let c = config_path(\"p\");"),
        r"out.y: in.x | ../../cfg/x.json /abs/y
  $ <../../cfg/x.json> </abs/y> <out.y>"
    );
    assert_eq!(
        command("", "let c = config_path(\"p\", \"none\");"),
        r"out.y: in.x
  $ none <out.y>"
    );
}

#[test]
fn a_missing_key_says_how_to_set_it() {
    assert_eq!(
        command("verilator.args = ''", "let c = config(\"verilator.arg\");"),
        r#"error: the configuration has no `verilator.arg`
  --> fudsv/p.rhai:3:9
  |
3 | let c = config("verilator.arg");
  |         ^^^^^^
hint: did you mean `verilator.args`? Else `--set verilator.arg=VALUE`, or `arg = …` under `[verilator]` in fud.toml"#
    );
    assert_eq!(
        command("", "let c = config(\"top\");"),
        r#"error: the configuration has no `top`
  --> fudsv/p.rhai:3:9
  |
3 | let c = config("top");
  |         ^^^^^^
hint: `--set top=VALUE`, or `top = …` in fud.toml"#
    );
}

#[test]
fn a_path_of_another_type_is_refused() {
    assert_eq!(
        command("p = 3", "let c = config_path(\"p\");"),
        r#"error: `p` must be a path or a list of paths
  --> fudsv/p.rhai:3:9
  |
3 | let c = config_path("p");
  |         ^^^^^^^^^^^
  set by: /p/fud.toml"#
    );
}
