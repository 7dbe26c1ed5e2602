//! `fudsv explain` says what an `exec` then does, and why.
//! It does not know how the program finds out.

use crate::sandbox::Sandbox;
use insta::assert_snapshot;
use std::collections::BTreeSet;

/// A chain with all that a step can rest on: a source with an include, a flag, a variable, a tool, a helper file beside
/// the script, a directory, and a step that does not depend on any of them.
const CHAIN: &str = r#"
let txt = state("txt", ["txt"]);
let upper = state("upper", ["up"]);
let parts = state("parts", [], #{ directory: true });
let one = state("one", ["one"]);
let two = state("two", ["two"]);
let flag = config_or("chain.flag", "-e");
let frame = tool("frame");
defop raise(src: txt) >> out: upper {
    shell_deps(`include ${src} ${out}`, [src], [out], #{ depfile: out + ".d" });
}
defop scatter(src: upper) >> dir: parts {
    shell(`for word in $(cat ${src}); do echo $word > ${dir}/$word; done`);
}
defop gather(dir: parts) >> out: one {
    shell_deps(`cat ${dir}/* | sed ${flag} s/A/B/ > ${out}; echo "$GREETING" >> ${out}`, [dir], [out], #{ env: ["GREETING"] });
}
defop dress(src: upper) >> out: two {
    let helper = path("fudsv/helper.txt");
    shell_deps(`${frame} ${helper} ${src} > ${out}`, [src, helper], [out]);
}
"#;

/// Copies a file in capitals, with the file that its first line may include.
const INCLUDE: &str = r#"
inc=$(sed -n 's/^include //p' "$1")
{ grep -v '^include' "$1"; [ -z "$inc" ] || cat "../../$inc"; } | tr a-z A-Z > "$2"
echo "x: $1 ${inc:+../../$inc}" > "$2.d"
"#;

const REQUEST: &str = "a.txt --to one --to two";
const WORKDIR: &str = ".fudsv/a-one+two";

fn project() -> Sandbox {
    Sandbox::new()
        .file("fudsv/chain.rhai", CHAIN)
        .file("fudsv/helper.txt", "helper\n")
        .file("a.txt", "include b.inc\nalpha\n")
        .file("b.inc", "beta\n")
        .file("fud.toml", "[chain]\nflag = \"-e\"\n")
        .tool("include", INCLUDE)
        .tool("frame", "cat \"$@\"")
}

/// The names of the steps that `explain` says will run, and of all that it names.
fn told(sandbox: &Sandbox, request: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let said = sandbox.fudsv(&format!("explain {request} --format json"));
    let told: serde_json::Value = serde_json::from_str(&said.well().stdout).unwrap();
    let steps = told["steps"].as_array().unwrap();
    let name = |step: &serde_json::Value| step["step"].as_str().unwrap().to_owned();
    let certain = steps.iter().filter(|step| step["certain"] == true).map(name).collect();
    assert!(steps.iter().all(|step| !step["causes"].as_array().unwrap().is_empty()));
    (certain, steps.iter().map(name).collect())
}

/// Explains, builds, and compares; returns what ran.
fn agrees(sandbox: &Sandbox, request: &str, change: &str) -> Vec<String> {
    let before = sandbox.tree("");
    let (certain, all) = told(sandbox, request);
    assert_eq!(sandbox.tree(""), before, "{change}");
    sandbox.fudsv(&format!("exec {request}")).well();
    let ran = sandbox.outcomes(WORKDIR);
    let ran: BTreeSet<String> =
        ran.iter().filter_map(|line| line.strip_suffix(" ran")).map(str::to_owned).collect();
    assert!(certain.is_subset(&ran), "{change}: will run {certain:?}, ran {ran:?}");
    assert!(ran.is_subset(&all), "{change}: named {all:?}, ran {ran:?}");
    let after = sandbox.fudsv(&format!("explain {request}"));
    assert_eq!(after.well().stdout, "nothing to do\n", "{change}");
    ran.into_iter().collect()
}

#[test]
fn what_is_told_is_what_runs() {
    let sandbox = project();
    let all = ["dress.a.two", "gather.a.one", "raise.a.up", "scatter.a-parts"];
    let first = agrees(&sandbox, REQUEST, "nothing built");
    assert_eq!(first.len(), all.len(), "{first:?}");
    let steps = |names: &[&str]| {
        first.iter().filter(|s| names.iter().any(|n| s.starts_with(n))).cloned().collect::<Vec<_>>()
    };
    let cases: &[(&str, &str, &[&str])] = &[
        ("nothing", "true", &[]),
        ("touch of everything", "find . -type f -exec touch {} +", &[]),
        ("source", "echo gamma >> a.txt", &["raise", "scatter", "gather", "dress"]),
        ("include", "echo delta > b.inc", &["raise", "scatter", "gather", "dress"]),
        ("same letters in capitals", "echo DELTA > b.inc", &["raise"]),
        ("helper", "echo other > fudsv/helper.txt", &["dress"]),
        ("older time", "echo old > fudsv/helper.txt; touch -d @1 fudsv/helper.txt", &["dress"]),
        ("flag", "echo '[chain]\nflag = \"-n -e\"' > fud.toml", &["gather"]),
        ("flag back", "echo '[chain]\nflag = \"-e\"' > fud.toml", &["gather"]),
        ("comment in the configuration", "echo '# nothing' >> fud.toml", &[]),
        ("comment in the script", "echo '// nothing' >> fudsv/chain.rhai", &[]),
        ("script", "sed -i s,s/A/B/,s/A/C/, fudsv/chain.rhai", &["gather"]),
        ("tool", "echo '# new' >> ../bin/frame", &["dress"]),
        ("output deleted", "rm .fudsv/a-one+two/a.one", &["gather"]),
        ("output altered", "echo x >> .fudsv/a-one+two/a.two", &["dress"]),
        ("middle deleted", "rm .fudsv/a-one+two/a.up", &["raise"]),
        ("file in a directory deleted", "rm .fudsv/a-one+two/*/ALPHA", &["scatter"]),
        ("record garbage", "echo x > .fudsv/a-one+two/.fudsv/steps/dress.a.two.json", &["dress"]),
        ("unrelated plugin", "echo 'state(\"other\", [\"other\"]);' > fudsv/other.rhai", &[]),
        ("include gone from the source", "echo alpha > a.txt", &["raise", "scatter", "gather", "dress"]),
        ("forgotten include", "rm b.inc", &[]),
        ("build directory gone", "rm -r .fudsv", &["raise", "scatter", "gather", "dress"]),
    ];
    for (what, change, expected) in cases {
        sandbox.sh(&format!("sleep 0.01; {change}")).well();
        assert_eq!(agrees(&sandbox, REQUEST, what), steps(expected), "{what}");
    }
}

#[test]
fn a_variable_that_a_step_reads_is_told_and_noticed() {
    let sandbox = project().var("GREETING", "hello");
    agrees(&sandbox, REQUEST, "nothing built");
    let sandbox = sandbox.var("GREETING", "good day");
    let said = sandbox.fudsv(&format!("explain {REQUEST}"));
    assert_eq!(said.well().stdout, "will run: gather a.one\n  variable changed: GREETING\n");
    assert_eq!(agrees(&sandbox, REQUEST, "variable").len(), 1);
    assert!(sandbox.read(&format!("{WORKDIR}/a.one")).ends_with("good day\n"));
}

#[test]
fn causes_are_told_with_what_was_and_what_is() {
    let sandbox = project();
    assert_snapshot!(sandbox.fudsv(&format!("explain {REQUEST}")), @r##"
    exit 0
    --- stdout
    the Ninja file will be written: new
    will run: raise a.up
      new
    will run: scatter a
      new
    will run: gather a.one
      new
    will run: dress a.two
      new
    "##);
    sandbox.fudsv(&format!("exec {REQUEST}")).well();
    sandbox.sh("sleep 0.01; echo gamma > b.inc; echo '[chain]\nflag = \"-n\"' > fud.toml").well();
    sandbox.sh("echo '# new' >> ../bin/frame; rm .fudsv/a-one+two/a.two").well();
    assert_snapshot!(sandbox.fudsv(&format!("explain {REQUEST}")), @r##"
    exit 0
    --- stdout
    the Ninja file will be written: file changed: fud.toml, tool changed: /sandbox/bin/frame
    will run: raise a.up
      input changed: b.inc (was f2c82dec, is ae9a6306)
    may run: scatter a
      results of a step may change: raise a.up
    will run: gather a.one
      command changed: -e → -n
      results of a step may change: scatter a
    will run: dress a.two
      tool changed: frame
      output missing: .fudsv/a-one+two/a.two (was 76f385d8)
      results of a step may change: raise a.up
    "##);
    causes_as_json(&sandbox);
}

fn causes_as_json(sandbox: &Sandbox) {
    assert_snapshot!(sandbox.fudsv(&format!("explain {REQUEST} --format json")), @r##"
    exit 0
    --- stdout
    {
      "ninja-file": [
        "file changed: fud.toml",
        "tool changed: /sandbox/bin/frame"
      ],
      "steps": [
        {
          "step": "raise.a.up",
          "description": "raise a.up",
          "certain": true,
          "causes": [
            {
              "what": "input",
              "how": "changed",
              "name": "../../b.inc",
              "before": "f2c82decdd7181cf98945929a62598db7e6b477e11f6e0eb0ae97020eff151ad",
              "after": "ae9a6306a205417afddd14316cc1d0d5e04a98f1be10865dce643925ee070ce2"
            }
          ]
        },
        {
          "step": "scatter.a",
          "description": "scatter a",
          "certain": false,
          "causes": [
            {
              "what": "results",
              "how": "may-change",
              "name": "raise.a.up"
            }
          ]
        },
        {
          "step": "gather.a.one",
          "description": "gather a.one",
          "certain": true,
          "causes": [
            {
              "what": "command",
              "how": "changed",
              "before": "cat a/* | sed -e s/A/B/ > a.one; echo \"$GREETING\" >> a.one",
              "after": "cat a/* | sed -n s/A/B/ > a.one; echo \"$GREETING\" >> a.one"
            },
            {
              "what": "results",
              "how": "may-change",
              "name": "scatter.a"
            }
          ]
        },
        {
          "step": "dress.a.two",
          "description": "dress a.two",
          "certain": true,
          "causes": [
            {
              "what": "tool",
              "how": "changed",
              "name": "frame"
            },
            {
              "what": "output",
              "how": "missing",
              "name": "a.two",
              "before": "76f385d8fa452ef33e845f8f31b0ce2a848b141dc41140cd47c9373427f7767e"
            },
            {
              "what": "results",
              "how": "may-change",
              "name": "raise.a.up"
            }
          ]
        }
      ]
    }
    "##);
}

#[test]
fn explaining_writes_nothing() {
    let sandbox = project();
    sandbox.fudsv(&format!("explain {REQUEST}")).well();
    assert!(!sandbox.has(".fudsv"));
    sandbox.fudsv(&format!("exec {REQUEST}")).well();
    let all =
        "find . ../home -type f | sort | xargs sha256sum; find . ../home | sort | xargs stat -c '%n %y'";
    sandbox.sh("sleep 0.01; echo x > a.txt").well();
    let before = sandbox.sh(all);
    sandbox.fudsv(&format!("explain {REQUEST}")).well();
    assert_eq!(sandbox.sh(all), before);
}
