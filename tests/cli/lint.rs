//! `fudsv lint` with the real Verilator and slang: what is said, and that it is said again when nothing ran.
//! It does not know how Verilator's text is read.

use crate::sandbox::{Said, Sandbox};
use crate::toolchain::{own_python, skipped_outside_ci};
use insta::assert_snapshot;
use serde_json::{Value, json};

/// A latch, and an expression that is cut.
const TOP: &str = "module top(input logic [7:0] a, output logic [3:0] y, output logic q);
`include \"step.svh\"
  assign y = a + STEP;
  always_comb if (a[0]) q = 1;
endmodule
";

fn project() -> Sandbox {
    Sandbox::new().file("rtl/top.sv", TOP).file("rtl/step.svh", "localparam STEP = 1;\n")
}

const LINT: &str = "lint rtl/top.sv -s verilator.include-dirs=rtl";

/// Severity, code and place of each message; Verilator's words differ between versions.
fn codes(said: &Said) -> Vec<String> {
    let heads = said.stdout.lines().filter_map(|line| line.strip_prefix('%'));
    let place = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    let old = |head: String| head.replace("WIDTHTRUNC", "WIDTH");
    heads.map(|line| old(place(line))).filter(|head| !head.contains("Exiting")).collect()
}

const FOUND: [&str; 2] = ["Warning-WIDTH: rtl/top.sv:3:12:", "Warning-LATCH: rtl/top.sv:4:3:"];

#[test]
fn a_second_lint_runs_nothing_and_says_the_same() {
    let sandbox = project();
    let first = sandbox.fudsv(LINT);
    assert_eq!(codes(first.well()), FOUND);
    assert!(first.stderr.ends_with("\nFinished: no errors, 2 warnings\n"), "{first}");
    let second = sandbox.fudsv(LINT);
    assert_eq!((second.exit, &second.stdout), (Some(0), &first.stdout));
    assert_eq!(second.stderr, "Finished: no errors, 2 warnings\n");
}

#[test]
fn an_included_file_and_a_setting_are_linted_again() {
    let sandbox = project();
    sandbox.fudsv(LINT).well();
    sandbox.edit("rtl/step.svh", "localparam [3:0] STEP = 1;\nlogic lost;\n");
    assert!(sandbox.fudsv(LINT).well().stdout.contains("%Warning-UNUSEDSIGNAL: rtl/step.svh:2:7:"));
    let said = sandbox.fudsv(&format!("{LINT} -s 'lint.args=-Wno-lint -Wno-LATCH'"));
    assert_eq!((said.exit, said.stdout.as_str()), (Some(0), ""), "{said}");
    assert!(said.stderr.ends_with("Finished: no errors, no warnings\n"), "{said}");
}

#[test]
fn an_error_is_exit_code_1_each_time() {
    let sandbox = project().file("bad.sv", "module bad(input a, output b);\n  assign b = a &;\nendmodule\n");
    for _ in 0..2 {
        let said = sandbox.fudsv("lint bad.sv");
        assert_eq!(said.exit, Some(1));
        assert!(said.stdout.starts_with("%Error: bad.sv:2:17: syntax error, unexpected ';'"), "{said}");
        assert_eq!(said.stderr, "error: 1 error, no warnings\n");
    }
}

#[test]
fn warnings_fail_when_the_user_wants_them_to() {
    let said = project().fudsv(&format!("{LINT} -s verilator.werror=true"));
    assert_eq!(codes(&said), FOUND);
    let expected = "error: no errors, 2 warnings\nhint: `verilator.werror` makes warnings fail\n";
    assert_eq!((said.exit, said.stderr.as_str()), (Some(1), expected));
}

#[test]
fn programs_get_an_object_for_each_message_also_when_nothing_runs() {
    let sandbox = project();
    let objects = || -> Vec<Value> {
        let said = sandbox.fudsv(&format!("{LINT} --message-format json"));
        said.well().stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let kinds =
        |objects: &[Value]| objects.iter().map(|o| o["type"].to_string()).collect::<Vec<_>>().join(" ");
    let first = objects();
    assert_eq!(kinds(&first), r#""step" "diagnostic" "diagnostic" "artifact" "summary""#);
    let latch = &first[2];
    let expected = json!(["warning", "LATCH", "rtl/top.sv", 4, 3]);
    let keys = ["severity", "code", "file", "line", "column"];
    assert_eq!(Value::from(keys.map(|key| latch[key].clone()).to_vec()), expected);
    assert_eq!(kinds(&objects()), r#""diagnostic" "diagnostic" "artifact" "summary""#);
}

#[test]
fn the_report_is_a_state_as_text_and_as_json() {
    let sandbox = project();
    let exec = LINT.replacen("lint", "exec --to lint --to lint-json -q", 1);
    let paths = sandbox.fudsv(&exec).result().to_owned();
    let [text, json] = paths.lines().collect::<Vec<_>>()[..] else { panic!("{paths}") };
    assert!(sandbox.read(text).starts_with("%Warning-WIDTH"), "{}", sandbox.read(text));
    let json: Value = serde_json::from_str(&sandbox.read(json)).unwrap();
    assert_eq!((&json["errors"], &json["warnings"]), (&json!(0), &json!(2)));
    assert_eq!(json["diagnostics"][1]["context"][1], "    4 |   always_comb if (a[0]) q = 1;");
}

#[test]
fn lint_needs_no_compiler() {
    let root = "verilator --getenv VERILATOR_ROOT";
    let root = Sandbox::new().sh(root).result().to_owned();
    let sandbox = project().only(&["ninja", "sh", "cat", "env"]);
    let real = [format!("{root}/bin/verilator_bin"), "/usr/bin/verilator_bin".to_owned()];
    let real = real.iter().find(|path| std::path::Path::new(path).is_file()).unwrap();
    let sandbox = sandbox.var("VERILATOR_ROOT", &root).var("FUDSV_VERILATOR__EXE", real);
    assert_eq!(codes(sandbox.fudsv(LINT).well()), FOUND);
}

const WIDE: &str = "module wide(input [4:0] a, output [3:0] y);\n  assign y = a;\nendmodule\n";

#[test]
fn findings_come_as_json_as_sarif_and_as_annotations() {
    let sandbox = Sandbox::new().file("wide.sv", WIDE).file("fud.toml", "lint.args = []\n");
    let said = sandbox.fudsv("lint wide.sv --format json -q");
    let json: Value = serde_json::from_str(said.result()).unwrap();
    assert_eq!((&json["errors"], &json["warnings"]), (&Value::from(0), &Value::from(1)));
    assert_eq!(json["diagnostics"][0]["file"], "wide.sv");
    let sarif: Value =
        serde_json::from_str(sandbox.fudsv("lint wide.sv --format sarif -q").result()).unwrap();
    let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "wide.sv");
    let annotation = sandbox.fudsv("lint wide.sv --format github -q");
    assert!(
        annotation.stdout.starts_with("::warning file=wide.sv,line=2,col=12,title=WIDTH"),
        "{annotation}"
    );
    assert_eq!(annotation.stdout.lines().count(), 1);
    let in_workflow = sandbox.var("GITHUB_ACTIONS", "true").fudsv("lint wide.sv -q");
    assert!(in_workflow.stdout.starts_with("%Warning-WIDTH"), "{in_workflow}");
    assert!(in_workflow.stdout.ends_with(&annotation.stdout), "{in_workflow}");
}

/// Checks a file against the schema of SARIF, which `.ci/setup --all` puts beside the tests' Python.
const CHECK: &str = "
import json, pathlib, sys
schema = pathlib.Path(sys.prefix, 'sarif-2.1.0.json')
if not schema.is_file():
    sys.exit(3)
import fastjsonschema
check = fastjsonschema.compile(json.loads(schema.read_text()))
for text in sys.argv[1:]:
    check(json.loads(text))
try:
    check(json.loads(sys.argv[1].replace('startLine', 'line')))
except fastjsonschema.JsonSchemaException:
    sys.exit(0)
sys.exit('the check accepts anything')
";

#[test]
fn sarif_is_valid_against_its_schema() {
    let sandbox = Sandbox::new()
        .file("a dir/wide [1] ü%.sv", WIDE)
        .file("two.sv", "module two(input a;\n")
        .file("good.sv", "module good(input a, output y);\n  assign y = a;\nendmodule\n");
    let sarif = |words: &str| sandbox.fudsv(&format!("lint {words} --format sarif -q")).stdout.clone();
    let texts = [sarif("'a dir/wide [1] ü%.sv'"), sarif("two.sv"), sarif("good.sv")];
    assert!(texts[0].contains("\"startLine\": 2") && texts[1].contains("\"error\""), "{texts:?}");
    let output = own_python().arg("-c").arg(CHECK).args(&texts).output().unwrap();
    if output.status.code() == Some(3) {
        return skipped_outside_ci("the schema of SARIF is not beside the Python of the tests");
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn several_designs_are_one_object_of_findings() {
    let designs = "[design.one]\nsources = ['one.sv']\n[design.two]\nsources = ['two.sv']\n";
    let sandbox =
        Sandbox::new().file("one.sv", WIDE).file("two.sv", "module two(input a;\n").file("fud.toml", designs);
    let said = sandbox.fudsv("lint --format sarif -q");
    assert_eq!(said.exit, Some(1), "{said}");
    let sarif: Value = serde_json::from_str(&said.stdout).unwrap();
    let levels = sarif["runs"][0]["results"].as_array().unwrap().iter().map(|result| &result["level"]);
    assert!(levels.clone().any(|level| level == "error") && levels.clone().any(|level| level == "warning"));
}

#[test]
fn a_baseline_counts_what_is_known_and_shows_what_is_new() {
    let sandbox = Sandbox::new().file("wide.sv", WIDE).file("fud.toml", "lint.args = []\n");
    let known = sandbox.fudsv("lint wide.sv --format json -q").result().to_owned();
    sandbox.write("known.json", &known);
    // Its line does not count.
    sandbox.write("wide.sv", &format!("// A comment.\n{WIDE}"));
    let said = sandbox.fudsv("lint wide.sv --baseline known.json");
    assert_eq!(said.well().stdout, "");
    assert!(said.stderr.ends_with("Finished: no errors, no warnings, 1 in the baseline\n"), "{said}");
    sandbox.fudsv("lint wide.sv --baseline known.json -s verilator.werror=true").well();
    sandbox.write("wide.sv", &WIDE.replace("endmodule", "  wire [1:0] z = a;\nendmodule"));
    let said = sandbox.fudsv("lint wide.sv --baseline known.json");
    assert_eq!(said.well().stdout.matches("%Warning-WIDTH").count(), 1, "{said}");
    assert!(said.stdout.contains("wide.sv:3:"), "{said}");
    let none = sandbox.fudsv("lint wide.sv --baseline none.json");
    assert!(none.stderr.contains("hint: `fudsv lint … --format json > none.json` writes it"), "{none}");
    let other = sandbox.fudsv("lint wide.sv --baseline wide.sv");
    assert!(
        other.stderr.starts_with("[1/1]") || other.stderr.contains("`wide.sv` is not a baseline"),
        "{other}"
    );
}

/// What svlint 0.9.5 says of the file, where the real one is not installed.
const SVLINT: &str = r#"for word; do file=$word; done
case "$*" in *--config*.svlint.toml*-D*N=4*-I*) ;; *) exit 3;; esac
[ "$TERM" = dumb ] || exit 4
if grep -q 'input a;' "$file"; then
    printf 'Error: parse error\n   --> %s:1:10\n  |\n1 | module x(input a;\n  |          ^\n' "$file"
else
    printf 'Fail: explicit_if_else\n   --> %s:3:14\n  |\n3 | \talways_comb if (a) q = 1;\n' "$file"
    printf '  |              ^^ hint  : Add an `else` clause to the `if` statement.\n'
    printf '  |                 reason: Fully-specified conditional clarifies design intent.\n\n'
fi
exit 1
"#;

#[test]
fn svlint_lints_by_the_nearest_rules_and_its_findings_look_like_those_of_verilator() {
    let sandbox = Sandbox::new()
        .file("fud.toml", "[lint]\ntool = 'svlint'\n[verilator]\ndefines = ['N=4']\ninclude-dirs = ['inc']\n")
        .file(".svlint.toml", "[option]\n[textrules]\n[syntaxrules]\nexplicit_if_else = true\n")
        .file("inc/w.svh", "localparam W = `N;\n")
        .file("a b/top.sv", "module top(input a, output reg q);\n`include \"w.svh\"\n\talways_comb if (a) q = 1;\nendmodule\n");
    let path = std::env::var_os("PATH").unwrap();
    let is_here = std::env::split_paths(&path).any(|dir| dir.join("svlint").is_file());
    let sandbox = if is_here { sandbox } else { sandbox.tool("svlint", SVLINT) };
    let said = sandbox.fudsv("lint 'a b/top.sv'");
    assert_snapshot!(said, @"
    exit 0
    --- stdout
    %Warning-explicit_if_else: a b/top.sv:3:14: Add an `else` clause to the `if` statement.
        3 | 	always_comb if (a) q = 1;
        Fully-specified conditional clarifies design intent.
    --- stderr
    [1/1] lint top
    Finished: no errors, 1 warning
    ");
    // It says of no file that it read it, so the directory of included files counts.
    sandbox.edit("inc/w.svh", "localparam W = `N + 1;\n");
    assert!(sandbox.fudsv("lint 'a b/top.sv'").well().stderr.starts_with("[1/1]"));
    assert!(!sandbox.fudsv("lint 'a b/top.sv'").well().stderr.contains("[1/1]"));
    sandbox.edit("a b/top.sv", "module x(input a;\nendmodule\n");
    assert_snapshot!(sandbox.fudsv("lint 'a b/top.sv'"), @"
    exit 1
    --- stdout
    %Error: a b/top.sv:1:10: parse error
        1 | module x(input a;
    --- stderr
    error: 1 error, no warnings
    ");
}

/// slang as PyPI has it: the library with its own driver, which has no program there.
const SLANG: &str = "exec \"$FUDSV_TEST_PYTHON\" -c '
import shlex, sys
from pyslang.driver import Driver
driver = Driver()
driver.addStandardArgs()
well = driver.parseCommandLine(shlex.join([\"slang\"] + sys.argv[1:])) and driver.processOptions() and driver.parseAllSources()
if well:
    well = driver.runFullCompilation(True)
    driver.optionallyWriteDepFiles()
sys.exit(0 if well else 4)
' \"$@\"";

#[test]
fn slang_lints_a_design_and_its_findings_look_like_those_of_verilator() {
    let sandbox = Sandbox::new()
        .file("fud.toml", "[lint]\ntool = 'slang'\nargs = ['-Wwidth-trunc']\n[verilator]\ndefines = ['W=8']\n")
        .file("wide.sv", "`include \"y.svh\"\nmodule wide(input [`W-1:0] a, output [`Y:0] y);\n  assign y = a;\nendmodule\n")
        .file("y.svh", "`define Y 3\n")
        .tool("slang", SLANG)
        .var("FUDSV_TEST_PYTHON", &own_python().get_program().to_string_lossy());
    let said = sandbox.fudsv("lint wide.sv");
    assert_snapshot!(said, @"
    exit 0
    --- stdout
    %Warning-width-trunc: wide.sv:3:14: implicit conversion truncates from 8 to 4 bits
      assign y = a;
               ~ ^
    --- stderr
    [1/1] lint wide
    Finished: no errors, 1 warning
    ");
    let found: Value = serde_json::from_str(sandbox.fudsv("lint wide.sv --format json -q").result()).unwrap();
    assert_eq!(
        (&found["warnings"], &found["diagnostics"][0]["code"]),
        (&Value::from(1), &Value::from("width-trunc"))
    );
    // It says what it read.
    sandbox.edit("y.svh", "`define Y 7\n");
    assert_snapshot!(sandbox.fudsv("lint wide.sv"), @"
    exit 0
    --- stderr
    [1/1] lint wide
    Finished: no errors, no warnings
    ");
    sandbox.edit("wide.sv", "module wide(input a); none u(a); endmodule\n");
    assert_snapshot!(sandbox.fudsv("lint wide.sv"), @"
    exit 1
    --- stdout
    %Error: wide.sv:1:23: unknown module 'none'
    module wide(input a); none u(a); endmodule
                          ^~~~
    --- stderr
    error: 1 error, no warnings
    ");
    let refused = |words: &str| sandbox.fudsv(words).stderr.lines().next().unwrap_or_default().to_owned();
    assert_eq!(
        refused("lint wide.sv -s lint.tool=lnit"),
        "error: no linter is called `lnit`: `lint.tool` is \"verilator\", \"slang\", \"svlint\" or \"verible\""
    );
    assert_eq!(refused("lint wide.sv -s slang.exe=no-slang"), "error: `slang` is not installed");
}
