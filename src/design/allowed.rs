//! The words that an untrusted project may use: options of Verilator, flags of compilers and linkers, names. Everything
//! else is refused, since nobody knows what it starts, loads, reads or writes.
//! It does not know where the words come from.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use super::bounds::{Bounds, refused};
use super::vocabulary::{Meaning, meaning};
use crate::diag::{Error, Result};

/// Flags that are allowed as they are.
const FLAGS: &str = "-pthread -pipe -ansi -pedantic -pedantic-errors -w -static-libstdc++ -static-libgcc -rdynamic -O -g \
    -flto -m32 -m64";

/// Flags of a compiler's code that are allowed, behind `-f` or `-fno-`, without a value.
const CODE: &str = "PIC pic PIE pie exceptions rtti inline inline-functions omit-frame-pointer strict-aliasing \
    strict-overflow wrapv trapv fast-math math-errno finite-math-only signed-zeros trapping-math associative-math \
    reciprocal-math rounding-math unsafe-math-optimizations unroll-loops unroll-all-loops vectorize tree-vectorize \
    slp-vectorize stack-protector stack-protector-strong stack-protector-all stack-clash-protection common permissive \
    char8_t coroutines concepts function-sections data-sections asynchronous-unwind-tables unwind-tables \
    visibility-inlines-hidden lto semantic-interposition plt delete-null-pointer-checks threadsafe-statics operator-names \
    short-enums signed-char unsigned-char merge-constants color-diagnostics caret-diagnostics gnu-unique \
    sized-deallocation aligned-new elide-constructors";

/// The same with a value.
const CODE_WITH_VALUE: &str = "visibility sanitize sanitize-recover lto constexpr-depth constexpr-loop-limit template-depth \
    template-backtrace-limit diagnostics-color max-errors bracket-depth ffp-contract fp-contract ffp-model fp-model \
    tls-model cf-protection align-functions align-loops";

/// Flags of a processor, behind `-m` or `-mno-`; what follows them in the word is letters and digits.
const PROCESSOR: &str = "sse avx fma bmi popcnt aes lzcnt f16c adx sha mmx rdrnd rdseed pclmul movbe cx16 tune= arch= cpu= \
    fpmath= abi= float-abi= fpu= prefer-vector-width=";

/// Flags whose value is a directory, glued to them or in the next word.
const DIRECTORIES: [&str; 5] = ["-I", "-L", "-isystem", "-iquote", "-idirafter"];

/// Options of Verilator whose value is a file that is read.
const READ: [&str; 2] = ["compiler-include", "libmap"];

/// Options of Verilator whose value is any text: no file is called so.
const TEXT: [&str; 4] = ["timescale", "timescale-override", "unused-regexp", "protect-key"];

/// Options of Verilator that name a file to be written.
const WRITTEN: [&str; 2] = ["waiver-output", "diagnostics-sarif-output"];

fn is_in(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|known| known == word)
}

/// Letters, digits, and signs that lead nowhere.
fn is_name(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_.,:+$*-".contains(c);
    !text.is_empty() && !text.starts_with('-') && text.chars().all(is_plain)
}

/// Refuses what is not a name of a module, a package, a library or a state.
///
/// # Errors
/// It contains a slash or the like.
pub fn name(text: &str) -> Result<()> {
    if is_name(text) { Ok(()) } else { Err(refused(format!("`{text}` is not a name"))) }
}

/// Refuses what is not a signal of a design.
///
/// # Errors
/// It contains a character that no signal contains.
pub fn signal(text: &str) -> Result<()> {
    let is_plain = |c: char| c.is_alphanumeric() || "_$.[]:\\".contains(c);
    if text.chars().all(is_plain) { Ok(()) } else { Err(refused(format!("`{text}` is not a signal"))) }
}

/// States that are only built. Whatever makes the others runs what was built.
const BUILT: &str = "sv cxx-source object verilator-config verilated-cpp ast ports lint lint-json c-interface model-archive \
    shared-lib static-lib rust-crate cargo-workspace py-module external-modules sim program filelist edam preprocessed vhdl veryl \
    spade vvp yosys-json netlist yosys-stat schematic";

/// Refuses states that are made by running the design.
///
/// # Errors
/// It is not one of those that are only built.
pub fn state(text: &str) -> Result<()> {
    if is_in(BUILT, text.strip_prefix("builtin::").unwrap_or(text)) {
        return Ok(());
    }
    Err(refused(format!("making `{text}` may run code of the project"))
        .hint("`--untrusted` was given: if it may run, name this state by `--to`"))
}

/// Refuses linkers that are named by a path.
///
/// # Errors
/// It is not one of those that compilers look for by themselves.
pub fn linker(text: &str) -> Result<()> {
    let is_known = ["mold", "lld", "bfd", "gold"].contains(&text);
    if is_known { Ok(()) } else { Err(refused(format!("`{text}` names a program"))) }
}

/// Refuses flags of compilers and linkers that are not known to be harmless, and directories outside of the project.
///
/// # Errors
/// The first such flag.
pub fn flags(words: &[String], bounds: &Bounds) -> Result<()> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if let Some(front) = DIRECTORIES.iter().find(|front| word.starts_with(**front)) {
            let glued = word.strip_prefix(front).filter(|rest| !rest.is_empty());
            let dir = glued.or_else(|| words.next().map(String::as_str)).unwrap_or_default();
            directory(word, dir, bounds)?;
        } else if ["-D", "-U"].contains(&word.as_str()) {
            // Options are not the only danger: compilers replace `@FILE` by the content of the file wherever it occurs.
            let name = words.next().map_or("", String::as_str);
            if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
                return Err(refused(format!("`{word} {name}` does not name a macro")));
            }
        } else if !is_harmless(word) {
            let why = "may start a program, or read or write files elsewhere";
            return Err(refused(format!("`{word}` {why}")));
        }
    }
    Ok(())
}

/// Compilers read more than a name in a directory's name: `=` means another root.
fn directory(word: &str, dir: &str, bounds: &Bounds) -> Result<()> {
    match dir.starts_with(['=', '-', '@', ',', ':']) || dir.contains('$') || dir.is_empty() {
        true => Err(refused(format!("`{word}` does not name a directory of the project"))),
        false => bounds.check(dir.into()),
    }
}

fn is_harmless(word: &str) -> bool {
    let value = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "_.+-".contains(c));
    let values = |text: &str| text.split(',').all(|part| !part.is_empty() && value(part));
    let Some((front, rest)) = word.split_at_checked(2) else { return false };
    match front {
        _ if is_in(FLAGS, word) => true,
        "-D" | "-U" => true,
        "-O" => ["0", "1", "2", "3", "s", "g", "z", "fast"].contains(&rest),
        "-W" => !rest.is_empty() && rest.chars().all(|c| c.is_ascii_alphanumeric() || "+-=".contains(c)),
        "-l" => !rest.is_empty() && value(rest),
        "-s" => rest
            .strip_prefix("td=")
            .is_some_and(|name| name.chars().all(|c| c == ':' || value(&c.to_string()))),
        "-g" => {
            let levels =
                ["0", "1", "2", "3", "gdb", "gdb1", "gdb2", "gdb3", "dwarf", "line-tables-only", "z"];
            levels.contains(&rest) || rest.strip_prefix("dwarf-").is_some_and(value)
        }
        "-m" => {
            let rest = rest.strip_prefix("no-").unwrap_or(rest);
            PROCESSOR.split_whitespace().any(|known| rest.strip_prefix(known).is_some_and(value))
        }
        "-f" => {
            let rest = rest.strip_prefix("no-").unwrap_or(rest);
            match rest.split_once('=') {
                Some((name, text)) => is_in(CODE_WITH_VALUE, name) && values(text),
                None => is_in(CODE, rest),
            }
        }
        _ => false,
    }
}

/// Refuses options of Verilator that start programs, read or write files elsewhere, and those that nobody knows.
///
/// # Errors
/// The first such option.
pub fn options(words: &[String], bounds: &Bounds) -> Result<()> {
    let mut words = words.iter().map(String::as_str);
    while let Some(word) = words.next() {
        match meaning(word) {
            Meaning::Own(false) | Meaning::Defines(_) | Meaning::Parameter(_) => {}
            Meaning::LibraryExtensions(_) | Meaning::Decided(..) => {}
            Meaning::Own(true) => value(word, words.next().unwrap_or_default(), bounds)?,
            Meaning::Takes("y" | "v" | "FI") => path(words.next().unwrap_or_default(), bounds)?,
            Meaning::Takes("top") => name(words.next().unwrap_or_default())?,
            Meaning::IncludeDirs(dirs) => dirs.iter().try_for_each(|dir| path(dir, bounds))?,
            Meaning::File => path(word, bounds)?,
            Meaning::Starts(_) => return Err(starts(word)),
            Meaning::Takes(_) | Meaning::Foreign => {
                return Err(refused(format!("`{word}` may start a program")));
            }
        }
    }
    Ok(())
}

/// The value of an option that is passed on to Verilator.
///
/// # Errors
/// It is a file that is written, or a path that leads out of the project; it is missing, or could be an option itself.
pub fn value(option: &str, text: &str, bounds: &Bounds) -> Result<()> {
    if text.is_empty() || text.starts_with(['-', '+', '@']) {
        return Err(refused(format!("`{option}` cannot have the value `{text}`")));
    }
    let name_of_option = option.trim_start_matches('-');
    match name_of_option {
        _ if WRITTEN.contains(&name_of_option) => Err(refused(format!("`{option}` writes a file"))),
        _ if READ.contains(&name_of_option) => path(text, bounds),
        _ if TEXT.contains(&name_of_option) => Ok(()),
        _ => name(text),
    }
}

/// Verilator puts variables into the names of files.
fn path(text: &str, bounds: &Bounds) -> Result<()> {
    match text.is_empty() || text.contains('$') || text.starts_with(['-', '+', '@', '=', ',', ':']) {
        true => Err(refused(format!("`{text}` may lead out of the project"))),
        false => bounds.check(text.into()),
    }
}

/// An option that starts a program.
pub fn starts(option: &str) -> Box<Error> {
    refused(format!("`{option}` starts a program"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use camino::Utf8PathBuf;

    fn split(text: &str) -> Vec<String> {
        shlex::split(text).unwrap()
    }

    fn project() -> (tempfile::TempDir, Bounds) {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(dir.path().canonicalize().unwrap()).unwrap();
        std::fs::create_dir(root.join("inc")).unwrap();
        (dir, Bounds::of(&root))
    }

    #[test]
    fn flags_that_only_change_the_code_are_allowed() {
        let (_dir, bounds) = project();
        let usual = "-O2 -O3 -Ofast -g -ggdb3 -gdwarf-4 -Wall -Wextra -Wno-unused -Werror=format -march=native -mtune=znver3 \
                     -mavx2 -mno-sse4.2 -DX=1 -D X -UY -fno-exceptions -fPIC -fsanitize=address,undefined -flto=auto \
                     -fvisibility=hidden -lm -lfoo-2.0 -pthread -std=c++20 -std=gnu++17 -Iinc -I inc -Linc -isystem inc -w";
        flags(&split(usual), &bounds).unwrap();
    }

    /// Flags of which each loads, starts, reads or writes something, or may.
    const HARMFUL: &str = "-fplugin=x.so|-fpass-plugin=x.so|-fplugin-arg-x-y=z|-B.|-B .|@flags|-wrapper a,b|-Wl,@x|-Wa,@x|\
        -Wp,-MD,/x|-fuse-ld=/x|-fuse-ld=x|-o|x.c|-specs=x|--specs=x|-Xlinker -plugin|-Xclang -load|-Xassembler @x|\
        -Xpreprocessor x|-mllvm -load=x|-I..|-I /etc|-L/usr/lib|-I=/etc|-isystem /etc|-include /etc/passwd|-imacros x|\
        -iplugindir=x|--sysroot=/x|-isysroot /x|-fprofile-use=/x|-fprofile-generate=/x|-fdump-tree-all=/x|-save-temps=obj|\
        -MF /x|-MMD|-fauto-profile=/x|-fsanitize-ignorelist=/x|-fmodule-file=/x|-fmodule-mapper=./x|-T x|-l:../x|-l/x|-lx/y|\
        --config x|--config=x|-fdiagnostics-file=x|-gsplit-dwarf|-dumpdir /x|-x c|-###|-fcrash-diagnostics-dir=/x|\
        -ivfsoverlay x|-working-directory /x|-fbuild-session-file=/x|-V1|-b x|-no-canonical-prefixes|-aux-info /x|\
        -fcallgraph-info=/x|-fopt-info-all=/x|-ftime-report|-march=$(x)|-fdebug-prefix-map=a=b|-ccc-gcc-name x|\
        -gcc-toolchain x|--gcc-toolchain=/x|-rpath /x|-Ofast;x|-D @x|-U @x|-D -fplugin=x|-D|-I";

    #[test]
    fn flags_that_load_start_read_or_write_something_are_refused() {
        let (_dir, bounds) = project();
        for words in HARMFUL.split('|') {
            assert!(flags(&split(words), &bounds).is_err(), "{words}");
        }
    }

    #[test]
    fn options_of_verilator_that_start_something_or_are_unknown_are_refused() {
        let (_dir, bounds) = project();
        let usual = "-Wall --x-assign fast +define+A -FI inc/x.h -Iinc --timescale 1ns/1ps --threads 2 --top a -Wno-fatal";
        options(&split(usual), &bounds).unwrap();
        for words in [
            "--pipe-filter ./x",
            "--gdb",
            "--rr",
            "-CFLAGS -fplugin=x",
            "-LDFLAGS x",
            "-f x.f",
            "--frobnicate",
            "--waiver-output x",
            "-FI /etc/passwd",
            "-y ..",
            "-I/etc",
            "+incdir+inc+/etc",
            "--mod-prefix ../x",
            "/etc/passwd",
            "-v $HOME/x",
            "--gdbbt",
            "--libmap /etc/passwd",
            "--compiler-include ../x",
            "--l2-name a/b",
            "--work /x",
            "--valgrind",
            "@x",
            "--top -o",
            "--future0 --timescale --pipe-filter ./x",
            "--unused-regexp --gdb",
            "--timescale",
            "-y",
        ] {
            assert!(options(&split(words), &bounds).is_err(), "{words}");
        }
    }
}
