//! The scripts and resources that are part of the program.
//! It does not know what they declare; tests may bring their own set.

use crate::digest::Digest;
use include_dir::{Dir, include_dir};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The folder `scripts/` as it was when the program was built.
static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/scripts");

/// The scripts that this program was built with, and the code that keeps what they declare; see `build.rs`.
const SUM: &str = env!("FUDSV_SCRIPTS_SUM");

/// Where resources live, below the scripts.
const RESOURCES: &str = "rsrc/";

/// A set of scripts and resources that needs no file system.
#[derive(Clone, Debug, Default)]
pub struct Builtin {
    /// Path below the folder, such as `verilator.rhai` or `rsrc/tb.cpp`, and content.
    files: BTreeMap<String, Cow<'static, [u8]>>,
    /// Other scripts have another one.
    sum: Cow<'static, str>,
}

impl Builtin {
    /// The set that is part of this program.
    pub fn embedded() -> Builtin {
        let mut files = BTreeMap::new();
        collect(&EMBEDDED, &mut files);
        Builtin { files, sum: Cow::Borrowed(SUM) }
    }

    /// A set of the caller's own.
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Builtin {
        let owned = |(name, text): (&str, &str)| (name.to_owned(), Cow::Owned(text.as_bytes().to_vec()));
        let files: BTreeMap<_, _> = files.into_iter().map(owned).collect();
        let sum = Digest::of_bytes(format!("{files:?}").as_bytes()).to_string().into();
        Builtin { files, sum }
    }

    /// Tells this set from others.
    pub fn sum(&self) -> &str {
        &self.sum
    }

    /// The names of the scripts, without `.rhai`, sorted.
    pub fn script_names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().filter_map(|path| path.strip_suffix(".rhai")).filter(|name| !name.contains('/'))
    }

    /// The text of a script.
    pub fn script(&self, name: &str) -> Option<&str> {
        self.script_file(&format!("{name}.rhai"))
    }

    /// The text of a file beside the scripts.
    pub fn script_file(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.files.get(name)?).ok()
    }

    /// All scripts and resources: path below the folder, and content.
    #[cfg(test)]
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(name, bytes)| (name.as_str(), &**bytes))
    }

    /// The names of the resources.
    pub fn resource_names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().filter_map(|path| path.strip_prefix(RESOURCES))
    }

    /// The content of a resource.
    pub fn resource(&self, name: &str) -> Option<&Cow<'static, [u8]>> {
        self.files.get(&format!("{RESOURCES}{name}"))
    }
}

/// Adds all files below `dir`.
fn collect(dir: &'static Dir<'static>, files: &mut BTreeMap<String, Cow<'static, [u8]>>) {
    for file in dir.files() {
        if let Some(path) = file.path().to_str() {
            files.insert(path.to_owned(), Cow::Borrowed(file.contents()));
        }
    }
    dir.dirs().for_each(|below| collect(below, files));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_of_the_folder_is_embedded() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts");
        let mut on_disk: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
            .filter_map(|name| name.strip_suffix(".rhai").map(str::to_owned))
            .collect();
        on_disk.sort();
        assert_eq!(Builtin::embedded().script_names().collect::<Vec<_>>(), on_disk);
    }

    #[test]
    fn resources_are_found_by_their_name_alone() {
        let set = Builtin::of([("a.rhai", "1"), ("rsrc/tb.cpp", "int x;")]);
        assert_eq!(set.script_names().collect::<Vec<_>>(), ["a"]);
        assert_eq!(set.resource_names().collect::<Vec<_>>(), ["tb.cpp"]);
        assert_eq!(set.resource("tb.cpp").map(|b| b.to_vec()), Some(b"int x;".to_vec()));
    }
}
