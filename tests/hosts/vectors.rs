//! One file of random numbers and edges for a design with ports of random widths, through C, C++, Python and Rust: all
//! give what Python's own integers give, and refuse what a port cannot hold.
//! It does not know how a language reaches a port: the programs in `tests/hosts/vectors` do.

use crate::toolchain::{Toolchain, here, scratch, succeed, verilators};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Numbers without a system: the same for the same seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: u64) -> u64 {
        (self.next() >> 16) % limit
    }
}

const EDGES: [u32; 20] = [1, 2, 7, 8, 9, 16, 17, 31, 32, 33, 63, 64, 65, 96, 127, 128, 129, 255, 256, 300];
const OPERATIONS: [(&str, &str); 5] =
    [("add", "a + b"), ("subtract", "a - b"), ("multiply", "a * b"), ("less", "a < b"), ("shift", "a >>> 3")];

/// One result of a design.
struct Part {
    operation: &'static str,
    expression: &'static str,
    width: u32,
    signed: bool,
    /// Unpacked dimensions as they are declared.
    dimensions: Vec<(u32, u32)>,
}

impl Part {
    fn elements(&self) -> u32 {
        self.dimensions.iter().map(|(left, right)| left.abs_diff(*right) + 1).product()
    }

    fn result(&self) -> u32 {
        if self.operation == "less" { 1 } else { self.width }
    }

    fn operands(&self) -> &'static [&'static str] {
        if self.operation == "pass" { &["a"] } else { &["a", "b"] }
    }
}

/// A design whose ports have widths at every edge, and as many of random width.
fn parts(random: &mut Random, arithmetic: bool) -> Vec<Part> {
    let mut part = |width: u32, n: usize| {
        let (operation, expression) = if arithmetic { OPERATIONS[n % 5] } else { ("pass", "a") };
        let depth = if arithmetic || n % 4 != 3 { 0 } else { 1 + random.below(2) };
        let range = |_| (random.below(4) as u32, random.below(4) as u32);
        let dimensions = (0..depth).map(range).collect();
        Part { operation, expression, width, signed: random.below(2) == 1, dimensions }
    };
    let edges: Vec<Part> = EDGES.iter().enumerate().map(|(n, width)| part(*width, n)).collect();
    let mut random = Random(random.next());
    let more = (0..EDGES.len()).map(|n| (random.below(300) as u32 + 1, n)).collect::<Vec<_>>();
    let mut part = |(width, n): (u32, usize)| {
        let (operation, expression) = if arithmetic { OPERATIONS[(n + 2) % 5] } else { ("pass", "a") };
        Part { operation, expression, width, signed: random.below(2) == 1, dimensions: vec![] }
    };
    edges.into_iter().chain(more.into_iter().map(&mut part)).collect()
}

fn design(parts: &[Part]) -> String {
    let (mut ports, mut body) = (vec![], String::new());
    for (n, part) in parts.iter().enumerate() {
        let sign = if part.signed { " signed" } else { "" };
        let array: String = part.dimensions.iter().map(|(left, right)| format!("[{left}:{right}]")).collect();
        for operand in part.operands() {
            ports.push(format!("    input  logic{sign} [{}:0] {operand}{n} {array}", part.width - 1));
        }
        ports.push(format!("    output logic{sign} [{}:0] o{n} {array}", part.result() - 1));
        let expression = part.expression.replace('a', &format!("a{n}")).replace('b', &format!("b{n}"));
        writeln!(body, "    assign o{n} = {expression};").unwrap();
    }
    format!("module vectors (\n{}\n);\n{body}endmodule\n", ports.join(",\n"))
}

fn plan(parts: &[Part]) -> String {
    let line = |part: &Part| {
        let Part { operation, width, signed, .. } = part;
        format!("{operation} {width} {} {} {}\n", u8::from(*signed), part.elements(), part.result())
    };
    parts.iter().map(line).collect()
}

/// A number around the bounds of a width, in hexadecimal digits behind a sign: 2^W - 1, 2^W, -1, and so on. Those below
/// -1 are for what all languages have a word for.
fn edge(part: &Part, which: u64) -> String {
    let power = |bits: u32| format!("{:x}{}", 1 << (bits % 4), "0".repeat(bits as usize / 4));
    let (width, digits) = (part.width, part.width as usize / 4);
    match which {
        0 if width % 4 == 0 => "f".repeat(digits),
        0 => format!("{:x}{}", (1 << (width % 4)) - 1, "f".repeat(digits)),
        1 => power(width),
        2 => "-1".to_owned(),
        3 if part.signed || width < 64 => format!("-{}", power(width - 1)),
        4 if part.signed || width < 63 => format!("-{}1", &power(width + 3)[..power(width + 3).len() - 1]),
        _ => format!("5a{}", "0".repeat(digits)),
    }
}

/// Lines of numbers for every element of every input, some of them wider than the port; elements of arrays fit.
fn vectors(parts: &[Part], count: usize, random: &mut Random) -> String {
    let mut text = String::new();
    for _ in 0..count {
        for part in parts {
            for _ in 0..part.elements() as usize * part.operands().len() {
                let corner = random.below(12);
                let digit = |random: &mut Random| if corner == 6 { 15 } else { random.below(16) as u32 };
                if corner < 6 && part.dimensions.is_empty() {
                    text += &edge(part, corner);
                } else {
                    let top = digit(random) & ((1 << (part.width % 4)) - 1);
                    text.extend(char::from_digit(top, 16));
                    text.extend((0..part.width / 4).filter_map(|_| char::from_digit(digit(random), 16)));
                }
                text.push(' ');
            }
        }
        text.push('\n');
    }
    text
}

fn cxx_program(parts: &[Part]) -> String {
    let (mut take, mut put) = (String::new(), String::new());
    for (n, part) in parts.iter().enumerate() {
        for operand in part.operands() {
            let port = format!("{operand}{n}");
            if part.dimensions.is_empty() {
                writeln!(
                    take,
                    "        from.give<decltype(dut.{port}())>(to, [&](const auto& value) {{ dut.set_{port}(value); }});"
                )
                .unwrap();
            } else {
                writeln!(take, "        auto {port} = dut.{port}();\n        from.take({port});\n        dut.set_{port}({port});")
                    .unwrap();
            }
        }
        writeln!(put, "        Writer<{}>{{to}}.put(dut.o{n}());", part.result()).unwrap();
    }
    format!(
        "#include \"vectors.hpp\"\n#include \"drive.hpp\"\nint main(int, char** words) {{\n    vectors::Model dut;\n    \
         Reader from{{std::ifstream(words[1])}};\n    std::ofstream to(words[2]);\n    while (from.next()) {{\n{take}        \
         dut.eval();\n{put}        to << '\\n';\n    }}\n}}\n"
    )
}

fn rust_program(parts: &[Part], head: &str) -> String {
    let (mut take, mut put) = (String::new(), String::new());
    for (n, part) in parts.iter().enumerate() {
        for operand in part.operands() {
            let set = format!("dut.set_{operand}{n}");
            if part.dimensions.is_empty() {
                let named = format!("number.named(&mut dut, \"{operand}{n}\")");
                writeln!(
                    take,
                    "        let number = numbers.next();\n        \
                     let done = match Taken::taken(&number) {{ Some(value) => {set}(value).is_done(), None => {named} }};\n        \
                     text.push_str(if done {{ \"\" }} else {{ \"refused \" }});"
                )
                .unwrap();
            } else {
                writeln!(take, "        assert!({set}(Taken::array(&mut numbers)).is_done());").unwrap();
            }
        }
        writeln!(put, "        dut.o{n}().put(&mut text, {});", part.result()).unwrap();
    }
    format!(
        "{head}\nfn main() -> Result<(), Box<dyn std::error::Error>> {{\n    let mut dut = vectors::Vectors::new()?;\n    \
         let words: Vec<String> = std::env::args().collect();\n    let mut text = String::new();\n    \
         for line in std::fs::read_to_string(&words[1])?.lines() {{\n        \
         let mut numbers = Numbers(line.split_ascii_whitespace());\n{take}        dut.eval()?;\n{put}        \
         text.push('\\n');\n    }}\n    std::fs::write(&words[2], text)?;\n    Ok(())\n}}\n"
    )
}

/// Drives a design in every language with so many vectors; gives the number of values that agreed.
fn drive(toolchain: &Toolchain, seed: u64, arithmetic: bool, count: usize) -> usize {
    let mut random = Random(seed * 2 + 1 + u64::from(arithmetic));
    let parts = parts(&mut random, arithmetic);
    let out = scratch(&format!("vectors-{seed}-{arithmetic}"));
    let place = |name: &str| out.join(name);
    fs::create_dir_all(&out).unwrap();
    fs::write(place("vectors.sv"), design(&parts)).unwrap();
    fs::write(place("plan"), plan(&parts)).unwrap();
    fs::write(place("in"), vectors(&parts, count, &mut random)).unwrap();
    let source = place("vectors.sv");
    let states = ["shared-lib", "c-interface", "rust-crate"];
    let salt = format!("verilator.defines=SEED={seed}{arithmetic}");
    let built = toolchain.build("vectors", &[source.to_str().unwrap()], &[&salt], &states);
    let (library, headers, made) = (&built[0], &built[1], &built[2]);

    let python = |script: &str| {
        let mut python = Command::new("python3");
        python.arg("-B").arg(here("tests/hosts/vectors").join(script));
        python
    };
    succeed(python("expect.py").arg(place("plan")).arg(place("in")).arg(place("expected")));
    succeed(python("drive.py").arg(headers).arg(library).arg(place("in")).arg(place("python")));
    fs::write(place("drive.cpp"), cxx_program(&parts)).unwrap();
    for (compiler, standard, program, name) in [
        ("gcc", "-std=c99", here("tests/hosts/vectors/drive.c"), "c"),
        (toolchain.cxx, "-std=c++17", place("drive.cpp"), "cxx"),
    ] {
        let mut compile = Command::new(compiler);
        compile
            .args([standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror"])
            .arg(program)
            .arg("-I")
            .arg(headers);
        compile.arg("-I").arg(here("tests/hosts/vectors")).arg(library).arg("-o").arg(place("drive"));
        compile.arg(format!("-Wl,-rpath,{}", library.parent().unwrap_or(Path::new(".")).display()));
        succeed(&mut compile);
        succeed(Command::new(place("drive")).arg(place("in")).arg(place(name)));
    }
    let head = fs::read_to_string(here("tests/hosts/vectors/drive.rs")).unwrap();
    fs::create_dir_all(made.join("examples")).unwrap();
    fs::write(made.join("examples/drive.rs"), rust_program(&parts, &head)).unwrap();
    let mut cargo = Command::new("cargo");
    cargo.current_dir(made).env("CARGO_TARGET_DIR", made.join("target"));
    succeed(
        cargo.args(["run", "--quiet", "--offline", "--example", "drive"]).arg(place("in")).arg(place("rust")),
    );
    agree(&out)
}

/// All results are those that are expected, to the letter.
fn agree(out: &Path) -> usize {
    let expected = fs::read_to_string(out.join("expected")).unwrap();
    for language in ["c", "cxx", "python", "rust"] {
        let found = fs::read_to_string(out.join(language)).unwrap();
        assert_eq!(found.lines().count(), expected.lines().count(), "{language}: {}", out.display());
        for (n, (found, expected)) in found.lines().zip(expected.lines()).enumerate() {
            assert_eq!(found, expected, "{language}, vector {n} of {}", out.display());
        }
    }
    expected.split_ascii_whitespace().count()
}

#[test]
fn a_hundred_thousand_values_are_the_same_in_every_language() {
    for toolchain in verilators() {
        let values = drive(&toolchain, 1, false, 1000) + drive(&toolchain, 1, true, 1000);
        assert!(values >= 100_000, "{values}");
        println!("{toolchain:?}: {values} values in each of four languages");
    }
}

#[test]
#[ignore = "minutes: other widths; `cargo test --test hosts -- --ignored`"]
fn ports_of_many_more_widths_are_the_same_in_every_language() {
    let values: usize = (2..10).map(|seed| drive(&verilators()[0], seed, seed % 2 == 0, 2000)).sum();
    assert!(values > 500_000, "{values}");
}
