//! What all fuzzers share: a directory, and the target by its name.

use camino::Utf8Path;
use std::cell::OnceCell;

thread_local! {
    static DIRECTORY: OnceCell<tempfile::TempDir> = const { OnceCell::new() };
}

/// Feeds an input to a target of `fudsv::fuzz`.
///
/// # Panics
/// There is no such target, no temporary directory can be made, or the target has a fault.
pub fn feed(name: &str, bytes: &[u8]) {
    let (_, feed) = fudsv::fuzz::TARGETS.iter().find(|(known, _)| *known == name).expect("a target");
    DIRECTORY.with(|dir| {
        let dir = dir.get_or_init(|| tempfile::tempdir().expect("a temporary directory"));
        feed(bytes, Utf8Path::from_path(dir.path()).expect("a UTF-8 path"));
    });
}
