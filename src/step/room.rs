//! Tells whether a disk that a step writes to is full: tools seldom report that.
//! It does not know what a step writes.

use crate::step::args::Output;
use camino::{Utf8Path, Utf8PathBuf};

/// A disk with less room than this, in bytes, counts as full.
const FULL: u64 = 16 << 10;

/// A directory whose disk is full: one of the step's outputs, or the directory of temporary files.
pub fn full_disk(outputs: &[Output]) -> Option<Utf8PathBuf> {
    let dirs = outputs.iter().map(|output| output.parent().to_owned());
    let temporary =
        std::iter::once_with(std::env::temp_dir).filter_map(|dir| Utf8PathBuf::from_path_buf(dir).ok());
    let named = |dir: Utf8PathBuf| if dir.as_str().is_empty() { Utf8PathBuf::from(".") } else { dir };
    dirs.chain(temporary)
        .map(named)
        .find(|dir| is_full(dir))
        .map(|dir| dir.canonicalize_utf8().unwrap_or(dir))
}

fn is_full(dir: &Utf8Path) -> bool {
    let room = rustix::fs::statvfs(dir.as_std_path());
    room.is_ok_and(|room| {
        room.f_bavail.saturating_mul(room.f_frsize) < FULL || (room.f_files > 0 && room.f_favail == 0)
    })
}
