//! Every parser of what somebody else wrote, on a small corpus and on seeded changes of it: none panics, none hangs.
//! `FUDSV_FUZZ_SECONDS=120 cargo test --test fuzz -- --ignored --nocapture` goes on for so long with each target. The
//! directory `fuzz/` has the same targets for cargo-fuzz, which finds more; what it finds becomes a file of the corpus.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)]

use camino::{Utf8Path, Utf8PathBuf};
use fudsv::fuzz::{Feed, TARGETS};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// An input may take this long, also on a machine that is busy.
const LONGEST: Duration = Duration::from_secs(10);

/// No input grows beyond this, in bytes.
const LARGEST: usize = 1 << 16;

/// Words of all the languages that are read.
const WORDS: [&str; 64] = [
    "\n",
    "\r\n",
    " ",
    "\t",
    "\\",
    "\"",
    "'",
    "$",
    "${",
    "}",
    "{",
    "[",
    "]",
    "(",
    ")",
    ":",
    ": ",
    "::",
    ",",
    ";",
    "#",
    "//",
    "/*",
    "*/",
    "@",
    "+",
    "-f",
    "-F",
    "+incdir+",
    "+define+",
    "-CFLAGS",
    "--",
    "..",
    "/",
    "*",
    "**",
    "\0",
    "\u{feff}",
    "ü",
    "\u{1F600}",
    "18446744073709551616",
    "-1",
    "0",
    "1e999",
    "nan",
    "null",
    "true",
    "<",
    ">",
    "&lt;",
    "<!--",
    "<![CDATA[",
    "=",
    "=>",
    "|",
    "`",
    "defop ",
    "let ",
    "fn ",
    "for i in 0..9",
    "while true {}",
    "import \"p\" as p;",
    "\"files\":",
    "[[",
];

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).unwrap()
    }
}

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let dir = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let mut files: Vec<Utf8PathBuf> =
        dir.read_dir_utf8().unwrap().map(|entry| entry.unwrap().into_path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// One of the inputs with some changes.
fn changed(inputs: &[Vec<u8>], numbers: &mut Numbers) -> Vec<u8> {
    let mut input = inputs[numbers.below(inputs.len())].clone();
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(input.len() + 1);
        let most = 1 + numbers.below(64);
        let length = numbers.below(most).min(input.len() - at);
        match numbers.below(6) {
            0 if at < input.len() => input[at] ^= 1 << numbers.below(8),
            1 => drop(input.drain(at..at + length)),
            2 => drop(input.splice(at..at, WORDS[numbers.below(WORDS.len())].bytes())),
            3 => {
                let part = input[at..at + length].repeat(1 + numbers.below(20));
                drop(input.splice(at..at, part));
            }
            4 => {
                let other = &inputs[numbers.below(inputs.len())];
                let from = numbers.below(other.len() + 1);
                let length_there = numbers.below(256);
                let part = other[from..(from + length_there).min(other.len())].to_vec();
                drop(input.splice(at..at + length, part));
            }
            _ => input.truncate(at.max(1)),
        }
    }
    input.truncate(LARGEST);
    input
}

/// Feeds an input; what it is when it panics or takes too long.
fn feed(name: &str, feed: Feed, input: &[u8], dir: &Utf8Path) {
    let began = Instant::now();
    let done = catch_unwind(AssertUnwindSafe(|| feed(input, dir)));
    let took = began.elapsed();
    assert!(done.is_ok(), "`{name}` panics on {:?}", String::from_utf8_lossy(input));
    assert!(took < LONGEST, "`{name}` takes {took:?} for {:?}", String::from_utf8_lossy(input));
}

/// Feeds the corpus, then changes of it, as long as `goes_on` says; how many inputs that were.
fn fuzz(name: &str, target: Feed, seed: u64, mut goes_on: impl FnMut(usize) -> bool) -> usize {
    let dir = tempfile::tempdir().unwrap();
    let dir = Utf8Path::from_path(dir.path()).unwrap();
    let inputs = corpus(name);
    assert!(!inputs.is_empty(), "no corpus for `{name}`");
    inputs.iter().for_each(|input| feed(name, target, input, dir));
    let (mut numbers, mut count) = (Numbers(seed), 0);
    while goes_on(count) {
        feed(name, target, &changed(&inputs, &mut numbers), dir);
        count += 1;
    }
    count + inputs.len()
}

#[test]
fn no_input_makes_a_parser_panic_or_hang() {
    for (name, target) in TARGETS {
        fuzz(name, target, 0x9e37_79b9_7f4a_7c15, |count| count < 150);
    }
}

#[test]
#[ignore = "goes on for as long as FUDSV_FUZZ_SECONDS says, for each target"]
fn no_input_makes_a_parser_panic_or_hang_for_long() {
    let read = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let limit = Duration::from_secs(read("FUDSV_FUZZ_SECONDS").unwrap_or(20));
    let only = std::env::var("FUDSV_FUZZ_TARGET").unwrap_or_default();
    for (name, target) in TARGETS.into_iter().filter(|(name, _)| only.is_empty() || *name == only) {
        let began = Instant::now();
        let count = fuzz(name, target, read("FUDSV_FUZZ_SEED").unwrap_or(1), |_| began.elapsed() < limit);
        println!("{name}: {count} inputs");
    }
}
