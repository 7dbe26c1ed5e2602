//! What authors of plugins write wrongly, and the whole of what they are told: tests/mistakes/*.snap, to be read as text.
//! It does not know how a mistake is found.

use crate::sandbox::Sandbox;

/// What is written: the line of a body, or a whole script.
enum Written {
    Line(&'static str),
    Script(&'static str),
}

use Written::{Line, Script};

/// The language itself.
const LANGUAGE: &[(&str, Written)] = &[
    ("a plain string does not replace", Line(r#"shell("cp ${src} ${dst}");"#)),
    ("a constant in a function", Script("const FLAGS = \"-O\";\nfn flags() { FLAGS }\nlet a = flags();")),
    ("a variable in a function", Script("let flags = \"-O\";\nfn all() { flags }\nlet a = all();")),
    ("no semicolon", Script("let a = 1\nlet b = 2;")),
    ("a misspelt function", Line("shel(`cp ${src} ${dst}`);")),
    ("a misspelt variable", Line("shell(`cp ${scr} ${dst}`);")),
    ("an open backtick", Script("let a = `cc;\nlet b = 1;")),
    ("an open string", Script("let a = \"cc;\nlet b = 1;")),
    ("text in single quotes", Script("let a = 'cc -O2';")),
    ("an assignment in a condition", Script("let a = 1;\nif a = 1 { a = 2; }")),
    ("elif", Script("let a = 1;\nif a == 1 { a = 2; } elif a == 2 { a = 3; }")),
    ("null", Line("if src == null { } shell(`cp ${src} ${dst}`);")),
    ("def", Script("def f(x) { x }\nf(1);")),
    ("function", Script("function f(x) { x }\nf(1);")),
    ("and, or, not", Script("let a = true and false;")),
    ("a string joined to a number by minus", Script("let a = \"x\" - 1;")),
    ("an import without a name", Script("import \"gcc\";\nlet a = gcc::x;")),
    ("an import without quotes", Script("import gcc as gcc;")),
    ("an import of a script that is not there", Script("import \"verilater\" as v;")),
    ("what a script does not export", Script("import \"cxx\" as cxx;\nlet a = cxx::objct;")),
    ("a property that is not there", Line("shell(`cp ${src.basename} ${dst}`);")),
    ("a method of Python", Line("shell(`cp ${src.path.strip()} ${dst}`);")),
    ("too few arguments", Line("shell_deps(`cp ${src} ${dst}`, [src]);")),
];

/// States and ops.
const DECLARATIONS: &[(&str, Written)] = &[
    ("extensions that are no list", Script("state(\"c\", \"c\");")),
    ("a state without extensions", Script("state(\"c\");")),
    ("an unknown option of a state", Script("state(\"c\", [], #{ dir: true });")),
    (
        "a state that nobody declares",
        Script("defop f(a: \"verilog\") >> b: \"sv\" { shell(`cp ${a} ${b}`); }"),
    ),
    ("an arrow of another kind", Script("defop f(a: \"sv\") -> b: \"lint\" { }")),
    ("no output", Script("defop f(a: \"sv\") { }")),
    ("a parameter without a state", Script("defop f(a) >> b: \"sv\" { }")),
    ("a list of outputs", Script("defop f(a: \"sv\") >> b: [\"sv\"] { }")),
    ("two parameters of one name", Script("defop f(a: \"sv\", a: \"sv\") >> b: \"sv\" { }")),
    ("a list of two states", Script("defop f(a: [\"sv\", \"v\"]) >> b: \"sv\" { }")),
    ("an unknown option of an op", Script("defop f(a: \"sv\") >> b: \"sv\" #{ costs: 2 } { }")),
    ("an option of another type", Script("defop f(a: \"sv\") >> b: \"sv\" #{ needs: \"cc\" } { }")),
    ("a state that a body declares", Line("state(\"q\", []); shell(`cp ${src} ${dst}`);")),
    ("a command outside of a body", Script("shell(`cp a b`);")),
    ("a temporary file outside of a body", Script("let t = temp(\"x\");")),
];

/// Steps.
const STEPS: &[(&str, Written)] = &[
    ("a body that makes nothing", Line("let a = src;")),
    (
        "shell beside shell_deps",
        Line("shell(`cp ${src} ${dst}`); shell_deps(`cp ${src} ${dst}`, [src], [dst]);"),
    ),
    ("an unknown dependency", Line("shell_deps(`cp ${src} ${dst}`, [\"scr\"], [dst]);")),
    (
        "a temporary file that nothing makes",
        Line("shell_deps(`cp ${src} ${dst}`, [src, temp(\"mid\")], [dst]);"),
    ),
    (
        "two steps that make one file",
        Line("shell_deps(`cp ${src} ${dst}`, [src], [dst]); shell_deps(`cp ${src} ${dst}`, [src], [dst]);"),
    ),
    (
        "steps that wait for each other",
        Line(
            "let a = temp(\"a\"); let b = temp(\"b\"); shell_deps(`cp ${b} ${a}`, [b], [a]); shell_deps(`cp ${a} ${b}`, [a], [b]); shell_deps(`cp ${a} ${dst}`, [a, src], [dst]);",
        ),
    ),
    (
        "a step over an input",
        Line("shell_deps(`date > ${src}`, [], [src]); shell_deps(`cp ${src} ${dst}`, [src], [dst]);"),
    ),
    ("an unknown option", Line("shell(`cp ${src} ${dst}`, #{ cache: true });")),
    ("an option of another type of a step", Line("shell(`cp ${src} ${dst}`, #{ cached: \"yes\" });")),
    ("an unknown pool", Line("shell(`cp ${src} ${dst}`, #{ pool: \"links\" });")),
    ("an unknown place", Line("shell(`cp ${src} ${dst}`, #{ cwd: \"src\" });")),
    (
        "an unknown format of a dependency file",
        Line("shell(`cp ${src} ${dst}`, #{ depfile: dst + \".d\", depfile_format: \"makefile\" });"),
    ),
    ("the format of no dependency file", Line("shell(`cp ${src} ${dst}`, #{ depfile_format: \"list\" });")),
    ("variables in one text", Line("shell(`cp ${src} ${dst}`, #{ env: \"LANG\" });")),
    ("a map in a command", Line("shell(`cp ${#{ a: 1 }} ${src} ${dst}`);")),
    ("a file that is cut to pieces", Line("let t = `${src}`; shell(`cp ${t.sub_string(1)} ${dst}`);")),
    ("a prefix for one file", Line("shell(`cp ${src.prefixed(\"-I\")} ${dst}`);")),
    ("a resource that is not there", Line("shell(`cp ${rsrc(\"head.txt\")} ${dst}`);")),
    ("a file that is not there", Line("shell(`cat ${path(\"table.txt\")} ${src} > ${dst}`);")),
    ("a directory that is not there", Line("shell(`cat ${files(\"inc\", \"*.h\")} ${src} > ${dst}`);")),
    ("a Python script that is not there", Line("shell(`${python(\"gen.py\")} ${src} ${dst}`);")),
    ("a module of Python without its flag", Line("shell(`${python(\"pkg\", \"gen\")} ${src} ${dst}`);")),
];

/// What is known only where it runs.
const RUNNING: &[(&str, Written)] = &[
    ("a tool that is not there", Line("shell(`${tool(\"nosuch\")} ${src} > ${dst}`);")),
    ("a bare tool that is not there", Line("shell(`nosuch ${src} > ${dst}`);")),
    ("a script that is not there", Line("shell(`./nosuch.sh ${src} > ${dst}`);")),
    ("a script that may not be executed", Line("shell(`/etc/passwd ${src} > ${dst}`);")),
    (
        "a version that is too old",
        Line("shell(`${tool(\"ninja\", #{ at_least: \"99\" })} ${src} > ${dst}`);"),
    ),
    ("a setting that is missing", Line("shell(`cp ${config(\"my.flags\")} ${src} ${dst}`);")),
    (
        "a setting of another type",
        Line("let n = config_int(\"t.text\"); shell(`head -n ${n} ${src} > ${dst}`);"),
    ),
    (
        "a text where the default is a number",
        Line("let n = config_or(\"t.text\", 3) + 1; shell(`head -n ${n} ${src} > ${dst}`);"),
    ),
    (
        "a setting that is not true or false",
        Line("if config_bool(\"t.text\", false) { } shell(`cp ${src} ${dst}`);"),
    ),
    ("a setting that names no path", Line("shell(`cat ${config_paths(\"t.number\")} ${src} > ${dst}`);")),
    (
        "a setting that names a file that is not there",
        Line("shell(`cat ${config_path(\"t.text\")} ${src} > ${dst}`);"),
    ),
    ("an input that a step changes", Line("shell(`echo hi >> ${src}; cp ${src} ${dst}`);")),
    ("an output under another name", Line("shell(`cp ${src} out.txt`);")),
    ("a failure in silence", Line("shell(`: ${src} ${dst}; exit 3`);")),
    (
        "a dependency file that was not written",
        Line("shell(`cp ${src} ${dst}`, #{ depfile: dst + \".d\" });"),
    ),
    (
        "a dependency file that is a list",
        Line("shell(`cp ${src} ${dst}; echo a.txt > ${dst}.d`, #{ depfile: dst + \".d\" });"),
    ),
    (
        "a dependency file that is empty",
        Line("shell(`cp ${src} ${dst}; : > ${dst}.d`, #{ depfile: dst + \".d\" });"),
    ),
    (
        "a list of Verilator that is none",
        Line(
            "shell(`cp ${src} ${dst}; echo a > ${dst}.d`, #{ depfile: dst + \".d\", depfile_format: \"verilator\" });",
        ),
    ),
    ("an error of the author's own", Line("fail(`no lines in ${src}`);")),
    ("dollars without brackets", Line("shell(`cp $src $dst`);")),
    ("brackets without a dollar", Line("shell(`cp {src} {dst}`);")),
];

/// All that is said of the mistakes, one after the other.
fn said(mistakes: &[(&str, Written)]) -> String {
    let mut text = String::new();
    for (title, written) in mistakes {
        let script = match written {
            Script(script) => format!("{script}\n"),
            Line(line) => format!(
                "let txt = state(\"txt\", [\"txt\"]);\nlet out = state(\"out\", [\"out\"]);\ndefop make(src: txt) >> dst: out {{\n    {line}\n}}\n"
            ),
        };
        let sandbox = Sandbox::new()
            .file("fudsv/mine.rhai", &script)
            .file("a.txt", "")
            .file("fud.toml", "[t]\ntext = \"abc\"\nnumber = 7\n");
        let command = match written {
            Script(_) => "list",
            Line(_) => "exec -q a.txt --to out",
        };
        let said = sandbox.fudsv(command);
        assert_ne!(said.exit, Some(0), "{title}: {said}");
        text.push_str(&format!("## {title}\n\n{said}\n\n"));
    }
    text
}

/// Compares with the file that people read.
fn are_told(name: &str, mistakes: &[(&str, Written)]) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../mistakes");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, said(mistakes)));
}

#[test]
fn mistakes_in_the_language_are_told() {
    are_told("language", LANGUAGE);
}

#[test]
fn mistakes_in_states_and_ops_are_told() {
    are_told("declarations", DECLARATIONS);
}

#[test]
fn mistakes_in_steps_are_told() {
    are_told("steps", STEPS);
}

#[test]
fn mistakes_that_show_where_they_run_are_told() {
    are_told("running", RUNNING);
}
