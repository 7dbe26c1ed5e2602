//! What authors of ops need and what they get wrong: lists of files, typed settings, names, circles; the whole report.
//! They do not know the command line.

use crate::script::harness::Project;

const HEAD: &str = "let a = state(\"a\", [\"la\"]);\ndefop cc(x: a) >> y: a, z: a {\n";

fn body(text: &str) -> String {
    Project::script(&format!("{HEAD}    {text}\n}}")).run("cc")
}

fn with_config(config: &str, text: &str) -> String {
    let text = format!("{HEAD}    {text}\n    shell(`${{c}} ${{y}} ${{z}}`);\n}}");
    Project::script(&text)
        .config(config)
        .file("inc/b.svh", "")
        .file("inc/a b.svh", "")
        .file("inc/n/c.svh", "")
        .run("cc")
}

#[test]
fn the_files_of_a_directory_are_a_sorted_list_of_dependencies() {
    assert_eq!(
        with_config("", "let c = files(\"inc\", \"*.svh\");"),
        "out.y out.z: in.x | ../../inc/a b.svh ../../inc/b.svh\n  $ <../../inc/a b.svh> <../../inc/b.svh> <out.y> <out.z>"
    );
    assert_eq!(
        with_config("d = 'inc'", "let c = files(config_path(\"d\"), \"**/*.svh\").prefixed(\"-i\");"),
        "out.y out.z: in.x | ../../inc/a b.svh ../../inc/b.svh ../../inc/n/c.svh\n  $ [-i]<../../inc/a b.svh> [-i]<../../inc/b.svh> [-i]<../../inc/n/c.svh> <out.y> <out.z>"
    );
    assert_eq!(
        with_config("", "let c = files(\"inc\", \"*.x\").len();"),
        "out.y out.z: in.x\n  $ 0 <out.y> <out.z>"
    );
}

#[test]
fn a_directory_that_cannot_be_listed_is_an_error() {
    assert_eq!(
        with_config("", "let c = files(\"ink\", \"*\");"),
        r#"error: there is no directory `ink`
  --> fudsv/p.rhai:3:13
  |
3 |     let c = files("ink", "*");
  |             ^^^^^
hint: did you mean `inc`?"#
    );
    assert_eq!(
        with_config("", "let c = files(x, \"*\");"),
        r#"error: `files` cannot list `in.x`: a step makes it
  --> fudsv/p.rhai:3:13
  |
3 |     let c = files(x, "*");
  |             ^^^^^
hint: lists are made while planning; name the directory itself in the command"#
    );
    assert_eq!(
        with_config("", "let c = files(\"inc\", \"[a\");"),
        r#"error: `[a` is not a pattern: invalid range pattern
  --> fudsv/p.rhai:3:13
  |
3 |     let c = files("inc", "[a");
  |             ^^^^^"#
    );
}

#[test]
fn a_setting_may_be_asked_for_with_its_type() {
    let text = "let c = `${config_int(\"n\") + 1} ${config_int(\"m\", 2)} ${!config_bool(\"t\")} ${config_bool(\"u\", true)} ${config_paths(\"p\")} ${config_paths(\"ps\").len()} ${config_paths(\"none\").len()}`;";
    assert_eq!(
        with_config("n = 7\nt = true\np = 'f'\nps = ['f', 'g']", text),
        "out.y out.z: in.x | ../../f\n  $ 8 2 false true <../../f> 2 0 <out.y> <out.z>"
    );
}

#[test]
fn a_setting_of_another_type_names_the_key_and_the_file() {
    let report = |message: &str, line: &str, call: &str| {
        let column = line.find(call).unwrap() + 1;
        let (pad, under) = (" ".repeat(column - 1), "^".repeat(call.len()));
        format!(
            "error: {message}\n  --> fudsv/p.rhai:3:{column}\n  |\n3 | {line}\n  | {pad}{under}\n  set by: /p/fud.toml"
        )
    };
    for (config, line, call, message) in [
        ("n = 'abc'", "    let c = config_int(\"n\");", "config_int", "`n` is \"abc\", not a whole number"),
        ("n = 1.5", "    let c = config_int(\"n\", 1);", "config_int", "`n` is 1.5, not a whole number"),
        (
            "n = 'yes'",
            "    let c = config_bool(\"n\");",
            "config_bool",
            "`n` is \"yes\", not `true` or `false`",
        ),
        ("n = 'abc'", "    let c = config_or(\"n\", 3) + 1;", "config_or", "`n` is \"abc\", not a number"),
        (
            "n = 3",
            "    let c = config_paths(\"n\");",
            "config_paths",
            "`n` must be a path or a list of paths",
        ),
    ] {
        assert_eq!(with_config(config, line.trim_start()), report(message, line, call));
    }
}

#[test]
fn a_temporary_name_of_a_file_is_no_other_files() {
    let text = "let names = [\"a/m.c\", \"b/m.c\", \"a/m.c\"].map(|name| temp(\"m.o\", path(name)).path);\n    shell(`${names[0] == names[2]} ${names[0] == names[1]} ${temp(\"m.o\").path}`);";
    assert_eq!(body(text), "out.y out.z: in.x\n  $ true false use.m.o");
}

#[test]
fn steps_that_wait_for_each_other_are_an_error() {
    let text = "let p = temp(\"p\"); let q = temp(\"q\");\n    shell_deps(`p`, [q], [p]);\n    shell_deps(`q`, [p], [q]);\n    shell_deps(`y`, [p], [y, z]);";
    assert_eq!(
        body(text),
        r"error: steps depend on each other in a circle, through `use.p` and `use.q`
  --> fudsv/p.rhai:4:5
  |
4 |     shell_deps(`p`, [q], [p]);
  |     ^^^^^^^^^^
  another: fudsv/p.rhai:5:5"
    );
    assert_eq!(
        body("shell_deps(`y ${y}`, [x, y], [y, z]);"),
        r"error: this step depends on its own output `out.y`
  --> fudsv/p.rhai:3:5
  |
3 |     shell_deps(`y ${y}`, [x, y], [y, z]);
  |     ^^^^^^^^^^
hint: remove it from the dependencies"
    );
}

#[test]
fn a_pool_that_does_not_exist_is_an_error() {
    assert_eq!(
        body("shell(`x`, #{ pool: \"lnk\" });"),
        r#"error: there is no pool `lnk`
  --> fudsv/p.rhai:3:5
  |
3 |     shell(`x`, #{ pool: "lnk" });
  |     ^^^^^
hint: did you mean `link`?"#
    );
}

#[test]
fn a_parameter_in_a_text_in_quotes_is_an_error() {
    assert_eq!(
        body("shell(\"cp ${x.path} b\");"),
        r#"error: `${x.path}` is not replaced here: the text is in quotes
  --> fudsv/p.rhai:3:5
  |
3 |     shell("cp ${x.path} b");
  |     ^^^^^
hint: write the text in backticks"#
    );
    assert_eq!(
        body("shell(\"for i in a; do echo ${i}; done\");"),
        "out.y out.z: in.x\n  $ for i in a; do echo ${i}; done"
    );
}

#[test]
fn a_constant_of_the_script_is_named_as_a_function_sees_it() {
    let report = |declared: &str| {
        let text = format!("{declared}\nfn f() {{ N }}\n{HEAD}    shell(`${{f()}}`);\n}}");
        Project::script(&text).run("cc")
    };
    assert_eq!(
        report("const N = 1;"),
        r"error: `N` is not a variable
  --> fudsv/p.rhai:2:10
  |
2 | fn f() { N }
  |          ^
  called at: fudsv/p.rhai:5:14
hint: inside of a function, write `global::N` for a constant of the script"
    );
    assert_eq!(
        report("let N = 1;").lines().last(),
        Some("hint: a function does not see `let N`: declare it as `const N`, and write `global::N`")
    );
}
