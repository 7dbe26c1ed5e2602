//! The variables of the environment that compilers, linkers and Verilator read without being told to.
//! It leaves to others what their values change: a step that runs such a tool depends on all of them.

use crate::step::args::Step;
use crate::step::names;

/// What GCC, Clang, GNU ld, lld and mold read. `LD_LIBRARY_PATH`, which `cargo test` sets, is left out: the linker reports
/// which libraries it found through it.
const COMPILER: [&str; 24] = [
    "CCC_ADD_ARGS",
    "CCC_OVERRIDE_OPTIONS",
    "CLANG_CONFIG_FILE_SYSTEM_DIR",
    "CLANG_CONFIG_FILE_USER_DIR",
    "CLANG_NO_DEFAULT_CONFIG",
    "COMPILER_PATH",
    "CPATH",
    "CPLUS_INCLUDE_PATH",
    "C_INCLUDE_PATH",
    "DEPENDENCIES_OUTPUT",
    "GCC_COMPARE_DEBUG",
    "GCC_EXEC_PREFIX",
    "GCC_ROOT",
    "GNUTARGET",
    "LDEMULATION",
    "LD_RUN_PATH",
    "LIBRARY_PATH",
    "MACOSX_DEPLOYMENT_TARGET",
    "OBJCPLUS_INCLUDE_PATH",
    "OBJC_INCLUDE_PATH",
    "QA_OVERRIDE_GCC3_OPTIONS",
    "SDKROOT",
    "SOURCE_DATE_EPOCH",
    "SUNPRO_DEPENDENCIES",
];

/// What Verilator and its wrapper read.
const VERILATOR: [&str; 9] = [
    "SYSTEMC",
    "SYSTEMC_ARCH",
    "SYSTEMC_INCLUDE",
    "SYSTEMC_LIBDIR",
    "VERILATOR_AUTHOR_SITE",
    "VERILATOR_BIN",
    "VERILATOR_ROOT",
    "VERILATOR_SOLVER",
    "VERILATOR_TEST_FLAGS",
];

/// Tools that read none of these variables and start no tool that does.
const DEAF: [&str; 3] = ["ar", "fudsv", "objcopy"];

/// The variables that the result of a step depends on although it does not declare them. An unknown tool may start a
/// compiler.
pub fn read_by(step: &Step) -> Vec<&'static str> {
    let tools = step.inputs.iter().filter_map(|path| path.strip_prefix(names::TOOLS).ok());
    let tools: Vec<&str> = tools.map(|tool| tool.as_str()).collect();
    let others: Vec<&&str> = tools.iter().filter(|tool| !DEAF.contains(tool)).collect();
    match others.as_slice() {
        [] if !tools.is_empty() || is_plain(step) => vec![],
        tools if !tools.is_empty() && tools.iter().all(|tool| **tool == "verilator") => VERILATOR.to_vec(),
        _ => COMPILER.iter().chain(&VERILATOR).copied().collect(),
    }
}

/// Programs that read none of these variables either.
const PLAIN: [&str; 22] = [
    ":", "[", "cat", "cd", "cmp", "cp", "cut", "echo", "find", "grep", "head", "ln", "mkdir", "mv", "printf",
    "rm", "sed", "sleep", "sort", "tail", "touch", "tr",
];

/// Whether the commands start nothing but such programs.
fn is_plain(step: &Step) -> bool {
    let starts_more = |command: &str| {
        ["`", "$(", " -exec", "xargs", "\n", "<(", "{", "if ", "for ", "while "]
            .iter()
            .any(|text| command.contains(text))
    };
    let is_plain = |piece: &str| {
        let first = piece.trim_matches([' ', '(', ')', '!', '&']).split_whitespace().next();
        first.is_none_or(|program| PLAIN.contains(&program))
    };
    step.commands.iter().all(|command| {
        !starts_more(command) && command.replace(">&", ">").split(['&', '|', ';']).all(is_plain)
    })
}

/// Directories where a compiler searches for headers after those of its options.
pub const HEADER_PATHS: [&str; 3] = ["CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH"];

#[cfg(test)]
mod tests {
    use super::*;

    fn read(tools: &[&str], command: &str) -> (bool, bool) {
        let inputs = tools.iter().map(|tool| format!(".fudsv/tools/{tool}").into()).collect();
        let read = read_by(&Step { inputs, commands: vec![command.into()], ..Step::default() });
        (read.contains(&"CPATH"), read.contains(&"VERILATOR_ROOT"))
    }

    #[test]
    fn a_step_reads_what_its_tools_read() {
        assert_eq!(read(&["cxx", "verilator"], "c++ a.cpp"), (true, true));
        assert_eq!(read(&["verilator"], "verilator_bin a.sv"), (false, true));
        assert_eq!(read(&["fudsv", "verilator"], "verilator_bin a.sv && fudsv tool"), (false, true));
        assert_eq!(read(&["fudsv"], "fudsv tool ports"), (false, false));
        assert_eq!(read(&["make"], "make"), (true, true));
        assert_eq!(read(&[], "make"), (true, true));
        for plain in ["cp a b", "cat a && cat b | sort > c; : 2>&1", "mkdir -p a && (cd a; echo \"$X\" > b)"]
        {
            assert_eq!(read(&[], plain), (false, false), "{plain}");
        }
        for more in
            ["./run a", "cat $(ls)", "cat a | sh", "find . -exec cc {} +", "X=1 make", "cp a b && make"]
        {
            assert_eq!(read(&[], more), (true, true), "{more}");
        }
    }
}
