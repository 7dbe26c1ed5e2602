//! A script that does not parse has a report that points where the mistake is, not where the parser met it.
//! They do not know what scripts do.

use crate::script::harness::Project;

fn load(text: &str) -> String {
    Project::script(text).error()
}

#[test]
fn a_bracket_that_is_never_closed_is_shown_where_it_opens() {
    let of_states = "let s = state(\"s\", [\"s\"]);\n";
    assert_eq!(
        load(&format!("{of_states}let t = state(\"t\", [\"t\"]\n\n")),
        r#"error: this `(` is never closed
  --> fudsv/p.rhai:2:14
  |
2 | let t = state("t", ["t"]
  |              ^"#
    );
    assert_eq!(
        load(&format!("{of_states}defop a(x: s) >> y: s {{\n    shell(\"(\"); // )\n\nlet z = 1;\n// end\n")),
        r#"error: this `{` is never closed
  --> fudsv/p.rhai:2:23
  |
2 | defop a(x: s) >> y: s {
  |                       ^"#
    );
    assert_eq!(
        load("let a = [1, 2"),
        r"error: this `[` is never closed
  --> fudsv/p.rhai:1:9
  |
1 | let a = [1, 2
  |         ^"
    );
}

#[test]
fn a_bracket_that_is_closed_too_late_is_shown_with_where_it_opens() {
    assert_eq!(
        load("op(\"a\", [], s, t, |e, i, o| {\n    e.build(\"r\", i, o);\n};\n"),
        r#"error: `)` is missing before this `;`
  --> fudsv/p.rhai:3:2
  |
3 | };
  |  ^
  opened at: fudsv/p.rhai:1:3"#
    );
    assert_eq!(
        load("fn f() {\n    shell(\"x\"\n}\n"),
        r#"error: `)` is missing before this `}`
  --> fudsv/p.rhai:3:1
  |
3 | }
  | ^
  opened at: fudsv/p.rhai:2:10"#
    );
    assert_eq!(
        load("let s = state(\"s\", [\"s\"]\n\ndefop a(x: s) >> y: s { }"),
        r#"error: `)` is missing before this `defop`
  --> fudsv/p.rhai:3:1
  |
3 | defop a(x: s) >> y: s { }
  | ^^^^^
  opened at: fudsv/p.rhai:1:14"#
    );
    assert_eq!(
        load("op(\"a\", [], s, t, |e, i, o {\n});"),
        r#"error: `|` is missing before this `{`
  --> fudsv/p.rhai:1:28
  |
1 | op("a", [], s, t, |e, i, o {
  |                            ^"#
    );
}

#[test]
fn what_is_missing_at_the_start_of_a_line_is_missing_at_the_end_of_the_code_above() {
    assert_eq!(
        load("let a = \"x\" // why\n\n  let b = 2;"),
        r#"error: `;` is missing to terminate this statement
  --> fudsv/p.rhai:1:12
  |
1 | let a = "x" // why
  |            ^"#
    );
    assert_eq!(
        load("let a = [\n    1\n    2,\n];"),
        r"error: `,` is missing to separate the items of this array literal
  --> fudsv/p.rhai:2:6
  |
2 |     1
  |      ^"
    );
}

#[test]
fn a_text_or_a_comment_that_is_never_closed_is_shown_where_it_begins() {
    assert_eq!(
        load("let s = state(\"s\", [\"s]);\nlet t = 1;"),
        r#"error: this text is never closed: a `"` is missing
  --> fudsv/p.rhai:1:21
  |
1 | let s = state("s", ["s]);
  |                     ^"#
    );
    assert_eq!(
        load("let s = state(\"s, [\"s\"]);"),
        r#"error: `,` is missing to separate the arguments to function call `state`
  --> fudsv/p.rhai:1:21
  |
1 | let s = state("s, ["s"]);
  |                     ^
hint: the text ends here: is a `"` missing before?"#
    );
    assert_eq!(
        load("let a = 1;\nlet x = `cp ${a} ${a};\nlet y = 1;"),
        r"error: this text is never closed: a backtick is missing
  --> fudsv/p.rhai:2:9
  |
2 | let x = `cp ${a} ${a};
  |         ^"
    );
    assert_eq!(
        load("let a = 1;\n/* old\nlet b = 2;"),
        r"error: this comment is never closed: a `*/` is missing
  --> fudsv/p.rhai:2:1
  |
2 | /* old
  | ^"
    );
}

/// The message and the hint of an error on one line.
fn said(text: &str) -> String {
    let report = load(text);
    let lines = report.lines().filter(|line| line.starts_with("error: ") || line.starts_with("hint: "));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn habits_of_other_languages_are_recognized() {
    for (text, report) in [
        ("# why", "error: `#` means nothing here\nhint: comments begin with `//`"),
        (
            "let s = 'two words';",
            "error: `two words` is not one character, as `'…'` must be\nhint: write text in `\"…\"` or in backticks",
        ),
        ("let s = “a”;", "error: unexpected `“`\nhint: write text in `\"…\"` or in backticks"),
        (
            "let x = { a: 1 };",
            "error: `;` is missing to terminate this statement\nhint: `#{ name: value }` is a map",
        ),
        (
            "let x = true and false;",
            "error: `;` is missing to terminate this statement\nhint: `&&`, `||` and `!` join conditions",
        ),
        (
            "let x = not true;",
            "error: `;` is missing to terminate this statement\nhint: `&&`, `||` and `!` join conditions",
        ),
        (
            "def f(x) { x }",
            "error: `;` is missing to terminate this statement\nhint: `fn name(…) { … }` declares a function",
        ),
        ("fn f { 1 }", "error: the function `f` has no list of parameters\nhint: `fn f() { … }`"),
        (
            "let x = a ? b : c;",
            "error: unknown operator: `?`\nhint: `if condition { a } else { b }` is a value",
        ),
        ("x++;", "error: unknown operator: `++`\nhint: `x += 1` adds to a variable"),
        ("let x = @y;", "error: `@` means nothing here"),
        ("const x = 1; x = 2;", "error: `x` is a constant"),
        ("let match = 1;", "error: `match` is a reserved word"),
    ] {
        assert_eq!(said(text), report, "{text}");
    }
}

#[test]
fn a_defop_that_does_not_parse_shows_what_is_missing_and_how_it_is_written() {
    assert_eq!(
        load("defop cc(x: a) { }"),
        r"error: `>>` is missing in this `defop`
  --> fudsv/p.rhai:1:16
  |
1 | defop cc(x: a) { }
  |                ^
hint: `defop name(a: s) >> b: t { … }`"
    );
    assert_eq!(
        load("defop cc(x: a) >> y: b;"),
        r"error: a body in `{` and `}` must follow the outputs
  --> fudsv/p.rhai:1:23
  |
1 | defop cc(x: a) >> y: b;
  |                       ^"
    );
    let usage = "hint: `defop name(a: s) >> b: t { … }`";
    for (text, message) in [
        ("defop cc(x) >> y: a { }", "`:` is missing in this `defop`"),
        ("defop cc-x(x: a) >> y: a { }", "`(` is missing in this `defop`"),
        ("defop \"cc\"(x: a) >> y: a { }", "a name is expected here"),
        ("defop cc(x: a) -> y: a { }", "`->` is not an operator here"),
    ] {
        assert_eq!(said(text), format!("error: {message}\n{usage}"), "{text}");
    }
}
