//! Typed models for a package's own code: the sources of a model's Rust crate, as a module, and what cargo must know.
//! It does not know how the crate is made.

use super::config::Config;
use super::error::{Error, Kind};
use super::program::variable;
use super::sources::Runtime;
use crate::options::built::CRATE;
use crate::workdir::internal::STEPS;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

impl Runtime {
    /// For a build script: models are built in Cargo's `OUT_DIR`.
    ///
    /// # Errors
    /// As [`new`](Runtime::new), and a program that is not a build script.
    pub fn in_build_script<P: AsRef<Path>>(sources: impl IntoIterator<Item = P>) -> Result<Runtime, Error> {
        Runtime::new(out_dir()?.join("models"), sources)
    }

    /// For a build script: builds the model of a module if needed, and writes a Rust module with typed ports for it, to be
    /// included by
    ///
    /// ```text
    /// include!(concat!(env!("OUT_DIR"), "/adder.rs"));
    /// ```
    ///
    /// That is `pub mod adder`, with the content of a crate of the state `rust-crate`; the model is linked. Cargo learns about
    /// the files that it was made from.
    ///
    /// # Errors
    /// As [`library`](Runtime::library), and a program that is not a build script.
    pub fn write_module(&self, top: &str, config: &Config) -> Result<(), Error> {
        self.write_module_as(&identifier(top), top, config)
    }

    /// Like [`write_module`](Runtime::write_module), with a name of your own for the module and its type: for one design
    /// built in several ways.
    ///
    /// # Errors
    /// As [`write_module`](Runtime::write_module).
    pub fn write_module_as(&self, name: &str, top: &str, config: &Config) -> Result<(), Error> {
        let out = out_dir()?;
        let built = self.build(top, &config.clone().set("rust.name", name), CRATE)?;
        let module = out.join(name);
        write(&module, &built.result, &out.join(format!("{name}.rs")), name)
            .and_then(|()| link(&module, &built.result, name))
            .map_err(|cause| {
                Error::new(Kind::Machine, format!("cannot write `{}`: {cause}", module.display()))
            })?;
        tell_cargo(&self.inputs(&built.dir));
        Ok(())
    }

    /// The files that the model was made of: those that were given, and those that a step in this directory found.
    fn inputs(&self, dir: &Path) -> Vec<PathBuf> {
        let lists = fs::read_dir(dir.join(STEPS)).into_iter().flatten();
        let lists = lists.filter_map(|entry| Some(entry.ok()?.path()));
        let lists = lists.filter(|path| path.extension().is_some_and(|extension| extension == "d"));
        let found =
            lists.filter_map(|path| fs::read_to_string(path).ok()).flat_map(|text| dependencies(&text));
        // The files in the directory were made there.
        let found =
            found.filter(|path| path.is_absolute() || path.starts_with("..")).map(|path| dir.join(path));
        let all: BTreeSet<PathBuf> = found.chain(self.sources().iter().cloned()).collect();
        all.into_iter().collect()
    }
}

/// The names behind the colon of a dependency file, without their escapes.
fn dependencies(text: &str) -> Vec<PathBuf> {
    let text = text.replace("\\\n", " ");
    let (mut words, mut word) = (vec![], String::new());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let escaped = match (c, characters.peek()) {
            ('\\', Some(next @ (' ' | '#' | ':'))) | ('$', Some(next @ '$')) => Some(*next),
            _ => None,
        };
        match escaped {
            Some(escaped) => {
                word.push(escaped);
                characters.next();
            }
            None if c.is_whitespace() => words.push(std::mem::take(&mut word)),
            None => word.push(c),
        }
    }
    words.push(word);
    let names = words.into_iter().filter(|word| !word.is_empty()).skip(1);
    names.map(PathBuf::from).collect()
}

fn out_dir() -> Result<PathBuf, Error> {
    variable("OUT_DIR").map(PathBuf::from).ok_or_else(|| {
        Error::new(Kind::Machine, "only a build script can do that: cargo sets the variable `OUT_DIR` for it")
    })
}

fn identifier(top: &str) -> String {
    top.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

/// Copies the sources of a crate as sources of a module, which has the edition of the package, and writes the file to
/// include.
fn write(module: &Path, made: &Path, file: &Path, name: &str) -> std::io::Result<()> {
    fs::create_dir_all(module)?;
    for entry in fs::read_dir(made.join("src"))? {
        let path = entry?.path();
        let text = fs::read_to_string(&path)?;
        // Newer editions want the word, and examples would be run as such of the package.
        let text = text
            .replace("    extern \"C\" {", "    unsafe extern \"C\" {")
            .replace("\nextern \"C\" {", "\nunsafe extern \"C\" {");
        let text = text.replace("```rust", "```ignore").replace("```no_run", "```ignore");
        write_if_changed(&module.join(path.file_name().unwrap_or_default()), &text)?;
    }
    let root = module.join("lib.rs");
    write_if_changed(file, &format!("#[path = {root:?}]\npub mod {name};\n"))
}

fn write_if_changed(path: &Path, text: &str) -> std::io::Result<()> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) { Ok(()) } else { fs::write(path, text) }
}

/// Puts the compiled model beside the sources, under the name of the module, and makes Cargo link it.
fn link(module: &Path, made: &Path, name: &str) -> std::io::Result<()> {
    let native = made.join("native");
    for library in fs::read_to_string(native.join("link"))?.lines() {
        match library.strip_prefix("static=") {
            None => println!("cargo:rustc-link-lib={library}"),
            Some(model) => {
                let own = format!("fudsv_{name}");
                fs::copy(native.join(format!("lib{model}.a")), module.join(format!("lib{own}.a")))?;
                println!("cargo:rustc-link-search=native={}", module.display());
                println!("cargo:rustc-link-lib=static={own}");
            }
        }
    }
    Ok(())
}

fn tell_cargo(inputs: &[PathBuf]) {
    println!("cargo:rustc-check-cfg=cfg(feature, values(\"dlopen\"))");
    for input in inputs {
        println!("cargo:rerun-if-changed={}", input.display());
    }
    println!("cargo:rerun-if-env-changed=FUDSV");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_file_names_what_was_read() {
        let text = "a.o: ../x.svh \\\n  /with\\ blank.h /a$$b.h\n";
        assert_eq!(dependencies(text), ["../x.svh", "/with blank.h", "/a$b.h"].map(PathBuf::from));
        assert!(dependencies("a/SHA256SUMS:\n").is_empty());
    }
}
