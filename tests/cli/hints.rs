//! What is said beside a message of Verilator that does not say what to do.
//! It does not know how messages are read.

use crate::sandbox::Sandbox;

/// A module with a number and a text as parameters, and one that includes a file beside itself.
fn project() -> Sandbox {
    Sandbox::new()
        .file(
            "p.sv",
            "module core #(parameter int WIDTH = 4, parameter string NAME = \"x\")(output a);\n  \
             assign a = WIDTH[0] ^ NAME[0];\nendmodule\n",
        )
        .file("sub/s.sv", "`include \"q.svh\"\nmodule s(output a); assign a = `V; endmodule\n")
        .file("sub/q.svh", "`define V 1\n")
}

/// The last line of what is said about a request that fails.
fn hint(sandbox: &Sandbox, words: &str) -> String {
    let said = sandbox.fudsv(words);
    assert_eq!(said.exit, Some(1), "{said}");
    said.stderr.lines().last().unwrap_or_default().to_owned()
}

#[test]
fn a_top_or_a_parameter_that_a_design_does_not_have_is_told_with_those_that_it_has() {
    let sandbox = project();
    let build = |words: &str| hint(&sandbox, &format!("exec p.sv --to verilated-cpp {words}"));
    assert_eq!(build("--top cor"), "hint: did you mean `core`?");
    assert_eq!(build("--top other"), "hint: the sources have these modules: `core`");
    assert_eq!(build("-GWIDHT=4"), "hint: did you mean `WIDTH`?");
    assert_eq!(build("-GSIZE=4"), "hint: the sources have these parameters: `WIDTH`, `NAME`");
    assert_eq!(build("-GNAME=bare"), "hint: a text needs quotes: `-G 'NAME=\"bare\"'`");
    assert_eq!(hint(&sandbox, "lint p.sv --top cor"), "hint: did you mean `core`?");
}

#[test]
fn an_included_file_beside_its_includer_is_told_with_the_option_that_finds_it() {
    let sandbox = project();
    let expected = "hint: `-I sub` finds `q.svh`, which is beside `sub/s.sv`";
    assert_eq!(hint(&sandbox, "lint sub/s.sv"), expected);
    assert_eq!(hint(&sandbox, "exec sub/s.sv --to verilated-cpp"), expected);
    let said = sandbox.fudsv("lint sub/s.sv");
    assert!(said.stdout.contains("Looked in:") && !said.stdout.contains(".fudsv-tmp"), "{said}");
    sandbox.fudsv("lint sub/s.sv -I sub").well();
}

#[test]
fn a_list_may_begin_with_a_byte_order_mark_and_a_blank_after_an_option_is_explained() {
    let sandbox = project().file("bom.f", "\u{feff}p.sv\n").file("blank.f", "-I sub p.sv\n");
    sandbox.fudsv("lint -f bom.f").well();
    let said = sandbox.fudsv("lint -f blank.f");
    assert!(
        said.stderr.ends_with("hint: Verilator reads `-I` and its value as one word: `-Isub`\n"),
        "{said}"
    );
}

#[test]
fn a_request_that_is_refused_leaves_no_build_directory() {
    let sandbox = project();
    for words in ["exec p.sv --to nonsense", "exec p.sv none.sv --to ports", "run p.sv --dir d -p nothing"] {
        assert_eq!(sandbox.fudsv(words).exit, Some(2), "{words}");
    }
    let left = std::fs::read_dir(sandbox.path(".fudsv")).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(left.collect::<Vec<_>>(), [".gitignore"]);
    assert!(!sandbox.has("d"));
}
