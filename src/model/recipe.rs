//! The flags that models and their runtime are compiled and linked with.
//! It does not run anything, and knows of compilers only whether one is GCC.
//!
//! The commands, tried with g++ 12 and clang++ 14 on Verilator 5.006 and 5.48; `$R` is Verilator's root, `$V` its
//! `verilator_bin`, `rt/` holds what `steps::write_runtime` writes, `w/` what `steps::write_wrapper` writes:
//!
//! ```text
//! once per Verilator, compiler and flags; verilated, verilated_threads and what V…_classes.mk names beside them:
//!   $CXX $compile -include rt/fudsv_hooks.h -c $R/include/verilated.cpp -o verilated.o
//!   $CXX $compile -c rt/fudsv_runtime.cpp -o fudsv_runtime.o
//! per model:
//!   $V --cc --assert --no-skip-identical -Wno-fatal --Mdir gen --prefix Vtop --top-module top [--timing] …
//!   $V --xml-only | --json-only, with the same options and another --Mdir
//!   $CXX $compile -iquote gen -iquote w -c w/top_all.cpp -o top.o
//!   $CXX -shared -o libtop.so top.o verilated.o verilated_threads.o fudsv_runtime.o … $link
//! ```
//!
//! * Verilator compiles `$fatal` and failed assertions only with `--assert` before 5.038; later that is the default.
//! * The hooks go into the runtime alone: a precompiled header for models needs nothing but `verilated.h`.
//! * Flags after `-std` are those of the precompiled header too. No `-DVM_…`: nothing here looks at them.
//! * `-iquote` and not `-I`: the header of a model `math` must not be found as `<math.h>`.
//! * One standard serves models with and without delays: coroutines need `gnu++20`.

/// Flags for everything that is compiled, but for the include directories.
pub fn compile_flags(gcc: bool) -> Vec<&'static str> {
    let mut flags = vec![
        "-std=gnu++20",
        "-O1",
        "-fPIC",
        "-fvisibility=hidden",
        "-fvisibility-inlines-hidden",
        "-pthread",
    ];
    if gcc {
        // A unique symbol is one for the whole process, whatever the visibility; clang++ makes none.
        flags.push("-fno-gnu-unique");
    }
    flags
}

/// Where Verilator's headers are, as seen from its root; as system headers, so that their warnings are not ours.
pub const INCLUDES: [&str; 2] = ["include", "include/vltstd"];

/// Where a model finds generated headers, when it is compiled beside `gen/` and `w/`.
pub const QUOTED: [&str; 4] = ["-iquote", "gen", "-iquote", "w"];

/// Flags for linking a shared library, behind its objects; `version_script` is `<name>.map`.
pub fn link_flags(version_script: &str) -> Vec<String> {
    let fixed = ["-Wl,-Bsymbolic", "-Wl,-z,defs", "-Wl,-z,nodelete"].map(str::to_owned);
    let libraries = ["-pthread", "-Wl,--as-needed", "-latomic"].map(str::to_owned);
    let script = [format!("-Wl,--version-script={version_script}")];
    fixed.into_iter().chain(script).chain(libraries).collect()
}
