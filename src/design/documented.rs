//! What the tools document, tried on the list of what an untrusted project may use: the options of both Verilators, of g++
//! and of clang++.
//! It does not know why an option is allowed.
#![allow(clippy::disallowed_methods)]

use super::allowed::{flags, options};
use super::bounds::Bounds;
use super::vocabulary::{Meaning, PASSED_ON, meaning};
use camino::Utf8PathBuf;
use std::collections::BTreeSet;
use std::process::Command;

fn project() -> (tempfile::TempDir, Bounds) {
    let dir = tempfile::tempdir().unwrap();
    let root = Utf8PathBuf::from_path_buf(dir.path().canonicalize().unwrap()).unwrap();
    (dir, Bounds::of(&root))
}

/// The one on PATH, and the second one of the tests where there is one.
fn verilators() -> Vec<Option<String>> {
    let second = std::env::var("FUDSV_TEST_VERILATOR_548").ok().filter(|root| !root.is_empty());
    [None].into_iter().chain(second.map(Some)).collect()
}

fn verilator(root: Option<&str>, program: &str) -> Command {
    match root {
        None => Command::new(program),
        Some(root) => {
            let mut command = Command::new(format!("{root}/bin/{program}"));
            command.env("VERILATOR_ROOT", root);
            command
        }
    }
}

/// Options that a program lists, without their values.
fn documented(mut program: Command, words: &[&str]) -> BTreeSet<String> {
    let output = program.args(words).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let option = |line: &str| {
        let word = line.split_whitespace().next().filter(|word| word.starts_with(['-', '+', '@']))?;
        Some(word.split(['<', '=', '[', ',']).next()?.to_owned())
    };
    text.lines().filter(|line| line.starts_with(' ')).filter_map(option).collect()
}

/// The ways in which an option may get a value.
fn forms(option: &str, value: &str) -> Vec<Vec<String>> {
    let glued = ["", "=", ",", ":", "+"].map(|sign| vec![format!("{option}{sign}{value}")]);
    glued.into_iter().chain([vec![option.to_owned(), value.to_owned()]]).collect()
}

/// Values that lead out of the project, or that are files of the project which a compiler would load.
const EVIL: [&str; 6] = ["/evil/x", "../evil/x", "./evil.so", "@evil.rsp", "$HOME/x", "-fplugin=./evil.so"];

/// Options of compilers that start a program or name a plugin, a linker, a wrapper, or a file of specs, options or
/// settings. If the compilers did not list them, the lists would not be whole.
const STARTING: &str = "-B -specs -fplugin -fuse-ld -fmodule-mapper -iplugindir -Xlinker -Xassembler -Xpreprocessor -Xclang \
    -mllvm -fpass-plugin --config -Wl -Wa -Wp -include -imacros --sysroot -isysroot --gcc-toolchain -ccc-gcc-name \
    -ivfsoverlay -fprofile-use -fauto-profile -fmodule-file -T -o -MF -dumpdir -aux-info -save-temps \
    -working-directory -fcrash-diagnostics-dir -fthinlto-index";

#[test]
fn no_documented_option_of_a_compiler_takes_a_path_out_of_an_untrusted_project() {
    let (_dir, bounds) = project();
    let mut options = documented(Command::new("g++"), &["-v", "--help"]);
    assert!(options.len() > 1500, "{}", options.len());
    options.extend(documented(Command::new("clang++"), &["--help-hidden"]));
    let missing = STARTING.split_whitespace().filter(|option| !options.contains(*option));
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<&str>::new());
    // Neither lists it.
    options.insert("-wrapper".to_owned());
    let mut wrong = vec![];
    for option in &options {
        for words in EVIL.iter().flat_map(|value| forms(option, value)) {
            let is_macro = words.len() == 1 && ["-D", "-U"].iter().any(|front| words[0].starts_with(front));
            // A directory called `+` is in the project too.
            let is_directory = ["-I", "-L", "-iquote", "-isystem", "-idirafter"].iter().any(|front| {
                let dir = words.concat().strip_prefix(front).map(str::to_owned);
                dir.is_some_and(|dir| dir == "./evil.so" || dir.starts_with('+'))
            });
            if !is_macro && !is_directory && flags(&words, &bounds).is_ok() {
                wrong.push(words.join(" "));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn no_documented_option_of_verilator_takes_a_path_out_of_an_untrusted_project() {
    let (_dir, bounds) = project();
    for root in verilators() {
        let mut known = documented(verilator(root.as_deref(), "verilator"), &["--help"]);
        assert!(known.len() > 150, "{}", known.len());
        for starting in ["--pipe-filter", "--gdb", "--gdbbt", "--rr", "-CFLAGS", "-LDFLAGS", "-f", "--make"] {
            assert!(known.contains(starting), "{starting}");
        }
        known.extend(["--pipe-filter", "--libmap", "--compiler-include"].map(str::to_owned));
        let mut wrong = vec![];
        for option in &known {
            for words in EVIL[..2].iter().chain(&EVIL[5..]).flat_map(|value| forms(option, value)) {
                let is_text = |start: &&str| words[0].trim_start_matches('-').starts_with(*start);
                let is_text = "D U G O W fno- pvalue+ debug no-debug dump timescale unused-regexp protect-key"
                    .split(' ')
                    .any(|start| is_text(&start))
                    || ["+define+", "+libext+"].iter().any(|start| words[0].starts_with(start))
                    || words[0].contains("ext+");
                let is_text = is_text && !words.get(1).is_some_and(|value| value.starts_with('-'));
                // What fudsv decides itself is refused for everybody.
                let is_decided = matches!(meaning(&words[0]), Meaning::Decided(..));
                if !is_text && !is_decided && options(&words, &bounds).is_ok() {
                    wrong.push(words.join(" "));
                }
            }
        }
        assert_eq!(wrong, Vec::<String>::new(), "{root:?}");
    }
}

/// Else a word that is taken for a value would be an option to Verilator: `--future0 --timescale --pipe-filter x`.
#[test]
fn an_option_takes_a_value_for_fudsv_where_it_takes_one_for_verilator() {
    let dir = tempfile::tempdir().unwrap();
    // A number may follow `-j` or not; these end Verilator.
    let others = ["j", "debug-abort", "generate-key", "no-generate-key"];
    let options: Vec<String> = PASSED_ON
        .iter()
        .flat_map(|list| list.split_whitespace())
        .flat_map(|name| [name.to_owned(), format!("no-{name}")])
        .filter(|name| !others.contains(&name.as_str()))
        .map(|name| format!("--{name}"))
        .collect();
    for root in verilators() {
        let mut wrong = vec![];
        for option in &options {
            let mut command = verilator(root.as_deref(), "verilator_bin");
            let output = command.args([option, "--no-such"]).current_dir(dir.path()).output().unwrap();
            let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
            let is_refused = |word: &str| said.contains(&format!("Invalid option: {word}"));
            let Meaning::Own(has_value) = meaning(option) else { continue };
            // An option that another version does not know is refused there.
            if !is_refused(option) && is_refused("--no-such") == has_value {
                wrong.push(option);
            }
        }
        assert_eq!(wrong, Vec::<&String>::new(), "{root:?}");
    }
}
